// SPDX-License-Identifier: MIT OR Apache-2.0
//! Real material of the test authority signed by GOST yields what is known of it, at its own time.

use eds::algorithm::SignatureAlgorithm;
use eds::{
    Certificate, CheckCode, CheckResult, Content, Evidence, Findings, Outcome, Policy, Purpose, Revocation,
    verify_cms, verify_xml,
};

use crate::confused::{NOW, Parts, World};
use crate::shared::vector;
use crate::vectors::{at, revocation_of, trust};

/// The moment at which the signer by GOST was in term; the one by RSA had expired by then.
const SIGNED_AT: &str = "2022-09-28T14:40:30Z";
/// A moment at which the signer by RSA was in term.
const EARLIER: &str = "2021-06-01T00:00:00Z";

fn policy() -> Option<Policy> {
    let mut policy = Policy::new(trust()?, Purpose::AnySignature);
    policy.revocation = Revocation::NotChecked;
    Some(policy)
}

#[test]
fn both_signers_of_a_cms_verify_each_in_its_own_term() {
    for (name, content) in [
        ("cms/CmsServiceTest.SIGNED_CMS.der", Content::Attached),
        ("cms/CmsServiceTest.SIGNED_DETACHED_CMS.der", Content::Detached(b"test123")),
    ] {
        let (Some(cms), Some(policy)) = (vector(name), policy()) else { return };
        let verdict = verify_cms(&content, &cms, &Evidence::default(), at(SIGNED_AT), &policy);
        assert_eq!(verdict.signers.len(), 2, "{name}");
        assert_eq!(verdict.failed_codes(), ["certificate-expired"], "{name}");
        assert_eq!(verdict.signers[0].outcome, Outcome::Valid, "{name}: {verdict:?}");
        assert_eq!(verdict.signers[0].iin.as_deref(), Some("123456789012"));
        assert_eq!(verdict.signers[1].outcome, Outcome::Invalid);
        let earlier = verify_cms(&content, &cms, &Evidence::default(), at(EARLIER), &policy);
        assert_eq!(earlier.signers[1].outcome, Outcome::Valid);
        assert_eq!(earlier.failed_codes(), ["certificate-not-yet-valid"], "{name}");
    }
}

#[test]
fn other_content_is_no_content_of_the_gost_signer() {
    let (Some(cms), Some(policy)) = (vector("cms/CmsServiceTest.SIGNED_DETACHED_CMS.der"), policy()) else {
        return;
    };
    let content = Content::Detached(b"test124");
    let verdict = verify_cms(&content, &cms, &Evidence::default(), at(SIGNED_AT), &policy);
    assert_eq!(verdict.signers[0].outcome, Outcome::Invalid);
    assert!(verdict.failed_codes().contains(&"digest-mismatch"));
}

#[test]
fn both_signers_of_an_xml_verify_each_in_its_own_term() {
    let name = "xml/XmlServiceTest.XML_SIGNED_VALID_STRING_TWO_SIGNERS.xml";
    let (Some(xml), Some(policy)) = (vector(name), policy()) else { return };
    let verdict = verify_xml(&xml, &Evidence::default(), at(SIGNED_AT), &policy);
    assert_eq!(verdict.signers.len(), 2);
    assert_eq!(verdict.signers[1].outcome, Outcome::Valid, "{verdict:?}");
    assert_eq!(verdict.signers[1].iin.as_deref(), Some("123456789012"));
    assert_eq!(verdict.failed_codes(), ["certificate-expired"]);
    let earlier = verify_xml(&xml, &Evidence::default(), at(EARLIER), &policy);
    assert_eq!(earlier.signers[0].outcome, Outcome::Valid);
}

#[test]
fn certificates_are_signed_by_their_authority_and_by_no_other() {
    let authorities = ["ca/nca_gost2015_test.cer", "ca/nca_gost_test.crt", "ca/nca_rsa_test.crt"];
    let read = |name: &str| vector(name).map(|bytes| Certificate::parse(&bytes).unwrap());
    let Some(authorities) = authorities.map(read).into_iter().collect::<Option<Vec<_>>>() else { return };
    let Some(cms) = vector("cms/CmsServiceTest.SIGNED_CMS.der") else { return };
    let Some(old) = read("certs/ceo_valid_sign_2004_gost.cer") else { return };
    let mut leaves = eds::certificates(&cms).unwrap();
    leaves.push(old);
    assert_eq!(leaves.len(), 3);
    for leaf in &leaves {
        let issuers: Vec<_> = authorities.iter().filter(|it| leaf.is_signed_by(it).is_ok()).collect();
        let named: Vec<_> = authorities.iter().filter(|it| leaf.names_as_issuer(it)).collect();
        assert_eq!(issuers, named, "{}", leaf.issuer().line());
        assert_eq!(issuers.len(), 1, "{}", leaf.issuer().line());
    }
}

#[test]
fn path_of_a_key_of_2004_leads_to_its_authority() {
    let (Some(bytes), Some(policy)) = (vector("certs/ceo_valid_sign_2004_gost.cer"), policy()) else {
        return;
    };
    let leaf = Certificate::parse(&bytes).unwrap();
    let evidence = Evidence::default();
    let context = eds::Context { evidence: &evidence, at: leaf.not_before(), policy: &policy };
    let mut findings = Findings::default();
    eds::judge_certificate(&leaf, &[], &context, &eds::Subject::Signer(0), &mut findings);
    assert_eq!(findings.outcome(), Outcome::Valid, "{findings:?}");
}

fn gost_signer() -> Option<Certificate> {
    let cms = vector("cms/CmsServiceTest.SIGNED_CMS.der")?;
    eds::certificates(&cms).unwrap().into_iter().find(|it| it.signature_oid() == eds::oids::GOST_2015_512)
}

/// The moment between both updates that a list names.
fn term_of_list(name: &str) -> Option<jiff::Timestamp> {
    let der = vector(name)?;
    let der = eds::asn1::from_pem(&der).unwrap();
    let mut fields = eds::asn1::Element::parse(&der).unwrap().reader().any().unwrap().reader();
    if fields.peek() == Some(eds::asn1::INTEGER) {
        fields.any().unwrap();
    }
    for _ in 0..2 {
        fields.any().unwrap();
    }
    fields.any().unwrap().time().ok()
}

#[test]
fn lists_signed_by_gost_are_believed_in_their_term_only() {
    let Some(new) = gost_signer() else { return };
    let Some(old) = vector("certs/ceo_valid_sign_2004_gost.cer") else { return };
    let old = Certificate::parse(&old).unwrap();
    for (leaf, name) in [(new, "crl/nca_gost2022_test.crl"), (old, "crl/nca_gost_test.crl")] {
        let (Some(crl), Some(made)) = (vector(name), term_of_list(name)) else { return };
        let evidence = Evidence { crls: vec![crl.clone()], ..Evidence::default() };
        let judged = revocation_of(&leaf, &evidence, made).unwrap();
        let mut changed = crl;
        let last = changed.len() - 1;
        changed[last] ^= 1;
        let evidence = Evidence { crls: vec![changed], ..Evidence::default() };
        assert_ne!(revocation_of(&leaf, &evidence, made).unwrap(), judged, "{name}");
        assert!(
            judged
                .iter()
                .all(|(code, result)| *code == CheckCode::CertificateRevoked
                    && *result != CheckResult::Unknown)
        );
    }
}

#[test]
fn gost_is_supported_and_the_unseen_curve_says_so() {
    for algorithm in [
        SignatureAlgorithm::RsaSha256,
        SignatureAlgorithm::Gost2015Bits512,
        SignatureAlgorithm::Gost2015Bits256,
        SignatureAlgorithm::Gost2004,
    ] {
        assert!(algorithm.is_supported());
        assert_eq!(algorithm.caveat().is_some(), algorithm == SignatureAlgorithm::Gost2015Bits256);
    }
}

/// A PDF of one empty page.
fn empty_page() -> Vec<u8> {
    use lopdf::{Document, Object, dictionary};
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
    });
    let list = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(list));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn pdf_signed_by_gost_is_valid_and_changed_it_is_not() {
    let world = World::new(SignatureAlgorithm::Gost2015Bits512);
    let info = eds::pades::SignatureInfo {
        name: "INVENTED PERSON".to_owned(),
        reason: None,
        location: None,
        contact: None,
        time: at(NOW),
        placeholder_bytes: 8192,
    };
    let prepared = eds::pades::prepare(&empty_page(), &info).unwrap();
    let cms = Parts::over(&world, &prepared.content()).detached().cms();
    let mut pdf = eds::pades::embed(&prepared, &cms).unwrap();
    let judged = |pdf: &[u8]| eds::verify_pdf(pdf, &Evidence::default(), at(NOW), &world.policy());
    let verdict = judged(&pdf);
    assert!(verdict.is_valid(), "{verdict:?}");
    // Of the digest by SHA-256 alone a signature by GOST cannot be judged, and is not valid.
    let by_digest =
        eds::verify_cms_digest(prepared.digest, &cms, &Evidence::default(), at(NOW), &world.policy());
    assert_eq!(by_digest.unknown_codes(), ["digest-mismatch"]);
    let place = pdf.windows(8).position(|it| it == b"MediaBox").unwrap() + 12;
    pdf[place] ^= 1;
    assert_eq!(judged(&pdf).outcome, Outcome::Invalid);
}
