// SPDX-License-Identifier: MIT OR Apache-2.0
// Fills any form that a regulation declares, so that a journey of a service names only the answers that matter.
import { PHONE } from "./portal.mjs";

const TEXT = "Ойдан шығарылған";
/** Answers may show further fields; more rounds than conditions inside one another. */
const ROUNDS_MAX = 5;

/** Answers that go with the date of birth of whoever is invented here. */
const CHOSEN = { member_consent: "minor" };

/** What a field of that name takes. */
function valueOf(name, mode) {
  const last = name.split(".").at(-1);
  if (last.endsWith("iin")) return "150506599984";
  if (last.includes("phone")) return PHONE;
  if (/birth|_date$|^date$/.test(last)) return "01.02.2010";
  if (/_from$|_before$|_since$/.test(last)) return "23.11.2026";
  if (/_to$|_until$/.test(last)) return "22.11.2027";
  if (mode === "numeric" || mode === "decimal") return "3";
  return TEXT;
}

/** Fills what is visible and empty in `form`; `answers` by name: a text, the value of a choice, or null to leave it. */
export async function fillAll(form, answers = {}) {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const todo = await form.locator("input, textarea, select").evaluateAll((all) => all
      .filter((it) => it.name && it.offsetParent !== null && !["hidden", "submit", "file", "button"].includes(it.type))
      .filter((it) => it.type === "radio"
        ? !all.some((other) => other.name === it.name && other.checked)
        : it.type === "checkbox" ? !it.checked : !it.value)
      .map((it) => ({ name: it.name, type: it.type, value: it.value, tag: it.tagName, mode: it.getAttribute("inputmode"), required: it.getAttribute("aria-required") === "true" })));
    const seen = new Set();
    let did = 0;
    for (const it of todo) {
      const known = it.name in answers;
      if (seen.has(it.name) || answers[it.name] === null) continue;
      const at = form.locator(`[name="${it.name}"]`);
      if (it.type === "radio") {
        seen.add(it.name);
        await form.locator(`[name="${it.name}"][value="${answers[it.name] ?? CHOSEN[it.name.split(".").at(-1)] ?? it.value}"]`).check();
      } else if (it.type === "checkbox") {
        await form.locator(`[name="${it.name}"][value="${it.value}"]`).check();
      } else if (it.tag === "SELECT") {
        await at.selectOption(known ? answers[it.name] : { index: 1 });
      } else if (known || it.required) {
        await at.fill(known ? answers[it.name] : valueOf(it.name, it.mode));
      } else {
        continue;
      }
      did += 1;
    }
    if (did === 0) return;
  }
}
