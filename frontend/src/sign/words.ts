// SPDX-License-Identifier: MIT OR Apache-2.0
// The names of the page's words for each problem: what happened, then what to do.
import type { ProblemKind } from "./signer";

export const WORDS: Readonly<Record<ProblemKind, readonly string[]>> = {
  "wrong-password": ["textWrongPassword"],
  "not-key-file": ["textNotKeyFile"],
  "too-large": ["textTooLarge"],
  gost: ["textGost"],
  unsupported: ["textUnsupported"],
  "no-crypto": ["textNoCrypto"],
  offline: ["textOffline"],
  content: ["textContent"],
  "session-over": ["textSessionOver", "textSignIn"],
  changed: ["textChanged"],
  expired: ["textExpired"],
  "not-yet": ["textNotYet"],
  "other-person": ["textOtherPerson"],
  "other-organization": ["textOtherOrganization"],
  "employee-key": ["textEmployeeKey"],
  "personal-key": ["textPersonalKey"],
  "key-kind": ["textKeyKind"],
  "sent-unknown": ["textSentUnknown", "textHistory"],
  failed: ["textFailed"],
  "nca-off": ["textNcaOff", "textNcaAbsent", "textNcaNetwork"],
  "nca-closed": ["textNcaClosed"],
  "nca-silent": ["textNcaSilent"],
  "nca-cancelled": ["textNcaCancelled", "textNcaNoKeyShown"],
  "nca-no-key": ["textNcaNoKey"],
  "nca-locked": ["textNcaLocked"],
  "nca-old": ["textNcaOld"],
  "nca-busy": ["textNcaBusy"],
  "nca-refused": ["textNcaRefused"],
  "phone-off": ["textPhoneOff"],
  "phone-late": ["textPhoneLate"],
  "phone-stopped": ["textNcaCancelled"],
};

/** The first sentence of words: it says what happened, the others what to do. */
export function firstSentence(words: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(words)?.[0] ?? words;
}
