// SPDX-License-Identifier: MIT OR Apache-2.0
//! Appending a signature to a PDF.

use jiff::{Timestamp, tz::TimeZone};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, StringFormat, dictionary};

use super::{
    INFO_CHARS_MAX, PDF_SIGNATURES_MAX, PLACEHOLDER_BYTES_MAX, PLACEHOLDER_BYTES_MIN, PadesError, digest_of,
    fields, linear, open, read::STAMP, room::Room,
};

/// Stands for an offset until the file is written; wide enough for any file within the bound.
const OFFSET_UNKNOWN: i64 = 9_999_999_999;
/// The byte range as it is first written; the true one is padded to the same width.
const RANGE_UNKNOWN: &[u8] = b"[0 9999999999 9999999999 9999999999]";
/// Where the invisible signature stands: outside the page, without extent, so that no appearance is needed.
const NOWHERE: i64 = -10;
/// Flags of the widget: print and locked.
const WIDGET_FLAGS: i64 = 132;
/// Flags of the form: signatures exist, append only.
const FORM_FLAGS: i64 = 3;

/// What the signature says about itself in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureInfo {
    /// Who signs.
    pub name: String,
    /// Why.
    pub reason: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// How to reach the signer.
    pub contact: Option<String>,
    /// The claimed time.
    pub time: Timestamp,
    /// Room for the CMS, in bytes.
    pub placeholder_bytes: usize,
}

/// A PDF with an empty signature in it, waiting for the CMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The whole file; the file given is its prefix.
    pub bytes: Vec<u8>,
    /// Start and length of the stretch before the CMS, start and length of the stretch after it.
    pub byte_range: [usize; 4],
    /// SHA-256 of both stretches: what the CMS signs.
    pub digest: [u8; 32],
}

impl Prepared {
    /// Returns the bytes the CMS is detached from, for a signer that wants content and not a digest.
    pub fn content(&self) -> Vec<u8> {
        let [start, length, after, rest] = self.byte_range;
        let stretch = |from: usize, length: usize| self.bytes.get(from..from + length).unwrap_or_default();
        [stretch(start, length), stretch(after, rest)].concat()
    }
}

/// Returns the PDF with an empty signature appended.
pub fn prepare(pdf: &[u8], info: &SignatureInfo) -> Result<Prepared, PadesError> {
    check(info)?;
    append(pdf, &info.name, &signature(info), info.placeholder_bytes)
}

/// Returns the PDF with room for a time stamp over it appended (`ETSI.RFC3161`): over everything that stands there now,
/// with its signatures.
///
/// What the authority stamps is [`Prepared::content`] ([`crate::tsp::request`]); its token goes in by [`embed`].
pub fn prepare_stamp(pdf: &[u8], placeholder_bytes: usize) -> Result<Prepared, PadesError> {
    check_room(placeholder_bytes)?;
    append(pdf, "", &stamp(placeholder_bytes), placeholder_bytes)
}

fn append(pdf: &[u8], said: &str, held: &Dictionary, room: usize) -> Result<Prepared, PadesError> {
    let opened = open(pdf, &mut Room::of_files(1))?;
    opened.check(pdf, &[])?;
    let document = opened.document;
    let fields = fields::signed(&document)?;
    let number = fields.held.len() + 1;
    if number > PDF_SIGNATURES_MAX {
        return Err(PadesError::OutOfBounds { what: "the number of signatures" });
    }
    let names = (number..=number + fields.names.len()).map(|number| format!("Signature{number}"));
    let is_free = |name: &String| !fields.names.contains([b".", name.as_bytes()].concat().as_slice());
    let name = names.into_iter().find(is_free).ok_or(PadesError::Unusual { part: "the form" })?;
    let page = document.page_iter().next().ok_or(PadesError::Unusual { part: "the first page" })?;
    let mut update = IncrementalDocument::create_from(pdf.to_vec(), document);
    let signature = update.new_document.add_object(held.clone());
    let widget = update.new_document.add_object(widget(said, name, page, signature));
    add_to_page(&mut update, page, widget)?;
    add_to_form(&mut update, widget)?;
    let mut bytes = vec![];
    update.save_to(&mut bytes).map_err(|_| PadesError::Unusual { part: "the cross-reference table" })?;
    let prepared = finish(bytes, pdf.len(), room)?;
    // Readers would take the signed file for a linearized one.
    let is_read = linear::is_passed_over(&prepared.bytes, &[prepared.bytes.len()]);
    if is_read { Ok(prepared) } else { Err(PadesError::Unusual { part: "the linearization" }) }
}

/// Returns the signed PDF.
pub fn embed(prepared: &Prepared, cms: &[u8]) -> Result<Vec<u8>, PadesError> {
    let [start, length, after, rest] = prepared.byte_range;
    let fits = start == 0 && after.checked_add(rest) == Some(prepared.bytes.len()) && after > length + 2;
    if !fits || digest_of(&prepared.bytes, prepared.byte_range) != Some(prepared.digest) {
        return Err(PadesError::Changed);
    }
    let room = (after - length - 2) / 2;
    if cms.len() > room || cms.is_empty() {
        return Err(PadesError::TooLarge { cms: cms.len(), room });
    }
    let mut signed = prepared.bytes.clone();
    let digits = cms.iter().flat_map(|byte| [hex_digit(byte >> 4), hex_digit(byte & 15)]);
    let place = signed.get_mut(length + 1..after - 1).ok_or(PadesError::Changed)?;
    if place.iter().any(|&digit| digit != b'0') {
        return Err(PadesError::Changed);
    }
    place.iter_mut().zip(digits).for_each(|(place, digit)| *place = digit);
    Ok(signed)
}

fn check_room(bytes: usize) -> Result<(), PadesError> {
    let fits = (PLACEHOLDER_BYTES_MIN..=PLACEHOLDER_BYTES_MAX).contains(&bytes);
    if fits { Ok(()) } else { Err(PadesError::OutOfBounds { what: "the room for the signature" }) }
}

fn check(info: &SignatureInfo) -> Result<(), PadesError> {
    check_room(info.placeholder_bytes)?;
    let texts = [Some(&info.name), info.reason.as_ref(), info.location.as_ref(), info.contact.as_ref()];
    if texts.into_iter().flatten().any(|text| text.chars().count() > INFO_CHARS_MAX) {
        return Err(PadesError::OutOfBounds { what: "a text of the signature" });
    }
    Ok(())
}

fn signature(info: &SignatureInfo) -> Dictionary {
    let mut signature = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), OFFSET_UNKNOWN.into(), OFFSET_UNKNOWN.into(), OFFSET_UNKNOWN.into()],
        "Contents" => Object::String(vec![0; info.placeholder_bytes], StringFormat::Hexadecimal),
        "Name" => text(&info.name),
        "M" => Object::string_literal(pdf_time(info.time)),
    };
    let optional = [("Reason", &info.reason), ("Location", &info.location), ("ContactInfo", &info.contact)];
    for (key, said) in optional {
        if let Some(said) = said {
            signature.set(key, text(said));
        }
    }
    signature
}

/// The dictionary of a time stamp over the document.
fn stamp(room: usize) -> Dictionary {
    dictionary! {
        "Type" => "DocTimeStamp",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => Object::Name(STAMP.to_vec()),
        "ByteRange" => vec![0.into(), OFFSET_UNKNOWN.into(), OFFSET_UNKNOWN.into(), OFFSET_UNKNOWN.into()],
        "Contents" => Object::String(vec![0; room], StringFormat::Hexadecimal),
    }
}

fn widget(said: &str, name: String, page: ObjectId, signature: ObjectId) -> Dictionary {
    let mut widget = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal(name),
        "V" => signature,
        "F" => WIDGET_FLAGS,
        "Rect" => vec![NOWHERE.into(), NOWHERE.into(), NOWHERE.into(), NOWHERE.into()],
        "P" => page,
    };
    if !said.is_empty() {
        widget.set("TU", text(said));
    }
    widget
}

/// Adds the widget to the annotations of the page, in the order the structure tree gives.
fn add_to_page(update: &mut IncrementalDocument, page: ObjectId, widget: ObjectId) -> Result<(), PadesError> {
    const PART: PadesError = PadesError::Unusual { part: "the first page" };
    let held = dictionary_of(update.get_prev_documents(), page).ok_or(PART)?;
    let mut held = held.clone();
    let mut annotations = list_of(update.get_prev_documents(), held.get(b"Annots").ok()).ok_or(PART)?;
    annotations.push(widget.into());
    held.set("Annots", annotations);
    held.set("Tabs", "S");
    update.new_document.set_object(page, held);
    Ok(())
}

/// Adds the field to the form of the document, and the form where there is none.
fn add_to_form(update: &mut IncrementalDocument, field: ObjectId) -> Result<(), PadesError> {
    const PART: PadesError = PadesError::Unusual { part: "the form" };
    let before = update.get_prev_documents();
    let root = before.trailer.get(b"Root").and_then(Object::as_reference);
    let root = root.map_err(|_| PadesError::Unusual { part: "the catalog" })?;
    let mut catalog = dictionary_of(before, root).ok_or(PadesError::Unusual { part: "the catalog" })?.clone();
    let held = catalog.get(b"AcroForm").ok().cloned();
    let own = held.as_ref().and_then(|form| form.as_reference().ok());
    let mut form = match (own, held) {
        (Some(id), _) => dictionary_of(before, id).ok_or(PART)?.clone(),
        (None, Some(Object::Dictionary(form))) => form,
        (None, Some(_)) => return Err(PART),
        (None, None) => Dictionary::new(),
    };
    let mut fields = list_of(before, form.get(b"Fields").ok()).ok_or(PART)?;
    fields.push(field.into());
    form.set("Fields", fields);
    form.set("SigFlags", FORM_FLAGS);
    let id = if let Some(id) = own {
        update.new_document.set_object(id, form);
        return Ok(());
    } else {
        update.new_document.add_object(form)
    };
    catalog.set("AcroForm", id);
    update.new_document.set_object(root, catalog);
    Ok(())
}

fn dictionary_of(document: &Document, id: ObjectId) -> Option<&Dictionary> {
    document.get_object(id).ok()?.as_dict().ok()
}

/// Returns the array, direct or referred to; an absent one is empty.
fn list_of(document: &Document, held: Option<&Object>) -> Option<Vec<Object>> {
    let Some(held) = held else { return Some(vec![]) };
    document.dereference(held).ok()?.1.as_array().ok().cloned()
}

/// Puts the true byte range into the written file and digests it.
fn finish(mut bytes: Vec<u8>, prefix: usize, room: usize) -> Result<Prepared, PadesError> {
    const PART: PadesError = PadesError::Unusual { part: "the appended signature" };
    let placeholder = [b"<".as_slice(), &vec![b'0'; 2 * room], b">"].concat();
    let appended = bytes.get(prefix..).ok_or(PART)?;
    let contents = prefix + only_place(appended, &placeholder).ok_or(PART)?;
    let range_at = prefix + only_place(appended, RANGE_UNKNOWN).ok_or(PART)?;
    let after = contents + placeholder.len();
    let byte_range = [0, contents, after, bytes.len() - after];
    let [start, length, after, rest] = byte_range;
    let written = format!("[{start} {length} {after} {rest}]");
    let place = bytes.get_mut(range_at..range_at + RANGE_UNKNOWN.len()).ok_or(PART)?;
    place.fill(b' ');
    place.iter_mut().zip(written.bytes()).for_each(|(place, byte)| *place = byte);
    let digest = digest_of(&bytes, byte_range).ok_or(PART)?;
    Ok(Prepared { bytes, byte_range, digest })
}

/// Returns where the only occurrence stands.
fn only_place(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut places = bytes.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted);
    let (place, _) = places.next()?;
    if places.next().is_none() { Some(place) } else { None }
}

/// Returns a text string: UTF-16 with its mark, so that any letter is kept.
fn text(text: &str) -> Object {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

fn pdf_time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("D:%Y%m%d%H%M%SZ").to_string()
}

fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
}
