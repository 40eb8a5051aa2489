// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway between portal and region: kept, brought, told.

mod hub;
mod journeys;
mod long;
mod orders;
mod polling;
mod questions;
mod refusals;
mod told;

pub(crate) use hub::{Hub, parcel, routes, sealed, wire, with_key};

use gateway::relay::{EXCHANGES, KeptExchange};
use service::ports::Store;
use service::ports::store::ListQuery;
use store::SqliteStore;

/// Checks that an exchange of the relay is kept whole: question, the answer that names it, and what was judged by.
async fn proves_itself(store: &SqliteStore, message: &str, stream: &str) {
    let query = ListQuery {
        table: EXCHANGES.to_owned(),
        list: KeptExchange::list(message),
        after: None,
        descending: true,
        limit: 1,
    };
    let row = store.list(query).await.unwrap().pop().expect("the exchange is kept");
    let it: KeptExchange = service::rows::body(&row).unwrap();
    assert_eq!((it.message.as_str(), it.stream.starts_with(stream)), (message, true));
    let question = store.file(&it.kept.question.unwrap()).await.unwrap().unwrap();
    eds::xml::verify_body(&question).unwrap();
    let answer = store.file(&it.kept.file).await.unwrap().unwrap();
    let signed = eds::xml::verify_body(&answer).unwrap();
    let named = shep::answered(std::str::from_utf8(&signed.signed_bytes).unwrap()).map(str::to_owned);
    assert_eq!(named, Some(hex::encode(eds::sha256(&question))));
    let judged = store.file(&it.kept.judged.unwrap().file).await.unwrap().unwrap();
    assert!(judged.windows(4).any(|it| it == b"ocsp"), "there is no evidence");
}
