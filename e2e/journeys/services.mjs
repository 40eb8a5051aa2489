// SPDX-License-Identifier: MIT OR Apache-2.0
// Every service: the regulations and their search, passports, the portal beyond certificates, representatives and refusal
// to accept at the one-stop-shop.
import assert from "node:assert/strict";
import { KNOWN, KNOWN_TOO, KNOWN_TWINS, OPERATOR, REPRESENTATIVE } from "../people.mjs";
import { atWork, signRequest } from "../offices.mjs";
import { ADDRESS, PAPER, PHONE, beginButton, filesToReview, numberShown, openKey, sign, signedIn, toFiles } from "../portal.mjs";
import { word } from "../words.mjs";

const ALL = [
  "asa-recipient-certificate", "child-allowance", "employment-referral", "guardian-allowance", "guardianship-certificate",
  "parent-meeting-permission", "patronage-placement", "rural-specialist-fuel-aid", "special-services-home-care",
  "special-services-institution", "state-targeted-social-assistance", "unemployed-certificate", "unemployed-registration",
];

async function regulations(world) {
  const page = await world.visitor();
  await world.open(page, "/kk/regulations");
  await world.look(page, "regulations");
  for (const typed of ["korganshylyk", "опека", "қорғаншылық", "корганшылык"]) {
    await page.fill('[name="q"]', typed);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    const found = await page.locator(".q-cards a").evaluateAll((links) => links.map((it) => it.getAttribute("href")));
    for (const service of ["guardianship-certificate", "guardian-allowance"]) {
      assert.ok(found.some((it) => it.includes(`/regulations/${service}/`)), `${typed} does not find ${service}: ${found}`);
    }
    assert.ok(found.length < 8, `${typed} finds nearly everything: ${found}`);
  }
  await world.look(page, "regulations-found");
  await page.fill('[name="q"]', "жылқы жарысы");
  await page.keyboard.press("Enter");
  await page.getByText(word("g-none-found")).waitFor();
  await world.open(page, "/kk/regulations");
  await page.locator('a[href*="/regulations/guardian-allowance/"]').first().click();
  for (const summary of await page.locator("details summary").all()) if (await summary.isVisible()) await summary.click();
  const text = await page.locator("main").innerText();
  for (const id of ["rg-what", "rg-rule", "rg-inner"]) assert.ok(text.includes(word(id)), `nothing says ${id}`);
  await world.look(page, "regulation");
  return `${ALL.length} services`;
}

async function passports(world) {
  const page = await world.visitor();
  for (const service of ALL) {
    assert.equal(await world.open(page, `/kk/services/${service}`), 200, service);
    assert.ok((await page.locator("#where").count()) === 1, `${service} does not say where to go`);
    await world.look(page, `passport-${service}`);
  }
  for (const lang of ["ru", "en"]) {
    for (const service of ALL) assert.equal(await world.open(page, `/${lang}/services/${service}`), 200, service);
    await world.open(page, `/${lang}/regulations`);
    await world.look(page, `${lang}-regulations`);
  }
}

/** From the passport of a service to its form. */
async function start(world, page, service, provider) {
  await world.open(page, `/kk/services/${service}`);
  await page.locator(`a[href="/kk/services/${service}/apply"]`).first().click();
  await page.check(`[name="provider"][value="${provider}"]`);
  assert.equal(await page.locator('[name="provider"][value="osakarov-social"], [name="provider"][value="kurma-akim"]').count(), 0);
  await beginButton(page).click();
  await page.waitForSelector('[name="consent"]');
}

/** Attaches a paper for each of these documents. */
async function attachAll(page, documents) {
  for (const document of documents) {
    const form = page.locator(`form[enctype]:has(input[name="document"][value="${document}"])`);
    await form.locator('input[type="file"]').setInputFiles({ ...PAPER, name: `${document}.pdf` });
    await form.locator('button[type="submit"]').click();
    await page.getByText(`${document}.pdf`).first().waitFor();
  }
}

/** A request for the allowance, sent; answers its number. */
export async function allowance(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN);
  await start(world, page, "guardian-allowance", "abai-education");
  assert.equal(await page.locator('[name="representation"]').count(), 0, "what is asked only at the center is asked here");
  await page.check('[name="role"][value="guardian"]');
  const child = { ...KNOWN.children[0], appointment: "2013 жылғы 4 наурыздағы № 22-қ", own_income: "12 500,50", account: "KZ00 0000 0000 0000 0000" };
  for (const [name, value] of Object.entries(child)) await page.fill(`[name="children.0.${name}"]`, value);
  await page.locator('[name="children.0.status"]').first().check();
  await page.fill('[name="address"]', ADDRESS);
  await page.fill('[name="phone"]', PHONE);
  await page.check('[name="consent"]');
  await world.look(page, "allowance-form");
  await toFiles(page);
  await attachAll(page, ["guardianship-act", "no-parental-care", "bank-account"]);
  await world.look(page, "allowance-files");
  await filesToReview(page);
  await world.look(page, "allowance-review");
  await openKey(page, world.demo.key(KNOWN.key));
  await sign(page);
  const number = await numberShown(page);
  await world.look(page, "allowance-sent");
  await page.locator("main a[href*='/cases/']").first().click();
  await page.waitForSelector("[data-refresh-part]");
  await world.look(page, "allowance-case");
  return number;
}

/** A request for patronage, sent; answers the page of the citizen and the number. Who has proved himself once is not asked again. */
export async function patronage(world, { first = true } = {}) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN_TWINS);
  await world.open(page, "/kk/services/patronage-placement/apply");
  const asked = await page.locator('[name="provider"]').count() === 0;
  if (first) assert.ok(asked, "the form opens without sign-in by EDS");
  if (asked) {
    await world.look(page, "patronage-eds-first");
    await page.locator('main a[href*="/prove?next="].govuk-button').click();
    await openKey(page, world.demo.key(KNOWN_TWINS.key));
    await sign(page);
    await page.getByText(word("prove-done")).first().waitFor();
  }
  await start(world, page, "patronage-placement", "abai-education");
  const spouse = page.locator('[name="spouse_name"]');
  assert.equal(await spouse.isVisible(), false, "the spouse is asked of who is not married");
  await page.check('[name="marital_status"][value="married"]');
  await spouse.waitFor({ state: "visible" });
  await world.look(page, "patronage-form-married");
  await page.check('[name="marital_status"][value="single"]');
  await spouse.waitFor({ state: "hidden" });
  await page.fill('[name="children_number"]', "1");
  await page.fill('[name="housing"]', "Меншікті үй, төрт бөлме");
  await page.fill('[name="income"]', "180 000");
  await page.fill('[name="address"]', ADDRESS);
  await page.fill('[name="phone"]', PHONE);
  await page.check('[name="consent"]');
  await toFiles(page);
  await attachAll(page, ["health-certificates", "dispensary-certificates", "housing", "income", "no-criminal-record"]);
  await filesToReview(page);
  await openKey(page, world.demo.key(KNOWN_TWINS.key));
  await sign(page);
  await page.getByRole("heading", { name: word("sent-title"), exact: true }).waitFor();
  await world.look(page, "patronage-sent");
  return { page, number: await numberShown(page) };
}

/** Waits on the page of a case until it shows this; the register's answer comes by itself. */
async function until(page, selector) {
  for (const began = Date.now(); Date.now() - began < 15_000;) {
    if (await page.locator(selector).count()) return;
    await page.reload();
  }
  await page.waitForSelector(selector);
}

async function byRepresentative(world) {
  const page = await atWork(world, OPERATOR, "center");
  await world.open(page, "/kk/center/new");
  await page.fill('[name="q"]', "jumyssyz");
  await page.keyboard.press("Enter");
  await page.locator('a[href="/kk/center/new/unemployed-registration"]').click();
  await page.fill('[name="applicant-iin"]', KNOWN_TOO.iin);
  await page.fill('[name="applicant-name"]', KNOWN_TOO.name);
  await page.selectOption('[name="provider"]', "abai-social");
  const power = page.locator('[name="power_number"]');
  assert.equal(await power.isVisible(), false, "a power is asked before anybody is said to have one");
  await page.check('[name="representation"][value="other"]');
  assert.equal(await power.isVisible(), false, "a power that no notary certified is entered");
  await page.getByText(word("op-poa-other")).waitFor({ state: "visible" });
  await world.look(page, "center-new-representative");
  await page.check('[name="representation"][value="notarised"]');
  await power.waitFor({ state: "visible" });
  await page.fill('[name="representative_iin"]', REPRESENTATIVE.iin);
  await page.fill('[name="representative_name"]', REPRESENTATIVE.name);
  await power.fill("1-204");
  await page.fill('[name="power_date"]', "17.08.2015");
  await page.fill('[name="address"]', ADDRESS);
  await page.fill('[name="phone"]', PHONE);
  await page.check('[name="education"][value="higher"]');
  await page.fill('[name="wanted_post"]', "Есепші");
  await page.check('[name="without_work"]');
  await page.check('[name="consent"]');
  await page.getByRole("button", { name: word("op-ask-register") }).click();
  await until(page, "#paper-application-form");
  for (const document of ["application-form", "identity-document", "power-of-attorney"]) {
    const place = page.locator(`#paper-${document}`);
    await place.locator('input[type="file"]').setInputFiles({ ...PAPER, name: `${document}.pdf` });
    await place.locator('form[enctype] button[type="submit"]').click();
    await place.getByText(`${document}.pdf`).first().waitFor();
  }
  for (const document of ["application-form", "identity-document", "power-of-attorney"]) await page.locator(`#present-${document}`).check();
  await page.getByRole("button", { name: word("off-to-signing") }).click();
  await until(page, "[data-sign]");
  const number = await signRequest(world, page, OPERATOR.key);
  await page.getByRole("link", { name: word("op-print-receipt") }).click();
  await page.getByText(number).first().waitFor();
  await world.look(page, "center-receipt-unemployed");
  return number;
}

async function notAccepted(world) {
  const page = await atWork(world, OPERATOR, "center");
  await world.open(page, "/kk/center/new/guardian-allowance");
  await page.fill('[name="applicant-iin"]', KNOWN.iin);
  await page.fill('[name="applicant-name"]', "Әбдіқадырова Гүлжаһан Қуанышбекқызы");
  await page.selectOption('[name="provider"]', "abai-education");
  await page.check('[name="representation"][value="self"]');
  await page.check('[name="role"][value="guardian"]');
  const child = { ...KNOWN.children[0], appointment: "№ 22-қ", own_income: "0", account: "KZ00" };
  for (const [name, value] of Object.entries(child)) await page.fill(`[name="children.0.${name}"]`, value);
  await page.locator('[name="children.0.status"]').first().check();
  await page.fill('[name="address"]', ADDRESS);
  await page.fill('[name="phone"]', PHONE);
  await page.check('[name="consent"]');
  await page.getByRole("button", { name: word("op-ask-register") }).click();
  await until(page, "#paper-application-form");
  await page.getByText(word("op-refuse"), { exact: true }).first().click();
  const form = page.locator('form[action$="/not-accepted"]');
  await form.locator('button[type="submit"]').click();
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "center-refuse-mistake");
  await form.locator('[name="missing"][value="bank-account"]').check();
  await form.locator('[name="missing"][value="guardianship-act"]').check();
  await form.locator('button[type="submit"]').click();
  await page.getByText(word("done-not-accepted"), { exact: true }).first().waitFor();
  await world.look(page, "center-not-accepted");
  await page.locator('a[href$="/refusal-receipt"]').click();
  const text = await page.locator("main").innerText();
  assert.ok(text.includes("Әбдіқадырова Гүлжаһан") && text.includes("20-бабының"), "the receipt does not say who and by what law");
  await world.look(page, "center-refusal-receipt");
}

export const services = [
  { name: "7 services: the regulations for people, their search and their faults", act: regulations },
  { name: "7 services: every passport in three languages", act: passports },
  { name: "7 services: the guardian's allowance through the portal", act: allowance },
  { name: "7 services: patronage on the portal begins with sign-in by EDS", act: async (world) => (await patronage(world)).number },
  { name: "7 services: the unemployed by a representative under a notarised power, at the center", act: byRepresentative },
  { name: "7 services: the center does not accept an incomplete set and gives the receipt", act: notAccepted },
];
