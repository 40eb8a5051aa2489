// SPDX-License-Identifier: MIT OR Apache-2.0
//! Straightens the BER that some signers produce into DER: indefinite lengths, strings in pieces, long lengths.

use std::borrow::Cow;

use super::{Asn1Error, OCTET_STRING, write};

/// Depth of nesting that is still read: a time stamp among the attributes of a signature, whose authority names its
/// certificate by its issuer, stands 25 deep, and a time stamp may be stamped again.
pub const DEPTH_MAX: usize = 64;
/// Elements that are still read, however short the bytes are.
pub const ELEMENTS_MAX: usize = 200_000;
/// Bytes for each element that is still read where that makes more: in revocation lists, by which honest files grow long, an
/// element takes more of them.
const ELEMENT_BYTES: usize = 4;

/// Returns the same value with definite, minimal lengths.
///
/// DER comes back untouched, so bytes under a signature stay as received.
///
/// ```
/// let indefinite = [0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00];
/// assert_eq!(&*eds::asn1::ber::to_der(&indefinite).unwrap(), &[0x30, 3, 2, 1, 5]);
/// ```
pub fn to_der(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Asn1Error> {
    let elements_max = ELEMENTS_MAX.max(bytes.len() / ELEMENT_BYTES);
    let mut left = elements_max;
    if is_der(bytes, 0, &mut left)? {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut input = Input { rest: bytes, left: elements_max };
    let out = input.element(0)?;
    // Of an indefinite length only here it is seen where it ends ([`super::from_pem`]).
    if super::is_idle(input.rest) { Ok(Cow::Owned(out)) } else { Err(Asn1Error::Trailing) }
}

/// Returns whether lengths are definite and minimal and strings whole, as deep as elements are constructed.
fn is_der(bytes: &[u8], depth: usize, left: &mut usize) -> Result<bool, Asn1Error> {
    if depth > DEPTH_MAX {
        return Err(Asn1Error::Limit);
    }
    let mut reader = super::Reader::new(bytes);
    while !reader.is_empty() {
        *left = left.checked_sub(1).ok_or(Asn1Error::Limit)?;
        let Ok(element) = reader.any() else { return Ok(false) };
        if element.tag == OCTET_STRING | 0x20 {
            return Ok(false);
        }
        if element.tag & 0x20 != 0 && !is_der(element.value, depth + 1, left)? {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Input<'a> {
    rest: &'a [u8],
    left: usize,
}

impl Input<'_> {
    fn byte(&mut self) -> Result<u8, Asn1Error> {
        let (&first, rest) = self.rest.split_first().ok_or(Asn1Error::Truncated)?;
        self.rest = rest;
        Ok(first)
    }

    /// Returns the length, or nothing when it is indefinite.
    fn length(&mut self) -> Result<Option<usize>, Asn1Error> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(Some(usize::from(first)));
        }
        if first == 0x80 {
            return Ok(None);
        }
        let count = first & 0x7f;
        if count > 8 {
            return Err(Asn1Error::Length);
        }
        let mut length = 0usize;
        for _ in 0..count {
            length = length.checked_mul(256).ok_or(Asn1Error::Length)? | usize::from(self.byte()?);
        }
        Ok(Some(length))
    }

    /// Reads one element and returns it as DER.
    fn element(&mut self, depth: usize) -> Result<Vec<u8>, Asn1Error> {
        let (tag, value) = self.parts(depth)?;
        Ok(write::tlv(tag, &value))
    }

    /// Reads one element and returns its tag and its contents as DER.
    fn parts(&mut self, depth: usize) -> Result<(u8, Vec<u8>), Asn1Error> {
        if depth > DEPTH_MAX {
            return Err(Asn1Error::Limit);
        }
        self.left = self.left.checked_sub(1).ok_or(Asn1Error::Limit)?;
        let tag = self.byte()?;
        if tag & 0x1f == 0x1f || tag == 0 {
            return Err(Asn1Error::Value);
        }
        let is_constructed = tag & 0x20 != 0;
        let length = self.length()?;
        let whole_string = tag == OCTET_STRING | 0x20;
        if let Some(length) = length {
            let value = self.rest.get(..length).ok_or(Asn1Error::Truncated)?;
            self.rest = self.rest.get(length..).ok_or(Asn1Error::Truncated)?;
            if !is_constructed {
                return Ok((tag, value.to_vec()));
            }
            let mut inner = Input { rest: value, left: self.left };
            let mut out = Vec::with_capacity(length);
            while !inner.rest.is_empty() {
                inner.append(&mut out, whole_string, depth)?;
            }
            self.left = inner.left;
            return Ok((if whole_string { OCTET_STRING } else { tag }, out));
        }
        if !is_constructed {
            return Err(Asn1Error::Length);
        }
        let mut out = Vec::new();
        while !self.rest.starts_with(&[0, 0]) {
            self.append(&mut out, whole_string, depth)?;
        }
        self.rest = self.rest.get(2..).ok_or(Asn1Error::Truncated)?;
        Ok((if whole_string { OCTET_STRING } else { tag }, out))
    }

    /// Appends the next element, or only its contents when it is a piece of a string.
    fn append(&mut self, out: &mut Vec<u8>, whole_string: bool, depth: usize) -> Result<(), Asn1Error> {
        if !whole_string {
            out.extend(self.element(depth + 1)?);
            return Ok(());
        }
        let (tag, value) = self.parts(depth + 1)?;
        if tag != OCTET_STRING {
            return Err(Asn1Error::Tag(OCTET_STRING));
        }
        out.extend(value);
        Ok(())
    }
}
