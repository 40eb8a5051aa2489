// SPDX-License-Identifier: MIT OR Apache-2.0
//! Orders of the gateway's administrator, whatever else happens meanwhile.

use super::hub::{Hub, parcel, sealed};
use crate::border::Region;
use crate::world::{now, wait};
use async_trait::async_trait;
use gateway::{AsyncRelay, Endpoint};
use service::board::{Board as _, ITEMS_MAX, Order};
use service::ports::Store as _;
use service::ports::store::{Built, Commit, OutboxRow};
use shep::asynchronous::MessageState;
use shep::fault::{Blame, Operation};
use shep::{Channel, Code, ErrorInfo, Fault, Message};
use std::sync::Arc;
use uuid::Uuid;

const ORDER: Order<'_> = Order { by: "admin", why: "mended" };

#[test]
fn an_order_finds_its_work_however_much_is_stuck() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let last = u128::try_from(ITEMS_MAX).unwrap() + 1;
    let unreadable = |id: u128| OutboxRow {
        id: Uuid::from_u128(id),
        lane: format!("lane/{id}"),
        kind: "deliver".to_owned(),
        payload: Vec::new(),
        not_before: now(),
    };
    let outbox: Vec<_> = (1..=last).map(unreadable).collect();
    let build = Box::new(move |_: &[u64]| Built { outbox, ..Built::default() });
    let (numbers, appends) = (Vec::new(), Vec::new());
    wait(async {
        let commit = Commit { order: None, stream: None, numbers, appends, build, at: now() };
        hub.store.commit(commit).await.unwrap();
        hub.work().await;
        let shown = hub.relay.items().await.unwrap();
        assert_eq!(shown.len(), ITEMS_MAX);
        assert!(shown.iter().all(|it| it.is_aside() && it.id != Uuid::from_u128(last)));
        hub.relay.retry(Uuid::from_u128(last), ORDER).await.unwrap();
    });
}

/// A region that refuses a message while the gateway's administrator gives it up.
#[derive(Debug)]
struct Meanwhile(Arc<AsyncRelay>);

#[async_trait]
impl Endpoint for Meanwhile {
    async fn handle(&self, _: Vec<u8>) -> Vec<u8> {
        let stuck = self.0.items().await.unwrap();
        self.0.give_up(stuck[0].id, ORDER).await.unwrap();
        let info = ErrorInfo {
            code: Code::Format,
            message: "inadmissible".to_owned(),
            data: None,
            date: now(),
            sub_error: None,
            session_id: None,
        };
        let detail = Some((Operation::SendMessage, info));
        let fault = Fault { blame: Blame::Client, reason: "inadmissible".to_owned(), detail };
        sealed(Channel::Async, Message::Fault(fault), "transport-region")
    }
}

#[test]
fn what_is_given_up_while_it_is_brought_stays_given_up() {
    let hub = Hub::new(&Arc::new(Region::default()));
    wait(async {
        hub.close("region");
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        hub.transport.register("region", Arc::new(Meanwhile(Arc::clone(&hub.relay))));
        hub.clock.pass(60);
        hub.work().await;
        assert_eq!(hub.kinds(Uuid::from_u128(100)).await, ["message.accepted", "message.stopped"]);
        assert_eq!(hub.relay.items().await.unwrap(), []);
    });
    let told: Vec<_> = hub.port.told.lock().unwrap().iter().map(|it| it.state).collect();
    assert_eq!(told, [MessageState::DeliveryStopped]);
}
