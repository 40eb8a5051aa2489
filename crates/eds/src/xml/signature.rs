// SPDX-License-Identifier: MIT OR Apache-2.0
//! A `ds:Signature` element taken apart: strictly, nothing unexpected inside what is signed.

use roxmltree::Node;

use super::c14n::Selected;
use super::references::{Part, References, around};
use super::xades::{self, Properties};
use super::{Canon, Error, key_info, names, references, tree};
use crate::algorithm::{DigestAlgorithm, Foreign, SignatureAlgorithm, SignatureFault};
use crate::certificate::Certificate;

/// A canonical form with its list of prefixes.
#[derive(Debug, Clone)]
pub(crate) struct Form<'a> {
    pub(crate) canon: Canon,
    pub(crate) prefixes: Vec<&'a str>,
}

impl Form<'_> {
    /// The form of what names none (`XMLDSig`, 4.4.3.2).
    pub(super) const fn default() -> Self {
        Self { canon: Canon::Inclusive, prefixes: Vec::new() }
    }

    /// Returns the element with all that is in it, in this form.
    pub(crate) fn of<'b, 'i>(&'b self, node: Node<'b, 'i>) -> Selected<'b, 'i> {
        Selected { prefixes: &self.prefixes, ..Selected::element(node, self.canon) }
    }
}

/// The longest `SignatureValue`, markup and white space included: a signature is some hundred bytes.
const VALUE_BYTES_MAX: usize = 16 * 1024;
/// The longest canonical form of a part of the signature itself: of what is signed, of the signed properties.
pub(super) const PART_BYTES_MAX: usize = 1024 * 1024;

/// What may be by an algorithm that is not known here: then the rest is judged, and that is said only where nothing is wrong.
pub(super) type Known<T> = Result<T, Error>;

/// What a signature says of itself, before anything is checked.
#[derive(Debug)]
pub(crate) struct Parsed<'a, 'i> {
    signed_info: Node<'a, 'i>,
    form: Known<Form<'a>>,
    method: Known<SignatureAlgorithm>,
    method_name: &'a str,
    pub(crate) reference: &'a str,
    /// Whether the first transform removes the signature itself.
    pub(crate) enveloped: bool,
    /// The canonical form of what is covered, and its digest.
    pub(crate) covered: Known<(Form<'a>, DigestAlgorithm)>,
    digest: Vec<u8>,
    pub(crate) value: Vec<u8>,
    /// Need not be there (`XMLDSig`, 4.5).
    pub(crate) key_info: Option<Node<'a, 'i>>,
    /// What the signer signed about the signature itself.
    pub(crate) properties: Option<Properties<'a, 'i>>,
    /// What is signed beside, of which nothing is believed: the key info, the time of an envelope.
    parts: Vec<Part<'a, 'i>>,
}

/// Reads a `ds:Signature`: of one reference to content, and of others to its own signed properties (`XAdES`) and to what stands
/// around it.
///
/// Nothing stands in it that is none of its parts: whoever reads the document whole would take it for signed.
pub(crate) fn parse<'a, 'i>(signature: Node<'a, 'i>) -> Result<Parsed<'a, 'i>, Error> {
    let parts = elements(signature, "Signature")?;
    let [signed_info, value, rest @ ..] = parts.as_slice() else { return Err(Error::shape("Signature")) };
    let is = |it: &Node<'a, 'i>, name| tree::is(*it, names::DS, name);
    let (key_info, object) = match rest {
        [] => (None, None),
        [one] if is(one, "KeyInfo") => (Some(*one), None),
        [one] if is(one, "Object") => (None, Some(*one)),
        [one, two] if is(one, "KeyInfo") && is(two, "Object") => (Some(*one), Some(*two)),
        _ => return Err(Error::UnsignedInside),
    };
    if key_info.is_some_and(|it| has_foreign(it) || !key_info::is_plain(it)) {
        return Err(Error::UnsignedInside);
    }
    let signed_info = expect(*signed_info, "SignedInfo")?;
    let value_node = expect(*value, "SignatureValue")?;
    if value_node.range().len() > VALUE_BYTES_MAX {
        return Err(Error::shape("SignatureValue"));
    }
    let value = tree::base64_text(value_node, "SignatureValue")?;
    let parts = elements(signed_info, "SignedInfo")?;
    let [canon, method, references @ ..] = parts.as_slice() else { return Err(Error::shape("SignedInfo")) };
    let form = put_off(canon_form(expect(*canon, "CanonicalizationMethod")?))?;
    let method_name = algorithm(expect(*method, "SignatureMethod")?)?;
    let method = SignatureAlgorithm::from_xml(method_name).ok_or_else(|| Error::algorithm(method_name));
    let method = put_off(method)?;
    let all = References::of(references, &around(signature, key_info))?;
    let content = references::read(all.content, &method)?;
    let properties = match (object, all.properties) {
        (None, None) => None,
        (Some(object), Some(reference)) => {
            Some(xades::read(signature, (value_node, object), references::read(reference, &method)?)?)
        }
        (Some(_), None) => return Err(Error::UnsignedInside),
        (None, Some(_)) => return Err(Error::shape("Object")),
    };
    let part = |(reference, node)| Part::of(node, references::read(reference, &method)?);
    let parts = all.parts.into_iter().map(part).collect::<Result<_, _>>()?;
    Ok(Parsed {
        signed_info,
        form,
        method,
        method_name,
        reference: content.uri,
        enveloped: content.enveloped,
        covered: content.by,
        digest: content.digest,
        value,
        key_info,
        properties,
        parts,
    })
}

/// Tells whether something stands in this part of a signature that belongs to no signature.
pub(super) fn has_foreign(part: Node<'_, '_>) -> bool {
    let is_own = |it: Node<'_, '_>| {
        let namespace = it.tag_name().namespace().unwrap_or_default();
        names::OF_SIGNATURES.contains(&namespace) || namespace.starts_with(names::ETSI)
    };
    part.descendants().filter(Node::is_element).any(|it| !is_own(it))
}

/// Puts off what is wrong with an algorithm that is not known here.
pub(super) fn put_off<T>(found: Result<T, Error>) -> Result<Known<T>, Error> {
    match found {
        Err(error @ Error::ForeignAlgorithm { .. }) => Ok(Err(error)),
        found => found.map(Ok),
    }
}

impl Parsed<'_, '_> {
    /// Checks everything: the digests of what is covered (nothing where its algorithm is not known here) and of the signed
    /// parts, the signature by the key of a certificate that came with it, and that the properties name no other one.
    ///
    /// Without a certificate it is the one of those `given` that fits. Returns the certificate.
    pub(crate) fn check(
        &self,
        covered: Option<&[u8]>,
        own: &Result<Vec<Vec<u8>>, Error>,
        given: &[Vec<u8>],
    ) -> Result<Vec<u8>, Error> {
        let mut are_as_signed = true;
        for part in self.parts() {
            are_as_signed &= part.is_as_signed()?;
        }
        if covered.is_some_and(|it| it != self.digest) || !are_as_signed {
            return Err(Error::DigestMismatch);
        }
        let signed = match &self.form {
            Ok(form) => Some(form.of(self.signed_info).bytes(PART_BYTES_MAX)?),
            Err(_) => None,
        };
        let certificate_der = match own {
            Ok(own) => self.maker(signed.as_deref(), own),
            Err(error @ (Error::CertificateMissing | Error::CertificateForm)) => {
                self.find(signed.as_deref(), given).ok_or_else(|| error.clone())
            }
            Err(error) => Err(error.clone()),
        }?;
        let named = self.properties.as_ref().and_then(Properties::not_known);
        let not_known = [self.form.as_ref().err(), self.method.as_ref().err(), self.covered.as_ref().err()];
        let not_known = not_known.into_iter().chain(self.parts().map(Part::not_known)).chain([named]);
        match not_known.flatten().next() {
            Some(error) => Err(error.clone()),
            None => Ok(certificate_der),
        }
    }

    /// Returns the signed parts, the properties among them.
    fn parts(&self) -> impl Iterator<Item = &Part<'_, '_>> {
        self.properties.iter().map(|it| &it.part).chain(&self.parts)
    }

    /// Returns the first of the certificates inside whose key made the signature, else what is wrong with the first.
    fn maker(&self, signed: Option<&[u8]>, own: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
        let mut first = None;
        for certificate_der in own {
            match self.check_by(signed, certificate_der) {
                Ok(()) => return Ok(certificate_der.clone()),
                Err(error) => first = first.or(Some(error)),
            }
        }
        Err(first.unwrap_or(Error::CertificateMissing))
    }

    /// Returns the one certificate of these whose key made the signature; of several nobody says whose it is.
    fn find(&self, signed: Option<&[u8]>, given: &[Vec<u8>]) -> Option<Vec<u8>> {
        if signed.is_none() || self.method.is_err() {
            return None;
        }
        let mut fit = given.iter().filter(|it| self.check_by(signed, it).is_ok());
        let one = fit.next().cloned();
        one.filter(|_| fit.next().is_none())
    }

    /// Checks the signature by the key of this certificate, as far as the algorithms are known, and that the properties name no
    /// other one.
    fn check_by(&self, signed: Option<&[u8]>, certificate_der: &[u8]) -> Result<(), Error> {
        // In the text of an element stands DER and no more; text inside of text is somebody's mistake.
        let certificate = Certificate::parse(certificate_der).ok().filter(|it| it.der() == certificate_der);
        let certificate = certificate.ok_or(Error::CertificateMalformed)?;
        let key = certificate.spki();
        match (&self.method, signed) {
            (Ok(method), Some(signed)) => {
                method.verify(key, signed, &self.value).map_err(|fault| self.error_of(fault))?;
            }
            (Ok(method), None) if method.takes(key) => {}
            (Err(_), _) if Foreign::from_xml(self.method_name).is_some_and(|it| it.takes(key)) => {}
            (Ok(_) | Err(_), _) => return Err(Error::CertificateKey),
        }
        match self.named(certificate_der) {
            Some(false) => Err(Error::CertificateOther),
            Some(true) | None => Ok(()),
        }
    }

    fn error_of(&self, fault: SignatureFault) -> Error {
        match fault {
            SignatureFault::Mismatch | SignatureFault::Malformed => Error::SignatureMismatch,
            SignatureFault::KeyMismatch
            | SignatureFault::KeyParameters
            | SignatureFault::KeyPoint
            | SignatureFault::KeySize => Error::CertificateKey,
            SignatureFault::Unknown => Error::algorithm(self.method_name),
        }
    }

    /// Returns whether the signed properties name this certificate; nothing if they name none.
    pub(crate) fn named(&self, certificate_der: &[u8]) -> Option<bool> {
        self.properties.as_ref().and_then(|it| it.name(certificate_der))
    }
}

/// Returns the child elements, if there are exactly `N` and no text between them.
pub(super) fn children<'a, 'i, const N: usize>(
    node: Node<'a, 'i>,
    part: &'static str,
) -> Result<[Node<'a, 'i>; N], Error> {
    elements(node, part)?.try_into().map_err(|_| Error::shape(part))
}

/// Returns the child elements, if there is no text between them.
pub(super) fn elements<'a, 'i>(node: Node<'a, 'i>, part: &'static str) -> Result<Vec<Node<'a, 'i>>, Error> {
    let blank = |it: &Node<'_, '_>| it.text().is_some_and(|text| text.trim().is_empty());
    if node.children().any(|it| it.is_text() && !blank(&it)) {
        return Err(Error::shape(part));
    }
    Ok(node.children().filter(Node::is_element).collect())
}

pub(super) fn expect<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Result<Node<'a, 'i>, Error> {
    if tree::is(node, names::DS, name) { Ok(node) } else { Err(Error::shape(name)) }
}

pub(super) fn algorithm<'a>(node: Node<'a, '_>) -> Result<&'a str, Error> {
    node.attribute("Algorithm").ok_or_else(|| Error::shape("Algorithm"))
}

/// Reads a canonicalisation algorithm with its `InclusiveNamespaces`.
pub(super) fn canon_form<'a>(node: Node<'a, '_>) -> Result<Form<'a>, Error> {
    let uri = algorithm(node)?;
    let canon = Canon::from_uri(uri).ok_or_else(|| Error::form(uri))?;
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
