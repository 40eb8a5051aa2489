// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stamps by a key that a device keeps: a token in software (softhsm2), made for the test.

use super::{OFFICE, PAPER, config, fault, openssl_verifies, outcome, run, write_keys};
use crate::world::{BIN, now};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use eds::Outcome;
use gateway::{Device, DeviceError, InstallFault, KeysError, Stamp, StampConfig, StampState, TokenName};
use serde_json::json;
use service::ports::{PortError, Signer as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts the library of the device in software.
const SOFTHSM: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
/// Set for the run of a test inside a test: the library of the token reads its configuration from the environment.
const INSIDE: &str = "QYZMET_TOKEN_FOLDER";
const PIN: &str = "1234";

fn softhsm() -> Option<PathBuf> {
    let there = Command::new("softhsm2-util").arg("--version").output().is_ok();
    let library = SOFTHSM.iter().map(PathBuf::from).find(|it| it.exists()).filter(|_| there);
    if library.is_none() {
        println!("not run: there is no softhsm2 here (package softhsm2)");
    }
    library
}

/// Makes a token in software with the key of an organisation.
fn make_token(folder: &Path, more: &str) {
    std::fs::create_dir(folder.join("tokens")).unwrap();
    let text =
        format!("directories.tokendir = {}\nlog.level = ERROR\n{more}", folder.join("tokens").display());
    std::fs::write(folder.join("softhsm2.conf"), text).unwrap();
    write_keys(folder);
    run(folder, "softhsm2-util", "--init-token --free --label office --so-pin 12345678 --pin 1234");
    run(folder, "softhsm2-util", "--import key.pem --token office --label stamp --id a1 --pin 1234");
    std::fs::write(folder.join("pin"), format!("{PIN}\n")).unwrap();
    std::fs::write(folder.join("wrong-pin"), "9999").unwrap();
}

/// Runs `test` of this module again in a process of its own, with a token of its own.
fn in_a_process(test: &str, more: &str) -> Option<tempfile::TempDir> {
    softhsm()?;
    let folder = tempfile::tempdir().unwrap();
    make_token(folder.path(), more);
    let again = Command::new(std::env::current_exe().unwrap())
        .env("SOFTHSM2_CONF", folder.path().join("softhsm2.conf"))
        .env(INSIDE, folder.path())
        .args(["--exact", &format!("stamps::device::{test}"), "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[again.stdout, again.stderr].concat()).into_owned();
    assert!(again.status.success() && said.contains("1 passed"), "{said}");
    Some(folder)
}

/// Returns the folder and the library, inside.
fn inside() -> Option<(PathBuf, PathBuf)> {
    std::env::var(INSIDE).ok().map(|folder| (PathBuf::from(folder), softhsm().unwrap()))
}

fn token(folder: &Path, library: &Path) -> StampConfig {
    config(json!({
        "organization": OFFICE,
        "certificate": folder.join("cert.der"),
        "along": [folder.join("authority.der")],
        "pkcs11": { "module": library, "token": "office", "key": "stamp", "pin_file": folder.join("pin") },
    }))
}

#[tokio::test]
async fn a_device_makes_stamps_with_a_key_that_it_keeps() {
    let Some((folder, library)) = inside() else {
        let made = in_a_process("a_device_makes_stamps_with_a_key_that_it_keeps", "");
        let Some(folder) = made else { return };
        let cms = std::fs::read(folder.path().join("cms.der")).unwrap();
        assert_eq!(outcome(&cms), Outcome::Valid);
        return;
    };
    let mut stamps = Stamp::new();
    assert_eq!(stamps.install(&token(&folder, &library), BIN).unwrap(), StampState::Ready);
    for _ in 0..3 {
        let cms = stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap();
        openssl_verifies(&folder, &cms);
    }
    // The certificate of another key: the token signs, but not for it.
    let mut foreign = token(&folder, &library);
    foreign.certificate = Some(folder.join("other.der"));
    let foreign = fault(stamps.install(&foreign, BIN));
    assert!(matches!(foreign, InstallFault::OtherOrganization | InstallFault::Keys(KeysError::Mismatch)));
}

#[tokio::test]
async fn a_token_that_does_not_hash_signs_the_digest() {
    let Some((folder, library)) = inside() else {
        in_a_process(
            "a_token_that_does_not_hash_signs_the_digest",
            "slots.mechanisms = -CKM_SHA256_RSA_PKCS\n",
        );
        return;
    };
    let mut stamps = Stamp::new();
    stamps.install(&token(&folder, &library), BIN).unwrap();
    openssl_verifies(&folder, &stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap());
}

#[tokio::test]
async fn a_token_that_is_pulled_out_signs_again_when_it_is_back() {
    let Some((folder, library)) = inside() else {
        in_a_process("a_token_that_is_pulled_out_signs_again_when_it_is_back", "");
        return;
    };
    let mut stamps = Stamp::new();
    stamps.install(&token(&folder, &library), BIN).unwrap();
    stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap();
    let (tokens, away) = (folder.join("tokens"), folder.join("away"));
    std::fs::rename(&tokens, &away).unwrap();
    std::fs::create_dir(&tokens).unwrap();
    for _ in 0..2 {
        let gone = stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await;
        assert!(matches!(&gone, Err(PortError::Unavailable(_))), "{gone:?}");
    }
    // A server that starts meanwhile awaits the token: the certificate is at hand.
    let mut started = Stamp::new();
    let state = started.install(&token(&folder, &library), BIN).unwrap();
    assert_eq!(state, StampState::Awaited(DeviceError::Token));
    std::fs::remove_dir(&tokens).unwrap();
    std::fs::rename(&away, &tokens).unwrap();
    for stamps in [&started, &stamps] {
        let cms = stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap();
        openssl_verifies(&folder, &cms);
    }
}

#[tokio::test]
async fn a_refused_pin_is_not_tried_again() {
    let Some((folder, library)) = inside() else {
        in_a_process("a_refused_pin_is_not_tried_again", "");
        return;
    };
    let mut stamps = Stamp::new();
    let mut wrong = token(&folder, &library);
    wrong.pkcs11.as_mut().unwrap().pin_file = folder.join("wrong-pin");
    let refused = fault(stamps.install(&wrong, BIN));
    assert!(matches!(refused, InstallFault::Device(DeviceError::Pin)), "{refused}");
    let device = Device::load(&library).unwrap();
    let office = || TokenName::Label("office".to_owned());
    let key = device.key(office(), "stamp", "9999".to_owned());
    assert_eq!((key.open().unwrap_err(), key.open().unwrap_err()), (DeviceError::Pin, DeviceError::Pin));
    let right = device.key(office(), "stamp", PIN.to_owned());
    right.open().unwrap();
    let absent = device.key(office(), "another", PIN.to_owned());
    assert_eq!(absent.open().unwrap_err(), DeviceError::Key);
    let nowhere = device.key(TokenName::Serial("0".to_owned()), "stamp", PIN.to_owned());
    assert_eq!(nowhere.open().unwrap_err(), DeviceError::Token);
    assert_eq!(right.certificate().unwrap_err(), DeviceError::Certificate);
    assert_eq!(Device::load(Path::new("/nonexistent.so")).unwrap_err(), DeviceError::Library);
}

#[tokio::test]
async fn the_certificate_beside_the_key_is_taken_from_the_token() {
    let Some((folder, library)) = inside() else {
        in_a_process("the_certificate_beside_the_key_is_taken_from_the_token", "");
        return;
    };
    let context = Pkcs11::new(&library).unwrap();
    context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slots = context.get_slots_with_token().unwrap();
    let is_office = |slot: &&_| context.get_token_info(**slot).unwrap().label() == "office";
    let slot = *slots.iter().find(is_office).unwrap();
    let serial = context.get_token_info(slot).unwrap().serial_number().to_owned();
    let session = context.open_rw_session(slot).unwrap();
    session.login(UserType::User, Some(&AuthPin::from(PIN.to_owned()))).unwrap();
    let certificate = eds::Certificate::parse(&std::fs::read(folder.join("cert.der")).unwrap()).unwrap();
    let object = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Id(vec![0xa1]),
        Attribute::Subject(certificate.subject().raw().to_vec()),
        Attribute::Value(certificate.der().to_vec()),
    ];
    session.create_object(&object).unwrap();
    drop(session);
    let mut config = token(&folder, &library);
    config.certificate = None;
    let device = config.pkcs11.as_mut().unwrap();
    (device.token, device.serial) = (None, Some(serial));
    let mut stamps = Stamp::new();
    assert_eq!(stamps.install(&config, BIN).unwrap(), StampState::Ready);
    openssl_verifies(&folder, &stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap());
}
