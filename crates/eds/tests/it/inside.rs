// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates, lists and OCSP answers inside a signature: evidence like any other, and openssl agrees.

use eds::asn1::{Element, OCTET_STRING, OID, SEQUENCE, SET, context, write};
use eds::{Certificate, Content, Evidence, Policy, Revocation, RsaSigner, Verdict, oids, verify_cms};
use jiff::{SignedDuration, Timestamp};

use crate::maker::{Listed, Plan};
use crate::oracle::{Throwaway, openssl};
use crate::paper::{CATALOG, Paper};

/// A signature, attached, by the invented person.
fn signed(own: &Throwaway) -> Vec<u8> {
    let (chain, time) = ([own.leaf.clone()], own.leaf.not_before());
    eds::sign_cms_attached(&own.file("content.txt"), &own.signer, &chain, time).unwrap()
}

/// The list of the authority of `of`, signed by the key of `by`.
pub(crate) fn list(of: &Throwaway, by: &Throwaway, entries: Vec<Listed>) -> Vec<u8> {
    let signer = RsaSigner::from_pkcs8(&by.file("root.key")).unwrap();
    let at = of.leaf.not_before();
    Plan {
        next_update: Some(at + SignedDuration::from_hours(20)),
        entries,
        ..Plan::of(&Certificate::parse(&of.root).unwrap(), &signer, at)
    }
    .make()
}

pub(crate) fn revoked(own: &Throwaway) -> Vec<Listed> {
    vec![(own.leaf.serial().to_vec(), own.leaf.not_before() - SignedDuration::from_hours(1), Some(1))]
}

/// What openssl answers about the person.
pub(crate) fn answer(own: &Throwaway) -> Vec<u8> {
    let subject = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
    answer_of(own, &format!("V\t490101000000Z\t\t4711\tunknown\t{subject}\n"))
}

/// What openssl answers about the person by this index.
fn answer_of(own: &Throwaway, index: &str) -> Vec<u8> {
    let place = own.folder.path();
    std::fs::write(place.join("index.txt"), index).unwrap();
    let root = Certificate::parse(&own.root).unwrap();
    std::fs::write(place.join("request.der"), eds::ocsp_request(&own.leaf, &root, None).unwrap()).unwrap();
    let command = "ocsp -index index.txt -CA root.pem -rsigner root.pem -rkey root.key -reqin request.der -respout response.der";
    assert!(openssl(place, command));
    own.file("response.der")
}

/// Returns the signature with these answers about revocation beside its signers.
fn beside(cms: &[u8], answers: &[Vec<u8>]) -> Vec<u8> {
    rebuilt(cms, &mut |parts| {
        let place = parts.len() - 1;
        parts.insert(place, write::tlv(context(1), &answers.concat()));
    })
}

/// Returns the signature with an unsigned attribute of its signer.
fn attribute(cms: &[u8], kind: &const_oid::ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    rebuilt(cms, &mut |parts| {
        let infos = parts.pop().unwrap();
        let info = Element::parse(Element::parse(&infos).unwrap().value).unwrap();
        let value = write::tlv(SET, value);
        let unsigned = write::tlv(context(1), &write::sequence(&[&write::oid(kind), &value]));
        let info = write::tlv(SEQUENCE, &[info.value, unsigned.as_slice()].concat());
        parts.push(write::tlv(SET, &info));
    })
}

pub(crate) fn rebuilt(cms: &[u8], change: &mut dyn FnMut(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut outer = Element::parse(cms).unwrap().reader();
    let kind = outer.take(OID).unwrap();
    let data = Element::parse(outer.take(context(0)).unwrap().value).unwrap();
    let mut parts: Vec<Vec<u8>> = data.reader().all(6).unwrap().iter().map(|it| it.raw.to_vec()).collect();
    change(&mut parts);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    write::sequence(&[kind.raw, &write::tlv(context(0), &write::sequence(&parts))])
}

/// An OCSP response as an answer beside signers.
fn other(response: &[u8]) -> Vec<u8> {
    write::constructed(context(1), &[&write::oid(&oids::REVOCATION_OCSP), response])
}

fn policy(own: &Throwaway) -> Policy {
    Policy { revocation: Revocation::OcspOrCrl, ..own.policy() }
}

fn judged(own: &Throwaway, cms: &[u8]) -> Verdict {
    judged_with(own, cms, &Evidence::default())
}

fn judged_with(own: &Throwaway, cms: &[u8], evidence: &Evidence) -> Verdict {
    let at: Timestamp = own.leaf.not_before();
    verify_cms(&Content::Attached, cms, evidence, at, &policy(own))
}

fn by_openssl(own: &Throwaway, cms: &[u8]) -> bool {
    std::fs::write(own.folder.path().join("inside.der"), cms).unwrap();
    let command = "cms -verify -crl_check_all -binary -inform DER -in inside.der -CAfile root.pem -purpose any -out out";
    openssl(own.folder.path(), command)
}

#[test]
fn lists_inside_decide_offline_as_openssl_says() {
    let own = Throwaway::new();
    let cms = signed(&own);
    assert_eq!(judged(&own, &cms).unknown_codes(), ["revocation-unknown"]);
    assert!(!by_openssl(&own, &cms));
    let good = beside(&cms, &[list(&own, &own, Vec::new())]);
    let verdict = judged(&own, &good);
    assert!(verdict.is_valid() && by_openssl(&own, &good), "{verdict:?}");
    let bad = beside(&cms, &[list(&own, &own, revoked(&own))]);
    assert_eq!(judged(&own, &bad).failed_codes(), ["certificate-revoked"]);
    assert!(!by_openssl(&own, &bad));
    // Both say something: the revocation counts.
    let both = beside(&cms, &[list(&own, &own, Vec::new()), list(&own, &own, revoked(&own))]);
    assert_eq!(judged(&own, &both).failed_codes(), ["certificate-revoked"]);
}

#[test]
fn a_long_list_inside_decides_and_makes_no_file_malformed() {
    let own = Throwaway::new();
    let cms = signed(&own);
    let since = own.leaf.not_before() - SignedDuration::from_hours(1);
    let entries = |count: u32| -> Vec<Listed> {
        (0..count).map(|it| ((0x0100_0000 + it).to_be_bytes().to_vec(), since, None)).collect()
    };
    let long = beside(&cms, &[list(&own, &own, entries(110_000))]);
    let verdict = judged(&own, &long);
    assert!(verdict.is_valid() && by_openssl(&own, &long), "{verdict:?}");
    let endless = [&[SEQUENCE, 0x80], Element::parse(&long).unwrap().value, &[0, 0]].concat();
    assert_eq!(judged(&own, &endless), verdict);
    let named = beside(&cms, &[list(&own, &own, [entries(110_000), revoked(&own)].concat())]);
    assert_eq!(judged(&own, &named).failed_codes(), ["certificate-revoked"]);
}

#[test]
fn answers_and_values_of_cades_inside_decide_too() {
    let own = Throwaway::new();
    let (cms, response) = (signed(&own), answer(&own));
    let verdict = judged(&own, &beside(&cms, &[other(&response)]));
    assert!(verdict.is_valid(), "{verdict:?}");
    let basic = {
        let mut fields = Element::parse(&response).unwrap().reader();
        fields.any().unwrap();
        let typed = Element::parse(fields.any().unwrap().value).unwrap();
        typed.reader().all(2).unwrap()[1].expect(OCTET_STRING).unwrap().value
    };
    let lists = write::tlv(context(0), &write::sequence(&[&list(&own, &own, Vec::new())]));
    let answers = write::tlv(context(1), &write::sequence(&[basic]));
    // Whole, as some programs put it there.
    let whole = write::tlv(context(1), &write::sequence(&[&response]));
    for values in [&lists, &answers, &whole].map(|it| write::sequence(&[it])) {
        let verdict = judged(&own, &attribute(&cms, &oids::REVOCATION_VALUES, &values));
        assert!(verdict.is_valid(), "{verdict:?}");
    }
    // The certificate itself stands among the values alone.
    let bare = rebuilt(&cms, &mut |parts| parts.retain(|it| it[0] != context(0)));
    assert_eq!(judged(&own, &bare).failed_codes(), ["certificate-absent"]);
    let named = attribute(&bare, &oids::CERTIFICATE_VALUES, &write::sequence(&[own.leaf.der()]));
    let verdict = judged(&own, &beside(&named, &[list(&own, &own, Vec::new())]));
    assert!(verdict.is_valid(), "{verdict:?}");
}

#[test]
fn what_lies_inside_is_believed_for_its_own_sake_only() {
    let (own, stranger) = (Throwaway::new(), Throwaway::new());
    let cms = signed(&own);
    let waits = |it: &Verdict| !it.is_valid() && it.unknown_codes().contains(&"revocation-unknown");
    let forged = list(&own, &stranger, Vec::new());
    assert!(waits(&judged(&own, &beside(&cms, std::slice::from_ref(&forged)))));
    // Another's list neither clears nor revokes.
    let clear = list(&own, &own, Vec::new());
    let others = list(&own, &stranger, revoked(&own));
    let verdict = judged(&own, &beside(&cms, &[others, clear.clone()]));
    assert!(verdict.is_valid(), "{verdict:?}");
    let mixed = beside(&cms, &[forged, list(&own, &own, revoked(&own))]);
    assert_eq!(judged(&own, &mixed).failed_codes(), ["certificate-revoked"]);
    // What cannot be read, or is one too many, is left out; what was given is looked at first.
    let verdict = judged(&own, &beside(&cms, &[write::null(), other(&write::null()), clear.clone()]));
    assert!(verdict.is_valid(), "{verdict:?}");
    let many = beside(&cms, &[vec![write::sequence(&[]); 5000].concat(), clear.clone()]);
    assert!(waits(&judged(&own, &many)));
    let given = Evidence { crls: vec![clear.clone()], ..Evidence::default() };
    let verdict = judged_with(&own, &many, &given);
    assert!(verdict.is_valid(), "{verdict:?}");
    // Whoever can ask does not take the signer's own choice of answers.
    let mut asking = policy(&own);
    asking.ocsp_nonce = Some(b"sixteen bytes in".to_vec());
    let inside = beside(&cms, &[clear]);
    let at = own.leaf.not_before();
    let verdict = verify_cms(&Content::Attached, &inside, &Evidence::default(), at, &asking);
    assert!(waits(&verdict), "{verdict:?}");
    // Once the responders were asked, it speaks about whom none of them does: an error is no answer, nor is a page.
    asking.answers_sought = true;
    let try_later = vec![0x30, 3, 0x0a, 1, 3];
    for ocsp in [Vec::new(), vec![try_later, b"<html></html>".to_vec()]] {
        let evidence = Evidence { ocsp, ..Evidence::default() };
        let verdict = verify_cms(&Content::Attached, &inside, &evidence, at, &asking);
        assert!(verdict.is_valid(), "{verdict:?}");
    }
    let nobody = Evidence { ocsp: vec![answer_of(&own, "")], ..Evidence::default() };
    let verdict = verify_cms(&Content::Attached, &inside, &nobody, at, &asking);
    assert_eq!(verdict.unknown_codes(), ["certificate-not-issued"], "{verdict:?}");
}

/// Lists in the name of the authority that others signed, each another one.
fn forged_lists(own: &Throwaway, count: u8) -> Vec<Vec<u8>> {
    let stranger = Throwaway::new();
    let entry = |number| (vec![number], own.leaf.not_before(), None);
    (0..count).map(|it| list(own, &stranger, vec![entry(it)])).collect()
}

#[test]
fn forged_lists_inside_use_up_nothing_of_what_was_given() {
    let own = Throwaway::new();
    let (cms, forged) = (signed(&own), forged_lists(&own, 40));
    let inside = beside(&cms, &forged);
    let given = |crls| Evidence { crls, ..Evidence::default() };
    let (clear, bad) = (list(&own, &own, Vec::new()), list(&own, &own, revoked(&own)));
    let verdict = judged_with(&own, &inside, &given(vec![clear.clone()]));
    assert!(verdict.is_valid(), "{verdict:?}");
    let verdict = judged_with(&own, &inside, &given(vec![bad]));
    assert_eq!(verdict.failed_codes(), ["certificate-revoked"]);
    // Alone they prove nothing, and behind them nothing is read; of what was given nothing may stay unread.
    let verdict = judged(&own, &beside(&cms, &[forged.clone(), vec![clear.clone()]].concat()));
    assert!(!verdict.is_valid() && verdict.unknown_codes().contains(&"revocation-evidence"), "{verdict:?}");
    let verdict = judged_with(&own, &inside, &given([vec![clear], forged].concat()));
    assert!(!verdict.is_valid() && verdict.failed_codes().is_empty(), "{verdict:?}");
}

#[test]
fn the_security_store_of_a_paper_is_evidence() {
    let own = Throwaway::new();
    let stored = |list: &[u8]| {
        let hex = list.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let stream = format!("<</Filter/ASCIIHexDecode/Length {}>>stream\n{hex}>\nendstream", hex.len() + 1);
        let catalog = CATALOG.1.replace(">>", "/DSS 60 0 R>>");
        let mut paper = Paper::new(&[]);
        paper.sign(&own, &[(1, &catalog), (60, "<</Type/DSS/CRLs[61 0 R]>>"), (61, &stream)], "");
        eds::verify_pdf(&paper.bytes, &Evidence::default(), own.leaf.not_before(), &policy(&own))
    };
    let verdict = stored(&list(&own, &own, Vec::new()));
    assert!(verdict.is_valid(), "{verdict:?}");
    assert_eq!(stored(&list(&own, &own, revoked(&own))).failed_codes(), ["certificate-revoked"]);
    let stranger = Throwaway::new();
    let verdict = stored(&list(&own, &stranger, Vec::new()));
    assert!(verdict.unknown_codes().contains(&"revocation-unknown"), "{verdict:?}");
}

/// Returns the signature made anew over signed attributes without the newer form of ESS, with this older one if any.
pub(crate) fn by_attribute(own: &Throwaway, cms: &[u8], value: Option<&[u8]>) -> Vec<u8> {
    rebuilt(cms, &mut |parts| {
        let infos = parts.pop().unwrap();
        let info = Element::parse(Element::parse(&infos).unwrap().value).unwrap();
        let mut fields: Vec<Vec<u8>> =
            info.reader().all(7).unwrap().iter().map(|it| it.raw.to_vec()).collect();
        let old = Element::parse(&fields[3]).unwrap().reader().all(8).unwrap();
        let kind = |it: &Element<'_>| it.reader().any().unwrap().oid().unwrap();
        let kept = old.iter().filter(|it| kind(it) != oids::SIGNING_CERTIFICATE_V2);
        let mut attributes: Vec<Vec<u8>> = kept.map(|it| it.raw.to_vec()).collect();
        let older = |it| write::sequence(&[&write::oid(&oids::SIGNING_CERTIFICATE), &write::tlv(SET, it)]);
        attributes.extend(value.map(older));
        let attributes = write::set_of(attributes);
        fields[5] = write::octets(&own.signer.sign(&attributes).unwrap());
        fields[3] = write::tlv(context(0), Element::parse(&attributes).unwrap().value);
        parts.push(write::tlv(SET, &write::tlv(SEQUENCE, &fields.concat())));
    })
}

#[test]
fn older_form_of_the_named_certificate_is_compared_as_openssl_does() {
    let own = Throwaway::new();
    let mut policy = own.policy();
    policy.signing_certificate = eds::SigningCertificate::Required;
    let by_sha1 = |bytes: &[u8]| {
        let id = write::sequence(&[&write::octets(&eds::algorithm::DigestAlgorithm::Sha1.digest(bytes))]);
        write::sequence(&[&write::sequence(&[&id])])
    };
    let root = Certificate::parse(&own.root).unwrap();
    for (named, codes) in [(own.leaf.der(), &[][..]), (root.der(), &["signing-certificate-mismatch"][..])] {
        let cms = by_attribute(&own, &signed(&own), Some(&by_sha1(named)));
        let at = own.leaf.not_before();
        let verdict = verify_cms(&Content::Attached, &cms, &Evidence::default(), at, &policy);
        assert_eq!(verdict.failed_codes(), codes, "{verdict:?}");
        std::fs::write(own.folder.path().join("older.der"), &cms).unwrap();
        let command =
            "cms -verify -cades -binary -inform DER -in older.der -CAfile root.pem -purpose any -out out";
        assert_eq!(openssl(own.folder.path(), command), codes.is_empty());
    }
}
