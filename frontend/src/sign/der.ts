// SPDX-License-Identifier: MIT OR Apache-2.0
// The little of ASN.1 that a key file, a certificate and a signature need: a reader of BER, a writer of DER.

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const UTC_TIME = 0x17;

/** Deepest nesting that is read; a key file has about ten levels. */
const DEPTH_MAX = 32;

/** An element as it stands in the bytes. */
export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content: exactly the bytes read. */
  readonly whole: Uint8Array;
}

export class Malformed extends Error {}

/** Reads the element at the start of the bytes. */
export function read(bytes: Uint8Array, offset = 0, depth = 0): Element {
  if (depth > DEPTH_MAX) throw new Malformed("too deep");
  const tag = at(bytes, offset);
  if ((tag & 0x1f) === 0x1f) throw new Malformed("long tag");
  const first = at(bytes, offset + 1);
  let start = offset + 2;
  if (first === 0x80) return readIndefinite(bytes, offset, start, tag, depth);
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new Malformed("too long");
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + at(bytes, start + index);
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new Malformed("cut off");
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(offset, end) };
}

/** Reads the elements inside a constructed element. */
export function children(element: Element, depth = 0): Element[] {
  const found: Element[] = [];
  let offset = 0;
  while (offset < element.content.length) {
    const child = read(element.content, offset, depth + 1);
    found.push(child);
    offset += child.whole.length;
  }
  return found;
}

/** The child at a place; what is not there makes the whole thing malformed. */
export function child(element: Element, ...path: number[]): Element {
  let current = element;
  for (const index of path) {
    const next = children(current)[index];
    if (!next) throw new Malformed("element missing");
    current = next;
  }
  return current;
}

/** The bytes of an octet string, also of one cut into pieces. */
export function octets(element: Element): Uint8Array {
  return element.tag & 0x20 ? concat(...children(element).map(octets)) : element.content;
}

/** `1.2.840…` of an object identifier. */
export function oidText(element: Element): string {
  if (element.tag !== OID) throw new Malformed("no identifier");
  const arcs: number[] = [];
  let value = 0;
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f);
    if (!(byte & 0x80)) {
      arcs.push(value);
      value = 0;
    }
  }
  const head = arcs.shift() ?? 0;
  const first = Math.min(Math.floor(head / 40), 2);
  return [first, head - first * 40, ...arcs].join(".");
}

/** A small whole number. */
export function smallInteger(element: Element): number {
  return element.content.reduce((value, byte) => value * 256 + byte, 0);
}

/** Writes an element. */
export function write(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  const length: number[] = [];
  if (content.length < 0x80) {
    length.push(content.length);
  } else {
    for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
    length.unshift(0x80 | length.length);
  }
  return concat(Uint8Array.of(tag, ...length), content);
}

/** Writes an object identifier. */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let value = Math.floor(arc / 128); value > 0; value = Math.floor(value / 128)) groups.unshift((value % 128) | 0x80);
    bytes.push(...groups);
  }
  return write(OID, Uint8Array.from(bytes));
}

/** Writes a SET OF with its members in the order that DER demands. */
export function setOf(tag: number, members: Uint8Array[]): Uint8Array {
  return write(tag, ...[...members].sort(compare));
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function contains(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let start = 0; start + wanted.length <= bytes.length; start += 1) {
    if (wanted.every((byte, index) => bytes[start + index] === byte)) return true;
  }
  return false;
}

export function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function at(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new Malformed("cut off");
  return byte;
}

function readIndefinite(bytes: Uint8Array, offset: number, start: number, tag: number, depth: number): Element {
  let end = start;
  while (at(bytes, end) !== 0 || at(bytes, end + 1) !== 0) end += read(bytes, end, depth + 1).whole.length;
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(offset, end + 2) };
}
