// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stored format of events: explicit, versioned, chained by hashes, personal parts sealed.
//!
//! Cases are here; [`account`], [`access`] and [`register`] are the other streams.
//!
//! A stored event never changes; a new format gets a new number and the old one stays readable.

pub mod access;
pub mod account;
mod decode;
mod encode;
pub mod register;

pub use decode::decode;
pub use encode::{Encoded, encode};

use crate::ports::store::StoredEvent;
use aws_lc_rs::digest::{Context, SHA256};

/// The format that is written now.
pub const FORMAT: u16 = 1;

/// Why a stored event cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// No such kind or format.
    #[error("events of kind `{0}` format {1} are not known to this release")]
    Unknown(String, u16),
    /// The open part lacks something.
    #[error("an event of kind `{0}` cannot be read: {1}")]
    Broken(String, String),
}

/// Returns the hash of an event: over everything in it but the hash itself; the sealed part as ciphertext.
pub fn hash_of(event: &StoredEvent) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    let mut part = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    };
    part(b"qyzmet-event");
    part(event.stream.0.as_bytes());
    part(&event.version.to_be_bytes());
    part(event.at.to_string().as_bytes());
    part(event.kind.as_bytes());
    part(&event.format.to_be_bytes());
    part(&event.public);
    let sealed = event.private.as_ref();
    part(sealed.map_or(b"", |it| it.key.as_bytes()));
    part(sealed.map_or(b"", |it| &it.bytes));
    part(&event.previous);
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

#[cfg(test)]
mod tests;
