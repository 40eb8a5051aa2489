// SPDX-License-Identifier: MIT OR Apache-2.0
// The button that asks whether NCALayer is running: unasked only where this browser signed with it last.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startChecks } from "../src/sign/check";

const WORDS = { textChecking: "checking", textOk: "ok", textNcaOff: "off", textNcaAbsent: "absent", textNcaNetwork: "network" };

/** A page with the button, in a browser that signed so last; NCALayer is off. */
function page(lastWay: string | null) {
  const button = { disabled: false, press: () => undefined as void, addEventListener: (_: string, act: () => void) => { button.press = act; } };
  const told = { textContent: "" };
  const root = { dataset: WORDS, hidden: true, querySelector: (selector: string) => (selector === "button" ? button : told) };
  const set = (name: string, value: unknown) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  set("document", { querySelectorAll: () => [root] });
  set("localStorage", { getItem: () => lastWay });
  set("WebSocket", class { constructor() { throw new Error("nothing listens"); } });
  startChecks();
  return { button, told, root };
}

const settled = () => new Promise((done) => setImmediate(done));

test("who signed with NCALayer last is told at once that it is off", async () => {
  const { told, root, button } = page("ncalayer");
  await settled();
  assert.equal(told.textContent, "off absent network");
  assert.deepEqual([root.hidden, button.disabled], [false, false]);
});

test("nobody else's browser asks for it before the button is pressed", async () => {
  for (const way of ["key-file", null]) {
    const { told, button } = page(way);
    await settled();
    assert.equal(told.textContent, "");
    button.press();
    await settled();
    assert.equal(told.textContent, "off absent network");
  }
});
