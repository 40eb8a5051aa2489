// SPDX-License-Identifier: MIT OR Apache-2.0
//! What texts say of themselves before they are read: XML its encoding, JSON its keys, base64 what it holds.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use super::kind::PDF_HEAD;
use crate::asn1::text;

/// Bytes in which the declaration of XML is looked for.
const DECLARATION_BYTES: usize = 256;
/// White space of XML.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
/// How XML in UTF-16 begins: with its mark, or with its declaration.
const UTF_16: [&[u8]; 4] = [b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0?\0", b"\0<\0?"];
/// How names of encodings of Unicode begin: UTF-8 is read, and bytes that could be read to declare another contradict it.
const UNICODE: [&str; 3] = ["utf", "ucs", "iso-10646"];
/// What an archive is made of.
const ARCHIVE_KEYS: [&str; 7] = ["content", "evidence", "policy", "seals", "signature", "verdict", "version"];
/// Keys that others hardly have.
const ARCHIVE_ALONE: [&str; 4] = ["evidence", "policy", "seals", "verdict"];

/// How base64 of a PDF, of XML, and of XML with its mark in either alphabet begins.
const BASE64_HEADS: [&str; 4] = ["JVBERi", "P", "77u/P", "77u_P"];

/// Returns the XML or the PDF that a text holds in base64; other bytes as they are. What else base64 may hold is read where it is
/// judged.
pub(super) fn unwrapped(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = text::of(bytes);
    let is_likely = |it: &&str| BASE64_HEADS.into_iter().any(|head| it.starts_with(head));
    let plain = text.as_deref().map(text::bare).filter(is_likely);
    let inside = plain.and_then(|it| text::decoded(&text::meant(it)));
    match inside {
        Some(inside) if inside.starts_with(PDF_HEAD) || is_markup(&inside) => Cow::Owned(inside),
        _ => Cow::Borrowed(bytes),
    }
}

/// Returns whether bytes begin as XML does, and not only with its first sign.
fn is_markup(bytes: &[u8]) -> bool {
    let is_next = |it: u8| it.is_ascii_alphabetic() || matches!(it, b'?' | b'!' | b'_' | b':' | 0x80..);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(bytes, [b'<', next, ..] if is_next(*next))
}

/// Returns whether a text holds more than one PEM.
pub(super) fn holds_several(bytes: &[u8]) -> bool {
    text::of(bytes).is_some_and(|it| it.matches(text::BEGIN).count() > 1)
}

/// Returns the encoding for which XML is not read; nothing where it is in UTF-8, or contradicts itself.
pub(super) fn unread_encoding(bytes: &[u8]) -> Option<&str> {
    if UTF_16.into_iter().any(|head| bytes.starts_with(head)) {
        return Some("UTF-16");
    }
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let declaration = head.split(|byte| *byte == b'>').next()?;
    let name = declared(std::str::from_utf8(declaration).ok()?)?;
    let small = name.to_ascii_lowercase();
    (!UNICODE.into_iter().any(|it| small.starts_with(it))).then_some(name)
}

/// Returns the encoding that a declaration names, by its grammar (XML 1.0, 2.8 and 4.3.3), less its `>`.
fn declared(declaration: &str) -> Option<&str> {
    let rest = declaration.strip_prefix("<?xml")?.strip_suffix('?')?;
    let (_, rest) = value_of(rest, "version")?;
    let (name, _) = value_of(rest, "encoding")?;
    let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-');
    (name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.chars().all(is_letter)).then_some(name)
}

/// Returns the value that follows under this name, and the text after it.
fn value_of<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let rest = text.strip_prefix(SPACE)?.trim_start_matches(SPACE).strip_prefix(name)?;
    let value = rest.trim_start_matches(SPACE).strip_prefix('=')?.trim_start_matches(SPACE);
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote)
}

/// Returns whether a JSON object has two keys that archives alone have, or ends before with any two of theirs: what other programs
/// send has some of them too.
pub(super) fn is_archive(json: &[u8]) -> bool {
    let mut found = BTreeSet::new();
    let mut json = serde_json::Deserializer::from_slice(json);
    let is_cut = json.deserialize_map(Seek(&mut found)).is_err();
    is_enough(&found) || (is_cut && found.len() > 1)
}

fn is_enough(found: &BTreeSet<&'static str>) -> bool {
    found.iter().filter(|it| ARCHIVE_ALONE.contains(it)).count() > 1
}

/// Returns whether a text is a JSON object with a name in it.
pub(super) fn is_json(text: &str) -> bool {
    let begins = text.trim_start().strip_prefix('{').is_some_and(|it| it.trim_start().starts_with('"'));
    begins && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Looks for keys of an archive until there are enough, and keeps nothing of what it passes.
struct Seek<'a>(&'a mut BTreeSet<&'static str>);

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(key) = fields.next_key::<String>()? {
            self.0.extend(ARCHIVE_KEYS.into_iter().find(|it| *it == key));
            if is_enough(self.0) {
                return Ok(());
            }
            fields.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a document in this encoding, with a letter of windows-1251 in it.
    fn in_encoding(declaration: &str) -> Vec<u8> {
        [declaration.as_bytes(), b"<a>\xc0</a>"].concat()
    }

    #[test]
    fn xml_names_the_encoding_for_which_it_is_not_read() {
        for declaration in [
            "<?xml version=\"1.0\" encoding=\"windows-1251\"?>",
            "<?xml\n version = '1.0'\r\n\tencoding = 'windows-1251' standalone='yes' ?>",
        ] {
            assert_eq!(unread_encoding(&in_encoding(declaration)), Some("windows-1251"), "{declaration}");
        }
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>";
        let (little, big): (Vec<u8>, Vec<u8>) = (
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        );
        let marked = [[&b"\xff\xfe"[..], &little].concat(), [&b"\xfe\xff"[..], &big].concat()];
        for bytes in marked.into_iter().chain([little, big]) {
            assert_eq!(unread_encoding(&bytes), Some("UTF-16"), "{bytes:02x?}");
        }
    }

    #[test]
    fn xml_that_contradicts_itself_or_declares_nothing_is_left_to_the_parser() {
        for declaration in [
            "",
            "<?xml version='1.0'?>",
            "<?xml version='1.0' encoding='UTF-8'?>",
            "<?xml version='1.0' encoding='utf8'?>",
            // The bytes are none of these.
            "<?xml version='1.0' encoding='utf-16'?>",
            "<?xml version='1.0' encoding='UCS-2'?>",
            "<?xml version='1.0' encoding='ISO-10646-UCS-4'?>",
            "\u{feff}<?xml version='1.0' encoding='windows-1251'?>",
            // No declarations by the grammar.
            " <?xml version='1.0' encoding='windows-1251'?>",
            "<?xml encoding='windows-1251'?>",
            "<?xml version='1.0'encoding='windows-1251'?>",
            "<?xml version='1.0' encoding='windows-1251\"?>",
            "<?xml version='1.0' encoding=windows-1251?>",
            "<?xml version='1.0' encoding='1251'?>",
            "<?xml version='1.0' encoding='windows 1251'?>",
            "<?xml version='1.0' encoding=''?>",
            "<?xml version='1.0' encoding='windows-1251'>",
            "<a><?xml version='1.0' encoding='windows-1251'?></a>",
        ] {
            assert_eq!(unread_encoding(&in_encoding(declaration)), None, "{declaration}");
        }
    }

    #[test]
    fn json_is_an_archive_by_two_keys_of_its_own_or_where_it_is_cut_by_any_two() {
        for (key, other) in ARCHIVE_ALONE.into_iter().zip(ARCHIVE_ALONE.into_iter().skip(1)) {
            let json = format!("{{\"cms\": [{{}}, 1], \"{key}\": 1, \"{other}\": 1}}");
            assert!(is_archive(json.as_bytes()) && is_json(&json), "{key}");
        }
        for (key, other) in ARCHIVE_KEYS.into_iter().zip(ARCHIVE_KEYS.into_iter().skip(1)) {
            // Cut short, or damaged behind them.
            assert!(is_archive(format!("{{\n\"{key}\": 1, \"{other}\":").as_bytes()), "{key}");
            let alone = format!("{{\"{key}\": 1, \"{key}\": 2}}");
            assert!(!is_archive(alone.as_bytes()), "{key}");
        }
        let of_programs = br#"{"version": "2.0", "content": "YQ==", "signature": "MIIB"}"#;
        assert!(
            !is_archive(of_programs) && !is_json("{}") && !is_json("{\\rtf1 content}") && !is_json("[1]")
        );
        for other in [
            &b"{}"[..],
            b"{",
            br#"{"cms": "MIIB"}"#,
            br#"{"cms": {"content": 1}}"#,
            br#"{"cms": ["content", "evidence"]}"#,
            br#"{"certificates": [], "ocsp": [], "crls": [], "stamps": []}"#,
            br"{\rtf1 content}",
            b"{\"\xc0\": 1, \"content\": 1}",
        ] {
            assert!(!is_archive(other), "{}", String::from_utf8_lossy(other));
        }
        // No depth is too deep for what is passed over.
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let deep = format!("{{\"cms\": {deep}, \"policy\": 1, \"verdict\": 1}}");
        assert!(is_archive(deep.as_bytes()));
    }
}
