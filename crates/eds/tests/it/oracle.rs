// SPDX-License-Identifier: MIT OR Apache-2.0
//! openssl as an oracle: what we sign it accepts, what it signs we accept.

use std::path::Path;
use std::process::Command;

use eds::{Certificate, Content, Evidence, Policy, Purpose, Revocation, RsaSigner, Trust, verify_cms};

const CONFIG: &str = "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\n\
    keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n[leaf]\nbasicConstraints=CA:FALSE\n\
    keyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=emailProtection,1.2.398.3.3.4.1.1\n\
    certificatePolicies=1.2.398.3.3.2\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A throw-away authority with one invented person, made by openssl in its own folder.
pub(crate) struct Throwaway {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) root: Vec<u8>,
    pub(crate) leaf: Certificate,
    pub(crate) signer: RsaSigner,
}

pub(crate) fn openssl(folder: &Path, arguments: &str) -> bool {
    let output =
        Command::new("openssl").current_dir(folder).args(arguments.split_whitespace()).output().unwrap();
    if !output.status.success() {
        println!("{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success()
}

impl Throwaway {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        std::fs::write(place.join("openssl.cnf"), CONFIG).unwrap();
        std::fs::write(place.join("content.txt"), "мазмұн\r\n").unwrap();
        let subject = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
        for command in [
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root -config openssl.cnf -extensions root",
            &format!(
                "req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj {subject} -config openssl.cnf"
            ),
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4711 -days 20 -out leaf.pem -extfile openssl.cnf -extensions leaf",
        ] {
            assert!(openssl(place, command), "{command}");
        }
        let read = |name: &str| std::fs::read(place.join(name)).unwrap();
        let (root, leaf) = (read("root.pem"), Certificate::parse(&read("leaf.pem")).unwrap());
        let signer = RsaSigner::from_pkcs8(&read("leaf.key")).unwrap();
        Self { folder, root, leaf, signer }
    }

    pub(crate) fn policy(&self) -> Policy {
        let trust = Trust::from_certificates([self.root.as_slice()]).unwrap();
        let mut policy = Policy::new(trust, Purpose::ApplicantSignature).for_iin("990101300017");
        policy.revocation = Revocation::NotChecked;
        policy
    }

    pub(crate) fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }
}

#[test]
fn what_we_sign_openssl_accepts_as_cades() {
    let own = Throwaway::new();
    let (place, content) = (own.folder.path(), own.file("content.txt"));
    let time = own.leaf.not_before();
    let chain = [own.leaf.clone()];
    let detached = eds::sign_cms_detached(eds::sha256(&content), &own.signer, &chain, time).unwrap();
    let attached = eds::sign_cms_attached(&content, &own.signer, &chain, time).unwrap();
    std::fs::write(place.join("detached.der"), &detached).unwrap();
    std::fs::write(place.join("attached.der"), &attached).unwrap();
    let common = "cms -verify -cades -binary -inform DER -CAfile root.pem -purpose any -out out";
    assert!(openssl(place, &format!("{common} -in detached.der -content content.txt")));
    assert!(openssl(place, &format!("{common} -in attached.der")));
    assert!(!openssl(place, &format!("{common} -in detached.der -content root.pem")));
    let mut policy = own.policy();
    policy.signing_certificate = eds::SigningCertificate::Required;
    for (content, cms) in [(Content::Detached(&content), &detached), (Content::Attached, &attached)] {
        let verdict = verify_cms(&content, cms, &Evidence::default(), time, &policy);
        assert!(verdict.is_valid(), "{verdict:?}");
    }
    let by_digest =
        eds::verify_cms_digest(eds::sha256(&content), &detached, &Evidence::default(), time, &policy);
    assert!(by_digest.is_valid());
}

#[test]
fn what_openssl_signs_we_accept_in_every_form() {
    let own = Throwaway::new();
    let content = own.file("content.txt");
    let time = own.leaf.not_before();
    let base = "cms -sign -binary -in content.txt -signer leaf.pem -inkey leaf.key -out signed";
    for (options, attached) in [
        ("-outform DER -md sha256", false),
        ("-outform DER -md sha256 -nodetach", true),
        ("-outform PEM -md sha256 -nodetach", true),
        ("-outform DER -md sha256 -cades", false),
        ("-outform DER -md sha256 -nodetach -stream -indef", true),
        ("-outform DER -md sha256 -keyid", false),
        ("-outform DER -md sha384 -nodetach", true),
        ("-outform DER -md sha512", false),
    ] {
        assert!(openssl(own.folder.path(), &format!("{base} {options}")));
        let cms = own.file("signed");
        let given = if attached { Content::Attached } else { Content::Detached(&content) };
        let verdict = verify_cms(&given, &cms, &Evidence::default(), time, &own.policy());
        assert!(verdict.is_valid(), "{options}: {verdict:?}");
    }
    for refused in ["-noattr -md sha256", "-md sha1", "-nocerts -md sha256"] {
        assert!(openssl(own.folder.path(), &format!("{base} -outform DER {refused}")));
        let cms = own.file("signed");
        let verdict =
            verify_cms(&Content::Detached(&content), &cms, &Evidence::default(), time, &own.policy());
        assert_eq!(verdict.outcome, eds::Outcome::Invalid, "{refused}: {verdict:?}");
    }
}

#[test]
fn large_content_in_pieces_and_several_signers_are_accepted_both_ways() {
    let own = Throwaway::new();
    let (place, time) = (own.folder.path(), own.leaf.not_before());
    let content: Vec<u8> = (0..300_000u32).flat_map(u32::to_be_bytes).collect();
    std::fs::write(place.join("large"), &content).unwrap();
    let sign = "cms -sign -binary -nodetach -stream -indef -outform DER -md sha256 -in large -signer leaf.pem -inkey leaf.key";
    assert!(openssl(place, &format!("{sign} -out pieces")));
    // A second signer over what is of indefinite length, and over ours.
    let next = "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4712 -days 20 -out next.pem -extfile openssl.cnf -extensions leaf";
    assert!(openssl(place, next));
    let again = "cms -resign -binary -outform DER -inform DER -md sha256 -signer next.pem -inkey leaf.key";
    assert!(openssl(place, &format!("{again} -in pieces -out resigned")));
    let ours = eds::sign_cms_attached(&content, &own.signer, std::slice::from_ref(&own.leaf), time).unwrap();
    std::fs::write(place.join("ours"), &ours).unwrap();
    assert!(openssl(place, &format!("{again} -in ours -out both")));
    let time = crate::stamps::minutes_later(time);
    for (name, signers) in [("pieces", 1), ("resigned", 2), ("both", 2)] {
        let cms = own.file(name);
        let verdict = verify_cms(&Content::Attached, &cms, &Evidence::default(), time, &own.policy());
        assert!(verdict.is_valid(), "{name}: {verdict:?}");
        assert_eq!(verdict.signers.len(), signers, "{name}");
        assert_eq!(eds::attached_content(&cms).unwrap().as_deref(), Some(content.as_slice()));
        assert!(openssl(
            place,
            &format!("cms -verify -binary -inform DER -CAfile root.pem -purpose any -in {name} -out out")
        ));
        assert_eq!(own.file("out"), content);
        // One bit of any piece, of any length.
        for at in (0..cms.len()).step_by(cms.len() / 97) {
            let mut changed = cms.clone();
            changed[at] ^= 4;
            let verdict = verify_cms(&Content::Attached, &changed, &Evidence::default(), time, &own.policy());
            assert!(
                !verdict.is_valid()
                    || eds::attached_content(&changed).unwrap().as_deref() == Some(content.as_slice()),
                "{name} {at}"
            );
        }
    }
    // The head says indefinite, and pieces are strings.
    assert!(own.file("pieces").starts_with(&[0x30, 0x80]));
}

#[test]
fn keys_of_4096_bits_are_accepted_both_ways() {
    let own = Throwaway::new();
    let (place, content) = (own.folder.path(), own.file("content.txt"));
    let subject = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
    let request = format!(
        "req -newkey rsa:4096 -nodes -keyout long.key -out long.csr -subj {subject} -config openssl.cnf"
    );
    for command in [
        request.as_str(),
        "x509 -req -in long.csr -CA root.pem -CAkey root.key -set_serial 0x4713 -days 20 -out long.pem -extfile openssl.cnf -extensions leaf",
        "cms -sign -cades -binary -nodetach -md sha256 -in content.txt -signer long.pem -inkey long.key -outform DER -out long.der",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let certificate = Certificate::parse(&own.file("long.pem")).unwrap();
    let time = certificate.not_before();
    let theirs = own.file("long.der");
    let judged = |cms: &[u8]| verify_cms(&Content::Attached, cms, &Evidence::default(), time, &own.policy());
    assert!(judged(&theirs).is_valid(), "{:?}", judged(&theirs));
    let mut changed = theirs;
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(judged(&changed).failed_codes(), ["signature-mismatch"]);
    let signer = RsaSigner::from_pkcs8(&own.file("long.key")).unwrap();
    let ours = eds::sign_cms_attached(&content, &signer, &[certificate], time).unwrap();
    assert!(judged(&ours).is_valid());
    std::fs::write(place.join("ours.der"), ours).unwrap();
    let verify = "cms -verify -cades -binary -inform DER -in ours.der -CAfile root.pem -purpose any -out out";
    assert!(openssl(place, verify));
}
