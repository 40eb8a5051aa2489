// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one judgement fetches: each address once, all beside each other, within its time, its bytes and its turn. Whoever made a
//! file chose the addresses in it.

use super::{EvidenceSource, FETCH_SECONDS_MAX};
use crate::lists::Lists;
use eds::asn1::{self, Asn1Error, ENUMERATED, Element, INTEGER, SEQUENCE};
use eds::limits::CRL_BYTES_MAX;
use eds::{Certificate, Evidence, Need, tsp};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

/// Addresses that are asked in one judgement.
const ADDRESSES_MAX: usize = 32;
/// Bytes of lists that one judgement takes: the longest list.
const LISTS_BYTES_MAX: usize = CRL_BYTES_MAX;
/// Judgements that fetch at once; others wait for their turn.
const JUDGEMENTS_MAX: usize = 16;
/// Judgements that hold lists that they fetched, which may be long.
const WITH_LISTS_MAX: usize = 4;
/// A responder that was given less time is not known to be silent.
const PATIENCE: Duration = Duration::from_secs(5);

static JUDGEMENTS: Semaphore = Semaphore::const_new(JUDGEMENTS_MAX);
static WITH_LISTS: Semaphore = Semaphore::const_new(WITH_LISTS_MAX);

/// An address, and what was asked there.
type Question = (String, Vec<u8>);

/// The errand of one judgement. While it lives it keeps its turn for lists.
#[derive(Debug)]
pub struct Errand<'s> {
    source: &'s dyn EvidenceSource,
    kept: Option<&'s Lists>,
    end: Instant,
    questions: Mutex<Questions>,
    turn: Option<SemaphorePermit<'static>>,
    room: tokio::sync::Mutex<Room>,
}

#[derive(Debug, Default)]
struct Questions {
    asked: BTreeSet<Question>,
    answered: BTreeSet<Question>,
}

/// Room for lists that are fetched, one after another.
#[derive(Debug)]
struct Room {
    bytes: usize,
    turn: Option<SemaphorePermit<'static>>,
}

impl<'s> Errand<'s> {
    /// Returns an errand that ends after so long. A list that is kept stands in for one that would be fetched, and for a
    /// responder that is silent.
    #[must_use]
    pub fn new(source: &'s dyn EvidenceSource, kept: Option<&'s Lists>, wait: Duration) -> Self {
        let (questions, room) = (Mutex::default(), Room { bytes: LISTS_BYTES_MAX, turn: None });
        let end = Instant::now() + wait;
        Self { source, kept, end, questions, turn: None, room: tokio::sync::Mutex::new(room) }
    }

    /// Fetches what is needed into `evidence` and returns how many needs were met. What is not of the kind that was asked for
    /// counts for nothing, and what was asked once is not asked again.
    ///
    /// A responder that is silent is waited for once a minute, by one judgement, and by nobody else who has the list. One that
    /// refuses to answer is silent too, but keeps nobody waiting.
    pub async fn fetch(&mut self, needs: &[Need], evidence: &mut Evidence) -> usize {
        let open: Vec<&Need> = needs.iter().filter(|need| !self.take_kept(need, evidence)).collect();
        let mut met = needs.len() - open.len();
        if open.is_empty() {
            return met;
        }
        // Without a turn nothing is asked, but kept lists may still decide.
        let turn = timeout(self.left() / 2, JUDGEMENTS.acquire()).await;
        self.turn = turn.ok().and_then(Result::ok);
        let asked: Vec<_> = open.iter().map(|need| self.answer(need)).collect();
        let answers = join_all(asked).await;
        for (need, answer) in open.into_iter().zip(answers) {
            match answer {
                Some(answer) => {
                    evidence.put(need, answer);
                    met += 1;
                }
                None => met += usize::from(self.stand_in(need, evidence).await),
            }
        }
        self.turn = None;
        met
    }

    /// Returns whether the issuer that is needed was sought in vain: each of its addresses is one that may not be asked, or
    /// answered something else.
    #[must_use]
    pub fn sought(&self, need: &Need) -> bool {
        let Need::Issuer { urls, .. } = need else { return false };
        urls.iter().all(|url| !self.source.reaches(url) || self.is_answered(url, &[]))
    }

    /// Takes a kept list where nothing is to be asked. Says whether it was not there yet.
    fn take_kept(&self, need: &Need, evidence: &mut Evidence) -> bool {
        match need {
            Need::Ocsp { url, crl_urls, .. } => {
                self.kept.is_some_and(|it| it.rests(url)) && self.keep(crl_urls, evidence)
            }
            Need::Crl { url, .. } => self.keep(std::slice::from_ref(url), evidence),
            Need::Issuer { .. }
            | Need::TimeStamp { .. }
            | Need::Algorithm { .. }
            | Need::Content
            | Need::Answer { .. } => false,
        }
    }

    fn keep(&self, urls: &[String], evidence: &mut Evidence) -> bool {
        self.kept.is_some_and(|lists| lists.put(urls, evidence))
    }

    async fn answer(&self, need: &Need) -> Option<Vec<u8>> {
        match need {
            Need::Ocsp { url, request, crl_urls, .. } => self.ocsp(url, request, crl_urls.is_empty()).await,
            Need::Crl { url, .. } => self.list(std::slice::from_ref(url)).await,
            Need::Issuer { issuer, urls } => self.issuer(issuer, urls).await,
            Need::TimeStamp { request, .. } => self.stamp(request).await,
            Need::Algorithm { .. } | Need::Content | Need::Answer { .. } => None,
        }
    }

    /// Has a list stand in for a responder that is silent.
    async fn stand_in(&self, need: &Need, evidence: &mut Evidence) -> bool {
        let Need::Ocsp { url, request, crl_urls, .. } = need else { return false };
        if self.is_answered(url, request) {
            return false;
        }
        if self.keep(crl_urls, evidence) {
            return true;
        }
        let list = self.list(crl_urls).await;
        let came = list.is_some();
        evidence.crls.extend(list);
        came
    }

    async fn ocsp(&self, url: &str, request: &[u8], is_alone: bool) -> Option<Vec<u8>> {
        if !self.may_ask(url, request) {
            return None;
        }
        let wait = self.wait(is_alone);
        let answer = timeout(wait, self.source.ocsp(url, request)).await.ok().flatten();
        if let Some(kept) = self.kept
            && (answer.is_some() || wait >= PATIENCE)
        {
            kept.asked(url, answer.is_some());
        }
        let answer = answer?;
        if !is_answer(&answer) {
            tracing::warn!(responder = url, "a responder did not answer what it was asked");
            return None;
        }
        self.note_answer(url, request);
        Some(answer)
    }

    /// Returns the certificate of an issuer from the first of these addresses that has it.
    async fn issuer(&self, issuer: &str, urls: &[String]) -> Option<Vec<u8>> {
        for url in urls {
            if !self.may_ask(url, &[]) {
                continue;
            }
            let asked = self.source.issuer(std::slice::from_ref(url));
            let Some(answer) = timeout(self.wait(true), asked).await.ok().flatten() else { continue };
            self.note_answer(url, &[]);
            if Certificate::parse(&answer).is_ok_and(|it| it.subject().line() == issuer) {
                return Some(answer);
            }
            tracing::warn!("what was fetched is not the certificate of the issuer");
        }
        None
    }

    /// Returns the first of these lists that answers.
    async fn list(&self, urls: &[String]) -> Option<Vec<u8>> {
        let mut room = self.room.lock().await;
        for url in urls {
            if room.bytes == 0 || !self.may_ask(url, &[]) {
                continue;
            }
            if room.turn.is_none() {
                room.turn = timeout(self.left(), WITH_LISTS.acquire()).await.ok().and_then(Result::ok);
            }
            room.turn.as_ref()?;
            let wait = if Some(url) == urls.last() { self.left() } else { self.left() / 2 };
            let Some(list) = timeout(wait, self.source.crl(url)).await.ok().flatten() else { continue };
            let fits = list.len() <= room.bytes;
            room.bytes = room.bytes.saturating_sub(list.len());
            if fits && is_list(&list) {
                return Some(list);
            }
            tracing::warn!(list = url.as_str(), "what was fetched is no revocation list, or one too many");
        }
        None
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        if !self.is_new("", request) {
            return None;
        }
        let answer = timeout(self.wait(true), self.source.stamp(request)).await.ok().flatten();
        match tsp::accept(request, &answer?) {
            Ok(token) => Some(token),
            Err(fault) => {
                tracing::warn!(%fault, "the authority of time did not stamp what it was asked to");
                None
            }
        }
    }

    /// Returns whether an address may be asked and was not, and remembers it.
    fn may_ask(&self, url: &str, request: &[u8]) -> bool {
        self.source.reaches(url) && self.is_new(url, request)
    }

    fn is_new(&self, url: &str, request: &[u8]) -> bool {
        let question = (url.to_owned(), request.to_vec());
        self.turn.is_some() && self.with(|it| it.asked.len() < ADDRESSES_MAX && it.asked.insert(question))
    }

    fn note_answer(&self, url: &str, request: &[u8]) {
        self.with(|it| it.answered.insert((url.to_owned(), request.to_vec())));
    }

    fn is_answered(&self, url: &str, request: &[u8]) -> bool {
        self.with(|it| it.answered.contains(&(url.to_owned(), request.to_vec())))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Questions) -> T) -> T {
        look(&mut self.questions.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Returns how long a short answer is waited for: half of what is left where something else can stand in for it.
    fn wait(&self, is_alone: bool) -> Duration {
        let left = if is_alone { self.left() } else { self.left() / 2 };
        left.min(Duration::from_secs(FETCH_SECONDS_MAX))
    }
}

/// Returns whether a responder answered the question (RFC 6960, 4.2.1): it may only say "try later", or something else
/// stands in its place.
fn is_answer(response: &[u8]) -> bool {
    let is_successful = |der: &[u8]| -> Result<bool, Asn1Error> {
        let mut fields = Element::parse(der)?.expect(SEQUENCE)?.reader();
        Ok(fields.take(ENUMERATED)?.value == [0])
    };
    asn1::from_pem(response).and_then(|der| is_successful(&der)).unwrap_or(false)
}

/// Returns whether this has the form of a list (RFC 5280, 5.1): in a certificate a number stands before the algorithm.
fn is_list(bytes: &[u8]) -> bool {
    let looks_so = |der: &[u8]| -> Result<(), Asn1Error> {
        let mut fields = Element::parse(der)?.expect(SEQUENCE)?.reader().take(SEQUENCE)?.reader();
        fields.optional(INTEGER)?;
        fields.take(SEQUENCE)?;
        fields.take(SEQUENCE)?;
        Ok(())
    };
    asn1::from_pem(bytes).and_then(|der| looks_so(&der)).is_ok()
}
