// SPDX-License-Identifier: MIT OR Apache-2.0
//! Both layers of signatures as the relay makes and checks them.

use super::routes::Member;
use crate::inbound::{self, Binding, Refusal};
use crate::judged;
use crate::seal;
use crate::trust::Peer;
use crate::wire::Wire;
use service::ports::{Judged, PortError};
use shep::{Channel, Code, Data, Message};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The signatures of this relay.
#[derive(Debug, Clone)]
pub(super) enum Seals {
    /// Real ones.
    Signed(Wire),
    /// None, where the protocol of delivery alone is simulated some thousand times.
    #[cfg(test)]
    Plain,
}

/// An answer whose signature was checked.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whether it names our question, or none.
    pub(super) ours: bool,
    /// What its certificate was judged by.
    pub(super) judged: Option<Judged>,
}

impl Seals {
    /// Checks the signature over the body.
    pub(super) async fn check_body(&self, envelope: &[u8], peer: &Peer) -> Result<(), Refusal> {
        match self {
            Self::Signed(wire) => inbound::check_body(envelope, peer, wire).await.map(drop),
            #[cfg(test)]
            Self::Plain => Ok(()),
        }
    }

    /// Checks the signature over a body that names no sender, and returns the first of the systems that its certificate names.
    pub(super) async fn check_body_of<'a>(
        &self,
        envelope: &[u8],
        systems: &'a BTreeMap<String, Member>,
    ) -> Result<(&'a str, &'a Member), Refusal> {
        match self {
            Self::Signed(wire) => {
                let (signed, certificate) = inbound::signed_body(envelope)?;
                let found = systems.iter().find(|(_, it)| it.peer.is_named_by(&certificate));
                let unknown = || Refusal::client(Code::TransportCertificate, "peer-mismatch");
                let (id, member) = found.ok_or_else(unknown)?;
                inbound::believe_body(signed, &member.peer, wire).await?;
                Ok((id, member))
            }
            #[cfg(test)]
            Self::Plain => {
                let unsigned = || Refusal::client(Code::TransportUnsigned, "nobody signs");
                systems.iter().next().map(|(id, it)| (id.as_str(), it)).ok_or_else(unsigned)
            }
        }
    }

    /// Checks the signature over the body of an answer to the question of this SHA-256.
    pub(super) async fn check_answer(
        &self,
        answer: &[u8],
        peer: &Peer,
        question: [u8; 32],
    ) -> Result<Answer, Refusal> {
        match self {
            Self::Signed(wire) => {
                let checked = inbound::check_body(answer, peer, wire).await?;
                let judged = judged::write(&[&checked.believed], wire.clock.now()).ok();
                Ok(Answer { ours: checked.answers_digest(question, Binding::IfTold), judged })
            }
            #[cfg(test)]
            Self::Plain => Ok(Answer { ours: true, judged: None }),
        }
    }

    /// Checks the signature inside the payload and returns the bytes that it covers.
    pub(super) async fn check_payload(&self, data: &Data, peer: &Peer) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Signed(wire) => {
                inbound::check_payload(data, peer, wire).await?;
                let document = data.document().unwrap_or_default();
                let signed = eds::xml::verify_enveloped(document.as_bytes());
                signed.map(|it| it.signed_bytes).map_err(|it| Refusal::client(Code::DataSignature, it.code()))
            }
            #[cfg(test)]
            Self::Plain => Ok(data.document().unwrap_or_default().as_bytes().to_vec()),
        }
    }

    /// Writes the envelope of an answer, which names the SHA-256 of the question, and signs its body.
    pub(super) fn answer(
        &self,
        channel: Channel,
        message: Message,
        id: Uuid,
        question: &[u8],
    ) -> Result<Vec<u8>, PortError> {
        match self {
            Self::Signed(wire) => seal::answer(channel, message, id, &wire.keys, question),
            #[cfg(test)]
            Self::Plain => self.envelope(channel, message, id),
        }
    }

    /// Writes an envelope and signs its body.
    pub(super) fn envelope(
        &self,
        channel: Channel,
        message: Message,
        id: Uuid,
    ) -> Result<Vec<u8>, PortError> {
        match self {
            Self::Signed(wire) => seal::envelope(channel, message, id, &wire.keys),
            #[cfg(test)]
            Self::Plain => {
                let written = shep::Envelope { channel, body_id: None, message }.write();
                written.map(String::into_bytes).map_err(|it| seal::unwritable(&it))
            }
        }
    }
}
