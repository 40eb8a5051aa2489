// SPDX-License-Identifier: MIT OR Apache-2.0
//! The business payload of a message.

use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Error, guard};

/// What a message carries in its `data` element.
///
/// A payload is a document of its own: its bytes are kept as they were written or received, so a signature inside it
/// can be checked against [`Data::document`] wherever the message has been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// The document is the `data` element itself, typed by `xsi:type`.
    Inline(String),
    /// The document is the one element inside `data`.
    Element(String),
    /// The payload is plain text.
    Text(String),
}

impl Data {
    /// Takes a document whose root is the unqualified `data` element.
    pub fn inline(document: String) -> Result<Self, Error> {
        check_fragment(&document)?;
        let doc = tree::parse(&document)?;
        let root = doc.root_element().tag_name();
        if root.name() != "data" || root.namespace().is_some_and(|it| !it.is_empty()) {
            return Err(Error::WrongPayload { expected: "data" });
        }
        drop(doc);
        Ok(Self(Kind::Inline(document)))
    }

    /// Takes a document that goes into the `data` element as its only child.
    pub fn element(document: String) -> Result<Self, Error> {
        check_fragment(&document)?;
        drop(tree::parse(&document)?);
        Ok(Self(Kind::Element(document)))
    }

    /// Takes plain text.
    pub fn text(text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() || text.trim_start().starts_with('<') {
            return Err(Error::Unwritable { what: "data" });
        }
        if text.len() > guard::DOCUMENT_BYTES_MAX {
            return Err(Error::TooLarge);
        }
        Ok(Self(Kind::Text(text.trim().to_owned())))
    }

    /// Returns the payload's document, unless the payload is plain text.
    pub fn document(&self) -> Option<&str> {
        match &self.0 {
            Kind::Inline(document) | Kind::Element(document) => Some(document),
            Kind::Text(_) => None,
        }
    }

    /// Returns the payload's document; plain text is an error that names the payload expected.
    pub fn require_document(&self, expected: &'static str) -> Result<&str, Error> {
        self.document().ok_or(Error::WrongPayload { expected })
    }

    /// Returns the payload's text, if it is plain text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Kind::Text(text) => Some(text),
            Kind::Inline(_) | Kind::Element(_) => None,
        }
    }

    /// Reads the `data` element inside `parent`; an empty one is as good as none.
    pub(crate) fn read(parent: Part<'_, '_>) -> Result<Option<Self>, Error> {
        let Some(data) = parent.child("data")? else { return Ok(None) };
        let elements: Vec<Part<'_, '_>> = data.elements().collect();
        let text = data.own_text();
        let typed = data.0.attribute((tree::XSI, "type")).is_some();
        let kind = match elements.as_slice() {
            [] if text.is_empty() => return Ok(None),
            [] if text.starts_with('<') => {
                // Some clients send the payload escaped or in CDATA.
                let document = strip_declaration(&text);
                drop(tree::parse(document)?);
                Kind::Element(document.to_owned())
            }
            [] => Kind::Text(text),
            [only] if !typed && text.is_empty() => Kind::Element(tree::standalone(only.0)),
            // One that came qualified stays so, for its signature's sake: it is read, but not written again.
            _ => Kind::Inline(tree::standalone(data.0)),
        };
        Ok(Some(Self(kind)))
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        match &self.0 {
            Kind::Inline(document) if !document.starts_with("<data") => {
                out.fail(Error::Unwritable { what: "data" });
            }
            Kind::Inline(document) => out.raw(document),
            Kind::Element(document) => out.within("data", |out| out.raw(document)),
            Kind::Text(text) => out.leaf("data", text),
        }
    }
}

/// Refuses what may stand before a root but not inside an envelope.
fn check_fragment(document: &str) -> Result<(), Error> {
    let markup = document.starts_with('<') && !document.starts_with("<?") && !document.starts_with("<!");
    if markup && document.ends_with('>') { Ok(()) } else { Err(Error::Unwritable { what: "data" }) }
}

fn strip_declaration(text: &str) -> &str {
    match text.strip_prefix("<?xml").and_then(|it| it.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    }
}
