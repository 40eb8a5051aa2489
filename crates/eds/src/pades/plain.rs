// SPDX-License-Identifier: MIT OR Apache-2.0
//! The same file as the parser demands it to be spelled: white space before `endstream`, lines of a table that end in one
//! character, a line end before a table, more on the line of the version. Nothing of it is shown, and readers pass over it.
//!
//! The parser stays strict, because what it would guess another reader guesses otherwise. So the file is walked over from
//! its first byte to its last, and only where each part is what it says is it spelled anew, in as many bytes. Then the
//! parser must have read by nothing but the parts that were walked over ([`Plain::holds`]).

use std::collections::{BTreeMap, BTreeSet};

use lopdf::xref::XrefEntry;
use lopdf::{Document, ObjectId};

use super::is_space;
use super::tokens::{Cursor, Said, is_line_end, number, said};

/// Objects of a file that is walked over.
const OBJECTS_MAX: usize = 500_000;
/// What may stand behind the word that begins a table, by the number of its bytes from behind.
const TABLE_LINE_END: &[u8; 3] = b" \r\n";

/// Where a number stands that is an object of its own, and what it is; nothing where it stands twice.
type Numbers = BTreeMap<ObjectId, Option<(usize, usize)>>;

/// A file that was walked over.
#[derive(Default)]
pub(super) struct Plain {
    /// Its bytes in the spelling of the parser, as many as before.
    pub(super) bytes: Vec<u8>,
    /// The objects by the places where they begin.
    heads: BTreeMap<usize, ObjectId>,
    /// Where the cross-references begin: tables and streams.
    sections: BTreeSet<usize>,
    /// Where the cross-references say that others begin.
    named: Vec<usize>,
    /// Where the file says at its end, or at that of a revision, that they begin.
    starts: Vec<usize>,
    /// Where the lengths that stand apart begin.
    lengths: BTreeMap<ObjectId, usize>,
}

/// Returns the file in the spelling of the parser; nothing where it is in that spelling, or a part of it is not what it says.
pub(super) fn plain(pdf: &[u8]) -> Option<Plain> {
    let known = Plain { bytes: pdf.to_vec(), ..Plain::default() };
    let mut walk = Walk { here: Cursor { pdf, at: 0 }, numbers: numbers(pdf)?, known };
    walk.file()?;
    walk.pull_tables();
    (walk.known.bytes != pdf).then_some(walk.known)
}

impl Plain {
    /// Tells whether the parser read by nothing but what was walked over: each object that a table names begins where one
    /// was found, each table where one was found, and each length is the one that was found.
    pub(super) fn holds(&self, document: &Document) -> bool {
        let place = |entry: &XrefEntry| match entry {
            XrefEntry::Normal { offset, generation } => Some((usize::try_from(*offset).ok()?, *generation)),
            XrefEntry::Compressed { .. } | XrefEntry::Free | XrefEntry::UnusableFree => None,
        };
        let mut entries = document.reference_table.entries.iter();
        let are_heads = entries.all(|(number, entry)| {
            place(entry).is_none_or(|(at, generation)| self.heads.get(&at) == Some(&(*number, generation)))
        });
        let mut lengths = self.lengths.iter();
        let are_lengths = lengths.all(|((number, generation), at)| {
            document.reference_table.get(*number).and_then(place) == Some((*at, *generation))
        });
        let mut named = self.named.iter().chain([&document.xref_start]);
        are_heads && are_lengths && named.all(|at| self.sections.contains(at))
    }
}

/// Returns the numbers that are objects of their own, wherever they seem to stand.
fn numbers(pdf: &[u8]) -> Option<Numbers> {
    let mut found = Numbers::new();
    for (at, _) in pdf.windows(3).enumerate().filter(|it| it.1 == b"obj") {
        let Some((head, _)) = super::search::head(pdf.get(..at)?) else { continue };
        let mut here = Cursor { pdf, at: head };
        let Some((id, number)) = here.lone_number() else { continue };
        found.entry(id).and_modify(|it| *it = None).or_insert(Some((head, number)));
        (found.len() <= OBJECTS_MAX).then_some(())?;
    }
    Some(found)
}

/// Goes over the file and writes what is found.
struct Walk<'a> {
    here: Cursor<'a>,
    numbers: Numbers,
    known: Plain,
}

impl<'a> Walk<'a> {
    fn file(&mut self) -> Option<()> {
        self.version()?;
        loop {
            self.here.space();
            if self.here.rest().is_empty() {
                return Some(());
            }
            let begin = self.here.at;
            if self.here.word(b"xref").is_some() {
                self.known.sections.insert(begin);
                self.table()?;
            } else if self.here.word(b"startxref").is_some() {
                self.here.space();
                self.known.starts.push(self.here.number()?);
            } else {
                self.object()?;
            }
        }
    }

    /// Puts each table to the place that is said of it, where white space stands before it there.
    fn pull_tables(&mut self) {
        let places: Vec<usize> = self.known.starts.iter().chain(&self.known.named).copied().collect();
        for place in places {
            // What leads elsewhere is refused when it is read by.
            self.pull_table(place);
        }
    }

    fn pull_table(&mut self, place: usize) -> Option<()> {
        let mut here = Cursor { pdf: self.here.pdf, at: place };
        let before = here.run(is_space).len();
        (before > 0 && self.known.sections.contains(&here.at)).then_some(())?;
        here.word(b"xref")?;
        let blank = before + here.run(is_space).len();
        let line_end = TABLE_LINE_END.get(TABLE_LINE_END.len().checked_sub(blank)?..)?;
        let line = [b"xref".as_slice(), line_end].concat();
        self.known.bytes.get_mut(place..here.at)?.copy_from_slice(&line);
        self.known.sections.insert(place);
        Some(())
    }

    /// The line of the version says nothing else.
    fn version(&mut self) -> Option<()> {
        self.here.word(b"%PDF-")?;
        self.here.run(|it| it.is_ascii_digit() || it == b'.');
        let from = self.here.at;
        self.here.run(|it| !is_line_end(it));
        self.known.bytes.get_mut(from..self.here.at)?.fill(b'\n');
        Some(())
    }

    fn table(&mut self) -> Option<()> {
        self.here.run(is_space);
        while self.here.word(b"trailer").is_none() {
            if self.line().is_none() {
                // The number of the first object of those that follow, and how many they are.
                self.here.number::<usize>()?;
                self.here.word(b" ")?;
                self.here.number::<usize>()?;
            }
            // Some programs leave an empty line behind the last one.
            self.here.run(is_space);
        }
        self.here.space();
        let parts = self.here.value()?;
        self.links(&said(&parts)?)
    }

    /// Goes over a line of a table, which ends in two characters.
    fn line(&mut self) -> Option<()> {
        let (from, mut it) = (self.here.at, self.here);
        let offset = it.run(|it| it.is_ascii_digit());
        it.word(b" ")?;
        let generation = it.run(|it| it.is_ascii_digit());
        it.word(b" ")?;
        it.word(b"n").or_else(|| it.word(b"f"))?;
        (offset.len() == 10 && generation.len() == 5).then_some(())?;
        let ends: [&[u8]; 3] = [b" \r", b" \n", b"\r\n"];
        let known = ends.iter().find_map(|end| it.word(end));
        if known.is_none() {
            // The first digit, which is a zero, makes room for a space at the end.
            let line = self.known.bytes.get_mut(from..it.at)?;
            line.starts_with(b"0").then(|| line.rotate_left(1))?;
            *line.last_mut()? = b' ';
            it.line_end()?;
        }
        self.here = it;
        Some(())
    }

    fn object(&mut self) -> Option<()> {
        let begin = self.here.at;
        let id = self.here.head()?;
        self.here.space();
        let parts = self.here.value()?;
        if self.here.rest().starts_with(b"stream") {
            let said = said(&parts)?;
            if said.get(b"/Type".as_slice()).is_some_and(|it| it.first().is_some_and(|it| *it == b"/XRef")) {
                self.known.sections.insert(begin);
                self.links(&said)?;
            }
            self.stream(&said)?;
            self.here.space();
        }
        self.here.word(b"endobj")?;
        self.known.heads.insert(begin, id);
        (self.known.heads.len() <= OBJECTS_MAX).then_some(())
    }

    /// Goes over the bytes of a stream. Between their end, as it is said, and the keyword stands nothing but white space;
    /// where it is more than the end of a line, it is put behind the keyword.
    fn stream(&mut self, said: &Said<'a>) -> Option<()> {
        self.here.stream()?;
        let length = self.length(said)?;
        let end = self.here.at.checked_add(length).filter(|it| *it <= self.here.pdf.len())?;
        self.here.at = end;
        let blank = self.here.run(is_space);
        self.here.word(b"endstream")?;
        let ends: [&[u8]; 4] = [b"", b"\n", b"\r", b"\r\n"];
        if !ends.contains(&blank) {
            self.known.bytes.get_mut(end..self.here.at)?.rotate_left(blank.len());
        }
        Some(())
    }

    /// Returns the length that is said, here or in an object of its own.
    fn length(&mut self, said: &Said<'a>) -> Option<usize> {
        match said.get(b"/Length".as_slice())?.as_slice() {
            [here] => number(here),
            [id, generation, _] => {
                let id: ObjectId = (number(id)?, number(generation)?);
                let (at, length) = (*self.numbers.get(&id)?)?;
                self.known.lengths.insert(id, at);
                Some(length)
            }
            _ => None,
        }
    }

    /// Takes in where other cross-references begin.
    fn links(&mut self, said: &Said<'a>) -> Option<()> {
        let names: [&[u8]; 2] = [b"/Prev", b"/XRefStm"];
        for held in names.iter().filter_map(|it| said.get(*it)) {
            let [place] = held.as_slice() else { return None };
            self.known.named.push(number(place)?);
        }
        Some(())
    }
}
