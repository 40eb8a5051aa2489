// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reads the words of one language into plain pieces and finds what is wrong between the languages.
//!
//! Shared by `build.rs`, which makes the typed functions and fails on any problem, and by the tests.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Fixed text.
    Text(String),
    /// The place of an argument.
    Variable(String),
    /// A choice by the plural form of a number.
    Select {
        /// The number.
        variable: String,
        /// Plural category and the text for it; the last one also serves every other number.
        forms: Vec<(String, Vec<Piece>)>,
    },
}

/// The messages of one language by key, in the order of keys.
#[derive(Debug, Default)]
pub(crate) struct Locale {
    /// Code of the language: `kk`, `ru`, `en`.
    pub(crate) language: String,
    /// Pieces by key.
    pub(crate) messages: BTreeMap<String, Vec<Piece>>,
}

/// Plural categories that each language may name.
const CATEGORIES: [(&str, &[&str]); 3] =
    [("kk", &["other"]), ("ru", &["one", "few", "many"]), ("en", &["one", "other"])];
/// Words that change with the sound before them and therefore may not follow a placeholder.
const HARMONISING: [&str; 17] =
    ["мен", "бен", "пен", "да", "де", "та", "те", "ма", "ме", "ба", "бе", "па", "пе", "ше", "ші", "ға", "ге"];
/// Nouns that may be joined to a number by a hyphen, because the hyphen stands for the ordinal.
const ORDINAL_NOUNS: [&str; 6] = ["қадам", "бет", "тармақ", "тармағы", "шарт", "кесте"];

/// Reads the text of one language; what cannot be read is added to `problems`.
pub(crate) fn read(language: &str, source: &str, problems: &mut Vec<String>) -> Locale {
    let resource = match fluent_syntax::parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            problems.extend(errors.iter().map(|error| format!("{language}.ftl: {error}")));
            resource
        }
    };
    let mut locale = Locale { language: language.to_owned(), messages: BTreeMap::new() };
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name.to_owned();
                let place = format!("{language}.ftl: `{key}`");
                if !message.attributes.is_empty() {
                    problems.push(format!("{place} has attributes; give each text a key of its own"));
                }
                let pieces = message.value.map_or_else(Vec::new, |it| pieces(&it, &place, problems));
                if locale.messages.insert(key, pieces).is_some() {
                    problems.push(format!("{place} is written twice"));
                }
            }
            Entry::Term(term) => problems.push(format!(
                "{language}.ftl: term `-{}`; terms are not used, write the words out",
                term.id.name
            )),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Junk { content } => problems.push(format!("{language}.ftl: not understood: `{content}`")),
        }
    }
    locale
}

/// Returns everything that differs between the first language and the others, and what Kazakh forbids.
pub(crate) fn compare(locales: &[Locale]) -> Vec<String> {
    let mut problems = Vec::new();
    let Some((first, others)) = locales.split_first() else { return problems };
    for other in others {
        for key in first.messages.keys().filter(|it| !other.messages.contains_key(*it)) {
            problems.push(format!("{}.ftl: `{key}` is missing", other.language));
        }
        for (key, text) in &other.messages {
            match first.messages.get(key) {
                None => {
                    problems
                        .push(format!("{}.ftl: `{key}` is not in {}.ftl", other.language, first.language));
                }
                Some(expected) if variables(expected) != variables(text) => problems.push(format!(
                    "{}.ftl: `{key}` has the variables {:?}, {}.ftl has {:?}",
                    other.language,
                    variables(text),
                    first.language,
                    variables(expected)
                )),
                Some(_) => {}
            }
        }
    }
    for locale in locales {
        for (key, text) in &locale.messages {
            check_message(locale, key, text, &mut problems);
        }
    }
    problems
}

/// The names of the arguments of a message.
pub(crate) fn variables(pieces: &[Piece]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Variable(name) => {
                found.insert(name.clone());
            }
            Piece::Select { variable, forms } => {
                found.insert(variable.clone());
                found.extend(forms.iter().flat_map(|(_, text)| variables(text)));
            }
        }
    }
    found
}

fn check_message(locale: &Locale, key: &str, text: &[Piece], problems: &mut Vec<String>) {
    let place = format!("{}.ftl: `{key}`", locale.language);
    if text.is_empty() {
        problems.push(format!("{place} has no text"));
    }
    check_suffixes(locale, &place, text, problems);
    for piece in text {
        let Piece::Select { forms, .. } = piece else { continue };
        let allowed =
            CATEGORIES.iter().find(|(it, _)| *it == locale.language).map_or(&[][..], |(_, allowed)| *allowed);
        let given: Vec<&str> = forms.iter().map(|(category, _)| category.as_str()).collect();
        if given != allowed {
            problems.push(format!(
                "{place} names the plural forms {given:?}; {allowed:?} are needed, in this order"
            ));
        }
        for (_, form) in forms {
            check_suffixes(locale, &place, form, problems);
        }
    }
}

/// A Kazakh ending follows the last sound of the word, which a placeholder does not tell.
fn check_suffixes(locale: &Locale, place: &str, text: &[Piece], problems: &mut Vec<String>) {
    for pair in text.windows(2) {
        let [Piece::Variable(name), Piece::Text(after)] = pair else { continue };
        if let Some(suffix) = forbidden_after_placeholder(&locale.language, after) {
            problems.push(format!(
                "{place}: `{suffix}` touches the placeholder `{name}`; put the ending on a fixed noun after it"
            ));
        }
    }
}

fn forbidden_after_placeholder<'a>(language: &str, after: &'a str) -> Option<&'a str> {
    let first_word = |text: &'a str| text.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
    let touching = first_word(after);
    if !touching.is_empty() {
        return Some(touching);
    }
    if language != "kk" {
        return None;
    }
    if let Some(rest) = after.strip_prefix('-') {
        let word = first_word(rest);
        return (!word.is_empty() && !ORDINAL_NOUNS.contains(&word)).then_some(word);
    }
    let rest = after.strip_prefix([' ', '\u{a0}', '»', '”']).unwrap_or(after);
    if after.starts_with(['»', '”']) && rest.starts_with(|it: char| it == '-' || it.is_alphabetic()) {
        return Some(first_word(rest.trim_start_matches('-')));
    }
    let word = first_word(rest.trim_start_matches([' ', '\u{a0}']));
    HARMONISING.contains(&word).then_some(word)
}

fn pieces(pattern: &Pattern<&str>, place: &str, problems: &mut Vec<String>) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for element in &pattern.elements {
        let piece = match element {
            PatternElement::TextElement { value } => Piece::Text((*value).to_owned()),
            PatternElement::Placeable { expression } => match placeable(expression, place, problems) {
                Some(piece) => piece,
                None => continue,
            },
        };
        match (found.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => found.push(piece),
        }
    }
    found
}

fn placeable(expression: &Expression<&str>, place: &str, problems: &mut Vec<String>) -> Option<Piece> {
    match expression {
        Expression::Inline(InlineExpression::VariableReference { id }) => {
            Some(Piece::Variable(id.name.to_owned()))
        }
        Expression::Inline(InlineExpression::StringLiteral { value }) => {
            Some(Piece::Text((*value).to_owned()))
        }
        Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
            let mut forms: Vec<(String, Vec<Piece>)> = Vec::new();
            for variant in variants {
                let VariantKey::Identifier { name } = &variant.key else {
                    problems.push(format!("{place} chooses by a literal number; choose by plural form"));
                    continue;
                };
                forms.push(((*name).to_owned(), pieces(&variant.value, place, problems)));
            }
            Some(Piece::Select { variable: id.name.to_owned(), forms })
        }
        Expression::Select { .. } | Expression::Inline(_) => {
            problems.push(format!("{place} uses more of Fluent than variables and plural forms"));
            None
        }
    }
}
