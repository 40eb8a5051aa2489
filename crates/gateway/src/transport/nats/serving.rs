// SPDX-License-Identifier: MIT OR Apache-2.0
//! The endpoint's side: messages are taken from the stream, handled, answered and only then acknowledged.

use super::key::{Kind, receipt_of, requests_to, word};
use super::{Broker, NatsTransport, silent, unavailable};
use crate::transport::Endpoint;
use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::{AckKind, Message};
use futures_util::StreamExt as _;
use service::ports::PortError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long one request for messages stands at the broker.
const PULL_EXPIRES: Duration = Duration::from_secs(30);
/// How often the broker says that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// The first and the longest pause after the stream failed.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// Messages that are taken for so long are taken well: silence of the broker would have been noticed.
const WELL: Duration = Duration::from_secs(8);
/// How long a message that was not answered is left alone.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Answers that are kept until their receipts are laid down.
const ANSWERS_MAX: usize = 1_024;

/// What an endpoint did with a message in this process.
#[derive(Debug, Clone)]
enum Stage {
    /// It is being handled.
    Busy,
    /// It is answered, and the receipt is not laid down yet.
    Answered(Arc<Vec<u8>>),
}

/// An endpoint at the broker.
struct Counter {
    broker: Arc<Broker>,
    endpoint: Arc<dyn Endpoint>,
    name: String,
    kind: Kind,
    stages: Mutex<BTreeMap<String, Stage>>,
}

impl NatsTransport {
    /// Feeds an endpoint under a name until the future is dropped. Several processes may feed endpoints under one name:
    /// each message is given to one of them.
    pub async fn serve(&self, name: &str, endpoint: Arc<dyn Endpoint>) {
        let counter = Arc::new(Counter {
            broker: Arc::clone(&self.broker),
            endpoint,
            name: name.to_owned(),
            kind: Kind::of(name),
            stages: Mutex::default(),
        });
        let turns = Arc::new(Semaphore::new(self.broker.config.limits.at_once));
        let mut tasks = JoinSet::new();
        let mut silent_since = None;
        let mut pause = PAUSE_MIN;
        loop {
            let mut taking = std::pin::pin!(counter.take(&turns, &mut tasks));
            let ended = tokio::select! {
                ended = &mut taking => ended,
                () = tokio::time::sleep(WELL) => {
                    if silent_since.take().is_some() {
                        tracing::info!(endpoint = counter.name, "messages are taken from the broker");
                    }
                    pause = PAUSE_MIN;
                    taking.await
                }
            };
            if let Err(error) = ended {
                counter.silent(&error, &mut silent_since).await;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

impl Counter {
    /// The broker gives nothing: that is told once and then waited for, and a consumer that alone is silent is made anew.
    async fn silent(&self, error: &PortError, since: &mut Option<Instant>) {
        let Some(began) = *since else {
            tracing::warn!(%error, endpoint = self.name, "no messages can be taken from the broker; it is waited for");
            *since = Some(Instant::now());
            return;
        };
        tracing::debug!(%error, endpoint = self.name, "the broker is still waited for");
        if began.elapsed() < self.broker.config.limits.silent() {
            return;
        }
        *since = Some(Instant::now());
        match self.renewed().await {
            Ok(true) => {
                tracing::warn!(endpoint = self.name, "the broker's consumer was silent and is made anew");
            }
            Ok(false) => tracing::warn!(%error, endpoint = self.name, "the broker is still waited for"),
            Err(error) => tracing::warn!(%error, endpoint = self.name, "the broker is still waited for"),
        }
    }

    /// Takes the consumer away where the stream is well without it: one that lost its nodes twice in a row may never find a
    /// leader again. What it had given out and was not answered is given again, which an inbox knows.
    async fn renewed(&self) -> Result<bool, PortError> {
        self.broker.connected().await?;
        let stream = self.broker.context.get_stream(self.broker.config.requests()).await;
        let stream = stream.map_err(|it| silent(&it))?;
        let is_led = stream.cached_info().cluster.as_ref().is_none_or(|it| it.leader.is_some());
        if is_led {
            stream.delete_consumer(&word(&self.name)).await.map_err(|it| silent(&it))?;
        }
        Ok(is_led)
    }

    async fn consumer(&self) -> Result<PullConsumer, PortError> {
        let limits = &self.broker.config.limits;
        self.broker.connected().await?;
        let stream = self.broker.stream(self.broker.config.requests()).await?;
        let config = pull::Config {
            durable_name: Some(word(&self.name)),
            filter_subject: requests_to(&self.broker.config.prefix, &self.name),
            ack_policy: AckPolicy::Explicit,
            ack_wait: limits.alone(self.kind),
            // Once more than it is handled: then it is taken off, though the process that had it last died.
            max_deliver: limits.deliveries(self.kind) + 1,
            max_ack_pending: i64::try_from(limits.at_once).unwrap_or(i64::MAX),
            ..pull::Config::default()
        };
        stream.create_consumer(config).await.map_err(|it| silent(&it))
    }

    /// Takes messages until the stream fails.
    async fn take(
        self: &Arc<Self>,
        turns: &Arc<Semaphore>,
        tasks: &mut JoinSet<()>,
    ) -> Result<(), PortError> {
        let consumer = self.consumer().await?;
        let at_once = self.broker.config.limits.at_once;
        let stream = consumer.stream().max_messages_per_batch(at_once).expires(PULL_EXPIRES);
        let mut messages = stream.heartbeat(HEARTBEAT).messages().await.map_err(|it| silent(&it))?;
        while let Some(message) = messages.next().await {
            let message = message.map_err(|it| silent(&it))?;
            let turn = Arc::clone(turns).acquire_owned().await.map_err(|it| silent(&it))?;
            // What is done is taken out, so that only what runs is kept.
            while tasks.try_join_next().is_some() {}
            let counter = Arc::clone(self);
            tasks.spawn(async move {
                counter.one(message).await;
                drop(turn);
            });
        }
        Err(unavailable("the stream of messages ended"))
    }

    async fn one(&self, message: Message) {
        let Some((id, receipt)) = self.named(&message) else {
            tracing::error!(endpoint = self.name, "a message at the broker was not put there by us");
            return acknowledge(&message, AckKind::Term).await;
        };
        let delivered = message.info().map_or(1, |it| it.delivered);
        let most = self.broker.config.limits.deliveries(self.kind);
        if delivered > most {
            tracing::warn!(endpoint = self.name, "a message is taken off that was not answered");
            return acknowledge(&message, AckKind::Term).await;
        }
        match self.answered(&id, &receipt, &message).await {
            Ok(true) => acknowledge(&message, AckKind::Ack).await,
            Ok(false) => {}
            Err(error) => {
                let last = delivered >= most;
                tracing::warn!(%error, endpoint = self.name, last, "a message is not answered");
                let again = if last { AckKind::Term } else { AckKind::Nak(Some(AGAIN_AFTER)) };
                acknowledge(&message, again).await;
            }
        }
    }

    /// Returns the id of a message and the subject of its receipt.
    fn named(&self, message: &Message) -> Option<(String, String)> {
        let id = message.headers.as_ref()?.get(NATS_MESSAGE_ID)?.as_str().to_owned();
        Some((id, receipt_of(&self.broker.config.prefix, message.subject.as_str())?))
    }

    /// Answers a message and lays the receipt down; false if another delivery of it is being handled right now.
    async fn answered(&self, id: &str, receipt: &str, message: &Message) -> Result<bool, PortError> {
        let answer = match self.begin(id)? {
            Some(Stage::Busy) => return Ok(false),
            Some(Stage::Answered(answer)) => answer,
            None => {
                let answer = self.found_or_handled(id, receipt, message).await;
                self.end(id, answer.as_ref().ok().cloned().flatten());
                let Some(answer) = answer? else { return Ok(true) };
                answer
            }
        };
        let publish = self.broker.insist(|| self.broker.publish(receipt, id, &answer));
        let wait = self.broker.config.limits.step() * 3;
        let late = |_| unavailable("the receipt is not laid down in time");
        tokio::time::timeout(wait, publish).await.map_err(late)??;
        self.end(id, None);
        Ok(true)
    }

    /// Marks a message as being handled, unless it is already or has an answer.
    fn begin(&self, id: &str) -> Result<Option<Stage>, PortError> {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stage) = stages.get(id) {
            return Ok(Some(stage.clone()));
        }
        if stages.len() >= ANSWERS_MAX {
            // Other processes may have taken them over.
            stages.retain(|_, it| matches!(it, Stage::Busy));
        }
        if stages.len() >= ANSWERS_MAX {
            return Err(unavailable("too many answers wait for the broker"));
        }
        stages.insert(id.to_owned(), Stage::Busy);
        Ok(None)
    }

    /// Keeps the answer of a message until its receipt is laid down; nothing is kept of one without.
    fn end(&self, id: &str, answer: Option<Arc<Vec<u8>>>) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Some(answer) => drop(stages.insert(id.to_owned(), Stage::Answered(answer))),
            None => drop(stages.remove(id)),
        }
    }

    /// Handles a message, unless this very one was answered before: by a process that died before it could say so, or for a
    /// consumer that was lost with what it knew. The broker's count of deliveries begins anew with a consumer, so the receipt
    /// is looked for each time.
    async fn found_or_handled(
        &self,
        id: &str,
        receipt: &str,
        message: &Message,
    ) -> Result<Option<Arc<Vec<u8>>>, PortError> {
        let wait = self.broker.config.limits.step() * 3;
        let late = |_| unavailable("the broker does not say in time whether there is a receipt");
        let found = self.broker.insist(|| self.broker.last(receipt));
        let found = tokio::time::timeout(wait, found).await.map_err(late)??;
        if found.is_some_and(|it| it.of.as_deref() == Some(id)) {
            return Ok(None);
        }
        self.handled(message).await.map(Some)
    }

    async fn handled(&self, message: &Message) -> Result<Arc<Vec<u8>>, PortError> {
        let handling = self.endpoint.handle(message.payload.to_vec());
        match tokio::time::timeout(self.broker.config.limits.handle(self.kind), handling).await {
            Ok(answer) if !answer.is_empty() => Ok(Arc::new(answer)),
            Ok(_) => Err(unavailable("the endpoint is silent")),
            Err(_) => Err(unavailable("the endpoint did not answer in time")),
        }
    }
}

/// Tells the broker what became of a message. If that is lost, the message comes again, and its receipt is found.
async fn acknowledge(message: &Message, kind: AckKind) {
    let done = matches!(kind, AckKind::Ack);
    let told = if done { message.double_ack().await } else { message.ack_with(kind).await };
    if let Err(error) = told {
        tracing::debug!(%error, "the broker does not hear what became of a message");
    }
}
