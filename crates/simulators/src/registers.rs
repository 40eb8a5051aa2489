// SPDX-License-Identifier: MIT OR Apache-2.0
//! Simulated registers. They speak the real wire: the asker's signatures are checked, answers are signed twice; every
//! id of theirs begins with `SIM`.

mod desk;
mod gbd_fl;
mod records;

use jiff::Timestamp;

pub use desk::{Identity, ROUNDS_MAX};
pub use gbd_fl::GbdFl;
pub use records::{Records, Row, Rows, RowsError};

/// What the ids and sender codes of simulated registers begin with.
pub const SIMULATED: &str = "SIM-";

/// The code of a question that the register refuses. Ours: the dictionary is not public.
pub const REFUSED: &str = "00099";

/// What a simulated register does instead of answering properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// It answers properly.
    #[default]
    Proper,
    /// It gives no bytes at all.
    Silent,
    /// It answers a fault of its own.
    Fault,
    /// It knows nobody.
    NoPerson,
    /// It says `SCSE001` without a payload, as some registers do.
    NoData,
    /// It tells of nobody and gives [`REFUSED`] as the reason; a register of the profile of named values has no such codes and
    /// answers properly.
    Refused,
    /// Its payload names another question.
    WrongRequest,
    /// A byte of the signed body is changed on the way.
    BadSignature,
    /// The payload was changed before the envelope was signed.
    BadPayload,
    /// The answer is not signed.
    Unsigned,
}

/// A simulated register, whichever it is.
pub trait Register: std::fmt::Debug + Send + Sync {
    /// Answers an envelope; empty bytes are silence.
    fn answer(&self, envelope: &[u8], now: Timestamp) -> Vec<u8>;
    /// Makes the register misbehave, or behave again.
    fn set(&self, switch: Switch);
    /// Returns the sender code under which it answers.
    fn code(&self) -> &str;
}

macro_rules! registers {
    ($($name:ident),*) => {
        $(impl Register for $name {
            fn answer(&self, envelope: &[u8], now: Timestamp) -> Vec<u8> {
                Self::answer(self, envelope, now)
            }

            fn set(&self, switch: Switch) {
                self.desk().set(switch);
            }

            fn code(&self) -> &str {
                self.desk().code()
            }
        })*
    };
}

registers!(GbdFl, Records);
