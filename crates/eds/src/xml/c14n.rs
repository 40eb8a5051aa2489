// SPDX-License-Identifier: MIT OR Apache-2.0
//! Canonical XML 1.0 and Exclusive Canonical XML 1.0, with and without comments.
//!
//! What is canonicalised is always a document or an element with all that is in it, less whole elements (the
//! signatures that the enveloped-signature transform removes). So the output's parent of a node is its real parent.

use roxmltree::{Document, Node, NodeId, NodeType};

use super::{Error, names, tree};
use crate::algorithm::{DigestAlgorithm, Hasher};

/// The most canonical bytes made of one document: a form may be far longer than the document, for the exclusive ones repeat
/// namespaces. Where the bytes that signatures cover are returned, those of all signatures together.
pub const CANONICAL_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes that are digested at once.
const PIECE_BYTES: usize = 64 * 1024;

/// A canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canon {
    /// Canonical XML 1.0.
    Inclusive,
    /// Canonical XML 1.0 with comments.
    InclusiveWithComments,
    /// Exclusive Canonical XML 1.0.
    Exclusive,
    /// Exclusive Canonical XML 1.0 with comments.
    ExclusiveWithComments,
}

impl Canon {
    /// Returns the name of the form as an algorithm.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Inclusive => "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            Self::InclusiveWithComments => "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
            Self::Exclusive => names::EXC_C14N,
            Self::ExclusiveWithComments => "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        }
    }

    /// Returns the form with that algorithm name.
    pub fn from_uri(uri: &str) -> Option<Self> {
        [Self::Inclusive, Self::InclusiveWithComments, Self::Exclusive, Self::ExclusiveWithComments]
            .into_iter()
            .find(|it| it.uri() == uri)
    }

    /// Returns the same form without comments: what a same-document reference selects has none.
    #[must_use]
    pub fn without_comments(self) -> Self {
        match self {
            Self::Inclusive | Self::InclusiveWithComments => Self::Inclusive,
            Self::Exclusive | Self::ExclusiveWithComments => Self::Exclusive,
        }
    }

    /// Tells whether the form is an exclusive one.
    pub fn is_exclusive(self) -> bool {
        self.without_comments() == Self::Exclusive
    }

    fn keeps_comments(self) -> bool {
        self != self.without_comments()
    }
}

/// Returns the canonical form of a whole document.
pub fn canonicalize(xml: &[u8], canon: Canon) -> Result<Vec<u8>, Error> {
    let doc = tree::parse(tree::text(xml)?)?;
    Selected::document(&doc, canon).bytes(CANONICAL_BYTES_MAX)
}

/// What is canonicalised, and in which form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Selected<'a, 'i> {
    /// The root node of a document, or an element.
    pub(crate) node: Node<'a, 'i>,
    pub(crate) canon: Canon,
    /// The `PrefixList` of the exclusive form; the inclusive form does not use it.
    pub(crate) prefixes: &'a [&'a str],
    /// Elements that are left out.
    pub(crate) skip: &'a [NodeId],
}

impl<'a, 'i> Selected<'a, 'i> {
    /// Selects a whole document.
    pub(crate) fn document(doc: &'a Document<'i>, canon: Canon) -> Self {
        Self::element(doc.root(), canon)
    }

    /// Selects an element with all that is in it.
    pub(crate) fn element(node: Node<'a, 'i>, canon: Canon) -> Self {
        Self { node, canon, prefixes: &[], skip: &[] }
    }

    /// Returns the canonical bytes, if they are no more than `room`.
    pub(crate) fn bytes(&self, room: usize) -> Result<Vec<u8>, Error> {
        let bytes = Vec::with_capacity(self.node.range().len().min(room));
        Ok(self.written(Out { bytes, hasher: None, room, is_full: false })?.bytes)
    }

    /// Returns the digest of the canonical bytes and their number, if they are no more than `room`; they are never all at hand.
    pub(crate) fn digest(&self, algorithm: DigestAlgorithm, room: usize) -> Result<(Vec<u8>, usize), Error> {
        let hasher = Some(algorithm.hasher());
        let Out { bytes, hasher, room: left, .. } =
            self.written(Out { bytes: Vec::new(), hasher, room, is_full: false })?;
        let mut hasher = hasher.unwrap_or_else(|| algorithm.hasher());
        hasher.update(&bytes);
        Ok((hasher.finish(), room.saturating_sub(left)))
    }

    fn written(&self, out: Out) -> Result<Out, Error> {
        let Self { node, canon, prefixes, skip } = *self;
        let (rendered, inherited) = (Vec::new(), Vec::new());
        let mut writer = Writer { canon, prefixes, skip, out, rendered, inherited, inside: false };
        if node.is_root() {
            writer.document(node);
        } else {
            if !canon.is_exclusive() {
                writer.inherited = inherited_xml_attributes(node);
            }
            writer.node(node);
        }
        if writer.out.is_full { Err(Error::TooLarge) } else { Ok(writer.out) }
    }
}

/// Takes the canonical bytes: keeps them, or digests them piece by piece.
struct Out {
    bytes: Vec<u8>,
    hasher: Option<Hasher>,
    /// How many bytes may still come.
    room: usize,
    /// Whether more came than may.
    is_full: bool,
}

impl Out {
    fn put(&mut self, bytes: &[u8]) {
        self.is_full |= bytes.len() > self.room;
        if self.is_full {
            return;
        }
        self.room -= bytes.len();
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PIECE_BYTES
            && let Some(hasher) = &mut self.hasher
        {
            hasher.update(&self.bytes);
            self.bytes.clear();
        }
    }

    /// Puts text, with what `escape` says of a byte in its place.
    fn put_escaped(&mut self, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
        for piece in text.as_bytes().split_inclusive(|byte| escape(*byte).is_some()) {
            if self.is_full {
                return;
            }
            match piece.split_last().and_then(|(last, plain)| Some((plain, escape(*last)?))) {
                Some((plain, escaped)) => {
                    self.put(plain);
                    self.put(escaped.as_bytes());
                }
                None => self.put(piece),
            }
        }
    }

    /// Puts text with each line end as one `\n`: the parser leaves comments and instructions as they stand in the file.
    fn put_lines(&mut self, text: &str) {
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\r') {
            self.put(line.as_bytes());
            self.put(b"\n");
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
        self.put(rest.as_bytes());
    }
}

/// Returns the `xml:` attributes that the ancestors give to the element, the nearest first to speak.
fn inherited_xml_attributes<'a>(node: Node<'a, '_>) -> Vec<Attribute<'a>> {
    let mut found: Vec<Attribute<'a>> = Vec::new();
    for ancestor in node.ancestors().skip(1).filter(Node::is_element) {
        for it in attributes(ancestor).into_iter().filter(|it| it.namespace == names::XML) {
            let known = found.iter().any(|seen| seen.local == it.local);
            if !known && !node.has_attribute((names::XML, it.local)) {
                found.push(it);
            }
        }
    }
    found
}

/// An attribute as it is sorted and written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Attribute<'a> {
    namespace: &'a str,
    local: &'a str,
    written: &'a str,
    value: &'a str,
}

fn attributes<'a>(node: Node<'a, '_>) -> Vec<Attribute<'a>> {
    let doc = node.document();
    let attribute = |it: roxmltree::Attribute<'a, '_>| Attribute {
        namespace: it.namespace().unwrap_or_default(),
        local: it.name(),
        written: tree::written_name(doc, it.range().start),
        value: it.value(),
    };
    node.attributes().map(attribute).collect()
}

struct Writer<'a> {
    canon: Canon,
    prefixes: &'a [&'a str],
    skip: &'a [NodeId],
    out: Out,
    /// The namespaces written on the open elements, innermost last: prefix and name.
    rendered: Vec<(&'a str, &'a str)>,
    inherited: Vec<Attribute<'a>>,
    /// Whether an element is open.
    inside: bool,
}

impl<'a> Writer<'a> {
    /// Writes the element of a document, and what stands beside it.
    fn document(&mut self, root: Node<'a, '_>) {
        let mut root_passed = false;
        for node in root.children() {
            let written = node.is_element() || self.shows(node);
            if written && root_passed {
                self.out.put(b"\n");
            }
            self.node(node);
            root_passed |= node.is_element();
            if written && !root_passed {
                self.out.put(b"\n");
            }
        }
    }

    /// Tells whether a comment or processing instruction is written.
    fn shows(&self, node: Node<'_, '_>) -> bool {
        node.is_pi() || (node.is_comment() && self.canon.keeps_comments())
    }

    // Depth is bounded by `guard::DEPTH_MAX`.
    fn node(&mut self, node: Node<'a, '_>) {
        if self.out.is_full {
            return;
        }
        match node.node_type() {
            NodeType::Element if self.skip.contains(&node.id()) => {}
            NodeType::Element => self.element(node),
            NodeType::Text => self.out.put_escaped(node.text().unwrap_or_default(), in_text),
            NodeType::Comment if self.shows(node) => {
                self.out.put(b"<!--");
                self.out.put_lines(node.text().unwrap_or_default());
                self.out.put(b"-->");
            }
            NodeType::Comment | NodeType::Root => {}
            NodeType::PI => {
                if let Some(pi) = node.pi() {
                    self.instruction(pi.target, pi.value);
                }
            }
        }
    }

    fn instruction(&mut self, target: &str, value: Option<&str>) {
        self.out.put(b"<?");
        self.out.put(target.as_bytes());
        if let Some(value) = value {
            self.out.put(b" ");
            self.out.put_lines(value);
        }
        self.out.put(b"?>");
    }

    fn element(&mut self, node: Node<'a, '_>) {
        let name = tree::element_name(node);
        let outer = self.rendered.len();
        self.out.put(b"<");
        self.out.put(name.as_bytes());
        let mut attributes = attributes(node);
        self.namespaces(node, name, &attributes);
        let inside = std::mem::replace(&mut self.inside, true);
        attributes.append(&mut self.inherited);
        attributes.sort_unstable();
        for it in attributes {
            self.out.put(b" ");
            self.out.put(it.written.as_bytes());
            self.attribute_value(it.value);
        }
        self.out.put(b">");
        for child in node.children() {
            self.node(child);
        }
        self.out.put(b"</");
        self.out.put(name.as_bytes());
        self.out.put(b">");
        self.rendered.truncate(outer);
        self.inside = inside;
    }

    /// Writes the namespace declarations that the element needs and that are not in force in the output.
    fn namespaces(&mut self, node: Node<'a, '_>, name: &'a str, attributes: &[Attribute<'a>]) {
        let mut wanted: Vec<&'a str> = Vec::new();
        if self.canon.is_exclusive() {
            wanted.push(tree::prefix(name));
            wanted.extend(attributes.iter().map(|it| tree::prefix(it.written)).filter(|it| !it.is_empty()));
            let listed = self.prefixes.iter().map(|it| if *it == "#default" { "" } else { *it });
            if self.inside && !self.prefixes.is_empty() {
                // As below: what the list names and an outer element had in force is written already.
                let declared: Vec<&str> = tree::declared_prefixes(node).collect();
                wanted.extend(listed.filter(|it| declared.contains(it)));
            } else {
                wanted.extend(listed);
            }
        } else if self.inside {
            // All that was in force outside is written already: only what this very tag declares can be new.
            wanted.extend(tree::declared_prefixes(node));
        } else {
            wanted.push("");
            wanted.extend(node.namespaces().filter_map(roxmltree::Namespace::name));
        }
        wanted.sort_unstable();
        wanted.dedup();
        for prefix in wanted.into_iter().filter(|it| *it != "xml") {
            let key = if prefix.is_empty() { None } else { Some(prefix) };
            let namespace = node.lookup_namespace_uri(key);
            if namespace.is_none() && key.is_some() {
                continue;
            }
            self.namespace(prefix, namespace.unwrap_or_default());
        }
    }

    fn namespace(&mut self, prefix: &'a str, namespace: &'a str) {
        let in_force = self.rendered.iter().rev().find(|it| it.0 == prefix).map_or("", |it| it.1);
        if in_force == namespace {
            return;
        }
        self.rendered.push((prefix, namespace));
        self.out.put(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
        self.out.put(prefix.as_bytes());
        self.attribute_value(namespace);
    }

    fn attribute_value(&mut self, value: &str) {
        self.out.put(b"=\"");
        self.out.put_escaped(value, in_attribute);
        self.out.put(b"\"");
    }
}

/// Returns what stands for this byte in an attribute.
fn in_attribute(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

/// Returns what stands for this byte in text.
fn in_text(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}
