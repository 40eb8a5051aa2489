// SPDX-License-Identifier: MIT OR Apache-2.0
//! Asking registers over the synchronous channel.

mod gbd_fl;
mod records;

use crate::inbound::{self, Binding, Checked, Refusal};
use crate::judged;
use crate::roots::Mode;
use crate::seal;
use crate::transport::Transport;
use crate::trust::{Believed, Peer};
use crate::wire::Wire;
use async_trait::async_trait;
use jiff::Timestamp;
use service::contracts::{AskedRule, RegisterContract};
use service::ports::registers::{Answer, Question, Record};
use service::ports::{Judged, PortError, Registers};
use shep::sync::{MessageInfo, SyncRequest, SyncResponse};
use shep::{Channel, Code, Data, Envelope, Message, Property, Sender};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long an answer is waited for.
pub const ANSWER_WAIT_SECONDS_MAX: u64 = 90;
/// The property that names the chain. **Ours**: the correlation id is the question's own, so that every answer, even
/// one without a payload, is bound to exactly one question.
pub const CHAIN_PROPERTY: &str = "QYZMET_CHAIN";
/// What the ids of simulated answers begin with.
pub const SIMULATED: &str = "SIM";

/// Where a register is.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its contract.
    pub contract: RegisterContract,
    /// Its endpoint at the transport.
    pub endpoint: String,
    /// Who signs the bodies of its answers: the register, or the gateway before it.
    pub peer: Peer,
    /// Who signs the payloads, where that is somebody else.
    pub payload: Option<Peer>,
}

/// Asks registers: one route for each, by the register's id.
#[derive(Debug)]
pub struct RegistersClient {
    wire: Wire,
    transport: Arc<dyn Transport>,
    routes: BTreeMap<String, Route>,
    /// Whether answers of simulators are taken.
    simulators: bool,
}

/// A payload codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    GbdFl,
    /// The profile of named values: any register that a contract describes.
    Records,
}

/// What a question's payload holds.
struct Asked<'a> {
    id: &'a str,
    register: &'a str,
    /// The interaction's id at the gateway.
    service: &'a str,
    iin: &'a str,
    /// What the contract takes from the form besides.
    values: &'a BTreeMap<String, String>,
    sender: &'a str,
    at: Timestamp,
}

/// What an answer's payload holds.
struct Told {
    message: String,
    request: String,
    records: Vec<Record>,
    /// The code of the payload, where it is another than that of a processed question.
    result: Option<String>,
    simulated: bool,
}

impl Codec {
    fn of(name: &str) -> Option<Self> {
        match name {
            "gbd-fl" => Some(Self::GbdFl),
            "records" => Some(Self::Records),
            _ => None,
        }
    }

    fn document(self, asked: &Asked<'_>) -> Result<String, shep::Error> {
        match self {
            Self::GbdFl => gbd_fl::document(asked),
            Self::Records => records::document(asked),
        }
    }

    fn data(self, signed: String) -> Result<Data, shep::Error> {
        match self {
            Self::GbdFl => Data::inline(signed),
            Self::Records => Data::element(signed),
        }
    }

    fn told(self, data: &Data, asked: &Asked<'_>) -> Result<Told, shep::Error> {
        match self {
            Self::GbdFl => gbd_fl::told(data, asked),
            Self::Records => records::told(data, asked),
        }
    }
}

impl RegistersClient {
    /// Returns the asker of these registers; a contract with an unknown transport is an error that names it.
    pub fn new(
        wire: Wire,
        transport: Arc<dyn Transport>,
        routes: impl IntoIterator<Item = Route>,
    ) -> Result<Self, String> {
        let mut known = BTreeMap::new();
        for route in routes {
            if !Self::speaks(&route.contract.transport) {
                return Err(format!(
                    "register `{}`: no codec is called `{}`",
                    route.contract.id, route.contract.transport
                ));
            }
            known.insert(route.contract.id.clone(), route);
        }
        Ok(Self { wire, transport, routes: known, simulators: true })
    }

    /// Says whether there is a codec of that name, which is a contract's `transport`.
    pub fn speaks(transport: &str) -> bool {
        Codec::of(transport).is_some()
    }

    /// Takes answers as this mode demands: production takes none of a simulator, whoever signed it.
    #[must_use]
    pub fn in_mode(mut self, mode: Mode) -> Self {
        self.simulators = mode == Mode::Development;
        self
    }

    fn envelope(
        &self,
        codec: Codec,
        route: &Route,
        question: &Question,
        asked: &Asked<'_>,
    ) -> Result<Vec<u8>, PortError> {
        let document = codec.document(asked).map_err(|it| seal::unwritable(&it))?;
        let signed = seal::payload(&document, &self.wire.keys)?;
        let info = MessageInfo {
            message_id: asked.id.to_owned(),
            correlation_id: Some(asked.id.to_owned()),
            service_id: route.contract.service_id.clone(),
            message_date: asked.at,
            route_id: None,
            sender: Sender { id: asked.sender.to_owned(), password: None },
            properties: vec![Property {
                key: CHAIN_PROPERTY.to_owned(),
                value: question.correlation.to_string(),
            }],
            session_id: None,
        };
        let data = Some(codec.data(signed).map_err(|it| seal::unwritable(&it))?);
        let message = Message::SyncRequest(SyncRequest { info, data });
        seal::envelope(Channel::Sync, message, question.message, &self.wire.keys)
    }

    async fn read(
        &self,
        codec: Codec,
        route: &Route,
        asked: &Asked<'_>,
        (question, bytes): (&[u8], &[u8]),
    ) -> Result<(Told, Judged), PortError> {
        let envelope = Envelope::read(bytes).map_err(|it| inbound::not_theirs(&it.into()))?;
        let signed = inbound::check_body(bytes, &route.peer, &self.wire).await;
        let ours = signed.as_ref().is_ok_and(|it| it.answers(question, Binding::IfTold));
        if let Message::Fault(fault) = &envelope.message {
            return Err(inbound::told_fault(fault, ours));
        }
        let signed = signed.map_err(|it| inbound::not_theirs(&it))?;
        if !ours {
            return Err(inbound::of_another_question());
        }
        let Message::SyncResponse(response) = envelope.message else {
            return Err(unusable("the answer is no answer"));
        };
        if response.info.correlation_id.as_deref() != Some(asked.id) {
            return Err(PortError::Unavailable("the answer names another question".to_owned()));
        }
        let (told, payload) = self.told(codec, route, asked, response).await?;
        let believed: Vec<&Believed> =
            std::iter::once(&signed.believed).chain(payload.as_ref().map(|it| &it.believed)).collect();
        Ok((told, judged::write(&believed, self.wire.clock.now())?))
    }

    async fn told(
        &self,
        codec: Codec,
        route: &Route,
        asked: &Asked<'_>,
        response: SyncResponse,
    ) -> Result<(Told, Option<Checked>), PortError> {
        let simulated = response.info.message_id.starts_with(SIMULATED);
        let says_nobody = response.info.status.code == Code::NoData;
        let data = match (&response.info.status.code, response.data) {
            (Code::NoData, None) => {
                let told = Told {
                    message: response.info.message_id,
                    request: asked.id.to_owned(),
                    records: Vec::new(),
                    result: None,
                    simulated,
                };
                return Ok((told, None));
            }
            (Code::Success | Code::NoData, Some(data)) => data,
            (code, _) => {
                return Err(PortError::Unavailable(format!("the register answers {}", code.as_str())));
            }
        };
        let signer = route.payload.as_ref().unwrap_or(&route.peer);
        let payload = inbound::check_payload(&data, signer, &self.wire).await?;
        let mut told = codec.told(&data, asked).map_err(Refusal::from)?;
        if told.request != asked.id {
            return Err(unusable("the payload answers another question"));
        }
        // Who is refused an answer, for example by a rejected consent, is not somebody whom the register does not know.
        let nobody = |code: &&String| says_nobody || route.contract.not_found.contains(*code);
        if let Some(code) = told.result.as_ref().filter(|it| told.records.is_empty() && !nobody(it)) {
            return Err(PortError::Unavailable(format!("the register answers messageResult {code}")));
        }
        told.message = response.info.message_id;
        told.simulated |= simulated;
        Ok((told, Some(payload)))
    }
}

#[async_trait]
impl Registers for RegistersClient {
    async fn ask(&self, question: &Question) -> Result<Answer, PortError> {
        let route = self.routes.get(question.register.as_str());
        let route = route.ok_or_else(|| unusable("the register has no route"))?;
        let codec = Codec::of(&route.contract.transport).ok_or_else(|| unusable("no such codec"))?;
        let lacks = |rule: &&AskedRule| rule.required && !question.values.contains_key(&rule.name);
        if let Some(rule) = route.contract.asked.iter().find(lacks) {
            return Err(unusable(&format!("the question lacks `{}`", rule.name)));
        }
        let id = question.message.to_string();
        let asked = Asked {
            id: &id,
            register: question.register.as_str(),
            service: &route.contract.service_id,
            iin: &question.iin,
            values: &question.values,
            sender: self.wire.keys.sender(),
            at: self.wire.clock.now(),
        };
        let request = self.envelope(codec, route, question, &asked)?;
        let wait = Duration::from_secs(ANSWER_WAIT_SECONDS_MAX);
        let answer = tokio::time::timeout(wait, self.transport.exchange(&route.endpoint, request.clone()))
            .await
            .map_err(|_| PortError::Unavailable("the register gave no answer in time".to_owned()))??;
        let (told, judged) = self.read(codec, route, &asked, (&request, &answer)).await?;
        if told.simulated && !self.simulators {
            return Err(unusable("a simulator answers, which production does not take"));
        }
        Ok(Answer {
            message: told.message,
            records: told.records,
            question: request,
            envelope: answer,
            judged,
            simulated: told.simulated,
        })
    }
}

fn unusable(why: &str) -> PortError {
    PortError::Unusable(why.to_owned())
}

/// Collects the values that are there.
fn record<const N: usize>(values: [(&str, Option<String>); N]) -> Record {
    values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|it| !it.is_empty())?)))
        .collect()
}
