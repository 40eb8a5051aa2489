// SPDX-License-Identifier: MIT OR Apache-2.0
//! Exchanges over the gateway as the store of a role keeps them.

use crate::parts::master;
use engine::case::FileHash;
use gateway::evidence_package::{Exchange, Own, Sealing};
use gateway::relay::{EXCHANGES, KeptExchange};
use jiff::Timestamp;
use regulation::model::System;
use serde::Deserialize;
use service::border::KeptMessage;
use service::ports::store::{LIST_MAX, ListQuery, StoreError, StoredEvent, StreamId};
use service::ports::{Judged, Store as _};
use service::tables;
use shep::{Envelope, Message};
use std::path::{Path, PathBuf};
use store::{SealProof, SqliteStore};

/// The roles whose folders are looked into.
const ROLES: [System; 4] = [System::Portal, System::Center, System::Region, System::Gateway];
/// Where a role of its own has its store, in its data folder.
const STORE: &str = "journal";
/// What the streams of cases begin with.
const CASE: &str = "case/";
/// The stream of what came from portals that know the published form only: what was taken, and what was not.
const INBOX: &str = "inbox";
/// What the ids of answers from a body's own register begin with.
const OWN: &str = "own-";
/// Name of a journal's file.
const JOURNAL: &str = "journal.db";

/// Why an exchange cannot be looked for.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A file cannot be read.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// The master key is damaged.
    #[error("{path} is no key of 32 bytes", path = .0.display())]
    MasterKey(PathBuf),
    /// No store lies there.
    #[error("{path} holds no data of that role", path = .0.display())]
    NoStore(PathBuf),
    /// There is one store, and nothing says of which role.
    #[error(
        "{path} holds the data of one role, and nothing in it says of which: name its configuration with `--config FILE`, or the role with `--role`",
        path = .0.display()
    )]
    NoRole(PathBuf),
    /// The store of a role does not open.
    #[error("the store in {path}: {1}", path = .0.display())]
    Store(PathBuf, String),
    /// The store cannot be read.
    #[error(transparent)]
    Unavailable(#[from] StoreError),
    /// The answer came from the rows of a register that the body keeps itself.
    #[error(
        "no message crossed the gateway: the body asked the register that it keeps itself (`qyzmet audit verify` checks its journal)"
    )]
    OwnRegister,
    /// A row names a file that is not there.
    #[error("a file of the exchange is missing")]
    FileMissing,
}

/// Finds the exchange kept under this id in a data folder, whose program may be running; in one role or in each. `now` is when
/// the evidence is made.
pub fn find(
    data: &Path,
    role: Option<System>,
    message: &str,
    now: Timestamp,
) -> Result<Option<Exchange>, ExchangeError> {
    let master = master_key(data)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|it| ExchangeError::File(data.to_owned(), it))?;
    for (role, at) in stores(data, role)? {
        let store = SqliteStore::beside_to_read(&at, &master);
        let store = store.map_err(|it| ExchangeError::Store(at, it.to_string()))?;
        if let Some(found) = runtime.block_on(exchange(&store, role, message, now))? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Returns the stores in a data folder with their roles: a demonstration has a folder for each, a role of its own one store, of
/// which it must be said what it is.
fn stores(data: &Path, role: Option<System>) -> Result<Vec<(System, PathBuf)>, ExchangeError> {
    let of_each = ROLES.into_iter().filter(|it| role.is_none_or(|role| role == *it));
    let mut found: Vec<_> = of_each.map(|it| (it, data.join(it.as_str()))).collect();
    found.retain(|(_, at)| at.join(JOURNAL).exists());
    let single = data.join(STORE);
    match role {
        _ if !found.is_empty() => Ok(found),
        _ if !single.join(JOURNAL).exists() => Err(ExchangeError::NoStore(data.to_owned())),
        Some(role) => Ok(vec![(role, single)]),
        None => Err(ExchangeError::NoRole(data.to_owned())),
    }
}

fn master_key(data: &Path) -> Result<[u8; 32], ExchangeError> {
    let path = data.join(master::FILE);
    let bytes = std::fs::read(&path).map_err(|it| ExchangeError::File(path.clone(), it))?;
    bytes.try_into().map_err(|_| ExchangeError::MasterKey(path))
}

async fn exchange(
    store: &SqliteStore,
    role: System,
    message: &str,
    now: Timestamp,
) -> Result<Option<Exchange>, ExchangeError> {
    let Some(found) = found(store, role, message).await? else { return Ok(None) };
    let Found { role, message, stream, kept } = found;
    let received = file(store, &kept.file).await?;
    let sent = match &kept.question {
        Some(hash) => Some(file(store, hash).await?),
        None => None,
    };
    let judged = match &kept.judged {
        Some(it) => Some(Judged { at: it.at, evidence: file(store, &it.file).await? }),
        None => None,
    };
    let (message, event) = if let Some((message, event)) = came(store, &kept).await? {
        (message, Some(event))
    } else {
        let event = event(store, stream.as_deref(), &message).await?;
        (message, event)
    };
    let proof = match &event {
        Some(event) => store.proof(&event.stream, event.version).await?,
        None => None,
    };
    let (sealing, own) = match proof {
        Some(proof) => {
            let sealer = sealer(store, (stream, &kept), &proof).await?;
            (Some(sealing(proof, sealer.certificate)), sealer.own)
        }
        None => (None, None),
    };
    Ok(Some(Exchange {
        message,
        role: role.as_str().to_owned(),
        with: kept.from,
        received,
        sent,
        own,
        judged,
        event,
        sealing,
        at: now,
    }))
}

/// An exchange that was found.
struct Found {
    role: System,
    message: String,
    /// The stream in which it is told.
    stream: Option<String>,
    kept: KeptMessage,
}

/// Finds what a role keeps under the id of a message; a relay keeps several under one, of which the last one counts, and each
/// under the id of its session.
async fn found(store: &SqliteStore, role: System, message: &str) -> Result<Option<Found>, ExchangeError> {
    if let Some(row) = store.row(tables::MESSAGES, message).await? {
        if message.starts_with(OWN) {
            return Err(ExchangeError::OwnRegister);
        }
        let (message, kept): (_, KeptMessage) = (message.to_owned(), service::rows::body(&row)?);
        // What was sent and refused has no receipt: there was no exchange.
        let was_refused = kept.work.is_some() && kept.question.is_none();
        return Ok((!was_refused).then_some(Found { role, message, stream: row.list, kept }));
    }
    let of_message = ListQuery {
        table: EXCHANGES.to_owned(),
        list: KeptExchange::list(message),
        after: None,
        descending: true,
        limit: 1,
    };
    let row = match store.row(EXCHANGES, message).await? {
        Some(row) => Some(row),
        None => store.list(of_message).await?.pop(),
    };
    let Some(row) = row else { return not_taken(store, role, message).await };
    let KeptExchange { message, stream, kept } = service::rows::body(&row)?;
    Ok(Some(Found { role: System::Gateway, message, stream: Some(stream), kept }))
}

/// What an event of the stream [`INBOX`] tells of a message.
#[derive(Deserialize)]
struct Told {
    /// Its id at the sender.
    message: String,
    sender: String,
    /// The signed message, kept.
    envelope: FileHash,
}

/// Returns the events of the stream [`INBOX`] with what they tell, the last one first.
async fn inbox(store: &SqliteStore) -> Result<Vec<(Told, StoredEvent)>, ExchangeError> {
    let events = store.load(&StreamId(INBOX.to_owned()), 0).await?;
    let told = |it: StoredEvent| Some((serde_json::from_slice::<Told>(&it.public).ok()?, it));
    Ok(events.into_iter().rev().filter_map(told).collect())
}

/// Finds a message that was not taken by its sender's id alone: it is kept under its sender's name.
async fn not_taken(store: &SqliteStore, role: System, message: &str) -> Result<Option<Found>, ExchangeError> {
    for (told, _) in inbox(store).await?.into_iter().filter(|it| it.0.message == message) {
        let key = format!("{}/{message}", told.sender);
        if let Some(row) = store.row(tables::MESSAGES, &key).await? {
            let kept = service::rows::body(&row)?;
            return Ok(Some(Found { role, message: key, stream: row.list, kept }));
        }
    }
    Ok(None)
}

/// Returns the last event about the very bytes of a message that came from a portal of the published form, and the id that it
/// names: two portals may give theirs the same.
async fn came(
    store: &SqliteStore,
    kept: &KeptMessage,
) -> Result<Option<(String, StoredEvent)>, ExchangeError> {
    let found = inbox(store).await?.into_iter().find(|it| it.0.envelope == kept.file);
    Ok(found.map(|(told, event)| (told.message, event)))
}

/// Returns the event of the message's stream that names it: in a case the first one, in a stream of the message's own the last
/// one, which tells how it ended.
async fn event(
    store: &SqliteStore,
    list: Option<&str>,
    message: &str,
) -> Result<Option<StoredEvent>, ExchangeError> {
    let Some(list) = list else { return Ok(None) };
    let events = store.load(&StreamId(list.to_owned()), 0).await?;
    let mut naming = events.into_iter().filter(|it| {
        let public: Option<serde_json::Value> = serde_json::from_slice(&it.public).ok();
        public.is_some_and(|it| it.get("message").and_then(serde_json::Value::as_str) == Some(message))
    });
    Ok(if list.starts_with(CASE) { naming.next() } else { naming.next_back() })
}

/// Whose key sealed.
#[derive(Default)]
struct Sealer {
    certificate: Option<Vec<u8>>,
    /// What shows it where the exchange itself holds nothing of ours.
    own: Option<Own>,
}

/// Returns the certificate of the key that sealed: that of a question of ours, which the same key signs. For a message that came
/// in it is the first one that was sent over the border in its case.
async fn sealer(
    store: &SqliteStore,
    (list, kept): (Option<String>, &KeptMessage),
    proof: &SealProof,
) -> Result<Sealer, ExchangeError> {
    if let Some(found) = sealed_by(store, kept, proof).await? {
        return Ok(Sealer { certificate: Some(found), own: None });
    }
    let Some(list) = list else { return Ok(Sealer::default()) };
    let of_case = ListQuery {
        table: tables::MESSAGES.to_owned(),
        list,
        after: None,
        descending: false,
        limit: LIST_MAX,
    };
    let mut sealer = Sealer::default();
    let mut first = Timestamp::MAX;
    for row in store.list(of_case).await? {
        let other: KeptMessage = service::rows::body(&row)?;
        let Some(found) = sealed_by(store, &other, proof).await? else { continue };
        sealer.certificate.get_or_insert(found);
        if kept.question.is_none()
            && let Some((at, own)) = own(store, &other).await?
            && at < first
        {
            (first, sealer.own) = (at, Some(own));
        }
    }
    Ok(sealer)
}

/// Returns a message that was sent over the border with its receipt, and when that was given.
async fn own(store: &SqliteStore, kept: &KeptMessage) -> Result<Option<(Timestamp, Own)>, ExchangeError> {
    let Some(question) = &kept.question else { return Ok(None) };
    let receipt = file(store, &kept.file).await?;
    let Ok(Message::Accepted(accepted)) = Envelope::read(&receipt).map(|it| it.message) else {
        return Ok(None);
    };
    Ok(Some((accepted.response_date, Own { sent: file(store, question).await?, receipt })))
}

/// Returns the certificate of the question of an exchange, if its key sealed.
async fn sealed_by(
    store: &SqliteStore,
    kept: &KeptMessage,
    proof: &SealProof,
) -> Result<Option<Vec<u8>>, ExchangeError> {
    let Some(hash) = &kept.question else { return Ok(None) };
    let Ok(signed) = eds::xml::verify_body(&file(store, hash).await?) else { return Ok(None) };
    let Ok(certificate) = eds::Certificate::parse(&signed.certificate_der) else { return Ok(None) };
    let genuine = eds::algorithm::SignatureAlgorithm::RsaSha256.verify(
        certificate.spki(),
        &proof.seal.root,
        &proof.seal.signature,
    );
    Ok(genuine.is_ok().then_some(signed.certificate_der))
}

fn sealing(proof: SealProof, certificate: Option<Vec<u8>>) -> Sealing {
    Sealing {
        number: proof.seal.number,
        first_seq: proof.seal.first_seq,
        last_seq: proof.seal.last_seq,
        seq: proof.seq,
        at: proof.seal.at,
        previous: proof.seal.previous,
        root: proof.seal.root,
        signature: proof.seal.signature,
        path: proof.path,
        certificate,
    }
}

async fn file(store: &SqliteStore, hash: &FileHash) -> Result<Vec<u8>, ExchangeError> {
    store.file(hash).await?.ok_or(ExchangeError::FileMissing)
}
