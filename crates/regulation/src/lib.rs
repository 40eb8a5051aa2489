// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulation language: parse, lint, explain, export.
//!
//! A regulation is one TOML file; [`model`] is what it becomes.

pub mod expr;
pub mod model;
mod names;
pub mod norm;

pub use names::ACTIONS;
