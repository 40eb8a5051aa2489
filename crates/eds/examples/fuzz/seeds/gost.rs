// SPDX-License-Identifier: MIT OR Apache-2.0
//! Invented authorities and people with keys of gost-engine, under the names of the national authority.
//!
//! The engine's order of bytes in a signature is the reverse of the national one.

use std::path::Path;

use const_oid::ObjectIdentifier;
use eds::algorithm::SignatureAlgorithm;
use eds::asn1::{Element, context, write};
use eds::{Certificate, oids};
use jiff::Timestamp;

use super::person::{Person, Sign};
use super::{Made, openssl};

/// A kind of key: the name of its files, what the engine is asked for, and its national identifiers.
pub(super) struct Kind {
    pub(super) name: &'static str,
    algorithm: SignatureAlgorithm,
    engine: &'static str,
    named: [ObjectIdentifier; 3],
}

pub(super) static KINDS: [Kind; 3] = [
    Kind {
        name: "gost512",
        algorithm: SignatureAlgorithm::Gost2015Bits512,
        engine: "gost2012_512 -pkeyopt paramset:A",
        named: [oids::GOST_2015_512_KEY, oids::GOST_2015_512_CURVE, oids::STREEBOG_512],
    },
    Kind {
        name: "gost256",
        algorithm: SignatureAlgorithm::Gost2015Bits256,
        engine: "gost2012_256 -pkeyopt paramset:TCA",
        named: [oids::GOST_2015_256_KEY, oids::GOST_2015_256_CURVE, oids::STREEBOG_256],
    },
    Kind {
        name: "gost2004",
        algorithm: SignatureAlgorithm::Gost2004,
        engine: "gost2001 -pkeyopt paramset:A",
        named: [oids::GOST_2004_KEY, oids::GOST_2004_CURVE, oids::GOST_34311_BOX],
    },
];

/// Who issues, and the term of what is issued.
struct Issuer<'a> {
    name: &'a [u8],
    algorithm: SignatureAlgorithm,
    sign: &'a Sign,
    term: [Timestamp; 2],
}

/// Returns an authority and a person with a certificate of it; both certificates are left in the folder.
pub(super) fn people(folder: &Path, kind: &Kind, term: [Timestamp; 2]) -> Made<(Person, Person)> {
    let (root_spki, root_sign) = key(folder, kind, "root")?;
    let (spki, sign) = key(folder, kind, "leaf")?;
    let authority = name(&[(oids::COMMON_NAME, write::utf8(&format!("INVENTED AUTHORITY {}", kind.name)))]);
    let issuer = Issuer { name: &authority, algorithm: kind.algorithm, sign: &root_sign, term };
    let extensions = [
        extension(oids::BASIC_CONSTRAINTS, &write::sequence(&[&write::truth()])),
        extension(oids::KEY_USAGE, &[3, 2, 1, 6]),
    ];
    let root = issuer.certificate(1, &authority, &root_spki, &extensions)?;
    let subject = name(&[
        (oids::COMMON_NAME, write::utf8("INVENTED PERSON")),
        (oids::SURNAME, write::utf8("INVENTED")),
        (oids::SERIAL_NUMBER, write::printable("IIN990101300017")),
    ]);
    let usages = write::sequence(&[&write::oid(&oids::EMAIL_PROTECTION), &write::oid(&oids::INDIVIDUAL)]);
    let policies = write::sequence(&[&write::sequence(&[&write::oid(&oids::POLICY_ARC)])]);
    let extensions = [
        extension(oids::KEY_USAGE, &[3, 2, 3, 0xc8]),
        extension(oids::EXTENDED_KEY_USAGE, &usages),
        extension(oids::POLICIES, &policies),
    ];
    let leaf = issuer.certificate(0x4711, &subject, &spki, &extensions)?;
    std::fs::write(folder.join(format!("{}-root.der", kind.name)), root.der())?;
    std::fs::write(folder.join(format!("{}-leaf.der", kind.name)), leaf.der())?;
    let algorithm = kind.algorithm;
    let root = Person { certificate: root, algorithm, sign: root_sign };
    Ok((root, Person { certificate: leaf, algorithm, sign }))
}

/// Makes a key; returns it as the national authority writes it, and the way to sign with it.
fn key(folder: &Path, kind: &Kind, whose: &str) -> Made<(Vec<u8>, Sign)> {
    let own = format!("{}-{whose}", kind.name);
    openssl(folder, &format!("genpkey -engine gost -algorithm {} -out {own}.key", kind.engine))?;
    openssl(folder, &format!("pkey -engine gost -in {own}.key -pubout -outform DER -out {own}.pub"))?;
    let public = std::fs::read(folder.join(format!("{own}.pub")))?;
    let mut info = Element::parse(&public)?.reader();
    info.any()?;
    let point = Element::parse(info.any()?.bit_string()?)?.value.to_vec();
    let [key, curve, digest] = kind.named.map(|it| write::oid(&it));
    let spki = write::sequence(&[
        &write::sequence(&[&key, &write::sequence(&[&curve, &digest])]),
        &write::bits(&write::octets(&point)),
    ]);
    let (folder, algorithm) = (folder.to_owned(), kind.algorithm);
    let sign: Sign = Box::new(move |message: &[u8]| {
        std::fs::write(folder.join("digest"), algorithm.digest().digest(message))?;
        openssl(&folder, &format!("pkeyutl -engine gost -sign -inkey {own}.key -in digest -out signature"))?;
        let mut signature = std::fs::read(folder.join("signature"))?;
        signature.reverse();
        Ok(signature)
    });
    Ok((spki, sign))
}

impl Issuer<'_> {
    fn certificate(
        &self,
        serial: u32,
        subject: &[u8],
        spki: &[u8],
        extensions: &[Vec<u8>],
    ) -> Made<Certificate> {
        let algorithm = write::algorithm_null(&self.algorithm.oid());
        let [from, until] = self.term.map(write::time);
        let tbs = write::sequence(&[
            &write::tlv(context(0), &write::small(2)),
            &write::small(serial),
            &algorithm,
            self.name,
            &write::sequence(&[&from, &until]),
            subject,
            spki,
            &write::tlv(context(3), &write::sequence(&[&extensions.concat()])),
        ]);
        let signature = (self.sign)(&tbs)?;
        let der = write::sequence(&[&tbs, &algorithm, &write::bits(&signature)]);
        Ok(Certificate::parse(&der)?)
    }
}

fn name(parts: &[(ObjectIdentifier, Vec<u8>)]) -> Vec<u8> {
    let set =
        |it: &(ObjectIdentifier, Vec<u8>)| write::set_of(vec![write::sequence(&[&write::oid(&it.0), &it.1])]);
    write::sequence(&[&parts.iter().flat_map(set).collect::<Vec<u8>>()])
}

fn extension(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(&kind), &write::truth(), &write::octets(value)])
}
