// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the standards let others write: taken as they mean it, as openssl takes it too.

use eds::asn1::{Element, GENERALIZED_TIME, INTEGER, SEQUENCE, SET, context, write};
use eds::{
    Certificate, Content, Evidence, Policy, Purpose, Revocation, RsaSigner, Trust, Verdict, embed_stamp,
    oids, signature_values, verify_cms,
};
use jiff::{SignedDuration, Timestamp};

use crate::inside::rebuilt;
use crate::oracle::{Throwaway, openssl};
use crate::stamps::{Stamping, minutes_later, years_later};

const BIN: &str = "990140000019";
/// Identifiers of more than 39 bytes, with numbers beyond 32 bits, and with a second one beyond 39.
const ODD: [&[u8]; 3] = [&[1; 40], &[0x69, 0x83, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], &[0x88, 0x37, 1]];

/// Returns the certificate of the invented person with changed fields, signed anew by the authority.
fn reissued(own: &Throwaway, change: &dyn Fn(&mut Vec<Vec<u8>>)) -> Certificate {
    let mut outer = Element::parse(own.leaf.der()).unwrap().reader();
    let tbs = outer.any().unwrap().reader().all(8).unwrap();
    let algorithm = outer.any().unwrap().raw;
    let mut fields: Vec<Vec<u8>> = tbs.iter().map(|it| it.raw.to_vec()).collect();
    change(&mut fields);
    let tbs = write::tlv(SEQUENCE, &fields.concat());
    let root = RsaSigner::from_pkcs8(&own.file("root.key")).unwrap();
    let signature = write::bits(&root.sign(&tbs).unwrap());
    Certificate::parse(&write::sequence(&[&tbs, algorithm, &signature])).unwrap()
}

/// Returns it with other extensions.
fn extended(own: &Throwaway, change: &dyn Fn(&mut Vec<Vec<u8>>)) -> Certificate {
    reissued(own, &|fields| {
        let wrapped = fields.pop().unwrap();
        let list = Element::parse(Element::parse(&wrapped).unwrap().value).unwrap().reader().all(16).unwrap();
        let mut list: Vec<Vec<u8>> = list.iter().map(|it| it.raw.to_vec()).collect();
        change(&mut list);
        fields.push(write::tlv(context(3), &write::tlv(SEQUENCE, &list.concat())));
    })
}

/// Returns it with this value of extended key usage, or with none.
fn used_for(own: &Throwaway, usages: Option<&[Vec<u8>]>) -> Certificate {
    extended(own, &|list| {
        let kind = write::oid(&oids::EXTENDED_KEY_USAGE);
        list.retain(|it| !it.windows(kind.len()).any(|part| part == kind));
        let value = |it: &[Vec<u8>]| write::octets(&write::tlv(SEQUENCE, &it.concat()));
        list.extend(usages.map(|it| write::sequence(&[&kind, &value(it)])));
    })
}

fn odd(bytes: &[u8]) -> Vec<u8> {
    write::tlv(eds::asn1::OID, bytes)
}

fn signed(own: &Throwaway, certificate: &Certificate) -> Vec<u8> {
    let chain = [certificate.clone()];
    eds::sign_cms_attached(b"text", &own.signer, &chain, certificate.not_before()).unwrap()
}

fn judged(own: &Throwaway, certificate: &Certificate, at: Timestamp, purpose: Purpose) -> Verdict {
    let policy = Policy { purpose, expected_iin: None, ..own.policy() };
    verify_cms(&Content::Attached, &signed(own, certificate), &Evidence::default(), at, &policy)
}

fn by_openssl(own: &Throwaway, certificate: &Certificate) -> bool {
    std::fs::write(own.folder.path().join("judged.der"), certificate.der()).unwrap();
    openssl(own.folder.path(), "verify -CAfile root.pem judged.der")
}

#[test]
fn identifiers_that_cannot_be_held_are_unknown_ones() {
    let own = Throwaway::new();
    let at = minutes_later(own.leaf.not_before());
    let unknown = |critical: &[u8]| {
        let of = |kind: &[u8]| write::sequence(&[&odd(kind), critical, &write::octets(&write::null())]);
        extended(&own, &|list| list.extend(ODD.map(of)))
    };
    let harmless = unknown(&[]);
    let verdict = judged(&own, &harmless, at, Purpose::ApplicantSignature);
    assert!(verdict.is_valid() && by_openssl(&own, &harmless), "{verdict:?}");
    let critical = unknown(&write::truth());
    let verdict = judged(&own, &critical, at, Purpose::ApplicantSignature);
    assert_eq!(verdict.failed_codes(), ["critical-extension"]);
    assert!(!by_openssl(&own, &critical));
    assert_eq!(critical.extensions().unknown_critical.len(), ODD.len());
    // In a name, among usages and policies.
    let named = reissued(&own, &|fields| {
        let part = write::sequence(&[&odd(ODD[2]), &write::utf8("value")]);
        let name = Element::parse(&fields[5]).unwrap().value.to_vec();
        fields[5] = write::tlv(SEQUENCE, &[name, write::set_of(vec![part])].concat());
    });
    let used = [oids::EMAIL_PROTECTION, oids::INDIVIDUAL].map(|it| write::oid(&it));
    let used = used_for(&own, Some(&[&used[..], &ODD.map(odd)].concat()));
    for certificate in [&named, &used] {
        let verdict = judged(&own, certificate, at, Purpose::ApplicantSignature);
        assert!(verdict.is_valid() && by_openssl(&own, certificate), "{verdict:?}");
    }
    // A use that is not known is a bound all the same.
    let verdict = judged(&own, &used_for(&own, Some(&[odd(ODD[1])])), at, Purpose::AnySignature);
    assert_eq!(verdict.failed_codes(), ["extended-key-usage"]);
}

#[test]
fn an_unknown_attribute_takes_no_stamp_away() {
    let it = Stamping::new();
    let value = signature_values(&it.cms).unwrap().remove(0);
    let stamped = embed_stamp(&it.cms, 0, &it.stamp(&value, "right")).unwrap();
    let later = years_later(it.own.leaf.not_after());
    assert!(it.verdict(&stamped, &Evidence::default(), later, &it.own.policy()).is_valid());
    let others = [odd(ODD[0]), odd(ODD[1]), odd(ODD[2])]
        .map(|kind| write::sequence(&[&kind, &write::tlv(SET, &write::null())]));
    for attribute in others.into_iter().chain([write::null(), write::sequence(&[])]) {
        let with_other = rebuilt(&stamped, &mut |parts| {
            let infos = parts.pop().unwrap();
            let info = Element::parse(Element::parse(&infos).unwrap().value).unwrap();
            let mut fields: Vec<Vec<u8>> =
                info.reader().all(7).unwrap().iter().map(|it| it.raw.to_vec()).collect();
            let unsigned = fields.pop().unwrap();
            let unsigned = [&attribute, Element::parse(&unsigned).unwrap().value].concat();
            fields.push(write::tlv(context(1), &unsigned));
            parts.push(write::tlv(SET, &write::tlv(SEQUENCE, &fields.concat())));
        });
        let verdict = it.verdict(&with_other, &Evidence::default(), later, &it.own.policy());
        assert!(verdict.is_valid(), "{attribute:02x?}: {verdict:?}");
    }
}

#[test]
fn terms_have_no_end_or_end_with_their_last_second() {
    let own = Throwaway::new();
    let endless = reissued(&own, &|fields| {
        let mut term = Element::parse(&fields[4]).unwrap().reader();
        let from = term.any().unwrap().raw;
        fields[4] = write::sequence(&[from, &write::tlv(GENERALIZED_TIME, b"99991231235959Z")]);
    });
    assert_eq!(endless.not_after().as_second(), Timestamp::MAX.as_second());
    let verdict = judged(&own, &endless, own.leaf.not_after(), Purpose::ApplicantSignature);
    assert!(verdict.is_valid(), "{verdict:?}");
    let last = own.leaf.not_after();
    for (milliseconds, failed) in [(0, None), (999, None), (1000, Some("certificate-expired"))] {
        let at = last + SignedDuration::from_millis(milliseconds);
        let verdict = judged(&own, &own.leaf, at, Purpose::ApplicantSignature);
        assert_eq!(verdict.failed_codes(), Vec::from_iter(failed), "{milliseconds}");
        assert_eq!(own.leaf.is_in_term(at), failed.is_none());
    }
    let before = own.leaf.not_before() - SignedDuration::from_millis(1);
    assert!(!own.leaf.is_in_term(before));
}

#[test]
fn other_names_of_a_subject_may_be_critical() {
    let own = Throwaway::new();
    let names = write::octets(&write::sequence(&[&write::tlv(0x82, b"person.invalid")]));
    let certificate = extended(&own, &|list| {
        list.push(write::sequence(&[&write::oid(&oids::SUBJECT_ALT_NAME), &write::truth(), &names]));
    });
    let verdict = judged(&own, &certificate, own.leaf.not_before(), Purpose::ApplicantSignature);
    assert!(verdict.is_valid() && by_openssl(&own, &certificate), "{verdict:?}");
    assert_eq!(certificate.extensions().alt_names, [write::tlv(0x82, b"person.invalid")]);
}

#[test]
fn whom_no_use_binds_signs_where_nothing_is_demanded() {
    let own = Throwaway::new();
    let oid = |it: &const_oid::ObjectIdentifier| write::oid(it);
    let rows = [
        (None, true),
        (Some(vec![oid(&oids::ANY_USAGE)]), true),
        (Some(vec![oid(&oids::ORGANISATION), oid(&oids::TREASURY)]), true),
        (Some(vec![oid(&oids::CLIENT_AUTH)]), false),
        (Some(vec![oid(&oids::ORGANISATION)]), false),
        (Some(vec![oid(&oids::INDIVIDUAL)]), false),
    ];
    let failed = |certificate: &Certificate, purpose| {
        judged(&own, certificate, own.leaf.not_before(), purpose).failed_codes()
    };
    for (usages, is_admitted) in rows {
        let certificate = used_for(&own, usages.as_deref());
        let any = failed(&certificate, Purpose::AnySignature);
        assert_eq!(any.is_empty(), is_admitted, "{usages:02x?}: {any:?}");
        for purpose in [Purpose::ApplicantSignature, Purpose::OperatorSignature { bin: None }] {
            assert_eq!(failed(&certificate, purpose), ["extended-key-usage"], "{usages:02x?}");
        }
    }
}

#[test]
fn a_key_of_a_person_is_no_key_of_a_system() {
    let own = Throwaway::new();
    let failed = |subject: &[(const_oid::ObjectIdentifier, &str)], usages: &[const_oid::ObjectIdentifier]| {
        let used: Vec<Vec<u8>> = usages.iter().map(write::oid).collect();
        let part = |(kind, text): &(const_oid::ObjectIdentifier, &str)| {
            write::set_of(vec![write::sequence(&[&write::oid(kind), &write::utf8(text)])])
        };
        let name = write::tlv(SEQUENCE, &subject.iter().map(part).collect::<Vec<_>>().concat());
        let certificate = used_for(&own, Some(&used));
        // The usages were written into the extensions; the subject goes beside them.
        let extensions = Element::parse(certificate.der()).unwrap().reader().any().unwrap();
        let extensions = extensions.reader().all(8).unwrap()[7].raw.to_vec();
        let certificate =
            reissued(&own, &|fields| (fields[5], fields[7]) = (name.clone(), extensions.clone()));
        [
            judged(
                &own,
                &certificate,
                own.leaf.not_before(),
                Purpose::OrganisationStamp { bin: BIN.to_owned() },
            ),
            judged(&own, &certificate, own.leaf.not_before(), Purpose::GatewayTransport { bin: None }),
        ]
        .map(|it| it.failed_codes())
    };
    let unit = format!("BIN{BIN}");
    let base = [(oids::COMMON_NAME, "INVENTED"), (oids::ORGANIZATIONAL_UNIT, unit.as_str())];
    let with = |more: &[(const_oid::ObjectIdentifier, &'static str)]| {
        failed(
            &[&base[..], more].concat(),
            &[oids::EMAIL_PROTECTION, oids::ORGANISATION, oids::INFORMATION_SYSTEM],
        )
    };
    assert_eq!(with(&[]), [Vec::<&str>::new(), Vec::new()]);
    assert_eq!(with(&[(oids::USER_ID, "system-7")]), [Vec::<&str>::new(), Vec::new()]);
    for of_person in [
        (oids::SURNAME, "INVENTED"),
        (oids::GIVEN_NAME, "PERSON"),
        (oids::SERIAL_NUMBER, "IIN990101300017"),
        (oids::USER_ID, "IIN990101300017"),
    ] {
        assert_eq!(with(&[of_person]), [["extended-key-usage"], ["extended-key-usage"]], "{of_person:?}");
    }
    for role in [oids::INDIVIDUAL, oids::HEAD, oids::RIGHT_TO_SIGN, oids::FINANCIAL, oids::EMPLOYEE] {
        let found = failed(&base, &[oids::EMAIL_PROTECTION, oids::ORGANISATION, role]);
        assert_eq!(found, [["extended-key-usage"], ["extended-key-usage"]], "{role}");
    }
}

#[test]
fn an_authority_that_issued_to_itself_stands_no_deeper() {
    let own = Throwaway::new();
    let place = own.folder.path();
    let settings = "[top]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
        subjectKeyIdentifier=hash\n[between]\nbasicConstraints=critical,CA:TRUE\n\
        keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
        [req]\ndistinguished_name=dn\n[dn]\n";
    std::fs::write(place.join("top.cnf"), settings).unwrap();
    let top = "req -x509 -newkey rsa:2048 -nodes -keyout top.key -out top.pem -days 30 -subj /CN=Top -config top.cnf -extensions top";
    assert!(openssl(place, top));
    for (name, is_valid) in [("Top", true), ("Other", false)] {
        for command in [
            &format!(
                "req -newkey rsa:2048 -nodes -keyout next.key -out next.csr -subj /CN={name} -config openssl.cnf"
            ),
            "x509 -req -in next.csr -CA top.pem -CAkey top.key -set_serial 0x71 -days 25 -out next.pem -extfile top.cnf -extensions between",
            "x509 -req -in leaf.csr -CA next.pem -CAkey next.key -set_serial 0x72 -days 20 -out under.pem -extfile openssl.cnf -extensions leaf",
        ] {
            assert!(openssl(place, command), "{command}");
        }
        assert_eq!(
            openssl(place, "verify -CAfile top.pem -untrusted next.pem under.pem"),
            is_valid,
            "{name}"
        );
        let leaf = Certificate::parse(&own.file("under.pem")).unwrap();
        let trust = Trust::from_certificates([own.file("top.pem").as_slice()]).unwrap();
        let policy =
            Policy { revocation: Revocation::NotChecked, ..Policy::new(trust, Purpose::AnySignature) };
        let evidence = Evidence { certificates: vec![own.file("next.pem")], ..Evidence::default() };
        let at = minutes_later(leaf.not_before());
        let verdict = verify_cms(&Content::Attached, &signed(&own, &leaf), &evidence, at, &policy);
        assert_eq!(verdict.is_valid(), is_valid, "{name}: {verdict:?}");
    }
}

#[test]
fn of_many_certificates_inside_those_of_the_signers_are_found() {
    let own = Throwaway::new();
    let at = own.leaf.not_before();
    let judged = |certificates: Vec<Vec<u8>>| {
        let cms = rebuilt(&signed(&own, &own.leaf), &mut |parts| {
            let place = parts.iter().position(|it| it[0] == context(0)).unwrap();
            parts[place] = write::tlv(context(0), &certificates.concat());
        });
        verify_cms(&Content::Attached, &cms, &Evidence::default(), at, &own.policy())
    };
    let other = |number: u8| {
        reissued(&own, &|fields| fields[1] = write::tlv(INTEGER, &[0x12, number])).der().to_vec()
    };
    let others: Vec<Vec<u8>> = (0..50).map(other).collect();
    let verdict = judged([&others[..], &[own.leaf.der().to_vec()]].concat());
    assert!(verdict.is_valid(), "{verdict:?}");
    assert_eq!(judged(others.clone()).failed_codes(), ["certificate-absent"]);
    // One that is there and cannot be read is not absent.
    let mut unreadable = own.leaf.der().to_vec();
    let version = unreadable.windows(5).position(|it| it == [context(0), 3, INTEGER, 1, 2]).unwrap();
    unreadable[version + 4] = 9;
    let verdict = judged(vec![others[0].clone(), unreadable.clone()]);
    assert_eq!(verdict.failed_codes(), ["certificate-malformed"]);
    let said = verdict.checks.iter().find(|it| it.code == eds::CheckCode::CertificateMalformed).unwrap();
    assert_eq!(said.detail.as_deref(), Some("CN=Root, serial 4711"));
    // Another's says nothing of it.
    let place = unreadable.windows(4).position(|it| it == [INTEGER, 2, 0x47, 0x11]).unwrap();
    unreadable[place + 3] = 0x12;
    assert_eq!(judged(vec![unreadable]).failed_codes(), ["certificate-absent"]);
}
