// SPDX-License-Identifier: MIT OR Apache-2.0
//! A cheap look at a document before it is parsed: everything that could make parsing dear is bounded here.

use super::Error;

/// The longest document accepted, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The deepest nesting of elements accepted.
pub const DEPTH_MAX: usize = 100;
/// The most tags, comments and processing instructions accepted together.
pub const TAGS_MAX: usize = 400_000;
/// The most `=` signs accepted (a parser reserves room for that many attributes).
pub const EQUAL_SIGNS_MAX: usize = 400_000;
/// The most attributes of one element, namespace declarations included.
pub const ATTRIBUTES_PER_ELEMENT_MAX: usize = 128;
/// The most namespace declarations in force at one place.
pub const NAMESPACES_IN_SCOPE_MAX: usize = 64;
/// The most namespace declarations in one document: each makes the parser copy those in force.
pub const NAMESPACE_DECLARATIONS_MAX: usize = 20_000;
/// The longest name of a namespace: it is compared and written again wherever it is used.
const NAMESPACE_BYTES_MAX: usize = 4096;

/// White space of XML.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Checks the limits and refuses document type declarations; says nothing of well-formedness.
pub(crate) fn check(text: &str) -> Result<(), Error> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(Error::TooLarge);
    }
    if text.bytes().filter(|byte| *byte == b'=').count() > EQUAL_SIGNS_MAX {
        return Err(Error::TooMany { what: "`=` signs" });
    }
    check_declaration(text)?;
    let mut scan = Scan::default();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        scan.tags += 1;
        if scan.tags > TAGS_MAX {
            return Err(Error::TooMany { what: "tags" });
        }
        rest = scan.markup(after)?;
    }
    Ok(())
}

/// Reads the declaration (XML 1.0, 2.8), and refuses one of another encoding or another version of XML: the bytes are read as
/// UTF-8 and by the rules of 1.0 here and might be read otherwise there.
fn check_declaration(text: &str) -> Result<(), Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(after) = text.strip_prefix("<?xml").filter(|it| it.starts_with(SPACES)) else { return Ok(()) };
    let (declaration, _) = after.split_once("?>").ok_or_else(cut_short)?;
    let (version, rest) = declared(declaration, "version")?;
    let (encoding, rest) = declared(rest, "encoding")?;
    let (standalone, rest) = declared(rest, "standalone")?;
    let is_utf8 = |name: &str| ["utf-8", "utf8"].iter().any(|it| name.eq_ignore_ascii_case(it));
    if encoding.is_some_and(|it| !is_utf8(it)) {
        return Err(Error::NotUtf8);
    }
    let is_known = version == Some("1.0") && standalone.is_none_or(|it| matches!(it, "yes" | "no"));
    let is_all = rest.trim_start_matches(SPACES).is_empty();
    if is_known && is_all { Ok(()) } else { Err(cut_short()) }
}

/// Takes `name="value"` after white space; returns the value, nothing where something else stands, and the rest.
fn declared<'a>(text: &'a str, name: &str) -> Result<(Option<&'a str>, &'a str), Error> {
    let start = text.trim_start_matches(SPACES);
    let Some(after) = start.strip_prefix(name).filter(|_| start.len() < text.len()) else {
        return Ok((None, text));
    };
    let equals = after.trim_start_matches(SPACES).strip_prefix('=').ok_or_else(cut_short)?;
    let quoted = equals.trim_start_matches(SPACES);
    let quote = quoted.chars().next().filter(|it| matches!(it, '"' | '\''));
    let value = quote.and_then(|it| quoted.strip_prefix(it)?.split_once(it));
    value.map(|(value, rest)| (Some(value), rest)).ok_or_else(cut_short)
}

/// What is open at the place reached.
#[derive(Default)]
struct Scan {
    tags: usize,
    /// Namespace declarations of each open element.
    open: Vec<usize>,
    in_scope: usize,
    declared: usize,
}

impl Scan {
    /// Passes one piece of markup, given the text after its `<`; returns the text after it.
    fn markup<'a>(&mut self, after: &'a str) -> Result<&'a str, Error> {
        if let Some(body) = after.strip_prefix("!--") {
            return past(body, "-->");
        }
        if let Some(body) = after.strip_prefix("![CDATA[") {
            return past(body, "]]>");
        }
        if let Some(body) = after.strip_prefix('?') {
            return past(body, "?>");
        }
        if after.starts_with('!') {
            return Err(Error::Dtd);
        }
        if let Some(body) = after.strip_prefix('/') {
            self.in_scope -= self.open.pop().unwrap_or_default();
            return past(body, ">");
        }
        self.start_tag(after)
    }

    fn start_tag<'a>(&mut self, mut rest: &'a str) -> Result<&'a str, Error> {
        let (mut attributes, mut namespaces) = (0, 0);
        loop {
            let at = rest.find(['"', '\'', '>', '<']).ok_or_else(cut_short)?;
            let (before, from) = rest.split_at_checked(at).ok_or_else(cut_short)?;
            let mut marks = from.chars();
            let mark = marks.next().unwrap_or_default();
            match mark {
                '>' => {
                    self.declared += namespaces;
                    if !before.ends_with('/') {
                        self.open.push(namespaces);
                        self.in_scope += namespaces;
                    }
                    let here = self.in_scope + if before.ends_with('/') { namespaces } else { 0 };
                    return self.within_limits(here).map(|()| marks.as_str());
                }
                '<' => return Err(cut_short()),
                _ => {
                    attributes += 1;
                    let is_namespace = declares_namespace(before);
                    namespaces += usize::from(is_namespace);
                    if attributes > ATTRIBUTES_PER_ELEMENT_MAX {
                        return Err(Error::TooMany { what: "attributes on one element" });
                    }
                    let (value, after) = marks.as_str().split_once(mark).ok_or_else(cut_short)?;
                    if is_namespace && value.len() > NAMESPACE_BYTES_MAX {
                        return Err(Error::TooMany { what: "bytes in the name of a namespace" });
                    }
                    rest = after;
                }
            }
        }
    }

    fn within_limits(&self, namespaces: usize) -> Result<(), Error> {
        if self.open.len() > DEPTH_MAX {
            return Err(Error::TooDeep);
        }
        if namespaces > NAMESPACES_IN_SCOPE_MAX || self.declared > NAMESPACE_DECLARATIONS_MAX {
            return Err(Error::TooMany { what: "namespaces" });
        }
        Ok(())
    }
}

/// Tells whether the text before a quoted value ends with the name of a namespace declaration and a `=`.
fn declares_namespace(before: &str) -> bool {
    let name = before.split('=').next().unwrap_or_default();
    let name = name.split_ascii_whitespace().next_back().unwrap_or_default();
    name == "xmlns" || name.starts_with("xmlns:")
}

fn past<'a>(text: &'a str, end: &str) -> Result<&'a str, Error> {
    text.split_once(end).map(|it| it.1).ok_or_else(cut_short)
}

fn cut_short() -> Error {
    Error::Malformed { line: 1, column: 1 }
}
