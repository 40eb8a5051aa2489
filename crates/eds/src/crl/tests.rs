// SPDX-License-Identifier: MIT OR Apache-2.0
//! What entries say together.

use super::entries::Entries;
use super::*;
use crate::asn1::{ENUMERATED, INTEGER, write};
use crate::oids;

fn entry(serial: &[u8], since: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map_or_else(Vec::new, |reason| {
        let value = write::octets(&write::tlv(ENUMERATED, &[reason]));
        write::sequence(&[&write::sequence(&[&write::oid(&oids::CRL_REASON), &value])])
    });
    write::sequence(&[&write::tlv(INTEGER, serial), &write::time(since.parse().unwrap()), &reason])
}

#[test]
fn earliest_revocation_of_several_counts_and_removals_do_not() {
    let list = [
        entry(&[5], "2026-02-01T00:00:00Z", Some(1)),
        entry(&[5], "2026-01-01T00:00:00Z", Some(4)),
        entry(&[5], "2025-01-01T00:00:00Z", Some(8)),
        entry(&[6], "2025-01-01T00:00:00Z", Some(8)),
        entry(&[0, 0x85], "1950-01-01T00:00:00Z", None),
        entry(&[0x85], "2051-01-01T00:00:00Z", None),
    ];
    let entries = Entries::read(&list.concat()).unwrap();
    let since = |text: &str, reason| Word::Since(text.parse().unwrap(), reason);
    assert_eq!(entries.find(&[5]), since("2026-01-01T00:00:00Z", Some(4)));
    assert_eq!(entries.find(&[6]), Word::Removed);
    assert_eq!(entries.find(&[7]), Word::Absent);
    assert_eq!(entries.find(&[0, 0x85]), since("1950-01-01T00:00:00Z", None));
    assert_eq!(entries.find(&[0x85]), since("2051-01-01T00:00:00Z", None));
    assert_eq!(entries.find(&[1; 40]), Word::Absent);
}

#[test]
fn a_hold_beside_another_reason_makes_it_nothing_that_may_be_lifted() {
    let (early, late) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let find = |one, other| {
        Entries::read(&[entry(&[5], early, one), entry(&[5], late, other)].concat()).unwrap().find(&[5])
    };
    let since = |reason| Word::Since(early.parse().unwrap(), reason);
    assert_eq!(find(Some(6), Some(1)), since(Some(1)));
    assert_eq!(find(Some(1), Some(6)), since(Some(1)));
    assert_eq!(find(Some(6), None), since(None));
    assert_eq!(find(Some(6), Some(6)), since(Some(6)));
}

#[test]
fn entry_with_a_critical_extension_that_is_not_understood_says_nothing_sure() {
    let extension = write::sequence(&[
        &write::oid(&oids::ISSUING_DISTRIBUTION_POINT),
        &write::truth(),
        &write::octets(&[5, 0]),
    ]);
    let entry = write::sequence(&[
        &write::tlv(INTEGER, &[9]),
        &write::time("2026-01-01T00:00:00Z".parse().unwrap()),
        &write::sequence(&[&extension]),
    ]);
    assert_eq!(Entries::read(&entry).unwrap().find(&[9]), Word::NotUnderstood);
}

#[test]
fn malformed_entries_are_refused() {
    for bad in [vec![0x30, 0x00], vec![0x31, 0x00], vec![0x30, 0x03, 2, 1, 1], vec![0x30, 0x85]] {
        assert!(Entries::read(&bad).is_err(), "{bad:02x?}");
    }
    let bad_reason = entry(&[1], "2026-01-01T00:00:00Z", Some(99));
    assert!(Entries::read(&bad_reason).is_err());
}
