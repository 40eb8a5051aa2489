// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulation language: parse, lint, explain, export.
//!
//! A regulation is one TOML file; [`model`] is what it becomes.
//!
//! ```text
//! file ── parse ──► Regulation ── lint ──► findings      check = parse + lint, with places in the file
//!                        └──► export (JSON of the traceability), explain (text for a lawyer)
//! two editions ── diff ──► steps, norms, documents, grounds that changed
//! golden outputs of scenarios ── Proof ──► coverage (procedures × ends), trace (clause → step → scenario)
//! ```

mod code;
pub mod coverage;
mod diagnostic;
mod diff;
mod explain;
mod export;
pub mod expr;
pub mod facts;
pub mod formula;
mod lang;
pub mod lint;
pub mod model;
mod names;
pub mod norm;
mod overlay;
mod parse;
mod place;
pub mod proof;
mod reading;
pub mod trace;

pub use code::Code;
pub use coverage::coverage;
pub use diagnostic::{Diagnostic, Severity, render};
pub use diff::diff;
pub use explain::{clause_words, explain};
pub use export::{Export, export};
pub use lang::Lang;
pub use lint::{Finding, lint, lint_against};
pub use names::ACTIONS;
pub use overlay::{Overlay, OverlayMistake};
pub use parse::{Checked, MAX_FILE_BYTES, check, has_errors, parse};
pub use place::{Kind, Place};
pub use proof::Proof;
pub use reading::{MAX_ENTRIES, MAX_ID_CHARS, MAX_TEXT_CHARS, fold_spaces};
pub use trace::trace;
