// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a decision may look at: values, never the world itself.

use crate::{body::Body, calendar::Calendar};
use regulation::model::{Regulation, System};

/// What [`crate::decide()`] may look at.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The regulation under which the case was opened.
    pub regulation: &'a Regulation,
    /// Days off.
    pub calendar: &'a Calendar,
    /// The organisation that acts here: the provider at the region, the branch at the center; at the portal the provider.
    /// Norms of people's parts run in its hours; officials must sit in it.
    pub body: &'a Body,
    /// The provider that is asked: the terms of the service run in its hours. At the region and portal the same as `body`.
    pub provider: &'a Body,
    /// Which system this is: portal, center or region.
    pub here: System,
}
