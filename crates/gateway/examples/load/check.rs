// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the journals of the gateway and the region say, and nothing else.

use crate::{CHAIN, Failure};
use gateway::relay::message_key;
use service::ports::Store;
use service::ports::store::StreamId;
use std::sync::Arc;
use store::SqliteStore;
use uuid::Uuid;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) disordered: u64,
    /// Messages whose stream at the gateway is not one acceptance and one delivery.
    pub(crate) odd: u64,
    pub(crate) events: u64,
    pub(crate) broken: u64,
}

impl Found {
    pub(crate) fn is_whole(&self) -> bool {
        self.lost + self.doubled + self.disordered + self.odd + self.broken == 0
    }
}

#[derive(serde::Deserialize)]
struct Taken {
    message: Uuid,
}

pub(crate) async fn check(
    gateway: &Arc<SqliteStore>,
    region: &Arc<SqliteStore>,
    cases: u64,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    for case in 0..cases {
        let stream = StreamId(format!("case/{}", Uuid::from_u64_pair(case, 0)));
        let mut taken = Vec::new();
        for event in region.load(&stream, 0).await? {
            taken.push(serde_json::from_slice::<Taken>(&event.public)?.message);
        }
        for number in 0..CHAIN {
            let id = Uuid::from_u64_pair(case, number + 1);
            match taken.iter().filter(|it| **it == id).count() {
                0 => found.lost += 1,
                1 => {}
                _ => found.doubled += 1,
            }
            let key = message_key("qyzmet-portal", &id.to_string());
            let events = gateway.load(&StreamId(format!("message/{key}")), 0).await?;
            let kinds: Vec<&str> = events.iter().map(|it| it.kind.as_str()).collect();
            found.odd += u64::from(kinds != ["message.accepted", "message.delivered"]);
        }
        found.disordered += u64::from(!taken.is_sorted());
    }
    for store in [gateway, region] {
        let report = store.verify_chain(&service::codec::hash_of, &|_, _| true)?;
        found.events += report.events;
        found.broken += u64::try_from(report.faults.len())?;
    }
    Ok(found)
}
