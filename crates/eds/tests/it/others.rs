// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files and certificates as other programs and the authority make them, rebuilt with invented data.

use eds::asn1::{Element, context, write};
use eds::xml::{sign_body, sign_element, sign_enveloped};
use eds::{
    Certificate, CheckResult, Context, Evidence, Examination, Findings, Kind, Outcome, Policy, Purpose,
    Revocation, Subject, Unread, examine, judge_certificate,
};

use crate::oracle::{Throwaway, openssl};
use crate::wrapped::{ENVELOPE, PARTS, part, put, with_signer};

const BIN: &str = "990140000019";
const SYSTEM: &str = "/UID=invented/CN=INVENTED-SYSTEM/O=INVENTED/OU=BIN990140000019/C=KZ";
const PERSON: &str = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
const EMPLOYEE: &str =
    "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/O=INVENTED/OU=BIN990140000019/C=KZ";
const ALL_USAGES: &str = "digitalSignature,nonRepudiation,keyAgreement";
const ORGANISATION: &str = "1.2.398.3.3.4.1.2";

/// Returns what is said about a file; revocation is not asked.
fn examined(own: &Throwaway, bytes: &[u8], purpose: Purpose) -> Examination {
    let policy = policy(own, purpose);
    let evidence = Evidence::default();
    let context = Context { evidence: &evidence, at: own.leaf.not_before(), policy: &policy };
    examine(bytes, None, &context).unwrap()
}

fn policy(own: &Throwaway, purpose: Purpose) -> Policy {
    let mut policy = Policy::new(own.policy().trust, purpose);
    policy.revocation = Revocation::NotChecked;
    policy
}

/// Returns a certificate of the throw-away authority for this subject, with these usages.
fn issued(own: &Throwaway, subject: &str, usage: &str, extended: &str) -> Certificate {
    let place = own.folder.path();
    let extensions = format!(
        "basicConstraints=CA:FALSE\nkeyUsage=critical,{usage}\nextendedKeyUsage={extended}\ncertificatePolicies=1.2.398.3.3.2\n"
    );
    std::fs::write(place.join("other.ext"), extensions).unwrap();
    for command in [
        format!(
            "req -newkey rsa:2048 -nodes -keyout other.key -out other.csr -subj {subject} -config openssl.cnf"
        ),
        "x509 -req -in other.csr -CA root.pem -CAkey root.key -set_serial 0x4712 -days 20 -out other.pem -extfile other.ext".to_owned(),
    ] {
        assert!(openssl(place, &command), "{command}");
    }
    Certificate::parse(&own.file("other.pem")).unwrap()
}

/// Returns the codes of what speaks against a certificate for this purpose.
fn failed(own: &Throwaway, certificate: &Certificate, purpose: Purpose) -> Vec<&'static str> {
    let policy = policy(own, purpose);
    let evidence = Evidence::default();
    let context = Context { evidence: &evidence, at: certificate.not_before(), policy: &policy };
    let mut findings = Findings::default();
    judge_certificate(certificate, &[], &context, &Subject::Signer(0), &mut findings);
    findings.into_verdict(context.at, Vec::new()).failed_codes()
}

fn stamp(bin: &str) -> Purpose {
    Purpose::OrganisationStamp { bin: bin.to_owned() }
}

fn transport(bin: Option<&str>) -> Purpose {
    Purpose::GatewayTransport { bin: bin.map(str::to_owned) }
}

#[test]
fn what_holds_a_pdf_is_no_pdf() {
    let own = Throwaway::new();
    let pdf = b"%PDF-1.7\nnothing more";
    let chain = [own.leaf.clone()];
    let cms = eds::sign_cms_attached(pdf, &own.signer, &chain, own.leaf.not_before()).unwrap();
    let xml = with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped("<a>%PDF-1.7</a>", it)).unwrap();
    for (bytes, kind) in [(cms.as_slice(), Kind::Cms), (xml.as_bytes(), Kind::Xml)] {
        let found = examined(&own, bytes, Purpose::ApplicantSignature);
        assert_eq!((found.kind, found.verdict.outcome), (kind, Outcome::Valid));
    }
    for head in [&b""[..], b"\xef\xbb\xbf\r\n", b"MZ and other bytes\n", b"\x30\x03\x02"] {
        assert_eq!(Kind::of(&[head, pdf].concat()), Some(Kind::Pdf), "{head:?}");
    }
}

#[test]
fn what_is_judged_as_one_document_is_not_shown_as_another() {
    let own = Throwaway::new();
    let (chain, time) = ([own.leaf.clone()], own.leaf.not_before());
    let cms = eds::sign_cms_attached(b"signed", &own.signer, &chain, time).unwrap();
    let judged = |bytes: &[u8]| {
        let found = examined(&own, bytes, Purpose::ApplicantSignature);
        (found.kind, found.verdict.outcome)
    };
    // Among the certificates stands what is none: no signature covers it.
    let stuffed = crate::inside::rebuilt(&cms, &mut |parts| {
        let place = parts.iter().position(|it| it[0] == context(0)).unwrap();
        let other = write::octets(b"%PDF-1.7\nanother document");
        let certificates = [other.as_slice(), Element::parse(&parts[place]).unwrap().value].concat();
        parts[place] = write::tlv(context(0), &certificates);
    });
    let text = String::from_utf8(crate::examine::base64(&cms)).unwrap();
    let pem = format!("-----BEGIN CMS-----\n{text}\n-----END CMS-----\n");
    let sign = |xml: &str| with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped(xml, it)).unwrap();
    let xml = sign("<a>signed</a>");
    for other in [
        stuffed,
        format!("%PDF-1.7\nanother document\n{pem}").into_bytes(),
        format!("another document\n%PDF-1.7\n{pem}").into_bytes(),
        format!("<!--\n%PDF-1.7\nanother document\n-->{xml}").into_bytes(),
        xml.replace("<ds:SignedInfo", "<!--%PDF-1.7--><ds:SignedInfo").into_bytes(),
        sign("<a>signed<!--%PDF-1.7--></a>").into_bytes(),
        br#"{"verdict":"%PDF-1.7"}"#.to_vec(),
    ] {
        assert_eq!(judged(&other), (Kind::Pdf, Outcome::Invalid), "{}", String::from_utf8_lossy(&other));
    }
    assert_eq!(judged(pem.as_bytes()), (Kind::Cms, Outcome::Valid));
    // Nobody signed the note: the file is not taken as it is.
    let noted = format!("note\n{pem}").into_bytes();
    assert_eq!((Kind::of(&noted), Unread::of(&noted)), (None, Some(Unread::Noted)));
    assert_eq!(judged(sign(r#"<a b="%PDF-1.7">signed</a>"#).as_bytes()), (Kind::Xml, Outcome::Valid));
    // In pieces, as other programs write it.
    std::fs::write(own.folder.path().join("a.pdf"), b"%PDF-1.7\nsigned").unwrap();
    let command = "cms -sign -binary -nodetach -stream -indef -md sha256 -in a.pdf -signer leaf.pem -inkey leaf.key -outform DER -out pieces";
    assert!(openssl(own.folder.path(), command));
    assert_eq!(judged(&own.file("pieces")), (Kind::Cms, Outcome::Valid));
}

#[test]
fn keys_of_systems_bear_nothing_but_their_role() {
    let own = Throwaway::new();
    for extended in [ORGANISATION, "1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.6"] {
        let system = issued(&own, SYSTEM, ALL_USAGES, extended);
        let rows: [(Purpose, &[&str]); 7] = [
            (Purpose::AnySignature, &[]),
            (stamp(BIN), &[]),
            (transport(None), &[]),
            (transport(Some(BIN)), &[]),
            (stamp("990140000020"), &["bin-mismatch"]),
            (Purpose::ApplicantSignature, &["extended-key-usage", "iin-absent"]),
            (Purpose::OperatorSignature { bin: None }, &["extended-key-usage", "iin-absent"]),
        ];
        for (purpose, expected) in rows {
            assert_eq!(failed(&own, &system, purpose.clone()), expected, "{purpose:?} by {extended}");
        }
    }
    // A key that binds nobody may carry messages, no more.
    let weak = issued(&own, SYSTEM, "digitalSignature", ORGANISATION);
    assert_eq!(failed(&own, &weak, stamp(BIN)), ["key-usage"]);
    assert_eq!(failed(&own, &weak, Purpose::AnySignature), ["key-usage"]);
    assert!(failed(&own, &weak, transport(None)).is_empty());
}

#[test]
fn people_of_an_organisation_sign_messages_where_that_organisation_is_demanded() {
    let own = Throwaway::new();
    let signing = format!("emailProtection,{ORGANISATION},1.2.398.3.3.4.1.2.2");
    let person = issued(&own, EMPLOYEE, ALL_USAGES, &signing);
    let rows: [(Purpose, &[&str]); 4] = [
        (transport(Some(BIN)), &[]),
        (transport(Some("990140000020")), &["bin-mismatch"]),
        (transport(None), &["extended-key-usage"]),
        (stamp(BIN), &["extended-key-usage"]),
    ];
    for (purpose, expected) in rows {
        assert_eq!(failed(&own, &person, purpose.clone()), expected, "{purpose:?}");
    }
    let for_login = issued(&own, EMPLOYEE, "digitalSignature", &format!("clientAuth,{ORGANISATION}"));
    assert_eq!(failed(&own, &for_login, transport(Some(BIN))), ["extended-key-usage"]);
    let citizen = failed(&own, &own.leaf, transport(Some(BIN)));
    assert_eq!(citizen, ["extended-key-usage", "bin-mismatch"]);
}

#[test]
fn what_a_lone_certificate_is_for_is_told_and_judged_only_where_it_is_demanded() {
    let own = Throwaway::new();
    for (usage, extended, told) in [
        ("digitalSignature", "critical,timeStamping", "1.3.6.1.5.5.7.3.8"),
        ("digitalSignature", "OCSPSigning", "1.3.6.1.5.5.7.3.9"),
        (
            "digitalSignature,keyEncipherment",
            "clientAuth,1.2.398.3.3.4.1.1",
            "1.3.6.1.5.5.7.3.2 1.2.398.3.3.4.1.1",
        ),
    ] {
        let certificate = issued(&own, EMPLOYEE, usage, extended);
        let mut policy = policy(&own, Purpose::AnySignature);
        let evidence = Evidence::default();
        let judge = |policy: &Policy| {
            let context = Context { evidence: &evidence, at: certificate.not_before(), policy };
            examine(certificate.der(), None, &context).unwrap()
        };
        let found = judge(&policy);
        assert!(found.verdict.is_valid(), "{extended}: {:?}", found.verdict.failed_codes());
        assert_eq!(found.facts["extended-key-usage"], told);
        assert!(found.facts["key-usage"].starts_with("digital-signature"));
        policy.purpose = Purpose::ApplicantSignature;
        assert_eq!(
            judge(&policy).verdict.failed_codes(),
            ["signers-absent", "key-usage", "extended-key-usage"]
        );
    }
}

#[test]
fn a_lone_certificate_serves_no_purpose_for_which_its_key_cannot_sign() {
    let own = Throwaway::new();
    for (name, key, failed, unknown) in [
        ("short", "RSA -pkeyopt rsa_keygen_bits:1024", Some("key-size"), None),
        ("curve", "EC -pkeyopt ec_paramgen_curve:P-256", None, Some("1.2.840.10045.2.1")),
        ("pss", "RSA-PSS -pkeyopt rsa_keygen_bits:2048", None, Some("1.2.840.113549.1.1.10")),
        ("long", "RSA -pkeyopt rsa_keygen_bits:2048", None, None),
    ] {
        for command in [
            format!("genpkey -algorithm {key} -out {name}.key"),
            format!("req -new -key {name}.key -out {name}.csr -subj {PERSON} -config openssl.cnf"),
            format!(
                "x509 -req -in {name}.csr -CA root.pem -CAkey root.key -set_serial 0x4719 -days 20 -out {name}.pem -extfile openssl.cnf -extensions leaf"
            ),
        ] {
            assert!(openssl(own.folder.path(), &command), "{command}");
        }
        let certificate = Certificate::parse(&own.file(&format!("{name}.pem"))).unwrap();
        let judge = |purpose: Purpose| {
            let (evidence, policy) = (Evidence::default(), policy(&own, purpose));
            let context = Context { evidence: &evidence, at: certificate.not_before(), policy: &policy };
            examine(certificate.der(), None, &context).unwrap().verdict
        };
        assert!(judge(Purpose::AnySignature).is_valid(), "{name}");
        // Nobody signed, whatever the key could do.
        let verdict = judge(Purpose::ApplicantSignature);
        let expected: Vec<&str> = ["signers-absent"].into_iter().chain(failed).collect();
        assert_eq!(verdict.failed_codes(), expected, "{name}");
        let undecided: Vec<_> =
            verdict.checks.iter().filter(|it| it.result == CheckResult::Unknown).collect();
        let details: Vec<_> = undecided.iter().filter_map(|it| it.detail.as_deref()).collect();
        assert_eq!(details, Vec::from_iter(unknown), "{name}");
    }
}

#[test]
fn body_of_an_envelope_is_judged_and_told_to_be_all_that_is() {
    let own = Throwaway::new();
    let sign = |text: &str| with_signer(&own.signer, own.leaf.der(), |it| sign_body(text, it)).unwrap();
    let good = sign(ENVELOPE);
    let found = examined(&own, good.as_bytes(), Purpose::ApplicantSignature);
    assert!(found.verdict.is_valid(), "{:?}", found.verdict);
    assert_eq!(found.facts["covered"], "body");
    let (start, end) = found.facts["covered-bytes"].split_once('-').unwrap();
    let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
    assert_eq!(good.get(start..end).unwrap(), part(&good, "<s:Body", "</s:Body>"));
    assert_eq!(found.facts.get("signatures-not-judged"), None);
    // The payload bears its own signature: it is covered, and said not to be judged.
    let payload =
        with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped("<sum>100</sum>", it)).unwrap();
    let both = sign(&put(ENVELOPE, "<sum>100</sum>", &payload));
    let found = examined(&own, both.as_bytes(), Purpose::ApplicantSignature);
    assert!(found.verdict.is_valid(), "{:?}", found.verdict);
    assert_eq!((&*found.facts["covered"], &*found.facts["signatures-not-judged"]), ("body", "1"));
    let signature = part(&good, "<ds:Signature ", "</ds:Signature>");
    for (document, expected) in [
        (put(&good, ">100<", ">900<"), "digest-mismatch"),
        (put(&good, signature, ""), "signers-absent"),
        (put(&good, signature, &signature.repeat(2)), "content-not-covered"),
        (put(ENVELOPE, "<sum>100</sum>", &payload), "content-not-covered"),
    ] {
        let found = examined(&own, document.as_bytes(), Purpose::ApplicantSignature);
        assert_eq!(found.verdict.failed_codes(), [expected], "{document}");
    }
}

#[test]
fn document_of_which_a_part_is_signed_is_invalid_and_says_by_whom_and_which() {
    let own = Throwaway::new();
    let good = with_signer(&own.signer, own.leaf.der(), |it| sign_element(PARTS, "p1", it)).unwrap();
    let found = examined(&own, good.as_bytes(), Purpose::ApplicantSignature);
    assert_eq!(found.verdict.failed_codes(), ["content-not-covered"]);
    assert_eq!(found.verdict.signer().unwrap().outcome, Outcome::Valid);
    assert_eq!(found.facts["covered"], "#p1");
    let changed = put(&good, ">100<", ">900<");
    let found = examined(&own, changed.as_bytes(), Purpose::ApplicantSignature);
    assert_eq!(found.verdict.failed_codes(), ["content-not-covered", "digest-mismatch"]);
    // A signature of the whole that stands deeper is one, though not at its place.
    let whole = with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped("<r><a/></r>", it)).unwrap();
    let deeper = put(&put(&whole, "<ds:Signature ", "<b><ds:Signature "), "</r>", "</b></r>");
    let found = examined(&own, deeper.as_bytes(), Purpose::ApplicantSignature);
    assert_eq!(found.verdict.failed_codes(), ["content-not-covered"]);
    assert!(found.verdict.signers.is_empty());
}

#[test]
fn algorithm_that_is_not_known_is_said_to_be_so_and_nothing_else() {
    let own = Throwaway::new();
    for command in [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -days 20 -subj /CN=Curve -config openssl.cnf",
        "cms -sign -binary -nodetach -in content.txt -signer ec.pem -inkey ec.key -md sha256 -outform DER -out ec.der",
    ] {
        assert!(openssl(own.folder.path(), command), "{command}");
    }
    for name in ["ec.pem", "ec.der"] {
        let found = examined(&own, &own.file(name), Purpose::AnySignature);
        let failed = found.verdict.failed_codes();
        assert!(found.verdict.unknown_codes().contains(&"algorithm-unknown"), "{name}: {:?}", found.verdict);
        for wrong in [
            "algorithm-unknown",
            "algorithm-mismatch",
            "certificate-signature-mismatch",
            "signature-mismatch",
        ] {
            assert!(!failed.contains(&wrong), "{name}: {failed:?}");
        }
    }
}
