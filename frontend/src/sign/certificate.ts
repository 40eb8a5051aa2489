// SPDX-License-Identifier: MIT OR Apache-2.0
// What a person must see of a certificate before signing with it, and what a signature says of it.
import { BIT_STRING, type Element, child, children, oidText, read } from "./der";

const COMMON_NAME = "2.5.4.3";
const SURNAME = "2.5.4.4";
const SERIAL_NUMBER = "2.5.4.5";
const ORGANIZATION = "2.5.4.10";
const ORGANIZATIONAL_UNIT = "2.5.4.11";
const GIVEN_NAME = "2.5.4.42";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
const EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
const NON_REPUDIATION_BIT = 0x40;
/** Every national algorithm of keys and signatures: GOST. */
export const NATIONAL = "1.2.398.3.10.1.1.";

export interface Certificate {
  /** DER as it stood in the key file. */
  readonly der: Uint8Array;
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  /** Algorithm of the public key. */
  readonly algorithm: string;
  /** Bytes of the public key, to find the certificate of a private key. */
  readonly publicKey: Uint8Array;
  readonly owner: string;
  readonly iin: string | undefined;
  readonly organization: string | undefined;
  /** BIN of the organisation whose employee the person is. */
  readonly bin: string | undefined;
  readonly issuerName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whether the key is only for signing in, as old pairs of keys were. */
  readonly onlyForSignIn: boolean;
  /** Whether the key is of GOST. */
  readonly isGost: boolean;
}

export function readCertificate(der: Uint8Array): Certificate {
  const fields = children(child(read(der), 0));
  const shift = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [serial, , issuer, validity, subject, key] = fields.slice(shift) as [Element, Element, Element, Element, Element, Element];
  const names = firsts(subject);
  const issuerNames = firsts(issuer);
  const usage = usages(fields.find((field) => field.tag === 0xa3));
  const [notBefore, notAfter] = children(validity) as [Element, Element];
  const algorithm = oidText(child(key, 0, 0));
  return {
    der,
    issuer: issuer.whole,
    serial: serial.whole,
    algorithm,
    publicKey: child(key, 1).content,
    owner: [names.get(COMMON_NAME), names.get(GIVEN_NAME)].filter(Boolean).join(" ") || (names.get(SURNAME) ?? ""),
    iin: /^IIN(\d{12})$/.exec(names.get(SERIAL_NUMBER) ?? "")?.[1],
    organization: names.get(ORGANIZATION),
    bin: binOf(subject),
    issuerName: issuerNames.get(COMMON_NAME) ?? issuerNames.get(ORGANIZATION) ?? "",
    notBefore: time(notBefore),
    notAfter: time(notAfter),
    onlyForSignIn: usage.authenticates && !usage.signs,
    isGost: algorithm.startsWith(NATIONAL),
  };
}

/** The attributes of a name, identifier and value, in their order. */
function attributes(name: Element): [string, string][] {
  const pairs = children(name).flatMap((set) => children(set));
  return pairs.flatMap((pair): [string, string][] => {
    const [type, value] = children(pair);
    return type && value ? [[oidText(type), text(value)]] : [];
  });
}

/** The attributes of a name by identifier; the first of each. */
function firsts(name: Element): Map<string, string> {
  return new Map(attributes(name).reverse());
}

/** The BIN, if exactly one unit tells one: so the server reads it too. */
function binOf(subject: Element): string | undefined {
  const told = attributes(subject).filter(([type, value]) => type === ORGANIZATIONAL_UNIT && value.startsWith("BIN"));
  return told.length === 1 ? /^BIN(\d{12})$/.exec(told[0]?.[1] ?? "")?.[1] : undefined;
}

function text(value: Element): string {
  const encoding = value.tag === 0x1e ? "utf-16be" : value.tag === 0x14 ? "latin1" : "utf-8";
  return new TextDecoder(encoding).decode(value.content);
}

function usages(wrapper: Element | undefined): { signs: boolean; authenticates: boolean } {
  let signs = false;
  let authenticates = false;
  for (const extension of wrapper ? children(child(wrapper, 0)) : []) {
    const parts = children(extension);
    const type = oidText(child(extension, 0));
    const value = read((parts[parts.length - 1] as Element).content);
    if (type === KEY_USAGE && value.tag === BIT_STRING) signs ||= ((value.content[1] ?? 0) & NON_REPUDIATION_BIT) !== 0;
    if (type === EXTENDED_KEY_USAGE) {
      const purposes = children(value).map(oidText);
      signs ||= purposes.includes(EMAIL_PROTECTION);
      authenticates ||= purposes.includes(CLIENT_AUTHENTICATION);
    }
  }
  return { signs, authenticates };
}

/** UTCTime (two-digit year, 1950–2049) or GeneralizedTime. */
function time(value: Element): Date {
  const digits = new TextDecoder().decode(value.content);
  const full = value.tag === 0x17 ? `${Number(digits.slice(0, 2)) < 50 ? "20" : "19"}${digits}` : digits;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?/.exec(full) ?? [];
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second ?? 0)));
}
