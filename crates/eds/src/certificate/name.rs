// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names in certificates, as the national authority fills them.

use const_oid::ObjectIdentifier;

use super::hex;
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
        // A value in an exotic encoding is kept as nothing: it can then equal no number.
        let text = |(kind, value): (_, Element<'_>)| (kind, value.text().unwrap_or_default());
        let attributes = pairs(element)?.into_iter().map(text).collect();
        Ok(Self { raw: element.raw.to_vec(), attributes })
    }

    /// Returns the bytes as received.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Returns whether both say the same, whatever encoding each is written in.
    pub(crate) fn says_same(&self, other: &Self) -> bool {
        self.attributes == other.attributes
    }

    /// Returns the first attribute of this kind.
    #[must_use]
    pub fn first(&self, kind: &ObjectIdentifier) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == kind).map(|(_, value)| value.as_str())
    }

    /// Returns the name in one line, `CN=…, O=…`, in the order of the certificate. A kind without a short name stands as its
    /// identifier, and its value as `#` and hexadecimal (RFC 4514, 2.4).
    #[must_use]
    pub fn line(&self) -> String {
        let all = Element::parse(&self.raw).and_then(pairs).unwrap_or_default();
        let part = |(kind, value): &(ObjectIdentifier, Element<'_>)| match label(kind) {
            Some(label) => format!("{label}={}", value.text().unwrap_or_default()),
            None => format!("{kind}=#{}", hex(value.raw)),
        };
        all.iter().map(part).collect::<Vec<_>>().join(", ")
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

/// Returns each attribute of a name with its value.
fn pairs(name: Element<'_>) -> Result<Vec<(ObjectIdentifier, Element<'_>)>, Asn1Error> {
    let mut pairs = Vec::new();
    for set in name.expect(SEQUENCE)?.reader().all(ATTRIBUTES_MAX)? {
        for pair in set.expect(SET)?.reader().all(ATTRIBUTES_MAX)? {
            let mut pair = pair.expect(SEQUENCE)?.reader();
            let (kind, value) = (pair.any()?.oid()?, pair.any()?);
            pair.finish()?;
            pairs.push((kind, value));
        }
    }
    Ok(pairs)
}

/// Returns the short name of a kind of attributes: those of RFC 4514, 3, and those by which persons are named.
const fn label(kind: &ObjectIdentifier) -> Option<&'static str> {
    match *kind {
        oids::COMMON_NAME => Some("CN"),
        oids::SURNAME => Some("SN"),
        oids::SERIAL_NUMBER => Some("serialNumber"),
        oids::COUNTRY => Some("C"),
        oids::LOCALITY => Some("L"),
        oids::STATE => Some("ST"),
        oids::STREET => Some("STREET"),
        oids::ORGANIZATION => Some("O"),
        oids::ORGANIZATIONAL_UNIT => Some("OU"),
        oids::GIVEN_NAME => Some("GN"),
        oids::USER_ID => Some("UID"),
        oids::DOMAIN_COMPONENT => Some("DC"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{IA5_STRING, write};

    #[test]
    fn line_names_kinds_shortly_and_others_by_identifier_and_bytes() {
        let category = ObjectIdentifier::new_unwrap("2.5.4.15");
        let parts = [
            (oids::COUNTRY, write::printable("KZ")),
            (oids::STATE, write::utf8("АСТАНА")),
            (oids::LOCALITY, write::utf8("АСТАНА")),
            (oids::STREET, write::utf8("Достық, 5")),
            (oids::DOMAIN_COMPONENT, write::tlv(IA5_STRING, b"kz")),
            (oids::ORGANIZATION, write::utf8("INVENTED")),
            (oids::ORGANIZATIONAL_UNIT, write::printable("BIN990140000019")),
            (category, write::utf8("GO")),
            (oids::COMMON_NAME, write::utf8("INVENTED PERSON")),
            (oids::SURNAME, write::utf8("INVENTED")),
            (oids::GIVEN_NAME, write::utf8("PERSON")),
            (oids::SERIAL_NUMBER, write::printable("IIN990101300017")),
            (oids::USER_ID, write::printable("7")),
        ];
        let set = |(kind, value): &(ObjectIdentifier, Vec<u8>)| {
            write::set_of(vec![write::sequence(&[&write::oid(kind), value])])
        };
        let sets: Vec<Vec<u8>> = parts.iter().map(set).collect();
        let bytes = write::sequence(&[&sets.concat()]);
        let name = Name::parse(Element::parse(&bytes).unwrap()).unwrap();
        let line = "C=KZ, ST=АСТАНА, L=АСТАНА, STREET=Достық, 5, DC=kz, O=INVENTED, OU=BIN990140000019, \
            2.5.4.15=#0c02474f, CN=INVENTED PERSON, SN=INVENTED, GN=PERSON, serialNumber=IIN990101300017, UID=7";
        assert_eq!(name.line(), line);
        assert_eq!((name.first(&category), name.raw()), (Some("GO"), bytes.as_slice()));
    }
}
