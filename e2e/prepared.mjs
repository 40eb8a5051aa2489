// SPDX-License-Identifier: MIT OR Apache-2.0
// Many cases that wait for the head's signature, made by the forms of the pages without drawing them: what each page asks is
// read, filled in and sent by the browser, so that forty cases take seconds. How hands and eyes do it, other journeys show.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { EXECUTOR, HEAD, KEY_PASSWORD, OFFICE, PROVIDER, SERVICE, UNKNOWN } from "./people.mjs";
import { atWork } from "./offices.mjs";
import { ADDRESS, PHONE, signedIn } from "./portal.mjs";

/** A case comes from the portal to the region, and to the next official, within so many milliseconds. */
const COMES_MS_MAX = 60_000;
const COMES_MS_STEP = 100;

/** Fetches a page; answers the form there, and what the page wants to have signed, or what is wrong. */
async function looked(page, path, selector) {
  return page.evaluate(async ([path, selector]) => {
    const got = await fetch(path);
    const text = await got.text();
    const drawn = new DOMParser().parseFromString(text, "text/html");
    const form = drawn.querySelector(selector);
    if (!form) return { wrong: `${got.status} ${text.slice(0, 2000)}` };
    const place = drawn.querySelector("[data-sign-content]")?.dataset;
    const bytes = place?.signContentHref ? new Uint8Array(await (await fetch(place.signContentHref)).arrayBuffer()) : [];
    const content = place?.signContentBytes ?? btoa(String.fromCharCode(...bytes));
    return { action: form.getAttribute("action") ?? path, fields: [...new FormData(form)], content };
  }, [path, selector]);
}

async function shown(page, path, selector) {
  const found = await looked(page, path, selector);
  assert.ok(!found.wrong, `${path} shows no ${selector}: ${found.wrong}`);
  return found;
}

/** Sends a form with `values`; answers where that led, and the page there. */
async function sent(page, { action, fields }, values = {}) {
  const answer = await page.evaluate(async ([action, fields]) => {
    const got = await fetch(action, { method: "POST", body: new URLSearchParams(fields) });
    return { status: got.status, path: new URL(got.url).pathname, text: await got.text() };
  }, [action, [...fields.filter(([name]) => !(name in values)), ...Object.entries(values)]]);
  assert.ok(answer.status < 400, `${action}: ${answer.status} ${answer.text.slice(0, 2000)}`);
  return answer;
}

/** A signer with a key file: openssl, as the stand-in of NCALayer does it. */
function opened(file) {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-signer-"));
  const [key, chain, content] = ["key.pem", "chain.pem", "content"].map((it) => join(folder, it));
  const open = ["pkcs12", "-in", file, "-passin", `pass:${KEY_PASSWORD}`, "-nodes"];
  execFileSync("openssl", [...open, "-clcerts", "-out", key]);
  execFileSync("openssl", [...open, "-cacerts", "-nokeys", "-out", chain]);
  return {
    sign(bytes) {
      writeFileSync(content, bytes);
      return execFileSync("openssl", ["cms", "-sign", "-binary", "-in", content, "-signer", key, "-inkey", key, "-certfile", chain, "-md", "sha256", "-outform", "DER", "-nosmimecap"]).toString("base64");
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One application, signed and sent; answers the id of its case and its number. */
async function applied(page, signer) {
  const begun = await sent(page, await shown(page, `/kk/services/${SERVICE}/apply`, 'form:has([name="provider"])'), { provider: PROVIDER });
  const [child] = UNKNOWN.children;
  const named = Object.fromEntries(Object.entries(child).map(([name, value]) => [`children.0.${name}`, value]));
  const filled = { role: "guardian", ...named, address: ADDRESS, phone: PHONE, consent: "true", do: "next" };
  await sent(page, await shown(page, begun.path, 'form:has([name="children.0.surname"])'), filled);
  // One look: the bytes to be signed and the form that takes the signature belong together.
  const review = await shown(page, `${begun.path}/review`, "[data-sign-form]");
  const done = await sent(page, review, { "cms-application": signer.sign(Buffer.from(review.content, "base64")) });
  const number = /\d{9}-\d{4}-P\d+/.exec(done.text);
  const id = /\/cases\/([0-9a-f-]{36})\/sent$/.exec(done.path);
  assert.ok(number && id, `not sent: ${done.path}`);
  return { id: id[1], number: number[0] };
}

/** An act of an official on a case, as soon as the case has come to him. */
async function acts(page, path, kind, values) {
  const form = `form:has(input[name="act-kind"][value="${kind}"])`;
  for (const began = Date.now(); Date.now() - began < COMES_MS_MAX; await setTimeout(COMES_MS_STEP)) {
    const found = await looked(page, path, form);
    if (!found.wrong) return void await sent(page, found, values);
  }
  assert.fail(`${path} has not come to ${kind}`);
}

/** Makes `count` cases that wait for the head; answers his page and their numbers. */
export async function prepared(world, count) {
  const citizen = await world.visitor();
  await signedIn(world, citizen, UNKNOWN);
  const [office, head, executor] = await Promise.all([OFFICE, HEAD, EXECUTOR].map((it) => atWork(world, it)));
  const result = { guardian_role: "guardian", act_body: "Абай ауданының әкімдігі", act_number: "17-қ", act_date: "11.02.2019" };
  const numbers = [];
  const signer = opened(world.demo.key(UNKNOWN.key));
  const goOn = async ({ id, number }) => {
    const path = `/kk/region/cases/${id}`;
    await acts(office, path, "accept");
    await acts(head, path, "instruct", { executor: EXECUTOR.login, text: "Дайындаңыз." });
    await acts(executor, path, "grant", result);
    numbers.push(number);
  };
  // A citizen fills in one draft at a time; the officials go on meanwhile.
  const underway = [];
  try {
    for (let made = 0; made < count; made += 1) {
      underway.push(goOn(await applied(citizen, signer)));
      // It is told when all are waited for.
      underway.at(-1).catch(() => undefined);
    }
    await Promise.all(underway);
  } finally {
    await Promise.allSettled(underway);
    signer.end();
  }
  return { head, numbers };
}
