// SPDX-License-Identifier: MIT OR Apache-2.0
// A detached CMS signature, CAdES-BES: content type, message digest, signing time and the signing certificate are signed.
import type { Certificate } from "./certificate";
import { INTEGER, NULL, OCTET_STRING, SEQUENCE, SET, UTC_TIME, concat, oid, setOf, write } from "./der";

const DATA = "1.2.840.113549.1.7.1";
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const ONE = Uint8Array.of(1);

/** The algorithms as the message names them. */
export interface Algorithms {
  /** DER of the digest's AlgorithmIdentifier. */
  readonly digest: Uint8Array;
  /** DER of the signature's. */
  readonly signature: Uint8Array;
}

/** RSA with SHA-256. */
export const RSA_SHA256: Algorithms = {
  digest: write(SEQUENCE, oid("2.16.840.1.101.3.4.2.1")),
  signature: write(SEQUENCE, oid("1.2.840.113549.1.1.1"), write(NULL)),
};

export interface Signing {
  readonly algorithms: Algorithms;
  readonly certificate: Certificate;
  /** Certificates of the authorities that came with the key. */
  readonly chain: readonly Uint8Array[];
  /** Digest of what is signed. */
  readonly digest: Uint8Array;
  /** A PDF tells the time in its own dictionary, so its signature carries none (EN 319 142-1, 5.3). */
  readonly time: Date | undefined;
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** SHA-256, by which the certificate is named whatever algorithm signs. */
  readonly sha256: (bytes: Uint8Array) => Promise<Uint8Array>;
}

/** Returns the DER of the signature. */
export async function signDetached(signing: Signing): Promise<Uint8Array> {
  const { certificate } = signing;
  const attributes = [
    attribute(CONTENT_TYPE, oid(DATA)),
    attribute(MESSAGE_DIGEST, write(OCTET_STRING, signing.digest)),
    attribute(SIGNING_CERTIFICATE_V2, signingCertificate(certificate, await signing.sha256(certificate.der))),
    ...(signing.time ? [attribute(SIGNING_TIME, utcTime(signing.time))] : []),
  ];
  // What is signed is the SET itself; in the message it stands under the implicit tag 0.
  const value = await signing.sign(setOf(SET, attributes));
  const signer = write(
    SEQUENCE,
    write(INTEGER, ONE),
    write(SEQUENCE, certificate.issuer, certificate.serial),
    signing.algorithms.digest,
    setOf(0xa0, attributes),
    signing.algorithms.signature,
    write(OCTET_STRING, value),
  );
  const signed = write(
    SEQUENCE,
    write(INTEGER, ONE),
    write(SET, signing.algorithms.digest),
    write(SEQUENCE, oid(DATA)),
    setOf(0xa0, [certificate.der, ...signing.chain]),
    write(SET, signer),
  );
  return write(SEQUENCE, oid(SIGNED_DATA), write(0xa0, signed));
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return write(SEQUENCE, oid(type), write(SET, value));
}

/** The certificate's SHA-256 with its issuer and serial number, so that it cannot be exchanged. */
function signingCertificate(certificate: Certificate, hash: Uint8Array): Uint8Array {
  const issuer = write(SEQUENCE, write(0xa4, certificate.issuer));
  const id = write(SEQUENCE, write(OCTET_STRING, hash), write(SEQUENCE, issuer, certificate.serial));
  return write(SEQUENCE, write(SEQUENCE, id));
}

function utcTime(at: Date): Uint8Array {
  const text = `${at.toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`;
  return write(UTC_TIME, concat(new TextEncoder().encode(text)));
}
