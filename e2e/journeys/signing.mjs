// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing besides the application: into the cabinet by EDS, a trial before the form, several results by the head in one act.
import assert from "node:assert/strict";
import { EXECUTOR, HEAD, KNOWN, NOBODY, OFFICE, PROVIDER, SERVICE, UNKNOWN } from "../people.mjs";
import { apply, begin, beginButton, button, bytesOf, fill, link, notOffered, numberShown, openKey, sign, signIn, signOut, signedIn, toReview } from "../portal.mjs";
import { atWork, give, grant, instruct, openCase, sendBack } from "../offices.mjs";
import { chooseNcaLayer, withNcaLayer } from "../ncalayer.mjs";
import { prepared } from "../prepared.mjs";
import { pdfIsGood, qrOfPicture } from "../verifiers.mjs";
import { word, worded } from "../words.mjs";

async function byEds(world) {
  const page = await world.visitor();
  await world.open(page, "/kk/cabinet");
  await page.waitForSelector('[name="password"]');
  await button(page, "sign-in-eds-title").click();
  await page.waitForSelector("[data-sign]");
  await world.look(page, "sign-in-eds");
  await openKey(page, world.demo.key("expired"));
  await notOffered(page, "serr-expired", "sign-nothing-done");
  await world.look(page, "sign-in-eds-expired");
  await page.click("[data-sign-other]");
  for (const [key, why, warned] of [["revoked", "eds-revoked"], [HEAD.key, "eds-not-personal", "serr-employee-key"]]) {
    await openKey(page, world.demo.key(key));
    if (warned) assert.ok((await page.textContent("[data-sign-problem]")).includes(word(warned)), `${key} is not warned of`);
    await sign(page);
    await page.getByText(word(why)).first().waitFor();
    await world.look(page, `sign-in-eds-${key}`);
  }
  await chooseNcaLayer(page);
  await withNcaLayer(world, [NOBODY.key], async (program) => {
    await sign(page);
    // The demonstration has made an account of the same number; it is not joined without its password.
    await page.fill('[name="password"]', "басқа құпиясөз");
    await world.look(page, "sign-in-claimed");
    await button(page, "claim-mine-button").click();
    await page.waitForSelector(".govuk-error-summary");
    await world.look(page, "sign-in-claimed-refused");
    await button(page, "claim-new-button").click();
    await page.waitForSelector("details[data-menu]");
    assert.ok(!("iin" in program.requests[0].args.signerParams), "nobody is named before he has signed in");
  });
  assert.equal(new URL(page.url()).pathname, "/kk/cabinet", "where the person was going");
  await page.getByText(word("sign-in-eds-first")).first().waitFor();
  await world.open(page, "/kk/cabinet/sign-ins");
  assert.ok((await page.locator("main").innerText()).includes(word("acc-signed-in-eds")));
  await world.look(page, "sign-ins-eds");
  await signOut(page);
  // The same person again, by the key file, from another browser: the same account.
  const other = await world.visitor();
  await world.open(other, "/kk/sign-in/eds");
  await openKey(other, world.demo.key(NOBODY.key));
  await sign(other);
  await other.waitForSelector("details[data-menu]");
  await world.open(other, "/kk/cabinet/sign-ins");
  const times = (await other.locator("main").innerText()).split(word("acc-signed-in-eds")).length - 1;
  assert.equal(times, 2);
  await ownPassword(world, other);
}

/** An official enters with the key of the account's holder, and with nobody else's. */
async function officialByEds(world) {
  const page = await world.visitor();
  await world.open(page, "/kk/region/sign-in");
  await link(page, "sign-in-eds-title").click();
  await page.fill('[name="login"]', HEAD.login);
  await page.locator('main form button[type="submit"]').first().click();
  await page.waitForSelector("[data-sign]");
  await world.look(page, "region-sign-in-eds-key");
  await openKey(page, world.demo.key(EXECUTOR.key));
  await sign(page);
  await page.getByText(word("off-eds-refused")).first().waitFor();
  await world.look(page, "region-sign-in-eds-refused");
  // NCALayer is asked for an employee's key before it is known whose.
  await chooseNcaLayer(page);
  await withNcaLayer(world, [UNKNOWN.key, HEAD.key], async () => {
    await sign(page);
    await page.waitForSelector("details[data-menu]");
  });
  assert.equal(new URL(page.url()).pathname, "/kk/region");
}

/** Whoever came by EDS sets a password; with it he enters too, and cannot set another before he comes by EDS again. */
async function ownPassword(world, page) {
  const password = "ұзын құпиясөз 2026";
  await world.open(page, "/kk/cabinet");
  await link(page, "pw-title").click();
  await page.fill('[name="password"]', password);
  await page.fill('[name="repeat"]', "басқа");
  await button(page, "pw-save").click();
  await page.waitForSelector(".govuk-error-summary");
  await world.look(page, "own-password");
  await page.fill('[name="password"]', password);
  await page.fill('[name="repeat"]', password);
  await button(page, "pw-save").click();
  await page.getByText(word("pw-done")).first().waitFor();
  await signOut(page);
  await signIn(world, page, NOBODY, password);
  await page.waitForSelector("details[data-menu]");
  await world.open(page, "/kk/cabinet/password");
  await page.getByText(word("pw-by-eds-only")).waitFor();
  assert.equal(await page.locator('[name="password"]').count(), 0);
}

async function readiness(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN);
  await world.open(page, `/kk/services/${SERVICE}/apply`);
  assert.ok((await page.locator("main").innerText()).includes(word("ready-title")));
  const check = page.locator("[data-nca-check]");
  await check.locator("button").click();
  await check.getByText(word("serr-nca-off")).waitFor();
  await world.look(page, "apply-begin-no-ncalayer");
  await withNcaLayer(world, [], async () => {
    await check.locator("button").click();
    await check.getByText(word("ready-nca-ok")).waitFor();
  });
  await page.getByText(word("ready-cannot"), { exact: true }).click();
  const places = await page.locator("details", { hasText: word("ready-cannot") }).innerText();
  assert.match(places, /Мемлекеттік корпорация/, `no other way is named: ${places}`);
  await world.look(page, "apply-begin-elsewhere");
  // Nobody is held back: the form can be begun without any check, here and on the page of the trial.
  assert.equal(await beginButton(page).count(), 1);
  await page.check(`[name="provider"][value="${PROVIDER}"]`);
  await button(page, "apply-check-begin").click();
  await page.waitForSelector("[data-sign]");
  assert.equal(await button(page, "ready-go-on").count(), 1);
  await world.look(page, "ready");
  for (const [key, why] of [["revoked", "eds-revoked"], ["other-iin", "eds-other-person"]]) {
    await openKey(page, world.demo.key(key));
    await sign(page);
    await page.getByRole("heading", { name: word("ready-no") }).waitFor();
    const text = await page.locator("main").innerText();
    assert.ok(text.includes(word(why)) && text.includes(word("ready-elsewhere")), text);
    await world.look(page, `ready-${key}`);
  }
  await openKey(page, world.demo.key(KNOWN.key));
  await sign(page);
  await page.waitForSelector('[name="children.0.surname"]');
  await page.getByText(word("ready-yes")).first().waitFor();
}

/** Cases that wait for the head's signature. */
async function waiting(world, count) {
  const numbers = [];
  const citizen = await world.visitor();
  await signedIn(world, citizen, UNKNOWN);
  for (let index = 0; index < count; index += 1) {
    await apply(world, citizen, UNKNOWN);
    numbers.push(await numberShown(citizen));
  }
  const [office, head, executor] = await Promise.all([OFFICE, HEAD, EXECUTOR].map((it) => atWork(world, it)));
  for (const number of numbers) {
    await openCase(world, office, number);
    await give(office, "accept", "done-accepted");
    await openCase(world, head, number);
    await instruct(head);
    await openCase(world, executor, number);
    await grant(executor);
  }
  return { head, numbers };
}

async function several(world) {
  const { head: page, numbers } = await waiting(world, 3);
  await world.open(page, "/kk/region");
  await page.getByRole("button", { name: worded("sev-open") }).click();
  await world.look(page, "several");
  await button(page, "sev-prepare").click();
  await page.waitForSelector(".govuk-error-summary");
  for (const number of numbers) await page.getByLabel(number).check();
  await button(page, "sev-prepare").click();
  await page.waitForSelector("[data-sign]");
  await world.look(page, "several-sign");
  const shown = await page.locator("main").innerText();
  for (const number of numbers) assert.ok(shown.includes(number), `${number} is not shown before it is signed`);
  assert.equal(await page.locator("a[href$='/prepared.pdf']").count(), 2 * numbers.length, "each paper can be read");
  await chooseNcaLayer(page);
  await withNcaLayer(world, [HEAD.key], async (program) => {
    // A closed window signs nothing and loses nothing.
    program.plays = ["cancel"];
    await page.click("[data-sign-submit]");
    await page.waitForSelector("[data-sign-problem]:not([hidden])");
    assert.ok((await page.textContent("[data-sign-problem]")).includes(word("sign-nothing-done")));
    program.requests = [];
    await sign(page);
    assert.equal(program.requests.length, 1, "one call for all");
    assert.equal(program.requests[0].args.data.length, numbers.length);
  });
  await world.look(page, "several-done");
  assert.equal(new URL(page.url()).pathname, "/kk/region/several/done", "reloading or coming back sends nothing again");
  await page.reload();
  const done = await page.locator("main").innerText();
  assert.equal(done.split(word("sev-signed")).length - 1 >= numbers.length, true, done);
  assert.ok(done.includes(counted(numbers.length, numbers.length)), done);
  // Each is a paper of its own that others call good.
  const places = await Promise.all(numbers.map((number) => page.getByRole("link", { name: number, exact: true }).getAttribute("href")));
  for (const place of places) {
    await world.open(page, place);
    await page.waitForSelector(".q-case");
    const href = await page.locator("a[href*='/files/']").evaluateAll((links) => links.map((it) => it.getAttribute("href")));
    const pdfs = (await Promise.all(href.map((it) => bytesOf(page, it)))).filter((it) => it.type.startsWith("application/pdf") && it.bytes.includes("/ByteRange"));
    assert.ok(pdfs.length >= 1, "the signed paper is not on the page of the case");
    for (const { bytes } of pdfs) pdfIsGood(bytes, world.demo.root, world.demo.now());
  }
}

const counted = (signed, all) => word("sev-signed-count").replace("{ $signed }", signed).replace("{ $all }", all);

/** Of a result that its head sent back nothing says that it was signed, whatever the address says. */
async function returned(world) {
  const { head: page, numbers } = await waiting(world, 1);
  await openCase(world, page, numbers[0]);
  const id = new URL(page.url()).pathname.split("/").pop();
  await sendBack(page);
  for (const outcome of ["failed", "signed", "not-prepared"]) {
    await world.open(page, `/kk/region/several/done?${id}=${outcome}`);
    const text = await page.locator("main").innerText();
    assert.ok(text.includes(counted(0, 1)) && text.includes(word("sev-moved")), text);
  }
  await world.look(page, "several-returned");
}

/** As many as one act signs. */
const FORTY = 40;
const LEFT = 3;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** From the queue to the page that shows what one press chose, prepared; answers the numbers of the cases. */
async function chooseAll(world, page) {
  await world.open(page, "/kk/region/several?all=1");
  const labels = await page.locator('[name="case"]:checked').evaluateAll((all) => all.map((it) => it.labels[0].textContent));
  const numbers = labels.map((it) => /\d{9}-\d{4}-P\d+/.exec(it)[0]);
  await button(page, "sev-prepare").click();
  await page.waitForSelector("[data-sign]");
  const shown = await page.locator("main").innerText();
  for (const number of numbers) assert.ok(shown.includes(number), `${number} is not shown before it is signed`);
  assert.equal(await page.locator("[data-sign-content]").count(), numbers.length, "not all were prepared at once");
  return numbers;
}

/** Presses the button once: one request, and every one of them is signed. Answers how long it took. */
async function allAtOnce(page, numbers) {
  const posts = [];
  const note = (request) => { if (request.method() === "POST") posts.push(new URL(request.url()).pathname); };
  page.on("request", note);
  const since = Date.now();
  await sign(page);
  const took = seconds(since);
  page.off("request", note);
  assert.deepEqual(posts, ["/kk/region/several/sign"], "one request for all");
  const done = new URL(page.url());
  assert.equal(done.pathname, "/kk/region/several/done");
  assert.deepEqual([...done.searchParams.values()], numbers.map(() => "signed"), "one act left some undone");
  const text = await page.locator("main").innerText();
  for (const number of numbers) assert.ok(text.includes(number), `${number} is not told`);
  return took;
}

/** Forty results by the head in one press, one question of NCALayer and one request; the few that are left by his GOST key file. */
async function forty(world) {
  const began = Date.now();
  const { head: page, numbers } = await prepared(world, FORTY + LEFT);
  const [made, pressed] = [seconds(began), Date.now()];
  const first = await chooseAll(world, page);
  assert.equal(first.length, FORTY, "the press chooses as many as one act signs");
  const shown = seconds(pressed);
  await chooseNcaLayer(page);
  const signed = await withNcaLayer(world, [HEAD.key], async (program) => {
    const took = await allAtOnce(page, first);
    assert.equal(program.requests.length, 1, "one question for all");
    assert.equal(program.requests[0].args.data.length, FORTY);
    return took;
  });
  const left = await chooseAll(world, page);
  assert.deepEqual([...first, ...left].sort(), numbers.toSorted(), "each is signed once");
  const said = `${FORTY} by NCALayer signed in ${signed}, prepared and shown in ${shown}, made in ${made}`;
  if (!world.demo.signsByGost()) return `${said}; by a GOST key file not run`;
  await openKey(page, world.demo.key(`gost/${HEAD.key}`));
  return `${said}; ${left.length} by a GOST key file in ${await allAtOnce(page, left)}`;
}

/** The way of a telephone, with the simulated application: the code is read from the picture as a camera would. */
async function phone(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN);
  await begin(world, page);
  await fill(page, KNOWN);
  await toReview(page);
  await page.check('[data-sign-way="phone"]');
  await page.click("[data-sign-submit]");
  await page.waitForSelector("[data-sign-phone-code]:not([hidden])");
  await world.look(page, "review-phone");
  await page.click("[data-sign-phone-stop]");
  await page.waitForSelector("[data-sign-problem]:not([hidden])");
  assert.ok((await page.textContent("[data-sign-problem]")).includes(word("sign-not-sent")));
  await page.evaluate(() => { globalThis.qyzmetLeft = true; });
  await page.click("[data-sign-submit]");
  const { telephone, address } = await scanned(world, page, "phone-does-apply");
  await world.look(telephone, "phone");
  assert.equal(await telephone.locator('[data-sign-way="phone"]').count(), 0, "a telephone asks no telephone");
  await openKey(telephone, world.demo.key(KNOWN.key));
  await sign(telephone);
  await telephone.getByRole("heading", { name: word("phone-done") }).waitFor();
  await world.look(telephone, "phone-done");
  await page.waitForFunction(() => !globalThis.qyzmetLeft && document.readyState === "complete");
  await numberShown(page);
  const again = await telephone.goto(address);
  assert.equal(again.status(), 404, "a code serves once");
}

/** Opens on a telephone what the code says; it says what is done, for which site, and the number that the page shows. */
async function scanned(world, page, does) {
  await page.waitForSelector("[data-sign-phone-code]:not([hidden])");
  const [address] = qrOfPicture(await page.locator("[data-sign-phone-picture]").screenshot());
  assert.ok(address?.startsWith(`${world.demo.base}/kk/phone/`), `the code says ${address}`);
  const telephone = await world.visitor({ viewport: { width: 390, height: 800 } });
  await telephone.goto(address);
  await telephone.getByText(word("phone-simulated")).waitFor();
  const number = await page.textContent("[data-sign-phone-number]");
  assert.match(number, /^\d{4}$/);
  const text = await telephone.locator("main").innerText();
  for (const told of [word(does), world.demo.base, number, word("phone-check")]) assert.ok(text.includes(told), `no "${told}" in ${text}`);
  return { telephone, address };
}

/** A sign-in by telephone: the telephone calls it that, whoever sent the code; no other browser can ask for it. */
async function phoneSignIn(world) {
  const page = await world.visitor();
  await world.open(page, "/kk/sign-in/eds");
  await page.check('[data-sign-way="phone"]');
  await page.evaluate(() => { globalThis.qyzmetLeft = true; });
  await page.click("[data-sign-submit]");
  const { telephone } = await scanned(world, page, "phone-does-sign-in");
  await world.look(telephone, "phone-sign-in");
  const ask = await page.getAttribute("[data-sign]", "data-sign-phone-ask");
  const statuses = await telephone.evaluate(async (paths) => {
    const form = () => new URLSearchParams({ "bytes-x": "AA==", "title-x": "Анықтама" });
    const answers = await Promise.all(paths.map((path) => fetch(path, { method: "POST", body: form() })));
    return answers.map((it) => it.status);
  }, [ask, "/kk/phone"]);
  assert.deepEqual(statuses, [404, 404], "another browser asks");
  await openKey(telephone, world.demo.key(KNOWN.key));
  await sign(telephone);
  await page.waitForFunction(() => !globalThis.qyzmetLeft && document.readyState === "complete");
  assert.ok(!(await page.locator("main").innerText()).includes(word("sign-in-eds-not")));
}

export const signing = [
  { name: "11 an official signs in by EDS: his own key opens the workplace, another's does not", act: officialByEds },
  { name: "11 sign-in by EDS: bad keys are told, the first makes the account, the next finds it", act: byEds },
  { name: "11 before the form: NCALayer asked, a trial signature, where to go without a key", act: readiness },
  { name: "11 several: the head signs three results in one act, each shown, each signed for itself", act: several },
  { name: "11b several: what was sent back is not told as signed", act: returned },
  { name: "11 forty: the head signs forty results in one act, by one question of NCALayer; what is left by a GOST key file", act: forty },
  { name: "11 telephone: a code on the page, the simulated application signs, the page goes on; once", act: phone },
  { name: "11 telephone: a sign-in is called one, with a number to compare; another browser cannot ask for it", act: phoneSignIn },
];
