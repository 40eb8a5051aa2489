// SPDX-License-Identifier: MIT OR Apache-2.0
// What officials do at their workplaces, as a hand would do it.
import assert from "node:assert/strict";
import { EXECUTOR, PASSWORD, PROVIDER, SERVICE } from "./people.mjs";
import { ADDRESS, PAPER, PHONE, openKey } from "./portal.mjs";
import { word } from "./words.mjs";

/** A page of a workplace, its official signed in. */
export async function atWork(world, person, room = "region") {
  const page = await world.visitor({ acceptDownloads: true });
  await world.open(page, `/kk/${room}/sign-in`);
  await world.look(page, `${room}-sign-in`);
  await enter(page, person);
  await page.waitForSelector("details[data-menu]");
  return page;
}

/** Fills the sign-in page of a workplace in. */
export async function enter(page, person, password = PASSWORD) {
  await page.fill('[name="login"]', person.login);
  await page.fill('[name="password"]', password);
  await page.locator('main form button[type="submit"]').first().click();
}

/** Goes to the case of that number through the queue; waits until it has come there. */
export async function openCase(world, page, number, room = "region") {
  const link = page.getByRole("link", { name: number, exact: true }).first();
  for (const began = Date.now(); Date.now() - began < 15_000;) {
    await world.open(page, `/kk/${room}`);
    if (await link.count()) break;
  }
  await link.click();
  await page.waitForSelector(".q-case");
  assert.ok((await page.locator("h1").innerText()).includes(number));
}

/** The form of an act: accept, instruct, grant, refuse, sign, return, dispatch. */
export const act = (page, kind) => page.locator(`form:has(input[name="act-kind"][value="${kind}"])`);

/** Sends the form of an act and waits for the message that it is done. */
export async function give(page, kind, done) {
  await act(page, kind).locator('button[type="submit"]').click();
  await page.getByText(word(done), { exact: true }).first().waitFor();
}

export async function instruct(page, text = "Заңға сәйкес қарап, нәтижесін дайындаңыз.", executor = EXECUTOR) {
  const form = act(page, "instruct");
  await form.locator(`[name="executor"][value="${executor.login}"]`).check();
  await form.locator('[name="text"]').fill(text);
  await give(page, "instruct", "done-instructed");
}

/** Opens the part of the page where the executor prepares (grant) or refuses. */
async function unfold(page, kind) {
  const details = page.locator("details", { has: act(page, kind) });
  if ((await details.getAttribute("open")) === null) await details.locator("summary").first().click();
}

export async function grant(page) {
  await unfold(page, "grant");
  const form = act(page, "grant");
  await form.locator('[name="guardian_role"][value="guardian"]').check();
  for (const [name, value] of [["act_body", "Абай ауданының әкімдігі"], ["act_number", "17-қ"], ["act_date", "11.02.2019"]]) await form.locator(`[name="${name}"]`).fill(value);
  await give(page, "grant", "done-prepared");
}

export async function refuse(page, ground, reason) {
  await unfold(page, "refuse");
  const form = act(page, "refuse");
  await form.locator(`[name="ground"][value="${ground}"]`).check();
  await form.locator('[name="reason"]').fill(reason);
  await give(page, "refuse", "done-refusal-prepared");
}

/** The head sends what was prepared back to its executor. */
export async function sendBack(page) {
  await unfold(page, "return");
  for (const field of await act(page, "return").locator("textarea").all()) await field.fill("Қайта қараңыз.");
  await give(page, "return", "done-returned");
}

/** The head reads the prepared paper and signs it in the page with his own key. */
export async function signResult(world, page, key) {
  await act(page, "sign").locator('button[type="submit"]').click();
  await page.waitForSelector("[data-sign]");
  await world.look(page, "region-signing");
  await openKey(page, world.demo.key(key));
  await page.click("[data-sign-submit]");
  await page.getByText(word("done-signed"), { exact: true }).first().waitFor();
}

/** The operator enters who stands before him, and asks the persons register; answers when the case is open. */
export async function intake(world, page, person, medium = "paper", press = "op-ask-register", then = ".q-case") {
  await world.open(page, "/kk/center/new");
  await world.look(page, "center-services");
  await page.locator(`a[href="/kk/center/new/${SERVICE}"]`).click();
  await page.waitForSelector('[name="applicant-iin"]');
  await world.look(page, "center-new");
  await page.fill('[name="applicant-iin"]', person.iin);
  await page.fill('[name="applicant-name"]', person.name);
  await page.selectOption('[name="provider"]', PROVIDER);
  await page.check('[name="role"][value="guardian"]');
  for (const [index, child] of person.children.entries()) {
    if (!(await page.locator(`[name="children.${index}.surname"]`).count())) await page.click('button[name="add"][value="children"]');
    for (const [name, value] of Object.entries(child)) await page.fill(`[name="children.${index}.${name}"]`, value);
  }
  await page.fill('[name="address"]', ADDRESS);
  await page.fill('[name="phone"]', PHONE);
  await page.check('[name="consent"]');
  await page.check(`[name="medium"][value="${medium}"]`);
  await page.getByRole("button", { name: word(press), exact: true }).click();
  await page.waitForSelector(then);
}

/** Scans the required papers, marks them, goes on to the signature. */
export async function scanPapers(world, page) {
  for (const document of ["application-form", "identity-document"]) {
    const place = page.locator(`#paper-${document}`);
    await place.locator('input[type="file"]').setInputFiles({ ...PAPER, name: `${document}.pdf` });
    await place.locator('form[enctype] button[type="submit"]').click();
    await page.locator(`#paper-${document}`).getByText(`${document}.pdf`).first().waitFor();
    const box = page.locator(`#present-${document}`);
    if (!(await box.isChecked())) await box.check();
  }
  for (const document of ["application-form", "identity-document"]) await page.locator(`#present-${document}`).check();
  await world.look(page, "center-papers");
  await page.getByRole("button", { name: word("off-to-signing") }).click();
  await page.waitForSelector("[data-sign]");
}

/** The operator signs the request with his own key; answers the number. */
export async function signRequest(world, page, key) {
  await world.look(page, "center-sign");
  await openKey(page, world.demo.key(key));
  await page.click("[data-sign-submit]");
  await page.waitForSelector("[data-sign]", { state: "detached" });
  const number = /\d{9}-\d{4}-[A-Z]\d+/.exec(await page.locator("h1").innerText());
  assert.ok(number, "the page shows no number");
  return number[0];
}
