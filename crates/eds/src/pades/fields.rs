// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signature fields of a form, and what each of them holds.
//!
//! A signature counts only as the value of one signature field of the form: a dictionary that looks like a signature
//! but hangs nowhere, twice, or beside a form is refused, and so is a field that is said to be signed and holds nothing
//! that can be judged.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::PadesError;
use super::changes::parts;

/// Fields of a form that are looked at.
const FIELDS_MAX: usize = 20_000;
/// How deep fields may stand in fields.
const FIELD_DEPTH_MAX: usize = 16;
/// Bytes of the full name of a field: each is kept.
const FIELD_NAME_BYTES_MAX: usize = 2048;
const PART: PadesError = PadesError::Unusual { part: "a signature field" };

/// Returns the dictionary that stands under the number.
pub(super) fn dictionary_of(document: &Document, id: ObjectId) -> Option<&Dictionary> {
    document.objects.get(&id)?.as_dict().ok()
}

/// Returns the catalog and its number.
pub(super) fn catalog(document: &Document) -> Option<(ObjectId, &Dictionary)> {
    let root = document.trailer.get(b"Root").ok()?.as_reference().ok()?;
    Some((root, dictionary_of(document, root)?))
}

/// Returns what is meant: the object itself, or the one referred to.
pub(super) fn meant<'a>(document: &'a Document, held: &'a Object) -> Option<&'a Object> {
    if let Object::Reference(id) = held { document.objects.get(id) } else { Some(held) }
}

/// Returns the dictionary under the key, direct or referred to.
pub(super) fn under<'a>(document: &'a Document, held: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    meant(document, held.get(key).ok()?)?.as_dict().ok()
}

/// Returns the array under the key, direct or referred to; an absent one is empty.
pub(super) fn list<'a>(document: &'a Document, held: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
    match held.get(key) {
        Err(_) => Some(&[]),
        Ok(it) => meant(document, it)?.as_array().ok().map(Vec::as_slice),
    }
}

/// Returns the dictionary that the object is, or that its stream has.
pub(super) fn dictionary_in(object: &Object) -> Option<&Dictionary> {
    object.as_dict().or_else(|_| object.as_stream().map(|it| &it.dict)).ok()
}

/// Returns the field and those above it, as far as its parents lead; nothing where that is too far.
pub(super) fn chain<'a>(document: &'a Document, field: &'a Dictionary) -> Option<Vec<&'a Dictionary>> {
    let (mut found, mut here) = (vec![field], field);
    while let Some(parent) = under(document, here, b"Parent") {
        (found.len() <= FIELD_DEPTH_MAX).then_some(())?;
        found.push(parent);
        here = parent;
    }
    Some(found)
}

/// Returns what the nearest of them has under the key, as it stands there; null is absent.
pub(super) fn nearest<'a>(
    document: &'a Document,
    chain: &[&'a Dictionary],
    key: &[u8],
) -> Option<&'a Object> {
    let mut found = chain.iter().filter_map(|it| it.get(key).ok());
    found.find(|it| meant(document, it).is_some_and(|it| !it.is_null()))
}

/// Tells whether the kind of a field is that of a signature; so is what cannot be read.
fn is_of_signature(document: &Document, kind: &Object) -> bool {
    !matches!(meant(document, kind), Some(Object::Name(name)) if name != b"Sig")
}

/// Tells whether the dictionary is that of a signature or of a time stamp, or at least looks like one.
fn looks_signed(held: &Dictionary) -> bool {
    let is_named =
        held.get(b"Type").and_then(Object::as_name).is_ok_and(|it| it == b"Sig" || it == b"DocTimeStamp");
    is_named || held.has(b"ByteRange")
}

/// What is passed on from a field to those inside it.
#[derive(Clone, Default)]
struct Passed {
    name: Vec<u8>,
    is_signature: bool,
    depth: usize,
}

/// The fields of a form.
#[derive(Default)]
pub(super) struct Fields {
    seen: BTreeSet<ObjectId>,
    /// Their full names, each with a point before each part.
    pub(super) names: BTreeSet<Vec<u8>>,
    /// Where each signature stands: the number of its dictionary and of the field.
    pub(super) held: BTreeMap<ObjectId, ObjectId>,
}

impl Fields {
    fn walk(&mut self, document: &Document, fields: &[Object], passed: &Passed) -> Result<(), PadesError> {
        if passed.depth > FIELD_DEPTH_MAX {
            return Err(PART);
        }
        for field in fields {
            let id = field.as_reference().map_err(|_| PART)?;
            if !self.seen.insert(id) || self.seen.len() > FIELDS_MAX {
                return Err(PART);
            }
            let held = dictionary_of(document, id).ok_or(PART)?;
            self.field(document, id, held, passed)?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        document: &Document,
        id: ObjectId,
        held: &Dictionary,
        passed: &Passed,
    ) -> Result<(), PadesError> {
        let mut own = Passed { depth: passed.depth + 1, ..passed.clone() };
        let is_named = held.has(b"T");
        if let Ok(name) = held.get(b"T") {
            own.name.push(b'.');
            own.name.extend(name.as_str().map_err(|_| PART)?);
            if own.name.len() > FIELD_NAME_BYTES_MAX {
                return Err(PadesError::OutOfBounds { what: "the name of a field" });
            }
        }
        if let Some(kind) = nearest(document, &[held], b"FT") {
            own.is_signature = is_of_signature(document, kind);
        }
        if is_named && !self.names.insert(own.name.clone()) && own.is_signature {
            return Err(PART);
        }
        if let (Ok(value), true) = (held.get(b"V"), own.is_signature) {
            // What is said to be signed is a dictionary of its own, in no other field.
            let signature = value.as_reference().map_err(|_| PART)?;
            dictionary_of(document, signature).ok_or(PART)?;
            if self.held.insert(signature, id).is_some() {
                return Err(PART);
            }
        }
        self.walk(document, list(document, held, b"Kids").ok_or(PART)?, &own)
    }

    /// Tells whether this is a signature, or a field that others take for signed, and none of those that were walked. What
    /// stands inside an object has no number.
    fn is_stray(&self, document: &Document, id: Option<ObjectId>, held: &Dictionary) -> bool {
        if looks_signed(held) && !id.is_some_and(|id| self.held.contains_key(&id)) {
            return true;
        }
        if !held.has(b"V") && !held.has(b"FT") {
            return false;
        }
        let Some(chain) = chain(document, held) else { return true };
        let passed_on = |key: &[u8]| nearest(document, &chain, key);
        let (Some(kind), Some(value)) = (passed_on(b"FT"), passed_on(b"V")) else { return false };
        let is_held = || value.as_reference().is_ok_and(|it| self.held.contains_key(&it));
        let is_walked = || id.is_some_and(|id| self.seen.contains(&id));
        is_of_signature(document, kind) && !(is_held() && is_walked())
    }
}

/// Returns the fields of the form, and with them every signature of the document.
pub(super) fn signed(document: &Document) -> Result<Fields, PadesError> {
    let (_, catalog) = catalog(document).ok_or(PadesError::Unusual { part: "the catalog" })?;
    let mut found = Fields::default();
    if catalog.has(b"AcroForm") {
        let part = PadesError::Unusual { part: "the form" };
        let form = under(document, catalog, b"AcroForm").ok_or(part)?;
        found.walk(document, list(document, form, b"Fields").ok_or(part)?, &Passed::default())?;
    }
    for (id, object) in &document.objects {
        let mut inside = parts(object).filter_map(|it| Some((std::ptr::eq(it, object), dictionary_in(it)?)));
        if inside.any(|(is_own, held)| found.is_stray(document, is_own.then_some(*id), held)) {
            return Err(PART);
        }
    }
    Ok(found)
}
