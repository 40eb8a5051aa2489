// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parsed document and the few questions that signing asks of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node, ParsingOptions};

use super::{Error, guard, names};

/// Returns the text of the bytes, if they are UTF-8.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    if bytes.len() > guard::DOCUMENT_BYTES_MAX {
        return Err(Error::TooLarge);
    }
    std::str::from_utf8(bytes).map_err(|_| Error::NotUtf8)
}

/// Parses a document within the limits.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Error> {
    guard::check(text)?;
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let doc = Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let dtd = matches!(error, roxmltree::Error::DtdDetected);
        if dtd { Error::Dtd } else { Error::Malformed { line: at.row, column: at.col } }
    })?;
    check_namespaces(&doc)?;
    check_instructions(&doc)?;
    Ok(doc)
}

/// Refuses instructions that the parser lets pass though they are none: those named `xml`, in any letters, those whose name
/// holds a colon (Namespaces in XML 1.0, 7), and those whose name runs into their text.
fn check_instructions(doc: &Document<'_>) -> Result<(), Error> {
    for node in doc.descendants() {
        let Some(instruction) = node.pi() else { continue };
        let written = doc.input_text().get(node.range()).unwrap_or_default();
        let rest = written.get(2 + instruction.target.len()..).unwrap_or_default();
        let is_apart = rest.starts_with("?>") || rest.starts_with([' ', '\t', '\r', '\n']);
        let is_name = !instruction.target.eq_ignore_ascii_case("xml") && !instruction.target.contains(':');
        if !is_apart || !is_name {
            let at = doc.text_pos_at(node.range().start);
            return Err(Error::Malformed { line: at.row, column: at.col });
        }
    }
    Ok(())
}

/// Refuses what the parser lets pass though the namespace rules forbid it: a default namespace declared twice on one
/// element, a prefix bound to nothing.
fn check_namespaces(doc: &Document<'_>) -> Result<(), Error> {
    for node in doc.descendants().filter(Node::is_element) {
        let defaults = node.namespaces().filter(|it| it.name().is_none()).count();
        if defaults > 1 || node.namespaces().any(|it| it.name().is_some() && it.uri().is_empty()) {
            let at = doc.text_pos_at(node.range().start);
            return Err(Error::Malformed { line: at.row, column: at.col });
        }
    }
    Ok(())
}

/// Returns the name as written, prefix included, that starts at the byte `at`.
pub(crate) fn written_name<'a>(doc: &'a Document<'_>, at: usize) -> &'a str {
    let rest = doc.input_text().get(at..).unwrap_or_default();
    rest.split(['=', '/', '>', ' ', '\t', '\r', '\n']).next().unwrap_or_default()
}

/// Returns the element's name as written.
pub(crate) fn element_name<'a>(node: Node<'a, '_>) -> &'a str {
    written_name(node.document(), node.range().start + 1)
}

/// Returns the prefix of a written name; empty when there is none.
pub(crate) fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |it| it.0)
}

/// Returns the prefixes that the element's own start tag declares; empty for the default namespace.
pub(crate) fn declared_prefixes<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    let range = node.range();
    let end = node.first_child().map_or(range.end, |it| it.range().start);
    let mut rest = node.document().input_text().get(range.start..end).unwrap_or_default();
    let names = std::iter::from_fn(move || {
        let (before, after) = rest.split_once('=')?;
        let quoted = after.trim_start();
        let quote = quoted.chars().next()?;
        rest = quoted.strip_prefix(quote)?.split_once(quote)?.1;
        before.split_ascii_whitespace().next_back()
    });
    names.filter_map(|it| match it.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    })
}

/// Tells whether the node is the element `{namespace}name`.
pub(crate) fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(namespace)
}

/// Returns the text of an element that has nothing but text.
pub(crate) fn only_text<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut children = node.children();
    match (children.next(), children.next()) {
        (None, _) => Some(""),
        (Some(child), None) if child.is_text() => child.text(),
        _ => None,
    }
}

/// Decodes the base64 text of an element, white space inside it ignored.
pub(crate) fn base64_text(node: Node<'_, '_>, part: &'static str) -> Result<Vec<u8>, Error> {
    let text = only_text(node).ok_or_else(|| Error::shape(part))?;
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if compact.is_empty() {
        return Err(Error::shape(part));
    }
    STANDARD.decode(compact).map_err(|_| Error::shape(part))
}

/// Returns the only element whose id, under any of the names in use, is `id`.
pub(crate) fn by_id<'a, 'i>(doc: &'a Document<'i>, id: &str) -> Result<Node<'a, 'i>, Error> {
    let mut found = doc.descendants().filter(|node| node.is_element() && has_id(*node, id));
    match (found.next(), found.next()) {
        (Some(node), None) => Ok(node),
        (None, _) => Err(Error::ReferenceMissing),
        (Some(_), Some(_)) => Err(Error::ReferenceAmbiguous),
    }
}

/// Tells whether the element has this id, under any of the names in use.
pub(super) fn has_id(node: Node<'_, '_>, id: &str) -> bool {
    node.attributes().any(|it| {
        let is_id = match it.namespace() {
            None => it.name().eq_ignore_ascii_case("id"),
            Some(names::WSU) => it.name() == "Id",
            Some(names::XML) => it.name() == "id",
            Some(_) => false,
        };
        is_id && it.value() == id
    })
}
