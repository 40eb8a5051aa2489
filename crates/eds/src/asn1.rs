// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading DER without copying and without re-serialising: every element keeps the bytes as received.
//!
//! The reader is strict (minimal definite lengths, one-byte tags). The only BER that signatures in the
//! field carry, indefinite lengths and strings in pieces, is straightened by [`ber::to_der`] first.

pub mod ber;
pub(crate) mod clock;
mod stand_in;
pub(crate) mod text;
pub mod write;

use std::borrow::Cow;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

/// Tag of a BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// Tag of an INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag of a BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Tag of an OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of a NULL.
pub const NULL: u8 = 0x05;
/// Tag of an OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// Tag of an ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// Tag of a `UTF8String`.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of a `PrintableString`.
pub const PRINTABLE_STRING: u8 = 0x13;
/// Tag of an `IA5String`.
pub const IA5_STRING: u8 = 0x16;
/// Tag of a `UTCTime`.
pub const UTC_TIME: u8 = 0x17;
/// Tag of a `GeneralizedTime`.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of a SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Tag of a SET.
pub const SET: u8 = 0x31;

/// Returns the tag of a constructed context element `[n]`.
#[must_use]
pub const fn context(n: u8) -> u8 {
    0xa0 | n
}

/// Returns the tag of a primitive context element `[n]`.
#[must_use]
pub const fn context_primitive(n: u8) -> u8 {
    0x80 | n
}

/// Why bytes are not the DER that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asn1Error {
    /// The bytes end inside an element.
    Truncated,
    /// A length is indefinite, not minimal or too large.
    Length,
    /// Another element stands where this tag was expected.
    Tag(u8),
    /// Bytes follow the last element.
    Trailing,
    /// The value does not fit its type.
    Value,
    /// Nested or counted beyond the limit.
    Limit,
}

impl std::fmt::Display for Asn1Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truncated => write!(f, "the encoding ends too early"),
            Self::Length => write!(f, "a length is indefinite, not minimal or too large"),
            Self::Tag(tag) => write!(f, "element `{tag:#04x}` was expected"),
            Self::Trailing => write!(f, "bytes follow the last element"),
            Self::Value => write!(f, "a value does not fit its type"),
            Self::Limit => write!(f, "nested or repeated beyond the limit"),
        }
    }
}

impl std::error::Error for Asn1Error {}

/// One element: its tag, its contents and all its bytes as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The tag byte.
    pub tag: u8,
    /// The contents.
    pub value: &'a [u8],
    /// Tag, length and contents, as received.
    pub raw: &'a [u8],
}

impl<'a> Element<'a> {
    /// Returns the one element that fills `bytes`.
    ///
    /// ```
    /// let element = eds::asn1::Element::parse(&[0x02, 0x01, 0x05]).unwrap();
    /// assert_eq!((element.tag, element.value), (eds::asn1::INTEGER, &[5u8][..]));
    /// ```
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Asn1Error> {
        let mut reader = Reader::new(bytes);
        let element = reader.any()?;
        reader.finish()?;
        Ok(element)
    }

    /// Returns a reader of the contents.
    #[must_use]
    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.value)
    }

    /// Returns the element if it has this tag.
    pub fn expect(self, tag: u8) -> Result<Self, Asn1Error> {
        if self.tag == tag { Ok(self) } else { Err(Asn1Error::Tag(tag)) }
    }

    /// Returns the object identifier. For one that cannot be held (a UUID under 2.25, say) another stands, which is the same only
    /// where the bytes are: it is none of those that are known.
    ///
    /// ```
    /// let long = eds::asn1::Element::parse(&[6, 3, 0x88, 0x37, 1]).unwrap(); // 2.999.1
    /// assert!(long.oid().unwrap().to_string().starts_with("2.39."));
    /// ```
    pub fn oid(&self) -> Result<ObjectIdentifier, Asn1Error> {
        let bytes = self.expect(OID)?.value;
        ObjectIdentifier::from_bytes(bytes).or_else(|_| stand_in::of(bytes))
    }

    /// Returns the whole bytes of a bit string (no unused bits).
    pub fn bit_string(&self) -> Result<&'a [u8], Asn1Error> {
        self.expect(BIT_STRING)?;
        match self.value.split_first() {
            Some((0, bytes)) => Ok(bytes),
            _ => Err(Asn1Error::Value),
        }
    }

    /// Returns a small non-negative integer.
    pub fn small(&self) -> Result<u64, Asn1Error> {
        match self.value {
            [] => Err(Asn1Error::Value),
            [first, ..] if *first >= 0x80 || self.value.len() > 8 => Err(Asn1Error::Value),
            bytes => Ok(bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))),
        }
    }

    /// Returns a boolean in its DER form.
    pub fn boolean(&self) -> Result<bool, Asn1Error> {
        match self.expect(BOOLEAN)?.value {
            [0] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(Asn1Error::Value),
        }
    }

    /// Returns a `UTCTime` or `GeneralizedTime`, in the forms certificates may use (with seconds, `Z`).
    pub fn time(&self) -> Result<Timestamp, Asn1Error> {
        Timestamp::from_second(clock::seconds(self.tag, self.value)?).map_err(|_| Asn1Error::Value)
    }

    /// Returns the text of a string in one of the encodings that names use.
    pub fn text(&self) -> Result<String, Asn1Error> {
        match self.tag {
            UTF8_STRING | PRINTABLE_STRING | IA5_STRING | 0x12 | 0x14 => {
                String::from_utf8(self.value.to_vec()).map_err(|_| Asn1Error::Value)
            }
            0x1e => {
                let (pairs, []) = self.value.as_chunks::<2>() else { return Err(Asn1Error::Value) };
                let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                String::from_utf16(&units).map_err(|_| Asn1Error::Value)
            }
            _ => Err(Asn1Error::Value),
        }
    }
}

/// Reads elements one after another.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts reading `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns whether nothing is left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns the next tag without reading it.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Reads the next element, whatever it is.
    pub fn any(&mut self) -> Result<Element<'a>, Asn1Error> {
        let (tag, header, length) = header(self.rest)?;
        let end = header.checked_add(length).ok_or(Asn1Error::Length)?;
        let raw = self.rest.get(..end).ok_or(Asn1Error::Truncated)?;
        let value = raw.get(header..).ok_or(Asn1Error::Truncated)?;
        self.rest = self.rest.get(end..).ok_or(Asn1Error::Truncated)?;
        Ok(Element { tag, value, raw })
    }

    /// Reads the next element, which must have this tag.
    pub fn take(&mut self, tag: u8) -> Result<Element<'a>, Asn1Error> {
        if self.peek() == Some(tag) { self.any() } else { Err(Asn1Error::Tag(tag)) }
    }

    /// Reads the next element if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Asn1Error> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// Says that nothing may follow.
    pub fn finish(&self) -> Result<(), Asn1Error> {
        if self.is_empty() { Ok(()) } else { Err(Asn1Error::Trailing) }
    }

    /// Reads all elements left, at most `limit`.
    pub fn all(mut self, limit: usize) -> Result<Vec<Element<'a>>, Asn1Error> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            if elements.len() == limit {
                return Err(Asn1Error::Limit);
            }
            elements.push(self.any()?);
        }
        Ok(elements)
    }
}

/// Returns tag, length of the header and length of the contents.
pub(crate) fn header(bytes: &[u8]) -> Result<(u8, usize, usize), Asn1Error> {
    let [tag, first, ..] = *bytes else { return Err(Asn1Error::Truncated) };
    if tag & 0x1f == 0x1f {
        return Err(Asn1Error::Value);
    }
    if first < 0x80 {
        return Ok((tag, 2, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return Err(Asn1Error::Length);
    }
    let digits = bytes.get(2..2 + count).ok_or(Asn1Error::Truncated)?;
    let length = digits.iter().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte));
    let minimal = digits.first() != Some(&0) && length >= 0x80;
    if minimal { Ok((tag, 2 + count, length)) } else { Err(Asn1Error::Length) }
}

/// PEM of one text that are looked at: more than there are places for evidence or roots.
const PEM_BLOCKS_MAX: usize = 4096;

/// Returns the DER inside a PEM or base64 text, or the bytes themselves if they are no such text; less the NUL and line
/// ends that programs count into it. Base64 may stand in quotes or in a `data:` address, in either alphabet, and the text may
/// be in UTF-16. Nothing else is left out: a text in which more stands than its PEM is refused.
///
/// ```
/// let pem = b"-----BEGIN X-----\nAgEF\n-----END X-----\n";
/// assert_eq!(&*eds::asn1::from_pem(pem).unwrap(), &[2, 1, 5]);
/// ```
pub fn from_pem(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Asn1Error> {
    decoded(bytes, text::pem_alone)
}

/// The same for certificates, beside whose PEM programs write notes and further certificates: the first one counts.
pub(crate) fn from_noted_pem(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Asn1Error> {
    decoded(bytes, |text| Some(text::pem_body(text)))
}

/// Returns each PEM of a text, without the notes beside it; none where the bytes are no such text.
///
/// ```
/// let pem = "-----BEGIN X-----\nAgEF\n-----END X-----\n";
/// let blocks = eds::asn1::pem_blocks(format!("note\n{pem}note\n{pem}").as_bytes());
/// assert_eq!(blocks, [pem.trim_end().as_bytes(); 2]);
/// ```
#[must_use]
pub fn pem_blocks(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = text::of(bytes).unwrap_or_default();
    if !text.contains(text::BEGIN) {
        return Vec::new();
    }
    let text = text::meant(text::bare(&text));
    text::pem_blocks(&text).take(PEM_BLOCKS_MAX).map(String::into_bytes).collect()
}

fn decoded(bytes: &[u8], pem: fn(&str) -> Option<&str>) -> Result<Cow<'_, [u8]>, Asn1Error> {
    let text = text::of(bytes);
    // DER of a sequence begins with `0`, its base64 with `MI` (or `MH`, `MF` … for a short one).
    let is_encoded = |it: &&str| it.starts_with('M') || it.contains(text::BEGIN);
    let Some(plain) = text.as_deref().map(text::bare).filter(is_encoded) else {
        return Ok(Cow::Borrowed(without_end(bytes)));
    };
    let plain = text::meant(plain);
    let body: &str = if plain.contains(text::BEGIN) { pem(&plain).ok_or(Asn1Error::Value)? } else { &plain };
    let mut der = text::decoded(body).ok_or(Asn1Error::Value)?;
    der.truncate(without_end(&der).len());
    Ok(Cow::Owned(der))
}

/// Returns the bytes less NUL and line ends behind the outer element; all of them where anything else follows it.
fn without_end(bytes: &[u8]) -> &[u8] {
    let end = header(bytes).ok().and_then(|(_, head, length)| head.checked_add(length));
    match end.and_then(|end| bytes.split_at_checked(end)) {
        Some((element, rest)) if is_idle(rest) => element,
        _ => bytes,
    }
}

/// Returns whether these bytes are nothing but NUL and line ends.
fn is_idle(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, 0 | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests;
