// SPDX-License-Identifier: MIT OR Apache-2.0
//! The case: `decide`, `apply`, `deadlines`; calendars and time norms. Pure and sync; time is a parameter.
//!
//! ```text
//! Order + Case + World + now ── decide ──► Outcome { events, effects }     events ── apply ──► Case
//! ```
//! The same engine runs on both sides of the border: a part whose step is carried out at another system than
//! [`World::here`] is completed only by [`Command::Remote`].

pub mod apply;
pub mod body;
pub mod calculation;
pub mod calendar;
pub mod case;
pub mod command;
pub mod deadline;
pub mod decide;
pub mod event;
pub mod form;
pub mod holds;
pub mod iin;
pub mod inadmissible;
pub mod norm;
pub mod organization;
pub mod printed;
pub mod rates;
pub mod world;

pub use apply::apply;
pub use body::{Body, Week};
pub use calendar::Calendar;
pub use case::{Case, Place, Proposal, Value};
pub use command::{Act, Before, Command, Order, Party};
pub use deadline::{Deadline, deadlines, expected};
pub use decide::{decide, progress};
pub use event::{Effect, Event, Outcome};
pub use inadmissible::Inadmissible;
pub use organization::Organization;
pub use rates::Rates;
pub use world::World;
