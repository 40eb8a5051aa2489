// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes of values: words of dictionaries, texts in parts, presupposed answers, and who applies for another.

use super::{
    SERVICE, act, asked, field, foreign, refused, settings, tables, text, today, unusable, with, without,
};
use crate::Settings;
use crate::ports::foreign::{Foreign, ForeignPerson, ForeignValue, NotTaken};
use crate::published::PublishedForm;
use engine::case::{Application, Value};
use engine::organization::Organization;
use regulation::model::FieldId;
use std::sync::Arc;

const WORK: &str = "RR_WORK";
const IIN: &str = "711130399969";

fn item(code: &str, kk: &str, ru: &str) -> ForeignValue {
    ForeignValue::Item { code: code.to_owned(), kk: kk.to_owned(), ru: ru.to_owned() }
}

/// Returns the application that a form becomes by these tables.
fn by(form: PublishedForm, foreign: &Foreign) -> Result<Application, NotTaken> {
    let mut settings = settings();
    settings.published.services.insert(SERVICE.to_owned(), form);
    asked(&settings, foreign, today()).map(|it| it.application)
}

fn said(application: &Application, id: &str) -> Option<Value> {
    application.fields.get(&FieldId::from(id)).cloned()
}

fn told(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Returns the form with this address in it.
fn living(address: ForeignValue) -> Foreign {
    let fields = vec![field("address", vec![address]), text("phone", "87010000000")];
    let mut foreign = with(field("contact", vec![ForeignValue::Entry(fields)]));
    // The form tells its language behind the words.
    foreign.fields.reverse();
    foreign
}

#[test]
fn an_entry_of_a_dictionary_is_its_code_for_a_choice_and_its_words_for_a_text() {
    let chosen = by(tables(), &with(field("who", vec![item("01", "қорғаншы", "опекун")]))).unwrap();
    assert_eq!(said(&chosen, "role"), Some(told("guardian")));
    let city = |kk: &str, ru: &str| living(item("17", kk, ru));
    let russian = by(tables(), &city("Абай қаласы", "город Абай")).unwrap();
    assert_eq!((russian.lang.as_str(), said(&russian, "address")), ("ru", Some(told("город Абай"))));
    let only_kazakh = by(tables(), &city("Абай қаласы", "")).unwrap();
    assert_eq!(said(&only_kazakh, "address"), Some(told("Абай қаласы")));
    let mut untold = city("Абай қаласы", "город Абай");
    untold.fields.retain(|it| it.code != "app_lang");
    assert_eq!(said(&by(tables(), &untold).unwrap(), "address"), Some(told("Абай қаласы")));
    let unknown = |what: &str| Err(NotTaken::Unknown(format!("{SERVICE}: {what}")));
    assert_eq!(by(tables(), &city("", " ")), unknown("contact.address (choices.address)"));
    let mut worded = tables();
    worded.choices.entry("address".to_owned()).or_default().insert("17".to_owned(), "Абай".to_owned());
    assert_eq!(said(&by(worded.clone(), &city("", "")).unwrap(), "address"), Some(told("Абай")));
    let bare = living(ForeignValue::Text("18".to_owned()));
    assert_eq!(by(worded, &bare), unknown("contact.address (choices.address)"));
    let empty = field("never_named", vec![item("", "", " ")]);
    assert!(by(tables(), &with(empty)).is_ok());
}

#[test]
fn an_entry_of_a_dictionary_is_no_number_and_no_telephone() {
    let fields = vec![text("address", "Абай"), field("phone", vec![item("1", "бір", "один")])];
    let refused = refused(&with(field("contact", vec![ForeignValue::Entry(fields)])));
    assert_eq!(refused, unusable("contact.phone (phone): missing, contact.phone: another-kind"));
}

#[test]
fn the_language_is_an_entry_of_a_dictionary_too_and_may_stand_inside() {
    let kazakh = || vec![item("2", "қазақша", "казахский")];
    let mut form = tables();
    form.choices.entry("language".to_owned()).or_default().insert("2".to_owned(), "kk".to_owned());
    assert_eq!(by(form.clone(), &with(field("app_lang", kazakh()))).unwrap().lang, "kk");
    form.language = Some("app.lang".to_owned());
    let mut inside = without("app_lang");
    let fields = vec![field("lang", vec![item("1", "орысша", "русский")])];
    inside.fields.push(field("app", vec![ForeignValue::Entry(fields)]));
    assert_eq!(by(form, &inside).unwrap().lang, "ru");
}

#[test]
fn parts_of_a_text_are_joined_in_the_order_of_the_table() {
    let mut form = tables();
    form.fields.remove("contact.address");
    let parts = ["contact.city", "contact.street", "contact.house"].map(str::to_owned);
    form.joined.insert("address".to_owned(), parts.to_vec());
    let contact = |parts: Vec<_>| {
        let fields = [parts, vec![text("phone", "87010000000")]].concat();
        with(field("contact", vec![ForeignValue::Entry(fields)]))
    };
    let city = || field("city", vec![item("17", "Абай қаласы", "город Абай")]);
    let whole = contact(vec![text("house", "5"), text("street", " "), city()]);
    assert_eq!(said(&by(form.clone(), &whole).unwrap(), "address"), Some(told("город Абай, 5")));
    let several =
        field("house", vec![ForeignValue::Text("5".to_owned()), ForeignValue::Text("6".to_owned())]);
    let refused = by(form.clone(), &contact(vec![city(), several]));
    assert_eq!(refused, Err(unusable("contact.house: several-values")));
    let missing = "contact.city + contact.street + contact.house (address): missing";
    assert_eq!(by(form, &contact(Vec::new())), Err(unusable(missing)));
}

#[test]
fn what_stands_deeper_in_an_entry_of_a_group_is_taken_too() {
    let mut form = tables();
    form.fields.insert("child.papers.number".to_owned(), "children.iin".to_owned());
    form.documents.insert("child.papers.scan".to_owned(), "birth-certificate".into());
    let child = |papers: Vec<ForeignValue>| {
        let mut fields = vec![text("last_name", "Байғоныс"), text("first_name", "А")];
        fields.extend([text("born", "2010-04-18"), field("papers", papers)]);
        with(field("child", vec![ForeignValue::Entry(fields)]))
    };
    let papers = |inner| vec![ForeignValue::Entry(inner)];
    let scan = || field("scan", vec![ForeignValue::File(act())]);
    let application = by(form.clone(), &child(papers(vec![text("number", IIN), scan()]))).unwrap();
    let Some(Value::Entries(children)) = said(&application, "children") else { panic!("{application:?}") };
    assert_eq!(children[0].get(&FieldId::from("iin")).map(String::as_str), Some(IIN));
    assert_eq!(application.attachments[0].document.as_str(), "birth-certificate");
    let unknown = by(form.clone(), &child(papers(vec![text("series", "1")])));
    assert_eq!(unknown, Err(NotTaken::Unknown(format!("{SERVICE}: child.papers.series"))));
    let twice = [papers(vec![scan()]), papers(vec![scan()])].concat();
    assert_eq!(by(form, &child(twice)), Err(unusable("child.papers: no-fields")));
}

#[test]
fn what_the_tables_presuppose_is_named_and_what_the_form_says_is_not() {
    let presupposed = |form: PublishedForm, foreign: &Foreign| {
        let mut settings = settings();
        settings.published.services.insert(SERVICE.to_owned(), form);
        asked(&settings, foreign, today()).unwrap().presupposed
    };
    assert_eq!(presupposed(tables(), &foreign()), [FieldId::from("consent")]);
    let mut form = tables();
    form.fixed.clear();
    form.fields.insert("agreed".to_owned(), "consent".to_owned());
    assert!(presupposed(form, &with(field("agreed", vec![ForeignValue::Flag(true)]))).is_empty());
}

/// A region that registers the unemployed, whose regulation knows representatives at its offices only.
fn work() -> Settings {
    let form: PublishedForm = toml::from_str(
        r#"
        service = "unemployed-registration"
        result = "paper"
        fixed = { without_work = "true", consent = "true" }
        joined = { skills = ["skill", "languages"] }
        [fields]
        "home" = "address"
        "phone" = "phone"
        "school" = "education"
        "post" = "wanted_post"
        "years" = "experience"
        "delegate" = "representative_name"
        "delegate_is" = "representation"
        "#,
    )
    .unwrap();
    let text = include_str!("../../../../../regulations/unemployed-registration/2015.toml");
    let social = include_str!("../../../../../organizations/abai-social.toml");
    let social = Organization::parse(social).unwrap();
    let mut settings = settings();
    settings.regulations.push(Arc::new(regulation::parse("2015.toml", text).unwrap()));
    settings.published.services.insert(WORK.to_owned(), form);
    settings.published.providers.insert(social.id.clone());
    settings.organizations.insert(social.id.clone(), social);
    settings
}

fn for_work() -> Foreign {
    let lines = |all: &[&str]| all.iter().map(|it| ForeignValue::Text((*it).to_owned())).collect();
    Foreign {
        client_key: Some(WORK.to_owned()),
        provider_bin: None,
        fields: vec![
            text("home", "Абай"),
            text("phone", "87010000000"),
            text("school", "higher"),
            text("post", "есепші"),
            field("years", lines(&["2010–2015: мектеп", "", "2016: зауыт"])),
            text("languages", "қазақша"),
            text("skill", "тігін"),
        ],
        ..foreign()
    }
}

#[test]
fn several_values_and_parts_are_lines_where_ours_has_lines() {
    let settings = work();
    let application = asked(&settings, &for_work(), today()).unwrap().application;
    assert_eq!(said(&application, "experience"), Some(told("2010–2015: мектеп\n2016: зауыт")));
    assert_eq!(said(&application, "skills"), Some(told("тігін\nқазақша")));
}

#[test]
fn somebody_applies_for_another_only_where_the_portal_asks_for_him() {
    let mut settings = work();
    let refused = |settings: &Settings, foreign: &Foreign| asked(settings, foreign, today()).unwrap_err();
    let unusable = |what: &str| NotTaken::Unusable(format!("{WORK}: {what}"));
    let delegate = ForeignPerson {
        iin: "711130399969".to_owned(),
        surname: Some("Ершова".to_owned()),
        given: Some("Дарья".to_owned()),
        ..ForeignPerson::default()
    };
    let mut represented = Foreign { representative: Some(delegate), ..for_work() };
    let nobody = unusable("requesterDelegateIin: nobody-applies-for-another");
    assert_eq!(refused(&settings, &represented), nobody);
    let mut named = for_work();
    named.fields.push(text("delegate", "Ершова Дарья"));
    assert_eq!(refused(&settings, &named), NotTaken::Unknown(format!("{WORK}: delegate")));

    // An edition that asks for him everywhere.
    let edition = Arc::make_mut(settings.regulations.last_mut().unwrap());
    edition.fields.iter_mut().for_each(|it| it.channels.clear());
    represented.fields.push(text("delegate_is", "legal"));
    let application = asked(&settings, &represented, today()).unwrap().application;
    assert_eq!(said(&application, "representative_iin"), Some(told("711130399969")));
    assert_eq!(said(&application, "representative_name"), Some(told("Ершова Дарья")));
    represented.representative.as_mut().unwrap().iin = "711130399968".to_owned();
    let wrong = unusable("representative_iin: not-an-iin, requesterDelegateIin: not-an-iin");
    assert_eq!(refused(&settings, &represented), wrong);
}

#[test]
fn an_applicant_has_a_number_with_its_check_digit() {
    let mut foreign = foreign();
    foreign.applicant.iin = "900101300006".to_owned();
    assert_eq!(refused(&foreign), unusable("requesterIin: not-an-iin"));
}
