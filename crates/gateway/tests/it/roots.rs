// SPDX-License-Identifier: MIT OR Apache-2.0
//! Roots are installed with a confirmed hash, and production takes no others.

use crate::world::{CA, now};
use gateway::roots::RootsError;
use gateway::{Install, Mode, Roots};

fn how(sha256: Option<&str>) -> Install<'_> {
    Install { sha256, development: false, at: now() }
}

#[test]
fn a_root_is_installed_with_the_hash_that_the_operator_confirms() {
    let folder = tempfile::tempdir().unwrap();
    let mut roots = Roots::open(folder.path()).unwrap();
    assert!(roots.trust(Mode::Production).unwrap().roots().is_empty());
    let hash = hex::encode(eds::sha256(CA.root_der()));
    let refused = roots.install(CA.root_der(), how(Some(&"0".repeat(64)))).unwrap_err();
    assert!(matches!(refused, RootsError::OtherHash(it) if it == hash));
    let spaced: Vec<String> =
        hash.to_uppercase().as_bytes().chunks(2).map(|it| String::from_utf8_lossy(it).into()).collect();
    let root = roots.install(CA.root_der(), how(Some(&spaced.join(":")))).unwrap();
    assert!(root.confirmed && root.sha256 == hash);
    let again = Roots::open(folder.path()).unwrap();
    assert_eq!(again.list(), roots.list());
    assert_eq!(again.trust(Mode::Development).unwrap().roots().len(), 1);
}

#[test]
fn production_refuses_a_development_authority_that_was_installed_as_a_real_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut roots = Roots::open(folder.path()).unwrap();
    let hash = hex::encode(eds::sha256(CA.root_der()));
    let root = roots.install(CA.root_der(), how(Some(&hash))).unwrap();
    assert!(root.confirmed && root.development, "its name says what it is");
    assert!(matches!(roots.trust(Mode::Production), Err(RootsError::Development(_))));
    // Nor does it help to change the list by hand: the certificate is looked at each time.
    let list = folder.path().join("roots.json");
    let told = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, told.replace("\"development\": true", "\"development\": false")).unwrap();
    let changed = Roots::open(folder.path()).unwrap();
    assert!(!changed.list()[0].development);
    assert!(matches!(changed.trust(Mode::Production), Err(RootsError::Development(_))));
    assert_eq!(changed.trust(Mode::Development).unwrap().roots().len(), 1);
}

#[test]
fn production_refuses_roots_without_a_hash_and_of_development() {
    let folder = tempfile::tempdir().unwrap();
    let mut roots = Roots::open(folder.path()).unwrap();
    roots.install(CA.root_der(), how(None)).unwrap();
    assert!(matches!(roots.trust(Mode::Production), Err(RootsError::Unconfirmed(_))));
    assert_eq!(roots.trust(Mode::Development).unwrap().roots().len(), 1);
    let hash = hex::encode(eds::sha256(CA.root_der()));
    roots.install(CA.root_der(), Install { development: true, ..how(Some(&hash)) }).unwrap();
    assert_eq!(roots.list().len(), 1, "the same one is installed anew");
    assert!(matches!(roots.trust(Mode::Production), Err(RootsError::Development(_))));
}

#[test]
fn a_file_changed_behind_the_list_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let mut roots = Roots::open(folder.path()).unwrap();
    let root = roots.install(CA.root_der(), how(None)).unwrap();
    std::fs::write(folder.path().join(format!("{}.cer", root.sha256)), CA.authority_der()).unwrap();
    assert!(matches!(roots.trust(Mode::Development), Err(RootsError::Changed(_))));
    let leaf = CA.holder("p01").unwrap().certificate().der();
    assert!(matches!(roots.install(leaf, how(None)), Err(RootsError::NotAuthority)));
    assert!(matches!(roots.install(b"no file", how(None)), Err(RootsError::NotCertificate)));
}
