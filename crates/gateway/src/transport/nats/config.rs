// SPDX-License-Identifier: MIT OR Apache-2.0
//! How the broker is reached, and the bounds of what it keeps.

use super::key::Kind;
use crate::relay::QUESTION_WAIT_SECONDS_MAX;
use crate::tls::{TlsError, TlsFiles};
use crate::transport::ANSWER_WAIT_SECONDS_MAX;
use async_nats::jetstream::stream::{self, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::{ConnectOptions, Event};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The most nodes that are named.
const SERVERS_MAX: usize = 32;
/// Bytes of a file with credentials.
const CREDENTIALS_BYTES_MAX: u64 = 64 * 1024;
/// The longest pause between two tries to connect.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(5);
/// How often a silent connection is tried.
const PING: Duration = Duration::from_secs(10);

/// How the broker is reached. Secrets lie in files, never here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NatsConfig {
    /// The nodes, `nats://host:4222` or `tls://host:4222`; others of the cluster are learnt from them.
    pub servers: Vec<String>,
    /// What all subjects begin with, and the names of the streams; one word of small letters, digits and `-`.
    pub prefix: String,
    /// How many nodes hold each message: 1, or 3 (or 5) in a cluster.
    pub replicas: usize,
    /// Mutual TLS; without it only `nats://` is spoken.
    pub tls: Option<TlsFiles>,
    /// A file of credentials of the broker's own kind (`.creds`).
    pub credentials: Option<PathBuf>,
    /// A name and a password.
    pub login: Option<NatsLogin>,
    /// A file that holds the seed of an nkey in its first line.
    pub nkey: Option<PathBuf>,
    /// Bounds.
    pub limits: NatsLimits,
}

/// A name and a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsLogin {
    /// The name.
    pub user: String,
    /// The file that holds the password in its first line.
    pub password_file: PathBuf,
}

/// Bounds of exchanges and of what the broker keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NatsLimits {
    /// How long one exchange may take, with the wait for its receipt.
    pub exchange_seconds: u64,
    /// How long a question and its answer may take, at both ends: longer than the gateway waits for a register, and shorter
    /// than who asks waits.
    pub question_seconds: u64,
    /// How long one step of it may take: reaching a node, a question to the broker.
    pub step_seconds: u64,
    /// How long an endpoint may take over one message.
    pub handle_seconds: u64,
    /// How long the broker may give an endpoint nothing, not even a sign of life, while its stream answers, before the
    /// endpoint's consumer is made anew.
    pub silent_seconds: u64,
    /// Messages that an endpoint handles at once.
    pub at_once: usize,
    /// How often one message is given to an endpoint before it is left to the sender's next try; a question once.
    pub deliveries: i64,
    /// Within how many seconds the same message is known again.
    pub duplicate_seconds: u64,
    /// How long a message waits for its endpoint, in hours.
    pub request_hours: u64,
    /// How long a receipt can be found again, in hours.
    pub receipt_hours: u64,
    /// Bytes of all messages that wait; one more is refused and stays with its sender.
    pub request_bytes: i64,
    /// Bytes of all receipts; the oldest give way.
    pub receipt_bytes: i64,
    /// Bytes of one message.
    pub message_bytes: i32,
}

impl Default for NatsConfig {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            prefix: "qyzmet".to_owned(),
            replicas: 1,
            tls: None,
            credentials: None,
            login: None,
            nkey: None,
            limits: NatsLimits::default(),
        }
    }
}

impl Default for NatsLimits {
    fn default() -> Self {
        Self {
            exchange_seconds: 45,
            question_seconds: 55,
            step_seconds: 5,
            handle_seconds: 30,
            silent_seconds: 60,
            at_once: 64,
            deliveries: 20,
            duplicate_seconds: 120,
            request_hours: 7 * 24,
            receipt_hours: 7 * 24,
            request_bytes: 1024 * 1024 * 1024,
            receipt_bytes: 1024 * 1024 * 1024,
            message_bytes: 17 * 1024 * 1024,
        }
    }
}

/// Why the broker cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NatsError {
    /// The configuration says what cannot be.
    #[error("{0}")]
    Config(&'static str),
    /// A file cannot be read.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// A file holds no credentials.
    #[error("{path} holds no credentials", path = .0.display())]
    Credentials(PathBuf),
    /// TLS cannot be had.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The broker does not take the connection.
    #[error("the broker: {0}")]
    Refused(String),
    /// The broker knows neither these credentials nor this certificate.
    #[error("the broker refuses our credentials")]
    Unauthorised,
    /// One side does not believe the other's certificate, or one speaks TLS and the other does not.
    #[error("no TLS with the broker: {0}")]
    NoTls(String),
}

impl NatsLimits {
    pub(super) const fn exchange(&self, kind: Kind) -> Duration {
        match kind {
            Kind::Message => Duration::from_secs(self.exchange_seconds),
            Kind::Question => Duration::from_secs(self.question_seconds),
        }
    }

    pub(super) const fn step(&self) -> Duration {
        Duration::from_secs(self.step_seconds)
    }

    pub(super) const fn handle(&self, kind: Kind) -> Duration {
        match kind {
            Kind::Message => Duration::from_secs(self.handle_seconds),
            Kind::Question => Duration::from_secs(self.question_seconds),
        }
    }

    /// How often a message is handled.
    pub(super) const fn deliveries(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Message => self.deliveries,
            Kind::Question => 1,
        }
    }

    pub(super) const fn silent(&self) -> Duration {
        Duration::from_secs(self.silent_seconds)
    }

    /// How long a message is left alone after it was given to an endpoint: handling, and laying down the receipt.
    pub(super) fn alone(&self, kind: Kind) -> Duration {
        self.handle(kind) + Duration::from_secs(RECEIPT_STEPS * self.step_seconds)
    }

    /// Says whether a question has the time that a register may take, and ends before who asks gives up.
    const fn asks_in_time(&self) -> bool {
        QUESTION_WAIT_SECONDS_MAX < self.question_seconds && self.question_seconds < ANSWER_WAIT_SECONDS_MAX
    }
}

/// Tells what happens to the connection, and the same again and again only once.
fn news() -> impl Fn(Event) -> std::future::Ready<()> + Send + Sync + 'static {
    let last = Mutex::new(String::new());
    move |event| {
        let told = event.to_string();
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != told {
            tracing::info!(event = told, "the broker");
            *last = told;
        }
        std::future::ready(())
    }
}

/// In how many steps a receipt is laid down at the latest.
const RECEIPT_STEPS: u64 = 4;

impl NatsConfig {
    /// Checks the bounds.
    pub(super) fn check(self) -> Result<Self, NatsError> {
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        let limits = &self.limits;
        let positive =
            [limits.exchange_seconds, limits.step_seconds, limits.handle_seconds, limits.silent_seconds];
        let hours = [limits.duplicate_seconds, limits.request_hours, limits.receipt_hours];
        let wrong = if self.servers.is_empty() || self.servers.len() > SERVERS_MAX {
            "`servers` names no node, or more than 32"
        } else if self.prefix.is_empty() || self.prefix.len() > 32 || !self.prefix.chars().all(plain) {
            "`prefix` is not one word of at most 32 small letters, digits and `-`"
        } else if ![1, 3, 5].contains(&self.replicas) {
            "`replicas` is not 1, 3 or 5"
        } else if positive.iter().any(|it| !(1..=600).contains(it)) {
            "`exchange_seconds`, `step_seconds`, `handle_seconds` and `silent_seconds` are 1 to 600"
        } else if !limits.asks_in_time() {
            "`question_seconds` is 46 to 59: the gateway waits 45 for a register, and who asks waits 60"
        } else if hours.iter().any(|it| !(1..=8_760).contains(it)) {
            "`duplicate_seconds`, `request_hours` and `receipt_hours` are 1 to 8760"
        } else if limits.duplicate_seconds > limits.request_hours.min(limits.receipt_hours) * 3_600 {
            "`duplicate_seconds` is longer than messages are kept"
        } else if !(1..=10_000).contains(&limits.at_once) || !(1..=1_000).contains(&limits.deliveries) {
            "`at_once` is 1 to 10000 and `deliveries` 1 to 1000"
        } else if limits.request_bytes < 1 || limits.receipt_bytes < 1 || limits.message_bytes < 1 {
            "a number of bytes is not positive"
        } else if self.tls.is_none() && self.servers.iter().any(|it| it.starts_with("tls")) {
            "a node is to be reached by TLS, and `tls` is missing"
        } else if [self.credentials.is_some(), self.login.is_some(), self.nkey.is_some()]
            .iter()
            .filter(|it| **it)
            .count()
            > 1
        {
            "`credentials`, `login` and `nkey`: one of them at most"
        } else {
            return Ok(self);
        };
        Err(NatsError::Config(wrong))
    }

    /// Returns how to connect again and again, for ever.
    pub(super) fn options(&self) -> Result<ConnectOptions, NatsError> {
        Ok(self.options_once()?.retry_on_initial_connect())
    }

    /// Returns how to connect, the first time once.
    pub(super) fn options_once(&self) -> Result<ConnectOptions, NatsError> {
        let mut options = ConnectOptions::new()
            .name("qyzmet")
            .connection_timeout(self.limits.step())
            .request_timeout(Some(self.limits.step()))
            .ping_interval(PING)
            .reconnect_delay_callback(|tries| {
                let tries = u32::try_from(tries).unwrap_or(u32::MAX).min(10);
                (Duration::from_millis(20) * 2_u32.pow(tries)).min(RECONNECT_PAUSE_MAX)
            })
            .event_callback(news());
        if let Some(tls) = &self.tls {
            options = options.require_tls(true).tls_client_config(tls.client()?);
        }
        if let Some(path) = &self.credentials {
            let text = read(path)?;
            options = options.credentials(&text).map_err(|_| NatsError::Credentials(path.clone()))?;
        }
        if let Some(login) = &self.login {
            options = options.user_and_password(login.user.clone(), first_line(&login.password_file)?);
        }
        if let Some(path) = &self.nkey {
            options = options.nkey(first_line(path)?);
        }
        Ok(options)
    }

    /// Returns the files that it names, to be counted from another folder.
    pub fn paths_mut(&mut self) -> Vec<&mut PathBuf> {
        let mut paths: Vec<&mut PathBuf> = self.credentials.iter_mut().chain(self.nkey.iter_mut()).collect();
        paths.extend(self.login.as_mut().map(|it| &mut it.password_file));
        if let Some(tls) = &mut self.tls {
            paths.extend(tls.certificates.iter_mut().chain(tls.roots.iter_mut()));
            paths.push(&mut tls.key);
        }
        paths
    }

    pub(super) fn requests(&self) -> String {
        format!("{}-requests", self.prefix)
    }

    pub(super) fn receipts(&self) -> String {
        format!("{}-receipts", self.prefix)
    }

    /// Messages on their way: taken off when they are handled, and one of each at a time however often it is sent.
    pub(super) fn requests_stream(&self) -> stream::Config {
        stream::Config {
            retention: RetentionPolicy::WorkQueue,
            // A message that does not fit stays with its sender.
            discard: DiscardPolicy::New,
            max_bytes: self.limits.request_bytes,
            max_age: hours(self.limits.request_hours),
            ..self.stream(self.requests(), super::key::REQUESTS)
        }
    }

    /// Receipts: the last one of each message.
    pub(super) fn receipts_stream(&self) -> stream::Config {
        stream::Config {
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            max_bytes: self.limits.receipt_bytes,
            max_age: hours(self.limits.receipt_hours),
            ..self.stream(self.receipts(), super::key::RECEIPTS)
        }
    }

    fn stream(&self, name: String, kind: &str) -> stream::Config {
        stream::Config {
            name,
            subjects: vec![format!("{}.{kind}.>", self.prefix)],
            max_messages_per_subject: 1,
            max_message_size: self.limits.message_bytes,
            storage: StorageType::File,
            num_replicas: self.replicas,
            duplicate_window: Duration::from_secs(self.limits.duplicate_seconds),
            ..stream::Config::default()
        }
    }
}

const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3_600)
}

fn first_line(path: &Path) -> Result<String, NatsError> {
    let text = read(path)?;
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() { Err(NatsError::Credentials(path.to_owned())) } else { Ok(line.to_owned()) }
}

fn read(path: &Path) -> Result<String, NatsError> {
    let failed = |it| NatsError::File(path.to_owned(), it);
    if std::fs::metadata(path).map_err(failed)?.len() > CREDENTIALS_BYTES_MAX {
        return Err(NatsError::Credentials(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(failed)
}
