// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an official does in a register by hand: enters somebody from a document, ends an entry.

use super::enter::NewEntry;
use super::hold::{LOOK_AGAIN_MAX, PersonHolds};
use super::{Stored, StoredEnd};
use crate::Service;
use crate::access::Seat;
use crate::codec::register::{Document, Ground, RegisterEvent};
use crate::contracts::own::{FROM, OfDocument, OwnRules, VALUE_CHARS_MAX, Wrong, trimmed};
use crate::ports::registers::Record;
use crate::ports::store::{Built, Commit, CommitError, RowChange};
use crate::submit::{Along, SubmitError};
use crate::{rows, tables};
use engine::case::Attachment;
use jiff::ToSpan as _;
use jiff::civil::Date;
use regulation::model::RegisterId;
use uuid::Uuid;

/// How far ahead the end of an entry may be announced, in days.
pub const END_AHEAD_DAYS_MAX: i32 = 366;

/// Names of what an official gives besides the register's columns.
pub const IIN: &str = "iin";
/// The full name.
pub const FULL_NAME: &str = "full_name";
/// What the document is called.
pub const DOCUMENT_TITLE: &str = "document_title";
/// Its number.
pub const DOCUMENT_NUMBER: &str = "document_number";
/// Its date.
pub const DOCUMENT_DATE: &str = "document_date";
/// Whose it is.
pub const DOCUMENT_BODY: &str = "document_body";
/// The first day on which an ended entry does not count.
pub const ON: &str = "on";
/// On what ground it is ended.
pub const GROUND: &str = "ground";

/// Somebody to be entered by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandEntry {
    /// IIN. Personal.
    pub iin: String,
    /// Full name. Personal.
    pub full_name: String,
    /// Values of the columns that are asked, and the days. Personal.
    pub record: Record,
    /// The document. Personal.
    pub document: Document,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KeepRefused {
    /// Some values are wrong, each by its name.
    #[error("{} values are wrong", .0.len())]
    Wrong(Vec<(String, Wrong)>),
    /// The person has an entry in force that is about the same.
    #[error("the person is entered already")]
    Entered,
    /// The entry was ended before.
    #[error("the entry was ended before")]
    Ended,
    /// It is not there, or nobody's business; or the store did not answer.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

impl HandEntry {
    /// Returns the record that is kept: what the document says stands in the register's own columns too.
    fn whole(&self, rules: &OwnRules) -> Record {
        let mut record = trimmed(self.record.clone());
        for column in &rules.column {
            let said = match column.from_document {
                Some(OfDocument::Number) => &self.document.number,
                Some(OfDocument::Date) => &self.document.date,
                Some(OfDocument::Body) => &self.document.body,
                None => continue,
            };
            record.insert(column.name.clone(), said.trim().to_owned());
        }
        trimmed(record)
    }

    fn problems(&self, rules: &OwnRules, today: Date) -> Vec<(String, Wrong)> {
        let mut found = Vec::new();
        let mut told = |name: &str, wrong: Option<Wrong>| found.extend(wrong.map(|it| (name.to_owned(), it)));
        told(IIN, (!engine::iin::is_well_formed(&self.iin)).then_some(Wrong::NotAnIin));
        told(FULL_NAME, line(&self.full_name));
        told(DOCUMENT_TITLE, line(&self.document.title));
        let date = self.document.date.parse::<Date>();
        told(DOCUMENT_DATE, date.map_or(Some(Wrong::NotADate), |it| (it > today).then_some(Wrong::ToCome)));
        // A mistake in what the document gives is told where it was typed.
        for (name, wrong) in rules.problems(&self.whole(rules)) {
            let name = match rules.named(&name).and_then(|it| it.from_document) {
                Some(OfDocument::Number) => DOCUMENT_NUMBER,
                Some(OfDocument::Date) => continue,
                Some(OfDocument::Body) => DOCUMENT_BODY,
                None => name.as_str(),
            };
            told(name, Some(wrong));
        }
        found
    }
}

fn line(text: &str) -> Option<Wrong> {
    match text.trim().chars().count() {
        0 => Some(Wrong::Missing),
        it if it > VALUE_CHARS_MAX => Some(Wrong::TooLong),
        _ => None,
    }
}

impl Service {
    /// Enters somebody by hand, with the scan of the document; `order` is the id of the page's form: the same twice is one
    /// entry.
    pub async fn enter_by_hand(
        &self,
        seat: &Seat,
        register: &RegisterId,
        (entry, scan): (HandEntry, &Attachment),
        order: Uuid,
    ) -> Result<Uuid, KeepRefused> {
        self.kept_register(seat, register)?;
        let (rules, now) = (self.own_rules(register), self.now());
        let wrong = entry.problems(&rules, crate::local_date(now));
        if !wrong.is_empty() {
            return Err(KeepRefused::Wrong(wrong));
        }
        if self.ports.store.answer(order).await.map_err(SubmitError::from)?.is_some() {
            return Ok(order);
        }
        let record = entry.whole(&rules);
        let person = self.vault.pseudonym(&entry.iin);
        for _ in 0..LOOK_AGAIN_MAX {
            let mut holds = PersonHolds::default();
            self.hold(&mut holds, register, &person).await?;
            if self.clashing(register, &entry.iin, &record).await?.is_some() {
                return Err(KeepRefused::Entered);
            }
            let new = by_hand(seat, register, (&entry, &record, scan), order);
            let along = self.make_entry(new, now).await?.and(Along::from(holds.rows()));
            match self.put_once(order, along, Vec::new()).await {
                Ok(_) => return Ok(order),
                Err(SubmitError::Changed) => {}
                Err(failed) => return Err(failed.into()),
            }
        }
        Err(SubmitError::Changed.into())
    }

    /// Ends an entry of the official's own organisation: from that day on it does not count. `order` is the id of the page's
    /// form: the same twice is one act.
    pub async fn end_entry(
        &self,
        seat: &Seat,
        (register, id): (&RegisterId, Uuid),
        (on, ground): (Option<Date>, &str),
        order: Uuid,
    ) -> Result<(), KeepRefused> {
        let (row, stored) = self.entry_kept(seat, register, id).await?;
        if self.ports.store.answer(order).await.map_err(SubmitError::from)?.is_some() {
            return Ok(());
        }
        if stored.ended.is_some() {
            return Err(KeepRefused::Ended);
        }
        let ground = ground.trim();
        let mut personal = self.personal(&stored).await?.unwrap_or_default();
        let day = self.end_day(&personal.record, on);
        let wrong = [(ON, day.err()), (GROUND, line(ground))];
        let wrong: Vec<_> = wrong.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?))).collect();
        let (Ok(on), true) = (day, wrong.is_empty()) else { return Err(KeepRefused::Wrong(wrong)) };
        let (owner, at) = (stored.owner.clone(), self.now());
        let event = RegisterEvent::Ended {
            entry: id,
            register: register.clone(),
            organization: stored.organization.clone(),
            by: seat.person.clone(),
            capacity: seat.actors.clone(),
            on,
            ground: ground.to_owned(),
        };
        personal.end_ground = Some(ground.to_owned());
        let ended = Some(StoredEnd { on, by: seat.person.clone(), at });
        let stored = Stored { ended, sealed: self.seal_json(&owner, &personal).await?, ..stored };
        let changed = rows::row(tables::ENTRIES, &row.key, row.list.clone(), row.sort.clone(), &stored);
        let along = Along {
            rows: vec![RowChange::PutIf(changed, row.revision)],
            appends: vec![self.in_register(register, (&owner, &event), at).await?],
            ..Along::default()
        };
        self.put_once(order, along, Vec::new()).await?;
        Ok(())
    }

    fn end_day(&self, record: &Record, on: Option<Date>) -> Result<Date, Wrong> {
        let on = on.ok_or(Wrong::Missing)?;
        let from = record.get(FROM).and_then(|it| it.parse::<Date>().ok());
        if from.is_some_and(|from| on < from) {
            return Err(Wrong::BeforeTheFirst);
        }
        let latest = crate::local_date(self.now()).saturating_add(END_AHEAD_DAYS_MAX.days());
        if on > latest { Err(Wrong::ToCome) } else { Ok(on) }
    }

    /// Commits rows and events of an order: the same order again changes nothing. Returns the answer kept with it.
    pub(super) async fn put_once(
        &self,
        order: Uuid,
        along: Along,
        answer: Vec<u8>,
    ) -> Result<Vec<u8>, SubmitError> {
        let Along { rows, appends, outbox, .. } = along;
        let build = Box::new(move |_: &[u64]| Built { rows, outbox, answer, ..Built::default() });
        let at = self.now();
        let commit = Commit { order: Some(order), stream: None, numbers: Vec::new(), appends, build, at };
        match self.ports.store.commit(commit).await {
            Ok(answer) | Err(CommitError::Repeated(answer)) => Ok(answer),
            Err(CommitError::RowLost | CommitError::VersionLost) => Err(SubmitError::Changed),
            Err(CommitError::Unavailable(why)) => Err(SubmitError::Unavailable(why)),
            Err(CommitError::Unusable(why)) => Err(SubmitError::Unusable(why)),
        }
    }
}

fn by_hand(
    seat: &Seat,
    register: &RegisterId,
    (entry, record, scan): (&HandEntry, &Record, &Attachment),
    id: Uuid,
) -> NewEntry {
    NewEntry {
        id,
        register: register.clone(),
        organization: seat.organization.clone(),
        ground: Ground::Hand {
            by: seat.person.clone(),
            file: scan.file.clone(),
            media_type: scan.media_type.clone(),
        },
        iin: entry.iin.clone(),
        full_name: entry.full_name.split_whitespace().collect::<Vec<_>>().join(" "),
        record: record.clone(),
        document: Some(entry.document.clone()),
    }
}
