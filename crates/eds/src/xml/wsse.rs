// SPDX-License-Identifier: MIT OR Apache-2.0
//! The transport signature of the gateway: WS-Security over the body of a SOAP 1.1 envelope.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

use super::c14n::Selected;
use super::sign::{Gap, Plan, Signer, check_id};
use super::verify::{Covered, Found, Reading, Signed, x509_certificate};
use super::{CANONICAL_BYTES_MAX, Canon, Error, names, signature, tree};

/// Signs the body of an envelope, which must have an id; the header is made if there is none.
pub fn sign_body(envelope: &str, signer: &Signer<'_>) -> Result<String, Error> {
    let doc = tree::parse(envelope)?;
    let parts = Parts::of(&doc)?;
    if parts.security()?.is_some() {
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
    let security = parts.security()?.ok_or(Error::NotSigned)?;
    let signature =
        only(security, names::DS, "Signature", Error::SignatureDoubled)?.ok_or(Error::NotSigned)?;
    let key_info = signature.children().find(|it| tree::is(*it, names::DS, "KeyInfo"));
    let certificate_der = certificate(key_info, security).ok();
    Ok(Found { signed: by_body(signature, &parts, security, reading), certificate_der })
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
    let certificate = certificate(parsed.key_info, security);
    reading.confirm(parsed, certificate, taken, covered)
}

/// The parts of an envelope.
struct Parts<'a, 'i> {
    header: Option<Node<'a, 'i>>,
    body: Node<'a, 'i>,
}

impl<'a, 'i> Parts<'a, 'i> {
    fn of(doc: &'a Document<'i>) -> Result<Self, Error> {
        let root = doc.root_element();
        if !tree::is(root, names::SOAP, "Envelope") {
            return Err(Error::NotEnvelope);
        }
        let bodies = doc.descendants().filter(|it| tree::is(*it, names::SOAP, "Body")).count();
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
        if !tree::is(body, names::SOAP, "Body") {
            return Err(if bodies == 0 { Error::BodyMissing } else { Error::NotEnvelope });
        }
        if header.is_some_and(|it| !tree::is(it, names::SOAP, "Header")) {
            return Err(Error::NotEnvelope);
        }
        Ok(Self { header, body })
    }

    fn security(&self) -> Result<Option<Node<'a, 'i>>, Error> {
        let Some(header) = self.header else { return Ok(None) };
        only(header, names::WSSE, "Security", Error::SignatureDoubled)
    }
}

/// Tells whether the root is an envelope of SOAP 1.1.
pub(crate) fn is_envelope(xml: &[u8]) -> bool {
    let doc = tree::text(xml).and_then(tree::parse);
    doc.is_ok_and(|it| tree::is(it.root_element(), names::SOAP, "Envelope"))
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
        format!("xmlns:soapenv=\"{}\" soapenv:mustUnderstand=\"1\"", names::SOAP)
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

/// Returns the certificate of a key identifier, of a token in the header, or of `X509Data` as some clients write it.
fn certificate(key_info: Option<Node<'_, '_>>, security: Node<'_, '_>) -> Result<Vec<u8>, Error> {
    let part = || Error::shape("SecurityTokenReference");
    let within = key_info.ok_or(Error::CertificateMissing)?;
    let Some(reference) = only(within, names::WSSE, "SecurityTokenReference", part())? else {
        return x509_certificate(key_info);
    };
    if let Some(direct) = only(reference, names::WSSE, "Reference", part())? {
        let id = direct.attribute("URI").and_then(|it| it.strip_prefix('#'));
        let token = tree::by_id(security.document(), id.ok_or(Error::CertificateMissing)?)?;
        let stands = token.parent() == Some(security) && tree::is(token, names::WSSE, "BinarySecurityToken");
        return if stands {
            of_type_x509(token, "BinarySecurityToken")
        } else {
            Err(Error::CertificateMissing)
        };
    }
    match only(reference, names::WSSE, "KeyIdentifier", part())? {
        Some(identifier) => of_type_x509(identifier, "KeyIdentifier"),
        None => x509_certificate(Some(reference)),
    }
}

/// Returns the certificate in the text of an element that says it holds one.
fn of_type_x509(holder: Node<'_, '_>, part: &'static str) -> Result<Vec<u8>, Error> {
    let is_base64 = holder.attribute("EncodingType").is_none_or(|it| it == names::BASE64_BINARY);
    if holder.attribute("ValueType") != Some(names::X509_V3) || !is_base64 {
        return Err(Error::CertificateMissing);
    }
    tree::base64_text(holder, part)
}
