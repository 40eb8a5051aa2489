// SPDX-License-Identifier: MIT OR Apache-2.0
// The button `[data-nca-check]`: whether NCALayer is running, asked when the person presses it, and at once where this
// browser signed with it last.
import { NcaLayer } from "./ncalayer";
import { SignProblem } from "./signer";
import { lastWay } from "./way";
import { WORDS } from "./words";

export function startChecks(): void {
  for (const root of document.querySelectorAll<HTMLElement>("[data-nca-check]")) start(root);
}

function start(root: HTMLElement): void {
  const button = root.querySelector("button");
  const told = root.querySelector<HTMLElement>("[role=status]");
  if (!button || !told) return;
  const say = (...names: readonly string[]): void => {
    told.textContent = names.map((name) => root.dataset[name] ?? "").join(" ");
  };
  root.hidden = false;
  const ask = (): void => {
    button.disabled = true;
    say("textChecking");
    NcaLayer.connect()
      .then((program) => {
        program.close();
        say("textOk");
      })
      .catch((error: unknown) => say(...WORDS[error instanceof SignProblem ? error.kind : "nca-refused"]))
      .finally(() => {
        button.disabled = false;
      });
  };
  button.addEventListener("click", ask);
  // Nobody else's browser is made to ask for the permission to reach a program.
  if (lastWay() === "ncalayer") ask();
}
