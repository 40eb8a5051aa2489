// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was changed between two revisions: after a signature only more signatures, their evidence and notes about the
//! file may be added. Everything that is shown stays as it was signed.
//!
//! The comparison is of objects, not of what a viewer would show: an object of the signed revision either stays equal or
//! is one of the few that a further signature has to touch, and then only in the way it has to.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::PDF_BYTES_MAX;
use super::added::is_der;
use super::fields::{catalog, dictionary_of, list, meant, under};
use super::kinds::{
    are_flags_kept, are_grown, are_kept, are_notes, drawn, has_pictures, is_drawn_by_form, is_unseen,
};
use super::pages::{Tree, taken_over, tree};
use super::room::VALUES_MAX;

/// Keys of the catalog that a further signature or its evidence may touch; [`Judge::catalog`] looks into them.
const CATALOG: [&[u8]; 5] = [b"AcroForm", b"DSS", b"Extensions", b"Metadata", b"Version"];
/// Keys of the form that may change.
const FORM: [&[u8]; 3] = [b"Fields", b"NeedAppearances", b"SigFlags"];
/// Keys of the form that may be added.
const FORM_ADDED: [&[u8]; 3] = [b"DA", b"DR", b"Q"];
/// Keys of the form by which viewers draw fields.
const FORM_DRAWS: [&[u8]; 4] = [b"NeedAppearances", b"DA", b"DR", b"Q"];
/// Keys of a page that may change: the list of what stands on it grows, the order of tabs is set, and when that was.
const PAGE: [&[u8]; 3] = [b"Annots", b"Tabs", b"LastModified"];
/// Keys that an empty signature field gets when it is signed.
const FIELD: [&[u8]; 4] = [b"V", b"AP", b"M", b"F"];
/// Keys that a new field has not: with them it would be a page, or stand among others.
const NO_FIELD: [&[u8]; 5] = [b"Kids", b"Parent", b"Resources", b"MediaBox", b"CropBox"];
/// Keys by which a widget would act.
const ACTIONS: [&[u8]; 2] = [b"A", b"AA"];
/// Items of all lists that grow: each list belongs to one page or to the form, and is gone over by it and by itself. Without a
/// bound many pages would name one long list.
const ITEMS_MAX: usize = 2 * VALUES_MAX;
/// A later signature shows something on a page, or may have fields drawn otherwise, and nothing else was changed that may not be.
pub(crate) const VISIBLE: &str = "visible-field-added";

/// What may be added after a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addable {
    /// Signatures, time stamps and their evidence.
    Signatures,
    /// Time stamps and their evidence: the author certified the document and allows nothing else (`DocMDP` 1).
    Stamps,
}

/// Says what was changed that may not be; nothing where all is in order.
pub(super) fn forbidden(old: &Document, new: &Document, addable: Addable) -> Option<&'static str> {
    let (is_shown, items) = (Cell::new(false), Cell::new(ITEMS_MAX));
    let (judged, tree) = (RefCell::default(), OnceCell::new());
    Judge { old, new, addable, is_shown, items, judged, tree }.judge().err()
}

struct Judge<'a> {
    old: &'a Document,
    new: &'a Document,
    addable: Addable,
    /// Whether a new signature shows something: told only where nothing worse is found.
    is_shown: Cell<bool>,
    /// Items of lists that may still be gone over.
    items: Cell<usize>,
    /// The new fields that were judged.
    judged: RefCell<BTreeSet<ObjectId>>,
    /// The pages of the old revision.
    tree: OnceCell<Tree>,
}

type Judged = Result<(), &'static str>;

fn must(holds: bool, fault: &'static str) -> Judged {
    if holds { Ok(()) } else { Err(fault) }
}

impl Judge<'_> {
    fn judge(&self) -> Judged {
        must(are_generations_true(self.old) && are_generations_true(self.new), "generation")?;
        let (root, old_catalog) = catalog(self.old).ok_or("catalog")?;
        let (new_root, new_catalog) = catalog(self.new).ok_or("catalog")?;
        must(root == new_root, "catalog")?;
        self.catalog(old_catalog, new_catalog)?;
        self.notes(old_catalog, new_catalog)?;
        self.store(new_catalog)?;
        let free = self.beside(root, old_catalog);
        let reference = |it: &Dictionary| it.get(b"AcroForm").and_then(Object::as_reference).ok();
        // The form was compared, unless another one took its place.
        let form = reference(old_catalog).filter(|it| reference(new_catalog) == Some(*it));
        let drawn = drawn(self.old);
        let (lists, used) = (self.lists(old_catalog), used(self.old));
        for (id, object) in &self.old.objects {
            let Some(later) = self.new.objects.get(id) else {
                must(is_plumbing(object) && !used.contains(&id.0), "object-removed")?;
                continue;
            };
            if same(object, later) || free.contains(id) {
                continue;
            }
            must(!drawn.contains(id), "drawn-otherwise")?;
            if *id != root && Some(*id) != form {
                self.object(*id, object, later, lists.contains(id))?;
            }
        }
        self.awaited()?;
        must(!self.is_shown.get(), VISIBLE)
    }

    fn catalog(&self, old: &Dictionary, new: &Dictionary) -> Judged {
        must(equal_but(old, new, &CATALOG) && are_kept(self.new, old, new, &CATALOG), "catalog")?;
        let empty = Dictionary::new();
        let before = under(self.old, old, b"AcroForm").unwrap_or(&empty);
        let after = match new.get(b"AcroForm") {
            Ok(_) => under(self.new, new, b"AcroForm").ok_or("form")?,
            Err(_) => &empty,
        };
        let mut allowed = FORM.to_vec();
        allowed.extend(FORM_ADDED.into_iter().filter(|key| !before.has(key)));
        if are_grown(self.old, before, self.new, after) {
            allowed.push(b"DR");
        }
        must(equal_but(before, after, &allowed) && are_kept(self.new, before, after, &allowed), "form")?;
        // A picture that lacks a font of its own is drawn by that of the form.
        let is_drawn = is_drawn_by_form(self.old, before) || has_pictures(self.old);
        self.shows(is_drawn && drawing(before) != drawing(after));
        let fields = list(self.old, before, b"Fields").ok_or("form")?;
        self.grows(fields, list(self.new, after, b"Fields").ok_or("form")?)
    }

    /// Says whether the notes of the catalog, where they are not what they were, are such as nothing draws.
    fn notes(&self, old: &Dictionary, new: &Dictionary) -> Judged {
        let Some(after) = new.get(b"Metadata").ok().and_then(|it| meant(self.new, it)) else { return Ok(()) };
        let before = old.get(b"Metadata").ok().and_then(|it| meant(self.old, it));
        must(before.is_some_and(|it| same(it, after)) || are_notes(after), "metadata")
    }

    /// Says whether each stream of the store that is new or other than it was is evidence in form.
    fn store(&self, catalog: &Dictionary) -> Judged {
        let (mut from, room) = (Vec::new(), Cell::new(PDF_BYTES_MAX));
        if let Ok(held) = catalog.get(b"DSS") {
            references(held, &mut from);
        }
        let is_sound = |id: &ObjectId| {
            let Some(after) = self.new.objects.get(id) else { return true };
            let is_kept = || self.old.objects.get(id).is_some_and(|before| same(before, after));
            after.as_stream().is_err() || is_kept() || is_der(after, &room)
        };
        must(reached(self.new, from).iter().all(is_sound), "store")
    }

    /// Says whether the list only grew by signature fields; notes whether one of them shows anything.
    fn grows(&self, old: &[Object], new: &[Object]) -> Judged {
        self.items.set(self.items.get().checked_sub(new.len()).ok_or("list-changed")?);
        let added = new.strip_prefix(old).ok_or("list-changed")?;
        added.iter().try_for_each(|it| {
            let id = it.as_reference().map_err(|_| "not-a-signature-added")?;
            if self.judged.borrow_mut().insert(id) {
                let field = self.new_field(id).ok_or("not-a-signature-added")?;
                self.shows(!is_unseen(self.new, field));
            }
            Ok(())
        })
    }

    fn shows(&self, anything: bool) {
        self.is_shown.set(self.is_shown.get() || anything);
    }

    /// Returns the object if it is a signature field that was not there, with a signature that was not there.
    fn new_field(&self, id: ObjectId) -> Option<&Dictionary> {
        let field = dictionary_of(self.new, id).filter(|_| !self.old.objects.contains_key(&id))?;
        let is =
            |key: &[u8], name: &[u8]| field.get(key).and_then(Object::as_name).is_ok_and(|it| it == name);
        let is_field = is(b"FT", b"Sig")
            && (is(b"Subtype", b"Widget") || !field.has(b"Subtype"))
            && (is(b"Type", b"Annot") || !field.has(b"Type"));
        let acts = ACTIONS.iter().chain(&NO_FIELD).any(|key| field.has(key))
            || field.get(b"Contents").is_ok_and(|it| it.as_str().is_err());
        (is_field && !acts && self.holds_new(field)).then_some(field)
    }

    fn holds_new(&self, field: &Dictionary) -> bool {
        let Ok(id) = field.get(b"V").and_then(Object::as_reference) else { return false };
        let may_stand = self.addable == Addable::Signatures || self.holds_stamp(field);
        dictionary_of(self.new, id).is_some() && !self.old.objects.contains_key(&id) && may_stand
    }

    fn holds_stamp(&self, field: &Dictionary) -> bool {
        let form = under(self.new, field, b"V").and_then(|it| it.get(b"SubFilter").ok());
        form.and_then(|it| it.as_name().ok()).is_some_and(|it| it == super::read::STAMP)
    }

    /// Judges an object that is not what it was.
    fn object(&self, id: ObjectId, old: &Object, new: &Object, is_list: bool) -> Judged {
        if is_list && let (Ok(old), Ok(new)) = (old.as_array(), new.as_array()) {
            return self.grows(old, new);
        }
        let (Ok(old), Ok(new)) = (old.as_dict(), new.as_dict()) else { return Err("object-changed") };
        if is_page(old) {
            let pages = self.tree.get_or_init(|| tree(self.old));
            let mut allowed = taken_over(self.old, pages, id, [old, new]);
            allowed.extend(PAGE);
            must(equal_but(old, new, &allowed) && are_kept(self.new, old, new, &PAGE), "page")?;
            let before = list(self.old, old, b"Annots").ok_or("page")?;
            return self.grows(before, list(self.new, new, b"Annots").ok_or("page")?);
        }
        let is_empty_field =
            old.get(b"FT").and_then(Object::as_name).is_ok_and(|it| it == b"Sig") && !old.has(b"V");
        let is_filled = is_empty_field && equal_but(old, new, &FIELD) && are_kept(self.new, old, new, &FIELD);
        must(is_filled && self.holds_new(new), "object-changed")?;
        let is_widget = old.has(b"Subtype") && are_flags_kept(old, new);
        self.shows(!(is_widget && is_unseen(self.old, old) && is_unseen(self.new, new)));
        Ok(())
    }

    /// Returns the arrays that grow with a signature: those of fields and of what stands on pages, and nowhere else.
    fn lists(&self, catalog: &Dictionary) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        let reference = |held: &Dictionary, key: &[u8]| held.get(key).and_then(Object::as_reference).ok();
        found.extend(under(self.old, catalog, b"AcroForm").and_then(|it| reference(it, b"Fields")));
        let mut used = Vec::new();
        for object in self.old.objects.values() {
            if let Some(page) = object.as_dict().ok().filter(|it| is_page(it)) {
                found.extend(reference(page, b"Annots"));
                page.iter().filter(|it| it.0 != b"Annots").for_each(|it| references(it.1, &mut used));
            } else {
                references(object, &mut used);
            }
        }
        let fields = under(self.old, catalog, b"AcroForm").and_then(|it| reference(it, b"Fields"));
        // The form names it; whoever else does has another use for it.
        if let Some(own) = used.iter().position(|it| Some(*it) == fields) {
            used.swap_remove(own);
        }
        let used: BTreeSet<ObjectId> = used.into_iter().collect();
        found.retain(|it| !used.contains(it));
        found
    }

    /// Returns the objects of notes and evidence that nothing shown refers to: those may change freely.
    fn beside(&self, root: ObjectId, catalog: &Dictionary) -> BTreeSet<ObjectId> {
        let is_beside = |key: &[u8]| key == b"DSS" || key == b"Metadata";
        let (mut notes, mut shown) = (Vec::new(), Vec::new());
        catalog
            .iter()
            .for_each(|(key, held)| references(held, if is_beside(key) { &mut notes } else { &mut shown }));
        notes.extend(self.old.trailer.get(b"Info").and_then(Object::as_reference).ok());
        let (mut notes, shown) = (reached(self.old, notes), reached(self.old, shown));
        notes.retain(|id| !shown.contains(id) && *id != root);
        notes
    }

    /// Says that nothing new stands where the signed revision already pointed. Some viewers go by the number alone, whatever
    /// the generation.
    fn awaited(&self) -> Judged {
        let mut used = used(self.old);
        used.extend(self.old.objects.keys().map(|it| it.0));
        let mut added = self.new.objects.keys().filter(|id| !self.old.objects.contains_key(id));
        must(!added.any(|id| used.contains(&id.0)), "object-awaited")
    }
}

/// Tells whether each object that is referred to stands there under the generation that is named, or not at all: some
/// viewers go by the number alone.
pub(super) fn are_generations_true(document: &Document) -> bool {
    let known: BTreeMap<u32, u16> = document.objects.keys().copied().collect();
    let held = document.objects.values().chain(document.trailer.iter().map(|it| it.1));
    let mut used = held.flat_map(parts).filter_map(|it| it.as_reference().ok());
    used.all(|(number, generation)| known.get(&number).is_none_or(|it| *it == generation))
}

fn is_page(held: &Dictionary) -> bool {
    held.get(b"Type").and_then(Object::as_name).is_ok_and(|it| it == b"Page")
}

/// Returns what the form says of how fields are drawn; what is false is as if it were absent.
fn drawing(form: &Dictionary) -> [Option<&Object>; 4] {
    FORM_DRAWS.map(|key| form.get(key).ok().filter(|it| **it != Object::Boolean(false)))
}

/// Returns the numbers to which objects refer.
pub(super) fn used(document: &Document) -> BTreeSet<u32> {
    let mut found = Vec::new();
    document.objects.values().for_each(|it| references(it, &mut found));
    found.into_iter().map(|it| it.0).collect()
}

/// Tells whether the object only holds the file together.
pub(super) fn is_plumbing(object: &Object) -> bool {
    let Object::Stream(stream) = object else { return false };
    stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|it| it == b"XRef" || it == b"ObjStm")
}

/// Tells whether two objects say the same, wherever they stand.
pub(super) fn same(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Stream(one), Object::Stream(other)) => {
            one.dict == other.dict && one.content == other.content
        }
        _ => one == other,
    }
}

/// Tells whether the dictionaries agree in all keys but these.
pub(super) fn equal_but(old: &Dictionary, new: &Dictionary, but: &[&[u8]]) -> bool {
    let kept = |it: &(&Vec<u8>, &Object)| !but.contains(&it.0.as_slice());
    let covered = old.iter().filter(kept).all(|(key, held)| new.get(key).is_ok_and(|it| same(held, it)));
    covered && old.iter().filter(kept).count() == new.iter().filter(kept).count()
}

/// Gathers the numbers that the object refers to.
pub(super) fn references(object: &Object, found: &mut Vec<ObjectId>) {
    found.extend(parts(object).filter_map(|it| it.as_reference().ok()));
}

/// Returns the object and all that stands in it. Its depth is that of the parser.
pub(super) fn parts(object: &Object) -> impl Iterator<Item = &Object> {
    let mut open = vec![object];
    std::iter::from_fn(move || {
        let part = open.pop()?;
        match part {
            Object::Array(items) => open.extend(items),
            Object::Dictionary(held) => open.extend(held.iter().map(|it| it.1)),
            Object::Stream(stream) => open.extend(stream.dict.iter().map(|it| it.1)),
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Name(_)
            | Object::String(..)
            | Object::Reference(_) => {}
        }
        Some(part)
    })
}

/// Returns everything that is reached from there.
pub(super) fn reached(document: &Document, from: Vec<ObjectId>) -> BTreeSet<ObjectId> {
    let (mut seen, mut open) = (BTreeSet::new(), from);
    while let Some(id) = open.pop() {
        if seen.insert(id)
            && let Some(object) = document.objects.get(&id)
        {
            references(object, &mut open);
        }
    }
    seen
}
