// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sections in the head of each room: one list to add a page to.

use crate::room::Room;
use crate::words::Word;

/// A section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// Path without the language.
    pub path: &'static str,
    /// Its name.
    pub word: Word,
    /// Whether only a signed-in person sees it.
    pub needs_account: bool,
}

const fn open(path: &'static str, word: Word) -> Section {
    Section { path, word, needs_account: false }
}

const fn own(path: &'static str, word: Word) -> Section {
    Section { path, word, needs_account: true }
}

const PORTAL: &[Section] = &[
    open("/services", Word::NavServices),
    open("/regulations", Word::NavRegulations),
    own("/cabinet", Word::NavCabinet),
    own("/cabinet/history", Word::NavHistory),
    own("/cabinet/notices", Word::NavNotices),
    open("/verify", Word::NavVerify),
];
const CENTER: &[Section] = &[
    own("/center", Word::NavInbox),
    own("/center/new", Word::OffNewIntake),
    own("/center/journal", Word::OffAllCases),
    own("/center/originals", Word::OrigRegister),
];
const REGION: &[Section] = &[
    own("/region", Word::NavInbox),
    own("/region/new", Word::OffNewIntake),
    own("/region/journal", Word::RjTitle),
    own("/region/originals", Word::OrigRegister),
    own("/region/registers", Word::KrTitle),
];
const ADMIN: &[Section] = &[own("/admin", Word::BdTitle)];

/// Returns the sections of a room.
pub fn sections(room: Room) -> &'static [Section] {
    match room {
        Room::Portal => PORTAL,
        Room::Center => CENTER,
        Room::Region => REGION,
        Room::Admin => ADMIN,
    }
}
