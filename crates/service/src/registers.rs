// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registers that the region owns: registered unemployed, recipients of aid. A granted result writes an entry in the commit that
//! signs it; a question is answered from the rows; an official ends an entry with a day and a ground.

use crate::access::Seat;
use crate::papers::value_in;
use crate::ports::store::{ListQuery, Row, RowChange};
use crate::submit::SubmitError;
use crate::views::sortable;
use crate::{Service, rows, tables};
use engine::case::{Case, CaseId, Value};
use engine::holds::Holds;
use engine::{Event, Inadmissible, Proposal};
use jiff::Timestamp;
use jiff::civil::Date;
use regulation::model::{Actor, Entry, FieldId, RegisterId, Regulation, ServiceId, System};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Entries of one person in one register that are looked at.
const ENTRIES_MAX: usize = 100;
/// Entries on a page.
pub const ENTRY_PAGE: usize = 50;
/// Names that every record of an own register has.
const FROM: &str = "from";
const TO: &str = "to";
const ENDED: &str = "ended";
const IIN: &str = "iin";

/// How an entry ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The first day on which it does not count.
    pub on: Date,
    /// On what ground, in the official's words.
    pub ground: String,
    /// Who ended it: the seat.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    register: RegisterId,
    organization: String,
    service: ServiceId,
    case: CaseId,
    result_number: Option<String>,
    at: Timestamp,
    ended: Option<Ended>,
    owner: String,
    sealed: String,
}

/// The personal part of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Personal {
    full_name: String,
    iin: String,
    record: BTreeMap<String, String>,
}

/// An entry for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// Its key.
    pub key: String,
    /// The service whose result made it.
    pub service: ServiceId,
    /// The case.
    pub case: CaseId,
    /// Number of the result.
    pub result_number: Option<String>,
    /// When it was made.
    pub at: Timestamp,
    /// Whose entry. Personal.
    pub full_name: String,
    /// IIN. Personal.
    pub iin: String,
    /// Its values: `from`, `to` and what the regulation copies. Personal.
    pub record: BTreeMap<String, String>,
    /// How it ended before its time.
    pub ended: Option<Ended>,
}

fn list_of(register: &RegisterId, person: &str) -> String {
    format!("{register}/{person}")
}

impl Service {
    /// Returns the rows that a commit adds to own registers: where a result is signed and granted.
    pub(crate) async fn entry_rows(
        &self,
        case: &Case,
        regulation: &Regulation,
        events: &[Event],
        now: Timestamp,
    ) -> Result<Vec<RowChange>, SubmitError> {
        let signed = events.iter().any(|it| matches!(it, Event::ResultSigned { .. }));
        let refused = matches!(case.proposal, Some((Proposal::Refuse { .. }, _)));
        if self.here != System::Region || !signed || refused {
            return Ok(Vec::new());
        }
        let mut changes = Vec::new();
        for entry in &regulation.entries {
            let value = |id: &regulation::model::FactId| value_in(regulation, case, id);
            if entry.when.as_ref().is_some_and(|when| Holds::judge(when, &value) != Holds::Yes) {
                continue;
            }
            for iin in subjects(entry, case) {
                changes.extend(self.entry_row(entry, (case, regulation), &iin, now).await?);
            }
        }
        Ok(changes)
    }

    async fn entry_row(
        &self,
        entry: &Entry,
        (case, regulation): (&Case, &Regulation),
        iin: &str,
        now: Timestamp,
    ) -> Result<[RowChange; 2], SubmitError> {
        let text = |id: &FieldId| match value_in(regulation, case, &id.as_str().into()) {
            Some(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(_) | None => None,
        };
        let mut record = BTreeMap::new();
        for field in &entry.fields {
            record.extend(text(field).map(|it| (field.0.clone(), it)));
        }
        let today = crate::local_date(now).to_string();
        record.insert(FROM.to_owned(), entry.from.as_ref().and_then(text).unwrap_or(today));
        record.extend(entry.to.as_ref().and_then(text).map(|it| (TO.to_owned(), it)));
        let owner = self.vault.pseudonym(iin);
        let full_name =
            if iin == case.application.iin { case.application.full_name.clone() } else { String::new() };
        let personal = Personal { full_name, iin: iin.to_owned(), record };
        let stored = Stored {
            register: entry.register.clone(),
            organization: case.application.provider.clone(),
            service: case.service.clone(),
            case: case.id,
            result_number: case.result_number.clone(),
            at: now,
            ended: None,
            sealed: self.seal_json(&owner, &personal).await?,
            owner: owner.clone(),
        };
        let key = format!("{}/{owner}/{}", entry.register, case.id.0);
        let of_person =
            rows::row(tables::ENTRIES, &key, Some(list_of(&entry.register, &owner)), sortable(now), &stored);
        let list = list_of(&entry.register, &case.application.provider);
        let of_office = rows::row(tables::ENTRY_LISTS, &key, Some(list), sortable(now), &key);
        Ok([RowChange::Put(of_person), RowChange::Put(of_office)])
    }

    /// Answers a question to an own register: the person's entries, those that do not count today marked `ended`.
    pub(crate) async fn own_records(
        &self,
        register: &RegisterId,
        iin: &str,
    ) -> Result<Vec<BTreeMap<String, String>>, SubmitError> {
        let list = list_of(register, &self.vault.pseudonym(iin));
        let query = ListQuery {
            table: tables::ENTRIES.to_owned(),
            list,
            descending: true,
            after: None,
            limit: ENTRIES_MAX,
        };
        let today = crate::local_date(self.now());
        let mut records = Vec::new();
        for row in self.ports.store.list(query).await? {
            let stored: Stored = rows::body(&row)?;
            let Some(personal) = self.open_json::<Personal>(&stored.owner, &stored.sealed).await? else {
                continue;
            };
            let mut record = personal.record;
            if let Some(day) = not_counting(&record, stored.ended.as_ref(), today) {
                record.insert(ENDED.to_owned(), day);
            }
            records.push(record);
        }
        Ok(records)
    }

    /// Returns a page of an own register's entries made by the official's organisation, the latest first, to its officials.
    pub async fn register_entries(
        &self,
        seat: &Seat,
        register: &RegisterId,
        after: Option<(String, String)>,
    ) -> Result<Vec<EntryView>, SubmitError> {
        if !keeps_registers(seat) || self.here != System::Region {
            return Ok(Vec::new());
        }
        let query = ListQuery {
            table: tables::ENTRY_LISTS.to_owned(),
            list: list_of(register, &seat.organization),
            descending: true,
            after,
            limit: ENTRY_PAGE,
        };
        let mut views = Vec::new();
        for row in self.ports.store.list(query).await? {
            if let Some((row, stored)) = self.entry(&rows::body::<String>(&row)?).await? {
                let personal =
                    self.open_json::<Personal>(&stored.owner, &stored.sealed).await?.unwrap_or_default();
                views.push(EntryView {
                    key: row.key,
                    service: stored.service,
                    case: stored.case,
                    result_number: stored.result_number,
                    at: stored.at,
                    full_name: personal.full_name,
                    iin: personal.iin,
                    record: personal.record,
                    ended: stored.ended,
                });
            }
        }
        Ok(views)
    }

    async fn entry(&self, key: &str) -> Result<Option<(Row, Stored)>, SubmitError> {
        let Some(row) = self.ports.store.row(tables::ENTRIES, key).await? else { return Ok(None) };
        let stored = rows::body(&row)?;
        Ok(Some((row, stored)))
    }

    /// Ends an entry of the official's own organisation: from that day on it does not count.
    pub async fn end_entry(
        &self,
        seat: &Seat,
        key: &str,
        (on, ground): (Date, &str),
    ) -> Result<(), SubmitError> {
        let (row, mut stored) = self.entry(key).await?.ok_or(SubmitError::Unknown)?;
        if !keeps_registers(seat) || stored.organization != seat.organization {
            return Err(Inadmissible::OtherOrganization.into());
        }
        if ground.trim().is_empty() {
            return Err(Inadmissible::Empty(engine::inadmissible::Input::Reason).into());
        }
        if stored.ended.is_some() {
            return Err(SubmitError::Changed);
        }
        let (ground, by, at) = (ground.trim().to_owned(), seat.person.0.clone(), self.now());
        stored.ended = Some(Ended { on, ground, by, at });
        let revision = row.revision;
        let changed = rows::row(tables::ENTRIES, &row.key, row.list.clone(), row.sort.clone(), &stored);
        self.put(vec![RowChange::PutIf(changed, revision)]).await
    }
}

/// Who keeps the registers of his office: its clerk, its executors, its head.
fn keeps_registers(seat: &Seat) -> bool {
    seat.actors
        .iter()
        .any(|it| matches!(it, Actor::ProviderOffice | Actor::ProviderHead | Actor::ProviderExecutor))
}

/// Whose entries a result makes: the applicant's, and those of the group that the regulation names.
fn subjects(entry: &Entry, case: &Case) -> BTreeSet<String> {
    let mut found = BTreeSet::from([case.application.iin.clone()]);
    let group = entry.subjects.as_ref().and_then(|it| case.application.fields.get(it));
    if let Some(Value::Entries(rows)) = group {
        let iins = rows.iter().filter_map(|it| it.get(&FieldId::from(IIN)));
        found
            .extend(iins.map(|it| it.trim()).filter(|it| engine::iin::is_well_formed(it)).map(str::to_owned));
    }
    found
}

/// Returns since when, or until when, an entry does not count on a day.
fn not_counting(record: &BTreeMap<String, String>, ended: Option<&Ended>, today: Date) -> Option<String> {
    let day = |name: &str| record.get(name).and_then(|it| it.parse::<Date>().ok());
    let over = day(TO).filter(|to| *to < today);
    let not_begun = day(FROM).filter(|from| *from > today);
    let stopped = ended.map(|it| it.on).filter(|on| *on <= today);
    stopped.or(over).or(not_begun).map(|it| it.to_string())
}
