// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which list it is, among the lists of its authority.

use jiff::Timestamp;

use super::Number;
use crate::certificate::{Certificate, hex};

/// When a list was made, until when it holds, and its place among the lists of its authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edition {
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) number: Option<Number>,
    /// The number from which a list of changes counts; present in lists of changes alone.
    pub(crate) base: Option<Number>,
    /// Since when certificates that ended stay on it (X.509, `expiredCertsOnCRL`).
    pub(crate) remembers: Option<Timestamp>,
    /// Addresses of the one point whose certificates the list covers; of all where it names none.
    pub(crate) points: Vec<String>,
    /// SHA-256 of the list.
    pub(crate) sha256: [u8; 32],
}

impl Edition {
    /// Returns whether a list of these changes may be laid over the full list `full` (RFC 5280, 5.2.4).
    pub(crate) fn changes(&self, full: &Self) -> bool {
        match (&self.base, &self.number, &full.number) {
            (Some(base), Some(own), Some(number)) => {
                base <= number && number < own && self.points == full.points
            }
            _ => false,
        }
    }

    /// Returns whether a list of this number holds what the other one says.
    pub(super) fn took_in(&self, other: &Self) -> bool {
        match (&self.number, &other.number) {
            (Some(own), Some(number)) => own >= number && self.points == other.points,
            _ => false,
        }
    }

    /// Returns whether the list is of a point that the certificate names as its own (RFC 5280, 6.3.3 (b) (2) (i)).
    pub(super) fn covers(&self, certificate: &Certificate) -> bool {
        let own = certificate.extensions();
        let is_named = |it: &String| {
            own.crl_urls.contains(it) || (self.base.is_some() && own.delta_crl_urls.contains(it))
        };
        self.points.is_empty() || self.points.iter().any(is_named)
    }

    /// Returns the list by number and hash, for the record.
    pub(super) fn proof(&self) -> String {
        let number = self.number.as_ref().map_or_else(|| "-".to_owned(), Number::hex);
        format!("crl number {number}, {}, sha256 {}", self.this_update, hex(&self.sha256))
    }
}
