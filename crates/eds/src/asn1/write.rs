// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writing DER: each function returns the bytes of one element.

use const_oid::ObjectIdentifier;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    BOOLEAN, GENERALIZED_TIME, INTEGER, NULL, OCTET_STRING, OID, PRINTABLE_STRING, SEQUENCE, SET, UTC_TIME,
    UTF8_STRING,
};

/// Returns an element with this tag and these contents.
///
/// ```
/// assert_eq!(eds::asn1::write::tlv(0x04, b"ab"), [0x04, 2, b'a', b'b']);
/// ```
#[must_use]
pub fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 6);
    out.push(tag);
    let length = value.len().to_be_bytes();
    match u8::try_from(value.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let digits: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0x7e));
            out.extend_from_slice(&digits);
        }
    }
    out.extend_from_slice(value);
    out
}

/// Returns an element whose contents are these elements.
#[must_use]
pub fn constructed(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// Returns a SEQUENCE of these elements.
#[must_use]
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    constructed(SEQUENCE, parts)
}

/// Returns a SET OF these elements, sorted as DER demands.
#[must_use]
pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tlv(SET, &parts.concat())
}

/// Returns an INTEGER from big-endian magnitude bytes (never negative).
#[must_use]
pub fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = magnitude.iter().copied().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    tlv(INTEGER, &digits)
}

/// Returns a small INTEGER.
#[must_use]
pub fn small(value: u32) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// Returns an OBJECT IDENTIFIER.
#[must_use]
pub fn oid(value: &ObjectIdentifier) -> Vec<u8> {
    tlv(OID, value.as_bytes())
}

/// Returns a NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    tlv(NULL, &[])
}

/// Returns a BOOLEAN that is true.
#[must_use]
pub fn truth() -> Vec<u8> {
    tlv(BOOLEAN, &[0xff])
}

/// Returns an OCTET STRING.
#[must_use]
pub fn octets(value: &[u8]) -> Vec<u8> {
    tlv(OCTET_STRING, value)
}

/// Returns a BIT STRING of whole bytes.
#[must_use]
pub fn bits(value: &[u8]) -> Vec<u8> {
    tlv(super::BIT_STRING, &[&[0], value].concat())
}

/// Returns a `UTF8String`.
#[must_use]
pub fn utf8(value: &str) -> Vec<u8> {
    tlv(UTF8_STRING, value.as_bytes())
}

/// Returns a `PrintableString`.
#[must_use]
pub fn printable(value: &str) -> Vec<u8> {
    tlv(PRINTABLE_STRING, value.as_bytes())
}

/// Returns an algorithm identifier whose parameters are NULL.
#[must_use]
pub fn algorithm_null(algorithm: &ObjectIdentifier) -> Vec<u8> {
    sequence(&[&oid(algorithm), &null()])
}

/// Returns a time as certificates write it: `UTCTime` until 2049, `GeneralizedTime` outside.
#[must_use]
pub fn time(value: Timestamp) -> Vec<u8> {
    let zoned = value.to_zoned(TimeZone::UTC);
    if (1950..2050).contains(&zoned.year()) {
        tlv(UTC_TIME, zoned.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
    } else {
        generalized_time(value)
    }
}

/// Returns a `GeneralizedTime`, as OCSP writes it.
#[must_use]
pub fn generalized_time(value: Timestamp) -> Vec<u8> {
    let zoned = value.to_zoned(TimeZone::UTC);
    tlv(GENERALIZED_TIME, zoned.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}
