// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing with a key file. An RSA key goes from the file into the browser's cryptography, from which it cannot be taken out
// again; a GOST key, which the browser does not know, to the module of GOST. Neither leaves the page.
import { type Certificate, readCertificate } from "./certificate";
import { signDetached } from "./cms";
import { gostKey } from "./gostkey";
import { type PageKey, rsaKey, sha256 } from "./key";
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
    private readonly key: PageKey,
  ) {}

  /** Opens the file with the password. */
  static async open(bytes: Uint8Array, password: string): Promise<KeyFileSigner> {
    if (!globalThis.crypto?.subtle) throw new SignProblem("no-crypto");
    if (bytes.length > KEY_FILE_BYTES_MAX) throw new SignProblem("too-large");
    const opened = open(bytes, password);
    const certificates = opened.certificates.map((der) => readCertificate(der));
    const pairs: { key: PageKey; certificate: Certificate }[] = [];
    for (const pkcs8 of opened.keys) {
      const key = (await gostKey(pkcs8)) ?? (await rsaKey(pkcs8));
      pkcs8.fill(0);
      const certificate = certificates.find((one) => key.isOf(one));
      if (certificate) pairs.push({ key, certificate });
    }
    const pair = pairs.find((one) => !one.certificate.onlyForSignIn) ?? pairs[0];
    if (!pair) throw new SignProblem("not-key-file");
    const chain = certificates.filter((one) => one !== pair.certificate).map((one) => one.der);
    return new KeyFileSigner(pair.certificate, chain, pair.key);
  }

  async sign(documents: readonly SignDocument[]): Promise<string[]> {
    const signatures: string[] = [];
    for (const document of documents) {
      const signature = await signDetached({
        algorithms: this.key.algorithms,
        certificate: this.certificate,
        chain: this.chain,
        digest: await this.key.digest(document),
        time: document.kind === "pdf-digest" ? undefined : new Date(),
        sha256,
        sign: (bytes) => this.key.sign(bytes),
      });
      signatures.push(toBase64(signature));
    }
    return signatures;
  }
}
