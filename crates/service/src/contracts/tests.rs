// SPDX-License-Identifier: MIT OR Apache-2.0
//! How records become facts.

use super::*;
use engine::case::Application;

const CONTRACT: &str = r#"
id = "guardianship"
transport = "records"
service_id = "QZ_GUARDIANSHIP"
ours = true
title = { kk = "Тізілім", ru = "Реестр", en = "Register" }
[[fact]]
id = "guardianship.found"
rule = "entries-match"
field = "children"
on = [["birth_date", "child_birth_date"], ["surname", "child_surname"]]
unless = ["ended"]
[[value]]
fact = "guardianship.act_number"
record = "act_number"
[[prefill]]
name = "surname"
record = "surname"
"#;

fn record(values: &[(&str, &str)]) -> Record {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn asking_for(children: &[(&str, &str)]) -> Application {
    let mut application = Application::empty();
    let entries = children
        .iter()
        .map(|(surname, born)| {
            BTreeMap::from([
                (FieldId::from("surname"), (*surname).to_owned()),
                (FieldId::from("birth_date"), (*born).to_owned()),
            ])
        })
        .collect();
    application.fields.insert(FieldId::from("children"), Value::Entries(entries));
    application
}

fn found(records: &[Record], application: &Application) -> Option<Value> {
    let contract = RegisterContract::parse(CONTRACT).unwrap();
    contract.facts(records, application).get(&FactId::from("guardianship.found")).cloned()
}

#[test]
fn every_child_must_be_in_the_register() {
    let held =
        [record(&[("child_surname", "Ержанова"), ("child_birth_date", "2015-05-06"), ("act_number", "17")])];
    assert_eq!(found(&held, &asking_for(&[(" ержанова", "2015-05-06")])), Some(Value::Bool(true)));
    let two = asking_for(&[("Ержанова", "2015-05-06"), ("Ержанов", "2017-01-01")]);
    assert_eq!(found(&held, &two), Some(Value::Bool(false)));
    assert_eq!(found(&held, &asking_for(&[])), Some(Value::Bool(false)));
}

#[test]
fn a_record_that_has_ended_does_not_count() {
    let held = [record(&[
        ("child_surname", "Ержанова"),
        ("child_birth_date", "2015-05-06"),
        ("ended", "2020-01-01"),
    ])];
    assert_eq!(found(&held, &asking_for(&[("Ержанова", "2015-05-06")])), Some(Value::Bool(false)));
}

#[test]
fn a_form_is_prefilled_from_a_record_that_counts() {
    let contract = RegisterContract::parse(CONTRACT).unwrap();
    let over = record(&[("surname", "Бұрынғы"), ("ended", "2020-01-01")]);
    let prefilled = |records: &[Record]| contract.prefill(records).remove("guardianship.surname");
    assert_eq!(prefilled(&[over.clone(), record(&[("surname", "Қазіргі")])]).as_deref(), Some("Қазіргі"));
    assert_eq!(prefilled(&[over]), None);
}
