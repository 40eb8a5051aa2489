// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables of a portal that knows the published form only, against the regulations that ship.

mod portal;

use crate::office::Office;
use qyzmet::doctor::{Finding, State, examine};
use qyzmet::parts::settings::{self, Reading};
use qyzmet::serve::{Config, Served};
use regulation::model::{Channel, Expr, Field, Regulation, StepId, System};
use service::Settings;
use service::published::check::{TableFault, TableFaultKind, check};
use service::published::{PublishedForm, PublishedForms};
use service::settings::Laid;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use web::{Lang, Words};

const NOON: &str = "2026-11-23T05:00:00Z";
const CODE: &str = "RR_P50.06";

/// Returns the example of docs/serve.md.
fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/serve.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once("\n## A region behind the national portal\n").unwrap();
    let (_, block) = section.split_once("```toml\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// Returns its tables, for the organisation of the example.
fn tables() -> PublishedForms {
    let read: toml::Table = toml::from_str(&example()).unwrap();
    let forms: PublishedForms = read["published"].clone().try_into().unwrap();
    PublishedForms { providers: ["abai-education".to_owned()].into(), ..forms }
}

fn shipped() -> Settings {
    settings::read(&Reading::default()).unwrap()
}

/// Changes the regulation of the example in its settings.
fn with(change: impl FnOnce(&mut Regulation)) -> Settings {
    let mut settings = shipped();
    let of = |it: &&mut Arc<Regulation>| {
        it.service.as_str() == "guardianship-certificate" && it.edition.as_str() == "2015"
    };
    change(Arc::make_mut(settings.regulations.iter_mut().find(of).unwrap()));
    settings
}

/// Returns what keeps a region from starting.
fn wrong(forms: &PublishedForms, settings: &Settings) -> Vec<TableFault> {
    check(forms, settings).into_iter().filter(|it| !it.is_warning()).collect()
}

/// Returns what the tables lack; nothing else is found.
fn lacking(forms: &PublishedForms, settings: &Settings) -> Vec<TableFaultKind> {
    let found = check(forms, settings);
    assert!(found.iter().all(TableFault::is_warning), "{found:?}");
    found.into_iter().map(|it| it.kind).collect()
}

/// What the form of the example has, where a field is written that it has not.
const FIELDS: &str = "role, children, address, phone, consent";
const CHILD: &str =
    "children.surname, children.given, children.patronymic, children.birth_date, children.iin";

fn no_field(field: &str, known: &str) -> TableFaultKind {
    TableFaultKind::NoField(field.to_owned(), known.to_owned())
}

struct Case {
    change: fn(&mut PublishedForm),
    key: &'static str,
    kind: TableFaultKind,
}

fn case(change: fn(&mut PublishedForm), key: &'static str, kind: TableFaultKind) -> Case {
    Case { change, key, kind }
}

fn put(table: &mut BTreeMap<String, String>, code: &str, target: &str) {
    table.insert(code.to_owned(), target.to_owned());
}

fn ignore(form: &mut PublishedForm, code: &str) {
    form.ignored.insert(code.to_owned());
}

fn fix(form: &mut PublishedForm, field: &str, answer: &str) {
    put(&mut form.fixed, field, answer);
}

fn attach(form: &mut PublishedForm, code: &str, document: &str) {
    form.documents.insert(code.to_owned(), document.into());
}

#[track_caller]
fn finds(settings: &Settings, cases: Vec<Case>) {
    for Case { change, key, kind } in cases {
        let mut forms = tables();
        change(forms.services.get_mut(CODE).unwrap());
        let found = wrong(&forms, settings);
        assert!(found.iter().any(|it| it.key == key), "no {key}: {found:?}");
        assert!(found.iter().all(|it| it.kind == kind), "{kind:?}: {found:?}");
        let told = found[0].to_string();
        assert!(told.starts_with("[published.services.\"RR_P50.06\"] ") && told.ends_with(&kind.to_string()));
    }
}

#[test]
fn each_mistake_in_a_table_is_told_with_its_key() {
    use TableFaultKind as Kind;
    let service = |it: &str| it.into();
    let cases = vec![
        case(|it| it.service = "no-such".into(), "service", Kind::NoService(service("no-such"))),
        case(
            |it| it.service = "child-allowance".into(),
            "service",
            Kind::NoProvider(service("child-allowance")),
        ),
        case(
            |it| it.service = "parent-meeting-permission".into(),
            "service",
            Kind::NoIntake(service("parent-meeting-permission")),
        ),
        case(|it| it.result = " ".to_owned(), "result", Kind::NoResult),
        case(
            |it| put(&mut it.fields, "applicant_role", "rolle"),
            "fields \"applicant_role\"",
            no_field("rolle", FIELDS),
        ),
        case(
            |it| put(&mut it.fields, "child.name", "children.name"),
            "fields \"child.name\"",
            no_field("children.name", CHILD),
        ),
    ];
    finds(&shipped(), cases);
}

#[test]
fn a_code_goes_to_one_place_and_nothing_else_goes_there() {
    use TableFaultKind as Kind;
    let cases = vec![
        // A dot leads into a group alone.
        case(
            |it| put(&mut it.fields, "phone_code", "phone.code"),
            "fields \"phone_code\"",
            no_field("phone.code", FIELDS),
        ),
        case(
            |it| put(&mut it.fields, "role_again", "role"),
            "fields \"role_again\"",
            Kind::FilledTwice("role".to_owned()),
        ),
        case(
            |it| it.fields.retain(|code, _| !code.starts_with("child.")),
            "fields \"child\"",
            Kind::EmptyGroup("children".to_owned(), "child".to_owned()),
        ),
        case(
            |it| ignore(it, "phone_number.type"),
            "ignored \"phone_number.type\"",
            Kind::NeverRead("phone_number".to_owned()),
        ),
        case(|it| ignore(it, "phone_number"), "ignored \"phone_number\"", Kind::InTwoTables),
        case(
            |it| attach(it, "phone_number", "guardianship-act"),
            "documents \"phone_number\"",
            Kind::InTwoTables,
        ),
        // It is asked for at the one-stop-shop alone.
        case(
            |it| attach(it, "identity", "identity-document"),
            "documents \"identity\"",
            Kind::NoDocument("identity-document".into(), "birth-certificate, guardianship-act".to_owned()),
        ),
    ];
    finds(&shipped(), cases);
}

#[test]
fn answers_are_those_of_a_choice_a_tick_or_the_language_and_of_a_text_any() {
    use TableFaultKind as Kind;
    let no_answer = |it: &str, known: &str| Kind::NoAnswer(it.to_owned(), known.to_owned());
    let answers = |it: &mut PublishedForm, field: &str, answer: &str| {
        put(it.choices.entry(field.to_owned()).or_default(), "9", answer);
    };
    let all = [
        ("role", "trustee", no_answer("trustee", "guardian, custodian")),
        ("consent", "yes", no_answer("yes", "true, false")),
        ("language", "english", no_answer("english", "kk, ru, en")),
    ];
    for (field, answer, kind) in all {
        let mut forms = tables();
        answers(forms.services.get_mut(CODE).unwrap(), field, answer);
        let found = wrong(&forms, &shipped());
        let told: Vec<_> = found.iter().map(|it| (it.key.as_str(), &it.kind)).collect();
        assert_eq!(told, [(format!("choices {field:?} \"9\"").as_str(), &kind)]);
    }
    let empty =
        |it: &mut PublishedForm, field: &str| drop(it.choices.insert(field.to_owned(), BTreeMap::new()));
    for (field, kind) in [
        ("phone", Kind::NoChoice("phone".to_owned())),
        ("children", Kind::NoChoice("children".to_owned())),
        ("rolle", no_field("rolle", FIELDS)),
    ] {
        let mut forms = tables();
        empty(forms.services.get_mut(CODE).unwrap(), field);
        let found = wrong(&forms, &shipped());
        assert_eq!(found.iter().map(|it| &it.kind).collect::<Vec<_>>(), [&kind]);
    }
    let mut forms = tables();
    answers(forms.services.get_mut(CODE).unwrap(), "address", "Абай қаласы");
    let found = wrong(&forms, &shipped());
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_is_fixed_for_every_application_is_a_tick_that_nothing_else_fills() {
    use TableFaultKind as Kind;
    let no_answer = Kind::NoAnswer("yes".to_owned(), "true, false".to_owned());
    let cases = vec![
        case(|it| fix(it, "consent", "yes"), "fixed \"consent\"", no_answer),
        case(|it| fix(it, "konsent", "true"), "fixed \"konsent\"", no_field("konsent", FIELDS)),
        case(|it| fix(it, "role", "guardian"), "fixed \"role\"", Kind::NotFixed("role".to_owned())),
        case(
            |it| put(&mut it.fields, "agreed", "consent"),
            "fixed \"consent\"",
            Kind::FixedToo("consent".to_owned()),
        ),
        case(|it| fix(it, "children", "x"), "fixed \"children\"", Kind::NotFixed("children".to_owned())),
        case(
            |it| fix(it, "children.surname", "x"),
            "fixed \"children.surname\"",
            Kind::NotFixed("children.surname".to_owned()),
        ),
    ];
    finds(&shipped(), cases);
    let mut forms = tables();
    forms.services.get_mut(CODE).unwrap().fixed.clear();
    assert_eq!(lacking(&forms, &shipped()), [Kind::Unfilled("consent".to_owned())]);
}

#[test]
fn a_code_inside_a_group_goes_to_a_field_of_that_group() {
    let settings = with(|it| {
        let children = it.fields.iter().find(|it| it.id.as_str() == "children").unwrap().clone();
        it.fields.push(Field { id: "wards".into(), ..children });
    });
    let kind = TableFaultKind::AnotherGroup("wards.surname".to_owned(), "children".to_owned());
    let change: fn(&mut PublishedForm) = |it| put(&mut it.fields, "child.surname", "wards.surname");
    finds(&settings, vec![case(change, "fields \"child.surname\"", kind)]);
}

#[test]
fn a_regulation_whose_region_judges_the_signature_that_does_not_come_along_is_refused() {
    let at_region = |id: &'static str| {
        with(move |it| {
            let step = it.procedures.iter_mut().flat_map(|it| &mut it.steps).find(|it| it.id.as_str() == id);
            step.unwrap().at = System::Region;
        })
    };
    // It is judged by a condition, or asked for; or in the procedure that the portal's runs at the region.
    let of_provider = with(|it| {
        let mut steps = it.procedures.iter_mut().flat_map(|it| &mut it.steps);
        let step = steps.find(|it| it.id.as_str() == "provider.auto").unwrap();
        step.when = Some(Expr::Not(Box::new(Expr::Fact("signature.valid".into()))));
    });
    for (settings, id) in [
        (at_region("portal.condition-2"), "portal.condition-2"),
        (at_region("portal.process-3"), "portal.process-3"),
        (of_provider, "provider.auto"),
    ] {
        let kinds: Vec<_> = wrong(&tables(), &settings).into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [TableFaultKind::JudgesSignature(StepId::from(id))]);
    }
}

#[test]
fn what_is_demanded_and_nothing_brings_is_told_and_keeps_nothing_from_starting() {
    use TableFaultKind as Kind;
    let unfilled = |it: &str| Kind::Unfilled(it.to_owned());
    assert!(lacking(&tables(), &shipped()).is_empty());
    let mut forms = tables();
    let form = forms.services.get_mut(CODE).unwrap();
    form.fields.retain(|code, _| !["phone_number", "child.name"].contains(&code.as_str()));
    form.documents.clear();
    assert_eq!(lacking(&forms, &shipped()), [unfilled("children.given"), unfilled("phone")]);
    let demanded = with(|it| it.documents.iter_mut().for_each(|it| it.required = true));
    let told = lacking(&forms, &demanded);
    assert!(told.contains(&Kind::Unattached("birth-certificate".into())), "{told:?}");
    assert!(!told.contains(&Kind::Unattached("identity-document".into())), "{told:?}");
}

#[test]
fn what_is_asked_for_only_with_some_answer_is_demanded_only_where_it_can_be_answered() {
    let text = "service = \"employment-referral\"\nresult = \"paper\"\n";
    let mut form: PublishedForm = toml::from_str(text).unwrap();
    let forms = |form: &PublishedForm| PublishedForms {
        services: [(CODE.to_owned(), form.clone())].into(),
        providers: ["abai-social".to_owned()].into(),
        ..PublishedForms::default()
    };
    let work = TableFaultKind::Unfilled("wanted_work".to_owned());
    let told = lacking(&forms(&form), &shipped());
    assert!(told.contains(&TableFaultKind::Unfilled("referral_kind".to_owned())) && !told.contains(&work));
    put(&mut form.fields, "kind", "referral_kind");
    assert!(lacking(&forms(&form), &shipped()).contains(&work));
    // The portal tells whose date of birth it is: no code needs to.
    let of = toml::from_str("service = \"unemployed-certificate\"\nresult = \"paper\"\n").unwrap();
    let told = lacking(&forms(&of), &shipped());
    let born = TableFaultKind::Unfilled("birth_date".to_owned());
    assert!(
        told.contains(&TableFaultKind::Unfilled("phone".to_owned())) && !told.contains(&born),
        "{told:?}"
    );
}

#[test]
fn each_organisation_here_is_held_against_the_edition_that_it_executes() {
    let mut settings = shipped();
    let mut closed = Regulation::clone(settings.current(&"guardianship-certificate".into()).unwrap());
    for it in &mut closed.procedures {
        it.intake.retain(|it| *it != Channel::Portal);
    }
    let organization = "osakarov-education".to_owned();
    settings.laid.push(Laid { organization: organization.clone(), regulation: Arc::new(closed) });
    let mut forms = tables();
    assert!(lacking(&forms, &settings).is_empty());
    forms.providers.insert(organization.clone());
    assert_eq!(lacking(&forms, &settings), [TableFaultKind::NotTakenAt(organization.clone())]);
    forms.providers = [organization].into();
    let kinds: Vec<_> = wrong(&forms, &settings).into_iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [TableFaultKind::NoIntake("guardianship-certificate".into())]);
}

/// Returns the configuration of a region with the example.
fn region(office: &Office) -> String {
    let text = office.region().replace("demo_accounts = true", "organizations = [\"abai-education\"]");
    text + "\n" + &example()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_starts_with_the_example_of_the_documentation_and_not_with_a_mistake_in_it() {
    let office = Office::open(NOON).await;
    let good = region(&office);
    let config = Config::read(&office.write(&good)).unwrap();
    let served = Served::open_by(config, Arc::clone(&office.clock)).await.unwrap();
    assert_eq!(served.service().unwrap().settings.published, tables());
    drop(served);
    let wrong = good.replace("\"children.given\"", "\"children.name\"");
    let wrong = wrong.replace("data = \"data\"", "data = \"other\"");
    let config = Config::read(&office.write(&wrong)).unwrap();
    let told = Served::open_by(config, Arc::clone(&office.clock)).await.map(drop).unwrap_err().to_string();
    for word in ["portal.toml", CODE, "child.name", "`children.name`", "group.field"] {
        assert!(told.contains(word), "no {word}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_holds_the_tables_against_the_regulations_in_three_languages() {
    let office = Office::open(NOON).await;
    let good = region(&office);
    let found = async |text: &str, lang| {
        let all = examine(&office.write(text), Words::new(lang), office.now()).await;
        all.into_iter().filter(|it| it.code.starts_with("table")).collect::<Vec<Finding>>()
    };
    let code = |it: &[Finding]| it.iter().map(|it| (it.code, it.state)).collect::<Vec<_>>();
    assert!(found(&office.region(), Lang::En).await.is_empty());
    assert_eq!(code(&found(&good, Lang::En).await), [("tables-fit", State::Good)]);
    let lacks = good.replace("\"phone_number\" = \"phone\"\n", "");
    assert_eq!(code(&found(&lacks, Lang::En).await), [("table-lacks", State::Soon)]);
    let broken = good.replace("\"phone\"\n", "\"telephone\"\n");
    let mut told = Vec::new();
    for lang in Lang::ALL {
        let found = found(&broken, lang).await;
        assert_eq!(code(&found), [("table-lacks", State::Soon), ("table-wrong", State::Bad)]);
        let it = &found[1];
        assert!(it.what.contains(CODE) && it.what.contains("phone_number"), "{it:?}");
        assert!(it.seen.contains("telephone"), "{it:?}");
        assert!(it.remedy.as_ref().is_some_and(|it| it.contains(FIELDS)), "{it:?}");
        told.push((it.seen.clone(), it.remedy.clone()));
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 3, "{told:?}");
}
