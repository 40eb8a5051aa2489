// SPDX-License-Identifier: MIT OR Apache-2.0
// Whose key must sign, and what is wrong with another: it is said before anything is sent. The server decides.
import type { Certificate } from "./certificate";
import type { ProblemKind } from "./signer";

export type KeyOf = "employee" | "person";

export interface Whose {
  readonly iin: string | undefined;
  /** The organisation whose employee signs, where it is known. */
  readonly bin: string | undefined;
  /** Whether an employee signs, with the key given to him as one, or a person, with his own; nothing where it is not known. */
  readonly keyOf: KeyOf | undefined;
  /** The time by the server's clock, in milliseconds: that of the computer may be wrong. */
  readonly now: number;
}

/** What is wrong with a key that signs all the same. */
const OF_KEY: readonly ProblemKind[] = ["other-person", "personal-key", "other-organization", "employee-key", "key-kind"];
/** What is wrong with a key that does not sign now. */
const OF_TERM: readonly ProblemKind[] = ["expired", "not-yet"];

/** What the server will refuse of the key at this time; first that it is another person's, which no other advice helps. */
export function misfits(certificate: Certificate, whose: Whose): ProblemKind[] {
  const found: ProblemKind[] = [];
  if (whose.iin && certificate.iin !== whose.iin) found.push("other-person");
  if (certificate.notAfter.getTime() < whose.now) found.push("expired");
  if (certificate.notBefore.getTime() > whose.now) found.push("not-yet");
  if (whose.keyOf === "employee" && !certificate.bin) found.push("personal-key");
  else if (whose.bin && certificate.bin !== whose.bin) found.push("other-organization");
  if (whose.keyOf === "person" && certificate.bin) found.push("employee-key");
  if (certificate.onlyForSignIn) found.push("key-kind");
  return found;
}

/** Whether signing is offered in spite of them: whose the key is the server judges by the act, out of its term it never signs. */
export function isOffered(misfits: readonly ProblemKind[]): boolean {
  return !misfits.some((it) => OF_TERM.includes(it));
}

/** Those of which the cause alone is told: the term of another person's key is not for the reader to renew or to wait for. */
export function withoutAdvice(found: readonly ProblemKind[]): ProblemKind[] {
  return found.includes("other-person") ? found.filter((it) => OF_TERM.includes(it)) : [];
}

/** Whether all that is wrong is whose or what the key is: signed with all the same, the server refuses it. */
export function isRefused(found: readonly ProblemKind[]): boolean {
  return found.length > 0 && found.every((it) => OF_KEY.includes(it));
}
