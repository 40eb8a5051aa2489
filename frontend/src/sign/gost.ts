// SPDX-License-Identifier: MIT OR Apache-2.0
// The way to the module of GOST: in a worker, or, in a build without it, the problem that there is none.
import { reached } from "../net";
import type { GostAnswer } from "./gost.worker";
import type { GostRequest } from "./gostmodule";
import { SignProblem } from "./signer";

/** A signature takes a fraction of a second; a browser that does not let the module run is told after this long. */
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
        else void silent(worker).then(failed);
      });
      worker.postMessage({ id, request });
    });
}

/** Without a net the module did not come: that is not the key's fault. It is asked for anew next time. */
async function silent(worker: Worker): Promise<SignProblem> {
  worker.terminate();
  gost = undefined;
  return new SignProblem((await reached()) ? "gost" : "offline");
}
