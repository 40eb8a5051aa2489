// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of PDF that keep it readable: words are replaced, objects moved, and the table of places written anew.

use std::collections::BTreeMap;

use crate::steps::Steps;

/// What is put in the place of a word.
const WORDS: [&str; 34] = [
    "0",
    "1",
    "-1",
    "7",
    "65535",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "0.5",
    "[",
    "]",
    "<<",
    ">>",
    "<",
    ">",
    "(",
    ")",
    "null",
    "true",
    "1 0 R",
    "2 0 R",
    "99 0 R",
    "/Kids[1 0 R]",
    "/Sig",
    "/Contents",
    "/ByteRange",
    "/Type/ObjStm/N 9999/First 1",
    "/Filter/FlateDecode",
    "/Filter[/ASCIIHexDecode/LZWDecode]",
    "/Length 999999999",
    "/Encrypt 1 0 R",
    "/SubFilter/ETSI.RFC3161",
    "/DocMDP",
];
const OBJECTS: [&str; 8] = [
    "<</Type/Catalog/Pages 1 0 R>>",
    "<</Type/Pages/Kids[1 0 R 2 0 R 3 0 R 4 0 R]/Count 99>>",
    "<</Type/Sig/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<00>>>",
    "<</FT/Sig/T(Signature1)/V 5 0 R>>",
    "<</Type/ObjStm/N 3/First 15/Length 30>>stream\n1 0 2 3 3 6 <<>> <<>> 3 0 R      \nendstream",
    "<</Type/ObjStm/Extends 3 0 R/N 1/First 4/Length 6>>stream\n3 0 [ \nendstream",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1 0 R]",
    "<</Length 3 0 R/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 999999999>>>>stream\nxx\nendstream",
];

fn is_break(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"[]<>()/".contains(&byte)
}

/// Returns where a random word stands, from `start` on.
fn word(steps: &mut Steps, bytes: &[u8]) -> (usize, usize) {
    let at = steps.next(bytes.len());
    let before = bytes.get(..at).unwrap_or_default();
    let from = before.iter().rposition(|it| is_break(*it)).map_or(0, |it| it + 1);
    let after = bytes.get(at..).unwrap_or_default();
    let to = after.iter().position(|it| is_break(*it)).map_or(bytes.len(), |it| at + it);
    (from, to.max(from))
}

fn objects(bytes: &[u8]) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for (at, _) in
        bytes.windows(5).enumerate().filter(|(_, it)| *it == b" obj\n" || *it == b" obj<" || *it == b" obj ")
    {
        let head = bytes.get(at.saturating_sub(20)..at).unwrap_or_default();
        let line = head.rsplit(|it| matches!(*it, b'\n' | b'\r')).next().unwrap_or_default();
        let text = std::str::from_utf8(line).unwrap_or_default();
        if let Some(number) = text.split(' ').next().and_then(|it| it.parse().ok()) {
            found.push((at - line.len(), number));
        }
    }
    found
}

/// Where the last table of places is said to stand, and where that is said.
fn last_table(bytes: &[u8]) -> Option<(usize, usize)> {
    let said = bytes.windows(9).rposition(|it| it == b"startxref")?;
    let after = bytes.get(said + 9..(said + 40).min(bytes.len()))?;
    let text = String::from_utf8_lossy(after);
    Some((text.split_ascii_whitespace().next()?.parse().ok()?, said))
}

/// Writes a table of places at the end: of all objects that stand there now, or of those appended since the last one.
fn with_table(bytes: &mut Vec<u8>, appended: bool) {
    let before = last_table(bytes).filter(|_| appended);
    // Only the last of a number: strict readers refuse a table that lists one twice.
    let mut places: BTreeMap<u32, usize> =
        objects(bytes).into_iter().map(|(at, number)| (number, at)).collect();
    let root = places.iter().find(|(_, at)| {
        let piece = bytes.get(**at..(**at + 400).min(bytes.len())).unwrap_or_default();
        let end = piece.windows(6).position(|it| it == b"endobj").unwrap_or(piece.len());
        piece.get(..end).unwrap_or_default().windows(8).any(|it| it == b"/Catalog")
    });
    let root = root.map_or(1, |it| *it.0);
    let size = places.keys().next_back().copied().unwrap_or_default().saturating_add(1);
    let start = bytes.len();
    let mut table = String::from("\nxref\n");
    let mut previous = String::new();
    if let Some((place, said)) = before {
        places.retain(|_, at| *at > said);
        previous = format!("/Prev {place}");
    } else {
        table.push_str("0 1\n0000000000 65535 f \n");
        places.remove(&0);
    }
    for (number, at) in &places {
        table.push_str(&format!("{number} 1\n{at:010} 00000 n \n"));
    }
    table.push_str(&format!(
        "trailer\n<</Size {size}/Root {root} 0 R{previous}>>\nstartxref\n{}\n%%EOF\n",
        start + 1
    ));
    bytes.extend(table.into_bytes());
}

/// Writes the byte range of the last signature anew, around the hole that stands there.
fn with_range(bytes: &mut [u8]) {
    let find = |wanted: &[u8]| bytes.windows(wanted.len()).rposition(|it| it == wanted);
    let (Some(range), Some(hole)) = (find(b"/ByteRange"), find(b"/Contents")) else { return };
    let next =
        |from: usize, wanted: u8| bytes.iter().skip(from).position(|it| *it == wanted).map(|it| it + from);
    let (Some(open), Some(close)) = (next(hole, b'<'), next(hole, b'>')) else { return };
    let (Some(first), Some(last)) = (next(range, b'['), next(range, b']')) else { return };
    let written = format!("[0 {open} {} {}", close + 1, bytes.len().saturating_sub(close + 1));
    if let Some(place) = bytes.get_mut(first..last)
        && place.len() >= written.len()
    {
        place.fill(b' ');
        place.iter_mut().zip(written.bytes()).for_each(|(place, byte)| *place = byte);
    }
}

fn once(steps: &mut Steps, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let (from, to) = word(steps, bytes);
    match steps.next(8) {
        0 | 1 => {
            let new = steps.of(&WORDS).unwrap_or_default();
            drop(bytes.splice(from..to, new.bytes()));
        }
        // Of the same length: the places of the other objects still hold.
        2 => {
            let place = bytes.get_mut(from..to).unwrap_or_default();
            let with = b"0123456789"[steps.next(10) % 10];
            place.iter_mut().filter(|it| it.is_ascii_digit()).for_each(|it| *it = with);
        }
        3 => {
            let (other, end) = word(steps, bytes);
            let piece = bytes.get(other..end).unwrap_or_default().to_vec();
            drop(bytes.splice(from..to, piece));
        }
        4 => {
            let number = steps.next(12);
            let object = steps.of(&OBJECTS).unwrap_or_default();
            bytes.extend(format!("\n{number} 0 obj\n{object}\nendobj\n").into_bytes());
        }
        5 => {
            let all = objects(bytes);
            let (one, two) = (steps.next(all.len()), steps.next(all.len()));
            if let (Some((from, _)), Some((start, _))) = (all.get(one).copied(), all.get(two).copied()) {
                let end = all.get(two + 1).map_or(bytes.len(), |it| it.0);
                let piece = bytes.get(start..end).unwrap_or_default().to_vec();
                drop(bytes.splice(from..from, piece));
            }
        }
        6 => {
            let piece = steps.piece(others, 256);
            drop(bytes.splice(from..to, piece));
        }
        _ => steps.bytes(bytes, others),
    }
}

/// Changes words or objects, and often mends what holds them together.
pub(crate) fn change(steps: &mut Steps, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    once(steps, bytes, others);
    if steps.next(3) > 0 {
        with_table(bytes, steps.next(2) == 0);
    }
    if steps.next(2) == 0 {
        with_range(bytes);
    }
}
