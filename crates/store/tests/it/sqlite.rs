// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is particular to the store on `SQLite`.

use crate::conformance::conformance;
use crate::fixture::{KEY, at, events, hash_of, id, put, reading, row, saying, stream, wait, writing};
use jiff::Timestamp;
use rusqlite::Connection;
use service::ports::Store;
use service::ports::store::{Built, Commit, CommitError, RowChange};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{ChainFault, FailPoint, Faults, OpenError, SEAL_EVENTS_MAX, SqliteStore};
use tempfile::TempDir;

fn fresh() -> (TempDir, SqliteStore) {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path(), &KEY).unwrap();
    (dir, store)
}

conformance!(fresh);

#[test]
fn a_folder_is_open_once() {
    let (dir, store) = fresh();
    assert!(matches!(SqliteStore::open(dir.path(), &KEY), Err(OpenError::InUse)));
    drop(store);
    assert!(SqliteStore::open(dir.path(), &KEY).is_ok());
}

#[test]
fn another_key_does_not_open_the_files() {
    let (dir, store) = fresh();
    drop(store);
    assert!(matches!(SqliteStore::open(dir.path(), &[8; 32]), Err(OpenError::WrongKey)));
}

#[test]
fn tables_of_a_newer_program_are_refused() {
    let (dir, store) = fresh();
    drop(store);
    let db = Connection::open(dir.path().join("journal.db")).unwrap();
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                 SELECT version + 1000, 'newer', applied_on, checksum FROM refinery_schema_history LIMIT 1";
    assert_eq!(db.execute(newer, []).unwrap(), 1);
    drop(db);
    assert!(matches!(SqliteStore::open(dir.path(), &KEY), Err(OpenError::Migrations(_))));
}

#[test]
fn a_disk_that_fails_at_any_boundary_leaves_the_order_to_be_sent_again() {
    for point in FailPoint::ALL {
        let dir = TempDir::new().unwrap();
        let broken = Arc::new(AtomicBool::new(false));
        let hook = Arc::clone(&broken);
        let faults = Faults::new(move |here| {
            let fails = here == point && hook.swap(false, Ordering::SeqCst);
            if fails { Err("a fault on purpose".to_owned()) } else { Ok(()) }
        });
        let store = SqliteStore::open_with_faults(dir.path(), &KEY, faults).unwrap();
        wait(async {
            assert_eq!(store.commit(numbered(1)).await, Ok(b"[1]".to_vec()));
            broken.store(true, Ordering::SeqCst);
            let of_file = store.put_file(b"content".to_vec()).await;
            let failed = store.commit(numbered(2)).await;
            let untouched = broken.swap(false, Ordering::SeqCst);
            let unavailable = of_file.is_err() || matches!(failed, Err(CommitError::Unavailable(_)));
            // One request alone has no other to be answered after it.
            assert_eq!(untouched, point == FailPoint::FirstAnswered, "{point:?}");
            assert_eq!(unavailable, !untouched, "{point:?}");
            let again = store.commit(numbered(2)).await;
            assert!(again == Ok(b"[2]".to_vec()) || again == Err(CommitError::Repeated(b"[2]".to_vec())));
            assert_eq!(store.commit(numbered(3)).await, Ok(b"[3]".to_vec()), "{point:?}");
            assert_eq!(store.row("t", "2").await.unwrap().unwrap().revision, 1);
            let name = store.put_file(b"content".to_vec()).await.unwrap();
            assert_eq!(store.file(&name).await.unwrap(), Some(b"content".to_vec()));
        });
    }
}

fn numbered(order: u128) -> Commit {
    let build = move |numbers: &[u64]| Built {
        rows: vec![RowChange::Put(row("t", &order.to_string(), None, ""))],
        answer: format!("{numbers:?}").into_bytes(),
        ..Built::default()
    };
    Commit {
        order: Some(id(order)),
        numbers: vec!["in".to_owned()],
        build: Box::new(build),
        ..writing(Built::default())
    }
}

#[test]
fn the_same_order_twice_in_one_batch_is_one_act() {
    let (_dir, store) = fresh();
    let results = wait(async {
        let first = store.commit(numbered(1));
        let second = store.commit(numbered(1));
        tokio::join!(first, second)
    });
    assert_eq!(results, (Ok(b"[1]".to_vec()), Err(CommitError::Repeated(b"[1]".to_vec()))));
}

fn sign(root: &[u8; 32]) -> Vec<u8> {
    root.iter().rev().copied().collect()
}

/// A store with two streams, five events and seals over the first four.
fn sealed() -> (TempDir, SqliteStore) {
    let (dir, store) = fresh();
    wait(async {
        for (count, name) in [(2, "a"), (2, "b"), (1, "a")] {
            let stream = stream(name);
            for _ in 0..count {
                let head = store.head(&stream).await.unwrap().unwrap_or_default();
                store.commit(saying(&stream, head, "said")).await.unwrap();
            }
            if count == 2 {
                assert!(store.seal_pending(&sign, at(0)).await.unwrap().is_some());
            }
        }
    });
    (dir, store)
}

fn faults_of(store: &SqliteStore) -> Vec<ChainFault> {
    store.verify_chain(&hash_of, &|root, signature| sign(root) == signature).unwrap().faults
}

#[test]
fn seals_follow_each_other_and_cover_every_event() {
    let (_dir, store) = sealed();
    let last = wait(store.seal_pending(&sign, at(7))).unwrap().unwrap();
    assert_eq!((last.number, last.first_seq, last.last_seq, last.at), (3, 5, 5, at(7)));
    assert_eq!(wait(store.seal_pending(&sign, at(8))).unwrap(), None);
    let report = store.verify_chain(&hash_of, &|root, signature| sign(root) == signature).unwrap();
    assert_eq!((report.streams, report.events, report.seals, report.unsealed), (2, 5, 3, 0));
    assert_eq!(report.faults, []);
}

#[test]
fn a_sealed_event_has_a_proof_and_an_unsealed_one_none() {
    let (_dir, store) = sealed();
    let proof = |name: &str, version| wait(store.proof(&stream(name), version)).unwrap();
    let second = proof("b", 1).unwrap();
    assert_eq!((second.seal.number, second.seq, second.path.len()), (2, 3, 1));
    assert_eq!(second.seal.signature, sign(&second.seal.root));
    assert_eq!(proof("a", 3), None, "not sealed yet");
    assert_eq!(proof("a", 9), None);
}

#[test]
fn a_seal_covers_no_more_events_than_it_may() {
    let (_dir, store) = fresh();
    let stream = stream("a");
    let texts = vec!["said".to_owned(); SEAL_EVENTS_MAX + 3];
    let built = Built { events: events(&stream, (0, [0; 32]), &texts), ..Built::default() };
    wait(async {
        store.commit(Commit { stream: Some((stream, 0)), ..writing(built) }).await.unwrap();
        let first = store.seal_pending(&sign, at(0)).await.unwrap().unwrap();
        let second = store.seal_pending(&sign, at(0)).await.unwrap().unwrap();
        assert_eq!((first.last_seq, second.last_seq), (SEAL_EVENTS_MAX as u64, SEAL_EVENTS_MAX as u64 + 3));
        assert_eq!(second.previous, first.root);
    });
    assert_eq!(faults_of(&store), []);
}

#[test]
fn what_was_tampered_with_is_named() {
    let a = || stream("a");
    let broken = ChainFault::SealBroken { number: 1 };
    let changed = ChainFault::Changed { stream: a(), version: 2 };
    let cases: [(&str, Vec<ChainFault>); 9] = [
        ("UPDATE events SET public = x'00' WHERE seq = 2", vec![changed.clone()]),
        ("UPDATE events SET private = x'00' WHERE seq = 2", vec![changed.clone()]),
        ("UPDATE events SET previous = zeroblob(32) WHERE seq = 2", {
            vec![ChainFault::Unlinked { stream: a(), version: 2 }, changed.clone()]
        }),
        ("UPDATE events SET hash = zeroblob(32) WHERE seq = 2", {
            vec![changed, ChainFault::Unlinked { stream: a(), version: 3 }, broken.clone()]
        }),
        ("DELETE FROM events WHERE seq = 2", {
            vec![ChainFault::Gap { stream: a(), expected: 2, found: 3 }, broken.clone()]
        }),
        ("UPDATE events SET at = 9223372036854775807, format = 99999 WHERE seq = 5", {
            vec![ChainFault::UnreadableEvent { seq: 5 }]
        }),
        ("UPDATE seals SET signature = x'00' WHERE number = 2", vec![ChainFault::SealForged { number: 2 }]),
        ("UPDATE seals SET at = 5 WHERE number = 1", vec![broken]),
        ("DELETE FROM seals WHERE number = 1", vec![ChainFault::SealUnlinked { number: 2 }]),
    ];
    for (tampering, faults) in cases {
        let (dir, store) = sealed();
        let db = Connection::open(dir.path().join("journal.db")).unwrap();
        assert_eq!(db.execute(tampering, []).unwrap(), 1);
        assert_eq!(faults_of(&store), faults, "{tampering}");
    }
}

#[test]
fn a_sign_in_that_was_changed_is_named_and_streams_are_counted_by_kind() {
    let (dir, store) = fresh();
    let (account, seat) = (stream("account/a-1"), stream("access/abai-education.head"));
    let appends = vec![reading(&account, "refused"), reading(&account, "signed in"), reading(&seat, "read")];
    wait(async {
        store.commit(Commit { appends, ..writing(Built::default()) }).await.unwrap();
        store.commit(saying(&stream("case/1"), (0, [0; 32]), "opened")).await.unwrap();
        store.seal_pending(&sign, at(0)).await.unwrap().unwrap();
    });
    let report = store.verify_chain(&hash_of, &|root, signature| sign(root) == signature).unwrap();
    let kinds: Vec<_> =
        report.kinds.iter().map(|(kind, it)| (kind.as_str(), it.streams, it.events)).collect();
    assert_eq!(kinds, [("access", 1, 1), ("account", 1, 2), ("case", 1, 1)]);
    assert_eq!(report.faults, []);
    let db = Connection::open(dir.path().join("journal.db")).unwrap();
    let hidden = "UPDATE events SET public = x'00' WHERE stream = 'account/a-1' AND version = 1";
    assert_eq!(db.execute(hidden, []).unwrap(), 1);
    assert_eq!(faults_of(&store), [ChainFault::Changed { stream: account, version: 1 }]);
}

/// Returns the one file that a store has on the disk.
fn only_file(dir: &Path) -> PathBuf {
    let folders = fs::read_dir(dir.join("files")).unwrap().map(|it| it.unwrap().path());
    let files = folders.filter(|it| it.is_dir()).flat_map(|it| fs::read_dir(it).unwrap());
    let files: Vec<PathBuf> = files.map(|it| it.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    files[0].clone()
}

#[test]
fn a_file_is_unreadable_on_the_disk_and_noticed_when_damaged() {
    let (dir, store) = fresh();
    let name = wait(store.put_file(b"a very private paper".to_vec())).unwrap();
    let path = only_file(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    assert!(!bytes.windows(7).any(|it| it == b"private"));
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert!(wait(store.file(&name)).is_err());
    wait(store.put_file(b"a very private paper".to_vec())).unwrap();
    assert_eq!(wait(store.file(&name)).unwrap(), Some(b"a very private paper".to_vec()), "put again");
}

#[test]
fn a_sweep_removes_old_files_that_nobody_names() {
    let (_dir, store) = fresh();
    let [named, orphan] = [b"named", b"orphe"].map(|it: &[u8; 5]| wait(store.put_file(it.to_vec())).unwrap());
    let keep = |it: &engine::case::FileHash| *it == named;
    let long_ago = store.sweep(&keep, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!((long_ago.kept, long_ago.removed), (2, 0));
    let swept = store.sweep(&keep, Timestamp::MAX).unwrap();
    assert_eq!((swept.kept, swept.removed), (1, 1));
    assert!(wait(store.file(&named)).unwrap().is_some());
    assert_eq!(wait(store.file(&orphan)).unwrap(), None);
}

#[test]
fn what_a_crash_left_half_written_is_removed() {
    let (dir, store) = fresh();
    drop(store);
    let half = dir.path().join("files/temporary/7");
    fs::write(&half, b"half").unwrap();
    let _store = SqliteStore::open(dir.path(), &KEY).unwrap();
    assert!(!half.exists());
}

#[test]
fn a_store_is_read_with_its_files_beside_its_process_and_nothing_is_changed() {
    let (dir, store) = fresh();
    let before = wait(store.put_file(b"before".to_vec())).unwrap();
    let half = dir.path().join("files/temporary/7");
    fs::write(&half, b"half").unwrap();
    let beside = SqliteStore::beside_to_read(dir.path(), &KEY).unwrap();
    wait(async {
        assert_eq!(beside.file(&before).await.unwrap(), Some(b"before".to_vec()));
        store.commit(numbered(1)).await.unwrap();
        let after = store.put_file(b"after".to_vec()).await.unwrap();
        assert!(beside.row("t", "1").await.unwrap().is_some());
        assert_eq!(beside.file(&after).await.unwrap(), Some(b"after".to_vec()));
        assert!(matches!(beside.commit(numbered(2)).await, Err(CommitError::Unavailable(_))));
        assert!(beside.put_file(b"more".to_vec()).await.is_err());
    });
    assert!(beside.sweep(&|_| false, Timestamp::MAX).is_err());
    assert!(half.exists(), "what the process is writing stays");
    assert!(matches!(SqliteStore::beside_to_read(dir.path(), &[8; 32]), Err(OpenError::WrongKey)));
}

#[test]
fn what_was_erased_does_not_stay_in_the_journal() {
    let (dir, store) = fresh();
    let mut secret = row("keys", "person", None, "");
    secret.body = b"the key of a person, to be erased".to_vec();
    wait(put(&store, vec![RowChange::Put(secret.clone())])).unwrap();
    wait(put(&store, vec![RowChange::Delete { table: secret.table, key: secret.key }])).unwrap();
    // Closing empties the log into the journal.
    drop(store);
    let journal = fs::read(dir.path().join("journal.db")).unwrap();
    assert!(!journal.windows(secret.body.len()).any(|it| it == secret.body));
}
