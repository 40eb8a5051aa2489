// SPDX-License-Identifier: MIT OR Apache-2.0
//! The unsigned properties of `XAdES`: time stamps over the signature value, certificates, answers about revocation.
//!
//! Anybody can write them into a signed document: each piece proves itself, and what cannot be read is left out.

use roxmltree::Node;

use super::signature::canon_form;
use super::{c14n, names, tree};
use crate::asn1::{Element, SEQUENCE};
use crate::cms::{STAMPS_MAX, ocsp_response};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};

/// A time stamp beside a signature of XML, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampBeside {
    /// The canonical bytes of the signature value: what the stamp should be over.
    pub over: Vec<u8>,
    /// The token, DER.
    pub token: Vec<u8>,
}

/// What stands unsigned beside a signature, unverified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsigned {
    /// Time stamps over the signature value.
    pub stamps: Vec<StampBeside>,
    /// Certificates, answers and lists.
    pub evidence: Evidence,
}

/// Reads `UnsignedSignatureProperties` of the signature with this `SignatureValue` (ETSI EN 319 132-1, 5.3 and 5.4).
pub(super) fn read(properties: Node<'_, '_>, value: Node<'_, '_>) -> Unsigned {
    let mut found = Unsigned::default();
    for property in properties.children() {
        if tree::is(property, names::XADES, "SignatureTimeStamp") {
            found.stamps.extend(stamps(property, value));
        } else if tree::is(property, names::XADES_141, "TimeStampValidationData") {
            property.children().for_each(|it| values(it, &mut found.evidence));
        } else {
            values(property, &mut found.evidence);
        }
    }
    found.stamps.truncate(STAMPS_MAX);
    found
}

/// Returns the tokens of one property. It is over the whole signature value: one that includes something else is another's.
fn stamps(property: Node<'_, '_>, value: Node<'_, '_>) -> Vec<StampBeside> {
    let named = |name: &'static str| property.children().filter(move |it| tree::is(*it, names::XADES, name));
    if named("Include").chain(named("ReferenceInfo")).next().is_some() {
        return Vec::new();
    }
    let form = property.children().find(|it| tree::is(*it, names::DS, "CanonicalizationMethod"));
    let over = match form.map(canon_form) {
        None => c14n::element(value, super::Canon::Inclusive, &[], &[]),
        Some(Ok(form)) => c14n::element(value, form.canon, &form.prefixes, &[]),
        Some(Err(_)) => return Vec::new(),
    };
    let tokens = named("EncapsulatedTimeStamp").filter_map(encapsulated).take(STAMPS_MAX);
    tokens.map(|token| StampBeside { over: over.clone(), token }).collect()
}

/// Takes `CertificateValues` and `RevocationValues`.
fn values(property: Node<'_, '_>, found: &mut Evidence) {
    let each = |of: Node<'_, '_>, name| -> Vec<Vec<u8>> {
        let named = of.children().filter(|it| tree::is(*it, names::XADES, name));
        named.filter_map(encapsulated).take(EVIDENCE_ITEMS_MAX).collect()
    };
    if tree::is(property, names::XADES, "CertificateValues") {
        found.certificates.extend(each(property, "EncapsulatedX509Certificate"));
    }
    if tree::is(property, names::XADES, "RevocationValues") {
        for kind in property.children() {
            if tree::is(kind, names::XADES, "CRLValues") {
                found.crls.extend(each(kind, "EncapsulatedCRLValue"));
            }
            if tree::is(kind, names::XADES, "OCSPValues") {
                found.ocsp.extend(each(kind, "EncapsulatedOCSPValue").into_iter().map(whole));
            }
        }
    }
}

/// Returns the whole answer, also where only the basic one was put there.
fn whole(answer: Vec<u8>) -> Vec<u8> {
    let first = Element::parse(&answer).and_then(|it| it.reader().any());
    if first.is_ok_and(|it| it.tag == SEQUENCE) { ocsp_response(&answer) } else { answer }
}

fn encapsulated(node: Node<'_, '_>) -> Option<Vec<u8>> {
    tree::base64_text(node, "EncapsulatedPKIData").ok()
}
