// SPDX-License-Identifier: MIT OR Apache-2.0
// Keys that must not sign: the act's refusal notice, nothing sent, the draft kept; then the right key sends the same draft.
import assert from "node:assert/strict";
import { KNOWN } from "../people.mjs";
import { begin, fill, numberShown, openKey, resultReady, sign, signedIn, toReview } from "../portal.mjs";
import { word } from "../words.mjs";

const BAD = [["expired", "eds-expired"], ["revoked", "eds-revoked"], ["other-iin", "eds-other-person"]];

async function refused(world, page, key, why) {
  await openKey(page, world.demo.key(key));
  await sign(page);
  await page.getByRole("heading", { name: word("sent-refused-title") }).waitFor();
  const text = await page.locator("main").innerText();
  assert.ok(text.includes(word(why)), `${key}: the reason is not told: ${text}`);
  assert.ok(text.includes(word("sent-draft-kept")), `${key}: the page does not say that the draft is kept`);
  assert.match(text, /ЭЦҚ түпнұсқалығы/, `${key}: the words of the act (process 4) are missing`);
  await world.look(page, `refused-${key}`);
}

async function threeBadKeys(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN);
  await begin(world, page);
  await fill(page, KNOWN);
  await toReview(page);
  const review = page.url();
  for (const [key, why] of BAD) {
    await refused(world, page, key, why);
    await page.getByText(word("sent-try-again"), { exact: true }).click();
    await page.waitForSelector("[data-sign]");
    assert.equal(page.url(), review, "the same draft is reviewed again");
    assert.ok((await page.locator("main").innerText()).includes(KNOWN.children[0].surname));
  }
  await openKey(page, world.demo.key(KNOWN.key));
  await sign(page);
  await numberShown(page);
  await resultReady(page);
}

async function wrongKeyPassword(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN);
  await begin(world, page);
  await fill(page, KNOWN);
  await toReview(page);
  await page.check('[data-sign-way="key-file"]');
  await page.setInputFiles("[data-sign-file]", world.demo.key(KNOWN.key));
  await page.fill("[data-sign-password]", "not this one");
  await page.click("[data-sign-open]");
  await page.waitForSelector("[data-sign-problem]:not([hidden])");
  const text = await page.textContent("[data-sign-problem]");
  assert.ok(text.includes(word("serr-key-password")) && text.includes(word("sign-not-sent")), text);
  await world.look(page, "review-wrong-key-password");
}

export const keys = [
  { name: "4 bad keys: expired, revoked, another's; nothing sent, then the right key sends the same draft", act: threeBadKeys },
  { name: "4b bad keys: a wrong password of the key is told, nothing is sent", act: wrongKeyPassword },
];
