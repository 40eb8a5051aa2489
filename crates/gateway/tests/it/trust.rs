// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whose certificates of systems are believed, and by which answers.

use crate::world::{CA, now, wait};
use gateway::{Doubt, EvidenceSource, Peer, TransportTrust};
use jiff::{Timestamp, ToSpan};
use std::sync::{Arc, Mutex};

/// A responder of which the questions are kept. It answers at its time, or repeats what was answered to another question.
#[derive(Debug)]
struct Responder {
    at: Mutex<Timestamp>,
    repeated: Option<Vec<u8>>,
    demands_nonce: bool,
    questions: Mutex<Vec<Vec<u8>>>,
}

impl Responder {
    fn new(repeated: Option<Vec<u8>>, demands_nonce: bool) -> Arc<Self> {
        let (at, questions) = (Mutex::new(now()), Mutex::default());
        Arc::new(Self { at, repeated, demands_nonce, questions })
    }

    /// Returns what a trust that asks it says of the gateway's certificate at this time.
    fn examine(self: &Arc<Self>, trust: &TransportTrust, at: Timestamp) -> Result<(), Doubt> {
        *self.at.lock().unwrap() = at;
        wait(trust.examine(CA.transport("gateway").unwrap().certificate().der(), at))
    }

    fn trust(self: &Arc<Self>) -> TransportTrust {
        TransportTrust::new(CA.trust().unwrap(), Arc::<Self>::clone(self) as _)
    }
}

#[async_trait::async_trait]
impl EvidenceSource for Responder {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.questions.lock().unwrap().push(request.to_vec());
        let answer = || CA.answer(url, request, *self.at.lock().unwrap()).map(|it| it.bytes);
        self.repeated.clone().or_else(answer)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        CA.answer(url, &[], *self.at.lock().unwrap()).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| CA.answer(url, &[], *self.at.lock().unwrap())).map(|it| it.bytes)
    }

    fn demands_nonce(&self) -> bool {
        self.demands_nonce
    }
}

/// What was answered about the gateway's certificate at this time to a question with this nonce.
fn answered(nonce: Option<&[u8]>, at: Timestamp) -> Vec<u8> {
    let authority = eds::Certificate::parse(CA.authority_der()).unwrap();
    let certificate = CA.transport("gateway").unwrap().certificate();
    CA.ocsp(&eds::ocsp_request(certificate, &authority, nonce).unwrap(), at)
}

#[test]
fn of_each_certificate_is_asked_once_an_hour_and_each_time_with_another_nonce() {
    let responder = Responder::new(None, true);
    let trust = responder.trust();
    for (minutes, questions) in [(0, 1), (1, 1), (30, 1), (60, 1), (61, 2), (120, 2), (122, 3)] {
        assert_eq!(responder.examine(&trust, now() + minutes.minutes()), Ok(()), "{minutes}");
        assert_eq!(responder.questions.lock().unwrap().len(), questions, "{minutes}");
    }
    let mut questions = responder.questions.lock().unwrap().clone();
    questions.sort();
    questions.dedup();
    assert_eq!(questions.len(), 3);
}

#[test]
fn what_was_answered_to_another_question_proves_no_certificate() {
    let judged = |repeated: Vec<u8>, demands_nonce| {
        let responder = Responder::new(Some(repeated), demands_nonce);
        responder.examine(&responder.trust(), now())
    };
    let unproven = Err(Doubt::Unknown("revocation-evidence"));
    assert_eq!(judged(answered(Some(b"another sixteen!"), now()), false), unproven);
    // Without a nonce an answer counts as long as it is young, unless the administrator demands the nonce.
    assert_eq!(judged(answered(None, now() - 50.minutes()), false), Ok(()));
    assert_eq!(judged(answered(None, now() - 70.minutes()), false), unproven);
    assert_eq!(judged(answered(None, now()), true), unproven);
}

#[test]
fn a_peer_that_names_nothing_is_nobody() {
    let name = |it: &str| Some(it.to_owned());
    let nobody = [
        Peer::default(),
        Peer { bin: None, common_name: name("") },
        Peer { bin: name(" "), common_name: None },
        Peer { bin: name("950340999915"), common_name: name("") },
    ];
    assert!(nobody.iter().all(Peer::names_nobody));
    let named =
        [Peer { bin: name("950340999915"), common_name: None }, Peer { bin: None, common_name: name("x") }];
    assert!(!named.iter().any(Peer::names_nobody));
}
