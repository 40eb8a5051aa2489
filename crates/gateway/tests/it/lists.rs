// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists are kept fresh in the background; an outage makes judgements wait and nothing else stop.

mod earlier;
mod proof;

use crate::errand::{Hanging, ocsp};
use crate::world::{CA, CaSource, NoSource, now, wait};
use async_trait::async_trait;
use eds::Certificate;
use eds::crl::IndexFault;
use gateway::source::Errand;
use gateway::{EvidenceClient, EvidenceSource, KeptList, ListFault, Lists};
use jiff::{SignedDuration, Timestamp};
use service::ports::Evidence;
use service::ports::evidence::{Judgement, Signatory};
use simulators::People;
use simulators::ca::DEV_CA_URL;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const CONTENT: &[u8] = b"<application/>";

/// Lists answer, the responder is silent; the number of fetches is counted.
#[derive(Debug)]
struct ListsOnly(CaSource, AtomicUsize);

impl ListsOnly {
    fn at(at: Timestamp) -> Arc<Self> {
        Arc::new(Self(CaSource(Arc::clone(&CA), at), AtomicUsize::new(0)))
    }
}

#[async_trait]
impl EvidenceSource for ListsOnly {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.crl(url).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        self.0.issuer(urls).await
    }
}

/// Lists answer, each with another signature than its authority's.
#[derive(Debug)]
struct Forging(CaSource);

#[async_trait]
impl EvidenceSource for Forging {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        let mut list = self.0.crl(url).await?;
        *list.last_mut()? ^= 1;
        Some(list)
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }
}

fn kept() -> Vec<KeptList> {
    let list = |path: &str, der: &[u8]| KeptList {
        url: format!("{DEV_CA_URL}{path}"),
        changes_url: None,
        authority: Certificate::parse(der).unwrap(),
        interval: SignedDuration::from_hours(1),
    };
    vec![list("/crl/nca.crl", CA.authority_der()), list("/crl/root.crl", CA.root_der())]
}

fn lists(folder: &Path, source: Arc<dyn EvidenceSource>) -> Arc<Lists> {
    Arc::new(Lists::open(folder, kept(), source).unwrap())
}

fn judged(lists: Arc<Lists>, holder: &str, at: Timestamp) -> Judgement {
    judged_from(Arc::new(NoSource), lists, holder, at)
}

fn judged_from(source: Arc<dyn EvidenceSource>, lists: Arc<Lists>, holder: &str, at: Timestamp) -> Judgement {
    let client = EvidenceClient::new(CA.trust().unwrap(), source).with_lists(lists);
    let by = Signatory::Person { iin: People::house().unwrap().by_id("p01").unwrap().iin.clone() };
    wait(client.judge(CONTENT, &signed(holder), &by, at)).unwrap()
}

fn signed(holder: &str) -> Vec<u8> {
    let key = CA.holder(holder).unwrap();
    eds::sign_cms_detached(eds::sha256(CONTENT), key.signer(), &CA.chain(key), now()).unwrap()
}

#[test]
fn kept_lists_decide_while_every_address_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists(folder.path(), ListsOnly::at(now()));
    assert_eq!(judged(Arc::clone(&lists), "p01", now()).valid, None, "nothing is kept yet");
    wait(lists.refresh(now()));
    let found = judged(Arc::clone(&lists), "p01", now());
    assert_eq!((found.valid, found.code), (Some(true), None));
    // Short lists lie whole with the act: nothing else is to be kept.
    assert_eq!(found.verdict["evidence"]["crls"].as_array().unwrap().len(), 2);
    assert!(found.verdict.get("lists").is_none() && !folder.path().join("kept").exists());
    let found = judged(Arc::clone(&lists), "revoked", now());
    assert_eq!((found.valid, found.code.as_deref()), (Some(false), Some("certificate-revoked")));
    // After their end they decide nothing, and the case waits.
    let later = now() + SignedDuration::from_hours(30);
    assert_eq!(judged(lists, "p01", later).valid, None);
}

/// A responder that is silent, and how often it was asked.
#[derive(Debug, Default)]
struct Responder(AtomicUsize);

#[async_trait]
impl EvidenceSource for Responder {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        None
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }
}

#[test]
fn a_silent_responder_keeps_one_judgement_waiting_where_a_list_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists(folder.path(), ListsOnly::at(now()));
    let responder = Arc::new(Responder::default());
    let judge =
        |holder| judged_from(Arc::<Responder>::clone(&responder) as _, Arc::clone(&lists), holder, now());
    let asked = || responder.0.load(Ordering::Relaxed);
    assert_eq!(judge("p01").valid, None, "nothing is kept yet");
    let (first, again) = (asked(), judge("p01").valid);
    assert!(first > 0 && asked() > first && again.is_none(), "without a list it is asked each time");
    wait(lists.refresh(now()));
    assert_eq!(judge("p01").valid, Some(true));
    let before = asked();
    assert_eq!(judge("p01").valid, Some(true));
    assert_eq!(judge("revoked").valid, Some(false));
    assert_eq!(asked(), before, "it was silent a moment ago");
}

#[test]
fn a_kept_list_decides_where_a_responder_hangs_until_the_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists(folder.path(), ListsOnly::at(now()));
    wait(lists.refresh(now()));
    let mut evidence = eds::Evidence::default();
    let mut errand = Errand::new(&Hanging, Some(&*lists), Duration::from_millis(200));
    let need = ocsp(1, kept().swap_remove(0).url);
    assert_eq!(wait(errand.fetch(&[need], &mut evidence)), 1);
    assert_eq!(evidence.crls.len(), 1);
}

/// Lists answer, and the responder says something else than was asked.
#[derive(Debug)]
struct Refusing(CaSource, &'static [u8]);

#[async_trait]
impl EvidenceSource for Refusing {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        Some(self.1.to_vec())
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.0.crl(url).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        self.0.issuer(urls).await
    }
}

#[test]
fn lists_decide_where_a_responder_answers_something_else_than_it_was_asked() {
    let (kept, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (kept, empty) = (lists(kept.path(), ListsOnly::at(now())), lists(empty.path(), ListsOnly::at(now())));
    wait(kept.refresh(now()));
    let internal_error: &[u8] = &[0x30, 3, 0x0a, 1, 2];
    let try_later: &[u8] = &[0x30, 3, 0x0a, 1, 3];
    for body in [internal_error, try_later, b"<html>down for repair</html>", b""] {
        for lists in [&kept, &empty] {
            let source = Arc::new(Refusing(CaSource(Arc::clone(&CA), now()), body));
            let judge =
                |holder| judged_from(Arc::<Refusing>::clone(&source) as _, Arc::clone(lists), holder, now());
            let found = judge("p01");
            assert_eq!((found.valid, found.code), (Some(true), None), "{body:02x?}");
            assert!(found.verdict["evidence"]["ocsp"].as_array().is_none_or(Vec::is_empty), "{body:02x?}");
            assert_eq!(judge("revoked").code.as_deref(), Some("certificate-revoked"), "{body:02x?}");
        }
    }
}

#[test]
fn a_restart_while_every_address_is_silent_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    wait(lists(folder.path(), ListsOnly::at(now())).refresh(now()));
    let again = lists(folder.path(), Arc::new(NoSource));
    wait(again.refresh(now()));
    let found = judged(Arc::clone(&again), "p01", now());
    assert_eq!((found.valid, found.code), (Some(true), None));
    assert_eq!(found.verdict["evidence"]["crls"].as_array().unwrap().len(), 2, "whole, as before");
    // What somebody has changed in the folder is not believed.
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    assert_eq!(judged(lists(folder.path(), Arc::new(NoSource)), "p01", now()).valid, None);
}

#[test]
fn a_look_from_outside_sees_what_is_kept_and_what_answers() {
    let folder = tempfile::tempdir().unwrap();
    let [keys, _] = kept().try_into().unwrap();
    let looked = wait(keys.look(folder.path(), &NoSource));
    assert_eq!((looked.kept, looked.answered), (None, Err(ListFault::Silent)));
    wait(lists(folder.path(), ListsOnly::at(now())).refresh(now()));
    let looked = wait(keys.look(folder.path(), &*ListsOnly::at(now())));
    let (answered, amiss) = looked.answered.unwrap();
    assert_eq!((looked.kept, amiss), (Some(answered), None));
    assert!(answered.entries > 0 && answered.until.is_some_and(|it| it > now()), "{answered:?}");
    // An address of changes that is silent does not take the list away.
    let changing = KeptList { changes_url: Some("http://silent.invalid/".to_owned()), ..keys };
    let looked = wait(changing.look(folder.path(), &*ListsOnly::at(now())));
    assert_eq!(looked.answered.unwrap().1, Some(ListFault::ChangesSilent));
}

#[test]
fn lists_are_fetched_when_they_are_due_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let source = ListsOnly::at(now());
    let lists = lists(folder.path(), Arc::<ListsOnly>::clone(&source));
    let fetches = || source.1.load(Ordering::Relaxed);
    wait(lists.refresh(now()));
    assert_eq!(fetches(), 2);
    wait(lists.refresh(now() + SignedDuration::from_hours(20)));
    assert_eq!(fetches(), 2, "both hold for 27 hours and more");
    wait(lists.refresh(now() + SignedDuration::from_mins(27 * 60 - 20)));
    assert_eq!(fetches(), 3, "the list of keys ends soon");
    let states = lists.states();
    assert!(states.iter().all(|it| it.kept.is_some() && it.fault.is_none()), "{states:?}");
}

#[test]
fn an_outage_or_a_forged_list_leaves_what_was_kept_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let silent = lists(folder.path(), Arc::new(NoSource));
    wait(silent.refresh(now()));
    let states = silent.states();
    assert!(states.iter().all(|it| it.kept.is_none() && it.fault == Some(ListFault::Silent)), "{states:?}");
    // Where the list of another authority answers, nothing is taken.
    let mut swapped = kept();
    swapped[0].authority = Certificate::parse(CA.root_der()).unwrap();
    let lists = Lists::open(folder.path(), swapped, ListsOnly::at(now())).unwrap();
    wait(lists.refresh(now()));
    let states = lists.states();
    let keys = states.iter().find(|it| it.url.ends_with("nca.crl")).unwrap();
    assert_eq!(keys.fault, Some(ListFault::Refused(IndexFault::OtherIssuer)));
    assert!(lists.at(&keys.url).is_none());
}

#[test]
fn of_a_list_with_a_forged_signature_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists(folder.path(), Arc::new(Forging(CaSource(Arc::clone(&CA), now()))));
    wait(lists.refresh(now()));
    let states = lists.states();
    assert_eq!(states.len(), 2);
    for state in states {
        assert_eq!(state.fault, Some(ListFault::Refused(IndexFault::SignerUntrusted)), "{}", state.url);
        assert!(state.kept.is_none() && lists.at(&state.url).is_none(), "{}", state.url);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
