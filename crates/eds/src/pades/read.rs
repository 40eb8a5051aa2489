// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading the signatures of a PDF.

use std::borrow::Cow;

use lopdf::{Dictionary, Document, Object};

use super::active::active;
use super::changes::{self, Addable};
use super::permissions::is_final;
use super::room::Room;
use super::store::Stored;
use super::{
    BLANK_BYTES_MAX, HEAD, Opened, PDF_SIGNATURES_MAX, PLACEHOLDER_BYTES_MAX, PadesError, added, digest_of,
    fields, is_space, open, search, trimmed,
};
use crate::asn1::ber;

/// Forms of signature whose CMS is detached from the byte range.
const DETACHED: [&[u8]; 2] = [b"ETSI.CAdES.detached", b"adbe.pkcs7.detached"];
/// The form of a time stamp over the document.
pub(super) const STAMP: &[u8] = b"ETSI.RFC3161";
/// How a PDF ends.
const END: &[u8] = b"%%EOF";
/// Bytes at the end of a file in which readers look for that.
const END_BYTES: usize = 1024;
/// An object is spelled so that other readers may read it otherwise.
const NOT_PLAIN: &str = "object-not-plain";
/// All revisions that are compared cost at most as much as so many files.
const REVISIONS_MAX: usize = 8;
/// Bytes read again, of all revisions that are compared.
const REVISIONS_BYTES_MAX: usize = REVISIONS_MAX * super::PDF_BYTES_MAX;
/// Streams unpacked again, of all revisions that are compared.
const REVISIONS_STREAMS_MAX: usize = REVISIONS_MAX * super::PACKED_STREAMS_MAX;

/// What stands in a signature field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A signature: a detached CMS.
    Signature,
    /// A time stamp over the document (`ETSI.RFC3161`): a token.
    TimeStamp,
}

/// A signature or a time stamp found in a PDF; not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmbeddedSignature {
    /// What it is.
    pub form: Form,
    /// Start and length of the stretch before the CMS, start and length of the stretch after it.
    pub byte_range: [usize; 4],
    /// SHA-256 of both stretches.
    pub digest: [u8; 32],
    /// The CMS or the token, without the padding after it; one of indefinite length as DER.
    pub cms: Vec<u8>,
    /// Whether nothing but white space was appended after it: true of the last one of an honest file.
    pub covers_whole_file: bool,
    /// Whether all that was appended after it, the last one, is evidence (`DSS`) which nobody signed.
    pub evidence_follows: bool,
    /// What was changed after it that may not be, in a word; nothing where only signatures and evidence were added.
    pub changed: Option<&'static str>,
}

impl EmbeddedSignature {
    /// Returns both covered stretches of the file that the signature was read of.
    #[must_use]
    pub fn pieces<'a>(&self, pdf: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        let [start, length, after, rest] = self.byte_range;
        Some([pdf.get(start..start.checked_add(length)?)?, pdf.get(after..after.checked_add(rest)?)?])
    }

    /// Returns where the covered stretch after it ends.
    pub(crate) fn end(&self) -> usize {
        let [_, _, after, rest] = self.byte_range;
        after.saturating_add(rest)
    }
}

/// Returns the signatures in the order they were made, without the time stamps over the document.
pub fn signatures(pdf: &[u8]) -> Result<Vec<EmbeddedSignature>, PadesError> {
    Ok(embedded(pdf)?.into_iter().filter(|it| it.form == Form::Signature).collect())
}

/// Returns the signatures and the time stamps in the order they were made.
///
/// A range that leaves a hole, or a dictionary of a signature that is not the value of one signature field, is an error
/// and not a signature.
pub fn embedded(pdf: &[u8]) -> Result<Vec<EmbeddedSignature>, PadesError> {
    Ok(with_store(pdf)?.0)
}

/// Returns the signatures and the time stamps, and what the document holds to judge them by.
pub(crate) fn with_store(pdf: &[u8]) -> Result<(Vec<EmbeddedSignature>, Stored), PadesError> {
    let opened = open(pdf, &mut Room::of_files(1)).map_err(|fault| explained(fault, pdf))?;
    let document = &opened.document;
    let signed = fields::signed(document)?;
    if signed.held.len() > PDF_SIGNATURES_MAX {
        return Err(PadesError::OutOfBounds { what: "the number of signatures" });
    }
    let mut read = Vec::with_capacity(signed.held.len());
    for (id, field) in &signed.held {
        let held = fields::dictionary_of(document, *id).ok_or(PadesError::ByteRange)?;
        let field = fields::dictionary_of(document, *field).ok_or(PadesError::ByteRange)?;
        read.push((one(document, pdf, held)?, is_final(document, held, field)));
    }
    read.sort_by_key(|it| it.0.byte_range);
    if !read.is_empty() {
        let lengths: Vec<usize> = read.iter().map(|it| it.0.end()).chain([pdf.len()]).collect();
        opened.check(pdf, &lengths)?;
    }
    let mut stored = Stored::read(document);
    stored.active = active(document);
    compare(pdf, &opened, &mut read, &mut stored)?;
    Ok((read.into_iter().map(|it| it.0).collect(), stored))
}

/// Returns the fault of a file that could not be read; of one that only begins as a PDF that its end is missing.
fn explained(fault: PadesError, pdf: &[u8]) -> PadesError {
    let tail = pdf.get(pdf.len().saturating_sub(END_BYTES)..).unwrap_or_default();
    let is_ended = tail.windows(END.len()).any(|it| it == END);
    let is_cut = fault == PadesError::NotPdf && pdf.starts_with(HEAD) && !is_ended;
    if is_cut { PadesError::EndMissing } else { fault }
}

/// Compares each signed revision with the next one, and notes which of them covers what is stored.
fn compare(
    pdf: &[u8],
    last: &Opened,
    read: &mut [(EmbeddedSignature, bool)],
    stored: &mut Stored,
) -> Result<(), PadesError> {
    let ends: Vec<(usize, usize)> = read.iter().map(|it| (it.0.end(), it.0.byte_range[1])).collect();
    // The next one covers all that this one covers, and its own hole lies behind that.
    if ends.iter().zip(ends.iter().skip(1)).any(|(this, next)| this.0 > next.1 || this.0 >= next.0) {
        return Err(PadesError::ByteRange);
    }
    let earlier = || ends.iter().map(|it| it.0).filter(|end| *end < pdf.len());
    let again: usize = earlier().sum();
    let streams: usize = earlier().filter_map(|end| pdf.get(..end)).map(super::packed_streams).sum();
    if again > REVISIONS_BYTES_MAX || streams > REVISIONS_STREAMS_MAX {
        return Err(PadesError::OutOfBounds { what: "the revisions of the pdf" });
    }
    let mut room = Room::of_files(REVISIONS_MAX);
    let mut later: Option<Opened> = None;
    let mut is_final = false;
    let addable = read.iter().map(|it| {
        is_final |= it.1;
        if is_final { Addable::Stamps } else { Addable::Signatures }
    });
    let addable: Vec<Addable> = addable.collect();
    let first = ends.first().map_or(pdf.len(), |it| it.0);
    let mut misread = misread(pdf, last, first);
    for (place, ((signature, _), addable)) in read.iter_mut().zip(addable).enumerate().rev() {
        if signature.covers_whole_file {
            stored.note_covered(place, &last.document, &last.document);
            continue;
        }
        let own = pdf.get(..signature.end()).ok_or(PadesError::ByteRange)?;
        let revision = open(own, &mut room)?;
        revision.check(own, &[])?;
        stored.note_covered(place, &revision.document, &last.document);
        let next = later.as_ref().unwrap_or(last);
        misread = misread.or_else(|| misread_since(pdf, &revision, next));
        signature.changed = changes::forbidden(&revision.document, &next.document, addable);
        let is_last = ends.last().is_some_and(|it| it.0 == signature.end());
        signature.evidence_follows = is_last
            && misread.is_none()
            && added::is_evidence(pdf, signature.end(), &revision.document, &last.document, &mut room)?;
        misread = misread.or_else(|| (!revision.is_plain(pdf, first)).then_some(NOT_PLAIN));
        // It is told of the first signature, which is reached last.
        if signature.end() == first {
            let worse = signature.changed.filter(|it| *it != changes::VISIBLE);
            signature.changed = worse.or(misread).or(signature.changed);
        }
        later = Some(revision);
    }
    Ok(())
}

/// Says why other readers may see other objects behind that place than the parser does.
fn misread(pdf: &[u8], opened: &Opened, from: usize) -> Option<&'static str> {
    if !opened.tables.name_all(pdf, from) {
        return Some("object-not-named");
    }
    (!opened.is_plain(pdf, from)).then_some(NOT_PLAIN)
}

/// Says why other readers may see something else since the later revision than before.
fn misread_since(pdf: &[u8], earlier: &Opened, later: &Opened) -> Option<&'static str> {
    if !earlier.was_plain(pdf, later) {
        return Some(NOT_PLAIN);
    }
    let mut absent = later.dangling.clone();
    for (number, _) in search::referred(&earlier.document) {
        absent.remove(&number);
    }
    (!absent.is_empty()).then_some("object-absent")
}

fn one(document: &Document, pdf: &[u8], held: &Dictionary) -> Result<EmbeddedSignature, PadesError> {
    let byte_range = range(document, held).ok_or(PadesError::ByteRange)?;
    let said = held.get(b"Contents").and_then(Object::as_str).map_err(|_| PadesError::ByteRange)?;
    let form = match held.get(b"SubFilter").and_then(Object::as_name) {
        Ok(form) if DETACHED.contains(&form) => Form::Signature,
        Ok(STAMP) => Form::TimeStamp,
        Ok(_) | Err(_) => return Err(PadesError::SubFilter),
    };
    let [start, length, after, rest] = byte_range;
    let end = after.checked_add(rest).filter(|&end| end <= pdf.len()).ok_or(PadesError::ByteRange)?;
    let hole = pdf.get(length..after).ok_or(PadesError::ByteRange)?;
    let contents = hex(hole).ok_or(PadesError::ByteRange)?;
    if start != 0 || said != contents.as_slice() || !ends_a_revision(pdf.get(..end).unwrap_or_default()) {
        return Err(PadesError::ByteRange);
    }
    Ok(EmbeddedSignature {
        form,
        byte_range,
        digest: digest_of(pdf, byte_range).ok_or(PadesError::ByteRange)?,
        cms: without_padding(&contents).ok_or(PadesError::Unusual { part: "a signature" })?,
        covers_whole_file: is_blank(pdf.get(end..).unwrap_or_default()),
        evidence_follows: false,
        changed: None,
    })
}

fn range(document: &Document, held: &Dictionary) -> Option<[usize; 4]> {
    let numbers = document.dereference(held.get(b"ByteRange").ok()?).ok()?.1.as_array().ok()?;
    let numbers =
        numbers.iter().map(|it| usize::try_from(it.as_i64().ok()?).ok()).collect::<Option<Vec<_>>>()?;
    numbers.try_into().ok()
}

/// Returns the bytes of `<…>` where nothing but hexadecimal digits and white space stands between the brackets.
fn hex(hole: &[u8]) -> Option<Vec<u8>> {
    let held = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let digits: Vec<u8> = held.iter().copied().filter(|it| !is_space(*it)).collect();
    if !digits.len().is_multiple_of(2) || digits.len() > 2 * PLACEHOLDER_BYTES_MAX {
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
    covered.trim_ascii_end().ends_with(END)
}

/// Tells whether no reader sees anything in what follows the last `%%EOF`.
fn is_blank(tail: &[u8]) -> bool {
    tail.len() <= BLANK_BYTES_MAX && trimmed(tail).is_empty()
}

/// Returns the value at the head of the room as DER; an empty room is empty, other bytes after it must be zero.
fn without_padding(contents: &[u8]) -> Option<Vec<u8>> {
    let Some((0x30, rest)) = contents.split_first().map(|(tag, rest)| (*tag, rest)) else {
        return contents.iter().all(|&byte| byte == 0).then(Vec::new);
    };
    let (&first, rest) = rest.split_first()?;
    if first == 0x80 {
        // Its own end is of zeros too: without the zeros at the end of the room it is cut short, unless more stands behind it.
        let last = contents.iter().rposition(|&byte| byte != 0)?;
        let is_cut = ber::to_der(contents.get(..=last)?).is_err();
        return ber::to_der(contents).ok().filter(|_| is_cut).map(Cow::into_owned);
    }
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
