// SPDX-License-Identifier: MIT OR Apache-2.0
//! A signature that could not be judged when it came is judged for that time, by what is known later.

use crate::world::{CA, LATER_CA, now, wait};
use gateway::{EvidenceClient, EvidenceSource};
use jiff::{Timestamp, ToSpan};
use service::ports::Evidence;
use service::ports::evidence::Signatory;
use simulators::ca::DevCa;
use std::sync::Arc;

const CONTENT: &[u8] = b"<application/>";

/// An authority whose responder and whose lists speak of other times, or are silent.
#[derive(Debug)]
struct Speaking {
    authority: Arc<DevCa>,
    answers: Option<Timestamp>,
    lists: Option<Timestamp>,
}

#[async_trait::async_trait]
impl EvidenceSource for Speaking {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.authority.answer(url, request, self.answers?).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        // Of authorities lists alone speak.
        let is_of_authorities = url.ends_with("/root.crl");
        let at = self.lists.or(self.answers.filter(|_| is_of_authorities));
        self.authority.answer(url, &[], at?).map(|it| it.bytes)
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }
}

/// Judges the signature of an invented citizen; returns whether it counts, and why not.
fn judged(source: Speaking, received: Timestamp, at: Timestamp) -> (Option<bool>, String) {
    let client = EvidenceClient::new(CA.trust().unwrap(), Arc::new(source));
    let holder = CA.holder("p01").unwrap();
    let signing = eds::sign_cms_detached(eds::sha256(CONTENT), holder.signer(), &CA.chain(holder), now());
    let cms = signing.unwrap();
    let act = (CONTENT, cms.as_slice());
    let it = wait(client.judge_received(act, &Signatory::AnyPerson, received, at)).unwrap();
    (it.valid, it.code.unwrap_or_default())
}

#[test]
fn a_key_that_ended_while_nobody_answered_undoes_nothing() {
    let end = CA.holder("p01").unwrap().certificate().not_after();
    let (received, before, later) = (end - 60.minutes(), end - 30.minutes(), end + 2.hours());
    let by = |answers, lists| Speaking { authority: Arc::clone(&CA), answers, lists };
    let silent = (None, "revocation-unknown".to_owned());
    assert_eq!(judged(by(None, None), received, received), silent);
    assert_eq!(judged(by(None, None), received, later), silent);
    let valid = (Some(true), String::new());
    for answers in [None, Some(later)] {
        for lists in [received - 60.minutes(), before] {
            assert_eq!(judged(by(answers, Some(lists)), received, later), valid, "{answers:?} {lists}");
        }
    }
    assert_eq!(judged(by(Some(before), None), received, later), valid);
    // Authorities forget a key that has ended: then nobody says any more how it stood before.
    let ended = (Some(false), "certificate-expired".to_owned());
    assert_eq!(judged(by(Some(later), Some(later)), received, later), ended);
    assert_eq!(judged(by(Some(later), None), received, later), ended);
    // What came after the end is no less late for having waited.
    assert_eq!(judged(by(None, Some(before)), end + 60.minutes(), later), ended);
}

#[test]
fn a_revocation_counts_where_the_signature_came_after_it() {
    // It is revoked half an hour after the beginning.
    let later = now() + 60.minutes();
    let by = || Speaking { authority: Arc::clone(&LATER_CA), answers: Some(later), lists: None };
    assert_eq!(judged(by(), now() + 29.minutes(), later), (Some(true), String::new()));
    let revoked = (Some(false), "certificate-revoked".to_owned());
    assert_eq!(judged(by(), now() + 30.minutes(), later), revoked);
    assert_eq!(judged(by(), later, later), revoked);
}
