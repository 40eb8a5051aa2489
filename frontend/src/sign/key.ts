// SPDX-License-Identifier: MIT OR Apache-2.0
// A private key that was opened in the page, and the one that the browser's own cryptography holds: RSA.
import type { Certificate } from "./certificate";
import { type Algorithms, RSA_SHA256 } from "./cms";
import { child, contains, octets, read } from "./der";
import type { SignDocument } from "./signer";

export interface PageKey {
  readonly algorithms: Algorithms;
  /** Whether the certificate is of this key. */
  isOf(certificate: Certificate): boolean;
  /** The digest of a document by the key's algorithm. */
  digest(document: SignDocument): Promise<Uint8Array>;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Gives an RSA key to the browser's cryptography. */
export async function rsaKey(pkcs8: Uint8Array): Promise<PageKey> {
  const number = modulus(pkcs8).slice();
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", own(pkcs8), algorithm, false, ["sign"]);
  return new RsaKey(number, key);
}

class RsaKey implements PageKey {
  readonly algorithms = RSA_SHA256;

  constructor(
    private readonly modulus: Uint8Array,
    private readonly key: CryptoKey,
  ) {}

  isOf(certificate: Certificate): boolean {
    return contains(certificate.publicKey, this.modulus);
  }

  async digest(document: SignDocument): Promise<Uint8Array> {
    return document.kind === "pdf-digest" ? document.digest : sha256(document.bytes);
  }

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", this.key, own(bytes)));
  }
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", own(bytes)));
}

/** The modulus of an RSA private key, by which its certificate is found. */
function modulus(pkcs8: Uint8Array): Uint8Array {
  return child(read(octets(child(read(pkcs8), 2))), 1).content;
}

/** A copy in a buffer of its own, as the browser's cryptography wants it. */
function own(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer as ArrayBuffer;
}
