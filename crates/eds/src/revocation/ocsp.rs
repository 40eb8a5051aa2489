// SPDX-License-Identifier: MIT OR Apache-2.0
//! OCSP (RFC 6960): requests made, responses believed only when signed by the authority or its delegate.

mod look;
mod single;

pub(crate) use look::{Looked, look, refusal};

use std::borrow::Cow;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::weigh::{Together, weigh};
use super::work::Work;
use super::{
    Answer, HOLD, KEY_UNTIL, Matter, OCSP_PROMISED_MAX, Signs, Status, Term, Unusable, crl, is_chosen,
    judge_freshness, later, promised,
};
use crate::algorithm::{DigestAlgorithm, algorithm_identifier};
use crate::asn1::{
    self, Asn1Error, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, context, write,
};
use crate::certificate::{Certificate, KeyUsage, extension_parts};
use crate::evidence::Origin;
use crate::oids;
use crate::path::{Context, Signed};
use single::{Said, Single};

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
    // Of which authority one by a strange digest speaks nobody here can tell.
    let is_strange = |it: &Single<'_>| it.serial == certificate.serial() && it.digest.is_none();
    let has_strange = response.singles.iter().any(is_strange);
    let unsaid = if has_strange { Unusable::Partial } else { Unusable::OtherSubject };
    let (status, single) = said.max_by_key(|(status, _)| *status).ok_or(unsaid)?;
    let (made, signed) = (single.this_update, response.produced_at.max(single.this_update));
    let delegate_until = response.judge_signer(signed, origin, work)?;
    let age_max = context.policy.ocsp_age_max;
    let term = Term { made, until: None, age_max, remembers: single.remembers };
    let is_forgotten = matches!(status, Status::Unknown | Status::NotIssued);
    if is_forgotten && term.is_forgetful(certificate, context) {
        // Once the term is over, authorities forget the certificate: that takes nothing away from what they said before.
        return Err(Unusable::AfterTheEnd);
    }
    let asked = if origin.is_kept {
        // It answers no question of today.
        if is_chosen(made, certificate, context) { Err(Unusable::Stale) } else { Ok(Asked::Unproven) }
    } else {
        response.judge_nonce(made, context)
    };
    let believed = asked.and_then(|asked| {
        let until = match asked {
            Asked::Now => promised(single.next_update, made, OCSP_PROMISED_MAX),
            Asked::Unproven => None,
        };
        judge_freshness(&Term { until, ..term }, certificate, context)
    });
    // Of authorities of time it is not demanded: what they stamped is stamped again in time.
    let believed = believed.and_then(|()| match delegate_until.filter(|_| matter.signs != Signs::Times) {
        Some(until) => judge_existence((signed, until), origin, context),
        None => Ok(()),
    });
    let key_until = delegate_until.map(|until| format!("{KEY_UNTIL}{until}")).unwrap_or_default();
    let (made, proof) = ((made, response.produced_at), format!("ocsp {made}{key_until}"));
    Ok(Answer { status, made, believed, proof, is_list: false })
}

/// Says whether an answer is known to have existed (under a later stamp, with the file, or today) before the key that signed it
/// ended: made with it afterwards, at whatever time it says, it would look the same.
fn judge_existence(
    (signed, until): (Timestamp, Timestamp),
    origin: Origin,
    context: &Context<'_>,
) -> Result<(), Unusable> {
    let policy = context.policy;
    let seen = policy.seen_at.unwrap_or(context.at);
    let today = policy.evidence_until.map_or(seen, |today| today.max(seen));
    let known = if signed <= seen { seen } else { today };
    let existed = origin.existed.map_or(known, |it| it.min(known));
    if existed <= later(until, policy.clock_skew_max) { Ok(()) } else { Err(Unusable::Ended) }
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
    algorithm: ObjectIdentifier,
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

enum Responder<'a> {
    Name(&'a [u8]),
    KeySha1(&'a [u8]),
}

impl<'a> Response<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        if bytes.len() > OCSP_BYTES_MAX {
            return Err(Unusable::Malformed);
        }
        let mut outer = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        match outer.take(ENUMERATED)?.value {
            [0] => {}
            [status] => {
                outer.finish()?;
                return Err(Unusable::Refused(*status));
            }
            _ => return Err(Unusable::Malformed),
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
            algorithm,
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

    /// Says whether the authority, or a delegate that it certified for this, signed the response at this time; returns until when
    /// the delegate's key serves. His certificate need not lie in the response (RFC 6960, 4.2.1).
    fn judge_signer(
        &self,
        at: Timestamp,
        origin: Origin,
        work: &Work<'_>,
    ) -> Result<Option<Timestamp>, Unusable> {
        let signed = Signed { message: self.signed, signature: self.signature };
        if self.responder.is(work.issuer) {
            return work.judge_signed(self.algorithm, work.issuer, &signed, origin).map(|()| None);
        }
        let mut fault = Unusable::SignerUntrusted;
        // Whoever made a file can put such certificates into it: they use up nothing of what was given.
        let beside = Origin { is_inside: true, ..origin };
        let own = self.certificates.iter().map(|it| (it, origin));
        let given = std::iter::once_with(|| work.given()).flatten();
        let named = own.chain(given.map(|it| (it, beside)));
        let named = named.filter(|(it, _)| self.responder.is(it) && may_answer(it, at, work.issuer));
        for (delegate, origin) in named {
            let judged = work.judge_signed(self.algorithm, delegate, &signed, origin);
            match judged.and_then(|()| judge_delegate(delegate, at, origin, work)) {
                Ok(()) => return Ok(Some(delegate.not_after())),
                Err(own) => fault = own,
            }
        }
        Err(fault)
    }
}

/// Returns whether `delegate` is, by its own words, certified to answer for `issuer`.
fn may_answer(delegate: &Certificate, at: Timestamp, issuer: &Certificate) -> bool {
    let extensions = delegate.extensions();
    let signs = extensions.key_usage.is_none_or(|usage| usage.contains(KeyUsage::DIGITAL_SIGNATURE));
    signs
        && extensions.usages.contains(&oids::OCSP_SIGNING)
        && !extensions.is_authority
        && extensions.unknown_critical.is_empty()
        && delegate.is_in_term(at)
        && delegate.names_as_issuer(issuer)
}

/// Says whether the authority certified `delegate` with its own key, and did not revoke it.
fn judge_delegate(
    delegate: &Certificate,
    at: Timestamp,
    origin: Origin,
    work: &Work<'_>,
) -> Result<(), Unusable> {
    work.judge_issued(delegate, origin)?;
    // A list must say that it was not revoked (another responder would lead in circles). Of one that is exempt nobody need
    // ask, but whoever knows that it was revoked does not believe it: with its key, once lost, any time can be stated.
    match weigh(&crl::answers(delegate, work, &Matter::of_answer(at, origin.existed))) {
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
