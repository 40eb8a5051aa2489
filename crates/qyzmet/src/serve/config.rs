// SPDX-License-Identifier: MIT OR Apache-2.0
//! The configuration of one role: a file of TOML. Paths in it are counted from the file's own folder.

mod check;

use super::files::Files;
use super::lists::ListsConfig;
use crate::parts::StartError;
use crate::parts::settings::Reading;
use gateway::border::Form;
use gateway::{Addresses, Keys, NatsConfig, Peer, Routes, StampConfig, TlsFiles};
use regulation::model::System;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use service::published::PublishedForms;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Bytes of a configuration.
const CONFIG_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes of a certificate or a key.
pub(super) const KEY_BYTES_MAX: u64 = 1024 * 1024;
/// Peers that one role knows.
const PEERS_MAX: usize = 1_000;

/// What a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The citizen's portal.
    Portal,
    /// A one-stop-shop.
    Center,
    /// Workplaces of providers and rural akims.
    Region,
    /// The gateway between them.
    Gateway,
}

impl Role {
    /// Returns the system of the regulations that it is.
    pub const fn system(self) -> System {
        match self {
            Self::Portal => System::Portal,
            Self::Center => System::Center,
            Self::Region => System::Region,
            Self::Gateway => System::Gateway,
        }
    }
}

/// For whom the process works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real people: confirmed roots, TLS, nothing that is only assumed, no simulators.
    Production,
    /// Invented people.
    Development,
}

impl Mode {
    /// Returns what it means for roots and registers.
    pub const fn of_gateway(self) -> gateway::Mode {
        match self {
            Self::Production => gateway::Mode::Production,
            Self::Development => gateway::Mode::Development,
        }
    }
}

/// The configuration of a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The file that it was read from.
    #[serde(skip)]
    pub file: PathBuf,
    /// What the process is.
    pub role: Role,
    /// For whom it works.
    pub mode: Mode,
    /// Where its data lie.
    pub data: PathBuf,
    /// Address by which people reach its pages.
    #[serde(default)]
    pub base_url: String,
    /// Where pages are served; a proxy before it speaks TLS with people. The gateway has the administrator's alone.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// Addresses of the proxies before the pages, whose `X-Forwarded-For` says who stands behind them.
    #[serde(default)]
    pub proxies: BTreeSet<IpAddr>,
    /// Whether systems of others may have signatures judged here (`POST /api/eds/verify`).
    #[serde(default)]
    pub verify_for_others: bool,
    /// The one-stop-shop that a center is; the first that ships if absent.
    pub center: Option<String>,
    /// Organisations whose workplaces are here, for a region; all that ship if empty.
    #[serde(default)]
    pub organizations: BTreeSet<String>,
    /// Folder of what is added to what ships, as `qyzmet demo --add` takes it.
    pub add: Option<PathBuf>,
    /// What signs our messages.
    pub keys: KeyFiles,
    /// Folder of the installed roots (`qyzmet eds trust --dir`).
    pub roots: PathBuf,
    /// Where revocation and time stamps are asked.
    #[serde(default)]
    pub evidence: Addresses,
    /// Revocation lists that are kept here, so that a silent responder stops nothing.
    #[serde(default)]
    pub lists: ListsConfig,
    /// Where messages are taken.
    pub messages: Messages,
    /// With whom messages are exchanged.
    #[serde(default, rename = "peer")]
    pub peers: Vec<PeerConfig>,
    /// For a region: how applications of portals that know the published form only are understood.
    #[serde(default)]
    pub published: PublishedForms,
    /// For a gateway: the addresses of the endpoints that its routes name.
    #[serde(default)]
    pub addresses: BTreeMap<String, String>,
    /// For a gateway: who may send what, and where addressees and registers are.
    #[serde(default)]
    pub routes: Routes,
    /// Who signs the payloads of registers' answers, by the registers' ids; the gateway that brings them if absent.
    #[serde(default)]
    pub registers: BTreeMap<String, Peer>,
    /// Files that are too long for a message.
    #[serde(default)]
    pub files: Files,
    /// Stamps of organisations.
    #[serde(default, rename = "stamp")]
    pub stamps: Vec<StampConfig>,
    /// Archives stamped with time before this moment are stamped again: set it when an algorithm or an authority of time is
    /// given up, once stamps are made in another way.
    pub restamp_before: Option<jiff::Timestamp>,
    /// The list of accounts of officials and administrators ([`super::accounts`]); read again when it changes.
    pub accounts: Option<PathBuf>,
    /// Only in development: a file that holds by how many seconds the clock is wrong, looked at while the role runs.
    pub clock: Option<PathBuf>,
    /// Only in development: the invented people and officials get accounts, and the bodies the registers they kept.
    #[serde(default)]
    pub demo_accounts: bool,
}

/// What signs our messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFiles {
    /// Our id at the gateway.
    pub sender: String,
    /// The certificate, DER or PEM.
    pub certificate: PathBuf,
    /// The key, PKCS#8 DER.
    pub key: PathBuf,
}

/// Where messages are taken, and how connections are made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// The address.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// Mutual TLS, at our address and towards others; production demands it.
    pub tls: Option<TlsFiles>,
    /// Brokers over which messages go and come too, for addresses that begin with `nats:`.
    pub nats: Option<NatsConfig>,
}

/// A system with which messages are exchanged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerConfig {
    /// Its id as a sender.
    pub id: String,
    /// What it is.
    pub role: Role,
    /// Common name of the certificate that signs its messages.
    pub common_name: String,
    /// BIN of that certificate, where it is demanded.
    pub bin: Option<String>,
    /// Where it takes messages, without `/sync`, `/async` or `/client`; absent where a gateway carries them.
    pub url: Option<String>,
    /// Id of the gateway that carries messages to and from it.
    pub via: Option<String>,
    /// Who is addressed there, and of whose cases alone it may tell: ids of organisations; a portal or center is addressed by
    /// what it is.
    #[serde(default)]
    pub addressees: BTreeSet<String>,
    /// In what form a portal speaks; one that is none of ours knows the published one only, and is addressed by its own id.
    #[serde(default)]
    pub form: Form,
    /// Route id of messages to such a portal, where it has one.
    pub route: Option<String>,
}

impl PeerConfig {
    /// Returns whether it is a portal that knows the published form only.
    pub fn is_published(&self) -> bool {
        self.form == Form::Published
    }

    /// Returns who signs for it.
    pub fn signer(&self) -> Peer {
        Peer { bin: self.bin.clone(), common_name: Some(self.common_name.clone()) }
    }
}

impl Config {
    /// Reads a configuration.
    pub fn read(path: &Path) -> Result<Self, StartError> {
        let text = String::from_utf8(bytes(path, CONFIG_BYTES_MAX)?)
            .map_err(|_| StartError::Config(path.to_owned(), "the file is no text in UTF-8".to_owned()))?;
        let read: Self =
            toml::from_str(&text).map_err(|it| StartError::Config(path.to_owned(), it.to_string()))?;
        // A path of one word has no folder that could be looked at.
        let whole = std::path::absolute(path).map_err(|it| StartError::File(path.to_owned(), it))?;
        let mut read = read.under(whole.parent().unwrap_or(&whole));
        path.clone_into(&mut read.file);
        read.check().map_err(|it| StartError::Config(path.to_owned(), it))?;
        Ok(read)
    }

    /// Counts every path from this folder.
    fn under(mut self, folder: &Path) -> Self {
        let mut paths: Vec<&mut PathBuf> =
            vec![&mut self.data, &mut self.roots, &mut self.keys.certificate, &mut self.keys.key];
        paths.extend(self.add.iter_mut().chain(self.clock.iter_mut()));
        paths.extend(self.lists.paths_mut());
        paths.extend(self.accounts.as_mut());
        paths.extend(self.files.folder.as_mut());
        if let Some(tls) = &mut self.messages.tls {
            paths.extend(tls.certificates.iter_mut().chain(tls.roots.iter_mut()));
            paths.push(&mut tls.key);
        }
        paths.extend(self.messages.nats.iter_mut().flat_map(NatsConfig::paths_mut));
        paths.extend(self.stamps.iter_mut().flat_map(StampConfig::paths_mut));
        for path in paths {
            *path = folder.join(&path);
        }
        self
    }

    /// Returns what is read besides what ships, and how.
    pub fn reading(&self) -> Reading {
        let development = self.mode == Mode::Development;
        Reading {
            add: self.add.clone(),
            confirmed_only: !development,
            base_url: self.base_url.clone(),
            restamp_before: self.restamp_before,
            demo: development,
        }
    }

    /// Returns the peer of that id, if it is a gateway.
    pub fn gateway(&self, id: &str) -> Option<&PeerConfig> {
        self.peers.iter().find(|it| it.id == id && it.role == Role::Gateway)
    }

    /// Returns the first gateway.
    pub fn first_gateway(&self) -> Option<&PeerConfig> {
        self.peers.iter().find(|it| it.role == Role::Gateway)
    }

    /// Returns the gateway whose temporary storage takes our long files; a gateway has its own.
    pub fn storage(&self) -> Option<&PeerConfig> {
        match (&self.files.gateway, self.role) {
            (_, Role::Gateway) => None,
            (Some(id), _) => self.gateway(id),
            (None, _) => self.first_gateway(),
        }
    }

    /// Returns the folder of the temporary storage that a gateway is.
    pub fn storage_folder(&self) -> PathBuf {
        self.files.folder.clone().unwrap_or_else(|| self.data.join("files"))
    }

    /// Returns the keys that sign our messages.
    pub fn own_keys(&self) -> Result<Keys, StartError> {
        let files = &self.keys;
        let (certificate, key) =
            (bytes(&files.certificate, KEY_BYTES_MAX)?, bytes(&files.key, KEY_BYTES_MAX)?);
        Keys::new(&files.sender, &certificate, &key).map_err(|it| StartError::Keys(files.key.clone(), it))
    }
}

/// Reads an address to listen at; the standard library does not say what one looks like.
fn address<'de, D: Deserializer<'de>>(read: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(read)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!(
            "`{text}` is no address to listen at: write IP:PORT, such as 127.0.0.1:8080"
        ))
    })
}

/// Reads a file of at most so many bytes.
pub(super) fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, StartError> {
    let failed = |it| StartError::File(path.to_owned(), it);
    if std::fs::metadata(path).map_err(failed)?.len() > most {
        return Err(StartError::Config(path.to_owned(), format!("the file is longer than {most} bytes")));
    }
    std::fs::read(path).map_err(failed)
}
