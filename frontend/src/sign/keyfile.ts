// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing with a key file. The private key goes from the file into the browser's cryptography, from which it cannot be
// taken out again, and never leaves the page.
import { type Certificate, readCertificate } from "./certificate";
import { signDetached } from "./cms";
import { child, contains, octets, read } from "./der";
import { open } from "./pkcs12";
import { toBase64 } from "./base64";
import { type OpenedKey, type SignDocument, SignProblem } from "./signer";

/** A key file is a few kilobytes; anything longer is something else. */
export const KEY_FILE_BYTES_MAX = 256 * 1024;

export class KeyFileSigner implements OpenedKey {
  readonly name = "key-file";

  private constructor(
    readonly certificate: Certificate,
    private readonly chain: readonly Uint8Array[],
    private readonly key: CryptoKey,
  ) {}

  /** Opens the file with the password. */
  static async open(bytes: Uint8Array, password: string): Promise<KeyFileSigner> {
    if (!globalThis.crypto?.subtle) throw new SignProblem("no-crypto");
    if (bytes.length > KEY_FILE_BYTES_MAX) throw new SignProblem("too-large");
    const opened = open(bytes, password);
    const certificates = opened.certificates.map((der) => readCertificate(der));
    const pairs = opened.keys.flatMap((key) => {
      const certificate = certificates.find((one) => contains(one.publicKey, modulus(key)));
      return certificate ? [{ key, certificate }] : [];
    });
    const pair = pairs.find((one) => !one.certificate.onlyForSignIn) ?? pairs[0];
    if (!pair) throw new SignProblem("not-key-file");
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("pkcs8", own(pair.key), algorithm, false, ["sign"]);
    pair.key.fill(0);
    const chain = certificates.filter((one) => one !== pair.certificate).map((one) => one.der);
    return new KeyFileSigner(pair.certificate, chain, key);
  }

  async sign(documents: readonly SignDocument[]): Promise<string[]> {
    const signatures: string[] = [];
    for (const document of documents) {
      const signature = await signDetached({
        certificate: this.certificate,
        chain: this.chain,
        digest: document.kind === "pdf-digest" ? document.digest : await hash(document.bytes),
        time: document.kind === "pdf-digest" ? undefined : new Date(),
        hash,
        sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", this.key, own(bytes))),
      });
      signatures.push(toBase64(signature));
    }
    return signatures;
  }
}

async function hash(bytes: Uint8Array): Promise<Uint8Array> {
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
