// SPDX-License-Identifier: MIT OR Apache-2.0
//! What has expired is removed: sessions, challenges, counts of attempts, kept forms. So these tables stay as small as what
//! is alive in them.

use crate::ports::store::{ListQuery, Row, RowChange};
use crate::submit::SubmitError;
use crate::views::sortable;
use crate::{Service, rows, tables};
use std::sync::Arc;
use std::time::Duration;

/// Rows of a table removed at a time.
pub const SWEPT_MAX: usize = 100;
/// How often it is looked.
const SWEEP_SECONDS: u64 = 60;

/// Tables whose rows expire.
const TABLES: [&str; 4] = [tables::SESSIONS, tables::CHALLENGES, tables::ATTEMPTS, tables::KEPT];

impl Service {
    /// Removes rows that have expired, at most [`SWEPT_MAX`] a table, and returns how many.
    pub async fn sweep_expired(&self) -> Result<usize, SubmitError> {
        let now = sortable(self.now());
        let mut swept = 0;
        for table in TABLES {
            let query = ListQuery {
                table: table.to_owned(),
                list: rows::EXPIRING.to_owned(),
                after: None,
                descending: false,
                limit: SWEPT_MAX,
            };
            let found = self.ports.store.list(query).await?;
            let expired: Vec<Row> = found.into_iter().take_while(|it| it.sort < now).collect();
            let count = expired.len();
            if count == 0 {
                continue;
            }
            match self.put(expired.into_iter().flat_map(gone).collect()).await {
                Ok(()) => swept += count,
                // One of them was used again meanwhile: the next time.
                Err(SubmitError::Changed) => {}
                Err(failed) => return Err(failed),
            }
        }
        Ok(swept)
    }

    /// Sweeps until the task is dropped; a failure is told and waits for the next time.
    pub async fn sweep(self: Arc<Self>) {
        loop {
            if let Err(failed) = self.sweep_expired().await {
                tracing::warn!(error = %failed, "what has expired was not swept");
            }
            tokio::time::sleep(Duration::from_secs(SWEEP_SECONDS)).await;
        }
    }
}

/// Removes a row only if it is still the one that was looked at.
fn gone(row: Row) -> [RowChange; 2] {
    let (table, key, revision) = (row.table.clone(), row.key.clone(), row.revision);
    [RowChange::PutIf(row, revision), RowChange::Delete { table, key }]
}
