// SPDX-License-Identifier: MIT OR Apache-2.0
// Registers that a body keeps: entered by hand, certified at once, ended, and then "is not"; nobody else's business.
import assert from "node:assert/strict";
import { EXECUTOR, HEAD, KNOWN_TWINS, SOCIAL, UNKNOWN } from "../people.mjs";
import { atWork, give, instruct, openCase, refuse, signResult } from "../offices.mjs";
import { ADDRESS, PAPER, PHONE, beginButton, button, bytesOf, numberShown, openKey, resultLink, resultReady, sign, signedIn } from "../portal.mjs";
import { textOf } from "../verifiers.mjs";
import { word } from "../words.mjs";

const SERVICE = "unemployed-certificate";
const REGISTER = "/kk/region/registers/unemployed";

/** Types the document, and what else the form asks. */
async function enterByHand(world, page, person) {
  await page.getByRole("button", { name: word("kr-add"), exact: true }).click();
  await page.waitForSelector('[name="document_title"]');
  await world.look(page, "register-new");
  const send = () => page.getByRole("button", { name: word("kr-add-do"), exact: true }).click();
  await page.setInputFiles('[name="file"]', { ...PAPER, name: "buiryk.pdf" });
  await send();
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "register-new-wrong");
  for (const [name, value] of [["iin", person.iin], ["full_name", person.name], ["wanted_post", "есепші"], ["from", "02.11.2026"],
    ["document_title", "Жұмыссыз ретінде тіркеу туралы бұйрық"], ["document_number", "77-ө"], ["document_date", "02.11.2026"], ["document_body", "Абай ауданының жұмыспен қамту бөлімі"]]) {
    await page.fill(`[name="${name}"]`, value);
  }
  await page.setInputFiles('[name="file"]', { ...PAPER, name: "buiryk.pdf" });
  await send();
  await page.getByText(word("done-entry-made"), { exact: true }).waitFor();
}

/** Finds a person by what is typed and opens the first entry. */
async function find(page, typed) {
  await page.fill('[name="sought"]', typed);
  await button(page, "g-search").click();
  await page.locator(".q-queue tbody a").first().click();
  await page.waitForSelector("#entry");
}

/** Asks for the certificate; answers when the application is sent. */
async function askCertificate(world, page) {
  await world.open(page, `/kk/services/${SERVICE}`);
  await page.locator(`a[href="/kk/services/${SERVICE}/apply"]`).first().click();
  const provider = page.locator('[name="provider"][value="abai-social"]');
  if (await provider.count()) await provider.check();
  await beginButton(page).click();
  await page.waitForSelector('[name="consent"]');
  for (const [name, value] of [["address", ADDRESS], ["phone", PHONE], ["birth_date", "03.03.1968"]]) await page.fill(`[name="${name}"]`, value);
  await page.check('[name="consent"]');
  await button(page, "form-next").click();
  await page.waitForSelector("[data-sign]");
  await openKey(page, world.demo.key(UNKNOWN.key));
  await sign(page);
  return numberShown(page);
}

const resultText = async (page) => textOf((await bytesOf(page, await resultLink(page).getAttribute("href"))).bytes).replace(/\s+/g, " ");

async function endEntry(world, page) {
  await page.locator("details", { has: page.locator('[name="on"]') }).locator("summary").click();
  const form = page.locator('form[action$="/end"]');
  await form.locator('[name="on"]').fill("31.13.2026");
  await form.locator("button").click();
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "register-entry-wrong");
  await form.locator('[name="on"]').fill("23.11.2026");
  await form.locator('[name="ground"]').fill("Жұмысқа орналасты: еңбек шарты № 5, 20.11.2026");
  await form.locator("button").click();
  await page.getByText(word("done-entry-ended"), { exact: true }).waitFor();
  await world.look(page, "register-entry-ended");
  const text = await page.locator("main").innerText();
  assert.ok(text.includes("еңбек шарты № 5"), "the ground is not told");
  assert.equal(await page.locator('form[action$="/end"]').count(), 0, "an ended entry can be ended again");
}

async function isAndIsNot(world) {
  const clerk = await atWork(world, SOCIAL.office);
  await world.open(clerk, "/kk/region/registers");
  await world.look(clerk, "register-empty");
  await world.open(clerk, REGISTER);
  await enterByHand(world, clerk, UNKNOWN);
  await world.look(clerk, "register-entry");
  const citizen = await world.visitor({ acceptDownloads: true });
  await signedIn(world, citizen, UNKNOWN);
  await askCertificate(world, citizen);
  await resultReady(citizen);
  assert.ok((await resultText(citizen)).includes("2026 жылғы 2 қараша"), "the certificate does not say since when");
  const head = await atWork(world, SOCIAL.head);
  await world.open(head, REGISTER);
  await find(head, UNKNOWN.iin);
  assert.ok(!head.url().includes(UNKNOWN.iin), "the address tells the number");
  await endEntry(world, head);
  const number = await askCertificate(world, citizen);
  await refusedByPeople(world, [clerk, head], number);
  await resultReady(citizen);
  const said = await resultText(citizen);
  assert.ok(said.includes("тіркелмеген"), `the paper does not say that the person is not registered: ${said}`);
  return number;
}

/** The register says no, so people examine the application and refuse. */
async function refusedByPeople(world, [clerk, head], number) {
  await openCase(world, clerk, number);
  await give(clerk, "accept", "done-accepted");
  await openCase(world, head, number);
  await instruct(head, "Тізілім бойынша тексеріңіз.", SOCIAL.executor);
  const executor = await atWork(world, SOCIAL.executor);
  await openCase(world, executor, number);
  await refuse(executor, "not-registered", "Тізілімде күші бар жазба жоқ.");
  await openCase(world, head, number);
  await signResult(world, head, SOCIAL.head.key);
  await openCase(world, clerk, number);
  await give(clerk, "dispatch", "done-dispatched");
}

async function guardianships(world) {
  const head = await atWork(world, HEAD);
  await world.open(head, "/kk/region/registers");
  await world.look(head, "register");
  await head.fill('[name="sought"]', "1");
  await button(head, "g-search").click();
  await head.waitForSelector(".govuk-error-message");
  await world.look(head, "register-sought-too-short");
  await find(head, "илах");
  const text = await head.locator("main").innerText();
  for (const said of [KNOWN_TWINS.name, KNOWN_TWINS.iin, "41-қ"]) assert.ok(text.includes(said), `the entry does not say ${said}`);
  await world.look(head, "register-guardianship-entry");
  await head.emulateMedia({ media: "print" });
  assert.equal(await head.locator("details").first().isVisible(), false, "the form is printed");
  assert.ok(await head.getByText(word("kr-extract"), { exact: true }).isVisible(), "the extract has no name");
  const entry = new URL(head.url()).pathname;
  const executor = await atWork(world, EXECUTOR);
  await world.open(executor, "/kk/region/registers");
  await executor.getByText(word("kr-none"), { exact: true }).waitFor();
  assert.equal(await world.open(executor, entry), 404, "an executor reads the register");
  const other = await atWork(world, SOCIAL.head);
  assert.equal(await world.open(other, entry), 404, "another body reads the register");
}

/** A list as a spreadsheet writes it. */
function list(...lines) {
  const head = ["ЖСН", "Тегі, аты, әкесінің аты", "Білімі", "Қандай жұмыс іздейді", "Басталған күні"].map((it) => `"${it}"`).join(";");
  return { name: "tizim.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${[head, ...lines].join("\r\n")}\r\n`) };
}

async function fromFile(world) {
  const clerk = await atWork(world, SOCIAL.office);
  await world.open(clerk, REGISTER);
  await clerk.getByRole("button", { name: word("ku-title"), exact: true }).click();
  await clerk.waitForSelector('[name="file"]');
  await world.look(clerk, "register-upload");
  const send = async (file) => {
    await clerk.setInputFiles('[name="file"]', file);
    await button(clerk, "ku-do").click();
  };
  const { bytes } = await bytesOf(clerk, `${REGISTER}/upload/model.csv`);
  assert.ok(bytes.toString().includes("Қандай жұмыс іздейді"), "the model does not name the columns");
  const right = ["790427499941;Тізімдегі Бірінші;жоғары;агроном;02.11.2026", "660615499977;Тізімдегі Екінші;;;03.11.2026"];
  await send(list(...right, "530825399927;;доктор;;31.02.2026"));
  await clerk.waitForSelector(".govuk-error-summary");
  await world.look(clerk, "register-upload-wrong");
  const told = await clerk.locator(".q-queue").first().innerText();
  for (const said of ["4", word("verr-iin-wrong"), word("ku-empty"), word("ku-choice")]) assert.ok(told.includes(said), `the mistakes do not say ${said}: ${told}`);
  await send({ name: "tizim.csv", mimeType: "text/csv", buffer: Buffer.from([0xcf, 0xd0, 0xc8]) });
  await clerk.getByText(word("ku-not-utf8"), { exact: true }).first().waitFor();
  await send(list(...right));
  await clerk.getByText(word("done-uploaded"), { exact: true }).waitFor();
  await find(clerk, "790427499941");
  await world.look(clerk, "register-entry-uploaded");
}

export const registers = [
  { name: "8 registers: a list from a file, whole or not at all", act: fromFile },
  { name: "8 registers: entered by hand, certified, ended, and then “is not”", act: isAndIsNot },
  { name: "8 registers: the office finds and prints an entry; others see none", act: guardianships },
];
