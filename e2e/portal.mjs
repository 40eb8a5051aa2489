// SPDX-License-Identifier: MIT OR Apache-2.0
// What a citizen does on the portal, as a hand would do it.
import assert from "node:assert/strict";
import { KEY_PASSWORD, PASSWORD, PROVIDER, SERVICE } from "./people.mjs";
import { word, worded } from "./words.mjs";

export const ADDRESS = "Абай қаласы, Ойдан шығарылған көше, 7";
export const PHONE = "+7 700 000 00 00";
/** A paper to attach: the smallest PDF that opens. */
export const PAPER = {
  name: "tuu-kualigi.pdf", mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n"),
};

/** How often a page is loaded again until a stamp has come, and the pause before that. */
const [STAMP_TRIES_MAX, STAMP_MS] = [50, 200];

/** The button with this word. */
export const button = (page, id, lang) => page.getByRole("button", { name: word(id, lang), exact: true });
/** The button that begins the form: of who signs with a checked key, or of who begins without a trial signature. */
export const beginButton = (page, lang) => button(page, "apply-begin", lang).or(button(page, "apply-begin-unchecked", lang));
/** The link with this word. */
export const link = (page, id, lang) => page.getByRole("link", { name: word(id, lang), exact: true });

export async function signIn(world, page, person, password = PASSWORD, lang = "kk") {
  await world.open(page, `/${lang}/sign-in`);
  await page.fill('[name="iin"]', person.iin);
  await page.fill('[name="password"]', password);
  await page.locator('main form button[type="submit"]').first().click();
}

export async function signedIn(world, page, person, lang = "kk") {
  await signIn(world, page, person, PASSWORD, lang);
  await page.waitForSelector("details[data-menu]");
}

/** From the page of the service to an empty form. */
export async function begin(world, page, lang = "kk", provider = PROVIDER) {
  await world.open(page, `/${lang}/services/${SERVICE}`);
  await page.locator(`a[href="/${lang}/services/${SERVICE}/apply"]`).first().click();
  await page.check(`[name="provider"][value="${provider}"]`);
  await beginButton(page, lang).click();
  await page.waitForSelector('[name="children.0.surname"]');
}

/** Fills the form in, every child named. */
export async function fill(page, person, lang = "kk") {
  await page.check('[name="role"][value="guardian"]');
  for (const [index, child] of person.children.entries()) {
    const first = page.locator(`[name="children.${index}.surname"]`);
    if (!(await first.count())) await page.click('button[name="add"][value="children"]');
    for (const [name, value] of Object.entries(child)) await page.fill(`[name="children.${index}.${name}"]`, value);
  }
  await page.fill('[name="address"]', ADDRESS);
  await page.fill('[name="phone"]', PHONE);
  await page.check('[name="consent"]');
}

/** From the form to the papers. */
export async function toFiles(page, lang = "kk") {
  await button(page, "form-next", lang).click();
  await page.waitForSelector('input[type="file"]');
}

/** From the papers to the review. */
export async function filesToReview(page, lang = "kk") {
  await page.getByRole("button", { name: word("apply-to-review", lang) }).click();
  await page.waitForSelector("[data-sign]");
}

/** From the form to the review, no paper attached. */
export async function toReview(page, lang = "kk") {
  await toFiles(page, lang);
  await filesToReview(page, lang);
}

/** Attaches a file in the first place for files, and waits until the page names it. */
export async function attach(page, file) {
  await page.locator('input[type="file"]').first().setInputFiles(file);
  await pressAdd(page);
  await page.getByText(file.name).first().waitFor();
}

/** Presses the first button that adds a file. */
export async function pressAdd(page) {
  await page.locator('form[enctype="multipart/form-data"] button[type="submit"]').first().click();
}

/** Opens a key in the panel of the page. */
export async function openKey(page, path, password = KEY_PASSWORD) {
  await page.check('[data-sign-way="key-file"]');
  await page.setInputFiles("[data-sign-file]", path);
  await page.fill("[data-sign-password]", password);
  await page.click("[data-sign-open]");
  await page.waitForSelector("[data-sign-certificate]:not([hidden])");
}

/** The key that is open is not signed with: the page says why, and that nothing was sent. */
export async function notOffered(page, ...ids) {
  const text = await page.textContent("[data-sign-problem]");
  for (const id of ids) assert.ok(text.includes(word(id)), `${id} is not told: ${text}`);
  assert.ok(await page.isDisabled("[data-sign-submit]"), "signing is offered");
}

/** Signs with a key that is open; returns when the next page is there. */
export async function sign(page) {
  await page.evaluate(() => { globalThis.qyzmetLeft = true; });
  await page.click("[data-sign-submit]");
  await page.waitForFunction(() => !globalThis.qyzmetLeft && document.readyState === "complete");
}

/** An application from nothing to the answer after signing. */
export async function apply(world, page, person, key = person.key) {
  await begin(world, page);
  await fill(page, person);
  await toReview(page);
  await openKey(page, world.demo.key(key));
  await sign(page);
}

/** The number that the page after sending shows. */
export async function numberShown(page) {
  await page.getByRole("heading", { name: word("sent-title"), exact: true }).waitFor();
  const found = worded("sent-number").exec(await page.locator("main").innerText());
  const number = /\d{9}-\d{4}-P\d+/.exec(await page.locator("main").innerText());
  assert.ok(found && number, "no number is shown");
  return number[0];
}

/** The link to the signed result on the page of a case. */
export const resultLink = (page) => page.locator('a[href$="/files/result.pdf"]');

/** Goes from the page after sending to the case. */
export async function follow(page) {
  await page.locator("main a[href*='/cases/']").first().click();
  await page.waitForSelector("[data-refresh-part]");
}

/** Waits on the page of a case until the result lies ready; nobody reloads. */
export async function resultReady(page) {
  await follow(page);
  await resultLink(page).waitFor();
}

/** The bytes behind an address of our own, as the person's browser gets them. */
export async function bytesOf(page, href) {
  const answer = await page.evaluate(async (address) => {
    const got = await fetch(address, { credentials: "same-origin" });
    const bytes = new Uint8Array(await got.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return { status: got.status, type: got.headers.get("content-type"), body: btoa(text) };
  }, href);
  assert.equal(answer.status, 200, `${href} answers ${answer.status}`);
  return { type: answer.type, bytes: Buffer.from(answer.body, "base64") };
}

/** Downloads by a click on the link, as a person does. */
export async function downloaded(page, locator) {
  const [download] = await Promise.all([page.waitForEvent("download"), locator.click()]);
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(parts) };
}

/** The archive of the signature of an act on the page of a case, once it is stamped. */
export async function archiveOf(page, act) {
  const found = page.locator(`a[href$="/files/${act}.json"]`);
  for (let tries = 0; tries < STAMP_TRIES_MAX && (await found.count()) === 0; tries += 1) {
    await page.waitForTimeout(STAMP_MS);
    await page.reload();
  }
  return (await downloaded(page, found)).bytes;
}

/** Signs out by the menu. */
export async function signOut(page) {
  await page.click("details[data-menu] summary");
  await page.click('details[data-menu] form button');
  await page.waitForSelector("details[data-menu]", { state: "detached" });
}
