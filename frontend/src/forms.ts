// SPDX-License-Identifier: MIT OR Apache-2.0
// What every form gets: it is sent once, the list of errors takes the focus, the account menu closes by Escape.
export function startForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    // After the browser has read which button was pressed.
    setTimeout(() => mark(form, true));
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
      mark(form, false);
    }
  });
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu]")) closable(menu);
}

function mark(form: HTMLFormElement, sent: boolean): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function closable(menu: HTMLDetailsElement): void {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
}
