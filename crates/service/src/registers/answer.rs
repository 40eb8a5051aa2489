// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a register of the region's own answers.

use super::{ENTRIES_MAX, Stored, list_of};
use crate::ports::registers::Record;
use crate::ports::store::ListQuery;
use crate::submit::SubmitError;
use crate::{Service, rows, tables};
use regulation::model::{RegisterId, System};
use std::cmp::Ordering;

impl Service {
    /// Returns whether the region answers for a register itself when a case of this provider asks.
    pub(crate) fn answers_itself(&self, register: &RegisterId, provider: &str) -> bool {
        self.here == System::Region && self.settings.answers_itself(register, provider)
    }

    /// Answers a question to an own register: the person's entries as they are today, the latest first; those that do not
    /// count have `ended`.
    pub(crate) async fn own_records(
        &self,
        register: &RegisterId,
        iin: &str,
    ) -> Result<Vec<Record>, SubmitError> {
        let rules = self.own_rules(register);
        let today = crate::local_date(self.now());
        let mut records = Vec::new();
        for stored in self.entries_of(register, &self.vault.pseudonym(iin)).await? {
            let Some(personal) = self.personal(&stored).await? else { continue };
            records.push(rules.on(personal.record, stored.ended.map(|it| it.on), today));
        }
        Ok(records)
    }

    /// Returns how long an entry goes on that says of a person what a new record says, compared with the record; `None` where
    /// there is none.
    pub(super) async fn clashing(
        &self,
        register: &RegisterId,
        iin: &str,
        new: &Record,
    ) -> Result<Option<Ordering>, SubmitError> {
        let rules = self.own_rules(register);
        let today = crate::local_date(self.now());
        let mut longest = None;
        for stored in self.entries_of(register, &self.vault.pseudonym(iin)).await? {
            let Some(personal) = self.personal(&stored).await? else { continue };
            let stopped = stored.ended.map(|it| it.on);
            longest = longest.max(rules.clash((&personal.record, stopped), new, today));
        }
        Ok(longest)
    }

    /// Returns the entries of a person, the latest first, at most [`ENTRIES_MAX`].
    pub(super) async fn entries_of(
        &self,
        register: &RegisterId,
        person: &str,
    ) -> Result<Vec<Stored>, SubmitError> {
        let query = ListQuery {
            table: tables::ENTRIES.to_owned(),
            list: list_of(register, person),
            descending: true,
            after: None,
            limit: ENTRIES_MAX,
        };
        let found = self.ports.store.list(query).await?;
        found.iter().map(|row| rows::body(row).map_err(SubmitError::from)).collect()
    }
}
