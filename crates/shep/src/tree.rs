// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading XML by local names.

use jiff::Timestamp;
use jiff::civil::Date;
use roxmltree::{Document, Node, ParsingOptions};

use crate::{Error, guard, moment};

pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Parses a document within the limits.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Error> {
    guard::check(text)?;
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let doc = Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let dtd = matches!(error, roxmltree::Error::DtdDetected);
        if dtd { Error::Dtd } else { Error::Malformed { line: at.row, column: at.col } }
    })?;
    for node in doc.descendants().filter(Node::is_element) {
        let defaults = node.namespaces().filter(|it| it.name().is_none()).count();
        if defaults > 1 || node.namespaces().any(|it| it.name().is_some() && it.uri().is_empty()) {
            let at = doc.text_pos_at(node.range().start);
            return Err(Error::Malformed { line: at.row, column: at.col });
        }
    }
    Ok(doc)
}

/// An element and the questions asked of it; elements below it are found by their local names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a, 'i>(pub(crate) Node<'a, 'i>);

impl<'a> Part<'a, '_> {
    pub(crate) fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    pub(crate) fn elements(self) -> impl Iterator<Item = Self> {
        self.0.children().filter(Node::is_element).map(Part)
    }

    /// Returns every child of that name.
    pub(crate) fn each(self, name: &'static str) -> impl Iterator<Item = Self> {
        self.elements().filter(move |it| it.name() == name)
    }

    /// Returns the child of that name, if there is one.
    pub(crate) fn child(self, name: &'static str) -> Result<Option<Self>, Error> {
        let mut found = self.each(name);
        let first = found.next();
        if found.next().is_some() { Err(Error::Doubled { what: name }) } else { Ok(first) }
    }

    pub(crate) fn required_child(self, name: &'static str) -> Result<Self, Error> {
        self.child(name)?.ok_or(Error::Missing { what: name })
    }

    /// Returns the element's own text, without the white space around it.
    pub(crate) fn own_text(self) -> String {
        let mut texts = self.0.children().filter(Node::is_text).filter_map(|it| it.text());
        let first = texts.next().unwrap_or_default();
        let rest: String = texts.collect();
        if rest.is_empty() { first.trim().to_owned() } else { format!("{first}{rest}").trim().to_owned() }
    }

    /// Returns the element's own text as it stands.
    pub(crate) fn whole_text(self) -> String {
        self.0.children().filter(Node::is_text).filter_map(|it| it.text()).collect()
    }

    /// Says whether a word stands in the element, at any depth.
    pub(crate) fn has_text(self) -> bool {
        let mut texts = self.0.descendants().filter(Node::is_text).filter_map(|it| it.text());
        texts.any(|it| !it.trim().is_empty())
    }

    /// Returns the text of the child; an empty element is as good as none.
    pub(crate) fn text(self, name: &'static str) -> Result<Option<String>, Error> {
        Ok(self.child(name)?.map(Part::own_text).filter(|it| !it.is_empty()))
    }

    pub(crate) fn required_text(self, name: &'static str) -> Result<String, Error> {
        self.text(name)?.ok_or(Error::Missing { what: name })
    }

    pub(crate) fn parsed<T>(
        self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        parse(&text).map(Some).ok_or(Error::Invalid { what: name })
    }

    pub(crate) fn time(self, name: &'static str) -> Result<Option<Timestamp>, Error> {
        self.parsed(name, moment::read_time)
    }

    pub(crate) fn required_time(self, name: &'static str) -> Result<Timestamp, Error> {
        self.time(name)?.ok_or(Error::Missing { what: name })
    }

    pub(crate) fn date(self, name: &'static str) -> Result<Option<Date>, Error> {
        self.parsed(name, moment::read_date)
    }

    pub(crate) fn flag(self, name: &'static str) -> Result<Option<bool>, Error> {
        self.parsed(name, read_flag)
    }

    /// Returns the local part of the element's `xsi:type`.
    pub(crate) fn type_name(self) -> Option<&'a str> {
        let name = self.0.attribute((XSI, "type"))?.trim();
        Some(name.rsplit_once(':').map_or(name, |it| it.1))
    }
}

pub(crate) fn read_flag(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Returns the payload's element: the root, or where the root is `data`, its child of that name.
pub(crate) fn payload<'a, 'i>(
    doc: &'a Document<'i>,
    name: &'static str,
    expected: &'static str,
) -> Result<Part<'a, 'i>, Error> {
    let root = Part(doc.root_element());
    if root.name() == name || root.type_name() == Some(name) {
        return Ok(root);
    }
    let inside = if root.name() == "data" { root.child(name)? } else { None };
    inside.ok_or(Error::WrongPayload { expected })
}

/// Returns an element as a document of its own: its bytes as they stand, with the namespace declarations it takes
/// from outside added to its start tag, and only those.
pub(crate) fn standalone(node: Node<'_, '_>) -> String {
    let text = node.document().input_text();
    let slice = text.get(node.range()).unwrap_or_default();
    let missing = missing_namespaces(node, slice);
    if missing.is_empty() {
        return slice.to_owned();
    }
    let name_end = slice.find([' ', '\t', '\r', '\n', '/', '>']).unwrap_or(slice.len());
    let (name, rest) = slice.split_at(name_end);
    format!("{name}{}{rest}", missing.concat())
}

fn missing_namespaces(node: Node<'_, '_>, slice: &str) -> Vec<String> {
    let Some(parent) = node.parent_element() else { return Vec::new() };
    let mut missing = Vec::new();
    for outer in parent.namespaces().filter(|it| !it.uri().is_empty()) {
        let prefix = outer.name().unwrap_or_default();
        let possible = prefix.is_empty() || slice.contains(&format!("{prefix}:"));
        if possible && takes_from_outside(node, prefix) {
            let uri = outer.uri().replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            let colon = if prefix.is_empty() { "" } else { ":" };
            missing.push(format!(" xmlns{colon}{prefix}=\"{uri}\""));
        }
    }
    missing
}

/// Tells whether the prefix is used in the element by a name that no declaration inside the element covers.
// Depth is bounded by `guard::DEPTH_MAX`.
fn takes_from_outside(node: Node<'_, '_>, prefix: &str) -> bool {
    let text = node.document().input_text();
    let from = text.get(node.range()).unwrap_or_default();
    let tag = start_tag(from);
    if declares(tag, prefix) {
        return false;
    }
    let has_prefix = |name: &str| name.split_once(':').map_or("", |it| it.0) == prefix;
    let name = tag.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default();
    let in_type = node.attribute((XSI, "type")).is_some_and(|it| has_prefix(it.trim()));
    let in_attributes = !prefix.is_empty() && attribute_names(tag).any(has_prefix);
    has_prefix(name)
        || in_type
        || in_attributes
        || node.children().filter(Node::is_element).any(|it| takes_from_outside(it, prefix))
}

fn declares(tag: &str, prefix: &str) -> bool {
    attribute_names(tag).any(|it| match it.strip_prefix("xmlns") {
        Some("") => prefix.is_empty(),
        Some(rest) => rest.strip_prefix(':') == Some(prefix),
        None => false,
    })
}

/// Returns the content of the start tag that the text begins with.
pub(crate) fn start_tag(text: &str) -> &str {
    let inside = text.strip_prefix('<').unwrap_or(text);
    let mut quote = None;
    let end = inside.find(|c| match quote {
        None if c == '>' => true,
        None => {
            quote = Some(c).filter(|it| matches!(it, '"' | '\''));
            false
        }
        Some(open) => {
            quote = Some(open).filter(|it| *it != c);
            false
        }
    });
    end.and_then(|end| inside.get(..end)).unwrap_or_default()
}

/// Returns the names of the attributes of a start tag, namespace declarations among them.
fn attribute_names(tag: &str) -> impl Iterator<Item = &str> {
    attributes(tag).map(|it| it.0)
}

/// Returns the attributes of a start tag as they stand, namespace declarations among them.
pub(crate) fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        let (before, after) = rest.split_once('=')?;
        let quoted = after.trim_start();
        let quote = quoted.chars().next()?;
        let (value, behind) = quoted.strip_prefix(quote)?.split_once(quote)?;
        rest = behind;
        Some((before.split_ascii_whitespace().next_back()?, value))
    })
}
