// SPDX-License-Identifier: MIT OR Apache-2.0
//! The engine against the real regulation, calendar and organisations.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]

mod ages;
mod border;
mod calculation;
mod calendar;
mod media;
mod norms;
mod office;
mod properties;
mod request;
mod result_form;
mod sent;
