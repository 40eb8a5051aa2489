// SPDX-License-Identifier: MIT OR Apache-2.0
// `form[data-autosave]`: a draft saves itself some seconds after the last change. The answer is the text to show.
// Without this script the form's own button saves.
import { within } from "./net";

const QUIET_MILLISECONDS = 1500;
const SAVE_SECONDS_MAX = 20;

export function startAutosave(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) watch(form);
}

function watch(form: HTMLFormElement): void {
  const status = form.querySelector<HTMLElement>("[data-autosave-status]");
  let timer: number | undefined;
  let saving = false;
  let changed = false;

  const say = (text: string) => {
    if (status && status.textContent !== text) status.textContent = text;
  };
  const save = async () => {
    if (saving) return;
    saving = true;
    changed = false;
    say(form.dataset.textSaving ?? "");
    const text = await post(form);
    saving = false;
    say(text ?? form.dataset.textFailed ?? "");
    if (changed) later();
  };
  const later = () => {
    changed = true;
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), QUIET_MILLISECONDS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => clearTimeout(timer));
}

async function post(form: HTMLFormElement): Promise<string | undefined> {
  const data = new FormData(form);
  // Files are sent by their own button, never by themselves.
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data as unknown as Record<string, string>);
  const asked = { method: "POST", body, credentials: "same-origin", headers: { "x-autosave": "1" }, redirect: "error" } as const;
  return within(SAVE_SECONDS_MAX * 1000, async (signal) => {
    const answer = await fetch(form.action, { ...asked, signal });
    return answer.ok ? answer.text() : undefined;
  });
}
