// SPDX-License-Identifier: MIT OR Apache-2.0
// Two results in one case: the notification, then the contract that both sign; and an allowance worked out child by child.
import assert from "node:assert/strict";
import { EXECUTOR, HEAD, OFFICE } from "../people.mjs";
import { act, atWork, give, instruct, openCase, signResult } from "../offices.mjs";
import { handOver, signByHand } from "../paper.mjs";
import { follow } from "../portal.mjs";
import { word } from "../words.mjs";
import { allowance, patronage } from "./services.mjs";

async function toExecutor(world, number) {
  const office = await atWork(world, OFFICE);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  await instruct(head);
  const executor = await atWork(world, EXECUTOR);
  await openCase(world, executor, number);
  return { office, head, executor };
}

/** Fills the form of what is granted and sends it. */
async function grantWith(page, values) {
  const form = act(page, "grant");
  for (const [name, value] of Object.entries(values)) await form.locator(`[name="${name}"]`).fill(value);
  await form.locator('button[type="submit"]').last().click();
  await page.getByText(word("done-prepared"), { exact: true }).first().waitFor();
}

async function twoResults(world) {
  const { page: citizen, number } = await patronage(world, { first: false });
  const { office, head, executor } = await toExecutor(world, number);
  const asked = (name) => act(executor, "grant").locator(`[name="${name}"]`).count();
  assert.equal(await asked("carer_pay"), 0, "the contract is asked for before the notification");
  await grantWith(executor, { meeting_address: "Абай қ., Абай к-сі, 1", meeting_date: "30.11.2026", meeting_time: "10:00", meeting_contact: "Маман, +7 700 000 00 00" });
  await openCase(world, head, number);
  await signResult(world, head, HEAD.key);
  await openCase(world, office, number);
  await give(office, "dispatch", "done-dispatched");
  await openCase(world, executor, number);
  await world.look(executor, "region-case-contract");
  assert.equal(await asked("meeting_address"), 0, "the notification is asked for again");
  await grantWith(executor, {
    "placed.0.surname": "Ойдаңшығарылған", "placed.0.given": "Айсұлтан", "placed.0.birth_date": "18.04.2014",
    period_from: "01.12.2026", period_to: "30.11.2027", child_money: "43 250", carer_pay: "151 375",
  });
  await openCase(world, head, number);
  assert.equal(await act(head, "sign").count(), 0, "a contract is signed by the head alone, with a key");
  assert.ok((await head.locator("main").innerText()).includes("Айсұлтан"), "the head does not see the child");
  await world.look(head, "region-case-contract-sign");
  const sheet = await signByHand(world, head, { both: true });
  for (const said of ["Айсұлтан", "Патронат тәрбиеші"]) assert.ok(sheet.includes(said), `the contract does not say ${said}`);
  await openCase(world, office, number);
  await handOver(office);
  await world.open(office, "/kk/region/journal/results");
  const given = await office.locator("main").innerText();
  assert.ok(given.includes(" алды, жеке куәлік № 000000001"), `the journal has no mark that the contract was given: ${given}`);
  await world.look(office, "journal-results");
  await follow(citizen);
  await citizen.locator('a[href$="/files/earlier-0.pdf"]').waitFor();
  await world.look(citizen, "case-contract");
  await citizen.locator('.q-answer a[href*="/verify/"]').first().click();
  await citizen.getByText(word("vf-by-hand")).waitFor();
  await world.look(citizen, "verify-by-hand");
  return number;
}

async function childByChild(world) {
  const number = await allowance(world);
  const { head, executor } = await toExecutor(world, number);
  const form = act(executor, "grant");
  assert.equal(await form.locator('[name="decisions.0.surname"]').inputValue(), "Нұрсұлтанұлы", "the child is typed again");
  await form.locator('button[name="add"][value="decisions"]').click();
  await executor.waitForSelector('[name="decisions.1.surname"]', { state: "attached" });
  const second = { surname: "Ерғазина", given: "Аяулым", own_income: "90000" };
  for (const [name, value] of Object.entries(second)) await form.locator(`[name="decisions.1.${name}"]`).fill(value);
  for (const n of [0, 1]) {
    await form.locator(`[name="decisions.${n}.period_from"]`).fill("01.12.2026");
    await form.locator(`[name="decisions.${n}.period_to"]`).fill("31.12.2026");
  }
  await form.locator('button[value="calculate"]').click();
  await executor.waitForSelector(".q-case");
  // 10 × 4 325 − 12 500,50 = 30 749,50; the second child's income leaves nothing for her and takes nothing from the first.
  const text = (await executor.locator("main").innerText()).replace(/\s/g, " ");
  for (const figure of ["30 749,50", "Ерғазина Аяулым"]) assert.ok(text.includes(figure), `no ${figure}`);
  await world.look(executor, "region-case-allowance");
  await form.locator('button[type="submit"]').last().click();
  await executor.getByText(word("done-prepared"), { exact: true }).first().waitFor();
  await openCase(world, head, number);
  await world.look(head, "region-case-allowance-sign");
  return number;
}

async function journalFile(world) {
  const office = await atWork(world, OFFICE);
  await world.open(office, "/kk/region/journal/incoming");
  const href = await office.getByRole("link", { name: word("rj-export") }).getAttribute("href");
  const file = await office.evaluate(async (href) => {
    const answer = await fetch(href, { credentials: "same-origin" });
    return { type: answer.headers.get("content-type"), bytes: Array.from(new Uint8Array(await answer.arrayBuffer())) };
  }, href);
  assert.equal(file.type, "text/csv; charset=utf-8");
  assert.deepEqual(file.bytes.slice(0, 3), [0xef, 0xbb, 0xbf], "no mark of UTF-8");
  const lines = new TextDecoder().decode(Uint8Array.from(file.bytes)).trim().split("\r\n");
  assert.ok(lines.length > 1 && lines.every((it) => it.split(";").length === 6), lines.join("\n"));
  await office.emulateMedia({ media: "print" });
  await world.look(office, "region-journal-printed");
  return `${lines.length - 1} entries`;
}

export const contract = [
  { name: "contract: a notification on the portal, then the contract that both sign", act: twoResults },
  { name: "contract: an allowance worked out child by child", act: childByChild },
  { name: "contract: a journal as a file and on paper", act: journalFile },
];
