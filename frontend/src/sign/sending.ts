// SPDX-License-Identifier: MIT OR Apache-2.0
// Sends the signatures. An application goes by `fetch`, so that a lost answer can be told of in the page; whatever the answer
// is, the browser then shows it in the ordinary way.
import { reached, within } from "../net";
import { SignProblem } from "./signer";

/** The server answers within half of it, or gives the page up. */
const ANSWER_MS_MAX = 60_000;

/** Sends the form and leaves the page; a problem where nothing was sent, or, with `isTold`, where that is not known. */
export async function send(form: HTMLFormElement, isTold: boolean): Promise<void> {
  // The browser may be mistaken: the server may be on this machine.
  if (!navigator.onLine && !(await reached())) throw new SignProblem("offline");
  if (!isTold) return form.submit();
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const asked = { method: "POST", body, credentials: "same-origin" } as const;
  const answer = await within(ANSWER_MS_MAX, (signal) => fetch(form.action, { ...asked, signal }));
  if (!answer) throw new SignProblem("sent-unknown");
  if (answer.redirected) location.assign(answer.url);
  // A page that tells of an error: the browser asks for it by the same order, which is carried out once.
  else form.submit();
}
