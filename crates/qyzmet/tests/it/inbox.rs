// SPDX-License-Identifier: MIT OR Apache-2.0
//! What comes over the border a second time, and what gateways tell.

use crate::browser::Browser;
use crate::journal::{CHILD, IIN, NOON};
use crate::road::Road;
use engine::case::CaseId;
use jiff::SignedDuration;
use regulation::model::System;
use service::board::{Acts, Board as _, BoardError, Order, What};
use service::portal::Sent;
use service::ports::border::{Arrival, Carried, CarrierNotice, Parcel, Published, Receive as _};
use service::ports::{Judged, PortError};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long the portal is waited for.
const WAIT: Duration = Duration::from_mins(1);

/// A case at the portal whose region works on it, and both have told each other everything.
async fn case(road: &Road) -> CaseId {
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    road.stands(&road.demo.region, it.case, "provider.action-1").await;
    let began = Instant::now();
    while ["portal", "region"].iter().any(|it| has_to_tell(road, it)) {
        assert!(began.elapsed() < WAIT, "something is never told");
        tokio::task::yield_now().await;
    }
    it.case
}

/// Whether a role has something to send that is not sent yet.
fn has_to_tell(road: &Road, role: &str) -> bool {
    let sql = "SELECT count(*) FROM outbox WHERE kind IN ('send-application', 'tell-progress')";
    let count: u32 = journal(road, role).query_row(sql, [], |row| row.get(0)).unwrap();
    count > 0
}

fn journal(road: &Road, role: &str) -> rusqlite::Connection {
    rusqlite::Connection::open(road.folder().join(format!("demo/{role}/journal.db"))).unwrap()
}

/// What the region tells of it, under this id.
async fn told(road: &Road, case: CaseId, id: Uuid) -> Parcel {
    let at_region = road.demo.region.load(case).await.unwrap().case;
    Parcel {
        id,
        case,
        to: "portal".to_owned(),
        from: System::Region,
        request: None,
        answers: None,
        progress: engine::progress(&at_region, 0, id.to_string()),
        files: Vec::new(),
        published: Published::default(),
        reply: None,
    }
}

fn arrival(sender: &str) -> Arrival {
    let judged = Judged { at: NOON.parse().unwrap(), evidence: b"{}".to_vec() };
    let addressees = BTreeSet::from(["abai-education".to_owned()]);
    Arrival { sender: sender.to_owned(), addressees, message: b"<signed/>".to_vec(), judged }
}

/// The kinds of the events of a stream of the portal.
fn events(road: &Road, stream: &str) -> Vec<String> {
    events_at(road, "portal", stream)
}

fn events_at(road: &Road, role: &str, stream: &str) -> Vec<String> {
    let db = journal(road, role);
    let mut found = db.prepare("SELECT kind FROM events WHERE stream = ?1 ORDER BY version").unwrap();
    found.query_map([stream], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_again_is_one_act_and_another_under_its_id_is_refused_and_journaled() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let portal = &road.demo.portal;
    let first = told(&road, case, Uuid::from_u128(7)).await;
    portal.receive(first.clone(), arrival("region")).await.unwrap();
    let stands = events(&road, &format!("case/{}", case.0));
    portal.receive(first.clone(), arrival("region")).await.unwrap();
    assert_eq!(events(&road, &format!("case/{}", case.0)), stands, "the same again changes nothing");
    let mut other = first.clone();
    other.progress.incoming_number = Some("of somebody else".to_owned());
    for _ in 0..2 {
        let refused = portal.receive(other.clone(), arrival("region")).await.unwrap_err();
        let words = "unusable: another message came under this id before";
        assert_eq!(refused, PortError::Unusable(words.to_owned()));
    }
    assert_eq!(events(&road, "inbox"), ["message.anomaly"], "once, however often it comes");
    assert_eq!(events(&road, &format!("case/{}", case.0)), stands);
    portal.receive(first, arrival("region")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_under_a_used_id_stands_on_the_board_until_somebody_has_asked_why() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let (portal, board) = (&road.demo.portal, road.demo.portal.board());
    let mut message = told(&road, case, Uuid::from_u128(9)).await;
    portal.receive(message.clone(), arrival("region")).await.unwrap();
    for number in ["2026-8", "2026-8", "2026-9"] {
        message.progress.incoming_number = Some(number.to_owned());
        portal.receive(message.clone(), arrival("region")).await.unwrap_err();
    }
    let items = board.items().await.unwrap();
    let [item] = items.as_slice() else { panic!("{items:?}") };
    let what = What::Anomaly { message: Uuid::from_u128(9).to_string(), case, from: "region".to_owned() };
    assert_eq!((&item.what, item.reason.code(), item.attempts), (&what, "id-reused", 2));
    assert_eq!(item.acts, Acts::Other(Some("region".to_owned())));
    assert!(item.is_aside() && !item.can_be_retried());

    let mut admin = Browser::new(&road);
    admin.sign_in_official("admin", "administrator").await;
    for (lang, why) in [
        ("kk", "Жіберуші бұрын басқа хабарға берген идентификатормен"),
        ("ru", "Пришло сообщение с идентификатором"),
        ("en", "A message came under an id that its sender had used"),
    ] {
        let shown = admin.get(&format!("/{lang}/admin?show=aside")).await;
        shown.says(why);
        shown.says(&case.0.to_string());
    }
    let order = |why| Order { by: "administrator", why };
    assert_eq!(board.retry(item.id, order("")).await, Err(BoardError::NothingToTry));
    assert_eq!(board.give_up(item.id, order(" ")).await, Err(BoardError::NoReason));
    board.give_up(item.id, order("the sender restored a backup")).await.unwrap();
    assert_eq!(board.give_up(item.id, order("again")).await, Err(BoardError::Unknown));
    assert_eq!(board.items().await.unwrap(), []);
    assert_eq!(events(&road, "administration"), ["administration.given-up"]);
    // What was looked into does not come back; something else under the id does.
    portal.receive(message.clone(), arrival("region")).await.unwrap_err();
    assert_eq!(board.items().await.unwrap(), []);
    message.progress.incoming_number = Some("2026-10".to_owned());
    portal.receive(message, arrival("region")).await.unwrap_err();
    assert_eq!(board.items().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_senders_may_give_their_messages_the_same_id() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let portal = &road.demo.portal;
    let first = told(&road, case, Uuid::from_u128(8)).await;
    portal.receive(first.clone(), arrival("region")).await.unwrap();
    let mut other = first;
    other.progress.incoming_number = Some("2026-8".to_owned());
    portal.receive(other, arrival("region-north")).await.unwrap();
    assert_eq!(events(&road, "inbox"), [""; 0]);
    let db = journal(&road, "portal");
    let sql = "SELECT count(*) FROM view_rows WHERE tbl = 'messages' AND key LIKE '%' || ?1";
    let kept: u32 = db.query_row(sql, [Uuid::from_u128(8).to_string()], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2, "the evidence of one does not take the other's place");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_tells_is_journaled_and_that_a_message_arrived_is_the_last_word() {
    let road = Road::open(NOON).await;
    case(&road).await;
    let portal = &road.demo.portal;
    let sent = sent_as(&road, "send-application");
    let notice = |id: &str, message: &str, state, second| CarrierNotice {
        id: id.to_owned(),
        message: message.to_owned(),
        state,
        code: "SCSS001".to_owned(),
        at: format!("2026-11-23T05:00:0{second}Z").parse().unwrap(),
        envelope: b"<signed/>".to_vec(),
    };
    assert_eq!(portal.told(notice("n-0", "never sent", Carried::Delivered, 0)).await, Ok(false));
    for (id, state, second) in [
        ("n-1", Carried::NotDelivered, 1),
        ("n-1", Carried::NotDelivered, 1),
        ("n-3", Carried::Delivered, 3),
        ("n-2", Carried::NotDelivered, 2),
    ] {
        assert_eq!(portal.told(notice(id, &sent, state, second)).await, Ok(true));
    }
    assert_eq!(portal.carried(&sent).await.unwrap().unwrap().state, Carried::Delivered);
    assert_eq!(events(&road, &format!("carried/{sent}")), ["carried.told"; 3], "each notice once");
}

/// What the portal sent of this kind first: the id of the message.
fn sent_as(road: &Road, kind: &str) -> String {
    let sql =
        "SELECT key FROM view_rows WHERE tbl = 'messages' AND json_extract(body, '$.work.do') = ?1 LIMIT 1";
    journal(road, "portal").query_row(sql, [kind], |row| row.get(0)).unwrap()
}

/// The revision of the region's verdict on the applicant's signature.
fn verdict_of(road: &Road, case: CaseId) -> (String, u32) {
    let sql = "SELECT body, revision FROM view_rows WHERE tbl = 'verdicts' AND key = ?1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?));
    let (body, revision) = journal(road, "region").query_row(sql, [case.0.to_string()], row).unwrap();
    (String::from_utf8(body).unwrap(), revision)
}

fn stopped(message: &str, id: &str) -> CarrierNotice {
    CarrierNotice {
        id: id.to_owned(),
        message: message.to_owned(),
        state: Carried::Stopped,
        code: "SCE002".to_owned(),
        at: NOON.parse().unwrap(),
        envelope: b"<signed/>".to_vec(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_does_not_bring_stands_on_the_board_and_is_sent_again_by_order() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let (portal, board) = (&road.demo.portal, road.demo.portal.board());
    let message = sent_as(&road, "send-application");
    assert_eq!(portal.told(stopped(&message, "n-1")).await, Ok(true));
    let items = board.items().await.unwrap();
    let [item] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(
        (item.id.to_string(), item.reason.code(), item.words.as_str()),
        (message, "not-brought", "SCE002")
    );
    assert!(item.is_aside());

    let stream = format!("case/{}", case.0);
    let (before, verdict) = (events_at(&road, "region", &stream), verdict_of(&road, case));
    let stands = road.demo.region.load(case).await.unwrap().case.done;
    board.retry(item.id, Order { by: "administrator", why: "" }).await.unwrap();
    assert_eq!(board.retry(item.id, Order { by: "administrator", why: "" }).await, Err(BoardError::Unknown));
    let began = Instant::now();
    while has_to_tell(&road, "portal") || has_to_tell(&road, "region") {
        assert!(began.elapsed() < WAIT, "it is never sent");
        tokio::task::yield_now().await;
    }
    // The region had it: the message tells it nothing new, and is no second case.
    assert_eq!(board.items().await.unwrap(), []);
    assert_eq!(road.demo.region.load(case).await.unwrap().case.done, stands);
    let after = events_at(&road, "region", &stream);
    assert_eq!(after, [before.as_slice(), &["case.remote-told".to_owned()]].concat());
    assert_eq!(verdict_of(&road, case), verdict, "it was judged when it came");
    assert_eq!(events(&road, "administration"), ["administration.retried"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_message_is_given_up_counts_though_the_gateways_clock_was_set_back() {
    let road = Road::open(NOON).await;
    case(&road).await;
    let (portal, board) = (&road.demo.portal, road.demo.portal.board());
    let message = sent_as(&road, "send-application");
    let given_up = stopped(&message, "n-2");
    let aside = |id: &str| CarrierNotice {
        id: id.to_owned(),
        state: Carried::NotDelivered,
        at: given_up.at + SignedDuration::from_hours(1),
        ..stopped(&message, id)
    };
    portal.told(aside("n-1")).await.unwrap();
    assert_eq!(board.items().await.unwrap(), []);
    portal.told(given_up.clone()).await.unwrap();
    assert_eq!(board.items().await.unwrap().len(), 1);
    portal.told(aside("n-3")).await.unwrap();
    assert_eq!(board.items().await.unwrap().len(), 1, "what is given up is not set aside any more");
    let arrived = CarrierNotice { id: "n-4".to_owned(), state: Carried::Delivered, ..given_up };
    portal.told(arrived).await.unwrap();
    assert_eq!(board.items().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_does_not_bring_is_left_with_a_reason() {
    let road = Road::open(NOON).await;
    case(&road).await;
    let (portal, board) = (&road.demo.portal, road.demo.portal.board());
    let message = sent_as(&road, "send-application");
    portal.told(stopped(&message, "n-1")).await.unwrap();
    let id: Uuid = message.parse().unwrap();
    assert_eq!(board.give_up(id, Order { by: "a", why: " " }).await, Err(BoardError::NoReason));
    board.give_up(id, Order { by: "a", why: "it was brought by hand" }).await.unwrap();
    assert_eq!(board.items().await.unwrap(), []);
    assert_eq!(events(&road, "administration"), ["administration.given-up"]);
    // Told once more, it stands there once more.
    portal.told(stopped(&message, "n-2")).await.unwrap();
    assert_eq!(board.items().await.unwrap().len(), 1);
}
