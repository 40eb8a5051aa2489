// SPDX-License-Identifier: MIT OR Apache-2.0
//! The three languages and how one is chosen.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// A language of the interface; Kazakh comes first and is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Kazakh.
    #[default]
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

/// Entries of `Accept-Language` that are read; the rest is ignored.
const ACCEPTED_ENTRIES_MAX: usize = 20;

impl Lang {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// Returns the code that stands in addresses and in the `lang` attribute.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Returns the name of the language in its own tongue.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Kk => "Қазақша",
            Self::Ru => "Русский",
            Self::En => "English",
        }
    }

    /// Returns the language of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Returns the language that an address begins with, and the rest of the path.
    pub fn of_path(path: &str) -> Option<(Self, &str)> {
        let path = path.strip_prefix('/')?;
        let (code, rest) = path.split_once('/').unwrap_or((path, ""));
        Some((Self::from_code(code)?, rest))
    }

    /// Returns the best of our languages for the browser's wishes; Kazakh when it names none of ours.
    pub fn negotiate(headers: &HeaderMap) -> Self {
        let wishes = headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let mut best = (0, Self::default());
        for wish in wishes.split(',').take(ACCEPTED_ENTRIES_MAX) {
            let (tag, quality) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let code = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let weight = quality_in_thousandths(quality);
            if let Some(lang) = Self::from_code(&code)
                && weight > best.0
            {
                best = (weight, lang);
            }
        }
        best.1
    }
}

/// `q=0.8` → 800; what cannot be read counts as zero.
fn quality_in_thousandths(text: &str) -> u32 {
    let Some(value) = text.trim().strip_prefix("q=") else { return 0 };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u32 = whole.parse().unwrap_or_default();
    (whole.min(1) * 1000 + digits.parse::<u32>().unwrap_or_default()).min(1000)
}
