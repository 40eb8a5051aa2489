// SPDX-License-Identifier: MIT OR Apache-2.0
// Signing by NCALayer. It hashes by the algorithm of the key that the person chose, so it is given the bytes, not a hash.
import { type Certificate, readCertificate } from "./certificate";
import { fromBase64, toBase64 } from "./base64";
import { child, children, contains, read } from "./der";
import { NcaLayer, type NcaOptions, type NcaSignatory } from "./ncalayer";
import { type SignDocument, SignProblem, type Signer, covered } from "./signer";
import { type Whose, misfits } from "./whose";

/** `emailProtection`: the key signs. */
const SIGNS = "1.3.6.1.5.5.7.3.4";
const INDIVIDUAL = "1.2.398.3.3.4.1.1";
const ORGANISATION = "1.2.398.3.3.4.1.2";

export interface NcaWhose extends Whose {
  /** Also keys of the development authority. */
  readonly anyAuthority: boolean;
  readonly locale: string;
}

export class NcaSigner implements Signer {
  readonly name = "ncalayer";

  constructor(
    private readonly whose: NcaWhose,
    private readonly options: NcaOptions = {},
  ) {}

  async sign(documents: readonly SignDocument[]): Promise<string[]> {
    const data = await Promise.all(documents.map(async (document) => toBase64(await covered(document))));
    const { iin, bin, keyOf, anyAuthority, locale } = this.whose;
    const signatory: NcaSignatory = { iin, bin, usages: [SIGNS, bin || keyOf === "employee" ? ORGANISATION : INDIVIDUAL], anyAuthority };
    const program = await NcaLayer.connect(this.options);
    try {
      const signatures = await program.sign({ format: "cms", data, signatory, locale });
      for (const signature of signatures) this.judge(signature);
      return signatures;
    } finally {
      program.close();
    }
  }

  /** Old programs let any key be chosen: a signature by a key that the server would refuse is not sent. */
  private judge(signature: string): void {
    const certificate = signerOf(signature);
    const [kind] = certificate ? misfits(certificate, this.whose) : [];
    if (kind) throw new SignProblem(kind);
  }
}

/** The certificate of the first signer of a CMS, where it can be read. */
export function signerOf(signature: string): Certificate | undefined {
  try {
    const signed = children(child(read(fromBase64(signature)), 1, 0));
    const certificates = signed.find((it) => it.tag === 0xa0);
    const signers = signed[signed.length - 1];
    if (!certificates || !signers) return undefined;
    const id = child(signers, 0, 1).content;
    const known = children(certificates).map((it) => readCertificate(it.whole));
    return known.find((it) => contains(id, it.serial) && contains(id, it.issuer));
  } catch {
    return undefined;
  }
}
