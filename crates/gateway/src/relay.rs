// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway between systems: what it accepts is kept durably, then brought to the addressee until he has it.
//!
//! ```text
//! sendMessage ─► checked in the documented order ─► ONE commit: event, row, work (lane: the chain) ─► receipt
//! work ─► the body signed anew by the gateway, the payload as it came ─► the addressee's port ─► event ─► the producer is told
//! SendMessage ─► checked ─► event of the question ─► the register ─► event of the answer ─► answer
//! ```
//! A message is known by its sender and its id: the same one again gets the same receipt, another one under the same id is a
//! fault. Messages of one chain arrive in the order in which they were accepted. What an addressee refuses is set aside with
//! an owner and a reason; what he does not answer is brought again, for [`PATIENCE_DAYS_MAX`] days.

mod accept;
mod beside;
mod board;
mod deliver;
mod kept;
mod letter;
mod mail;
mod poll;
mod routes;
mod seals;
mod settle;
mod sync;
mod taken;
mod tell;

pub use accept::AsyncRelay;
pub(crate) use accept::busy;
pub use deliver::{IN_FLIGHT_MAX, PATIENCE_DAYS_MAX, PUSH_WAIT_SECONDS_MAX};
pub use kept::{EXCHANGES, KeptExchange};
pub use letter::message_key;
pub use routes::{Member, Passage, RegisterPlace, Routes, RoutesError, SYSTEMS_MAX};
pub use sync::{QUESTION_WAIT_SECONDS_MAX, SyncRelay};

#[cfg(test)]
mod simulation;
