// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers that speak of an age go with the date of birth on the day of the application.

use engine::Value;
use engine::case::Application;
use engine::form::{ProblemKind, ages};
use jiff::civil::{Date, date};
use regulation::model::FieldId;
use std::collections::BTreeMap;

const NAME: &str = "regulations/child-allowance/2015.toml";
const TEXT: &str = include_str!("../../../../regulations/child-allowance/2015.toml");

/// Returns where a family of one, born that day and consenting so, is wrong.
fn wrong(born: &str, consent: &str, on: Date) -> Vec<String> {
    let regulation = regulation::parse(NAME, TEXT).unwrap();
    let entry: BTreeMap<FieldId, String> = [("birth_date", born), ("member_consent", consent)]
        .map(|(id, text)| (FieldId::from(id), text.to_owned()))
        .into();
    let fields = BTreeMap::from([(FieldId::from("family"), Value::Entries(vec![entry]))]);
    let found = ages(&regulation, &Application { fields, ..Application::empty() }, on);
    assert!(found.iter().all(|it| it.kind == ProblemKind::NotOfThatAge));
    found.into_iter().map(|it| it.path).collect()
}

#[test]
fn who_is_of_age_consents_himself_from_the_birthday_on() {
    let birthday = date(2026, 11, 23);
    let path = ["family.0.member_consent"];
    assert_eq!(wrong("2008-11-23", "minor", birthday), path);
    assert_eq!(wrong("2008-11-23", "given", birthday), [""; 0]);
    assert_eq!(wrong("2008-11-24", "minor", birthday), [""; 0]);
    assert_eq!(wrong("2008-11-24", "given", birthday), path);
}

#[test]
fn a_birthday_of_the_leap_day_is_kept_on_the_first_of_march() {
    assert_eq!(wrong("2008-02-29", "minor", date(2026, 2, 28)), [""; 0]);
    assert_eq!(wrong("2008-02-29", "minor", date(2026, 3, 1)).len(), 1);
}

#[test]
fn what_is_not_given_is_told_elsewhere() {
    for born in ["", "24.11.2008"] {
        assert_eq!(wrong(born, "minor", date(2026, 11, 23)), [""; 0], "{born}");
    }
}
