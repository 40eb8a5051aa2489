// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a file is none of the kinds, so that whoever has it learns what to do instead.

use const_oid::ObjectIdentifier;

use super::Kind;
use super::kind::is_request;
use super::{bundle, texts};
use crate::asn1::text::{self, BEGIN, DASHES, END};
use crate::asn1::{self, Asn1Error, ENUMERATED, Element, INTEGER, OCTET_STRING, OID, SEQUENCE};

/// How a ZIP begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// What lies in a signed ZIP: `ASiC`, or of `KalkanCrypt`.
const ZIP_SIGNATURES: [&[u8]; 3] = [b"META-INF/signature", b"META-INF/ASiCManifest", b"META-INF/NCAManifest"];
/// Bytes in which the heads of mail are looked for.
const MAIL_HEAD_BYTES: usize = 8 * 1024;
/// What the heads of encrypted mail say.
const MAIL_ENCRYPTED: &str = "enveloped-data";
/// What the heads of signed mail say.
const MAIL_TYPES: [&str; 3] = ["multipart/signed", "pkcs7-mime", "pkcs7-signature"];
/// What stands in the lines of each PEM of a private key.
const PRIVATE: &str = "PRIVATE KEY-----";
/// Letters of base64 that hold the head of the outer element, and more.
const HEAD_LETTERS: usize = 16;
/// Contents of a CMS that is encrypted: enveloped, signed and enveloped (PKCS#7), encrypted, enveloped with a code.
const ENCRYPTED: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.4"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23"),
];

/// Why a file is none of the kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is XML in this encoding: XML is read in UTF-8 alone.
    Encoding(String),
    /// It holds several PEM, and nothing says which of them is meant.
    Several,
    /// Text stands beside the PEM of something else than a certificate: it would be shown, and nobody signed it.
    Noted,
    /// It ends before the length that it states.
    Cut,
    /// More stands behind the end that it states, and nobody signed that.
    Followed,
    /// It is encrypted: a CMS, or mail by S/MIME.
    Encrypted,
    /// It is a key file or a private key: it is for nobody but its owner.
    Key,
    /// It is a request for a certificate (PKCS#10).
    Request,
    /// It is a CMS that nobody signed (`.p7b`): certificates and lists, handed over.
    Bundle,
    /// It is mail that was signed by S/MIME.
    Mail,
    /// It is a ZIP with signatures inside: `ASiC`, or of `KalkanCrypt`.
    SignedZip,
    /// It is another ZIP: an archive, or a document of an office program.
    Zip,
    /// It is what one program sends another (JSON): what is signed lies in it.
    Json,
}

impl Unread {
    /// Returns why the bytes are none of the kinds, where that can be told.
    ///
    /// ```
    /// use eds::{Kind, Unread};
    /// let cut = [0x30, 0x82, 0x08, 0x00, 0x06, 0x09];
    /// assert_eq!((Kind::of(&cut), Unread::of(&cut)), (None, Some(Unread::Cut)));
    /// assert_eq!(Unread::of(b"a letter"), None);
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let bytes = &*texts::unwrapped(bytes);
        if let Some(name) = texts::unread_encoding(bytes) {
            return Some(Self::Encoding(name.to_owned()));
        }
        if bytes.starts_with(ZIP) {
            let holds = |name: &[u8]| bytes.windows(name.len()).any(|it| it == name);
            let is_signed = ZIP_SIGNATURES.into_iter().any(holds);
            return Some(if is_signed { Self::SignedZip } else { Self::Zip });
        }
        let text = text::of(bytes);
        let said = text.as_deref().and_then(Self::of_text);
        said.or_else(|| Self::of_encoded(bytes, text.as_deref()))
    }

    fn of_text(text: &str) -> Option<Self> {
        let head: String = text.chars().take(MAIL_HEAD_BYTES).collect();
        let head = head.to_ascii_lowercase();
        if text.contains(PRIVATE) {
            Some(Self::Key)
        } else if text.matches(BEGIN).count() > 1 {
            Some(Self::Several)
        } else if text.contains(BEGIN) && text.rsplit_once(END).is_none_or(|(_, end)| !end.contains(DASHES)) {
            Some(Self::Cut)
        } else {
            let is_mail = head.contains("content-type:") && MAIL_TYPES.iter().any(|it| head.contains(it));
            let mail = if head.contains(MAIL_ENCRYPTED) { Self::Encrypted } else { Self::Mail };
            is_mail.then_some(mail).or_else(|| texts::is_json(text).then_some(Self::Json))
        }
    }

    /// Says it of DER, BER and texts of them.
    fn of_encoded(bytes: &[u8], text: Option<&str>) -> Option<Self> {
        if text.is_some_and(is_cut_base64) {
            return Some(Self::Cut);
        }
        let der = asn1::from_noted_pem(bytes).ok()?;
        let straight = asn1::ber::to_der(&der);
        if is_cut(&der, der.len()) || (begins_endless(&der) && straight == Err(Asn1Error::Truncated)) {
            return Some(Self::Cut);
        }
        if is_followed(&der) || (begins_endless(&der) && straight == Err(Asn1Error::Trailing)) {
            return Some(Self::Followed);
        }
        let outer = Element::parse(straight.as_deref().unwrap_or_default()).ok()?.expect(SEQUENCE).ok()?;
        if is_key(outer) {
            Some(Self::Key)
        } else if is_encrypted(outer) {
            Some(Self::Encrypted)
        } else if outer.reader().any().is_ok_and(is_request) {
            Some(Self::Request)
        } else if bundle::in_der(outer.raw).is_some() {
            Some(Self::Bundle)
        } else {
            let is_noted = asn1::from_pem(bytes).is_err() && Kind::of_der(&der).is_some();
            is_noted.then_some(Self::Noted)
        }
    }
}

/// Returns whether the outer element states more bytes than there are: so long a one that a letter does not begin so.
fn is_cut(head: &[u8], length: usize) -> bool {
    let Ok((SEQUENCE, start, stated)) = asn1::header(head) else { return false };
    let begins = head.get(start).is_some_and(|it| [OID, SEQUENCE, INTEGER, ENUMERATED].contains(it));
    start > 2 && begins && start.saturating_add(stated) > length
}

/// Returns whether signed data of an indefinite length begin here.
fn begins_endless(bytes: &[u8]) -> bool {
    bytes.starts_with(&[SEQUENCE, 0x80, OID])
}

/// Returns whether a file of one of the kinds stands before more.
fn is_followed(der: &[u8]) -> bool {
    let Ok((SEQUENCE, start, stated)) = asn1::header(der) else { return false };
    let parts = start.checked_add(stated).and_then(|end| der.split_at_checked(end));
    parts.is_some_and(|(first, rest)| !rest.is_empty() && Kind::of_der(first).is_some())
}

/// Returns whether base64, which may end anywhere, holds a part of the outer element.
fn is_cut_base64(text: &str) -> bool {
    let plain = text::bare(text);
    if !plain.starts_with('M') || plain.contains(BEGIN) {
        return false;
    }
    let letters: String = text::meant(plain).split_whitespace().collect();
    let head = letters.get(..HEAD_LETTERS).and_then(text::decoded);
    head.is_some_and(|head| is_cut(&head, letters.trim_end_matches('=').len() * 3 / 4))
}

/// Returns whether this is a CMS that is encrypted.
fn is_encrypted(outer: Element<'_>) -> bool {
    let content = outer.reader().any().and_then(|it| it.oid());
    content.is_ok_and(|it| ENCRYPTED.contains(&it))
}

/// Returns whether this is a key file (PKCS#12) or a private key (PKCS#8, encrypted or not, PKCS#1).
fn is_key(outer: Element<'_>) -> bool {
    let mut fields = outer.reader();
    let (Ok(first), Ok(second)) = (fields.any(), fields.any()) else { return false };
    let names = |it: Element<'_>| it.tag == SEQUENCE && it.reader().peek() == Some(OID);
    match (first.tag, second.tag) {
        (INTEGER, SEQUENCE) => names(second),
        (INTEGER, INTEGER) => first.value == [0] && fields.peek() == Some(INTEGER),
        (SEQUENCE, OCTET_STRING) => names(first) && fields.is_empty(),
        _ => false,
    }
}
