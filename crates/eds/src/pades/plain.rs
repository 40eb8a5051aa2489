// SPDX-License-Identifier: MIT OR Apache-2.0
//! The same file as the parser demands it to be spelled: white space before `endstream`, lines of a table that end in one
//! character, more on the line of the version. Nothing of it is shown, and readers pass over it.
//!
//! The parser stays strict, because what it would guess another reader guesses otherwise. So the file is walked over from
//! its first byte to its last, and only where each part is what it says is it spelled anew, in as many bytes. Then the
//! parser must have read by nothing but the parts that were walked over ([`Plain::holds`]).

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use lopdf::xref::XrefEntry;
use lopdf::{Document, ObjectId};

use super::is_space;

/// Objects of a file that is walked over.
const OBJECTS_MAX: usize = 500_000;
/// How deep its arrays and dictionaries may stand in each other: as deep as the parser reads.
const DEPTH_MAX: usize = 100;
/// Names and values of a dictionary that says where something stands.
const PARTS_MAX: usize = 4096;

/// What a dictionary says: its names, each with its value or the three words of a reference.
pub(super) type Said<'a> = BTreeMap<&'a [u8], Vec<&'a [u8]>>;
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
    /// Where the lengths that stand apart begin.
    lengths: BTreeMap<ObjectId, usize>,
}

/// Returns the file in the spelling of the parser; nothing where it is in that spelling, or a part of it is not what it says.
pub(super) fn plain(pdf: &[u8]) -> Option<Plain> {
    let known = Plain { bytes: pdf.to_vec(), ..Plain::default() };
    let mut walk = Walk { here: Cursor { pdf, at: 0 }, numbers: numbers(pdf)?, known };
    walk.file()?;
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
        let Some((head, _)) = super::tables::head(pdf.get(..at)?) else { continue };
        let here = Cursor { pdf, at: head };
        let Some((id, number)) = here.lone_number() else { continue };
        found.entry(id).and_modify(|it| *it = None).or_insert(Some((head, number)));
        (found.len() <= OBJECTS_MAX).then_some(())?;
    }
    Some(found)
}

/// A place in the file.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) pdf: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a [u8] {
        self.pdf.get(self.at..).unwrap_or_default()
    }

    /// Goes over these bytes; they must stand here.
    pub(super) fn word(&mut self, word: &[u8]) -> Option<()> {
        let stands = self.rest().starts_with(word);
        stands.then(|| self.at += word.len())
    }

    /// Goes over all bytes of a kind.
    pub(super) fn run(&mut self, is: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|it| !is(*it)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Goes over white space and comments.
    pub(super) fn space(&mut self) {
        self.run(is_space);
        while self.rest().starts_with(b"%") {
            self.run(|it| !is_line_end(it));
            self.run(is_space);
        }
    }

    pub(super) fn line_end(&mut self) -> Option<()> {
        let ends: [&[u8]; 3] = [b"\r\n", b"\n", b"\r"];
        ends.iter().find_map(|end| self.word(end))
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Option<T> {
        number(self.run(|it| it.is_ascii_digit()))
    }

    /// Goes over the beginning of an object.
    pub(super) fn head(&mut self) -> Option<ObjectId> {
        let number = self.number()?;
        (!self.run(is_space).is_empty()).then_some(())?;
        let generation = self.number()?;
        (!self.run(is_space).is_empty()).then_some(())?;
        self.word(b"obj")?;
        Some((number, generation))
    }

    /// Returns the number that alone is the object here, without a comment beside it.
    fn lone_number(mut self) -> Option<(ObjectId, usize)> {
        let id = self.head()?;
        self.run(is_space);
        let number = self.number()?;
        self.run(is_space);
        self.word(b"endobj")?;
        Some((id, number))
    }

    /// Goes over a value up to what follows it, and returns the names and values of a dictionary; what stands deeper is one
    /// part of it.
    pub(super) fn value(&mut self) -> Option<Vec<&'a [u8]>> {
        let is_dictionary = self.rest().starts_with(b"<<");
        let (mut parts, mut open, mut from) = (Vec::new(), Vec::new(), self.at);
        loop {
            self.space();
            if open.len() <= 1 {
                from = self.at;
            }
            let first = *self.rest().first()?;
            match first {
                b'(' => self.literal()?,
                b'<' if self.word(b"<<").is_some() => open.push(b'>'),
                b'<' => self.hexadecimal()?,
                b'[' => {
                    self.at += 1;
                    open.push(b']');
                }
                b'>' | b']' => {
                    let word: &[u8] = if first == b'>' { b">>" } else { b"]" };
                    self.word(word)?;
                    (open.pop() == Some(first)).then_some(())?;
                }
                b'/' => {
                    self.at += 1;
                    self.run(is_regular);
                }
                _ if open.is_empty() && self.rest().starts_with(b"endobj") => return Some(parts),
                _ => (!self.run(is_regular).is_empty()).then_some(())?,
            }
            (open.len() <= DEPTH_MAX).then_some(())?;
            if is_dictionary && open.is_empty() {
                self.space();
                return Some(parts);
            }
            if is_dictionary && open.len() == 1 && parts.len() < PARTS_MAX {
                parts.push(self.pdf.get(from..self.at)?);
            }
        }
    }

    /// Goes over `(…)`.
    pub(super) fn literal(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match *self.rest().first()? {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Goes over `<…>`.
    pub(super) fn hexadecimal(&mut self) -> Option<()> {
        self.word(b"<")?;
        self.run(|it| it.is_ascii_hexdigit() || is_space(it));
        self.word(b">")
    }
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
                self.here.number::<usize>()?;
            } else {
                self.object()?;
            }
        }
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
                self.here.run(is_space);
            }
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
        if self.here.word(b"stream").is_some() {
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
        self.here.run(|it| it == b' ' || it == b'\t');
        self.here.line_end()?;
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

/// Returns what the dictionary says; nothing where a name stands twice or may be spelled in two ways.
pub(super) fn said<'a>(parts: &[&'a [u8]]) -> Option<Said<'a>> {
    // The first part is the bracket.
    let (_, mut rest) = parts.split_first().filter(|_| parts.len() < PARTS_MAX)?;
    let mut found = Said::new();
    while let Some((name, held)) = rest.split_first() {
        let is_reference = held.get(2).is_some_and(|it| *it == b"R");
        let (value, next) = held.split_at_checked(if is_reference { 3 } else { 1 })?;
        let is_name = name.starts_with(b"/") && !name.contains(&b'#');
        (is_name && found.insert(*name, value.to_vec()).is_none()).then_some(())?;
        rest = next;
    }
    Some(found)
}

/// Returns the number that these digits are.
pub(super) fn number<T: FromStr>(digits: &[u8]) -> Option<T> {
    let digits = std::str::from_utf8(digits).ok().filter(|it| it.bytes().all(|it| it.is_ascii_digit()))?;
    digits.parse().ok()
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\r' || byte == b'\n'
}

/// Tells whether the byte may stand in a name, a number or a keyword.
fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}
