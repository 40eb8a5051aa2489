// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registers that the region owns: registered unemployed, recipients of aid, guardianships.
//!
//! Somebody is entered by a granted result, in the commit that signs it; by hand, from a document; or from a file that the office
//! kept before. A question is answered from the rows. Each entry and each end is an event of `register/<id>`; the rows are
//! views of them. Which organisation keeps which register: [`Settings::keeps`](crate::Settings::keeps).
//!
//! An entry is found by its key, by its person, or by how the person's name begins: each is a list of its own, so a page
//! costs the same in the first year and in the tenth.

mod answer;
mod enter;
pub mod hand;
mod hold;
pub mod import;
mod list;

pub(crate) use enter::id_of;
pub use hand::{HandEntry, KeepRefused};
pub use import::{ColumnNames, Format, ImportMistake, ImportRefused, Imported};
pub use list::{EntryPage, Sought};

use crate::codec::register::{Document, Ground};
use crate::contracts::own::{ENDED, OwnRules};
use crate::ports::registers::Record;
use crate::ports::store::Row;
use crate::submit::SubmitError;
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::Timestamp;
use jiff::civil::Date;
use regulation::model::RegisterId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Entries of one person in one register that are looked at.
pub const ENTRIES_MAX: usize = 100;
/// Entries on a page.
pub const ENTRY_PAGE: usize = 50;

/// How an entry ended before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The first day on which it does not count.
    pub on: Date,
    /// On what ground, in the official's words. Personal.
    pub ground: String,
    /// Who ended it: the seat.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredEnd {
    on: Date,
    by: PersonId,
    at: Timestamp,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    register: RegisterId,
    organization: String,
    ground: Ground,
    at: Timestamp,
    ended: Option<StoredEnd>,
    owner: String,
    sealed: String,
}

/// The personal part of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Personal {
    full_name: String,
    iin: String,
    record: BTreeMap<String, String>,
    #[serde(default)]
    document: Option<Document>,
    #[serde(default)]
    end_ground: Option<String>,
}

/// An entry for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// Its id.
    pub id: Uuid,
    /// The register.
    pub register: RegisterId,
    /// The organisation that made it.
    pub organization: String,
    /// On what ground.
    pub ground: Ground,
    /// The document of an entry by hand. Personal.
    pub document: Option<Document>,
    /// When it was made.
    pub at: Timestamp,
    /// Whose entry. Personal.
    pub full_name: String,
    /// IIN. Personal.
    pub iin: String,
    /// Its values as they are today: `from`, `to`, those of the register's columns; `ended` where it does not count.
    /// Personal.
    pub record: Record,
    /// How it was ended before its time.
    pub ended: Option<Ended>,
}

impl EntryView {
    /// Returns whether it counts today.
    pub fn counts(&self) -> bool {
        !self.record.contains_key(ENDED)
    }
}

/// The list of a person's entries.
fn list_of(register: &RegisterId, person: &str) -> String {
    format!("{register}/{person}")
}

impl Service {
    /// Returns the rules of a register that is kept here; those of no column where its contract has none.
    fn own_rules(&self, register: &RegisterId) -> OwnRules {
        self.settings.registers.get(register.as_str()).and_then(|it| it.own.clone()).unwrap_or_default()
    }

    async fn stored_entry(&self, id: Uuid) -> Result<Option<(Row, Stored)>, SubmitError> {
        let Some(row) = self.ports.store.row(tables::ENTRIES, &id.to_string()).await? else {
            return Ok(None);
        };
        let stored = rows::body(&row)?;
        Ok(Some((row, stored)))
    }

    async fn personal(&self, stored: &Stored) -> Result<Option<Personal>, SubmitError> {
        self.open_json(&stored.owner, &stored.sealed).await
    }

    /// Returns an entry as it is today.
    async fn view_of(&self, row: &Row, stored: Stored) -> Result<EntryView, SubmitError> {
        let personal = self.personal(&stored).await?.unwrap_or_default();
        let stopped = stored.ended.as_ref().map(|it| it.on);
        let today = crate::local_date(self.now());
        let record = self.own_rules(&stored.register).on(personal.record, stopped, today);
        let ground = personal.end_ground.unwrap_or_default();
        Ok(EntryView {
            id: row.key.parse().map_err(|_| SubmitError::Unusable("the key of an entry".to_owned()))?,
            register: stored.register,
            organization: stored.organization,
            ground: stored.ground,
            document: personal.document,
            at: stored.at,
            full_name: personal.full_name,
            iin: personal.iin,
            record,
            ended: stored.ended.map(|it| Ended { on: it.on, ground, by: it.by, at: it.at }),
        })
    }
}
