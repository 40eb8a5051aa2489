// SPDX-License-Identifier: MIT OR Apache-2.0
//! OpenSSL with the engine `gost` as a judge: it verifies what we sign, and we what it signs.
//!
//! Its identifiers are those of TC 26, its order of bytes in a signature is the reverse of the national one.

use gostkey::{Key256, Key512, Streebog512};
use std::path::Path;
use std::process::Command;

/// `SubjectPublicKeyInfo` up to the point: gost2012-512, paramSetA, Streebog-512.
const SPKI_512: &str = "3081a0301706082a85030701010102300b06092a85030701020102010381840004 8180";
/// The same of GOST R 34.10-2012 with 256 bits on the curve CryptoPro-A, Streebog-256.
const SPKI_256: &str = "3066301f06082a85030701010101301306072a850302022301 06082a8503070101020203430004 40";

/// `PrivateKeyInfo` of gost2012-512 up to the number, its lowest byte first.
const PKCS8_512: &str =
    "3068020100302106082a8503070101010230 1506092a850307010201020106082a85030701010203 0440";
/// What the random keys and messages follow from.
const SEED: &str = "qyzmet gostkey against the engine";
/// Random keys, each with a message of its own.
const RANDOM_KEYS: usize = 64;

fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    super::bytes(&digits)
}

/// Whether OpenSSL has the engine here; the reason is printed if not. In CI it must be there.
fn is_there() -> bool {
    const ABSENT: &str = "openssl has no engine gost here (package libengine-gost-openssl)";
    let found = Command::new("openssl").args(["engine", "gost"]).output().is_ok_and(|it| it.status.success());
    assert!(found || std::env::var_os("CI").is_none(), "{ABSENT}");
    if !found {
        println!("not run: {ABSENT}");
    }
    found
}

fn openssl(folder: &Path, arguments: &str) -> String {
    let run =
        Command::new("openssl").current_dir(folder).args(arguments.split_whitespace()).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
}

fn verified(spki: &str, public: &[u8], digest: &str, message: &[u8], signature: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("key.der", &[hex(spki), public.to_vec()].concat());
    write("message", message);
    write("signature", &signature.iter().rev().copied().collect::<Vec<_>>());
    let made = openssl(folder.path(), "pkey -engine gost -pubin -inform DER -in key.der -out key.pem");
    assert!(folder.path().join("key.pem").exists(), "{made}");
    let said = openssl(
        folder.path(),
        &format!("dgst -engine gost -{digest} -verify key.pem -signature signature message"),
    );
    said.contains("Verified OK")
}

#[test]
fn the_engine_verifies_our_signatures() {
    if !is_there() {
        return;
    }
    for seed in 1..=5_u8 {
        let key = Key512::new(&[seed.wrapping_mul(37); 64]).unwrap();
        let message = vec![seed; usize::from(seed) * 50];
        let signature = key.sign(&Streebog512::digest(&message), &[seed; 32]).unwrap();
        assert!(verified(SPKI_512, key.public(), "streebog512", &message, &signature));
        assert!(!verified(SPKI_512, key.public(), "streebog512", b"other", &signature));
    }
}

/// Random keys, messages and randomness of a fixed seed: 64 bytes for each name and number.
fn random(what: &str, number: usize) -> [u8; 64] {
    Streebog512::digest(format!("{SEED} {what} {number}").as_bytes())
}

/// A random message, of another length each time.
fn random_message(number: usize) -> Vec<u8> {
    let pieces = (0..5).flat_map(|piece| random("message", number * 5 + piece));
    pieces.take(number * 5).collect()
}

/// Both sign with the same keys: what one has signed the other verifies, and neither verifies another message.
#[test]
fn the_engine_and_we_agree_on_random_keys_and_messages() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    let verify = "dgst -engine gost -keyform DER -streebog512 -verify public.der -signature signature";
    for number in 0..RANDOM_KEYS {
        let private = random("key", number);
        let key = Key512::new(&private).unwrap();
        let message = random_message(number);
        let digest = Streebog512::digest(&message);
        let hedge = *random("hedge", number).first_chunk().unwrap();
        write("message", &message);
        write("other", &[message.as_slice(), b"."].concat());
        write("public.der", &[hex(SPKI_512), key.public().to_vec()].concat());
        write("signature", &reversed(&key.sign(&digest, &hedge).unwrap()));
        let said = openssl(folder.path(), &format!("{verify} message"));
        assert!(said.contains("Verified OK"), "key {number}: {said}");
        let said = openssl(folder.path(), &format!("{verify} other"));
        assert!(!said.contains("Verified OK"), "key {number}: {said}");

        write("private.der", &[hex(PKCS8_512), private.to_vec()].concat());
        let sign = "dgst -engine gost -keyform DER -streebog512 -sign private.der -out theirs message";
        let said = openssl(folder.path(), sign);
        let theirs = reversed(&read("theirs")).try_into().unwrap_or_else(|_| panic!("key {number}: {said}"));
        assert!(Key512::verify(key.public(), &digest, &theirs), "key {number}");
        assert!(!Key512::verify(key.public(), &Streebog512::digest(&read("other")), &theirs), "key {number}");
    }
}

#[test]
fn the_engine_verifies_our_signatures_of_256_bits() {
    use streebog::{Digest, Streebog256};
    if !is_there() {
        return;
    }
    for seed in 1..=3_u8 {
        let key = Key256::new(&[seed.wrapping_mul(53); 32]).unwrap();
        let signature = key.sign(&Streebog256::digest(b"the act").into(), &[seed; 32]).unwrap();
        assert!(verified(SPKI_256, key.public(), "streebog256", b"the act", &signature));
        assert!(!verified(SPKI_256, key.public(), "streebog256", b"other", &signature));
    }
}

#[test]
fn we_verify_the_signatures_of_the_engine_and_know_its_keys() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("message"), b"the act").unwrap();
    openssl(
        folder.path(),
        "genpkey -engine gost -algorithm gost2012_512 -pkeyopt paramset:A -outform DER -out key.der",
    );
    openssl(folder.path(), "pkey -engine gost -inform DER -in key.der -pubout -outform DER -out public.der");
    openssl(folder.path(), "pkey -engine gost -inform DER -in key.der -out key.pem");
    let said = openssl(folder.path(), "dgst -engine gost -streebog512 -sign key.pem -out signature message");
    let read =
        |name: &str| std::fs::read(folder.path().join(name)).unwrap_or_else(|it| panic!("{it}: {said}"));
    let tail = |bytes: &[u8], length: usize| bytes[bytes.len() - length..].to_vec();
    let (private, public) = (tail(&read("key.der"), 64), tail(&read("public.der"), 128));
    let mut signature = read("signature");
    signature.reverse();
    let key = Key512::new(&private.try_into().unwrap()).unwrap();
    assert_eq!(key.public().to_vec(), public);
    let digest = Streebog512::digest(b"the act");
    assert!(Key512::verify(key.public(), &digest, &signature.try_into().unwrap()));
}
