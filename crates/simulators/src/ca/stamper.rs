// SPDX-License-Identifier: MIT OR Apache-2.0
//! The authority that stamps time (RFC 3161), with the habits of the national one: its serial numbers are negative.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use eds::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use eds::asn1::write;
use eds::tsp::{Accuracy, Request, StampInfo};
use eds::{Certificate, oids};
use jiff::Timestamp;

use super::holders::Holder;
use super::keys::Family;

/// Bytes of a serial number.
const SERIAL_BYTES: usize = 16;
/// Status: granted.
const GRANTED: u32 = 0;
/// Status: refused.
const REJECTED: u32 = 2;
/// Failure: the digest is not one that is stamped (bit 0).
const BAD_ALGORITHM: [u8; 2] = [7, 0x80];
/// Failure: the request cannot be read (bit 5).
const BAD_FORMAT: [u8; 2] = [2, 0x04];
/// Failure: the policy is not offered (bit 15).
const BAD_POLICY: [u8; 3] = [0, 0x00, 0x01];
/// Failure: the system failed (bit 25).
const SYSTEM_FAILURE: [u8; 5] = [6, 0, 0, 0, 0x40];

/// Returns the response to a request, DER; `along` is the certificate of the issuer.
pub(super) fn answer<K: Family>(
    stamper: &Holder<K>,
    along: &Certificate,
    request: &[u8],
    now: Timestamp,
) -> Vec<u8> {
    let Ok(request) = Request::parse(request) else { return refusal(&BAD_FORMAT) };
    let algorithm = DigestAlgorithm::from_oid(&request.imprint.algorithm);
    if algorithm.is_none_or(|it| it == DigestAlgorithm::Sha1) {
        return refusal(&BAD_ALGORITHM);
    }
    let offered = [oids::STAMP_POLICY_2015, oids::STAMP_POLICY_2004];
    let policy = request.policy.unwrap_or(oids::STAMP_POLICY_2015);
    if !offered.contains(&policy) {
        return refusal(&BAD_POLICY);
    }
    granted(stamper, along, (request, policy), now).unwrap_or_else(|| refusal(&SYSTEM_FAILURE))
}

fn granted<K: Family>(
    stamper: &Holder<K>,
    along: &Certificate,
    (request, policy): (Request, const_oid::ObjectIdentifier),
    now: Timestamp,
) -> Option<Vec<u8>> {
    let random = SystemRandom::new();
    let mut serial = vec![0; SERIAL_BYTES];
    random.fill(&mut serial).ok()?;
    // Below zero, and no byte longer than needed.
    *serial.first_mut()? = 0x80 | (serial.first()? & 0x3f);
    let info = StampInfo {
        policy,
        imprint: request.imprint,
        serial,
        time: now,
        accuracy: Some(Accuracy::of_seconds(1)),
        nonce: request.nonce,
    };
    // Whether or not it is asked for, the certificate goes along, as a CMS without it would be of no use to anyone.
    let chain = [stamper.certificate().clone(), along.clone()];
    // Its own certificate is signed by a key of the same family.
    let algorithm = SignatureAlgorithm::from_oid(&stamper.certificate().signature_oid())?;
    let token = info.sign_by(algorithm, &chain, &|message| stamper.sign(message)).ok()?;
    Some(write::sequence(&[&write::sequence(&[&write::small(GRANTED)]), &token]))
}

fn refusal(failure: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::sequence(&[
        &write::small(REJECTED),
        &write::tlv(eds::asn1::BIT_STRING, failure),
    ])])
}
