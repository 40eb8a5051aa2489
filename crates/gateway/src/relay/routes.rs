// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may send what, and where addressees are: plain data of the configuration.

use crate::trust::Peer;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most systems at one gateway.
pub const SYSTEMS_MAX: usize = 4_096;

/// The gateway's registers of systems, of interactions and of addressees.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Routes {
    /// Systems by their sender ids.
    pub systems: BTreeMap<String, Member>,
    /// Asynchronous services by their ids.
    pub services: BTreeMap<String, Passage>,
    /// Synchronous services by their ids.
    pub registers: BTreeMap<String, RegisterPlace>,
    /// The systems of addressees: by the route id of a message, such as `portal` or an organisation's id.
    pub addressees: BTreeMap<String, String>,
    /// Territory codes of organisations, by the organisations' ids.
    pub organizations: BTreeMap<String, String>,
    /// The systems of territories, by how their codes begin; the longest beginning counts.
    pub territories: BTreeMap<String, String>,
}

/// A system at the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Member {
    /// Who signs the bodies of its messages.
    pub peer: Peer,
    /// Who signs the payloads, where that is somebody else.
    pub payload: Option<Peer>,
    /// Its client port at the transport; a system without one polls by `getMessages`.
    pub endpoint: Option<String>,
    /// Whether it is told by `changeMassageStatusNotification` what became of its messages.
    pub notices: bool,
}

/// An asynchronous service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Passage {
    /// The systems that may send by it.
    pub senders: BTreeSet<String>,
    /// The system that gets what names no route.
    pub to: Option<String>,
}

/// A synchronous service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegisterPlace {
    /// The systems that may ask.
    pub senders: BTreeSet<String>,
    /// The register's endpoint at the transport.
    pub endpoint: String,
    /// Who signs the bodies of its answers.
    pub peer: Peer,
    /// Who signs the payloads, where that is somebody else.
    pub payload: Option<Peer>,
}

/// Why routes are of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoutesError {
    /// A name that stands for no system.
    #[error("{place} names `{system}`, and there is no such system")]
    UnknownSystem {
        /// Where.
        place: String,
        /// The name.
        system: String,
    },
    /// Too many systems.
    #[error("there are more than {SYSTEMS_MAX} systems")]
    TooMany,
}

impl Member {
    /// Returns who signs its payloads.
    pub(crate) fn payload(&self) -> &Peer {
        self.payload.as_ref().unwrap_or(&self.peer)
    }
}

impl RegisterPlace {
    /// Returns who signs its payloads.
    pub(super) fn payload(&self) -> &Peer {
        self.payload.as_ref().unwrap_or(&self.peer)
    }
}

impl Routes {
    /// Returns whose signatures are taken, and the places that say so.
    pub fn signers(&self) -> impl Iterator<Item = (String, &Peer)> {
        let systems = self.systems.iter().map(|(id, it)| (format!("systems.{id}"), &it.peer, &it.payload));
        let registers = self.registers.iter();
        let registers = registers.map(|(id, it)| (format!("registers.{id}"), &it.peer, &it.payload));
        systems.chain(registers).flat_map(|(place, peer, payload)| {
            let payload = payload.iter().map(|it| ("payload", it));
            let named: Vec<_> = std::iter::once(("peer", peer)).chain(payload).collect();
            named.into_iter().map(move |(key, it)| (format!("[routes.{place}] {key}"), it))
        })
    }

    /// Finds the first name that stands for no system.
    pub fn check(&self) -> Result<(), RoutesError> {
        if self.systems.len() > SYSTEMS_MAX {
            return Err(RoutesError::TooMany);
        }
        let senders = self.services.iter().flat_map(|(id, it)| it.senders.iter().map(move |to| (id, to)));
        let askers = self.registers.iter().flat_map(|(id, it)| it.senders.iter().map(move |to| (id, to)));
        let fixed = self.services.iter().filter_map(|(id, it)| Some((id, it.to.as_ref()?)));
        let named = senders.chain(askers).chain(fixed).chain(&self.addressees).chain(&self.territories);
        for (place, system) in named {
            if !self.systems.contains_key(system) {
                return Err(RoutesError::UnknownSystem { place: place.clone(), system: system.clone() });
            }
        }
        Ok(())
    }

    /// Returns the system that a message of a service is for, and its entry.
    pub(super) fn addressee(&self, service: &str, route: Option<&str>) -> Option<(&str, &Member)> {
        let to = match route {
            Some(route) => self.by_route(route)?,
            None => self.services.get(service)?.to.as_deref()?,
        };
        Some((to, self.systems.get(to)?))
    }

    /// An addressee by name, an organisation by its territory, a territory by its code.
    fn by_route(&self, route: &str) -> Option<&str> {
        if let Some(system) = self.addressees.get(route) {
            return Some(system);
        }
        let code = self.organizations.get(route).map_or(route, String::as_str);
        let fits = self.territories.iter().filter(|(beginning, _)| code.starts_with(beginning.as_str()));
        fits.max_by_key(|(beginning, _)| beginning.len()).map(|(_, system)| system.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        let text = r#"{
            "systems": {"portal": {"notices": true}, "abai": {"endpoint": "abai"}, "oblast": {"endpoint": "oblast"}},
            "services": {"s": {"senders": ["portal"], "to": "oblast"}},
            "addressees": {"portal": "portal"},
            "organizations": {"abai-education": "353200000"},
            "territories": {"35": "oblast", "3532": "abai"}
        }"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_longest_beginning_of_a_territory_code_counts() {
        let routes = routes();
        let to = |route| routes.addressee("s", route).map(|it| it.0);
        assert_eq!(to(Some("abai-education")), Some("abai"));
        assert_eq!(to(Some("353200001")), Some("abai"));
        assert_eq!(to(Some("351000000")), Some("oblast"));
        assert_eq!(to(Some("portal")), Some("portal"));
        assert_eq!(to(None), Some("oblast"));
        assert_eq!(to(Some("nobody")), None);
        assert_eq!(routes.check(), Ok(()));
    }

    #[test]
    fn each_place_is_told_that_says_whose_signatures_are_taken() {
        let mut routes = routes();
        let carried = RegisterPlace { payload: Some(Peer::default()), ..RegisterPlace::default() };
        routes.registers.insert("S".to_owned(), carried);
        let places: Vec<String> = routes.signers().map(|it| it.0).collect();
        let systems = ["abai", "oblast", "portal"].map(|it| format!("[routes.systems.{it}] peer"));
        let register = ["peer", "payload"].map(|it| format!("[routes.registers.S] {it}"));
        assert_eq!(places, [&systems[..], &register[..]].concat());
        assert!(routes.signers().all(|it| it.1.names_nobody()));
    }

    #[test]
    fn a_name_without_a_system_is_found_before_anything_is_sent() {
        let mut routes = routes();
        routes.territories.insert("63".to_owned(), "semey".to_owned());
        let wrong = RoutesError::UnknownSystem { place: "63".to_owned(), system: "semey".to_owned() };
        assert_eq!(routes.check(), Err(wrong));
    }
}
