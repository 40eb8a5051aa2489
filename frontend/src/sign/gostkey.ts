// SPDX-License-Identifier: MIT OR Apache-2.0
// A GOST key that was opened in the page: GOST R 34.10-2015 with 512 bits, signed with by the module of GOST.
import { type Certificate, NATIONAL } from "./certificate";
import type { Algorithms } from "./cms";
import { NULL, OCTET_STRING, SEQUENCE, child, children, compare, octets, oid, oidText, read, write } from "./der";
import { type Gost, theGost } from "./gost";
import { GOST_KEY_BYTES } from "./gostmodule";
import type { PageKey } from "./key";
import { type SignDocument, SignProblem, covered } from "./signer";

const GOST_2015_512_KEY = "1.2.398.3.10.1.1.2.2";
const GOST_2015_512_CURVE = "1.2.398.3.10.1.1.2.2.1";

/** As the authority's own program names them. */
const ALGORITHMS: Algorithms = {
  digest: write(SEQUENCE, oid("1.2.398.3.10.1.3.3"), write(NULL)),
  signature: write(SEQUENCE, oid("1.2.398.3.10.1.1.2.3.2"), write(NULL)),
};

/** The key in PKCS#8 if it is of GOST; a problem if it is of a GOST that is not signed with. */
export async function gostKey(pkcs8: Uint8Array): Promise<PageKey | undefined> {
  const algorithm = child(read(pkcs8), 1);
  const name = oidText(child(algorithm, 0));
  if (!name.startsWith(NATIONAL)) return undefined;
  const curve = children(algorithm)[1];
  if (name !== GOST_2015_512_KEY || (curve && oidText(child(curve, 0)) !== GOST_2015_512_CURVE)) throw new SignProblem("unsupported");
  const number = gostNumber(octets(child(read(pkcs8), 2)));
  const gost = theGost();
  return new GostKey(number, await gost({ act: "public", key: number }), gost);
}

/** The number, the lowest byte first: the authority's library writes an octet string in the octet string; bare bytes are read too. */
function gostNumber(inside: Uint8Array): Uint8Array {
  if (inside.length === GOST_KEY_BYTES) return inside.slice();
  const isWrapped = inside[0] === OCTET_STRING && inside[1] === GOST_KEY_BYTES && inside.length === GOST_KEY_BYTES + 2;
  if (!isWrapped) throw new SignProblem("unsupported");
  return inside.slice(2);
}

class GostKey implements PageKey {
  readonly algorithms = ALGORITHMS;

  constructor(
    private readonly number: Uint8Array,
    private readonly point: Uint8Array,
    private readonly gost: Gost,
  ) {}

  /** The bits of the certificate's key are an octet string with the point. */
  isOf(certificate: Certificate): boolean {
    if (certificate.algorithm !== GOST_2015_512_KEY) return false;
    const point = octets(read(certificate.publicKey.subarray(1)));
    return compare(point, this.point) === 0;
  }

  async digest(document: SignDocument): Promise<Uint8Array> {
    return this.gost({ act: "digest", bytes: await covered(document) });
  }

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    const digest = await this.gost({ act: "digest", bytes });
    return this.gost({ act: "sign", key: this.number, digest });
  }
}
