// SPDX-License-Identifier: MIT OR Apache-2.0
// Applications on paper: at the provider's office, and through the akim of a rural district.
import assert from "node:assert/strict";
import { AKIM, APPLICANT, SOCIAL } from "../people.mjs";
import { act, atWork, give, instruct, openCase } from "../offices.mjs";
import { enterAllowance, grantAllowance, handOver, judging, printed, register, scanRequired, signByHand } from "../paper.mjs";
import { PAPER } from "../portal.mjs";
import { word } from "../words.mjs";

async function atTheProvider(world) {
  const office = await atWork(world, SOCIAL.office);
  await enterAllowance(world, office, APPLICANT);
  await world.look(office, "region-intake");
  await judging(office, "accept").locator('button[type="submit"]').click();
  await office.waitForSelector(".govuk-error-summary");
  await world.look(office, "region-intake-missing");
  await scanRequired(office);
  const number = await register(office);
  await world.look(office, "region-case-registered");
  const receipt = await printed(office, "papers/receipt.pdf");
  for (const said of [number, APPLICANT.name]) assert.ok(receipt.includes(said), `the receipt does not say ${said}`);
  const head = await atWork(world, SOCIAL.head);
  await openCase(world, head, number);
  await instruct(head, "Қарап, нәтижесін дайындаңыз.", SOCIAL.executor);
  const executor = await atWork(world, SOCIAL.executor);
  await openCase(world, executor, number);
  await world.look(executor, "region-case-calculation");
  await grantAllowance(world, executor);
  await openCase(world, head, number);
  await world.look(head, "region-case-sign-by-hand");
  const sheet = await signByHand(world, head);
  assert.ok(sheet.includes("353200000-2026-S"), "the sheet bears no number");
  await openCase(world, office, number);
  await world.look(office, "region-case-issue");
  await handOver(office);
  for (const journal of ["incoming", "results", "outgoing", "all"]) {
    await world.open(office, `/kk/region/journal/${journal}`);
    await world.look(office, `region-journal-${journal}`);
    const told = (await office.locator("main").innerText()).includes(number);
    assert.equal(told, journal !== "outgoing", `journal ${journal}`);
  }
  await office.getByRole("link", { name: number, exact: true }).click();
  await world.look(office, "region-case-issued");
  assert.ok((await printed(office, "sheet.pdf")).includes("353200000-2026-S"));
  return number;
}

/** An intake that nobody finishes is stopped; one with a mistake keeps what was typed. */
async function stopped(world) {
  const office = await atWork(world, SOCIAL.office);
  await enterAllowance(world, office, APPLICANT, { unfinished: true });
  await world.open(office, "/kk/region/new");
  await office.getByRole("link", { name: APPLICANT.name }).first().click();
  await office.getByRole("link", { name: word("ri-edit") }).click();
  assert.equal(await office.inputValue('[name="applicant-name"]'), APPLICANT.name);
  await office.fill('[name="applicant-iin"]', "123456789012");
  await office.getByRole("button", { name: word("ri-to-papers"), exact: true }).last().click();
  await office.waitForSelector(".govuk-error-summary");
  await world.look(office, "region-new-wrong");
  assert.equal(await office.inputValue('[name="applicant-iin"]'), "123456789012");
  await office.fill('[name="applicant-iin"]', APPLICANT.iin);
  await office.locator('button[name="go"][value="unfinished"]').click();
  await judging(office, "drop").waitFor({ state: "attached" });
  await office.getByText(word("ri-drop"), { exact: true }).first().click();
  await judging(office, "drop").locator('button[type="submit"]').click();
  await office.getByText(word("done-intake-dropped"), { exact: true }).waitFor();
}

/** The department of education may refuse to accept an incomplete set (003, item 4). */
async function notAccepted(world) {
  const office = await atWork(world, { login: "abai-education.office" });
  await world.open(office, "/kk/region/new/parent-meeting-permission");
  await office.fill('[name="applicant-iin"]', APPLICANT.iin);
  await office.fill('[name="applicant-name"]', APPLICANT.name);
  await office.locator('button[name="go"][value="unfinished"]').click();
  await office.getByText(word("op-refuse"), { exact: true }).first().click();
  const form = judging(office, "refuse");
  await world.look(office, "region-intake-refusing");
  assert.ok(await form.locator('[name="missing"]:checked').count(), "nothing is marked as missing");
  await form.locator('[name="reason"]').fill("Құжаттар топтамасы толық емес.");
  await form.locator('button[type="submit"]').click();
  await office.getByText(word("done-refused-set"), { exact: true }).waitFor();
  await world.look(office, "region-case-not-accepted");
  assert.ok((await office.locator("main").innerText()).includes("Құжаттар топтамасы толық емес."));
}

async function throughTheAkim(world) {
  const specialist = await atWork(world, AKIM.specialist);
  await enterAllowance(world, specialist, APPLICANT);
  await scanRequired(specialist);
  const number = await register(specialist);
  const akim = await atWork(world, AKIM.akim);
  await openCase(world, akim, number);
  await instruct(akim, "Ілеспе хат дайындаңыз.", AKIM.executor);
  const office = await atWork(world, SOCIAL.office);
  await world.open(office, "/kk/region/journal/all");
  assert.ok(!(await office.locator("main").innerText()).includes(number), "the provider sees the case before the letter");
  const status = await world.open(office, new URL(akim.url()).pathname);
  assert.ok(status < 500);
  const executor = await atWork(world, AKIM.executor);
  await openCase(world, executor, number);
  await world.look(executor, "region-case-letter");
  await give(executor, "letter", "done-letter-prepared");
  await openCase(world, akim, number);
  await world.look(akim, "region-case-sign-letter");
  const address = new URL(akim.url()).pathname;
  assert.equal(await world.open(office, address), 404, "the provider reads the case before the letter");
  const letter = await printed(akim, "papers/letter.pdf");
  for (const said of [number, APPLICANT.name, word("rl-default")]) assert.ok(letter.includes(said), `the letter does not say ${said}`);
  const form = act(akim, "sign-letter");
  await form.locator('[type="file"]').setInputFiles({ ...PAPER, name: "letter.pdf" });
  await form.locator('button[type="submit"]').click();
  await akim.getByText(word("done-letter-signed"), { exact: true }).waitFor();
  await world.open(specialist, "/kk/region/journal/outgoing");
  assert.ok((await specialist.locator("main").innerText()).includes(number), "the outgoing journal does not name the case");
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, SOCIAL.head);
  await openCase(world, head, number);
  await instruct(head, "Қарап, нәтижесін дайындаңыз.", SOCIAL.executor);
  const social = await atWork(world, SOCIAL.executor);
  await openCase(world, social, number);
  await grantAllowance(world, social);
  await openCase(world, head, number);
  await signByHand(world, head);
  await openCase(world, office, number);
  await world.look(office, "region-case-to-akim");
  await give(office, "dispatch", "done-dispatched");
  await openCase(world, akim, number);
  await world.look(akim, "region-case-akim-hand-over");
  await handOver(akim);
  await world.open(specialist, "/kk/region/journal/all");
  assert.ok((await specialist.locator("main").innerText()).includes(word("st-issued")));
}

export const paper = [
  { name: "7 on paper: child allowance at the provider's office, from the counter to handing over", act: atTheProvider },
  { name: "7 on paper: an intake is stopped, a mistake loses nothing", act: stopped },
  { name: "7 on paper: a set is not accepted where the act allows it", act: notAccepted },
  { name: "7 on paper: child allowance through the rural akim, ten steps with letter and scans", act: throughTheAkim },
];
