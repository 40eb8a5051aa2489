// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a time stamp says: `TSTInfo`.

use const_oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, algorithm_identifier};
use crate::asn1::{
    Asn1Error, BOOLEAN, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE, context,
    context_primitive, write,
};
use crate::certificate::{Certificate, extension_parts, hex};
use crate::cms::{RsaSigner, SignFault, sign_token};

/// Fields of what a stamp says.
const FIELDS_MAX: usize = 10;
/// Extensions of one stamp.
const EXTENSIONS_MAX: usize = 16;
/// Digits of a fraction of a second that count.
const FRACTION_DIGITS: usize = 9;

/// A digest and its algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// The algorithm.
    pub algorithm: ObjectIdentifier,
    /// The digest.
    pub digest: Vec<u8>,
}

/// How exact a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accuracy(SignedDuration);

/// What a time stamp says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampInfo {
    /// The policy of the authority.
    pub policy: ObjectIdentifier,
    /// The digest of what was stamped.
    pub imprint: Imprint,
    /// Contents of the serial number (big-endian, may be negative).
    pub serial: Vec<u8>,
    /// The time.
    pub time: Timestamp,
    /// How exact it is, if the authority says.
    pub accuracy: Option<Accuracy>,
    /// Contents of the nonce (big-endian, may be negative).
    pub nonce: Option<Vec<u8>>,
}

impl Imprint {
    /// Parses a `MessageImprint`.
    pub(super) fn parse(element: Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = element.expect(SEQUENCE)?.reader();
        let algorithm = algorithm_identifier(fields.take(SEQUENCE)?)?;
        let digest = fields.take(OCTET_STRING)?.value.to_vec();
        fields.finish()?;
        Ok(Self { algorithm, digest })
    }

    /// Returns whether it is the digest of `bytes`; nothing if its algorithm is not computed by this version, or proves nothing about
    /// content, as SHA-1.
    #[must_use]
    pub fn is_of(&self, bytes: &[u8]) -> Option<bool> {
        let algorithm =
            DigestAlgorithm::from_oid(&self.algorithm).filter(|it| *it != DigestAlgorithm::Sha1)?;
        Some(algorithm.digest(bytes) == self.digest)
    }
}

impl Accuracy {
    /// Returns the milliseconds, rounded up.
    #[must_use]
    pub fn milliseconds(self) -> u64 {
        u64::try_from(self.0.as_micros()).unwrap_or(u64::MAX).div_ceil(1000)
    }

    /// Returns an accuracy of whole seconds.
    #[must_use]
    pub fn of_seconds(seconds: u32) -> Self {
        Self(SignedDuration::from_secs(i64::from(seconds)))
    }

    fn to_der(self) -> Vec<u8> {
        let seconds = u32::try_from(self.0.as_secs()).unwrap_or(u32::MAX);
        write::sequence(&[&write::small(seconds)])
    }

    fn parse(element: Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = element.reader();
        let second = fields.optional(INTEGER)?.map_or(Ok(0), |it| it.small())?;
        let milli = fields.optional(context_primitive(0))?.map_or(Ok(0), |it| it.small())?;
        let micro = fields.optional(context_primitive(1))?.map_or(Ok(0), |it| it.small())?;
        fields.finish()?;
        if milli > 999 || micro > 999 {
            return Err(Asn1Error::Value);
        }
        let micros = i64::try_from(second)
            .ok()
            .and_then(|second| second.checked_mul(1_000_000))
            .and_then(|sum| sum.checked_add(i64::try_from(milli * 1000 + micro).ok()?));
        micros.map(|micros| Self(SignedDuration::from_micros(micros))).ok_or(Asn1Error::Value)
    }
}

impl StampInfo {
    /// Parses the content of a token; a critical extension is refused, none is known.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Asn1Error> {
        let mut fields = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        if fields.take(INTEGER)?.small()? != 1 {
            return Err(Asn1Error::Value);
        }
        let policy = fields.take(OID)?.oid()?;
        let imprint = Imprint::parse(fields.any()?)?;
        let serial = fields.take(INTEGER)?.value.to_vec();
        let time = exact_time(fields.take(GENERALIZED_TIME)?)?;
        let accuracy = fields.optional(SEQUENCE)?.map(Accuracy::parse).transpose()?;
        fields.optional(BOOLEAN)?;
        let nonce = fields.optional(INTEGER)?.map(|it| it.value.to_vec());
        fields.optional(context(0))?.map(|name| Element::parse(name.value)).transpose()?;
        if let Some(list) = fields.optional(context(1))? {
            for item in list.reader().all(EXTENSIONS_MAX)? {
                let (_, critical, _) = extension_parts(item)?;
                if critical {
                    return Err(Asn1Error::Value);
                }
            }
        }
        fields.finish()?;
        if serial.is_empty() {
            return Err(Asn1Error::Value);
        }
        Ok(Self { policy, imprint, serial, time, accuracy, nonce })
    }

    /// Returns the token that says this, signed by an authority of ours: for development and tests.
    ///
    /// `chain` begins with the certificate of the key; the rest is sent along.
    pub fn sign(&self, signer: &RsaSigner, chain: &[Certificate]) -> Result<Vec<u8>, SignFault> {
        if !chain.first().is_some_and(|certificate| signer.is_key_of(certificate)) {
            return Err(SignFault::KeyMismatch);
        }
        self.sign_by(SignatureAlgorithm::RsaSha256, chain, &|message| signer.sign(message).ok())
    }

    /// The same by a key of any algorithm: `sign` returns its signature of the bytes given.
    pub fn sign_by(
        &self,
        algorithm: SignatureAlgorithm,
        chain: &[Certificate],
        sign: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, SignFault> {
        sign_token((&self.to_der(), self.time), algorithm, chain, sign)
    }

    fn to_der(&self) -> Vec<u8> {
        let integer = |contents: &[u8]| write::tlv(INTEGER, contents);
        let imprint = write::sequence(&[
            &write::algorithm_null(&self.imprint.algorithm),
            &write::octets(&self.imprint.digest),
        ]);
        write::sequence(&[
            &write::small(1),
            &write::oid(&self.policy),
            &imprint,
            &integer(&self.serial),
            &write::tlv(GENERALIZED_TIME, written_time(self.time).as_bytes()),
            &self.accuracy.map(Accuracy::to_der).unwrap_or_default(),
            &self.nonce.as_deref().map(integer).unwrap_or_default(),
        ])
    }

    /// Returns the contents of the serial number in hexadecimal.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        hex(&self.serial)
    }
}

/// Returns the name by which a stamp that was read names its authority (`GeneralName`), where it does.
pub(super) fn named_authority(content: &[u8]) -> Option<Element<'_>> {
    let fields = Element::parse(content).ok()?.reader().all(FIELDS_MAX).ok()?;
    Element::parse(fields.iter().find(|it| it.tag == context(0))?.value).ok()
}

/// Returns the time as DER writes it: a fraction of a second only where there is one, without zeros at its end.
fn written_time(time: Timestamp) -> String {
    let zoned = time.to_zoned(TimeZone::UTC);
    let whole = zoned.strftime("%Y%m%d%H%M%S").to_string();
    let fraction = format!("{:09}", zoned.subsec_nanosecond());
    match fraction.trim_end_matches('0') {
        "" => format!("{whole}Z"),
        digits => format!("{whole}.{digits}Z"),
    }
}

/// How the time of day of a leap second begins, and that of the second before it.
const LEAP: [&[u8]; 2] = [b"235960", b"235959"];

/// Returns the time with its fraction of a second; a leap second is the first one of the next day.
fn exact_time(element: Element<'_>) -> Result<Timestamp, Asn1Error> {
    let [leap, before] = LEAP;
    if let Some((day, rest)) = element.value.split_at_checked(8)
        && let Some(rest) = rest.strip_prefix(leap)
    {
        let value = [day, before, rest].concat();
        let time = exact_time(Element { value: &value, ..element })?;
        return time.checked_add(SignedDuration::from_secs(1)).map_err(|_| Asn1Error::Value);
    }
    let whole = element.time()?;
    let text = std::str::from_utf8(element.value).map_err(|_| Asn1Error::Value)?;
    let Some((_, fraction)) = text.trim_end_matches('Z').split_once('.') else { return Ok(whole) };
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Asn1Error::Value);
    }
    let nanos = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(FRACTION_DIGITS)
        .fold(0i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    whole.checked_add(SignedDuration::from_nanos(nanos)).map_err(|_| Asn1Error::Value)
}
