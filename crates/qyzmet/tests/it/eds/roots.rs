// SPDX-License-Identifier: MIT OR Apache-2.0
//! Installed roots: what is told when their files are no longer those that were installed, and in which language.

use super::*;

#[test]
fn a_root_whose_file_was_changed_or_is_missing_is_named_and_nothing_is_judged_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert_eq!(eds(place, &["dev-ca", "ca", "--at", NOON]).status.code(), Some(0));
    let root = std::fs::read(place.join("ca/rsa/root.cer")).unwrap();
    let hash = eds::Certificate::parse(&root).unwrap().sha256_hex();
    let add = ["trust", "add", "ca/rsa/root.cer", "--sha256", hash.as_str()];
    let listed = |lang: &str| {
        let shown = eds(place, &["trust", "list", "--lang", lang]);
        (shown.status.code(), String::from_utf8(shown.stdout).unwrap())
    };
    let refused = |code: &str| {
        let (status, answer) = told(&eds(place, &["verify", "ca/rsa/nca.cer", "--json"]));
        let problem = &answer["problem"];
        assert_eq!((status, &problem["code"]), (Some(3), &json!(code)), "{answer}");
        for lang in ["kk", "ru"] {
            assert!(!problem["sentence"][lang].as_str().unwrap().contains(" the "), "{answer}");
        }
        assert_eq!(answer.to_string().matches("qyzmet eds trust add").count(), 3, "{answer}");
    };
    assert_eq!(eds(place, &add).status.code(), Some(0));
    let (status, text) = listed("ru");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("(подтверждено, ДЛЯ РАЗРАБОТКИ)"), "{text}");
    let file = place.join(format!("data/trust/{hash}.cer"));
    for changed in [Some([&root[..], b"x\n"].concat()), None] {
        match &changed {
            Some(bytes) => std::fs::write(&file, bytes).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        for (lang, word) in [
            ("kk", "(ӨЗГЕРГЕН НЕМЕСЕ ЖОҚ, "),
            ("ru", "(ИЗМЕНЕНО ИЛИ ОТСУТСТВУЕТ, "),
            ("en", "(CHANGED OR MISSING, "),
        ] {
            let (status, text) = listed(lang);
            assert_eq!(status, Some(1), "{text}");
            assert!(text.contains(word) && text.contains(&hash), "{text}");
            assert!(text.contains("\n  ! ") && text.contains("qyzmet eds trust add"), "{text}");
        }
        refused("root-changed");
    }
    // Installed again it serves again.
    assert_eq!(eds(place, &add).status.code(), Some(0));
    assert_eq!(listed("en").0, Some(0));
    std::fs::write(place.join("data/trust/roots.json"), "[").unwrap();
    refused("roots-damaged");
    assert_eq!(listed("en").0, Some(3));
}

#[test]
fn what_is_no_root_is_told_in_the_language_that_was_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert_eq!(eds(place, &["dev-ca", "ca", "--at", NOON]).status.code(), Some(0));
    std::fs::write(place.join("letter.txt"), "no certificate").unwrap();
    for (file, lang, words) in [
        ("letter.txt", "kk", "letter.txt: бұл тіркеу куәлігі емес"),
        ("ca/rsa/applicant.cer", "ru", "это свидетельство не удостоверяющего центра"),
        ("absent.cer", "ru", "absent.cer: такого файла нет"),
        ("ca/rsa/root.cer", "fr", "kk, ru, en"),
    ] {
        let shown = eds(place, &["trust", "add", file, "--lang", lang]);
        assert_eq!(shown.status.code(), Some(3), "{shown:?}");
        assert!(String::from_utf8_lossy(&shown.stderr).contains(words), "{shown:?}");
        assert!(shown.stdout.is_empty(), "{shown:?}");
    }
    assert!(!place.join("data").exists());
    let unconfirmed = eds(place, &["trust", "add", "ca/rsa/root.cer", "--lang", "ru"]);
    assert_eq!(unconfirmed.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&unconfirmed.stdout).contains("НЕ ПОДТВЕРЖДЕНО"), "{unconfirmed:?}");
}
