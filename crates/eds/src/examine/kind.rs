// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a file is, by its content; names and endings say nothing.

use serde::{Deserialize, Serialize};

use super::{bundle, texts};
use crate::asn1::{self, BIT_STRING, ENUMERATED, Element, INTEGER, OID, SEQUENCE, SET, UTC_TIME, context};
use crate::{cms, oids, xml};

/// How a PDF begins.
pub(super) const PDF_HEAD: &[u8] = b"%PDF-";
/// Bytes before the head of a PDF that readers forgive.
const PDF_HEAD_BYTES: usize = 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// CMS or `CAdES`, attached or detached; DER, BER, PEM or base64.
    Cms,
    /// XML.
    Xml,
    /// PDF.
    Pdf,
    /// The archive of a signed act ([`crate::Archive`]).
    Archive,
    /// A certificate.
    Certificate,
    /// A time stamp: a token or a whole response.
    TimeStamp,
    /// A response of OCSP.
    Ocsp,
    /// A revocation list.
    RevocationList,
}

impl Kind {
    /// Returns what the bytes are, or what a text holds in base64; nothing where they are none of these
    /// ([`crate::Unread`] may say why). They may still be malformed inside.
    ///
    /// What a reader of PDF would take for one is nothing else, unless the head of the PDF is what is signed: a file is
    /// never judged as one document and shown as another.
    ///
    /// ```
    /// use eds::Kind;
    /// assert_eq!(Kind::of(b"%PDF-1.7\n"), Some(Kind::Pdf));
    /// assert_eq!(Kind::of(b"  <?xml version='1.0'?><a/>"), Some(Kind::Xml));
    /// assert_eq!(Kind::of(b"a letter"), None);
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let bytes = &*texts::unwrapped(bytes);
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let kind = match text.first()? {
            b'<' if texts::unread_encoding(bytes).is_some() => None,
            b'<' => Some(Self::Xml),
            b'{' => texts::is_archive(text).then_some(Self::Archive),
            _ if text.starts_with(PDF_HEAD) => Some(Self::Pdf),
            _ => Self::of_encoded(bytes),
        };
        let heads = pdf_heads(bytes);
        let are_signed = match kind {
            _ if heads.is_empty() => true,
            Some(Self::Cms) => {
                cms::place_of_content(bytes).is_some_and(|place| heads.iter().all(|it| place.contains(it)))
            }
            Some(Self::Xml) => xml::are_content(bytes, &heads),
            _ => false,
        };
        if are_signed { kind } else { Some(Self::Pdf) }
    }

    fn of_encoded(bytes: &[u8]) -> Option<Self> {
        let kind = Self::of_der(&asn1::from_noted_pem(bytes).ok()?)?;
        // Notes may stand beside a certificate, but no second one; beside anything else they would be shown as if signed.
        let is_alone = if kind == Self::Certificate {
            !texts::holds_several(bytes)
        } else {
            asn1::from_pem(bytes).is_ok()
        };
        is_alone.then_some(kind)
    }

    /// Returns what DER or BER is.
    pub(super) fn of_der(der: &[u8]) -> Option<Self> {
        if let Ok(outer) = Element::parse(der) {
            return Self::of_sequence(outer);
        }
        let straight = asn1::ber::to_der(der).ok()?;
        Self::of_sequence(Element::parse(&straight).ok()?)
    }

    /// Returns whether something may lie beside such a file: what was signed, stamped or archived.
    ///
    /// ```
    /// assert!(eds::Kind::Cms.has_content() && !eds::Kind::Pdf.has_content());
    /// ```
    #[must_use]
    pub const fn has_content(self) -> bool {
        match self {
            Self::Cms | Self::Archive | Self::TimeStamp => true,
            Self::Xml | Self::Pdf | Self::Certificate | Self::Ocsp | Self::RevocationList => false,
        }
    }

    fn of_sequence(outer: Element<'_>) -> Option<Self> {
        let mut fields = outer.expect(SEQUENCE).ok()?.reader();
        match fields.peek()? {
            OID => {
                let is_signed = fields.any().ok()?.oid().ok()? == oids::SIGNED_DATA;
                let data = fields.take(context(0)).ok().filter(|_| is_signed)?;
                if holds_stamp(data).unwrap_or(false) {
                    return Some(Self::TimeStamp);
                }
                bundle::in_der(outer.raw).is_none().then_some(Self::Cms)
            }
            ENUMERATED => Some(Self::Ocsp),
            SEQUENCE => {
                let first = fields.any().ok()?;
                // A response of a time-stamping authority begins with its status and may hold nothing else.
                let only_status =
                    first.reader().peek() == Some(INTEGER) && !Self::has_signature(fields.clone());
                if only_status {
                    return Some(Self::TimeStamp);
                }
                (Self::has_signature(fields) && !is_request(first)).then_some(())?;
                Some(if is_list(first) { Self::RevocationList } else { Self::Certificate })
            }
            _ => None,
        }
    }

    /// Returns whether algorithm and signature follow, as in certificates and lists.
    fn has_signature(mut rest: asn1::Reader<'_>) -> bool {
        let algorithm = rest.any().is_ok_and(|it| it.tag == SEQUENCE);
        let signature = rest.any().is_ok_and(|it| it.tag == BIT_STRING);
        algorithm && signature
    }
}

/// Returns where the head of a PDF stands, as far as readers look for it.
fn pdf_heads(bytes: &[u8]) -> Vec<usize> {
    let head = bytes.get(..PDF_HEAD_BYTES + PDF_HEAD.len()).unwrap_or(bytes);
    let places = head.windows(PDF_HEAD.len()).enumerate();
    places.filter(|(_, it)| *it == PDF_HEAD).map(|(place, _)| place).collect()
}

/// Returns whether the signed data are a time stamp.
fn holds_stamp(wrapped: Element<'_>) -> Option<bool> {
    let mut fields = Element::parse(wrapped.value).ok()?.expect(SEQUENCE).ok()?.reader();
    fields.any().ok()?;
    fields.any().ok()?;
    let kind = fields.any().ok()?.reader().any().ok()?.oid().ok()?;
    Some(kind == oids::TST_INFO)
}

/// Returns whether the signed part is that of a request for a certificate (PKCS#10): a number, a name and a key.
pub(super) fn is_request(tbs: Element<'_>) -> bool {
    let mut fields = tbs.reader();
    let is_numbered = fields.take(INTEGER).is_ok();
    let names = fields.take(SEQUENCE).is_ok_and(|it| matches!(it.reader().peek(), None | Some(SET)));
    let has_key = fields.take(SEQUENCE).is_ok_and(|it| it.reader().peek() == Some(SEQUENCE));
    is_numbered && names && has_key
}

/// Returns whether the signed part has a time where a certificate has its term: after algorithm and issuer.
fn is_list(tbs: Element<'_>) -> bool {
    let mut fields = tbs.reader();
    if fields.peek() == Some(INTEGER) {
        // Version of a list, or serial number of an old certificate.
        let _version = fields.any();
    }
    let skipped = fields.any().is_ok() && fields.any().is_ok();
    skipped && matches!(fields.peek(), Some(UTC_TIME | asn1::GENERALIZED_TIME))
}
