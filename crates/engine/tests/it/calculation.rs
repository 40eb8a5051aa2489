// SPDX-License-Identifier: MIT OR Apache-2.0
//! Figures of a decision, worked out by hand: for each child by himself, then together.
//!
//! The act (guardian-allowance, item 3) speaks of «жетім баланы (жетім балаларды) және ата-анасының қамқорлығынсыз қалған
//! баланы (балаларды) асырап-бағуға жәрдемақы тағайындау туралы шешім»: one decision, an allowance for each child. Its amount
//! is the assumption of anomaly `amount-unstated`: 10 monthly calculation indices less the child's own income, not below zero.

use engine::Rates;
use engine::Value;
use engine::calculation::{Row, calculate, settle};
use engine::form::{ProblemKind, result_problems};
use jiff::civil::{Date, date};
use regulation::model::{Channel, FieldId, Regulation};
use std::collections::BTreeMap;

type Values = BTreeMap<FieldId, Value>;

/// In 2018 the index is 2 405 tenge: ten are 24 050.
const IN_2018: Date = date(2018, 6, 1);

fn allowance() -> Regulation {
    let text = include_str!("../../../../regulations/guardian-allowance/2018.toml");
    regulation::parse("regulations/guardian-allowance/2018.toml", text).unwrap()
}

fn rates() -> Rates {
    Rates::parse(include_str!("../../../../rates/kz.toml")).unwrap()
}

fn children(entries: &[&[(&str, &str)]]) -> Values {
    let entry = |it: &&[(&str, &str)]| {
        let name =
            [("surname", "А"), ("given", "Ә"), ("period_from", "2018-06-01"), ("period_to", "2018-12-31")];
        let all = name.iter().chain(it.iter());
        all.map(|(id, text)| (FieldId::from(*id), (*text).to_owned())).collect()
    };
    [(FieldId::from("decisions"), Value::Entries(entries.iter().map(entry).collect()))].into()
}

fn worked_out(values: &Values) -> Vec<Row> {
    calculate(&allowance(), &Values::new(), values, (&rates(), IN_2018))
}

fn stands(rows: &[Row]) -> Vec<(String, String)> {
    rows.iter().map(|it| (it.path(), it.stands().map_or("?".to_owned(), |it| it.to_string()))).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(path, figure)| ((*path).to_owned(), (*figure).to_owned())).collect()
}

#[test]
fn one_childs_high_income_does_not_lessen_the_allowance_of_the_others() {
    // 24 050 − 0 = 24 050; 24 050 − 30 000 is below zero: 0; 24 050 − 4 050 = 20 000. Together 44 050, where the sum of all
    // incomes taken from the sum of all bases would leave 3 × 24 050 − 34 050 = 38 100.
    let rows = worked_out(&children(&[
        &[("own_income", "0")],
        &[("own_income", "30000")],
        &[("own_income", "4050")],
    ]));
    let wanted = [
        ("base", "24050"),
        ("decisions.0.allowance", "24050"),
        ("decisions.1.allowance", "0"),
        ("decisions.2.allowance", "20000"),
        ("total", "44050"),
    ];
    assert_eq!(stands(&rows), pairs(&wanted));
}

#[test]
fn another_figure_for_one_child_goes_into_the_total_and_keeps_its_reason() {
    let given = [("own_income", "30000"), ("allowance", "5000"), ("allowance.reason", "қайта есептеу")];
    let mut values = children(&[&[("own_income", "0")], &given]);
    let rows = worked_out(&values);
    let wanted = [
        ("base", "24050"),
        ("decisions.0.allowance", "24050"),
        ("decisions.1.allowance", "5000"),
        ("total", "29050"),
    ];
    assert_eq!(stands(&rows), pairs(&wanted));
    let replaced: Vec<_> = rows.iter().filter(|it| it.is_replaced()).collect();
    assert_eq!(replaced.iter().map(|it| it.reason.as_deref()).collect::<Vec<_>>(), [Some("қайта есептеу")]);
    settle(&rows, &mut values);
    assert!(result_problems(&allowance(), Channel::Portal, &Values::new(), &values).is_empty());
}

#[test]
fn a_settled_form_holds_every_figure_and_no_reason_for_what_is_calculated() {
    let mut values = children(&[&[("own_income", "50"), ("allowance.reason", "артық сөз")]]);
    settle(&worked_out(&values), &mut values);
    let Some(Value::Entries(entries)) = values.get(&FieldId::from("decisions")) else { panic!() };
    assert_eq!(entries[0].get(&FieldId::from("allowance")).map(String::as_str), Some("24000"));
    assert_eq!(entries[0].get(&FieldId::from("allowance.reason")), None);
    assert_eq!(values.get(&FieldId::from("total")), Some(&Value::Text("24000".to_owned())));
}

#[test]
fn a_child_whose_income_is_not_given_has_no_figure_and_says_what_is_missing() {
    let values = children(&[&[("own_income", "0")], &[]]);
    let rows = worked_out(&values);
    let second = rows.iter().find(|it| it.path() == "decisions.1.allowance").unwrap();
    assert_eq!((second.calculated, second.missing.as_slice()), (None, ["own_income".to_owned()].as_slice()));
    let missing: Vec<_> = result_problems(&allowance(), Channel::Portal, &Values::new(), &values)
        .into_iter()
        .filter(|it| it.kind == ProblemKind::Missing)
        .map(|it| it.path)
        .collect();
    assert!(missing.contains(&"decisions.1.own_income".to_owned()), "{missing:?}");
}
