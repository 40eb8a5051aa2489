// SPDX-License-Identifier: MIT OR Apache-2.0
// The port of the telephone: the page asks at its own address, the code is shown, the signatures are waited for.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { PhoneSigner } from "../src/sign/phone";
import { SignProblem } from "../src/sign/signer";

const ASK = "/kk/apply/1/phone?sha256=ab";
const document = { id: "application", kind: "xml-bytes", bytes: new TextEncoder().encode("<application/>") } as const;
const WHOSE = { iin: "900101400016", bin: undefined, keyOf: "person", now: 0 } as const;
const CODE = { address: "http://127.0.0.1/kk/phone/t", picture: "data:,", number: "0427" };
const real = globalThis.fetch;
afterEach(() => { globalThis.fetch = real; });

/** Plays the server: what it answers to the page that asks, and to each question after that; returns what was asked. */
function server(asked: Response, ...answers: Response[]): [string, RequestInit["body"]][] {
  const handed: [string, RequestInit["body"]][] = [];
  globalThis.fetch = ((address: string, init?: RequestInit) => {
    if (init?.method === "POST") {
      handed.push([address, init.body]);
      return Promise.resolve(asked);
    }
    return Promise.resolve(answers.shift() ?? new Response(null, { status: 204 }));
  }) as typeof fetch;
  return handed;
}

const code = () => Response.json({ ...CODE, answer: "/kk/phone/r/answer" });

function signer(stop = new AbortController().signal, show: (code: unknown) => void = () => undefined): PhoneSigner {
  return new PhoneSigner({ ask: ASK, whose: WHOSE, stop, show });
}

async function fails(kind: string, from = signer()): Promise<void> {
  await assert.rejects(from.sign([document]), (error) => error instanceof SignProblem && error.kind === kind);
}

test("the page names what it shows and sends no document, the code is shown, the signatures come", async () => {
  const handed = server(code(), new Response(null, { status: 204 }), Response.json(["AAAA"]));
  const shown: unknown[] = [];
  assert.deepEqual(await signer(undefined, (it) => shown.push(it)).sign([document]), ["AAAA"]);
  assert.deepEqual(shown, [CODE]);
  assert.deepEqual(handed, [[ASK, undefined]]);
});

test("what was changed since it was shown is not signed, nor what was not handed over", async () => {
  server(new Response(null, { status: 409 }));
  await fails("changed");
  for (const status of [404, 429]) {
    server(new Response(null, { status }));
    await fails("phone-off");
  }
  globalThis.fetch = (() => Promise.reject(new TypeError("no net"))) as typeof fetch;
  await fails("offline");
});

test("another number of signatures than of documents is not taken", async () => {
  server(code(), Response.json(["AAAA", "AAAA"]));
  await fails("failed");
});

test("who stops waiting, or waits too long, is told so", async () => {
  server(code(), new Response(null, { status: 404 }));
  await fails("phone-late");
  const stop = new AbortController();
  server(code());
  setTimeout(() => stop.abort(), 10);
  await fails("phone-stopped", signer(stop.signal));
});
