// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a decision may look at: values, never the world itself.

use crate::{body::Body, calendar::Calendar, rates::Rates};
use regulation::model::{Actor, Regulation, System};

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
    /// The rural akim's office that took the application in, if one did.
    pub akim: Option<&'a Body>,
    /// Rates of decisions.
    pub rates: &'a Rates,
    /// Which system this is: portal, center or region.
    pub here: System,
}

impl<'a> World<'a> {
    /// Returns the body in which an actor sits: in its hours his norms run, in it his seat must be.
    pub fn body_of(&self, actor: Actor) -> &'a Body {
        match actor {
            Actor::RuralAkimSpecialist | Actor::RuralAkim | Actor::RuralAkimExecutor => {
                self.akim.unwrap_or(self.body)
            }
            Actor::Applicant
            | Actor::Provider
            | Actor::ProviderOffice
            | Actor::ProviderHead
            | Actor::ProviderExecutor
            | Actor::CenterOperator
            | Actor::CenterCourier => self.body,
        }
    }
}
