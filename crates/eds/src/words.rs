// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words for each check in Kazakh, Russian and English: what is looked at, and a sentence for each result.
//!
//! The words lie in `words/*.txt`, a line a code, so that a translator needs no Rust.

use serde::{Deserialize, Serialize};

use crate::verdict::{CheckCode, CheckResult};

/// A language of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// Returns the language of a code of two letters.
    ///
    /// ```
    /// assert_eq!(eds::Lang::from_code("kk"), Some(eds::Lang::Kk));
    /// assert_eq!(eds::Lang::from_code("fr"), None);
    /// ```
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Returns the code of two letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Kk => include_str!("words/kk.txt"),
            Self::Ru => include_str!("words/ru.txt"),
            Self::En => include_str!("words/en.txt"),
        }
    }
}

impl CheckCode {
    /// Returns what this check looks at, a few words without a full stop.
    ///
    /// ```
    /// assert_eq!(eds::CheckCode::CertificateRevoked.name(eds::Lang::En), "Revocation");
    /// ```
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        self.column(lang, 1)
    }

    /// Returns what this result of the check means, one sentence.
    ///
    /// ```
    /// use eds::{CheckCode, CheckResult, Lang};
    /// let sentence = CheckCode::CertificateRevoked.sentence(CheckResult::Failed, Lang::En);
    /// assert_eq!(sentence, "The registration certificate was revoked.");
    /// ```
    #[must_use]
    pub fn sentence(self, result: CheckResult, lang: Lang) -> &'static str {
        self.column(
            lang,
            match result {
                CheckResult::Passed => 2,
                CheckResult::Failed => 3,
                CheckResult::Unknown => 4,
            },
        )
    }

    /// Returns a column of the line of this code; the code itself where a line is missing, which a test forbids.
    fn column(self, lang: Lang, column: usize) -> &'static str {
        let mut lines = lang.text().lines().map(|line| line.split(" | "));
        let line = lines.find(|line| line.clone().next() == Some(self.as_str()));
        line.and_then(|mut line| line.nth(column)).unwrap_or(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const RESULTS: [CheckResult; 3] = [CheckResult::Passed, CheckResult::Failed, CheckResult::Unknown];

    #[test]
    fn every_code_has_a_name_and_three_sentences_in_three_languages() {
        for lang in Lang::ALL {
            for code in CheckCode::ALL {
                let name = code.name(lang);
                assert!(name != code.as_str() && !name.ends_with('.'), "{code} {lang:?}: {name}");
                let sentences: BTreeSet<_> = RESULTS.iter().map(|it| code.sentence(*it, lang)).collect();
                assert_eq!(sentences.len(), 3, "{code} {lang:?}");
                for sentence in sentences {
                    assert!(sentence.ends_with('.') && sentence.len() > 10, "{code} {lang:?}: {sentence}");
                }
            }
        }
    }

    #[test]
    fn lines_are_whole_and_each_code_stands_once() {
        for lang in Lang::ALL {
            let mut seen = BTreeSet::new();
            for line in lang.text().lines().filter(|line| !line.starts_with('#')) {
                let columns: Vec<&str> = line.split(" | ").collect();
                assert_eq!(columns.len(), 5, "{line}");
                assert!(columns.iter().all(|it| !it.is_empty() && it.trim() == *it), "{line}");
                assert!(seen.insert(columns[0]), "{line}");
            }
            let known: BTreeSet<_> = CheckCode::ALL.iter().map(|it| it.as_str()).collect();
            assert_eq!(known.difference(&seen).count(), 0);
        }
    }

    #[test]
    fn kazakh_and_russian_are_written_in_their_letters() {
        for lang in [Lang::Kk, Lang::Ru] {
            for code in CheckCode::ALL {
                for text in RESULTS.iter().map(|it| code.sentence(*it, lang)).chain([code.name(lang)]) {
                    let latin = text.replace("XML", "").chars().any(|it| it.is_ascii_alphabetic());
                    assert!(!latin && !text.contains('ё'), "{text}");
                }
            }
        }
    }
}
