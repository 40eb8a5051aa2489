// SPDX-License-Identifier: MIT OR Apache-2.0
// Keys that must not sign: the act's refusal notice, nothing sent, the draft kept; then the right key sends the same draft. And
// what is not signed in the page at all: with a key out of its term, without the net, what another tab has changed.
import assert from "node:assert/strict";
import { KNOWN } from "../people.mjs";
import { begin, fill, notOffered, numberShown, openKey, resultReady, sign, signedIn, toReview } from "../portal.mjs";
import { problemOf } from "../ncalayer.mjs";
import { word, worded } from "../words.mjs";

const BAD = [["revoked", "eds-revoked"], ["other-iin", "eds-other-person"]];

async function refused(world, page, key, why) {
  await openKey(page, world.demo.key(key));
  const warned = await page.textContent("[data-sign-problem]");
  assert.equal(warned.includes(word("sign-refused-application")), key === "other-iin", `${key}: ${warned}`);
  await sign(page);
  await page.getByRole("heading", { name: word("sent-refused-title") }).waitFor();
  const text = await page.locator("main").innerText();
  assert.ok(text.includes(word(why)), `${key}: the reason is not told: ${text}`);
  assert.ok(text.includes(word("sent-draft-kept")), `${key}: the page does not say that the draft is kept`);
  assert.match(text, /ЭЦҚ түпнұсқалығы/, `${key}: the words of the act (process 4) are missing`);
  await world.look(page, `refused-${key}`);
}

async function threeBadKeys(world) {
  const page = await reviewed(world);
  const review = page.url();
  await openKey(page, world.demo.key("expired"));
  await notOffered(page, "serr-expired", "sign-not-sent", "sign-kept");
  assert.match(await page.textContent("[data-sign-term]"), worded("sign-cert-ended"), "the term is not marked");
  assert.ok(word("serr-expired").startsWith(await page.textContent("[data-sign-problem] strong >> nth=0")), "the cause does not stand out");
  assert.equal(await page.textContent("[data-sign-problem] strong >> nth=1"), word("sign-not-sent"), "that nothing was sent does not stand out");
  const [box, other] = await Promise.all(["[data-sign-problem]", "[data-sign-other]"].map((it) => page.locator(it).boundingBox()));
  assert.ok(box.y + box.height <= other.y, "the way on is not below what asks for it");
  assert.equal(await page.getByRole("heading", { name: word("sign-what"), exact: true }).count(), 1);
  await world.look(page, "review-expired");
  await page.click("[data-sign-other]");
  for (const [key, why] of BAD) {
    await refused(world, page, key, why);
    await page.getByText(word("sent-try-again"), { exact: true }).click();
    await page.waitForSelector("[data-sign]");
    assert.equal(page.url(), review, "the same draft is reviewed again");
    assert.ok((await page.locator("main").innerText()).includes(KNOWN.children[0].surname));
  }
  await refusedInHistory(world, page);
  await openKey(page, world.demo.key(KNOWN.key));
  await sign(page);
  await numberShown(page);
  await resultReady(page);
}

/** The refused attempts are told as such, and the page of one leads back to the draft. */
async function refusedInHistory(world, page) {
  const review = page.url();
  await world.open(page, "/kk/cabinet/history");
  assert.ok(await page.getByText(word("st-unsigned"), { exact: true }).count() >= BAD.length, "the refused attempts are not told");
  await world.look(page, "history-refused");
  await page.getByRole("link", { name: worded("cab-attempt") }).first().click();
  const text = await page.locator("main").innerText();
  for (const id of ["cab-tried", "tl-no"]) assert.ok(text.includes(word(id)), `${id}: ${text}`);
  await world.look(page, "case-attempt-refused");
  await page.getByRole("link", { name: word("sent-try-again") }).click();
  await page.waitForURL(review);
}

async function reviewed(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN);
  await begin(world, page);
  await fill(page, KNOWN);
  await toReview(page);
  return page;
}

/** The net breaks before the signature, then while the application is sent; at last the same page sends it. */
async function withoutNet(world) {
  const page = await reviewed(world);
  const pressed = async () => {
    await page.click("[data-sign-submit]");
    return problemOf(page);
  };
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await openKey(page, world.demo.key(KNOWN.key));
  const offline = await pressed();
  assert.ok(offline.includes(word("serr-offline")) && offline.includes(word("sign-not-sent")), offline);
  await page.context().setOffline(false);
  await world.look(page, "review-offline");
  await page.route("**/send", (route) => route.abort());
  const unknown = await pressed();
  assert.ok(unknown.includes(word("sign-sent-unknown")) && !unknown.includes(word("sign-not-sent")), unknown);
  assert.equal(await page.locator("[data-sign-problem]").getByRole("link", { name: word("nav-history") }).count(), 1);
  await world.look(page, "review-sent-unknown");
  await page.unroute("**/send");
  await sign(page);
  await numberShown(page);
  world.complaints = world.complaints.filter((it) => !/net::ERR_(INTERNET_DISCONNECTED|FAILED)/.test(it));
}

/** The server takes the application and its answer is lost: nothing is called unsent, and the same button leads to the case. */
async function answerLost(world) {
  const page = await reviewed(world);
  const pressed = async () => {
    await page.click("[data-sign-submit]");
    const text = await problemOf(page);
    assert.ok(text.includes(word("sign-sent-unknown")) && !text.includes(word("sign-not-sent")), text);
    return text;
  };
  await openKey(page, world.demo.key(KNOWN.key));
  const taken = [];
  await page.route("**/send", async (route) => {
    taken.push((await route.fetch({ maxRedirects: 0 })).status());
    await route.abort("connectionreset");
  }, { times: 1 });
  await pressed();
  assert.deepEqual(taken, [303], "the server did not take the application");
  await page.context().setOffline(true);
  assert.ok((await pressed()).includes(word("serr-offline")), "the lost net is not told of");
  await page.context().setOffline(false);
  await page.click("[data-sign-other]");
  await openKey(page, world.demo.key("expired"));
  const other = await page.textContent("[data-sign-problem]");
  assert.ok(other.includes(word("serr-expired")) && !other.includes(word("sign-not-sent")), other);
  await sign(page);
  await numberShown(page);
  await page.goBack();
  await page.getByText(word("sent-before")).waitFor();
  world.complaints = world.complaints.filter((it) => !/net::ERR_(INTERNET_DISCONNECTED|CONNECTION_RESET)/.test(it));
}

/** A part of the script that is missing, as after an upgrade, is no lost net: the page is to be refreshed. */
async function partMissing(world) {
  const page = await world.visitor();
  await page.route("**/keyfile-*.js", (route) => route.fulfill({ status: 404 }));
  await signedIn(world, page, KNOWN);
  await begin(world, page);
  await fill(page, KNOWN);
  await toReview(page);
  await page.check('[data-sign-way="key-file"]');
  await page.setInputFiles("[data-sign-file]", world.demo.key(KNOWN.key));
  await page.fill("[data-sign-password]", "any");
  await page.click("[data-sign-open]");
  const text = await problemOf(page);
  for (const id of ["serr-content", "sign-not-sent", "sign-kept"]) assert.ok(text.includes(word(id)), `${id}: ${text}`);
  await page.context().setOffline(true);
  await page.click("[data-sign-open]");
  const offline = await problemOf(page);
  assert.ok(offline.includes(word("serr-offline")), offline);
  await page.context().setOffline(false);
  await page.unroute("**/keyfile-*.js");
  await page.reload();
  await openKey(page, world.demo.key(KNOWN.key));
  await sign(page);
  await numberShown(page);
  world.complaints = world.complaints.filter((it) => !/status of 404|net::ERR_INTERNET_DISCONNECTED/.test(it));
}

/** What a tab shows is what is signed in it: another tab has changed the application meanwhile. */
async function anotherTab(world) {
  const page = await reviewed(world);
  const review = page.url();
  const other = await page.context().newPage();
  await other.goto(review.replace("/review", ""));
  await other.fill('[name="address"]', "Абай қаласы, Басқа көше, 999");
  await toReview(other);
  await openKey(page, world.demo.key(KNOWN.key));
  await page.click("[data-sign-submit]");
  const text = await problemOf(page);
  assert.ok(text.includes(word("serr-changed")) && text.includes(word("sign-not-sent")), text);
  await page.reload();
  assert.ok((await page.locator("main").innerText()).includes("999"), "the page does not show what is signed now");
  await openKey(page, world.demo.key(KNOWN.key));
  await sign(page);
  await numberShown(page);
}

/** The person has signed out in another tab: the page says that the session is over and leads to sign-in, which leads back. */
async function sessionOver(world) {
  const page = await reviewed(world);
  const { pathname } = new URL(page.url());
  await openKey(page, world.demo.key(KNOWN.key));
  await page.context().clearCookies({ name: "__Host-portal" });
  await page.click("[data-sign-submit]");
  const text = await problemOf(page);
  for (const id of ["serr-session-over", "sign-not-sent", "sign-kept"]) assert.ok(text.includes(word(id)), `${id}: ${text}`);
  await world.look(page, "review-session-over");
  await page.locator("[data-sign-problem]").getByRole("link", { name: word("nav-sign-in") }).click();
  await page.waitForURL(/\/sign-in\?/);
  assert.ok(decodeURIComponent(page.url()).includes(pathname.replace("/kk", "")), page.url());
}

/** Another tab has sent the application: this one signs nothing and leads to the case, where nothing is to be done again. */
async function anotherTabSent(world) {
  const page = await reviewed(world);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await openKey(page, world.demo.key(KNOWN.key));
  await openKey(other, world.demo.key(KNOWN.key));
  await sign(other);
  const number = await numberShown(other);
  await page.click("[data-sign-submit]");
  await page.waitForURL(/\/cases\/[^/]+$/);
  const text = await page.locator("main").innerText();
  for (const it of [word("sent-before"), number]) assert.ok(text.includes(it), `${it}: ${text}`);
  await world.look(page, "sent-before");
}

async function wrongKeyPassword(world) {
  const page = await reviewed(world);
  await page.check('[data-sign-way="key-file"]');
  await page.setInputFiles("[data-sign-file]", world.demo.key(KNOWN.key));
  await page.fill("[data-sign-password]", "not this one");
  await page.click("[data-sign-open]");
  await page.waitForSelector("[data-sign-problem]:not([hidden])");
  const text = await page.textContent("[data-sign-problem]");
  assert.ok(text.includes(word("serr-key-password")) && text.includes(word("sign-not-sent")), text);
  await world.look(page, "review-wrong-key-password");
}

export const keys = [
  { name: "4 bad keys: expired, revoked, another's; nothing sent, then the right key sends the same draft", act: threeBadKeys },
  { name: "4b bad keys: a wrong password of the key is told, nothing is sent", act: wrongKeyPassword },
  { name: "4c no net: nothing sent is told as such, a lost answer as unknown, the same page sends at last", act: withoutNet },
  { name: "4c lost answer: what was sent is not called unsent, the same button leads to the case", act: answerLost },
  { name: "4d tabs: what another tab has changed is not signed in this one", act: anotherTab },
  { name: "4d tabs: what another tab has sent is not signed again, this one leads to the case", act: anotherTabSent },
  { name: "4d tabs: a session that another tab has ended is told as over, with the way to sign in", act: sessionOver },
  { name: "4e a missing part of the script: the page is to be refreshed, the net is not blamed", act: partMissing },
];
