// SPDX-License-Identifier: MIT OR Apache-2.0
//! The event of the journal, and the way from it to a signed seal.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::ports::store::{Sealed, StoredEvent, StreamId};

/// The most hashes on a way.
const PATH_MAX: usize = 64;

/// What shows that an event is in a sealed journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// The seal's number.
    pub number: u64,
    /// Place in the journal of the first event that it covers.
    pub first_seq: u64,
    /// Place in the journal of the last.
    pub last_seq: u64,
    /// Place in the journal of the event.
    pub seq: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The root of the seal before it.
    pub previous: [u8; 32],
    /// Its root, which is signed.
    pub root: [u8; 32],
    /// The signature over the root.
    pub signature: Vec<u8>,
    /// The hashes beside the way from the event to the root of its tree, from below.
    pub path: Vec<[u8; 32]>,
    /// The certificate of the key that signed, DER, if it is known.
    pub certificate: Option<Vec<u8>>,
}

/// `journal.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    stream: String,
    version: u64,
    at: Timestamp,
    kind: String,
    format: u16,
    public_base64: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private: Option<Private>,
    previous: String,
    hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seal: Option<Seal>,
}

/// The personal part: it stays sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    key: String,
    bytes_base64: String,
}

/// The seal and the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seal {
    number: u64,
    first_seq: u64,
    last_seq: u64,
    seq: u64,
    at: Timestamp,
    previous: String,
    root: String,
    signature_base64: String,
    path: Vec<String>,
}

impl Journal {
    pub(super) fn of(event: &StoredEvent, sealing: Option<&Sealing>) -> Self {
        Self {
            stream: event.stream.0.clone(),
            version: event.version,
            at: event.at,
            kind: event.kind.clone(),
            format: event.format,
            public_base64: STANDARD.encode(&event.public),
            private: event
                .private
                .as_ref()
                .map(|it| Private { key: it.key.clone(), bytes_base64: STANDARD.encode(&it.bytes) }),
            previous: hex::encode(event.previous),
            hash: hex::encode(event.hash),
            seal: sealing.map(Seal::of),
        }
    }

    /// Returns the event as it was stored.
    pub(super) fn event(&self) -> Option<StoredEvent> {
        let private = match &self.private {
            Some(it) => Some(Sealed { key: it.key.clone(), bytes: STANDARD.decode(&it.bytes_base64).ok()? }),
            None => None,
        };
        Some(StoredEvent {
            stream: StreamId(self.stream.clone()),
            version: self.version,
            at: self.at,
            kind: self.kind.clone(),
            format: self.format,
            public: STANDARD.decode(&self.public_base64).ok()?,
            private,
            previous: digest(&self.previous)?,
            hash: digest(&self.hash)?,
        })
    }
}

impl Seal {
    fn of(it: &Sealing) -> Self {
        Self {
            number: it.number,
            first_seq: it.first_seq,
            last_seq: it.last_seq,
            seq: it.seq,
            at: it.at,
            previous: hex::encode(it.previous),
            root: hex::encode(it.root),
            signature_base64: STANDARD.encode(&it.signature),
            path: it.path.iter().map(hex::encode).collect(),
        }
    }

    /// Says whether the way leads from the event's hash to the root of the seal.
    pub(super) fn covers(&self, event: &[u8; 32]) -> bool {
        self.climbed(event).is_some_and(|root| hex::encode(root) == self.root)
    }

    /// Says whether the root was signed by the key of this certificate.
    pub(super) fn is_signed_by(&self, certificate: &eds::Certificate) -> bool {
        let (Some(root), Ok(signature)) = (digest(&self.root), STANDARD.decode(&self.signature_base64))
        else {
            return false;
        };
        eds::algorithm::SignatureAlgorithm::RsaSha256.verify(certificate.spki(), &root, &signature).is_ok()
    }

    fn climbed(&self, event: &[u8; 32]) -> Option<[u8; 32]> {
        let mut index = self.seq.checked_sub(self.first_seq)?;
        let mut width = self.last_seq.checked_sub(self.first_seq)?.checked_add(1)?;
        if index >= width || self.path.len() > PATH_MAX {
            return None;
        }
        let mut node = hash(&[&[0], event]);
        let mut path = self.path.iter();
        while width > 1 {
            if index % 2 == 1 {
                node = hash(&[&[1], &digest(path.next()?)?, &node]);
            } else if index + 1 < width {
                node = hash(&[&[1], &node, &digest(path.next()?)?]);
            }
            (index, width) = (index / 2, width.div_ceil(2));
        }
        if path.next().is_some() {
            return None;
        }
        let at = i64::try_from(self.at.as_nanosecond()).ok()?;
        Some(hash(&[
            b"qyzmet seal 1",
            &digest(&self.previous)?,
            &self.first_seq.to_be_bytes(),
            &self.last_seq.to_be_bytes(),
            &at.to_be_bytes(),
            &node,
        ]))
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    eds::sha256(&parts.concat())
}
