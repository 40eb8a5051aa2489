// SPDX-License-Identifier: MIT OR Apache-2.0
//! Making both signatures.

use crate::keys::Keys;
use service::ports::PortError;
use shep::{BodyId, Channel, Envelope, Message};
use uuid::Uuid;

/// Signs a payload's document.
pub(crate) fn payload(document: &str, keys: &Keys) -> Result<String, PortError> {
    keys.sign_xml(|signer| eds::xml::sign_enveloped(document, signer)).map_err(|it| unsignable(&it))
}

/// Writes an envelope and signs its body.
pub(crate) fn envelope(
    channel: Channel,
    message: Message,
    id: Uuid,
    keys: &Keys,
) -> Result<Vec<u8>, PortError> {
    sign(&framed(channel, message, id).write(), keys)
}

/// Writes the envelope of an answer and signs its body, which names the SHA-256 of the question's exact bytes.
pub(crate) fn answer(
    channel: Channel,
    message: Message,
    id: Uuid,
    keys: &Keys,
    question: &[u8],
) -> Result<Vec<u8>, PortError> {
    sign(&framed(channel, message, id).write_answering(&eds::sha256(question)), keys)
}

fn framed(channel: Channel, message: Message, id: Uuid) -> Envelope {
    Envelope { channel, body_id: BodyId::new(&format!("id-{id}")), message }
}

fn sign(text: &Result<String, shep::Error>, keys: &Keys) -> Result<Vec<u8>, PortError> {
    let text = text.as_ref().map_err(unwritable)?;
    let signed = keys.sign_xml(|signer| eds::xml::sign_body(text, signer)).map_err(|it| unsignable(&it))?;
    Ok(signed.into_bytes())
}

/// Says why a message was not written; names of elements only.
pub(crate) fn unwritable(error: &shep::Error) -> PortError {
    PortError::Unusable(format!("the message cannot be written: {error}"))
}

fn unsignable(error: &eds::xml::Error) -> PortError {
    PortError::Unusable(format!("the message cannot be signed: {}", error.code()))
}
