// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is demanded, and evidence that comes in bundles.

use super::*;

#[test]
fn what_is_demanded_stands_in_the_answer_and_evidence_beyond_the_limit_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert_eq!(eds(place, &["dev-ca", "ca", "--at", NOON]).status.code(), Some(0));
    let args = ["verify", "ca/gost/root.crl", "--root", "ca/gost/root.cer", "--at", "2026-11-23T05:00:01Z"];
    let shown = eds(place, &[&args[..], &["--no-revocation", "--lang", "en"]].concat());
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("Demanded: any purpose"), "{text}");
    assert!(text.contains("Revocation was NOT ASKED") && text.contains("roots are NOT CONFIRMED"), "{text}");
    // A lone certificate has a holder, who signed nothing, and is judged for the present.
    let holder = ["verify", "ca/rsa/applicant.cer", "--root", "ca/rsa/root.cer", "--lang", "kk"];
    let shown = eds(place, &holder);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("(тіркеу куәлігі, ") && text.contains("\nИесі: "), "{text}");
    assert!(text.contains("(қазіргі уақыт)") && !text.contains("key-usage:"), "{text}");
    assert!(text.contains("\n  Рөлі: жеке тұлға\n  Кілтті пайдалану: цифрлық қолтаңба, "), "{text}");
    assert_eq!(text.matches("Кілтті пайдалану: ").count(), 1, "{text}");
    assert!(text.contains("қол қою (1.3.6.1.5.5.7.3.4), жеке тұлға (1.2.398.3.3.4.1.1)\n"), "{text}");
    // What is open is told first, and whose a certificate is, or by whom it was issued.
    let is_open_first = |text: &str| text.find("\n  ? ").unwrap() < text.find("\n  + ").unwrap();
    assert!(is_open_first(&text) && text.contains(", ҮЛГІБАЕВ СЫНАҚ ҮЛГІҰЛЫ]: "), "{text}");
    let shown = eds(
        place,
        &[&holder[..], &["--evidence", "ca/rsa/nca.cer", "--at", "2026-11-23T05:00:01Z"]].concat(),
    );
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(is_open_first(&text), "{text}");
    assert!(text.contains(", беруші CN=НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) DEV, C=KZ]: "), "{text}");
    let told_apart = told(&eds(place, &[&args[..], &["--iin", "990101300017", "--json"]].concat()));
    assert_eq!((told_apart.0, &told_apart.1["problem"]["code"]), (Some(3), &json!("person-unfit")));
    // More files than are judged that are no evidence, before and between the one that is.
    std::fs::create_dir(place.join("many")).unwrap();
    for index in 0..200 {
        std::fs::write(place.join(format!("many/{index:03}.txt")), "a letter").unwrap();
    }
    std::fs::copy(place.join("ca/gost/root.crl"), place.join("many/z.crl")).unwrap();
    let nca = ["verify", "ca/gost/nca.cer", "--root", "ca/gost/root.cer", "--at", "2026-11-23T05:00:01Z"];
    let shown = eds(place, &[&nca[..], &["--evidence", "many", "--json"]].concat());
    assert_eq!(told(&shown).0, Some(0), "{shown:?}");
    assert!(shown.stderr.is_empty(), "{shown:?}");
}

#[test]
fn a_bundle_is_evidence_and_roots_as_a_whole_and_no_file_to_be_judged() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert_eq!(eds(place, &["dev-ca", "ca", "--at", NOON]).status.code(), Some(0));
    let read = |name: &str| std::fs::read(place.join("ca/rsa").join(name)).unwrap();
    let pem = |name: &str| {
        let bare = base64(&read(name));
        format!("note\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", bare.as_str().unwrap())
    };
    for (name, parts) in [("bundle.pem", ["clerk.cer", "nca.cer"]), ("roots.pem", ["root.cer", "nca.cer"])] {
        std::fs::write(place.join(name), parts.map(pem).concat()).unwrap();
    }
    let p7b = {
        use eds::asn1::{context, write};
        let nobody = write::set_of(Vec::new());
        let content = write::sequence(&[&write::oid(&eds::oids::DATA)]);
        let certificates = write::tlv(context(0), &[read("clerk.cer"), read("nca.cer")].concat());
        let lists = write::tlv(context(1), &read("root.crl"));
        let data = write::sequence(&[&write::small(1), &nobody, &content, &certificates, &lists, &nobody]);
        write::sequence(&[&write::oid(&eds::oids::SIGNED_DATA), &write::tlv(context(0), &data)])
    };
    std::fs::write(place.join("chain.p7b"), p7b).unwrap();
    let args =
        ["verify", "ca/rsa/applicant.cer", "--at", "2026-11-23T05:00:01Z", "--no-revocation", "--json"];
    let judged = |more: &[&str]| eds(place, &[&args[..], more].concat());
    assert_ne!(told(&judged(&["--root", "ca/rsa/root.cer"])).0, Some(0));
    for evidence in ["bundle.pem", "chain.p7b"] {
        let found = told(&judged(&["--root", "ca/rsa/root.cer", "--evidence", evidence]));
        assert_eq!(found.0, Some(0), "{evidence}: {}", found.1);
    }
    let nca = ["verify", "ca/rsa/nca.cer", "--root", "ca/rsa/root.cer", "--at", "2026-11-23T05:00:01Z"];
    let found = told(&eds(place, &[&nca[..], &["--evidence", "chain.p7b", "--json"]].concat()));
    assert_eq!(found.0, Some(0), "lists are handed over too: {}", found.1);
    // Each of several roots is told.
    let shown = judged(&["--root", "roots.pem"]);
    assert_eq!(told(&shown).0, Some(0), "{shown:?}");
    let errors = String::from_utf8_lossy(&shown.stderr).into_owned();
    for name in ["root.cer", "nca.cer"] {
        let hash = eds::Certificate::parse(&read(name)).unwrap().sha256_hex();
        assert!(errors.contains(&hash), "{errors}");
    }
    let (code, answer) = told(&eds(place, &["verify", "--json", "bundle.pem"]));
    assert_eq!((code, &answer["problem"]["code"]), (Some(3), &json!("file-several")));
    let (code, answer) = told(&eds(place, &["verify", "--json", "chain.p7b"]));
    assert_eq!((code, &answer["problem"]["code"]), (Some(3), &json!("file-bundle")));
    assert_ne!(eds(place, &["trust", "add", "roots.pem"]).status.code(), Some(0));
    let listed = eds(place, &["trust", "list", "--lang", "en"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("no root is installed"));
}
