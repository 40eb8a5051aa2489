// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is kept is replaced by nothing that knows less: caches repeat old lists, and over plain HTTP anybody may.

use super::{judged, kept};
use crate::world::{CA, LATER_CA, now, wait};
use async_trait::async_trait;
use eds::crl::IndexFault;
use gateway::{EvidenceSource, ListFault, Lists};
use jiff::{SignedDuration, Timestamp};
use simulators::ca::{DEV_CA_URL, DevCa};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// When the changes that name the key `p01` are made; the full list is made at zero, before it was revoked.
const CHANGED: i64 = 61;
/// When both are fetched.
const FIRST: i64 = 62;
/// When changes are looked for again.
const NEXT: i64 = FIRST + 61;
/// When the full list ends soon and is fetched again.
const NEARLY_ENDED: i64 = 27 * 60 - 10;
/// When changes are made that count from a later list than the one at zero.
const FROM_LATER: i64 = 27 * 60 + 10;

const DO_NOT_FIT: ListFault = ListFault::ChangesRefused(IndexFault::NumbersDoNotFit);

/// Returns the time so many minutes later.
fn at(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// A cache before the lists of an authority: it gives a full list and, unless it is silent, changes of set times.
#[derive(Debug)]
struct Cache {
    authority: Arc<DevCa>,
    made: Mutex<(Timestamp, Option<Timestamp>)>,
    fetches: AtomicUsize,
}

#[async_trait]
impl EvidenceSource for Cache {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.fetches.fetch_add(1, Ordering::Relaxed);
        let (full, changes) = *self.made.lock().unwrap();
        let made = if url.ends_with("nca_d.crl") { changes? } else { full };
        self.authority.answer(url, &[], made).map(|it| it.bytes)
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }
}

/// Lists that are kept of what a cache gives.
struct Keeper {
    cache: Arc<Cache>,
    lists: Arc<Lists>,
    _folder: tempfile::TempDir,
}

impl Keeper {
    /// Keeps the lists of an authority: the full one of zero and, where they are wanted, the changes laid over it.
    fn of(authority: &Arc<DevCa>, with_changes: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Mutex::new((at(0), Some(at(CHANGED))));
        let cache =
            Arc::new(Cache { authority: Arc::clone(authority), made, fetches: AtomicUsize::default() });
        let mut wanted = kept();
        wanted[0].changes_url = with_changes.then(|| format!("{DEV_CA_URL}/crl/nca_d.crl"));
        let lists = Arc::new(Lists::open(folder.path(), wanted, Arc::<Cache>::clone(&cache)).unwrap());
        let keeper = Self { cache, lists, _folder: folder };
        wait(keeper.lists.refresh(at(FIRST)));
        assert_eq!(keeper.told(), (keeper.made(0, with_changes.then_some(CHANGED)), None));
        keeper
    }

    /// Fetches what is due, while the cache gives what was made then.
    fn refresh(&self, minutes: i64, full: i64, changes: Option<i64>) {
        *self.cache.made.lock().unwrap() = (at(full), changes.map(at));
        wait(self.lists.refresh(at(minutes)));
    }

    /// Returns the hashes of the lists made then.
    fn made(&self, full: i64, changes: Option<i64>) -> Vec<String> {
        let changes = changes.map(|it| self.cache.authority.crl_changes(at(it)));
        let lists = [self.cache.authority.crl(at(full))].into_iter().chain(changes);
        lists.map(|it| hex::encode(eds::sha256(&it))).collect()
    }

    /// Returns the hashes of the lists of keys that are kept, and what the last fetch did not bring.
    fn told(&self) -> (Vec<String>, Option<ListFault>) {
        let mut states = self.lists.states().into_iter();
        let state = states.find(|it| it.url.ends_with("nca.crl")).unwrap();
        (state.kept.unwrap().2, state.fault)
    }

    /// Says whether the key `p01` is known to be revoked by what is kept.
    fn knows(&self, minutes: i64) -> bool {
        judged(Arc::clone(&self.lists), "p01", at(minutes)).valid == Some(false)
    }
}

#[test]
fn a_revocation_that_is_known_stays_known_whatever_a_cache_repeats() {
    for (when, full, changes, fault) in [
        // The full list is that of a cache, the changes count from a later one.
        (NEARLY_ENDED, 0, Some(FROM_LATER), DO_NOT_FIT),
        (NEARLY_ENDED, 0, None, ListFault::ChangesSilent),
        (NEARLY_ENDED, 0, Some(10), DO_NOT_FIT),
        (NEARLY_ENDED, -120, None, ListFault::Earlier),
        (NEARLY_ENDED, -120, Some(10), ListFault::Earlier),
        (NEARLY_ENDED, -120, Some(FROM_LATER), ListFault::Earlier),
        (NEXT, 0, Some(10), DO_NOT_FIT),
        (NEXT, -120, Some(10), ListFault::Earlier),
        (NEXT, 0, None, ListFault::ChangesSilent),
    ] {
        let keeper = Keeper::of(&LATER_CA, true);
        assert!(keeper.knows(FIRST));
        keeper.refresh(when, full, changes);
        let told = (keeper.made(0, Some(CHANGED)), Some(fault));
        assert_eq!(keeper.told(), told, "{when} {full} {changes:?}");
        assert!(keeper.knows(FIRST), "{when} {full} {changes:?}");
    }
}

#[test]
fn an_earlier_list_takes_the_place_of_none_that_has_no_changes() {
    let keeper = Keeper::of(&CA, false);
    keeper.refresh(NEARLY_ENDED, -120, None);
    assert_eq!(keeper.told(), (keeper.made(0, None), Some(ListFault::Earlier)));
    // The same list is no fault.
    keeper.refresh(NEARLY_ENDED + 5, 0, None);
    assert_eq!(keeper.told(), (keeper.made(0, None), None));
    keeper.refresh(NEARLY_ENDED + 10, NEARLY_ENDED, None);
    assert_eq!(keeper.told(), (keeper.made(NEARLY_ENDED, None), None));
}

#[test]
fn what_is_amiss_is_fetched_again_after_five_minutes() {
    let keeper = Keeper::of(&LATER_CA, true);
    keeper.refresh(NEXT, 0, Some(10));
    assert_eq!(keeper.told().1, Some(DO_NOT_FIT));
    let before = keeper.cache.fetches.load(Ordering::Relaxed);
    keeper.refresh(NEXT + 4, 0, Some(NEXT));
    assert_eq!(keeper.cache.fetches.load(Ordering::Relaxed), before);
    keeper.refresh(NEXT + 5, 0, Some(NEXT));
    assert_eq!(keeper.told(), (keeper.made(0, Some(NEXT)), None));
    // Nothing is amiss any more: the next changes are looked for in their time.
    let before = keeper.cache.fetches.load(Ordering::Relaxed);
    keeper.refresh(NEXT + 15, 0, Some(NEXT));
    assert_eq!(keeper.cache.fetches.load(Ordering::Relaxed), before);
}

#[test]
fn changes_are_laid_over_a_later_list_until_one_comes_that_holds_them() {
    let keeper = Keeper::of(&LATER_CA, true);
    // Later than the full list that is kept, earlier than its changes.
    keeper.refresh(NEARLY_ENDED, 20, None);
    assert_eq!(keeper.told(), (keeper.made(20, Some(CHANGED)), Some(ListFault::ChangesSilent)));
    assert!(keeper.knows(FIRST));
    keeper.refresh(NEARLY_ENDED + 30, NEARLY_ENDED, None);
    assert_eq!(keeper.told(), (keeper.made(NEARLY_ENDED, None), Some(ListFault::ChangesSilent)));
    assert!(keeper.knows(NEARLY_ENDED + 30));
}

#[test]
fn later_changes_are_taken_though_their_list_is_that_of_a_cache() {
    let later = 5 * 60;
    let keeper = Keeper::of(&LATER_CA, true);
    keeper.refresh(NEARLY_ENDED, -120, Some(later));
    assert_eq!(keeper.told(), (keeper.made(0, Some(later)), Some(ListFault::Earlier)));
    assert!(keeper.knows(later));
    // Short lists still lie whole with an act: the list, its changes and the list of authorities.
    let keeper = Keeper::of(&CA, true);
    keeper.refresh(NEARLY_ENDED, -120, Some(later));
    assert_eq!(keeper.told().0, keeper.made(0, Some(later)));
    let found = judged(Arc::clone(&keeper.lists), "p01", at(later));
    assert_eq!((found.valid, found.code), (Some(true), None));
    assert_eq!(found.verdict["evidence"]["crls"].as_array().unwrap().len(), 3);
}
