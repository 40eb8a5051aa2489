// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stamps by key files, as administrators install them.

mod device;

use crate::world::{BIN, CA, now};
use eds::pkcs12::KeyFileFault;
use eds::{Content, Evidence, Outcome, Policy, Purpose, verify_cms};
use gateway::{InstallError, InstallFault, KeysError, Stamp, StampConfig, StampState};
use jiff::ToSpan as _;
use serde_json::json;
use service::ports::{PortError, Signer as _};
use std::path::Path;
use std::process::Command;

const PAPER: &[u8] = b"the paper";
const OFFICE: &str = "abai-education";
const PASSWORD: &str = "Qwerty12";
const EXPORT: &str =
    "pkcs12 -export -inkey key.pem -in cert.pem -certfile authority.pem -passout pass:Qwerty12";
const ROUNDS_MAX: usize = 3;

fn outcome(cms: &[u8]) -> Outcome {
    let policy = Policy::new(CA.trust().unwrap(), Purpose::OrganisationStamp { bin: BIN.to_owned() });
    let mut evidence = Evidence::default();
    for _ in 0..ROUNDS_MAX {
        let verdict = verify_cms(&Content::Detached(PAPER), cms, &evidence, now(), &policy);
        if CA.meet(verdict.needs(), now(), &mut evidence) == 0 {
            return verdict.outcome;
        }
    }
    verify_cms(&Content::Detached(PAPER), cms, &evidence, now(), &policy).outcome
}

fn config(value: serde_json::Value) -> StampConfig {
    serde_json::from_value(value).unwrap()
}

fn run(folder: &Path, program: &str, arguments: &str) {
    let done = Command::new(program)
        .current_dir(folder)
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
        .args(arguments.split(' '))
        .output()
        .unwrap();
    assert!(done.status.success(), "{program} {arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Writes the key of the organisation, its certificate and its authority's, in PEM and in DER, and the paper.
fn write_keys(folder: &Path) {
    let holder = CA.stamp(BIN).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("key.der", holder.pkcs8());
    write("cert.der", holder.certificate().der());
    write("other.der", CA.transport("gateway").unwrap().certificate().der());
    write("root.der", CA.root_der());
    write("authority.der", CA.authority_der());
    write("paper", PAPER);
    run(folder, "openssl", "pkcs8 -topk8 -nocrypt -inform DER -in key.der -out key.pem");
    for name in ["cert", "root", "authority"] {
        run(folder, "openssl", &format!("x509 -inform DER -in {name}.der -out {name}.pem"));
    }
}

/// Verifies by openssl, which knows nothing of this program.
fn openssl_verifies(folder: &Path, cms: &[u8]) {
    std::fs::write(folder.join("cms.der"), cms).unwrap();
    let at = now().as_second();
    run(
        folder,
        "openssl",
        &format!(
            "cms -verify -cades -binary -inform DER -in cms.der -content paper -out out -CAfile root.pem -purpose any -attime {at}"
        ),
    );
    assert_eq!(std::fs::read(folder.join("out")).unwrap(), PAPER);
}

/// How a key file is installed here.
fn key_file(folder: &Path, file: &str, password: &str) -> StampConfig {
    std::fs::write(folder.join("password"), format!("{password}\n")).unwrap();
    config(json!({
        "organization": OFFICE,
        "pkcs12": { "path": folder.join(file), "password_file": folder.join("password") },
    }))
}

fn fault(result: Result<StampState, InstallError>) -> InstallFault {
    let error = result.unwrap_err();
    assert_eq!(error.organization, OFFICE);
    error.fault
}

#[tokio::test]
async fn a_key_file_makes_stamps() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_keys(folder);
    run(folder, "openssl", &format!("{EXPORT} -out stamp.p12"));
    let mut stamps = Stamp::new();
    let state = stamps.install(&key_file(folder, "stamp.p12", PASSWORD), BIN).unwrap();
    assert_eq!(state, StampState::Ready);
    let cms = stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap();
    assert_eq!(outcome(&cms), Outcome::Valid);
    openssl_verifies(folder, &cms);
    let none = stamps.stamp("another", eds::sha256(PAPER), now()).await;
    assert!(matches!(none, Err(PortError::Unusable(_))));
    let too_late = stamps.stamp(OFFICE, eds::sha256(PAPER), now() + (24 * 365 * 20).hours()).await;
    assert!(
        matches!(too_late, Err(PortError::Unusable(_))),
        "nothing is stamped after the certificate's term"
    );
}

#[tokio::test]
async fn key_files_of_openssl_old_and_new_open() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_keys(folder);
    for form in [
        "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256",
        "-keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha1",
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        "-keypbe NONE -certpbe NONE -macalg sha256",
    ] {
        run(folder, "openssl", &format!("{EXPORT} -out made.p12 {form}"));
        let mut stamps = Stamp::new();
        stamps.install(&key_file(folder, "made.p12", PASSWORD), BIN).unwrap();
        let cms = stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap();
        assert_eq!(outcome(&cms), Outcome::Valid, "{form}");
        openssl_verifies(folder, &cms);
    }
}

#[tokio::test]
async fn a_certificate_under_rc2_is_given_as_a_file_beside() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_keys(folder);
    run(folder, "openssl", &format!("{EXPORT} -out old.p12 -legacy"));
    let mut stamps = Stamp::new();
    let mut config = key_file(folder, "old.p12", PASSWORD);
    assert!(matches!(fault(stamps.install(&config, BIN)), InstallFault::Keys(KeysError::Unread)));
    config.certificate = Some(folder.join("cert.der"));
    config.along = vec![folder.join("authority.pem")];
    stamps.install(&config, BIN).unwrap();
    openssl_verifies(folder, &stamps.stamp(OFFICE, eds::sha256(PAPER), now()).await.unwrap());
}

#[test]
fn a_key_file_that_does_not_fit_is_named_by_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_keys(folder);
    run(folder, "openssl", &format!("{EXPORT} -out stamp.p12"));
    std::fs::write(folder.join("damaged.p12"), b"no key file").unwrap();
    let mut stamps = Stamp::new();
    let mut told = |config: &StampConfig, bin: &str| fault(stamps.install(config, bin));
    let wrong = told(&key_file(folder, "stamp.p12", "wrong"), BIN);
    assert!(matches!(wrong, InstallFault::Keys(KeysError::File(KeyFileFault::Password))), "{wrong}");
    let damaged = told(&key_file(folder, "damaged.p12", PASSWORD), BIN);
    assert!(matches!(damaged, InstallFault::Keys(KeysError::File(KeyFileFault::Malformed))), "{damaged}");
    let absent = told(&key_file(folder, "absent.p12", PASSWORD), BIN);
    assert!(matches!(absent, InstallFault::File(_, _)), "{absent}");
    let another = told(&key_file(folder, "stamp.p12", PASSWORD), "000000000000");
    assert!(matches!(another, InstallFault::OtherOrganization), "{another}");
    let mut config = key_file(folder, "stamp.p12", PASSWORD);
    config.certificate = Some(folder.join("other.der"));
    let foreign = told(&config, BIN);
    assert!(matches!(foreign, InstallFault::Keys(KeysError::Mismatch)), "{foreign}");
    config.pkcs12 = None;
    let nowhere = told(&config, BIN);
    assert!(matches!(nowhere, InstallFault::Place), "{nowhere}");
}
