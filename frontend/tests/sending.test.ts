// SPDX-License-Identifier: MIT OR Apache-2.0
// What the page fetches to sign, and how it sends what was signed: with the net, without it, and when it breaks.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { reached, within } from "../src/net";
import { documentOf } from "../src/sign/documents";
import { send } from "../src/sign/sending";
import { SignProblem, covered } from "../src/sign/signer";

const CONTENT = new TextEncoder().encode("<application>Үлгі</application>\n");
const DIGEST = createHash("sha256").update(CONTENT).digest();
const XML = { signContent: "application", signKind: "xml-bytes", signContentHref: "/application.xml", sha256: DIGEST.toString("hex") };
const PDF = { signContent: "result", signKind: "pdf-digest", signContentHref: "/range", signContentDigest: DIGEST.toString("base64"), sha256: XML.sha256 };

const set = (name: string, value: unknown) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
const net = (answer: () => Promise<unknown>) => set("fetch", answer);
const real = globalThis.fetch;
beforeEach(() => set("navigator", { onLine: true }));
afterEach(() => set("fetch", real));

const problem = (kind: string) => (error: unknown) => error instanceof SignProblem && error.kind === kind;

test("the bytes that the page shows are signed, and no others", async () => {
  net(() => Promise.resolve(new Response(CONTENT)));
  const [xml, pdf] = await Promise.all([XML, PDF].map(documentOf));
  assert.deepEqual([await covered(xml!), await covered(pdf!)], [CONTENT, CONTENT]);
  net(() => Promise.resolve(new Response("<application>Басқа</application>")));
  await assert.rejects(documentOf(XML), problem("changed"));
  await assert.rejects(documentOf(PDF).then(covered), problem("changed"));
});

test("what cannot change any more, and what stands in the page, is taken as it is", async () => {
  net(() => Promise.resolve(new Response(CONTENT)));
  assert.deepEqual(await covered(await documentOf({ ...XML, sha256: undefined })), CONTENT);
  net(() => Promise.reject(new TypeError("nothing is fetched")));
  const bytes = { signContent: "proof", signKind: "xml-bytes", signContentBytes: Buffer.from(CONTENT).toString("base64") };
  assert.deepEqual(await covered(await documentOf(bytes)), CONTENT);
});

test("a lost net is not taken for a page that is too old", async () => {
  net(() => Promise.reject(new TypeError("no net")));
  await assert.rejects(documentOf(XML), problem("offline"));
  net(() => Promise.resolve(new Response(new ReadableStream({ start: (it) => it.error(new TypeError("it broke")) }))));
  await assert.rejects(documentOf(XML), problem("offline"));
  net(() => Promise.resolve(new Response(null, { status: 404 })));
  await assert.rejects(documentOf(XML), problem("content"));
});

test("a session that is over is told as such, in each room", async () => {
  for (const room of ["", "/region"]) {
    led(`http://127.0.0.1/kk${room}/sign-in?next=/apply/1/application.xml`);
    await assert.rejects(documentOf(XML), problem("session-over"));
    await assert.rejects(documentOf(PDF).then(covered), problem("session-over"));
  }
  net(() => Promise.resolve(new Response(null, { status: 401 })));
  await assert.rejects(documentOf(XML), problem("session-over"));
});

test("what another tab has changed is not signed, and what it has sent leads to the case", async () => {
  net(() => Promise.resolve(new Response(null, { status: 409 })));
  await assert.rejects(documentOf(XML), problem("changed"));
  const address = "http://127.0.0.1/kk/cases/1";
  led(address);
  await assert.rejects(documentOf(XML), (error: unknown) => problem("changed")(error) && (error as SignProblem).shown === address);
});

/** The server leads elsewhere. */
function led(url: string) {
  const answer = new Response(CONTENT);
  Object.defineProperties(answer, { redirected: { value: true }, url: { value: url } });
  net(() => Promise.resolve(answer));
}

/** A form of the page, and what became of it; whether the server answers when it is only asked whether it is there. */
function page(isThere = false) {
  const [submitted, went, posted]: [string[], string[], string[]] = [[], [], []];
  set("location", { assign: (address: string) => went.push(address) });
  set("FormData", class { *[Symbol.iterator]() { yield ["cms-application", "AA+/=="]; } });
  const form = { action: "/kk/apply/1/send", submit: () => submitted.push("submit") } as unknown as HTMLFormElement;
  const answers = (answer: unknown) => net(((address: string, { method, body }: RequestInit) => {
    if (method === "HEAD") return isThere ? Promise.resolve(new Response()) : Promise.reject(new TypeError("no net"));
    posted.push(`${method} ${address} ${String(body)}`);
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("it broke"));
  }) as never);
  return { form, submitted, went, posted, answers };
}

test("without a net nothing is sent", async () => {
  const { form, submitted, posted, answers } = page();
  answers(undefined);
  set("navigator", { onLine: false });
  for (const isTold of [true, false]) await assert.rejects(send(form, isTold), problem("offline"));
  assert.deepEqual([submitted, posted], [[], []]);
});

test("a browser that takes itself for offline sends to a server that answers", async () => {
  const { form, submitted, posted, answers } = page(true);
  answers({ redirected: true, url: "http://127.0.0.1/kk/cases/1/sent" });
  set("navigator", { onLine: false });
  for (const isTold of [true, false]) await send(form, isTold);
  assert.deepEqual([submitted.length, posted.length], [1, 1]);
});

test("the server is reached where it answers at all, but not where only its proxy does", async () => {
  for (const [status, isThere] of [[200, true], [404, true], [502, false]] as const) {
    net(() => Promise.resolve(new Response(null, { status })));
    assert.equal(await reached(), isThere, String(status));
  }
  net(() => Promise.reject(new TypeError("no net")));
  assert.equal(await reached(), false);
});

test("what does not answer in time is given up, in browsers without AbortSignal.timeout too", async () => {
  Object.defineProperty(AbortSignal, "timeout", { value: undefined, configurable: true });
  const never = (signal: AbortSignal) => new Promise((_, failed) => signal.addEventListener("abort", failed));
  assert.equal(await within(1, never), undefined);
  const { form, posted, answers } = page();
  answers({ redirected: true, url: "http://127.0.0.1/kk/cases/1/sent" });
  await send(form, true);
  assert.equal(posted.length, 1);
});

test("an application is sent once, and the browser goes where the server leads", async () => {
  const { form, submitted, went, posted, answers } = page();
  answers({ redirected: true, url: "http://127.0.0.1/kk/cases/1/sent" });
  await send(form, true);
  assert.deepEqual(posted, ["POST /kk/apply/1/send cms-application=AA%2B%2F%3D%3D"]);
  assert.deepEqual([went, submitted], [["http://127.0.0.1/kk/cases/1/sent"], []]);
});

test("a lost answer is told of; a page of an error is shown by the browser; other signatures go the ordinary way", async () => {
  const { form, submitted, posted, answers } = page();
  answers(undefined);
  await assert.rejects(send(form, true), problem("sent-unknown"));
  assert.deepEqual(submitted, []);
  answers({ redirected: false, url: "http://127.0.0.1/kk/apply/1/send", status: 503 });
  await send(form, true);
  assert.deepEqual([submitted.length, posted.length], [1, 2]);
  await send(form, false);
  assert.deepEqual([submitted.length, posted.length], [2, 2]);
});
