// SPDX-License-Identifier: MIT OR Apache-2.0
// The panel `[data-sign]`: opens a key, shows whose it is, signs, and posts the signatures by an ordinary form.
// Every word comes from the page. The file and the password stand outside the form and have no names.
import type { Certificate } from "./certificate";
import type { KeyFileSigner } from "./keyfile";
import { type ProblemKind, type SignDocument, SignProblem } from "./signer";

/** The name of the page's word for each problem. */
const WORDS: Readonly<Record<ProblemKind, string>> = {
  "wrong-password": "textWrongPassword",
  "not-key-file": "textNotKeyFile",
  "too-large": "textTooLarge",
  gost: "textGost",
  unsupported: "textUnsupported",
  "no-crypto": "textNoCrypto",
  content: "textContent",
  failed: "textFailed",
};

export function startSignPanels(): void {
  for (const root of document.querySelectorAll<HTMLElement>("[data-sign]")) new SignPanel(root).start();
}

class SignPanel {
  private signer: KeyFileSigner | undefined;
  private busy = false;

  constructor(private readonly root: HTMLElement) {}

  start(): void {
    this.part("live").hidden = false;
    this.part("open").addEventListener("click", () => void this.open());
    this.part("other").addEventListener("click", () => this.choose());
    this.input("password").addEventListener("keydown", (event) => {
      if (event.key === "Enter") void this.open();
    });
    this.form().addEventListener("submit", (event) => {
      event.preventDefault();
      void this.sign();
    });
    // Back from the next page: the browser shows this one as it was left, with the button still pressed.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.choose();
    });
    if (!globalThis.crypto?.subtle) this.fail("no-crypto");
  }

  private async open(): Promise<void> {
    if (this.busy) return;
    const file = this.input("file").files?.[0];
    const password = this.input("password").value;
    if (!file) return this.ask("textChooseFile", "file");
    if (!password) return this.ask("textTypePassword", "password");
    await this.working("textOpening", async () => {
      const { KEY_FILE_BYTES_MAX, KeyFileSigner } = await import("./keyfile");
      if (file.size > KEY_FILE_BYTES_MAX) throw new SignProblem("too-large");
      this.signer = await KeyFileSigner.open(new Uint8Array(await file.arrayBuffer()), password);
      this.input("password").value = "";
      this.show(this.signer.certificate);
    });
  }

  private show(certificate: Certificate): void {
    this.part("owner").textContent = certificate.owner;
    this.part("owner-iin").textContent = certificate.iin ?? "–";
    this.part("organization").textContent = certificate.organization ?? "";
    this.part("organization-row").hidden = !certificate.organization;
    this.part("term").textContent = `${day(certificate.notBefore)}–${day(certificate.notAfter)}`;
    this.part("issuer").textContent = certificate.issuerName;
    this.part("key").hidden = true;
    this.part("certificate").hidden = false;
    this.submit().disabled = false;
    const warnings = this.warnings(certificate);
    this.problem(warnings);
    this.status("textReady");
    this.part(warnings.length > 0 ? "problem" : "certificate").focus();
  }

  /** What the server will refuse is said before anything is sent; the server decides. */
  private warnings(certificate: Certificate): string[] {
    const now = Date.now();
    const wanted = this.root.dataset.signIin;
    const found: string[] = [];
    if (certificate.notAfter.getTime() < now) found.push("textExpired");
    if (certificate.notBefore.getTime() > now) found.push("textNotYet");
    if (wanted && certificate.iin !== wanted) found.push("textOtherPerson");
    if (certificate.onlyForSignIn) found.push("textKeyKind");
    return found;
  }

  private async sign(): Promise<void> {
    const signer = this.signer;
    if (this.busy || !signer) return;
    await this.working("textSigning", async () => {
      const documents = await this.documents();
      const signatures = await signer.sign(documents);
      documents.forEach((document, index) => {
        const field = this.root.querySelector<HTMLInputElement>(`[data-sign-result="${CSS.escape(document.id)}"]`);
        if (field) field.value = signatures[index] ?? "";
      });
      this.status("textSending");
      // Stays busy: a second press does nothing while the page is on its way.
      this.form().submit();
      return "leaving";
    });
  }

  private async documents(): Promise<SignDocument[]> {
    const { fromBase64 } = await import("./keyfile");
    const places = [...this.root.querySelectorAll<HTMLElement>("[data-sign-content]")];
    return Promise.all(
      places.map(async (place): Promise<SignDocument> => {
        const { signContent: id = "", signKind: kind, signContentHref, signContentBytes, signContentDigest } = place.dataset;
        if (kind === "pdf-digest") return { id, kind, digest: fromBase64(signContentDigest ?? "") };
        const bytes = signContentHref ? await exactBytes(signContentHref) : fromBase64(signContentBytes ?? "");
        return { id, kind: "xml-bytes", bytes };
      }),
    );
  }

  /** Runs one act at a time and turns what goes wrong into the page's words. */
  private async working(text: string, act: () => Promise<"leaving" | void>): Promise<void> {
    this.busy = true;
    this.buttons(true);
    this.problem([]);
    this.status(text);
    let leaving: "leaving" | void = undefined;
    try {
      leaving = await act();
    } catch (error) {
      this.fail(error instanceof SignProblem ? error.kind : "failed");
    }
    if (leaving) return;
    this.busy = false;
    this.buttons(false);
  }

  private fail(kind: ProblemKind): void {
    this.status(undefined);
    this.problem([WORDS[kind], "textNotSent", "textKept"]);
    this.part("problem").focus();
    if (kind === "wrong-password") this.input("password").select();
  }

  private ask(text: string, part: "file" | "password"): void {
    this.problem([text]);
    this.input(part).focus();
  }

  private choose(): void {
    this.signer = undefined;
    this.busy = false;
    this.buttons(false);
    this.problem([]);
    this.status(undefined);
    this.input("password").value = "";
    this.part("certificate").hidden = true;
    this.part("key").hidden = false;
    this.input("file").focus();
  }

  private buttons(off: boolean): void {
    this.submit().disabled = off || !this.signer;
    (this.part("open") as HTMLButtonElement).disabled = off;
    (this.part("other") as HTMLButtonElement).disabled = off;
  }

  private problem(texts: string[]): void {
    const box = this.part("problem");
    box.replaceChildren(
      ...texts.map((name) => {
        const line = document.createElement("p");
        const words = document.createElement(name === "textNotSent" ? "strong" : "span");
        words.textContent = this.root.dataset[name] ?? "";
        line.append(words);
        return line;
      }),
    );
    box.hidden = texts.length === 0;
  }

  private status(name: string | undefined): void {
    this.part("status").textContent = name ? (this.root.dataset[name] ?? "") : "";
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-sign-${name}]`);
    if (!found) throw new Error(`the signing panel has no ${name}`);
    return found;
  }

  private input(name: "file" | "password"): HTMLInputElement {
    return this.part(name) as HTMLInputElement;
  }

  private submit(): HTMLButtonElement {
    return this.part("submit") as HTMLButtonElement;
  }

  private form(): HTMLFormElement {
    return this.part("form") as HTMLFormElement;
  }
}

async function exactBytes(address: string): Promise<Uint8Array> {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" }).catch(() => undefined);
  if (!answer?.ok) throw new SignProblem("content");
  return new Uint8Array(await answer.arrayBuffer());
}

/** `21.11.2026` by the clock of Astana. */
function day(at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Almaty", day: "2-digit", month: "2-digit", year: "numeric" });
  return parts.format(at).replaceAll("/", ".");
}
