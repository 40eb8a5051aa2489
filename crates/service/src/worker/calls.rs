// SPDX-License-Identifier: MIT OR Apache-2.0
//! The worker's calls to what is elsewhere, each in its turn, so that what hangs there holds up nothing else.

use crate::Service;
use crate::board::Reason;
use crate::ports::PortError;
use crate::ports::evidence::NO_STAMP;
use crate::ports::store::StoreError;
use crate::submit::SubmitError;
use crate::turns::{Call, Turn};
use jiff::Timestamp;

/// The authority of time, and what an archive needs besides its stamp.
pub(crate) const STAMPS: &str = "stamp";
/// What signatures are judged by.
pub(super) const VERDICTS: &str = "verify";
/// The organisations' stamps, with what they are judged by.
pub(super) const RESULTS: &str = "results";

/// Why work is not done.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nothing was called: it may be at this time.
    Later(Timestamp, Reason),
    /// It was done, and a signature still cannot be judged.
    Unjudged(Unjudged),
    /// It failed.
    Failed(SubmitError),
}

/// A signature that still cannot be judged.
#[derive(Debug)]
pub(crate) struct Unjudged {
    /// Why.
    pub(crate) reason: Reason,
    /// Code of the first check that could not be made.
    pub(crate) code: Option<String>,
    /// Whether nothing is waited for any more.
    pub(crate) is_over: bool,
}

impl From<SubmitError> for Trouble {
    fn from(it: SubmitError) -> Self {
        Self::Failed(it)
    }
}

impl From<StoreError> for Trouble {
    fn from(it: StoreError) -> Self {
        Self::Failed(it.into())
    }
}

impl Service {
    /// Takes a turn at a port, until it is dropped.
    pub(super) fn turn<'a>(&'a self, port: &'a str) -> Result<Call<'a>, Trouble> {
        self.turns.enter(port, self.now()).map_err(|it| match it {
            Turn::Busy(at) => Trouble::Later(at, Reason::Busy),
            Turn::Silent(at) => Trouble::Later(at, Reason::Silent),
        })
    }

    /// Calls a port in its turn: one that is silent is asked by one caller at a time, one that is slow takes not every place.
    pub(crate) async fn in_turn<T>(
        &self,
        port: &str,
        call: impl Future<Output = Result<T, PortError>>,
    ) -> Result<T, Trouble> {
        let turn = self.turn(port)?;
        let answer = call.await;
        match &answer {
            // The authority of time answers all the same where something else is missing.
            Err(PortError::Unavailable(code)) if port != STAMPS || code == NO_STAMP => {
                self.turns.silent(port, self.now());
            }
            Ok(_) | Err(_) => self.turns.answered(port),
        }
        drop(turn);
        answer.map_err(|it| Trouble::Failed(crate::from_port(it)))
    }
}
