// SPDX-License-Identifier: MIT OR Apache-2.0
//! A register that refuses a question does not say that there is no such person.

use super::question;
use crate::world::{self, registers, wait, wire};
use gateway::{RegistersClient, Route};
use service::ports::{PortError, Registers};
use simulators::Switch;
use simulators::registers::REFUSED;
use std::sync::Arc;

/// Asks a register that refuses, by a contract with these codes for nobody.
fn refused(not_found: &[&str]) -> Result<usize, PortError> {
    let made = registers();
    made.set(Switch::Refused);
    let mut contract = world::contract("gbd-fl");
    contract.not_found = not_found.iter().map(|it| (*it).to_owned()).collect();
    let route =
        Route { contract, endpoint: "gbd-fl".to_owned(), peer: world::peer("gateway"), payload: None };
    let wire = wire("qyzmet-portal", "transport-portal");
    let client = RegistersClient::new(wire, Arc::clone(&made.hub) as Arc<_>, [route]).unwrap();
    wait(client.ask(&question("gbd-fl", "p01"))).map(|it| it.records.len())
}

#[test]
fn a_code_that_nobody_knows_waits_and_decides_nothing() {
    let waits = PortError::Unavailable("the register answers messageResult 00099".to_owned());
    assert_eq!(refused(&[]), Err(waits.clone()));
    assert_eq!(refused(&["00042"]), Err(waits));
}

#[test]
fn a_code_that_the_contract_names_says_that_there_is_no_such_person() {
    assert_eq!(refused(&[REFUSED]), Ok(0));
}
