// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list that is too long to lie with an act is kept for good once it decided one.

use super::{CONTENT, ListsOnly, judged, kept, lists, signed};
use crate::world::{CA, LONG_CA, NoSource, now, wait};
use async_trait::async_trait;
use eds::{Content, Outcome, Policy, Purpose, verify_cms};
use gateway::{Doubt, EvidenceSource, ListFault, Lists, TransportTrust};
use jiff::{SignedDuration, Timestamp};
use service::ports::evidence::Judgement;
use simulators::ca::DEV_CA_URL;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// So much later a list of keys ends soon and is fetched anew.
const NEARLY_ENDED: SignedDuration = SignedDuration::from_mins(27 * 60 - 20);
/// So much later changes are looked for.
const CHANGED: SignedDuration = SignedDuration::from_mins(61);

/// Long lists, made for the time that is set; the responder is silent.
#[derive(Debug)]
struct Long(Mutex<Timestamp>);

#[async_trait]
impl EvidenceSource for Long {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        let at = *self.0.lock().unwrap();
        LONG_CA.answer(url, &[], at).map(|it| it.bytes)
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }
}

/// Lists of the long authority in a folder.
struct Office {
    folder: tempfile::TempDir,
    source: Arc<Long>,
    lists: Arc<Lists>,
}

impl Office {
    /// Opens the lists and fetches them; with the changes of the list of keys where they are wanted.
    fn open(with_changes: bool) -> Self {
        let (folder, source) = (tempfile::tempdir().unwrap(), Arc::new(Long(Mutex::new(now()))));
        let mut wanted = kept();
        wanted[0].changes_url = with_changes.then(|| format!("{DEV_CA_URL}/crl/nca_d.crl"));
        let lists = Arc::new(Lists::open(folder.path(), wanted, Arc::<Long>::clone(&source)).unwrap());
        wait(lists.refresh(now()));
        Self { folder, source, lists }
    }

    /// Fetches what is due at a time.
    fn refresh(&self, at: Timestamp) {
        *self.source.0.lock().unwrap() = at;
        wait(self.lists.refresh(at));
    }

    fn judged(&self, holder: &str, at: Timestamp) -> Judgement {
        judged(Arc::clone(&self.lists), holder, at)
    }

    /// Returns the lists that are kept for good, by name.
    fn for_good(&self) -> Vec<PathBuf> {
        let kept = self.folder.path().join("kept");
        if kept.exists() { files(&kept) } else { Vec::new() }
    }

    /// Returns the lists that are in use, those of authorities too.
    fn in_use(&self) -> Vec<PathBuf> {
        files(self.folder.path())
    }
}

/// Returns the lists in a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut lists: Vec<_> = paths.filter(|it| it.extension().is_some_and(|it| it == "crl")).collect();
    lists.sort();
    lists
}

/// Returns the hashes of the lists that a verdict says are kept.
fn named(found: &Judgement) -> Vec<String> {
    let lists = found.verdict.get("lists").cloned().unwrap_or_default();
    serde_json::from_value::<Option<Vec<String>>>(lists).unwrap().unwrap_or_default()
}

#[test]
fn a_list_that_decided_an_act_is_kept_under_its_hash_and_judges_it_again() {
    let office = Office::open(false);
    assert_eq!(office.for_good(), Vec::<PathBuf>::new(), "it has decided nothing yet");
    let found = office.judged("p01", now());
    assert_eq!((found.valid, found.code.as_deref()), (Some(true), None));
    let [hash] = named(&found).try_into().unwrap();
    assert!(found.verdict["verdict"].to_string().contains(&format!("sha256 {hash}")), "{hash}");
    // Twice another one comes, and no act needs it.
    let second = now() + NEARLY_ENDED;
    office.refresh(second);
    let unused = office.in_use();
    let third = second + NEARLY_ENDED;
    office.refresh(third);
    let of_keys = unused.iter().filter(|it| !office.in_use().contains(it)).count();
    assert_eq!((unused.len(), office.in_use().len(), of_keys), (2, 2, 1), "the list of authorities stays");
    let [path] = office.for_good().try_into().unwrap();
    assert_eq!(path, office.folder.path().join("kept").join(format!("{hash}.crl")));
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(hex::encode(eds::sha256(&bytes)), hash);
    // Offline, with nothing but what lies with the act and the list that it names.
    let mut evidence: eds::Evidence = serde_json::from_value(found.verdict["evidence"].clone()).unwrap();
    let mut policy = Policy::new(CA.trust().unwrap(), Purpose::ApplicantSignature);
    policy.evidence_until = Some(third);
    let again = |evidence: &eds::Evidence| {
        verify_cms(&Content::Detached(CONTENT), &signed("p01"), evidence, now(), &policy).outcome
    };
    assert!(matches!(again(&evidence), Outcome::Indeterminate { .. }));
    evidence.crls.push(bytes);
    assert_eq!(again(&evidence), Outcome::Valid);
}

#[test]
fn a_list_that_revoked_a_key_is_kept_too() {
    let office = Office::open(false);
    let found = office.judged("revoked", now());
    assert_eq!((found.valid, found.code.as_deref()), (Some(false), Some("certificate-revoked")));
    let [hash] = named(&found).try_into().unwrap();
    assert_eq!(office.for_good(), [office.folder.path().join("kept").join(format!("{hash}.crl"))]);
}

#[test]
fn a_list_by_which_a_system_was_believed_is_kept_or_else_it_is_not_believed() {
    let office = Office::open(false);
    let trust = TransportTrust::new(CA.trust().unwrap(), ListsOnly::at(now()));
    let trust = trust.with_lists(Arc::clone(&office.lists));
    let key = CA.transport("gateway").unwrap().certificate();
    let examined = || wait(trust.examine(key.der(), now()));
    let way = office.folder.path().join("kept");
    std::fs::write(&way, b"stands where the folder should be").unwrap();
    assert_eq!(examined(), Err(Doubt::Unknown("revocation-unknown")));
    std::fs::remove_file(&way).unwrap();
    assert_eq!(examined(), Ok(()));
    let [kept] = office.for_good().try_into().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), LONG_CA.crl(now()));
}

#[test]
fn changes_that_decided_are_kept_with_their_list_also_after_a_restart() {
    let office = Office::open(true);
    let changed = now() + CHANGED;
    office.refresh(changed);
    let first = named(&office.judged("p01", changed));
    assert_eq!((first.len(), office.for_good().len()), (2, 2));
    office.refresh(changed + CHANGED);
    assert_eq!(office.in_use().len(), 3, "the list, its newest changes and the list of authorities");
    let again = lists(office.folder.path(), Arc::new(NoSource));
    let found = judged(again, "p01", changed + CHANGED);
    let second = named(&found);
    assert_eq!((found.valid, second.len(), &second[0]), (Some(true), 2, &first[0]));
    assert_ne!(second[1], first[1], "other changes");
    assert_eq!(office.for_good().len(), 3);
}

#[test]
fn a_list_that_cannot_be_kept_decides_nothing() {
    let office = Office::open(false);
    let way = office.folder.path().join("kept");
    std::fs::write(&way, b"stands where the folder should be").unwrap();
    for holder in ["p01", "revoked"] {
        let found = office.judged(holder, now());
        assert_eq!((found.valid, found.code.as_deref()), (None, Some("revocation-unknown")), "{holder}");
        assert_eq!(named(&found), Vec::<String>::new());
    }
    std::fs::remove_file(&way).unwrap();
    assert_eq!(office.judged("p01", now()).valid, Some(true));
    assert_eq!(office.judged("revoked", now()).valid, Some(false));
}

#[test]
fn a_list_that_was_damaged_on_the_disk_decides_nothing_until_it_is_fetched_anew() {
    let office = Office::open(false);
    let intact: Vec<_> = office.in_use().iter().map(|it| std::fs::read(it).unwrap()).collect();
    for path in office.in_use() {
        std::fs::write(path, b"damaged").unwrap();
    }
    let restarted = lists(office.folder.path(), Arc::new(NoSource));
    assert!(restarted.states().iter().all(|it| it.kept.is_none()));
    assert_eq!(judged(restarted, "p01", now()).valid, None);
    assert_eq!(office.judged("p01", now()).valid, None, "nobody could show it later");
    *office.source.0.lock().unwrap() = now();
    wait(office.lists.refresh(now() + SignedDuration::from_mins(6)));
    assert_eq!(office.judged("p01", now()).valid, Some(true));
    let [kept] = office.for_good().try_into().unwrap();
    assert!(intact.contains(&std::fs::read(kept).unwrap()));
}

#[test]
fn a_list_that_cannot_be_written_leaves_the_one_before_it() {
    let office = Office::open(false);
    let (keys, second) = (kept().swap_remove(0), now() + NEARLY_ENDED);
    let next = hex::encode(eds::sha256(&LONG_CA.crl(second)));
    let name = format!("{}.{next}.crl", hex::encode(eds::sha256(keys.url.as_bytes())));
    std::fs::create_dir(office.folder.path().join(name)).unwrap();
    office.refresh(second);
    let states = office.lists.states();
    assert_eq!(states.iter().find(|it| it.url == keys.url).unwrap().fault, Some(ListFault::NotWritten));
    let found = office.judged("p01", second);
    assert_eq!((found.valid, named(&found).contains(&next)), (Some(true), false));
    assert_eq!(office.for_good().len(), 1);
}
