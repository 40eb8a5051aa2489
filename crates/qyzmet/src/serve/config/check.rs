// SPDX-License-Identifier: MIT OR Apache-2.0
//! What cannot be in a configuration: told with the key and what to write, before anything is opened.

use super::{Config, Mode, PEERS_MAX, PeerConfig, Role};
use crate::serve::{NATS, addresses};
use gateway::Peer;
use service::published::PublishedForms;

/// Digits of the number of an organisation.
const BIN_DIGITS: usize = 12;

impl Config {
    /// Says what cannot be.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.peers.len() > PEERS_MAX {
            return Err(format!("there are more than {PEERS_MAX} peers"));
        }
        if self.mode == Mode::Production {
            self.check_production()?;
        }
        let mut all = self.peers.iter().filter_map(|it| it.url.as_ref()).chain(self.addresses.values());
        if self.messages.nats.is_none() && all.any(|it| it.starts_with(NATS)) {
            return Err("an address begins with `nats:` and there is no `[messages.nats]`".to_owned());
        }
        self.lists.check(&self.evidence)?;
        self.check_routes().map_err(|it| format!("[routes]: {it}"))?;
        self.files.check(self).map_err(|it| format!("[files]: {it}"))?;
        if self.role != Role::Gateway && self.first_gateway().is_none() {
            return Err(
                "there is no `[[peer]]` with `role = \"gateway\"`: registers cannot be asked".to_owned()
            );
        }
        self.peers.iter().try_for_each(|it| self.check_peer(it))?;
        self.check_published()?;
        self.check_signers()
    }

    /// Says whose signatures are not told apart from others': any system has a key under the same roots.
    fn check_signers(&self) -> Result<(), String> {
        let routes = self.routes.signers().map(|(place, it)| (place, it.clone()));
        let registers = self.registers.iter().map(|(id, it)| (format!("[registers.{id}]"), it.clone()));
        let peers: Vec<_> = self.peers.iter().map(|it| (format!("peer `{}`", it.id), it.signer())).collect();
        let mut all = peers.iter().cloned().chain(routes).chain(registers);
        all.try_for_each(|(place, it)| self.check_signer(&place, &it))?;
        // Registers may share a signer: one owner keeps several.
        let systems = self.routes.systems.iter();
        let systems: Vec<_> = systems.map(|(id, it)| (format!("system `{id}`"), it.peer.clone())).collect();
        check_apart(&peers)?;
        check_apart(&systems).map_err(|it| format!("[routes]: {it}"))
    }

    fn check_signer(&self, place: &str, signer: &Peer) -> Result<(), String> {
        if signer.names_nobody() {
            return Err(format!(
                "{place} names nobody, so anybody's key would do: write the `bin` and the `common_name` of the certificate that signs"
            ));
        }
        if signer.common_name.is_none() {
            return Err(format!(
                "{place} has no `common_name`: by the `bin` alone everybody's key of that organisation would do, write that of the certificate that signs"
            ));
        }
        match &signer.bin {
            Some(bin) if bin.len() != BIN_DIGITS || !bin.bytes().all(|it| it.is_ascii_digit()) => {
                Err(format!("{place}: `bin` is `{bin}`, and a BIN is {BIN_DIGITS} digits"))
            }
            // The authority proves the BIN; the common name is whatever the applicant calls his system.
            None if self.mode == Mode::Production => Err(format!(
                "{place} has no `bin`: production demands that of the certificate that signs, for anybody may call his system so"
            )),
            Some(_) | None => Ok(()),
        }
    }

    fn check_peer(&self, peer: &PeerConfig) -> Result<(), String> {
        let id = &peer.id;
        if self.peers.iter().filter(|it| it.id == *id).count() > 1 {
            return Err(format!("two peers have the id `{id}`"));
        }
        match (&peer.url, &peer.via) {
            (Some(_), Some(_)) => {
                Err(format!("peer `{id}` has both `url` and `via`; a gateway carries or it does not"))
            }
            (None, _) if peer.role == Role::Gateway => Err(format!(
                "gateway `{id}` has no `url`: write where it takes messages, without `/sync` or `/async`"
            )),
            (None, Some(via)) if self.gateway(via).is_none() => {
                Err(format!("peer `{id}` is reached via `{via}`, which is no peer with `role = \"gateway\"`"))
            }
            (None, None) => Err(format!(
                "peer `{id}` has neither `url` nor `via`: write where it takes messages, or which gateway carries them"
            )),
            (Some(_), None) | (None, Some(_)) => Ok(()),
        }
    }

    /// Says what cannot be of portals that know the published form only.
    fn check_published(&self) -> Result<(), String> {
        self.peers.iter().try_for_each(|it| self.check_form(it))?;
        let peer = self.peers.iter().find(|it| it.is_published());
        match peer {
            Some(peer) if self.published.services.is_empty() => Err(format!(
                "peer `{}` has `form = \"published\"` and no table says what its codes mean: write `[published.services.\"CODE\"]`",
                peer.id
            )),
            None if self.published != PublishedForms::default() => Err(
                "`[published]` is of no peer: write `form = \"published\"` at the portal that it is of, or take it out"
                    .to_owned(),
            ),
            Some(_) | None => Ok(()),
        }
    }

    fn check_form(&self, peer: &PeerConfig) -> Result<(), String> {
        let id = &peer.id;
        if !peer.is_published() {
            return match peer.route {
                Some(_) => Err(format!(
                    "peer `{id}` has a `route`, which only messages to a portal with `form = \"published\"` have: take it out"
                )),
                None => Ok(()),
            };
        }
        if self.role != Role::Region {
            return Err(format!(
                "peer `{id}` has `form = \"published\"`: only a region takes applications from such a portal, take `form` out"
            ));
        }
        if peer.role != Role::Portal {
            return Err(format!(
                "peer `{id}` has `form = \"published\"`: write `role = \"portal\"`, or take `form` out"
            ));
        }
        let ours = |it: &PeerConfig| !it.is_published() && it.role.system().as_str() == id;
        if self.peers.iter().any(ours) {
            return Err(format!(
                "peer `{id}` has `form = \"published\"` and is addressed by its id, by which our own `{id}` is addressed: it sends under another id"
            ));
        }
        Ok(())
    }

    /// Says which name of the routes stands for no system, and which endpoint has no address.
    fn check_routes(&self) -> Result<(), String> {
        let routes = &self.routes;
        routes.check().map_err(|it| it.to_string())?;
        let systems = routes.systems.iter();
        let systems = systems.filter_map(|(id, it)| Some((format!("system `{id}`"), it.endpoint.as_ref()?)));
        let registers = routes.registers.iter().map(|(id, it)| (format!("register `{id}`"), &it.endpoint));
        let addresses = addresses(self);
        match systems.chain(registers).find(|(_, endpoint)| !addresses.contains_key(*endpoint)) {
            Some((whose, endpoint)) => Err(format!(
                "{whose} is at the endpoint `{endpoint}`, which has no address: write `\"{endpoint}\" = \"URL\"` in `[addresses]`"
            )),
            None => Ok(()),
        }
    }

    fn check_production(&self) -> Result<(), String> {
        if self.demo_accounts {
            return Err("`demo_accounts` is for development: its passwords are printed in the documentation"
                .to_owned());
        }
        if self.clock.is_some() {
            return Err("`clock` is for development: production keeps the time of its machine".to_owned());
        }
        if self.messages.tls.is_none() {
            return Err("production takes messages only under TLS: fill `[messages.tls]`".to_owned());
        }
        if let Some(stamp) = self.stamps.iter().find(|it| it.key.is_some()) {
            let whose = &stamp.organization;
            return Err(format!("the stamp of `{whose}`: production keeps its key in `pkcs12` or `pkcs11`"));
        }
        if self.messages.nats.as_ref().is_some_and(|it| it.tls.is_none()) {
            return Err("production uses brokers only under TLS: fill `[messages.nats.tls]`".to_owned());
        }
        self.check_secured()
    }

    /// Says which address anybody on the way could listen at.
    fn check_secured(&self) -> Result<(), String> {
        let peers = self.peers.iter().filter_map(|it| Some((format!("peer `{}`", it.id), it.url.as_ref()?)));
        let named = self.addresses.iter().map(|(endpoint, url)| (format!("[addresses] `{endpoint}`"), url));
        let open = |url: &str| !url.starts_with("https://") && !url.starts_with(NATS);
        match peers.chain(named).find(|it| open(it.1)) {
            Some((whose, _)) => Err(format!(
                "{whose}: production sends messages only to https addresses, or over NATS under TLS: begin it with `https://` or `nats:`"
            )),
            None => Ok(()),
        }
    }
}

/// Says which two of these systems one certificate could be of: either could speak as the other.
fn check_apart(systems: &[(String, Peer)]) -> Result<(), String> {
    let mut pairs =
        systems.iter().enumerate().flat_map(|(at, one)| systems.iter().skip(at + 1).map(move |it| (one, it)));
    match pairs.find(|(one, other)| fit_one_certificate(&one.1, &other.1)) {
        Some(((one, _), (other, _))) => Err(format!(
            "{one} and {other} are named alike, so either could sign as the other: write for each the `bin` and the `common_name` of its own certificate"
        )),
        None => Ok(()),
    }
}

/// Returns whether a certificate could have the names of both.
fn fit_one_certificate(one: &Peer, other: &Peer) -> bool {
    let agree = |one: Option<&str>, other: Option<&str>| one.is_none() || other.is_none() || one == other;
    agree(one.bin.as_deref(), other.bin.as_deref())
        && agree(one.common_name.as_deref(), other.common_name.as_deref())
}
