// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registers that do not ship, added to an installed program by their contracts.

use super::{AT, Program, ask, client_of, shipped};
use crate::road::borrow_keys;
use engine::case::{Application, Value};
use qyzmet::parts::StartError;
use qyzmet::parts::settings::{self, Reading};
use regulation::model::{FactId, FieldId};
use service::Settings;
use service::ports::registers::Question;
use service::ports::{PortError, Registers};
use simulators::People;
use std::path::{Path, PathBuf};

const BOATS: &str = r#"
id = "boats"
transport = "records"
service_id = "QYZMET_BOATS_SYNC"
ours = true
title = { kk = "Шағын кемелер тізілімі", ru = "Реестр маломерных судов", en = "Register of small vessels" }
[[fact]]
id = "boat.found"
rule = "exists"
unless = ["ended"]
"#;
const ROWS: &str = r#"
invented = true
[[row]]
register = "boats"
person = "p04"
values = { number = "KZ-0001", from = "2020-01-01" }
"#;

/// Writes a contract into the folder of what is added.
fn add(folder: &Path, register: &str, contract: &str) -> PathBuf {
    let path = folder.join("add/registers").join(register).join("register.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, contract).unwrap();
    path
}

fn read(folder: &Path) -> Result<Settings, StartError> {
    settings::read(&Reading { add: Some(folder.join("add")), ..Reading::default() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_of_the_known_profile_is_added_by_its_contract_alone() {
    let folder = tempfile::tempdir().unwrap();
    borrow_keys(folder.path(), AT);
    let contract = add(folder.path(), "boats", BOATS);
    let rows = folder.path().join("rows.toml");
    std::fs::write(&rows, ROWS).unwrap();
    let more = ["--contract", contract.to_str().unwrap(), "--rows", rows.to_str().unwrap()];
    let program = Program::start("boats", folder.path(), &more);
    let settings = read(folder.path()).unwrap();
    assert!(settings.registers.contains_key("gbd-fl"), "what ships stays");
    let contract = settings.registers.get("boats").expect("the contract that was added");
    let client = client_of(contract.clone(), folder.path(), &program);
    for (person, holds) in [("p04", true), ("p40", false)] {
        let answer = ask(&client, "boats", person, 1).await.unwrap();
        let facts = contract.facts(&answer.records, &Application::empty());
        assert_eq!(facts[&FactId::from("boat.found")], Value::Bool(holds), "{person}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_variant_with_consent_takes_the_place_of_the_contract_that_ships() {
    let folder = tempfile::tempdir().unwrap();
    borrow_keys(folder.path(), AT);
    let without = "service_id = \"GBDFL_UniversalServiceSync\"";
    let with = "service_id = \"GBDFLUniversal_token\"\nasked = [{ name = \"consent_token\", field = \"token\" }, \
                { name = \"consent_key\", field = \"key\" }]";
    let path = add(folder.path(), "gbd-fl", &shipped("gbd-fl").replace(without, with));
    let program = Program::start("gbd-fl", folder.path(), &["--contract", path.to_str().unwrap()]);
    let settings = read(folder.path()).unwrap();
    let contract = &settings.registers["gbd-fl"];
    let client = client_of(contract.clone(), folder.path(), &program);
    let mut application = Application::empty();
    for field in ["token", "key"] {
        application.fields.insert(FieldId::from(field), Value::Text("invented".to_owned()));
    }
    let question = Question {
        register: "gbd-fl".into(),
        iin: People::house().unwrap().by_id("p01").unwrap().iin.clone(),
        values: contract.question(&application),
        message: uuid::Uuid::from_u128(1),
        correlation: uuid::Uuid::from_u128(2),
    };
    assert_eq!(client.ask(&question).await.unwrap().records.len(), 1);
    let refused = ask(&client, "gbd-fl", "p01", 3).await.map(|it| it.records);
    assert!(matches!(refused, Err(PortError::Unusable(_))), "without a token nothing is asked: {refused:?}");
}

#[test]
fn an_added_contract_with_a_mistake_is_told_with_its_file() {
    let told = |register: &str, contract: &str| {
        let folder = tempfile::tempdir().unwrap();
        add(folder.path(), register, contract);
        let told = read(folder.path()).map(drop).unwrap_err().to_string();
        assert!(told.contains(&format!("registers/{register}/register.toml` cannot be read")), "{told}");
        told
    };
    assert!(told("boats", "id = \"boats\"").contains("missing field"));
    assert!(told("ships", BOATS).contains("the contract of `boats` stands in registers/boats/register.toml"));
    let pigeon = BOATS.replace("\"records\"", "\"carrier-pigeon\"");
    assert!(told("boats", &pigeon).contains("no codec is called `carrier-pigeon`"));
    let silent = shipped("gbd-fl").replace("\"person.found\"", "\"person.known\"");
    assert!(told("gbd-fl", &silent).contains("it does not tell `person.found`"));
}
