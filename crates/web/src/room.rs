// SPDX-License-Identifier: MIT OR Apache-2.0
//! The rooms of the program: each has its address, its cookie and its name.

use crate::words::Word;

/// Whose pages these are. A citizen and an official are two accounts with two cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Room {
    /// The citizen's portal.
    Portal,
    /// The operator's workplace of the one-stop-shop.
    Center,
    /// The workplaces of the provider and of the rural akim.
    Region,
    /// The administrator's workplace.
    Admin,
}

impl Room {
    /// Every room.
    pub const ALL: [Self; 4] = [Self::Portal, Self::Center, Self::Region, Self::Admin];

    /// Returns the room of a path without its language: `region/cases/7` is the region's.
    pub fn of_path(path: &str) -> Self {
        match path.split(['/', '?']).next() {
            Some("center") => Self::Center,
            Some("region") => Self::Region,
            Some("admin") => Self::Admin,
            Some(_) | None => Self::Portal,
        }
    }

    /// Returns the name of the session cookie. The prefix makes browsers demand `Secure`, `Path=/` and no domain.
    pub fn cookie(self) -> &'static str {
        match self {
            Self::Portal => "__Host-portal",
            Self::Center => "__Host-center",
            Self::Region => "__Host-region",
            Self::Admin => "__Host-admin",
        }
    }

    /// Returns the path of the first page, without the language.
    pub fn home(self) -> &'static str {
        match self {
            Self::Portal => "/",
            Self::Center => "/center",
            Self::Region => "/region",
            Self::Admin => "/admin",
        }
    }

    /// Returns the name of the room.
    pub fn title(self) -> Word {
        match self {
            Self::Portal => Word::RoomPortal,
            Self::Center => Word::RoomCenter,
            Self::Region => Word::RoomRegion,
            Self::Admin => Word::RoomAdmin,
        }
    }
}
