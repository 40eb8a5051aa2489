// SPDX-License-Identifier: MIT OR Apache-2.0
// The port of signing: who signs, and what. Behind it stand the key file (RSA; other keys join in `keyfile.ts`), NCALayer and
// a telephone.
import type { Certificate } from "./certificate";

/** Something to sign: exact bytes (the signature is detached), or a prepared PDF. */
export type SignDocument =
  | { readonly id: string; readonly kind: "xml-bytes"; readonly bytes: Uint8Array }
  | {
      readonly id: string;
      readonly kind: "pdf-digest";
      /** SHA-256 of the byte range of the PDF: enough for a key that signs by SHA-256. */
      readonly digest: Uint8Array;
      /** Fetches the bytes of the byte range, for who hashes by another algorithm or hashes itself. */
      readonly range: () => Promise<Uint8Array>;
    };

/** A way to sign. The private key stays behind it. */
export interface Signer {
  readonly name: string;
  /** Returns one detached CMS in base64 for each document, in their order. */
  sign(documents: readonly SignDocument[]): Promise<string[]>;
}

/** A key that was opened in the page: whose it is can be shown before it signs. */
export interface OpenedKey extends Signer {
  readonly certificate: Certificate;
}

/** The bytes that a signature of a document covers. */
export function covered(document: SignDocument): Promise<Uint8Array> {
  return document.kind === "pdf-digest" ? document.range() : Promise.resolve(document.bytes);
}

/** Why nothing was signed or sent; the page has the words for each, with what to do. */
export type ProblemKind =
  | "wrong-password"
  | "not-key-file"
  | "too-large"
  | "gost"
  | "unsupported"
  | "no-crypto"
  /** The server is not reached: neither the script nor what is signed comes. */
  | "offline"
  /** The server is reached, and what is signed, or a part of the script, does not come: the page is too old. */
  | "content"
  /** The server is reached, and knows no more who asks. */
  | "session-over"
  /** What would be signed is not what the page shows. */
  | "changed"
  | "expired"
  | "not-yet"
  | "other-person"
  | "other-organization"
  /** An employee's, where a person signs for himself. */
  | "employee-key"
  /** A person's own, where an employee signs. */
  | "personal-key"
  | "key-kind"
  /** It was signed and sent, and the answer was lost. */
  | "sent-unknown"
  | "failed"
  | NcaProblemKind
  | PhoneProblemKind;

/** What goes wrong with NCALayer. */
export type NcaProblemKind =
  /** Nothing listens: not running, not installed, or the browser does not let the page reach it. */
  | "nca-off"
  /** It ended while it was asked. */
  | "nca-closed"
  /** It listens, but does not answer in time. */
  | "nca-silent"
  /** The person closed its window; also what it answers when it showed no suitable key. */
  | "nca-cancelled"
  /** No key suits: another person's, or not for signing. */
  | "nca-no-key"
  /** The token or card is locked. */
  | "nca-locked"
  /** It knows neither of the modules that sign. */
  | "nca-old"
  /** It, or this page, is signing already. */
  | "nca-busy"
  /** It refused otherwise. */
  | "nca-refused";

/** What goes wrong with a telephone. */
export type PhoneProblemKind =
  /** The documents could not be handed over. */
  | "phone-off"
  /** Nobody signed in time. */
  | "phone-late"
  /** The person stopped waiting. */
  | "phone-stopped";

export class SignProblem extends Error {
  /** `shown`: the address that shows what became of the document, where the server leads there. */
  constructor(readonly kind: ProblemKind, readonly shown?: string) {
    super(kind);
  }
}
