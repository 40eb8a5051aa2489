// SPDX-License-Identifier: MIT OR Apache-2.0
//! The contracts of registers and the regulation, read together.

use crate::world::{contract, now, registers, wait};
use engine::case::{Application, Value};
use regulation::model::{FactId, FieldId};
use service::ports::Registers;
use service::ports::registers::Question;
use simulators::People;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn regulation() -> toml_text::Text {
    toml_text::read()
}

/// The regulation's text, and the few names that are looked for in it.
mod toml_text {
    pub(super) struct Text(pub(super) String);

    pub(super) fn read() -> Text {
        let path =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations/guardianship-certificate/2015.toml");
        Text(std::fs::read_to_string(path).unwrap())
    }

    impl Text {
        /// Returns the values of `key = "…"`.
        pub(super) fn values(&self, key: &str) -> Vec<String> {
            let start = format!("{key} = \"");
            let lines = self.0.lines().filter_map(|it| it.strip_prefix(start.as_str()));
            lines.filter_map(|it| it.strip_suffix('"')).map(str::to_owned).collect()
        }
    }
}

#[test]
fn every_fact_and_prefill_of_the_regulation_is_told_by_a_contract() {
    let text = regulation();
    let contracts = [contract("gbd-fl"), contract("guardianship")];
    let told: BTreeSet<String> = contracts
        .iter()
        .flat_map(|it| {
            let facts = it.fact.iter().map(|it| it.id.to_string());
            facts.chain(it.value.iter().map(|it| it.fact.to_string())).collect::<Vec<_>>()
        })
        .collect();
    let ids: BTreeSet<String> = text.values("id").into_iter().collect();
    assert!(told.iter().all(|it| ids.contains(it)), "{told:?}");
    let blocks = text.0.split("[[fact]]").skip(1).filter_map(|it| it.split("\n\n").next());
    let asked = blocks.filter(|it| it.contains("\nregister = \""));
    for block in asked {
        let id = block.lines().find_map(|it| it.strip_prefix("id = \"")?.strip_suffix('"')).unwrap();
        assert!(told.contains(id), "no contract tells `{id}`");
    }
    for prefill in text.values("prefill") {
        let (register, name) = prefill.split_once('.').unwrap();
        let contract = contracts.iter().find(|it| it.id == register).unwrap();
        assert!(contract.prefill.iter().any(|it| it.name == name), "no contract gives `{prefill}`");
    }
}

#[test]
fn the_fields_that_are_compared_stand_in_the_form() {
    let ids: BTreeSet<String> = regulation().values("id").into_iter().collect();
    for rule in contract("guardianship").fact {
        assert!(rule.field.iter().all(|it| ids.contains(it.as_str())));
        assert!(rule.on.iter().all(|it| ids.contains(it.0.as_str())));
    }
}

fn child(person: &str) -> BTreeMap<FieldId, String> {
    let people = People::house().unwrap();
    let it = people.by_id(person).unwrap();
    let pairs = [
        ("surname", it.name.surname.to_uppercase()),
        ("given", it.name.given.clone()),
        ("birth_date", it.birth.to_string()),
    ];
    pairs.into_iter().map(|(id, text)| (FieldId::from(id), text)).collect()
}

fn found(guardian: &str, children: &[&str]) -> BTreeMap<FactId, Value> {
    let iin = People::house().unwrap().by_id(guardian).unwrap().iin.clone();
    let question = Question {
        register: "guardianship".into(),
        iin,
        values: std::collections::BTreeMap::new(),
        message: Uuid::from_u128(1),
        correlation: Uuid::from_u128(2),
    };
    let answer = wait(registers().client.ask(&question)).unwrap();
    let mut application = Application::empty();
    let entries = children.iter().map(|it| child(it)).collect();
    application.fields.insert("children".into(), Value::Entries(entries));
    contract("guardianship").facts(&answer.records, &application)
}

#[test]
fn the_demonstration_shows_both_ways() {
    let yes = |guardian, children: &[&str]| {
        found(guardian, children)[&FactId::from("guardianship.found")] == Value::Bool(true)
    };
    // The automatic way.
    assert!(yes("p01", &["p07"]) && yes("p01", &["p07", "p11"]) && yes("p02", &["p34"]));
    assert!(yes("p55", &["p27", "p28"]));
    // By hand: no record; a child of somebody else; one that is of full age; one that ended.
    assert!(!yes("p40", &["p33"]) && !yes("p01", &["p07", "p34"]));
    assert!(!yes("p14", &["p18"]) && !yes("p54", &["p47"]));
    let facts = found("p02", &["p34"]);
    assert_eq!(facts[&FactId::from("guardianship.act_number")], Value::Text("87-қ".to_owned()));
    assert_eq!(facts[&FactId::from("guardianship.role")], Value::Text("custodian".to_owned()));
}

#[test]
fn every_official_of_the_organisations_is_a_person_of_the_register() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../organizations");
    let people = People::house().unwrap();
    let mut officials = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().filter(|it| it.starts_with("holder = ")) {
            let part = |key: &str| {
                let (_, rest) = line.split_once(&format!("{key} = \"")).unwrap();
                rest.split_once('"').unwrap().0.to_owned()
            };
            let person = people.by_iin(&part("iin")).unwrap();
            assert_eq!(person.name.full(), part("full_name"));
            assert!(!person.unknown && !person.excluded && person.death.is_none());
            officials += 1;
        }
    }
    assert!(officials >= 10, "{officials} at {}", now());
}
