// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tables of a file, read by its own bytes.
//!
//! The parser passes over what a table says of itself: how many lines follow, which number is the highest. Other readers do
//! not: where it is wrong they search the whole file for objects and show those they find last. So none of it may be wrong,
//! and what was appended to a signed file holds no object that its table does not name.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use lopdf::{Document, ObjectId};

use super::is_space;
use super::packed::{alone, stated, unpacked};
use super::room::Room;
use super::search::{Heads, heads};
use super::tokens::{Cursor, Said, cost, is_plain_object, number, said};

/// The highest number of an object (ISO 32000-1, annex C).
pub(super) const NUMBER_MAX: u32 = 8_388_607;
/// Lines of all tables of a file: as many as stand in one of 32 MiB.
const ENTRIES_MAX: usize = 2_000_000;
/// Bytes of a field in a stream of cross-references.
const FIELD_BYTES_MAX: usize = 8;
/// The last bytes of a file, in which readers look for the place of its table.
const TABLE_PLACE_BYTES_MAX: usize = 1024;

type Entries = BTreeMap<u32, Place>;

/// Where an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Nowhere,
    At(usize, u16),
    /// In a stream of objects, by its number, at this place among them.
    Within(u32, u64),
}

/// A table or a stream of cross-references.
struct Section {
    at: usize,
    /// Its own number, where it is a stream.
    own: Option<u32>,
    entries: Entries,
    /// What it says of the highest number: one more than that.
    size: u32,
    /// Where the one before it begins.
    before: Option<usize>,
    /// Where a stream of the same revision begins.
    beside: Option<usize>,
    is_encrypted: bool,
}

/// The tables of a file.
pub(super) struct Tables {
    /// Where the last one begins, as the file says.
    start: usize,
    /// The newest first.
    sections: Vec<Section>,
    /// Where each object stands in the end.
    pub(super) places: Entries,
}

/// Returns the place of the last table where readers look for it.
fn start(pdf: &[u8]) -> Option<usize> {
    let word = b"startxref";
    let at = pdf.windows(word.len()).rposition(|it| it == word)?;
    let mut here = Cursor { pdf, at: at + word.len() };
    here.run(is_space);
    here.number().filter(|_| pdf.len() - at <= TABLE_PLACE_BYTES_MAX)
}

impl Tables {
    /// Reads the tables from the last one on; nothing where one is not what it says.
    pub(super) fn read(pdf: &[u8], room: &mut Room) -> Option<Self> {
        let start = start(pdf)?;
        let (mut sections, mut sizes, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let (mut left, mut next, mut end) = (ENTRIES_MAX, Some(start), 0_u32);
        let mut read = |at: usize| {
            let section = Section::read(pdf, at, room).filter(|_| seen.insert(at))?;
            left = left.checked_sub(section.entries.len())?;
            let listed = section.end();
            sizes.push((listed, section.size));
            // A stream of cross-references need not name itself.
            end = listed.max(end).max(section.own.map_or(0, |it| it.saturating_add(1)));
            Some(section)
        };
        while let Some(at) = next {
            let mut section = read(at)?;
            if let Some(beside) = section.beside {
                section.merge(read(beside)?);
            }
            next = section.before;
            sections.push(section);
        }
        let are_sized = sizes.iter().all(|(listed, size)| listed <= size && *size <= end);
        // What is above it is not there for other readers, though an earlier table names it.
        let mut least = 0;
        let is_whole = sections.iter().rev().all(|it| {
            least = it.end().max(least);
            least <= it.size
        });
        let oldest_first = sections.iter().rev().flat_map(|it| &it.entries);
        let places = oldest_first.map(|(number, place)| (*number, *place)).collect();
        (are_sized && is_whole).then_some(Self { start, sections, places })
    }

    /// Tells whether any revision says that it is encrypted.
    pub(super) fn are_encrypted(&self) -> bool {
        self.sections.iter().any(|it| it.is_encrypted)
    }

    /// Returns how many of them are no streams.
    pub(super) fn count(&self) -> usize {
        self.sections.iter().filter(|it| it.own.is_none()).count()
    }

    /// Returns what the tables of all revisions say of places in streams of objects.
    pub(super) fn within(&self) -> BTreeSet<(u32, Place)> {
        let said = self.sections.iter().flat_map(|it| &it.entries);
        said.filter(|it| matches!(it.1, Place::Within(..))).map(|(number, place)| (*number, *place)).collect()
    }

    /// Tells whether the parser read by these tables, and all the objects that they name and no other.
    pub(super) fn hold(&self, document: &Document) -> bool {
        let ids: BTreeSet<ObjectId> =
            self.places.iter().filter_map(|(number, place)| id(*number, place)).collect();
        document.xref_start == self.start && document.objects.keys().eq(ids.iter())
    }

    /// Tells whether the objects that stand there and behind are spelled in the one way that every reader reads alike.
    pub(super) fn are_plain(&self, pdf: &[u8], from: usize) -> bool {
        self.places.values().all(|it| {
            let at = if let Place::At(at, _) = it { *at } else { 0 };
            at < from || is_plain_object(Cursor { pdf, at })
        })
    }

    /// Tells whether each object that stands elsewhere later was spelled so where it stood. Of streams of objects, by the places
    /// where they begin, the numbers of those are given that were not.
    pub(super) fn were_plain(&self, pdf: &[u8], later: &Self, unplain: &BTreeSet<(usize, u32)>) -> bool {
        let is_moved = |number: &u32| self.places.get(number) != later.places.get(number);
        self.places.iter().all(|(number, place)| match place {
            Place::At(at, _) => {
                let mut here = Cursor { pdf, at: *at };
                here.run(is_space);
                !is_moved(number) || is_plain_object(here)
            }
            Place::Within(container, _) if is_moved(number) || is_moved(container) => {
                let held = self.places.get(container);
                matches!(held, Some(Place::At(at, _)) if !unplain.contains(&(*at, *number)))
            }
            Place::Nowhere | Place::Within(..) => true,
        })
    }

    /// Tells whether what stands behind that place is revision upon revision, and the table of each names every object of
    /// it where it stands, and says of no other that it moved: whoever reads by the tables and whoever searches for objects
    /// then see the same.
    pub(super) fn name_all(&self, pdf: &[u8], from: usize) -> bool {
        let Some(tail) = pdf.get(from..) else { return false };
        let mut heads = heads(tail, from);
        let (mut known, mut passed) = (Entries::new(), None);
        for section in self.sections.iter().rev() {
            if section.at >= from {
                // What stands behind this table is of the next one.
                let rest = heads.split_off(&section.at.saturating_add(1));
                let held = std::mem::replace(&mut heads, rest);
                if passed >= Some(section.at) || section.beside.is_some() || !section.names(held, &known) {
                    return false;
                }
                passed = Some(section.at);
            } else if passed.is_some() {
                return false;
            }
            known.extend(section.entries.iter().map(|(number, place)| (*number, *place)));
        }
        heads.is_empty()
    }
}

impl Section {
    /// Reads what begins there; white space may stand before a table.
    fn read(pdf: &[u8], at: usize, room: &mut Room) -> Option<Self> {
        let here = Cursor { pdf, at };
        let mut table = here;
        table.run(is_space);
        if table.word(b"xref").is_some() {
            Self::table(table, at, room)
        } else {
            Self::stream(here, at, room)
        }
    }

    fn table(mut here: Cursor<'_>, at: usize, room: &mut Room) -> Option<Self> {
        let mut entries = Entries::new();
        (!here.run(is_space).is_empty()).then_some(())?;
        while here.word(b"trailer").is_none() {
            let first: u32 = here.number()?;
            here.word(b" ")?;
            let count: u32 = here.number()?;
            (!here.run(is_space).is_empty()).then_some(())?;
            for number in first..first.checked_add(count)? {
                enter(&mut entries, number, line(&mut here)?)?;
            }
            here.run(is_space);
        }
        let said = dictionary(&mut here, room)?;
        room.walk(here.at.checked_sub(at)?)?;
        Self::new(at, None, entries, &said)
    }

    fn stream(mut here: Cursor<'_>, at: usize, room: &mut Room) -> Option<Self> {
        let (own, _) = here.head()?;
        let said = dictionary(&mut here, room)?;
        here.stream()?;
        let length: usize = stated(&said, b"/Length")?;
        let data = here.rest().get(..length)?;
        here.at += length;
        here.run(is_space);
        here.word(b"endstream")?;
        room.walk(here.at.checked_sub(at)?)?;
        (alone(&said, b"/Type")? == b"/XRef").then_some(())?;
        let entries = listed(&said, &unpacked(&said, data, room)?)?;
        Self::new(at, Some(own), entries, &said)
    }

    fn new(at: usize, own: Option<u32>, entries: Entries, said: &Said<'_>) -> Option<Self> {
        let are_marks = !said.contains_key(b"/ID".as_slice()) || two_texts(alone(said, b"/ID")?).is_some();
        let has_sum = said.contains_key(b"/DocChecksum".as_slice());
        let is_sum = !has_sum || is_name_or_text(alone(said, b"/DocChecksum")?);
        (are_marks && is_sum).then_some(())?;
        // A place that is said must be a number.
        let link =
            |name: &[u8]| if said.contains_key(name) { stated(said, name).map(Some) } else { Some(None) };
        let (before, beside) = (link(b"/Prev")?, link(b"/XRefStm")?);
        let is_encrypted = said.contains_key(b"/Encrypt".as_slice());
        Some(Self { at, own, entries, size: stated(said, b"/Size")?, before, beside, is_encrypted })
    }

    /// Returns one more than the highest number that it names.
    fn end(&self) -> u32 {
        self.entries.last_key_value().map_or(0, |(number, _)| number.saturating_add(1))
    }

    /// Takes in the stream beside the table: it says where those stand that the table leaves out.
    fn merge(&mut self, beside: Self) {
        self.is_encrypted |= beside.is_encrypted;
        for (number, place) in beside.entries {
            let held = self.entries.entry(number).or_insert(place);
            if *held == Place::Nowhere {
                *held = place;
            }
        }
    }

    /// Tells whether it names these objects and no other, but for those that stand where they stood.
    fn names(&self, mut heads: Heads, known: &Entries) -> bool {
        let (mut own, mut containers) = (Heads::new(), BTreeSet::new());
        for (number, place) in self.entries.iter().filter(|it| known.get(it.0) != Some(it.1)) {
            match place {
                Place::At(at, generation) => {
                    own.insert(*at, (*number, *generation));
                }
                Place::Within(container, _) => {
                    containers.insert(*container);
                }
                // What was there and is gone is found among the objects.
                Place::Nowhere => {}
            }
        }
        if self.own.is_some() && !own.contains_key(&self.at) {
            let itself = heads.remove(&self.at);
            if itself.is_none_or(|(number, _)| known.contains_key(&number)) {
                return false;
            }
        }
        let numbers: BTreeSet<u32> = own.values().map(|it| it.0).collect();
        heads == own && containers.is_subset(&numbers)
    }
}

/// Returns the number and generation under which the parser has the object.
fn id(number: u32, place: &Place) -> Option<ObjectId> {
    match place {
        Place::Nowhere => None,
        Place::At(_, generation) => Some((number, *generation)),
        Place::Within(..) => Some((number, 0)),
    }
}

/// Goes over a dictionary that says where something stands.
fn dictionary<'a>(here: &mut Cursor<'a>, room: &mut Room) -> Option<Said<'a>> {
    here.space();
    let from = here.at;
    let parts = here.value()?;
    room.hold(cost(here.pdf.get(from..here.at)?))?;
    said(&parts)
}

/// Enters where an object stands; none stands twice in a table.
fn enter(entries: &mut Entries, number: u32, place: Place) -> Option<()> {
    let is_new = number <= NUMBER_MAX && entries.insert(number, place).is_none();
    is_new.then_some(())
}

/// Goes over a line of a table. One that ends in one character only comes here where the file is walked over too.
fn line(here: &mut Cursor<'_>) -> Option<Place> {
    let offset = here.run(|it| it.is_ascii_digit());
    here.word(b" ")?;
    let generation = here.run(|it| it.is_ascii_digit());
    here.word(b" ")?;
    (offset.len() == 10 && generation.len() == 5).then_some(())?;
    let place = if here.word(b"n").is_some() {
        Place::At(number(offset)?, number(generation)?)
    } else {
        here.word(b"f")?;
        Place::Nowhere
    };
    let ends: [&[u8]; 3] = [b" \r", b" \n", b"\r\n"];
    ends.iter().find_map(|end| here.word(end)).or_else(|| here.line_end())?;
    Some(place)
}

/// Returns what the data of a stream of cross-references say; they are as long as it says.
fn listed(said: &Said<'_>, data: &[u8]) -> Option<Entries> {
    let widths: Vec<usize> = numbers(alone(said, b"/W")?)?;
    let [kind, first, _] = widths.as_slice() else { return None };
    let width = widths.iter().sum::<usize>();
    (widths.iter().all(|it| *it <= FIELD_BYTES_MAX) && width > 0).then_some(())?;
    let index: Vec<u32> = if said.contains_key(b"/Index".as_slice()) {
        numbers(alone(said, b"/Index")?)?
    } else {
        vec![0, stated(said, b"/Size")?]
    };
    let (mut entries, mut rows) = (Entries::new(), data.chunks(width));
    for stretch in index.chunks(2) {
        let [from, count] = stretch else { return None };
        for number in *from..from.checked_add(*count)? {
            let row = rows.next().filter(|it| it.len() == width)?;
            let (sort, row) = row.split_at_checked(*kind)?;
            let (one, two) = row.split_at_checked(*first)?;
            enter(&mut entries, number, place(sort, value(one), value(two))?)?;
        }
    }
    rows.next().is_none().then_some(entries)
}

/// Returns where an object stands; without a sort it is in the file.
fn place(sort: &[u8], one: u64, two: u64) -> Option<Place> {
    let sort = if sort.is_empty() { 1 } else { value(sort) };
    match sort {
        0 => Some(Place::Nowhere),
        1 => Some(Place::At(one.try_into().ok()?, two.try_into().ok()?)),
        2 => Some(Place::Within(one.try_into().ok()?, two)),
        _ => None,
    }
}

/// Returns the number that these bytes are.
fn value(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Returns the numbers of an array.
fn numbers<T: FromStr>(written: &[u8]) -> Option<Vec<T>> {
    let held = written.strip_prefix(b"[")?.strip_suffix(b"]")?;
    held.split(|it| is_space(*it)).filter(|it| !it.is_empty()).map(number).collect()
}

/// Goes over an array of two strings.
fn two_texts(written: &[u8]) -> Option<()> {
    let mut here = Cursor { pdf: written, at: 0 };
    here.word(b"[")?;
    for _ in 0..2 {
        here.space();
        if here.rest().starts_with(b"(") {
            here.literal()?;
        } else {
            here.hexadecimal()?;
        }
    }
    here.space();
    here.word(b"]")
}

fn is_name_or_text(written: &[u8]) -> bool {
    let is_begun = [b"/", b"(", b"<"].iter().any(|it| written.starts_with(*it));
    is_begun && !written.starts_with(b"<<")
}
