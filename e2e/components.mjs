// SPDX-License-Identifier: MIT OR Apache-2.0
// Checks the component page of a running program: `BASE=http://127.0.0.1:8090 node components.mjs`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NARROW, WIDE, axe, complaints, screenshot, tabStops, tooWide, withBrowser } from "./lib.mjs";

const BASE = process.env.BASE ?? "http://127.0.0.1:8090";
const PAGE = `${BASE}/kk/_components`;
const PASSWORD = "Qupiya-1";
const folder = mkdtempSync(join(tmpdir(), "qyzmet-key-"));
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });

async function looks(context) {
  for (const [name, size] of [["narrow", NARROW], ["wide", WIDE]]) {
    for (const lang of name === "wide" ? ["kk", "ru", "en"] : ["kk"]) {
      const page = await context.newPage();
      const found = complaints(page);
      await page.setViewportSize(size);
      await page.goto(`${BASE}/${lang}/_components`);
      await page.waitForTimeout(300);
      const { violations, passes } = await axe(page);
      assert.deepEqual(violations, [], `${lang} ${name}`);
      assert.deepEqual(await tooWide(page), [], `${lang} ${name} is too wide`);
      assert.deepEqual(found, []);
      await screenshot(page, `components-${lang}-${name}`);
      console.log(`${lang} ${name}: ${passes} rules pass, no violations`);
      await page.close();
    }
  }
}

async function keyboard(context) {
  const page = await context.newPage();
  await page.goto(PAGE);
  const stops = await tabStops(page);
  assert.ok(stops.length > 20, "too few stops");
  for (const stop of stops) assert.ok(stop.visible && stop.ring, `focus not seen: ${JSON.stringify(stop)}`);
  console.log(`keyboard: ${stops.length} stops, each with a visible ring`);
  await page.close();
}

async function errorPage(context) {
  const page = await context.newPage();
  await page.setViewportSize(NARROW);
  await page.goto(`${BASE}/kk/_components/panic`);
  const { violations } = await axe(page);
  assert.deepEqual(violations, []);
  assert.deepEqual(await tooWide(page), []);
  await screenshot(page, "error-kk-narrow");
  await page.close();
}

/** The head of a page with somebody signed in, its menu opened and closed by the keyboard. */
async function account(context) {
  await context.addCookies([{ name: "__Host-portal", value: "0123456789abcdef", url: BASE.replace("http:", "https:"), secure: true, httpOnly: true }]);
  const page = await context.newPage();
  await page.setViewportSize(NARROW);
  await page.goto(PAGE);
  const menu = page.locator("details[data-menu]");
  await menu.locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("details[data-menu][open]");
  const { violations } = await axe(page);
  assert.deepEqual(violations, []);
  assert.deepEqual(await tooWide(page), []);
  await page.screenshot({ path: "out/account-kk-narrow.png" });
  await page.keyboard.press("Escape");
  assert.equal(await menu.getAttribute("open"), null);
  await page.setViewportSize(WIDE);
  await page.screenshot({ path: "out/account-kk-wide.png" });
  console.log("account: menu opens and closes by the keyboard, no violations at 320 px");
  await page.close();
}

async function signing(context) {
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-subj", "/C=KZ/CN=ҮЛГІБАЕВА АЙГҮЛ/serialNumber=IIN900101400016", "-days", "30",
    "-keyout", "key.pem", "-out", "certificate.pem", "-addext", "keyUsage=digitalSignature,nonRepudiation");
  openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "certificate.pem", "-passout", `pass:${PASSWORD}`, "-out", "key.p12");
  const page = await context.newPage();
  const found = complaints(page);
  await page.goto(PAGE);
  // The page's clock stands still at a noon of its own; the certificate is of today.
  await page.evaluate(() => { delete document.documentElement.dataset.now; });
  await page.check('[data-sign-way="key-file"]');
  await page.setInputFiles("[data-sign-file]", join(folder, "key.p12"));
  await page.fill("[data-sign-password]", "wrong");
  await page.click("[data-sign-open]");
  await page.waitForSelector("[data-sign-problem]:not([hidden])");
  assert.match(await page.textContent("[data-sign-problem]"), /құпиясөзі дұрыс емес.*Өтініш әлі жіберілген жоқ/s);
  await page.fill("[data-sign-password]", PASSWORD);
  await page.press("[data-sign-password]", "Enter");
  await page.waitForSelector("[data-sign-certificate]:not([hidden])");
  assert.equal(await page.textContent("[data-sign-owner-iin]"), "900101400016");
  assert.match(await page.textContent("[data-sign-problem]"), /ЖСН/, "another person's key is warned of");
  const panel = await page.$("[data-sign]");
  await panel.screenshot({ path: "out/sign-open.png" });
  const { violations } = await axe(page);
  assert.deepEqual(violations, []);
  const [request] = await Promise.all([page.waitForRequest((it) => it.method() === "POST"), page.dblclick("[data-sign-submit]")]);
  const posted = new URLSearchParams(request.postData());
  assert.deepEqual([...posted.keys()], ["order", "cms-application", "cms-result"], "nothing but the signatures is sent");
  await page.waitForSelector(".govuk-notification-banner");
  const content = await (await page.request.get(`${PAGE}/sample.xml`)).body();
  writeFileSync(join(folder, "content"), content);
  for (const name of ["cms-application", "cms-result"]) {
    writeFileSync(join(folder, "cms.der"), Buffer.from(posted.get(name), "base64"));
    openssl("cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "cms.der", "-content", "content", "-CAfile", "certificate.pem", "-purpose", "any", "-out", "seen");
    assert.equal(createHash("sha256").update(readFileSync(join(folder, "seen"))).digest("hex"), createHash("sha256").update(content).digest("hex"));
  }
  assert.deepEqual(found, []);
  console.log("signing: wrong password told, two signatures made in the page, openssl accepts both");
  await page.close();
}

async function behaviour(context) {
  const page = await context.newPage();
  await page.goto(PAGE);
  await page.fill("#f-surname", "Үлгібаева");
  await page.waitForFunction(() => document.querySelector("[data-autosave-status]").textContent.includes("12:00"));
  await page.setInputFiles("#f-scan", { name: "virus.exe", mimeType: "application/x", buffer: Buffer.from("x") });
  assert.match(await page.textContent("#f-scan-error"), /түрі қабылданбайды/);
  await page.setInputFiles("#f-scan", { name: "scan.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(6 * 1024 * 1024) });
  assert.match(await page.textContent("#f-scan-error"), /тым үлкен.*6/);
  await page.waitForFunction(() => document.querySelector("[data-refresh-part]").dataset.waiting === "false", undefined, { timeout: 10_000 });
  assert.equal(await page.textContent("[data-refresh-status]"), "Қарау аяқталды.");
  console.log("behaviour: autosave, file check, refresh that ends");
  await page.close();
}

try {
  await withBrowser(async (context) => {
    await looks(context);
    await keyboard(context);
    await errorPage(context);
    await account(context);
    await signing(context);
    await behaviour(context);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
