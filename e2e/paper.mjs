// SPDX-License-Identifier: MIT OR Apache-2.0
// Work on paper at the offices of the region: intake with scans, sheets signed by hand, covering letters.
import assert from "node:assert/strict";
import { PAPER } from "./portal.mjs";
import { act, give } from "./offices.mjs";
import { textOf } from "./verifiers.mjs";
import { word } from "./words.mjs";

export const ALLOWANCE = "child-allowance";
const CHILD = { surname: "Тілеуберді", given: "Ерасыл", birth_date: "06.05.2015", iin: "150506599984" };

const scan = (name) => ({ ...PAPER, name: `${name}.pdf` });

async function entry(page, group, values) {
  for (const [name, value] of Object.entries(values)) await page.fill(`[name="${group}.0.${name}"]`, value);
}

/** Enters an application for the child allowance; `provider` where the akim chooses one. */
export async function enterAllowance(world, page, person, { unfinished = false, income = "30000" } = {}) {
  await world.open(page, "/kk/region/new");
  await world.look(page, "region-services");
  await page.locator(`a[href="/kk/region/new/${ALLOWANCE}"]`).click();
  await page.waitForSelector('[name="applicant-iin"]');
  await world.look(page, "region-new");
  await page.fill('[name="applicant-iin"]', person.iin);
  await page.fill('[name="applicant-name"]', person.name);
  if (unfinished) {
    await page.locator('button[name="go"][value="unfinished"]').click();
  } else {
    await page.check('[name="representation"][value="self"]');
    await entry(page, "children", CHILD);
    await page.check('[name="children.0.child_kinship"][value="parent"]');
    await page.check('[name="own_occupation"][value="works"]');
    await page.fill('[name="own_income"]', income);
    await page.check('[name="plot"][value="none"]');
    await page.fill('[name="address"]', "Абай ауданы, Ойдан шығарылған ауыл, 5-үй");
    await page.fill('[name="phone"]', "+7 701 000 00 00");
    await page.check('[name="consent"]');
    await page.getByRole("button", { name: word("ri-to-papers"), exact: true }).last().click();
  }
  await page.waitForSelector('[name="kind"][value="accept"]', { state: "attached" });
}

/** Scans every required document of the page. */
export async function scanRequired(page) {
  const ids = await page.locator('[id^="paper-"]').evaluateAll((all) =>
    all.filter((it) => !it.querySelector("h3 .q-optional")).map((it) => it.id));
  assert.ok(ids.length > 3, `only ${ids.length} documents are required`);
  for (const id of ids) {
    const place = page.locator(`#${id}`);
    await place.locator('input[type="file"]').setInputFiles(scan(id));
    await place.locator('form[enctype] button[type="submit"]').click();
    await page.locator(`#${id}`).getByText(`${id}.pdf`).first().waitFor();
  }
  return ids;
}

/** The form that judges the intake. */
export const judging = (page, kind) => page.locator(`form:has(input[name="kind"][value="${kind}"])`);

/** Accepts and registers; answers the number of the application. */
export async function register(page) {
  await judging(page, "accept").locator('button[type="submit"]').click();
  await page.getByText(word("done-registered"), { exact: true }).waitFor();
  const number = /\d{9}-\d{4}-R\d+/.exec(await page.locator("h1").innerText());
  assert.ok(number, "the page shows no number");
  return number[0];
}

/** Downloads a PDF that the page links to by the end of its address; answers its text. */
export async function printed(page, ending) {
  const href = await page.locator(`a[href$="${ending}"]`).first().getAttribute("href");
  const bytes = await page.evaluate(async (href) => {
    const answer = await fetch(href, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${href}: ${answer.status}`);
    return Array.from(new Uint8Array(await answer.arrayBuffer()));
  }, href);
  return textOf(Buffer.from(bytes)).replace(/\s+/g, " ");
}

/** The executor grants: the period is typed, the figures are calculated; one is replaced with a reason. */
export async function grantAllowance(world, page) {
  const form = act(page, "grant");
  const send = () => act(page, "grant").locator('button[type="submit"]').last().click();
  await form.locator('[name="period_from"]').fill("01.12.2026");
  await form.locator('[name="period_to"]').fill("28.02.2027");
  await form.locator('button[value="calculate"]').click();
  await page.waitForSelector(".q-case");
  assert.equal(await form.locator('[name="period_from"]').inputValue(), "01.12.2026", "what was typed is lost");
  const other = form.locator('[name="amount_month"]');
  const details = page.locator("details", { has: page.locator('[name="amount_month"]') }).last();
  if ((await details.getAttribute("open")) === null) await details.locator("summary").first().click();
  await other.fill("9999");
  await send();
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "region-case-figure-unexplained");
  assert.equal(await form.locator('[name="period_from"]').inputValue(), "01.12.2026", "what was typed is lost");
  await form.locator('[name="amount_month.reason"]').fill("Отбасында екінші бала бар");
  await send();
  await page.getByText(word("done-prepared"), { exact: true }).first().waitFor();
}

/** The head prints the sheet, signs it by hand, and records the scan. */
export async function signByHand(world, page, { both = false } = {}) {
  await act(page, "print").locator('button[type="submit"]').click();
  await page.waitForSelector('[name="on"]');
  await world.look(page, "region-case-sheet");
  const text = await printed(page, "sheet.pdf");
  const form = act(page, "sheet");
  await form.locator('[name="on"]').fill("01.01.2027");
  await form.locator('[type="file"]').setInputFiles(scan("sheet"));
  await form.locator('button[type="submit"]').click();
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "region-case-sheet-wrong-day");
  const again = act(page, "sheet");
  await again.locator('[name="on"]').fill("23.11.2026");
  await again.locator('[name="sealed"]').check();
  if (both) {
    await again.locator('[type="file"]').setInputFiles(scan("sheet"));
    await again.locator('button[type="submit"]').click();
    await page.getByText(word("rf-not-countersigned")).first().waitFor();
    await world.look(page, "region-case-sheet-one-signature");
    await again.locator('[name="countersigned"]').check();
  }
  await again.locator('[type="file"]').setInputFiles(scan("sheet"));
  await again.locator('button[type="submit"]').click();
  await page.getByText(word("done-signed"), { exact: true }).first().waitFor();
  return text;
}

/** Somebody takes the result. */
export async function handOver(page) {
  const form = act(page, "hand-over");
  await form.locator('[name="document"]').fill("жеке куәлік № 000000001");
  await give(page, "hand-over", "done-handed-over");
}
