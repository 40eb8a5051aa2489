// SPDX-License-Identifier: MIT OR Apache-2.0
// The panel `[data-sign]`: the person chooses how to sign; a key file is opened and shown, NCALayer shows the key itself; the
// signatures are posted by a form, an application's by `sending.ts`. Out of its term a key is not signed with.
// Every word comes from the page. The file and the password stand outside the form and have no names.
import { reached } from "../net";
import type { Certificate } from "./certificate";
import { documentOf } from "./documents";
import { send } from "./sending";
import { type OpenedKey, type ProblemKind, SignProblem, type Signer } from "./signer";
import { type Way, keepWay, lastWay } from "./way";
import { type KeyOf, type Whose, isOffered, isRefused, misfits, withoutAdvice } from "./whose";
import { WORDS, firstSentence } from "./words";

/** Names of the page's words. */
type Names = readonly (string | undefined)[];

/** The words that lead on. */
const LINKS: ReadonlySet<string> = new Set(["textHistory", "textSignIn"]);

/** The parts of the script that sign: a page that has lost the net must have them already. */
const WAYS = {
  keyFile: () => import("./keyfile"),
  ncaLayer: () => import("./ncasigner"),
  phone: () => import("./phone"),
};

export function startSignPanels(): void {
  for (const root of document.querySelectorAll<HTMLElement>("[data-sign]")) new SignPanel(root).start();
}

class SignPanel {
  private key: OpenedKey | undefined;
  private way: Way | undefined;
  private busy = false;
  /** The application went from this page, or may have gone: nothing here is called unsent any more. */
  private sent = false;
  private stop = new AbortController();

  constructor(private readonly root: HTMLElement) {}

  start(): void {
    this.part("live").hidden = false;
    for (const radio of this.radios()) radio.addEventListener("change", () => this.take(radio.value as Way));
    this.part("open").addEventListener("click", () => void this.open());
    this.part("other").addEventListener("click", () => this.choose());
    this.part("phone-stop").addEventListener("click", () => this.stop.abort());
    this.input("password").addEventListener("keydown", (event) => {
      if (event.key === "Enter") void this.open();
    });
    this.form().addEventListener("submit", (event) => {
      event.preventDefault();
      void this.sign();
    });
    // Back from the next page: the browser shows this one as it was left, with the button still pressed. Of what was sent only
    // the server knows what became.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.sent ? location.reload() : this.choose();
    });
    // A browser may restore the choice of a page that was reloaded.
    const chosen = this.radios().find((radio) => radio.checked)?.value ?? lastWay();
    if (this.radios().some((radio) => radio.value === chosen)) this.take(chosen as Way);
    else this.buttons(false);
    if (!globalThis.crypto?.subtle) this.fail("no-crypto");
    for (const load of Object.values(WAYS)) load().catch(() => undefined);
  }

  /** Shows what the way needs. */
  private take(way: Way): void {
    if (this.busy) return;
    this.way = way;
    for (const radio of this.radios()) radio.checked = radio.value === way;
    const file = way === "key-file";
    this.part("nca").hidden = way !== "ncalayer";
    this.part("phone").hidden = way !== "phone";
    this.part("promise").hidden = !file;
    this.part("key").hidden = !file || this.key !== undefined;
    this.part("certificate").hidden = this.part("other").hidden = !file || this.key === undefined;
    this.part("uncertified").hidden = !file || !this.key?.certificate.isGost;
    this.problem([]);
    this.status(undefined);
    this.buttons(false);
  }

  private async open(): Promise<void> {
    if (this.busy) return;
    const file = this.input("file").files?.[0];
    const password = this.input("password").value;
    if (!file) return this.ask("textChooseFile", "file");
    if (!password) return this.ask("textTypePassword", "password");
    await this.working("textOpening", async () => {
      const { KEY_FILE_BYTES_MAX, KeyFileSigner } = await WAYS.keyFile().catch(lost);
      if (file.size > KEY_FILE_BYTES_MAX) throw new SignProblem("too-large");
      this.key = await KeyFileSigner.open(new Uint8Array(await file.arrayBuffer()), password);
      this.input("password").value = "";
      this.show(this.key.certificate);
    });
  }

  private show(certificate: Certificate): void {
    this.part("owner").textContent = certificate.owner;
    this.part("owner-iin").textContent = certificate.iin ?? "–";
    this.part("organization").textContent = [certificate.organization, certificate.bin].filter(Boolean).join(", ");
    this.part("organization-row").hidden = !certificate.organization && !certificate.bin;
    const found = misfits(certificate, this.whose());
    this.term(certificate, found);
    this.part("issuer").textContent = certificate.issuerName;
    this.part("key").hidden = true;
    this.part("certificate").hidden = this.part("other").hidden = false;
    this.part("uncertified").hidden = !certificate.isGost;
    if (found.length > 0) return this.tell(found);
    this.status("textReady");
    this.part("certificate").focus();
  }

  /** From when until when the key signs; where it does not now, that stands out. */
  private term({ notBefore, notAfter }: Certificate, found: readonly ProblemKind[]): void {
    const part = this.part("term");
    part.textContent = `${day(notBefore)}–${day(notAfter)}`;
    const [text, at] = found.includes("expired") ? ["textEnded", notAfter] as const : ["textBegins", notBefore] as const;
    if (isOffered(found)) return;
    const wrong = strong((this.root.dataset[text] ?? "").replace("{date}", day(at)));
    wrong.className = "q-sign__wrong";
    part.append(document.createElement("br"), wrong);
  }

  private whose(): Whose {
    const { signIin, signBin, signKeyOf } = this.root.dataset;
    return { iin: signIin, bin: signBin, keyOf: signKeyOf as KeyOf | undefined, now: now() };
  }

  /** Whether the key that is open may sign. */
  private mayOpened(): boolean {
    return this.way !== "key-file" || !this.key || isOffered(misfits(this.key.certificate, this.whose()));
  }

  private async sign(): Promise<void> {
    const way = this.way;
    if (this.busy) return;
    // The same signatures by the same order: the server carries it out once, and tells what became of it.
    if (this.sent) return this.working("textSending", () => this.leave());
    if (!way) return this.ask("textChooseWay", "way");
    // Nobody signs with a key that he was not shown.
    if (way === "key-file" && !this.key) return this.open();
    await this.working(way === "ncalayer" ? "textWaiting" : way === "phone" ? "textPhoneWaiting" : "textSigning", async () => {
      const signer = await this.signer(way);
      const documents = await Promise.all(this.places().map((place) => documentOf(place.dataset)));
      const signatures = await signer.sign(documents);
      documents.forEach((document, index) => {
        const field = this.root.querySelector<HTMLInputElement>(`[data-sign-result="${CSS.escape(document.id)}"]`);
        if (field) field.value = signatures[index] ?? "";
      });
      keepWay(way);
      this.status("textSending");
      return this.leave();
    });
  }

  /** Sends the form. Stays busy: a second press does nothing while the page is on its way. */
  private async leave(): Promise<"leaving"> {
    const isTold = this.root.dataset.signHistory !== undefined;
    await send(this.form(), isTold);
    this.sent = isTold;
    return "leaving";
  }

  private async signer(way: Way): Promise<Signer> {
    if (way === "key-file") {
      if (this.key) return this.key;
      throw new SignProblem("failed");
    }
    if (way === "phone") return this.phone();
    const { NcaSigner } = await WAYS.ncaLayer().catch(lost);
    const anyAuthority = this.root.dataset.signAnyAuthority === "1";
    return new NcaSigner({ ...this.whose(), anyAuthority, locale: document.documentElement.lang });
  }

  private async phone(): Promise<Signer> {
    const { PhoneSigner } = await WAYS.phone().catch(lost);
    this.stop = new AbortController();
    return new PhoneSigner({
      ask: this.root.dataset.signPhoneAsk ?? "",
      whose: this.whose(),
      stop: this.stop.signal,
      show: ({ address, picture, number }) => {
        (this.part("phone-picture") as HTMLImageElement).src = picture;
        (this.part("phone-address") as HTMLAnchorElement).href = address;
        this.part("phone-number").textContent = number;
        this.part("phone-code").hidden = false;
      },
    });
  }

  private places(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>("[data-sign-content]")];
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
      // The page of what became of the document tells more than words here.
      if (error instanceof SignProblem && error.shown) return location.assign(error.shown);
      this.fail(error instanceof SignProblem ? error.kind : "failed");
    }
    if (leaving) return;
    this.part("phone-code").hidden = true;
    this.busy = false;
    this.buttons(false);
  }

  private fail(kind: ProblemKind): void {
    if (kind === "sent-unknown") this.sent = true;
    this.tell([kind]);
    if (kind === "wrong-password") this.input("password").select();
  }

  /** Says what is wrong, what follows if it is signed all the same, and that nothing was sent, where that is known. */
  private tell(kinds: readonly ProblemKind[]): void {
    const sent = this.sent ? WORDS["sent-unknown"] : ["textNotSent", "textKept"];
    const refused = !this.sent && isRefused(kinds) ? ["textRefused"] : [];
    this.status(undefined);
    const texts = new Set([...kinds.flatMap((kind) => WORDS[kind]), ...refused, ...sent]);
    const causes = (of: readonly ProblemKind[]): Names => of.map((kind) => WORDS[kind][0]);
    this.problem([...texts], [...causes(kinds), "textNotSent"], causes(withoutAdvice(kinds)));
    this.part("problem").focus();
  }

  private ask(text: string, part: "file" | "password" | "way"): void {
    this.problem([text]);
    this.part(part).focus();
  }

  private choose(): void {
    this.key = undefined;
    this.busy = false;
    this.input("password").value = "";
    this.take(this.way ?? "key-file");
    if (this.way === "key-file") this.input("file").focus();
  }

  private buttons(off: boolean): void {
    this.submit().disabled = off || !(this.sent || this.mayOpened());
    (this.part("open") as HTMLButtonElement).disabled = off;
    (this.part("other") as HTMLButtonElement).disabled = off;
    for (const radio of this.radios()) radio.disabled = off;
  }

  /** Shows lines of words; of those that tell a cause the first sentence, which says it, stands out, and of bare ones is all. */
  private problem(texts: string[], causes: Names = [], bare: Names = []): void {
    const box = this.part("problem");
    box.replaceChildren(
      ...texts.filter((name) => this.root.dataset[name]).map((name) => {
        const line = document.createElement("p");
        const words = this.root.dataset[name] ?? "";
        const cause = causes.includes(name) ? firstSentence(words) : "";
        if (cause) line.append(strong(cause));
        const rest = bare.includes(name) ? "" : words.slice(cause.length);
        line.append(LINKS.has(name) ? this.link(name, words) : rest);
        return line;
      }),
    );
    box.hidden = texts.length === 0;
  }

  /** Words that lead on: to sign-in, which leads back here; to the history beside this page, which keeps what was filled in and signed. */
  private link(name: string, words: string): HTMLAnchorElement {
    const link = document.createElement("a");
    Object.assign(link, { className: "govuk-link", textContent: words });
    if (name === "textHistory") Object.assign(link, { href: this.root.dataset.signHistory ?? "", target: "_blank", rel: "noopener" });
    else link.href = location.pathname + location.search;
    return link;
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

  private radios(): HTMLInputElement[] {
    return [...this.root.querySelectorAll<HTMLInputElement>("[data-sign-way]")];
  }

  private submit(): HTMLButtonElement {
    return this.part("submit") as HTMLButtonElement;
  }

  private form(): HTMLFormElement {
    return this.part("form") as HTMLFormElement;
  }
}

/** A part of the script did not come: the net is lost, or the page is older than the server. */
async function lost(): Promise<never> {
  throw new SignProblem((await reached()) ? "content" : "offline");
}

function strong(words: string): HTMLElement {
  const made = document.createElement("strong");
  made.textContent = words;
  return made;
}

/** The time by the server's clock: as the page told it, and as long after as the page is open. */
function now(): number {
  const told = Number(document.documentElement.dataset.now);
  return told ? told + performance.now() : Date.now();
}

/** `21.11.2026` by the clock of Astana. */
function day(at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Almaty", day: "2-digit", month: "2-digit", year: "numeric" });
  return parts.format(at).replaceAll("/", ".");
}
