// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed properties: what `xmlsec1` signs with them is accepted, and nothing that only looks so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::hostile::{part, replaced};
use super::signing::{ENVELOPED, EXCLUSIVE, X509, signed_by_xmlsec};
use super::tools::TestKey;
use crate::xml::{Covered, Error, verify_enveloped};
use crate::{Evidence, Policy, Purpose, Trust, judge_signed};

const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
pub(super) const TYPE: &str = "http://uri.etsi.org/01903#SignedProperties";
const SHA256: &str = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>";

pub(super) fn reference(attributes: &str, transforms: &[&str]) -> String {
    let transforms = transforms.iter().map(|it| format!("<ds:Transform Algorithm=\"{it}\"/>"));
    let transforms = transforms.collect::<Vec<_>>().concat();
    format!(
        "<ds:Reference {attributes}><ds:Transforms>{transforms}</ds:Transforms>{SHA256}<ds:DigestValue></ds:DigestValue></ds:Reference>"
    )
}

/// Returns a document signed by the key as the newer clients do, with properties that name this certificate.
fn signed(name: &str, key: &TestKey, certificate_der: &[u8]) -> String {
    let to_properties = reference(&format!("URI=\"#props\" Type=\"{TYPE}\""), &[EXCLUSIVE]);
    signed_with(name, key, certificate_der, &to_properties)
}

/// The same with these references beside the one to the document.
pub(super) fn signed_with(name: &str, key: &TestKey, certificate_der: &[u8], references: &str) -> String {
    let digest = STANDARD.encode(crate::sha256(certificate_der));
    let properties = format!(
        "<xades:QualifyingProperties Target=\"#sig\"><xades:SignedProperties Id=\"props\"><xades:SignedSignatureProperties>\
         <xades:SigningTime>2026-11-22T05:00:00Z</xades:SigningTime><xades:SigningCertificateV2><xades:Cert>\
         <xades:CertDigest>{SHA256}<ds:DigestValue>{digest}</ds:DigestValue></xades:CertDigest></xades:Cert>\
         </xades:SigningCertificateV2></xades:SignedSignatureProperties><xades:SignedDataObjectProperties/>\
         </xades:SignedProperties></xades:QualifyingProperties>"
    );
    let references = reference("URI=\"\"", &[ENVELOPED, EXCLUSIVE]) + references;
    let document = format!(
        "<r xmlns=\"urn:r\" xmlns:xades=\"{XADES}\"><sum>100</sum><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"sig\">\
         <ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>{references}</ds:SignedInfo>\
         <ds:SignatureValue></ds:SignatureValue><ds:KeyInfo Id=\"ki\">{X509}</ds:KeyInfo><ds:Object>{properties}</ds:Object></ds:Signature></r>"
    );
    let key_info = "http://www.w3.org/2000/09/xmldsig#:KeyInfo";
    let properties = format!("{XADES}:SignedProperties");
    signed_by_xmlsec(name, &document, key, &["--id-attr:Id", &properties, "--id-attr:Id", key_info])
}

#[test]
fn properties_signed_by_xmlsec_are_accepted_with_their_claims() {
    let key = TestKey::get();
    let found = verify_enveloped(signed("xades.xml", key, &key.certificate_der).as_bytes()).unwrap();
    assert_eq!((found.covered, found.names_certificate), (Covered::Document, true));
    assert_eq!(found.claimed_time, Some("2026-11-22T05:00:00Z".parse().unwrap()));
}

#[test]
fn a_comment_that_nobody_signed_takes_no_claimed_time_away() {
    let key = TestKey::get();
    let document = signed("xades-comment.xml", key, &key.certificate_der);
    for comment in ["<!-- c -->", "<?c c?>"] {
        let cut = document.replace("2026-11-22T05", &format!("{comment}2026-11-22T05"));
        assert!(verify_enveloped(cut.as_bytes()).is_err(), "{comment}");
    }
}

#[test]
fn properties_that_name_another_certificate_are_refused() {
    let (key, other) = (TestKey::get(), TestKey::other());
    let document = signed("xades-other.xml", key, &other.certificate_der);
    let found = verify_enveloped(document.as_bytes());
    assert_eq!(found, Err(Error::CertificateOther));
    let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    let at = "2026-11-22T05:00:00Z".parse().unwrap();
    let verdict = judge_signed(found.map(|it| vec![it]), &Evidence::default(), at, &policy);
    assert_eq!(verdict.failed_codes(), ["signing-certificate-mismatch"]);
}

fn with_unsigned(good: &str, inside: &str) -> String {
    let added =
        format!("</xades:SignedProperties><xades:UnsignedProperties>{inside}</xades:UnsignedProperties>");
    replaced(good, "</xades:SignedProperties>", &added)
}

#[test]
fn unsigned_properties_may_be_absent_or_about_the_content() {
    let key = TestKey::get();
    let good = signed("xades-unsigned.xml", key, &key.certificate_der);
    let (own, others) = ("<xades:UnsignedSignatureProperties/>", "<xades:UnsignedDataObjectProperties/>");
    for inside in [String::new(), others.to_owned(), format!("{own}{others}")] {
        assert!(verify_enveloped(with_unsigned(&good, &inside).as_bytes()).is_ok(), "{inside}");
    }
    for inside in [own.repeat(2), format!("{others}{own}")] {
        assert!(verify_enveloped(with_unsigned(&good, &inside).as_bytes()).is_err(), "{inside}");
    }
}

#[test]
fn hostile_properties_get_their_codes() {
    let key = TestKey::get();
    let good = signed("xades-hostile.xml", key, &key.certificate_der);
    let properties = part(&good, "<xades:SignedProperties", "</xades:SignedProperties>");
    let object = part(&good, "<ds:Object>", "</ds:Object>");
    let to_properties = part(&good, "<ds:Reference URI=\"#props\"", "</ds:Reference>");
    let digest = part(to_properties, "<ds:DigestValue>", "</ds:DigestValue>");
    let other_digest = format!("<ds:DigestValue>{}</ds:DigestValue>", STANDARD.encode([7; 32]));
    let forged = properties.replace("05:00:00", "04:00:00");
    let typed = format!(" Type=\"{TYPE}\"");
    let unsigned = |inside: &str| with_unsigned(&good, inside);
    let moved = |forged: &str| {
        let beside = replaced(&good, properties, forged);
        let dsig = "http://www.w3.org/2000/09/xmldsig#";
        let declared = format!("<xades:SignedProperties xmlns:xades=\"{XADES}\" xmlns:ds=\"{dsig}\"");
        let apart = replaced(properties, "<xades:SignedProperties", &declared);
        replaced(&beside, "<ds:Signature ", &format!("{apart}<ds:Signature "))
    };
    let envelope = format!("<ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"/>");
    let rows = [
        ("untouched", good.clone(), "accepted"),
        ("nothing among the unsigned", unsigned("<xades:UnsignedSignatureProperties/>"), "accepted"),
        ("content changed", replaced(&good, ">100<", ">900<"), "digest-mismatch"),
        ("time changed", replaced(&good, properties, &forged), "digest-mismatch"),
        ("digest changed", replaced(&good, digest, &other_digest), "digest-mismatch"),
        (
            "second object",
            replaced(&good, "</ds:Signature>", "<ds:Object/></ds:Signature>"),
            "unsigned-inside",
        ),
        ("no object", replaced(&good, object, ""), "signature-shape"),
        ("empty object", replaced(&good, object, "<ds:Object/>"), "signature-shape"),
        ("content in the object", replaced(&good, "</ds:Object>", "<sum/></ds:Object>"), "signature-shape"),
        ("no reference", replaced(&good, to_properties, ""), "unsigned-inside"),
        ("third reference", replaced(&good, to_properties, &to_properties.repeat(2)), "signature-shape"),
        ("another type", replaced(&good, TYPE, "http://uri.etsi.org/01903#Other"), "references-several"),
        ("no type", replaced(&good, &typed, ""), "references-several"),
        ("both of the type", replaced(&good, "URI=\"\"", &format!("URI=\"\"{typed}")), "signature-shape"),
        ("another namespace", replaced(&good, XADES, "urn:other"), "signature-shape"),
        ("something unsigned", unsigned("<sum/>"), "unsigned-inside"),
        ("another target", replaced(&good, "Target=\"#sig\"", "Target=\"#r\""), "reference-elsewhere"),
        ("signature without an id", replaced(&good, " Id=\"sig\"", ""), "signature-shape"),
        ("id of the signature twice", replaced(&good, "<sum>", "<sum Id=\"sig\">"), "reference-ambiguous"),
        ("id of the properties twice", replaced(&good, "<sum>", "<sum Id=\"props\">"), "reference-ambiguous"),
        ("signed ones elsewhere", moved(&forged.replace("\"props\"", "\"p2\"")), "reference-elsewhere"),
        ("signed ones elsewhere, of the same id", moved(&forged), "reference-ambiguous"),
        ("to the signature", replaced(&good, "URI=\"#props\"", "URI=\"#sig\""), "reference-elsewhere"),
        ("to nothing", replaced(&good, "URI=\"#props\"", "URI=\"#p2\""), "reference-missing"),
        ("to everything", replaced(&good, "URI=\"#props\"", "URI=\"\""), "reference-foreign"),
        (
            "without the signature",
            replaced(&good, to_properties, &replaced(to_properties, "<ds:Transforms>", &envelope)),
            "transforms",
        ),
    ];
    for (what, document, expected) in rows {
        let code = verify_enveloped(document.as_bytes()).map_or_else(|error| error.code(), |_| "accepted");
        assert_eq!(code, expected, "{what}");
    }
}
