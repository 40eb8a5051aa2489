// SPDX-License-Identifier: MIT OR Apache-2.0
// Waits that end, and whether the server is there.

const REACH_MS_MAX = 10_000;

/** What `act` gives within the time; nothing where it fails or is late. Older browsers have no `AbortSignal.timeout`. */
export async function within<T>(ms: number, act: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  return act(stop.signal).catch(() => undefined).finally(() => clearTimeout(timer));
}

/** Whether the server answers: asked for this very script, which changes nothing there. `navigator.onLine` does not know. */
export async function reached(): Promise<boolean> {
  const answer = await within(REACH_MS_MAX, (signal) => fetch(import.meta.url, { method: "HEAD", cache: "no-store", signal }));
  return answer !== undefined && answer.status < 500;
}
