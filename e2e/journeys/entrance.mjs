// SPDX-License-Identifier: MIT OR Apache-2.0
// A new account: registration, proof by EDS, a form filled in from the register, sign-out; and all without JavaScript.
import assert from "node:assert/strict";
import { screenshot } from "../lib.mjs";
import { ENDED, KNOWN, SERVICE } from "../people.mjs";
import { PAPER, attach, begin, button, fill, openKey, sign, signOut, signedIn, toFiles } from "../portal.mjs";
import { word } from "../words.mjs";

const NEW_PASSWORD = "Jana-qupiya-2026";

async function register(world, page, iin) {
  await world.open(page, "/kk/register");
  await world.look(page, "register");
  await page.fill('[name="iin"]', iin);
  for (const name of await page.locator('main input[type="password"]').evaluateAll((found) => found.map((it) => it.name))) await page.fill(`[name="${name}"]`, NEW_PASSWORD);
  for (const box of await page.locator('main input[type="checkbox"]').all()) await box.check();
  await page.locator('main form button[type="submit"]').first().click();
}

/** An account says nothing of the person until he has proved himself; then the form is filled in. */
async function newAccount(world) {
  const page = await world.visitor();
  await register(world, page, "870101399905");
  await page.waitForSelector("details[data-menu]");
  assert.ok((await page.locator("main").innerText()).includes(word("reg-done")), "nothing says that the account is made");
  await world.look(page, "registered");
  await signOut(page);
  await world.open(page, "/kk/cabinet");
  await page.waitForSelector('[name="password"]');
}

async function proof(world) {
  const page = await world.visitor();
  await signedIn(world, page, ENDED);
  await begin(world, page);
  assert.equal(await page.inputValue('[name="address"]'), "", "a register's value before proof");
  await world.open(page, "/kk/cabinet");
  await page.getByRole("link", { name: word("prove-title") }).first().click();
  await page.waitForSelector("[data-sign]");
  await world.look(page, "prove");
  await openKey(page, world.demo.key("other-iin"));
  await sign(page);
  await page.getByText(word("eds-other-person")).first().waitFor();
  await world.look(page, "prove-refused");
  await openKey(page, world.demo.key(ENDED.key));
  await sign(page);
  await page.getByText(word("prove-done")).first().waitFor();
  await begin(world, page);
  assert.notEqual(await page.inputValue('[name="address"]'), "", "the register fills the address in after proof");
  await world.look(page, "form-prefilled");
}

async function withoutScript(world) {
  const page = await world.visitor({ javaScriptEnabled: false });
  await register(world, page, "870101399917");
  await page.waitForSelector("details[data-menu]");
  await world.open(page, `/kk/services/${SERVICE}/apply`);
  // The page's own text search leaves <noscript> out.
  const first = page.locator("main noscript");
  assert.equal(await first.locator("p").first().textContent(), word("ready-no-script"));
  assert.match(await first.textContent(), /Мемлекеттік корпорация/, "no other way is named");
  await screenshot(page, "apply-begin-without-script");
  await begin(world, page);
  await fill(page, { children: [...KNOWN.children, { surname: "Екінші", given: "Бала", birth_date: "01.02.2015" }] });
  await button(page, "form-save-later").click();
  await page.getByText(word("apply-saved")).first().waitFor();
  await world.open(page, "/kk/cabinet");
  await page.getByRole("button", { name: word("cab-resume") }).or(page.getByRole("link", { name: word("cab-resume") })).first().click();
  assert.equal(await page.inputValue('[name="children.2.surname"]'), "Екінші");
  await toFiles(page);
  await attach(page, PAPER);
  await page.getByRole("button", { name: word("apply-to-review") }).click();
  const said = page.locator("[data-sign] noscript p");
  await said.waitFor();
  assert.equal(await said.textContent(), word("sign-no-script"));
  await screenshot(page, "review-without-script");
}

export const entrance = [
  { name: "7 entrance: a new account, sign-out", act: newAccount },
  { name: "7 entrance: proof by EDS, then the form comes filled in", act: proof },
  { name: "9 without JavaScript: what signing needs and other ways are said first; register, fill, attach, save, review", act: withoutScript },
];
