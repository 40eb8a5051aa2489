// SPDX-License-Identifier: MIT OR Apache-2.0
//! Paths: what came along decides nothing by being there, and authorities bind what is under them.

use eds::{
    Certificate, Content, Evidence, Need, Outcome, Policy, Purpose, Revocation, RsaSigner, Trust, Verdict,
    verify_cms,
};
use jiff::Timestamp;

use crate::inside::{by_attribute, rebuilt};
use crate::maker::Plan;
use crate::oracle::{Throwaway, openssl};
use crate::stamps::minutes_later;
use eds::asn1::{context, write};

const LEAF: &str = "[under]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
    extendedKeyUsage=emailProtection,1.2.398.3.3.4.1.1\ncertificatePolicies=1.2.398.3.3.2\nsubjectKeyIdentifier=hash\n\
    authorityKeyIdentifier=keyid\nauthorityInfoAccess=caIssuers;URI:http://ca.invalid/between.cer\n";
const BETWEEN: &str = "[between]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A root, an authority between, and an invented person whose certificate says where its issuer is.
struct Chain {
    own: Throwaway,
    between: Certificate,
    leaf: Certificate,
    cms: Vec<u8>,
}

impl Chain {
    /// Makes it with more extensions in the authority between.
    fn new(more: &str) -> Self {
        Self::with_uses("", more)
    }

    /// The same with more uses of the person's key.
    fn with_uses(uses: &str, more: &str) -> Self {
        let own = Throwaway::new();
        let place = own.folder.path();
        std::fs::write(
            place.join("chain.cnf"),
            format!(
                "{}{BETWEEN}{more}\n",
                LEAF.replace("emailProtection,", &format!("emailProtection,{uses}"))
            ),
        )
        .unwrap();
        for command in [
            "req -newkey rsa:2048 -nodes -keyout between.key -out between.csr -subj /CN=Between -config openssl.cnf",
            "x509 -req -in between.csr -CA root.pem -CAkey root.key -set_serial 0x61 -days 25 -out between.pem -extfile chain.cnf -extensions between",
            "x509 -req -in leaf.csr -CA between.pem -CAkey between.key -set_serial 0x62 -days 20 -out under.pem -extfile chain.cnf -extensions under",
        ] {
            assert!(openssl(place, command), "{command}");
        }
        let read = |name: &str| Certificate::parse(&own.file(name)).unwrap();
        let (between, leaf) = (read("between.pem"), read("under.pem"));
        let signer = RsaSigner::from_pkcs8(&own.file("leaf.key")).unwrap();
        let chain = [leaf.clone()];
        let cms = eds::sign_cms_attached(b"text", &signer, &chain, leaf.not_before()).unwrap();
        Self { own, between, leaf, cms }
    }

    fn at(&self) -> Timestamp {
        minutes_later(self.leaf.not_before())
    }

    fn policy(&self) -> Policy {
        let trust = Trust::from_certificates([self.own.root.as_slice()]).unwrap();
        let policy = Policy::new(trust, Purpose::ApplicantSignature).for_iin("990101300017");
        Policy { revocation: Revocation::NotChecked, ..policy }
    }

    fn judged(&self, cms: &[u8], certificates: Vec<Vec<u8>>) -> Verdict {
        let evidence = Evidence { certificates, ..Evidence::default() };
        verify_cms(&Content::Attached, cms, &evidence, self.at(), &self.policy())
    }
}

/// Returns the certificate with another key, of which nobody knows the private one: byte `at` of the modulus differs.
fn with_other_key(certificate: &Certificate, at: usize) -> Vec<u8> {
    let mut der = certificate.der().to_vec();
    let key = certificate.spki();
    let place = der.windows(key.len()).position(|it| it == key).unwrap();
    der[place + key.len() / 2 + at] ^= 0x10;
    assert_eq!(Certificate::parse(&der).unwrap().subject().raw(), certificate.subject().raw());
    der
}

/// Returns the CMS with these certificates before its own.
fn with_spare(cms: &[u8], spare: &[Vec<u8>]) -> Vec<u8> {
    rebuilt(cms, &mut |parts| {
        let place = parts.iter().position(|it| it[0] == context(0)).unwrap();
        let own = eds::asn1::Element::parse(&parts[place]).unwrap().value.to_vec();
        parts[place] = write::tlv(context(0), &[spare.concat(), own].concat());
    })
}

#[test]
fn stranger_with_the_name_of_the_issuer_changes_nothing() {
    let it = Chain::new("");
    let junk = with_other_key(&it.between, 0);
    let asks = |verdict: &Verdict| matches!(verdict.needs(), [Need::Issuer { urls, .. }] if urls == &["http://ca.invalid/between.cer"]);
    let alone = it.judged(&it.cms, Vec::new());
    assert!(asks(&alone), "{alone:?}");
    for verdict in [
        it.judged(&it.cms, vec![junk.clone()]),
        it.judged(&with_spare(&it.cms, std::slice::from_ref(&junk)), Vec::new()),
    ] {
        assert!(asks(&verdict) && verdict.failed_codes().is_empty(), "{verdict:?}");
    }
    let verdict = it.judged(&it.cms, vec![junk, it.between.der().to_vec()]);
    assert!(verdict.is_valid(), "{verdict:?}");
    // Nor does one with the issuer's own key, which its issuer did not sign.
    let mut unsigned = it.between.der().to_vec();
    *unsigned.last_mut().unwrap() ^= 1;
    let verdict = it.judged(&it.cms, vec![unsigned.clone()]);
    assert!(asks(&verdict) && verdict.failed_codes().is_empty(), "{verdict:?}");
    let verdict = it.judged(&it.cms, vec![unsigned, it.between.der().to_vec()]);
    assert!(verdict.is_valid(), "{verdict:?}");
}

#[test]
fn certificate_that_its_trusted_issuer_did_not_sign_is_forged() {
    let it = Chain::new("");
    let mut der = it.leaf.der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    let forged = rebuilt(&it.cms, &mut |parts| {
        let place = parts.iter().position(|it| it[0] == context(0)).unwrap();
        parts[place] = write::tlv(context(0), &der);
    });
    let failed = it.judged(&forged, vec![it.between.der().to_vec()]).failed_codes();
    for code in ["certificate-signature-mismatch", "chain-untrusted"] {
        assert!(failed.contains(&code), "{failed:?}");
    }
}

#[test]
fn many_strangers_leave_it_undecided_and_what_was_given_is_tried_first() {
    let it = Chain::new("");
    let junk: Vec<Vec<u8>> = (0..80).map(|at| with_other_key(&it.between, at)).collect();
    let spare = with_spare(&it.cms, &junk[..30]);
    let verdict = it.judged(&spare, vec![it.between.der().to_vec()]);
    assert!(verdict.is_valid(), "{verdict:?}");
    let verdict = it.judged(&spare, junk[30..].to_vec());
    assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{verdict:?}");
    assert_eq!(verdict.unknown_codes(), ["certificate-signature-mismatch", "chain-untrusted"]);
}

#[test]
fn forged_twin_of_the_signers_certificate_hides_it_not() {
    let it = Chain::new("");
    let twin = with_other_key(&it.leaf, 0);
    let between = vec![it.between.der().to_vec()];
    let verdict = it.judged(&with_spare(&it.cms, std::slice::from_ref(&twin)), between.clone());
    assert!(verdict.is_valid(), "{verdict:?}");
    // One with the same key, but signed by nobody, neither.
    let mut unsigned = it.leaf.der().to_vec();
    *unsigned.last_mut().unwrap() ^= 1;
    for bare in [it.cms.clone(), by_attribute(&it.own, &it.cms, None)] {
        let spare = with_spare(&bare, &[unsigned.clone(), twin.clone()]);
        let verdict = it.judged(&spare, between.clone());
        assert!(verdict.is_valid(), "{verdict:?}");
    }
    // Alone it is no better than before.
    let alone = rebuilt(&it.cms, &mut |parts| {
        let place = parts.iter().position(|it| it[0] == context(0)).unwrap();
        parts[place] = write::tlv(context(0), &twin);
    });
    assert!(it.judged(&alone, between).failed_codes().contains(&"signature-mismatch"));
}

#[test]
fn authorities_bind_what_is_under_them() {
    let rows = [
        ("extendedKeyUsage=critical,serverAuth", Some("issuer-not-authority")),
        ("extendedKeyUsage=serverAuth", Some("issuer-not-authority")),
        ("extendedKeyUsage=serverAuth,emailProtection", None),
        ("extendedKeyUsage=anyExtendedKeyUsage", None),
        ("certificatePolicies=1.2.3.4", Some("certificate-policy")),
        ("certificatePolicies=1.2.3.4,2.5.29.32.0", None),
        // What the national authority's own certificates say.
        ("certificatePolicies=1.2.398.3.3.1.1", None),
        ("nameConstraints=excluded;DNS:nowhere.invalid", Some("critical-extension")),
    ];
    for (more, code) in rows {
        let it = Chain::new(more);
        let verdict = it.judged(&it.cms, vec![it.between.der().to_vec()]);
        assert_eq!(verdict.failed_codes(), Vec::from_iter(code), "{more}: {verdict:?}");
    }
    // A use beside the one that is relied on lends nothing.
    let it = Chain::with_uses("serverAuth,", "extendedKeyUsage=critical,serverAuth");
    let verdict = it.judged(&it.cms, vec![it.between.der().to_vec()]);
    assert_eq!(verdict.failed_codes(), ["issuer-not-authority"], "{verdict:?}");
}

#[test]
fn of_an_authority_renewed_with_its_key_a_lost_key_counts_whatever_came_first_and_a_renewal_harms_nobody() {
    let it = Chain::new("");
    let renew = "x509 -req -in between.csr -CA root.pem -CAkey root.key -set_serial 0x63 -days 24 -out renewed.pem -extfile chain.cnf -extensions between";
    assert!(openssl(it.own.folder.path(), renew));
    let renewed = Certificate::parse(&it.own.file("renewed.pem")).unwrap();
    let root = Certificate::parse(&it.own.root).unwrap();
    let list = |authority: &Certificate, key: &str, entries| {
        let signer = RsaSigner::from_pkcs8(&it.own.file(key)).unwrap();
        let next_update = Some(minutes_later(it.at()));
        Plan { next_update, entries, ..Plan::of(authority, &signer, it.leaf.not_before()) }.make()
    };
    let of_people = list(&it.between, "between.key", Vec::new());
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.policy() };
    for (reason, failed, unknown) in [
        (Some(1), vec!["certificate-revoked"], vec![]),
        (None, vec![], vec!["revocation-unknown"]),
        (Some(6), vec![], vec!["revocation-unknown"]),
        (Some(4), vec![], vec![]),
        (Some(9), vec![], vec![]),
    ] {
        let entry = (renewed.serial().to_vec(), it.leaf.not_before(), reason);
        let of_authorities = list(&root, "root.key", vec![entry]);
        let crls = vec![of_people.clone(), of_authorities];
        for order in [[&it.between, &renewed], [&renewed, &it.between]] {
            let certificates = order.map(|it| it.der().to_vec()).to_vec();
            let evidence = Evidence { certificates, crls: crls.clone(), ..Evidence::default() };
            let verdict = verify_cms(&Content::Attached, &it.cms, &evidence, it.at(), &policy);
            assert_eq!(verdict.failed_codes(), failed, "{reason:?}: {verdict:?}");
            assert_eq!(verdict.unknown_codes(), unknown, "{reason:?}: {verdict:?}");
        }
    }
}

#[test]
fn an_issuer_without_an_address_is_asked_for_and_a_root_that_is_not_installed_is_named() {
    let it = Chain::new("");
    // The authority between says nowhere where its issuer is: it is asked for by its name.
    let policy = Policy { trust: Trust::default(), ..it.policy() };
    let judged = |certificates: Vec<Vec<u8>>| {
        let evidence = Evidence { certificates, ..Evidence::default() };
        verify_cms(&Content::Attached, &it.cms, &evidence, it.at(), &policy)
    };
    let verdict = judged(vec![it.between.der().to_vec()]);
    assert_eq!((verdict.failed_codes(), verdict.unknown_codes()), (vec![], vec!["chain-untrusted"]));
    assert_eq!(verdict.needs(), [Need::Issuer { issuer: "CN=Root".to_owned(), urls: Vec::new() }]);
    // The whole path is there, and ends elsewhere than at an installed root.
    let root = Certificate::parse(&it.own.root).unwrap();
    let verdict = judged(vec![it.between.der().to_vec(), it.own.root.clone()]);
    let said = verdict.checks.iter().find(|it| it.code == eds::CheckCode::ChainUntrusted).unwrap();
    assert_eq!(said.detail, Some(format!("CN=Root, SHA-256 {}", root.sha256_hex())));
    // What was given need not be fetched.
    assert_eq!((verdict.failed_codes(), verdict.needs()), (vec!["chain-untrusted"], &[][..]));
    // Whoever made the file may have left out another certificate of the issuer.
    let along = with_spare(&it.cms, &[it.between.der().to_vec(), root.der().to_vec()]);
    let verdict = verify_cms(&Content::Attached, &along, &Evidence::default(), it.at(), &policy);
    assert_eq!((verdict.failed_codes(), verdict.unknown_codes()), (vec![], vec!["chain-untrusted"]));
    assert!(
        matches!(verdict.needs(), [Need::Issuer { issuer, .. }] if issuer == "CN=Between"),
        "{verdict:?}"
    );
}
