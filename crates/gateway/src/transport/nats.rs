// SPDX-License-Identifier: MIT OR Apache-2.0
//! Envelopes over NATS `JetStream`, between our own roles.
//!
//! A message is published to a stream under an id made of its sender and its message id, so the same message twice is one;
//! the endpoint's side takes it off only after the endpoint has answered and the signed answer lies in a second stream, under
//! a subject of the same id. So an exchange is: look whether the receipt is there, publish, wait for the receipt. Whoever dies
//! in between finds it there at the next try.
//!
//! What the broker holds is not believed: signatures decide, as over any other transport. A receipt that was handed out
//! and asked for again was evidently not believed, and a fault is only ever an answer to the try that caused it: then the
//! message is sent anew.
//!
//! A question to the port `sync` is nobody's when who asked waits no longer: it is taken back then, and handled once at most.

mod config;
mod key;
mod serving;

pub use config::{NatsConfig, NatsError, NatsLimits, NatsLogin};

use crate::files::TempFiles;
use crate::transport::Transport;
use async_nats::connection::State;
use async_nats::header::{HeaderMap, NATS_MESSAGE_ID};
use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::stream::{self, LastRawMessageErrorKind, Stream};
use async_nats::jetstream::{self, Context, ErrorCode};
use async_nats::{Client, ConnectError, ConnectErrorKind, ConnectOptions, HeaderValue, Subscriber};
use async_trait::async_trait;
use futures_util::StreamExt as _;
use key::{Key, Kind};
use service::ports::PortError;
use shep::{Envelope, Message};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// Receipts remembered as handed out.
const HANDED_MAX: usize = 4_096;
/// How often the stream of receipts is looked at while one is waited for: the broker tells of it at once, unless the
/// connection broke just then.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long is paused before the broker is asked again after a failure.
const PAUSE: Duration = Duration::from_millis(200);
/// How often the connection is looked at while it is waited for.
const CONNECTION_PAUSE: Duration = Duration::from_millis(50);
/// Bytes of a message beside its envelope.
const HEADERS_BYTES_MAX: usize = 4 * 1024;

/// Carries envelopes over NATS `JetStream`.
#[derive(Debug, Clone)]
pub struct NatsTransport {
    broker: Arc<Broker>,
    files: Option<Arc<dyn TempFiles>>,
}

/// The connection and the two streams.
struct Broker {
    config: NatsConfig,
    client: Client,
    context: Context,
    ready: AtomicBool,
    handed: Mutex<BTreeMap<String, u64>>,
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker").field("servers", &self.config.servers).finish_non_exhaustive()
    }
}

/// An answer that lies in the stream of receipts.
struct Receipt {
    sequence: u64,
    answer: Vec<u8>,
    /// The id of the message that it answers.
    of: Option<String>,
}

/// A question that is taken back when this is dropped, however who asked came to wait no longer.
struct Asked {
    broker: Arc<Broker>,
    /// Where it lies, unless it was answered.
    subject: Option<String>,
}

impl Asked {
    fn answered(mut self) {
        self.subject = None;
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let (Some(subject), Ok(threads)) = (self.subject.take(), Handle::try_current()) else { return };
        let broker = Arc::clone(&self.broker);
        drop(threads.spawn(async move {
            if let Err(error) = broker.take_back(subject).await {
                // It is handled once, and nobody reads the answer.
                tracing::debug!(%error, "a question cannot be taken back");
            }
        }));
    }
}

/// How the broker stands, for diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsStanding {
    /// The node that we are connected to.
    pub node: String,
    /// Bytes of a message that it takes.
    pub message_bytes_max: usize,
    /// Messages that wait to be handled.
    pub waiting: u64,
    /// Nodes that should hold the messages and do not answer, or have not caught up.
    pub missing: Vec<String>,
}

impl NatsTransport {
    /// Returns the transport. The broker need not be there yet: until it is, every exchange is [`PortError::Unavailable`].
    pub async fn connect(config: NatsConfig) -> Result<Self, NatsError> {
        let config = config.check()?;
        let options = config.options()?;
        Self::with(config, options).await
    }

    /// Returns the transport if the broker takes the connection now, or says why it does not; for diagnosis.
    pub async fn connect_now(config: NatsConfig) -> Result<Self, NatsError> {
        let config = config.check()?;
        let options = config.options_once()?;
        Self::with(config, options).await
    }

    async fn with(config: NatsConfig, options: ConnectOptions) -> Result<Self, NatsError> {
        let client = options.connect(config.servers.as_slice()).await.map_err(|it| refusal(&it))?;
        let context = jetstream::ContextBuilder::new()
            .timeout(config.limits.step())
            .ack_timeout(config.limits.step())
            .build(client.clone());
        let (ready, handed) = (AtomicBool::new(false), Mutex::default());
        Ok(Self { broker: Arc::new(Broker { config, client, context, ready, handed }), files: None })
    }

    /// Says where files lie that are too long for a message.
    #[must_use]
    pub fn with_files(mut self, files: Arc<dyn TempFiles>) -> Self {
        self.files = Some(files);
        self
    }

    /// Returns how the broker stands.
    pub async fn standing(&self) -> Result<NatsStanding, PortError> {
        self.broker.connected().await?;
        self.broker.prepare().await?;
        let stream = self.broker.context.get_stream(self.broker.config.requests()).await;
        let stream = stream.map_err(|it| silent(&it))?;
        let info = stream.cached_info();
        let replicas = info.cluster.iter().flat_map(|it| &it.replicas);
        let about = self.broker.client.server_info();
        Ok(NatsStanding {
            node: about.server_name,
            message_bytes_max: about.max_payload,
            waiting: info.state.messages,
            missing: replicas.filter(|it| it.offline || !it.current).map(|it| it.name.clone()).collect(),
        })
    }
}

#[async_trait]
impl Transport for NatsTransport {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let key = Key::of(endpoint, &envelope)?;
        let most = self.broker.client.max_payload();
        if envelope.len() + HEADERS_BYTES_MAX > most {
            let why = format!("the broker takes messages of {most} bytes; set its max_payload higher");
            return Err(PortError::Unavailable(why));
        }
        let kind = Kind::of(endpoint);
        let asked = (kind == Kind::Question).then(|| Asked {
            broker: Arc::clone(&self.broker),
            subject: Some(key.request(&self.broker.config.prefix)),
        });
        let wait = self.broker.config.limits.exchange(kind);
        let late = |_| Err(unavailable("no receipt came over the broker in time"));
        let answer =
            tokio::time::timeout(wait, self.broker.exchange(&key, envelope)).await.unwrap_or_else(late);
        match asked {
            Some(asked) if answer.is_ok() => asked.answered(),
            unanswered => drop(unanswered),
        }
        answer
    }

    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        self.files.clone()
    }
}

impl Broker {
    async fn exchange(&self, key: &Key, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        self.connected().await?;
        let subject = key.receipt(&self.config.prefix);
        // Before the message leaves: the receipt may be faster than a look at the stream.
        let told = self.client.subscribe(subject.clone()).await.map_err(|it| silent(&it))?;
        let found = self.insist(|| self.last(&subject)).await?;
        let after = match found {
            Some(receipt) if self.is_new(key, &receipt) && !is_fault(&receipt.answer) => {
                return Ok(receipt.answer);
            }
            found => found.map(|it| it.sequence),
        };
        let id = key.id(after);
        let request = key.request(&self.config.prefix);
        self.insist(|| self.publish(&request, &id, &envelope)).await?;
        self.receipt(told, &subject, (&id, after.unwrap_or(0))).await
    }

    /// Takes a question off that nobody has answered.
    async fn take_back(&self, subject: String) -> Result<(), PortError> {
        let stream = self.stream(self.config.requests()).await?;
        stream.purge().filter(subject).await.map(drop).map_err(|it| silent(&it))
    }

    /// Waits for the receipt of the message with that id, or any that came after another one.
    async fn receipt(
        &self,
        mut told: Subscriber,
        subject: &str,
        (id, after): (&str, u64),
    ) -> Result<Vec<u8>, PortError> {
        let mut look = tokio::time::interval_at(tokio::time::Instant::now() + LOOK_AGAIN, LOOK_AGAIN);
        loop {
            tokio::select! {
                message = told.next() => {
                    let message = message.ok_or_else(|| unavailable("the connection to the broker ended"))?;
                    let of = message.headers.as_ref().and_then(|it| it.get(REQUEST)).map(HeaderValue::as_str);
                    if of == Some(id) && !message.payload.is_empty() {
                        return Ok(message.payload.into());
                    }
                }
                _ = look.tick() => {
                    // A node that fails now may be another one at the next look.
                    let found = self.last(subject).await.ok().flatten();
                    if let Some(receipt) = found.filter(|it| it.sequence > after) {
                        return Ok(receipt.answer);
                    }
                }
            }
        }
    }

    /// Says whether a receipt was not handed out before.
    fn is_new(&self, key: &Key, receipt: &Receipt) -> bool {
        let mut handed = self.handed.lock().unwrap_or_else(PoisonError::into_inner);
        if handed.len() >= HANDED_MAX {
            handed.clear();
        }
        handed.insert(key.id(None), receipt.sequence) != Some(receipt.sequence)
    }

    /// Waits until there is a connection, for one step.
    async fn connected(&self) -> Result<(), PortError> {
        let wait = async {
            while self.client.connection_state() != State::Connected {
                tokio::time::sleep(CONNECTION_PAUSE).await;
            }
        };
        let waited = tokio::time::timeout(self.config.limits.step(), wait).await;
        waited.map_err(|_| unavailable("no node of the broker answers"))
    }

    /// Makes the streams that are not there, once. Every process looks when it starts, and a cluster agrees anew on each
    /// change: one that is as it should be is left alone.
    async fn prepare(&self) -> Result<(), PortError> {
        if self.ready.load(Ordering::Acquire) {
            return Ok(());
        }
        for wanted in [self.config.requests_stream(), self.config.receipts_stream()] {
            match self.context.get_stream(&wanted.name).await {
                Ok(found) if is_as(&found.cached_info().config, &wanted) => {}
                Ok(_) => drop(self.context.update_stream(&wanted).await.map_err(|it| silent(&it))?),
                Err(error) if is_absent(&error.kind()) => {
                    // Another process may be faster: the same stream made twice is one.
                    self.context.create_stream(wanted).await.map_err(|it| silent(&it))?;
                }
                Err(error) => return Err(silent(&error)),
            }
        }
        self.ready.store(true, Ordering::Release);
        Ok(())
    }

    async fn stream(&self, name: String) -> Result<Stream<()>, PortError> {
        self.prepare().await?;
        self.context.get_stream_no_info(name).await.map_err(|it| silent(&it))
    }

    /// Returns the last receipt under a subject.
    async fn last(&self, subject: &str) -> Result<Option<Receipt>, PortError> {
        let stream = self.stream(self.config.receipts()).await?;
        match stream.get_last_raw_message_by_subject(subject).await {
            Ok(it) => Ok(Some(Receipt {
                sequence: it.sequence,
                answer: it.payload.into(),
                of: it.headers.get(REQUEST).map(|it| it.as_str().to_owned()),
            })),
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(silent(&error)),
        }
    }

    /// Publishes the message with that id, or its receipt, and waits until the stream holds it.
    async fn publish(&self, subject: &str, id: &str, bytes: &[u8]) -> Result<(), PortError> {
        self.prepare().await?;
        let mut headers = HeaderMap::new();
        headers.insert(NATS_MESSAGE_ID, id);
        headers.insert(REQUEST, id);
        let sent =
            self.context.publish_with_headers(subject.to_owned(), headers, bytes.to_vec().into()).await;
        sent.map_err(|it| silent(&it))?.await.map(drop).map_err(|it| silent(&it))
    }

    /// Asks the broker again and again: a node may be gone, and another is chosen. The caller bounds the time; without any
    /// connection it ends by itself.
    async fn insist<T, F>(&self, ask: impl Fn() -> F) -> Result<T, PortError>
    where
        F: Future<Output = Result<T, PortError>>,
    {
        loop {
            match ask().await {
                Ok(it) => return Ok(it),
                Err(error) => tracing::debug!(%error, "the broker is asked again"),
            }
            self.connected().await?;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The header that names the message which a receipt answers.
const REQUEST: &str = "Qyzmet-Message";

/// Whether a stream is as we would make it, in everything that we say of one.
fn is_as(found: &stream::Config, wanted: &stream::Config) -> bool {
    let said = |it: &stream::Config| {
        let counts = (it.max_bytes, it.max_messages_per_subject, it.max_message_size, it.num_replicas);
        (it.subjects.clone(), it.retention, it.discard, it.storage, it.max_age, it.duplicate_window, counts)
    };
    said(found) == said(wanted)
}

fn is_absent(kind: &GetStreamErrorKind) -> bool {
    matches!(kind, GetStreamErrorKind::JetStream(it) if it.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

/// A fault answers one try and is never taken for a later one.
fn is_fault(answer: &[u8]) -> bool {
    !matches!(Envelope::read(answer), Ok(it) if !matches!(it.message, Message::Fault(_)))
}

/// Why there is no connection. A certificate that one side does not believe comes as an error of the socket.
fn refusal(error: &ConnectError) -> NatsError {
    let told = error.to_string();
    let of_tls = ["certificate", "fatal alert"].iter().any(|it| told.contains(it));
    match error.kind() {
        ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => {
            NatsError::Unauthorised
        }
        ConnectErrorKind::Tls => NatsError::NoTls(told),
        ConnectErrorKind::Io if of_tls => NatsError::NoTls(told),
        ConnectErrorKind::ServerParse
        | ConnectErrorKind::Dns
        | ConnectErrorKind::TimedOut
        | ConnectErrorKind::Io
        | ConnectErrorKind::MaxReconnects => NatsError::Refused(told),
    }
}

fn silent(error: &dyn std::fmt::Display) -> PortError {
    PortError::Unavailable(format!("the broker: {error}"))
}

fn unavailable(why: &str) -> PortError {
    PortError::Unavailable(why.to_owned())
}
