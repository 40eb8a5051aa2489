// SPDX-License-Identifier: MIT OR Apache-2.0
//! The unsigned properties of `XAdES`: time stamps over the signature value, certificates, answers about revocation.
//!
//! Anybody can write them into a signed document: each piece proves itself, and what cannot be read is left out.

use roxmltree::Node;

use super::signature::{Form, canon_form};
use super::{names, tree};
use crate::cms::{STAMPS_MAX, make_whole};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};

/// The longest canonical signature value that stamps are taken for: the namespaces in force around it are part of it.
const OVER_BYTES_MAX: usize = 64 * 1024;

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
    /// Certificates, answers and lists; the certificates of `KeyInfo` that are not the signer's stand first.
    pub evidence: Evidence,
}

/// Reads `UnsignedSignatureProperties` of the signature with this `SignatureValue` (ETSI EN 319 132-1, 5.3 and 5.4).
pub(super) fn read(properties: Node<'_, '_>, value: Node<'_, '_>) -> Unsigned {
    let (mut found, mut places) = (Unsigned::default(), STAMPS_MAX);
    for property in properties.children() {
        if tree::is(property, names::XADES, "SignatureTimeStamp") {
            found.stamps.extend(stamps(property, value, &mut places).into_iter().flatten());
        } else if tree::is(property, names::XADES_141, "TimeStampValidationData") {
            property.children().for_each(|it| values(it, &mut found.evidence));
        } else {
            values(property, &mut found.evidence);
        }
    }
    found
}

/// Returns the stamps of one property, as many as there are places. It is over the whole signature value: one that includes
/// something else is another's.
fn stamps(property: Node<'_, '_>, value: Node<'_, '_>, places: &mut usize) -> Option<Vec<StampBeside>> {
    let named = |name: &'static str| property.children().filter(move |it| tree::is(*it, names::XADES, name));
    if named("Include").chain(named("ReferenceInfo")).next().is_some() {
        return None;
    }
    let form = match property.children().find(|it| tree::is(*it, names::DS, "CanonicalizationMethod")) {
        None => Form::default(),
        Some(method) => canon_form(method).ok()?,
    };
    let tokens: Vec<_> = named("EncapsulatedTimeStamp").filter_map(encapsulated).take(*places).collect();
    if tokens.is_empty() {
        return None;
    }
    // Whatever comes of them: each canonical form takes its time.
    *places -= tokens.len();
    let over = form.of(value).bytes(OVER_BYTES_MAX).ok()?;
    Some(tokens.into_iter().map(|token| StampBeside { over: over.clone(), token }).collect())
}

/// Takes `CertificateValues` and `RevocationValues`.
fn values(property: Node<'_, '_>, found: &mut Evidence) {
    let fill = |all: &mut Vec<Vec<u8>>, of: Node<'_, '_>, name| {
        let places = EVIDENCE_ITEMS_MAX.saturating_sub(all.len());
        let named = of.children().filter(|it| tree::is(*it, names::XADES, name));
        all.extend(named.filter_map(encapsulated).take(places));
    };
    if tree::is(property, names::XADES, "CertificateValues") {
        fill(&mut found.certificates, property, "EncapsulatedX509Certificate");
    }
    if tree::is(property, names::XADES, "RevocationValues") {
        for kind in property.children() {
            if tree::is(kind, names::XADES, "CRLValues") {
                fill(&mut found.crls, kind, "EncapsulatedCRLValue");
            }
            if tree::is(kind, names::XADES, "OCSPValues") {
                let known = found.ocsp.len();
                fill(&mut found.ocsp, kind, "EncapsulatedOCSPValue");
                found.ocsp.iter_mut().skip(known).for_each(make_whole);
            }
        }
    }
}

fn encapsulated(node: Node<'_, '_>) -> Option<Vec<u8>> {
    tree::base64_text(node, "EncapsulatedPKIData").ok()
}
