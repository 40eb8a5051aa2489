// SPDX-License-Identifier: MIT OR Apache-2.0
//! The OCSP responder of the development authority, with the habits of the national one.

use eds::algorithm::DigestAlgorithm;
use eds::asn1::{
    Asn1Error, ENUMERATED, Element, INTEGER, OCTET_STRING, SEQUENCE, context, context_primitive, write,
};
use eds::{Certificate, oids};
use jiff::Timestamp;

use super::Authority;
use super::build::extension;
use super::keys::Family;
use super::lists::{SUPERSEDED, hex};

/// Largest request read.
const REQUEST_BYTES_MAX: usize = 4096;
/// Certificates asked about in one request.
const ASKED_MAX: usize = 16;
/// Longest nonce echoed (RFC 9654).
const NONCE_BYTES_MAX: usize = 128;
/// Response status: the request is malformed.
const MALFORMED: u8 = 1;
/// Response status: the responder failed.
const INTERNAL: u8 = 2;
/// Response status: not an authority this responder speaks for.
const UNAUTHORIZED: u8 = 6;
/// Reason `certificateHold`, which with the year 1970 says "never issued".
const HOLD: u8 = 6;

/// Returns the response to a request, DER.
pub(super) fn answer<K: Family>(ca: &Authority<K>, request: &[u8], now: Timestamp) -> Vec<u8> {
    let Ok(request) = Request::parse(request) else { return refusal(MALFORMED) };
    let authority = ca.authority.certificate();
    let mut singles = Vec::new();
    for asked in &request.asked {
        if !asked.names(authority) {
            return refusal(UNAUTHORIZED);
        }
        singles.extend(single(ca, asked, now));
    }
    response(ca, &singles, request.nonce, now).unwrap_or_else(|| refusal(INTERNAL))
}

struct Request<'a> {
    asked: Vec<Asked<'a>>,
    nonce: Option<&'a [u8]>,
}

struct Asked<'a> {
    raw: &'a [u8],
    digest: Option<DigestAlgorithm>,
    key_hash: &'a [u8],
    name_hash: &'a [u8],
    serial: &'a [u8],
}

impl<'a> Request<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Asn1Error> {
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(Asn1Error::Limit);
        }
        let mut fields = Element::parse(bytes)?.expect(SEQUENCE)?.reader().take(SEQUENCE)?.reader();
        fields.optional(context(0))?;
        fields.optional(context(1))?;
        let mut asked = Vec::new();
        for item in fields.take(SEQUENCE)?.reader().all(ASKED_MAX)? {
            asked.push(Asked::parse(item.expect(SEQUENCE)?.reader().take(SEQUENCE)?)?);
        }
        let nonce = match fields.optional(context(2))? {
            Some(list) => nonce(Element::parse(list.value)?)?,
            None => None,
        };
        fields.finish()?;
        Ok(Self { asked, nonce })
    }
}

impl<'a> Asked<'a> {
    fn parse(element: Element<'a>) -> Result<Self, Asn1Error> {
        let mut fields = element.reader();
        let digest = fields.take(SEQUENCE)?.reader().any()?.oid()?;
        let (name_hash, key_hash) = (fields.take(OCTET_STRING)?.value, fields.take(OCTET_STRING)?.value);
        let serial = fields.take(INTEGER)?.value;
        fields.finish()?;
        let digest = DigestAlgorithm::from_oid(&digest);
        Ok(Self { raw: element.raw, digest, key_hash, name_hash, serial })
    }

    fn names(&self, authority: &Certificate) -> bool {
        let Some(digest) = self.digest else { return false };
        let is = |bytes: &[u8], hash: &[u8]| digest.digest(bytes) == hash;
        let key = authority.key_bits().unwrap_or_default();
        is(authority.subject().raw(), self.name_hash) && is(key, self.key_hash)
    }
}

fn nonce(list: Element<'_>) -> Result<Option<&[u8]>, Asn1Error> {
    for item in list.expect(SEQUENCE)?.reader().all(ASKED_MAX)? {
        let mut fields = item.expect(SEQUENCE)?.reader();
        if fields.any()?.oid()? == oids::OCSP_NONCE {
            fields.optional(eds::asn1::BOOLEAN)?;
            let value = fields.take(OCTET_STRING)?.value;
            return if value.len() <= NONCE_BYTES_MAX { Ok(Some(value)) } else { Err(Asn1Error::Limit) };
        }
    }
    Ok(None)
}

fn single<K: Family>(ca: &Authority<K>, asked: &Asked<'_>, now: Timestamp) -> Vec<u8> {
    let serial_hex = hex(asked.serial);
    let revoked = |since: Timestamp, reason: u8| {
        let reason = write::tlv(context(0), &write::tlv(ENUMERATED, &[reason]));
        write::constructed(context(1), &[&write::generalized_time(since), &reason])
    };
    let status = match ca.revocations.get(&serial_hex) {
        _ if !ca.issued.contains(&serial_hex) => revoked(Timestamp::UNIX_EPOCH, HOLD),
        Some(since) if *since <= now => revoked(*since, SUPERSEDED),
        _ => write::tlv(context_primitive(0), &[]),
    };
    // No next update: so answers the national responder.
    write::sequence(&[asked.raw, &status, &write::generalized_time(now)])
}

fn response<K: Family>(
    ca: &Authority<K>,
    singles: &[u8],
    nonce: Option<&[u8]>,
    now: Timestamp,
) -> Option<Vec<u8>> {
    let responder = &ca.responder;
    let mut extensions = extension(&oids::OCSP_EXTENDED_REVOKE, false, &write::null());
    extensions.extend(nonce.map(|nonce| extension(&oids::OCSP_NONCE, false, nonce)).unwrap_or_default());
    let data = write::sequence(&[
        &write::tlv(context(1), responder.certificate().subject().raw()),
        &write::generalized_time(now),
        &write::sequence(&[singles]),
        &write::tlv(context(1), &write::sequence(&[&extensions])),
    ]);
    let signature = responder.sign(&data)?;
    let basic = write::sequence(&[
        &data,
        &K::algorithm(),
        &write::bits(&signature),
        &write::tlv(context(0), &write::sequence(&[responder.certificate().der()])),
    ]);
    let typed = write::sequence(&[&write::oid(&oids::OCSP_BASIC), &write::octets(&basic)]);
    Some(write::sequence(&[&write::tlv(ENUMERATED, &[0]), &write::tlv(context(0), &typed)]))
}

fn refusal(status: u8) -> Vec<u8> {
    write::sequence(&[&write::tlv(ENUMERATED, &[status])])
}

#[cfg(test)]
mod tests {
    use eds::{Certificate, Context, Evidence, Findings, Outcome, Policy, Purpose};

    use super::*;
    use crate::ca::DevCa;

    fn outcome(ca: &DevCa, ocsp: Vec<u8>, now: Timestamp) -> Outcome {
        let evidence = Evidence {
            certificates: vec![ca.authority_der().to_vec()],
            ocsp: vec![ocsp],
            crls: vec![ca.root_crl(now)],
            ..Evidence::default()
        };
        let policy = Policy::new(ca.trust().unwrap(), Purpose::GatewayTransport { bin: None });
        let context = Context { evidence: &evidence, at: now, policy: &policy };
        let mut findings = Findings::default();
        let leaf = ca.holder("transport-portal").unwrap().certificate();
        eds::judge_certificate(leaf, &[], &context, &eds::Subject::Signer(0), &mut findings);
        findings.outcome()
    }

    #[test]
    fn answer_signed_by_a_key_that_is_no_delegate_is_not_believed() {
        let now = "2026-11-21T05:00:00Z".parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut ca = DevCa::create_or_load(folder.path(), now, &[]).unwrap();
        let authority = Certificate::parse(ca.authority_der()).unwrap();
        let leaf = ca.holder("transport-portal").unwrap().certificate();
        let request = eds::ocsp_request(leaf, &authority, None).unwrap();
        assert_eq!(outcome(&ca, ca.ocsp(&request, now), now), Outcome::Valid);
        // A key of the same authority, but of a system.
        let other = ca.holders.remove("transport-center").unwrap();
        let delegate = std::mem::replace(&mut ca.responder, other);
        assert!(matches!(outcome(&ca, ca.ocsp(&request, now), now), Outcome::Indeterminate { .. }));
        // The authority itself may answer.
        ca.responder = std::mem::replace(&mut ca.authority, delegate);
        let data = single(&ca, &Request::parse(&request).unwrap().asked[0], now);
        let by_itself = response(&ca, &data, None, now).unwrap();
        std::mem::swap(&mut ca.responder, &mut ca.authority);
        assert_eq!(outcome(&ca, by_itself, now), Outcome::Valid);
    }
}
