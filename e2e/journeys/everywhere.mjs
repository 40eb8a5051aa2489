// SPDX-License-Identifier: MIT OR Apache-2.0
// For everybody: by the keyboard alone up to the review; Russian and English pages of the automatic way.
import assert from "node:assert/strict";
import { KNOWN_TOO, PASSWORD, PROVIDER, SERVICE } from "../people.mjs";
import { ADDRESS, PHONE, begin, fill, follow, openKey, resultLink, sign, signedIn, filesToReview, toFiles } from "../portal.mjs";
import { word } from "../words.mjs";

const STOPS_MAX = 120;
const KAZAKH_LETTERS = /[ІіҢңҒғҮүҰұҚқӨөҺһӘә]/;
const CYRILLIC = /\p{Script=Cyrillic}/u;

/** Presses Tab until the element has the focus, as who has no mouse does. */
async function tabTo(page, selector) {
  for (let count = 0; count < STOPS_MAX; count += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${selector} on ${page.url()}`);
}

async function type(page, name, text) {
  await tabTo(page, `[name="${name}"]`);
  await page.keyboard.type(text);
}

/** Presses Enter on a link or button, and waits for the page behind it. */
async function enter(page, selector, next) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
  await page.waitForSelector(next);
}

async function byKeyboard(world) {
  const page = await world.visitor();
  await world.open(page, `/kk/sign-in?next=/services/${SERVICE}`);
  await type(page, "iin", KNOWN_TOO.iin);
  await type(page, "password", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("details[data-menu]");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".govuk-skip-link")), "the first stop skips to the content");
  await enter(page, `a[href="/kk/services/${SERVICE}/apply"]`, '[name="provider"]');
  await tabTo(page, '[name="provider"]');
  await page.keyboard.press("Space");
  const chosen = await page.evaluate(() => document.querySelector('[name="provider"]:checked')?.value);
  assert.ok(chosen, "no provider is chosen by the keyboard");
  // The first button tries the key; one may go on without.
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-sign]");
  await enter(page, `form[action="/kk/services/${SERVICE}/apply"] button`, '[name="children.0.surname"]');
  await tabTo(page, '[name="role"]');
  await page.keyboard.press("Space");
  for (const [name, value] of Object.entries(KNOWN_TOO.children[0])) await type(page, `children.0.${name}`, value);
  await type(page, "address", ADDRESS);
  await type(page, "phone", PHONE);
  await tabTo(page, '[name="consent"]');
  await page.keyboard.press("Space");
  await enter(page, 'button[name="do"][value="next"]', 'input[type="file"]');
  await enter(page, 'a[href$="/review"]', "[data-sign]");
  await tabTo(page, "[data-sign-way]");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "[data-sign-file]");
  await tabTo(page, "[data-sign-open]");
  return chosen === PROVIDER ? "" : `at ${chosen}`;
}

/** Headings, buttons, legends and sections of the page that are not in its language. */
async function foreign(page, lang) {
  const texts = await page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, legend, button, nav a:not([lang]), label, th, dt, title")].map((it) => it.textContent.trim()).filter(Boolean));
  const wrong = lang === "ru" ? KAZAKH_LETTERS : CYRILLIC;
  return texts.filter((text) => wrong.test(text));
}

function inLanguage(lang) {
  return async (world) => {
    const page = await world.visitor();
    const leftovers = [];
    const check = async (name) => {
      assert.equal(await page.getAttribute("html", "lang"), lang, `${name} is in another language`);
      leftovers.push(...(await foreign(page, lang)).map((text) => `${name}: ${text}`));
      await world.look(page, `${lang}-${name}`);
    };
    for (const [name, path] of [["home", `/${lang}`], ["services", `/${lang}/services`], ["passport", `/${lang}/services/${SERVICE}`], ["register", `/${lang}/register`], ["verify", `/${lang}/verify`]]) {
      await world.open(page, path);
      await check(name);
    }
    await signedIn(world, page, KNOWN_TOO, lang);
    await begin(world, page, lang);
    await check("form");
    await fill(page, KNOWN_TOO, lang);
    await toFiles(page, lang);
    await check("files");
    await filesToReview(page, lang);
    await check("review");
    await openKey(page, world.demo.key(KNOWN_TOO.key));
    await sign(page);
    await page.getByRole("heading", { name: word("sent-title", lang), exact: true }).waitFor();
    await check("sent");
    await follow(page);
    await resultLink(page).waitFor();
    await check("case");
    for (const name of ["cabinet", "cabinet/history", "cabinet/notices"]) {
      await world.open(page, `/${lang}/${name}`);
      await check(name.replace("/", "-"));
    }
    const own = [KNOWN_TOO.surname.toLowerCase()];
    assert.deepEqual(leftovers.filter((it) => !own.some((name) => it.toLowerCase().includes(name))), [], "words of another language");
  };
}

export const everywhere = [
  { name: "8 keyboard alone: from sign-in to the review", act: byKeyboard },
  { name: "8 Russian: every page of the automatic way", act: inLanguage("ru") },
  { name: "8 English: every page of the automatic way", act: inLanguage("en") },
];
