// SPDX-License-Identifier: MIT OR Apache-2.0
// What the page asks to sign: told by its elements `[data-sign-content]`, fetched when it is signed, and no other than shown.
import { fromBase64 } from "./base64";
import { sha256 } from "./key";
import { type SignDocument, SignProblem } from "./signer";

const SIGN_IN = /\/sign-in(\?|$)/;

/** The attributes of one element. */
export type Told = Readonly<Record<string, string | undefined>>;

/** The document that an element tells of. */
export async function documentOf(told: Told): Promise<SignDocument> {
  const { signContent: id = "", signKind, signContentHref, signContentBytes, signContentDigest, sha256: shown } = told;
  const fetched = () => exactBytes(signContentHref ?? "", shown);
  if (signKind === "pdf-digest") return { id, kind: signKind, digest: fromBase64(signContentDigest ?? ""), range: fetched };
  return { id, kind: "xml-bytes", bytes: signContentHref ? await fetched() : fromBase64(signContentBytes ?? "") };
}

/** The bytes behind an address; a problem where they are not those that the page shows, as the page says by their SHA-256. */
async function exactBytes(address: string, shown: string | undefined): Promise<Uint8Array> {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" }).catch(() => undefined);
  if (!answer) throw new SignProblem("offline");
  if (answer.status === 401 || (answer.redirected && SIGN_IN.test(answer.url))) throw new SignProblem("session-over");
  // Another tab has changed the draft; or sent or deleted it, and the server leads to what became of it.
  if (answer.status === 409) throw new SignProblem("changed");
  if (answer.ok && answer.redirected) throw new SignProblem("changed", answer.url);
  if (!answer.ok) throw new SignProblem("content");
  const bytes = await answer.arrayBuffer().then((it) => new Uint8Array(it), () => undefined);
  if (!bytes) throw new SignProblem("offline");
  if (shown && hex(await sha256(bytes)) !== shown.toLowerCase()) throw new SignProblem("changed");
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
