// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registers of the profile of named values: a contract is all there is of them.

use crate::world::{self, Simulated, contract, identity, peer, wait, wire};
use engine::case::{Application, Value};
use gateway::{InProcess, Mode, RegistersClient, Route};
use service::contracts::RegisterContract;
use service::ports::registers::{Answer, Question};
use service::ports::{PortError, Registers};
use simulators::{People, Records, Rows, Switch};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// A register that nobody wrote a line of code about.
const BOATS: &str = r#"
id = "boats"
transport = "records"
service_id = "QYZMET_BOATS_SYNC"
ours = true
title = { kk = "Қайықтар тізілімі", ru = "Реестр лодок", en = "Register of boats" }
asked = [{ name = "number", field = "boat_number" }]
value = [{ fact = "boat.since", record = "from" }]

[[fact]]
id = "boat.found"
rule = "exists"
unless = ["ended"]
"#;

const BOAT_ROWS: &str = r#"
invented = true
row = [
    { register = "boats", person = "p01", values = { number = "AB-1", from = "2020-01-01", to = "2021-01-01" } },
    { register = "boats", person = "p01", values = { number = "AB-2", from = "2022-05-05" } },
    { register = "boats", person = "p02", values = { number = "AB-3", from = "2027-01-01" } },
    { register = "boats", person = "p03", values = { number = "AB-4", to = "tomorrow" } },
    { register = "cars", person = "p40", values = { number = "AB-5" } },
]
"#;

struct Made {
    contract: RegisterContract,
    register: Arc<Records>,
    client: RegistersClient,
}

fn made(contract: RegisterContract, rows: &Rows) -> Made {
    let people = Arc::new(People::house().unwrap());
    let named = (contract.id.as_str(), contract.service_id.as_str());
    let register = Arc::new(Records::new(identity("ANY"), people, named, rows));
    let hub = Arc::new(InProcess::new());
    hub.register("there", Arc::new(Simulated(Arc::clone(&register), Records::answer)));
    let route = Route {
        contract: contract.clone(),
        endpoint: "there".to_owned(),
        peer: peer("gateway"),
        payload: None,
    };
    let client = RegistersClient::new(wire("qyzmet-portal", "transport-portal"), hub, [route]).unwrap();
    Made { contract, register, client }
}

fn boats() -> Made {
    let people = People::house().unwrap();
    made(RegisterContract::parse(BOATS).unwrap(), &Rows::parse(BOAT_ROWS, &people).unwrap())
}

fn house(id: &str) -> Made {
    made(contract(id), &Rows::house(&People::house().unwrap()).unwrap())
}

impl Made {
    fn ask(&self, person: &str, values: &[(&str, &str)]) -> Result<Answer, PortError> {
        wait(self.client.ask(&self.question(person, values)))
    }

    fn question(&self, person: &str, values: &[(&str, &str)]) -> Question {
        Question {
            register: self.contract.id.as_str().into(),
            iin: People::house().unwrap().by_id(person).unwrap().iin.clone(),
            values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            message: Uuid::from_u128(42),
            correlation: Uuid::from_u128(43),
        }
    }

    /// Returns the facts about a person, as texts.
    fn facts(&self, person: &str) -> BTreeMap<String, String> {
        let answer = self.ask(person, &[]).unwrap();
        assert!(answer.simulated);
        let facts = self.contract.facts(&answer.records, &Application::empty());
        let text = |it: Value| match it {
            Value::Bool(it) => it.to_string(),
            Value::Text(it) => it,
            Value::Entries(it) => format!("{} entries", it.len()),
        };
        facts.into_iter().map(|(id, value)| (id.to_string(), text(value))).collect()
    }
}

#[test]
fn a_register_of_the_known_profile_is_added_by_its_contract_alone() {
    let boats = boats();
    let found = boats.facts("p01");
    // The boat that was given away does not count, the one held today does.
    assert_eq!(found["boat.found"], "true");
    assert_eq!(found["boat.since"], "2022-05-05");
    // One that begins next year counts as little as none at all, or one of another register.
    assert_eq!(boats.facts("p02")["boat.found"], "false");
    assert_eq!(boats.facts("p40")["boat.found"], "false");
}

#[test]
fn what_the_contract_asks_by_besides_reaches_the_register() {
    let boats = boats();
    let number = |number: &str| {
        let answer = boats.ask("p01", &[("number", number)]).unwrap();
        answer.records.iter().filter_map(|it| it.get("from").cloned()).collect::<Vec<_>>()
    };
    assert_eq!(number("AB-2"), ["2022-05-05"]);
    assert!(number("AB-9").is_empty());
}

#[test]
fn a_day_that_cannot_be_read_never_counts_by_accident() {
    let refused = boats().ask("p03", &[]).unwrap_err();
    assert!(matches!(refused, PortError::Unusable(_)), "{refused}");
}

#[test]
fn the_three_registers_that_ship_tell_their_facts() {
    let labour = house("labour-market");
    let unemployed = labour.facts("p04");
    assert_eq!(
        (unemployed["labour.unemployed"].as_str(), unemployed["labour.from"].as_str()),
        ("true", "2026-09-01")
    );
    assert_eq!(labour.facts("p08")["labour.employed"], "true");
    // Sought work until 2025.
    assert_eq!(labour.facts("p03")["labour.unemployed"], "false");
    let civil = house("civil-acts");
    assert_eq!(civil.facts("p02")["civil.married"], "true");
    assert_eq!(civil.facts("p03")["civil.married"], "false");
    assert_eq!(civil.facts("p07")["civil.birth"], "true");
    let addresses = house("addresses");
    assert_eq!(addresses.facts("p02")["address.district"], "3532");
    assert_eq!(addresses.facts("p40")["address.registered"], "false");
}

#[test]
fn a_register_of_the_profile_misbehaves_by_the_same_switches() {
    let boats = boats();
    let ask = |switch| {
        boats.register.set(switch);
        boats.ask("p01", &[]).map(|it| it.records.len())
    };
    assert_eq!(ask(Switch::Proper), Ok(2));
    assert_eq!(ask(Switch::NoPerson), Ok(0));
    assert_eq!(ask(Switch::NoData), Ok(0));
    for switch in [Switch::WrongRequest, Switch::BadPayload] {
        assert!(matches!(ask(switch), Err(PortError::Unusable(_))), "{switch:?}");
    }
    for switch in [Switch::Silent, Switch::Fault, Switch::BadSignature, Switch::Unsigned] {
        assert!(matches!(ask(switch), Err(PortError::Unavailable(_))), "{switch:?}");
    }
}

#[test]
fn production_takes_no_answer_of_a_simulator() {
    let made = world::registers();
    let question = Question { register: "gbd-fl".into(), ..boats().question("p01", &[]) };
    assert!(wait(made.client.ask(&question)).is_ok());
    let production = made.client.in_mode(Mode::Production);
    let refused = wait(production.ask(&question)).unwrap_err();
    let words = "a simulator answers, which production does not take";
    assert_eq!(refused, PortError::Unusable(words.to_owned()));
}
