// SPDX-License-Identifier: MIT OR Apache-2.0
//! The form of a regulation, from the page and back.

use engine::case::Value;
use engine::form::{Problem, ProblemKind};
use regulation::model::{Field, FieldId, FieldKind, Text};
use web::form::{Given, problems, read, rearranged, show};
use web::{Lang, Words};

fn text(it: &str) -> Text {
    Text { kk: it.to_owned(), ru: it.to_owned(), en: it.to_owned() }
}

fn field(id: &str, kind: FieldKind) -> Field {
    let (label, hint, prefill) = (text(id), None, None);
    Field { id: FieldId::from(id), label, hint, kind, required: true, max_chars: 20, prefill }
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
