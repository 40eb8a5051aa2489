// SPDX-License-Identifier: MIT OR Apache-2.0
//! The press: paper values to deterministic PDF/A.
//!
//! A [`PaperSpec`](service::paper_spec::PaperSpec) goes in, the bytes of a PDF/A-2a and PDF/UA-1 file come out,
//! ready to be signed by `eds::pades`. The typesetting engine runs on threads of its own and reads nothing but the
//! embedded template, the embedded fonts and the data of the paper.

mod desk;
mod error;
mod face;
mod fonts;
mod pool;
mod words;

pub use error::PressError;
pub use pool::{PRESS_THREADS_MAX, Press, WAITING_PAPERS_MAX};
