// SPDX-License-Identifier: MIT OR Apache-2.0
//! A hold on a person in a register: of two who enter the same person at once, the later one loses and looks again.
//!
//! Whether somebody is entered already is read before the commit, so two could read "no" and both enter. The hold is a row of
//! the person in the register; it is read before that question is asked, and every commit that enters somebody changes it on
//! condition that it is still as it was read.

use super::list_of;
use crate::Service;
use crate::ports::store::RowChange;
use crate::submit::SubmitError;
use crate::{rows, tables};
use regulation::model::RegisterId;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// How often somebody who was too late looks again.
pub(super) const LOOK_AGAIN_MAX: u32 = 5;

/// What is held of whom: a person once in a register.
#[derive(Debug, Default)]
pub(crate) struct PersonHolds(BTreeMap<String, u64>);

impl PersonHolds {
    /// Returns the changes that fail where a person was entered since the hold was taken.
    pub(crate) fn rows(&self) -> Vec<RowChange> {
        let row = |key: &String| rows::row(tables::ENTRY_HOLDS, key.as_str(), None, String::new(), &());
        self.0.iter().map(|(key, revision)| RowChange::PutIf(row(key), *revision)).collect()
    }
}

impl Service {
    /// Takes a hold on a person in a register; call it before asking whether he is entered.
    pub(super) async fn hold(
        &self,
        holds: &mut PersonHolds,
        register: &RegisterId,
        person: &str,
    ) -> Result<(), SubmitError> {
        let key = list_of(register, person);
        if let Entry::Vacant(place) = holds.0.entry(key) {
            let found = self.ports.store.row(tables::ENTRY_HOLDS, place.key()).await?;
            place.insert(found.map_or(0, |it| it.revision));
        }
        Ok(())
    }
}
