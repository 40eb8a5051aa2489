// SPDX-License-Identifier: MIT OR Apache-2.0
//! The press and the signature on its papers, judged by programs of other authors.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what is missing or wrong ends the test")]

mod pressing;
mod sample;
mod signing;
mod tools;
