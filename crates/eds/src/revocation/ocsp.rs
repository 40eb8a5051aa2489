// SPDX-License-Identifier: MIT OR Apache-2.0
//! OCSP (RFC 6960): requests made, responses believed only when signed by the authority or its delegate.

mod look;

pub(crate) use look::{Looked, look};

use std::borrow::Cow;

use jiff::Timestamp;

use super::work::Work;
use super::{
    Answer, HOLD, Matter, OCSP_PROMISED_MAX, Status, Together, Unusable, crl, judge_freshness, later,
    promised, weigh,
};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm, algorithm_identifier};
use crate::asn1::{
    self, Asn1Error, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, context,
    context_primitive, write,
};
use crate::certificate::{Certificate, KeyUsage, extension_parts};
use crate::evidence::Origin;
use crate::oids;
use crate::path::{Context, Signed};

/// Largest OCSP response read.
pub const OCSP_BYTES_MAX: usize = 64 * 1024;
/// Single responses, certificates or extensions in one response.
const ITEMS_MAX: usize = 32;

/// Returns an OCSP request about `certificate`, naming it by SHA-256, DER.
///
/// ```no_run
/// # fn f(certificate: &eds::Certificate, issuer: &eds::Certificate) -> Result<(), eds::asn1::Asn1Error> {
/// let body = eds::ocsp_request(certificate, issuer, Some(b"sixteen bytes in"))?;
/// // … posted as `application/ocsp-request`.
/// # Ok(())
/// # }
/// ```
pub fn request(
    certificate: &Certificate,
    issuer: &Certificate,
    nonce: Option<&[u8]>,
) -> Result<Vec<u8>, Asn1Error> {
    let sha256 =
        |bytes: &[u8]| write::octets(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref());
    let cert_id = write::sequence(&[
        &write::algorithm_null(&oids::SHA256),
        &sha256(issuer.subject().raw()),
        &sha256(issuer.key_bits()?),
        &write::tlv(INTEGER, certificate.serial()),
    ]);
    let list = write::sequence(&[&write::sequence(&[&cert_id])]);
    let extensions = nonce.map_or_else(Vec::new, |nonce| {
        let value = write::octets(&write::octets(nonce));
        let extension = write::sequence(&[&write::oid(&oids::OCSP_NONCE), &value]);
        write::tlv(context(2), &write::sequence(&[&extension]))
    });
    Ok(write::sequence(&[&write::sequence(&[&list, &extensions])]))
}

/// Returns what a response says about `certificate`, if the authority or its delegate said it.
pub(crate) fn status(
    bytes: &[u8],
    origin: Origin,
    certificate: &Certificate,
    work: &Work<'_>,
    matter: &Matter,
) -> Result<Answer, Unusable> {
    let context = &work.context;
    let der = der(bytes)?;
    let response = Response::parse(&der)?;
    let about = || response.singles.iter().filter(|it| it.is_about(certificate, work.issuer));
    if about().any(|it| it.is_narrowed) {
        return Err(Unusable::Partial);
    }
    // Of answers that contradict each other the worst counts.
    let said = about().map(|it| (response.says(it, matter), it));
    let (status, single) = said.max_by_key(|(status, _)| *status).ok_or(Unusable::OtherSubject)?;
    let made = single.this_update;
    response.judge_signer(made, origin, work)?;
    let is_forgotten = matches!(status, Status::Unknown | Status::NotIssued);
    if is_forgotten && made > later(certificate.not_after(), context.policy.clock_skew_max) {
        // Once the term is over, authorities forget the certificate: that takes nothing away from what they said before.
        return Err(Unusable::Stale);
    }
    let believed = response.judge_nonce(made, context).and_then(|asked| {
        let until = match asked {
            Asked::Now => promised(single.next_update, made, OCSP_PROMISED_MAX),
            Asked::Unproven => None,
        };
        judge_freshness(made, until, context.policy.ocsp_age_max, certificate, context)
    });
    let (made, proof) = ((made, response.produced_at), format!("ocsp {made}"));
    Ok(Answer { status, made, believed, proof, is_list: false })
}

/// Returns the DER of a response as it is kept: DER, PEM or base64.
fn der(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Unusable> {
    if bytes.len() > 2 * OCSP_BYTES_MAX { Err(Unusable::Malformed) } else { Ok(asn1::from_pem(bytes)?) }
}

struct Response<'a> {
    signed: &'a [u8],
    responder: Responder<'a>,
    produced_at: Timestamp,
    singles: Vec<Single<'a>>,
    nonce: Option<&'a [u8]>,
    /// Whether a certificate that was never issued is answered "revoked".
    extended_revoke: bool,
    algorithm: Option<SignatureAlgorithm>,
    signature: &'a [u8],
    certificates: Vec<Certificate>,
}

/// Whether a response was made for the question that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// It repeats the nonce, or none was sent.
    Now,
    /// It does not: it may come from a store, or from whoever kept it. Its age counts, its promise does not.
    Unproven,
}

/// What a responder says about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Good,
    /// Since when and why.
    Revoked(Timestamp, Option<u8>),
    Unknown,
}

enum Responder<'a> {
    Name(&'a [u8]),
    KeySha1(&'a [u8]),
}

struct Single<'a> {
    digest: Option<DigestAlgorithm>,
    name_hash: &'a [u8],
    key_hash: &'a [u8],
    serial: &'a [u8],
    status: Said,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// Whether it has a critical extension: none is understood.
    is_narrowed: bool,
}

impl<'a> Response<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        if bytes.len() > OCSP_BYTES_MAX {
            return Err(Unusable::Malformed);
        }
        let mut outer = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        if outer.take(ENUMERATED)?.value != [0] {
            return Err(Unusable::Refused);
        }
        let mut typed = Element::parse(outer.take(context(0))?.value)?.expect(SEQUENCE)?.reader();
        outer.finish()?;
        if typed.any()?.oid()? != oids::OCSP_BASIC {
            return Err(Unusable::Malformed);
        }
        let mut basic = Element::parse(typed.take(OCTET_STRING)?.value)?.expect(SEQUENCE)?.reader();
        let data = basic.take(SEQUENCE)?;
        let algorithm = algorithm_identifier(basic.take(SEQUENCE)?)?;
        let signature = basic.any()?.bit_string()?;
        let mut certificates = Vec::new();
        if let Some(list) = basic.optional(context(0))? {
            let list = Element::parse(list.value)?.expect(SEQUENCE)?.reader().all(ITEMS_MAX)?;
            for (place, element) in list.iter().enumerate() {
                if !list.iter().take(place).any(|before| before.raw == element.raw) {
                    certificates.push(Certificate::parse(element.raw)?);
                }
            }
        }
        basic.finish()?;

        let mut fields = data.reader();
        fields.optional(context(0))?;
        let responder = responder(fields.any()?)?;
        let produced_at = fields.take(GENERALIZED_TIME)?.time()?;
        let mut singles = Vec::new();
        for element in fields.take(SEQUENCE)?.reader().all(ITEMS_MAX)? {
            singles.push(Single::parse(element)?);
        }
        let mut response = Self {
            signed: data.raw,
            responder,
            produced_at,
            singles,
            nonce: None,
            extended_revoke: false,
            algorithm: SignatureAlgorithm::from_oid(&algorithm),
            signature,
            certificates,
        };
        if let Some(list) = fields.optional(context(1))? {
            response.read_extensions(Element::parse(list.value)?)?;
        }
        fields.finish()?;
        Ok(response)
    }

    fn read_extensions(&mut self, list: Element<'a>) -> Result<(), Unusable> {
        for item in list.expect(SEQUENCE)?.reader().all(ITEMS_MAX)? {
            let (kind, critical, value) = extension_parts(item)?;
            match kind {
                oids::OCSP_NONCE => {
                    // The nonce is an OCTET STRING inside; old responders put the bare bytes.
                    let inner = Element::parse(value).and_then(|inner| inner.expect(OCTET_STRING));
                    self.nonce = Some(inner.map_or(value, |inner| inner.value));
                }
                oids::OCSP_EXTENDED_REVOKE => self.extended_revoke = true,
                _ if critical => return Err(Unusable::Partial),
                _ => {}
            }
        }
        Ok(())
    }

    /// Says whether the response, made at `made`, answers the question that was asked, where a nonce tells. One made
    /// after the time judged need not: it cannot be an old one.
    fn judge_nonce(&self, made: Timestamp, context: &Context<'_>) -> Result<Asked, Unusable> {
        let asked = context.policy.ocsp_nonce.as_deref().filter(|_| made <= context.at);
        match (asked, self.nonce) {
            (Some(asked), Some(returned)) if asked != returned => Err(Unusable::Nonce),
            (Some(_), None) if context.policy.ocsp_nonce_required => Err(Unusable::Nonce),
            (Some(_), None) => Ok(Asked::Unproven),
            (None, _) | (Some(_), Some(_)) => Ok(Asked::Now),
        }
    }

    /// Returns what one answer says.
    fn says(&self, single: &Single<'_>, matter: &Matter) -> Status {
        match single.status {
            // RFC 6960, 2.2: with this extension, on hold since 1970 is how "never issued" is answered.
            Said::Revoked(since, Some(HOLD)) if since == Timestamp::UNIX_EPOCH && self.extended_revoke => {
                Status::NotIssued
            }
            Said::Revoked(since, reason) => Status::revoked(since, reason, matter),
            Said::Good => Status::Good(None),
            Said::Unknown => Status::Unknown,
        }
    }

    /// Says whether the authority, or a delegate that it certified for this, signed the response.
    fn judge_signer(&self, made: Timestamp, origin: Origin, work: &Work<'_>) -> Result<(), Unusable> {
        let signed = Signed { message: self.signed, signature: self.signature };
        if self.responder.is(work.issuer) {
            return work.judge_signed(self.algorithm, work.issuer, &signed, origin);
        }
        let mut fault = Unusable::SignerUntrusted;
        let named = self.certificates.iter().filter(|it| self.responder.is(it));
        for delegate in named.filter(|it| may_answer(it, made, work.issuer)) {
            let judged = work.judge_signed(self.algorithm, delegate, &signed, origin);
            match judged.and_then(|()| judge_delegate(delegate, made, origin, work)) {
                Ok(()) => return Ok(()),
                Err(own) => fault = own,
            }
        }
        Err(fault)
    }
}

/// Returns whether `delegate` is, by its own words, certified to answer for `issuer`.
fn may_answer(delegate: &Certificate, made: Timestamp, issuer: &Certificate) -> bool {
    let extensions = delegate.extensions();
    let signs = extensions.key_usage.is_none_or(|usage| usage.contains(KeyUsage::DIGITAL_SIGNATURE));
    signs
        && extensions.usages.contains(&oids::OCSP_SIGNING)
        && !extensions.is_authority
        && extensions.unknown_critical.is_empty()
        && delegate.is_in_term(made)
        && delegate.names_as_issuer(issuer)
}

/// Says whether the authority certified `delegate` with its own key, and did not revoke it.
fn judge_delegate(
    delegate: &Certificate,
    made: Timestamp,
    origin: Origin,
    work: &Work<'_>,
) -> Result<(), Unusable> {
    work.judge_issued(delegate, origin)?;
    // A list must say that it was not revoked (another responder would lead in circles). Of one that is exempt nobody need
    // ask, but whoever knows that it was revoked does not believe it: with its key, once lost, any time can be stated.
    match weigh(&crl::answers(delegate, work, &Matter::of_answer(made, origin.existed))) {
        Together::Good(_) => Ok(()),
        Together::Nothing if delegate.extensions().ocsp_no_check => Ok(()),
        Together::Nothing | Together::NotIssued | Together::Revoked(_) => Err(Unusable::SignerUntrusted),
    }
}

impl Responder<'_> {
    fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.subject().raw() == *name,
            Self::KeySha1(hash) => {
                certificate.key_bits().ok().is_some_and(|bits| DigestAlgorithm::Sha1.digest(bits) == *hash)
            }
        }
    }
}

fn responder(element: Element<'_>) -> Result<Responder<'_>, Asn1Error> {
    let inner = Element::parse(element.value)?;
    match element.tag {
        tag if tag == context(1) => Ok(Responder::Name(inner.expect(SEQUENCE)?.raw)),
        tag if tag == context(2) => Ok(Responder::KeySha1(inner.expect(OCTET_STRING)?.value)),
        _ => Err(Asn1Error::Value),
    }
}

impl<'a> Single<'a> {
    fn parse(element: Element<'a>) -> Result<Self, Asn1Error> {
        let mut fields = element.expect(SEQUENCE)?.reader();
        let mut id = fields.take(SEQUENCE)?.reader();
        let digest = algorithm_identifier(id.take(SEQUENCE)?)?;
        let (name_hash, key_hash) = (id.take(OCTET_STRING)?.value, id.take(OCTET_STRING)?.value);
        let serial = id.take(INTEGER)?.value;
        id.finish()?;
        let status = single_status(fields.any()?)?;
        let this_update = fields.take(GENERALIZED_TIME)?.time()?;
        let next_update = match fields.optional(context(0))? {
            Some(time) => Some(Element::parse(time.value)?.expect(GENERALIZED_TIME)?.time()?),
            None => None,
        };
        let is_narrowed = match fields.optional(context(1))? {
            Some(list) => has_critical(Element::parse(list.value)?)?,
            None => false,
        };
        fields.finish()?;
        let digest = DigestAlgorithm::from_oid(&digest);
        Ok(Self { digest, name_hash, key_hash, serial, status, this_update, next_update, is_narrowed })
    }

    fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let same_name = certificate.issuer().raw() == issuer.subject().raw();
        self.serial == certificate.serial() && same_name && self.names(issuer)
    }

    /// Returns whether the answer is about a certificate of this authority, by the hashes of its name and key.
    fn names(&self, issuer: &Certificate) -> bool {
        let (Some(digest), Ok(key)) = (self.digest, issuer.key_bits()) else { return false };
        digest.digest(issuer.subject().raw()) == self.name_hash && digest.digest(key) == self.key_hash
    }
}

/// Returns whether one of these extensions is critical.
fn has_critical(list: Element<'_>) -> Result<bool, Asn1Error> {
    let mut found = false;
    for item in list.expect(SEQUENCE)?.reader().all(ITEMS_MAX)? {
        found |= extension_parts(item)?.1;
    }
    Ok(found)
}

fn single_status(element: Element<'_>) -> Result<Said, Asn1Error> {
    match element.tag {
        tag if tag == context_primitive(0) => Ok(Said::Good),
        tag if tag == context_primitive(2) => Ok(Said::Unknown),
        tag if tag == context(1) => {
            let mut fields = element.reader();
            let since = fields.take(GENERALIZED_TIME)?.time()?;
            let reason = match fields.optional(context(0))? {
                Some(reason) => Element::parse(reason.value)?.expect(ENUMERATED)?.value.first().copied(),
                None => None,
            };
            fields.finish()?;
            Ok(Said::Revoked(since, reason))
        }
        _ => Err(Asn1Error::Value),
    }
}
