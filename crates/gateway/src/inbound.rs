// SPDX-License-Identifier: MIT OR Apache-2.0
//! Checking what comes in, in the gateway's order, with the gateway's codes.

use crate::trust::{Believed, Doubt, Peer};
use crate::wire::Wire;
use eds::Certificate;
use jiff::Timestamp;
use service::ports::PortError;
use shep::fault::{Blame, Operation};
use shep::{Channel, Code, Data, ErrorInfo, Fault, Message};

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    /// Whose fault it is: the server's means that the same message may be sent again.
    pub(crate) blame: Blame,
    /// In words, without personal data.
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn client(code: Code, reason: impl Into<String>) -> Self {
        Self { code, blame: Blame::Client, reason: reason.into() }
    }

    pub(crate) fn server(code: Code, reason: impl Into<String>) -> Self {
        Self { code, blame: Blame::Server, reason: reason.into() }
    }

    /// Returns the refusal as a fault of an operation.
    pub(crate) fn into_fault(self, operation: Operation, at: Timestamp) -> Message {
        let info = ErrorInfo {
            code: self.code,
            message: self.reason.clone(),
            data: None,
            date: at,
            sub_error: None,
            session_id: None,
        };
        Message::Fault(Fault { blame: self.blame, reason: self.reason, detail: Some((operation, info)) })
    }
}

impl From<shep::Error> for Refusal {
    fn from(error: shep::Error) -> Self {
        Self::client(error.fault_code(), error.to_string())
    }
}

impl From<Refusal> for PortError {
    fn from(it: Refusal) -> Self {
        let words = format!("{}: {}", it.code.as_str(), it.reason);
        match it.blame {
            Blame::Server => Self::Unavailable(words),
            Blame::Client => Self::Unusable(words),
        }
    }
}

/// The codes of one layer of signatures.
struct Layer {
    unsigned: Code,
    wrong: Code,
    certificate: Code,
}

const TRANSPORT: Layer = Layer {
    unsigned: Code::TransportUnsigned,
    wrong: Code::TransportSignature,
    certificate: Code::TransportCertificate,
};
const DATA: Layer =
    Layer { unsigned: Code::DataUnsigned, wrong: Code::DataSignature, certificate: Code::DataCertificate };

/// A signature that was checked.
#[derive(Debug)]
pub(crate) struct Checked {
    /// Its certificate, and what that was judged by.
    pub(crate) believed: Believed,
    /// The canonical bytes that it covers.
    pub(crate) signed_bytes: Vec<u8>,
}

impl Checked {
    /// Says whether a signed answer is, by its own words, the answer to exactly this question: to another's digest never,
    /// and to none only where the peer is one that names none.
    pub(crate) fn answers(&self, question: &[u8], binding: Binding) -> bool {
        self.answers_digest(eds::sha256(question), binding)
    }

    /// The same by the question's SHA-256.
    pub(crate) fn answers_digest(&self, question: [u8; 32], binding: Binding) -> bool {
        match std::str::from_utf8(&self.signed_bytes).ok().and_then(shep::answered) {
            Some(told) => told == hex::encode(question),
            None => binding == Binding::IfTold,
        }
    }
}

/// Whether an answer has to name the digest of its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Binding {
    /// It may: makers of other systems know nothing of it.
    #[default]
    IfTold,
    /// It has to: the peer is a system of this kind.
    Required,
}

/// Checks the signature over the body.
pub(crate) async fn check_body(envelope: &[u8], peer: &Peer, wire: &Wire) -> Result<Checked, Refusal> {
    check(eds::xml::verify_body(envelope), &TRANSPORT, peer, wire).await
}

/// Checks the signature over a body whose sender is not named, and returns the certificate that says who he is;
/// [`believe_body`] goes on when he is found.
pub(crate) fn signed_body(envelope: &[u8]) -> Result<(eds::xml::Signed, Certificate), Refusal> {
    let signed = fits(eds::xml::verify_body(envelope), &TRANSPORT)?;
    let malformed = || Refusal::client(Code::TransportCertificate, "certificate-malformed");
    let certificate = Certificate::parse(&signed.certificate_der).map_err(|_| malformed())?;
    Ok((signed, certificate))
}

/// Judges the certificate over a body whose signature fits.
pub(crate) async fn believe_body(
    signed: eds::xml::Signed,
    peer: &Peer,
    wire: &Wire,
) -> Result<Checked, Refusal> {
    believed(signed, &TRANSPORT, peer, wire).await
}

/// Checks the signature inside the payload.
pub(crate) async fn check_payload(data: &Data, peer: &Peer, wire: &Wire) -> Result<Checked, Refusal> {
    let document = data
        .document()
        .ok_or_else(|| Refusal::client(Code::DataUnsigned, "the payload is plain text and not signed"))?;
    check(eds::xml::verify_enveloped(document.as_bytes()), &DATA, peer, wire).await
}

async fn check(
    signed: Result<eds::xml::Signed, eds::xml::Error>,
    layer: &Layer,
    peer: &Peer,
    wire: &Wire,
) -> Result<Checked, Refusal> {
    believed(fits(signed, layer)?, layer, peer, wire).await
}

fn fits(
    signed: Result<eds::xml::Signed, eds::xml::Error>,
    layer: &Layer,
) -> Result<eds::xml::Signed, Refusal> {
    use eds::xml::Error as XmlError;
    signed.map_err(|error| {
        // A question that came without an envelope has no place for a signature.
        let code = if matches!(error, XmlError::NotSigned | XmlError::NotEnvelope) {
            layer.unsigned.clone()
        } else if matches!(
            error,
            XmlError::CertificateMissing
                | XmlError::CertificateForm
                | XmlError::CertificateMalformed
                | XmlError::CertificateKey
        ) {
            layer.certificate.clone()
        } else {
            layer.wrong.clone()
        };
        Refusal::client(code, error.code())
    })
}

async fn believed(
    signed: eds::xml::Signed,
    layer: &Layer,
    peer: &Peer,
    wire: &Wire,
) -> Result<Checked, Refusal> {
    match wire.trust.judge(&signed.certificate_der, peer, wire.clock.now()).await {
        Ok(believed) => Ok(Checked { believed, signed_bytes: signed.signed_bytes }),
        Err(Doubt::Bad(code)) => Err(Refusal::client(layer.certificate.clone(), code)),
        Err(Doubt::Unknown(code)) => Err(Refusal::server(layer.certificate.clone(), code)),
    }
}

/// Returns what an answer means that was not shown to be the other side's answer to this very message: anybody on the way
/// can make it, so it is no answer, and the message is sent again.
pub(crate) fn not_theirs(it: &Refusal) -> PortError {
    PortError::Unavailable(format!("{}: {}", it.code.as_str(), it.reason))
}

/// Returns what an answer means that names another question: it was made for another message, and this one is sent again.
pub(crate) fn of_another_question() -> PortError {
    PortError::Unavailable("the answer is to another question".to_owned())
}

/// Returns what a fault from the other side means to us. One that is not signed can be made by anybody, and one that was
/// signed for another message can be sent by anybody: it proves nothing but that there is no answer.
pub(crate) fn told_fault(fault: &Fault, signed: bool) -> PortError {
    if !signed {
        return PortError::Unavailable(
            "a fault that is not shown to be the other side's answer to this message".to_owned(),
        );
    }
    let code = fault.detail.as_ref().map(|it| &it.1.code);
    let words = code.map_or("a fault without a code", Code::as_str).to_owned();
    // A signature that the other side found broken was broken on the way: ours was right when the message left.
    let on_the_way = matches!(code, Some(Code::TransportSignature | Code::TransportUnsigned));
    let again = fault.blame == Blame::Server
        || on_the_way
        || matches!(code, Some(Code::ServiceUnknown | Code::Internal | Code::NoData));
    let words = format!("the other side refused: {words}");
    if again { PortError::Unavailable(words) } else { PortError::Unusable(words) }
}

/// Returns the operation that a fault on this channel answers.
pub(crate) const fn operation(channel: Channel) -> Operation {
    match channel {
        Channel::Sync => Operation::SyncSendMessage,
        Channel::Async | Channel::Client => Operation::SendMessage,
    }
}
