// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sample messages beside each contract are what this program sends and takes.
//!
//! `UPDATE_GOLDEN=1 cargo test -p gateway` writes them anew; read the difference before committing it.

use crate::world::{registers, wait, wire};
use gateway::{RegistersClient, Route, Transport};
use service::ports::registers::Question;
use service::ports::{PortError, Registers};
use simulators::{People, Switch};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Keeps the question and the answer.
#[derive(Debug)]
struct Ear(Arc<gateway::InProcess>, Mutex<Vec<(&'static str, String)>>);

#[async_trait::async_trait]
impl Transport for Ear {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let answer = self.0.exchange(endpoint, envelope.clone()).await?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        *self.1.lock().unwrap() = vec![("request", text(envelope)), ("response", text(answer.clone()))];
        Ok(answer)
    }
}

fn ask(register: &str, person: &str, switch: Switch) -> Vec<(&'static str, String)> {
    let made = registers();
    made.set(switch);
    let ear = Arc::new(Ear(made.hub, Mutex::default()));
    let route = Route {
        contract: crate::world::contract(register),
        endpoint: register.to_owned(),
        peer: crate::world::peer("gateway"),
        payload: None,
    };
    let wire = wire("qyzmet-portal", "transport-portal");
    let client = RegistersClient::new(wire, Arc::clone(&ear) as _, [route]).unwrap();
    let question = Question {
        register: register.into(),
        iin: People::house().unwrap().by_id(person).unwrap().iin.clone(),
        values: if register == "enis" { power() } else { BTreeMap::new() },
        message: "01932d5c-0000-7000-8000-000000000001".parse().unwrap(),
        correlation: Uuid::nil(),
    };
    drop(wait(client.ask(&question)));
    ear.1.lock().unwrap().clone()
}

/// What the notaries' register is asked besides.
fn power() -> BTreeMap<String, String> {
    let representative = People::house().unwrap().by_id("p14").unwrap().iin.clone();
    let values =
        [("representative_iin", representative.as_str()), ("number", "1-204"), ("date", "2015-08-17")];
    values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Takes out the signatures and what follows from them: keys of the development authority are made anew each time.
fn bare(mut text: String) -> String {
    for (open, close) in [("<soapenv:Header>", "</soapenv:Header>"), ("<ds:Signature ", "</ds:Signature>")] {
        while let Some((before, rest)) = text.split_once(open) {
            text = format!("{before}{}", rest.split_once(close).unwrap().1);
        }
    }
    // The digest of the question differs with its signatures.
    if let Some((before, rest)) = text.split_once("qz:requestSha256=\"") {
        let behind = rest.split_once('"').unwrap().1;
        text = format!("{before}qz:requestSha256=\"SHA-256 of the question, in hex\"{behind}");
    }
    // A line an element, for the eye.
    let declared = text.replacen("?><", "?>\n<", 1);
    declared.replace("><", ">\n<") + "\n"
}

fn differs(register: &str, name: &str, text: &str) -> bool {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../registers")).join(register);
    let path = folder.join("samples").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    std::fs::read_to_string(&path).unwrap_or_default() != text
}

#[test]
fn the_samples_are_what_is_sent_and_taken() {
    let mut stale = Vec::new();
    let cases = [
        ("gbd-fl", "p01", Switch::Proper, "found"),
        ("gbd-fl", "p12", Switch::Proper, "deceased"),
        ("gbd-fl", "p38", Switch::Proper, "not-found"),
        ("gbd-fl", "p01", Switch::Fault, "fault"),
        ("guardianship", "p01", Switch::Proper, "found"),
        ("guardianship", "p14", Switch::Proper, "ended"),
        ("guardianship", "p40", Switch::Proper, "not-found"),
        ("enis", "p02", Switch::Proper, "found"),
        ("enis", "p01", Switch::Proper, "not-found"),
        ("labour-market", "p04", Switch::Proper, "found"),
        ("labour-market", "p40", Switch::Proper, "not-found"),
        ("civil-acts", "p03", Switch::Proper, "found"),
        ("civil-acts", "p40", Switch::Proper, "not-found"),
        ("addresses", "p02", Switch::Proper, "found"),
        ("addresses", "p40", Switch::Proper, "not-found"),
    ];
    for (register, person, switch, what) in cases {
        for (side, text) in ask(register, person, switch) {
            let name =
                if side == "request" { "request.xml".to_owned() } else { format!("{side}-{what}.xml") };
            if side == "request" && what != "found" {
                continue;
            }
            if differs(register, &name, &bare(text)) {
                stale.push(format!("{register}/{name}"));
            }
        }
    }
    assert!(stale.is_empty(), "stale samples: {stale:?}; UPDATE_GOLDEN=1 writes them anew");
}
