// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the keys that a further signature touches may hold, and by which objects a document is drawn.
//!
//! A viewer takes any dictionary for fonts or pictures to which resources point: were the catalog among them, what is
//! harmless in a catalog would be drawn.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::changes::{parts, reached, references, same};
use super::fields::{list, meant, under};

/// Kinds of resources, each a dictionary of names.
const RESOURCES: [&[u8]; 7] =
    [b"XObject", b"Font", b"ExtGState", b"Pattern", b"ColorSpace", b"Shading", b"Properties"];
/// Keys by whose values pages, fields and letters are drawn, besides [`RESOURCES`].
const DRAWING: [&[u8]; 5] = [b"Resources", b"Contents", b"AP", b"DR", b"CharProcs"];
/// Keys of what an extension says of itself.
const EXTENSION: [&[u8]; 5] = [b"Type", b"BaseVersion", b"ExtensionLevel", b"ExtensionRevision", b"URL"];
/// Flags of a field that is not shown: invisible, hidden, no view.
const HIDDEN: i64 = 1 | 2 | 32;
/// Largest extent of an empty field that a signature may fill, in square points: a quarter of a page of A4.
const AREA_MAX: f32 = 125_000.0;

/// Returns everything by which anything is drawn.
pub(super) fn drawn(document: &Document) -> BTreeSet<ObjectId> {
    let mut from = Vec::new();
    for part in document.objects.values().flat_map(parts) {
        let Some(held) = part.as_dict().ok().or_else(|| part.as_stream().ok().map(|it| &it.dict)) else {
            continue;
        };
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
        b"Metadata" => {
            matches!(meant(document, held), Some(Object::Stream(it)) if is_typed(&it.dict, b"Metadata"))
        }
        b"Extensions" => are_extensions(document, held),
        b"DR" => are_resources(document, held),
        _ => false,
    }
}

fn is_typed(held: &Dictionary, name: &[u8]) -> bool {
    held.get(b"Type").and_then(Object::as_name).is_ok_and(|it| it == name)
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

/// Tells whether whoever signed saw that something would stand in this empty field, and that it was no page.
pub(super) fn was_seen(document: &Document, field: &Dictionary) -> bool {
    let is_shown =
        field.get(b"F").is_err() || field.get(b"F").and_then(Object::as_i64).is_ok_and(|it| it & HIDDEN == 0);
    is_shown && area(document, field).is_some_and(|it| it <= AREA_MAX)
}

fn area(document: &Document, field: &Dictionary) -> Option<f32> {
    let [left, low, right, high] = list(document, field, b"Rect")? else { return None };
    let side = |from: &Object, to: &Object| Some((to.as_float().ok()? - from.as_float().ok()?).abs());
    Some(side(left, right)? * side(low, high)?)
}

/// Tells whether the widget may cover anything: it is drawn or has an extent.
pub(super) fn is_visible(document: &Document, widget: &Dictionary) -> bool {
    let is_drawn = |key: &&[u8]| widget.has(key) && !(*key == b"AP" && is_blank(document, widget));
    has_extent(document, widget, b"Rect") || DRAWN.iter().any(is_drawn)
}

/// Keys by which a widget is drawn.
const DRAWN: [&[u8]; 4] = [b"AP", b"BS", b"Border", b"MK"];

/// Tells whether the widget's appearance is the empty one that other programs give to signatures without a picture.
fn is_blank(document: &Document, widget: &Dictionary) -> bool {
    let drawn = under(document, widget, b"AP").filter(|it| it.len() == 1).and_then(|it| it.get(b"N").ok());
    match drawn.and_then(|it| meant(document, it)) {
        Some(Object::Stream(it)) => it.dict.has(b"BBox") && !has_extent(document, &it.dict, b"BBox"),
        _ => false,
    }
}

/// Tells whether a rectangle has an extent; what is none may have any.
fn has_extent(document: &Document, held: &Dictionary, key: &[u8]) -> bool {
    match list(document, held, key) {
        Some([]) => false,
        Some([left, low, right, high]) => {
            let are_numbers = left.as_float().is_ok() && low.as_float().is_ok();
            left != right || low != high || !are_numbers
        }
        Some(_) | None => true,
    }
}
