// SPDX-License-Identifier: MIT OR Apache-2.0
//! Forms of files that other programs write: read, or told apart from what is wrong.

use eds::xml::sign_enveloped;
use eds::{
    CheckCode, CheckResult, Context, Evidence, Examination, Kind, Need, Outcome, Policy, Purpose, Unread,
    embed_stamp, examine, signature_values, tsp,
};

use crate::examine::base64;
use crate::oracle::{Throwaway, openssl};
use crate::paper::Paper;
use crate::schema::follows_schema;
use crate::stamps::Stamping;
use crate::wrapped::with_signer;

/// RSA-PSS.
const PSS: &str = "1.2.840.113549.1.1.10";

/// Returns what is said about a file under the invented person's demands.
fn examined(own: &Throwaway, bytes: &[u8]) -> Option<Examination> {
    let (evidence, policy) = (Evidence::default(), own.policy());
    let at = crate::stamps::minutes_later(own.leaf.not_before());
    let context = Context { evidence: &evidence, at, policy: &policy };
    let found = examine(bytes, None, &context);
    if let Some(found) = &found {
        follows_schema(found);
    }
    found
}

/// Returns the detail of the check of this code that could not be decided.
fn detail(found: &Examination, code: CheckCode) -> Option<&str> {
    let mut unknown = found.verdict.checks.iter().filter(|it| it.result == CheckResult::Unknown);
    unknown.find(|it| it.code == code)?.detail.as_deref()
}

#[test]
fn label_of_pem_is_what_programs_write_there_as_openssl_reads_it() {
    let own = Throwaway::new();
    let place = own.folder.path();
    let sign = "cms -sign -binary -nodetach -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform PEM -out cms.pem";
    assert!(openssl(place, sign));
    let text = String::from_utf8(own.file("cms.pem")).unwrap();
    for label in ["PKCS #7 SIGNED DATA", "PKCS7"] {
        let named = text.replace(" CMS-----", &format!(" {label}-----"));
        std::fs::write(place.join("named.pem"), &named).unwrap();
        assert!(openssl(
            place,
            "smime -verify -inform PEM -in named.pem -CAfile root.pem -purpose any -out out"
        ));
        let found = examined(&own, named.as_bytes()).unwrap();
        assert_eq!((found.kind, found.verdict.outcome), (Kind::Cms, Outcome::Valid), "{label}");
    }
    // In a label no PDF begins.
    let hidden = text.replace(" CMS-----", " 1 0 obj<<>>endobj %PDF-----");
    let found = examined(&own, hidden.as_bytes()).unwrap();
    assert_eq!((found.kind, found.verdict.outcome), (Kind::Pdf, Outcome::Invalid));
}

#[test]
fn strong_algorithm_that_is_not_known_is_named_and_leaves_it_undecided() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for command in [
        "cms -sign -binary -nodetach -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -keyopt rsa_padding_mode:pss -outform DER -out pss.der",
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4715 -days 20 -sha256 -sigopt rsa_padding_mode:pss -out pss.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let pss = own.file("pss.der");
    let found = examined(&own, &pss).unwrap();
    let needs = vec![Need::Algorithm { oid: PSS.to_owned() }];
    assert_eq!(found.verdict.outcome, Outcome::Indeterminate { needs: needs.clone() }, "{:?}", found.verdict);
    assert_eq!(found.verdict.unknown_codes(), ["algorithm-unknown"]);
    let told = found.report().checks.into_iter().find(|it| it.code == CheckCode::AlgorithmUnknown).unwrap();
    assert_eq!(told.sentence.en, "The algorithm is known, but this version does not verify it yet.");
    assert_eq!(detail(&found, CheckCode::AlgorithmUnknown), Some(PSS));
    let of_anyone = Policy { purpose: Purpose::AnySignature, expected_iin: None, ..own.policy() };
    let certificate = own.file("pss.pem");
    // The second certificate may be made in the next second.
    let at = eds::Certificate::parse(&certificate).unwrap().not_before();
    let context = Context { evidence: &Evidence::default(), at, policy: &of_anyone };
    let found = examine(&certificate, None, &context).unwrap();
    assert_eq!((found.kind, found.verdict.failed_codes()), (Kind::Certificate, Vec::new()));
    assert_eq!(found.verdict.unknown_codes(), ["algorithm-unknown", "chain-untrusted"]);
    assert_eq!(detail(&found, CheckCode::AlgorithmUnknown), Some(PSS));
    assert_eq!(found.verdict.needs(), needs);
    // What tells against it all the same decides.
    let signed = own.file("content.txt");
    let place = pss.windows(signed.len()).position(|it| it == signed).unwrap();
    let mut changed = pss;
    changed[place] ^= 1;
    assert_eq!(examined(&own, &changed).unwrap().verdict.failed_codes(), ["digest-mismatch"]);
}

#[test]
fn longer_digests_with_rsa_are_accepted_as_openssl_makes_them_in_cms_and_certificates() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for digest in ["sha384", "sha512"] {
        let issue = format!(
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4716 -days 20 -{digest} -out by.pem -extfile openssl.cnf -extensions leaf"
        );
        let sign = format!(
            "cms -sign -cades -binary -nodetach -md {digest} -in content.txt -signer by.pem -inkey leaf.key -outform DER -out by.der"
        );
        assert!(openssl(place, &issue) && openssl(place, &sign));
        let cms = own.file("by.der");
        let at = crate::stamps::minutes_later(own.leaf.not_before());
        let judged = |cms: &[u8]| {
            eds::verify_cms(&eds::Content::Attached, cms, &Evidence::default(), at, &own.policy())
        };
        assert!(judged(&cms).is_valid(), "{digest}: {:?}", judged(&cms));
        let mut changed = cms;
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(judged(&changed).failed_codes(), ["signature-mismatch"], "{digest}");
    }
}

#[test]
fn xml_in_another_encoding_is_not_judged_and_judged_once_it_is_saved_as_told() {
    let own = Throwaway::new();
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>Тест</a>";
    let signed = with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped(text, it)).unwrap();
    assert_eq!(examined(&own, signed.as_bytes()).unwrap().verdict.outcome, Outcome::Valid);
    // As xmlsec1 accepts it too: the canonical form is UTF-8 whatever the document is.
    let letter = |it: char| match it {
        'А'..='я' => vec![u8::try_from(u32::from(it) - 0x410 + 0xc0).unwrap()],
        _ => it.to_string().into_bytes(),
    };
    let other = signed.replace("UTF-8", "windows-1251");
    let bytes: Vec<u8> = other.chars().flat_map(letter).collect();
    assert!(examined(&own, &bytes).is_none());
    assert_eq!(Unread::of(&bytes), Some(Unread::Encoding("windows-1251".to_owned())));
    let wide: Vec<u8> = format!("\u{feff}{signed}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(examined(&own, &wide).is_none());
    assert_eq!(Unread::of(&wide), Some(Unread::Encoding("UTF-16".to_owned())));
    let again = signed.replace("encoding=\"UTF-8\"", "encoding='utf-8'");
    assert_eq!(examined(&own, again.as_bytes()).unwrap().verdict.outcome, Outcome::Valid);
    // What contradicts itself is wrong in any program.
    let found = examined(&own, signed.replace("UTF-8", "UTF-16").as_bytes()).unwrap();
    assert_eq!((found.kind, found.verdict.outcome), (Kind::Xml, Outcome::Invalid));
    // What a reader of PDF would open is judged as a PDF all the same.
    let hidden = other.replace("<a>", "<!--%PDF-1.7--><a>");
    assert_eq!(Kind::of(hidden.as_bytes()), Some(Kind::Pdf));
}

#[test]
fn json_without_two_keys_of_an_archive_is_none() {
    let own = Throwaway::new();
    for other in [r#"{"cms": "MIIB"}"#, "{}", "{ no json"] {
        assert_eq!(examined(&own, other.as_bytes()), None, "{other}");
    }
    let of_programs = r#"{ "version": "2.0", "cms": "MIIB"}"#.as_bytes();
    assert_eq!((Kind::of(of_programs), Unread::of(of_programs)), (None, Some(Unread::Json)));
    for archive in
        [r#"{"evidence": 1, "policy": {}}"#, r#" {"content": {"form": "attached"}, "signature": "MI"#]
    {
        let found = examined(&own, archive.as_bytes()).unwrap();
        assert_eq!(found.verdict.failed_codes(), ["container-malformed"], "{archive}");
        assert_eq!(found.kind, Kind::Archive);
    }
}

/// Returns a text in base64 as other programs write it.
fn spellings(bytes: &[u8]) -> Vec<Vec<u8>> {
    let bare = String::from_utf8(base64(bytes)).unwrap();
    let (head, tail) = bare.split_at(64);
    let marked = format!("\u{feff}{bare}");
    vec![
        bare.replace('+', "-").replace('/', "_").into_bytes(),
        format!("\"{bare}\"\n").into_bytes(),
        format!("{head}\\r\\n{tail}\\r\\n").into_bytes(),
        format!("{head}&#13;\n{tail}").into_bytes(),
        format!("data:application/octet-stream;base64,{bare}").into_bytes(),
        marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

#[test]
fn every_spelling_of_a_file_is_judged_as_the_file() {
    let own = Throwaway::new();
    let (chain, time) = ([own.leaf.clone()], own.leaf.not_before());
    let cms = eds::sign_cms_attached(b"signed", &own.signer, &chain, time).unwrap();
    let xml = with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped("<a>signed</a>", it)).unwrap();
    let mut paper = Paper::new(&[]);
    paper.sign(&own, &[], "");
    for bytes in [cms, xml.into_bytes(), paper.bytes] {
        let found = examined(&own, &bytes).unwrap();
        assert_eq!(found.verdict.outcome, Outcome::Valid, "{found:?}");
        for text in spellings(&bytes) {
            let said = examined(&own, &text);
            assert_eq!(said.as_ref(), Some(&found), "{}", String::from_utf8_lossy(&text));
        }
    }
    for letter in ["PDF file", "Privet", "PA==", "P", "data:,MIIB", "\"\""] {
        assert_eq!(examined(&own, letter.as_bytes()), None, "{letter}");
    }
}

#[test]
fn file_that_is_none_of_the_kinds_is_called_what_it_is() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for command in [
        "pkcs12 -export -inkey leaf.key -in leaf.pem -passout pass:x -out own.p12",
        "pkcs8 -topk8 -in leaf.key -outform DER -nocrypt -out plain.der",
        "pkcs8 -topk8 -in leaf.key -outform DER -passout pass:x -out shut.der",
        "rsa -in leaf.key -traditional -outform DER -out old.der",
        "req -in leaf.csr -outform DER -out csr.der",
        "cms -sign -binary -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform SMIME -out mail.eml",
        "cms -sign -binary -nodetach -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform PEM -out cms.pem",
        "x509 -in leaf.pem -text -out noted.pem",
        "crl2pkcs7 -nocrl -certfile leaf.pem -outform DER -out chain.p7b",
        "crl2pkcs7 -nocrl -certfile leaf.pem -outform PEM -out chain.pem",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let of = |bytes: &[u8]| (Kind::of(bytes), Unread::of(bytes));
    for name in ["own.p12", "plain.der", "shut.der", "old.der", "leaf.key"] {
        assert_eq!(of(&own.file(name)), (None, Some(Unread::Key)), "{name}");
    }
    for (name, why) in
        [("csr.der", Unread::Request), ("leaf.csr", Unread::Request), ("mail.eml", Unread::Mail)]
    {
        assert_eq!(of(&own.file(name)), (None, Some(why)), "{name}");
    }
    for name in ["chain.p7b", "chain.pem"] {
        let bundle = own.file(name);
        assert_eq!(of(&bundle), (None, Some(Unread::Bundle)), "{name}");
        assert_eq!(eds::handed_over(&bundle).unwrap().certificates, [own.leaf.der()], "{name}");
    }
    assert!(eds::handed_over(&own.file("cms.pem")).is_none());
    let (leaf, cms) = (own.file("leaf.pem"), own.file("cms.pem"));
    for other in [&own.root, &cms, &leaf, &leaf[..leaf.len() / 2].to_vec()] {
        let both = [leaf.as_slice(), other].concat();
        assert_eq!(of(&both), (None, Some(Unread::Several)), "{}", String::from_utf8_lossy(&both));
    }
    assert_eq!(of(&[b"note\n", cms.as_slice()].concat()), (None, Some(Unread::Noted)));
    assert_eq!(Kind::of(&own.file("noted.pem")), Some(Kind::Certificate));
    assert_eq!(of(b"PK\x03\x04 META-INF/signatures001.xml"), (None, Some(Unread::SignedZip)));
    assert_eq!(of(b"PK\x03\x04 META-INF/manifest.xml"), (None, Some(Unread::Zip)));
    assert_eq!(of(b"0 letters"), (None, None));
}

#[test]
fn file_before_other_bytes_and_an_encrypted_one_are_called_so() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for command in [
        "cms -sign -binary -nodetach -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out cms.der",
        "cms -sign -binary -nodetach -stream -indef -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out endless.der",
        "cms -encrypt -binary -aes256 -in content.txt -outform DER -out sealed.der leaf.pem",
        "cms -encrypt -binary -aes256 -stream -indef -in content.txt -outform DER -out sealed-endless.der leaf.pem",
        "cms -encrypt -binary -aes256 -in content.txt -outform PEM -out sealed.pem leaf.pem",
        "cms -encrypt -binary -aes256 -in content.txt -outform SMIME -out sealed.eml leaf.pem",
        "cms -EncryptedData_encrypt -binary -aes256 -secretkey 000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f -in content.txt -outform DER -out shut.der",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let of = |bytes: &[u8]| (Kind::of(bytes), Unread::of(bytes));
    let list = crate::inside::list(&own, &own, Vec::new());
    let answer = crate::inside::answer(&own);
    for whole in [own.file("cms.der"), own.file("endless.der"), own.leaf.der().to_vec(), list, answer] {
        for end in [&b"x"[..], b"junk\n", b"\0x", whole.as_slice()] {
            let both = [whole.as_slice(), end].concat();
            for bytes in [&both, &base64(&both)] {
                let found = of(bytes);
                assert_eq!(found, (None, Some(Unread::Followed)), "{}", String::from_utf8_lossy(bytes));
            }
        }
    }
    for name in ["sealed.der", "sealed-endless.der", "sealed.pem", "sealed.eml", "shut.der"] {
        assert_eq!(of(&own.file(name)), (None, Some(Unread::Encrypted)), "{name}");
    }
}

#[test]
fn file_that_was_cut_is_called_so_and_not_wrong() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for command in [
        "cms -sign -binary -nodetach -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out cms.der",
        "cms -sign -binary -nodetach -stream -indef -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out endless.der",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let list = crate::inside::list(&own, &own, Vec::new());
    for whole in [own.file("cms.der"), own.leaf.der().to_vec(), list, crate::inside::answer(&own)] {
        assert!(Kind::of(&whole).is_some());
        let text = base64(&whole);
        let pem = [b"-----BEGIN X-----\n", text.as_slice()].concat();
        for missing in 1..30 {
            for bytes in [&whole, &text, &pem] {
                let cut = &bytes[..bytes.len() - missing * 7];
                let found = (Kind::of(cut), Unread::of(cut));
                assert_eq!(found, (None, Some(Unread::Cut)), "{}", String::from_utf8_lossy(cut));
            }
        }
    }
    let endless = own.file("endless.der");
    for missing in [2, 100] {
        let cut = &endless[..endless.len() - missing];
        assert_eq!((Kind::of(cut), Unread::of(cut)), (None, Some(Unread::Cut)), "{missing}");
    }
}

#[test]
fn stamps_that_name_their_certificate_by_a_longer_digest_are_as_good_and_by_a_weak_one_invalid() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    let config = std::fs::read_to_string(place.join("ts.cnf")).unwrap();
    for digest in ["sha384", "sha512", "sha3-256", "sha224"] {
        let other = config.replace("ess_cert_id_alg=sha256", &format!("ess_cert_id_alg={digest}"));
        std::fs::write(place.join("ts.cnf"), other).unwrap();
        let token = it.stamp(b"stamped bytes", "right");
        let now = tsp::info(&token).unwrap().time;
        let stamp = tsp::verify_stamp(b"stamped bytes", &token, &Evidence::default(), now, &it.own.policy());
        match digest {
            "sha224" => assert_eq!(stamp.failed_codes(), ["algorithm-unknown"], "{stamp:?}"),
            "sha3-256" => {
                let needs = vec![Need::Algorithm { oid: "2.16.840.1.101.3.4.2.8".to_owned() }];
                assert_eq!(stamp.unknown_codes(), ["signing-certificate-mismatch"], "{stamp:?}");
                assert_eq!(stamp.outcome, Outcome::Indeterminate { needs });
            }
            _ => assert!(stamp.is_valid(), "{digest}: {stamp:?}"),
        }
    }
}

#[test]
fn checks_of_stamps_are_told_in_three_languages_too() {
    let it = Stamping::new();
    let value = signature_values(&it.cms).unwrap().remove(0);
    let token = it.stamp(&value, "right");
    let stamped = embed_stamp(&it.cms, 0, &token).unwrap();
    let (evidence, policy) = (Evidence::default(), it.own.policy());
    let context = Context { evidence: &evidence, at: tsp::info(&token).unwrap().time, policy: &policy };
    let found = examine(&stamped, Some(&it.content), &context).unwrap();
    assert_eq!(found.verdict.outcome, Outcome::Valid, "{found:?}");
    follows_schema(&found);
    let report = serde_json::to_value(found.report()).unwrap();
    let check = &report["signers"][0]["stamps"][0]["checks"][0];
    assert_eq!(check["code"], "container-malformed");
    assert_eq!(check["name"]["en"], "Form of the file");
    assert_eq!(check["sentence"]["ru"], "Файл составлен правильно.");
}
