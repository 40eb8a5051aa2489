// SPDX-License-Identifier: MIT OR Apache-2.0
// `input[data-file]`: says at once that a file is too large or of another type; the server checks again.
const BYTES_IN_MEGABYTE = 1024 * 1024;

export function startFiles(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-file]")) {
    input.addEventListener("change", () => check(input));
    input.form?.addEventListener("submit", (event) => {
      if (!check(input)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        input.focus();
      }
    });
  }
}

function check(input: HTMLInputElement): boolean {
  const problem = [...(input.files ?? [])].map((file) => wrong(input, file)).find(Boolean);
  const box = document.getElementById(input.dataset.errorId ?? "");
  if (box) {
    box.textContent = problem ?? "";
    box.hidden = !problem;
  }
  if (problem) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  return !problem;
}

function wrong(input: HTMLInputElement, file: File): string | undefined {
  const endings = input.accept.split(",").map((ending) => ending.trim().toLowerCase());
  if (!endings.some((ending) => file.name.toLowerCase().endsWith(ending))) return input.dataset.textType;
  if (file.size <= Number(input.dataset.maxBytes)) return undefined;
  const megabytes = (file.size / BYTES_IN_MEGABYTE).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  return input.dataset.textSize?.replace("{size}", megabytes);
}
