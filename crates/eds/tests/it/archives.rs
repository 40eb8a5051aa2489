// SPDX-License-Identifier: MIT OR Apache-2.0
//! Archives of signed acts: judged offline after years, stamped again, tampered with.

mod clocks;
mod form;
mod sealed;

use eds::{
    Archive, ArchiveFault, ArchiveVerdict, ArchivedAct, ArchivedContent, Certificate, Context, Evidence,
    OfficialRole, Outcome, Policy, Purpose, Revocation, RsaSigner, TimeBasis, examine, judge_archive, oids,
    signature_values, tsp, verify_archive,
};
use jiff::{SignedDuration, Timestamp};

use crate::maker::Plan;
use crate::oracle::openssl;
use crate::schema::follows_schema;
use crate::stamps::{Stamping, minutes_later, years_later};

/// A stamped act, archived some minutes after it was signed.
struct Archived {
    it: Stamping,
    archive: Archive,
    now: Timestamp,
}

impl Archived {
    fn new(content: impl FnOnce(&[u8]) -> ArchivedContent) -> Self {
        let it = Stamping::new();
        let now = minutes_later(it.own.leaf.not_before());
        let value = signature_values(&it.cms).unwrap().remove(0);
        let evidence = Evidence { stamps: vec![it.stamp(&value, "right")], ..Evidence::default() };
        let policy = it.own.policy();
        let verdict = it.verdict(&it.cms, &evidence, now, &policy);
        assert!(verdict.is_valid(), "{verdict:?}");
        let act = ArchivedAct { content: content(&it.content), signature: it.cms.clone() };
        let archive = Archive::new(act, &policy, evidence, &verdict).unwrap();
        Self { it, archive, now }
    }

    fn seal(&self, archive: Archive) -> Archive {
        let request = archive.seal_request(&Evidence::default(), &[5; 16]).unwrap();
        let token = self.it.answer(&request, "right").unwrap();
        archive.sealed(Evidence::default(), &token).unwrap()
    }

    fn outcome(&self, bytes: &[u8], at: Timestamp) -> Outcome {
        let found = judged(bytes, None, at, &self.it.own.policy());
        found.map_or(Outcome::Invalid, |it| it.verdict.outcome)
    }
}

fn judged(
    bytes: &[u8],
    content: Option<&[u8]>,
    at: Timestamp,
    policy: &Policy,
) -> Result<ArchiveVerdict, ArchiveFault> {
    judge_archive(bytes, content, &Context { evidence: &Evidence::default(), at, policy })
}

fn whole(bytes: &[u8]) -> ArchivedContent {
    ArchivedContent::Detached { bytes: bytes.to_vec() }
}

#[test]
fn archive_is_judged_offline_after_years_by_its_stamps() {
    let own = Archived::new(whole);
    let later = years_later(own.now);
    let sealed = own.seal(own.seal(own.archive.clone()));
    for (archive, seals) in [(&own.archive, 0), (&sealed, 2)] {
        let bytes = archive.to_bytes().unwrap();
        assert_eq!(Archive::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
        let found = judged(&bytes, None, later, &own.it.own.policy()).unwrap();
        assert!(found.verdict.is_valid(), "{found:?}");
        assert_eq!(found.verdict.signers[0].time.by, TimeBasis::Stamp);
        assert_eq!((found.seals.len(), found.renew_before.is_some()), (seals, true));
    }
    assert!(
        verify_archive(&own.archive.to_bytes().unwrap(), &eds::Trust::default(), later)
            .is_ok_and(|found| !found.verdict.is_valid())
    );
}

#[test]
fn archive_of_a_digest_is_sealed_like_that_of_the_bytes() {
    let own = Archived::new(|bytes| ArchivedContent::Sha256 { sha256: eds::sha256(bytes).to_vec() });
    let sealed = own.seal(own.archive.clone()).to_bytes().unwrap();
    assert_eq!(own.outcome(&sealed, years_later(own.now)), Outcome::Valid);
}

#[test]
fn nothing_in_a_sealed_archive_can_be_changed() {
    let own = Archived::new(whole);
    let sealed = own.seal(own.archive.clone());
    let bytes = sealed.to_bytes().unwrap();
    let later = years_later(own.now);
    assert_eq!(own.outcome(&bytes, later), Outcome::Valid);
    // Nothing stands over the last seal: in it, and only in it, bytes that say nothing can change.
    let text = String::from_utf8(bytes.clone()).unwrap();
    let begun = text.find("\"seals\"").unwrap();
    let seal = begun..text.find("\"signature\"").unwrap();
    for at in (0..bytes.len()).step_by(19).filter(|at| !seal.contains(at)) {
        let mut changed = bytes.clone();
        // Letters stay letters, so that most changes leave readable JSON and base64.
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert_ne!(
            own.outcome(&changed, later),
            Outcome::Valid,
            "byte {at}: {}",
            String::from_utf8_lossy(&changed[at.saturating_sub(40)..at + 40])
        );
    }
    for (from, to) in [
        ("\"purpose\":\"applicant-signature\"", "\"purpose\":\"any-signature\""),
        ("\"outcome\":\"valid\"", "\"outcome\":\"invalid\""),
        ("\"crls\":[]", "\"crls\":[\"MAA=\"]"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        assert_eq!(own.outcome(changed.as_bytes(), later), Outcome::Invalid, "{from}");
    }
}

#[test]
fn seal_of_another_archive_is_refused() {
    let own = Archived::new(whole);
    let request = own.archive.seal_request(&Evidence::default(), &[5; 16]).unwrap();
    let token = own.it.answer(&request, "right").unwrap();
    let other = Evidence { ocsp: vec![vec![0x30, 0]], ..Evidence::default() };
    assert_eq!(own.archive.clone().sealed(other, &token), Err(ArchiveFault::OtherImprint));
    let once = own.archive.clone().sealed(Evidence::default(), &token).unwrap();
    assert_eq!(once.sealed(Evidence::default(), &token), Err(ArchiveFault::OtherImprint));
}

#[test]
fn archive_that_says_something_twice_is_not_read() {
    let own = Archived::new(whole);
    let text = String::from_utf8(own.archive.to_bytes().unwrap()).unwrap();
    let spaced = text.replace("\":", "\" : ");
    assert!(Archive::parse(spaced.as_bytes()).is_ok());
    for (from, to) in [
        ("{\"content\":", "{\"content\":{\"form\":\"attached\"},\"content\":"),
        ("\"bytes\":", "\"bytes\":\"MAA=\",\"bytes\":"),
        ("\"crls\":[]", "\"crls\":[],\"cr\\u006cs\":[]"),
        ("\"outcome\":\"valid\"", "\"outcome\":\"invalid\",\"outcome\":\"valid\""),
        ("\"version\":1}", "\"version\":1,\"version\":1}"),
    ] {
        assert!(text.contains(from), "{from}");
        let doubled = text.replacen(from, to, 1);
        assert_eq!(Archive::parse(doubled.as_bytes()), Err(ArchiveFault::Malformed), "{to}");
    }
}

#[test]
fn what_would_not_be_read_again_is_not_archived() {
    let own = Archived::new(whole);
    let pieces =
        |count: u8| Evidence { ocsp: (0..count).map(|it| vec![it]).collect(), ..Evidence::default() };
    assert!(own.archive.seal_request(&pieces(64), &[1]).is_ok());
    assert_eq!(own.archive.seal_request(&pieces(65), &[1]), Err(ArchiveFault::TooLarge));
    let mut value: serde_json::Value = serde_json::from_slice(&own.archive.to_bytes().unwrap()).unwrap();
    value["verdict"] = serde_json::Value::Array(vec![0.into(); 1 << 20]);
    assert_eq!(Archive::parse(value.to_string().as_bytes()), Err(ArchiveFault::TooLarge));
}

#[test]
fn national_list_is_not_archived() {
    let own = Archived::new(whole);
    let list = vec![0; eds::ARCHIVED_LIST_BYTES_MAX + 1];
    let evidence = Evidence { crls: vec![list], ..Evidence::default() };
    let request = own.archive.seal_request(&evidence, &[1]);
    assert_eq!(request, Err(ArchiveFault::ListTooLarge));
}

#[test]
fn archive_of_signed_xml_holds_its_stamps_beside() {
    let it = Stamping::new();
    let sign =
        |bytes: &[u8]| it.own.signer.sign(bytes).map_err(|fault| eds::xml::SignerFailed(fault.to_string()));
    let signer = eds::xml::Signer { certificate_der: it.own.leaf.der(), sign: &sign };
    let act = eds::xml::sign_enveloped("<act>мазмұн</act>", &signer).unwrap();
    let value = eds::xml::verify_enveloped(act.as_bytes()).unwrap().signature_value;
    let evidence = Evidence { stamps: vec![it.stamp(&value, "right")], ..Evidence::default() };
    let (policy, now) = (it.own.policy(), minutes_later(it.own.leaf.not_before()));
    let verdict = eds::verify_xml(act.as_bytes(), &evidence, now, &policy);
    let content = ArchivedContent::Xml { bytes: act.into_bytes() };
    let act = ArchivedAct { content: content.clone(), signature: Vec::new() };
    let archive = Archive::new(act, &policy, evidence.clone(), &verdict).unwrap();
    let later = now.checked_add(SignedDuration::from_hours(24 * 365 * 9)).unwrap();
    let found = judged(&archive.to_bytes().unwrap(), None, later, &policy).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    let doubled = ArchivedAct { content, signature: tsp::token(&evidence.stamps[0]).unwrap() };
    assert_eq!(Archive::new(doubled, &policy, evidence, &verdict), Err(ArchiveFault::Signature));
}

/// Returns the archive with another policy written into it, as anybody can before the first seal.
fn with_policy(archive: &Archive, changes: &[(&str, serde_json::Value)]) -> Vec<u8> {
    let mut value: serde_json::Value = serde_json::from_slice(&archive.to_bytes().unwrap()).unwrap();
    for (name, own) in changes {
        value["policy"][*name] = own.clone();
    }
    Archive::parse(value.to_string().as_bytes()).unwrap().to_bytes().unwrap()
}

#[test]
fn what_an_archive_says_of_itself_loosens_nothing() {
    let own = Archived::new(whole);
    let later = years_later(own.now);
    let trust = own.it.own.policy().trust;
    // The throw-away authority answers nothing about revocation.
    let mut caller = Policy::new(trust.clone(), Purpose::ApplicantSignature);
    let forged = with_policy(
        &own.archive,
        &[
            ("revocation", "not-checked".into()),
            ("purpose", "any-signature".into()),
            ("ocsp_age_seconds", i64::MIN.into()),
            ("crl_age_seconds", i64::MAX.into()),
            ("clock_skew_seconds", i64::MAX.into()),
        ],
    );
    let found = judged(&forged, None, later, &caller).unwrap();
    assert!(found.verdict.unknown_codes().contains(&"revocation-unknown"), "{found:?}");
    let alone = verify_archive(&forged, &trust, later).unwrap();
    assert!(alone.verdict.unknown_codes().contains(&"revocation-unknown"), "{alone:?}");
    let policy = Archive::parse(&forged).unwrap().policy(&trust).unwrap();
    assert_eq!(policy.revocation, Revocation::OcspOrCrl);
    let strict = Policy::new(trust, Purpose::AnySignature);
    assert_eq!(policy.ocsp_age_max, SignedDuration::ZERO);
    assert_eq!((policy.crl_age_max, policy.clock_skew_max), (strict.crl_age_max, strict.clock_skew_max));
    // Who says himself that revocation is not asked is told nothing about it.
    caller.revocation = Revocation::NotChecked;
    assert!(judged(&forged, None, later, &caller).unwrap().verdict.is_valid());
    // It may ask for more.
    let official = serde_json::json!({ "official-signature": { "bin": "990140000019", "role": "head" } });
    let stricter = with_policy(&own.archive, &[("purpose", official)]);
    let failed = judged(&stricter, None, later, &caller).unwrap().verdict.failed_codes().join(" ");
    assert!(failed.contains("bin-mismatch") && failed.contains("role-insufficient"), "{failed}");
}

#[test]
fn what_the_caller_demands_of_an_archive_is_judged() {
    let own = Archived::new(whole);
    let later = years_later(own.now);
    let bytes = own.archive.to_bytes().unwrap();
    let policy = |purpose| Policy { purpose, expected_iin: None, ..own.it.own.policy() };
    let any = || policy(Purpose::AnySignature);
    let failed = |content: Option<&[u8]>, policy: &Policy| {
        let evidence = Evidence::default();
        let found = examine(&bytes, content, &Context { evidence: &evidence, at: later, policy }).unwrap();
        follows_schema(&found);
        found.verdict.failed_codes().join(" ")
    };
    let content = own.it.content.clone();
    assert_eq!(failed(Some(&content), &any()), "");
    assert_eq!(failed(Some(b"other"), &any()), "content-mismatch");
    assert_eq!(failed(None, &any().for_iin("111111111111")), "iin-mismatch");
    let bin = Policy { expected_bin: Some("123456789012".to_owned()), ..any() };
    assert_eq!(failed(None, &bin), "bin-mismatch");
    let role = Policy { expected_role: Some(OfficialRole::Head), ..any() };
    assert_eq!(failed(None, &role), "role-insufficient");
    let official =
        Purpose::OfficialSignature { bin: "123456789012".to_owned(), role: OfficialRole::Employee };
    assert!(failed(None, &policy(official)).contains("bin-mismatch"));
    // A digest alone is archived: the bytes are compared all the same.
    let own = Archived::new(|bytes| ArchivedContent::Sha256 { sha256: eds::sha256(bytes).to_vec() });
    let bytes = own.archive.to_bytes().unwrap();
    let policy = own.it.own.policy();
    let found = judged(&bytes, Some(&own.it.content), later, &policy).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    let found = judged(&bytes, Some(b"other"), later, &policy).unwrap();
    assert_eq!(found.verdict.failed_codes(), ["content-mismatch"]);
}

#[test]
fn a_seal_proves_nothing_about_stamps_that_it_does_not_stand_over() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    let issue = "x509 -req -in loose.csr -CA root.pem -CAkey root.key -set_serial 0x53 -days 20 -out sealing.pem -extfile ts.cnf -extensions right";
    assert!(openssl(place, issue));
    std::fs::copy(place.join("loose.key"), place.join("sealing.key")).unwrap();
    let read = |name: &str| Certificate::parse(&it.own.file(&format!("{name}.pem"))).unwrap();
    let signer = |name: &str| RsaSigner::from_pkcs8(&it.own.file(&format!("{name}.key"))).unwrap();
    let begun = read("sealing").not_before();
    let after = |minutes| begun + SignedDuration::from_mins(minutes);
    let token = |key: &str, imprint: tsp::Imprint, minutes| {
        let (policy, time) = (oids::STAMP_POLICY_2015, after(minutes));
        let info = tsp::StampInfo { policy, imprint, serial: vec![1], time, accuracy: None, nonce: None };
        info.sign(&signer(key), &[read(key)]).unwrap()
    };
    let value = signature_values(&it.cms).unwrap().remove(0);
    let of_value = || tsp::Imprint { algorithm: oids::SHA256, digest: eds::sha256(&value).to_vec() };
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() };
    let evidence = Evidence { stamps: vec![token("right", of_value(), 10)], ..Evidence::default() };
    let verdict = it.verdict(&it.cms, &evidence, after(11), &policy);
    let act = ArchivedAct { content: whole(&it.content), signature: it.cms.clone() };
    let archive = Archive::new(act, &policy, evidence, &verdict).unwrap();
    let request = archive.seal_request(&Evidence::default(), &[5; 16]).unwrap();
    let seal = token("sealing", tsp::Request::parse(&request).unwrap().imprint, 20);
    let sealed = archive.sealed(Evidence::default(), &seal).unwrap().to_bytes().unwrap();
    // The key of the stamp was stolen after the seal: with it any earlier time can be stated.
    let list = Plan {
        entries: vec![(vec![0x51], after(60), Some(1))],
        ..Plan::of(&Certificate::parse(&it.own.root).unwrap(), &signer("root"), after(120))
    }
    .make();
    let stolen = token("right", of_value(), 5);
    let given = Evidence { crls: vec![list], stamps: vec![stolen], ..Evidence::default() };
    let context = Context { evidence: &given, at: after(180), policy: &policy };
    let found = judge_archive(&sealed, None, &context).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    assert_eq!(found.verdict.signers[0].time.at, after(10));
}
