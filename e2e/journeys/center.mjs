// SPDX-License-Identifier: MIT OR Apache-2.0
// The one-stop-shop: the operator enters, scans, signs, hands over; and the person whom the persons register does not know.
import assert from "node:assert/strict";
import { EXECUTOR, HEAD, KNOWN_TWINS, MOBILE, NOBODY, OFFICE, OPERATOR, UNKNOWN } from "../people.mjs";
import { act, atWork, give, grant, instruct, intake, openCase, scanPapers, signRequest, signResult } from "../offices.mjs";
import { word } from "../words.mjs";

const TAKEN_ON = "жеке куәлік № 000000000";

/** Waits for the register, whose answer the page tells by itself. */
async function answered(page, next) {
  const refresh = page.locator("[data-refresh]").getByRole("link", { name: word("tl-refresh") });
  await page.waitForFunction((selector) => document.querySelector(selector) || document.querySelector('[data-refresh-part][data-waiting="false"]'), next);
  if (await refresh.count()) await refresh.click();
  await page.waitForSelector(next);
}

async function handOver(world, page, address, person) {
  for (const began = Date.now(); Date.now() - began < 15_000;) {
    await world.open(page, address);
    if (await page.locator('[name="taken-by"]').count()) break;
  }
  await world.look(page, "center-hand-over");
  await page.fill('[name="taken-by"]', person.name);
  await page.fill('[name="document"]', TAKEN_ON);
  await page.getByRole("button", { name: word("op-issue") }).click();
  await page.waitForSelector('[name="taken-by"]', { state: "detached" });
  await world.open(page, address);
  const text = await page.locator("main").innerText();
  assert.ok(text.includes(person.name) && text.includes(TAKEN_ON), "who took it on what document is not shown");
  await world.look(page, "center-issued");
}

async function taken(world, person, medium) {
  const page = await atWork(world, OPERATOR, "center");
  await world.look(page, "center-queue");
  await intake(world, page, person, medium);
  await answered(page, "#paper-application-form");
  await scanPapers(world, page);
  const number = await signRequest(world, page, OPERATOR.key);
  await world.look(page, "center-sent");
  const address = new URL(page.url()).pathname.replace(/\/sign$/, "");
  await page.getByRole("link", { name: word("op-print-receipt") }).click();
  await page.getByText(number).first().waitFor();
  await world.look(page, "center-receipt");
  return { page, number, address };
}

async function automaticWay(world) {
  const { page, address } = await taken(world, KNOWN_TWINS, "electronic");
  await handOver(world, page, address, KNOWN_TWINS);
  await world.open(page, "/kk/center/journal");
  await world.look(page, "center-journal");
}

async function paperByCourier(world) {
  const { page, number, address } = await taken(world, UNKNOWN, "paper");
  const office = await atWork(world, OFFICE);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  await instruct(head);
  const executor = await atWork(world, EXECUTOR);
  await openCase(world, executor, number);
  await grant(executor);
  await openCase(world, head, number);
  await signResult(world, head, HEAD.key);
  await openCase(world, office, number);
  await act(office, "dispatch").locator('[name="courier"]').fill("Юлдашев Баходыр");
  await world.look(office, "region-case-courier");
  await give(office, "dispatch", "done-dispatched");
  await handOver(world, page, address, UNKNOWN);
}

async function unknownPerson(world) {
  const page = await atWork(world, OPERATOR, "center");
  await intake(world, page, NOBODY);
  const notice = page.getByRole("link", { name: word("g-print"), exact: true });
  for (const began = Date.now(); Date.now() - began < 15_000 && !(await notice.count());) await page.reload();
  assert.ok((await page.locator("main").innerText()).includes(word("st-no-data")));
  await world.look(page, "center-no-data");
  await notice.click();
  await page.waitForSelector("h1");
  await world.look(page, "center-notice");
}

async function mistakes(world) {
  const page = await atWork(world, OPERATOR, "center");
  await world.open(page, "/kk/center/new/guardianship-certificate");
  await page.fill('[name="applicant-iin"]', "680303499905");
  await page.getByRole("button", { name: word("op-ask-register") }).click();
  await page.waitForSelector(".govuk-error-summary");
  assert.equal(await page.inputValue('[name="applicant-iin"]'), "680303499905");
  await world.look(page, "center-new-mistakes");
}

async function withoutLine(world) {
  const page = await atWork(world, MOBILE, "center");
  await intake(world, page, KNOWN_TWINS, "electronic", "ol-keep", ".q-sign-line");
  await world.look(page, "center-slip");
  const slip = await page.locator("main").innerText();
  for (const said of [word("ol-slip"), KNOWN_TWINS.name, "Құрма ауылы"]) assert.ok(slip.includes(said), `the slip does not say ${said}`);
  await world.open(page, "/kk/center");
  await world.look(page, "center-queue-mobile");
  await page.getByRole("link", { name: KNOWN_TWINS.name }).click();
  await page.getByRole("button", { name: word("ol-register"), exact: true }).click();
  await answered(page, "#paper-application-form");
  await scanPapers(world, page);
  await signRequest(world, page, MOBILE.key);
  await page.getByRole("link", { name: word("op-print-receipt") }).click();
  await page.waitForSelector(".q-sheet");
  await world.look(page, "center-receipt-mobile");
}

export const center = [
  { name: "5 center: a mobile center takes in without a line, gives the slip, registers later", act: withoutLine },
  { name: "5 center: the operator enters, scans, signs; receipt; result handed over", act: automaticWay },
  { name: "5 center: on paper, by hand, brought by the courier, handed over", act: paperByCourier },
  { name: "5 center: a person whom the persons register does not know: the notice", act: unknownPerson },
  { name: "5 center: mistakes of the operator", act: mistakes },
];
