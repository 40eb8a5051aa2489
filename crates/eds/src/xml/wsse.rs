// SPDX-License-Identifier: MIT OR Apache-2.0
//! The transport signature of the gateway: WS-Security over the body of a SOAP envelope.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

use super::c14n::Selected;
use super::sign::{Gap, Plan, Signer, check_id};
use super::verify::{Covered, Found, Reading, Signed};
use super::{CANONICAL_BYTES_MAX, Canon, Error, key_info, names, signature, tree};

/// Signs the body of an envelope, which must have an id; the header is made if there is none.
pub fn sign_body(envelope: &str, signer: &Signer<'_>) -> Result<String, Error> {
    let doc = tree::parse(envelope)?;
    let parts = Parts::of(&doc)?;
    if parts.securities().next().is_some() {
        return Err(Error::AlreadySigned);
    }
    let id = body_id(parts.body).ok_or(Error::BodyWithoutId)?;
    check_id(id)?;
    if tree::by_id(&doc, id)? != parts.body {
        return Err(Error::ReferenceElsewhere);
    }
    let covered = Selected::element(parts.body, Canon::Exclusive).bytes(CANONICAL_BYTES_MAX)?;
    let plan = Plan {
        canon: Canon::Exclusive,
        reference: &format!("#{id}"),
        transforms: &[names::EXC_C14N],
        key_info: key_identifier(signer.certificate_der),
    };
    plan.put(&security_gap(&doc, &parts), &covered, signer)
}

/// Checks the signature over the body of an envelope.
///
/// Refuses everything that could make the checked body another one than the processed one: several bodies, several
/// elements with the id, a reference to anything else, transforms other than a canonical form.
pub fn verify_body(envelope: &[u8]) -> Result<Signed, Error> {
    body(envelope, &mut Reading::returning())?.signed
}

/// The same without the bytes that it covers; a broken signature says whose it is.
pub(crate) fn find_body(envelope: &[u8], given: &[Vec<u8>]) -> Result<Found, Error> {
    body(envelope, &mut Reading::judging(given))
}

fn body(envelope: &[u8], reading: &mut Reading<'_>) -> Result<Found, Error> {
    let doc = tree::parse(tree::text(envelope)?)?;
    let parts = Parts::of(&doc)?;
    let (security, signature) = parts.signature()?;
    let signed = by_body(signature, &parts, security, reading);
    Ok(Found::of(signature, signed, |key_info| certificates(key_info, security)))
}

/// Checks a signature over the body.
fn by_body<'a, 'i>(
    signature: Node<'a, 'i>,
    parts: &Parts<'a, 'i>,
    security: Node<'a, 'i>,
    reading: &mut Reading<'_>,
) -> Result<Signed, Error> {
    let parsed = signature::parse(signature)?;
    let id = parsed.reference.strip_prefix('#').filter(|it| !it.is_empty()).ok_or(Error::ReferenceForeign)?;
    let element = tree::by_id(signature.document(), id)?;
    if element != parts.body || body_id(parts.body) != Some(id) {
        return Err(Error::ReferenceElsewhere);
    }
    if parsed.enveloped {
        return Err(Error::Transforms);
    }
    let covered = Covered::Body { id: id.to_owned(), range: element.range() };
    let taken = reading.take(&parsed, element, &[])?;
    let own = certificates(parsed.key_info, security);
    reading.confirm(parsed, own, taken, covered)
}

/// The parts of an envelope.
struct Parts<'a, 'i> {
    /// The namespace of its version of SOAP.
    soap: &'static str,
    header: Option<Node<'a, 'i>>,
    body: Node<'a, 'i>,
}

impl<'a, 'i> Parts<'a, 'i> {
    fn of(doc: &'a Document<'i>) -> Result<Self, Error> {
        let root = doc.root_element();
        let soap = soap(doc).ok_or(Error::NotEnvelope)?;
        let bodies = doc.descendants().filter(|it| tree::is(*it, soap, "Body")).count();
        if bodies > 1 {
            return Err(Error::BodyDoubled);
        }
        let children: Vec<Node<'a, 'i>> = root.children().filter(Node::is_element).collect();
        let (header, body) = match children.as_slice() {
            [header, body] => (Some(*header), *body),
            [body] => (None, *body),
            [] => return Err(Error::BodyMissing),
            _ => return Err(Error::NotEnvelope),
        };
        if !tree::is(body, soap, "Body") {
            return Err(if bodies == 0 { Error::BodyMissing } else { Error::NotEnvelope });
        }
        if header.is_some_and(|it| !tree::is(it, soap, "Header")) {
            return Err(Error::NotEnvelope);
        }
        Ok(Self { soap, header, body })
    }

    fn securities(&self) -> impl Iterator<Item = Node<'a, 'i>> {
        let children = self.header.into_iter().flat_map(|it| it.children());
        children.filter(|it| tree::is(*it, names::WSSE, "Security"))
    }

    /// Returns the one signature of all security headers with the header in which it stands; of those there is one at most for
    /// each who takes part (WS-Security 1.1, 5).
    fn signature(&self) -> Result<(Node<'a, 'i>, Node<'a, 'i>), Error> {
        let (mut found, mut actors, mut are_apart) = (None, BTreeSet::new(), true);
        for security in self.securities() {
            let actor = |name| security.attribute((self.soap, name));
            are_apart &= actors.insert(actor("actor").or_else(|| actor("role")));
            let signature = only(security, names::DS, "Signature", Error::SignatureDoubled)?;
            if let Some(signature) = signature
                && found.replace((security, signature)).is_some()
            {
                return Err(Error::SignatureDoubled);
            }
        }
        let found = found.ok_or(Error::NotSigned)?;
        if are_apart { Ok(found) } else { Err(Error::SignatureMisplaced) }
    }
}

/// Returns the namespace of SOAP 1.1 or 1.2 if the root is such an envelope.
pub(super) fn soap(doc: &Document<'_>) -> Option<&'static str> {
    let root = doc.root_element();
    [names::SOAP, names::SOAP_12].into_iter().find(|it| tree::is(root, it, "Envelope"))
}

/// Tells whether the root is an envelope of SOAP.
pub(crate) fn is_envelope(xml: &[u8]) -> bool {
    let doc = tree::text(xml).and_then(tree::parse);
    doc.is_ok_and(|it| soap(&it).is_some())
}

/// Returns the child element of that name, if there is one; `doubled` if there are more.
pub(super) fn only<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: &str,
    name: &str,
    doubled: Error,
) -> Result<Option<Node<'a, 'i>>, Error> {
    let mut found = parent.children().filter(|it| tree::is(*it, namespace, name));
    let first = found.next();
    if found.next().is_some() { Err(doubled) } else { Ok(first) }
}

fn body_id<'a>(body: Node<'a, '_>) -> Option<&'a str> {
    body.attribute((names::WSU, "Id")).or_else(|| body.attribute("Id"))
}

/// Returns the place for the signature inside a new `wsse:Security`.
fn security_gap(doc: &Document<'_>, parts: &Parts<'_, '_>) -> Gap {
    let prefix = tree::prefix(tree::element_name(doc.root_element()));
    let colon = if prefix.is_empty() { "" } else { ":" };
    let gap = match parts.header {
        Some(header) => Gap::at_end_of(header),
        None => Gap::before(parts.body)
            .wrap(&format!("<{prefix}{colon}Header>"), &format!("</{prefix}{colon}Header>")),
    };
    // An attribute without a prefix has no namespace: `mustUnderstand` needs one even where the envelope has none.
    let must_understand = if prefix.is_empty() {
        format!("xmlns:soapenv=\"{}\" soapenv:mustUnderstand=\"1\"", parts.soap)
    } else {
        format!("{prefix}:mustUnderstand=\"1\"")
    };
    let open = format!("<wsse:Security xmlns:wsse=\"{}\" {must_understand}>", names::WSSE);
    gap.wrap(&open, "</wsse:Security>")
}

fn key_identifier(certificate_der: &[u8]) -> String {
    format!(
        "<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType=\"{}\" ValueType=\"{}\">{}</wsse:KeyIdentifier></wsse:SecurityTokenReference>",
        names::BASE64_BINARY,
        names::X509_V3,
        STANDARD.encode(certificate_der)
    )
}

/// Returns the certificate of a key identifier or of a token in the header, or those of `X509Data` as some clients write them.
fn certificates(within: Option<Node<'_, '_>>, security: Node<'_, '_>) -> Result<Vec<Vec<u8>>, Error> {
    let part = || Error::shape("SecurityTokenReference");
    let Some(reference) =
        only(within.ok_or(Error::CertificateMissing)?, names::WSSE, "SecurityTokenReference", part())?
    else {
        return key_info::certificates(within);
    };
    if let Some(direct) = only(reference, names::WSSE, "Reference", part())? {
        let id = direct.attribute("URI").and_then(|it| it.strip_prefix('#'));
        let token = tree::by_id(security.document(), id.ok_or(Error::CertificateMissing)?)?;
        let stands = token.parent() == Some(security) && tree::is(token, names::WSSE, "BinarySecurityToken");
        // Whatever the token holds it is there.
        let other = if stands { Error::CertificateForm } else { Error::CertificateMissing };
        return of_type_x509(Some(token).filter(|_| stands), other);
    }
    match only(reference, names::WSSE, "KeyIdentifier", part())? {
        Some(identifier) => of_type_x509(Some(identifier), Error::CertificateMissing),
        None => key_info::certificates(Some(reference)),
    }
}

/// Returns the certificate in the text of an element that says it holds one, else the other answer.
fn of_type_x509(holder: Option<Node<'_, '_>>, other: Error) -> Result<Vec<Vec<u8>>, Error> {
    let is_x509 = |it: &Node<'_, '_>| {
        let is_base64 = it.attribute("EncodingType").is_none_or(|it| it == names::BASE64_BINARY);
        is_base64 && it.attribute("ValueType") == Some(names::X509_V3)
    };
    let holder = holder.filter(is_x509).ok_or(other)?;
    tree::base64_text(holder, "X509v3").map(|it| vec![it])
}
