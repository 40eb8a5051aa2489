// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fault switches: bounds, and what they make of each question.

use simulators::Faults;
use simulators::faults::{Carry, FaultsError, Flapping};

fn read(json: &str) -> Faults {
    serde_json::from_str(json).unwrap()
}

fn first(faults: Faults, count: u64) -> Vec<Carry> {
    (0..count).map(|it| faults.carry(it)).collect()
}

#[test]
fn without_switches_every_answer_is_carried_whole() {
    assert_eq!(first(Faults::default(), 3), [Carry::Whole; 3]);
    assert_eq!(read("{}"), Faults::default());
}

#[test]
fn a_flapping_register_comes_and_goes_in_turns() {
    let faults = read(r#"{"flapping": {"good": 2, "bad": 1}, "truncate": true}"#);
    let down = Carry::Status(503);
    let up = Carry::Truncated;
    assert_eq!(first(faults, 6), [up, up, down, up, up, down]);
}

#[test]
fn a_duplicate_stands_in_the_place_of_every_second_answer() {
    assert_eq!(first(read(r#"{"duplicate": true}"#), 3), [Carry::Whole, Carry::Before, Carry::Whole]);
}

#[test]
fn switches_out_of_bounds_are_refused_and_unknown_ones_named() {
    assert_eq!(read(r#"{"status": 200}"#).check(), Err(FaultsError::Status));
    assert_eq!(read(r#"{"delay_ms": 600001}"#).check(), Err(FaultsError::Delay));
    let empty = Faults { flapping: Some(Flapping { good: 0, bad: 1 }), ..Faults::default() };
    assert_eq!(empty.check(), Err(FaultsError::Run));
    assert!(read(r#"{"status": 599, "answer": "bad-signature"}"#).check().is_ok());
    let unknown = serde_json::from_str::<Faults>(r#"{"dely_ms": 1}"#).unwrap_err();
    assert!(unknown.to_string().contains("dely_ms"));
}
