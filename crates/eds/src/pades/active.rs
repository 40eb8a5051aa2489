// SPDX-License-Identifier: MIT OR Apache-2.0
//! What makes a document show something else by itself: a script that counts the signatures or looks at the clock, a form that
//! is drawn by a program, bytes that lie elsewhere. Whoever signed it did not sign what the next reader sees.

use lopdf::{Document, Object};

use super::changes::parts;
use super::fields::dictionary_in;

/// Kinds of actions (`S`) and of notes (`Subtype`) that run, play or fetch something.
const KINDS: [&str; 9] = [
    "JavaScript",
    "Launch",
    "Rendition",
    "Movie",
    "RichMedia",
    "RichMediaExecute",
    "3D",
    "GoTo3DView",
    "ImportData",
];
/// Keys of scripts and of a form that is drawn by a program.
const KEYS: [&str; 3] = ["JS", "JavaScript", "XFA"];
/// Keys of a stream that is, or shows, what lies in another file.
const ELSEWHERE: [&str; 2] = ["F", "Ref"];

/// Returns by what the document may change what it shows.
pub(super) fn active(document: &Document) -> Option<&'static str> {
    document.objects.values().find_map(|object| {
        // A name that stands for itself may be the kind of anything.
        kind(object).or_else(|| parts(object).find_map(of_part))
    })
}

fn of_part(part: &Object) -> Option<&'static str> {
    let held = dictionary_in(part)?;
    let has = |key: &&&str| held.get(key.as_bytes()).is_ok_and(|it| !it.is_null());
    let external = || ELSEWHERE.iter().find(has).filter(|_| part.as_stream().is_ok());
    let kinds = || [b"S".as_slice(), b"Subtype"].into_iter().find_map(|key| kind(held.get(key).ok()?));
    KEYS.iter().find(has).or_else(external).copied().or_else(kinds)
}

fn kind(object: &Object) -> Option<&'static str> {
    let name = object.as_name().ok()?;
    KINDS.into_iter().find(|it| it.as_bytes() == name)
}
