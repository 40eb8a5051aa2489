// SPDX-License-Identifier: MIT OR Apache-2.0
// The seam of signing: who signs, and what. The key file is one way; other programs of signing come behind the same seam.

/** Something to sign: exact bytes (the signature is detached), or the SHA-256 digest of a prepared PDF. */
export type SignDocument =
  | { readonly id: string; readonly kind: "xml-bytes"; readonly bytes: Uint8Array }
  | { readonly id: string; readonly kind: "pdf-digest"; readonly digest: Uint8Array };

/** A way to sign. The private key stays behind it. */
export interface Signer {
  readonly name: string;
  /** Returns one CMS in base64 for each document, in their order. */
  sign(documents: readonly SignDocument[]): Promise<string[]>;
}

/** Why a key cannot be used; the page has the words for each. */
export type ProblemKind =
  | "wrong-password"
  | "not-key-file"
  | "too-large"
  | "gost"
  | "unsupported"
  | "no-crypto"
  | "content"
  | "failed";

export class SignProblem extends Error {
  constructor(readonly kind: ProblemKind) {
    super(kind);
  }
}
