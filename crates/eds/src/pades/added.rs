// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stands after the last signature: evidence alone may stand there unsigned, as most makers of `PAdES` B-LT have it.
//!
//! Nobody vouches for these bytes, so they are held to more than those between two signatures: each object in them is of the
//! store of evidence or only holds the file together.

use std::cell::Cell;
use std::collections::BTreeSet;

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::changes::{are_generations_true, equal_but, is_plumbing, reached, references, same, used};
use super::fields::{catalog, dictionary_of, list, meant, under};
use super::kinds::{are_extensions, drawn};
use super::room::Room;
use super::{BLANK_BYTES_MAX, PDF_BYTES_MAX, PadesError, is_name, open, trimmed};
use crate::asn1::{Element, SEQUENCE};

/// Keys of the catalog that evidence touches.
const CATALOG: [&[u8]; 2] = [b"DSS", b"Extensions"];
/// Keys of a trailer that say where the file's parts stand, or its digest: [`super::tables`] looks into them, and
/// [`Added::notes`] into `Info`.
const TRAILER: [&[u8]; 10] =
    [b"Size", b"ID", b"Info", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms", b"DocChecksum"];
/// Keys of the notes that programs renew whenever they write.
const NOTES: [&[u8]; 2] = [b"ModDate", b"Producer"];
/// How a revision ends, and what stands before the place of its table.
const END: &[u8] = b"%%EOF";
const START: &[u8] = b"startxref";
/// Revisions of evidence after the last signature.
const REVISIONS_MAX: usize = 8;
/// Lists of the store.
const LISTS: [&[u8]; 3] = [b"Certs", b"OCSPs", b"CRLs"];

/// Tells whether nothing but evidence was appended to the revision that ends there: in one revision or in several, as of a
/// stamp and of each signature, and each is held to the same.
pub(super) fn is_evidence(
    pdf: &[u8],
    end: usize,
    old: &Document,
    new: &Document,
    room: &mut Room,
) -> Result<bool, PadesError> {
    let Some(ends) = ends(pdf, end) else { return Ok(false) };
    let is_one = |new: &Document, from: usize| {
        let room = Cell::new(PDF_BYTES_MAX);
        Added { old, new, end, from, room }.judge().is_some()
    };
    let mut from = end;
    for upto in ends.iter().copied().filter(|it| Some(it) != ends.last()) {
        match open(pdf.get(..upto).unwrap_or_default(), room) {
            Ok(revision) if is_one(&revision.document, from) => from = upto,
            Err(fault @ PadesError::OutOfBounds { .. }) => return Err(fault),
            Ok(_) | Err(_) => return Ok(false),
        }
    }
    Ok(is_one(new, from))
}

/// Returns where each revision behind that place ends; nothing where one is not whole, or more follows the last.
fn ends(pdf: &[u8], from: usize) -> Option<Vec<usize>> {
    let (mut rest, mut found) = (pdf.get(from..)?, Vec::new());
    let place = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).position(|it| it == wanted);
    let is_hybrid = rest.split(|it| *it == b'/').skip(1).any(|it| is_name(it, b"XRefStm"));
    while let Some(at) = place(rest, END) {
        let (revision, behind) = rest.split_at_checked(at + END.len())?;
        let (_, start) = revision.split_at_checked(place(revision, START)? + START.len())?;
        let is_whole = place(start, START).is_none() && found.len() < REVISIONS_MAX;
        is_whole.then_some(())?;
        found.push(pdf.len() - behind.len());
        rest = behind;
    }
    let is_ended = !found.is_empty() && trimmed(rest).is_empty() && rest.len() <= BLANK_BYTES_MAX;
    (is_ended && !is_hybrid).then_some(found)
}

/// Tells whether the extensions stayed or now stand in the catalog itself.
fn is_extended(document: &Document, before: &Dictionary, after: &Dictionary) -> bool {
    let Ok(new) = after.get(b"Extensions") else { return !before.has(b"Extensions") };
    let mut used = Vec::new();
    references(new, &mut used);
    let is_plain = used.is_empty() && are_extensions(document, new);
    is_plain || before.get(b"Extensions").is_ok_and(|it| same(it, new))
}

/// Returns the numbers of all that the lists of the store hold.
fn listed(document: &Document, catalog: &Dictionary) -> BTreeSet<ObjectId> {
    let Some(store) = under(document, catalog, b"DSS") else { return BTreeSet::new() };
    let lists = LISTS.iter().filter_map(|key| list(document, store, key));
    lists.flatten().filter_map(|it| it.as_reference().ok()).collect()
}

/// Tells whether the stream is in form a certificate, an answer or a list; what it unpacks to is taken from the room.
pub(super) fn is_der(object: &Object, room: &Cell<usize>) -> bool {
    let plain = object.as_stream().ok().and_then(|it| it.get_plain_content_with_limit(room.get()).ok());
    let Some(bytes) = plain else { return false };
    room.set(room.get().saturating_sub(bytes.len()));
    Element::parse(&bytes).is_ok_and(|it| it.tag == SEQUENCE)
}

struct Added<'a> {
    old: &'a Document,
    new: &'a Document,
    /// Where the last signed revision ends.
    end: usize,
    /// Where the revision before this one ends.
    from: usize,
    /// Bytes to which the store may still unpack.
    room: Cell<usize>,
}

impl<'a> Added<'a> {
    fn judge(&self) -> Option<()> {
        let (root, before) = catalog(self.old)?;
        let (new_root, after) = catalog(self.new)?;
        let is_kept = root == new_root
            && are_generations_true(self.old)
            && are_generations_true(self.new)
            && equal_but(before, after, &CATALOG)
            && equal_but(&self.old.trailer, &self.new.trailer, &TRAILER)
            && is_extended(self.new, before, after)
            && !drawn(self.old).contains(&root)
            && listed(self.old, before).is_subset(&listed(self.new, after));
        is_kept.then_some(())?;
        let notes = self.notes()?;
        let free = self.free(before, after, &notes)?;
        let is_stored =
            |id: &ObjectId| free.contains(id) && !notes.contains(id) && self.stands_behind(id.0, self.from);
        let used = used(self.old);
        let mut adds = false;
        for (id, object) in &self.new.objects {
            let is_known = match self.old.objects.get(id) {
                // What nobody signed is not even written anew as it was: another reader may read it otherwise.
                Some(earlier) if same(earlier, object) && !self.stands_behind(id.0, self.end) => true,
                Some(earlier) => {
                    adds |= is_stored(id) && !same(earlier, object);
                    !matches!(earlier, Object::Stream(_)) && (*id == root || free.contains(id))
                }
                None => {
                    adds |= is_stored(id);
                    // A number to which nothing earlier refers is the length of a stream.
                    let is_length = object.as_i64().is_ok();
                    !used.contains(&id.0) && (free.contains(id) || is_length || is_plumbing(object))
                }
            };
            is_known.then_some(())?;
        }
        let mut old = self.old.objects.iter();
        // A viewer may take a stream of references for a page's contents, where the page points to it.
        let is_there = old.all(|(id, object)| {
            self.new.objects.contains_key(id) || (is_plumbing(object) && !used.contains(&id.0))
        });
        (adds && is_there).then_some(())
    }

    fn stands_behind(&self, number: u32, place: usize) -> bool {
        let entries = &self.new.reference_table.entries;
        let of_itself = match entries.get(&number) {
            Some(XrefEntry::Compressed { container, .. }) => entries.get(container),
            other => other,
        };
        let Some(XrefEntry::Normal { offset, .. }) = of_itself else { return true };
        usize::try_from(*offset).is_ok_and(|at| at >= place)
    }

    /// Returns the objects that may be new or other than they were: of the store and the notes, and of nothing shown.
    fn free(
        &self,
        before: &Dictionary,
        after: &'a Dictionary,
        notes: &[ObjectId],
    ) -> Option<BTreeSet<ObjectId>> {
        let mut shown = Vec::new();
        before.iter().filter(|it| it.0 != b"DSS").for_each(|it| references(it.1, &mut shown));
        let others = self.old.trailer.iter().filter(|it| it.0 != b"Root" && it.0 != b"Info");
        others.for_each(|it| references(it.1, &mut shown));
        let shown = reached(self.old, shown);
        let mut own = self.store(after)?;
        own.extend(notes);
        own.retain(|id| !shown.contains(id));
        Some(own)
    }

    /// Returns the object of the notes, where they say the same but for when and by what the file was written.
    fn notes(&self) -> Option<Vec<ObjectId>> {
        let (old, new) = (self.old.trailer.get(b"Info").ok(), self.new.trailer.get(b"Info").ok());
        let Some(new) = new else { return old.is_none().then(Vec::new) };
        let (id, empty) = (new.as_reference().ok()?, Dictionary::new());
        let before = match old {
            Some(old) if old == new => dictionary_of(self.old, id)?,
            Some(_) => return None,
            None => &empty,
        };
        let after = dictionary_of(self.new, id)?;
        let are_texts = NOTES.iter().all(|key| after.get(key).ok().is_none_or(|it| it.as_str().is_ok()));
        (are_texts && equal_but(before, after, &NOTES)).then(|| vec![id])
    }

    /// Returns the objects of the store; nothing where it holds anything but evidence.
    fn store(&self, catalog: &'a Dictionary) -> Option<BTreeSet<ObjectId>> {
        let mut found = BTreeSet::new();
        let store = self.within(catalog.get(b"DSS").ok()?, &mut found)?.as_dict().ok()?;
        for (key, held) in store {
            match key.as_slice() {
                b"Type" => held.as_name().is_ok().then_some(())?,
                b"Certs" | b"OCSPs" | b"CRLs" => self.streams(held, &mut found)?,
                b"VRI" => {
                    // Many signatures may share what is said of one.
                    let mut said = BTreeSet::new();
                    for (_, entry) in self.within(held, &mut found)?.as_dict().ok()? {
                        let is_known = entry.as_reference().is_ok_and(|id| !said.insert(id));
                        if !is_known {
                            self.entry(entry, &mut found)?;
                        }
                    }
                }
                _ => return None,
            }
        }
        Some(found)
    }

    /// Takes in what the store says of one signature.
    fn entry(&self, entry: &'a Object, found: &mut BTreeSet<ObjectId>) -> Option<()> {
        if entry.as_name().is_ok() {
            return Some(());
        }
        for (key, held) in self.within(entry, found)?.as_dict().ok()? {
            match key.as_slice() {
                b"Type" => held.as_name().is_ok().then_some(())?,
                b"TU" => held.as_str().is_ok().then_some(())?,
                b"TS" => self.stream(held, found)?,
                b"Cert" | b"OCSP" | b"CRL" => self.streams(held, found)?,
                _ => return None,
            }
        }
        Some(())
    }

    fn streams(&self, held: &'a Object, found: &mut BTreeSet<ObjectId>) -> Option<()> {
        let items = meant(self.new, held)?.as_array().ok()?;
        // A list is gone over once, whoever names it.
        if held.as_reference().is_ok_and(|id| !found.insert(id)) {
            return Some(());
        }
        items.iter().try_for_each(|it| self.stream(it, found))
    }

    /// Takes in a stream that is in form a certificate, an answer or a list and refers to nothing, unless to its length.
    fn stream(&self, held: &Object, found: &mut BTreeSet<ObjectId>) -> Option<()> {
        let id = held.as_reference().ok()?;
        let object = self.new.objects.get(&id)?;
        if found.contains(&id) {
            return Some(());
        }
        is_der(object, &self.room).then_some(())?;
        let mut used = Vec::new();
        references(object, &mut used);
        let is_number = |it: &ObjectId| matches!(self.new.objects.get(it), Some(Object::Integer(_)));
        used.iter().all(is_number).then_some(())?;
        found.insert(id);
        found.extend(used);
        Some(())
    }

    /// Returns what is meant and takes in its number.
    fn within(&self, held: &'a Object, found: &mut BTreeSet<ObjectId>) -> Option<&'a Object> {
        found.extend(held.as_reference().ok());
        meant(self.new, held)
    }
}
