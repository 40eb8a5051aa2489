// SPDX-License-Identifier: MIT OR Apache-2.0
//! The board of the use cases: work of the outbox that did not go, cases that wait for a silent register, messages that the
//! gateway does not bring, and messages that came and were refused.

use super::refused::{self, Refused};
use super::returned::{self, Returned};
use super::{
    Board, BoardError, Ending, ITEMS_MAX, Item, Order, Reason, What, given_up, retried, shown_words,
    write_down,
};
use crate::Service;
use crate::ports::store::{Settlement, StoreError, StoredEvent, StreamId, Stuck};
use crate::ports::{Clock, Store};
use crate::registers::id_of;
use crate::work::{Task, Work};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// The kind of work that asks a register: when it is silent the case goes on waiting, and the question is new work.
const ASK: &str = "ask-register";

/// What stands for a signature by an unknown key while it is judged by order: past its day it is not judged otherwise.
pub(crate) const KEY_BY_ORDER: &str = "judged once more by order";

/// The board over the store of a portal, a center or a region; the worker of the role finds what is ordered by itself.
#[derive(Debug, Clone)]
pub struct WorkBoard {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

/// How long a register has been silent, and how many times it was asked in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Silence {
    since: Timestamp,
    times: u32,
}

impl Service {
    /// Returns the board of this role.
    pub fn board(&self) -> WorkBoard {
        WorkBoard::new(Arc::clone(&self.ports.store), Arc::clone(&self.ports.clock))
    }
}

impl WorkBoard {
    /// Returns the board over a store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Returns what is stuck, as the store has it, each with the silence of its register where one is silent.
    async fn found(&self) -> Result<Vec<(Stuck, Option<Silence>)>, StoreError> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for stuck in self.store.stuck(ITEMS_MAX).await? {
            seen.insert(stuck.row.id);
            let silence = self.silence(&stuck).await?;
            found.push((stuck, silence));
        }
        for asked in self.store.waiting(ASK, ITEMS_MAX).await? {
            if !seen.contains(&asked.row.id)
                && let Some(silence) = self.silence(&asked).await?
            {
                found.push((asked, Some(silence)));
            }
        }
        Ok(found)
    }

    /// Returns how long the register of a question has been silent towards its case.
    async fn silence(&self, stuck: &Stuck) -> Result<Option<Silence>, StoreError> {
        let Some(Work { case, task: Task::AskRegister { register, .. }, .. }) = work(stuck) else {
            return Ok(None);
        };
        let events = self.store.load(&StreamId(format!("case/{}", case.0)), 0).await?;
        let mut silence = None;
        for event in &events {
            let of_it = || says(event, register.as_str());
            match event.kind.as_str() {
                "case.answered" if of_it() => silence = None,
                "case.unanswered" if of_it() => {
                    let before = silence.unwrap_or(Silence { since: event.at, times: 0 });
                    silence = Some(Silence { times: before.times + 1, ..before });
                }
                _ => {}
            }
        }
        Ok(silence)
    }

    async fn find(&self, id: Uuid) -> Result<(Stuck, Option<Silence>), BoardError> {
        // By its id, however many others are stuck; what was not tried yet is stuck only where its register is silent.
        let stuck = self.store.stuck_one(id).await?.ok_or(BoardError::Unknown)?;
        let silence = self.silence(&stuck).await?;
        let tried = stuck.why.is_some() || stuck.attempts > 1;
        if tried || silence.is_some() { Ok((stuck, silence)) } else { Err(BoardError::Unknown) }
    }

    async fn refused(&self, id: Uuid) -> Result<Option<Refused>, BoardError> {
        Ok(refused::one(&*self.store, id).await?)
    }

    async fn returned(&self, id: Uuid) -> Result<Option<Returned>, BoardError> {
        Ok(returned::one(&*self.store, id).await?)
    }
}

#[async_trait]
impl Board for WorkBoard {
    async fn items(&self) -> Result<Vec<Item>, BoardError> {
        let mut items: Vec<Item> = self.found().await?.iter().map(|it| shown(&it.0, it.1)).collect();
        items.extend(returned::all(&*self.store).await?.iter().map(|it| shown(&it.stuck, None)));
        items.extend(refused::all(&*self.store).await?.iter().map(Refused::item));
        Ok(shortened(items))
    }

    async fn retry(&self, id: Uuid, order: Order<'_>) -> Result<(), BoardError> {
        let now = self.clock.now();
        if let Some(it) = self.returned(id).await? {
            return it.send_again(&*self.store, retried(&it.stuck, order, now)).await;
        }
        if self.refused(id).await?.is_some() {
            return Err(BoardError::NothingToTry);
        }
        let (stuck, silence) = self.find(id).await?;
        write_down(&*self.store, retried(&stuck, order, now), None).await?;
        let why = match stuck.why {
            Some(why) => match Reason::read(&why).0 {
                Some(reason @ (Reason::KeyUnknown | Reason::IssuerUnknown)) => reason.why(KEY_BY_ORDER),
                _ => why,
            },
            None if silence.is_some() => Reason::Silent.why("asked again by order"),
            None => Reason::CutOff.why("done again by order"),
        };
        Ok(self.store.settle(id, Settlement::Again { at: now, why }).await?)
    }

    async fn give_up(&self, id: Uuid, order: Order<'_>) -> Result<(), BoardError> {
        if let Some(it) = self.returned(id).await? {
            return it.leave(&*self.store, given_up(&it.stuck, order, self.clock.now())?).await;
        }
        if let Some(it) = self.refused(id).await? {
            return it.note(&*self.store, given_up(&it.stuck(), order, self.clock.now())?).await;
        }
        let (stuck, silence) = self.find(id).await?;
        shown(&stuck, silence).ending.ok_or(BoardError::Needed)?;
        let event = given_up(&stuck, order, self.clock.now())?;
        let once = id_of(&["given-up", &id.to_string()]);
        write_down(&*self.store, event, Some(once)).await?;
        Ok(self.store.settle(id, Settlement::Done).await?)
    }
}

/// Leaves out what there is no room for: what is tried again by itself first, then messages that were refused, of which one
/// missing code brings as many as there are applications.
fn shortened(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_key(|it| (!it.is_aside(), !it.can_be_retried(), it.since));
    items.truncate(ITEMS_MAX);
    items.sort_by_key(|it| it.since);
    items
}

fn work(stuck: &Stuck) -> Option<Work> {
    serde_json::from_slice(&stuck.row.payload).ok()
}

/// Whether the open part of an event is about this register.
fn says(event: &StoredEvent, register: &str) -> bool {
    let public: Option<serde_json::Value> = serde_json::from_slice(&event.public).ok();
    public.is_some_and(|it| it.get("register").and_then(serde_json::Value::as_str) == Some(register))
}

fn shown(stuck: &Stuck, silence: Option<Silence>) -> Item {
    let work = work(stuck);
    let (register, before) = match &work {
        Some(Work { task: Task::AskRegister { register, why }, .. }) => {
            (Some(register.to_string()), why.as_deref())
        }
        _ => (None, None),
    };
    let (reason, words) = match before.filter(|_| silence.is_some() && called_nobody(stuck)) {
        Some(before) => asked_in_vain(before),
        None => reason(stuck, silence),
    };
    Item {
        id: stuck.row.id,
        since: silence.map_or(stuck.row.not_before, |it| it.since),
        attempts: stuck.attempts.saturating_add(silence.map_or(0, |it| it.times)),
        next: (!stuck.set_aside).then_some(stuck.ready_at),
        acts: reason.acts(None, register.as_deref()),
        ending: ending(work.as_ref().map(|it| &it.task), stuck.set_aside),
        reason,
        words: shown_words(words),
        what: What::Work { kind: stuck.row.kind.clone(), case: work.map(|it| it.case), register },
    }
}

/// Work that its case needs is given up only when it is set aside: until then it may yet go by itself.
fn ending(task: Option<&Task>, set_aside: bool) -> Option<Ending> {
    match task {
        Some(
            Task::TellProgress | Task::StampReceipt | Task::StampTime { .. } | Task::RenewArchive { .. },
        ) => Some(Ending::Left),
        Some(
            Task::AskRegister { .. }
            | Task::SendApplication
            | Task::StampResult { .. }
            | Task::VerifyAgain
            | Task::Wake,
        )
        | None => set_aside.then_some(Ending::CaseStops),
    }
}

fn reason(stuck: &Stuck, silence: Option<Silence>) -> (Reason, &str) {
    let Some(why) = stuck.why.as_deref() else {
        return (if silence.is_some() { Reason::Silent } else { Reason::CutOff }, "");
    };
    if let (Some(reason), words) = Reason::read(why)
        && reason != Reason::Unusable
    {
        let no_evidence = reason == Reason::Silent && needs_evidence(stuck);
        return (if no_evidence { Reason::Evidence } else { reason }, words);
    }
    let says = |all: &[&str]| all.iter().any(|it| why.contains(it));
    let reason = if says(&["the other side refused"]) {
        Reason::Refused
    } else if says(&["not in the directory", "no address is configured", "has no route"]) {
        Reason::NoRoute
    } else if says(&["the store", "disk", "too many requests wait"]) {
        Reason::Store
    } else if says(&["a file is missing"]) {
        Reason::FileGone
    } else if says(&["a row has changed"]) {
        Reason::Busy
    } else if needs_evidence(stuck) && !stuck.set_aside {
        Reason::Evidence
    } else if says(&["silent", "no receipt", "no answer", "in time", "not there", "answers 5"]) {
        Reason::Silent
    } else if stuck.set_aside {
        Reason::Unusable
    } else {
        Reason::Waiting
    };
    (reason, why)
}

/// Whether nobody was called since the work was written.
fn called_nobody(stuck: &Stuck) -> bool {
    let waits = |it: &str| matches!(Reason::read(it).0, Some(Reason::Silent | Reason::Busy));
    stuck.why.as_deref().is_none_or(waits)
}

/// What came of the question before this one: a register that answers, though not so that it counts, is not silent.
fn asked_in_vain(why: &str) -> (Reason, &str) {
    match Reason::read(why) {
        (Some(reason), words) => (reason, words),
        (None, _) if why.contains("the register answers") => (Reason::NotNow, why),
        (None, _) => (Reason::Silent, why),
    }
}

/// Whether it is an authority of certificates or of time that it waits for.
fn needs_evidence(stuck: &Stuck) -> bool {
    matches!(stuck.row.kind.as_str(), "verify-again" | "stamp-time" | "renew-archive")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::store::OutboxRow;
    use engine::case::CaseId;

    fn stuck(kind: &str, why: Option<&str>, set_aside: bool) -> Stuck {
        let row = OutboxRow {
            id: Uuid::nil(),
            lane: "l".to_owned(),
            kind: kind.to_owned(),
            payload: Vec::new(),
            not_before: Timestamp::UNIX_EPOCH,
        };
        let ready_at = Timestamp::UNIX_EPOCH;
        Stuck { row, attempts: 2, why: why.map(str::to_owned), set_aside, ready_at }
    }

    fn code(kind: &str, why: Option<&str>, set_aside: bool) -> &'static str {
        reason(&stuck(kind, why, set_aside), None).0.code()
    }

    /// What is shown of a question to a register that was asked in vain before.
    fn asked_anew(said: &str, why: Option<&str>) -> (&'static str, String) {
        let task = Task::AskRegister { register: "gbd-fl".into(), why: Some(said.to_owned()) };
        let work = Work { case: CaseId(Uuid::nil()), version: 1, task };
        let mut stuck = stuck(ASK, why, false);
        stuck.row.payload = serde_json::to_vec(&work).unwrap();
        let item = shown(&stuck, Some(Silence { since: Timestamp::UNIX_EPOCH, times: 1 }));
        (item.reason.code(), item.words)
    }

    #[test]
    fn what_a_register_said_stands_beside_the_question_that_is_asked_anew() {
        let refused = "the register answers messageResult S006";
        let told = |code: &'static str, words: &str| (code, words.to_owned());
        assert_eq!(asked_anew(refused, None), told("not-now", refused));
        let waits = Some("silent: called by others or silent");
        assert_eq!(asked_anew(refused, waits), told("not-now", refused), "nobody was called since");
        assert_eq!(asked_anew("not-now: SCE016: x", None), told("not-now", "SCE016: x"));
        let late = "the register gave no answer in time";
        assert_eq!(asked_anew(late, None), told("silent", late));
        assert_eq!(asked_anew(refused, Some(late)), told("silent", late), "the last trial counts");
    }

    #[test]
    fn applications_that_were_refused_hide_no_newer_work_that_is_set_aside() {
        let work = |set_aside| shown(&stuck("wake", Some("inadmissible: x"), set_aside), None);
        let refused = |second: i64| {
            let (number, message) = (second.to_string(), "m-1".to_owned());
            let what = What::NotTaken { number, message, from: "pep".to_owned() };
            Item { what, since: Timestamp::from_second(second).unwrap(), ..work(true) }
        };
        let newest = Timestamp::from_second(10_000).unwrap();
        let mut items: Vec<Item> = (1..).take(ITEMS_MAX).map(refused).collect();
        items.extend([Item { since: newest, ..work(true) }, work(false)]);
        let left = shortened(items);
        assert_eq!((left.len(), left.last().map(|it| it.since)), (ITEMS_MAX, Some(newest)));
        assert!(left.iter().all(Item::is_aside), "what is tried again by itself gives way first");
        let of_refused = left.iter().filter(|it| !it.can_be_retried());
        assert_eq!(of_refused.count(), ITEMS_MAX - 1, "the newest of them is left out");
    }

    #[test]
    fn each_reason_has_its_advice() {
        assert_eq!(code("send-application", Some("the endpoint is silent"), false), "silent");
        assert_eq!(code("send-application", Some("the other side refused: SCE004"), false), "refused");
        assert_eq!(
            code("send-application", Some("unusable: the addressee is not in the directory"), true),
            "no-route"
        );
        assert_eq!(code("stamp-time", Some("revocation-unknown"), false), "evidence");
        assert_eq!(code("tell-progress", Some("the store is unavailable: x"), false), "store");
        assert_eq!(code("wake", Some("inadmissible: x"), true), "unusable");
        assert_eq!(code("wake", None, false), "cut-off");
        assert_eq!(code("stamp-result", Some("unusable: a file is missing"), true), "file-gone");
        assert_eq!(code("stamp-time", Some("silent: called by others or silent"), false), "evidence");
        let unknown = Some("key-unknown: certificate-not-issued");
        assert_eq!(code("verify-again", unknown, false), "key-unknown");
        assert_eq!(code("verify-again", unknown, true), "key-unknown");
        assert_eq!(code("verify-again", Some("issuer-unknown: chain-untrusted"), true), "issuer-unknown");
        assert_eq!(code("tell-progress", Some("busy: called by others or silent"), false), "busy");
        assert_eq!(code("ask-register", Some("silent: asked again by order"), false), "silent");
    }
}
