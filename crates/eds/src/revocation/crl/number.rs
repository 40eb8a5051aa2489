// SPDX-License-Identifier: MIT OR Apache-2.0
//! Numbers of lists: as long as their authority likes.

use std::cmp::Ordering;

use super::Unusable;
use crate::asn1::{Element, INTEGER};
use crate::certificate::hex;

/// A number of a list: big-endian, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Number(pub(crate) Vec<u8>);

impl Number {
    pub(super) fn parse(value: &[u8]) -> Result<Self, Unusable> {
        let digits = Element::parse(value)?.expect(INTEGER)?.value;
        if digits.is_empty() || digits.len() > 21 || digits.first().is_some_and(|first| *first >= 0x80) {
            return Err(Unusable::Malformed);
        }
        Ok(Self(digits.iter().copied().skip_while(|digit| *digit == 0).collect()))
    }

    pub(crate) fn hex(&self) -> String {
        if self.0.is_empty() { "0".to_owned() } else { hex(&self.0) }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
