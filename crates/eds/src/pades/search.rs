// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a reader finds that searches the file for objects. Some do so where a reference leads to nothing, though the tables are in
//! order, and then show the last object of each number, even one inside a stream.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object, ObjectId, Stream};

use super::changes::parts;
use super::tables::{NUMBER_MAX, Place};
use super::tokens::{Cursor, is_line_end, number, values};
use super::{Opened, is_space};

/// White space to such readers, not to PDF.
const VERTICAL_TAB: u8 = 0x0b;
/// Such readers take a long line in pieces, and what begins a piece begins a line. One that is shorter stays whole.
const LINE_BYTES: usize = 240;
/// What a stream ends with, wherever such readers find it at the beginning of a line.
const STREAM_END: &[u8] = b"endstream";

/// Number and generation of an object by the place where it begins.
pub(super) type Heads = BTreeMap<usize, ObjectId>;

/// Returns all to which the objects and the trailer refer.
pub(super) fn referred(document: &Document) -> impl Iterator<Item = ObjectId> {
    let held = document.objects.values().chain(document.trailer.iter().map(|it| it.1));
    held.flat_map(parts).filter_map(|it| it.as_reference().ok())
}

/// Returns the numbers to which something refers and under which nothing stands, or nothing of that generation.
pub(super) fn dangling(document: &Document) -> BTreeSet<u32> {
    referred(document).filter(|it| !document.objects.contains_key(it)).map(|it| it.0).collect()
}

/// Tells whether who searches the file for objects finds those that its tables name, where a reference leads to nothing.
pub(super) fn agrees(pdf: &[u8], opened: &Opened) -> bool {
    let agree = || {
        let trailers = trailers(pdf, opened.tables.count() + 1);
        are_true(&trailers, opened)?;
        finds(pdf, opened, trailers.is_empty())?;
        let mut streams = opened.document.objects.values().filter_map(|it| it.as_stream().ok());
        let told = told_ends(pdf, opened);
        let are_whole = streams.all(|it| ends(&it.content).next().is_none());
        let stands_alone = |at: usize| {
            let before = at.checked_sub(1).and_then(|it| pdf.get(it));
            let behind = pdf.get(at + STREAM_END.len());
            let is_begun = before.is_some_and(|it| is_line_end(*it)) || told.contains(&at);
            is_begun && behind.is_some_and(|it| is_space(*it))
        };
        (are_whole && ends(pdf).all(stands_alone)).then_some(())
    };
    opened.dangling.is_empty() || agree().is_some()
}

/// Returns where the streams end that say their end themselves: who misses the word behind them passes over what follows.
fn told_ends(pdf: &[u8], opened: &Opened) -> BTreeSet<usize> {
    let places = opened.tables.places.iter().filter_map(|(number, place)| match place {
        Place::At(at, generation) => Some(((*number, *generation), *at)),
        Place::Nowhere | Place::Within(..) => None,
    });
    let streams =
        places.filter_map(|(id, at)| Some((opened.document.objects.get(&id)?.as_stream().ok()?, at)));
    streams.filter(|it| tells_end(it.0)).filter_map(|(stream, at)| end(pdf, at, stream)).collect()
}

/// Tells whether the outermost filter of a stream ends by its own last letters.
fn tells_end(stream: &Stream) -> bool {
    let Ok(held) = stream.dict.get(b"Filter") else { return false };
    let filter = held.as_array().map_or(Some(held), |it| it.first());
    let is_named = filter.and_then(|it| it.as_name().ok()).is_some_and(|it| it == b"ASCII85Decode");
    is_named && stream.content.ends_with(b"~>")
}

/// Returns where the bytes of a stream end whose object stands there.
fn end(pdf: &[u8], at: usize, stream: &Stream) -> Option<usize> {
    let mut here = Cursor { pdf, at: begin(pdf, at) };
    here.head()?;
    here.space();
    here.value()?;
    here.stream()?;
    here.at.checked_add(stream.content.len())
}

/// Returns the places of the word that ends a stream.
fn ends(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let places = bytes.windows(STREAM_END.len()).enumerate().filter(|it| it.1 == STREAM_END);
    places.map(|it| it.0)
}

/// Returns what looks like trailers, from behind the word on, and no more of them.
fn trailers(pdf: &[u8], most: usize) -> Vec<Cursor<'_>> {
    let word = b"trailer";
    let places = pdf.windows(word.len()).enumerate().filter(|it| it.1 == word);
    let all = places.map(|(at, _)| Cursor { pdf, at: at + word.len() });
    let is_begun = |it: &Cursor<'_>| {
        let mut here = *it;
        here.run(is_space);
        here.rest().starts_with(b"<") || here.rest().starts_with(b"%")
    };
    all.filter(is_begun).take(most).collect()
}

/// Goes over what looks like trailers: they are those of the tables and name one catalog.
fn are_true(trailers: &[Cursor<'_>], opened: &Opened) -> Option<()> {
    // So many were gone over when the tables were read.
    (trailers.len() == opened.tables.count()).then_some(())?;
    let root = opened.document.trailer.get(b"Root").and_then(Object::as_reference).ok()?;
    for trailer in trailers {
        let mut here = *trailer;
        here.space();
        let held = here.value()?;
        let is_root = |it: &&[&[u8]]| match it {
            [id, generation, _] => number(id) == Some(root.0) && number(generation) == Some(root.1),
            _ => false,
        };
        values(&held, b"Root")?.iter().all(is_root).then_some(())?;
    }
    Some(())
}

/// Goes over all that looks like the beginning of an object: each that a table names is found, and nothing behind it under its
/// number, nor anything under a number that is awaited.
fn finds(pdf: &[u8], opened: &Opened, has_streams_alone: bool) -> Option<()> {
    let (places, mut found) = (&opened.tables.places, 0);
    for (end, _) in pdf.windows(3).enumerate().filter(|it| it.1 == b"obj") {
        let before = pdf.get(..end)?;
        if !is_begun(before) {
            continue;
        }
        let (at, (number, generation)) = head(before)?;
        let line = pdf.get(at.saturating_sub(LINE_BYTES)..at)?;
        let is_whole = line.len() < LINE_BYTES || line.iter().any(|it| is_line_end(*it));
        let is_known = match places.get(&number) {
            Some(Place::At(named, own)) => {
                let named = begin(pdf, *named);
                found += usize::from(at == named && is_line(pdf, at, end));
                at <= named && generation <= *own
            }
            // Older than the stream in which it lies now; beside a table the stream is not looked into.
            Some(Place::Within(container, _)) => {
                let held = places.get(container);
                has_streams_alone && matches!(held, Some(Place::At(named, _)) if at < *named)
            }
            Some(Place::Nowhere) | None => number <= NUMBER_MAX && !opened.dangling.contains(&number),
        };
        (is_known && is_whole).then_some(())?;
    }
    let named = places.values().filter(|it| matches!(it, Place::At(..))).count();
    (found == named).then_some(())
}

/// Returns where an object begins whose table may name white space before it.
fn begin(pdf: &[u8], at: usize) -> usize {
    let mut here = Cursor { pdf, at };
    here.run(is_space);
    here.at
}

/// Tells whether the beginning of an object stands where lines are looked at, and as they are read.
fn is_line(pdf: &[u8], at: usize, end: usize) -> bool {
    let (before, head) = (pdf.get(..at).unwrap_or_default(), pdf.get(at..end).unwrap_or_default());
    let begins =
        before.last().is_some_and(|it| is_line_end(*it)) || before.trim_ascii_end().ends_with(b"endobj");
    let is_read = |it: &u8| it.is_ascii_digit() || b" \t\r\n".contains(it);
    begins && head.len() < LINE_BYTES && head.iter().all(is_read)
}

/// Tells whether a number and white space of any reader stand before these letters.
fn is_begun(before: &[u8]) -> bool {
    let rest = cut(before, |it| is_space(it) || it == VERTICAL_TAB);
    rest.and_then(|it| cut(it.0, |it| it.is_ascii_digit())).is_some()
}

/// Returns everything that looks like the beginning of an object.
pub(super) fn heads(tail: &[u8], from: usize) -> Heads {
    let places = tail.windows(3).enumerate().filter(|it| it.1 == b"obj");
    let heads = places.filter_map(|(at, _)| head(tail.get(..at)?));
    heads.map(|(at, id)| (from.saturating_add(at), id)).collect()
}

/// Returns where the object begins whose `obj` follows these bytes, and its number.
pub(super) fn head(before: &[u8]) -> Option<(usize, ObjectId)> {
    let is_digit = |it: u8| it.is_ascii_digit();
    let (rest, _) = cut(before, is_space)?;
    let (rest, generation) = cut(rest, is_digit)?;
    let (rest, _) = cut(rest, is_space)?;
    let (rest, number) = cut(rest, is_digit)?;
    let number = std::str::from_utf8(number).ok()?.parse().unwrap_or(u32::MAX);
    let generation = std::str::from_utf8(generation).ok()?.parse().unwrap_or(u16::MAX);
    Some((rest.len(), (number, generation)))
}

/// Cuts off the longest end of such bytes; there must be one.
fn cut(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let kept = bytes.iter().rposition(|it| !is(*it)).map_or(0, |at| at + 1);
    bytes.split_at_checked(kept).filter(|it| !it.1.is_empty())
}
