// SPDX-License-Identifier: MIT OR Apache-2.0
// Opens a key file (PKCS#12) in the page: the passwords' arithmetic and old ciphers are node-forge's, because the
// browser's own cryptography knows no PKCS#12 key derivation and no triple DES.
import forge from "node-forge/lib/forge.js";
import "node-forge/lib/asn1.js";
import "node-forge/lib/hmac.js";
import "node-forge/lib/pbe.js";
import "node-forge/lib/sha1.js";
import "node-forge/lib/sha256.js";
import "node-forge/lib/sha512.js";
import { type Element, Malformed, OCTET_STRING, child, children, contains, octets, oidText, read, smallInteger } from "./der";
import { SignProblem } from "./signer";

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const NESTED_BAG = "1.2.840.113549.1.12.10.1.6";
const PBES2 = "1.2.840.113549.1.5.13";
const RSA = "1.2.840.113549.1.1.1";
/** Beginning of every identifier of the national GOST algorithms, 1.2.398.3.10.1, as it stands in DER. The authority's own
 * program encrypts key files, GOST keys too, by triple DES and RC2 with SHA-1; by GOST ciphers none was seen. */
const GOST_PREFIX = Uint8Array.of(0x2a, 0x83, 0x0e, 0x03, 0x0a, 0x01);
const MAC_DIGESTS: Readonly<Record<string, "sha1" | "sha256" | "sha384" | "sha512">> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
/** What the types of node-forge leave out. */
const PBE = (forge.pki as unknown as { pbe: PasswordCiphers }).pbe;
/** More rounds than any known program writes would only freeze the page. */
const ITERATIONS_MAX = 2_000_000;
const NESTING_MAX = 4;

interface PasswordCiphers {
  getCipher(scheme: string, parameters: forge.asn1.Asn1, password: string): forge.cipher.BlockCipher;
  generatePkcs12Key(
    password: string, salt: forge.util.ByteStringBuffer, id: number, rounds: number, length: number, md: forge.md.MessageDigest,
  ): forge.util.ByteStringBuffer;
}

export interface Opened {
  /** PKCS#8 of the keys: RSA, or GOST of the national authority. */
  readonly keys: Uint8Array[];
  /** DER of the certificates. */
  readonly certificates: Uint8Array[];
}

/** Opens the file, or says in a word why not. */
export function open(bytes: Uint8Array, password: string): Opened {
  try {
    return unpack(bytes, password);
  } catch (error) {
    if (error instanceof SignProblem) throw error;
    throw new SignProblem(contains(bytes, GOST_PREFIX) ? "gost" : "not-key-file");
  }
}

function unpack(bytes: Uint8Array, password: string): Opened {
  const parts = children(read(bytes));
  const safe = parts[1];
  if (!safe || smallInteger(parts[0] as Element) !== 3 || oidText(child(safe, 0)) !== DATA) throw new Malformed("no PFX");
  const content = octets(child(safe, 1, 0));
  if (parts[2]) checkMac(parts[2], content, password);
  const opened: Opened = { keys: [], certificates: [] };
  for (const part of children(read(content))) {
    const type = oidText(child(part, 0));
    if (type === DATA) collect(octets(child(part, 1, 0)), password, opened, 0);
    else if (type === ENCRYPTED_DATA) collect(decryptData(child(part, 1, 0, 1), password), password, opened, 0);
  }
  return opened;
}

function collect(bags: Uint8Array, password: string, opened: Opened, depth: number): void {
  if (depth > NESTING_MAX) throw new Malformed("too deep");
  for (const bag of children(read(bags))) {
    const type = oidText(child(bag, 0));
    const value = child(bag, 1, 0);
    if (type === KEY_BAG) keep(value.whole, opened);
    else if (type === SHROUDED_KEY_BAG) keep(decrypt(child(value, 0), octets(child(value, 1)), password), opened);
    else if (type === CERTIFICATE_BAG) opened.certificates.push(octets(child(value, 1, 0)));
    else if (type === NESTED_BAG) collect(value.whole, password, opened, depth + 1);
  }
}

function keep(pkcs8: Uint8Array, opened: Opened): void {
  const algorithm = child(read(pkcs8), 1, 0);
  const isKnown = oidText(algorithm) === RSA || contains(algorithm.content, GOST_PREFIX);
  if (!isKnown) throw new SignProblem("unsupported");
  opened.keys.push(pkcs8);
}

/** EncryptedContentInfo: the text stands under the implicit tag 0, whole or in pieces. */
function decryptData(info: Element, password: string): Uint8Array {
  const text = child(info, 2);
  const encrypted = text.tag === 0xa0 ? octets({ ...text, tag: OCTET_STRING | 0x20 }) : text.content;
  return decrypt(child(info, 1), encrypted, password);
}

function decrypt(algorithm: Element, encrypted: Uint8Array, password: string): Uint8Array {
  const scheme = oidText(child(algorithm, 0));
  if (contains(algorithm.content, GOST_PREFIX)) throw new SignProblem("gost");
  const parameters = child(algorithm, 1);
  const rounds = scheme === PBES2 ? child(parameters, 0, 1, 1) : child(parameters, 1);
  if (smallInteger(rounds) > ITERATIONS_MAX) throw new SignProblem("unsupported");
  const secret = scheme === PBES2 ? forge.util.encodeUtf8(password) : password;
  let cipher;
  try {
    cipher = PBE.getCipher(scheme, forge.asn1.fromDer(binary(parameters.whole)), secret);
  } catch {
    throw new SignProblem("unsupported");
  }
  cipher.update(forge.util.createBuffer(binary(encrypted)));
  // Padding that does not fit is how a wrong password shows where there is no MAC.
  if (!cipher.finish()) throw new SignProblem("wrong-password");
  return fromBinary(cipher.output.getBytes());
}

function checkMac(mac: Element, content: Uint8Array, password: string): void {
  if (contains(mac.content, GOST_PREFIX)) throw new SignProblem("gost");
  const digest = MAC_DIGESTS[oidText(child(mac, 0, 0, 0))];
  // Another kind of MAC is not checked: the padding of the ciphers still tells a wrong password.
  if (!digest) return;
  const parts = children(mac);
  const rounds = parts[2] ? smallInteger(parts[2]) : 1;
  if (rounds > ITERATIONS_MAX) throw new SignProblem("unsupported");
  const salt = forge.util.createBuffer(binary(octets(child(mac, 1))));
  const expected = octets(child(mac, 0, 1));
  const make = forge.md[digest] as unknown as { create(): forge.md.MessageDigest };
  const key = PBE.generatePkcs12Key(password, salt, 3, rounds, expected.length, make.create());
  const hmac = forge.hmac.create();
  hmac.start(digest as "sha256", key);
  hmac.update(binary(content));
  const found = fromBinary(hmac.digest().getBytes());
  if (found.length !== expected.length || !found.every((byte, index) => byte === expected[index])) {
    throw new SignProblem("wrong-password");
  }
}

function binary(bytes: Uint8Array): string {
  let out = "";
  for (let start = 0; start < bytes.length; start += 8192) out += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return out;
}

function fromBinary(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
