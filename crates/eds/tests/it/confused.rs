// SPDX-License-Identifier: MIT OR Apache-2.0
//! Containers signed by GOST that were changed, or made to confuse algorithms: refused, each with its reason.

use const_oid::ObjectIdentifier;
use eds::algorithm::SignatureAlgorithm;
use eds::asn1::{INTEGER, context, write};
use eds::{
    Certificate, Content, Evidence, Outcome, Policy, Purpose, Revocation, Trust, Verdict, oids, verify_cms,
    verify_xml, xml::verify_enveloped_each,
};

use crate::engine::{EngineKey, KINDS, national, spki};
use crate::oracle::Throwaway;
use crate::shared::vector;
use crate::vectors::{at, trust};

const CONTENT: &[u8] = b"content that was signed";
const FROM: &str = "2026-11-01T00:00:00Z";
const UNTIL: &str = "2027-11-01T00:00:00Z";
pub(crate) const NOW: &str = "2026-11-22T05:00:00Z";

/// An invented authority and an invented person, with keys of the engine.
pub(crate) struct World {
    root: Certificate,
    root_key: EngineKey,
    pub(crate) key: EngineKey,
    pub(crate) leaf: Certificate,
}

fn name(parts: &[(ObjectIdentifier, Vec<u8>)]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = parts
        .iter()
        .map(|(kind, text)| write::set_of(vec![write::sequence(&[&write::oid(kind), text])]))
        .collect();
    write::sequence(&sets.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn extension(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(&kind), &write::truth(), &write::octets(value)])
}

fn root_name() -> Vec<u8> {
    name(&[(oids::COMMON_NAME, write::utf8("INVENTED AUTHORITY"))])
}

/// Returns a certificate of this key, signed by the other.
fn certificate(spki: &[u8], subject: &[u8], extensions: &[Vec<u8>], by: &EngineKey) -> Certificate {
    let algorithm = write::algorithm_null(&by.algorithm.oid());
    let extensions = write::sequence(&extensions.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let tbs = write::sequence(&[
        &write::tlv(context(0), &write::small(2)),
        &write::small(0x4711),
        &algorithm,
        &root_name(),
        &write::sequence(&[&write::time(at(FROM)), &write::time(at(UNTIL))]),
        subject,
        spki,
        &write::tlv(context(3), &extensions),
    ]);
    let der = write::sequence(&[&tbs, &algorithm, &write::bits(&by.sign(&tbs))]);
    Certificate::parse(&der).unwrap()
}

/// Returns the certificate of the person, whose key stands in it as given.
fn leaf(spki: &[u8], by: &EngineKey) -> Certificate {
    let subject = name(&[
        (oids::COMMON_NAME, write::utf8("INVENTED PERSON")),
        (oids::SURNAME, write::utf8("INVENTED")),
        (oids::SERIAL_NUMBER, write::printable("IIN990101300017")),
    ]);
    let usages = [oids::EMAIL_PROTECTION, oids::INDIVIDUAL].map(|usage| write::oid(&usage));
    let extensions = [
        extension(oids::KEY_USAGE, &[3, 2, 3, 0xc8]),
        extension(oids::EXTENDED_KEY_USAGE, &write::sequence(&[&usages[0], &usages[1]])),
        extension(oids::POLICIES, &write::sequence(&[&write::sequence(&[&write::oid(&oids::POLICY_ARC)])])),
    ];
    certificate(spki, &subject, &extensions, by)
}

impl World {
    pub(crate) fn new(algorithm: SignatureAlgorithm) -> Self {
        let (root_key, key) = (EngineKey::new(algorithm), EngineKey::new(algorithm));
        let extensions = [
            extension(oids::BASIC_CONSTRAINTS, &write::sequence(&[&write::truth()])),
            extension(oids::KEY_USAGE, &[3, 2, 1, 6]),
        ];
        let root = certificate(&root_key.spki(), &root_name(), &extensions, &root_key);
        let leaf = leaf(&key.spki(), &root_key);
        Self { root, root_key, key, leaf }
    }

    pub(crate) fn policy(&self) -> Policy {
        let trust = Trust::from_certificates([self.root.der()]).unwrap();
        let mut policy = Policy::new(trust, Purpose::ApplicantSignature).for_iin("990101300017");
        policy.revocation = Revocation::NotChecked;
        policy
    }

    fn judged(&self, cms: &[u8]) -> Verdict {
        verify_cms(&Content::Attached, cms, &Evidence::default(), at(NOW), &self.policy())
    }
}

/// Parts of a container, each of which a test may replace.
pub(crate) struct Parts {
    content: Option<Vec<u8>>,
    digest: ObjectIdentifier,
    algorithm: Vec<u8>,
    attributes: Vec<u8>,
    signature: Vec<u8>,
    leaf: Certificate,
}

impl Parts {
    fn honest(world: &World) -> Self {
        Self::over(world, CONTENT)
    }

    /// An honest container of other content.
    pub(crate) fn over(world: &World, content: &[u8]) -> Self {
        Self::made(world.key.algorithm, world.leaf.clone(), content, |it| world.key.sign(it))
    }

    /// The same, detached.
    pub(crate) fn detached(self) -> Self {
        Self { content: None, ..self }
    }

    fn of(algorithm: SignatureAlgorithm, leaf: Certificate, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Self {
        Self::made(algorithm, leaf, CONTENT, sign)
    }

    fn made(
        algorithm: SignatureAlgorithm,
        leaf: Certificate,
        content: &[u8],
        sign: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Self {
        let digest = match algorithm {
            SignatureAlgorithm::RsaSha256 => oids::SHA256,
            SignatureAlgorithm::RsaSha384 => oids::SHA384,
            SignatureAlgorithm::RsaSha512 => oids::SHA512,
            SignatureAlgorithm::Gost2015Bits512 => oids::STREEBOG_512,
            SignatureAlgorithm::Gost2015Bits256 => oids::STREEBOG_256,
            SignatureAlgorithm::Gost2004 => oids::GOST_34311,
        };
        let attribute = |kind, value| write::sequence(&[&write::oid(&kind), &write::set_of(vec![value])]);
        let attributes = write::set_of(vec![
            attribute(oids::CONTENT_TYPE, write::oid(&oids::DATA)),
            attribute(oids::SIGNING_TIME, write::time(at(NOW))),
            attribute(oids::MESSAGE_DIGEST, write::octets(&algorithm.digest().digest(content))),
        ]);
        let signature = sign(&attributes);
        let algorithm = write::algorithm_null(&algorithm.oid());
        Self { content: Some(content.to_vec()), digest, algorithm, attributes, signature, leaf }
    }

    pub(crate) fn cms(&self) -> Vec<u8> {
        let digest = write::algorithm_null(&self.digest);
        let info = write::sequence(&[
            &write::small(1),
            &write::sequence(&[self.leaf.issuer().raw(), &write::tlv(INTEGER, self.leaf.serial())]),
            &digest,
            &[&[context(0)], &self.attributes[1..]].concat(),
            &self.algorithm,
            &write::octets(&self.signature),
        ]);
        let content = self.content.as_ref().map(|it| write::tlv(context(0), &write::octets(it)));
        let data = write::sequence(&[
            &write::small(1),
            &write::set_of(vec![digest]),
            &write::sequence(&[&write::oid(&oids::DATA), &content.unwrap_or_default()]),
            &write::tlv(context(0), self.leaf.der()),
            &write::set_of(vec![info]),
        ]);
        write::sequence(&[&write::oid(&oids::SIGNED_DATA), &write::tlv(context(0), &data)])
    }
}

/// The failed checks with their details.
fn failed(verdict: &Verdict) -> Vec<String> {
    let failed = verdict.checks.iter().filter(|check| check.result == eds::CheckResult::Failed);
    failed.map(|check| format!("{} {}", check.code, check.detail.as_deref().unwrap_or("-"))).collect()
}

#[test]
fn honest_containers_of_every_curve_are_valid_and_name_their_caveat() {
    for (algorithm, ..) in KINDS {
        let world = World::new(algorithm);
        let mut parts = Parts::honest(&world);
        let verdict = world.judged(&parts.cms());
        assert!(verdict.is_valid(), "{algorithm:?} {verdict:?}");
        let said = verdict.checks.iter().find(|it| it.code == eds::CheckCode::SignatureMismatch).unwrap();
        assert_eq!(said.detail.as_deref(), algorithm.caveat());
        // As the authority's own tools write it: the identifier of the key, alone or with its parameters.
        let (key, curve, digest) = national(algorithm);
        let parameters = write::sequence(&[&write::oid(&curve), &write::oid(&digest)]);
        for algorithm in [write::algorithm_null(&key), write::sequence(&[&write::oid(&key), &parameters])] {
            parts.algorithm = algorithm;
            assert!(world.judged(&parts.cms()).is_valid(), "{:02x?}", parts.algorithm);
        }
        let foreign = write::sequence(&[&write::oid(&oids::GOST_34311_BOX), &write::oid(&digest)]);
        parts.algorithm = write::sequence(&[&write::oid(&key), &foreign]);
        assert_eq!(world.judged(&parts.cms()).failed_codes(), ["container-malformed"]);
    }
}

#[test]
fn no_gost_container_with_a_flipped_byte_is_valid() {
    let world = World::new(SignatureAlgorithm::Gost2015Bits512);
    let cms = Parts::honest(&world).cms();
    assert!(world.judged(&cms).is_valid());
    let mut survivors: Vec<usize> = Vec::new();
    for position in 0..cms.len() {
        for flip in [0x01, 0x80] {
            let mut changed = cms.clone();
            changed[position] ^= flip;
            if world.judged(&changed).is_valid() {
                survivors.push(position);
            }
        }
    }
    // No region is allowed to change: every byte is signed, or read strictly.
    assert!(survivors.is_empty(), "{survivors:?} of {}", cms.len());
    for length in 0..cms.len() {
        assert_eq!(world.judged(&cms[..length]).outcome, Outcome::Invalid);
    }
}

#[test]
fn flipped_bytes_of_a_real_container_never_change_what_its_gost_signer_signed() {
    let (Some(cms), Some(trust)) = (vector("cms/CmsServiceTest.SIGNED_CMS.der"), trust()) else { return };
    let mut policy = Policy::new(trust, Purpose::AnySignature);
    policy.revocation = Revocation::NotChecked;
    let judged = |cms: &[u8]| {
        verify_cms(&Content::Attached, cms, &Evidence::default(), at("2022-09-28T14:40:30Z"), &policy)
    };
    let honest = judged(&cms).signers[0].clone();
    assert_eq!(honest.outcome, Outcome::Valid);
    let mut allowed: Vec<usize> = Vec::new();
    for position in 0..cms.len() {
        let mut changed = cms.clone();
        changed[position] ^= 0x04;
        let verdict = judged(&changed);
        let valid: Vec<_> = verdict.signers.iter().filter(|it| it.outcome == Outcome::Valid).collect();
        for signer in valid {
            assert_eq!(*signer, honest, "byte {position}");
            assert_eq!(eds::attached_content(&changed).unwrap().as_deref(), Some(b"test123".as_slice()));
            allowed.push(position);
        }
    }
    // What may change leaves the signer by GOST alone: it belongs to the signer by RSA, its certificate and its digest.
    let rsa = eds::certificates(&cms)
        .unwrap()
        .into_iter()
        .find(|it| it.signature_oid() == oids::RSA_SHA256)
        .unwrap();
    let start = cms.windows(rsa.der().len()).position(|it| it == rsa.der()).unwrap();
    let gost = honest.certificate.len();
    let gost_start = cms.windows(gost).position(|it| it == honest.certificate).unwrap();
    assert!(allowed.iter().any(|at| (start..start + rsa.der().len()).contains(at)));
    assert!(!allowed.iter().any(|at| (gost_start..gost_start + gost).contains(at)));
}

#[test]
fn changed_bytes_of_a_real_document_never_change_what_its_gost_signer_signed() {
    let name = "xml/XmlServiceTest.XML_SIGNED_VALID_STRING_TWO_SIGNERS.xml";
    let (Some(xml), Some(trust)) = (vector(name), trust()) else { return };
    let mut policy = Policy::new(trust, Purpose::AnySignature);
    policy.revocation = Revocation::NotChecked;
    let judged = |xml: &[u8]| verify_xml(xml, &Evidence::default(), at("2022-09-28T14:40:30Z"), &policy);
    let honest = judged(&xml).signers[1].clone();
    assert_eq!(honest.outcome, Outcome::Valid);
    let covered = verify_enveloped_each(&xml).unwrap()[1].signed_bytes.clone();
    // The second signature covers the first one whole; a step of three meets each part of both.
    for position in (0..xml.len()).step_by(3) {
        let mut changed = xml.clone();
        changed[position] ^= 0x01;
        for signer in judged(&changed).signers.iter().filter(|it| it.outcome == Outcome::Valid) {
            assert_eq!(*signer, honest, "byte {position}");
            let found = verify_enveloped_each(&changed).unwrap();
            assert!(found.iter().any(|it| it.signed_bytes == covered), "byte {position}");
        }
    }
}

#[test]
fn keys_signatures_and_digests_of_one_algorithm_are_refused_under_another() {
    let (world, rsa) = (World::new(SignatureAlgorithm::Gost2015Bits512), Throwaway::new());
    let small = EngineKey::new(SignatureAlgorithm::Gost2015Bits256);
    let mismatch = "signature-mismatch signature-malformed";
    // An RSA key under the names of GOST; its owner is trusted by no one here, so the path fails too.
    let parts = Parts::of(SignatureAlgorithm::Gost2015Bits512, rsa.leaf.clone(), |it| world.key.sign(it));
    let said = failed(&world.judged(&parts.cms()));
    assert!(said.contains(&"algorithm-mismatch key-of-another-algorithm".to_owned()), "{said:?}");
    // A GOST key under the names of RSA.
    let sign = |it: &[u8]| rsa.signer.sign(it).unwrap();
    let parts = Parts::of(SignatureAlgorithm::RsaSha256, world.leaf.clone(), sign);
    assert_eq!(failed(&world.judged(&parts.cms())), ["algorithm-mismatch key-of-another-algorithm"]);
    // A signature of 256 bits, under its own name and under that of the key.
    let parts = Parts::of(SignatureAlgorithm::Gost2015Bits256, world.leaf.clone(), |it| small.sign(it));
    assert_eq!(failed(&world.judged(&parts.cms())), ["algorithm-mismatch key-of-another-algorithm"]);
    let parts = Parts::of(SignatureAlgorithm::Gost2015Bits512, world.leaf.clone(), |it| small.sign(it));
    assert_eq!(failed(&world.judged(&parts.cms())), [mismatch]);
    // Another digest of the family than that of the algorithm.
    for digest in [oids::STREEBOG_256, oids::GOST_34311, oids::SHA256] {
        let parts = Parts { digest, ..Parts::honest(&world) };
        let said = failed(&world.judged(&parts.cms()));
        assert_eq!(said, [format!("algorithm-mismatch {} with {digest}", oids::GOST_2015_512)]);
    }
    let parts = Parts { digest: oids::SHA1, ..Parts::honest(&world) };
    assert_eq!(world.judged(&parts.cms()).failed_codes(), ["algorithm-unknown"]);
}

#[test]
fn the_digest_may_stand_by_its_russian_name() {
    let names = [oids::STREEBOG_512_RUSSIAN, oids::STREEBOG_256_RUSSIAN];
    for (place, algorithm) in
        [SignatureAlgorithm::Gost2015Bits512, SignatureAlgorithm::Gost2015Bits256].into_iter().enumerate()
    {
        let world = World::new(algorithm);
        let mut parts = Parts { digest: names[place], ..Parts::honest(&world) };
        for named in [algorithm.oid(), national(algorithm).0] {
            parts.algorithm = write::algorithm_null(&named);
            let verdict = world.judged(&parts.cms());
            assert!(verdict.is_valid(), "{verdict:?}");
        }
        parts.content = Some(b"other content".to_vec());
        assert_eq!(world.judged(&parts.cms()).failed_codes(), ["digest-mismatch"]);
        let parts = Parts { digest: names[1 - place], ..Parts::honest(&world) };
        assert_eq!(world.judged(&parts.cms()).failed_codes(), ["algorithm-mismatch"]);
    }
}

#[test]
fn signatures_in_another_order_of_bytes_or_of_another_length_are_refused() {
    let world = World::new(SignatureAlgorithm::Gost2015Bits512);
    let honest = Parts::honest(&world);
    let (r, s) = honest.signature.split_at(64);
    let reversed: Vec<u8> = honest.signature.iter().rev().copied().collect();
    let zeros = [0; 64];
    let changed: [(Vec<u8>, &[&str]); 7] = [
        (reversed, &["signature-of-other-bytes-or-key", "signature-malformed"]),
        ([s, r].concat(), &["signature-of-other-bytes-or-key"]),
        (honest.signature[..127].to_vec(), &["signature-malformed"]),
        ([&honest.signature[..], &[0]].concat(), &["signature-malformed"]),
        ([&zeros[..], s].concat(), &["signature-malformed"]),
        ([r, &zeros[..]].concat(), &["signature-malformed"]),
        (Vec::new(), &["signature-malformed"]),
    ];
    for (signature, words) in changed {
        let parts = Parts { signature, attributes: honest.attributes.clone(), ..Parts::honest(&world) };
        let said = failed(&world.judged(&parts.cms()));
        let known = words.iter().any(|word| said == [format!("signature-mismatch {word}")]);
        assert!(known, "{said:?} is none of {words:?}");
    }
}

#[test]
fn certificates_whose_key_names_other_parameters_or_is_no_point_are_refused() {
    let world = World::new(SignatureAlgorithm::Gost2015Bits512);
    let (key, curve, digest) = national(SignatureAlgorithm::Gost2015Bits512);
    let foreign = ObjectIdentifier::new("1.2.643.7.1.2.1.2.1").unwrap();
    let mut off_curve = world.key.point.clone();
    off_curve[0] ^= 1;
    let short = &world.key.point[..127];
    let own = &world.key.point;
    let keys = [
        (spki(&[key, oids::GOST_2015_256_CURVE, digest], own), "key-parameters-differ"),
        (spki(&[key, foreign, digest], own), "key-parameters-differ"),
        (spki(&[key, curve, oids::STREEBOG_256], own), "key-parameters-differ"),
        (spki(&[oids::GOST_2015_256_KEY, curve, digest], own), "key-of-another-algorithm"),
        (spki(&[key, curve, digest], &off_curve), "key-not-on-the-curve"),
        (spki(&[key, curve, digest], short), "key-not-on-the-curve"),
    ];
    for (spki, word) in keys {
        let leaf = leaf(&spki, &world.root_key);
        let parts = Parts { leaf, ..Parts::honest(&world) };
        assert_eq!(failed(&world.judged(&parts.cms())), [format!("algorithm-mismatch {word}")]);
    }
}
