// SPDX-License-Identifier: MIT OR Apache-2.0
//! Canonical XML 1.0 and Exclusive Canonical XML 1.0, with and without comments.
//!
//! What is canonicalised is always a document or an element with all that is in it, less whole elements (the
//! signatures that the enveloped-signature transform removes). So the output's parent of a node is its real parent.

use roxmltree::{Document, Node, NodeId, NodeType};

use super::{Error, names, tree};

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
    Ok(document(&doc, canon, &[]))
}

/// Returns the canonical form of a parsed document less the elements `skip`.
pub(crate) fn document(doc: &Document<'_>, canon: Canon, skip: &[NodeId]) -> Vec<u8> {
    let mut writer = Writer::new(doc, canon, &[], skip);
    let mut root_passed = false;
    for node in doc.root().children() {
        let written = node.is_element() || writer.shows(node);
        if written && root_passed {
            writer.out.push(b'\n');
        }
        writer.node(node);
        root_passed |= node.is_element();
        if written && !root_passed {
            writer.out.push(b'\n');
        }
    }
    writer.out
}

/// Returns the canonical form of an element of a document, less the elements `skip`.
///
/// `prefixes` is the `PrefixList` of the exclusive form; the inclusive form does not use it.
pub(crate) fn element(node: Node<'_, '_>, canon: Canon, prefixes: &[&str], skip: &[NodeId]) -> Vec<u8> {
    let mut writer = Writer::new(node.document(), canon, prefixes, skip);
    if !canon.is_exclusive() {
        writer.inherited = inherited_xml_attributes(node);
    }
    writer.node(node);
    writer.out
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
    out: Vec<u8>,
    /// The namespaces written on the open elements, innermost last: prefix and name.
    rendered: Vec<(&'a str, &'a str)>,
    inherited: Vec<Attribute<'a>>,
    /// Whether an element is open.
    inside: bool,
}

impl<'a> Writer<'a> {
    fn new(doc: &Document<'_>, canon: Canon, prefixes: &'a [&'a str], skip: &'a [NodeId]) -> Self {
        let out = Vec::with_capacity(doc.input_text().len());
        Self { canon, prefixes, skip, out, rendered: Vec::new(), inherited: Vec::new(), inside: false }
    }

    /// Tells whether a comment or processing instruction is written.
    fn shows(&self, node: Node<'_, '_>) -> bool {
        node.is_pi() || (node.is_comment() && self.canon.keeps_comments())
    }

    // Depth is bounded by `guard::DEPTH_MAX`.
    fn node(&mut self, node: Node<'a, '_>) {
        match node.node_type() {
            NodeType::Element if self.skip.contains(&node.id()) => {}
            NodeType::Element => self.element(node),
            NodeType::Text => escape_text(&mut self.out, node.text().unwrap_or_default()),
            NodeType::Comment if self.shows(node) => {
                self.out.extend_from_slice(b"<!--");
                unify_lines(&mut self.out, node.text().unwrap_or_default());
                self.out.extend_from_slice(b"-->");
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
        self.out.extend_from_slice(b"<?");
        self.out.extend_from_slice(target.as_bytes());
        if let Some(value) = value {
            self.out.push(b' ');
            unify_lines(&mut self.out, value);
        }
        self.out.extend_from_slice(b"?>");
    }

    fn element(&mut self, node: Node<'a, '_>) {
        let name = tree::element_name(node);
        let outer = self.rendered.len();
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        let mut attributes = attributes(node);
        self.namespaces(node, name, &attributes);
        let inside = std::mem::replace(&mut self.inside, true);
        attributes.append(&mut self.inherited);
        attributes.sort_unstable();
        for it in attributes {
            self.out.push(b' ');
            self.out.extend_from_slice(it.written.as_bytes());
            self.attribute_value(it.value);
        }
        self.out.push(b'>');
        for child in node.children() {
            self.node(child);
        }
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
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
        self.out.extend_from_slice(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
        self.out.extend_from_slice(prefix.as_bytes());
        self.attribute_value(namespace);
    }

    fn attribute_value(&mut self, value: &str) {
        self.out.extend_from_slice(b"=\"");
        for byte in value.bytes() {
            match byte {
                b'&' => self.out.extend_from_slice(b"&amp;"),
                b'<' => self.out.extend_from_slice(b"&lt;"),
                b'"' => self.out.extend_from_slice(b"&quot;"),
                b'\t' => self.out.extend_from_slice(b"&#x9;"),
                b'\n' => self.out.extend_from_slice(b"&#xA;"),
                b'\r' => self.out.extend_from_slice(b"&#xD;"),
                other => self.out.push(other),
            }
        }
        self.out.push(b'"');
    }
}

fn escape_text(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            other => out.push(other),
        }
    }
}

/// Writes text with each line end as one `\n`: the parser leaves comments and instructions as they stand in the file.
fn unify_lines(out: &mut Vec<u8>, text: &str) {
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' if bytes.peek() == Some(&b'\n') => {}
            b'\r' => out.push(b'\n'),
            other => out.push(other),
        }
    }
}
