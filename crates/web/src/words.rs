// SPDX-License-Identifier: MIT OR Apache-2.0
//! The words of the interface: one typed function for each key of `locales/`.
//!
//! Kazakh suffixes never touch a placeholder, every key exists in three languages, variables agree: `build.rs`
//! fails otherwise. Messages without arguments are `&'static str` and also values of [`Word`].

use crate::lang::Lang;

/// The words in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    lang: Lang,
}

impl Words {
    /// Returns the words of a language.
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// Returns the language.
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// Returns the text of a word.
    pub fn of(self, word: impl Into<Word>) -> &'static str {
        word.into().text(self.lang)
    }

    /// Returns which clause of the act it is, in the words of a reader.
    pub fn clause(self, id: impl AsRef<str>) -> String {
        let lang = match self.lang {
            Lang::Kk => regulation::Lang::Kk,
            Lang::Ru => regulation::Lang::Ru,
            Lang::En => regulation::Lang::En,
        };
        self.pass_clause(regulation::clause_words(lang, id.as_ref()))
    }

    fn pick(self, [kk, ru, en]: [&'static str; 3]) -> &'static str {
        match self.lang {
            Lang::Kk => kk,
            Lang::Ru => ru,
            Lang::En => en,
        }
    }
}

impl Word {
    /// Returns the text in a language.
    pub fn text(self, lang: Lang) -> &'static str {
        Words::new(lang).pick(self.texts())
    }

    /// Returns the word of a key of `locales/`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.id() == id)
    }
}

/// Templates hand over references.
impl From<&Self> for Word {
    fn from(word: &Self) -> Self {
        *word
    }
}

pub use generated::Word;

mod generated {
    #![expect(
        clippy::too_many_lines,
        clippy::too_many_arguments,
        clippy::match_same_arms,
        reason = "made by build.rs from locales/: long tables and many equal arms are its nature"
    )]
    use super::{Lang, Words};
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
