// SPDX-License-Identifier: MIT OR Apache-2.0
// The module of GOST in a worker of its own. The page's rules forbid to compile WebAssembly; only this script, which does
// nothing else, is served with the permission to. And the page does not stand still while it signs.
import { GostModule, type GostRequest } from "./gostmodule";

/** Built name of the module, beside this script. */
declare const GOST_MODULE: string;

export interface GostAnswer {
  readonly id: number;
  readonly bytes?: Uint8Array;
}

interface Scope {
  onmessage: ((event: MessageEvent<{ id: number; request: GostRequest }>) => void) | null;
  postMessage(answer: GostAnswer): void;
}

const scope = self as unknown as Scope;
const module = fetch(new URL(GOST_MODULE, import.meta.url))
  .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error("no module"))))
  .then((bytes) => GostModule.of(bytes));

scope.onmessage = ({ data: { id, request } }) => {
  module
    .then((ready) => scope.postMessage({ id, bytes: ready.answer(request) }))
    // What went wrong may tell of the key: nothing is said of it.
    .catch(() => scope.postMessage({ id }))
    .finally(() => ("key" in request ? request.key.fill(0) : undefined));
};
