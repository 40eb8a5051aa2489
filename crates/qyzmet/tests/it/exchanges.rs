// SPDX-License-Identifier: MIT OR Apache-2.0
//! The evidence of what went over the gateway, found in the data of roles that ran.

use crate::journal::{CHILD, IIN, NOON, copy};
use crate::road::Road;
use gateway::evidence_package::{Check, What, verify, write};
use qyzmet::exchanges::{ExchangeError, find};
use regulation::model::System;
use service::border::KeptMessage;
use service::portal::Sent;
use service::ports::Store as _;
use service::ports::store::{Append, Built, Commit, RowChange, StreamId};
use service::{rows, tables};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use store::SqliteStore;

/// The configuration of a role whose data lie in `own`, but for what the role is.
const CONFIG: &str = r#"mode = "development"
data = "own"
listen = "127.0.0.1:0"
roots = "trust"

[keys]
sender = "own"
certificate = "own.cer"
key = "own.key"

[messages]
listen = "127.0.0.1:0"

[[peer]]
id = "gateway"
role = "gateway"
common_name = "QYZMET GATEWAY (DEV)"
url = "http://127.0.0.1/shep"
"#;

/// The ids of the messages that a role kept.
fn kept(data: &Path, role: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(data.join(role).join("journal.db")).unwrap();
    let mut found = db.prepare("SELECT key FROM view_rows WHERE tbl = 'messages' ORDER BY key").unwrap();
    found.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Says whether every event of a role's journal is sealed.
fn is_sealed(data: &Path, role: &str) -> bool {
    let db = rusqlite::Connection::open(data.join(role).join("journal.db")).unwrap();
    let sql = "SELECT (SELECT max(seq) FROM events) = (SELECT max(last_seq) FROM seals)";
    db.query_row(sql, [], |row| row.get::<_, Option<bool>>(0)).unwrap() == Some(true)
}

/// Says whether the portal confirmed what the region told of the case.
fn has_told(data: &Path) -> bool {
    let db = rusqlite::Connection::open(data.join("region").join("journal.db")).unwrap();
    let sql =
        "SELECT count(*) FROM view_rows WHERE tbl = 'messages' AND json_extract(body, '$.work.do') = ?1";
    db.query_row(sql, ["tell-progress"], |row| row.get::<_, u32>(0)).unwrap() > 0
}

#[test]
fn every_exchange_of_a_case_is_found_and_proves_itself_offline() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (folder, trust, root) = runtime.block_on(async {
        let road = Road::open(NOON).await;
        let citizen = road.citizen(IIN).await;
        let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
        road.stands(&road.demo.region, it.case, "provider.action-1").await;
        let data = road.folder().join("demo");
        while !has_told(&data) || !["portal", "region"].iter().all(|role| is_sealed(&data, role)) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let trust = road.demo.authority.trust().unwrap().confirmed();
        let root = trust.roots().first().unwrap().der().to_vec();
        (road.into_folder(), trust, root)
    });
    drop(runtime);
    let data = folder.path().join("copy");
    copy(&folder.path().join("demo"), &data);
    let mut proven = BTreeSet::new();
    let mut last = None;
    for role in ["portal", "region"] {
        for (number, message) in kept(&data, role).into_iter().enumerate() {
            let found = find(&data, System::from_name(role), &message, NOON.parse().unwrap());
            if message.starts_with("own-") {
                assert!(matches!(found, Err(ExchangeError::OwnRegister)));
                continue;
            }
            let found = found.unwrap();
            let found = found.unwrap();
            let at = folder.path().join(format!("{role}-{number}"));
            let manifest = write(&at, &found).unwrap();
            let report = verify(&at, &trust, &[]).unwrap();
            assert_ne!(report.holds(), Some(false), "{report:?}");
            if found.sent.is_some() {
                assert_eq!(manifest.answer_names_question, Some(true), "{message}");
                let bound = report.findings.iter().find(|it| it.check == Check::Binding).unwrap();
                assert_eq!(bound.holds, Some(true));
            }
            if manifest.parts.iter().any(|it| it.what == What::Journal) && report.holds() == Some(true) {
                last = Some((role, message, at));
            }
            if let Some(sent) = found.sent.as_ref().filter(|_| found.with == "portal") {
                let text = String::from_utf8_lossy(sent);
                assert!(text.contains("<code>qyzmet.signature</code>"), "it names the application");
                assert!(text.contains("<serviceProviderBin>930140999904</serviceProviderBin>"), "{text}");
            }
            proven.insert((role, found.with, found.sent.is_some()));
        }
    }
    let (portal, region): (Vec<_>, Vec<_>) = proven.iter().partition(|it| it.0 == "portal");
    assert!(portal.contains(&&("portal", "abai-education".to_owned(), true)), "{portal:?}");
    for sent in [false, true] {
        assert!(region.contains(&&("region", "portal".to_owned(), sent)), "{region:?}");
    }
    let (role, message, package) = last.expect("an exchange whose event is sealed");
    as_a_program(&data, &message, &package, &root);
    of_a_running_role(&data, role, &message);
}

/// Runs the program in a folder.
fn run(place: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qyzmet"));
    let done = command.current_dir(place).args(arguments).output().unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap())
}

/// The same by the command line.
fn as_a_program(data: &Path, message: &str, package: &Path, root: &[u8]) {
    let place = data.parent().unwrap();
    std::fs::write(place.join("root.cer"), root).unwrap();
    let (trust, out) = (place.join("trust"), place.join("by-program"));
    let run = |arguments: &[&str]| run(place, arguments);
    let (trust, out) = (trust.to_str().unwrap(), out.to_str().unwrap());
    let (data, package) = (data.to_str().unwrap(), package.to_str().unwrap());
    assert_eq!(run(&["eds", "trust", "add", "root.cer", "--development", "--trust", trust]).0, Some(0));
    let (code, told) = run(&["gateway", "evidence", message, "--data", data, "--out", out]);
    assert_eq!((code, told.contains("sealed")), (Some(0), true), "{told}");
    for at in [package, out] {
        let (code, told) = run(&["gateway", "evidence", "--verify", at, "--trust", trust]);
        assert_eq!((code, told.contains("proves nothing outside a test")), (Some(2), true), "{told}");
        assert!(!told.contains("proven"), "{told}");
    }
    let of_another =
        ["gateway", "evidence", "--verify", package, "--peer-bin", "950340999915", "--trust", trust];
    let (code, told) = run(&of_another);
    assert_eq!((code, told.contains("(another-organisation)")), (Some(1), true), "{told}");
    std::fs::write(Path::new(out).join("README.txt"), "changed").unwrap();
    let (code, told) = run(&["gateway", "evidence", "--verify", out, "--trust", trust]);
    assert_eq!((code, told.ends_with("NOT PROVEN\n")), (Some(1), true), "{told}");
    assert_eq!(run(&["gateway", "evidence", "no-such-message", "--data", data]).0, Some(1));
    assert_eq!(run(&["gateway", "evidence", "--verify", data, "--trust", trust]).0, Some(3), "no package");
    let regoin = run(&["gateway", "evidence", message, "--data", data, "--role", "regoin"]);
    assert_eq!(regoin.0, Some(3), "no role is called so");
}

/// The same in the data of a role of its own, whose process has them open.
fn of_a_running_role(data: &Path, role: &str, message: &str) {
    let place = data.parent().unwrap();
    let (own, at) = (place.join("own"), NOON.parse().unwrap());
    copy(&data.join(role), &own.join("journal"));
    std::fs::copy(data.join("master.key"), own.join("master.key")).unwrap();
    let master: [u8; 32] = std::fs::read(own.join("master.key")).unwrap().try_into().unwrap();
    let _running = SqliteStore::open(&own.join("journal"), &master).unwrap();
    let unnamed = find(&own, None, message, at);
    assert!(matches!(unnamed, Err(ExchangeError::NoRole(_))), "nothing in the data says whose they are");
    assert_eq!(find(&own, System::from_name(role), message, at).unwrap().unwrap().role, role);
    std::fs::write(place.join("own.toml"), format!("role = \"{role}\"\n{CONFIG}")).unwrap();
    let evidence = ["gateway", "evidence", message, "--out", "of-own"];
    let (code, told) = run(place, &[evidence.as_slice(), &["--config", "own.toml"]].concat());
    assert_eq!((code, told.contains(&format!("kept by {role}"))), (Some(0), true), "{told}");
    assert_eq!(run(place, &[evidence.as_slice(), &["--data", "own"]].concat()).0, Some(3));
}

/// Keeps a message of a portal that knows the published form only as a region does, with the event about it.
async fn keep(
    store: &SqliteStore,
    (key, list): (&str, &str),
    kind: &str,
    (sender, message): (&str, &str),
    envelope: &[u8],
) {
    let file = store.put_file(envelope.to_vec()).await.unwrap();
    let told = serde_json::json!({"message": message, "sender": sender, "envelope": file});
    let kept = KeptMessage { from: "portal".to_owned(), file, question: None, judged: None, work: None };
    let row = rows::row(tables::MESSAGES, key, Some(list.to_owned()), String::new(), &kept);
    let at = NOON.parse().unwrap();
    let event = Append {
        stream: StreamId("inbox".to_owned()),
        at,
        kind: kind.to_owned(),
        format: 1,
        public: serde_json::to_vec(&told).unwrap(),
        private: None,
    };
    let build = Box::new(move |_: &[u64]| Built { rows: vec![RowChange::Put(row)], ..Built::default() });
    let commit = Commit { order: None, stream: None, numbers: Vec::new(), appends: vec![event], build, at };
    store.commit(commit).await.unwrap();
}

#[test]
fn what_a_portal_of_the_published_form_sent_is_found_with_what_became_of_it() {
    const CASE: &str = "case/00000000-0000-0000-0000-000000000007";
    const TAKEN: &str = "message.taken";
    const NOT_TAKEN: &str = "message.not-taken";
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        std::fs::create_dir_all(data.join("region")).unwrap();
        let store = SqliteStore::open(&data.join("region"), &[7; 32]).unwrap();
        keep(&store, ("pep/m-1", "inbox"), NOT_TAKEN, ("pep", "m-1"), b"<wrong/>").await;
        keep(&store, ("m-2", CASE), TAKEN, ("pep", "m-2"), b"<right/>").await;
        // Another portal gives its messages the same ids.
        keep(&store, ("another/m-2", "inbox"), NOT_TAKEN, ("another", "m-2"), b"<another/>").await;
        keep(&store, ("another/m-3", "inbox"), NOT_TAKEN, ("another", "m-3"), b"<mended/>").await;
        keep(&store, ("m-3", CASE), TAKEN, ("another", "m-3"), b"<mended/>").await;
    });
    drop(runtime);
    std::fs::write(data.join("master.key"), [7_u8; 32]).unwrap();
    let found = |id| {
        let it = find(data, Some(System::Region), id, NOON.parse().unwrap()).unwrap().unwrap();
        (it.message, it.received, it.event.unwrap().kind)
    };
    let expected =
        |id: &str, envelope: &str, kind: &str| (id.to_owned(), envelope.as_bytes().to_vec(), kind.to_owned());
    assert_eq!(found("m-1"), expected("m-1", "<wrong/>", NOT_TAKEN), "by its id alone");
    assert_eq!(found("pep/m-1"), expected("m-1", "<wrong/>", NOT_TAKEN), "and under its sender's name");
    assert_eq!(found("m-2"), expected("m-2", "<right/>", TAKEN));
    assert_eq!(found("another/m-2"), expected("m-2", "<another/>", NOT_TAKEN));
    assert_eq!(
        found("another/m-3"),
        expected("m-3", "<mended/>", TAKEN),
        "the last event tells how it ended"
    );
    let unknown = find(data, Some(System::Region), "m-4", NOON.parse().unwrap()).unwrap();
    assert!(unknown.is_none());
}
