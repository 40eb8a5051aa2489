// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tokens of PDF, read as the parser reads them, and the one spelling that every reader reads alike.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use lopdf::ObjectId;

use super::room::HOLDER;
use super::{is_space, nibble};

/// How deep arrays and dictionaries may stand in each other: as deep as the parser reads.
const DEPTH_MAX: usize = 100;
/// Names and values of a dictionary that says where something stands.
const PARTS_MAX: usize = 4096;
/// Letters of the shortest word that the parser reads where no space follows it.
const WORD_BYTES: usize = 4;

/// What a dictionary says: its names, each with its value or the three words of a reference.
pub(super) type Said<'a> = BTreeMap<&'a [u8], Vec<&'a [u8]>>;

/// What stands at a place.
enum Token<'a> {
    /// An array or a dictionary begins, which this byte ends.
    Open(u8),
    Close(u8),
    /// A name without its slash.
    Name(&'a [u8]),
    /// A string.
    Text,
    /// A number or a word.
    Word(&'a [u8]),
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

    /// Goes over the object here and returns the number that it is alone, without a comment beside it.
    pub(super) fn lone_number(&mut self) -> Option<(ObjectId, usize)> {
        let id = self.head()?;
        self.run(is_space);
        let number = self.number()?;
        self.run(is_space);
        self.word(b"endobj")?;
        Some((id, number))
    }

    /// Goes over the word that begins the bytes of a stream.
    pub(super) fn stream(&mut self) -> Option<()> {
        self.word(b"stream")?;
        self.run(|it| it == b' ' || it == b'\t');
        self.line_end()
    }

    /// Goes over white space, comments and the token behind them.
    fn token(&mut self) -> Option<Token<'a>> {
        self.space();
        match *self.rest().first()? {
            b'(' => self.literal().map(|()| Token::Text),
            b'<' if self.word(b"<<").is_some() => Some(Token::Open(b'>')),
            b'<' => self.hexadecimal().map(|()| Token::Text),
            b'[' => self.word(b"[").map(|()| Token::Open(b']')),
            b'>' => self.word(b">>").map(|()| Token::Close(b'>')),
            b']' => self.word(b"]").map(|()| Token::Close(b']')),
            b'/' => self.word(b"/").map(|()| Token::Name(self.run(is_regular))),
            _ => Some(self.run(is_regular)).filter(|it| !it.is_empty()).map(Token::Word),
        }
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
            if open.is_empty() && self.rest().starts_with(b"endobj") {
                return Some(parts);
            }
            match self.token()? {
                Token::Open(end) => open.push(end),
                Token::Close(end) => (open.pop() == Some(end)).then_some(())?,
                Token::Name(_) | Token::Text | Token::Word(_) => {}
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

    /// Goes over one value that is no reference, and no further.
    pub(super) fn one(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            match self.token()? {
                Token::Open(end) => open.push(end),
                Token::Close(end) => (open.pop() == Some(end)).then_some(())?,
                Token::Word(word) if open.is_empty() => {
                    (is_constant(word) && self.reference(word).is_none()).then_some(())?;
                }
                Token::Name(_) | Token::Text | Token::Word(_) => {}
            }
            (open.len() <= DEPTH_MAX).then_some(())?;
            if open.is_empty() {
                return Some(());
            }
        }
    }

    /// Goes over one value that is spelled plainly.
    fn plain(&mut self, depth: usize) -> Option<()> {
        let end = match self.token()? {
            Token::Name(name) => return letters(name).filter(|it| it.1).map(drop),
            Token::Text => return Some(()),
            Token::Word(word) => {
                self.reference(word);
                return is_constant(word).then_some(());
            }
            Token::Open(end) if depth < DEPTH_MAX => end,
            Token::Open(_) | Token::Close(_) => return None,
        };
        let mut names = BTreeSet::new();
        loop {
            let mut ahead = *self;
            match ahead.token()? {
                Token::Close(close) => {
                    *self = ahead;
                    return (close == end).then_some(());
                }
                Token::Name(name) if end == b'>' => {
                    *self = ahead;
                    let (name, is_plain) = letters(name)?;
                    (is_plain && names.insert(name)).then_some(())?;
                }
                // Each value of a dictionary has a name.
                Token::Open(_) | Token::Text | Token::Word(_) if end == b'>' => return None,
                Token::Open(_) | Token::Name(_) | Token::Text | Token::Word(_) => {}
            }
            self.plain(depth + 1)?;
        }
    }

    /// Goes over the rest of a reference that begins with this word; over nothing where it is none.
    fn reference(&mut self, word: &[u8]) -> Option<()> {
        let is_whole = |it: &[u8]| it.iter().all(u8::is_ascii_digit);
        let mut ahead = *self;
        let (Token::Word(generation), Token::Word(b"R")) = (ahead.token()?, ahead.token()?) else {
            return None;
        };
        (is_whole(word) && is_whole(generation)).then(|| *self = ahead)
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

/// Tells whether the bytes are one value in the spelling that every reader reads alike: no name twice in a dictionary, no
/// letter of a name as `#` and its number that need not be, and between numbers and words what parts them.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let mut here = Cursor { pdf: bytes, at: 0 };
    here.plain(0).is_some() && is_blank(here.rest())
}

/// Tells whether the object here is spelled so, up to its end or to the bytes of its stream.
pub(super) fn is_plain_object(mut here: Cursor<'_>) -> bool {
    let is_value = here.head().is_some() && here.plain(0).is_some();
    here.space();
    is_value && (here.word(b"endobj").is_some() || here.stream().is_some())
}

/// Tells whether nothing but white space and comments stands there.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    let mut here = Cursor { pdf: bytes, at: 0 };
    here.space();
    here.rest().is_empty()
}

/// Returns how many values the parser makes of these bytes at most, an array or a dictionary counted as [`HOLDER`].
pub(super) fn cost(bytes: &[u8]) -> usize {
    let mut here = Cursor { pdf: bytes, at: 0 };
    let tokens = std::iter::from_fn(|| here.token());
    let costs = tokens.map(|it| match it {
        Token::Open(_) => HOLDER,
        // A reference is made of three words.
        Token::Close(_) | Token::Word(b"R") => 0,
        Token::Name(_) | Token::Text => 1,
        // Where no space parts them, it makes several of one word.
        Token::Word(word) => 1 + word.len() / WORD_BYTES,
    });
    costs.sum()
}

/// Returns what the dictionary says; nothing where a name stands twice or may be spelled in two ways.
pub(super) fn said<'a>(parts: &[&'a [u8]]) -> Option<Said<'a>> {
    let mut found = Said::new();
    for (name, value) in pairs(parts)? {
        let (_, is_plain) = letters(name.strip_prefix(b"/")?)?;
        (is_plain && found.insert(name, value.to_vec()).is_none()).then_some(())?;
    }
    Some(found)
}

/// Returns the values of a dictionary under the name, in whatever spelling.
pub(super) fn values<'p, 'a>(parts: &'p [&'a [u8]], name: &[u8]) -> Option<Vec<&'p [&'a [u8]]>> {
    Some(pairs(parts)?.into_iter().filter(|it| is_named(it.0, name)).map(|it| it.1).collect())
}

/// Tells whether this is the name, in whatever spelling.
pub(super) fn is_named(written: &[u8], name: &[u8]) -> bool {
    written.strip_prefix(b"/").and_then(letters).is_some_and(|it| it.0 == name)
}

/// A name of a dictionary with its value or the three words of a reference.
type Pair<'p, 'a> = (&'a [u8], &'p [&'a [u8]]);

/// Returns the names of a dictionary, each with its value.
fn pairs<'p, 'a>(parts: &'p [&'a [u8]]) -> Option<Vec<Pair<'p, 'a>>> {
    // The first part is the bracket.
    let (_, mut rest) = parts.split_first().filter(|_| parts.len() < PARTS_MAX)?;
    let mut found = Vec::new();
    while let Some((name, held)) = rest.split_first() {
        let is_reference = held.get(2).is_some_and(|it| *it == b"R");
        let (value, next) = held.split_at_checked(if is_reference { 3 } else { 1 })?;
        found.push((*name, value));
        rest = next;
    }
    Some(found)
}

/// Returns the letters of a name, and whether none of them is written as `#` and its number though it need not be.
fn letters(written: &[u8]) -> Option<(Vec<u8>, bool)> {
    let (mut found, mut is_plain, mut rest) = (Vec::with_capacity(written.len()), true, written);
    while let Some((first, next)) = rest.split_first() {
        rest = next;
        let mut letter = *first;
        if letter == b'#' {
            let [high, low, next @ ..] = next else { return None };
            (high.is_ascii_hexdigit() && low.is_ascii_hexdigit()).then_some(())?;
            letter = nibble(*high) << 4 | nibble(*low);
            rest = next;
            is_plain &= letter != 0 && (letter == b'#' || !letter.is_ascii_graphic() || !is_regular(letter));
        }
        found.push(letter);
    }
    Some((found, is_plain))
}

/// Returns the number that these digits are.
pub(super) fn number<T: FromStr>(digits: &[u8]) -> Option<T> {
    let digits = std::str::from_utf8(digits).ok().filter(|it| it.bytes().all(|it| it.is_ascii_digit()))?;
    digits.parse().ok()
}

/// Tells whether the word is a number or one of the three that are values.
fn is_constant(word: &[u8]) -> bool {
    let unsigned = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
    let points = unsigned.split(|it| *it == b'.').count() - 1;
    let is_number = points <= 1
        && unsigned.len() > points
        && unsigned.iter().all(|it| it.is_ascii_digit() || *it == b'.');
    is_number || [b"true".as_slice(), b"false", b"null"].contains(&word)
}

pub(super) fn is_line_end(byte: u8) -> bool {
    byte == b'\r' || byte == b'\n'
}

/// Tells whether the byte may stand in a name, a number or a keyword.
pub(super) fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

#[cfg(test)]
mod tests;
