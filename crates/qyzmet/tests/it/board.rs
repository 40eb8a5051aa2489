// SPDX-License-Identifier: MIT OR Apache-2.0
//! The administrator's board in the pages: seen by him alone, tried again, given up with a reason.

use crate::browser::Browser;
use crate::road::Road;
use axum::http::StatusCode;
use engine::case::CaseId;
use jiff::Timestamp;
use service::board::{Board, BoardError, ITEMS_MAX, Order};
use service::ports::Store as _;
use service::ports::store::{Built, Commit, OutboxRow, Settlement, StreamId};
use service::work::{Task, Work};
use std::time::{Duration, Instant};
use store::SqliteStore;
use uuid::Uuid;

const AT: &str = "2026-11-23T05:00:00Z";
const WAIT: Duration = Duration::from_secs(30);

/// The region's journal, opened beside the program as a command opens it.
fn beside(road: &Road) -> SqliteStore {
    SqliteStore::beside(&road.folder().join("demo/region")).expect("a journal")
}

/// Work that is due in years.
fn row(case: CaseId, task: Task) -> OutboxRow {
    let id = Uuid::now_v7();
    let work = Work { case, version: 1, task };
    OutboxRow {
        id,
        lane: work.lane(id),
        kind: work.kind().to_owned(),
        payload: serde_json::to_vec(&work).unwrap(),
        not_before: "2030-01-01T00:00:00Z".parse().unwrap(),
    }
}

async fn put(store: &SqliteStore, outbox: Vec<OutboxRow>) {
    let at: Timestamp = AT.parse().unwrap();
    let build = Box::new(move |_: &[u64]| Built { outbox, ..Built::default() });
    let commit = Commit { order: None, stream: None, numbers: Vec::new(), appends: Vec::new(), build, at };
    store.commit(commit).await.unwrap();
}

/// Sets work aside as the worker does.
async fn set_aside(store: &SqliteStore, case: CaseId, task: Task, why: &str) -> Uuid {
    let row = row(case, task);
    let id = row.id;
    put(store, vec![row]).await;
    store.settle(id, Settlement::SetAside { why: why.to_owned() }).await.unwrap();
    id
}

async fn until_gone(board: &dyn Board, id: Uuid) {
    let started = Instant::now();
    while board.items().await.unwrap().iter().any(|it| it.id == id) {
        assert!(started.elapsed() < WAIT, "it is still on the board");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn orders(store: &SqliteStore) -> Vec<(String, serde_json::Value)> {
    let events = store.load(&StreamId("administration".to_owned()), 0).await.unwrap();
    events.iter().map(|it| (it.kind.clone(), serde_json::from_slice(&it.public).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_is_the_administrators_alone() {
    let road = Road::open(AT).await;
    let mut stranger = Browser::new(&road);
    let answer = stranger.get("/kk/admin").await;
    assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, "/kk/admin/sign-in?next=/admin"));
    let address = format!("/kk/admin/region/{}/retry", Uuid::nil());
    assert_eq!(stranger.post(&address, &[]).await.to, "/kk/admin/sign-in");

    let mut clerk = Browser::new(&road);
    clerk.sign_in_official("region", "abai-education.office").await;
    assert_eq!(clerk.get("/kk/region").await.status, StatusCode::OK);
    assert_eq!(clerk.sign_in_official("admin", "abai-education.office").await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.get("/kk/admin").await.status, StatusCode::SEE_OTHER);

    let mut admin = Browser::new(&road);
    assert_eq!(admin.sign_in_official("region", "administrator").await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get("/kk/region").await.status, StatusCode::SEE_OTHER, "no case is his");
    assert_eq!(admin.sign_in_official("admin", "administrator").await.to, "/kk/admin");
    let board = admin.get("/kk/admin").await;
    board.says("Орындалмай тұрған жұмыс жоқ.");
    assert_eq!(admin.get("/kk/admin/gateway/1/give-up").await.status, StatusCode::BAD_REQUEST);
    let unknown = format!("/kk/admin/gateway/{}/give-up", Uuid::nil());
    assert_eq!(admin.get(&unknown).await.status, StatusCode::NOT_FOUND, "there is no gateway here");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tried_again_is_really_done() {
    let road = Road::open(AT).await;
    let store = beside(&road);
    let nowhere = CaseId(Uuid::now_v7());
    let id = set_aside(&store, nowhere, Task::VerifyAgain, "person 580308499930: unusable").await;
    let mut admin = Browser::new(&road);
    admin.sign_in_official("admin", "administrator").await;
    for (lang, title) in
        [("kk", "Қолтаңбаны тексеру"), ("ru", "Проверка подписи"), ("en", "Checking a signature")]
    {
        let shown = admin.get(&format!("/{lang}/admin?show=aside")).await;
        shown.says(title);
        shown.says(&nowhere.0.to_string());
        assert!(!shown.text.contains("580308499930"), "the number of a person is shown");
    }
    admin.get("/kk/admin?show=waiting").await.says("Орындалмай тұрған жұмыс жоқ.");
    // Nothing is left to be judged, so that it is done as soon as the worker takes it up; it was due in years.
    assert_eq!(admin.post(&format!("/kk/admin/region/{id}/retry"), &[]).await.to, "/kk/admin");
    until_gone(&road.demo.region.board(), id).await;
    let orders = orders(&store).await;
    assert_eq!(orders.len(), 1);
    assert_eq!(
        (orders[0].0.as_str(), &orders[0].1["by"]),
        ("administration.retried", &"administrator".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_ends_once_with_a_reason_and_a_name() {
    let road = Road::open(AT).await;
    let store = beside(&road);
    let id = set_aside(&store, CaseId(Uuid::now_v7()), Task::TellProgress, "unusable: x").await;
    let mut admin = Browser::new(&road);
    admin.sign_in_official("admin", "administrator").await;
    let address = format!("/kk/admin/region/{id}/give-up");
    admin.get(&address).await.says("Бұл әрекет орындалмай қалады");
    let refused = admin.post(&address, &[("why", "  ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Себебін жазыңыз.");
    assert_eq!(orders(&store).await, []);
    assert_eq!(admin.post(&address, &[("why", "The provider was told by letter")]).await.to, "/kk/admin");
    until_gone(&road.demo.region.board(), id).await;
    let again = road.demo.region.board().give_up(id, Order { by: "other", why: "too" }).await;
    assert_eq!(again, Err(BoardError::Unknown));
    let orders = orders(&store).await;
    assert_eq!(orders.len(), 1, "{orders:?}");
    let (kind, told) = &orders[0];
    assert_eq!(kind, "administration.given-up");
    assert_eq!(
        (&told["by"], &told["why"]),
        (&"administrator".into(), &"The provider was told by letter".into())
    );
    admin.post(&address, &[("why", "x")]).await;
    admin.get("/kk/admin").await.says("Бұл жұмыс тізімде енді жоқ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_case_needs_is_not_given_up_while_it_goes_by_itself() {
    let road = Road::open(AT).await;
    let store = beside(&road);
    let id = set_aside(&store, CaseId(Uuid::now_v7()), Task::SendApplication, "x").await;
    let far = "2030-01-01T00:00:00Z".parse().unwrap();
    store.settle(id, Settlement::Again { at: far, why: "the endpoint is silent".to_owned() }).await.unwrap();
    let board = road.demo.region.board();
    let item = board.items().await.unwrap().remove(0);
    assert_eq!((item.id, item.next, item.ending), (id, Some(far), None));
    assert_eq!(board.give_up(id, Order { by: "a", why: "b" }).await, Err(BoardError::Needed));
    let mut admin = Browser::new(&road);
    admin.sign_in_official("admin", "administrator").await;
    let address = format!("/kk/admin/region/{id}/give-up");
    assert_eq!(admin.get(&address).await.status, StatusCode::CONFLICT);
    assert_eq!(admin.post(&address, &[("why", "b")]).await.status, StatusCode::CONFLICT);
    assert_eq!(orders(&store).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tried_again_hides_nothing_that_waits_for_a_person() {
    let road = Road::open(AT).await;
    let (store, board) = (beside(&road), road.demo.region.board());
    let tried: Vec<OutboxRow> =
        (0..=ITEMS_MAX).map(|_| row(CaseId(Uuid::now_v7()), Task::TellProgress)).collect();
    let ids: Vec<Uuid> = tried.iter().map(|it| it.id).collect();
    put(&store, tried).await;
    // All are claimed and given back by the passing of time, twice.
    for year in 2031..2033 {
        let at = |day: u8| -> Timestamp { format!("{year}-01-{day:02}T00:00:00Z").parse().unwrap() };
        while !store.claim(at(1), at(2), ids.len()).await.unwrap().is_empty() {}
    }
    let aside = set_aside(&store, CaseId(Uuid::now_v7()), Task::TellProgress, "unusable: x").await;
    let items = board.items().await.unwrap();
    assert_eq!(items.len(), ITEMS_MAX);
    assert!(items.iter().any(|it| it.id == aside), "it came last and is shown");
    let left = ids.into_iter().find(|id| items.iter().all(|it| it.id != *id)).expect("one too many");
    for id in [left, aside] {
        board.give_up(id, Order { by: "a", why: "it was told by letter" }).await.unwrap();
        assert_eq!(board.give_up(id, Order { by: "a", why: "again" }).await, Err(BoardError::Unknown));
    }
}
