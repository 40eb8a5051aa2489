// SPDX-License-Identifier: MIT OR Apache-2.0
// Conditions of a form are judged in the page as the server judges them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { holds } from "../src/when";

const answers = (given: Record<string, string>) => (name: string) => given[name] ?? "";

test("a condition over other answers holds or not", () => {
  const notarised = { equals: ["representation", "notarised"] as [string, string] };
  assert.equal(holds(notarised, answers({ representation: "notarised" })), true);
  assert.equal(holds(notarised, answers({})), false);
  assert.equal(holds({ not: notarised }, answers({})), true);
  assert.equal(holds({ fact: "married" }, answers({ married: "true" })), true);
});

test("all and any are as in the regulation", () => {
  const is = (value: string) => ({ equals: ["kind", value] as [string, string] });
  assert.equal(holds({ any: [is("vacancy"), is("training")] }, answers({ kind: "training" })), true);
  assert.equal(holds({ all: [is("vacancy"), is("training")] }, answers({ kind: "training" })), false);
});
