// SPDX-License-Identifier: MIT OR Apache-2.0
//! OpenSSL with the engine `gost` as an oracle: what it signs we accept, what the authority signed it accepts too.
//!
//! Its identifiers are those of TC 26, its order of bytes in a signature is the reverse of the national one.

use std::process::Command;

use const_oid::ObjectIdentifier;
use eds::algorithm::{DigestAlgorithm, SignatureAlgorithm, SignatureFault};
use eds::asn1::{Element, write};
use eds::{Certificate, oids};

use crate::shared::vector;

/// The algorithms as the engine names them: kind of key, set of parameters.
pub(crate) const KINDS: [(SignatureAlgorithm, &str, &str); 3] = [
    (SignatureAlgorithm::Gost2015Bits512, "gost2012_512", "A"),
    (SignatureAlgorithm::Gost2015Bits256, "gost2012_256", "TCA"),
    (SignatureAlgorithm::Gost2004, "gost2001", "A"),
];

/// A key that the engine made and keeps in its own folder.
pub(crate) struct EngineKey {
    folder: tempfile::TempDir,
    pub(crate) algorithm: SignatureAlgorithm,
    /// Both coordinates, little-endian.
    pub(crate) point: Vec<u8>,
}

/// Runs openssl in a folder; its words come along where it fails.
fn run(folder: &tempfile::TempDir, arguments: &str) -> Result<Vec<u8>, String> {
    let output = Command::new("openssl")
        .current_dir(folder.path())
        .args(arguments.split_whitespace())
        .output()
        .expect("openssl runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(output.stdout) } else { Err(format!("{arguments}: {said}")) }
}

impl EngineKey {
    pub(crate) fn new(algorithm: SignatureAlgorithm) -> Self {
        let (_, kind, set) = KINDS.into_iter().find(|it| it.0 == algorithm).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let made = format!("genpkey -engine gost -algorithm {kind} -pkeyopt paramset:{set} -out key.pem");
        run(&folder, &made).expect("openssl has the engine gost: package libengine-gost-openssl");
        run(&folder, "pkey -engine gost -in key.pem -pubout -outform DER -out public.der").unwrap();
        let spki = std::fs::read(folder.path().join("public.der")).unwrap();
        let mut info = Element::parse(&spki).unwrap().reader();
        info.any().unwrap();
        let bits = info.any().unwrap().bit_string().unwrap();
        let point = Element::parse(bits).unwrap().value.to_vec();
        Self { folder, algorithm, point }
    }

    /// Returns the key as the national authority writes it.
    pub(crate) fn spki(&self) -> Vec<u8> {
        let (key, curve, digest) = national(self.algorithm);
        spki(&[key, curve, digest], &self.point)
    }

    /// Returns the engine's signature of a digest, in the national order of bytes.
    pub(crate) fn sign_digest(&self, digest: &[u8]) -> Vec<u8> {
        let place = self.folder.path();
        std::fs::write(place.join("digest"), digest).unwrap();
        run(&self.folder, "pkeyutl -engine gost -sign -inkey key.pem -in digest -out signature").unwrap();
        let mut signature = std::fs::read(place.join("signature")).unwrap();
        signature.reverse();
        signature
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.sign_digest(&self.algorithm.digest().digest(message))
    }

    /// Returns whether the engine accepts the signature of a digest, given in the national order of bytes.
    fn accepts(&self, digest: &[u8], signature: &[u8]) -> bool {
        let place = self.folder.path();
        std::fs::write(place.join("digest"), digest).unwrap();
        std::fs::write(place.join("given"), signature.iter().rev().copied().collect::<Vec<_>>()).unwrap();
        run(&self.folder, "pkeyutl -engine gost -verify -inkey key.pem -in digest -sigfile given").is_ok()
    }
}

/// Returns the national identifiers of a key, its curve and its digest.
pub(crate) fn national(
    algorithm: SignatureAlgorithm,
) -> (ObjectIdentifier, ObjectIdentifier, ObjectIdentifier) {
    match algorithm {
        SignatureAlgorithm::Gost2015Bits512 => {
            (oids::GOST_2015_512_KEY, oids::GOST_2015_512_CURVE, oids::STREEBOG_512)
        }
        SignatureAlgorithm::Gost2015Bits256 => {
            (oids::GOST_2015_256_KEY, oids::GOST_2015_256_CURVE, oids::STREEBOG_256)
        }
        SignatureAlgorithm::Gost2004 => (oids::GOST_2004_KEY, oids::GOST_2004_CURVE, oids::GOST_34311_BOX),
        SignatureAlgorithm::RsaSha256 | SignatureAlgorithm::RsaSha384 | SignatureAlgorithm::RsaSha512 => {
            panic!("no curve")
        }
    }
}

pub(crate) fn spki(named: &[ObjectIdentifier; 3], point: &[u8]) -> Vec<u8> {
    let [key, curve, digest] = named.map(|oid| write::oid(&oid));
    write::sequence(&[
        &write::sequence(&[&key, &write::sequence(&[&curve, &digest])]),
        &write::bits(&write::octets(point)),
    ])
}

#[test]
fn what_the_engine_signs_we_accept_and_nothing_near_it() {
    for (algorithm, ..) in KINDS {
        let key = EngineKey::new(algorithm);
        let other = EngineKey::new(algorithm);
        for length in [0, 1, 31, 64, 65, 1000] {
            let message = vec![0x5a; length];
            let signature = key.sign(&message);
            assert_eq!(algorithm.verify(&key.spki(), &message, &signature), Ok(()), "{algorithm:?} {length}");
            let mismatch = Err(SignatureFault::Mismatch);
            assert_eq!(algorithm.verify(&key.spki(), &[&message[..], b"x"].concat(), &signature), mismatch);
            assert_eq!(algorithm.verify(&other.spki(), &message, &signature), mismatch);
            let (r, s) = signature.split_at(signature.len() / 2);
            assert_eq!(algorithm.verify(&key.spki(), &message, &[s, r].concat()), mismatch);
        }
    }
}

#[test]
fn the_engine_and_we_refuse_the_same_signatures() {
    for (algorithm, ..) in KINDS {
        let key = EngineKey::new(algorithm);
        let digest = algorithm.digest().digest(b"message");
        let good = key.sign_digest(&digest);
        assert!(key.accepts(&digest, &good));
        let half = good.len() / 2;
        let mut changed: Vec<Vec<u8>> =
            (0..good.len()).step_by(half / 4).map(|at| flipped(&good, at)).collect();
        changed.extend([
            [&[0; 64][..half.min(64)], &good[half..]].concat(),
            [&good[..half], &[0; 64][..half.min(64)]].concat(),
            vec![0xff; good.len()],
            [&one(half)[..], &one(half)].concat(),
        ]);
        for given in changed {
            let ours = algorithm.verify(&key.spki(), b"message", &given).is_ok();
            assert_eq!(ours, key.accepts(&digest, &given), "{algorithm:?} {given:02x?}");
            assert!(!ours);
        }
        // The equation does not tell a digest from its negative, there or here; the digest of zero is one.
        let zero = vec![0; digest.len()];
        let of_zero = key.sign_digest(&zero);
        assert!(key.accepts(&one(digest.len()), &of_zero), "{algorithm:?}");
    }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 0x10;
    changed
}

fn one(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    bytes[0] = 1;
    bytes
}

#[test]
fn digests_are_those_of_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message");
    for (algorithm, name) in
        [(DigestAlgorithm::Streebog512, "streebog512"), (DigestAlgorithm::Streebog256, "streebog256")]
    {
        for length in [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 4095, 70_000] {
            let message: Vec<u8> = (0..length).map(|at: usize| at.to_le_bytes()[0] ^ 0xa5).collect();
            std::fs::write(&file, &message).unwrap();
            let theirs = run(&folder, &format!("dgst -engine gost -{name} -binary message"))
                .expect("openssl has the engine gost: package libengine-gost-openssl");
            assert_eq!(algorithm.digest(&message), theirs, "{name} of {length}");
            let mut hasher = algorithm.hasher();
            message.chunks(37).for_each(|piece| hasher.update(piece));
            assert_eq!(hasher.finish(), theirs, "{name} of {length} in pieces");
        }
    }
}

/// Returns the bytes that were signed and the signature of a certificate.
fn parts(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut outer = Element::parse(der).unwrap().reader();
    let tbs = outer.any().unwrap().raw.to_vec();
    outer.any().unwrap();
    (tbs, outer.any().unwrap().bit_string().unwrap().to_vec())
}

#[test]
fn what_the_authority_signed_the_engine_accepts_too() {
    let oid = |text: &str| ObjectIdentifier::new(text).unwrap();
    let tc26 = ["1.2.643.7.1.1.1.2", "1.2.643.7.1.2.1.2.1", "1.2.643.7.1.1.2.3"].map(oid);
    let of_2001 = ["1.2.643.2.2.19", "1.2.643.2.2.35.1", "1.2.643.2.2.30.1"].map(oid);
    let Some(cms) = vector("cms/CmsServiceTest.SIGNED_CMS.der") else { return };
    let new =
        eds::certificates(&cms).unwrap().into_iter().find(|it| it.signature_oid() == oids::GOST_2015_512);
    let Some(old) = vector("certs/ceo_valid_sign_2004_gost.cer") else { return };
    let old = Certificate::parse(&old).unwrap();
    for (leaf, authority, named) in
        [(new.unwrap(), "ca/nca_gost2015_test.cer", tc26), (old, "ca/nca_gost_test.crt", of_2001)]
    {
        let Some(authority) = vector(authority) else { return };
        let authority = Certificate::parse(&authority).unwrap();
        let algorithm = SignatureAlgorithm::from_oid(&leaf.signature_oid()).unwrap();
        let (tbs, signature) = parts(leaf.der());
        assert_eq!(algorithm.verify(authority.spki(), &tbs, &signature), Ok(()));
        let point = Element::parse(authority.key_bits().unwrap()).unwrap().value;
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        put("public.der", &spki(&named, point));
        put("digest", &algorithm.digest().digest(&tbs));
        put("given", &signature.iter().rev().copied().collect::<Vec<_>>());
        let verify =
            "pkeyutl -engine gost -verify -pubin -keyform DER -inkey public.der -in digest -sigfile given";
        run(&folder, verify).unwrap();
        put("digest", &algorithm.digest().digest(b"other"));
        assert!(run(&folder, verify).is_err());
    }
}
