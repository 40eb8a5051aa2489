// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates in the national profile.

use const_oid::ObjectIdentifier;
use eds::asn1::{INTEGER, context, context_primitive, write};
use eds::{Certificate, oids};
use jiff::Timestamp;
use std::net::IpAddr;

use super::keys::Family;
use super::{DEV_CA_URL, DevCaError};

/// Bytes of a serial number.
pub(super) const SERIAL_BYTES: usize = 20;

/// Attributes of a name, in order.
pub(super) type Subject = Vec<(ObjectIdentifier, String)>;

/// A certificate of a person or a system, to be issued.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) subject: Subject,
    pub(super) usages: Vec<ObjectIdentifier>,
    /// Names and addresses of hosts.
    pub(super) hosts: Vec<String>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// What kind of certificate is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    Intermediate,
    Responder,
    Stamper,
    Person,
}

/// Who issues: a name, a key identifier and a key.
pub(super) struct Issuer<'a, K> {
    pub(super) name: Vec<u8>,
    pub(super) key_id: Option<Vec<u8>>,
    pub(super) signer: &'a K,
}

/// Returns the DER of a name.
pub(super) fn name(subject: &Subject) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = subject
        .iter()
        .map(|(kind, value)| {
            // Country and serial number are printable strings, the rest is UTF-8.
            let printable = matches!(*kind, oids::COUNTRY | oids::SERIAL_NUMBER);
            let value = if printable { write::printable(value) } else { write::utf8(value) };
            write::set_of(vec![write::sequence(&[&write::oid(kind), &value])])
        })
        .collect();
    write::sequence(&[&sets.concat()])
}

/// Issues a certificate for the key in `spki`, with this serial number but for its highest bits.
pub(super) fn issue<K: Family>(
    leaf: &Leaf,
    kind: Kind,
    spki: &[u8],
    issuer: &Issuer<'_, K>,
    mut serial: [u8; SERIAL_BYTES],
) -> Result<Certificate, DevCaError> {
    // Positive and twenty bytes long, as the national authority numbers; the key identifier sets the top bit.
    serial[0] = (serial[0] & 0x7f) | 0x40;
    let mut key_id = serial;
    key_id[0] |= 0x80;
    let algorithm = K::algorithm();
    let validity = write::sequence(&[&write::time(leaf.from), &write::time(leaf.until)]);
    let authority_key_id = issuer.key_id.clone().unwrap_or_else(|| key_id.to_vec());
    let extensions = write::sequence(&[&extensions::<K>(leaf, kind, &key_id, &authority_key_id).concat()]);
    let tbs = write::sequence(&[
        &write::tlv(context(0), &write::small(2)),
        &write::tlv(INTEGER, &serial),
        &algorithm,
        &issuer.name,
        &validity,
        &name(&leaf.subject),
        spki,
        &write::tlv(context(3), &extensions),
    ]);
    let signature = issuer.signer.sign(&tbs).ok_or(DevCaError::Key)?;
    let der = write::sequence(&[&tbs, &algorithm, &write::bits(&signature)]);
    Certificate::parse(&der).map_err(|_| DevCaError::Key)
}

fn extensions<K: Family>(leaf: &Leaf, kind: Kind, key_id: &[u8], authority_key_id: &[u8]) -> Vec<Vec<u8>> {
    let usage = match kind {
        Kind::Root | Kind::Intermediate => [0x01, 0x06],
        Kind::Responder => [0x07, 0x80],
        Kind::Stamper => [0x06, 0xc0],
        Kind::Person => K::usage(),
    };
    let mut list = vec![
        extension(&oids::KEY_USAGE, true, &write::tlv(eds::asn1::BIT_STRING, &usage)),
        extension(&oids::SUBJECT_KEY_ID, false, &write::octets(key_id)),
        extension(
            &oids::AUTHORITY_KEY_ID,
            false,
            &write::sequence(&[&write::tlv(context_primitive(0), authority_key_id)]),
        ),
    ];
    if matches!(kind, Kind::Root | Kind::Intermediate) {
        let length = if kind == Kind::Root { write::small(1) } else { write::small(0) };
        let constraints = write::sequence(&[&write::truth(), &length]);
        list.push(extension(&oids::BASIC_CONSTRAINTS, true, &constraints));
    } else {
        let usages: Vec<Vec<u8>> = leaf.usages.iter().map(write::oid).collect();
        // Whoever stamps time must do nothing else with the key.
        let critical = kind == Kind::Stamper;
        list.push(extension(&oids::EXTENDED_KEY_USAGE, critical, &write::sequence(&[&usages.concat()])));
        let policy = write::sequence(&[&write::oid(&oids::POLICY_ARC)]);
        list.push(extension(&oids::POLICIES, false, &write::sequence(&[&policy])));
    }
    if !leaf.hosts.is_empty() {
        let names: Vec<Vec<u8>> = leaf.hosts.iter().map(|it| host(it)).collect();
        list.push(extension(&oids::SUBJECT_ALT_NAME, false, &write::sequence(&[&names.concat()])));
    }
    match kind {
        Kind::Root => {}
        Kind::Responder => list.push(extension(&oids::OCSP_NO_CHECK, false, &write::null())),
        Kind::Intermediate => {
            list.push(places::<K>(&[(oids::ACCESS_ISSUER, "/cert/root.cer")]));
            list.push(list_point::<K>(&oids::CRL_POINTS, "/crl/root.crl"));
        }
        Kind::Person | Kind::Stamper => {
            list.push(places::<K>(&[(oids::ACCESS_OCSP, "/ocsp/"), (oids::ACCESS_ISSUER, "/cert/nca.cer")]));
            list.push(list_point::<K>(&oids::CRL_POINTS, "/crl/nca.crl"));
            list.push(list_point::<K>(&oids::FRESHEST_CRL, "/crl/nca_d.crl"));
        }
    }
    list
}

/// Returns one extension.
pub(super) fn extension(kind: &ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { write::truth() } else { Vec::new() };
    write::sequence(&[&write::oid(kind), &critical, &write::octets(value)])
}

/// Returns a host as a general name: an address by its bytes, a name by its letters.
fn host(it: &str) -> Vec<u8> {
    match it.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => write::tlv(context_primitive(7), &address.octets()),
        Ok(IpAddr::V6(address)) => write::tlv(context_primitive(7), &address.octets()),
        Err(_) => write::tlv(context_primitive(2), it.as_bytes()),
    }
}

fn url<K: Family>(path: &str) -> Vec<u8> {
    write::tlv(context_primitive(6), format!("{DEV_CA_URL}{}{path}", K::PATH).as_bytes())
}

fn places<K: Family>(list: &[(ObjectIdentifier, &str)]) -> Vec<u8> {
    let places: Vec<Vec<u8>> =
        list.iter().map(|(method, path)| write::sequence(&[&write::oid(method), &url::<K>(path)])).collect();
    extension(&oids::AUTHORITY_INFO, false, &write::sequence(&[&places.concat()]))
}

fn list_point<K: Family>(kind: &ObjectIdentifier, path: &str) -> Vec<u8> {
    let names = write::tlv(context(0), &write::tlv(context(0), &url::<K>(path)));
    extension(kind, false, &write::sequence(&[&write::sequence(&[&names])]))
}
