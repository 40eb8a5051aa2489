// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading the signatures of a PDF.

use lopdf::{Dictionary, Document, Object};

use super::{PDF_SIGNATURES_MAX, PLACEHOLDER_BYTES_MAX, PadesError, digest_of, open};

/// Forms of signature whose CMS is detached from the byte range.
const DETACHED: [&[u8]; 2] = [b"ETSI.CAdES.detached", b"adbe.pkcs7.detached"];

/// A signature found in a PDF; its CMS is not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSignature {
    /// Start and length of the stretch before the CMS, start and length of the stretch after it.
    pub byte_range: [usize; 4],
    /// SHA-256 of both stretches.
    pub digest: [u8; 32],
    /// The CMS, without the padding after it.
    pub cms: Vec<u8>,
    /// Whether nothing was appended after this signature: true of the last one of an honest file.
    pub covers_whole_file: bool,
}

impl EmbeddedSignature {
    /// Returns both covered stretches of the file that the signature was read of.
    #[must_use]
    pub fn pieces<'a>(&self, pdf: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        let [start, length, after, rest] = self.byte_range;
        Some([pdf.get(start..start.checked_add(length)?)?, pdf.get(after..after.checked_add(rest)?)?])
    }
}

/// Returns the signatures in the order they were made; a range that leaves a hole is an error, not a signature.
pub fn signatures(pdf: &[u8]) -> Result<Vec<EmbeddedSignature>, PadesError> {
    let document = open(pdf)?;
    let found: Vec<&Dictionary> = document.objects.values().filter_map(signature_dictionary).collect();
    if found.len() > PDF_SIGNATURES_MAX {
        return Err(PadesError::OutOfBounds { what: "the number of signatures" });
    }
    let mut read =
        found.into_iter().map(|held| one(&document, pdf, held)).collect::<Result<Vec<_>, PadesError>>()?;
    read.sort_by_key(|signature| signature.byte_range);
    Ok(read)
}

/// Returns the dictionary if it is that of a signature: what carries a byte range and contents.
fn signature_dictionary(object: &Object) -> Option<&Dictionary> {
    let held = object.as_dict().ok()?;
    (held.has(b"ByteRange") && held.has(b"Contents")).then_some(held)
}

fn one(document: &Document, pdf: &[u8], held: &Dictionary) -> Result<EmbeddedSignature, PadesError> {
    let form = held.get(b"SubFilter").and_then(Object::as_name).map_err(|_| PadesError::SubFilter)?;
    if !DETACHED.contains(&form) {
        return Err(PadesError::SubFilter);
    }
    let byte_range = range(document, held).ok_or(PadesError::ByteRange)?;
    let [start, length, after, rest] = byte_range;
    let end = after.checked_add(rest).filter(|&end| end <= pdf.len()).ok_or(PadesError::ByteRange)?;
    let hole = pdf.get(length..after).ok_or(PadesError::ByteRange)?;
    let contents = hex(hole).ok_or(PadesError::ByteRange)?;
    let said = held.get(b"Contents").and_then(Object::as_str).map_err(|_| PadesError::ByteRange)?;
    if start != 0 || said != contents.as_slice() || !ends_a_revision(pdf.get(..end).unwrap_or_default()) {
        return Err(PadesError::ByteRange);
    }
    Ok(EmbeddedSignature {
        byte_range,
        digest: digest_of(pdf, byte_range).ok_or(PadesError::ByteRange)?,
        cms: without_padding(&contents).ok_or(PadesError::SubFilter)?,
        covers_whole_file: end == pdf.len(),
    })
}

fn range(document: &Document, held: &Dictionary) -> Option<[usize; 4]> {
    let numbers = document.dereference(held.get(b"ByteRange").ok()?).ok()?.1.as_array().ok()?;
    let numbers =
        numbers.iter().map(|it| usize::try_from(it.as_i64().ok()?).ok()).collect::<Option<Vec<_>>>()?;
    numbers.try_into().ok()
}

/// Returns the bytes of `<…>` where nothing but hexadecimal digits stands between the brackets.
fn hex(hole: &[u8]) -> Option<Vec<u8>> {
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    if digits.len() % 2 != 0 || digits.len() > 2 * PLACEHOLDER_BYTES_MAX {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(value(*high)? << 4 | value(*low)?),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

fn ends_a_revision(covered: &[u8]) -> bool {
    covered.trim_ascii_end().ends_with(b"%%EOF")
}

/// Returns the DER value at the head of the room; an empty room is empty, other bytes after it must be zero.
fn without_padding(contents: &[u8]) -> Option<Vec<u8>> {
    let Some((0x30, rest)) = contents.split_first().map(|(tag, rest)| (*tag, rest)) else {
        return contents.iter().all(|&byte| byte == 0).then(Vec::new);
    };
    let (&first, rest) = rest.split_first()?;
    let (header, length) = if first < 0x80 {
        (2, usize::from(first))
    } else {
        let octets = usize::from(first & 0x7f);
        let octets_held = rest.get(..octets).filter(|_| (1..=3).contains(&octets))?;
        (2 + octets, octets_held.iter().fold(0, |sum, &octet| sum << 8 | usize::from(octet)))
    };
    let (cms, padding) = contents.split_at_checked(header + length)?;
    padding.iter().all(|&byte| byte == 0).then(|| cms.to_vec())
}
