// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing by NCALayer: the citizen, the head; what goes wrong is told in plain words and loses nothing. And the watch over
// what leaves the page when a key file signs.
import assert from "node:assert/strict";
import { EXECUTOR, HEAD, KNOWN, KNOWN_TOO, OFFICE, SERVICE, UNKNOWN } from "../people.mjs";
import { apply, begin, fill, follow, numberShown, openKey, resultLink, resultReady, sign, signedIn, toReview } from "../portal.mjs";
import { act, atWork, give, grant, instruct, openCase } from "../offices.mjs";
import { chooseNcaLayer, problemOf, withNcaLayer } from "../ncalayer.mjs";
import { watchCatches, watchKey } from "../watch.mjs";
import { word } from "../words.mjs";

const SIGNS = "1.3.6.1.5.5.7.3.4";

async function reviewed(world, person) {
  const page = await world.visitor();
  await signedIn(world, page, person);
  await begin(world, page);
  await fill(page, person);
  await toReview(page);
  return page;
}

/** Presses the button and answers what went wrong. */
async function failed(page) {
  await page.click("[data-sign-submit]");
  return problemOf(page);
}

async function citizen(world) {
  const page = await reviewed(world, KNOWN);
  await world.look(page, "review-ways");
  await page.click("[data-sign-submit]");
  assert.ok((await problemOf(page)).includes(word("serr-choose-way")), "without a way the page does not ask for it");
  await chooseNcaLayer(page);
  await world.look(page, "review-ncalayer");
  await withNcaLayer(world, [KNOWN_TOO.key, KNOWN.key], async (program) => {
    await sign(page);
    await numberShown(page);
    const [{ args }] = program.requests;
    assert.equal(program.requests.length, 1);
    assert.equal(args.signerParams.iin, KNOWN.iin);
    assert.ok(args.signerParams.extKeyUsageOids.includes(SIGNS));
    assert.deepEqual(args.signingParams, { decode: true, encapsulate: false, digested: false });
    assert.equal(args.locale, "kk");
  });
  await resultReady(page);
  // The way is remembered by this browser, and that the program is off now is told before the form, unasked.
  await world.open(page, `/kk/services/${SERVICE}/apply`);
  await page.locator("[data-nca-check]").getByText(word("serr-nca-off")).waitFor();
  await begin(world, page);
  await fill(page, KNOWN);
  await toReview(page);
  assert.ok(await page.isChecked('[data-sign-way="ncalayer"]'), "the last way is not remembered");
}

async function troubles(world) {
  const page = await reviewed(world, KNOWN_TOO);
  const review = page.url();
  await chooseNcaLayer(page);
  const told = async (...ids) => {
    const text = await failed(page);
    for (const id of [...ids, "sign-not-sent", "sign-kept"]) assert.ok(text.includes(word(id)), `${id} is not told: ${text}`);
    assert.equal(page.url(), review);
    assert.ok(await page.evaluate(() => document.activeElement.hasAttribute("data-sign-problem")), "the focus is not on what went wrong");
  };
  await told("serr-nca-off", "serr-nca-absent", "serr-nca-network");
  await world.look(page, "review-ncalayer-off");
  await withNcaLayer(world, [KNOWN_TOO.key], async (program) => {
    for (const [play, id] of [["cancel", "serr-cancelled"], ["locked", "serr-nca-locked"], ["no-key", "serr-nca-no-key"], ["busy", "serr-nca-busy"], ["close", "serr-nca-closed"], ["failure", "serr-nca-refused"]]) {
      program.plays = [play];
      await told(id);
      await world.look(page, `review-ncalayer-${play}`);
    }
    program.modules.clear();
    await told("serr-nca-old");
  });
  // Only another person's key is there: its window shows none, and closing it says what that means.
  await withNcaLayer(world, [KNOWN.key], () => told("serr-cancelled", "serr-nca-no-key-shown"));
  // An old program lets another's key be chosen; its signature is not sent.
  await withNcaLayer(world, [KNOWN.key], async (program) => {
    program.modules.delete("kz.gov.pki.knca.basics");
    await told("serr-other-person");
  });
  // Nothing is lost: the same review is sent by a key file.
  await openKey(page, world.demo.key(KNOWN_TOO.key));
  await sign(page);
  await numberShown(page);
}

async function keyboard(world) {
  const page = await reviewed(world, KNOWN_TOO);
  const focusOn = async (selector) => {
    for (let count = 0; count < 60; count += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((it) => document.activeElement?.matches(it), selector)) return;
    }
    assert.fail(`the keyboard does not reach ${selector}`);
  };
  await focusOn("[data-sign-way]");
  await page.keyboard.press("Space");
  assert.ok(await page.isChecked('[data-sign-way="ncalayer"]'));
  assert.equal(await page.locator("[data-sign] fieldset legend").innerText(), word("sign-way"));
  await withNcaLayer(world, [KNOWN_TOO.key], async () => {
    await focusOn("[data-sign-submit]");
    await page.evaluate(() => { globalThis.qyzmetLeft = true; });
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !globalThis.qyzmetLeft && document.readyState === "complete");
    await numberShown(page);
  });
}

async function head(world) {
  const citizen = await world.visitor();
  await signedIn(world, citizen, UNKNOWN);
  await apply(world, citizen, UNKNOWN);
  const number = await numberShown(citizen);
  await follow(citizen);
  const office = await atWork(world, OFFICE);
  await openCase(world, office, number);
  await give(office, "accept", "done-accepted");
  const page = await atWork(world, HEAD);
  await openCase(world, page, number);
  await instruct(page);
  const executor = await atWork(world, EXECUTOR);
  await openCase(world, executor, number);
  await grant(executor);
  await openCase(world, page, number);
  await act(page, "sign").locator('button[type="submit"]').click();
  await page.waitForSelector("[data-sign]");
  await chooseNcaLayer(page);
  // His own key as a citizen does not sign for the office, nor does another official's key.
  await withNcaLayer(world, [EXECUTOR.key, UNKNOWN.key], async () => {
    assert.ok((await failed(page)).includes(word("serr-cancelled")));
  });
  await withNcaLayer(world, [EXECUTOR.key, HEAD.key], async (program) => {
    await page.click("[data-sign-submit]");
    await page.getByText(word("done-signed"), { exact: true }).first().waitFor();
    assert.match(program.requests[0].args.signerParams.bin, /^\d{12}$/);
  });
  await resultLink(citizen).waitFor();
}

/** The policy of the page lets scripts reach NCALayer and nothing else. */
async function policy(world) {
  const page = await world.visitor();
  const answer = await page.goto(`${world.demo.base}/kk`);
  const csp = answer.headers()["content-security-policy"];
  const directive = (name) => csp.split(";").map((it) => it.trim()).find((it) => it.startsWith(`${name} `));
  assert.equal(directive("connect-src"), "connect-src 'self' wss://127.0.0.1:13579");
  assert.equal(directive("default-src"), "default-src 'self'");
  // No script of the page has asked for NCALayer before anybody wanted to sign.
  const watched = await page.evaluate(async () => {
    const blocked = [];
    addEventListener("securitypolicyviolation", (event) => blocked.push(event.blockedURI));
    for (const address of ["wss://127.0.0.1:13580", "ws://127.0.0.1:13579", "wss://example.org"]) {
      try { new WebSocket(address); } catch { blocked.push(address); }
    }
    await new Promise((done) => setTimeout(done, 200));
    return blocked.length;
  });
  assert.ok(watched >= 3, `${watched} of 3 foreign sockets were blocked`);
  world.complaints = world.complaints.filter((it) => !/Content Security Policy|foreign address: wss?:\/\/(127\.0\.0\.1:135|example)/.test(it));
}

async function watched(world) {
  const page = await reviewed(world, KNOWN_TOO);
  const file = world.demo.keyBytes(KNOWN_TOO.key);
  const { sent, nothingLeft } = await watchKey(page, file);
  // A wrong password, the right one, the signature, the page after it.
  await page.check('[data-sign-way="key-file"]');
  await page.setInputFiles("[data-sign-file]", world.demo.key(KNOWN_TOO.key));
  await page.fill("[data-sign-password]", "not this one");
  await page.click("[data-sign-open]");
  await problemOf(page);
  await openKey(page, world.demo.key(KNOWN_TOO.key));
  await sign(page);
  await numberShown(page);
  const count = await nothingLeft();
  assert.equal(sent.length, 1, "one form is sent");
  const other = await world.visitor();
  await world.open(other, "/kk");
  const complained = world.complaints.length;
  const caught = await withNcaLayer(world, [], () => watchCatches(other, file));
  // What the trials provoke is no complaint of the page.
  world.complaints.length = complained;
  return `${count} messages judged; the watch catches ${caught.join(", ")}`;
}

export const ncalayer = [
  { name: "10 ncalayer: a citizen applies; whose key and for what is passed on; the way is remembered", act: citizen },
  { name: "10 ncalayer: not running, cancelled, locked, wrong key, busy, closed, old: told with what to do, nothing is lost", act: troubles },
  { name: "10 ncalayer: by the keyboard alone", act: keyboard },
  { name: "10 ncalayer: the head signs the result with the key of his office, no other", act: head },
  { name: "10 policy: scripts reach NCALayer and nothing else", act: policy },
  { name: "10 watch: neither the key nor its password leaves the page, in any form, by any way", act: watched },
];
