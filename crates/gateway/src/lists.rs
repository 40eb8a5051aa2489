// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists kept fresh in the background as indexes: a list of 22 MB is fetched once a day, not once a signature.
//!
//! What is kept lies in a folder, so that a restart while the authority is silent loses nothing: the indexes and the lists
//! themselves. A list that decided an act stays there for good; any other goes when the next one came.
//!
//! Each configured list is fetched when it is absent, a while before it ends, and its changes likewise. What is fetched
//! counts only with the signature of its authority. If an address is silent, the list that was kept serves until its own
//! end; after that a judgement that needs it is indeterminate, and only the case that needs it waits. An earlier list than
//! the one that is kept never takes its place: a cache, or somebody on the way, may repeat it.

mod beside;
mod disk;
mod fetched;
mod kept;
mod look;
mod responders;

pub use look::{ListTerm, Looked};

use crate::source::EvidenceSource;
use eds::crl::{Index, IndexFault};
use eds::{Certificate, Evidence};
use fetched::{Before, Read, der, fetch, in_long_time};
use jiff::{SignedDuration, Timestamp};
use responders::Responders;
use service::ports::Clock;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

/// How often the keeper looks whether something is due.
pub const LOOK_SECONDS: u64 = 60;
/// How long before its end a list is fetched anew.
const BEFORE_END: SignedDuration = SignedDuration::from_mins(30);
/// How long after a fetch that brought nothing new the next one is tried.
const RETRY_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// Lists kept by one installation.
pub const LISTS_MAX: usize = 16;
/// How long a list is waited for in the background: 22 MB over a line of 1.5 Mbit/s. Nobody else waits for it.
pub const LIST_SECONDS_MAX: u64 = 120;
/// Bytes of a list that lies whole with an act.
const WHOLE_BYTES_MAX: usize = eds::ARCHIVED_LIST_BYTES_MAX;

/// A list to be kept.
#[derive(Debug, Clone)]
pub struct KeptList {
    /// Its address, as the certificates name it.
    pub url: String,
    /// The address of its changes, where there are any.
    pub changes_url: Option<String>,
    /// The certificate of the authority that signs it.
    pub authority: Certificate,
    /// How often changes are fetched even where none is due.
    pub interval: SignedDuration,
}

/// What is known of one kept list; for the page of the administrator and for tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    /// Its address.
    pub url: String,
    /// Entries, until when it holds, and the hashes of the lists it was made of; nothing where none is kept.
    pub kept: Option<(usize, Option<Timestamp>, Vec<String>)>,
    /// What the last fetch did not bring.
    pub fault: Option<ListFault>,
}

/// Why a list, or its changes, were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// The address of the list is silent, or may not be asked.
    #[error("no answer")]
    Silent,
    /// The list that answered cannot be believed.
    #[error("{0}")]
    Refused(IndexFault),
    /// The address of the changes is silent, or may not be asked.
    #[error("no changes")]
    ChangesSilent,
    /// The changes that answered cannot be believed.
    #[error("changes: {0}")]
    ChangesRefused(IndexFault),
    /// What answered is earlier than what is kept.
    #[error("an earlier list than the one that is kept")]
    Earlier,
    /// It could not be written to the folder, so that nothing would be left to prove what it decided.
    #[error("it could not be written")]
    NotWritten,
    /// The reading was broken off: the program is stopping.
    #[error("the reading was broken off")]
    BrokenOff,
}

#[derive(Debug, Default)]
struct Slot {
    index: Option<Arc<Index>>,
    /// The lists themselves, where they are short enough to lie with each act that they decided.
    whole: Vec<Vec<u8>>,
    /// Earlier indexes: somebody may still judge by them.
    past: Vec<Weak<Index>>,
    tried: Option<Timestamp>,
    /// When everything was fetched; nothing where something was amiss.
    fetched: Option<Timestamp>,
    fault: Option<ListFault>,
}

impl Slot {
    fn replace(&mut self, read: Read) {
        let is_short = read.is_short();
        self.past.retain(|it| it.strong_count() > 0);
        self.past.extend(self.index.as_ref().map(Arc::downgrade));
        self.index = Some(Arc::new(read.index));
        self.whole = if is_short { read.lists } else { Vec::new() };
        self.fault = read.amiss;
    }

    /// Returns the hashes of the lists that are kept, and of earlier ones by which somebody still judges.
    fn named(&self) -> Vec<String> {
        let past = self.past.iter().filter_map(Weak::upgrade);
        past.chain(self.index.clone()).flat_map(|it| it.sha256_hex()).collect()
    }
}

/// Keeps the configured lists fresh.
#[derive(Debug)]
pub struct Lists {
    kept: Vec<KeptList>,
    folder: PathBuf,
    source: Arc<dyn EvidenceSource>,
    slots: RwLock<BTreeMap<String, Slot>>,
    responders: Responders,
    /// Held while a list is put among those that are kept for good.
    keeping: Mutex<()>,
}

impl Lists {
    /// Opens the lists kept in a folder; a file that is damaged or of another authority is fetched anew.
    pub fn open(
        folder: &Path,
        lists: Vec<KeptList>,
        source: Arc<dyn EvidenceSource>,
    ) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let lists: Vec<KeptList> = lists.into_iter().take(LISTS_MAX).collect();
        let mut slots = BTreeMap::new();
        for list in &lists {
            let mut slot = Slot::default();
            if let Some(read) = disk::load(folder, list) {
                slot.replace(read);
            }
            slots.insert(list.url.clone(), slot);
        }
        let (slots, responders) = (RwLock::new(slots), Responders::default());
        Ok(Self {
            kept: lists,
            folder: folder.to_owned(),
            source,
            slots,
            responders,
            keeping: Mutex::default(),
        })
    }

    /// Returns the certificates of the intermediate authorities of the lists, DER: those that the operator installed.
    pub(crate) fn authorities(&self) -> Vec<Vec<u8>> {
        let is_root = |it: &Certificate| it.issuer().raw() == it.subject().raw();
        let authorities = self.kept.iter().map(|it| &it.authority).filter(|it| !is_root(it));
        authorities.map(|it| it.der().to_vec()).collect()
    }

    /// Returns the list at an address, as long as one is kept; whether it is fresh is judged with the signature.
    #[must_use]
    pub fn at(&self, url: &str) -> Option<Arc<Index>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(url).and_then(|it| it.index.clone())
    }

    /// Puts the list at the first of these addresses that is kept into the evidence: whole where it is short, so that it
    /// lies with the act, else as an index. Says whether it was not there yet.
    pub(crate) fn put(&self, urls: &[String], evidence: &mut Evidence) -> bool {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let Some(slot) = urls.iter().filter_map(|url| slots.get(url)).find(|it| it.index.is_some()) else {
            return false;
        };
        let before = evidence.crls.len() + evidence.indexes.len();
        if slot.whole.is_empty() {
            let new = slot.index.iter().filter(|it| !evidence.indexes.contains(it));
            let new: Vec<_> = new.cloned().collect();
            evidence.indexes.extend(new);
        }
        for list in &slot.whole {
            if !evidence.crls.contains(list) {
                evidence.crls.push(list.clone());
            }
        }
        evidence.crls.len() + evidence.indexes.len() > before
    }

    /// Says whether a list is to stand in for this responder without its being asked: it was silent a moment ago.
    pub(crate) fn rests(&self, responder: &str) -> bool {
        self.responders.rests(responder)
    }

    /// Remembers whether a responder answered.
    pub(crate) fn asked(&self, responder: &str, answered: bool) {
        self.responders.asked(responder, answered);
    }

    /// Returns what is known of each list.
    #[must_use]
    pub fn states(&self) -> Vec<ListState> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let kept = |it: &Arc<Index>| (it.len(), it.next_update(), it.sha256_hex());
        let state = |(url, slot): (&String, &Slot)| ListState {
            url: url.clone(),
            kept: slot.index.as_ref().map(kept),
            fault: slot.fault,
        };
        slots.iter().map(state).collect()
    }

    /// Fetches what is due. An outage of one address stops nothing else.
    pub async fn refresh(&self, now: Timestamp) {
        for list in &self.kept {
            let read = match self.due(list, now) {
                Due::Nothing => continue,
                Due::Full => self.full(list).await,
                Due::Changes => self.changes(list).await,
            };
            self.take(list, read, now).await;
        }
    }

    /// Refreshes for ever.
    pub async fn work(self: Arc<Self>, clock: Arc<dyn Clock>) {
        loop {
            self.refresh(clock.now()).await;
            tokio::time::sleep(Duration::from_secs(LOOK_SECONDS)).await;
        }
    }

    fn due(&self, list: &KeptList, now: Timestamp) -> Due {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let Some(slot) = slots.get(&list.url) else { return Due::Full };
        if slot.tried.is_some_and(|it| now.duration_since(it) < RETRY_AFTER) {
            return Due::Nothing;
        }
        due(list, slot.index.as_deref(), slot.fetched, now)
    }

    async fn full(&self, list: &KeptList) -> Result<Read, ListFault> {
        fetch(&*self.source, list, self.before(&list.url)).await
    }

    fn before(&self, url: &str) -> Option<Before> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.get(url)?;
        let index = slot.index.clone()?;
        let changes = index.sha256_hex().get(1).map(|it| disk::place(&self.folder, url, it));
        Some(Before { index, whole: slot.whole.clone(), changes })
    }

    async fn changes(&self, list: &KeptList) -> Result<Read, ListFault> {
        let (Some(index), Some(url)) = (self.at(&list.url), &list.changes_url) else {
            return self.full(list).await;
        };
        let bytes = in_long_time(self.source.crl(url)).await.ok_or(ListFault::ChangesSilent)?;
        let mut index = Arc::unwrap_or_clone(index);
        match index.lay_over(&bytes, &list.authority) {
            Ok(()) if self.is_whole(&list.url) => self.full(list).await,
            Ok(()) => Ok(Read { index, lists: vec![der(bytes)], amiss: None }),
            // The changes count from a later list than the one kept, or are earlier than those laid over it.
            Err(IndexFault::NumbersDoNotFit) => self.full(list).await,
            Err(fault) => Err(ListFault::ChangesRefused(fault)),
        }
    }

    fn is_whole(&self, url: &str) -> bool {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(url).is_some_and(|it| !it.whole.is_empty())
    }

    /// Takes what was read, once it is on the disk, in place of what was kept.
    async fn take(&self, list: &KeptList, read: Result<Read, ListFault>, now: Timestamp) {
        let read = match read {
            Ok(read) => self.written(list, read).await,
            Err(fault) => Err(fault),
        };
        let Some(named) = self.replace(list, read, now) else { return };
        let (folder, url) = (self.folder.clone(), list.url.clone());
        let swept = tokio::task::spawn_blocking(move || disk::sweep(&folder, &url, &named));
        if let Ok(Err(error)) = swept.await {
            tracing::warn!(%error, list = list.url, "earlier revocation lists were not removed");
        }
    }

    /// Writes what was read, away from the threads that answer people. What is not on the disk serves only where it is short
    /// enough to lie with each act: of anything else no proof would be left.
    async fn written(&self, list: &KeptList, read: Read) -> Result<Read, ListFault> {
        let (folder, url) = (self.folder.clone(), list.url.clone());
        let work = move || {
            let Err(error) = disk::write(&folder, &url, &read) else { return Ok(read) };
            tracing::warn!(%error, list = url, "a revocation list was not written");
            if read.is_short() { Ok(read) } else { Err(ListFault::NotWritten) }
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(ListFault::BrokenOff))
    }

    /// Puts what was read in place; returns the hashes of the lists that are still needed, if any were replaced.
    fn replace(&self, list: &KeptList, read: Result<Read, ListFault>, now: Timestamp) -> Option<Vec<String>> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(list.url.clone()).or_default();
        slot.tried = Some(now);
        let is_taken = read.is_ok();
        match read {
            Ok(read) => {
                slot.replace(read);
                // What is amiss is tried again soon.
                slot.fetched = slot.fault.is_none().then_some(now);
            }
            Err(fault) => slot.fault = Some(fault),
        }
        if let Some(fault) = slot.fault {
            tracing::warn!(list = list.url, %fault, "a revocation list was not refreshed wholly");
        }
        is_taken.then(|| slot.named())
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Full,
    Changes,
}

fn due(list: &KeptList, index: Option<&Index>, fetched: Option<Timestamp>, now: Timestamp) -> Due {
    let Some(index) = index else { return Due::Full };
    let ends = |end: Option<Timestamp>| end.is_none_or(|end| end.duration_since(now) < BEFORE_END);
    let long_ago = fetched.is_none_or(|it| now.duration_since(it) >= list.interval);
    if ends(index.full_next_update()) {
        // A list that promises nothing is fetched by the interval.
        return if index.full_next_update().is_some() || long_ago { Due::Full } else { Due::Nothing };
    }
    let changes = list.changes_url.is_some() && (ends(index.next_update()) || long_ago);
    if changes { Due::Changes } else { Due::Nothing }
}
