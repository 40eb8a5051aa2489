// SPDX-License-Identifier: MIT OR Apache-2.0
//! The form of a regulation, from the page and back.

use engine::case::Value;
use engine::form::{Problem, ProblemKind};
use regulation::model::{Channel, Expr, FactId};
use regulation::model::{Field, FieldId, FieldKind, Text};
use web::form::{Given, Item, only_asked, problems, read, rearranged, show};
use web::{Lang, Words};

fn text(it: &str) -> Text {
    Text { kk: it.to_owned(), ru: it.to_owned(), en: it.to_owned() }
}

fn field(id: &str, kind: FieldKind) -> Field {
    Field {
        id: FieldId::from(id),
        label: text(id),
        hint: None,
        kind,
        required: true,
        max_chars: 20,
        prefill: None,
        when: None,
        channels: Vec::new(),
        formula: None,
        ages: None,
    }
}

fn fields() -> Vec<Field> {
    let inner = vec![field("surname", FieldKind::Line), field("birth", FieldKind::Date)];
    vec![
        field("children", FieldKind::Group { min: 1, max: 3, fields: inner }),
        field("phone", FieldKind::Phone),
        field("consent", FieldKind::Tick),
    ]
}

fn given(posted: &[(&str, &str)]) -> Given {
    Given::new(posted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn a_date_is_typed_as_people_write_it_and_kept_as_iso() {
    let values = read(&fields(), &given(&[("children.0.surname", "Үлгі"), ("children.0.birth", "3.4.2010")]));
    let Some(Value::Entries(entries)) = values.get(&FieldId::from("children")) else { panic!("no children") };
    assert_eq!(entries[0].get(&FieldId::from("birth")).map(String::as_str), Some("2010-04-03"));
    let values = read(&fields(), &given(&[("children.0.birth", "soon")]));
    let Some(Value::Entries(entries)) = values.get(&FieldId::from("children")) else { panic!("no children") };
    assert_eq!(entries[0].get(&FieldId::from("birth")).map(String::as_str), Some("soon"), "kept as typed");
}

#[test]
fn an_entry_is_added_and_taken_away_without_script() {
    let posted =
        given(&[("children.0.surname", "Бір"), ("children.1.surname", "Екі"), ("remove", "children.0")]);
    let mut values = read(&fields(), &posted);
    assert!(rearranged(&fields(), &posted, &mut values));
    let Some(Value::Entries(entries)) = values.get(&FieldId::from("children")) else { panic!("no children") };
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].get(&FieldId::from("surname")).map(String::as_str), Some("Екі"));
    let posted = given(&[("children.0.surname", "Бір"), ("add", "children")]);
    let mut values = read(&fields(), &posted);
    assert!(rearranged(&fields(), &posted, &mut values));
    assert!(matches!(values.get(&FieldId::from("children")), Some(Value::Entries(it)) if it.len() == 2));
    assert!(!rearranged(&fields(), &given(&[("phone", "1")]), &mut values), "no such button was pressed");
}

#[test]
fn every_mistake_leads_to_its_field() {
    let mistakes = [
        Problem { path: "children.0.surname".to_owned(), kind: ProblemKind::Missing },
        Problem { path: "consent".to_owned(), kind: ProblemKind::Missing },
        Problem { path: "phone".to_owned(), kind: ProblemKind::NotAPhone },
    ];
    let items = show(Words::new(Lang::En), &fields(), &read(&fields(), &given(&[])), &mistakes);
    let hrefs: Vec<String> = problems(&items).into_iter().map(|it| it.href).collect();
    assert_eq!(hrefs, ["#f-children.0.surname", "#f-phone", "#f-consent"]);
}

/// Who applies; the number of his power, where a notary certified it; its date, where it has a number and it is no portal.
fn power() -> Vec<Field> {
    let choices = ["self", "notarised"].map(|it| (it.to_owned(), text(it))).to_vec();
    let when = |field: &str, value: &str| Some(Expr::Equals(FactId::from(field), value.to_owned()));
    vec![
        field("representation", FieldKind::Choice(choices)),
        Field { when: when("representation", "notarised"), ..field("number", FieldKind::Line) },
        Field {
            when: when("number", "1-204"),
            channels: vec![Channel::Center],
            ..field("date", FieldKind::Date)
        },
    ]
}

#[test]
fn what_is_not_asked_for_is_forgotten_and_what_follows_from_it_too() {
    let posted =
        |who: &'static str| given(&[("representation", who), ("number", "1-204"), ("date", "17.08.2015")]);
    let kept = |who, channel| {
        let mut values = read(&power(), &posted(who));
        only_asked(&power(), channel, &mut values);
        values.into_keys().map(|it| it.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kept("notarised", Channel::Center), ["date", "number", "representation"]);
    assert_eq!(kept("notarised", Channel::Portal), ["number", "representation"]);
    assert_eq!(kept("self", Channel::Center), ["representation"]);
}

#[test]
fn a_field_under_a_condition_says_it_to_the_script_and_to_people() {
    let items = show(Words::new(Lang::En), &power(), &read(&power(), &given(&[])), &[]);
    let Some(Item::When(it)) = items.get(1) else { panic!("no condition") };
    assert_eq!(it.condition, r#"{"equals":["representation","notarised"]}"#);
    assert!(it.hint.as_deref().is_some_and(|it| it.ends_with("representation: notarised")));
    let alone = power().split_off(1);
    let items = show(Words::new(Lang::En), &alone[..1], &read(&alone, &given(&[])), &[]);
    assert!(matches!(items[0], Item::Line(_)), "whoever chose the fields has judged it");
}

#[test]
fn amounts_and_numbers_are_read_as_people_write_them() {
    let fields = [field("pay", FieldKind::Money), field("rooms", FieldKind::Number)];
    let values = read(&fields, &given(&[("pay", "14 675,50"), ("rooms", " 1 2 ")]));
    assert_eq!(values.get(&FieldId::from("pay")), Some(&Value::Text("14675.50".to_owned())));
    assert_eq!(values.get(&FieldId::from("rooms")), Some(&Value::Text("12".to_owned())));
    assert_eq!(web::form::money_shown("14675.50"), "14\u{a0}675,50");
}
