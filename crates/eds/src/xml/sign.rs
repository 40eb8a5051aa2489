// SPDX-License-Identifier: MIT OR Apache-2.0
//! Making signatures.

use std::fmt;
use std::ops::Range;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

use super::c14n::Selected;
use super::{CANONICAL_BYTES_MAX, Canon, Error, names, tree};

/// Why the holder of a key did not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerFailed(pub String);

/// A way to sign: the RSA PKCS#1 v1.5 signature over the SHA-256 of the bytes given.
pub type SignFn<'a> = dyn Fn(&[u8]) -> Result<Vec<u8>, SignerFailed> + 'a;

/// A certificate and the way to sign with its key.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The certificate that goes into the signature, in DER.
    pub certificate_der: &'a [u8],
    /// Returns the RSA PKCS#1 v1.5 signature over the SHA-256 of the bytes given.
    pub sign: &'a SignFn<'a>,
}

impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// Signs the whole document: the signature becomes the last child of the root, by the profile of the Kazakh
/// certification authority's client (reference `""`, enveloped, inclusive C14N 1.0).
///
/// A signed document may be signed again; the new signature covers the earlier ones.
/// Outside the place where the signature goes, no byte of the document changes.
pub fn sign_enveloped(xml: &str, signer: &Signer<'_>) -> Result<String, Error> {
    let doc = tree::parse(xml)?;
    let gap = Gap::at_end_of(doc.root_element());
    let covered = Selected::document(&doc, Canon::Inclusive).bytes(CANONICAL_BYTES_MAX)?;
    let plan = Plan {
        canon: Canon::Inclusive,
        reference: "",
        transforms: &[names::ENVELOPED, Canon::InclusiveWithComments.uri()],
        key_info: x509_data(signer.certificate_der),
    };
    plan.put(&gap, &covered, signer)
}

/// Signs the one element that has the id: the signature becomes the last child of the root (exclusive C14N).
pub fn sign_element(xml: &str, id: &str, signer: &Signer<'_>) -> Result<String, Error> {
    let doc = tree::parse(xml)?;
    let element = tree::by_id(&doc, id)?;
    check_id(id)?;
    let gap = Gap::at_end_of(doc.root_element());
    let covered = Selected::element(element, Canon::Exclusive).bytes(CANONICAL_BYTES_MAX)?;
    let whole = element == doc.root_element();
    let plan = Plan {
        canon: Canon::Exclusive,
        reference: &format!("#{id}"),
        transforms: if whole { &[names::ENVELOPED, names::EXC_C14N] } else { &[names::EXC_C14N] },
        key_info: x509_data(signer.certificate_der),
    };
    plan.put(&gap, &covered, signer)
}

fn x509_data(certificate_der: &[u8]) -> String {
    let certificate = STANDARD.encode(certificate_der);
    format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>")
}

/// Refuses an id that would have to be escaped in a reference.
pub(crate) fn check_id(id: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.is_empty() && id.chars().all(plain) { Ok(()) } else { Err(Error::ReferenceForeign) }
}

/// The place in a document's text where something is put in: the text before it and after it.
pub(crate) struct Gap {
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Gap {
    /// Returns the place before the end tag of the element; an empty-element tag is opened.
    pub(crate) fn at_end_of(node: Node<'_, '_>) -> Self {
        let text = node.document().input_text();
        let Range { start, end } = node.range();
        let written = text.get(start..end).unwrap_or_default();
        let (head, tail) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
        if let Some(open) = written.strip_suffix("/>") {
            let name = tree::element_name(node);
            return Self { before: format!("{head}{open}>"), after: format!("</{name}>{tail}") };
        }
        let (inside, close) = written.rsplit_once("</").unwrap_or((written, ""));
        Self { before: format!("{head}{inside}"), after: format!("</{close}{tail}") }
    }

    /// Returns the place before the first byte of the node.
    pub(crate) fn before(node: Node<'_, '_>) -> Self {
        let (before, after) = node.document().input_text().split_at(node.range().start);
        Self { before: before.to_owned(), after: after.to_owned() }
    }

    /// Puts text around the place, on both its sides.
    pub(crate) fn wrap(mut self, before: &str, after: &str) -> Self {
        self.before.push_str(before);
        self.after.insert_str(0, after);
        self
    }
}

/// How a signature is made.
pub(crate) struct Plan<'a> {
    pub(crate) canon: Canon,
    pub(crate) reference: &'a str,
    pub(crate) transforms: &'a [&'a str],
    /// The content of `ds:KeyInfo`.
    pub(crate) key_info: String,
}

impl Plan<'_> {
    /// Signs the canonical bytes `covered` and puts the signature into the gap.
    pub(crate) fn put(&self, gap: &Gap, covered: &[u8], signer: &Signer<'_>) -> Result<String, Error> {
        let signed_info = self.signed_info(covered);
        let head = format!("{}<ds:Signature xmlns:ds=\"{}\">", gap.before, names::DS);
        let at = head.len();
        let unsigned = format!("{head}{signed_info}</ds:Signature>{}", gap.after);
        let to_sign = {
            let doc = tree::parse(&unsigned)?;
            canonical_signed_info(&doc, at, self.canon)?
        };
        let value = (signer.sign)(&to_sign).map_err(|it| Error::SignerFailed { reason: it.0 })?;
        let value = STANDARD.encode(value);
        Ok(format!(
            "{head}{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>{}",
            self.key_info, gap.after
        ))
    }

    fn signed_info(&self, covered: &[u8]) -> String {
        let algorithm = |name: &str, uri: &str| format!("<ds:{name} Algorithm=\"{uri}\"/>");
        let transforms: String = self.transforms.iter().map(|it| algorithm("Transform", it)).collect();
        let digest = STANDARD.encode(digest(&SHA256, covered));
        [
            "<ds:SignedInfo>",
            &algorithm("CanonicalizationMethod", self.canon.uri()),
            &algorithm("SignatureMethod", names::RSA_SHA256),
            &format!("<ds:Reference URI=\"{}\"><ds:Transforms>{transforms}</ds:Transforms>", self.reference),
            &algorithm("DigestMethod", names::SHA256),
            &format!("<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"),
        ]
        .concat()
    }
}

fn canonical_signed_info(doc: &Document<'_>, at: usize, canon: Canon) -> Result<Vec<u8>, Error> {
    let node = doc.descendants().find(|it| it.is_element() && it.range().start == at);
    Selected::element(node.ok_or(Error::SignatureMisplaced)?, canon).bytes(CANONICAL_BYTES_MAX)
}
