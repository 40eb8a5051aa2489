// SPDX-License-Identifier: MIT OR Apache-2.0
//! Time stamps: openssl as the authority, the national authority's own token, and what a stamp changes.

mod decided;

use eds::algorithm::DigestAlgorithm;
use eds::{
    Certificate, Content, Evidence, Need, Outcome, Policy, Purpose, Revocation, StampPlace, TimeBasis,
    TimeStamps, Trust, Verdict, WithoutStamp, embed_stamp, signature_values, tsp, verify_cms,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

use crate::oracle::{Throwaway, openssl};
use crate::shared::vector;

const STAMPING: &str = "[right]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
    extendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
    [loose]\nbasicConstraints=CA:FALSE\nextendedKeyUsage=timeStamping\n\
    [both]\nbasicConstraints=CA:FALSE\nextendedKeyUsage=critical,timeStamping,emailProtection\n\
    [tsa]\ndefault_tsa=settings\n[settings]\nserial=serial\ndefault_policy=1.2.398.3.3.2.6.4\n\
    other_policies=1.2.398.3.3.2.6.1\ndigests=sha256,sha512,sha1\naccuracy=secs:1,millisecs:500\nordering=no\n\
    tsa_name=yes\ness_cert_id_chain=no\nsigner_digest=sha256\ness_cert_id_alg=sha256\n";

/// A throw-away authority that also stamps time.
pub(crate) struct Stamping {
    pub(crate) own: Throwaway,
    pub(crate) cms: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

impl Stamping {
    pub(crate) fn new() -> Self {
        let own = Throwaway::new();
        let place = own.folder.path();
        std::fs::write(place.join("ts.cnf"), STAMPING).unwrap();
        std::fs::write(place.join("serial"), "0F").unwrap();
        for kind in ["right", "loose", "both"] {
            let request = format!(
                "req -newkey rsa:2048 -nodes -keyout {kind}.key -out {kind}.csr -subj /CN=Stamp -config openssl.cnf"
            );
            let issue = format!(
                "x509 -req -in {kind}.csr -CA root.pem -CAkey root.key -set_serial 0x51 -days 7300 -out {kind}.pem -extfile ts.cnf -extensions {kind}"
            );
            assert!(openssl(place, &request) && openssl(place, &issue));
        }
        let content = own.file("content.txt");
        let chain = [own.leaf.clone()];
        let digest = eds::sha256(&content);
        let cms = eds::sign_cms_detached(digest, &own.signer, &chain, own.leaf.not_before()).unwrap();
        Self { own, cms, content }
    }

    /// Has openssl stamp `bytes`, asked by our request, with one of its keys.
    pub(crate) fn stamp(&self, bytes: &[u8], key: &str) -> Vec<u8> {
        let query = tsp::request(DigestAlgorithm::Sha256, bytes, Some(&[0x81; 16])).unwrap();
        self.answer(&query, key).unwrap()
    }

    pub(crate) fn answer(&self, query: &[u8], key: &str) -> Result<Vec<u8>, tsp::StampFault> {
        let place = self.own.folder.path();
        std::fs::write(place.join("query.tsq"), query).unwrap();
        let reply = format!(
            "ts -reply -config ts.cnf -queryfile query.tsq -signer {key}.pem -inkey {key}.key -out reply.tsr"
        );
        assert!(openssl(place, &reply));
        tsp::accept(query, &self.own.file("reply.tsr"))
    }

    /// Makes a stamp of this time by the key of the right one.
    pub(crate) fn stamp_at(&self, imprint: tsp::Imprint, time: Timestamp, accuracy: Option<u32>) -> Vec<u8> {
        let signer = eds::RsaSigner::from_pkcs8(&self.own.file("right.key")).unwrap();
        let chain = [Certificate::parse(&self.own.file("right.pem")).unwrap()];
        let policy = eds::oids::STAMP_POLICY_2015;
        let accuracy = accuracy.map(tsp::Accuracy::of_seconds);
        let info = tsp::StampInfo { policy, imprint, serial: vec![1], time, accuracy, nonce: None };
        info.sign(&signer, &chain).unwrap()
    }

    pub(crate) fn verdict(&self, cms: &[u8], evidence: &Evidence, at: Timestamp, policy: &Policy) -> Verdict {
        verify_cms(&Content::Detached(&self.content), cms, evidence, at, policy)
    }

    fn stamped(&self, key: &str) -> Vec<u8> {
        let value = signature_values(&self.cms).unwrap().remove(0);
        embed_stamp(&self.cms, 0, &self.stamp(&value, key)).unwrap()
    }
}

fn imprint(bytes: &[u8]) -> tsp::Imprint {
    tsp::Imprint { algorithm: eds::oids::SHA256, digest: eds::sha256(bytes).to_vec() }
}

/// Returns a time after everything that a test does.
pub(crate) fn minutes_later(begun: Timestamp) -> Timestamp {
    begun.checked_add(SignedDuration::from_mins(10)).unwrap()
}

pub(crate) fn years_later(time: Timestamp) -> Timestamp {
    time.checked_add(SignedDuration::from_hours(24 * 365 * 3)).unwrap()
}

#[test]
fn openssl_stamps_what_we_ask_and_we_believe_it() {
    let it = Stamping::new();
    let token = it.stamp(b"stamped bytes", "right");
    std::fs::write(it.own.folder.path().join("data"), b"stamped bytes").unwrap();
    std::fs::write(it.own.folder.path().join("token"), &token).unwrap();
    assert!(openssl(it.own.folder.path(), "ts -verify -data data -in token -token_in -CAfile root.pem"));
    let now = tsp::info(&token).unwrap().time;
    let stamp = tsp::verify_stamp(b"stamped bytes", &token, &Evidence::default(), now, &it.own.policy());
    assert!(stamp.is_valid(), "{stamp:?}");
    assert_eq!(stamp.policy.as_deref(), Some("1.2.398.3.3.2.6.4"));
    assert_eq!((stamp.accuracy_milliseconds, stamp.authority.as_deref()), (Some(1500), Some("CN=Stamp")));
    let other = tsp::verify_stamp(b"other bytes", &token, &Evidence::default(), now, &it.own.policy());
    assert_eq!(other.failed_codes(), ["time-stamp-imprint"]);
    // Every byte counts: what is changed in the token is found, or lies outside what anybody signed.
    for at in (0..token.len()).step_by(7) {
        let mut changed = token.clone();
        changed[at] ^= 0x20;
        let stamp =
            tsp::verify_stamp(b"stamped bytes", &changed, &Evidence::default(), now, &it.own.policy());
        assert!(!stamp.is_valid(), "byte {at}");
    }
}

#[test]
fn policy_of_two_bytes_is_a_policy() {
    let it = Stamping::new();
    let settings = STAMPING.replace("default_policy=1.2.398.3.3.2.6.4", "default_policy=1.2.3");
    std::fs::write(it.own.folder.path().join("ts.cnf"), settings).unwrap();
    let token = it.stamp(b"stamped bytes", "right");
    let now = tsp::info(&token).unwrap().time;
    let stamp = tsp::verify_stamp(b"stamped bytes", &token, &Evidence::default(), now, &it.own.policy());
    assert!(stamp.is_valid() && stamp.policy.as_deref() == Some("1.2.3"), "{stamp:?}");
}

#[test]
fn answer_to_another_question_is_refused() {
    let it = Stamping::new();
    let ask = |bytes: &[u8], nonce| tsp::request(DigestAlgorithm::Sha256, bytes, nonce).unwrap();
    let query = ask(b"one", Some(&[1; 8][..]));
    it.answer(&query, "right").unwrap();
    let reply = it.own.file("reply.tsr");
    assert_eq!(tsp::accept(&ask(b"two", Some(&[1; 8])), &reply), Err(tsp::StampFault::OtherImprint));
    assert_eq!(tsp::accept(&ask(b"one", Some(&[2; 8])), &reply), Err(tsp::StampFault::OtherNonce));
    assert_eq!(tsp::accept(&ask(b"one", None), &reply), Err(tsp::StampFault::OtherNonce));
    assert_eq!(tsp::request(DigestAlgorithm::Sha1, b"one", None), None);
}

#[test]
fn openssl_asks_and_we_read_its_question() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    assert!(openssl(
        place,
        "ts -query -data content.txt -sha256 -cert -tspolicy 1.2.398.3.3.2.6.1 -out their.tsq"
    ));
    let asked = tsp::Request::parse(&it.own.file("their.tsq")).unwrap();
    assert_eq!(asked.imprint.digest, eds::sha256(&it.content));
    assert!(asked.wants_certificate && asked.nonce.is_some() && asked.policy.is_some());
    it.answer(&it.own.file("their.tsq"), "right").unwrap();
    std::fs::write(
        place.join("ours.tsq"),
        tsp::request(DigestAlgorithm::Sha256, &it.content, Some(&[9; 8])).unwrap(),
    )
    .unwrap();
    assert!(openssl(place, "ts -query -in ours.tsq -text -out text"));
    assert!(String::from_utf8(it.own.file("text")).unwrap().contains("Certificate required: yes"));
}

#[test]
fn key_that_expired_later_does_not_undo_a_stamped_signature() {
    let it = Stamping::new();
    let stamped = it.stamped("right");
    let stamp_time = tsp::info(&tsp::token(&it.own.file("reply.tsr")).unwrap()).unwrap().time;
    let later = years_later(stamp_time);
    let policy = it.own.policy();
    let plain = it.verdict(&it.cms, &Evidence::default(), later, &policy);
    assert!(plain.failed_codes().contains(&"certificate-expired"), "{plain:?}");
    assert_eq!(plain.signers[0].time.by, TimeBasis::Received);
    let verdict = it.verdict(&stamped, &Evidence::default(), later, &policy);
    assert!(verdict.is_valid(), "{verdict:?}");
    let signer = &verdict.signers[0];
    assert_eq!((signer.time.at, signer.time.by), (stamp_time, TimeBasis::Stamp));
    assert_eq!(signer.stamps[0].place, StampPlace::Inside);
    // The same stamp beside the signature says the same.
    let beside = Evidence { stamps: vec![it.own.file("reply.tsr")], ..Evidence::default() };
    let verdict = it.verdict(&it.cms, &beside, later, &policy);
    assert!(verdict.is_valid() && verdict.signers[0].stamps[0].place == StampPlace::Beside, "{verdict:?}");
    // openssl still accepts the signature with the stamp inside.
    std::fs::write(it.own.folder.path().join("stamped.der"), &stamped).unwrap();
    let verify = "cms -verify -cades -binary -inform DER -CAfile root.pem -purpose any -out out -in stamped.der -content content.txt";
    assert!(openssl(it.own.folder.path(), verify));
}

#[test]
fn stamp_by_a_key_not_meant_for_it_proves_nothing() {
    let it = Stamping::new();
    let value = signature_values(&it.cms).unwrap().remove(0);
    let token = it.stamp(&value, "right");
    let now = tsp::info(&token).unwrap().time;
    let policy = it.own.policy();
    // openssl refuses to stamp with such keys: their certificates are judged instead.
    for key in ["loose", "both"] {
        let certificate = Certificate::parse(&it.own.file(&format!("{key}.pem"))).unwrap();
        let mut stamping = policy.clone();
        stamping.purpose = Purpose::TimeStamping;
        stamping.expected_iin = None;
        let context = eds::Context { evidence: &Evidence::default(), at: now, policy: &stamping };
        let mut findings = eds::Findings::default();
        eds::judge_certificate(&certificate, &[], &context, &eds::Subject::TimeStamp, &mut findings);
        let verdict = findings.into_verdict(now, Vec::new());
        assert_eq!(verdict.failed_codes(), ["time-stamp-usage"], "{key}");
    }
    // A stamp whose authority stands under no installed root is listed, proves nothing and harms nothing.
    let stranger = Stamping::new();
    let foreign = embed_stamp(&it.cms, 0, &stranger.stamp(&value, "right")).unwrap();
    let verdict = it.verdict(&foreign, &Evidence::default(), now, &policy);
    assert!(verdict.is_valid(), "{verdict:?}");
    assert_eq!(verdict.signers[0].time.by, TimeBasis::Received);
    assert_eq!(verdict.signers[0].stamps[0].unknown_codes(), ["chain-untrusted"]);
    assert!(!it.verdict(&foreign, &Evidence::default(), years_later(now), &policy).is_valid());
    let wrong = it.stamp(b"something else", "right");
    assert!(embed_stamp(&it.cms, 0, &wrong).is_err());
}

#[test]
fn revocation_is_judged_for_the_time_of_the_stamp() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    let stamped = it.stamped("right");
    let time = tsp::info(&tsp::token(&it.own.file("reply.tsr")).unwrap()).unwrap().time;
    let at = time.checked_add(SignedDuration::from_hours(24 * 3)).unwrap();
    let list = |since: Timestamp, reason: &str| {
        let since = since.strftime("%y%m%d%H%M%SZ");
        let until = it.own.leaf.not_after().strftime("%y%m%d%H%M%SZ");
        let index = format!("R\t{until}\t{since}{reason}\t4711\tunknown\t/CN=INVENTED-PERSON\n");
        std::fs::write(place.join("index.txt"), index).unwrap();
        std::fs::write(place.join("index.txt.attr"), "").unwrap();
        let config = "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ndefault_md=sha256\n";
        std::fs::write(place.join("ca.cnf"), config).unwrap();
        let command = "ca -gencrl -config ca.cnf -cert root.pem -keyfile root.key -crldays 30 -out list.pem";
        assert!(openssl(place, command));
        Evidence { crls: vec![it.own.file("list.pem")], ..Evidence::default() }
    };
    let mut policy = it.own.policy();
    policy.revocation = Revocation::OcspOrCrl;
    let hour = SignedDuration::from_hours(1);
    for reason in ["", ",certificateHold"] {
        let revoked_later = list(time.checked_add(hour).unwrap(), reason);
        let verdict = it.verdict(&stamped, &revoked_later, at, &policy);
        assert!(verdict.is_valid(), "{verdict:?}");
        let unstamped = it.verdict(&it.cms, &revoked_later, at, &policy);
        assert!(unstamped.failed_codes().contains(&"certificate-revoked"), "{unstamped:?}");
        let revoked_before = list(time.checked_sub(hour).unwrap(), reason);
        let verdict = it.verdict(&stamped, &revoked_before, at, &policy);
        assert_eq!(verdict.failed_codes(), ["certificate-revoked"]);
    }
}

#[test]
fn claimed_time_is_judged_only_where_the_policy_says_so() {
    let it = Stamping::new();
    let later = years_later(it.own.leaf.not_before());
    let mut policy = it.own.policy();
    policy.without_stamp = WithoutStamp::Claimed;
    let verdict = it.verdict(&it.cms, &Evidence::default(), later, &policy);
    assert!(verdict.is_valid() && verdict.signers[0].time.by == TimeBasis::Claimed, "{verdict:?}");
}

#[test]
fn each_of_several_signers_has_the_time_of_his_own_stamp() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    let sign = "cms -sign -binary -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out one.der";
    assert!(openssl(place, sign));
    let subject = "/CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ";
    for command in [
        &format!("req -newkey rsa:2048 -nodes -keyout b.key -out b.csr -subj {subject} -config openssl.cnf"),
        "x509 -req -in b.csr -CA root.pem -CAkey root.key -set_serial 0x4712 -days 20 -out b.pem -extfile openssl.cnf -extensions leaf",
        "cms -resign -binary -md sha256 -inform DER -in one.der -signer b.pem -inkey b.key -outform DER -out two.der",
    ] {
        assert!(openssl(place, command));
    }
    let two = it.own.file("two.der");
    let values = signature_values(&two).unwrap();
    assert_eq!(values.len(), 2);
    let token = it.stamp(&values[1], "right");
    assert!(embed_stamp(&two, 0, &token).is_err(), "a stamp of the second is none of the first");
    let stamped = embed_stamp(&two, 1, &token).unwrap();
    assert_eq!(signature_values(&stamped).unwrap(), values);
    let now = minutes_later(it.own.leaf.not_before());
    let verdict = it.verdict(&stamped, &Evidence::default(), now, &it.own.policy());
    assert!(verdict.is_valid(), "{verdict:?}");
    let by: Vec<_> = verdict.signers.iter().map(|signer| signer.time.by).collect();
    assert_eq!(by, [TimeBasis::Received, TimeBasis::Stamp]);
}

#[test]
fn token_of_the_national_authority_is_read() {
    let (Some(token), Some(response)) = (vector("tsp/tsp_token.bin"), vector("tsp/tsp_response.bin")) else {
        return;
    };
    let said = tsp::info(&token).unwrap();
    assert_eq!(said.policy, eds::oids::STAMP_POLICY_2004);
    assert_eq!(said.time, "2022-09-18T13:20:14Z".parse().unwrap());
    assert_eq!(tsp::info(&response).unwrap().policy, said.policy);
    let trust = Trust::from_certificates(vector("ca/nca_gost_test.crt").iter().map(Vec::as_slice)).unwrap();
    let policy = Policy::new(trust, Purpose::AnySignature);
    let unasked = Policy { revocation: Revocation::NotChecked, ..policy.clone() };
    let known = "algorithm-mismatch certificate-absent certificate-expired certificate-not-yet-valid chain-untrusted \
        container-malformed content-type-mismatch critical-extension digest-mismatch key-usage signature-mismatch \
        signed-attributes signing-certificate-mismatch time-stamp-proof time-stamp-time time-stamp-usage";
    let cases: [(&Policy, &[&str]); 2] = [(&unasked, &[]), (&policy, &["revocation-unknown"])];
    for (policy, unknown) in cases {
        for token in [&token, &response] {
            let stamp = tsp::verify_stamp(b"anything", token, &Evidence::default(), said.time, policy);
            // Its imprint, by SHA-1, is of other bytes. All else holds: the signature, what the key is for, the path to
            // the authority.
            assert_eq!(stamp.failed_codes(), ["time-stamp-imprint"], "{stamp:?}");
            assert_eq!(stamp.unknown_codes(), unknown, "{stamp:?}");
            let codes: BTreeSet<_> = stamp.checks.iter().map(|it| it.code.as_str()).collect();
            let passed = codes.iter().filter(|it| !unknown.contains(it) && **it != "time-stamp-imprint");
            assert!(passed.copied().eq(known.split(' ')), "{stamp:?}");
            assert_eq!(stamp.serial_hex.as_deref(), Some("5e846dd75d861154db10f13c54dc1f8d33fe6adc"));
            assert_eq!(stamp.key_until, Some("2024-03-24T10:03:39Z".parse().unwrap()));
        }
    }
}

#[test]
fn negative_serials_and_nonces_are_kept_as_they_are() {
    let it = Stamping::new();
    let signer = eds::RsaSigner::from_pkcs8(&it.own.file("right.key")).unwrap();
    let chain = [Certificate::parse(&it.own.file("right.pem")).unwrap()];
    let info = tsp::StampInfo {
        policy: eds::oids::STAMP_POLICY_2015,
        imprint: tsp::Imprint { algorithm: eds::oids::SHA256, digest: eds::sha256(b"bytes").to_vec() },
        serial: vec![0x83, 0x01, 0x02],
        // A machine under load makes keys slowly: the stamp is of a time at which its own certificate holds.
        time: minutes_later(chain[0].not_before()) + SignedDuration::from_millis(250),
        accuracy: None,
        nonce: Some(vec![0xff, 0x7f]),
    };
    let token = info.sign(&signer, &chain).unwrap();
    assert_eq!(tsp::info(&token).unwrap(), info);
    let place = it.own.folder.path();
    std::fs::write(place.join("token"), &token).unwrap();
    std::fs::write(place.join("data"), b"bytes").unwrap();
    let verify = "ts -verify -data data -in token -token_in -CAfile root.pem -attime";
    assert!(openssl(place, &format!("{verify} {}", info.time.as_second())));
    assert!(openssl(place, "ts -reply -in token -token_in -token_out -text -out text -config ts.cnf"));
    let text = String::from_utf8_lossy(&it.own.file("text")).into_owned();
    assert!(text.contains("Serial number: 0x-7CFEFE") && text.contains("Nonce: 0x-81"), "{text}");
    let at = info.time;
    let stamp = tsp::verify_stamp(b"bytes", &token, &Evidence::default(), at, &it.own.policy());
    assert!(stamp.is_valid(), "{stamp:?}");
    assert_eq!(stamp.serial_hex.as_deref(), Some("830102"));
}
