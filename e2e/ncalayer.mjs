// SPDX-License-Identifier: MIT OR Apache-2.0
// NCALayer of the journeys: the stand-in of the frontend's tests, at the true address over TLS, and a person at its window.
import { MockNcaLayer, selfSigned } from "../frontend/tests/mock/ncalayer.mjs";
import { KEY_PASSWORD } from "./people.mjs";

/** Its certificate; the browser is told to take this one and no other. */
export const tls = await selfSigned();

/** Runs `act` while NCALayer runs with these key files. */
export async function withNcaLayer(world, keys, act) {
  const program = await MockNcaLayer.start({ tls });
  try {
    for (const key of keys) await program.hold(world.demo.key(key), KEY_PASSWORD);
    return await act(program);
  } finally {
    await program.stop();
  }
}

/** Chooses NCALayer in the panel. */
export async function chooseNcaLayer(page) {
  await page.check('[data-sign-way="ncalayer"]');
  await page.waitForSelector("[data-sign-nca]:not([hidden])");
}

/** What the panel says went wrong. */
export async function problemOf(page) {
  await page.waitForSelector("[data-sign-problem]:not([hidden])");
  return page.textContent("[data-sign-problem]");
}
