// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every simulated register does with an envelope.

use super::{SIMULATED, Switch};
use crate::ca::Holder;
use eds::{
    Certificate, Context, Evidence, Findings, Need, Outcome, Policy, Purpose, RsaSigner, Subject, Trust,
    judge_certificate,
};
use jiff::{SignedDuration, Timestamp};
use shep::fault::{Blame, Operation};
use shep::sync::{ResponseInfo, SyncRequest, SyncResponse};
use shep::{BodyId, Channel, Code, Data, Envelope, ErrorInfo, Fault, Message, Status};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

/// How often evidence about the asker's certificate is asked for.
pub const ROUNDS_MAX: usize = 3;
/// Askers whose evidence is remembered.
const REMEMBERED_MAX: usize = 64;
/// For so long an asker that was found valid is not judged again; it is judged for both ends of that time.
const SURE_SECONDS: i64 = 60;

type Meet = dyn Fn(&[Need], Timestamp, &mut Evidence) -> usize + Send + Sync;

/// Under which name and key a simulated register answers, and whom it believes.
pub struct Identity {
    code: String,
    certificate: Certificate,
    signer: RsaSigner,
    trust: Trust,
    meet: Box<Meet>,
    /// What the certificates of askers were judged by.
    met: Mutex<BTreeMap<[u8; 32], Met>>,
}

/// What is remembered of an asker.
#[derive(Debug, Default)]
struct Met {
    /// It serves as long as it is fresh.
    evidence: Evidence,
    /// From when until when the certificate is valid by it.
    sure: Option<RangeInclusive<Timestamp>>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("code", &self.code).finish_non_exhaustive()
    }
}

impl Identity {
    /// Returns the identity with this sender code (`SIM-` is put before it) and key; askers are believed under these
    /// roots, with evidence that `meet` fetches, such as [`crate::ca::DevCa::meet`].
    ///
    /// `None` if the holder's key cannot be read again.
    pub fn new(
        code: &str,
        holder: &Holder,
        trust: Trust,
        meet: impl Fn(&[Need], Timestamp, &mut Evidence) -> usize + Send + Sync + 'static,
    ) -> Option<Self> {
        Some(Self {
            code: format!("{SIMULATED}{code}"),
            certificate: holder.certificate().clone(),
            signer: RsaSigner::from_pkcs8(holder.pkcs8()).ok()?,
            trust,
            meet: Box::new(meet),
            met: Mutex::default(),
        })
    }

    /// Returns the sender code.
    pub fn code(&self) -> &str {
        &self.code
    }

    fn sign(
        &self,
        with: impl FnOnce(&eds::xml::Signer<'_>) -> Result<String, eds::xml::Error>,
    ) -> Option<String> {
        let sign =
            |bytes: &[u8]| self.signer.sign(bytes).map_err(|it| eds::xml::SignerFailed(it.to_string()));
        with(&eds::xml::Signer { certificate_der: self.certificate.der(), sign: &sign }).ok()
    }

    /// Says whether the certificate is that of a system, good at this time.
    fn believes(&self, der: &[u8], now: Timestamp) -> bool {
        let key = eds::sha256(der);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.get(&key).and_then(|it| it.sure.as_ref()).is_some_and(|it| it.contains(&now)) {
            return true;
        }
        let Ok(certificate) = Certificate::parse(der) else { return false };
        let policy = Policy::new(self.trust.clone(), Purpose::GatewayTransport { bin: None });
        let mut evidence = met.remove(&key).unwrap_or_default().evidence;
        let mut remembered = evidence != Evidence::default();
        // One more for what was remembered.
        for _ in 0..=ROUNDS_MAX + 1 {
            match outcome(&certificate, &evidence, now, &policy) {
                Outcome::Valid => {
                    if met.len() >= REMEMBERED_MAX {
                        met.clear();
                    }
                    let until = now + SignedDuration::from_secs(SURE_SECONDS);
                    let still = outcome(&certificate, &evidence, until, &policy) == Outcome::Valid;
                    met.insert(key, Met { evidence, sure: still.then_some(now..=until) });
                    return true;
                }
                Outcome::Invalid => return false,
                Outcome::Indeterminate { needs } => {
                    if std::mem::take(&mut remembered) {
                        // What was remembered is too old.
                        evidence = Evidence::default();
                        continue;
                    }
                    if (self.meet)(&needs, now, &mut evidence) == 0 {
                        return false;
                    }
                }
            }
        }
        false
    }
}

fn outcome(certificate: &Certificate, evidence: &Evidence, at: Timestamp, policy: &Policy) -> Outcome {
    let mut findings = Findings::default();
    let context = Context { evidence, at, policy };
    judge_certificate(certificate, &[], &context, &Subject::Signer(0), &mut findings);
    findings.outcome()
}

/// What a register answers with.
pub(super) struct Reply {
    pub(super) code: Code,
    /// The payload's document, not signed yet.
    pub(super) document: String,
    /// Puts the signed document into the envelope.
    pub(super) data: fn(String) -> Result<Data, shep::Error>,
}

/// A question that was checked.
pub(super) struct Asked<'a> {
    pub(super) request: &'a SyncRequest,
    pub(super) data: &'a Data,
    pub(super) now: Timestamp,
    pub(super) switch: Switch,
    /// The id of the answer.
    pub(super) id: String,
    /// The sender code of the register.
    pub(super) code: &'a str,
}

/// A register's counter: identity and switch.
#[derive(Debug)]
pub(super) struct Desk {
    identity: Identity,
    service: String,
    switch: Mutex<Switch>,
}

/// A code and the words beside it.
type Refusal = (Code, String);

impl Desk {
    pub(super) fn new(identity: Identity, service: &str) -> Self {
        Self { identity, service: service.to_owned(), switch: Mutex::default() }
    }

    pub(super) fn code(&self) -> &str {
        self.identity.code()
    }

    pub(super) fn set(&self, switch: Switch) {
        *self.switch.lock().unwrap_or_else(PoisonError::into_inner) = switch;
    }

    pub(super) fn switch(&self) -> Switch {
        *self.switch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers an envelope; empty bytes are silence.
    pub(super) fn answer(
        &self,
        envelope: &[u8],
        now: Timestamp,
        reply: impl FnOnce(&Asked<'_>) -> Result<Reply, shep::Error>,
    ) -> Vec<u8> {
        let switch = self.switch();
        if switch == Switch::Silent {
            return Vec::new();
        }
        let message = self.try_answer(envelope, (now, switch), reply).unwrap_or_else(|(code, reason)| {
            let blame = if code == Code::Internal { Blame::Server } else { Blame::Client };
            let info = ErrorInfo {
                code,
                message: reason.clone(),
                data: None,
                date: now,
                sub_error: None,
                session_id: None,
            };
            Message::Fault(Fault { blame, reason, detail: Some((Operation::SyncSendMessage, info)) })
        });
        self.seal(message, envelope, switch).unwrap_or_default()
    }

    fn try_answer(
        &self,
        envelope: &[u8],
        (now, switch): (Timestamp, Switch),
        reply: impl FnOnce(&Asked<'_>) -> Result<Reply, shep::Error>,
    ) -> Result<Message, Refusal> {
        let read = Envelope::read(envelope).map_err(|it| unreadable(&it))?;
        let Message::SyncRequest(request) = read.message else {
            return Err((Code::Format, "only `SendMessage` is answered here".to_owned()));
        };
        if request.info.service_id != self.service {
            return Err((Code::ServiceUnknown, "the service is not known here".to_owned()));
        }
        if switch == Switch::Fault {
            return Err((Code::Internal, "a simulated failure".to_owned()));
        }
        let transport = [Code::TransportUnsigned, Code::TransportSignature, Code::TransportCertificate];
        self.check(eds::xml::verify_body(envelope), transport, now)?;
        let data = request.data.as_ref().ok_or((Code::Format, "there is no payload".to_owned()))?;
        let document = data.document().ok_or((Code::DataUnsigned, "the payload is plain text".to_owned()))?;
        let payload = [Code::DataUnsigned, Code::DataSignature, Code::DataCertificate];
        self.check(eds::xml::verify_enveloped(document.as_bytes()), payload, now)?;
        let id = format!("{SIMULATED}{}", request.info.message_id);
        let asked = Asked { request: &request, data, now, switch, id, code: self.identity.code() };
        let reply = reply(&asked).map_err(|it| unreadable(&it))?;
        let id = asked.id.clone();
        self.response(&request, reply, (now, switch), id).ok_or((Code::Internal, "not signed".to_owned()))
    }

    fn check(
        &self,
        signed: Result<eds::xml::Signed, eds::xml::Error>,
        [unsigned, wrong, certificate]: [Code; 3],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        match signed {
            Err(eds::xml::Error::NotSigned) => Err((unsigned, "not signed".to_owned())),
            Err(error) => Err((wrong, error.code().to_owned())),
            Ok(signed) if self.identity.believes(&signed.certificate_der, now) => Ok(()),
            Ok(_) => Err((certificate, "the certificate is not valid here".to_owned())),
        }
    }

    fn response(
        &self,
        request: &SyncRequest,
        reply: Reply,
        (now, switch): (Timestamp, Switch),
        message_id: String,
    ) -> Option<Message> {
        let no_data = switch == Switch::NoData;
        let (code, words) = if no_data {
            (Code::NoData, "No data (simulated)")
        } else {
            (reply.code, "Message has been processed successfully (simulated)")
        };
        let data = if no_data {
            None
        } else {
            let mut signed =
                self.identity.sign(|signer| eds::xml::sign_enveloped(&reply.document, signer))?;
            if switch == Switch::BadPayload {
                signed = signed.replacen("</messageId>", "x</messageId>", 1);
            }
            Some((reply.data)(signed).ok()?)
        };
        let info = ResponseInfo {
            message_id,
            correlation_id: request.info.correlation_id.clone(),
            response_date: now,
            status: Status { code, message: words.to_owned() },
            session_id: None,
        };
        Some(Message::SyncResponse(SyncResponse { info, data }))
    }

    /// Signs an answer that names the digest of its question, as systems of this kind do.
    fn seal(&self, message: Message, question: &[u8], switch: Switch) -> Option<Vec<u8>> {
        let body_id = BodyId::new("id-simulated-answer");
        let answer = Envelope { channel: Channel::Sync, body_id, message };
        let text = answer.write_answering(&eds::sha256(question)).ok()?;
        if switch == Switch::Unsigned {
            return Some(text.into_bytes());
        }
        let signed = self.identity.sign(|signer| eds::xml::sign_body(&text, signer))?;
        let sent = if switch == Switch::BadSignature {
            signed.replacen("(simulated)", "(Simulated)", 1)
        } else {
            signed
        };
        Some(sent.into_bytes())
    }
}

fn unreadable(error: &shep::Error) -> Refusal {
    (error.fault_code(), error.to_string())
}
