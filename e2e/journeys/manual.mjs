// SPDX-License-Identifier: MIT OR Apache-2.0
// The manual way: office, head, executor, head, office; and a refusal with its ground.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { EXECUTOR, EXECUTOR_TOO, HEAD, OFFICE, UNKNOWN } from "../people.mjs";
import { apply, downloaded, follow, numberShown, resultLink, signedIn } from "../portal.mjs";
import { act, atWork, enter, give, grant, instruct, openCase, refuse, signResult } from "../offices.mjs";
import { pdfIsGood, textOf } from "../verifiers.mjs";
import { word } from "../words.mjs";

const REASON = "Баланың туу туралы куәлігінің көшірмесі оқылмайды.";

/** A citizen whose application waits at the office; he stays on the page of his case. */
export async function applied(world) {
  const page = await world.visitor({ acceptDownloads: true });
  await signedIn(world, page, UNKNOWN);
  await apply(world, page, UNKNOWN);
  const number = await numberShown(page);
  await follow(page);
  return { page, number };
}

export async function officeToExecutor(world, number) {
  const office = await atWork(world, OFFICE);
  await world.look(office, "region-queue");
  await openCase(world, office, number);
  await world.look(office, "region-case-accept");
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  await world.look(head, "region-case-instruct");
  await instruct(head);
  const executor = await atWork(world, EXECUTOR);
  await openCase(world, executor, number);
  await world.look(executor, "region-case-prepare");
  return { office, head, executor };
}

/** Posts what the page offers to nobody but the head. */
async function triesToSign(page, address) {
  const answer = await page.evaluate(async ({ address, order }) => {
    const body = new URLSearchParams({ order, part: "provider.action-3.b", actor: "provider-executor", "act-kind": "sign" });
    const got = await fetch(`${address}/prepare`, { method: "POST", body, credentials: "same-origin" });
    return { status: got.status, url: got.url, text: await got.text() };
  }, { address, order: randomUUID() });
  assert.ok(!answer.text.includes("data-sign-submit"), "the executor gets the panel to sign the result");
  assert.ok(answer.status >= 400 && answer.status < 500, `the executor's signing is answered ${answer.status}`);
}

async function wholeWay(world) {
  const { page: citizen, number } = await applied(world);
  await world.look(citizen, "case-at-office");
  const { office, head, executor } = await officeToExecutor(world, number);
  const address = new URL(executor.url()).pathname;
  await grant(executor);
  assert.equal(await act(executor, "sign").count(), 0);
  await triesToSign(executor, address);
  await openCase(world, head, number);
  await world.look(head, "region-case-sign");
  await signResult(world, head, HEAD.key);
  await openCase(world, office, number);
  await world.look(office, "region-case-dispatch");
  await give(office, "dispatch", "done-dispatched");
  await world.open(office, "/kk/region/journal");
  assert.ok((await office.locator("main").innerText()).includes(number), "the journal does not name the case");
  await world.look(office, "region-journal");
  await resultLink(citizen).waitFor();
  const { bytes } = await downloaded(citizen, resultLink(citizen));
  pdfIsGood(bytes, world.demo.root, world.demo.now());
  assert.match(textOf(bytes), /Айсұлтан|АЙСҰЛТАН/);
  const way = citizen.locator(".q-timeline__step--other-way").first();
  assert.ok((await way.innerText()).includes(word("tl-other-way")), "the automatic way is not told as one that was not taken");
  assert.equal(await citizen.locator(".q-timeline__step--stopped").count(), 0, "a case that was granted shows a failure");
  await world.look(citizen, "case-manual-issued");
}

async function refusal(world) {
  const { page: citizen, number } = await applied(world);
  const { head, executor } = await officeToExecutor(world, number);
  await refuse(executor, "document-defects", REASON);
  await openCase(world, head, number);
  await world.look(head, "region-case-sign-refusal");
  await signResult(world, head, HEAD.key);
  await resultLink(citizen).waitFor();
  const text = await citizen.locator("main").innerText();
  assert.ok(text.includes("құжаттарындағы бұзушылықтардың болуы"), "the ground is not told");
  assert.ok(text.includes(REASON), "the reason is not told");
  await world.look(citizen, "case-refused");
  const { bytes } = await downloaded(citizen, resultLink(citizen));
  pdfIsGood(bytes, world.demo.root, world.demo.now());
  assert.ok(textOf(bytes).replace(/\s+/g, " ").includes(REASON), "the signed notice does not tell the reason");
}

async function twoOfficials(world) {
  const { number } = await applied(world);
  const one = await atWork(world, OFFICE);
  const two = await atWork(world, OFFICE);
  await openCase(world, one, number);
  await openCase(world, two, number);
  await give(one, "accept", "done-accepted");
  await act(two, "accept").locator('button[type="submit"]').click();
  await two.getByText(word("rf-already")).first().waitFor();
  await world.look(two, "region-case-already");
  const stranger = await atWork(world, EXECUTOR_TOO);
  const status = await world.open(stranger, new URL(two.url()).pathname.replace(/\/act$/, ""));
  assert.equal(status, 404, "an executor reads a case that is not his");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  await act(head, "instruct").locator('button[type="submit"]').click();
  await head.waitForSelector(".govuk-error-summary");
  await world.look(head, "region-case-empty-instruction");
}

/** An official's session ends while he types: what he typed is offered again after signing in. */
async function officialSessionEnds(world) {
  const { number } = await applied(world);
  const office = await atWork(world, OFFICE);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  const form = act(head, "instruct");
  await form.locator(`[name="executor"][value="${EXECUTOR.login}"]`).check();
  await form.locator('[name="text"]').fill("Сақталуы керек сөз");
  await head.context().clearCookies({ name: "__Host-region" });
  await form.locator('button[type="submit"]').click();
  await head.getByText(word("off-session-over")).waitFor();
  await world.look(head, "region-session-over");
  await enter(head, HEAD);
  await head.getByRole("heading", { name: word("off-resume-title") }).waitFor();
  await world.look(head, "region-resume");
  await head.getByRole("button", { name: word("off-resume-send") }).click();
  await head.getByText(word("done-instructed")).first().waitFor();
}

async function wrongOfficialPassword(world) {
  const page = await world.visitor();
  await world.open(page, "/kk/region/sign-in");
  await enter(page, OFFICE, "not-the-password");
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "region-sign-in-wrong");
  await world.open(page, "/kk/region");
  await page.waitForSelector('[name="login"]');
}

export const manual = [
  { name: "2 manual: office, head, executor, who cannot sign, head with his key, office; the citizen downloads", act: wholeWay },
  { name: "3 refusal: the citizen sees ground, reason and the signed notice", act: refusal },
  { name: "6 two officials at one step; nobody reads another's case", act: twoOfficials },
  { name: "6 an official's session ends in the middle of the form", act: officialSessionEnds },
  { name: "6 a wrong password at a workplace", act: wrongOfficialPassword },
];
