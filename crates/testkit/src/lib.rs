// SPDX-License-Identifier: MIT OR Apache-2.0
//! Given/when/then, scenario player; for tests only.
//!
//! [`Desk`] holds the real files of the repository: the regulation, the calendar, the demo organisations. [`Side`] is one
//! case on one side of the border, with a writer that fills numbers. [`Play`] plays both sides together; [`script`] reads
//! a scenario and returns what a lawyer reads.

mod desk;
mod play;
pub mod script;
mod side;
mod words;

pub use desk::{APPLICANT, Desk, application, fields, granted, scan};
pub use play::Play;
pub use side::{Side, official};
