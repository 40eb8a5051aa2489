// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the keys that a further signature touches may hold, and by which objects a document is drawn.
//!
//! A viewer takes any dictionary for fonts or pictures to which resources point: were the catalog among them, what is
//! harmless in a catalog would be drawn.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::changes::{parts, reached, references, same};
use super::fields::{chain, dictionary_in, list, meant, nearest, under};

/// Kinds of resources, each a dictionary of names.
const RESOURCES: [&[u8]; 7] =
    [b"XObject", b"Font", b"ExtGState", b"Pattern", b"ColorSpace", b"Shading", b"Properties"];
/// Keys by whose values pages, fields and letters are drawn, besides [`RESOURCES`].
const DRAWING: [&[u8]; 5] = [b"Resources", b"Contents", b"AP", b"DR", b"CharProcs"];
/// Keys of what an extension says of itself.
const EXTENSION: [&[u8]; 5] = [b"Type", b"BaseVersion", b"ExtensionLevel", b"ExtensionRevision", b"URL"];
/// Flags of a field that its signature may change: printed, locked in its value, its place or its contents.
const FLAGS: i64 = 4 | 64 | 128 | 512;

/// Returns everything by which anything is drawn.
pub(super) fn drawn(document: &Document) -> BTreeSet<ObjectId> {
    let mut from = Vec::new();
    for held in document.objects.values().flat_map(parts).filter_map(dictionary_in) {
        let is_drawing = |key: &[u8]| DRAWING.contains(&key) || RESOURCES.contains(&key);
        held.iter().filter(|it| is_drawing(it.0)).for_each(|it| references(it.1, &mut from));
    }
    reached(document, from)
}

/// Tells whether each of these keys that is not what it was holds what belongs there.
pub(super) fn are_kept(document: &Document, old: &Dictionary, new: &Dictionary, keys: &[&[u8]]) -> bool {
    keys.iter().all(|key| match (old.get(key), new.get(key)) {
        (_, Err(_)) => true,
        (Ok(before), Ok(after)) if same(before, after) => true,
        (_, Ok(after)) => belongs(document, key, after),
    })
}

fn belongs(document: &Document, key: &[u8], held: &Object) -> bool {
    let is_dictionary = || meant(document, held).is_some_and(|it| it.as_dict().is_ok());
    match key {
        b"Version" | b"Tabs" => held.as_name().is_ok(),
        b"SigFlags" | b"F" => held.as_i64().is_ok(),
        b"M" | b"DA" => held.as_str().is_ok(),
        // That is what it says where it is absent.
        b"NeedAppearances" => matches!(held, Object::Boolean(false)),
        b"AcroForm" | b"DSS" | b"AP" | b"V" => is_dictionary(),
        b"Fields" | b"Annots" => meant(document, held).is_some_and(|it| it.as_array().is_ok()),
        b"Metadata" => meant(document, held).is_some_and(are_notes),
        b"Extensions" => are_extensions(document, held),
        b"DR" => are_resources(document, held),
        _ => false,
    }
}

/// Tells whether these are notes about the file (ISO 32000-2, 14.3.2), and no picture.
pub(super) fn are_notes(held: &Object) -> bool {
    let Ok(stream) = held.as_stream() else { return false };
    let name = |key: &[u8]| stream.dict.get(key).and_then(Object::as_name).ok();
    let is_drawn = stream.dict.has(b"BBox") || stream.dict.has(b"Resources");
    name(b"Type") == Some(b"Metadata") && name(b"Subtype") == Some(b"XML") && !is_drawn
}

/// Tells whether these are extensions (ISO 32000-2, 7.12): by the prefix of each maker what it says of itself.
pub(super) fn are_extensions(document: &Document, held: &Object) -> bool {
    let is_one = |held: &Object| {
        let own = meant(document, held).and_then(|it| it.as_dict().ok());
        own.is_some_and(|own| {
            let is_plain = |it: &Object| it.as_name().is_ok() || it.as_str().is_ok() || it.as_i64().is_ok();
            own.iter().all(|(key, held)| EXTENSION.contains(&key.as_slice()) && is_plain(held))
        })
    };
    let Some(all) = meant(document, held).and_then(|it| it.as_dict().ok()) else { return false };
    all.iter().all(|(key, held)| match meant(document, held) {
        Some(Object::Name(name)) => key == b"Type" && name == b"Extensions",
        Some(Object::Array(items)) => items.iter().all(is_one),
        _ => is_one(held),
    })
}

fn are_resources(document: &Document, held: &Object) -> bool {
    let Some(all) = meant(document, held).and_then(|it| it.as_dict().ok()) else { return false };
    all.iter().all(|(key, held)| match meant(document, held) {
        Some(Object::Dictionary(_)) => RESOURCES.contains(&key.as_slice()),
        Some(Object::Array(_)) => key == b"ProcSet",
        _ => false,
    })
}

/// Tells whether viewers draw anything by what the form says: it tells them to, or a field that is no signature, or a note, has
/// no appearance of its own. What cannot be read is drawn.
pub(super) fn is_drawn_by_form(document: &Document, form: &Dictionary) -> bool {
    let is_told = form.get(b"NeedAppearances").is_ok_and(|it| *it != Object::Boolean(false));
    let mut held = document.objects.values().flat_map(parts).filter_map(|it| it.as_dict().ok());
    is_told || held.any(|it| may_be_shown(document, it) && !has_own_appearance(document, it))
}

/// Tells whether the dictionary is that of a field or a note.
fn may_be_shown(document: &Document, held: &Dictionary) -> bool {
    let is_widget = match held.get(b"Subtype") {
        Ok(Object::Name(name)) => name == b"Widget" || name == b"FreeText",
        Ok(_) => true,
        Err(_) => false,
    };
    let is_last = || list(document, held, b"Kids").is_none_or(<[Object]>::is_empty);
    is_widget || (held.has(b"FT") && is_last())
}

/// Tells whether the field is one of a signature, or has an appearance: a button that of its state.
fn has_own_appearance(document: &Document, field: &Dictionary) -> bool {
    let kind = chain(document, field).and_then(|it| nearest(document, &it, b"FT")?.as_name().ok());
    let drawn = || under(document, field, b"AP").and_then(|it| meant(document, it.get(b"N").ok()?));
    match (kind, drawn()) {
        (Some(b"Sig"), _) | (_, Some(Object::Stream(_))) => true,
        (Some(b"Btn"), Some(Object::Dictionary(states))) => {
            let state = field.get(b"AS").and_then(Object::as_name).and_then(|it| states.get(it)).ok();
            state.and_then(|it| meant(document, it)).is_some_and(|it| it.as_stream().is_ok())
        }
        _ => false,
    }
}

/// Tells whether nothing is drawn of the field of a signature: it has no key but those of fields that are not seen, and what
/// stands there is plain.
pub(super) fn is_unseen(document: &Document, field: &Dictionary) -> bool {
    let is = |held: &Object, name: &[u8]| held.as_name().is_ok_and(|it| it == name);
    let is_nothing = |held: &Object| *held == Object::Integer(0);
    field.iter().all(|(key, held)| match key.as_slice() {
        b"Type" => is(held, b"Annot"),
        b"Subtype" => is(held, b"Widget"),
        b"FT" => is(held, b"Sig"),
        b"H" => held.as_name().is_ok(),
        b"T" | b"TU" | b"TM" | b"NM" | b"M" | b"DA" | b"Contents" => held.as_str().is_ok(),
        b"F" | b"Ff" | b"Q" | b"StructParent" => held.as_i64().is_ok(),
        b"V" | b"P" => held.as_reference().is_ok(),
        b"Lock" | b"SV" => held.as_reference().is_ok() || held.as_dict().is_ok(),
        b"Rect" => is_point(held),
        b"AP" => is_blank(document, held),
        b"Border" => held.as_array().is_ok_and(|it| it.len() == 3 && it.iter().all(is_nothing)),
        b"BS" => held.as_dict().is_ok_and(|it| it.get(b"W").is_ok_and(is_nothing)),
        b"MK" => held.as_dict().is_ok_and(Dictionary::is_empty),
        _ => false,
    })
}

/// Tells whether the flags of a field are what they were, but for those that its signature may change.
pub(super) fn are_flags_kept(old: &Dictionary, new: &Dictionary) -> bool {
    let flags = |held: &Dictionary| held.get(b"F").and_then(Object::as_i64).unwrap_or_default();
    (flags(old) ^ flags(new)) & !FLAGS == 0
}

/// Tells whether the appearance is the empty one that other programs give to signatures without a picture.
fn is_blank(document: &Document, held: &Object) -> bool {
    let drawn = meant(document, held).and_then(|it| it.as_dict().ok()).filter(|it| it.len() == 1);
    match drawn.and_then(|it| meant(document, it.get(b"N").ok()?)) {
        Some(Object::Stream(it)) => it.dict.get(b"BBox").is_ok_and(is_point),
        _ => false,
    }
}

/// Tells whether a rectangle has no extent.
fn is_point(held: &Object) -> bool {
    match held.as_array().map(Vec::as_slice) {
        Ok([]) => true,
        Ok([left, low, right, high]) => {
            let are_numbers = left.as_float().is_ok() && low.as_float().is_ok();
            left == right && low == high && are_numbers
        }
        Ok(_) | Err(_) => false,
    }
}
