// SPDX-License-Identifier: MIT OR Apache-2.0
//! The case: `decide`, `apply`, `deadlines`; calendars and time norms. Pure and sync; time is a parameter.
//!
//! ```text
//! Order + Case + World + now ── decide ──► Outcome { events, effects }     events ── apply ──► Case
//! ```
//! The same engine runs on both sides of the border: a part whose step is carried out at another system than
//! [`World::here`] is completed only by [`Command::Remote`].

pub mod case;
pub mod command;
pub mod event;

pub use case::{Case, Place, Proposal, Value};
pub use command::{Act, Command, Order, Party};
pub use event::{Effect, Event, Outcome};
