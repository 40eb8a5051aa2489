// SPDX-License-Identifier: MIT OR Apache-2.0
//! A portal that serves with kept lists: what happens to applications while the authority is silent.

use crate::office::Office;
use crate::road::{Child, reviewed, sign};
use engine::case::CaseId;
use jiff::SignedDuration;
use qyzmet::demo::CITIZEN_PASSWORD;
use qyzmet::serve::{Config, Served};
use service::Service;
use service::portal::Sent;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const NOON: &str = "2026-11-23T05:00:00Z";
/// Cases to go on with, each worth some turns of the worker.
const TURNS_MAX: usize = 20;

async fn served(office: &Office) -> Served {
    let config = Config::read(&office.write(&(office.portal() + &Office::lists()))).unwrap();
    Served::open_by(config, Arc::clone(&office.clock)).await.unwrap()
}

async fn send(office: &Office, portal: &Service, iin: &str, key: &str, child: Child<'_>) -> Sent {
    let (id, token) = portal.sign_in_citizen(iin, CITIZEN_PASSWORD, None).await.unwrap();
    let citizen = portal.citizen(&id).await.unwrap().unwrap();
    let session = portal.session(&token).await.unwrap().unwrap();
    let (draft, content) = reviewed(portal, &citizen, &[child]).await;
    let cms = sign(&office.authority, key, eds::sha256(&content), office.now());
    portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.unwrap()
}

/// Whether the signature of a case was judged, once the worker has done what is due.
async fn judged(portal: &Arc<Service>, case: CaseId) -> Option<bool> {
    for _ in 0..TURNS_MAX {
        if portal.work_once().await.unwrap() == 0 {
            break;
        }
    }
    portal.load(case).await.unwrap().case.signature.and_then(|it| it.valid)
}

fn waiting(sent: Sent) -> CaseId {
    let Sent::Waiting(submitted) = sent else { panic!("{sent:?}") };
    submitted.case
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_list_serves_until_its_end_then_cases_wait_and_go_on_when_the_authority_is_back() {
    let office = Office::open(NOON).await;
    let served = served(&office).await;
    let (portal, lists) = (served.service().unwrap(), served.lists().unwrap());
    lists.refresh(office.now()).await;
    // The responder and the lists fall silent: what was kept decides.
    office.switches.no_ocsp.store(true, Ordering::SeqCst);
    office.switches.no_lists.store(true, Ordering::SeqCst);
    let sent = send(&office, portal, "580308499930", "p01", ("Нұрсұлтанұлы", "Бекзат", "2012-09-14")).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    // It has ended: nobody is refused, the cases wait.
    office.clock.advance(SignedDuration::from_hours(28));
    lists.refresh(office.now()).await;
    let first =
        waiting(send(&office, portal, "711130399969", "p02", ("Ершова", "Дарья", "2011-11-03")).await);
    let second =
        waiting(send(&office, portal, "680303499904", "p40", ("Байғоныс", "Айсұлтан", "2010-04-18")).await);
    office.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(judged(portal, first).await, None, "still silent, still waiting");
    // A new list is enough, without the responder.
    office.switches.no_lists.store(false, Ordering::SeqCst);
    lists.refresh(office.now()).await;
    office.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(judged(portal, first).await, Some(true));
    assert_eq!(judged(portal, second).await, Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_while_the_authority_is_silent_keeps_the_lists_and_the_responder_alone_is_enough_too() {
    let office = Office::open(NOON).await;
    {
        let served = served(&office).await;
        served.lists().unwrap().refresh(office.now()).await;
    }
    office.switches.no_ocsp.store(true, Ordering::SeqCst);
    office.switches.no_lists.store(true, Ordering::SeqCst);
    let served = served(&office).await;
    let portal = served.service().unwrap();
    served.lists().unwrap().refresh(office.now()).await;
    let sent = send(&office, portal, "580308499930", "p01", ("Нұрсұлтанұлы", "Бекзат", "2012-09-14")).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    office.clock.advance(SignedDuration::from_hours(28));
    let case = waiting(send(&office, portal, "711130399969", "p02", ("Ершова", "Дарья", "2011-11-03")).await);
    office.switches.no_ocsp.store(false, Ordering::SeqCst);
    office.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(judged(portal, case).await, Some(true));
}
