// SPDX-License-Identifier: MIT OR Apache-2.0
// GOST keys in the page: their format (PKCS#8 of the national authority) and the way to the module that signs with them.
import type { GostAnswer } from "./gost.worker";
import { GOST_KEY_BYTES, type GostRequest } from "./gostmodule";
import { OCTET_STRING, children, child, octets, oidText, read } from "./der";
import { SignProblem } from "./signer";

export const GOST_2015_512_KEY = "1.2.398.3.10.1.1.2.2";
export const GOST_2015_512 = "1.2.398.3.10.1.1.2.3.2";
export const STREEBOG_512 = "1.2.398.3.10.1.3.3";
const GOST_2015_512_CURVE = "1.2.398.3.10.1.1.2.2.1";
/** A build without the module, or a browser that does not let it run, is told after this long. */
const ANSWER_MS = 60_000;

/** Built name of the worker; empty where the module could not be built. */
declare const GOST_WORKER: string;

/** Answers requests of the module. */
export type Gost = (request: GostRequest) => Promise<Uint8Array>;

let gost: Gost | undefined;

/** The module of this build, or the problem that there is none. */
export function theGost(): Gost {
  if (!gost && GOST_WORKER === "") throw new SignProblem("gost");
  gost ??= inWorker();
  return gost;
}

/** Tests have no workers: they give the module itself. */
export function useGost(other: Gost): void {
  gost = other;
}

function inWorker(): Gost {
  const worker = new Worker(new URL(GOST_WORKER, import.meta.url), { type: "module" });
  const waiting = new Map<number, (answer: GostAnswer) => void>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<GostAnswer>) => waiting.get(data.id)?.(data);
  worker.onerror = () => [...waiting.entries()].forEach(([id, tell]) => tell({ id }));
  return (request) =>
    new Promise((done, failed) => {
      const id = (last += 1);
      const timer = setTimeout(() => waiting.get(id)?.({ id }), ANSWER_MS);
      waiting.set(id, ({ bytes }) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (bytes) done(bytes);
        else failed(new SignProblem("gost"));
      });
      worker.postMessage({ id, request });
    });
}

/** The number of a private key in PKCS#8, the lowest byte first; nothing if it is no GOST key of 512 bits. */
export function gostNumber(pkcs8: Uint8Array): Uint8Array | undefined {
  const algorithm = child(read(pkcs8), 1);
  if (oidText(child(algorithm, 0)) !== GOST_2015_512_KEY) return undefined;
  const parameters = children(algorithm)[1];
  if (parameters && oidText(child(parameters, 0)) !== GOST_2015_512_CURVE) return undefined;
  const inside = octets(child(read(pkcs8), 2));
  // The authority's library writes an octet string with the lowest byte first. Bare bytes are read so too.
  const number = inside.length === GOST_KEY_BYTES ? inside : read(inside).tag === OCTET_STRING ? octets(read(inside)) : undefined;
  return number?.length === GOST_KEY_BYTES ? number.slice() : undefined;
}
