// SPDX-License-Identifier: MIT OR Apache-2.0
// Whose key must sign, and what is wrong with another: it is said before anything is sent. The server decides.
import type { Certificate } from "./certificate";
import type { ProblemKind } from "./signer";
import { WORDS } from "./words";

export interface Whose {
  readonly iin: string | undefined;
  /** The organisation whose employee signs. */
  readonly bin: string | undefined;
}

/** Why the key is not the one that must sign. */
export function misfits(certificate: Certificate, whose: Whose): ProblemKind[] {
  const found: ProblemKind[] = [];
  if (whose.iin && certificate.iin !== whose.iin) found.push("other-person");
  if (whose.bin && certificate.bin !== whose.bin) found.push("other-organization");
  if (certificate.onlyForSignIn) found.push("key-kind");
  return found;
}

/** The names of the page's words for what the server will refuse at this time. */
export function warnings(certificate: Certificate, whose: Whose, now: number): string[] {
  const found: string[] = [];
  if (certificate.notAfter.getTime() < now) found.push("textExpired");
  if (certificate.notBefore.getTime() > now) found.push("textNotYet");
  return [...found, ...misfits(certificate, whose).flatMap((kind) => WORDS[kind])];
}
