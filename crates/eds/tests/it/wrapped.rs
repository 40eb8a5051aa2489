// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile signed XML: none is valid, none panics.

#![expect(clippy::string_slice, reason = "documents made here are cut where they are ASCII")]

mod document;
mod parts;
mod signature;
mod told;
mod values;

use crate::oracle::{Throwaway, openssl};
use crate::stamps::minutes_later;
use eds::xml::{Signer, SignerFailed, sign_body, sign_element, sign_enveloped, verify_body, verify_elements};
use eds::{
    Certificate, CheckCode, CheckResult, Context, Evidence, Outcome, RsaSigner, Subject, Verdict, examine,
    verify_xml,
};

/// Documents that the corpus must hold at least.
const HOSTILE_MIN: usize = 200;

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

const TEXT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- note --><d:pay xmlns:d=\"urn:d\" xmlns:e='urn:e' sum=\"100\" to=\"A&amp;B\">\r\n<to>Құрал</to><!-- in --><e:sum>100</e:sum></d:pay>\n";

pub(crate) const PARTS: &str = "<r xmlns='urn:r'><pay Id='p1'><sum>100</sum></pay><other/></r>";

pub(crate) const ENVELOPE: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body Id=\"b1\"><sum>100</sum></s:Body></s:Envelope>";

/// What was done, and the document.
type Row = (String, String);

pub(crate) fn with_signer<T>(own: &RsaSigner, certificate: &[u8], with: impl FnOnce(&Signer<'_>) -> T) -> T {
    let sign = |bytes: &[u8]| own.sign(bytes).map_err(|it| SignerFailed(it.to_string()));
    with(&Signer { certificate_der: certificate, sign: &sign })
}

fn signed(own: &Throwaway, text: &str) -> String {
    with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped(text, it)).unwrap()
}

fn judged(own: &Throwaway, xml: &[u8]) -> eds::Verdict {
    verify_xml(xml, &Evidence::default(), own.leaf.not_before(), &own.policy())
}

fn row(what: &str, document: String) -> Row {
    (what.to_owned(), document)
}

/// Replaces the first occurrence, which must be there.
pub(crate) fn put(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from}");
    text.replacen(from, to, 1)
}

/// Returns the part of the text from `from` to the end of `to`.
pub(crate) fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).expect(from);
    let rest = &text[start..];
    &rest[..rest.find(to).expect(to) + to.len()]
}

#[test]

fn no_hostile_document_is_valid() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    assert!(judged(&own, good.as_bytes()).is_valid());
    let groups: [(&str, Vec<Row>); 9] = [
        ("wrapping", document::wrapping(&good)),
        ("references", signature::references(&good)),
        ("transforms", signature::transforms(&good)),
        ("algorithms", signature::algorithms(&own, &good)),
        ("values", values::values(&own, &good)),
        ("keys", values::keys(&own, &good)),
        ("text", document::texts(&good)),
        ("shape", document::shapes(&good)),
        ("several signers", document::several(&own, &good)),
    ];
    let mut all = 0;
    for (group, rows) in &groups {
        println!("{group}: {}", rows.len());
        for (what, document) in rows {
            let verdict = judged(&own, document.as_bytes());
            assert!(!verdict.is_valid(), "{group}, {what}: {}", document.get(..3000).unwrap_or(document));
            println!("    {what}: {}", verdict.failed_codes().join(" "));
            let _parts = (verify_elements(document.as_bytes()), verify_body(document.as_bytes()));
        }
        all += rows.len();
    }
    let (elements, bodies) = (parts::elements(&own), parts::bodies(&own));
    println!("elements: {}, bodies: {}", elements.len(), bodies.len());
    for (what, document) in &elements {
        assert!(verify_elements(document.as_bytes()).is_err(), "elements, {what}: {document}");
    }
    for (what, document) in &bodies {
        assert!(verify_body(document.as_bytes()).is_err(), "bodies, {what}: {document}");
    }
    all += elements.len() + bodies.len();
    println!("{all} hostile documents");
    assert!(all >= HOSTILE_MIN, "{all}");
}

#[test]

fn what_leaves_the_signed_bytes_alone_leaves_the_verdict_alone() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let bytes = |it: &str| eds::xml::verify_enveloped(it.as_bytes()).unwrap().signed_bytes;
    let certificate = part(&good, "<ds:X509Certificate>", "</ds:X509Certificate>");
    let data = part(&good, "<ds:X509Data>", "</ds:X509Data>");
    let stranger = signed(&Throwaway::new(), TEXT);
    let strange = part(&stranger, "<ds:X509Certificate>", "</ds:X509Certificate>");
    for (what, document) in [
        ("comment", put(&good, "<to>", "<!-- new --><to>")),
        ("comment inside a text", put(&good, ">100<", ">1<!-- -->00<")),
        ("comment behind the root", format!("{good}<!-- end -->")),
        ("text by number", put(&good, ">100<", ">&#49;00<")),
        ("text as character data", put(&good, ">100<", "><![CDATA[100]]><")),
        ("quotes", put(&good, "sum=\"100\"", "sum='100'")),
        ("order of attributes", put(&good, "sum=\"100\" to=\"A&amp;B\"", "to=\"A&amp;B\" sum=\"100\"")),
        ("mark of the encoding", format!("\u{feff}{good}")),
        ("two certificates", put(&good, certificate, &format!("{certificate}{strange}"))),
        ("two certificates, the stranger first", put(&good, certificate, &format!("{strange}{certificate}"))),
        ("the same certificate twice", put(&good, certificate, &certificate.repeat(2))),
        ("two lists of certificates", put(&good, data, &data.repeat(2))),
        ("name of the signature", put(&good, "<ds:Signature ", "<ds:Signature Id='s' ")),
    ] {
        assert!(judged(&own, document.as_bytes()).is_valid(), "{what}");
        assert_eq!(bytes(&document), bytes(&good), "{what}");
    }
}

#[test]

fn no_flipped_byte_of_a_document_goes_unnoticed() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let before = eds::xml::verify_enveloped(good.as_bytes()).unwrap();
    let inside = |at: usize, from: &str, to: &str| {
        let start = good.find(from).unwrap();
        let end = start + part(&good, from, to).len();
        (start..end).contains(&at)
    };
    let region = |at: usize| {
        if inside(at, "<?xml", "?>") {
            "declaration"
        } else if inside(at, "<!-- note", "-->") || inside(at, "<!-- in", "-->") {
            "comment"
        } else if inside(at, "<ds:KeyInfo>", "</ds:KeyInfo>") {
            "key info"
        } else if inside(at, "<d:pay", "</d:pay>") {
            "signed"
        } else {
            "beside the root"
        }
    };
    let mut harmless = std::collections::BTreeMap::new();
    for at in 0..good.len() {
        for flip in [0x01, 0x02, 0x20, 0x80] {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= flip;
            if judged(&own, &bytes).is_valid() {
                let after = eds::xml::verify_enveloped(&bytes).unwrap();
                assert_eq!(
                    (after.signed_bytes, after.certificate_der),
                    (before.signed_bytes.clone(), before.certificate_der.clone())
                );
                *harmless.entry(region(at)).or_insert(0) += 1;
            }
        }
    }
    println!("{} bytes flipped four times, harmless: {harmless:?}", good.len());
    assert!(harmless.keys().all(|it| ["declaration", "comment"].contains(it)), "{harmless:?}");
}

/// Another person of the same authority.
fn another(own: &Throwaway) -> (Certificate, RsaSigner) {
    for command in [
        "req -newkey rsa:2048 -nodes -keyout other.key -out other.csr -subj /CN=INVENTED-OTHER/SN=INVENTED/serialNumber=IIN880202400028/C=KZ -config openssl.cnf",
        "x509 -req -in other.csr -CA root.pem -CAkey root.key -set_serial 0x4712 -days 20 -out other.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(own.folder.path(), command), "{command}");
    }
    let signer = RsaSigner::from_pkcs8(&own.file("other.key")).unwrap();
    (Certificate::parse(&own.file("other.pem")).unwrap(), signer)
}

/// Returns the codes of what failed or passed about one signer.
fn codes(verdict: &Verdict, signer: usize, result: CheckResult) -> Vec<&'static str> {
    let of_signer = verdict.checks.iter().filter(|it| it.subject == Subject::Signer(signer));
    of_signer.filter(|it| it.result == result).map(|it| it.code.as_str()).collect()
}

/// Breaks the last signature: its digest, and its value.
fn broken(document: &str) -> [(String, &'static str); 2] {
    let (before, last) = document.rsplit_once("<ds:Signature ").unwrap();
    let with = |tag: &str| format!("{before}<ds:Signature {}", put(last, tag, &format!("{tag}AAAA")));
    [(with("<ds:DigestValue>"), "digest-mismatch"), (with("<ds:SignatureValue>"), "signature-mismatch")]
}

#[test]
fn a_broken_second_signature_takes_nothing_from_the_first() {
    let own = Throwaway::new();
    let (certificate, signer) = another(&own);
    let first = signed(&own, TEXT);
    let both = with_signer(&signer, certificate.der(), |it| sign_enveloped(&first, it)).unwrap();
    let at = minutes_later(own.leaf.not_before());
    let judged = |xml: &str| verify_xml(xml.as_bytes(), &Evidence::default(), at, &own.policy());
    let whole = judged(&both);
    assert_eq!(codes(&whole, 0, CheckResult::Failed), [""; 0]);
    assert_eq!(codes(&whole, 1, CheckResult::Failed), ["iin-mismatch"]);
    for (document, code) in broken(&both) {
        let verdict = judged(&document);
        assert_eq!(verdict.outcome, Outcome::Invalid);
        let [first, second] = verdict.signers.as_slice() else { panic!("two signers: {verdict:?}") };
        // Nothing about the first one is different from what it was.
        assert_eq!(*first, whole.signers[0]);
        assert_eq!((first.outcome.clone(), &first.certificate[..]), (Outcome::Valid, own.leaf.der()));
        assert_eq!(codes(&verdict, 0, CheckResult::Failed), [""; 0]);
        let (now, before) = (codes(&verdict, 0, CheckResult::Passed), codes(&whole, 0, CheckResult::Passed));
        assert_eq!(now, before);
        assert!(now.contains(&"signature-mismatch") && now.contains(&"iin-mismatch"), "{now:?}");
        // The second one is told with what was demanded of him.
        assert_eq!((second.outcome.clone(), &second.certificate[..]), (Outcome::Invalid, certificate.der()));
        assert_eq!(codes(&verdict, 1, CheckResult::Failed), [code, "iin-mismatch"]);
        let is_digest_good = codes(&verdict, 1, CheckResult::Passed).contains(&"digest-mismatch");
        assert_eq!(is_digest_good, code == "signature-mismatch");
    }
    // The first one broken breaks the second, which covers it.
    let verdict = judged(&put(&both, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"));
    assert_eq!(codes(&verdict, 0, CheckResult::Failed), ["signature-mismatch"]);
    assert_eq!(codes(&verdict, 1, CheckResult::Failed), ["digest-mismatch", "iin-mismatch"]);
}

#[test]
fn a_broken_signature_still_tells_its_signer_and_what_was_demanded() {
    let own = Throwaway::new();
    let at = own.leaf.not_before();
    let good = signed(&own, TEXT);
    let policy = own.policy().for_iin("880202400028");
    let changed = (put(&good, ">100<", ">900<"), "digest-mismatch");
    for (document, code) in broken(&good).into_iter().chain([changed]) {
        for (policy, failed) in [(&own.policy(), vec![code]), (&policy, vec![code, "iin-mismatch"])] {
            let verdict = verify_xml(document.as_bytes(), &Evidence::default(), at, policy);
            assert_eq!(verdict.outcome, Outcome::Invalid);
            assert_eq!(codes(&verdict, 0, CheckResult::Failed), failed);
            let [signer] = verdict.signers.as_slice() else { panic!("a signer: {verdict:?}") };
            assert_eq!(&signer.certificate[..], own.leaf.der());
        }
    }
    // Nobody is told where no certificate can be read.
    let key = part(&good, "<ds:X509Data>", "</ds:X509Data>");
    let verdict = judged(&own, put(&good, key, "").as_bytes());
    assert!(verdict.signers.is_empty() && !verdict.is_valid(), "{verdict:?}");
}

#[test]
fn of_several_signed_elements_each_signature_is_judged_for_itself() {
    let own = Throwaway::new();
    let element = |document: &str, id: &str| {
        with_signer(&own.signer, own.leaf.der(), |it| sign_element(document, id, it)).unwrap()
    };
    let parts = PARTS.replacen("<other/>", "<other Id='p2'/>", 1);
    let both = element(&element(&parts, "p1"), "p2");
    let (evidence, policy) = (Evidence::default(), own.policy());
    let context = Context { evidence: &evidence, at: own.leaf.not_before(), policy: &policy };
    let examined = |document: &str| examine(document.as_bytes(), None, &context).unwrap();
    assert_eq!(examined(&both).verdict.signers.len(), 2);
    for (document, code) in broken(&both) {
        let verdict = examined(&document).verdict;
        assert_eq!(verdict.outcome, Outcome::Invalid);
        assert_eq!(codes(&verdict, 0, CheckResult::Failed), [""; 0]);
        assert_eq!(codes(&verdict, 1, CheckResult::Failed), [code]);
        assert_eq!(verdict.signers.len(), 2);
    }
}

#[test]
fn an_envelope_whose_body_was_changed_still_tells_who_signed_it() {
    let own = Throwaway::new();
    let good = with_signer(&own.signer, own.leaf.der(), |it| sign_body(ENVELOPE, it)).unwrap();
    let (evidence, policy) = (Evidence::default(), own.policy());
    let context = Context { evidence: &evidence, at: own.leaf.not_before(), policy: &policy };
    let changed = (put(&good, ">100<", ">900<"), "digest-mismatch");
    let value = "<ds:SignatureValue>";
    let broken = (put(&good, value, &format!("{value}AAAA")), "signature-mismatch");
    for (document, code) in [changed, broken] {
        let verdict = examine(document.as_bytes(), None, &context).unwrap().verdict;
        assert_eq!(codes(&verdict, 0, CheckResult::Failed), [code]);
        assert_eq!(verdict.failed_codes(), [code]);
        assert_eq!(&verdict.signer().unwrap().certificate[..], own.leaf.der());
    }
}

#[test]
fn a_signature_without_its_certificate_is_judged_by_the_one_given_that_fits() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let info = part(&good, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let renew = "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4717 -days 20 -out twin.pem -extfile openssl.cnf -extensions leaf";
    assert!(openssl(own.folder.path(), renew));
    let (other, _) = another(&own);
    let (leaf, other) = (own.leaf.der().to_vec(), other.der().to_vec());
    let judged = |xml: &str, given: &[&Vec<u8>]| {
        let certificates = given.iter().copied().cloned().collect();
        let evidence = Evidence { certificates, ..Evidence::default() };
        verify_xml(xml.as_bytes(), &evidence, own.leaf.not_before(), &own.policy())
    };
    for key_info in ["", "<ds:KeyInfo><ds:KeyName>INVENTED</ds:KeyName></ds:KeyInfo>"] {
        let bare = put(&good, info, key_info);
        for given in [vec![], vec![&other], vec![&leaf, &own.file("twin.pem")]] {
            assert_eq!(judged(&bare, &given).failed_codes(), ["certificate-absent"]);
        }
        // The same one twice, as text and not.
        let given = [&other, &own.file("leaf.pem"), &leaf];
        let verdict = judged(&bare, &given);
        assert!(verdict.is_valid(), "{verdict:?}");
        assert_eq!(verdict.signer().unwrap().certificate, leaf);
        let changed = put(&bare, ">100<", ">900<");
        assert_eq!(judged(&changed, &given).failed_codes(), ["digest-mismatch"]);
    }
}

#[test]
fn a_strong_algorithm_that_is_not_known_here_is_named_and_what_tells_against_it_decides() {
    const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let named = put(&good, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", PSS);
    let verdict = judged(&own, named.as_bytes());
    let needs = vec![eds::Need::Algorithm { oid: PSS.to_owned() }];
    assert_eq!(verdict.outcome, Outcome::Indeterminate { needs }, "{verdict:?}");
    assert_eq!(codes(&verdict, 0, CheckResult::Unknown), ["algorithm-unknown"]);
    let said = verdict.checks.iter().find(|it| it.code == CheckCode::AlgorithmUnknown).unwrap();
    assert_eq!(said.detail.as_deref(), Some(PSS));
    assert_eq!(verdict.signers.len(), 1);
    let changed = put(&named, ">100<", ">900<");
    assert_eq!(judged(&own, changed.as_bytes()).failed_codes(), ["digest-mismatch"]);
    let weak = put(&good, "2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1");
    let verdict = judged(&own, weak.as_bytes());
    assert_eq!(verdict.failed_codes(), ["algorithm-unknown"]);
}
