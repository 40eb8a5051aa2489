// SPDX-License-Identifier: MIT OR Apache-2.0
// Bad input and bad moments: a clear message, nothing lost, no damage.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KNOWN_TOO, PASSWORD, UNKNOWN } from "../people.mjs";
import { ADDRESS, PAPER, attach, begin, button, fill, numberShown, openKey, pressAdd, sign, signIn, signedIn, toFiles, toReview } from "../portal.mjs";
import { word, worded } from "../words.mjs";

const MIB = 1024 * 1024;

async function wrongIin(world) {
  const page = await world.visitor();
  await world.open(page, "/kk/register");
  await page.fill('[name="iin"]', "530825399927");
  await page.locator('main form button[type="submit"]').first().click();
  await page.waitForSelector(".govuk-error-summary");
  assert.ok((await page.locator("main").innerText()).includes(word("reg-iin-control")), "the check digit is not told");
  assert.equal(await page.inputValue('[name="iin"]'), "530825399927", "what was typed stays");
  await world.look(page, "register-wrong-iin");
}

async function wrongPassword(world) {
  const page = await world.visitor();
  await signIn(world, page, { iin: KNOWN_TOO.iin }, "not-the-password");
  await page.waitForSelector(".govuk-error-summary");
  const text = await page.locator("main").innerText();
  assert.ok(text.includes(word("err-credentials")), text);
  assert.match(text, worded("err-attempts-left"));
  assert.equal(await page.inputValue('[name="password"]'), "", "a password is never written back");
  await world.look(page, "sign-in-wrong");
}

async function badFiles(world) {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-files-"));
  try {
    const page = await world.visitor();
    await signedIn(world, page, UNKNOWN);
    await begin(world, page);
    await fill(page, UNKNOWN);
    await toFiles(page);
    const large = join(folder, "ulken.pdf");
    writeFileSync(large, Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(30 * MIB)]));
    const place = page.locator('input[type="file"]').first();
    await place.setInputFiles(large);
    await page.waitForFunction(() => [...document.querySelectorAll(".govuk-error-message")].some((it) => !it.hidden && /30/.test(it.textContent)));
    await world.look(page, "files-large");
    const renamed = join(folder, "anyqtama.pdf");
    writeFileSync(renamed, Buffer.concat([Buffer.from("MZ\x90\x00\x03\x00\x00\x00", "latin1"), Buffer.alloc(4096)]));
    await place.setInputFiles(renamed);
    await pressAdd(page);
    await page.waitForSelector(".govuk-error-summary");
    assert.ok((await page.locator("main").innerText()).includes(word("att-err-content")), "the content of the file is not told");
    await world.look(page, "files-renamed-exe");
    await attach(page, PAPER);
    await page.getByRole("link", { name: word("form-back") }).click();
    assert.equal(await page.inputValue('[name="address"]'), ADDRESS, "what was typed stays");
    assert.equal(await page.inputValue('[name="children.0.surname"]'), UNKNOWN.children[0].surname);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server that is sent a large file without the page's own check refuses it in words. */
async function largeFileWithoutScript(world) {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-files-"));
  try {
    const page = await world.visitor({ javaScriptEnabled: false });
    await signedIn(world, page, UNKNOWN);
    await begin(world, page);
    await fill(page, UNKNOWN);
    await toFiles(page);
    const large = join(folder, "ulken.pdf");
    writeFileSync(large, Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(30 * MIB)]));
    await page.locator('input[type="file"]').first().setInputFiles(large);
    await pressAdd(page);
    await page.waitForSelector(".govuk-error-summary, h1");
    assert.match(await page.locator("main").innerText(), /тым үлкен/, "the size is not told");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function twiceAndBack(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN_TOO);
  await world.open(page, "/kk/cabinet/history");
  const rows = async () => (await page.locator("main").innerText()).match(/\d{9}-\d{4}-P\d+/g)?.length ?? 0;
  const before = await rows();
  await begin(world, page);
  await fill(page, KNOWN_TOO);
  await toReview(page);
  const review = page.url();
  await openKey(page, world.demo.key(KNOWN_TOO.key));
  let posts = 0;
  page.on("request", (request) => { posts += request.method() === "POST" ? 1 : 0; });
  await page.dblclick("[data-sign-submit]");
  await page.waitForFunction((old) => location.href !== old, review);
  const number = await numberShown(page);
  assert.equal(posts, 1, "a double click sent twice");
  await page.goBack();
  await page.waitForLoadState();
  const text = await page.locator("main").innerText();
  if (await page.locator("[data-sign]").count()) {
    await openKey(page, world.demo.key(KNOWN_TOO.key));
    await sign(page);
    const again = await page.locator("main").innerText();
    assert.ok(again.includes(number) || again.includes(word("apply-gone")), `sent again after the back button: ${again}`);
  } else {
    assert.ok(text.includes(word("apply-gone")) || text.includes(number), `after the back button: ${text}`);
  }
  await world.look(page, "after-back");
  await world.open(page, "/kk/cabinet/history");
  assert.equal(await rows(), before + 1, "one application");
}

async function sessionEnds(world) {
  const page = await world.visitor();
  await signedIn(world, page, UNKNOWN);
  await begin(world, page);
  const saved = page.waitForResponse((it) => it.request().headers()["x-autosave"] === "1" && it.ok());
  await fill(page, UNKNOWN);
  await saved;
  await page.context().clearCookies({ name: "__Host-portal" });
  await page.fill('[name="address"]', `${ADDRESS}, 12-пәтер`);
  await button(page, "form-next").click();
  await page.waitForSelector('[name="password"]');
  assert.ok((await page.locator("main").innerText()).includes(word("g-session-over").split(".")[0]), "the page does not say that the session is over");
  await world.look(page, "sign-in-session-over");
  await page.fill('[name="iin"]', UNKNOWN.iin);
  await page.fill('[name="password"]', PASSWORD);
  await page.locator('main form button[type="submit"]').first().click();
  await page.waitForSelector('[name="children.0.surname"]');
  assert.equal(await page.inputValue('[name="children.0.surname"]'), UNKNOWN.children[0].surname);
  assert.ok((await page.inputValue('[name="address"]')).startsWith(ADDRESS));
  return (await page.inputValue('[name="address"]')).endsWith("пәтер") ? "also what was typed after it" : "what the form had saved by itself";
}

export const bad = [
  { name: "6 bad input: the check digit of an IIN", act: wrongIin },
  { name: "6 bad input: a wrong password, with the attempts left", act: wrongPassword },
  { name: "6 bad input: a file of 30 MB, a renamed .exe; the form keeps what was typed", act: badFiles },
  { name: "6 bad input: a file of 30 MB without JavaScript", act: largeFileWithoutScript },
  { name: "6 bad moment: double click on send, back button after sending: one application", act: twiceAndBack },
  { name: "6 bad moment: the session ends in the middle of the form", act: sessionEnds },
];
