// SPDX-License-Identifier: MIT OR Apache-2.0
//! What both ends of an exchange need: keys, trust and a clock.

use crate::keys::Keys;
use crate::trust::TransportTrust;
use service::ports::Clock;
use std::sync::Arc;

/// The keys to sign with, the trust to check with, and the clock.
#[derive(Debug, Clone)]
pub struct Wire {
    /// Our keys.
    pub keys: Arc<Keys>,
    /// Whom we believe.
    pub trust: Arc<TransportTrust>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Wire {
    /// Returns one end of an exchange.
    pub fn new(keys: Arc<Keys>, trust: Arc<TransportTrust>, clock: Arc<dyn Clock>) -> Self {
        Self { keys, trust, clock }
    }
}
