// SPDX-License-Identifier: MIT OR Apache-2.0
//! Invented people, simulated registers and the development certificate authority.

pub mod ca;
pub mod faults;
pub mod people;
pub mod registers;

pub use faults::Faults;
pub use people::People;
pub use registers::{GbdFl, Identity, Records, Register, Rows, Switch};
