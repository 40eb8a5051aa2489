// SPDX-License-Identifier: MIT OR Apache-2.0
//! OCSP: openssl as the responder, forged answers beside it, and the answers of the national test authorities.

mod algorithms;
mod covered;
mod delegates;
mod made;
mod weighed;

use eds::algorithm::DigestAlgorithm::Sha1;
use eds::asn1::{INTEGER, context, write};
use eds::{Certificate, CheckResult, Context, Evidence, Findings, Policy, RsaSigner, Subject, oids};
use jiff::{SignedDuration, Timestamp};

use crate::maker::{Listed, Plan, extension};
use crate::oracle::{Throwaway, openssl};
use crate::shared::vector;
use made::Made;

const NONCE: &[u8] = b"sixteen bytes in";

/// An authority with a delegate that answers for it, and one that may not.
struct Responders {
    own: Throwaway,
    root: Certificate,
}

const EXTENSIONS: &str = "[exempt]\nkeyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored\n\
    authorityKeyIdentifier=keyid\n[listed]\nkeyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\n\
    authorityKeyIdentifier=keyid\n[other]\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n\
    noCheck=ignored\nauthorityKeyIdentifier=keyid\n";

impl Responders {
    fn new() -> Self {
        let own = Throwaway::new();
        let place = own.folder.path();
        std::fs::write(place.join("ocsp.cnf"), EXTENSIONS).unwrap();
        for (serial, name) in [(17, "exempt"), (18, "listed"), (19, "other")] {
            for command in [
                format!(
                    "req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name} -config openssl.cnf"
                ),
                format!(
                    "x509 -req -in {name}.csr -CA root.pem -CAkey root.key -set_serial {serial} -days 20 -out {name}.pem -extfile ocsp.cnf -extensions {name}"
                ),
            ] {
                assert!(openssl(place, &command), "{command}");
            }
        }
        let root = Certificate::parse(&own.root).unwrap();
        Self { own, root }
    }

    fn signer(&self, name: &str) -> RsaSigner {
        RsaSigner::from_pkcs8(&self.own.file(&format!("{name}.key"))).unwrap()
    }

    /// Asks openssl about the leaf; `status` is the line of its database.
    fn asked(&self, status: &str, responder: &str, options: &str) -> Vec<u8> {
        self.asked_with(Some(NONCE), status, responder, options)
    }

    fn asked_with(&self, nonce: Option<&[u8]>, status: &str, responder: &str, options: &str) -> Vec<u8> {
        let place = self.own.folder.path();
        let subject = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
        std::fs::write(place.join("index.txt"), format!("{status}\t4711\tunknown\t{subject}\n")).unwrap();
        let request = eds::ocsp_request(&self.own.leaf, &self.root, nonce).unwrap();
        std::fs::write(place.join("request.der"), request).unwrap();
        let command = format!(
            "ocsp -index index.txt -CA root.pem -rsigner {responder}.pem -rkey {responder}.key -reqin request.der -respout response.der {options}"
        );
        assert!(openssl(place, &command));
        self.own.file("response.der")
    }

    /// A list made at this time, for twenty hours.
    fn list(&self, at: Timestamp, entries: Vec<Listed>) -> Vec<u8> {
        Plan {
            next_update: Some(at + SignedDuration::from_hours(20)),
            entries,
            ..Plan::of(&self.root, &self.signer("root"), at)
        }
        .make()
    }

    fn policy(&self) -> Policy {
        let mut policy = self.own.policy();
        policy.revocation = eds::Revocation::OcspOrCrl;
        policy.ocsp_nonce = Some(NONCE.to_vec());
        policy
    }

    fn judged(&self, evidence: &Evidence, at: Timestamp, policy: &Policy) -> Vec<String> {
        let mut findings = Findings::default();
        let context = Context { evidence, at, policy };
        eds::judge_certificate(&self.own.leaf, &[], &context, &Subject::Signer(0), &mut findings);
        words(&findings)
    }

    fn judged_answer(&self, ocsp: Vec<u8>, policy: &Policy) -> Vec<String> {
        let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
        self.judged(&evidence, now(&evidence.ocsp[0]), policy)
    }
}

/// Returns what was found about revocation; the detail only where a word explains a doubt.
fn words(findings: &Findings) -> Vec<String> {
    let about =
        ["certificate-revoked", "certificate-not-issued", "revocation-unknown", "revocation-evidence"];
    let kept = findings.checks.iter().filter(|it| about.contains(&it.code.as_str()));
    kept.map(|it| match (it.result, &it.detail) {
        (CheckResult::Passed, _) => format!("{} passed", it.code),
        (CheckResult::Failed, _) => format!("{} failed", it.code),
        (CheckResult::Unknown, Some(detail)) => format!("{} {detail}", it.code),
        (CheckResult::Unknown, None) => format!("{} unknown", it.code),
    })
    .collect()
}

/// Returns the time at which an answer was made: its first `GeneralizedTime`.
fn now(response: &[u8]) -> Timestamp {
    let place = response.windows(2).position(|it| it == [0x18, 0x0f]).unwrap();
    eds::asn1::Element::parse(&response[place..place + 17]).unwrap().time().unwrap()
}

const GOOD: [&str; 1] = ["certificate-revoked passed"];

fn doubt(word: &str) -> [String; 2] {
    [format!("revocation-evidence {word}"), "revocation-unknown unknown".to_owned()]
}

#[test]
fn answers_of_openssl_are_understood() {
    let own = Responders::new();
    let policy = own.policy();
    let valid = "V\t490101000000Z\t";
    let revoked = "R\t490101000000Z\t200101000000Z,keyCompromise";
    assert_eq!(own.judged_answer(own.asked(valid, "exempt", ""), &policy), GOOD);
    // A file of it may be text, or end as programs end files.
    let answer = own.asked(valid, "exempt", "");
    let at = now(&answer);
    for kept in [crate::examine::base64(&answer), [answer.as_slice(), b"\n"].concat()] {
        let evidence = Evidence { ocsp: vec![kept], ..Evidence::default() };
        assert_eq!(own.judged(&evidence, at, &policy), GOOD);
    }
    // The authority itself may answer, named by name or by key, with a next update or without.
    for options in ["", "-resp_key_id", "-ndays 2", "-nmin 5"] {
        assert_eq!(own.judged_answer(own.asked(valid, "root", options), &policy), GOOD, "{options}");
    }
    let failed = ["certificate-revoked failed"];
    assert_eq!(own.judged_answer(own.asked(revoked, "exempt", ""), &policy), failed);
}

#[test]
fn a_revocation_after_the_time_judged_is_told_beside_what_held_then() {
    let own = Responders::new();
    let ocsp = own.asked("R\t490101000000Z\t200101000000Z,superseded", "exempt", "");
    let policy = Policy { evidence_until: Some(now(&ocsp)), ..own.policy() };
    let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
    let at = "2019-12-31T00:00:00Z".parse().unwrap();
    let context = Context { evidence: &evidence, at, policy: &policy };
    let found = eds::revocation_of(&own.own.leaf, &own.root, &context);
    assert_eq!(words(&found), GOOD);
    let detail = found.checks[0].detail.as_deref().unwrap();
    assert!(
        detail.starts_with("ocsp ") && detail.ends_with("; revoked since 2020-01-01T00:00:00Z reason 4"),
        "{detail}"
    );
}

#[test]
fn answer_about_a_certificate_unknown_to_the_responder_is_not_issued_never_revoked() {
    let own = Responders::new();
    let place = own.own.folder.path();
    let _made = own.asked("V\t490101000000Z\t", "exempt", "");
    std::fs::write(place.join("index.txt"), "V\t490101000000Z\t\t99\tunknown\t/CN=Somebody\n").unwrap();
    let command = "ocsp -index index.txt -CA root.pem -rsigner exempt.pem -rkey exempt.key -reqin request.der -respout response.der";
    assert!(openssl(place, command));
    let found = own.judged_answer(own.own.file("response.der"), &own.policy());
    assert_eq!(found, ["certificate-not-issued unknown"]);
}

#[test]
fn nonce_is_compared_where_it_is_returned_and_demanded_where_policy_demands_it() {
    let own = Responders::new();
    let valid = "V\t490101000000Z\t";
    let mut policy = own.policy();
    let (with, without) = (own.asked(valid, "exempt", ""), Made::default().by(&own, "exempt", "exempt"));
    policy.ocsp_nonce = Some(b"another sixteen!".to_vec());
    for required in [true, false] {
        policy.ocsp_nonce_required = required;
        assert_eq!(own.judged_answer(with.clone(), &policy), doubt("nonce-differs"));
    }
    policy.ocsp_nonce = Some(NONCE.to_vec());
    assert_eq!(own.judged_answer(without.clone(), &policy), GOOD);
    policy.ocsp_nonce_required = true;
    assert_eq!(own.judged_answer(without, &policy), doubt("nonce-differs"));
    policy.ocsp_nonce = None;
    assert_eq!(own.judged_answer(with, &policy), GOOD);
}

#[test]
fn freshness_without_next_update_is_by_age_and_with_it_by_promise() {
    let own = Responders::new();
    let mut policy = own.policy();
    let valid = "V\t490101000000Z\t";
    for (options, minutes, fresh) in
        [("", 64, true), ("", 66, false), ("-ndays 1", 1440, true), ("-ndays 1", 1450, false)]
    {
        let ocsp = own.asked(valid, "exempt", options);
        let at = now(&ocsp) + SignedDuration::from_mins(minutes);
        let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
        let found = own.judged(&evidence, at, &policy);
        assert_eq!(found == GOOD, fresh, "{options} after {minutes}: {found:?}");
    }
    let ocsp = own.asked(valid, "exempt", "");
    let early = now(&ocsp) - SignedDuration::from_mins(6);
    let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
    assert_eq!(own.judged(&evidence, early, &policy), doubt("from-the-future"));
    // The past may be judged by an answer of the present.
    policy.evidence_until = Some(early + SignedDuration::from_mins(20));
    assert_eq!(own.judged(&evidence, early, &policy), GOOD);
}

#[test]
fn answer_that_repeats_no_nonce_counts_by_its_age_whatever_it_promises() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce_required = false;
    let valid = "V\t490101000000Z\t";
    let stored =
        Evidence { ocsp: vec![own.asked_with(None, valid, "exempt", "-ndays 5")], ..Evidence::default() };
    let after = |minutes| now(&stored.ocsp[0]) + SignedDuration::from_mins(minutes);
    assert_eq!(own.judged(&stored, after(64), &policy), GOOD);
    // Nobody knows for which question it was made: somebody may have kept it.
    assert_eq!(own.judged(&stored, after(66), &policy), doubt("stale"));
    // An earlier time is judged: what was made after it is no old answer, with whose nonce it may be.
    let mut of_another = own.policy();
    of_another.ocsp_nonce = Some(b"another sixteen!".to_vec());
    of_another.evidence_until = Some(after(0));
    let echoed = Evidence { ocsp: vec![own.asked(valid, "exempt", "")], ..Evidence::default() };
    assert_eq!(own.judged(&echoed, after(-10), &of_another), GOOD);
    policy.ocsp_nonce = None;
    assert_eq!(own.judged(&stored, after(66), &policy), GOOD, "no nonce was sent: the promise counts");
    // But not for ever.
    let promising = Evidence { ocsp: vec![own.asked(valid, "exempt", "-ndays 15")], ..Evidence::default() };
    let days = |days: i64| now(&promising.ocsp[0]) + SignedDuration::from_hours(24 * days);
    assert_eq!(own.judged(&promising, days(6), &own.policy()), GOOD);
    assert_eq!(own.judged(&promising, days(8), &own.policy()), doubt("stale"));
}

/// On hold since 1970.
fn never() -> Vec<u8> {
    weighed::revoked(Timestamp::UNIX_EPOCH, 6)
}

#[test]
fn answers_about_another_certificate_or_authority_say_nothing() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce = None;
    let by_sha1 = Made { digest: Sha1, ..Made::default() };
    assert_eq!(own.judged_answer(by_sha1.by(&own, "exempt", "exempt"), &policy), GOOD);
    let unknown = ["revocation-unknown unknown"];
    for other in [
        Made { serial: vec![0x47, 0x12], ..Made::default() },
        Made { serial: vec![0, 0x47, 0x11], ..Made::default() },
        Made { key_hash_of: "exempt", ..Made::default() },
        Made { key_hash_of: "exempt", digest: Sha1, ..Made::default() },
    ] {
        assert_eq!(own.judged_answer(other.by(&own, "exempt", "exempt"), &policy), unknown);
    }
    // The certificate of the delegate, but another's key.
    let forged = Made::default().by(&own, "exempt", "other");
    assert_eq!(own.judged_answer(forged, &policy), doubt("signer-untrusted"));
}

#[test]
fn on_hold_since_1970_is_not_issued_only_where_the_responder_says_that_it_answers_so() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce = None;
    let extended = extension(&oids::OCSP_EXTENDED_REVOKE, false, &write::null());
    let said = Made { status: never(), extensions: extended, ..Made::default() };
    assert_eq!(
        own.judged_answer(said.by(&own, "exempt", "exempt"), &policy),
        ["certificate-not-issued unknown"]
    );
    let bare = Made { status: never(), ..Made::default() };
    assert_eq!(own.judged_answer(bare.by(&own, "exempt", "exempt"), &policy), ["certificate-revoked failed"]);
    let critical = extension(&oids::CRL_NUMBER, true, &write::small(1));
    let strange = Made { extensions: critical, ..Made::default() };
    assert_eq!(own.judged_answer(strange.by(&own, "exempt", "exempt"), &policy), doubt("partial"));
}

#[test]
fn national_answers_say_what_openssl_shows() {
    for (ocsp, root, serial, words) in [
        // Serial numbers as `openssl ocsp -respin … -text` shows them.
        (
            "ocsp_response_ceo_2015_revoked",
            "nca_gost2015_test.cer",
            "3a90343e720594c55204b19cb9a402422ef0e622",
            "certificate-revoked failed",
        ),
        (
            "ocsp_response_individual_2015",
            "nca_gost2015_test.cer",
            "0ff06211dc82beb00253ffa000f1de84abef454f",
            "certificate-not-issued unknown",
        ),
        (
            "ocsp_response_ceo_sign_2004_revoked",
            "nca_gost_test.crt",
            "12e3e7b9966d09eb9cda64251457e815c2a8dded",
            "certificate-revoked failed",
        ),
        (
            "ocsp_response_individual_sign_2004",
            "nca_rsa_test.crt",
            "4279390a141f5353a62947b61ed65e81741467d1",
            "certificate-revoked passed",
        ),
    ] {
        let (Some(ocsp), Some(root)) = (vector(&format!("ocsp/{ocsp}.bin")), vector(&format!("ca/{root}")))
        else {
            return;
        };
        let root = Certificate::parse(&root).unwrap();
        let at = now(&ocsp);
        let leaf = leaf_of(&root, serial, at);
        let mut policy =
            Policy::new(eds::Trust::from_certificates([root.der()]).unwrap(), eds::Purpose::AnySignature);
        policy.ocsp_nonce_required = false;
        let found = eds::revocation_of(
            &leaf,
            &root,
            &Context { evidence: &Evidence { ocsp: vec![ocsp], ..Evidence::default() }, at, policy: &policy },
        );
        assert_eq!(self::words(&found), [words], "{serial}");
    }
}

/// Returns a certificate of this serial number that names `root` as its issuer; its signature fits nothing.
fn leaf_of(root: &Certificate, serial: &str, at: Timestamp) -> Certificate {
    leaf_with(root, serial, at, &[])
}

/// Returns the same with these extensions.
fn leaf_with(root: &Certificate, serial: &str, at: Timestamp, extensions: &[u8]) -> Certificate {
    let digit = |it: &u8| u8::try_from(char::from(*it).to_digit(16).unwrap()).unwrap();
    let serial: Vec<u8> =
        serial.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |sum, it| sum << 4 | digit(it))).collect();
    let algorithm = write::algorithm_null(&oids::RSA_SHA256);
    let hour = SignedDuration::from_hours(1);
    let tbs = write::sequence(&[
        &write::tlv(context(0), &write::small(2)),
        &write::tlv(INTEGER, &serial),
        &algorithm,
        root.subject().raw(),
        &write::sequence(&[&write::time(at - hour), &write::time(at + hour)]),
        root.subject().raw(),
        root.spki(),
        extensions,
    ]);
    Certificate::parse(&write::sequence(&[&tbs, &algorithm, &write::bits(&[0; 256])])).unwrap()
}
