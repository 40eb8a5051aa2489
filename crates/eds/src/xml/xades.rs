// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signed properties of `XAdES`: by which certificate and when it was signed, as the signer says.

use jiff::Timestamp;
use roxmltree::Node;

use super::references::{Part, Reference};
use super::signature::{algorithm, children, elements, expect, has_foreign, put_off};
use super::unsigned::{self, Unsigned};
use super::wsse::only;
use super::{Error, names, tree};
use crate::algorithm::DigestAlgorithm;

/// Signed properties, before anything is checked.
#[derive(Debug)]
pub(crate) struct Properties<'a, 'i> {
    pub(super) part: Part<'a, 'i>,
    /// The digests by which the signer names its certificate, where they are known here.
    named: Result<Vec<(DigestAlgorithm, Vec<u8>)>, Error>,
    pub(crate) signing_time: Option<Timestamp>,
    /// What stands unsigned beside them, and the value of the signature.
    beside: Option<(Node<'a, 'i>, Node<'a, 'i>)>,
}

/// Returns whether a reference says that it is one to signed properties.
pub(crate) fn is_meant_by(reference: Node<'_, '_>) -> bool {
    reference.attribute("Type") == Some(names::SIGNED_PROPERTIES)
}

/// Reads the signed properties in the one object of a signature.
///
/// Object, target, reference and ids must lead to each other and nowhere else.
pub(crate) fn read<'a, 'i>(
    signature: Node<'a, 'i>,
    (value, object): (Node<'a, 'i>, Node<'a, 'i>),
    reference: Reference<'a>,
) -> Result<Properties<'a, 'i>, Error> {
    let doc = signature.document();
    let [qualifying] = children(expect(object, "Object")?, "Object")?;
    let qualifying = own(qualifying, "QualifyingProperties")?;
    let id = signature.attribute("Id").ok_or_else(|| Error::shape("Id"))?;
    let target = qualifying.attribute("Target").and_then(|it| it.strip_prefix('#'));
    if target != Some(id) || tree::by_id(doc, id)? != signature {
        return Err(Error::ReferenceElsewhere);
    }
    let parts = elements(qualifying, "QualifyingProperties")?;
    let (node, unsigned) = match parts.as_slice() {
        [signed] => (own(*signed, "SignedProperties")?, None),
        [signed, unsigned] => (own(*signed, "SignedProperties")?, Some(*unsigned)),
        _ => return Err(Error::shape("QualifyingProperties")),
    };
    if unsigned.is_some_and(has_foreign) {
        return Err(Error::UnsignedInside);
    }
    let beside = unsigned.map(about_signature).transpose()?.flatten().map(|it| (it, value));
    let id = reference.uri.strip_prefix('#').filter(|it| !it.is_empty()).ok_or(Error::ReferenceForeign)?;
    if tree::by_id(doc, id)? != node || node.attribute("Id") != Some(id) {
        return Err(Error::ReferenceElsewhere);
    }
    let parts = elements(node, "SignedProperties")?;
    let (about, _of_content) = match parts.as_slice() {
        [about] => (*about, None),
        [about, content] => (*about, Some(own(*content, "SignedDataObjectProperties")?)),
        _ => return Err(Error::shape("SignedProperties")),
    };
    let about = own(about, "SignedSignatureProperties")?;
    let broken = Error::shape("SigningTime");
    let time = only(about, names::XADES, "SigningTime", broken.clone())?;
    // A comment is not signed: put into the time it would take the claim away.
    let time = time.map(|it| tree::only_text(it).ok_or(broken)).transpose()?;
    Ok(Properties {
        part: Part::of(node, reference)?,
        named: put_off(named(about))?,
        // Only a claim: one that cannot be read claims nothing.
        signing_time: time.and_then(|it| it.trim().parse().ok()),
        beside,
    })
}

/// Returns the unsigned properties of the signature; those of the content are passed over.
fn about_signature<'a, 'i>(unsigned: Node<'a, 'i>) -> Result<Option<Node<'a, 'i>>, Error> {
    let parts = elements(own(unsigned, "UnsignedProperties")?, "UnsignedProperties")?;
    let is_of_content = |it: &Node<'_, '_>| tree::is(*it, names::XADES, "UnsignedDataObjectProperties");
    let about = match parts.as_slice() {
        [about, rest] if is_of_content(rest) => *about,
        [only] if !is_of_content(only) => *only,
        [] | [_] => return Ok(None),
        _ => return Err(Error::shape("UnsignedProperties")),
    };
    own(about, "UnsignedSignatureProperties").map(Some)
}

impl Properties<'_, '_> {
    /// Returns what stands unsigned beside them, unverified.
    pub(crate) fn unsigned(&self) -> Unsigned {
        self.beside.map(|(properties, value)| unsigned::read(properties, value)).unwrap_or_default()
    }

    /// Returns which of the algorithms by which they name the certificate is not known here.
    pub(crate) fn not_known(&self) -> Option<&Error> {
        self.named.as_ref().err()
    }

    /// Returns whether they name this certificate; nothing if they name none.
    pub(crate) fn name(&self, certificate_der: &[u8]) -> Option<bool> {
        let is_same =
            |(algorithm, digest): &(DigestAlgorithm, Vec<u8>)| algorithm.digest(certificate_der) == *digest;
        let named = self.named.as_ref().ok().filter(|it| !it.is_empty())?;
        Some(named.iter().all(is_same))
    }
}

/// Returns the digest of the first certificate of each list: the signer's, as in CMS.
fn named(about: Node<'_, '_>) -> Result<Vec<(DigestAlgorithm, Vec<u8>)>, Error> {
    let mut named = Vec::new();
    for name in ["SigningCertificate", "SigningCertificateV2"] {
        let Some(list) = only(about, names::XADES, name, Error::shape("SigningCertificate"))? else {
            continue;
        };
        let certificate = own(first(list, "SigningCertificate")?, "Cert")?;
        let digest = own(first(certificate, "Cert")?, "CertDigest")?;
        let [method, value] = children(digest, "CertDigest")?;
        let uri = algorithm(expect(method, "DigestMethod")?)?;
        let method = DigestAlgorithm::from_xml(uri).ok_or_else(|| Error::algorithm(uri))?;
        named.push((method, tree::base64_text(expect(value, "DigestValue")?, "DigestValue")?));
    }
    Ok(named)
}

fn first<'a, 'i>(node: Node<'a, 'i>, part: &'static str) -> Result<Node<'a, 'i>, Error> {
    elements(node, part)?.first().copied().ok_or_else(|| Error::shape(part))
}

fn own<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Result<Node<'a, 'i>, Error> {
    if tree::is(node, names::XADES, name) { Ok(node) } else { Err(Error::shape(name)) }
}
