// SPDX-License-Identifier: MIT OR Apache-2.0
//! The export keeps its shape: others compare with it step by step.

use regulation::{export, parse};
use serde_json::{Value, json, to_value};

const TEXT: &str = include_str!("../../../../regulations/guardianship-certificate/2015.toml");

fn exported() -> Value {
    let regulation = parse("regulations/guardianship-certificate/2015.toml", TEXT).unwrap();
    to_value(export([&regulation])).unwrap()
}

/// The step of that id.
fn step(export: &Value, id: &str) -> Value {
    let procedures = export["regulations"][0]["procedures"].as_array().unwrap();
    let steps = procedures.iter().flat_map(|it| it["steps"].as_array().unwrap());
    steps.into_iter().find(|it| it["id"] == id).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_process_has_every_key_and_the_act_words() {
    assert_eq!(
        step(&exported(), "provider.action-1"),
        json!({
            "id": "provider.action-1",
            "clause": "5.1",
            "printed_no": 1,
            "printed_label": "1-іс-қимыл",
            "kind": "process",
            "actor": "provider-office",
            "systems": [],
            "text_kk": "көрсетілетін қызметті берушінің кеңсесі Мемлекеттік корпорация ұсынған құжаттарды қабылдау мен тіркеуді жүзеге асырады. Орындалу ұзақтығы – 15 (он бес) минут",
            "norm": { "min": 15, "max": 15, "unit": "minutes" },
            "result_kk": "көрсетілетін қызметті алушының тіркелген құжаттары",
            "next": "provider.action-2",
            "yes": null,
            "no": null,
        })
    );
}

#[test]
fn a_condition_has_branches_and_a_system_acts_under_its_own_id() {
    let export = exported();
    let condition = step(&export, "portal.condition-1");
    assert_eq!(condition["kind"], "condition");
    assert_eq!(condition["actor"], "portal");
    assert_eq!(
        (&condition["yes"], &condition["no"]),
        (&json!("portal.process-3"), &json!("portal.process-2"))
    );
    assert_eq!(condition["next"], Value::Null);
    assert_eq!(step(&export, "center.process-9")["next"], "end:issued");
    assert_eq!(step(&export, "provider.action-3")["actor"], json!(["provider-executor", "provider-head"]));
}

#[test]
fn steps_of_ours_are_passed_over() {
    let export = exported();
    assert_eq!(step(&export, "provider.auto"), Value::Null);
    assert_eq!(step(&export, "provider.action-3")["next"], "provider.action-4");
}

#[test]
fn terms_and_anomalies_have_their_keys() {
    let export = exported();
    assert_eq!(
        export["regulations"][0]["terms"][0],
        json!({ "scope": "service", "min": 5, "max": 5, "unit": "minutes", "when": "guardianship.found" })
    );
    let anomaly = export["anomalies"][0].as_object().unwrap();
    let mut keys: Vec<&str> = anomaly.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["clause", "edition", "quote_kk", "rule", "service", "what"]);
}

#[test]
fn the_published_schema_names_the_keys_of_the_export() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/schemas/regulation-export.json")).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<String>>();
    let export = exported();
    let regulation = &schema["properties"]["regulations"]["items"];
    assert_eq!(keys(&schema["properties"]), keys(&export));
    assert_eq!(keys(&regulation["properties"]), keys(&export["regulations"][0]));
    assert_eq!(keys(&regulation["properties"]["act"]["properties"]), keys(&export["regulations"][0]["act"]));
    assert_eq!(keys(&schema["$defs"]["step"]["properties"]), keys(&step(&export, "portal.process-1")));
    assert_eq!(
        keys(&regulation["properties"]["terms"]["items"]["properties"]),
        keys(&export["regulations"][0]["terms"][0])
    );
    assert_eq!(
        keys(&schema["properties"]["anomalies"]["items"]["properties"]),
        keys(&export["anomalies"][0])
    );
}
