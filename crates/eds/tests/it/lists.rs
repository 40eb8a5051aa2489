// SPDX-License-Identifier: MIT OR Apache-2.0
//! Indexes of revocation lists answer like the lists, and refuse what is no list of theirs.

mod weighed;

use std::sync::Arc;

use eds::asn1::{INTEGER, write};
use eds::crl::{Half, Index, IndexFault};
use eds::{Certificate, CheckResult, Context, Evidence, Findings, Policy, RsaSigner, Subject, oids};
use jiff::{SignedDuration, Timestamp};

use crate::maker::{Listed, Plan, Steps, extension};
use crate::oracle::Throwaway;
use crate::shared::vector;

struct Authority {
    own: Throwaway,
    root: Certificate,
    signer: RsaSigner,
}

impl Authority {
    fn new() -> Self {
        let own = Throwaway::new();
        let (root, signer) =
            (Certificate::parse(&own.root).unwrap(), RsaSigner::from_pkcs8(&own.file("root.key")).unwrap());
        Self { own, root, signer }
    }

    fn now(&self) -> Timestamp {
        self.own.leaf.not_before() + SignedDuration::from_hours(48)
    }

    fn plan(&self, number: u32, entries: Vec<Listed>) -> Plan<'_> {
        Plan {
            next_update: Some(self.now() + SignedDuration::from_hours(24)),
            number: Some(number),
            entries,
            ..Plan::of(&self.root, &self.signer, self.now() - SignedDuration::from_hours(1))
        }
    }

    fn revoked(&self, hours_ago: i64, reason: u8) -> Listed {
        let since = self.now() - SignedDuration::from_hours(hours_ago);
        (self.own.leaf.serial().to_vec(), since, Some(reason))
    }

    /// Returns codes and results about revocation, without details.
    fn judged(&self, evidence: &Evidence, at: Timestamp) -> Vec<(&'static str, CheckResult)> {
        let mut policy = self.own.policy();
        policy.revocation = eds::Revocation::OcspOrCrl;
        // The past is judged too, by lists made after it.
        policy.evidence_until = Some(self.now() + SignedDuration::from_hours(72));
        self.judged_by(evidence, at, &policy)
    }

    fn judged_by(
        &self,
        evidence: &Evidence,
        at: Timestamp,
        policy: &Policy,
    ) -> Vec<(&'static str, CheckResult)> {
        let mut findings = Findings::default();
        let context = Context { evidence, at, policy };
        eds::judge_certificate(&self.own.leaf, &[], &context, &Subject::Signer(0), &mut findings);
        let about = |code: &str| code.starts_with("revocation") || code == "certificate-revoked";
        findings
            .checks
            .iter()
            .map(|it| (it.code.as_str(), it.result))
            .filter(|(code, _)| about(code))
            .collect()
    }
}

fn by_lists(lists: &[Vec<u8>]) -> Evidence {
    Evidence { crls: lists.to_vec(), ..Evidence::default() }
}

fn by_index(index: Index) -> Evidence {
    Evidence { indexes: vec![Arc::new(index)], ..Evidence::default() }
}

fn random_entries(authority: &Authority, steps: &mut Steps, most: usize) -> Vec<Listed> {
    let leaf = authority.own.leaf.serial();
    (0..steps.next(most))
        .map(|_| {
            let serial = match steps.next(5) {
                0 => leaf.to_vec(),
                1 => [leaf, &[0]].concat(),
                2 => [&[0], leaf].concat(),
                _ => vec![u8::try_from(steps.next(100)).unwrap(); 1 + steps.next(20)],
            };
            let ago = i64::try_from(steps.next(200)).unwrap() - 20;
            let reason = [None, Some(1), Some(4), Some(6), Some(8)][steps.next(5)];
            (serial, authority.now() - SignedDuration::from_hours(ago), reason)
        })
        .collect()
}

#[test]
fn index_and_list_give_the_same_answer_with_and_without_changes() {
    let authority = Authority::new();
    let mut steps = Steps(20_261_122);
    let mut seen = Vec::new();
    for round in 0..150 {
        let mut full = authority.plan(10, random_entries(&authority, &mut steps, 30));
        full.this_update = authority.now() - SignedDuration::from_hours(1 + 20 * (round % 2));
        full.next_update = (steps.next(4) > 0).then(|| full.this_update + SignedDuration::from_hours(27));
        let mut lists = vec![full.make()];
        let mut index = Index::read(&lists[0], &authority.root).unwrap();
        // Later changes repeat the earlier ones, because they count from the same list.
        let mut entries = Vec::new();
        for number in 11..11 + u32::try_from(steps.next(3)).unwrap() {
            entries.extend(random_entries(&authority, &mut steps, 6));
            let mut changes = authority.plan(number, entries.clone());
            changes.base = Some(10);
            let made = full.this_update + SignedDuration::from_hours(i64::from(number - 10) * 3);
            (changes.this_update, changes.next_update) = (made, Some(made + SignedDuration::from_hours(8)));
            lists.push(changes.make());
            index.lay_over(lists.last().unwrap(), &authority.root).unwrap();
        }
        let index = Index::from_bytes(&index.to_bytes()).unwrap();
        for _ in 0..6 {
            let at =
                authority.now() + SignedDuration::from_hours(i64::try_from(steps.next(60)).unwrap() - 30);
            let said = authority.judged(&by_lists(&lists), at);
            assert_eq!(said, authority.judged(&by_index(index.clone()), at), "round {round} at {at}");
            seen.extend(said);
        }
    }
    // All kinds of answers were among them.
    assert!(seen.contains(&("certificate-revoked", CheckResult::Passed)), "{seen:?}");
    assert!(seen.contains(&("certificate-revoked", CheckResult::Failed)), "{seen:?}");
    assert!(seen.contains(&("revocation-unknown", CheckResult::Unknown)), "{seen:?}");
}

#[test]
fn changes_take_a_certificate_off_the_list_and_put_it_on() {
    let authority = Authority::new();
    let full = authority.plan(10, vec![authority.revoked(5, 6)]).make();
    let mut removal = authority.plan(11, vec![authority.revoked(2, 8)]);
    removal.base = Some(10);
    let removal = removal.make();
    let mut index = Index::read(&full, &authority.root).unwrap();
    let failed = [("certificate-revoked", CheckResult::Failed)];
    let passed = [("certificate-revoked", CheckResult::Passed)];
    assert_eq!(authority.judged(&by_index(index.clone()), authority.now()), failed);
    assert_eq!(index.find(authority.own.leaf.serial()).unwrap().reason, Some(6));
    index.lay_over(&removal, &authority.root).unwrap();
    assert_eq!(index.find(authority.own.leaf.serial()), None);
    assert_eq!(authority.judged(&by_index(index.clone()), authority.now()), passed);
    assert_eq!(authority.judged(&by_lists(&[full.clone(), removal.clone()]), authority.now()), passed);
    let mut again = authority.plan(12, vec![authority.revoked(1, 1)]);
    again.base = Some(9);
    index.lay_over(&again.make(), &authority.root).unwrap();
    assert_eq!(authority.judged(&by_index(index.clone()), authority.now()), failed);
    assert_eq!(index.sha256_hex().len(), 2);
    // Before that hour it was on hold, as far as these two tell: the list that took it off is not at hand any more.
    let earlier = authority.now() - SignedDuration::from_mins(90);
    assert_eq!(authority.judged(&by_index(index), earlier), failed);
}

#[test]
fn a_revocation_after_the_time_judged_is_told_beside_what_held_then() {
    let authority = Authority::new();
    let before = authority.plan(9, vec![]).make();
    let after = authority.plan(10, vec![authority.revoked(1, 4)]).make();
    let since = authority.now() - SignedDuration::from_hours(1);
    let mut policy = authority.own.policy();
    policy.revocation = eds::Revocation::OcspOrCrl;
    policy.evidence_until = Some(authority.now());
    let told = |evidence: &Evidence| {
        let at = authority.now() - SignedDuration::from_hours(2);
        let context = Context { evidence, at, policy: &policy };
        let found = eds::revocation_of(&authority.own.leaf, &authority.root, &context);
        let [check] = found.checks.as_slice() else { panic!("{found:?}") };
        assert_eq!((check.code.as_str(), check.result), ("certificate-revoked", CheckResult::Passed));
        check.detail.clone().unwrap()
    };
    let index = Index::read(&after, &authority.root).unwrap();
    let both = by_lists(&[before.clone(), after.clone()]);
    for evidence in [both, by_lists(&[after]), by_index(index)] {
        let detail = told(&evidence);
        assert!(detail.starts_with("crl number 0a, "), "{detail}");
        assert!(detail.ends_with(&format!("; revoked since {since} reason 4")), "{detail}");
    }
    let detail = told(&by_lists(&[before]));
    assert!(detail.starts_with("crl number 09, ") && !detail.contains("revoked"), "{detail}");
}

#[test]
fn changes_are_laid_over_only_where_the_numbers_fit() {
    let authority = Authority::new();
    let mut index = Index::read(&authority.plan(10, vec![]).make(), &authority.root).unwrap();
    for (number, base, fault) in [
        (10, Some(9), IndexFault::NumbersDoNotFit),
        (12, Some(11), IndexFault::NumbersDoNotFit),
        (11, None, IndexFault::NotChanges),
    ] {
        let mut plan = authority.plan(number, vec![]);
        plan.base = base;
        assert_eq!(index.lay_over(&plan.make(), &authority.root), Err(fault));
    }
    let mut plan = authority.plan(12, vec![]);
    plan.base = Some(10);
    index.lay_over(&plan.make(), &authority.root).unwrap();
    plan.number = Some(11);
    assert_eq!(index.lay_over(&plan.make(), &authority.root), Err(IndexFault::NumbersDoNotFit));
    assert_eq!(Index::read(&plan.make(), &authority.root), Err(IndexFault::ChangesOnly));
    assert_eq!(index.number_hex().as_deref(), Some("0c"));
}

#[test]
fn fresh_changes_keep_an_old_full_list_alive_and_stale_ones_do_not() {
    let authority = Authority::new();
    let mut full = authority.plan(10, vec![]);
    full.this_update = authority.now() - SignedDuration::from_hours(40);
    full.next_update = Some(authority.now() - SignedDuration::from_hours(10));
    let full = full.make();
    let mut index = Index::read(&full, &authority.root).unwrap();
    let unknown = authority.judged(&by_index(index.clone()), authority.now());
    assert_eq!(unknown.last(), Some(&("revocation-unknown", CheckResult::Unknown)));
    let mut plan = authority.plan(11, vec![]);
    plan.base = Some(10);
    index.lay_over(&plan.make(), &authority.root).unwrap();
    let passed = [("certificate-revoked", CheckResult::Passed)];
    assert_eq!(authority.judged(&by_index(index.clone()), authority.now()), passed);
    let later = authority.now() + SignedDuration::from_hours(30);
    assert_ne!(authority.judged(&by_index(index), later), passed);
}

#[test]
fn lists_of_others_narrow_lists_and_forged_lists_are_not_indexed() {
    let authority = Authority::new();
    let other = Authority::new();
    let list = authority.plan(1, vec![]).make();
    assert_eq!(Index::read(&list, &authority.own.leaf), Err(IndexFault::OtherIssuer));
    // The same name, another key.
    assert_eq!(Index::read(&list, &other.root), Err(IndexFault::SignerUntrusted));
    let mut narrow = authority.plan(1, vec![]);
    let users_only = eds::asn1::write::sequence(&[&[0x81, 1, 0xff]]);
    narrow.extensions = extension(&oids::ISSUING_DISTRIBUTION_POINT, true, &users_only);
    assert_eq!(Index::read(&narrow.make(), &authority.root), Err(IndexFault::Partial));
    let mut long = authority.plan(1, vec![(vec![1; 22], authority.now(), None)]);
    assert_eq!(Index::read(&long.make(), &authority.root), Err(IndexFault::SerialTooLong));
    // What is wrong with the entries is not told of a list that another signed.
    assert_eq!(Index::read(&long.make(), &other.root), Err(IndexFault::SignerUntrusted));
    long.entries = vec![(vec![1; 21], authority.now(), None)];
    assert_eq!(Index::read(&long.make(), &authority.root).unwrap().len(), 1);
    for position in (0..list.len()).step_by(3) {
        let mut changed = list.clone();
        changed[position] ^= 0x10;
        let index = Index::read(&changed, &authority.root);
        // Outside the signed part only the name of the algorithm may differ, and that is told.
        assert!(index.is_err_and(|_| true) || position > list.len() - 300, "byte {position}");
    }
    // An index by one key does not answer under another certificate of the same name.
    let index = Index::read(&list, &authority.root).unwrap();
    assert!(!index.is_of(&other.root));
    assert_ne!(other.judged(&by_index(index), other.now()), [("certificate-revoked", CheckResult::Passed)]);
}

#[test]
fn list_with_an_entry_that_is_not_understood_proves_by_no_silence() {
    let it = Authority::new();
    let strange = write::sequence(&[
        &write::tlv(INTEGER, &[9]),
        &write::time(it.now()),
        &write::sequence(&[&extension(&oids::ISSUING_DISTRIBUTION_POINT, true, &[5, 0])]),
    ]);
    let list = |entries: Vec<Listed>| Plan { entries_apart: strange.clone(), ..it.plan(1, entries) }.make();
    let (silent, telling) = (list(Vec::new()), list(vec![it.revoked(5, 1)]));
    for bytes in [&silent, &telling] {
        let told = it.judged(&by_lists(std::slice::from_ref(bytes)), it.now());
        let index = Index::read(bytes, &it.root).unwrap();
        let stored = Index::from_bytes(&index.to_bytes()).unwrap();
        for index in [index, stored] {
            assert_eq!(told, it.judged(&by_index(index), it.now()));
        }
        let revoked = told == [("certificate-revoked", CheckResult::Failed)];
        assert_eq!((revoked, told.len()), if *bytes == telling { (true, 1) } else { (false, 2) }, "{told:?}");
        assert!(!told.contains(&("certificate-revoked", CheckResult::Passed)));
    }
    // Nothing is wrong with another list.
    let both = by_lists(&[silent, it.plan(2, Vec::new()).make()]);
    assert_eq!(it.judged(&both, it.now()), [("certificate-revoked", CheckResult::Passed)]);
}

#[test]
fn list_of_the_certificates_of_users_covers_them_and_no_authority() {
    let it = Authority::new();
    for (only, covers) in [([0x81, 1, 0xff], true), ([0x82, 1, 0xff], false)] {
        let point = extension(&oids::ISSUING_DISTRIBUTION_POINT, true, &write::sequence(&[&only]));
        let list = Plan { extensions: point.clone(), ..it.plan(1, Vec::new()) }.make();
        let told = it.judged(&by_lists(&[list]), it.now());
        assert_eq!(told == [("certificate-revoked", CheckResult::Passed)], covers, "{told:?}");
        // Whom a list names is revoked whatever its scope.
        let list = Plan { extensions: point, ..it.plan(1, vec![it.revoked(5, 1)]) }.make();
        assert_eq!(it.judged(&by_lists(&[list]), it.now()), [("certificate-revoked", CheckResult::Failed)]);
    }
}

#[test]
fn the_halves_give_one_index_in_any_order_and_entries_count_only_with_the_signature() {
    let authority = Authority::new();
    let entries = (0..50).map(|it| (vec![7, it], authority.now(), Some(1))).collect();
    let list = authority.plan(1, entries).make();
    let index = Index::read(&list, &authority.root).unwrap();
    let mut forged = list.clone();
    *forged.last_mut().unwrap() ^= 1;
    let orders: [fn(Half<'_>, Half<'_>); 3] = [
        |signature, entries| {
            signature();
            entries();
        },
        |signature, entries| {
            entries();
            signature();
        },
        |signature, entries| {
            std::thread::scope(|scope| {
                scope.spawn(signature);
                entries();
            });
        },
    ];
    for both in orders {
        assert_eq!(Index::read_beside(&list, &authority.root, both).as_ref(), Ok(&index));
        assert_eq!(Index::read_beside(&forged, &authority.root, both), Err(IndexFault::SignerUntrusted));
    }
    // A half left undone is no half passed.
    let unsigned = Index::read_beside(&list, &authority.root, |_, entries| entries());
    assert_eq!(unsigned, Err(IndexFault::SignerUntrusted));
    let empty = Index::read_beside(&list, &authority.root, |signature, _| signature());
    assert_eq!(empty, Err(IndexFault::Malformed));
}

#[test]
fn differing_algorithm_identifiers_are_tolerated_and_told() {
    let authority = Authority::new();
    let mut plan = authority.plan(1, vec![]);
    plan.outside = oids::GOST_2015_512_KEY;
    let index = Index::read(&plan.make(), &authority.root).unwrap();
    assert_eq!(index.tolerated(), ["algorithm-identifiers-differ"]);
    let index = Index::from_bytes(&index.to_bytes()).unwrap();
    assert_eq!(index.tolerated(), ["algorithm-identifiers-differ"]);
    plan.outside = oids::RSA_SHA256;
    assert!(Index::read(&plan.make(), &authority.root).unwrap().tolerated().is_empty());
}

#[test]
fn damaged_files_of_an_index_are_refused() {
    let authority = Authority::new();
    let entries = (0..50).map(|it| (vec![7, it], authority.now(), Some(1))).collect();
    let file = Index::read(&authority.plan(1, entries).make(), &authority.root).unwrap().to_bytes();
    assert_eq!(Index::from_bytes(&file).unwrap().len(), 50);
    for position in 0..file.len() {
        let mut changed = file.clone();
        changed[position] ^= 1;
        assert!(Index::from_bytes(&changed).is_err(), "byte {position}");
        assert!(Index::from_bytes(&file[..position]).is_err(), "{position} bytes");
    }
    let mut later = file;
    later[7] = 9;
    assert_eq!(Index::from_bytes(&later), Err(IndexFault::Version));
}

#[test]
fn the_list_of_the_rsa_test_authority_is_indexed_and_answers_like_openssl() {
    let (Some(list), Some(root)) = (vector("crl/nca_rsa_test.crl"), vector("ca/nca_rsa_test.crt")) else {
        return;
    };
    let index = Index::read(&list, &Certificate::parse(&root).unwrap()).unwrap();
    // `openssl crl -text` shows these.
    assert_eq!(index.number_hex().as_deref(), Some("09"));
    assert_eq!(index.next_update(), Some("2022-09-25T04:18:29Z".parse().unwrap()));
    let serial = [
        0x47, 0x4c, 0x38, 0x69, 0x6d, 0x86, 0x77, 0xa2, 0xc8, 0xb6, 0xe4, 0x03, 0x45, 0xa8, 0xb0, 0x41, 0x68,
        0xc0, 0x90, 0x5c,
    ];
    let found = index.find(&serial).unwrap();
    assert_eq!((found.since, found.reason), ("2021-04-01T06:56:52Z".parse().unwrap(), Some(6)));
    assert_eq!(index.find(&serial[1..]), None);
}

#[test]
fn lists_of_the_gost_test_authorities_are_indexed() {
    for (list, root, number) in [
        ("crl/nca_gost_test.crl", "ca/nca_gost_test.crt", "07"),
        ("crl/nca_gost2022_test.crl", "ca/nca_gost2015_test.cer", "04"),
    ] {
        let (Some(list), Some(root)) = (vector(list), vector(root)) else { return };
        let index = Index::read(&list, &Certificate::parse(&root).unwrap()).unwrap();
        assert_eq!(index.number_hex().as_deref(), Some(number));
    }
}
