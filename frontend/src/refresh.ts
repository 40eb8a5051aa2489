// SPDX-License-Identifier: MIT OR Apache-2.0
// `[data-refresh]`: asks the server every few seconds for the same part of the page while something is awaited.
// The part says by `data-waiting` whether to go on and by `data-announce` what a screen reader shall hear.
const SECONDS_DEFAULT = 5;
/** What is nearly ready is seen at once: the first questions follow quickly, each later than the one before. */
const SECONDS_FIRST = 0.2;
const SECONDS_MAX = 60;
const TIMES_MAX = 400;
const FAILURES_MAX = 5;

export function startRefresh(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-refresh]")) void follow(place);
}

async function follow(place: HTMLElement): Promise<void> {
  const status = document.querySelector<HTMLElement>("[data-refresh-status]");
  const seconds = Number(place.dataset.refreshSeconds) || SECONDS_DEFAULT;
  let failures = 0;
  for (let times = 0; times < TIMES_MAX && awaited(place); times += 1) {
    // The longer it lasts and the more often it fails, the rarer the question.
    const calm = seconds * (1 + failures + Math.floor(times / 20));
    await pause(Math.min(calm, SECONDS_FIRST * 2 ** times, SECONDS_MAX));
    if (document.hidden) continue;
    const text = await fragment(place.dataset.refresh ?? "");
    if (text === undefined) {
      failures += 1;
      if (failures < FAILURES_MAX) continue;
      if (status) status.textContent = place.dataset.textStale ?? "";
      return;
    }
    failures = 0;
    show(place, text, status);
  }
}

function awaited(place: HTMLElement): boolean {
  return place.querySelector<HTMLElement>("[data-refresh-part]")?.dataset.waiting === "true";
}

function show(place: HTMLElement, text: string, status: HTMLElement | null): void {
  const parsed = new DOMParser().parseFromString(text, "text/html").querySelector<HTMLElement>("[data-refresh-part]");
  const old = place.querySelector<HTMLElement>("[data-refresh-part]");
  if (!parsed || !old || parsed.isEqualNode(old)) return;
  old.replaceWith(parsed);
  if (status) status.textContent = parsed.dataset.announce ?? "";
}

async function fragment(address: string): Promise<string | undefined> {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" }).catch(() => undefined);
  return answer?.ok ? answer.text() : undefined;
}

function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
