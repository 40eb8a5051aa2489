// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulation language: parse, lint, explain, export.
//!
//! A regulation is one TOML file; [`model`] is what it becomes.

pub mod model;
