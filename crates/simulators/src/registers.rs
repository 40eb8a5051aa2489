// SPDX-License-Identifier: MIT OR Apache-2.0
//! Simulated registers. They speak the real wire: the asker's signatures are checked, answers are signed twice; every
//! id of theirs begins with `SIM`.

mod desk;
mod enis;
mod gbd_fl;
mod guardianship;

pub use desk::{Identity, ROUNDS_MAX};
pub use enis::Enis;
pub use gbd_fl::GbdFl;
pub use guardianship::Guardianship;

/// What the ids and sender codes of simulated registers begin with.
pub const SIMULATED: &str = "SIM-";

/// What a simulated register does instead of answering properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    /// Its payload names another question.
    WrongRequest,
    /// A byte of the signed body is changed on the way.
    BadSignature,
    /// The payload was changed before the envelope was signed.
    BadPayload,
    /// The answer is not signed.
    Unsigned,
}
