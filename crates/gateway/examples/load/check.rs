// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the journals of the portal, the gateway and both regions say, and nothing else.

use crate::Failure;
use crate::people::Sheet;
use crate::world::{self, NAMES, REGION};
use serde_json::Value as Json;
use service::ports::Store;
use service::ports::store::{StoredEvent, StreamId};
use std::collections::BTreeSet;
use std::path::Path;
use store::SqliteStore;

/// Work that is looked for in an outbox.
const STUCK_MAX: usize = 10_000;
/// Faults that are told one by one.
const TOLD_MAX: usize = 20;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) applications: u64,
    /// Not at the region, without an end at the portal, or without the region's result.
    pub(crate) lost: u64,
    /// Opened, ended, numbered or told more than once, or at the other region too.
    pub(crate) doubled: u64,
    /// Cases whose parts stand in another order at the portal than they were done in.
    pub(crate) disordered: u64,
    /// Cases or messages in the journals that nobody sent, or that were set aside.
    pub(crate) odd: u64,
    pub(crate) messages: u64,
    pub(crate) questions: u64,
    pub(crate) events: u64,
    /// Events whose hash or link is wrong.
    pub(crate) broken: u64,
    told: usize,
}

impl Found {
    pub(crate) fn is_whole(&self) -> bool {
        self.lost + self.doubled + self.disordered + self.odd + self.broken == 0
    }

    fn tell(&mut self, what: &str) {
        self.told += 1;
        if self.told <= TOLD_MAX {
            println!("FOUND {what}");
        }
    }
}

/// One side's journal of a case.
struct Side {
    events: Vec<StoredEvent>,
    public: Vec<Json>,
}

impl Side {
    async fn read(store: &SqliteStore, sheet: &Sheet) -> Result<Self, Failure> {
        let events = store.load(&StreamId(format!("case/{}", sheet.case.0)), 0).await?;
        let public = events.iter().map(|it| serde_json::from_slice(&it.public)).collect::<Result<_, _>>()?;
        Ok(Self { events, public })
    }

    fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Json> {
        self.events.iter().zip(&self.public).filter(move |it| it.0.kind == kind).map(|it| it.1)
    }

    fn count(&self, kind: &str) -> usize {
        self.of(kind).count()
    }

    fn numbers(&self, series: &str) -> Vec<String> {
        self.of("case.numbered")
            .filter(|it| it["series"] == series)
            .map(|it| it["number"].to_string())
            .collect()
    }

    /// The parts that were done, in order, each with its time; those that came along at the opening first.
    fn done(&self) -> Vec<(String, String)> {
        let before = self.of("case.opened").filter_map(|it| it["done"].as_array()).flatten();
        let after = self.of("case.completed").map(|it| &it["done"]);
        before.chain(after).map(|it| (it["part"].to_string(), it["at"].to_string())).collect()
    }

    fn told(&self) -> Vec<String> {
        self.of("case.remote-told").filter_map(|it| Some(it["message"].as_str()?.to_owned())).collect()
    }
}

/// Opens the four stores and compares them.
pub(crate) async fn check(folder: &Path, sheets: &[Sheet]) -> Result<Found, Failure> {
    let stores = (0..NAMES.len()).map(|at| world::store(folder, at)).collect::<Result<Vec<_>, _>>()?;
    let mut found = Found { applications: sheets.len() as u64, ..Found::default() };
    let (mut numbers, mut told) = (BTreeSet::new(), 0);
    for sheet in sheets {
        told += case(&stores, sheet, &mut numbers, &mut found).await?;
    }
    let cases = sheets.len() as u64;
    for (at, store) in stores.iter().enumerate() {
        let report = store.verify_chain(&service::codec::hash_of, &|_, _| true)?;
        found.events += report.events;
        found.broken += u64::try_from(report.faults.len())?;
        let of = |kind: &str| report.kinds.get(kind).copied().unwrap_or_default();
        if at == 1 {
            let messages = of("message");
            (found.messages, found.questions) = (messages.streams, of("question").streams);
            // Each is accepted once and brought once; each is an application or was told at the other side.
            if messages.events != 2 * messages.streams || messages.streams != cases + told {
                found.odd += 1;
                found.tell(&format!("the gateway has {messages:?}; {cases} applications, {told} told"));
            }
        } else {
            let wanted = sheets.iter().filter(|it| at == 0 || it.region == at).count() as u64;
            if of("case").streams != wanted {
                found.odd += 1;
                found.tell(&format!("{} has {} cases of {wanted}", NAMES[at], of("case").streams));
            }
        }
        for it in store.stuck(STUCK_MAX).await?.iter().filter(|it| it.set_aside) {
            found.odd += 1;
            found.tell(&format!("{} set {} aside: {:?}", NAMES[at], it.row.kind, it.why));
        }
    }
    Ok(found)
}

/// Looks at one case at all ends; returns how many messages about it were told.
async fn case(
    stores: &[SqliteStore],
    sheet: &Sheet,
    numbers: &mut BTreeSet<(usize, String)>,
    found: &mut Found,
) -> Result<u64, Failure> {
    let other = if sheet.region == REGION { REGION + 1 } else { REGION };
    let (portal, region) =
        (Side::read(&stores[0], sheet).await?, Side::read(&stores[sheet.region], sheet).await?);
    let elsewhere = stores[other].head(&StreamId(format!("case/{}", sheet.case.0))).await?;
    let once = ["case.opened", "case.ended", "case.result-signed"];
    let both = || [&portal, &region].into_iter();
    let lacks = both().any(|side| once.iter().any(|kind| side.count(kind) == 0));
    let result = |side: &Side| side.of("case.result-signed").next().map(ToString::to_string);
    let refused = portal.of("case.ended").any(|it| it["end"] != "issued");
    if lacks || refused || result(&portal) != result(&region) {
        found.lost += 1;
        found.tell(&format!("lost {sheet:?}: {:?}, {:?}", kinds(&portal), kinds(&region)));
    }
    let (mut told, count) = (portal.told(), portal.told().len() + region.told().len());
    told.extend(region.told());
    let distinct: BTreeSet<&String> = told.iter().collect();
    let mut fresh = true;
    for (at, series) in [(0, "application"), (sheet.region, "incoming"), (sheet.region, "result")] {
        let side = if at == 0 { &portal } else { &region };
        let own = side.numbers(series);
        fresh &= own.len() <= 1 && own.into_iter().all(|it| numbers.insert((at, format!("{series}{it}"))));
    }
    let twice = both().any(|side| once.iter().any(|kind| side.count(kind) > 1));
    if twice || elsewhere.is_some() || distinct.len() != count || !fresh {
        found.doubled += 1;
        found.tell(&format!("doubled {sheet:?}: {:?}, {:?}", kinds(&portal), kinds(&region)));
    }
    if !is_in_order(&portal.done(), &region.done()) {
        found.disordered += 1;
        found.tell(&format!("disordered {sheet:?}: {:?}, {:?}", portal.done(), region.done()));
    }
    Ok(count as u64)
}

/// Whether everything that the region has stands at the portal in the same order.
fn is_in_order(portal: &[(String, String)], region: &[(String, String)]) -> bool {
    let mut rest = portal.iter();
    region.iter().all(|done| rest.any(|it| it == done))
}

fn kinds(side: &Side) -> Vec<&str> {
    side.events.iter().map(|it| it.kind.as_str()).collect()
}
