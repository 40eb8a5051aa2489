// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging people's signatures, and the stamp.

use crate::world::{BIN, CA, CaSource, NoSource, TimelessSource, now, wait};
use eds::OfficialRole;
use gateway::{EvidenceClient, EvidenceSource, Stamp};
use jiff::ToSpan;
use service::ports::evidence::{Judgement, Signatory};
use service::ports::{Evidence, PortError, Signer};
use simulators::People;
use std::sync::Arc;

const CONTENT: &[u8] = b"<application/>";

fn signature(holder: &str) -> Vec<u8> {
    let holder = CA.holder(holder).unwrap();
    let digest = eds::sha256(CONTENT);
    eds::sign_cms_detached(digest, holder.signer(), &CA.chain(holder), now()).unwrap()
}

fn iin(person: &str) -> String {
    People::house().unwrap().by_id(person).unwrap().iin.clone()
}

fn client() -> EvidenceClient {
    EvidenceClient::new(CA.trust().unwrap(), Arc::new(CaSource(Arc::clone(&CA), now())))
}

fn judge(holder: &str, by: &Signatory) -> Judgement {
    wait(client().judge(CONTENT, &signature(holder), by, now())).unwrap()
}

#[test]
fn a_citizens_own_signature_is_valid_and_names_the_signer() {
    let it = judge("p01", &Signatory::Person { iin: iin("p01") });
    assert_eq!((it.valid, it.code), (Some(true), None));
    assert_eq!(it.signer.as_deref(), Some("ӘБДІҚАДЫРОВА ГҮЛЖАҺАН ҚУАНЫШБЕКҚЫЗЫ"));
    assert!(it.serial.is_some());
    let kept: eds::Evidence = serde_json::from_value(it.verdict["evidence"].clone()).unwrap();
    assert!(!kept.ocsp.is_empty());
    let kept: eds::Verdict = serde_json::from_value(it.verdict["verdict"].clone()).unwrap();
    assert!(kept.is_valid());
}

#[test]
fn bad_signatures_are_invalid_with_the_first_code() {
    let own = Signatory::Person { iin: iin("p01") };
    let codes = ["expired", "revoked", "other-iin"].map(|it| judge(it, &own).code.unwrap());
    assert_eq!(codes, ["certificate-expired", "certificate-revoked", "iin-mismatch"]);
    let other = b"something else";
    let it = wait(client().judge(other, &signature("p01"), &own, now())).unwrap();
    assert_eq!((it.valid, it.code.as_deref()), (Some(false), Some("digest-mismatch")));
}

#[test]
fn an_official_signs_for_his_organisation_only() {
    let role = OfficialRole::Employee;
    let by = |bin: &str| Signatory::Official { iin: iin("p15"), bin: bin.to_owned(), role };
    assert_eq!(judge("head", &by(BIN)).valid, Some(true));
    let it = judge("head", &by("950340999915"));
    assert_eq!((it.valid, it.code.as_deref()), (Some(false), Some("bin-mismatch")));
    // A key of the person is not a key of the official, nor the other way round.
    assert_eq!(judge("head", &Signatory::Person { iin: iin("p15") }).valid, Some(false));
}

#[test]
fn a_key_of_any_holder_is_a_persons_own_or_an_employees() {
    for (holder, person) in [("p01", "p01"), ("head", "p15"), ("head-as-employee", "p15")] {
        let it = judge(holder, &Signatory::AnyHolder);
        assert_eq!((it.valid, it.iin), (Some(true), Some(iin(person))), "{holder}");
    }
    assert_eq!(judge("expired", &Signatory::AnyHolder).valid, Some(false));
}

#[test]
fn a_result_is_signed_by_a_key_with_the_right_to_sign() {
    let by = |person, role| Signatory::Official { iin: iin(person), bin: BIN.to_owned(), role };
    for (holder, person) in [("head", "p15"), ("deputy", "p16")] {
        assert_eq!(judge(holder, &by(person, OfficialRole::RightToSign)).valid, Some(true), "{holder}");
    }
    // The same person, the same organisation, a key of an employee.
    let it = judge("head-as-employee", &by("p15", OfficialRole::RightToSign));
    assert_eq!((it.valid, it.code.as_deref()), (Some(false), Some("role-insufficient")));
    assert_eq!(judge("head-as-employee", &by("p15", OfficialRole::Employee)).valid, Some(true));
    // Who takes a result over the border knows no more than whose it is.
    let any = |bin: &str| Signatory::AnyOfficial { bin: bin.to_owned() };
    let codes = [("head", BIN), ("head-as-employee", BIN), ("p01", BIN), ("head", "950340999915")];
    let codes = codes.map(|(holder, bin)| judge(holder, &any(bin)).code);
    let wanted = [None, Some("role-insufficient"), Some("extended-key-usage"), Some("bin-mismatch")];
    assert_eq!(codes.each_ref().map(Option::as_deref), wanted);
    // What was kept before roles were asked for is judged as it was.
    let kept = serde_json::json!({ "who": "official", "iin": iin("p15"), "bin": BIN });
    assert_eq!(serde_json::from_value::<Signatory>(kept).unwrap(), by("p15", OfficialRole::Employee));
}

#[test]
fn without_evidence_a_signature_is_indeterminate_never_valid() {
    let client = EvidenceClient::new(CA.trust().unwrap(), Arc::new(NoSource));
    let by = Signatory::Person { iin: iin("p01") };
    let it = wait(client.judge(CONTENT, &signature("p01"), &by, now())).unwrap();
    assert_eq!((it.valid, it.code.as_deref()), (None, Some("revocation-unknown")));
    assert!(it.verdict.get("evidence").is_none(), "what decided nothing is not kept");
}

/// Hosts that answer whoever asks for a certificate with this, if they may be asked.
#[derive(Debug)]
struct Hosts {
    may_be_asked: bool,
    certificate: Option<Vec<u8>>,
}

#[async_trait::async_trait]
impl EvidenceSource for Hosts {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        self.certificate.clone()
    }

    fn reaches(&self, _: &str) -> bool {
        self.may_be_asked
    }
}

/// Signs as programs do that send the certificate alone.
fn signature_alone(holder: &str) -> Vec<u8> {
    let holder = CA.holder(holder).unwrap();
    let along = [holder.certificate().clone()];
    eds::sign_cms_detached(eds::sha256(CONTENT), holder.signer(), &along, now()).unwrap()
}

#[test]
fn a_key_under_an_authority_that_is_not_found_is_waited_for_only_while_a_host_is_silent() {
    let by = Signatory::Person { iin: iin("p01") };
    let judged = |may_be_asked: bool, certificate: Option<&[u8]>| {
        let hosts = Hosts { may_be_asked, certificate: certificate.map(<[u8]>::to_vec) };
        let client = EvidenceClient::new(CA.trust().unwrap(), Arc::new(hosts));
        let it = wait(client.judge(CONTENT, &signature_alone("p01"), &by, now())).unwrap();
        assert_eq!(it.code.as_deref(), Some("chain-untrusted"));
        it.valid
    };
    assert_eq!(judged(true, None), None, "silent");
    assert_eq!(judged(false, None), Some(false), "it may not be asked");
    assert_eq!(judged(true, Some(b"")), Some(false), "it has none");
    assert_eq!(judged(true, Some(CA.root_der())), Some(false), "it has another one");
}

#[test]
fn a_key_under_a_published_authority_waits_for_its_root_to_be_installed() {
    let by = Signatory::Person { iin: iin("p01") };
    let judged = |cms: &[u8], source: Arc<dyn EvidenceSource>| {
        let client = EvidenceClient::new(eds::Trust::default(), source);
        let it = wait(client.judge(CONTENT, cms, &by, now())).unwrap();
        (it.valid, it.code.unwrap_or_default())
    };
    let published = || Arc::new(CaSource(Arc::clone(&CA), now()));
    for cms in [signature_alone("p01"), signature("p01")] {
        assert_eq!(judged(&cms, published()), (None, "chain-untrusted".to_owned()));
        let nowhere = Arc::new(Hosts { may_be_asked: false, certificate: None });
        assert_eq!(judged(&cms, nowhere).0, Some(false), "whoever calls himself an authority");
    }
    assert_eq!(judged(&signature("expired"), published()).0, Some(false), "no root would mend it");
}

#[test]
fn old_evidence_does_not_decide_about_later() {
    let by = Signatory::Person { iin: iin("p01") };
    let later = now() + 5.hours();
    let it = wait(client().judge(CONTENT, &signature("p01"), &by, later)).unwrap();
    assert_eq!(it.valid, None, "{:?}", it.code);
}

/// A responder that repeats what it once answered about one key.
#[derive(Debug)]
struct Repeating {
    rest: CaSource,
    answer: Vec<u8>,
    demands_nonce: bool,
}

impl Repeating {
    /// What was answered about the key `p01` to a question with this nonce.
    fn of(nonce: Option<&[u8]>, demands_nonce: bool) -> EvidenceClient {
        let certificate = CA.holder("p01").unwrap().certificate();
        let authority = eds::Certificate::parse(CA.authority_der()).unwrap();
        let request = eds::ocsp_request(certificate, &authority, nonce).unwrap();
        let answer = CA.ocsp(&request, now());
        let source = Self { rest: CaSource(Arc::clone(&CA), now()), answer, demands_nonce };
        EvidenceClient::new(CA.trust().unwrap(), Arc::new(source))
    }
}

#[async_trait::async_trait]
impl EvidenceSource for Repeating {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        let serial = CA.holder("p01").unwrap().certificate().serial();
        let is_about = request.windows(serial.len()).any(|it| it == serial);
        if is_about { Some(self.answer.clone()) } else { self.rest.ocsp(url, request).await }
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.rest.crl(url).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        self.rest.issuer(urls).await
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        self.rest.stamp(request).await
    }

    fn demands_nonce(&self) -> bool {
        self.demands_nonce
    }
}

#[test]
fn what_was_answered_to_another_question_decides_nothing() {
    let by = Signatory::Person { iin: iin("p01") };
    let judged =
        |client: &EvidenceClient| wait(client.judge(CONTENT, &signature("p01"), &by, now())).unwrap();
    let doubt = |it: Judgement| (it.valid, it.code.unwrap_or_default());
    let unproven = || (None, "revocation-evidence".to_owned());
    let another = Repeating::of(Some(b"another sixteen!"), false);
    assert_eq!(doubt(judged(&another)), unproven());
    let archived = wait(another.archive((CONTENT, &signature("p01")), None, &by, now())).unwrap_err();
    assert!(matches!(archived, PortError::Unavailable(_)), "{archived:?}");
    // Without a nonce an answer counts as long as it is young, unless the administrator demands the nonce.
    assert_eq!(judged(&Repeating::of(None, false)).valid, Some(true));
    assert_eq!(doubt(judged(&Repeating::of(None, true))), unproven());
}

#[test]
fn a_stamp_is_that_of_its_organisation() {
    let mut stamp = Stamp::new();
    let holder = CA.stamp(BIN).unwrap();
    stamp.add("abai-education", holder.certificate().der(), &[CA.authority_der()], holder.pkcs8()).unwrap();
    let digest = eds::sha256(CONTENT);
    let cms = wait(stamp.stamp("abai-education", digest, now())).unwrap();
    let purpose = eds::Purpose::OrganisationStamp { bin: BIN.to_owned() };
    let policy = eds::Policy::new(CA.trust().unwrap(), purpose);
    let mut evidence = eds::Evidence::default();
    let content = eds::Content::Sha256(digest);
    for _ in 0..3 {
        let verdict = eds::verify_cms(&content, &cms, &evidence, now(), &policy);
        CA.meet(verdict.needs(), now(), &mut evidence);
    }
    assert!(eds::verify_cms(&content, &cms, &evidence, now(), &policy).is_valid());
    let refused = wait(stamp.stamp("osakarov-education", digest, now())).unwrap_err();
    assert!(matches!(refused, PortError::Unusable(_)));
}

#[test]
fn an_archive_is_stamped_again_before_its_stamp_ends_and_proves_itself_after() {
    let by = Signatory::Person { iin: iin("p01") };
    let made = wait(client().archive((CONTENT, &signature("p01")), None, &by, now())).unwrap();
    let end = made.renew_before.unwrap();
    let later = end - (24 * 100).hours();
    let silent = EvidenceClient::new(CA.trust().unwrap(), Arc::new(NoSource));
    let none = wait(silent.renew(&made.archive, later)).unwrap_err();
    assert_eq!(none, PortError::Unavailable("time-stamp-absent".to_owned()));
    let source = Arc::new(CaSource(Arc::clone(&CA), later));
    let client = EvidenceClient::new(CA.trust().unwrap(), source);
    let renewed = wait(client.renew(&made.archive, later)).unwrap();
    assert_eq!((renewed.stamped_at, renewed.renew_before), (later, Some(end)), "the same authority stamps");
    // Nobody stamped it again before that key ended too: nothing proves any more what was stamped with it.
    let ended = end + (24 * 300).hours();
    let found = eds::verify_archive(&renewed.archive, &CA.trust().unwrap(), ended).unwrap();
    assert!(matches!(found.verdict.outcome, eds::Outcome::Indeterminate { .. }), "{found:?}");
    let found = eds::verify_archive(&renewed.archive, &CA.trust().unwrap(), end).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    assert_eq!(found.seals.len(), 1);
    assert_eq!(found.verdict.signers[0].time.at, now(), "the act is judged for its first stamp");
    // And once more, over both; an archive that was changed is stamped by nobody.
    let again = wait(client.renew(&renewed.archive, later)).unwrap();
    let found = eds::verify_archive(&again.archive, &CA.trust().unwrap(), later).unwrap();
    assert_eq!((found.verdict.is_valid(), found.seals.len()), (true, 2));
    let changed =
        String::from_utf8(made.archive).unwrap().replace("\"outcome\":\"valid\"", "\"outcome\":\"invalid\"");
    let sealed = wait(client.renew(changed.as_bytes(), later));
    assert!(sealed.is_ok(), "the recorded verdict alone is no proof: the act is judged anew");
    let text = String::from_utf8(renewed.archive)
        .unwrap()
        .replace("\"outcome\":\"valid\"", "\"outcome\":\"invalid\"");
    assert!(matches!(wait(client.renew(text.as_bytes(), later)), Err(PortError::Unusable(_))));
}

#[test]
fn signature_is_stamped_and_archived_and_proves_itself_offline_after_years() {
    let by = Signatory::Person { iin: iin("p01") };
    let signed = CONTENT;
    let made = wait(client().archive((signed, &signature("p01")), None, &by, now())).unwrap();
    assert_eq!(made.stamped_at, now());
    assert_eq!(made.authority, "CN=УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV, C=KZ");
    let later = now() + (24 * 365 * 4).hours();
    let found = eds::verify_archive(&made.archive, &CA.trust().unwrap(), later).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    assert_eq!(found.verdict.signers[0].time.by, eds::TimeBasis::Stamp);
    // The stamp of an organisation is archived too.
    let holder = CA.stamp(BIN).unwrap();
    let digest = eds::sha256(CONTENT);
    let cms = eds::sign_cms_detached(digest, holder.signer(), &CA.chain(holder), now());
    let by = Signatory::Organization { bin: BIN.to_owned() };
    let made = wait(client().archive((signed, &cms.unwrap()), None, &by, now())).unwrap();
    assert!(eds::verify_archive(&made.archive, &CA.trust().unwrap(), later).unwrap().verdict.is_valid());
}

#[test]
fn silent_authority_of_time_is_waited_for_and_a_bad_signature_is_not() {
    let by = Signatory::Person { iin: iin("p01") };
    let signed = CONTENT;
    let source = Arc::new(TimelessSource(CaSource(Arc::clone(&CA), now())));
    let timeless = EvidenceClient::new(CA.trust().unwrap(), source);
    let refused = wait(timeless.archive((signed, &signature("p01")), None, &by, now())).unwrap_err();
    assert_eq!(refused, PortError::Unavailable("time-stamp-absent".to_owned()));
    // Judging, which cases wait for, needs no stamp.
    assert_eq!(wait(timeless.judge(signed, &signature("p01"), &by, now())).unwrap().valid, Some(true));
    let refused = wait(client().archive((signed, &signature("revoked")), None, &by, now())).unwrap_err();
    assert!(matches!(refused, PortError::Unusable(_)));
}

/// An authority of time that stamps another thing than it was asked to.
#[derive(Debug)]
struct Astray;

#[async_trait::async_trait]
impl EvidenceSource for Astray {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }

    async fn stamp(&self, _: &[u8]) -> Option<Vec<u8>> {
        let other = eds::tsp::request(eds::algorithm::DigestAlgorithm::Sha256, b"another", Some(&[7; 8]));
        Some(CA.stamp_time(&other?, now()))
    }
}

#[test]
fn a_signature_is_stamped_before_it_is_judged_and_by_a_stamp_of_its_own_alone() {
    let (by, cms) = (Signatory::Person { iin: iin("p01") }, signature("revoked"));
    let stamp = wait(client().stamp((CONTENT, &cms), &by, now())).unwrap().expect("a stamp");
    assert_eq!(eds::tsp::info(&stamp).unwrap().time, now());
    let astray = EvidenceClient::new(CA.trust().unwrap(), Arc::new(Astray));
    let refused = wait(astray.stamp((CONTENT, &cms), &by, now())).unwrap_err();
    assert_eq!(refused, PortError::Unavailable("time-stamp-absent".to_owned()));
}

#[test]
fn what_nobody_can_say_any_more_of_an_ended_key_is_for_a_person_and_not_waited_for() {
    let (by, cms) = (Signatory::Person { iin: iin("p01") }, signature("p01"));
    let stamp = wait(client().stamp((CONTENT, &cms), &by, now())).unwrap();
    let later = now() + (24 * 500).hours();
    let source = Arc::new(CaSource(Arc::clone(&CA), later));
    let late = EvidenceClient::new(CA.trust().unwrap(), source);
    let refused = wait(late.archive((CONTENT, &cms), stamp, &by, later)).unwrap_err();
    assert_eq!(refused, PortError::Unusable("revocation-evidence".to_owned()));
}
