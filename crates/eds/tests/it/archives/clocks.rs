// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the times of stamps, of seals and of answers about their authorities prove together.

use super::{judged, whole};
use crate::maker::Plan;
use crate::oracle::openssl;
use crate::stamps::{Stamping, minutes_later};
use eds::{
    Archive, ArchivedAct, Certificate, Evidence, Outcome, Policy, Revocation, RsaSigner, Trust, oids,
    signature_values, tsp,
};
use jiff::{SignedDuration, Timestamp};

/// An authority that stamps any time that is wanted.
struct Clock {
    it: Stamping,
    tsa: Certificate,
    signer: RsaSigner,
}

impl Clock {
    fn new() -> Self {
        Self::of(Stamping::new(), "right.pem")
    }

    /// The same with a key that ends after twenty days.
    fn ending() -> Self {
        let it = Stamping::new();
        let issue = "x509 -req -in right.csr -CA root.pem -CAkey root.key -set_serial 0x53 -days 20 -out short.pem -extfile ts.cnf -extensions right";
        assert!(openssl(it.own.folder.path(), issue));
        Self::of(it, "short.pem")
    }

    fn of(it: Stamping, certificate: &str) -> Self {
        let tsa = Certificate::parse(&it.own.file(certificate)).unwrap();
        let signer = RsaSigner::from_pkcs8(&it.own.file("right.key")).unwrap();
        Self { it, tsa, signer }
    }

    fn token(&self, imprint: tsp::Imprint, time: Timestamp) -> Vec<u8> {
        let policy = oids::STAMP_POLICY_2015;
        let info = tsp::StampInfo { policy, imprint, serial: vec![1], time, accuracy: None, nonce: None };
        info.sign(&self.signer, std::slice::from_ref(&self.tsa)).unwrap()
    }

    /// A list that names nobody and holds for a quarter of an hour.
    fn list(&self, made: Timestamp) -> Vec<u8> {
        Plan {
            next_update: Some(made + SignedDuration::from_mins(15)),
            number: Some(u32::try_from(made.as_second()).unwrap()),
            ..Plan::of(
                &Certificate::parse(&self.it.own.root).unwrap(),
                &RsaSigner::from_pkcs8(&self.it.own.file("root.key")).unwrap(),
                made,
            )
        }
        .make()
    }

    /// Returns the archive of an act that was stamped at this time, with a list of the next minute.
    fn archive(&self, time: Timestamp, policy: &Policy) -> Archive {
        let value = signature_values(&self.it.cms).unwrap().remove(0);
        let imprint = tsp::Imprint { algorithm: oids::SHA256, digest: eds::sha256(&value).to_vec() };
        let minute = SignedDuration::from_mins(1);
        let (crls, stamps) = (vec![self.list(time + minute)], vec![self.token(imprint, time)]);
        let evidence = Evidence { crls, stamps, ..Evidence::default() };
        let verdict = self.it.verdict(&self.it.cms, &evidence, time + minute, policy);
        let act = ArchivedAct { content: whole(&self.it.content), signature: self.it.cms.clone() };
        Archive::new(act, policy, evidence, &verdict).unwrap()
    }

    fn sealed(&self, archive: &Archive, crls: Vec<Vec<u8>>, time: Timestamp) -> Archive {
        let own = Evidence { crls, ..Evidence::default() };
        let request = archive.seal_request(&own, &[5; 16]).unwrap();
        let token = self.token(tsp::Request::parse(&request).unwrap().imprint, time);
        archive.clone().sealed(own, &token).unwrap()
    }
}

#[test]
fn that_an_ended_key_was_not_lost_before_the_seal_an_answer_of_then_says() {
    let (first, second) = (Clock::ending(), Clock::new());
    let roots = [first.it.own.root.as_slice(), second.it.own.root.as_slice()];
    let trust = Trust::from_certificates(roots).unwrap();
    let policy = Policy { revocation: Revocation::OcspOrCrl, trust, ..first.it.own.policy() };
    let after = |minutes| second.tsa.not_before() + SignedDuration::from_mins(1 + minutes);
    let found = |archive: &Archive, at: Timestamp| {
        let found = judged(&archive.to_bytes().unwrap(), None, at, &policy).unwrap();
        assert!(found.seals.iter().all(eds::TimeStamp::is_valid), "{found:?}");
        assert_eq!(found.renew_before.is_some(), found.verdict.is_valid(), "{found:?}");
        found
    };
    let (early, late) = (after(241), after(30 * 24 * 60));
    let bare = first.archive(after(0), &policy);
    assert!(found(&bare, after(2)).verdict.is_valid());
    // The seal is of another authority, about which an answer lies with it.
    let sealed = |about_first: Option<i64>| {
        let about_first = about_first.map(|made| first.list(after(made)));
        second.sealed(&bare, about_first.into_iter().chain([second.list(after(119))]).collect(), after(120))
    };
    let silent = sealed(None);
    for open in [&silent, &sealed(Some(90))] {
        // As long as the key serves, a seal takes nothing away; it must be renewed before that.
        let now = found(open, early);
        assert!(now.verdict.is_valid(), "{now:?}");
        assert_eq!(now.renew_before, Some(first.tsa.not_after()));
        let verdict = found(open, late).verdict;
        assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{verdict:?}");
        assert!(verdict.unknown_codes().contains(&"time-stamp-unknown"), "{verdict:?}");
    }
    // An answer that was made later says it too.
    let lists = vec![first.list(after(239)), second.list(after(239))];
    for proven in [sealed(Some(119)), second.sealed(&silent, lists, after(240))] {
        for at in [early, late] {
            let now = found(&proven, at);
            assert!(now.verdict.is_valid(), "{now:?}");
            assert_eq!(now.renew_before, Some(second.tsa.not_after()));
        }
    }
}

#[test]
fn seals_in_another_order_than_their_clocks_are_forgiven_some_minutes() {
    let it = Clock::new();
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.it.own.policy() };
    let after = |seconds: i64| it.tsa.not_before() + SignedDuration::from_secs(60 + seconds);
    let lists = || vec![it.list(after(600))];
    let once = it.sealed(&it.archive(after(0), &policy), lists(), after(660));
    for (second, is_valid) in [(630, true), (661, true), (300, false)] {
        let twice = it.sealed(&once, lists(), after(second));
        let found = judged(&twice.to_bytes().unwrap(), None, after(720), &policy).unwrap();
        assert_eq!(found.verdict.is_valid(), is_valid, "{second}: {found:?}");
        let check = found.seals[1].checks.last().unwrap();
        assert_eq!(check.detail.as_deref() == Some("before-the-seal-before"), !is_valid, "{check:?}");
        assert!(is_valid || found.seals[1].failed_codes() == ["time-stamp-time"], "{found:?}");
    }
}

#[test]
fn an_archive_of_several_signers_is_stamped_again_before_the_first_of_their_stamps_ends() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    std::fs::copy(place.join("right.key"), place.join("short.key")).unwrap();
    let subject = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
    for command in [
        "x509 -req -in right.csr -CA root.pem -CAkey root.key -set_serial 0x53 -days 25 -out short.pem -extfile ts.cnf -extensions right",
        "cms -sign -binary -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out one.der",
        &format!("req -newkey rsa:2048 -nodes -keyout b.key -out b.csr -subj {subject} -config openssl.cnf"),
        "x509 -req -in b.csr -CA root.pem -CAkey root.key -set_serial 0x4712 -days 20 -out b.pem -extfile openssl.cnf -extensions leaf",
        "cms -resign -binary -md sha256 -inform DER -in one.der -signer b.pem -inkey b.key -outform DER -out two.der",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let two = it.own.file("two.der");
    let end = |name: &str| Certificate::parse(&it.own.file(name)).unwrap().not_after();
    let values = signature_values(&two).unwrap();
    let (policy, now) = (it.own.policy(), minutes_later(it.own.leaf.not_before()));
    for keys in [["short", "right"], ["right", "short"]] {
        let stamps = values.iter().zip(keys).map(|(value, key)| it.stamp(value, key)).collect();
        let evidence = Evidence { stamps, ..Evidence::default() };
        let verdict = it.verdict(&two, &evidence, now, &policy);
        let act = ArchivedAct { content: whole(&it.content), signature: two.clone() };
        let archive = Archive::new(act, &policy, evidence, &verdict).unwrap();
        let found = judged(&archive.to_bytes().unwrap(), None, now, &policy).unwrap();
        assert!(found.verdict.is_valid(), "{found:?}");
        assert_eq!(found.renew_before, Some(end("short.pem")), "{keys:?}");
    }
}
