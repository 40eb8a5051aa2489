// SPDX-License-Identifier: MIT OR Apache-2.0
//! What clears a signer (a list, an answer of OCSP, certificates), and the places inside a CMS where it may lie.

use const_oid::ObjectIdentifier;
use eds::algorithm::DigestAlgorithm;
use eds::asn1::{
    ENUMERATED, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, SET, context, context_primitive, write,
};
use eds::{Certificate, Evidence, oids};
use jiff::{SignedDuration, Timestamp};

use super::Made;
use super::person::Person;

/// Parts of signed data, and of a response.
const PARTS_MAX: usize = 8;
/// How long a list holds.
const TERM: SignedDuration = SignedDuration::from_hours(20);

/// Returns what clears a person: an empty list, an answer and the certificates, all of this moment.
pub(super) fn clearing(authority: &Person, about: &Certificate, at: Timestamp) -> Made<Evidence> {
    Ok(Evidence {
        certificates: vec![about.der().to_vec(), authority.certificate.der().to_vec()],
        ocsp: vec![answer(authority, about, at)?],
        crls: vec![list(authority, at)?],
        ..Evidence::default()
    })
}

/// Returns an authority's list of nobody.
pub(super) fn list(by: &Person, at: Timestamp) -> Made<Vec<u8>> {
    let algorithm = write::algorithm_null(&by.algorithm.oid());
    let number = write::sequence(&[&write::oid(&oids::CRL_NUMBER), &write::octets(&write::small(1))]);
    let tbs = write::sequence(&[
        &write::small(1),
        &algorithm,
        by.certificate.subject().raw(),
        &write::time(at),
        &write::time(at.checked_add(TERM)?),
        &write::tlv(context(0), &write::sequence(&[&number])),
    ]);
    let signature = (by.sign)(&tbs)?;
    Ok(write::sequence(&[&tbs, &algorithm, &write::bits(&signature)]))
}

/// Returns an authority's answer that the certificate is good.
fn answer(by: &Person, about: &Certificate, at: Timestamp) -> Made<Vec<u8>> {
    let hash = |bytes: &[u8]| write::octets(&DigestAlgorithm::Sha1.digest(bytes));
    let id = write::sequence(&[
        &write::algorithm_null(&oids::SHA1),
        &hash(by.certificate.subject().raw()),
        &hash(by.certificate.key_bits()?),
        &write::tlv(INTEGER, about.serial()),
    ]);
    let good = write::tlv(context_primitive(0), &[]);
    let data = write::sequence(&[
        &write::tlv(context(1), by.certificate.subject().raw()),
        &write::generalized_time(at),
        &write::sequence(&[&write::sequence(&[&id, &good, &write::generalized_time(at)])]),
    ]);
    let signature = (by.sign)(&data)?;
    let algorithm = write::algorithm_null(&by.algorithm.oid());
    let basic = write::sequence(&[&data, &algorithm, &write::bits(&signature)]);
    let typed = write::sequence(&[&write::oid(&oids::OCSP_BASIC), &write::octets(&basic)]);
    Ok(write::sequence(&[&write::tlv(ENUMERATED, &[0]), &write::tlv(context(0), &typed)]))
}

/// Returns the signature with lists and answers beside its signers (`SignedData.crls`).
pub(super) fn beside(cms: &[u8], evidence: &Evidence) -> Made<Vec<u8>> {
    let other = |it: &Vec<u8>| write::constructed(context(1), &[&write::oid(&oids::REVOCATION_OCSP), it]);
    let answers: Vec<Vec<u8>> = evidence.ocsp.iter().map(other).collect();
    let all = [evidence.crls.concat(), answers.concat()].concat();
    rebuilt(cms, |parts| {
        let place = parts.len().saturating_sub(1);
        parts.insert(place, write::tlv(context(1), &all));
        Ok(())
    })
}

/// Returns the signature with the values of `CAdES` among the unsigned attributes of its one signer, who has none yet; its
/// certificates stand there alone.
pub(super) fn among(cms: &[u8], evidence: &Evidence) -> Made<Vec<u8>> {
    let basics = evidence.ocsp.iter().map(|it| basic(it)).collect::<Made<Vec<_>>>()?;
    let lists = write::tlv(context(0), &write::sequence(&[&evidence.crls.concat()]));
    let answers = write::tlv(context(1), &write::sequence(&[&basics.concat()]));
    let certificates = write::sequence(&[&evidence.certificates.concat()]);
    let unsigned = [
        attribute(&oids::CERTIFICATE_VALUES, &certificates),
        attribute(&oids::REVOCATION_VALUES, &write::sequence(&[&lists, &answers])),
    ];
    rebuilt(cms, |parts| {
        parts.retain(|it| it.first() != Some(&context(0)));
        let infos = parts.pop().ok_or("no signers")?;
        let info = Element::parse(Element::parse(&infos)?.value)?.expect(SEQUENCE)?;
        let unsigned = write::tlv(context(1), &unsigned.concat());
        let info = write::sequence(&[info.value, &unsigned]);
        parts.push(write::tlv(SET, &info));
        Ok(())
    })
}

fn attribute(kind: &ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(kind), &write::tlv(SET, value)])
}

/// Returns the basic response inside a response.
fn basic(response: &[u8]) -> Made<Vec<u8>> {
    let mut fields = Element::parse(response)?.reader();
    fields.take(ENUMERATED)?;
    let typed = Element::parse(fields.take(context(0))?.value)?;
    let parts = typed.reader().all(PARTS_MAX)?;
    Ok(parts.get(1).copied().ok_or("no response")?.expect(OCTET_STRING)?.value.to_vec())
}

/// Returns the signature with the parts of its signed data changed.
pub(super) fn rebuilt(cms: &[u8], change: impl FnOnce(&mut Vec<Vec<u8>>) -> Made<()>) -> Made<Vec<u8>> {
    let mut outer = Element::parse(cms)?.reader();
    let kind = outer.take(OID)?;
    let data = Element::parse(outer.take(context(0))?.value)?;
    let mut parts: Vec<Vec<u8>> = data.reader().all(PARTS_MAX)?.iter().map(|it| it.raw.to_vec()).collect();
    change(&mut parts)?;
    let data = write::sequence(&[&parts.concat()]);
    Ok(write::sequence(&[kind.raw, &write::tlv(context(0), &data)]))
}
