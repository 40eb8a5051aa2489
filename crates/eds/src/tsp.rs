// SPDX-License-Identifier: MIT OR Apache-2.0
//! Time stamps (RFC 3161): requests made, answers taken, tokens judged.
//!
//! A stamp is believed when its imprint is the digest of the bytes stamped, its one signer's certificate is
//! critically and alone for stamping time, stands on a path to an installed root, and was in term and not revoked
//! when it stamped. Then what was stamped is judged for that time: a key that expired or was revoked later does not
//! undo an act. That the authority's own key may expire one day is met by stamping again in time ([`crate::Archive`]).
//!
//! Serial numbers and nonces of the national authority are negative; they are kept as the bytes of their INTEGER.

mod info;
mod request;
mod response;
mod timing;
mod verify;

pub use info::{Accuracy, Imprint, StampInfo};
pub use request::{Request, request};
pub use response::{StampFault, accept, token};
pub use verify::{info, verify_stamp};

pub(crate) use response::refusal;
pub(crate) use timing::{Inside, Sought, judge};
pub(crate) use verify::{Stamped, judge_token};

/// Bytes of a token or a response that are read.
pub const STAMP_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a nonce.
pub const NONCE_BYTES_MAX: usize = 32;
