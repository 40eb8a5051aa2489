// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether there are words for all that the crate of signatures writes into details.

use super::{REPEATED, find};
use eds::{CheckCode, Lang};
use std::collections::BTreeSet;

/// Where the machine words of details are written.
const WORD_SOURCES: [&str; 5] = [
    include_str!("../../../../../eds/src/algorithm.rs"),
    include_str!("../../../../../eds/src/revocation/ocsp/look.rs"),
    include_str!("../../../../../eds/src/revocation/unusable.rs"),
    include_str!("../../../../../eds/src/tsp/response.rs"),
    include_str!("../../../../../eds/src/xml/error.rs"),
];
/// Where it is written what was changed in a PDF.
const CHANGE_SOURCES: [&str; 2] = [
    include_str!("../../../../../eds/src/pades/changes.rs"),
    include_str!("../../../../../eds/src/pades/read.rs"),
];
/// Where it is written which part of a PDF is amiss.
const PART_SOURCES: [&str; 4] = [
    include_str!("../../../../../eds/src/pades.rs"),
    include_str!("../../../../../eds/src/pades/fields.rs"),
    include_str!("../../../../../eds/src/pades/read.rs"),
    include_str!("../../../../../eds/src/pades/room.rs"),
];
/// Where faults are written as sentences.
const SENTENCE_SOURCES: [&str; 3] = [
    include_str!("../../../../../eds/src/archive.rs"),
    include_str!("../../../../../eds/src/asn1.rs"),
    include_str!("../../../../../eds/src/pades.rs"),
];
/// What only a program that makes files meets, or only its programmer can mend; the first two have a line for each part.
const MACHINE_ONLY: [&str; 14] = [
    "{part} of the pdf is missing or unusual",
    "{what} is outside its bounds",
    "a length is indefinite, not minimal or too large",
    "a revocation list is too large for an archive; ask the responder",
    "a signature of {cms} bytes does not fit the room of {room}",
    "a value does not fit its type",
    "already-signed",
    "body-without-id",
    "element `{}` was expected",
    "foreign-algorithm",
    "signer-failed",
    "the prepared pdf was changed before the signature came",
    "the time stamp is not over this archive",
    "unknown-algorithm",
];

/// Returns the texts that stand in quotation marks behind this, each with what follows it.
fn quoted<'s>(source: &'s str, mark: &str) -> Vec<(&'s str, &'s str)> {
    source.split(mark).skip(1).filter_map(|it| it.split_once('"')).collect()
}

#[test]
fn every_detail_has_words_or_is_of_the_machine_alone() {
    let words = WORD_SOURCES.iter().flat_map(|it| quoted(it, "=> \""));
    let words = words.filter(|(_, rest)| rest.starts_with(',')).map(|(word, _)| word);
    let marks = [", \"", "(\"", "= \""];
    let changes = CHANGE_SOURCES.iter().flat_map(|it| marks.map(|mark| quoted(it, mark)).concat());
    let marks = ["write!(f, \"", "write_str(\""];
    let sentences = SENTENCE_SOURCES.iter().flat_map(|it| marks.map(|mark| quoted(it, mark)).concat());
    let all: BTreeSet<String> = words
        .chain(changes.chain(sentences).map(|(text, _)| text))
        .map(|it| match (it.split_once("`{"), it.split_once("}`")) {
            (Some((before, _)), Some((_, after))) => format!("{before}`{{}}`{after}"),
            _ => it.to_owned(),
        })
        .collect();
    assert!(all.len() > 60, "{all:?}");
    for detail in &all {
        let detail = detail.as_str();
        let is_told = find("detail", detail, Lang::Kk).is_some() || REPEATED.contains(&detail);
        let is_code = CheckCode::ALL.iter().any(|it| it.as_str() == detail);
        assert!(is_told || is_code || MACHINE_ONLY.contains(&detail), "`{detail}` has no words");
    }
    for detail in MACHINE_ONLY {
        assert!(all.contains(detail) && find("detail", detail, Lang::Kk).is_none(), "`{detail}`");
    }
}

#[test]
fn every_part_of_a_pdf_that_may_be_amiss_has_words() {
    let sentences = [("part: \"", "of the pdf is missing or unusual"), ("what: \"", "is outside its bounds")];
    for (mark, sentence) in sentences {
        let parts: Vec<_> = PART_SOURCES.iter().flat_map(|it| quoted(it, mark)).collect();
        assert!(parts.len() > 3, "{parts:?}");
        for (part, _) in parts {
            let detail = format!("{part} {sentence}");
            assert!(find("detail", &detail, Lang::Kk).is_some(), "`{detail}` has no words");
        }
    }
}
