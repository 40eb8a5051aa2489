// SPDX-License-Identifier: MIT OR Apache-2.0
// The port of the telephone: documents are handed over, the code is shown, the signatures are waited for.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { PhoneSigner } from "../src/sign/phone";
import { SignProblem } from "../src/sign/signer";

const BYTES = new TextEncoder().encode("<application/>");
const real = globalThis.fetch;
afterEach(() => { globalThis.fetch = real; });

/** Plays the server: what was handed over, and what is answered to each question. */
function server(...answers: Response[]): URLSearchParams[] {
  const handed: URLSearchParams[] = [];
  globalThis.fetch = ((_: string, init?: RequestInit) => {
    if (init?.method === "POST") {
      handed.push(init.body as URLSearchParams);
      return Promise.resolve(Response.json({ address: "http://127.0.0.1/kk/phone/t", answer: "/kk/phone/r/answer", picture: "data:," }));
    }
    return Promise.resolve(answers.shift() ?? new Response(null, { status: 204 }));
  }) as typeof fetch;
  return handed;
}

function signer(stop = new AbortController().signal, shown: string[] = []): PhoneSigner {
  return new PhoneSigner({ ask: "/kk/phone", whose: { iin: "900101400016", bin: "990140000012" }, titles: new Map([["application", "Өтініш"]]), stop, show: (code) => shown.push(code.address) });
}

const document = { id: "application", kind: "xml-bytes", bytes: BYTES } as const;

test("the documents are handed over, the code is shown, the signatures come", async () => {
  const handed = server(new Response(null, { status: 204 }), Response.json(["AAAA"]));
  const shown: string[] = [];
  assert.deepEqual(await signer(undefined, shown).sign([document]), ["AAAA"]);
  assert.deepEqual(shown, ["http://127.0.0.1/kk/phone/t"]);
  assert.equal(handed[0]?.get("bytes-application"), Buffer.from(BYTES).toString("base64"));
  assert.equal(handed[0]?.get("title-application"), "Өтініш");
  assert.deepEqual([handed[0]?.get("iin"), handed[0]?.get("bin")], ["900101400016", "990140000012"]);
});

test("who stops waiting, or waits too long, is told so", async () => {
  server(new Response(null, { status: 404 }));
  await assert.rejects(signer().sign([document]), (error) => error instanceof SignProblem && error.kind === "phone-late");
  const stop = new AbortController();
  server();
  setTimeout(() => stop.abort(), 10);
  await assert.rejects(signer(stop.signal).sign([document]), (error) => error instanceof SignProblem && error.kind === "phone-stopped");
});
