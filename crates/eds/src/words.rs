// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words for each check in Kazakh, Russian and English: what is looked at, and a sentence for each result.
//!
//! The words lie in `words/*.txt`, a line a code, so that a translator needs no Rust; in `words/reasons.txt` stand the sentences
//! for results of which more is known than the result.

use serde::{Deserialize, Serialize};

use crate::verdict::{Check, CheckCode, CheckResult};

const REASONS: &str = include_str!("words/reasons.txt");

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

    /// Returns what this result of the check means, one sentence; [`Check::sentence`] knows of some results why.
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

impl Check {
    /// Returns what this check means, one sentence: of some results the detail tells why.
    ///
    /// ```
    /// use eds::{CheckCode, CheckResult, Findings, Lang, Subject};
    /// let (mut findings, detail) = (Findings::default(), Some("accuracy 600000 ms".to_owned()));
    /// findings.note(CheckCode::TimeStampTime, &Subject::TimeStamp, CheckResult::Failed, detail);
    /// assert_eq!(findings.checks[0].sentence(Lang::En), "The time of the stamp is not exact enough.");
    /// ```
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> &'static str {
        let own = self.reason().and_then(|it| self.because(it, lang));
        own.unwrap_or_else(|| self.code.sentence(self.result, lang))
    }

    /// Returns the same where the whole is invalid: then no issuer is sought any more.
    pub(crate) fn sentence_once_invalid(&self, lang: Lang) -> &'static str {
        let is_open = (self.code, self.result) == (CheckCode::ChainUntrusted, CheckResult::Unknown);
        let is_unsought = is_open && self.detail.is_none();
        let own = is_unsought.then(|| self.because("not-followed", lang)).flatten();
        own.unwrap_or_else(|| self.sentence(lang))
    }

    /// Returns the word of the detail that tells why.
    fn reason(&self) -> Option<&str> {
        let detail = self.detail.as_deref()?;
        match (self.code, self.result) {
            (CheckCode::ContainerMalformed, CheckResult::Failed) => Some(detail),
            (CheckCode::ChainUntrusted, CheckResult::Failed) => {
                detail.contains(", SHA-256 ").then_some("root-not-installed")
            }
            (CheckCode::TimeStampTime, CheckResult::Failed) => detail.split(' ').next(),
            _ => None,
        }
    }

    /// Returns the sentence for this reason, where it has one.
    fn because(&self, reason: &str, lang: Lang) -> Option<&'static str> {
        let column = match lang {
            Lang::Kk => 1,
            Lang::Ru => 2,
            Lang::En => 3,
        };
        let key = format!("{} {reason}", self.code);
        let mut lines = REASONS.lines().map(|line| line.split(" | "));
        let mut line = lines.find(|line| line.clone().next() == Some(key.as_str()))?;
        line.nth(column)
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
    fn reasons_are_whole_of_known_codes_and_in_their_letters() {
        let mut seen = BTreeSet::new();
        for line in REASONS.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split(" | ").collect();
            assert_eq!(columns.len(), 4, "{line}");
            assert!(columns[1..].iter().all(|it| it.trim() == *it && it.ends_with('.')), "{line}");
            let (code, _) = columns[0].split_once(' ').unwrap();
            assert!(CheckCode::ALL.iter().any(|it| it.as_str() == code) && seen.insert(columns[0]), "{line}");
            for text in &columns[1..3] {
                let latin = text.chars().any(|it| it.is_ascii_alphabetic());
                assert!(!latin && !text.contains('ё'), "{text}");
            }
        }
        assert!(seen.len() > 5);
    }

    #[test]
    fn a_check_is_told_with_the_reason_that_its_detail_names() {
        let check = |code, result, detail: Option<&str>| {
            let subject = crate::verdict::Subject::Container;
            Check { code, result, subject, detail: detail.map(str::to_owned) }
        };
        let plain = |it: &Check| it.code.sentence(it.result, Lang::Ru);
        for (code, detail) in [
            (CheckCode::ContainerMalformed, "the end of the pdf is missing"),
            (CheckCode::ChainUntrusted, "CN=A, SHA-256 00"),
            (CheckCode::TimeStampTime, "after 2020-01-01T00:00:00Z"),
            (CheckCode::TimeStampTime, "before-the-seal-before"),
            (CheckCode::TimeStampTime, "accuracy 600000 ms"),
        ] {
            let told = check(code, CheckResult::Failed, Some(detail));
            assert_ne!(told.sentence(Lang::Ru), plain(&told), "{detail}");
            assert_eq!(told.sentence_once_invalid(Lang::Ru), told.sentence(Lang::Ru), "{detail}");
        }
        let other = check(CheckCode::ContainerMalformed, CheckResult::Failed, Some("word-of-tomorrow"));
        assert_eq!(other.sentence(Lang::Ru), plain(&other));
        // What is open and was not sought is told so only where nothing could change the outcome.
        let open = check(CheckCode::ChainUntrusted, CheckResult::Unknown, None);
        assert_eq!(open.sentence(Lang::Ru), plain(&open));
        assert!(open.sentence_once_invalid(Lang::Ru).contains("до конца не проверялся"));
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
