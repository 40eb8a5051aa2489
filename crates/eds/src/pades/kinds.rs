// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the keys that a further signature touches may hold, and by which objects a document is drawn.
//!
//! A viewer takes any dictionary for fonts or pictures to which resources point: were the catalog among them, what is
//! harmless in a catalog would be drawn.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::changes::{parts, reached, same};
use super::fields::{chain, dictionary_in, list, meant, nearest, under};
use super::is_space;

/// Kinds of resources, each a dictionary of names.
const RESOURCES: [&[u8]; 8] =
    [b"XObject", b"Font", b"Encoding", b"ExtGState", b"Pattern", b"ColorSpace", b"Shading", b"Properties"];
/// Keys by whose values pages, fields and letters are drawn, besides [`RESOURCES`].
const DRAWING: [&[u8]; 5] = [b"Resources", b"Contents", b"AP", b"DR", b"CharProcs"];
/// Keys of what an extension says of itself.
const EXTENSION: [&[u8]; 5] = [b"Type", b"BaseVersion", b"ExtensionLevel", b"ExtensionRevision", b"URL"];
/// Flags of a field that its signature may change: printed, locked in its value, its place or its contents.
const FLAGS: i64 = 4 | 64 | 128 | 512;
/// Parts of an appearance of nothing.
const BLANK_PARTS_MAX: usize = 256;
/// Coordinates that are compared: larger ones the parser rounds.
const COORDINATE_MAX: f64 = 1_000_000.0;

/// Returns everything by which anything is drawn.
pub(super) fn drawn(document: &Document) -> BTreeSet<ObjectId> {
    let is_drawing = |key: &[u8]| DRAWING.contains(&key) || RESOURCES.contains(&key);
    let mut from = Vec::new();
    // Each part is gone over once, however many such keys it stands below.
    let mut open: Vec<(&Object, bool)> = document.objects.values().map(|it| (it, false)).collect();
    while let Some((part, is_drawn)) = open.pop() {
        if let Some(held) = dictionary_in(part) {
            open.extend(held.iter().map(|(key, it)| (it, is_drawn || is_drawing(key))));
        } else if let Ok(items) = part.as_array() {
            open.extend(items.iter().map(|it| (it, is_drawn)));
        } else if is_drawn {
            from.extend(part.as_reference());
        }
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
        b"M" | b"DA" | b"LastModified" => held.as_str().is_ok(),
        // That is what they say where they are absent.
        b"NeedAppearances" => matches!(held, Object::Boolean(false)),
        b"Q" => matches!(held, Object::Integer(0)),
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
    let mut lists = BTreeSet::new();
    // A list is gone over once, whoever names it.
    let mut is_known = |held: &Object| held.as_reference().is_ok_and(|id| !lists.insert(id));
    all.iter().all(|(key, held)| match meant(document, held) {
        Some(Object::Name(name)) => key == b"Type" && name == b"Extensions",
        Some(Object::Array(items)) => is_known(held) || items.iter().all(is_one),
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

/// Tells whether the resources of a form still hold all that they held, under the same names.
pub(super) fn are_grown(old: &Document, before: &Dictionary, new: &Document, after: &Dictionary) -> bool {
    let (Some(before), Ok(held)) = (under(old, before, b"DR"), after.get(b"DR")) else { return false };
    let Some(after) = under(new, after, b"DR").filter(|_| are_resources(new, held)) else { return false };
    before.iter().all(|(kind, earlier)| {
        let later = after.get(kind).ok();
        let names = (under(old, before, kind), under(new, after, kind));
        let has_all = |(earlier, later): (&Dictionary, &Dictionary)| {
            earlier.iter().all(|(name, held)| later.get(name).is_ok_and(|it| same(held, it)))
        };
        later.is_some_and(|it| same(earlier, it)) || names.0.zip(names.1).is_some_and(has_all)
    })
}

/// Tells whether viewers draw anything by what the form says: it tells them to, or a field that is no signature, or a note, has
/// no appearance of its own. What cannot be read is drawn.
pub(super) fn is_drawn_by_form(document: &Document, form: &Dictionary) -> bool {
    let is_told = form.get(b"NeedAppearances").is_ok_and(|it| *it != Object::Boolean(false));
    let mut held = document.objects.values().flat_map(parts).filter_map(|it| it.as_dict().ok());
    is_told || held.any(|it| may_be_shown(document, it) && !has_own_appearance(document, it))
}

/// Tells whether a field or a note has an appearance that is not empty.
pub(super) fn has_pictures(document: &Document) -> bool {
    let mut held = document.objects.values().flat_map(parts).filter_map(|it| it.as_dict().ok());
    held.any(|it| {
        it.get(b"AP").is_ok_and(|held| !is_blank(document, held, it.get(b"Rect").is_ok_and(is_whole)))
    })
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
    let all = chain(document, field);
    let kind = all.as_ref().and_then(|it| nearest(document, it, b"FT")?.as_name().ok());
    // Some readers go by what stands above, and a note is no signature.
    let is_signature = |name: &Object| name.as_name().is_ok_and(|it| it == b"Sig");
    let are_signatures = all.iter().flatten().filter_map(|it| it.get(b"FT").ok()).all(is_signature);
    let is_note = field.get(b"Subtype").is_ok_and(|it| it.as_name().is_ok_and(|it| it != b"Widget"));
    let drawn = || under(document, field, b"AP").and_then(|it| meant(document, it.get(b"N").ok()?));
    match (kind, drawn()) {
        (_, Some(Object::Stream(_))) => true,
        (Some(b"Sig"), _) => are_signatures && !is_note,
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
    let is_nothing = |held: &Object| are_equal(held, &Object::Integer(0));
    field.iter().all(|(key, held)| match key.as_slice() {
        b"Type" => is(held, b"Annot"),
        b"Subtype" => is(held, b"Widget"),
        b"FT" => is(held, b"Sig"),
        b"H" | b"AS" => held.as_name().is_ok(),
        b"T" | b"TU" | b"TM" | b"NM" | b"M" | b"CreationDate" | b"DA" | b"Contents" | b"Lang" => {
            held.as_str().is_ok()
        }
        b"F" | b"Ff" | b"Q" | b"StructParent" => held.as_i64().is_ok(),
        b"V" | b"P" => held.as_reference().is_ok(),
        b"DV" => held.as_reference().is_ok() && field.get(b"V").is_ok_and(|it| it == held),
        b"DR" => held.as_dict().is_ok_and(Dictionary::is_empty),
        b"Rotate" => is_nothing(held),
        b"Lock" | b"SV" => held.as_reference().is_ok() || held.as_dict().is_ok(),
        b"Rect" => is_point(held),
        b"AP" => is_blank(document, held, field.get(b"Rect").is_ok_and(is_whole)),
        b"Border" => held.as_array().is_ok_and(|it| it.len() == 3 && it.iter().all(is_nothing)),
        b"BS" => held.as_dict().is_ok_and(|it| it.get(b"W").is_ok_and(is_nothing)),
        b"MK" => held.as_dict().is_ok_and(|it| it.iter().all(|(key, held)| key == b"R" && is_nothing(held))),
        _ => false,
    })
}

/// Tells whether the flags of a field are what they were, but for those that its signature may change.
pub(super) fn are_flags_kept(old: &Dictionary, new: &Dictionary) -> bool {
    let flags = |held: &Dictionary| held.get(b"F").and_then(Object::as_i64).unwrap_or_default();
    (flags(old) ^ flags(new)) & !FLAGS == 0
}

/// Tells whether the appearance is one of nothing, as other programs give it to signatures without a picture: each stream that
/// is reached draws nothing.
fn is_blank(document: &Document, held: &Object, is_whole: bool) -> bool {
    if meant(document, held).is_none_or(|it| it.as_dict().is_err()) {
        return false;
    }
    let (mut seen, mut open) = (BTreeSet::new(), vec![held]);
    for _ in 0..BLANK_PARTS_MAX {
        let Some(part) = open.pop() else { return true };
        if let Ok(stream) = part.as_stream() {
            if !draws_nothing(stream, is_whole) {
                return false;
            }
        } else if let Ok(held) = part.as_dict() {
            open.extend(held.iter().map(|it| it.1).take(BLANK_PARTS_MAX));
        } else if let Ok(items) = part.as_array() {
            open.extend(items.iter().take(BLANK_PARTS_MAX));
        } else if let Ok(id) = part.as_reference()
            && seen.insert(id)
        {
            open.extend(document.objects.get(&id));
        }
    }
    open.is_empty()
}

/// Tells whether a stream has nothing in it, or no extent on a field that has none. Some readers take a field that is ever so
/// small for the scale of its picture, and numbers with a point are rounded here: only whole ones tell.
fn draws_nothing(stream: &Stream, is_whole_field: bool) -> bool {
    let is_empty = !stream.dict.has(b"Filter") && stream.content.iter().all(|it| is_space(*it));
    is_empty || (is_whole_field && stream.dict.get(b"BBox").is_ok_and(is_whole))
}

/// Tells whether a rectangle has no extent, in whole numbers.
fn is_whole(held: &Object) -> bool {
    let mut numbers = held.as_array().into_iter().flatten();
    is_point(held) && numbers.all(|it| it.as_i64().is_ok())
}

/// Tells whether a rectangle has no extent.
fn is_point(held: &Object) -> bool {
    match held.as_array().map(Vec::as_slice) {
        Ok([]) => true,
        Ok([left, low, right, high]) => are_equal(left, right) && are_equal(low, high),
        Ok(_) | Err(_) => false,
    }
}

/// Tells whether these are equal numbers, however they are written.
fn are_equal(one: &Object, other: &Object) -> bool {
    let number = |held: &Object| match held.as_i64() {
        Ok(whole) => i32::try_from(whole).ok().map(f64::from),
        Err(_) => held.as_float().ok().map(f64::from),
    };
    let is_told = |it: &f64| it.abs() < COORDINATE_MAX;
    let both = number(one).filter(is_told).zip(number(other).filter(is_told));
    both.is_some_and(|(one, other)| (one - other).abs() < f64::EPSILON)
}
