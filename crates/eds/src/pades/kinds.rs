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
/// How many times an empty field fits on its page at least, for a signature to fill it.
const FITS_MIN: f32 = 4.0;
/// Boxes to which viewers cut a page.
const BOXES: [&[u8]; 2] = [b"MediaBox", b"CropBox"];
/// Longest side of a page (ISO 32000-1, annex C).
const SIDE_MAX: f32 = 14_400.0;
/// Nodes above a page.
const PARENTS_MAX: usize = 32;

/// Left, low, right and high of a rectangle.
type Bounds = [f32; 4];

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

/// Tells whether whoever signed saw that something would stand in this empty field, and that it was no page.
pub(super) fn was_seen(document: &Document, id: ObjectId, field: &Dictionary) -> bool {
    let is_shown =
        field.get(b"F").is_err() || field.get(b"F").and_then(Object::as_i64).is_ok_and(|it| it & HIDDEN == 0);
    is_shown && bounds(document, field, b"Rect").is_some_and(|it| fits(document, id, area(it)))
}

/// Tells whether a page holds the field, and each that does is large enough for it.
fn fits(document: &Document, field: ObjectId, extent: f32) -> bool {
    // What another reader would follow further is taken for the field.
    let is_field = |it: &Object| {
        *it == Object::Reference(field) || matches!(meant(document, it), Some(Object::Reference(_)))
    };
    let holds = |it: &Object| it.as_array().is_ok_and(|items| items.iter().any(is_field));
    let listed = document.objects.iter().filter(|it| holds(it.1) || it.1.as_reference().is_ok());
    let lists: BTreeSet<ObjectId> = listed.map(|it| *it.0).collect();
    let is_list = |it: &Object| holds(it) || it.as_reference().is_ok_and(|id| lists.contains(&id));
    let passed_on = BOXES.map(|key| {
        let nodes = dictionaries(document).filter(|it| it.has(b"Kids"));
        nodes.filter_map(|it| boxed(document, it, key)).reduce(common)
    });
    let mut pages = dictionaries(document).filter(|it| it.get(b"Annots").is_ok_and(is_list)).peekable();
    let is_held = pages.peek().is_some();
    is_held && pages.all(|it| shown(document, it, passed_on).is_some_and(|it| extent * FITS_MIN <= area(it)))
}

fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    document.objects.values().flat_map(parts).filter_map(|it| it.as_dict().ok())
}

/// Returns what is shown of the page at least. Some readers look for what it inherits up from it, others down from the root:
/// it is in every box that they may find.
fn shown(document: &Document, page: &Dictionary, passed_on: [Option<Bounds>; 2]) -> Option<Bounds> {
    let above = above(document, page)?;
    let own = |key: &[u8], passed_on: Option<Bounds>| {
        let inherited = above.iter().filter_map(|it| boxed(document, it, key)).chain(passed_on);
        boxed(document, page, key).or_else(|| inherited.reduce(common))
    };
    let ([media, crop], [of_media, of_crop]) = (BOXES, passed_on);
    let whole = own(media, of_media)?;
    Some(own(crop, of_crop).map_or(whole, |it| common(whole, it)))
}

/// Returns the nodes above the page, as far as its parents lead.
fn above<'a>(document: &'a Document, page: &'a Dictionary) -> Option<Vec<&'a Dictionary>> {
    let (mut found, mut here) = (Vec::new(), page);
    while let Some(parent) = under(document, here, b"Parent") {
        found.push(parent);
        here = parent;
        (found.len() <= PARENTS_MAX).then_some(())?;
    }
    Some(found)
}

/// Returns the box under the key; in one that cannot be read, or is too large, there is nothing.
fn boxed(document: &Document, held: &Dictionary, key: &[u8]) -> Option<Bounds> {
    let is_page = |it: &Bounds| {
        let [left, low, right, high] = it;
        right - left <= SIDE_MAX && high - low <= SIDE_MAX
    };
    held.has(key).then(|| bounds(document, held, key).filter(is_page).unwrap_or_default())
}

fn bounds(document: &Document, held: &Dictionary, key: &[u8]) -> Option<Bounds> {
    let [left, low, right, high] = list(document, held, key)? else { return None };
    let number = |it: &Object| it.as_float().ok().filter(|it| it.is_finite());
    let (left, low, right, high) = (number(left)?, number(low)?, number(right)?, number(high)?);
    Some([left.min(right), low.min(high), left.max(right), low.max(high)])
}

/// Returns what lies in both.
fn common(one: Bounds, other: Bounds) -> Bounds {
    let ([left, low, right, high], [from, bottom, to, top]) = (one, other);
    [left.max(from), low.max(bottom), right.min(to), high.min(top)]
}

fn area([left, low, right, high]: Bounds) -> f32 {
    (right - left).max(0.0) * (high - low).max(0.0)
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
