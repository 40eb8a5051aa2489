// SPDX-License-Identifier: MIT OR Apache-2.0
//! One message that survives a redirect: a word and how it sounds, in a cookie read once.

use axum_extra::extract::cookie::{Cookie, CookieJar};

use crate::sessions::closed;
use crate::words::Word;

pub(crate) const COOKIE: &str = "__Host-flash";

/// How a message sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Success,
    /// The person should know.
    Notice,
    /// It did not work.
    Error,
}

impl Tone {
    /// Returns the class of the banner.
    pub fn class(self) -> &'static str {
        match self {
            Self::Success => "q-banner--success",
            Self::Notice => "q-banner--notice",
            Self::Error => "q-banner--error",
        }
    }

    /// Returns how urgently a screen reader reads it.
    pub fn role(self) -> &'static str {
        match self {
            Self::Success | Self::Notice => "region",
            Self::Error => "alert",
        }
    }

    /// Returns the head of the banner: colour alone says nothing.
    pub fn title(self) -> Word {
        match self {
            Self::Success => Word::GDone,
            Self::Notice => Word::GAttention,
            Self::Error => Word::GNotDone,
        }
    }
}

/// A message for the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flash {
    /// How it sounds.
    pub tone: Tone,
    /// What it says.
    pub word: Word,
}

impl Flash {
    /// Returns the message "it worked".
    pub fn success(word: Word) -> Self {
        Self { tone: Tone::Success, word }
    }

    /// Returns the message "please note".
    pub fn notice(word: Word) -> Self {
        Self { tone: Tone::Notice, word }
    }

    /// Returns the message "it did not work".
    pub fn error(word: Word) -> Self {
        Self { tone: Tone::Error, word }
    }

    /// Returns the cookie; put it into the answer that redirects: `(jar.add(flash.cookie()), Redirect::to(…))`.
    pub fn cookie(self) -> Cookie<'static> {
        let tone = match self.tone {
            Tone::Success => "success",
            Tone::Notice => "notice",
            Tone::Error => "error",
        };
        closed(COOKIE, format!("{tone}.{}", self.word.id()))
    }

    pub(crate) fn read(jar: &CookieJar) -> Option<Self> {
        let (tone, id) = jar.get(COOKIE)?.value().split_once('.')?;
        let tone = match tone {
            "success" => Tone::Success,
            "notice" => Tone::Notice,
            "error" => Tone::Error,
            _ => return None,
        };
        Some(Self { tone, word: Word::from_id(id)? })
    }

    pub(crate) fn removal() -> Cookie<'static> {
        let mut cookie = closed(COOKIE, String::new());
        cookie.make_removal();
        cookie
    }
}
