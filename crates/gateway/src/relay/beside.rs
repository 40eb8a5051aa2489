// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the temporary storage asks of the relay: how the message stands beside which files lie.

use super::accept::AsyncRelay;
use super::letter::{self, Letter, State};
use service::ports::store::StoreError;

impl AsyncRelay {
    /// Returns the system that a message is for, and whether it still waits to be there: what was set aside waits too.
    pub(crate) async fn stands(
        &self,
        sender: &str,
        message: &str,
    ) -> Result<Option<(String, bool)>, StoreError> {
        let found = Letter::find(&*self.store, letter::message_key(sender, message)).await?;
        Ok(found.map(|(it, _)| {
            let waits = !matches!(it.said.state, State::Delivered | State::Stopped);
            (it.to, waits)
        }))
    }
}
