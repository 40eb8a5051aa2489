// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing by a telephone: the page hands the documents to the server, shows a code, and waits for the signatures. The
// state's application would stand behind the same addresses; in the demonstration a simulated one does.
import { toBase64 } from "./base64";
import { signerOf } from "./ncasigner";
import { type SignDocument, SignProblem, type Signer, covered } from "./signer";
import { type Whose, misfits } from "./whose";

const ASK_MS = 1_500;
/** The server forgets after five minutes. */
const WAIT_MS_MAX = 5 * 60_000;

export interface Code {
  /** What the code says. */
  readonly address: string;
  /** The code as an address of a picture. */
  readonly picture: string;
}

export interface PhoneOptions {
  /** Where the documents go. */
  readonly ask: string;
  readonly whose: Whose;
  readonly titles: ReadonlyMap<string, string>;
  readonly show: (code: Code) => void;
  readonly stop: AbortSignal;
}

export class PhoneSigner implements Signer {
  readonly name = "phone";

  constructor(private readonly options: PhoneOptions) {}

  async sign(documents: readonly SignDocument[]): Promise<string[]> {
    const { ask, whose, titles, show, stop } = this.options;
    const body = new URLSearchParams();
    if (whose.iin) body.append("iin", whose.iin);
    if (whose.bin) body.append("bin", whose.bin);
    for (const document of documents) {
      body.append(`bytes-${document.id}`, toBase64(await covered(document)));
      body.append(`title-${document.id}`, titles.get(document.id) ?? "");
    }
    const asked = await fetch(ask, { method: "POST", body, credentials: "same-origin", signal: stop }).catch(() => undefined);
    if (!asked?.ok) throw new SignProblem(stop.aborted ? "phone-stopped" : "phone-off");
    const { answer, ...code } = (await asked.json()) as Code & { answer: string };
    show(code);
    const signatures = await waited(answer, stop);
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
