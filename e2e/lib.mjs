// SPDX-License-Identifier: MIT OR Apache-2.0
// What every end-to-end test needs: a browser that meets only our own addresses, accessibility rules, screenshots.
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { tls } from "./ncalayer.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Debian's browser; another one by CHROMIUM. */
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", `--ignore-certificate-errors-spki-list=${tls.hash}`,
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];
export const NARROW = { width: 320, height: 800 };
export const WIDE = { width: 1280, height: 900 };
const WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Starts the browser; each journey gets a context of its own from it. */
export function startBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** What every context begins with. */
export const CONTEXT = { locale: "kk-KZ", timezoneId: "Asia/Almaty", viewport: WIDE };

/** Runs `act` with a browser context of its own and closes it whatever happens. */
export async function withBrowser(act, options = {}) {
  const profile = await mkdtemp(join(tmpdir(), "qyzmet-e2e-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM, args: FLAGS, locale: "kk-KZ", timezoneId: "Asia/Almaty", viewport: WIDE, ...options,
  });
  try {
    return await act(context);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Returns what breaks the rules of WCAG 2.2 AA on the page: rule, impact and the elements. */
export async function axe(page) {
  // Evaluated, not added as a script: the page's own policy forbids foreign scripts.
  await page.evaluate(axeSource);
  const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), WCAG_22_AA);
  const violations = result.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((node) => `${node.target.join(" ")} — ${node.failureSummary}`) }));
  return { violations, passes: result.passes.length };
}

/** Returns the elements that are wider than the window: nothing may need two-way scrolling at 320 px. */
export async function tooWide(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className} ${Math.round(element.getBoundingClientRect().right)}`)
      .slice(0, 10);
  });
}

/** Saves a picture of the whole page under e2e/out. */
export async function screenshot(page, name) {
  await mkdir(join(here, "out"), { recursive: true });
  const path = join(here, "out", `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** Collects what the browser complains of: errors of scripts, blocked content, failed requests. */
export function complaints(page) {
  const found = [];
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && found.push(`console: ${message.text()}`));
  page.on("requestfailed", (request) => found.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  return found;
}

/** Walks the page by Tab and returns what took the focus, and whether each could be seen to have it. */
export async function tabStops(page, max = 80) {
  const stops = [];
  for (let index = 0; index < max; index += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const host = element.closest(".q-card") ?? element;
      // A radio or a box shows its focus on the label's drawn circle or square.
      const drawn = element.labels?.[0] ? getComputedStyle(element.labels[0], "::before") : style;
      const ring = (it) => (it.outlineStyle !== "none" && parseFloat(it.outlineWidth) >= 2) || it.boxShadow !== "none";
      return { what: `${element.tagName.toLowerCase()}#${element.id} ${(element.textContent || element.name || "").trim().slice(0, 30)}`,
        visible: box.width > 0 && box.height > 0, ring: ring(style) || ring(drawn) || ring(getComputedStyle(host)), height: Math.round(box.height) };
    });
    if (!stop) break;
    stops.push(stop);
  }
  return stops;
}
