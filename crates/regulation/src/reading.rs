// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading tables of a file: every mistake is noted and reading goes on with a blank in its place.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::model::Text;
use crate::place::{Kind, Place, header};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Longest list in a file.
pub const MAX_ENTRIES: usize = 1_000;
/// Longest text in a file, in characters.
pub const MAX_TEXT_CHARS: usize = 20_000;
/// Longest id.
pub const MAX_ID_CHARS: usize = 64;

/// A string with its place, quotes included.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// A name that must be declared somewhere.
#[derive(Debug)]
pub(crate) struct Citation {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
}

/// One table while it is read.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    table: &'a DeTable<'a>,
    pub(crate) span: Range<usize>,
    asked: Vec<&'static str>,
}

type Entry<'a> = &'a Spanned<DeValue<'a>>;

impl<'a> Node<'a> {
    pub(crate) fn new(table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { table, span, asked: Vec::new() }
    }

    pub(crate) fn get(&mut self, key: &'static str) -> Option<Entry<'a>> {
        self.asked.push(key);
        self.table.iter().find(|it| it.0.get_ref() == key).map(|it| it.1)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|it| it.0.get_ref() == key)
    }
}

/// The state of reading one file.
#[derive(Debug)]
pub(crate) struct Reading<'t> {
    pub(crate) text: &'t str,
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) places: BTreeMap<Place, Range<usize>>,
    pub(crate) citations: Vec<Citation>,
}

impl<'t> Reading<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new(), places: BTreeMap::new(), citations: Vec::new() }
    }

    pub(crate) fn error(&mut self, code: Code, span: Range<usize>, message: String, help: impl Into<String>) {
        self.found.push(Diagnostic { code, severity: Severity::Error, message, help: help.into(), span });
    }

    /// Notes every key of the table that was not asked for.
    pub(crate) fn close(&mut self, node: &Node<'_>) {
        for key in node.table.keys() {
            let name = key.get_ref().as_ref();
            if node.asked.contains(&name) {
                continue;
            }
            let help = nearest(name, node.asked.iter().copied()).map_or_else(
                || format!("the keys here are: {}", node.asked.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(Code::UnknownKey, key.span(), format!("unknown key `{name}`"), help);
        }
    }

    pub(crate) fn missing(&mut self, node: &Node<'_>, key: &str, help: &str) {
        self.error(Code::MissingKey, node.span.clone(), format!("key `{key}` is missing"), help);
    }

    fn wrong(&mut self, key: &str, entry: Entry<'_>, expected: &str) {
        let found = entry.get_ref().type_str();
        self.error(
            Code::WrongType,
            entry.span(),
            format!("`{key}` is {found}, {expected} was expected"),
            format!("write {expected} here"),
        );
    }

    /// A string with its place, spaces folded.
    pub(crate) fn string(&mut self, node: &mut Node<'_>, key: &'static str) -> Option<Written> {
        let entry = node.get(key)?;
        self.written(key, entry)
    }

    fn written(&mut self, key: &str, entry: Entry<'_>) -> Option<Written> {
        let Some(text) = entry.get_ref().as_str() else {
            self.wrong(key, entry, "a string");
            return None;
        };
        if text.chars().nth(MAX_TEXT_CHARS).is_some() {
            let message = format!("`{key}` is longer than {MAX_TEXT_CHARS} characters");
            self.error(Code::TooLarge, entry.span(), message, "shorten it or split it");
        }
        Some(Written { text: fold_spaces(text), span: entry.span() })
    }

    pub(crate) fn required(&mut self, node: &mut Node<'_>, key: &'static str, help: &str) -> Written {
        if !node.has(key) {
            self.missing(node, key, help);
        }
        let span = node.span.clone();
        match self.string(node, key) {
            Some(written) if written.text.is_empty() => {
                let message = format!("`{key}` is empty");
                self.error(Code::MissingKey, written.span.clone(), message, help);
                written
            }
            Some(written) => written,
            None => Written { text: String::new(), span },
        }
    }

    pub(crate) fn flag(&mut self, node: &mut Node<'_>, key: &'static str) -> bool {
        let Some(entry) = node.get(key) else { return false };
        entry.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, entry, "true or false");
            false
        })
    }

    pub(crate) fn number(&mut self, node: &mut Node<'_>, key: &'static str) -> Option<u32> {
        let entry = node.get(key)?;
        let number = entry.get_ref().as_integer().and_then(|it| match it.radix() {
            10 => it.as_str().parse().ok(),
            _ => None,
        });
        if number.is_none() {
            self.wrong(key, entry, "a whole number that is not negative");
        }
        number
    }

    /// A list; more entries than allowed are noted and left out.
    fn list<'a>(&mut self, node: &mut Node<'a>, key: &'static str, what: &str) -> &'a [Spanned<DeValue<'a>>] {
        let Some(entry) = node.get(key) else { return &[] };
        let Some(array) = entry.get_ref().as_array() else {
            self.wrong(key, entry, what);
            return &[];
        };
        if array.len() > MAX_ENTRIES {
            let message = format!("`{key}` has more than {MAX_ENTRIES} entries");
            self.error(Code::TooLarge, entry.span(), message, "split the regulation");
        }
        array.get(..array.len().min(MAX_ENTRIES)).unwrap_or(&[])
    }

    pub(crate) fn strings(&mut self, node: &mut Node<'_>, key: &'static str) -> Vec<Written> {
        let list = self.list(node, key, "a list of strings");
        list.iter().filter_map(|entry| self.written(key, entry)).collect()
    }

    /// A string, or a list of strings.
    pub(crate) fn one_or_more(&mut self, node: &mut Node<'_>, key: &'static str) -> Vec<Written> {
        let is_list = node.get(key).is_some_and(|it| it.get_ref().is_array());
        if is_list { self.strings(node, key) } else { self.string(node, key).into_iter().collect() }
    }

    /// Tables of a list, in the order of the file.
    pub(crate) fn nodes<'a>(&mut self, node: &mut Node<'a>, key: &'static str) -> Vec<Node<'a>> {
        let list = self.list(node, key, "a list of tables");
        let mut nodes = Vec::new();
        for entry in list {
            match entry.get_ref().as_table() {
                Some(table) => nodes.push(Node::new(table, entry.span())),
                None => self.wrong(key, entry, "a table"),
            }
        }
        nodes
    }

    pub(crate) fn node<'a>(&mut self, node: &mut Node<'a>, key: &'static str) -> Option<Node<'a>> {
        let entry = node.get(key)?;
        let table = entry.get_ref().as_table();
        if table.is_none() {
            self.wrong(key, entry, "a table");
        }
        table.map(|table| Node::new(table, entry.span()))
    }

    /// A text in three languages.
    pub(crate) fn text(&mut self, node: &mut Node<'_>, key: &'static str) -> Option<Text> {
        let mut inner = self.node(node, key)?;
        let text = Text {
            kk: self.language(&mut inner, key, "kk", "Kazakh"),
            ru: self.language(&mut inner, key, "ru", "Russian"),
            en: self.language(&mut inner, key, "en", "English"),
        };
        self.close(&inner);
        Some(text)
    }

    fn language(
        &mut self,
        node: &mut Node<'_>,
        key: &str,
        language: &'static str,
        name: &'static str,
    ) -> String {
        let had = node.has(language);
        let written = self.string(node, language);
        match written {
            Some(written) if !written.text.is_empty() => return written.text,
            None if had => return String::new(),
            Some(_) | None => {}
        }
        self.error(
            Code::MissingLanguage,
            node.span.clone(),
            format!("`{key}` has no {name} text"),
            format!("every text stands in three languages: add `{key}.{language} = \"…\"`"),
        );
        String::new()
    }

    pub(crate) fn required_text(&mut self, node: &mut Node<'_>, key: &'static str) -> Text {
        if !node.has(key) {
            let help = format!("add `{key}.kk`, `{key}.ru` and `{key}.en`");
            self.missing(node, key, &help);
        }
        self.text(node, key).unwrap_or_else(|| Text {
            kk: String::new(),
            ru: String::new(),
            en: String::new(),
        })
    }

    /// Finds a written name in a closed list.
    pub(crate) fn name<T: Copy>(
        &mut self,
        what: &str,
        written: &Written,
        all: &[(&'static str, T)],
    ) -> Option<T> {
        if written.text.is_empty() {
            return None;
        }
        let value = all.iter().find(|it| it.0 == written.text).map(|it| it.1);
        if value.is_none() {
            let names: Vec<&str> = all.iter().map(|it| it.0).collect();
            let list = names.join(", ");
            let help = nearest(&written.text, names).map_or_else(
                || format!("one of: {list}"),
                |near| format!("did you mean `{near}`? One of: {list}"),
            );
            self.error(
                Code::UnknownName,
                written.span.clone(),
                format!("unknown {what} `{}`", written.text),
                help,
            );
        }
        value
    }

    /// Reads the id of a thing and declares it.
    pub(crate) fn id(&mut self, node: &mut Node<'_>, kind: Kind) -> Written {
        let written = self.required(node, "id", "give it an id of lower-case Latin letters");
        self.declare(kind, &written);
        written
    }

    pub(crate) fn declare(&mut self, kind: Kind, written: &Written) {
        if written.text.is_empty() {
            return;
        }
        if kind != Kind::Clause {
            self.check_id(kind.noun(), written);
        }
        let place = Place::Named(kind, written.text.clone());
        if let Some(first) = self.places.get(&place) {
            let line = line_of(self.text, first.start);
            let message = format!("{} `{}` is declared twice", kind.noun(), written.text);
            self.error(
                Code::DuplicateId,
                written.span.clone(),
                message,
                format!("it stands in line {line} already"),
            );
            return;
        }
        self.places.insert(place, written.span.clone());
    }

    pub(crate) fn check_id(&mut self, what: &str, written: &Written) {
        let fits = written.text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_'));
        if !fits || written.text.chars().nth(MAX_ID_CHARS).is_some() {
            self.error(
                Code::BadId,
                written.span.clone(),
                format!("`{}` cannot be the id of a {what}", written.text),
                format!("at most {MAX_ID_CHARS} lower-case Latin letters, digits, `.`, `-`, `_`"),
            );
        }
    }

    pub(crate) fn cite(&mut self, kind: Kind, written: &Written) {
        if !written.text.is_empty() {
            self.citations.push(Citation { kind, name: written.text.clone(), span: written.span.clone() });
        }
    }

    /// Notes every citation of something that is not declared.
    pub(crate) fn resolve(&mut self) {
        for citation in std::mem::take(&mut self.citations) {
            if self.places.contains_key(&Place::Named(citation.kind, citation.name.clone())) {
                continue;
            }
            let declared: Vec<String> = self
                .places
                .keys()
                .filter_map(|it| match it {
                    Place::Named(kind, name) if *kind == citation.kind => Some(name.clone()),
                    Place::File | Place::Named(..) | Place::Nth(..) => None,
                })
                .collect();
            let noun = citation.kind.noun();
            let (code, message, help) = if citation.kind == Kind::Clause {
                let message = format!("the act has no clause `{}`", citation.name);
                (Code::UnknownClause, message, "cite a clause of `act.clauses`, or add it there".to_owned())
            } else {
                let message = format!("{noun} `{}` is not declared", citation.name);
                (Code::Undeclared, message, format!("declare it with `[[{}]]`", header(citation.kind)))
            };
            let help = nearest(&citation.name, declared.iter().map(String::as_str))
                .map_or(help, |near| format!("did you mean `{near}`?"));
            self.error(code, citation.span, message, help);
        }
    }
}

/// Returns the number of the line, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|it| *it == b'\n').count() + 1
}

/// Makes every run of white space one space, and drops it at both ends.
pub fn fold_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
