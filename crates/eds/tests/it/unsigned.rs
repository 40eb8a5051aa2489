// SPDX-License-Identifier: MIT OR Apache-2.0
//! Unsigned properties of `XAdES`: stamps that openssl makes over the canonical signature value, and evidence.
//!
//! The canonical bytes are written here by hand, as C14N 1.0 and exclusive C14N say, not made by the crate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eds::asn1::{Element, OCTET_STRING};
use eds::xml::verify_enveloped;
use eds::{Evidence, Policy, Revocation, StampPlace, TimeBasis, Verdict, tsp, verify_xml};

use crate::inside::{answer, list, revoked};
use crate::oracle::{Throwaway, openssl};
use crate::stamps::{Stamping, minutes_later, years_later};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA256: &str =
    "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>";

/// A signed document whose unsigned properties are still to be written.
struct Document {
    before: String,
    after: String,
    /// Text of the signature value.
    value: String,
}

impl Document {
    /// Everything that is signed is written in its exclusive form.
    fn signed(own: &Throwaway) -> Self {
        let digest = |bytes: &str| STANDARD.encode(eds::sha256(bytes.as_bytes()));
        let certificate = STANDARD.encode(own.leaf.der());
        let properties = format!(
            "<xades:SignedProperties xmlns:xades=\"{XADES}\" Id=\"props\"><xades:SignedSignatureProperties><xades:SigningTime>\
             {}</xades:SigningTime></xades:SignedSignatureProperties></xades:SignedProperties>",
            own.leaf.not_before()
        );
        let reference = |attributes: &str, transforms: &[&str], text: &str| {
            let transforms =
                transforms.iter().map(|it| format!("<ds:Transform Algorithm=\"{it}\"></ds:Transform>"));
            let transforms = transforms.collect::<Vec<_>>().concat();
            format!(
                "<ds:Reference {attributes}><ds:Transforms>{transforms}</ds:Transforms>{SHA256}<ds:DigestValue>{}\
                 </ds:DigestValue></ds:Reference>",
                digest(text)
            )
        };
        let enveloped = format!("{DS}enveloped-signature");
        let info = [
            format!(
                "<ds:SignedInfo xmlns:ds=\"{DS}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
                 <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>"
            ),
            reference("URI=\"\"", &[&enveloped, EXCLUSIVE], "<d:r xmlns:d=\"urn:d\"><sum>100</sum></d:r>"),
            reference(
                "Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#props\"",
                &[EXCLUSIVE],
                &properties,
            ),
            "</ds:SignedInfo>".to_owned(),
        ]
        .concat();
        let value = STANDARD.encode(own.signer.sign(info.as_bytes()).unwrap());
        let before = format!(
            "<d:r xmlns:d=\"urn:d\"><sum>100</sum><ds:Signature xmlns:ds=\"{DS}\" Id=\"sig\">{info}<ds:SignatureValue>{value}\
             </ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
             </ds:KeyInfo><ds:Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#sig\">{properties}"
        );
        let after = "</xades:QualifyingProperties></ds:Object></ds:Signature></d:r>".to_owned();
        Self { before, after, value }
    }

    fn with(&self, unsigned: &str) -> String {
        format!(
            "{}<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{unsigned}</xades:UnsignedSignatureProperties>\
             </xades:UnsignedProperties>{}",
            self.before, self.after
        )
    }

    /// The canonical signature value with these declarations.
    fn canonical(&self, declarations: &str) -> String {
        format!("<ds:SignatureValue{declarations}>{}</ds:SignatureValue>", self.value)
    }
}

/// Returns a property with a stamp.
fn stamp(inside: &str, token: &[u8]) -> String {
    format!(
        "<xades:SignatureTimeStamp>{inside}<xades:EncapsulatedTimeStamp>{}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>",
        STANDARD.encode(token)
    )
}

fn form(algorithm: &str) -> String {
    format!("<ds:CanonicalizationMethod Algorithm=\"{algorithm}\"/>")
}

fn inclusive() -> String {
    format!(" xmlns:d=\"urn:d\" xmlns:ds=\"{DS}\"")
}

fn exclusive() -> String {
    format!(" xmlns:ds=\"{DS}\"")
}

#[test]
fn stamp_over_the_canonical_value_gives_the_time_for_which_it_is_judged() {
    let it = Stamping::new();
    let document = Document::signed(&it.own);
    let rows = [
        ("no form is named", String::new(), inclusive()),
        ("inclusive", form(INCLUSIVE), inclusive()),
        ("exclusive", form(EXCLUSIVE), exclusive()),
    ];
    for (what, named, declared) in rows {
        let over = document.canonical(&declared);
        let token = it.stamp(over.as_bytes(), "right");
        std::fs::write(it.own.folder.path().join("over"), &over).unwrap();
        assert!(openssl(it.own.folder.path(), "ts -verify -data over -in reply.tsr -CAfile root.pem"));
        let time = tsp::info(&token).unwrap().time;
        let judged = |xml: &str, at| verify_xml(xml.as_bytes(), &Evidence::default(), at, &it.own.policy());
        let stamped = document.with(&stamp(&named, &token));
        let verdict = judged(&stamped, years_later(time));
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
        let signer = &verdict.signers[0];
        assert_eq!((signer.time.at, signer.time.by), (time, TimeBasis::Stamp), "{what}");
        assert_eq!(signer.stamps[0].place, StampPlace::Inside);
        let plain = judged(&document.with(""), years_later(time));
        assert_eq!(plain.failed_codes(), ["certificate-expired"], "{what}");
    }
}

#[test]
fn stamp_over_anything_else_proves_nothing_and_harms_nothing() {
    let it = Stamping::new();
    let (document, other) = (Document::signed(&it.own), Document::signed(&Throwaway::new()));
    let now = minutes_later(it.own.leaf.not_before());
    let value = STANDARD.decode(&document.value).unwrap();
    let good = it.stamp(document.canonical(&exclusive()).as_bytes(), "right");
    let with_include = format!("<xades:Include URI=\"#props\"/>{}", form(EXCLUSIVE));
    let rows = [
        ("the value alone", form(EXCLUSIVE), it.stamp(&value, "right"), Some("time-stamp-imprint")),
        (
            "another's value",
            form(EXCLUSIVE),
            it.stamp(other.canonical(&exclusive()).as_bytes(), "right"),
            Some("time-stamp-imprint"),
        ),
        ("another form than it names", form(INCLUSIVE), good.clone(), Some("time-stamp-imprint")),
        ("no token", form(EXCLUSIVE), b"no token".to_vec(), Some("container-malformed")),
        ("something else included", with_include, good.clone(), None),
        ("an unknown form", form("urn:other"), good, None),
    ];
    for (what, named, token, code) in rows {
        let stamped = document.with(&stamp(&named, &token));
        let judged = |at| verify_xml(stamped.as_bytes(), &Evidence::default(), at, &it.own.policy());
        let (verdict, later) = (judged(now), judged(years_later(now)));
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
        let failed = verdict.signers[0].stamps.iter().flat_map(eds::TimeStamp::failed_codes);
        assert_eq!(failed.collect::<Vec<_>>(), Vec::from_iter(code), "{what}");
        assert_eq!(later.failed_codes(), ["certificate-expired"], "{what}");
    }
    // Too many are not looked at, and equal ones once, in one property or in many.
    let tokens = "<xades:EncapsulatedTimeStamp>MA==</xades:EncapsulatedTimeStamp>".repeat(5);
    let fives = format!("<xades:SignatureTimeStamp>{tokens}</xades:SignatureTimeStamp>").repeat(5);
    let others: String = (0..500).map(|it| stamp("", format!("no token {it}").as_bytes())).collect();
    for (unsigned, count) in [(others, 8), (stamp("", b"no token").repeat(500), 1), (fives, 1)] {
        let many = document.with(&unsigned);
        let verdict = verify_xml(many.as_bytes(), &Evidence::default(), now, &it.own.policy());
        assert!(verdict.is_valid() && verdict.signers[0].stamps.len() == count, "{verdict:?}");
    }
}

#[test]
fn stamps_are_taken_over_no_value_that_its_surroundings_make_long() {
    let own = Throwaway::new();
    let both = stamp(&form(INCLUSIVE), b"no token") + &stamp(&form(EXCLUSIVE), b"no token");
    let document = Document::signed(&own).with(&both);
    let names = |count: usize| {
        let declared = (0..count).map(|it| format!(" xmlns:n{it}=\"urn:{}\"", "n".repeat(4000)));
        let declared = declared.collect::<Vec<_>>().concat();
        document.replacen("<d:r xmlns:d=\"urn:d\"", &format!("<d:r xmlns:d=\"urn:d\"{declared}"), 1)
    };
    for (count, stamps) in [(0, 2), (10, 2), (30, 1)] {
        let found = verify_enveloped(names(count).as_bytes()).unwrap().unsigned.stamps;
        assert_eq!(found.len(), stamps, "{count} namespaces");
        assert!(found.iter().all(|it| it.over.len() < 65_536));
    }
}

#[test]
fn values_inside_are_no_more_than_are_looked_at() {
    let document = Document::signed(&Throwaway::new());
    let values = |kind: &str, one: &str| {
        let each = format!("<xades:{one}>MA==</xades:{one}>").repeat(40);
        format!("<xades:{kind}>{each}</xades:{kind}>")
    };
    let certificates = values("CertificateValues", "EncapsulatedX509Certificate");
    let inside = values("CRLValues", "EncapsulatedCRLValue") + &values("OCSPValues", "EncapsulatedOCSPValue");
    let revocation = format!("<xades:RevocationValues>{inside}</xades:RevocationValues>");
    for (times, count) in [(1, 40), (2, 64), (5, 64)] {
        let xml = document.with(&(certificates.repeat(times) + &revocation.repeat(times)));
        let found = verify_enveloped(xml.as_bytes()).unwrap().unsigned.evidence;
        assert_eq!([found.certificates.len(), found.crls.len(), found.ocsp.len()], [count; 3]);
    }
}

#[test]
fn values_inside_are_evidence_for_their_own_sake() {
    let own = Throwaway::new();
    let document = Document::signed(&own);
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..own.policy() };
    let judged = |unsigned: &str, policy: &Policy| -> Verdict {
        let xml = document.with(unsigned);
        verify_xml(xml.as_bytes(), &Evidence::default(), own.leaf.not_before(), policy)
    };
    let values = |kind: &str, one: &str, bytes: &[u8]| {
        format!(
            "<xades:RevocationValues><xades:{kind}><xades:{one}>{}</xades:{one}></xades:{kind}></xades:RevocationValues>",
            STANDARD.encode(bytes)
        )
    };
    let lists = |bytes: &[u8]| values("CRLValues", "EncapsulatedCRLValue", bytes);
    let answers = |bytes: &[u8]| values("OCSPValues", "EncapsulatedOCSPValue", bytes);
    let response = answer(&own);
    let basic = {
        let mut fields = Element::parse(&response).unwrap().reader();
        fields.any().unwrap();
        let typed = Element::parse(fields.any().unwrap().value).unwrap();
        typed.reader().all(2).unwrap()[1].expect(OCTET_STRING).unwrap().value.to_vec()
    };
    let clear = list(&own, &own, Vec::new());
    let of_stamps = format!(
        "<x:TimeStampValidationData xmlns:x=\"http://uri.etsi.org/01903/v1.4.1#\">{}</x:TimeStampValidationData>",
        lists(&clear)
    );
    assert_eq!(judged("", &policy).unknown_codes(), ["revocation-unknown"]);
    for unsigned in [lists(&clear), answers(&response), answers(&basic), of_stamps] {
        let verdict = judged(&unsigned, &policy);
        assert!(verdict.is_valid(), "{unsigned}: {verdict:?}");
    }
    let both = lists(&clear) + &lists(&list(&own, &own, revoked(&own)));
    assert_eq!(judged(&both, &policy).failed_codes(), ["certificate-revoked"]);
    let stranger = list(&own, &Throwaway::new(), Vec::new());
    for unsigned in [lists(&stranger), lists(b"no list"), "<xades:RevocationValues/>".to_owned()] {
        let verdict = judged(&unsigned, &policy);
        assert!(
            !verdict.is_valid() && verdict.unknown_codes().contains(&"revocation-unknown"),
            "{verdict:?}"
        );
    }
    // Whoever can ask does not take the signer's own choice of answers.
    let asking = Policy { ocsp_nonce: Some(b"sixteen bytes in".to_vec()), ..policy };
    assert_eq!(judged(&lists(&clear), &asking).unknown_codes(), ["revocation-unknown"]);
}

#[test]
fn path_is_completed_by_certificates_inside() {
    let own = Throwaway::new();
    let place = own.folder.path();
    std::fs::write(
        place.join("between.cnf"),
        "[between]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n",
    )
    .unwrap();
    for command in [
        "req -newkey rsa:2048 -nodes -keyout between.key -out between.csr -subj /CN=Between -config openssl.cnf",
        "x509 -req -in between.csr -CA root.pem -CAkey root.key -set_serial 0x61 -days 25 -out between.pem -extfile between.cnf -extensions between",
        "x509 -req -in leaf.csr -CA between.pem -CAkey between.key -set_serial 0x4712 -days 20 -out leaf.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let leaf = eds::Certificate::parse(&own.file("leaf.pem")).unwrap();
    let between = eds::Certificate::parse(&own.file("between.pem")).unwrap();
    let own = Throwaway { leaf, ..own };
    let document = Document::signed(&own);
    let at = minutes_later(own.leaf.not_before());
    let judged = |xml: &str| verify_xml(xml.as_bytes(), &Evidence::default(), at, &own.policy());
    let values = format!(
        "<xades:CertificateValues><xades:EncapsulatedX509Certificate>{}</xades:EncapsulatedX509Certificate></xades:CertificateValues>",
        STANDARD.encode(between.der())
    );
    let verdict = judged(&document.with(&values));
    assert!(verdict.is_valid(), "{verdict:?}");
    assert!(!judged(&document.with("")).is_valid());
}
