// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names in certificates, as the national authority fills them.

use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Element, SEQUENCE, SET};
use crate::oids;

/// Attributes read of one name.
const ATTRIBUTES_MAX: usize = 64;
/// Digits of an IIN or BIN.
const NUMBER_DIGITS: usize = 12;

/// A name: its bytes as received and its attributes in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    raw: Vec<u8>,
    attributes: Vec<(ObjectIdentifier, String)>,
}

/// The numbers that a name carries under one prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameIds {
    /// There is none.
    None,
    /// There is exactly one.
    One(String),
    /// There are several or one is malformed: not to be trusted.
    Ambiguous,
}

impl Name {
    /// Parses a name.
    pub fn parse(element: Element<'_>) -> Result<Self, Asn1Error> {
        let mut attributes = Vec::new();
        for set in element.expect(SEQUENCE)?.reader().all(ATTRIBUTES_MAX)? {
            for pair in set.expect(SET)?.reader().all(ATTRIBUTES_MAX)? {
                let mut pair = pair.expect(SEQUENCE)?.reader();
                let kind = pair.any()?.oid()?;
                let value = pair.any()?;
                pair.finish()?;
                // A value in an exotic encoding is kept as nothing: it can then equal no number.
                attributes.push((kind, value.text().unwrap_or_default()));
            }
        }
        Ok(Self { raw: element.raw.to_vec(), attributes })
    }

    /// Returns the bytes as received.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Returns the first attribute of this kind.
    #[must_use]
    pub fn first(&self, kind: &ObjectIdentifier) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == kind).map(|(_, value)| value.as_str())
    }

    /// Returns the name in one line, `CN=…, O=…`.
    #[must_use]
    pub fn line(&self) -> String {
        let parts: Vec<String> =
            self.attributes.iter().map(|(kind, value)| format!("{}={value}", label(kind))).collect();
        parts.join(", ")
    }

    /// Returns the IIN: exactly one `serialNumber` of the form `IIN` and twelve digits.
    // The check digit is not judged: real certificates of the test authority fail it.
    #[must_use]
    pub fn iin(&self) -> NameIds {
        let all: Vec<&str> = self.values(&oids::SERIAL_NUMBER).collect();
        match all.as_slice() {
            [] => NameIds::None,
            [one] => number(one, "IIN").map_or(NameIds::Ambiguous, NameIds::One),
            _ => NameIds::Ambiguous,
        }
    }

    /// Returns the BIN: exactly one `organizationalUnit` of the form `BIN` and twelve digits.
    #[must_use]
    pub fn bin(&self) -> NameIds {
        let all: Vec<&str> =
            self.values(&oids::ORGANIZATIONAL_UNIT).filter(|value| value.starts_with("BIN")).collect();
        match all.as_slice() {
            [] => NameIds::None,
            [one] => number(one, "BIN").map_or(NameIds::Ambiguous, NameIds::One),
            _ => NameIds::Ambiguous,
        }
    }

    fn values<'a>(&'a self, kind: &'a ObjectIdentifier) -> impl Iterator<Item = &'a str> {
        self.attributes.iter().filter(move |(own, _)| own == kind).map(|(_, value)| value.as_str())
    }
}

impl NameIds {
    /// Returns the number if there is exactly one.
    #[must_use]
    pub fn one(&self) -> Option<&str> {
        match self {
            Self::One(number) => Some(number),
            Self::None | Self::Ambiguous => None,
        }
    }
}

fn number(value: &str, prefix: &str) -> Option<String> {
    let digits = value.strip_prefix(prefix)?;
    let well_formed = digits.len() == NUMBER_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    well_formed.then(|| digits.to_owned())
}

fn label(kind: &ObjectIdentifier) -> String {
    match *kind {
        oids::COMMON_NAME => "CN".to_owned(),
        oids::SURNAME => "SN".to_owned(),
        oids::SERIAL_NUMBER => "serialNumber".to_owned(),
        oids::COUNTRY => "C".to_owned(),
        oids::ORGANIZATION => "O".to_owned(),
        oids::ORGANIZATIONAL_UNIT => "OU".to_owned(),
        oids::GIVEN_NAME => "GN".to_owned(),
        oids::USER_ID => "UID".to_owned(),
        other => other.to_string(),
    }
}
