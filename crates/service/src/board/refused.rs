// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages that came and were refused, and nothing of ours is changed: those under an id that their sender had used for
//! another, and applications in the published form that cannot be taken. The administrator looks into it, and takes the item
//! down with what he learned; an application that is taken after all takes its own down.

use super::{BoardError, Ending, Item, Reason, What, listed, shown_words, take_down};
use crate::ports::Store;
use crate::ports::store::{Append, OutboxRow, Row, RowChange, StoreError, Stuck};
use crate::registers::id_of;
use crate::{rows, tables};
use engine::case::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The list of those that nobody has taken note of.
const OPEN: &str = "open";

/// Which message came under the id of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptAnomaly {
    /// The system that sent it.
    pub(crate) sender: String,
    /// Its id, which another had before.
    pub(crate) message: String,
    /// The case that it is about.
    pub(crate) case: CaseId,
}

/// Which application could not be taken. All of it is any text of the portal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptNotTaken {
    /// The system that sent it.
    pub(crate) sender: String,
    /// Its chain there, which is the application's however often and in whatever messages it comes.
    pub(crate) chain: String,
    /// The number that whoever applied knows; empty where the message cannot be read.
    pub(crate) number: String,
    /// The id of the message that came last.
    pub(crate) message: String,
    /// Whether something stands in none of the tables here, so that the same may be sent again; else it cannot be taken as
    /// it is.
    pub(crate) unknown: bool,
    /// What is missing or wrong: codes, never values.
    pub(crate) words: String,
}

/// What was refused. An application has words, by which its row is told from the other kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    NotTaken(KeptNotTaken),
    Anomaly(KeptAnomaly),
}

impl Kept {
    /// Returns the id under which it stands: one for each application or used id of a sender, whatever else comes under it.
    fn id(&self) -> Uuid {
        match self {
            Self::NotTaken(it) => not_taken_id(&it.sender, &it.chain),
            Self::Anomaly(it) => id_of(&["anomaly", &it.sender, &it.message]),
        }
    }
}

/// What stands in its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    of: Kept,
    /// Since when it stands on the board.
    since: Timestamp,
    /// How often it came; of a used id how many other contents came under it.
    times: u32,
}

/// A refused message, as it stands on the board.
#[derive(Debug)]
pub(super) struct Refused {
    id: Uuid,
    stored: Stored,
    row: Row,
}

fn not_taken_id(sender: &str, chain: &str) -> Uuid {
    id_of(&["not-taken", sender, chain])
}

/// Returns the change that puts a message of a used id on the board.
pub(crate) async fn anomaly_row(
    store: &dyn Store,
    of: KeptAnomaly,
    now: Timestamp,
) -> Result<RowChange, StoreError> {
    refused_row(store, Kept::Anomaly(of), now).await
}

/// Returns the change that puts an application on the board that could not be taken; one that was taken down and comes again
/// stands there again.
pub(crate) async fn not_taken_row(
    store: &dyn Store,
    of: KeptNotTaken,
    now: Timestamp,
) -> Result<RowChange, StoreError> {
    refused_row(store, Kept::NotTaken(of), now).await
}

/// Returns the change that takes an application off the board, for the transaction that takes it; `None` if it does not stand
/// there.
pub(crate) async fn taken_row(
    store: &dyn Store,
    sender: &str,
    chain: &str,
) -> Result<Option<RowChange>, StoreError> {
    let known = store.row(tables::ANOMALIES, &not_taken_id(sender, chain).to_string()).await?;
    Ok(known.and_then(off))
}

async fn refused_row(store: &dyn Store, of: Kept, now: Timestamp) -> Result<RowChange, StoreError> {
    let id = of.id().to_string();
    let known = store.row(tables::ANOMALIES, &id).await?;
    on(known.as_ref(), (id, of), now)
}

/// Puts it on the list: as it stands there, else anew.
fn on(known: Option<&Row>, (id, of): (String, Kept), now: Timestamp) -> Result<RowChange, StoreError> {
    let before: Option<Stored> = known.map(rows::body).transpose()?;
    let stands = known.is_some_and(|it| it.list.is_some());
    let since = before.as_ref().filter(|_| stands).map_or(now, |it| it.since);
    let times = before.map_or(0, |it| it.times).saturating_add(1);
    let stored = Stored { of, since, times };
    let sort = crate::views::sortable(since);
    let row = rows::row(tables::ANOMALIES, id, Some(OPEN.to_owned()), sort, &stored);
    Ok(RowChange::PutIf(row, known.map_or(0, |it| it.revision)))
}

/// Takes it off the list, if it stands there.
fn off(row: Row) -> Option<RowChange> {
    let revision = row.revision;
    row.list.is_some().then_some(RowChange::PutIf(Row { list: None, ..row }, revision))
}

/// Returns those that nobody has taken note of, oldest first.
pub(super) async fn all(store: &dyn Store) -> Result<Vec<Refused>, StoreError> {
    let rows = listed(store, tables::ANOMALIES, OPEN).await?;
    Ok(rows.into_iter().map(of).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Returns the one of this id, if nobody has taken note of it.
pub(super) async fn one(store: &dyn Store, id: Uuid) -> Result<Option<Refused>, StoreError> {
    match store.row(tables::ANOMALIES, &id.to_string()).await? {
        Some(row) if row.list.is_some() => of(row),
        _ => Ok(None),
    }
}

fn of(row: Row) -> Result<Option<Refused>, StoreError> {
    let stored: Stored = rows::body(&row)?;
    Ok(row.key.parse().ok().map(|id| Refused { id, stored, row }))
}

impl Refused {
    /// Returns it as the journal names work.
    pub(super) fn stuck(&self) -> Stuck {
        let (kind, sender, message) = match &self.stored.of {
            Kept::NotTaken(it) => ("message-not-taken", &it.sender, it.message.clone()),
            Kept::Anomaly(it) => ("message-anomaly", &it.sender, it.message.clone()),
        };
        let row = OutboxRow {
            id: self.id,
            lane: format!("inbox/{sender}/{message}"),
            kind: kind.to_owned(),
            payload: Vec::new(),
            not_before: self.stored.since,
        };
        let (attempts, ready_at) = (self.stored.times, self.stored.since);
        Stuck { row, attempts, why: None, set_aside: true, ready_at }
    }

    /// Returns it as it is shown.
    pub(super) fn item(&self) -> Item {
        let (what, reason, from, words) = match &self.stored.of {
            Kept::NotTaken(KeptNotTaken { sender, number, message, unknown, words, .. }) => {
                let (number, message, from) = (number.clone(), message.clone(), sender.clone());
                let reason = if *unknown { Reason::NotInTables } else { Reason::NotTaken };
                (What::NotTaken { number, message, from }, reason, sender, words.as_str())
            }
            Kept::Anomaly(KeptAnomaly { sender, message, case }) => {
                let (message, from) = (message.clone(), sender.clone());
                (What::Anomaly { message, case: *case, from }, Reason::IdReused, sender, "")
            }
        };
        Item {
            id: self.id,
            since: self.stored.since,
            attempts: self.stored.times,
            next: None,
            acts: reason.acts(Some(from), None),
            reason,
            words: shown_words(words),
            ending: Some(Ending::Noted),
            what,
        }
    }

    /// Takes it down, with the event of the order, in one transaction.
    pub(super) async fn note(&self, store: &dyn Store, event: Append) -> Result<(), BoardError> {
        let id = id_of(&["noted", &self.row.key, &self.row.revision.to_string()]);
        take_down(store, &self.row, event, (id, Vec::new())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Acts;

    const NOON: &str = "2026-11-23T05:00:00Z";
    const LATER: &str = "2026-11-24T05:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn application(message: &str, unknown: bool, words: &str) -> Kept {
        Kept::NotTaken(KeptNotTaken {
            sender: "pep".to_owned(),
            chain: "2000001".to_owned(),
            number: "10000000000001".to_owned(),
            message: message.to_owned(),
            unknown,
            words: words.to_owned(),
        })
    }

    fn what(message: &str) -> What {
        let (number, from) = ("10000000000001".to_owned(), "pep".to_owned());
        What::NotTaken { number, message: message.to_owned(), from }
    }

    /// What lies in the store once a change is committed.
    fn committed(known: Option<&Row>, change: RowChange) -> Row {
        let RowChange::PutIf(row, revision) = change else { panic!("no row is put") };
        assert_eq!(revision, known.map_or(0, |it| it.revision));
        Row { revision: revision + 1, ..row }
    }

    fn refused(known: Option<&Row>, it: Kept, now: &str) -> Row {
        committed(known, on(known, (it.id().to_string(), it), at(now)).unwrap())
    }

    fn item(row: &Row) -> Item {
        of(row.clone()).unwrap().unwrap().item()
    }

    #[test]
    fn an_application_that_cannot_be_taken_stands_with_what_is_missing_and_who_must_act() {
        let first = refused(None, application("m-1", true, "RR_P50.06: child_sex"), NOON);
        assert_eq!(first.list.as_deref(), Some(OPEN));
        let shown = item(&first);
        assert_eq!((&shown.what, shown.reason.code(), shown.attempts), (&what("m-1"), "not-in-tables", 1));
        assert_eq!((shown.words.as_str(), &shown.acts), ("RR_P50.06: child_sex", &Acts::Administrator));
        assert!(shown.is_aside() && !shown.can_be_retried() && shown.ending == Some(Ending::Noted));
        // The administrator has added the code, and a value is wrong besides; the portal has sent it in another message.
        let wrong = "RR_P50.06: child_birth: not-a-date of 580308499930";
        let second = refused(Some(&first), application("m-2", false, wrong), LATER);
        assert_eq!(second.key, first.key, "an application stands there once");
        let shown = item(&second);
        assert_eq!(shown.what, what("m-2"));
        assert_eq!((shown.reason.code(), shown.attempts, shown.since), ("not-taken", 2, at(NOON)));
        assert_eq!(shown.acts, Acts::Other(Some("pep".to_owned())));
        assert_eq!(shown.words, "RR_P50.06: child_birth: not-a-date of …");
    }

    #[test]
    fn it_is_gone_once_it_was_taken_and_stands_again_when_it_comes_again() {
        let stands = refused(None, application("m-1", true, "RR_P50.06"), NOON);
        assert_eq!(stands.key, not_taken_id("pep", "2000001").to_string());
        let taken = committed(Some(&stands), off(stands.clone()).unwrap());
        assert_eq!(taken.list, None);
        assert_eq!(off(taken.clone()), None, "there is nothing to be taken off");
        let again = refused(Some(&taken), application("m-3", true, "RR_P50.07"), LATER);
        let shown = item(&again);
        assert_eq!((again.list.as_deref(), shown.since, shown.attempts), (Some(OPEN), at(LATER), 2));
    }

    #[test]
    fn rows_of_used_ids_are_read_as_they_were_always_written() {
        let body = r#"{"sender": "region", "message": "00000000-0000-0000-0000-000000000007",
            "case": "00000000-0000-0000-0000-000000000008", "since": "2026-11-23T05:00:00Z", "times": 2}"#;
        let stored: Stored = serde_json::from_str(body).unwrap();
        let anomaly = KeptAnomaly {
            sender: "region".to_owned(),
            message: Uuid::from_u128(7).to_string(),
            case: CaseId(Uuid::from_u128(8)),
        };
        assert_eq!((&stored.of, stored.times), (&Kept::Anomaly(anomaly), 2));
        let id = id_of(&["anomaly", "region", "00000000-0000-0000-0000-000000000007"]);
        assert_eq!(stored.of.id(), id);
        let told = serde_json::to_value(&stored).unwrap();
        assert_eq!(told, serde_json::from_str::<serde_json::Value>(body).unwrap());
    }
}
