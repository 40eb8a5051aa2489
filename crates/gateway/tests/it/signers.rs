// SPDX-License-Identifier: MIT OR Apache-2.0
//! The body of an answer and its payload may have different signers: a gateway between signs bodies anew.

use crate::world::{self, registers, wait, wire};
use gateway::{Peer, RegistersClient, Route, Transport};
use service::ports::registers::Question;
use service::ports::{PortError, Registers};
use shep::Envelope;
use simulators::People;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// A gateway between: bodies signed anew by its own key, payloads as the register signed them.
#[derive(Debug)]
struct Between(Arc<dyn Transport>);

#[async_trait::async_trait]
impl Transport for Between {
    async fn exchange(&self, endpoint: &str, question: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let answer = self.0.exchange(endpoint, question.clone()).await?;
        let text = Envelope::read(&answer).unwrap().write_answering(&eds::sha256(&question)).unwrap();
        let sign = |it: &eds::xml::Signer<'_>| eds::xml::sign_body(&text, it).unwrap();
        Ok(crate::relay::with_key("transport-region", sign).into_bytes())
    }
}

fn question() -> Question {
    Question {
        register: "gbd-fl".into(),
        iin: People::house().unwrap().by_id("p01").unwrap().iin.clone(),
        values: BTreeMap::new(),
        message: Uuid::from_u128(42),
        correlation: Uuid::from_u128(43),
    }
}

#[test]
fn the_body_of_an_answer_and_its_payload_may_have_different_signers() {
    let made = registers();
    let ask = |peer: Peer, payload: Option<Peer>| {
        let route =
            Route { contract: world::contract("gbd-fl"), endpoint: "gbd-fl".to_owned(), peer, payload };
        let between = Arc::new(Between(Arc::<gateway::InProcess>::clone(&made.hub)));
        let client =
            RegistersClient::new(wire("qyzmet-portal", "transport-portal"), between, [route]).unwrap();
        wait(client.ask(&question())).map(|it| it.records.len())
    };
    let (carrier, register) = (world::peer("region"), world::peer("gateway"));
    assert_eq!(ask(carrier.clone(), Some(register.clone())), Ok(1));
    let refused = |code: &str| Err(PortError::Unusable(format!("{code}: peer-mismatch")));
    assert_eq!(ask(carrier.clone(), None), refused("SCE015"), "the carrier speaks for itself alone");
    assert_eq!(ask(carrier, Some(world::peer("center"))), refused("SCE015"));
    let body = ask(register.clone(), Some(register)).unwrap_err();
    assert_eq!(body, PortError::Unavailable("SCE005: peer-mismatch".to_owned()));
}
