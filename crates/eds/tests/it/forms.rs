// SPDX-License-Identifier: MIT OR Apache-2.0
//! Forms of files that other programs write: read, or told apart from what is wrong.

use eds::xml::sign_enveloped;
use eds::{CheckCode, CheckResult, Context, Evidence, Examination, Kind, Outcome, examine};

use crate::oracle::{Throwaway, openssl};
use crate::schema::follows_schema;
use crate::wrapped::with_signer;

/// RSA-PSS.
const PSS: &str = "1.2.840.113549.1.1.10";

/// Returns what is said about a file under the invented person's demands.
fn examined(own: &Throwaway, bytes: &[u8]) -> Option<Examination> {
    let (evidence, policy) = (Evidence::default(), own.policy());
    let context = Context { evidence: &evidence, at: own.leaf.not_before(), policy: &policy };
    let found = examine(bytes, None, &context);
    if let Some(found) = &found {
        follows_schema(found);
    }
    found
}

/// Returns the detail of the check that failed by this code.
fn detail(found: &Examination, code: CheckCode) -> Option<&str> {
    let mut failed = found.verdict.checks.iter().filter(|it| it.result == CheckResult::Failed);
    failed.find(|it| it.code == code)?.detail.as_deref()
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
fn algorithm_with_parameters_of_its_own_is_named_and_not_called_malformed() {
    let own = Throwaway::new();
    let place = own.folder.path();
    for command in [
        "cms -sign -binary -nodetach -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -keyopt rsa_padding_mode:pss -outform DER -out pss.der",
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4715 -days 20 -sha256 -sigopt rsa_padding_mode:pss -out pss.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let found = examined(&own, &own.file("pss.der")).unwrap();
    assert_eq!(found.verdict.failed_codes(), ["algorithm-unknown"]);
    assert_eq!(detail(&found, CheckCode::AlgorithmUnknown), Some(PSS));
    let found = examined(&own, &own.file("pss.pem")).unwrap();
    assert_eq!((found.kind, found.verdict.outcome.clone()), (Kind::Certificate, Outcome::Invalid));
    assert_eq!(detail(&found, CheckCode::AlgorithmUnknown), Some(PSS));
    assert!(!found.verdict.failed_codes().contains(&"certificate-malformed"));
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
    assert_eq!(Kind::unread_encoding(&bytes), Some("windows-1251"));
    let wide: Vec<u8> = format!("\u{feff}{signed}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(examined(&own, &wide).is_none());
    assert_eq!(Kind::unread_encoding(&wide), Some("UTF-16"));
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
fn json_without_a_key_of_an_archive_is_none() {
    let own = Throwaway::new();
    for other in [r#"{"cms": "MIIB"}"#, "{}", "{ no json"] {
        assert_eq!(examined(&own, other.as_bytes()), None, "{other}");
    }
    for archive in [r#"{"version": 1}"#, r#" {"content": {"form": "attached"}, "signature": "MI"#] {
        let found = examined(&own, archive.as_bytes()).unwrap();
        assert_eq!(found.verdict.failed_codes(), ["container-malformed"], "{archive}");
        assert_eq!(found.kind, Kind::Archive);
    }
}
