// SPDX-License-Identifier: MIT OR Apache-2.0
//! The development authority of GOST keys against `eds`, whose verifier shares no code with the signer.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use eds::algorithm::SignatureAlgorithm;
use eds::{Certificate, CheckCode, Content, Evidence, Outcome, Policy, Purpose, Role, Verdict, verify_cms};
use gostkey::Streebog512;
use jiff::Timestamp;
use simulators::ca::{
    DEV_PASSWORD, DevCa, DevCaError, Family as _, GostCa, Organization, Person, Position, Standing,
};

const BIN: &str = "990140000019";
const IIN: &str = "900101300011";
const ROUNDS_MAX: usize = 3;
const CONTENT: &[u8] = "<өтініш/>".as_bytes();

static CA: LazyLock<(tempfile::TempDir, GostCa)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let ca = GostCa::from_seed(folder.path(), now(), &people(), &[7; 32]).unwrap();
    (folder, ca)
});

fn now() -> Timestamp {
    "2026-11-21T05:00:00Z".parse().unwrap()
}

/// Invented people.
fn people() -> Vec<Person> {
    let person = |name: &str, iin: &str, standing| Person {
        name: name.into(),
        iin: iin.into(),
        surname: "ҮЛГІБАЕВ".into(),
        given: "СЫНАҚ".into(),
        patronymic: None,
        standing,
    };
    let organization = Organization { name: "ҮЛГІ БӨЛІМІ".into(), bin: BIN.into() };
    let head = Standing::Official { organization, position: Position::Head };
    vec![person("applicant", IIN, Standing::Individual), person("head", "800101300012", head)]
}

/// Signs the content as the page does.
fn signed(name: &str) -> Vec<u8> {
    let holder = CA.1.holder(name).unwrap();
    let attributes = eds::signed_attributes_by(
        SignatureAlgorithm::Gost2015Bits512,
        &Streebog512::digest(CONTENT),
        holder.certificate(),
        now(),
    );
    let signature = holder.signer().sign(attributes.to_be_signed()).unwrap();
    eds::assemble(&attributes, &signature, &[holder.certificate().clone()], None).unwrap()
}

fn judged(cms: &[u8], content: &[u8], policy: &Policy) -> Verdict {
    let mut evidence = Evidence::default();
    for _ in 0..ROUNDS_MAX {
        let verdict = verify_cms(&Content::Detached(content), cms, &evidence, now(), policy);
        if CA.1.meet(verdict.needs(), now(), &mut evidence) == 0 {
            return verdict;
        }
    }
    verify_cms(&Content::Detached(content), cms, &evidence, now(), policy)
}

fn applicants() -> Policy {
    Policy::new(CA.1.trust().unwrap(), Purpose::ApplicantSignature).for_iin(IIN)
}

#[test]
fn a_gost_key_signs_and_chain_ocsp_and_lists_of_gost_are_believed() {
    let verdict = judged(&signed("applicant"), CONTENT, &applicants());
    assert!(verdict.is_valid(), "{:?} {:?}", verdict.failed_codes(), verdict.unknown_codes());
    assert_eq!(verdict.signer().unwrap().roles, [Role::Individual]);
}

#[test]
fn another_content_or_any_changed_byte_of_the_signature_is_not_believed() {
    let cms = signed("applicant");
    assert_eq!(judged(&cms, b"other", &applicants()).outcome, Outcome::Invalid);
    let signature = cms.len() - 128;
    for at in [signature, signature + 63, signature + 64, cms.len() - 1] {
        let mut changed = cms.clone();
        changed[at] ^= 1;
        assert_eq!(judged(&changed, CONTENT, &applicants()).outcome, Outcome::Invalid, "byte {at}");
    }
}

#[test]
fn expired_revoked_and_another_persons_gost_keys_are_invalid() {
    for (name, code) in [
        ("expired", CheckCode::CertificateExpired),
        ("revoked", CheckCode::CertificateRevoked),
        ("other-iin", CheckCode::IinMismatch),
    ] {
        let verdict = judged(&signed(name), CONTENT, &applicants());
        assert_eq!(verdict.outcome, Outcome::Invalid, "{name}");
        assert_eq!(verdict.failed_codes(), [code.as_str()], "{name}");
    }
}

#[test]
fn certificates_are_written_as_the_national_authority_writes_them() {
    let holder = CA.1.holder("head").unwrap().certificate();
    let der = holder.der();
    let has = |wanted: &[u8]| der.windows(wanted.len()).any(|it| it == wanted);
    // Key: 1.2.398.3.10.1.1.2.2 with its curve and Streebog-512; signature: 1.2.398.3.10.1.1.2.3.2 with NULL.
    assert!(has(&[
        0x30, 0x81, 0xac, 0x30, 0x23, 0x06, 0x09, 0x2a, 0x83, 0x0e, 0x03, 0x0a, 0x01, 0x01, 0x02, 0x02, 0x30,
        0x16, 0x06, 0x0a, 0x2a, 0x83, 0x0e, 0x03, 0x0a, 0x01, 0x01, 0x02, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x83,
        0x0e, 0x03, 0x0a, 0x01, 0x03, 0x03, 0x03, 0x81, 0x84, 0x00, 0x04, 0x81, 0x80,
    ]));
    assert!(has(&[
        0x30, 0x0e, 0x06, 0x0a, 0x2a, 0x83, 0x0e, 0x03, 0x0a, 0x01, 0x01, 0x02, 0x03, 0x02, 0x05, 0
    ]));
    assert_eq!(CA.1.root_der()[..2], [0x30, 0x82]);
    assert!(Certificate::parse(CA.1.authority_der()).is_ok());
}

#[test]
fn the_same_seed_makes_the_same_authority() {
    fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut found: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|it| it.unwrap().path())
            .map(|path| {
                (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
            })
            .collect();
        found.sort();
        found
    }
    let make = |seed: u8| {
        let folder = tempfile::tempdir().unwrap();
        let ca = GostCa::from_seed(folder.path(), now(), &people(), &[seed; 32]).unwrap();
        let lists = [ca.crl(now()), ca.root_crl(now())];
        (files(folder.path()), lists)
    };
    assert!(make(1) == make(1), "two authorities of one seed differ");
    assert!(make(1).1 != make(2).1, "two authorities of two seeds do not differ");
    let rsa = || {
        let folder = tempfile::tempdir().unwrap();
        DevCa::from_seed(folder.path(), now(), &[], &[1; 32]).unwrap();
        files(folder.path())
    };
    assert!(rsa() == rsa(), "two authorities of RSA of one seed differ");
}

#[test]
fn a_folder_made_of_another_seed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let make = |seed: u8| GostCa::from_seed(folder.path(), now(), &[], &[seed; 32]);
    let root = make(1).unwrap().root_der().to_vec();
    assert!(matches!(make(2), Err(DevCaError::OtherSeed(_))));
    assert_eq!(make(1).unwrap().root_der(), root);
    assert!(
        GostCa::create_or_load(folder.path(), now(), &[]).is_ok(),
        "whoever names no seed takes what is there"
    );
}

#[test]
fn openssl_opens_the_key_files_and_lists_what_it_does_not_know() {
    let run = |password: &str| {
        let out = Command::new("openssl")
            .current_dir(CA.0.path())
            .args([
                "pkcs12",
                "-in",
                "applicant.p12",
                "-passin",
                &format!("pass:{password}"),
                "-info",
                "-noout",
            ])
            .output()
            .unwrap();
        (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
    };
    let (opened, text) = run(DEV_PASSWORD);
    assert!(opened, "{text}");
    assert!(text.contains("MAC: sha1") && text.contains("pbeWithSHA1And3-KeyTripleDES-CBC"), "{text}");
    assert!(!run("wrong").0);
}
