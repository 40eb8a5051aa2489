// SPDX-License-Identifier: MIT OR Apache-2.0
//! Journals of a body: papers that came in, letters that went out, results; each by its gap-free numbers, the latest first.
//!
//! An entry is written in the commit that gives the number. A page is read by key: it costs the same in the first month and
//! in the tenth year.

use crate::access::Seat;
use crate::codec::access::What;
use crate::ports::store::{ListQuery, RowChange};
use crate::submit::SubmitError;
use crate::views::{CaseHead, read_head};
use crate::{Service, rows, tables};
use engine::Event;
use engine::case::{Case, CaseId, PersonId};
use engine::event::Series;
use jiff::Timestamp;
use regulation::model::System;
use serde::{Deserialize, Serialize};

/// Entries of a page.
pub const PAGE: usize = 50;
/// Digits to which a serial number is filled up, so that entries sort as numbers do.
const SERIAL_DIGITS: usize = 12;

/// Which journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Journal {
    /// Papers that came in.
    Incoming,
    /// Covering letters that went out.
    Outgoing,
    /// Results, granted and refused.
    Results,
    /// Every case of the body, by when it was opened.
    All,
}

impl Journal {
    /// The journals, in the order of a page.
    pub const ALL: [Self; 4] = [Self::Incoming, Self::Outgoing, Self::Results, Self::All];

    /// Returns its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
            Self::Results => "results",
            Self::All => "all",
        }
    }

    /// Returns the journal of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

/// An entry of a journal of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The case.
    pub case: CaseId,
    /// The number.
    pub number: String,
    /// When it was given, or voided.
    pub at: Timestamp,
    /// Whether it was given to a paper that nobody signed.
    pub voided: bool,
}

/// The mark that a result was given: acts have the office make it, such as 001, patronage, item 7.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// When.
    pub at: Timestamp,
    /// By whom, by seat; nobody where the system tells of it.
    pub by: Option<PersonId>,
    /// To whom. Personal.
    pub to: Recipient,
}

/// Who got a result. Personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// Somebody who came for it, on a document.
    Hand {
        /// The full name.
        name: String,
        /// The document shown.
        document: String,
    },
    /// The courier of the one-stop-shop.
    Courier(String),
    /// It was sent.
    Sent,
    /// The person's key is erased.
    Erased,
}

#[derive(Serialize, Deserialize)]
struct StoredGiven {
    at: Timestamp,
    by: Option<PersonId>,
    owner: String,
    sealed: String,
}

/// A line of a page: the entry, where the journal has numbers of its own, and the case as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub entry: Option<Entry>,
    /// Of a result, that it was given.
    pub given: Option<Given>,
    /// The case.
    pub head: CaseHead,
}

/// A page of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalPage {
    /// Its lines, the latest first.
    pub lines: Vec<Line>,
    /// From where the next page goes on, if there is one.
    pub next: Option<String>,
}

/// Whose journals an order writes into.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    /// The provider.
    pub(crate) provider: String,
    /// The rural akim's office; the provider where none is in the case.
    pub(crate) akim: String,
    /// The body whose head signs the result.
    pub(crate) signer: String,
}

/// Returns the entry that an event makes in a journal.
pub(crate) fn entry(event: &Event, bodies: &Bodies, case: CaseId) -> Option<RowChange> {
    let (series, number, at, voided) = if let Event::Numbered { series, number, at } = event {
        (*series, number, *at, false)
    } else if let Event::NumberVoided { series, number, at } = event {
        (*series, number, *at, true)
    } else {
        return None;
    };
    let (journal, body) = match series {
        Series::Application => return None,
        Series::Incoming => (Journal::Incoming, &bodies.provider),
        Series::AkimIncoming => (Journal::Incoming, &bodies.akim),
        Series::Letter => (Journal::Outgoing, &bodies.akim),
        Series::Result => (Journal::Results, &bodies.signer),
    };
    let list = format!("{}/{body}", journal.as_str());
    let key = format!("{list}/{number}");
    let sort = sort_of(number);
    let body = Entry { case, number: number.clone(), at, voided };
    Some(RowChange::Put(rows::row(tables::JOURNALS, key, Some(list), sort, &body)))
}

/// Returns the key of the mark that the result of this number was given.
fn given_key(number: &str) -> String {
    format!("given/{number}")
}

/// Returns a number as text that sorts as numbers do: its year, and its serial filled up.
fn sort_of(number: &str) -> String {
    let (before, serial) = number.rsplit_once('-').unwrap_or(("", number));
    let year = before.rsplit('-').next().unwrap_or_default();
    let serial = serial.trim_start_matches(|it: char| !it.is_ascii_digit());
    format!("{year}-{serial:0>SERIAL_DIGITS$}")
}

/// Returns to whom an event says that the result went.
fn recipient(event: &Event) -> Option<(Recipient, Timestamp)> {
    if let Event::HandedOver { taken_by, document, at } = event {
        Some((Recipient::Hand { name: taken_by.clone(), document: document.clone() }, *at))
    } else if let Event::Dispatched { courier, at } = event {
        Some((courier.clone().map_or(Recipient::Sent, Recipient::Courier), *at))
    } else {
        None
    }
}

/// What stands between the parts of a place in a list.
const CURSOR: char = '~';

impl Service {
    /// Returns a page of a journal of the official's body, from behind `after`; nothing to who sits there as an executor only. The
    /// reading is recorded.
    pub async fn journal_page(
        &self,
        seat: &Seat,
        journal: Journal,
        after: Option<&str>,
    ) -> Result<JournalPage, SubmitError> {
        if seat.is_executor_only() {
            return Ok(JournalPage::default());
        }
        let (table, list) = match journal {
            Journal::All => (tables::CASES, seat.organization.clone()),
            Journal::Incoming | Journal::Outgoing | Journal::Results => {
                (tables::JOURNALS, format!("{}/{}", journal.as_str(), seat.organization))
            }
        };
        let after =
            after.and_then(|it| it.split_once(CURSOR)).map(|(sort, key)| (sort.to_owned(), key.to_owned()));
        let query = ListQuery { table: table.to_owned(), list, after, descending: true, limit: PAGE + 1 };
        let mut found = self.ports.store.list(query).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|it| format!("{}{CURSOR}{}", it.sort, it.key));
        let mut lines = Vec::with_capacity(found.len());
        for row in &found {
            let line = if journal == Journal::All {
                read_head(row).map(|head| Line { entry: None, given: None, head })
            } else {
                let entry: Entry = rows::body(row)?;
                let given =
                    if journal == Journal::Results { self.mark_of(&entry.number).await? } else { None };
                self.case_head(entry.case).await?.map(|head| Line { entry: Some(entry), given, head })
            };
            lines.extend(line);
        }
        self.record_list(seat, What::Journal, lines.iter().map(|it| &it.head)).await?;
        Ok(JournalPage { lines, next })
    }

    /// Returns the row by which the journal of results says that one was given: what the events of an order tell of the result
    /// that the case had before it.
    pub(crate) async fn mark_given(
        &self,
        (case, number): (&Case, Option<&String>),
        events: &[Event],
    ) -> Result<Option<RowChange>, SubmitError> {
        let Some(number) = number.filter(|_| self.here == System::Region) else { return Ok(None) };
        let told = events.iter().rev().find_map(recipient);
        let Some((to, at)) = told else { return Ok(None) };
        let by = events
            .iter()
            .find_map(|it| if let Event::Completed { done } = it { done.by.clone() } else { None });
        let owner = Self::owner_key(case);
        let sealed = self.seal_json(&owner, &to).await?;
        let body = StoredGiven { at, by, owner, sealed };
        Ok(Some(RowChange::Put(rows::row(tables::JOURNALS, given_key(number), None, String::new(), &body))))
    }

    async fn mark_of(&self, number: &str) -> Result<Option<Given>, SubmitError> {
        let stored: Option<StoredGiven> =
            rows::read(&*self.ports.store, tables::JOURNALS, &given_key(number)).await?;
        let Some(stored) = stored else { return Ok(None) };
        let to = self.open_json(&stored.owner, &stored.sealed).await?.unwrap_or(Recipient::Erased);
        Ok(Some(Given { at: stored.at, by: stored.by, to }))
    }

    /// Returns the head of a case.
    async fn case_head(&self, case: CaseId) -> Result<Option<CaseHead>, SubmitError> {
        Ok(self.ports.store.row(tables::CASES, &case.0.to_string()).await?.as_ref().and_then(read_head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_sort_as_their_numbers() {
        let sorted = ["2025-99999", "2026-00001", "2026-99999", "2026-100000"].map(sort_of);
        assert!(sorted.is_sorted(), "{sorted:?}");
        assert_eq!(sort_of("353200000-2026-S00007"), "2026-000000000007");
    }
}
