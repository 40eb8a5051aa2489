// SPDX-License-Identifier: MIT OR Apache-2.0
//! Texts that are put together, fields that the form does not ask for at the portal, and courses that it cannot follow.

use super::{CODE, FIELDS, case, finds, ignore, lacking, no_field, put, shipped, tables, with, wrong};
use regulation::model::{Action, Expr, NoticeKind, Step};
use service::published::check::TableFaultKind;
use service::published::{PublishedForm, PublishedForms};

fn join(form: &mut PublishedForm, target: &str, codes: &[&str]) {
    form.joined.insert(target.to_owned(), codes.iter().map(|it| (*it).to_owned()).collect());
}

#[test]
fn only_texts_outside_groups_are_put_together_and_each_code_goes_to_one() {
    use TableFaultKind as Kind;
    let cases = vec![
        case(
            |it| join(it, "consent", &["agreed"]),
            "joined \"consent\"",
            Kind::NotJoined("consent".to_owned()),
        ),
        case(
            |it| {
                it.fields.remove("child.iin");
                join(it, "children.iin", &["area"]);
            },
            "joined \"children.iin\"",
            Kind::NotJoined("children.iin".to_owned()),
        ),
        case(|it| join(it, "adress", &["area"]), "joined \"adress\"", no_field("adress", FIELDS)),
        case(
            |it| put(&mut it.fields, "flat", "address"),
            "joined \"address\"",
            Kind::FilledTwice("address".to_owned()),
        ),
        case(
            |it| join(it, "address", &["home.city", "home.city"]),
            "joined \"address\" \"home.city\"",
            Kind::InTwoTables,
        ),
        case(|it| ignore(it, "home.city"), "ignored \"home.city\"", Kind::InTwoTables),
        case(
            |it| ignore(it, "home.city.code"),
            "ignored \"home.city.code\"",
            Kind::NeverRead("home.city".to_owned()),
        ),
        case(
            |it| join(it, "address", &["child.home"]),
            "joined \"address\" \"child.home\"",
            Kind::AnotherGroup("address".to_owned(), "children".to_owned()),
        ),
    ];
    finds(&shipped(), cases);
    let mut forms = tables();
    forms.services.get_mut(CODE).unwrap().joined.clear();
    assert_eq!(lacking(&forms, &shipped()), [Kind::Unfilled("address".to_owned())]);
}

#[test]
fn what_the_form_asks_for_in_other_channels_only_is_no_field_of_a_portal() {
    let text = concat!(
        "service = \"unemployed-registration\"\nresult = \"paper\"\nfixed = { consent = \"true\" }\n",
        "[fields]\ndelegate = \"representative_name\"\n[choices.representation]\n1 = \"legal\"\n",
        "[joined]\npower_number = [\"power\"]\n"
    );
    let forms = PublishedForms {
        services: [(CODE.to_owned(), toml::from_str(text).unwrap())].into(),
        providers: ["abai-social".to_owned()].into(),
        ..PublishedForms::default()
    };
    let told: Vec<_> = wrong(&forms, &shipped()).into_iter().map(|it| (it.key, it.kind)).collect();
    let not_asked = |key: &str, field: &str| (key.to_owned(), TableFaultKind::NotAsked(field.to_owned()));
    let expected = [
        not_asked("choices \"representation\"", "representation"),
        not_asked("fields \"delegate\"", "representative_name"),
        not_asked("joined \"power_number\"", "power_number"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_value_of_fields_inside_a_group_holds_codes_of_that_group() {
    let mut forms = tables();
    let form = forms.services.get_mut(CODE).unwrap();
    form.fields.remove("child.iin");
    put(&mut form.fields, "child.papers.number", "children.iin");
    assert!(wrong(&forms, &shipped()).is_empty());
}

#[test]
fn a_course_that_would_be_guessed_or_would_never_end_is_refused() {
    use TableFaultKind as Kind;
    let changed = |id: &'static str, change: fn(&mut Step)| {
        with(move |it| {
            let mut steps = it.procedures.iter_mut().flat_map(|it| &mut it.steps);
            change(steps.find(|it| it.id.as_str() == id).unwrap());
        })
    };
    let unsent = changed("portal.process-5", |it| it.parts[0].action = Action::Notify(NoticeKind::Sent));
    // What the portal would have to tell of, and what it alone knows.
    let told = changed("portal.process-8", |it| it.parts[0].action = Action::HandOver);
    let known = changed("portal.process-7", |it| it.parts[0].when = Some(Expr::Fact("signin.valid".into())));
    for (settings, kind) in [
        (unsent, Kind::NoWay("portal.registration".into())),
        (told, Kind::NeverEnds("portal.process-8".into())),
        (known, Kind::NeverEnds("portal.process-7".into())),
    ] {
        let kinds: Vec<_> = wrong(&tables(), &settings).into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [kind]);
    }
}
