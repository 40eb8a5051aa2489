// SPDX-License-Identifier: MIT OR Apache-2.0
//! Texts in which programs hand over bytes: PEM and base64, as they are saved, pasted and quoted.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How a PEM begins.
pub(crate) const BEGIN: &str = "-----BEGIN ";
/// How its last line begins.
pub(crate) const END: &str = "-----END ";
/// How both lines end.
pub(crate) const DASHES: &str = "-----";

/// Some programs leave the padding out.
const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
/// Base64 as it is found.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);
/// The same with the letters that addresses may hold.
const OF_ADDRESSES: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, CONFIG);

/// Ends of lines and letters of base64 as JSON and XML write them.
const ESCAPED: [(&str, &str); 8] = [
    ("\\r", "\r"),
    ("\\n", "\n"),
    ("\\/", "/"),
    ("&#13;", "\r"),
    ("&#xD;", "\r"),
    ("&#xd;", "\r"),
    ("&#10;", "\n"),
    ("&#xA;", "\n"),
];

/// Returns bytes as a text, in UTF-8 or in UTF-16 with its mark; nothing where they are none.
pub(crate) fn of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units = pairs.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

/// Returns a text without what programs put around it: its mark, white space and NUL, quotes, in brackets or not, the head of a
/// `data:` address.
pub(crate) fn bare(text: &str) -> &str {
    let text = trimmed(text);
    let listed = text.strip_prefix('[').and_then(|it| it.strip_suffix(']')).map(trimmed);
    let text = listed.filter(|it| it.starts_with('"')).unwrap_or(text);
    let quoted = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let text = quoted.map_or(text, trimmed);
    in_address(text).map_or(text, trimmed)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|it: char| it.is_whitespace() || matches!(it, '\0' | '\u{feff}' | '\u{200b}'))
}

/// Returns what a `data:` address holds in base64 (RFC 2397); in its type no PDF could begin.
fn in_address(text: &str) -> Option<&str> {
    let (head, body) = text.split_once(',')?;
    let (scheme, rest) = head.split_at_checked("data:".len())?;
    let (kind, coding) = rest.split_at_checked(rest.len().checked_sub(";base64".len())?)?;
    let is_address = scheme.eq_ignore_ascii_case("data:") && coding.eq_ignore_ascii_case(";base64");
    (is_address && kind.bytes().all(|it| it.is_ascii_graphic() && it != b'%')).then_some(body)
}

/// Returns a text with these as they are meant.
pub(crate) fn meant(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '&']) {
        return Cow::Borrowed(text);
    }
    let meant = ESCAPED.iter().fold(text.to_owned(), |text, (written, own)| text.replace(written, own));
    Cow::Owned(trimmed(&unescaped(&meant)).to_owned())
}

/// Returns a text with each letter of ASCII that JSON wrote as `\u002b`.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut meant = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = part.split_at_checked(4).and_then(|(code, rest)| {
            let is_code = code.bytes().all(|it| it.is_ascii_hexdigit());
            let byte = u8::from_str_radix(code, 16).ok().filter(|it| is_code && it.is_ascii())?;
            Some((char::from(byte), rest))
        });
        if let Some((letter, rest)) = letter {
            meant.push(letter);
            meant.push_str(rest);
        } else {
            meant.push_str("\\u");
            meant.push_str(part);
        }
    }
    meant
}

/// Returns the bytes of base64, in lines or not, in either alphabet.
pub(crate) fn decoded(base64: &str) -> Option<Vec<u8>> {
    let body: String = base64.split_whitespace().collect();
    let alphabet = if body.contains(['-', '_']) { &OF_ADDRESSES } else { &BASE64 };
    alphabet.decode(body).ok()
}

/// Returns what stands between the two lines of a text that is one PEM and no more; they may all be one.
///
/// Its label is printable and without `-` (RFC 7468, 3), and without `%`: with that a PDF could begin in it.
pub(super) fn pem_alone(text: &str) -> Option<&str> {
    let (label, rest) = text.strip_prefix(BEGIN)?.split_once(DASHES)?;
    let (body, end) = rest.split_once(END)?;
    let is_word = label.bytes().all(|it| matches!(it, b' '..=b'~') && !matches!(it, b'-' | b'%'));
    (is_word && end.strip_suffix(DASHES) == Some(label)).then_some(body)
}

/// Returns what stands between the first two lines of a PEM text, which may all be one.
pub(super) fn pem_body(text: &str) -> &str {
    let after = text.split_once(BEGIN).and_then(|(_, label)| label.split_once(DASHES));
    let body = after.map_or("", |(_, body)| body);
    body.split_once(END).map_or(body, |(body, _)| body)
}

/// Returns each PEM of a text, without what stands beside it; of one that is cut all that is there.
pub(super) fn pem_blocks(text: &str) -> impl Iterator<Item = String> {
    text.split(BEGIN).skip(1).map(|rest| {
        let whole = rest.split_once(END).and_then(|(body, after)| {
            let (label, _) = after.split_once(DASHES)?;
            Some(format!("{BEGIN}{body}{END}{label}{DASHES}"))
        });
        whole.unwrap_or_else(|| format!("{BEGIN}{rest}"))
    })
}
