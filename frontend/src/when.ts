// SPDX-License-Identifier: MIT OR Apache-2.0
// Fields that are asked for under a condition are shown while it holds. The server decides again: what is hidden here is
// forgotten there.
type Condition =
  | { fact: string }
  | { equals: [string, string] }
  | { not: Condition }
  | { all: Condition[] }
  | { any: Condition[] };

/** Judges a condition; `value` answers what is typed or chosen, empty where nothing is. */
export function holds(condition: Condition, value: (name: string) => string): boolean {
  if ("fact" in condition) return value(condition.fact) === "true";
  if ("equals" in condition) return value(condition.equals[0]) === condition.equals[1];
  if ("not" in condition) return !holds(condition.not, value);
  if ("all" in condition) return condition.all.every((it) => holds(it, value));
  return condition.any.some((it) => holds(it, value));
}

export function startWhen(): void {
  for (const form of document.forms) {
    const parts = [...form.querySelectorAll<HTMLElement>("[data-when]")];
    if (parts.length > 0) follow(form, parts);
  }
}

function follow(form: HTMLFormElement, parts: HTMLElement[]): void {
  const conditions = parts.map((part) => JSON.parse(part.dataset.when ?? "") as Condition);
  for (const hint of form.querySelectorAll<HTMLElement>("[data-when-hint]")) hint.hidden = true;
  const update = (): void => {
    // An answer that is hidden counts as none; hiding it may settle another one.
    for (const _ of parts) {
      let changed = false;
      parts.forEach((part, index) => {
        const hidden = !holds(conditions[index]!, (name) => answer(form, name));
        changed ||= part.hidden !== hidden;
        part.hidden = hidden;
      });
      if (!changed) break;
    }
  };
  form.addEventListener("change", update);
  form.addEventListener("input", update);
  addEventListener("pageshow", update);
  update();
}

function answer(form: HTMLFormElement, name: string): string {
  for (const it of form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) {
    if (it.closest("[hidden]")) continue;
    if (it.type !== "radio" && it.type !== "checkbox") return it.value.trim();
    if (it.checked) return it.value;
  }
  return "";
}
