// SPDX-License-Identifier: MIT OR Apache-2.0
//! The public check of a paper: without sign-in, and no more than the paper itself says.

use crate::ports::store::ListQuery;
use crate::submit::SubmitError;
use crate::views::Check;
use crate::{Service, rows, tables};

/// Length of a check key: 128 bits in hexadecimal.
pub const CHECK_KEY_CHARS: usize = 32;

/// What a check by number alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByNumber {
    /// A paper of that number was issued.
    Genuine,
    /// It was, and another took its place.
    Replaced,
    /// None was.
    Unknown,
}

impl Service {
    /// Checks by the key in the QR code.
    pub async fn check(&self, key: &str) -> Result<Option<Check>, SubmitError> {
        if key.len() != CHECK_KEY_CHARS || !key.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Ok(None);
        }
        Ok(rows::read(&*self.ports.store, tables::CHECKS, key).await?)
    }

    /// Checks by the number printed on the paper; rate-limited by the caller.
    pub async fn check_number(&self, number: &str) -> Result<ByNumber, SubmitError> {
        let query = ListQuery {
            table: tables::CHECKS.to_owned(),
            list: number.trim().to_owned(),
            after: None,
            descending: true,
            limit: 1,
        };
        let found = self.ports.store.list(query).await?;
        Ok(match found.first() {
            None => ByNumber::Unknown,
            Some(row) if rows::body::<Check>(row)?.replaced_by.is_some() => ByNumber::Replaced,
            Some(_) => ByNumber::Genuine,
        })
    }
}
