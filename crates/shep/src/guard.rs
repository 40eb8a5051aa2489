// SPDX-License-Identifier: MIT OR Apache-2.0
//! A cheap look at a document before it is parsed: everything that could make parsing dear is bounded here.

use crate::Error;

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

/// Checks the limits and refuses document type declarations; of well-formedness it looks at characters by their numbers alone,
/// of which the parser reads some as others.
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

/// Refuses references by number to what is no character of XML (XML 1.0, 4.1).
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

/// Refuses a declaration of another encoding or another version of XML: the bytes are read as UTF-8 and by the rules of 1.0
/// here and might be read otherwise there.
fn check_declaration(text: &str) -> Result<(), Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some((declaration, _)) = text.strip_prefix("<?xml").and_then(|it| it.split_once("?>")) else {
        return Ok(());
    };
    if declaration.contains("1.1") {
        return Err(cut_short());
    }
    let Some((_, encoding)) = declaration.split_once("encoding") else { return Ok(()) };
    let name = encoding.trim_start().trim_start_matches('=').trim_start();
    let name = name.get(1..6).unwrap_or_default();
    if name.eq_ignore_ascii_case("utf-8") { Ok(()) } else { Err(Error::NotUtf8) }
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
                    namespaces += usize::from(before.contains("xmlns"));
                    if attributes > ATTRIBUTES_PER_ELEMENT_MAX {
                        return Err(Error::TooMany { what: "attributes on one element" });
                    }
                    let (value, after) = marks.as_str().split_once(mark).ok_or_else(cut_short)?;
                    check_references(value)?;
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

fn past<'a>(text: &'a str, end: &str) -> Result<&'a str, Error> {
    text.split_once(end).map(|it| it.1).ok_or_else(cut_short)
}

fn cut_short() -> Error {
    Error::Malformed { line: 1, column: 1 }
}
