// SPDX-License-Identifier: MIT OR Apache-2.0
//! Archives of signed acts: judged offline after years, stamped again, tampered with.

use eds::{
    Archive, ArchiveFault, ArchivedAct, ArchivedContent, Evidence, Outcome, TimeBasis, signature_values, tsp,
    verify_archive,
};
use jiff::{SignedDuration, Timestamp};

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
        let trust = self.it.own.policy().trust;
        verify_archive(bytes, &trust, at).map_or(Outcome::Invalid, |it| it.verdict.outcome)
    }
}

fn whole(bytes: &[u8]) -> ArchivedContent {
    ArchivedContent::Detached { bytes: bytes.to_vec() }
}

#[test]
fn archive_is_judged_offline_after_years_by_its_stamps() {
    let own = Archived::new(whole);
    let later = years_later(own.now);
    let sealed = own.seal(own.seal(own.archive.clone()));
    let trust = own.it.own.policy().trust;
    for (archive, seals) in [(&own.archive, 0), (&sealed, 2)] {
        let bytes = archive.to_bytes().unwrap();
        assert_eq!(Archive::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
        let found = verify_archive(&bytes, &trust, later).unwrap();
        assert!(found.verdict.is_valid(), "{found:?}");
        assert_eq!(found.verdict.signers[0].time.by, TimeBasis::Stamp);
        assert_eq!((found.seals.len(), found.renew_before.is_some()), (seals, true));
    }
    assert!(
        verify_archive(&own.archive.to_bytes().unwrap(), &eds::Trust::default(), later)
            .is_ok_and(|found| found.verdict.outcome == Outcome::Invalid)
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
    let found = verify_archive(&archive.to_bytes().unwrap(), &policy.trust, later).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    let doubled = ArchivedAct { content, signature: tsp::token(&evidence.stamps[0]).unwrap() };
    assert_eq!(Archive::new(doubled, &policy, evidence, &verdict), Err(ArchiveFault::Signature));
}
