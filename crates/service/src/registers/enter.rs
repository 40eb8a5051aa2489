// SPDX-License-Identifier: MIT OR Apache-2.0
//! How an entry is made: its rows and its event, on whatever ground; and who is entered by a granted result.

use super::hold::PersonHolds;
use super::{Personal, Stored, list_of};
use crate::codec::FORMAT;
use crate::codec::register::{Document, Ground, RegisterEvent, encode};
use crate::contracts::folded;
use crate::contracts::own::{FROM, TO};
use crate::papers::value_in;
use crate::ports::registers::Record;
use crate::ports::store::{Append, RowChange, StreamId};
use crate::submit::{Along, SubmitError};
use crate::views::sortable;
use crate::{Service, rows, tables};
use engine::case::{Case, Value};
use engine::holds::Holds;
use engine::{Event, Proposal};
use jiff::Timestamp;
use regulation::model::{Entry, FactId, FieldId, RegisterId, Regulation, System};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Letters of a name by which an entry is found: from so many to so many.
pub(super) const NAME_FROM: usize = 2;
pub(super) const NAME_TO: usize = 12;
/// Name of a person's number in a group of a form.
const IIN: &str = "iin";
/// The fields of a group's entry that make a name.
const NAME_PARTS: [&str; 3] = ["surname", "given", "patronymic"];

/// Somebody to be entered.
pub(super) struct NewEntry {
    pub(super) id: Uuid,
    pub(super) register: RegisterId,
    pub(super) organization: String,
    pub(super) ground: Ground,
    pub(super) iin: String,
    pub(super) full_name: String,
    pub(super) record: Record,
    pub(super) document: Option<Document>,
}

/// Returns the id of what is the same each time it is made from the same.
pub(crate) fn id_of(parts: &[&str]) -> Uuid {
    let digest = eds::sha256(parts.join("\u{1f}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.split_at(16).0);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl Service {
    /// Returns what a commit adds to own registers: where a result is signed and granted.
    pub(crate) async fn entries_by_result(
        &self,
        case: &Case,
        regulation: &Regulation,
        events: &[Event],
        now: Timestamp,
    ) -> Result<Along, SubmitError> {
        let signed = events.iter().any(|it| matches!(it, Event::ResultSigned { .. }));
        let refused = matches!(case.proposal, Some((Proposal::Refuse { .. }, _)));
        let (mut along, mut holds) = (Along::default(), PersonHolds::default());
        if self.here != System::Region || !signed || refused {
            return Ok(along);
        }
        for (index, entry) in regulation.entries.iter().enumerate() {
            let value = |id: &FactId| value_in(regulation, case, id);
            if entry.when.as_ref().is_some_and(|when| Holds::judge(when, &value) != Holds::Yes) {
                continue;
            }
            for (iin, full_name) in subjects(entry, case) {
                let new = self.by_result((index, entry), (case, regulation), (iin, full_name), now);
                self.hold(&mut holds, &new.register, &self.vault.pseudonym(&new.iin)).await?;
                if !self.stands_already(&new).await? {
                    along = along.and(self.make_entry(new, now).await?);
                }
            }
        }
        Ok(along.and(Along::from(holds.rows())))
    }

    /// Returns whether a result has nothing to enter: a result of the same case did before, such as the notification before the
    /// contract; or the person has an entry in force about the same that goes on at least as long.
    async fn stands_already(&self, new: &NewEntry) -> Result<bool, SubmitError> {
        if self.stored_entry(new.id).await?.is_some() {
            return Ok(true);
        }
        let longest = self.clashing(&new.register, &new.iin, &new.record).await?;
        Ok(longest.is_some_and(Ordering::is_ge))
    }

    fn by_result(
        &self,
        (index, entry): (usize, &Entry),
        (case, regulation): (&Case, &Regulation),
        (iin, full_name): (String, String),
        now: Timestamp,
    ) -> NewEntry {
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
        let owner = self.vault.pseudonym(&iin);
        NewEntry {
            id: id_of(&[entry.register.as_str(), &owner, &case.id.0.to_string(), &index.to_string()]),
            register: entry.register.clone(),
            organization: case.application.provider.clone(),
            ground: Ground::Case {
                service: case.service.clone(),
                case: case.id,
                result_number: case.result_number.clone(),
            },
            iin,
            full_name,
            record,
            document: None,
        }
    }

    /// Returns the rows and the event of a new entry.
    pub(super) async fn make_entry(&self, new: NewEntry, now: Timestamp) -> Result<Along, SubmitError> {
        let owner = self.vault.pseudonym(&new.iin);
        let event = RegisterEvent::Entered {
            entry: new.id,
            register: new.register.clone(),
            organization: new.organization.clone(),
            person: owner.clone(),
            ground: new.ground.clone(),
            iin: new.iin.clone(),
            full_name: new.full_name.clone(),
            record: new.record.clone(),
            document: new.document.clone(),
        };
        let mut names = self.name_rows(&new, now);
        let personal = Personal {
            full_name: new.full_name,
            iin: new.iin,
            record: new.record,
            document: new.document,
            end_ground: None,
        };
        let stored = Stored {
            register: new.register.clone(),
            organization: new.organization.clone(),
            ground: new.ground,
            at: now,
            ended: None,
            sealed: self.seal_json(&owner, &personal).await?,
            owner: owner.clone(),
        };
        let (key, sort) = (new.id.to_string(), sortable(now));
        let of_person = Some(list_of(&new.register, &owner));
        let of_office = Some(list_of(&new.register, &new.organization));
        names.push(RowChange::Put(rows::row(tables::ENTRIES, &key, of_person, sort.clone(), &stored)));
        names.push(RowChange::Put(rows::row(tables::ENTRY_LISTS, &key, of_office, sort, &new.id)));
        let appends = vec![self.in_register(&new.register, (&owner, &event), now).await?];
        Ok(Along { rows: names, appends, ..Along::default() })
    }

    /// Returns the rows by which an entry is found by the beginning of its person's name.
    fn name_rows(&self, new: &NewEntry, now: Timestamp) -> Vec<RowChange> {
        let name = folded(&new.full_name);
        let letters = name.chars().count().min(NAME_TO);
        let row = |count: usize| {
            let begins: String = name.chars().take(count).collect();
            let list = self.name_list(&new.register, &new.organization, &begins);
            let key = format!("{}/{count}", new.id);
            RowChange::Put(rows::row(tables::ENTRY_NAMES, key, Some(list), sortable(now), &new.id))
        };
        (NAME_FROM..=letters).map(row).collect()
    }

    /// Returns the list of entries whose names begin so: a word that tells nothing without the master key.
    pub(super) fn name_list(&self, register: &RegisterId, organization: &str, begins: &str) -> String {
        self.vault.blind(&["entry-name", register.as_str(), organization, begins])
    }

    /// Returns an event for the end of a register's stream, its personal part sealed under the person's key.
    pub(super) async fn in_register(
        &self,
        register: &RegisterId,
        (owner, event): (&str, &RegisterEvent),
        at: Timestamp,
    ) -> Result<Append, SubmitError> {
        let encoded = encode(event);
        let private = match encoded.private {
            Some(part) => Some(self.vault.seal(owner, part.to_string().as_bytes()).await?),
            None => None,
        };
        Ok(Append {
            stream: StreamId(format!("register/{register}")),
            at,
            kind: encoded.kind.to_owned(),
            format: FORMAT,
            public: encoded.public.to_string().into_bytes(),
            private,
        })
    }
}

/// Whose entries a result makes, by number with the name: the applicant's, and those of the group that the regulation names.
fn subjects(entry: &Entry, case: &Case) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let group = entry.subjects.as_ref().and_then(|it| case.application.fields.get(it));
    if let Some(Value::Entries(rows)) = group {
        for row in rows {
            let said = |name: &str| row.get(&FieldId::from(name)).map(|it| it.trim()).unwrap_or_default();
            if engine::iin::is_well_formed(said(IIN)) {
                let parts = NAME_PARTS.map(said);
                let words: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
                found.insert(said(IIN).to_owned(), words.join(" "));
            }
        }
    }
    found.insert(case.application.iin.clone(), case.application.full_name.clone());
    found
}
