// SPDX-License-Identifier: MIT OR Apache-2.0
//! What several lists say together: a revocation is not lifted by age, a hold by a later list, and a list of a point is about its point.

use super::{Authority, by_index, by_lists};
use crate::maker::extension;
use crate::oracle::openssl;
use eds::asn1::{context, context_primitive, write};
use eds::crl::{Index, IndexFault};
use eds::{Certificate, CheckResult, Context, Evidence, oids};
use jiff::SignedDuration;

const PASSED: [(&str, CheckResult); 1] = [("certificate-revoked", CheckResult::Passed)];
const FAILED: [(&str, CheckResult); 1] = [("certificate-revoked", CheckResult::Failed)];
const UNKNOWN: [(&str, CheckResult); 2] =
    [("revocation-evidence", CheckResult::Unknown), ("revocation-unknown", CheckResult::Unknown)];

#[test]
fn a_list_that_is_over_still_revokes_and_its_hold_leaves_the_matter_open() {
    let authority = Authority::new();
    let good = authority.plan(10, vec![]).make();
    let minutes_ago = |minutes| authority.now() - SignedDuration::from_mins(minutes);
    for (reason, found) in [(1, &FAILED[..]), (6, &UNKNOWN[..])] {
        for base in [Some(10), None] {
            let mut over = authority.plan(11, vec![authority.revoked(5, reason)]);
            (over.base, over.this_update, over.next_update) = (base, minutes_ago(30), Some(minutes_ago(20)));
            let over = over.make();
            let lists = by_lists(&[good.clone(), over.clone()]);
            assert_eq!(authority.judged(&lists, authority.now()), found, "{reason} {base:?}");
            if base.is_some() {
                let mut index = Index::read(&good, &authority.root).unwrap();
                index.lay_over(&over, &authority.root).unwrap();
                assert_eq!(authority.judged(&by_index(index), authority.now()), found, "{reason}");
            }
        }
    }
}

#[test]
fn a_hold_that_a_later_list_does_not_know_is_over_and_a_compromise_is_not() {
    let authority = Authority::new();
    let later = authority.plan(10, vec![]).make();
    for (reason, found) in [(6, PASSED), (1, FAILED)] {
        let mut before = authority.plan(9, vec![authority.revoked(30, reason)]);
        before.this_update = authority.now() - SignedDuration::from_hours(20);
        let before = before.make();
        for lists in [[before.clone(), later.clone()], [later.clone(), before.clone()]] {
            assert_eq!(authority.judged(&by_lists(&lists), authority.now()), found, "{reason}");
        }
        // Nor do changes take it off the list, which take off holds alone.
        let mut removal = authority.plan(11, vec![authority.revoked(2, 8)]);
        removal.base = Some(9);
        let removal = removal.make();
        let lists = by_lists(&[before.clone(), removal.clone()]);
        assert_eq!(authority.judged(&lists, authority.now()), found, "{reason}");
        let mut index = Index::read(&before, &authority.root).unwrap();
        index.lay_over(&removal, &authority.root).unwrap();
        assert_eq!(authority.judged(&by_index(index), authority.now()), found, "{reason}");
    }
}

#[test]
fn changes_without_a_number_are_laid_over_nothing_and_still_revoke() {
    let authority = Authority::new();
    let good = authority.plan(10, vec![]).make();
    let changes = |entries| {
        let mut plan = authority.plan(11, entries);
        (plan.number, plan.base) = (None, Some(10));
        plan.make()
    };
    for (entries, found) in [
        (vec![], PASSED),
        (vec![authority.revoked(3, 1)], FAILED),
        (vec![authority.revoked(3, 6)], FAILED),
        (vec![authority.revoked(3, 8)], PASSED),
    ] {
        let lists = by_lists(&[good.clone(), changes(entries)]);
        assert_eq!(authority.judged(&lists, authority.now()), found);
    }
}

#[test]
fn a_list_of_a_point_speaks_about_certificates_that_name_the_point() {
    let authority = Authority::new();
    let place = authority.own.folder.path();
    let points = "[point]\ncrlDistributionPoints=URI:http://ca.invalid/one.crl\n";
    std::fs::write(place.join("point.cnf"), points).unwrap();
    let issue = "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4712 -days 20 -out point.pem -extfile point.cnf -extensions point";
    assert!(openssl(place, issue));
    let named = Certificate::parse(&authority.own.file("point.pem")).unwrap();
    let list = |name: &[u8]| {
        let mut plan = authority.plan(1, vec![]);
        let point = write::tlv(context(0), &write::tlv(context(0), name));
        plan.extensions = extension(&oids::ISSUING_DISTRIBUTION_POINT, true, &write::sequence(&[&point]));
        plan.make()
    };
    let address = |it: &str| write::tlv(context_primitive(6), it.as_bytes());
    let (one, two) = (address("http://ca.invalid/one.crl"), address("http://ca.invalid/two.crl"));
    let mut policy = authority.own.policy();
    policy.revocation = eds::Revocation::OcspOrCrl;
    let words = |certificate: &Certificate, evidence: &Evidence| {
        let at = authority.now();
        let found =
            eds::revocation_of(certificate, &authority.root, &Context { evidence, at, policy: &policy });
        found.checks.into_iter().map(|it| (it.code.as_str(), it.result)).collect::<Vec<_>>()
    };
    for (list, own, other) in [
        (list(&one), &PASSED[..], &UNKNOWN[..]),
        (list(&[two.clone(), one].concat()), &PASSED[..], &UNKNOWN[..]),
        (list(&two), &UNKNOWN[..], &UNKNOWN[..]),
        (authority.plan(1, vec![]).make(), &PASSED[..], &PASSED[..]),
    ] {
        let index = Index::read(&list, &authority.root).unwrap();
        let kept = Index::from_bytes(&index.to_bytes()).unwrap();
        assert_eq!(kept, index);
        for evidence in [by_lists(&[list]), by_index(kept)] {
            assert_eq!(words(&named, &evidence), own);
            assert_eq!(words(&authority.own.leaf, &evidence), other);
        }
    }
    // A point without an address is nobody's.
    let nameless = list(&write::tlv(context(4), authority.root.subject().raw()));
    assert_eq!(Index::read(&nameless, &authority.root), Err(IndexFault::Partial));
    assert_eq!(words(&named, &by_lists(&[nameless])), UNKNOWN);
    // Changes of another point are laid over nothing.
    let mut index = Index::read(&authority.plan(1, vec![]).make(), &authority.root).unwrap();
    let mut changes = authority.plan(2, vec![]);
    changes.base = Some(1);
    let point = write::sequence(&[&write::tlv(context(0), &write::tlv(context(0), &two))]);
    changes.extensions = extension(&oids::ISSUING_DISTRIBUTION_POINT, true, &point);
    assert_eq!(index.lay_over(&changes.make(), &authority.root), Err(IndexFault::NumbersDoNotFit));
}

#[test]
fn a_hold_lasts_into_the_revocation_of_a_later_list_or_of_changes() {
    let authority = Authority::new();
    let at = authority.now() - SignedDuration::from_hours(3);
    let mut first = authority.plan(9, vec![authority.revoked(5, 6)]);
    first.this_update = authority.now() - SignedDuration::from_hours(4);
    let first = first.make();
    assert_eq!(authority.judged(&by_lists(std::slice::from_ref(&first)), at), FAILED);
    for reason in [1, 4] {
        for base in [None, Some(9)] {
            let mut second = authority.plan(10, vec![authority.revoked(2, reason)]);
            second.base = base;
            let second = second.make();
            if base.is_none() {
                assert_eq!(authority.judged(&by_lists(std::slice::from_ref(&second)), at), PASSED);
            } else {
                let mut index = Index::read(&first, &authority.root).unwrap();
                index.lay_over(&second, &authority.root).unwrap();
                assert_eq!(authority.judged(&by_index(index), at), FAILED);
            }
            for lists in [[first.clone(), second.clone()], [second.clone(), first.clone()]] {
                assert_eq!(authority.judged(&by_lists(&lists), at), FAILED, "{reason} {base:?}");
            }
        }
    }
    // A list in between that does not name it shows that it was taken off the hold.
    let mut between = authority.plan(10, vec![]);
    between.this_update = authority.now() - SignedDuration::from_mins(210);
    let last = authority.plan(11, vec![authority.revoked(2, 1)]).make();
    assert_eq!(authority.judged(&by_lists(&[first, between.make(), last]), at), PASSED);
}

#[test]
fn a_list_revokes_what_it_names_whatever_its_scope_and_proves_nothing_by_silence() {
    let authority = Authority::new();
    let mut clean = authority.plan(9, vec![]);
    clean.this_update = authority.now() - SignedDuration::from_hours(10);
    let clean = clean.make();
    let address = write::tlv(context_primitive(6), b"http://ca.invalid/other.crl");
    let point = write::tlv(context(0), &write::tlv(context(0), &address));
    let authorities_only = write::tlv(context_primitive(2), &[0xff]);
    let reasons_only = write::tlv(context_primitive(3), &[6, 0x40]);
    let indirect = write::tlv(context_primitive(4), &[0xff]);
    let scope =
        |fields: &[u8]| extension(&oids::ISSUING_DISTRIBUTION_POINT, true, &write::sequence(&[fields]));
    let strange = extension(&oids::CRL_REASON, true, &write::null());
    let with_strange = |fields: &[u8]| [scope(fields), strange.clone()].concat();
    for (extensions, found) in [
        (scope(&point), &FAILED[..]),
        (scope(&authorities_only), &FAILED[..]),
        (scope(&reasons_only), &FAILED[..]),
        // What is not understood decides nothing, and is not passed over.
        (strange.clone(), &UNKNOWN[..]),
        (with_strange(&point), &UNKNOWN[..]),
        // The number may be that of another authority's certificate.
        (scope(&[point.clone(), indirect.clone()].concat()), &PASSED[..]),
        (with_strange(&indirect), &PASSED[..]),
    ] {
        for base in [None, Some(9)] {
            let list = |entries| {
                let mut plan = authority.plan(10, entries);
                (plan.base, plan.extensions) = (base, extensions.clone());
                plan.make()
            };
            let judged = |lists: &[Vec<u8>]| authority.judged(&by_lists(lists), authority.now());
            for reason in [1, 6] {
                let named = list(vec![authority.revoked(3, reason)]);
                assert_eq!(judged(&[clean.clone(), named]), found, "{reason} {base:?} {extensions:02x?}");
            }
            assert_eq!(judged(&[clean.clone(), list(vec![])]), PASSED);
            assert_eq!(judged(&[list(vec![])]), UNKNOWN);
            // That it was revoked later does not say that it was not before, for another reason.
            let at = authority.now() - SignedDuration::from_hours(4);
            let later = list(vec![authority.revoked(3, 1)]);
            assert_eq!(authority.judged(&by_lists(&[later]), at), UNKNOWN);
        }
    }
    // An index of lists of another point.
    let mut other = authority.plan(10, vec![authority.revoked(3, 1)]);
    other.extensions = scope(&point);
    let index = Index::read(&other.make(), &authority.root).unwrap();
    let both = Evidence { crls: vec![clean], ..by_index(index) };
    assert_eq!(authority.judged(&both, authority.now()), FAILED);
}

#[test]
fn a_list_that_keeps_ended_certificates_speaks_about_them() {
    let authority = Authority::new();
    let (end, hours) = (authority.own.leaf.not_after(), SignedDuration::from_hours);
    let mut policy = authority.own.policy();
    policy.revocation = eds::Revocation::OcspOrCrl;
    policy.evidence_until = Some(end + hours(2));
    let before = end - hours(1);
    for (since, found) in
        [(Some(before), &PASSED[..]), (Some(end + hours(1)), &UNKNOWN[..]), (None, &UNKNOWN[..])]
    {
        let mut plan = authority.plan(10, vec![]);
        (plan.this_update, plan.next_update) = (end + hours(1), Some(end + hours(24)));
        let value = since.map(write::generalized_time);
        plan.extensions = value.map(|it| extension(&oids::EXPIRED_ON_CRL, false, &it)).unwrap_or_default();
        let list = plan.make();
        let index = Index::read(&list, &authority.root).unwrap().to_bytes();
        for evidence in [by_lists(&[list]), by_index(Index::from_bytes(&index).unwrap())] {
            assert_eq!(authority.judged_by(&evidence, before, &policy), found, "{since:?}");
        }
    }
}

#[test]
fn a_removal_by_changes_that_are_over_or_fit_no_list_leaves_a_hold_open() {
    let authority = Authority::new();
    let hours_ago = |hours| authority.now() - SignedDuration::from_hours(hours);
    let mut held = authority.plan(9, vec![authority.revoked(11, 6)]);
    held.this_update = hours_ago(10);
    let held = held.make();
    assert_eq!(authority.judged(&by_lists(std::slice::from_ref(&held)), authority.now()), FAILED);
    let removal = |base, until| {
        let mut plan = authority.plan(20, vec![authority.revoked(11, 8)]);
        (plan.base, plan.this_update, plan.next_update) = (Some(base), hours_ago(9), Some(hours_ago(until)));
        plan.make()
    };
    let (over, unfit, usable) = (removal(9, 1), removal(19, -5), removal(9, -5));
    for (changes, found) in [(&over, &UNKNOWN[..]), (&unfit, &UNKNOWN[..]), (&usable, &PASSED[..])] {
        let lists = by_lists(&[held.clone(), changes.clone()]);
        assert_eq!(authority.judged(&lists, authority.now()), found);
        // A later list that says so again is believed.
        let again = authority.plan(21, vec![authority.revoked(11, 6)]).make();
        let lists = by_lists(&[held.clone(), changes.clone(), again]);
        assert_eq!(authority.judged(&lists, authority.now()), FAILED);
    }
    let mut index = Index::read(&held, &authority.root).unwrap();
    index.lay_over(&over, &authority.root).unwrap();
    assert_eq!(authority.judged(&by_index(index), authority.now()), UNKNOWN);
}

#[test]
fn a_hold_of_an_authority_after_the_time_judged_is_over_when_a_later_list_does_not_know_it() {
    let authority = Authority::new();
    let place = authority.own.folder.path();
    let usage = "[below]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
    std::fs::write(place.join("below.cnf"), usage).unwrap();
    let issue = "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4711 -days 20 -out below.pem -extfile below.cnf -extensions below";
    assert!(openssl(place, issue));
    let below = Certificate::parse(&authority.own.file("below.pem")).unwrap();
    let mut policy = authority.own.policy();
    policy.revocation = eds::Revocation::OcspOrCrl;
    policy.evidence_until = Some(authority.now());
    let list = |number, minutes, entries| {
        let mut plan = authority.plan(number, entries);
        plan.this_update = authority.now() - SignedDuration::from_mins(minutes);
        plan.make()
    };
    let held = list(9, 90, vec![authority.revoked(2, 6)]);
    let clean = list(10, 60, vec![]);
    let compromised = list(10, 60, vec![authority.revoked(2, 1)]);
    for (lists, found) in [
        (vec![held.clone()], &UNKNOWN[..]),
        (vec![held.clone(), clean.clone()], &PASSED[..]),
        (vec![held, compromised.clone()], &UNKNOWN[..]),
        (vec![compromised, list(11, 30, vec![])], &UNKNOWN[..]),
    ] {
        let (at, evidence) = (authority.now() - SignedDuration::from_hours(3), by_lists(&lists));
        let context = Context { evidence: &evidence, at, policy: &policy };
        let checks = eds::revocation_of(&below, &authority.root, &context).checks;
        let said: Vec<_> = checks.into_iter().map(|it| (it.code.as_str(), it.result)).collect();
        assert_eq!(said, found);
    }
}
