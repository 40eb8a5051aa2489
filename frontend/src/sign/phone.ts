// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing by a telephone: the page asks at its own address, which names what it shows; the server hands over what it keeps
// under that name. The page shows a code and waits for the signatures. The state's application would stand behind the same
// addresses; in the demonstration a simulated one does.
import { signerOf } from "./ncasigner";
import { type SignDocument, SignProblem, type Signer } from "./signer";
import { type Whose, misfits } from "./whose";

const ASK_MS = 1_500;
/** The server forgets after five minutes. */
const WAIT_MS_MAX = 5 * 60_000;

export interface Code {
  /** What the code says. */
  readonly address: string;
  /** The code as an address of a picture. */
  readonly picture: string;
  /** What the telephone shows too, to be compared. */
  readonly number: string;
}

export interface PhoneOptions {
  /** Where the page asks. */
  readonly ask: string;
  readonly whose: Whose;
  readonly show: (code: Code) => void;
  readonly stop: AbortSignal;
}

export class PhoneSigner implements Signer {
  readonly name = "phone";

  constructor(private readonly options: PhoneOptions) {}

  async sign(documents: readonly SignDocument[]): Promise<string[]> {
    const { ask, whose, show, stop } = this.options;
    const asked = await fetch(ask, { method: "POST", credentials: "same-origin", signal: stop }).catch(() => undefined);
    if (!asked) throw new SignProblem(stop.aborted ? "phone-stopped" : "offline");
    if (asked.status === 409) throw new SignProblem("changed");
    // Whose session has ended is led to the sign-in page.
    if (!asked.ok || asked.redirected) throw new SignProblem("phone-off");
    const { answer, ...code } = (await asked.json()) as Code & { answer: string };
    show(code);
    const signatures = await waited(answer, stop);
    if (signatures.length !== documents.length) throw new SignProblem("failed");
    for (const signature of signatures) {
      const certificate = signerOf(signature);
      const [kind] = certificate ? misfits(certificate, whose) : [];
      if (kind) throw new SignProblem(kind);
    }
    return signatures;
  }
}

async function waited(address: string, stop: AbortSignal): Promise<string[]> {
  for (const began = Date.now(); Date.now() - began < WAIT_MS_MAX;) {
    await new Promise((done) => setTimeout(done, ASK_MS));
    if (stop.aborted) throw new SignProblem("phone-stopped");
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" }).catch(() => undefined);
    if (answer?.status === 200) return (await answer.json()) as string[];
    // A connection that broke off is tried again; a request that is forgotten is not.
    if (answer?.status === 404) break;
  }
  throw new SignProblem("phone-late");
}
