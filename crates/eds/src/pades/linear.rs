// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether readers take a file for a linearized one. They do where its first object says that the file is as long as it is, and
//! then begin with the table behind that object (ISO 32000-1, annex F) and not with the last one: they show an older revision.

use super::packed::stated;
use super::tokens::{Cursor, said};
use super::{BLANK_BYTES_MAX, is_name, trimmed};

/// Where some readers begin to read, though the line of the version goes on.
const VERSION_BYTES: usize = 9;

/// What the first object of a file says.
enum Begun {
    /// Nothing of its length.
    Otherwise,
    /// That the file is linearized and so long.
    Linearized(usize),
    /// What some readers read otherwise than others.
    Oddly,
}

/// Tells whether no reader takes the file for a linearized one, at any of these lengths, with or without white space at its end.
pub(super) fn is_passed_over(pdf: &[u8], lengths: &[usize]) -> bool {
    let is_other = |said: usize| {
        lengths.iter().all(|length| {
            let least = trimmed(pdf.get(..*length).unwrap_or_default()).len();
            !(least..=length.saturating_add(BLANK_BYTES_MAX)).contains(&said)
        })
    };
    match begun(pdf) {
        Begun::Otherwise => true,
        Begun::Linearized(length) => is_other(length),
        Begun::Oddly => false,
    }
}

fn begun(pdf: &[u8]) -> Begun {
    let (mut here, mut early) = (Cursor { pdf, at: 0 }, Cursor { pdf, at: VERSION_BYTES });
    here.space();
    early.space();
    let from = here.at;
    let is_early = early.at < from && early.rest().first().is_some_and(|it| b"+-.0123456789".contains(it));
    let parts = here.head().and_then(|_| {
        here.space();
        here.value()
    });
    let parts = parts.filter(|_| !is_early);
    // Where it is not known where the first object ends, it may be anything.
    let object = parts.as_ref().and_then(|_| pdf.get(from..here.at)).unwrap_or(pdf);
    let mut names = object.split(|it| *it == b'/').skip(1);
    if !names.any(|it| is_name(it, b"Linearized")) {
        return Begun::Otherwise;
    }
    let Some(said) = parts.as_ref().and_then(|it| said(it)) else { return Begun::Oddly };
    if said.contains_key(b"/Linearized".as_slice()) {
        stated(&said, b"/L").map_or(Begun::Oddly, Begun::Linearized)
    } else {
        Begun::Otherwise
    }
}
