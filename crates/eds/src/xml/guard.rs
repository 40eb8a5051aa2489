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

/// Checks the limits and refuses document type declarations; of well-formedness it looks at what the parser does not see:
/// characters by their numbers, names with an empty part, names of namespaces.
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
    while let Some((before, after)) = rest.split_once('<') {
        check_references(before)?;
        scan.tags += 1;
        if scan.tags > TAGS_MAX {
            return Err(Error::TooMany { what: "tags" });
        }
        rest = scan.markup(after)?;
    }
    check_references(rest)
}

/// Refuses references by number to what is no character of XML (XML 1.0, 4.1): the parser would read another one there.
fn check_references(text: &str) -> Result<(), Error> {
    if text.split("&#").skip(1).all(begins_with_character) { Ok(()) } else { Err(cut_short()) }
}

/// Tells whether the text behind a `&#` begins with the number of a character and a `;`.
fn begins_with_character(text: &str) -> bool {
    let number = text.split_once(';').map_or("", |it| it.0);
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |it| (it, 16));
    let code =
        u32::from_str_radix(digits, radix).ok().filter(|_| digits.chars().all(|it| it.is_digit(radix)));
    let is_character = |it| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    code.and_then(char::from_u32).is_some_and(is_character)
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
            let (name, rest) = body.split_once('>').ok_or_else(cut_short)?;
            return check_names(name).map(|()| rest);
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
            check_names(before)?;
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
                    let declared = declared_prefix(before);
                    namespaces += usize::from(declared.is_some());
                    if attributes > ATTRIBUTES_PER_ELEMENT_MAX {
                        return Err(Error::TooMany { what: "attributes on one element" });
                    }
                    let (value, after) = marks.as_str().split_once(mark).ok_or_else(cut_short)?;
                    check_references(value)?;
                    declared.map_or(Ok(()), |prefix| check_declared(prefix, value))?;
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

/// Returns the prefix that is declared where the text before a quoted value ends with the name of a namespace declaration and
/// a `=`; empty for the default namespace.
fn declared_prefix(before: &str) -> Option<&str> {
    let name = before.split('=').next().unwrap_or_default();
    let name = name.split_ascii_whitespace().next_back().unwrap_or_default();
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

/// Checks the name that a prefix is declared for. One that is relative has no canonical form (Canonical XML 1.0, 1.3); nothing is
/// bound to the prefix of declarations (Namespaces in XML 1.0, 3).
fn check_declared(prefix: &str, name: &str) -> Result<(), Error> {
    if name.len() > NAMESPACE_BYTES_MAX {
        return Err(Error::TooMany { what: "bytes in the name of a namespace" });
    }
    if prefix == "xmlns" {
        return Err(cut_short());
    }
    if name.is_empty() || has_scheme(name) { Ok(()) } else { Err(Error::NamespaceRelative) }
}

/// Tells whether a reference begins with a scheme (RFC 3986, 3.1).
fn has_scheme(reference: &str) -> bool {
    let scheme = reference.split_once(':').map_or("", |it| it.0);
    let is_of_scheme = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
    scheme.starts_with(|it: char| it.is_ascii_alphabetic()) && scheme.chars().all(is_of_scheme)
}

/// Refuses names of a tag with a colon before or behind all else: prefix and name have a letter each (Namespaces in XML 1.0, 4).
fn check_names(tag: &str) -> Result<(), Error> {
    let mut names = tag.split([' ', '\t', '\r', '\n', '=', '/']);
    if names.any(|it| it.starts_with(':') || it.ends_with(':')) { Err(cut_short()) } else { Ok(()) }
}

fn past<'a>(text: &'a str, end: &str) -> Result<&'a str, Error> {
    text.split_once(end).map(|it| it.1).ok_or_else(cut_short)
}

fn cut_short() -> Error {
    Error::Malformed { line: 1, column: 1 }
}
