// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists of the development authority.

use std::collections::BTreeMap;

use eds::asn1::{ENUMERATED, INTEGER, context, context_primitive, write};
use eds::oids;
use jiff::{SignedDuration, Timestamp};

use super::build::extension;
use super::holders::Holder;
use super::keys::Family;

/// Until when a list of keys promises the next: the national authority gives about as much.
pub(super) const TERM: SignedDuration = SignedDuration::from_hours(27);
/// Until when a list of authorities promises the next.
pub(super) const ROOT_TERM: SignedDuration = SignedDuration::from_hours(24 * 180);
/// Until when a list of changes promises the next.
const CHANGES_TERM: SignedDuration = SignedDuration::from_mins(450);
/// Reason `superseded`.
pub(super) const SUPERSEDED: u8 = 4;

/// Returns the list of this authority, DER; empty bytes only if the system gives no randomness.
pub(super) fn list<K: Family>(
    authority: &Holder<K>,
    revocations: &BTreeMap<String, Timestamp>,
    now: Timestamp,
    term: SignedDuration,
) -> Vec<u8> {
    made(authority, revocations, (now, now.checked_add(term).unwrap_or(now)), None)
}

/// Returns what changed since any list of keys that still serves, DER: when a revocation became known is not kept, so all of
/// them are told again.
pub(super) fn changes<K: Family>(
    authority: &Holder<K>,
    revocations: &BTreeMap<String, Timestamp>,
    now: Timestamp,
) -> Vec<u8> {
    let until = now.checked_add(CHANGES_TERM).unwrap_or(now);
    made(authority, revocations, (now, until), now.checked_sub(TERM).ok())
}

/// The number of a list made then.
fn number(time: Timestamp) -> Vec<u8> {
    write::small(u32::try_from(time.as_second()).unwrap_or(u32::MAX))
}

fn made<K: Family>(
    authority: &Holder<K>,
    revocations: &BTreeMap<String, Timestamp>,
    (now, until): (Timestamp, Timestamp),
    base: Option<Timestamp>,
) -> Vec<u8> {
    let algorithm = K::algorithm();
    let reason = extension(&oids::CRL_REASON, false, &write::tlv(ENUMERATED, &[SUPERSEDED]));
    let mut entries = Vec::new();
    for (serial_hex, since) in revocations.iter().filter(|(_, since)| **since <= now) {
        let serial = write::tlv(INTEGER, &bytes(serial_hex));
        entries.extend(write::sequence(&[&serial, &write::time(*since), &write::sequence(&[&reason])]));
    }
    let entries = if entries.is_empty() { entries } else { write::sequence(&[&entries]) };
    let key_id = authority.certificate().extensions().subject_key_id.clone().unwrap_or_default();
    let base = base.map_or_else(Vec::new, |base| extension(&oids::DELTA_CRL, true, &number(base)));
    let extensions = write::sequence(&[
        &extension(&oids::CRL_NUMBER, false, &number(now)),
        &base,
        &extension(
            &oids::AUTHORITY_KEY_ID,
            false,
            &write::sequence(&[&write::tlv(context_primitive(0), &key_id)]),
        ),
    ]);
    let tbs = write::sequence(&[
        &write::small(1),
        &algorithm,
        authority.certificate().subject().raw(),
        &write::time(now),
        &write::time(until),
        &entries,
        &write::tlv(context(0), &extensions),
    ]);
    let signature = authority.sign(&tbs);
    signature
        .map_or_else(Vec::new, |signature| write::sequence(&[&tbs, &algorithm, &write::bits(&signature)]))
}

/// Returns the bytes of a serial number in hexadecimal.
pub(super) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0u8, |sum, digit| (sum << 4) | digit)).collect()
}

/// Returns a serial number in hexadecimal.
pub(super) fn hex(serial: &[u8]) -> String {
    let digits = serial.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}
