// SPDX-License-Identifier: MIT OR Apache-2.0
//! The development authority against `eds`, which trusts it no more than the national one, and against openssl.

mod changes;

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use eds::{
    CheckCode, Content, Evidence, Need, OfficialRole, Outcome, Policy, Purpose, Role, Verdict, verify_cms,
};
use jiff::{SignedDuration, Timestamp};
use simulators::ca::{DEV_PASSWORD, DevCa, Organization, Person, Position, Standing};

const BIN: &str = "990140000019";
/// Needs are met at most so often, as the service does.
const ROUNDS_MAX: usize = 3;

static CA: LazyLock<(tempfile::TempDir, DevCa)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let ca = DevCa::create_or_load(folder.path(), now(), &people()).unwrap();
    println!("{} keys made in {:?}", ca.holders().count() + 4, begun.elapsed());
    (folder, ca)
});

fn now() -> Timestamp {
    "2026-11-21T05:00:00Z".parse().unwrap()
}

fn person(name: &str, iin: &str, standing: Standing) -> Person {
    Person {
        name: name.into(),
        iin: iin.into(),
        surname: "ҮЛГІБАЕВ".into(),
        given: "СЫНАҚ".into(),
        patronymic: Some("ҮЛГІҰЛЫ".into()),
        standing,
    }
}

/// Invented people.
fn people() -> Vec<Person> {
    let official = |position| Standing::Official {
        organization: Organization { name: "ҮЛГІ БӨЛІМІ".into(), bin: BIN.into() },
        position,
    };
    vec![
        person("applicant", "900101300011", Standing::Individual),
        person("head", "800101300012", official(Position::Head)),
        person("deputy", "800101300013", official(Position::RightToSign)),
        person("clerk", "800101300014", official(Position::Employee)),
    ]
}

fn policy(purpose: Purpose) -> Policy {
    Policy::new(CA.1.trust().unwrap(), purpose)
}

/// Signs with a key and judges, asking the authority for what is missing.
fn judged(name: &str, policy: &Policy, at: Timestamp) -> (Verdict, usize) {
    let holder = CA.1.holder(name).unwrap();
    let chain = [holder.certificate().clone()];
    let content = "<өтініш/>".as_bytes();
    let cms = eds::sign_cms_detached(eds::sha256(content), holder.signer(), &chain, at).unwrap();
    let mut evidence = Evidence::default();
    for round in 0..ROUNDS_MAX {
        let verdict = verify_cms(&Content::Detached(content), &cms, &evidence, at, policy);
        if CA.1.meet(verdict.needs(), at, &mut evidence) == 0 {
            return (verdict, round);
        }
    }
    (verify_cms(&Content::Detached(content), &cms, &evidence, at, policy), ROUNDS_MAX)
}

#[test]
fn applicant_is_valid_after_two_rounds_of_evidence() {
    let (verdict, rounds) =
        judged("applicant", &policy(Purpose::ApplicantSignature).for_iin("900101300011"), now());
    assert!(verdict.is_valid(), "{:?} {:?}", verdict.failed_codes(), verdict.unknown_codes());
    // First the intermediate authority, then OCSP for the key and the list for the intermediate.
    assert_eq!(rounds, 2);
    let signer = verdict.signer().unwrap();
    assert_eq!(signer.surname.as_deref(), Some("ҮЛГІБАЕВ"));
    assert_eq!(signer.given.as_deref(), Some("СЫНАҚ"));
    assert_eq!(signer.patronymic.as_deref(), Some("ҮЛГІҰЛЫ"));
    assert_eq!(signer.roles, [Role::Individual]);
}

#[test]
fn first_round_asks_for_the_issuer_and_the_second_for_revocation() {
    let holder = CA.1.holder("applicant").unwrap();
    let policy = policy(Purpose::ApplicantSignature);
    let evidence = Evidence::default();
    let context = eds::Context { evidence: &evidence, at: now(), policy: &policy };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(holder.certificate(), &[], &context, &eds::Subject::Signer(0), &mut findings);
    assert!(matches!(findings.needs.as_slice(), [Need::Issuer { .. }]), "{:?}", findings.needs);
    let evidence = Evidence { certificates: vec![CA.1.authority_der().to_vec()], ..Evidence::default() };
    let context = eds::Context { evidence: &evidence, at: now(), policy: &policy };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(holder.certificate(), &[], &context, &eds::Subject::Signer(0), &mut findings);
    assert!(
        matches!(findings.needs.as_slice(), [Need::Ocsp { .. }, Need::Crl { .. }]),
        "{:?}",
        findings.needs
    );
}

#[test]
fn expired_revoked_and_another_persons_keys_are_invalid() {
    let mine = || policy(Purpose::ApplicantSignature).for_iin("900101300011");
    for (name, code) in [
        ("expired", CheckCode::CertificateExpired),
        ("revoked", CheckCode::CertificateRevoked),
        ("other-iin", CheckCode::IinMismatch),
    ] {
        let (verdict, _) = judged(name, &mine(), now());
        assert_eq!(verdict.outcome, Outcome::Invalid, "{name}");
        assert_eq!(verdict.failed_codes(), [code.as_str()], "{name}");
    }
    // Before the revocation the key was good.
    let before = now().checked_sub(SignedDuration::from_hours(24 * 20)).unwrap();
    assert!(judged("revoked", &mine(), before).0.is_valid());
}

#[test]
fn officials_sign_with_their_role_or_a_higher_one() {
    let official = |role| policy(Purpose::OfficialSignature { bin: BIN.into(), role });
    for (name, highest) in [
        ("head", OfficialRole::Head),
        ("deputy", OfficialRole::RightToSign),
        ("clerk", OfficialRole::Employee),
    ] {
        for role in [OfficialRole::Employee, OfficialRole::RightToSign, OfficialRole::Head] {
            let (verdict, _) = judged(name, &official(role), now());
            let expected: &[&str] = if role <= highest { &[] } else { &["role-insufficient"] };
            assert_eq!(verdict.failed_codes(), expected, "{name} as {role:?}");
        }
    }
    let elsewhere = Purpose::OfficialSignature { bin: "990140000020".into(), role: OfficialRole::Employee };
    assert_eq!(judged("clerk", &policy(elsewhere), now()).0.failed_codes(), ["bin-mismatch"]);
    let (verdict, _) = judged("head", &policy(Purpose::ApplicantSignature), now());
    assert_eq!(verdict.failed_codes(), ["extended-key-usage"]);
    let (verdict, _) = judged("applicant", &official(OfficialRole::Employee), now());
    assert_eq!(verdict.failed_codes(), ["extended-key-usage", "bin-mismatch", "role-insufficient"]);
}

#[test]
fn operator_signs_as_a_person_or_as_an_employee() {
    let any = policy(Purpose::OperatorSignature { bin: None });
    let own = policy(Purpose::OperatorSignature { bin: Some(BIN.into()) });
    assert!(judged("clerk", &any, now()).0.is_valid());
    assert!(judged("clerk", &own, now()).0.is_valid());
    assert!(judged("applicant", &any, now()).0.is_valid());
    assert_eq!(judged("applicant", &own, now()).0.failed_codes(), ["extended-key-usage", "bin-mismatch"]);
}

#[test]
fn stamp_and_transport_keys_serve_only_their_purpose() {
    let stamp = policy(Purpose::OrganisationStamp { bin: BIN.into() });
    let name = format!("stamp-{BIN}");
    assert!(CA.1.stamp(BIN).is_some());
    assert!(judged(&name, &stamp, now()).0.is_valid());
    assert_eq!(judged("head", &stamp, now()).0.failed_codes(), ["extended-key-usage"]);
    let transport = policy(Purpose::GatewayTransport { bin: None });
    assert!(judged("transport-region", &transport, now()).0.is_valid());
    assert_eq!(judged("transport-region", &stamp, now()).0.failed_codes(), ["bin-mismatch"]);
    assert!(!judged("applicant", &transport, now()).0.is_valid());
    let (verdict, _) = judged(&name, &policy(Purpose::ApplicantSignature), now());
    assert_eq!(verdict.failed_codes(), ["extended-key-usage", "iin-absent"]);
}

#[test]
fn nonce_is_echoed_and_another_nonce_is_not_believed() {
    let mut asking = policy(Purpose::ApplicantSignature);
    asking.ocsp_nonce = Some(b"sixteen bytes in".to_vec());
    assert!(judged("applicant", &asking, now()).0.is_valid());

    let holder = CA.1.holder("applicant").unwrap();
    let authority = eds::Certificate::parse(CA.1.authority_der()).unwrap();
    let request = eds::ocsp_request(holder.certificate(), &authority, Some(b"an old one")).unwrap();
    let evidence = Evidence {
        certificates: vec![CA.1.authority_der().to_vec()],
        ocsp: vec![CA.1.ocsp(&request, now())],
        crls: vec![CA.1.root_crl(now())],
        ..Evidence::default()
    };
    let context = eds::Context { evidence: &evidence, at: now(), policy: &asking };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(holder.certificate(), &[], &context, &eds::Subject::Signer(0), &mut findings);
    assert!(matches!(findings.outcome(), Outcome::Indeterminate { .. }));
    let details: Vec<_> = findings.checks.iter().filter_map(|check| check.detail.as_deref()).collect();
    assert!(details.contains(&"nonce-differs"), "{details:?}");
}

#[test]
fn answer_about_a_key_never_issued_is_neither_good_nor_revoked() {
    let other = tempfile::tempdir().unwrap();
    // The same authority, one key of which its register knows nothing.
    for file in ["root.key", "root.cer", "nca.key", "nca.cer", "ocsp.key", "ocsp.cer"] {
        std::fs::copy(CA.0.path().join(file), other.path().join(file)).unwrap();
    }
    let forged =
        DevCa::create_or_load(other.path(), now(), &[person("ghost", "900101300019", Standing::Individual)])
            .unwrap();
    assert_eq!(forged.root_der(), CA.1.root_der());
    let holder = forged.holder("ghost").unwrap();
    let policy = policy(Purpose::ApplicantSignature);
    let authority = eds::Certificate::parse(CA.1.authority_der()).unwrap();
    let request = eds::ocsp_request(holder.certificate(), &authority, None).unwrap();
    let evidence = Evidence {
        certificates: vec![CA.1.authority_der().to_vec()],
        ocsp: vec![CA.1.ocsp(&request, now())],
        crls: vec![CA.1.root_crl(now()), CA.1.crl(now())],
        ..Evidence::default()
    };
    let context = eds::Context { evidence: &evidence, at: now(), policy: &policy };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(holder.certificate(), &[], &context, &eds::Subject::Signer(0), &mut findings);
    assert!(matches!(findings.outcome(), Outcome::Indeterminate { .. }));
    let unknown = findings.checks.iter().find(|check| check.code == CheckCode::CertificateNotIssued);
    assert!(unknown.is_some());
}

#[test]
fn opening_again_changes_nothing_and_moving_the_clock_renews_keys() {
    let folder = tempfile::tempdir().unwrap();
    let people = &people()[..1];
    let first = DevCa::create_or_load(folder.path(), now(), people).unwrap();
    let again = DevCa::create_or_load(folder.path(), now(), people).unwrap();
    for ((name, one), (_, other)) in first.holders().zip(again.holders()) {
        assert_eq!(one.certificate(), other.certificate(), "{name}");
    }
    let later = now().checked_add(SignedDuration::from_hours(24 * 400)).unwrap();
    let renewed = DevCa::create_or_load(folder.path(), later, people).unwrap();
    assert_eq!(renewed.root_der(), first.root_der());
    let applicant = renewed.holder("applicant").unwrap().certificate();
    assert!(applicant.is_in_term(later));
    let old = first.holder("applicant").unwrap().certificate();
    assert_ne!(applicant, old);
    // The key before still counts as issued: old signatures can be judged again.
    let authority = eds::Certificate::parse(renewed.authority_der()).unwrap();
    let request = eds::ocsp_request(old, &authority, None).unwrap();
    let evidence = Evidence {
        certificates: vec![renewed.authority_der().to_vec()],
        ocsp: vec![renewed.ocsp(&request, now())],
        crls: vec![renewed.root_crl(now())],
        ..Evidence::default()
    };
    let policy = Policy::new(renewed.trust().unwrap(), Purpose::ApplicantSignature);
    let context = eds::Context { evidence: &evidence, at: now(), policy: &policy };
    let mut findings = eds::Findings::default();
    eds::judge_certificate(old, &[], &context, &eds::Subject::Signer(0), &mut findings);
    assert_eq!(findings.outcome(), Outcome::Valid);
    let bad = person("../x", "900101300011", Standing::Individual);
    assert!(DevCa::create_or_load(folder.path(), now(), &[bad]).is_err());
}

fn openssl(folder: &Path, arguments: &str) -> (bool, String) {
    let output =
        Command::new("openssl").current_dir(folder).args(arguments.split_whitespace()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn openssl_opens_the_key_files_with_the_password_only() {
    let folder = CA.0.path();
    assert!(CA.1.p12_path("applicant").unwrap().exists());
    let (opened, text) =
        openssl(folder, &format!("pkcs12 -in applicant.p12 -passin pass:{DEV_PASSWORD} -nokeys -info"));
    assert!(opened, "{text}");
    assert!(
        text.contains("AES-256-CBC") && text.contains("hmacWithSHA256") && text.contains("MAC: sha256"),
        "{text}"
    );
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 2);
    let (opened, text) = openssl(
        folder,
        &format!("pkcs12 -in applicant.p12 -passin pass:{DEV_PASSWORD} -nocerts -nodes -out key.pem"),
    );
    assert!(opened, "{text}");
    let key = eds::RsaSigner::from_pkcs8(&key_of(&std::fs::read(folder.join("key.pem")).unwrap())).unwrap();
    assert!(key.is_key_of(CA.1.holder("applicant").unwrap().certificate()));
    assert!(!openssl(folder, "pkcs12 -in applicant.p12 -passin pass:wrong -nokeys").0);
}

/// openssl writes attributes before the key.
fn key_of(pem: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(pem).unwrap();
    text.split_once("-----BEGIN").map(|(_, key)| format!("-----BEGIN{key}").into_bytes()).unwrap()
}

#[test]
fn openssl_accepts_chain_list_and_ocsp_answer() {
    let folder = CA.0.path();
    for (name, bytes) in [("crl.der", CA.1.crl(now())), ("rootcrl.der", CA.1.root_crl(now()))] {
        std::fs::write(folder.join(name), bytes).unwrap();
        let pem = name.replace("der", "pem");
        assert!(openssl(folder, &format!("crl -inform DER -in {name} -out {pem}")).0);
    }
    for name in ["root", "nca", "applicant", "revoked"] {
        assert!(openssl(folder, &format!("x509 -inform DER -in {name}.cer -out {name}.pem")).0);
    }
    let at = now().as_second();
    let verify = format!(
        "verify -attime {at} -CAfile root.pem -untrusted nca.pem -crl_check_all -CRLfile crl.pem -CRLfile rootcrl.pem -x509_strict"
    );
    let (accepted, text) = openssl(folder, &format!("{verify} applicant.pem"));
    assert!(accepted, "{text}");
    let (accepted, text) = openssl(folder, &format!("{verify} revoked.pem"));
    assert!(!accepted && text.contains("revoked"), "{text}");
    // openssl asks with SHA-1 and its own nonce.
    assert!(
        openssl(folder, "ocsp -issuer nca.pem -cert applicant.pem -cert revoked.pem -reqout request.der").0
    );
    let response = CA.1.ocsp(&std::fs::read(folder.join("request.der")).unwrap(), now());
    std::fs::write(folder.join("response.der"), response).unwrap();
    let trusted = "-CAfile root.pem -verify_other nca.pem";
    let (accepted, text) =
        openssl(folder, &format!("ocsp -reqin request.der -respin response.der {trusted}"));
    assert!(accepted && text.contains("Response verify OK"), "{text}");
    let asked = "-no_nonce -issuer nca.pem -cert applicant.pem -cert revoked.pem -validity_period 1000000000";
    let (accepted, text) = openssl(folder, &format!("ocsp -respin response.der {asked} {trusted}"));
    assert!(accepted && text.contains("Response verify OK"), "{text}");
    assert!(text.contains("applicant.pem: good") && text.contains("revoked.pem: revoked"), "{text}");
}

#[test]
fn request_of_another_authority_or_of_no_form_is_refused() {
    assert_eq!(CA.1.ocsp(b"nothing", now()), [0x30, 3, 0x0a, 1, 1]);
    let root = eds::Certificate::parse(CA.1.root_der()).unwrap();
    let request = eds::ocsp_request(CA.1.holder("head").unwrap().certificate(), &root, None).unwrap();
    assert_eq!(CA.1.ocsp(&request, now()), [0x30, 3, 0x0a, 1, 6]);
    assert!(CA.1.answer("http://elsewhere.invalid/ocsp/", &request, now()).is_none());
}

#[test]
fn time_is_stamped_with_a_negative_serial_and_openssl_believes_it() {
    let (folder, ca) = (&CA.0, &CA.1);
    let holder = ca.holder("applicant").unwrap();
    let content = "<өтініш/>".as_bytes();
    let digest = eds::sha256(content);
    let chain = [holder.certificate().clone()];
    let cms = eds::sign_cms_detached(digest, holder.signer(), &chain, now()).unwrap();
    let mut policy = policy(Purpose::ApplicantSignature);
    policy.time_stamps = eds::TimeStamps::Required;
    policy.stamp_nonce = Some(vec![0x9c; 16]);
    let mut evidence = Evidence::default();
    for _ in 0..ROUNDS_MAX {
        let verdict = verify_cms(&Content::Detached(content), &cms, &evidence, now(), &policy);
        ca.meet(verdict.needs(), now(), &mut evidence);
    }
    // Years later, from the same evidence.
    let later = now() + SignedDuration::from_hours(24 * 365 * 3);
    let verdict = verify_cms(&Content::Detached(content), &cms, &evidence, later, &policy);
    assert!(verdict.is_valid(), "{verdict:?}");
    let signer = verdict.signer().unwrap();
    assert_eq!((signer.time.at, signer.time.by), (now(), eds::TimeBasis::Stamp));
    let info = eds::tsp::info(&evidence.stamps[0]).unwrap();
    assert_eq!(info.serial[0] & 0x80, 0x80, "the serial number is negative");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("value", &eds::signature_values(&cms).unwrap()[0]);
    write("reply.tsr", &evidence.stamps[0]);
    write("root.der", ca.root_der());
    let command = "openssl x509 -inform DER -in root.der -out root.pem && openssl ts -verify -data value -in reply.tsr -CAfile root.pem -attime 1795000000";
    let done = Command::new("sh").current_dir(folder.path()).args(["-c", command]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // A digest that proves nothing is not stamped.
    let weak = eds::asn1::write::sequence(&[
        &eds::asn1::write::small(1),
        &eds::asn1::write::sequence(&[
            &eds::asn1::write::algorithm_null(&eds::oids::SHA1),
            &eds::asn1::write::octets(&[7; 20]),
        ]),
    ]);
    assert_eq!(eds::tsp::token(&ca.stamp_time(&weak, now())), Err(eds::tsp::StampFault::Refused(2)));
}
