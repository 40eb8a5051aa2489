// SPDX-License-Identifier: MIT OR Apache-2.0
//! Containers made to deceive: none is valid, none panics.

use eds::asn1::{ber, context, write};
use eds::{Content, Evidence, Purpose, Revocation, Trust, Verdict, oids, verify_cms};

use crate::maker::Steps;
use crate::oracle::Throwaway;

/// What a test does to the parts.
type Change = fn(&mut Parts);

/// Parts of a container, each of which a test may replace.
struct Parts {
    digests: Vec<u8>,
    content_type: Vec<u8>,
    content: Vec<u8>,
    certificates: Vec<u8>,
    version: Vec<u8>,
    id: Vec<u8>,
    digest: Vec<u8>,
    attributes: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl Parts {
    /// An honest container of `content`, whose attributes are these.
    fn with_attributes(own: &Throwaway, content: &[u8], attributes: Vec<Vec<u8>>) -> Self {
        let set = write::set_of(attributes);
        let signature = own.signer.sign(&set).unwrap();
        let sha256 = write::algorithm_null(&oids::SHA256);
        Self {
            digests: write::set_of(vec![sha256.clone()]),
            content_type: write::oid(&oids::DATA),
            content: write::octets(content),
            certificates: own.leaf.der().to_vec(),
            version: write::small(1),
            id: write::sequence(&[own.leaf.issuer().raw(), &write::tlv(2, own.leaf.serial())]),
            digest: sha256,
            attributes: [&[context(0)], &set[1..]].concat(),
            algorithm: write::algorithm_null(&oids::RSA_SHA256),
            signature: write::octets(&signature),
        }
    }

    fn honest(own: &Throwaway) -> Self {
        Self::with_attributes(own, b"x", vec![content_type(), message_digest(b"x")])
    }

    fn cms(&self) -> Vec<u8> {
        let info = write::sequence(&[
            &self.version,
            &self.id,
            &self.digest,
            &self.attributes,
            &self.algorithm,
            &self.signature,
        ]);
        let data = write::sequence(&[
            &write::small(1),
            &self.digests,
            &write::sequence(&[&self.content_type, &write::tlv(context(0), &self.content)]),
            &write::tlv(context(0), &self.certificates),
            &write::set_of(vec![info]),
        ]);
        write::sequence(&[&write::oid(&oids::SIGNED_DATA), &write::tlv(context(0), &data)])
    }
}

fn attribute(kind: &const_oid::ObjectIdentifier, values: Vec<Vec<u8>>) -> Vec<u8> {
    write::sequence(&[&write::oid(kind), &write::set_of(values)])
}

/// RSA-PSS and SHA3-256.
const PSS: &str = "1.2.840.113549.1.1.10";
const SHA3: &str = "2.16.840.1.101.3.4.2.8";

/// Returns the identifier of an algorithm.
fn named(oid: &str) -> Vec<u8> {
    write::algorithm_null(&const_oid::ObjectIdentifier::new_unwrap(oid))
}

fn content_type() -> Vec<u8> {
    attribute(&oids::CONTENT_TYPE, vec![write::oid(&oids::DATA)])
}

fn message_digest(content: &[u8]) -> Vec<u8> {
    attribute(&oids::MESSAGE_DIGEST, vec![write::octets(&eds::sha256(content))])
}

fn judged(own: &Throwaway, cms: &[u8]) -> Verdict {
    verify_cms(&Content::Attached, cms, &Evidence::default(), own.leaf.not_before(), &own.policy())
}

#[test]
fn honest_container_made_by_hand_is_valid() {
    let own = Throwaway::new();
    let verdict = judged(&own, &Parts::honest(&own).cms());
    assert!(verdict.is_valid(), "{verdict:?}");
}

#[test]
fn repeated_missing_and_many_valued_attributes_are_refused() {
    let own = Throwaway::new();
    let two_values = attribute(
        &oids::MESSAGE_DIGEST,
        vec![write::octets(&eds::sha256(b"x")), write::octets(&eds::sha256(b"y"))],
    );
    for attributes in [
        vec![content_type(), message_digest(b"x"), message_digest(b"y")],
        vec![content_type(), message_digest(b"x"), message_digest(b"x")],
        vec![content_type(), two_values],
        vec![message_digest(b"x")],
        vec![content_type()],
        vec![],
        vec![content_type(), message_digest(b"x"), attribute(&oids::SIGNING_TIME, vec![])],
    ] {
        let cms = Parts::with_attributes(&own, b"x", attributes).cms();
        assert_eq!(judged(&own, &cms).failed_codes(), ["signed-attributes"]);
    }
}

#[test]
fn other_attributes_may_be_repeated_and_what_is_wrong_with_the_known_ones_is_named() {
    let own = Throwaway::new();
    let stamp = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.20");
    let stamp = |text: &[u8]| attribute(&stamp, vec![write::octets(text)]);
    let two = vec![content_type(), message_digest(b"x"), stamp(b"one"), stamp(b"two")];
    let verdict = judged(&own, &Parts::with_attributes(&own, b"x", two).cms());
    assert!(verdict.is_valid(), "{verdict:?}");
    let mut none = Parts::honest(&own);
    none.attributes = Vec::new();
    let made = |attributes| Parts::with_attributes(&own, b"x", attributes);
    let no_time = attribute(&oids::SIGNING_TIME, vec![write::octets(b"yesterday")]);
    for (parts, fault) in [
        (
            made(vec![content_type(), message_digest(b"x"), message_digest(b"y")]),
            "repeated 1.2.840.113549.1.9.4",
        ),
        (made(vec![message_digest(b"x")]), "absent 1.2.840.113549.1.9.3"),
        (made(vec![content_type(), message_digest(b"x"), no_time]), "malformed 1.2.840.113549.1.9.5"),
        (none, "absent"),
    ] {
        let verdict = judged(&own, &parts.cms());
        let said = verdict.checks.iter().find(|it| it.code == eds::CheckCode::SignedAttributes).unwrap();
        assert_eq!((said.result, said.detail.as_deref()), (eds::CheckResult::Failed, Some(fault)));
    }
}

#[test]
fn other_type_of_content_and_other_certificate_named_are_refused() {
    let own = Throwaway::new();
    let typed = attribute(&oids::CONTENT_TYPE, vec![write::oid(&oids::SIGNED_DATA)]);
    let cms = Parts::with_attributes(&own, b"x", vec![typed, message_digest(b"x")]).cms();
    assert_eq!(judged(&own, &cms).failed_codes(), ["content-type-mismatch"]);
    let wrong = write::sequence(&[&write::sequence(&[&write::sequence(&[&write::octets(&[7; 32])])])]);
    let named = attribute(&oids::SIGNING_CERTIFICATE_V2, vec![wrong]);
    let cms = Parts::with_attributes(&own, b"x", vec![content_type(), message_digest(b"x"), named]).cms();
    assert_eq!(judged(&own, &cms).failed_codes(), ["signing-certificate-mismatch"]);
}

#[test]
fn attributes_cannot_be_passed_off_as_content() {
    // The signature over attributes is also a signature over content that equals their bytes.
    let own = Throwaway::new();
    let mut parts = Parts::honest(&own);
    parts.content = write::octets(&write::set_of(vec![content_type(), message_digest(b"x")]));
    parts.attributes = Vec::new();
    assert_eq!(judged(&own, &parts.cms()).failed_codes(), ["signed-attributes"]);
}

#[test]
fn confused_algorithms_are_refused() {
    let own = Throwaway::new();
    let changes: [(Change, &str); 10] = [
        (|it| it.algorithm = write::algorithm_null(&oids::RSA_SHA512), "algorithm-mismatch"),
        // Strong, but not by this key, and not with that name of a signature.
        (|it| it.algorithm = named("1.2.840.10045.4.3.2"), "algorithm-mismatch"),
        (
            |it| (it.digest, it.digests) = (named(SHA3), write::set_of(vec![named(SHA3)])),
            "algorithm-mismatch",
        ),
        (
            |it| (it.digest, it.algorithm) = (named(SHA3), write::algorithm_null(&oids::RSA)),
            "algorithm-mismatch",
        ),
        (|it| it.digest = write::algorithm_null(&oids::STREEBOG_512), "algorithm-mismatch"),
        (|it| it.digest = write::algorithm_null(&oids::SHA1), "algorithm-unknown"),
        (|it| it.algorithm = write::algorithm_null(&oids::GOST_2015_512), "algorithm-mismatch"),
        (|it| it.algorithm = write::algorithm_null(&oids::DATA), "algorithm-unknown"),
        (|it| it.digests = write::set_of(vec![write::algorithm_null(&oids::SHA1)]), "algorithm-mismatch"),
        (|it| it.digests = write::set_of(vec![]), "algorithm-mismatch"),
    ];
    for (index, (change, code)) in changes.into_iter().enumerate() {
        let mut parts = Parts::honest(&own);
        change(&mut parts);
        assert_eq!(judged(&own, &parts.cms()).failed_codes(), [code], "change {index}");
    }
    let mut parts = Parts::honest(&own);
    parts.digests = write::set_of(vec![]);
    let verdict = judged(&own, &parts.cms());
    let said = verdict.checks.iter().find(|it| it.code == eds::CheckCode::AlgorithmMismatch).unwrap();
    assert_eq!(said.detail, Some(format!("digest-not-listed {}", oids::SHA256)));
    // All names of one GOST algorithm over an RSA key: the digest of the content already differs, and so the key.
    let mut parts = Parts::honest(&own);
    parts.digests = write::set_of(vec![write::algorithm_null(&oids::STREEBOG_512)]);
    parts.digest = write::algorithm_null(&oids::STREEBOG_512);
    parts.algorithm = write::algorithm_null(&oids::GOST_2015_512);
    let verdict = judged(&own, &parts.cms());
    assert_eq!(verdict.failed_codes(), ["digest-mismatch", "algorithm-mismatch"]);
}

/// Takes SHA3-256 for the digest, and a name of signatures that goes with any.
fn by_sha3(it: &mut Parts) {
    (it.digest, it.digests) = (named(SHA3), write::set_of(vec![named(SHA3)]));
    it.algorithm = write::algorithm_null(&oids::RSA);
}

#[test]
fn algorithms_that_are_not_known_here_leave_undecided_what_nothing_else_tells_against() {
    let own = Throwaway::new();
    let changes: [(Change, &[&str], &[&str]); 5] = [
        (|it| it.algorithm = named(PSS), &[], &["algorithm-unknown"]),
        (by_sha3, &[], &["algorithm-unknown", "digest-mismatch"]),
        (
            |it| (it.algorithm, it.content) = (named(PSS), write::octets(b"y")),
            &["digest-mismatch"],
            &["algorithm-unknown"],
        ),
        (
            |it| (it.algorithm, it.attributes) = (named(PSS), Vec::new()),
            &["signed-attributes"],
            &["algorithm-unknown"],
        ),
        (
            |it| (it.algorithm, it.digests) = (named(PSS), write::set_of(vec![])),
            &["algorithm-mismatch"],
            &["algorithm-unknown"],
        ),
    ];
    for (index, (change, failed, unknown)) in changes.into_iter().enumerate() {
        let mut parts = Parts::honest(&own);
        change(&mut parts);
        let verdict = judged(&own, &parts.cms());
        assert_eq!((&verdict.failed_codes()[..], &verdict.unknown_codes()[..]), (failed, unknown), "{index}");
    }
}

#[test]
fn wrong_versions_signers_and_shapes_are_refused() {
    let own = Throwaway::new();
    let changes: [(Change, &str); 6] = [
        (|it| it.version = write::small(3), "container-malformed"),
        (|it| it.id = write::sequence(&[]), "container-malformed"),
        (|it| it.signature = write::octets(&[]), "signature-mismatch"),
        (|it| it.certificates = Vec::new(), "certificate-absent"),
        (|it| it.content = write::bits(b"x"), "container-malformed"),
        (|it| it.content_type = write::oid(&oids::SIGNED_DATA), "content-type-mismatch"),
    ];
    for (index, (change, code)) in changes.into_iter().enumerate() {
        let mut parts = Parts::honest(&own);
        change(&mut parts);
        assert_eq!(judged(&own, &parts.cms()).failed_codes(), [code], "change {index}");
    }
}

#[test]
fn dear_encodings_are_refused_quickly() {
    let deep = [0x30, 0x80].repeat(5000);
    assert!(ber::to_der(&deep).is_err());
    for hostile in [
        vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        vec![0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x30, 0x80],
        vec![0x3f, 0xff, 0xff],
        vec![0x24, 0x80, 0x30, 0x00, 0x00, 0x00],
        [0x30, 0x00].repeat(300_000),
    ] {
        assert!(ber::to_der(&hostile).is_err(), "{:02x?}", &hostile[..hostile.len().min(10)]);
    }
    assert_eq!(&*ber::to_der(&[0x24, 0x80, 4, 1, b'a', 4, 1, b'b', 0, 0]).unwrap(), [4, 2, b'a', b'b']);
    assert_eq!(&*ber::to_der(&[0x30, 0x81, 3, 2, 1, 5]).unwrap(), [0x30, 3, 2, 1, 5]);
}

#[test]
fn spliced_containers_are_never_valid_and_never_panic() {
    let own = Throwaway::new();
    let cms = Parts::honest(&own).cms();
    let mut steps = Steps(20_261_121);
    for round in 0..4000 {
        let mut changed = cms.clone();
        for _ in 0..=steps.next(3) {
            let (from, length) = (steps.next(changed.len()), 1 + steps.next(40));
            let until = (from + length).min(changed.len());
            match steps.next(3) {
                0 => drop(changed.drain(from..until)),
                1 => {
                    let piece = changed[from..until].to_vec();
                    let place = steps.next(changed.len());
                    changed.splice(place..place, piece);
                }
                _ => changed[from] = u8::try_from(steps.next(256)).unwrap(),
            }
            if changed.is_empty() {
                break;
            }
        }
        if changed != cms {
            assert!(!judged(&own, &changed).is_valid(), "round {round}");
        }
    }
}

#[test]
fn weak_key_is_refused_by_its_size() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for command in [
        "req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.pem -days 30 -subj /CN=Weak -config openssl.cnf -extensions leaf",
        "cms -sign -binary -nodetach -md sha256 -in content.txt -signer weak.pem -inkey weak.key -outform DER -out weak.cms",
    ] {
        assert!(crate::oracle::openssl(place, command));
    }
    let trust = Trust::from_certificates([own.file("weak.pem").as_slice()]).unwrap();
    let mut policy = eds::Policy::new(trust, Purpose::AnySignature);
    policy.revocation = Revocation::NotChecked;
    let time = eds::Certificate::parse(&own.file("weak.pem")).unwrap().not_before();
    let verdict = verify_cms(&Content::Attached, &own.file("weak.cms"), &Evidence::default(), time, &policy);
    assert!(verdict.failed_codes().contains(&"key-size"), "{verdict:?}");
}
