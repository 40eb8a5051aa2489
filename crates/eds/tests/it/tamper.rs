// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nothing that was changed is valid.

use eds::{
    Certificate, CheckCode, Content, Evidence, Need, Outcome, Policy, Purpose, RsaSigner, Trust, Verdict,
    verify_cms,
};

use crate::oracle::{Throwaway, openssl};

fn signed(own: &Throwaway, content: &[u8]) -> Vec<u8> {
    let time = own.leaf.not_before();
    eds::sign_cms_attached(content, &own.signer, std::slice::from_ref(&own.leaf), time).unwrap()
}

fn judged(own: &Throwaway, cms: &[u8], policy: &Policy) -> Verdict {
    verify_cms(&Content::Attached, cms, &Evidence::default(), own.leaf.not_before(), policy)
}

#[test]
fn no_container_with_a_flipped_byte_is_valid() {
    let own = Throwaway::new();
    let cms = signed(&own, b"content that was signed");
    let policy = own.policy();
    let before = judged(&own, &cms, &policy);
    assert!(before.is_valid(), "{before:?}");
    let mut survivors: Vec<usize> = Vec::new();
    for position in 0..cms.len() {
        for flip in [0x01, 0x80] {
            let mut changed = cms.clone();
            changed[position] ^= flip;
            let after = judged(&own, &changed, &policy);
            if after.is_valid() {
                survivors.push(position);
            }
        }
    }
    assert!(survivors.is_empty(), "{survivors:?} of {}", cms.len());
}

#[test]
fn truncated_and_extended_containers_are_invalid_and_never_panic() {
    let own = Throwaway::new();
    let cms = signed(&own, b"content");
    let policy = own.policy();
    for length in 0..cms.len() {
        assert_eq!(judged(&own, &cms[..length], &policy).outcome, Outcome::Invalid);
    }
    let followed_by = |end: &[u8]| judged(&own, &[cms.as_slice(), end].concat(), &policy).outcome;
    for end in [&b"x"[..], b" ", b"\0x", b"\x30\x00", cms.as_slice()] {
        assert_eq!(followed_by(end), Outcome::Invalid, "{end:?}");
    }
    // Programs count the NUL that ends their text into the signature.
    for end in [&b"\0"[..], b"\n", b"\r\n"] {
        assert_eq!(followed_by(end), Outcome::Valid, "{end:?}");
    }
}

#[test]
fn signature_of_another_key_is_a_mismatch() {
    let (own, other) = (Throwaway::new(), Throwaway::new());
    let attributes = eds::signed_attributes(eds::sha256(b"x"), &own.leaf, own.leaf.not_before());
    let signature = other.signer.sign(attributes.to_be_signed()).unwrap();
    let cms = eds::assemble(&attributes, &signature, std::slice::from_ref(&own.leaf), Some(b"x")).unwrap();
    assert_eq!(judged(&own, &cms, &own.policy()).failed_codes(), ["signature-mismatch"]);
    let refused =
        eds::sign_cms_attached(b"x", &other.signer, std::slice::from_ref(&own.leaf), own.leaf.not_before());
    assert_eq!(refused, Err(eds::SignFault::KeyMismatch));
}

#[test]
fn another_authority_with_the_same_name_is_untrusted() {
    let (own, other) = (Throwaway::new(), Throwaway::new());
    let cms = signed(&other, b"x");
    let verdict =
        verify_cms(&Content::Attached, &cms, &Evidence::default(), other.leaf.not_before(), &own.policy());
    // Its issuer may be another than the one that is installed: it is asked for, though no address is known.
    let issuer = Need::Issuer { issuer: "CN=Root".to_owned(), urls: Vec::new() };
    assert_eq!(verdict.needs(), [issuer]);
    assert_eq!(verdict.unknown_codes(), ["chain-untrusted"]);
    // A root that comes along with the signature is not trusted for that, and is named.
    let evidence = Evidence { certificates: vec![other.root.clone()], ..Evidence::default() };
    let verdict = verify_cms(&Content::Attached, &cms, &evidence, other.leaf.not_before(), &own.policy());
    assert_eq!(verdict.outcome, Outcome::Invalid);
    let told = verdict.checks.iter().find(|it| it.code == CheckCode::ChainUntrusted).unwrap();
    let root = Certificate::parse(&other.root).unwrap();
    assert_eq!(told.detail, Some(format!("CN=Root, SHA-256 {}", root.sha256_hex())));
}

#[test]
fn leaf_cannot_issue_certificates() {
    let own = Throwaway::new();
    let place = own.folder.path();
    let subject = "/CN=FORGED/SN=FORGED/serialNumber=IIN990101300017/C=KZ";
    assert!(openssl(
        place,
        &format!(
            "req -newkey rsa:2048 -nodes -keyout forged.key -out forged.csr -subj {subject} -config openssl.cnf"
        )
    ));
    assert!(openssl(
        place,
        "x509 -req -in forged.csr -CA leaf.pem -CAkey leaf.key -set_serial 9 -days 20 -out forged.pem -extfile openssl.cnf -extensions leaf"
    ));
    let forged = Certificate::parse(&own.file("forged.pem")).unwrap();
    let signer = RsaSigner::from_pkcs8(&own.file("forged.key")).unwrap();
    let time = forged.not_before();
    let cms = eds::sign_cms_attached(b"x", &signer, &[forged, own.leaf.clone()], time).unwrap();
    let verdict = verify_cms(&Content::Attached, &cms, &Evidence::default(), time, &own.policy());
    assert_eq!(verdict.outcome, Outcome::Invalid);
    assert_eq!(verdict.failed_codes(), ["issuer-not-authority"]);
}

#[test]
fn another_persons_key_and_an_expired_key_are_invalid() {
    let own = Throwaway::new();
    let cms = signed(&own, b"x");
    let mut policy = own.policy().for_iin("990101300018");
    assert_eq!(judged(&own, &cms, &policy).failed_codes(), ["iin-mismatch"]);
    policy = own.policy();
    let later = own.leaf.not_after().checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
    let verdict = verify_cms(&Content::Attached, &cms, &Evidence::default(), later, &policy);
    assert_eq!(verdict.failed_codes(), ["certificate-expired"]);
    let earlier = own.leaf.not_before().checked_sub(jiff::SignedDuration::from_secs(86_400)).unwrap();
    let verdict = verify_cms(&Content::Attached, &cms, &Evidence::default(), earlier, &policy);
    assert!(verdict.failed_codes().contains(&"certificate-not-yet-valid"));
}

#[test]
fn containers_without_signer_or_certificate_or_content_are_invalid() {
    use eds::asn1::write;
    let own = Throwaway::new();
    let data = write::sequence(&[
        &write::small(1),
        &write::set_of(vec![]),
        &write::sequence(&[&write::oid(&eds::oids::DATA), &write::tlv(0xa0, &write::octets(b"x"))]),
        &write::set_of(vec![]),
    ]);
    let nobody = write::sequence(&[&write::oid(&eds::oids::SIGNED_DATA), &write::tlv(0xa0, &data)]);
    assert_eq!(judged(&own, &nobody, &own.policy()).failed_codes(), ["signers-absent"]);

    let time = own.leaf.not_before();
    let chain = [own.leaf.clone()];
    let cms = eds::sign_cms_detached(eds::sha256(b"x"), &own.signer, &chain, time).unwrap();
    assert_eq!(judged(&own, &cms, &own.policy()).failed_codes(), ["content-absent"]);
    let verdict = verify_cms(&Content::Detached(b"y"), &cms, &Evidence::default(), time, &own.policy());
    assert_eq!(verdict.failed_codes(), ["digest-mismatch"]);

    let place = own.folder.path();
    assert!(openssl(
        place,
        "cms -sign -binary -nodetach -nocerts -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out bare"
    ));
    let bare = own.file("bare");
    let verdict = judged(&own, &bare, &own.policy());
    assert_eq!(verdict.failed_codes(), ["certificate-absent"]);
    let said = verdict.checks.iter().find(|it| it.code == CheckCode::CertificateAbsent).unwrap();
    assert_eq!(said.detail.as_deref(), Some("CN=Root, serial 4711"));
    // The certificate may lie beside.
    let evidence = Evidence { certificates: vec![own.leaf.der().to_vec()], ..Evidence::default() };
    assert!(verify_cms(&Content::Attached, &bare, &evidence, time, &own.policy()).is_valid());
}

#[test]
fn revocation_that_nobody_answers_is_indeterminate_never_valid() {
    let own = Throwaway::new();
    let cms = signed(&own, b"x");
    let trust = Trust::from_certificates([own.root.as_slice()]).unwrap();
    let verdict = judged(&own, &cms, &Policy::new(trust, Purpose::ApplicantSignature));
    let needs = vec![Need::Answer { issuer: own.leaf.issuer().line(), at: verdict.at }];
    assert_eq!(verdict.outcome, Outcome::Indeterminate { needs });
    assert_eq!(verdict.unknown_codes(), ["revocation-unknown"]);
}

#[test]
fn verdict_is_json_and_comes_back() {
    let own = Throwaway::new();
    let verdict = judged(&own, &signed(&own, b"x"), &own.policy());
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["outcome"], "valid");
    assert_eq!(json["checks"][0]["code"], "container-malformed");
    assert_eq!(json["checks"][0]["result"], "passed");
    assert_eq!(json["signers"][0]["outcome"], "valid");
    assert_eq!(serde_json::from_value::<Verdict>(json).unwrap(), verdict);
}

#[test]
fn a_key_whose_signatures_are_not_verified_here_does_not_sign_here() {
    let made = std::process::Command::new("openssl").args(["genrsa", "5120"]).output().unwrap();
    assert!(made.status.success());
    assert_eq!(eds::RsaSigner::from_pkcs8(&made.stdout).err(), Some(eds::SignFault::KeyUnusable));
}
