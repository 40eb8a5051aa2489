// SPDX-License-Identifier: MIT OR Apache-2.0
//! A `ds:Signature` element taken apart: strictly, nothing unexpected inside what is signed.

use roxmltree::Node;

use super::{Canon, Error, c14n, names, tree};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, SignatureFault};
use crate::asn1::SEQUENCE;
use crate::certificate::Certificate;

/// A canonical form with its list of prefixes.
#[derive(Debug, Clone)]
pub(crate) struct Form<'a> {
    pub(crate) canon: Canon,
    pub(crate) prefixes: Vec<&'a str>,
}

/// What a signature says of itself, before anything is checked.
#[derive(Debug)]
pub(crate) struct Parsed<'a, 'i> {
    signed_info: Node<'a, 'i>,
    form: Form<'a>,
    method: SignatureAlgorithm,
    method_name: &'a str,
    pub(crate) reference: &'a str,
    /// Whether the first transform removes the signature itself.
    pub(crate) enveloped: bool,
    /// The canonical form of what is covered.
    pub(crate) covered: Form<'a>,
    digest: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) key_info: Node<'a, 'i>,
}

/// Reads a `ds:Signature`.
pub(crate) fn parse<'a, 'i>(signature: Node<'a, 'i>) -> Result<Parsed<'a, 'i>, Error> {
    let [signed_info, value, key_info] = children(signature, "Signature")?;
    let signed_info = expect(signed_info, "SignedInfo")?;
    let value = tree::base64_text(expect(value, "SignatureValue")?, "SignatureValue")?;
    let [canon, method, reference] = children(signed_info, "SignedInfo")?;
    let form = canon_form(expect(canon, "CanonicalizationMethod")?)?;
    let method_name = algorithm(expect(method, "SignatureMethod")?)?;
    let method = SignatureAlgorithm::from_xml(method_name).ok_or_else(|| Error::algorithm(method_name))?;
    let reference = expect(reference, "Reference")?;
    let [transforms, digest_method, digest] = children(reference, "Reference")?;
    let digest_method = algorithm(expect(digest_method, "DigestMethod")?)?;
    // One digest for the covered part and for what is signed: nobody mixes them honestly.
    let digest_method =
        DigestAlgorithm::from_xml(digest_method).ok_or_else(|| Error::algorithm(digest_method))?;
    if digest_method != method.digest() {
        return Err(Error::AlgorithmMixed);
    }
    let (enveloped, covered) = read_transforms(expect(transforms, "Transforms")?)?;
    Ok(Parsed {
        signed_info,
        form,
        method,
        method_name,
        reference: reference.attribute("URI").ok_or(Error::ReferenceForeign)?,
        enveloped,
        covered,
        digest: tree::base64_text(expect(digest, "DigestValue")?, "DigestValue")?,
        value,
        key_info: expect(key_info, "KeyInfo")?,
    })
}

impl Parsed<'_, '_> {
    /// Checks the digest of the covered bytes and then the signature against the certificate's key.
    pub(crate) fn check(&self, covered: &[u8], certificate_der: &[u8]) -> Result<(), Error> {
        if self.method.digest().digest(covered) != self.digest {
            return Err(Error::DigestMismatch);
        }
        let signed = c14n::element(self.signed_info, self.form.canon, &self.form.prefixes, &[]);
        // In the text of an element stands DER; text inside of text is somebody's mistake.
        let is_der = certificate_der.first() == Some(&SEQUENCE);
        let certificate = Certificate::parse(certificate_der).ok().filter(|_| is_der);
        let certificate = certificate.ok_or(Error::CertificateMalformed)?;
        self.method.verify(certificate.spki(), &signed, &self.value).map_err(|fault| match fault {
            SignatureFault::Mismatch | SignatureFault::Malformed => Error::SignatureMismatch,
            SignatureFault::KeyMismatch
            | SignatureFault::KeyParameters
            | SignatureFault::KeyPoint
            | SignatureFault::KeySize => Error::CertificateKey,
            SignatureFault::Unknown => Error::algorithm(self.method_name),
        })
    }
}

/// Returns the child elements, if there are exactly `N` and no text between them.
fn children<'a, 'i, const N: usize>(
    node: Node<'a, 'i>,
    part: &'static str,
) -> Result<[Node<'a, 'i>; N], Error> {
    let blank = |it: &Node<'_, '_>| it.text().is_some_and(|text| text.trim().is_empty());
    if node.children().any(|it| it.is_text() && !blank(&it)) {
        return Err(Error::shape(part));
    }
    let elements: Vec<_> = node.children().filter(Node::is_element).collect();
    elements.try_into().map_err(|_| Error::shape(part))
}

fn expect<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Result<Node<'a, 'i>, Error> {
    if tree::is(node, names::DS, name) { Ok(node) } else { Err(Error::shape(name)) }
}

fn algorithm<'a>(node: Node<'a, '_>) -> Result<&'a str, Error> {
    node.attribute("Algorithm").ok_or_else(|| Error::shape("Algorithm"))
}

/// Reads a canonicalisation algorithm with its `InclusiveNamespaces`.
fn canon_form<'a>(node: Node<'a, '_>) -> Result<Form<'a>, Error> {
    let uri = algorithm(node)?;
    let canon = Canon::from_uri(uri).ok_or_else(|| Error::algorithm(uri))?;
    let mut elements = node.children().filter(Node::is_element);
    let prefixes = match (elements.next(), elements.next()) {
        (None, _) => Vec::new(),
        (Some(list), None)
            if canon.is_exclusive() && tree::is(list, names::EXC_C14N, "InclusiveNamespaces") =>
        {
            list.attribute("PrefixList").unwrap_or_default().split_ascii_whitespace().collect()
        }
        _ => return Err(Error::shape("InclusiveNamespaces")),
    };
    if prefixes.len() > super::NAMESPACES_IN_SCOPE_MAX {
        return Err(Error::TooMany { what: "prefixes" });
    }
    Ok(Form { canon, prefixes })
}

/// Reads the transforms: at most the removal of the signature, then at most one canonical form.
fn read_transforms<'a>(node: Node<'a, '_>) -> Result<(bool, Form<'a>), Error> {
    let mut steps = Vec::new();
    for step in node.children().filter(Node::is_element) {
        steps.push((expect(step, "Transform")?, algorithm(step)?));
    }
    let enveloped = steps.first().is_some_and(|it| it.1 == names::ENVELOPED);
    let mut rest = steps.into_iter().skip(usize::from(enveloped));
    let form = match rest.next() {
        None => Form { canon: Canon::Inclusive, prefixes: Vec::new() },
        Some((_, names::ENVELOPED)) => return Err(Error::Transforms),
        Some((step, _)) => canon_form(step)?,
    };
    if rest.next().is_some() {
        return Err(Error::Transforms);
    }
    Ok((enveloped, Form { canon: form.canon.without_comments(), ..form }))
}
