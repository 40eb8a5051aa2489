// SPDX-License-Identifier: MIT OR Apache-2.0
//! A notarised power of attorney: in force, over, revoked, of another.

use crate::world::{contract, registers, wait};
use engine::Value;
use engine::case::Application;
use service::ports::Registers as _;
use service::ports::registers::Question;
use simulators::People;
use uuid::Uuid;

/// Whether the power is found when `principal` is represented by `representative` under this number and date.
fn found(principal: &str, representative: &str, number: &str, date: &str) -> Option<Value> {
    let people = People::house().unwrap();
    let iin = |id: &str| people.by_id(id).unwrap().iin.clone();
    let contract = contract("enis");
    let mut application = Application::empty();
    let fields = [("representative_iin", iin(representative)), ("power_number", number.to_owned())];
    for (id, text) in fields.into_iter().chain([("power_date", date.to_owned())]) {
        application.fields.insert(id.into(), Value::Text(text));
    }
    let question = Question {
        register: "enis".into(),
        iin: iin(principal),
        values: contract.question(&application),
        message: Uuid::from_u128(1),
        correlation: Uuid::from_u128(2),
    };
    let answer = wait(registers().client.ask(&question)).unwrap();
    contract.facts(&answer.records, &application).remove(&"power.found".into())
}

#[test]
fn only_a_power_in_force_of_this_person_for_this_one_counts() {
    let yes = Some(Value::Bool(true));
    let no = Some(Value::Bool(false));
    assert_eq!(found("p02", "p14", "1-204", "2015-08-17"), yes);
    assert_eq!(found("p02", "p14", "1-205", "2015-08-17"), no, "another number");
    assert_eq!(found("p02", "p14", "1-204", "2015-08-18"), no, "another date");
    assert_eq!(found("p02", "p15", "1-204", "2015-08-17"), no, "another representative");
    assert_eq!(found("p14", "p02", "1-204", "2015-08-17"), no, "the other way round");
    assert_eq!(found("p03", "p14", "1-88", "2014-05-12"), no, "over");
    assert_eq!(found("p04", "p14", "1-315", "2015-02-03"), no, "revoked");
}

#[test]
fn a_question_without_the_power_is_not_sent() {
    let question = Question {
        register: "enis".into(),
        iin: People::house().unwrap().by_id("p02").unwrap().iin.clone(),
        values: std::collections::BTreeMap::new(),
        message: Uuid::from_u128(1),
        correlation: Uuid::from_u128(2),
    };
    assert!(wait(registers().client.ask(&question)).is_err());
}
