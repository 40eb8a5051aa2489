// SPDX-License-Identifier: MIT OR Apache-2.0
// Services walked to their ends: work on the portal, papers at the one-stop-shop and its mobile center, originals by courier, a
// refusal on paper, the rural akim, forms with conditions without script, a fifteenth service.
import assert from "node:assert/strict";
import { AKIM, APPLICANT, EXECUTOR, HEAD, KNOWN_TOO, KNOWN_TWINS, MOBILE, OFFICE, OPERATOR, SOCIAL, UNKNOWN } from "../people.mjs";
import { act, atWork, give, instruct, openCase, refuse, signRequest, signResult } from "../offices.mjs";
import { ADDRESS, PAPER, PHONE, beginButton, button, numberShown, openKey, resultLink, sign, signedIn } from "../portal.mjs";
import { handOver, register, scanRequired, signByHand } from "../paper.mjs";
import { fillAll } from "../fill.mjs";
import { word } from "../words.mjs";

const MAIN = "main form:has(button.govuk-button)";
const scan = (name) => ({ ...PAPER, name: `${name}.pdf` });

/** Reloads the page until it shows this: what comes over the border comes by itself. */
async function until(world, page, selector, path = new URL(page.url()).pathname) {
  for (const began = Date.now(); Date.now() - began < 15_000;) {
    if (await page.locator(selector).count()) return;
    await world.open(page, path);
  }
  await page.waitForSelector(selector);
}

/** A citizen applies on the portal; answers the number and the page of the case. */
async function applied(world, person, service, answers) {
  const page = await world.visitor();
  await signedIn(world, page, person);
  await world.open(page, `/kk/services/${service}`);
  await page.locator(`a[href="/kk/services/${service}/apply"]`).first().click();
  await page.check('[name="provider"][value="abai-social"]');
  await beginButton(page).click();
  await page.waitForSelector('[name="consent"]');
  await fillAll(page.locator("main"), answers);
  await world.look(page, `${service}-form`);
  await button(page, "form-next").click();
  await page.waitForLoadState();
  if (await page.locator('form[enctype] input[type="file"]').count()) {
    await world.look(page, `${service}-files`);
    const forms = await page.locator("form[enctype]").evaluateAll((all) => all
      .filter((it) => !it.closest("section").querySelector("h2 .q-optional").textContent.includes("міндетті емес"))
      .map((it) => it.querySelector('[name="document"]').value));
    for (const document of forms) {
      const form = page.locator(`form[enctype]:has(input[name="document"][value="${document}"])`);
      await form.locator('input[type="file"]').setInputFiles(scan(document));
      await form.locator('button[type="submit"]').click();
      await page.getByText(`${document}.pdf`).first().waitFor();
    }
    await page.getByRole("button", { name: word("apply-to-review") }).click();
  }
  await page.waitForSelector("[data-sign]");
  await world.look(page, `${service}-review`);
  await openKey(page, world.demo.key(person.key));
  await sign(page);
  const number = await numberShown(page);
  await page.locator("main a[href*='/cases/']").first().click();
  await page.waitForSelector("[data-refresh-part]");
  return { page, number };
}

/** The office of the social department decides: office, head, executor with these values, head by key, office. */
async function decided(world, service, number, answers) {
  const office = await atWork(world, SOCIAL.office);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, SOCIAL.head);
  await openCase(world, head, number);
  await instruct(head, "Қарап, нәтижесін дайындаңыз.", SOCIAL.executor);
  const executor = await atWork(world, SOCIAL.executor);
  await openCase(world, executor, number);
  await fillAll(act(executor, "grant"), answers);
  await world.look(executor, `${service}-grant`);
  await act(executor, "grant").locator('button[type="submit"]').last().click();
  await executor.getByText(word("done-prepared"), { exact: true }).first().waitFor();
  await openCase(world, head, number);
  await world.look(head, `${service}-to-sign`);
  await signResult(world, head, SOCIAL.head.key);
  await openCase(world, office, number);
  await give(office, "dispatch", "done-dispatched");
}

async function unemployed(world) {
  const { page, number } = await applied(world, KNOWN_TOO, "unemployed-registration", {});
  await decided(world, "unemployed-registration", number, { registered_before: null });
  await until(world, page, 'a[href$="/files/result.pdf"]');
  await world.look(page, "unemployed-registration-issued");
  return number;
}

async function referral(world) {
  const { page, number } = await applied(world, UNKNOWN, "employment-referral", {});
  await decided(world, "employment-referral", number, { referral_kind: "employment" });
  await until(world, page, 'a[href$="/files/result.pdf"]');
  await world.look(page, "employment-referral-issued");
  return number;
}

async function unemployedCertificate(world) {
  const { page, number } = await applied(world, KNOWN_TWINS, "unemployed-certificate", {});
  // By an order of the head the certificate is stamped at once where the register knows the person; else the office has it.
  const office = await atWork(world, SOCIAL.office);
  for (const began = Date.now(); Date.now() - began < 15_000;) {
    await page.reload();
    if (await resultLink(page).count()) break;
    await world.open(office, "/kk/region");
    if (await office.getByRole("link", { name: number, exact: true }).count()) break;
  }
  const stamped = await resultLink(page).count();
  if (!stamped) {
    await openCase(world, office, number);
    await world.look(office, "unemployed-certificate-office");
  }
  await world.look(page, "unemployed-certificate-case");
  return stamped ? `${number}, stamped` : `${number}, at the office`;
}

/** An operator takes an application in, scans all that is required, certifies it; answers the page, the number, the address. */
async function takenAt(world, operator, service, provider, person, answers = {}) {
  const page = await atWork(world, operator, "center");
  await world.open(page, `/kk/center/new/${service}`);
  await page.selectOption('[name="provider"]', provider);
  await fillAll(page.locator(MAIN).last(), { "applicant-iin": person.iin, "applicant-name": person.name, representation: "self", address: ADDRESS, phone: PHONE, medium: "paper", ...answers });
  await world.look(page, `center-new-${service}`);
  await page.getByRole("button", { name: word("op-ask-register") }).click();
  await page.waitForSelector(".q-case");
  await until(world, page, '[id^="paper-"]');
  await world.look(page, `center-papers-${service}`);
  const ids = await page.locator('[id^="paper-"]').evaluateAll((all) =>
    all.filter((it) => !it.querySelector("h3 .q-optional")).map((it) => it.id.replace("paper-", "")));
  for (const id of ids) {
    const place = page.locator(`#paper-${id}`);
    await place.locator('input[type="file"]').setInputFiles(scan(id));
    await place.locator('form[enctype] button[type="submit"]').click();
    await page.locator(`#paper-${id}`).getByText(`${id}.pdf`).first().waitFor();
  }
  for (const id of ids) await page.locator(`#present-${id}`).check();
  const address = new URL(page.url()).pathname;
  await page.getByRole("button", { name: word("off-to-signing") }).click();
  await page.waitForLoadState();
  // Where the act asks the registers after the papers, their answer is waited for.
  await until(world, page, "[data-sign]", address);
  const number = await signRequest(world, page, operator.key);
  await world.open(page, address);
  return { page, number, address };
}

/** The operator gives the paper out. */
async function givenOut(world, page, address, person, name) {
  await until(world, page, '[name="taken-by"]', address);
  await world.look(page, `${name}-hand-over`);
  await page.fill('[name="taken-by"]', person.name);
  await page.fill('[name="document"]', "жеке куәлік № 000000000");
  await page.locator('form[action$="/hand-over"] button[type="submit"]').click();
  await page.waitForSelector('[name="taken-by"]', { state: "detached" });
  await world.open(page, address);
  await world.look(page, `${name}-given-out`);
  assert.ok((await page.locator("main").innerText()).includes(person.name));
}

/** The form of the originals on a case page: pages for every document listed, then its button. */
async function moveOriginals(page, pages, done) {
  const form = page.locator('form[action$="/originals"]');
  for (const field of await form.locator('[name^="pages."]').all()) await field.fill(pages);
  if (await form.locator('[name="courier"]').count()) await form.locator('[name="courier"]').fill("Рахимов Тимур");
  await form.locator('button[type="submit"]').click();
  await page.getByText(word(done), { exact: true }).first().waitFor();
}

async function paperAtTheMobileCenter(world) {
  const { page, number, address } = await takenAt(world, MOBILE, "child-allowance", "abai-social", APPLICANT, { "children.0.child_kinship": "parent", own_occupation: "works", own_income: "30000", plot: "none" });
  await page.getByRole("link", { name: word("op-print-receipt") }).click();
  await page.getByText(number).first().waitFor();
  const receipt = await page.locator("main").innerText();
  for (const said of ["Абай ауданының мобильдік", "Құрма ауылы", "сейсенбі"]) assert.ok(receipt.includes(said), `the receipt does not say ${said}`);
  await world.look(page, "mobile-receipt");
  const hall = await atWork(world, OPERATOR, "center");
  assert.equal(await world.open(hall, address), 404, "another center reads the case");
  await world.open(page, address);
  await world.look(page, "mobile-originals");
  await moveOriginals(page, "2", "orig-done-handed");
  const office = await atWork(world, SOCIAL.office);
  await openCase(world, office, number);
  await until(world, office, 'form[action$="/originals"]');
  await world.look(office, "region-originals");
  await moveOriginals(office, "1", "orig-done-received");
  await world.look(office, "region-originals-missing");
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, SOCIAL.head);
  await openCase(world, head, number);
  await instruct(head, "Қарап, нәтижесін дайындаңыз.", SOCIAL.executor);
  const executor = await atWork(world, SOCIAL.executor);
  await openCase(world, executor, number);
  const form = act(executor, "grant");
  await fillAll(form, { period_from: "01.12.2026", period_to: "28.02.2027" });
  await form.locator('button[type="submit"]').last().click();
  await executor.getByText(word("done-prepared"), { exact: true }).first().waitFor();
  await openCase(world, head, number);
  await signByHand(world, head);
  await openCase(world, office, number);
  await moveOriginals(office, "1", "orig-done-handed");
  await act(office, "dispatch").locator('[name="courier"]').fill("Рахимов Тимур");
  await give(office, "dispatch", "done-dispatched");
  await until(world, page, 'form[action$="/originals"] [name^="pages."]', address);
  await moveOriginals(page, "1", "orig-done-received");
  await moveOriginals(page, "1", "orig-done-back");
  await givenOut(world, page, address, APPLICANT, "mobile-paper");
  await world.open(page, "/kk/center/originals");
  await world.look(page, "center-originals-register");
  await world.open(office, "/kk/region/originals");
  await world.look(office, "region-originals-register");
  return number;
}

async function refusalOnPaper(world) {
  const { page, number, address } = await takenAt(world, OPERATOR, "asa-recipient-certificate", "abai-social", APPLICANT);
  const office = await atWork(world, SOCIAL.office);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, SOCIAL.head);
  await openCase(world, head, number);
  await instruct(head, "Қарап, нәтижесін дайындаңыз.", SOCIAL.executor);
  const executor = await atWork(world, SOCIAL.executor);
  await openCase(world, executor, number);
  const ground = await act(executor, "refuse").locator('[name="ground"]').first().getAttribute("value");
  await refuse(executor, ground, "Ұсынылған құжаттар сәйкес келмейді.");
  await openCase(world, head, number);
  await world.look(head, "paper-refusal-to-sign");
  await signByHand(world, head);
  await openCase(world, office, number);
  const courier = act(office, "dispatch").locator('[name="courier"]');
  if (await courier.count()) await courier.fill("Юлдашев Баходыр");
  await give(office, "dispatch", "done-dispatched");
  await givenOut(world, page, address, APPLICANT, "paper-refusal");
  assert.ok((await page.locator("main").innerText()).includes(word("st-refused")), "the case does not end as refused");
  return number;
}

/** An office of the region takes an application in and registers it. */
async function takenInRegion(world, page, service, answers = {}) {
  await world.open(page, `/kk/region/new/${service}`);
  await fillAll(page.locator(MAIN).last(), { "applicant-iin": APPLICANT.iin, "applicant-name": APPLICANT.name, representation: "self", ...answers });
  await world.look(page, `region-new-${service}`);
  await page.getByRole("button", { name: word("ri-to-papers"), exact: true }).last().click();
  await page.waitForSelector('[name="kind"][value="accept"]', { state: "attached" });
  const ids = await page.locator('[id^="paper-"]').evaluateAll((all) => all.filter((it) => !it.querySelector("h3 .q-optional")).map((it) => it.id));
  if (ids.length > 3) {
    await scanRequired(page);
  } else {
    for (const id of ids) {
      const place = page.locator(`#${id}`);
      await place.locator('input[type="file"]').setInputFiles(scan(id));
      await place.locator('form[enctype] button[type="submit"]').click();
      await page.locator(`#${id}`).getByText(`${id}.pdf`).first().waitFor();
    }
  }
  return register(page);
}

async function certificateAtTheAkim(world) {
  const specialist = await atWork(world, AKIM.specialist);
  const number = await takenInRegion(world, specialist, "asa-recipient-certificate");
  const akim = await atWork(world, AKIM.akim);
  await openCase(world, akim, number);
  await instruct(akim, "Анықтаманы дайындаңыз.", AKIM.executor);
  const executor = await atWork(world, AKIM.executor);
  await openCase(world, executor, number);
  const form = act(executor, "grant");
  await fillAll(form);
  await world.look(executor, "akim-certificate-grant");
  await form.locator('button[type="submit"]').last().click();
  await executor.getByText(word("done-prepared"), { exact: true }).first().waitFor();
  await openCase(world, akim, number);
  await signByHand(world, akim);
  const hands = await act(akim, "hand-over").count() ? akim : specialist;
  await openCase(world, hands, number);
  await world.look(hands, "akim-certificate-issue");
  await handOver(hands);
  await world.open(hands, "/kk/region/journal/all");
  assert.ok((await hands.locator("main").innerText()).includes(word("st-issued")));
  return number;
}

/** Where there is no provider at the place of residence the akim takes in; elsewhere the service is not offered there. */
async function providerAbsent(world) {
  const specialist = await atWork(world, AKIM.specialist);
  await world.open(specialist, "/kk/region/new");
  const offered = await specialist.locator("main a[href*='/region/new/']").evaluateAll((all) => all.map((it) => it.getAttribute("href").split("/").pop()));
  for (const service of ["state-targeted-social-assistance", "rural-specialist-fuel-aid"]) assert.ok(offered.includes(service), `${service} is not offered: ${offered}`);
  const number = await takenInRegion(world, specialist, "rural-specialist-fuel-aid");
  await world.look(specialist, "akim-fuel-registered");
  const page = await world.visitor();
  await world.open(page, "/kk/services/rural-specialist-fuel-aid");
  assert.ok((await page.locator("#where ~ *").allInnerTexts()).join(" ").includes("Құрма"), "the passport does not name the akim's office");
  const other = await atWork(world, OFFICE);
  assert.equal(await world.open(other, "/kk/region/new/rural-specialist-fuel-aid"), 404, "a body that does not serve it takes it in");
  return number;
}

async function withoutScript(world) {
  const page = await world.visitor({ javaScriptEnabled: false });
  await world.open(page, "/kk/center/sign-in");
  await page.fill('[name="login"]', OPERATOR.login);
  await page.fill('[name="password"]', "Qyzmet-2026");
  await page.locator('main form button[type="submit"]').first().click();
  await page.waitForSelector("details[data-menu]");
  await world.open(page, "/kk/center/new/unemployed-registration");
  assert.ok(await page.locator('[name="power_number"]').isVisible(), "without script a conditional field is not there to be filled");
  await page.selectOption('[name="provider"]', "abai-social");
  await page.fill('[name="applicant-iin"]', KNOWN_TOO.iin);
  await page.fill('[name="applicant-name"]', KNOWN_TOO.name);
  await page.check('[name="representation"][value="notarised"]');
  await page.getByRole("button", { name: word("op-ask-register") }).click();
  await page.waitForSelector(".govuk-error-summary");
  const told = await page.locator(".govuk-error-summary a").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
  assert.ok(told.some((it) => it.includes("power_number")), `nobody tells that the power is missing: ${told}`);
  // Now for himself: what was typed into fields that are not asked for is forgotten, and nothing of them is wrong.
  await page.check('[name="representation"][value="self"]');
  await page.fill('[name="power_number"]', "1-204");
  await fillAll(page.locator(MAIN).last(), { representative_iin: null, representative_name: null, power_date: null, address: ADDRESS, phone: PHONE });
  await page.getByRole("button", { name: word("op-ask-register") }).click();
  await page.waitForSelector(".q-case");
  assert.ok(!(await page.locator("main").innerText()).includes("1-204"), "a power that is not asked for was kept");
}

async function fifteenth(world) {
  const { page, number, address } = await takenAt(world, OPERATOR, "street-music-permit", "abai-education", UNKNOWN, { instrument: "dombyra", days: "3" });
  const office = await atWork(world, OFFICE);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  await instruct(head, "Қарап, нәтижесін дайындаңыз.", EXECUTOR);
  const executor = await atWork(world, EXECUTOR);
  await openCase(world, executor, number);
  const form = act(executor, "grant");
  await fillAll(form, { place: "Орталық алаң" });
  await form.locator('button[type="submit"]').last().click();
  await executor.getByText(word("done-prepared"), { exact: true }).first().waitFor();
  await openCase(world, head, number);
  await signByHand(world, head, "353200000-2026-");
  await openCase(world, office, number);
  const courier = act(office, "dispatch").locator('[name="courier"]');
  if (await courier.count()) await courier.fill("Юлдашев Баходыр");
  await give(office, "dispatch", "done-dispatched");
  await givenOut(world, page, address, UNKNOWN, "fifteenth");
  return number;
}

export const walked = [
  { name: "8 walked: the unemployed is registered through the portal, to the signed notification", act: unemployed },
  { name: "8 walked: a referral to work through the portal, to the signed referral", act: referral },
  { name: "8 walked: the certificate of the unemployed through the portal", act: unemployedCertificate },
  { name: "8 walked: on paper at the mobile center, originals by courier and back, to the handing over", act: paperAtTheMobileCenter },
  { name: "8 walked: a refusal on paper is handed over at the center", act: refusalOnPaper },
  { name: "8 walked: the certificate of aid at the rural akim", act: certificateAtTheAkim },
  { name: "8 walked: where there is no provider the akim takes in", act: providerAbsent },
  { name: "8 walked: a form with conditions without script", act: withoutScript },
  { name: "8 walked: an invented fifteenth service at the center, with its papers", act: fifteenth },
];
