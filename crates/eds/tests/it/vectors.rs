// SPDX-License-Identifier: MIT OR Apache-2.0
//! Real material of the test authority yields what is known of it, at its own time.

use eds::{
    Certificate, CheckCode, CheckResult, Content, Evidence, Outcome, Policy, Purpose, Revocation, Role,
    Trust, verify_cms,
};
use jiff::Timestamp;

use crate::shared::vector;

const AUTHORITIES: [&str; 3] = ["ca/nca_rsa_test.crt", "ca/nca_gost2015_test.cer", "ca/nca_gost_test.crt"];

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn trust() -> Option<Trust> {
    let roots = AUTHORITIES.iter().map(|name| vector(name)).collect::<Option<Vec<_>>>()?;
    Some(Trust::from_certificates(roots.iter().map(Vec::as_slice)).unwrap())
}

fn policy() -> Option<Policy> {
    Some(Policy::new(trust()?, Purpose::ApplicantSignature).for_iin("123456789011"))
}

#[test]
fn every_certificate_parses_in_the_national_profile() {
    for name in AUTHORITIES {
        let Some(bytes) = vector(name) else { return };
        assert!(Certificate::parse(&bytes).unwrap().extensions().is_authority, "{name}");
    }
    for name in
        ["ceo_valid_sign_2004_gost", "individual_valid_sign_2004_rsa", "individual_valid_sign_2004_rsa_auth"]
    {
        let Some(bytes) = vector(&format!("certs/{name}.cer")) else { return };
        let certificate = Certificate::parse(&bytes).unwrap();
        assert_eq!(certificate.subject().iin().one(), Some("123456789011"), "{name}");
    }
}

#[test]
fn rsa_signature_is_valid_in_its_time_with_its_ocsp_answer() {
    let (Some(cms), Some(mut policy)) = (vector("cms/CmsServiceTest.SIGNED_CMS_ONE_SIGNER.der"), policy())
    else {
        return;
    };
    let Some(ocsp) = vector("ocsp/ocsp_response_individual_sign_2004.bin") else { return };
    let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
    // The responder was asked eight months after the key had expired: then the answer says nothing.
    policy.evidence_until = Some(at("2022-10-01T00:00:00Z"));
    let time = at("2021-06-01T00:00:00Z");
    let verdict = verify_cms(&Content::Attached, &cms, &evidence, time, &policy);
    assert_eq!(verdict.unknown_codes(), ["revocation-evidence", "revocation-unknown"]);
    // With the list of its time it is valid.
    let Some(crl) = vector("crl/nca_rsa_test.crl") else { return };
    policy.crl_age_max = jiff::SignedDuration::from_hours(24 * 365);
    let evidence = Evidence { crls: vec![crl], ..Evidence::default() };
    let verdict = verify_cms(&Content::Attached, &cms, &evidence, time, &policy);
    // The list was also made after the key had expired.
    assert_eq!(verdict.unknown_codes(), ["revocation-evidence", "revocation-unknown"], "{verdict:?}");
    policy.revocation = Revocation::NotChecked;
    let verdict = verify_cms(&Content::Attached, &cms, &evidence, time, &policy);
    assert_eq!(verdict.outcome, Outcome::Valid, "{verdict:?}");
    let signer = verdict.signer().unwrap();
    assert_eq!(signer.iin.as_deref(), Some("123456789011"));
    assert_eq!(signer.given.as_deref(), Some("ТЕСТ"));
    assert_eq!(signer.patronymic.as_deref(), Some("ТЕСТОВИЧ"));
    assert_eq!(signer.roles, [Role::Individual]);
    assert_eq!(signer.claimed_time, Some(at("2022-09-28T14:40:30Z")));
}

#[test]
fn expired_key_is_invalid_even_with_a_good_answer() {
    let (Some(cms), Some(policy)) = (vector("cms/CmsIntegrationTest.SIGNED_CMS.der"), policy()) else {
        return;
    };
    let verdict =
        verify_cms(&Content::Attached, &cms, &Evidence::default(), at("2022-09-28T14:40:30Z"), &policy);
    assert_eq!(verdict.outcome, Outcome::Invalid);
    assert_eq!(verdict.failed_codes(), ["certificate-expired"]);
}

#[test]
fn two_signers_attached_are_read_and_other_content_is_a_mismatch() {
    let (Some(cms), Some(policy)) = (vector("cms/CmsServiceTest.SIGNED_CMS.der"), policy()) else { return };
    assert_eq!(eds::attached_content(&cms).unwrap().as_deref(), Some(b"test123".as_slice()));
    let time = at("2021-06-01T00:00:00Z");
    let verdict = verify_cms(&Content::Detached(b"test124"), &cms, &Evidence::default(), time, &policy);
    assert_eq!(verdict.signers.len(), 2);
    assert!(verdict.failed_codes().contains(&"content-mismatch"));
    assert!(verdict.failed_codes().contains(&"digest-mismatch"));
}

/// A certificate of its own inside each vector of OCSP; judged through a CMS would need its key.
pub(crate) fn revocation_of(
    leaf: &Certificate,
    evidence: &Evidence,
    time: Timestamp,
) -> Option<Vec<(CheckCode, CheckResult)>> {
    let mut policy = Policy::new(trust()?, Purpose::AnySignature);
    policy.ocsp_age_max = jiff::SignedDuration::from_hours(1);
    let context = eds::Context { evidence, at: time, policy: &policy };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(leaf, &[], &context, &eds::Subject::Signer(0), &mut findings);
    let about = [
        CheckCode::CertificateRevoked,
        CheckCode::CertificateNotIssued,
        CheckCode::RevocationEvidence,
        CheckCode::RevocationUnknown,
    ];
    let kept = findings.checks.iter().filter(|check| about.contains(&check.code));
    Some(kept.map(|check| (check.code, check.result)).collect())
}

fn expired_signer() -> Option<Certificate> {
    let cms = vector("cms/CmsServiceTest.SIGNED_CMS_ONE_SIGNER.der")?;
    eds::certificates(&cms).unwrap().into_iter().next()
}

#[test]
fn good_ocsp_answer_of_the_rsa_responder_is_believed_at_its_time_only() {
    let (Some(leaf), Some(ocsp)) = (expired_signer(), vector("ocsp/ocsp_response_individual_sign_2004.bin"))
    else {
        return;
    };
    let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
    let good = [(CheckCode::CertificateRevoked, CheckResult::Passed)];
    assert_eq!(revocation_of(&leaf, &evidence, at("2022-09-02T16:54:10Z")).unwrap(), good);
    let stale = [
        (CheckCode::RevocationEvidence, CheckResult::Unknown),
        (CheckCode::RevocationUnknown, CheckResult::Unknown),
    ];
    assert_eq!(revocation_of(&leaf, &evidence, at("2022-09-02T18:10:00Z")).unwrap(), stale);
    assert_eq!(revocation_of(&leaf, &evidence, at("2022-09-02T16:40:00Z")).unwrap(), stale);
}

#[test]
fn tampered_ocsp_answer_is_not_believed() {
    let (Some(leaf), Some(ocsp)) = (expired_signer(), vector("ocsp/ocsp_response_individual_sign_2004.bin"))
    else {
        return;
    };
    let time = at("2022-09-02T16:54:10Z");
    for position in (0..ocsp.len()).step_by(7) {
        let mut changed = ocsp.clone();
        changed[position] ^= 0x04;
        let evidence = Evidence { ocsp: vec![changed], ..Evidence::default() };
        let checks = revocation_of(&leaf, &evidence, time).unwrap();
        assert_ne!(checks, [(CheckCode::CertificateRevoked, CheckResult::Passed)], "byte {position}");
    }
}

#[test]
fn list_of_the_rsa_authority_is_verified_and_says_nothing_before_or_after_its_term() {
    let (Some(bytes), Some(crl)) =
        (vector("certs/individual_valid_sign_2004_rsa.cer"), vector("crl/nca_rsa_test.crl"))
    else {
        return;
    };
    let leaf = Certificate::parse(&bytes).unwrap();
    let evidence = Evidence { crls: vec![crl.clone()], ..Evidence::default() };
    let good = [(CheckCode::CertificateRevoked, CheckResult::Passed)];
    assert_eq!(revocation_of(&leaf, &evidence, at("2022-06-01T00:00:00Z")).unwrap(), good);
    for time in ["2022-03-01T00:00:00Z", "2022-10-01T00:00:00Z"] {
        assert_ne!(revocation_of(&leaf, &evidence, at(time)).unwrap(), good, "{time}");
    }
    let mut changed = crl;
    let last = changed.len() - 1;
    changed[last] ^= 1;
    let evidence = Evidence { crls: vec![changed], ..Evidence::default() };
    assert_ne!(revocation_of(&leaf, &evidence, at("2022-06-01T00:00:00Z")).unwrap(), good);
}

#[test]
fn key_for_logging_in_does_not_sign() {
    let (Some(bytes), Some(policy)) = (vector("certs/individual_valid_sign_2004_rsa_auth.cer"), policy())
    else {
        return;
    };
    let leaf = Certificate::parse(&bytes).unwrap();
    let evidence = Evidence::default();
    let context = eds::Context { evidence: &evidence, at: leaf.not_before(), policy: &policy };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(&leaf, &[], &context, &eds::Subject::Signer(0), &mut findings);
    let failed: Vec<_> = findings
        .checks
        .iter()
        .filter(|check| check.result == CheckResult::Failed)
        .map(|check| check.code.as_str())
        .collect();
    assert!(failed.contains(&"key-usage") && failed.contains(&"extended-key-usage"), "{failed:?}");
}

#[test]
fn signed_xml_of_the_rsa_signer_is_valid_in_its_time() {
    let (Some(xml), Some(mut policy)) = (vector("xml/XmlServiceTest.XML_SIGNED_VALID_STRING.xml"), policy())
    else {
        return;
    };
    policy.revocation = Revocation::NotChecked;
    policy.expected_iin = None;
    policy.purpose = Purpose::AnySignature;
    let probe = eds::verify_xml(&xml, &Evidence::default(), at("2022-06-01T00:00:00Z"), &policy);
    let time = probe.signer().unwrap().not_before;
    let verdict = eds::verify_xml(&xml, &Evidence::default(), time, &policy);
    assert!(verdict.is_valid(), "{verdict:?}");
    let changed = String::from_utf8(xml).unwrap().replacen("test", "tost", 1);
    let verdict = eds::verify_xml(changed.as_bytes(), &Evidence::default(), time, &policy);
    assert_eq!(verdict.failed_codes(), ["digest-mismatch"]);
}
