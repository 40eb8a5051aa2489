// SPDX-License-Identifier: MIT OR Apache-2.0
//! Forms in the codes of an invented portal against a regulation that ships. People, codes and numbers are invented.

mod values;

use super::{PublishedForm, PublishedForms, asked};
use crate::Settings;
use crate::ports::foreign::{Foreign, ForeignField, ForeignFile, ForeignPerson, ForeignValue, NotTaken};
use engine::calendar::Calendar;
use engine::case::Value;
use engine::organization::Organization;
use engine::rates::Rates;
use jiff::civil::{Date, date};
use regulation::model::Medium;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const SERVICE: &str = "RR_P50.06";
const BIN: &str = "930140999904";

fn tables() -> PublishedForm {
    toml::from_str(
        r#"
        service = "guardianship-certificate"
        result = "certificate"
        language = "app_lang"
        ignored = ["portal_note"]
        fixed = { consent = "true" }
        [fields]
        "who" = "role"
        "child" = "children"
        "child.last_name" = "children.surname"
        "child.first_name" = "children.given"
        "child.born" = "children.birth_date"
        "contact.address" = "address"
        "contact.phone" = "phone"
        [choices]
        role = { "01" = "guardian", "02" = "custodian" }
        language = { "1" = "ru" }
        [documents]
        "child.act" = "guardianship-act"
        "#,
    )
    .unwrap()
}

fn settings() -> Settings {
    let text = include_str!("../../../../regulations/guardianship-certificate/2015.toml");
    let abai = Organization::parse(include_str!("../../../../organizations/abai-education.toml")).unwrap();
    let other = Organization {
        id: "other".to_owned(),
        bin: "930140999995".to_owned(),
        kato: "353600000".to_owned(),
        ..abai.clone()
    };
    let organizations = [abai, other].map(|it| (it.id.clone(), it));
    Settings {
        regulations: vec![Arc::new(regulation::parse("2015.toml", text).unwrap())],
        laid: Vec::new(),
        calendar: Calendar::parse(include_str!("../../../../calendars/kz.toml")).unwrap(),
        rates: Rates::parse(include_str!("../../../../rates/kz.toml")).unwrap(),
        published: PublishedForms {
            services: BTreeMap::from([(SERVICE.to_owned(), tables())]),
            providers: organizations.iter().map(|it| it.0.clone()).collect(),
            ..PublishedForms::default()
        },
        organizations: organizations.into(),
        registers: BTreeMap::new(),
        base_url: String::new(),
        restamp_before: None,
        demo: true,
    }
}

fn text(code: &str, text: &str) -> ForeignField {
    ForeignField { code: code.to_owned(), values: vec![ForeignValue::Text(text.to_owned())] }
}

fn field(code: &str, values: Vec<ForeignValue>) -> ForeignField {
    ForeignField { code: code.to_owned(), values }
}

fn act() -> ForeignFile {
    ForeignFile { name: "C:\\акт.pdf".to_owned(), bytes: b"%PDF-1.4 invented".to_vec() }
}

fn child(surname: &str) -> ForeignValue {
    ForeignValue::Entry(vec![
        text("last_name", surname),
        text("first_name", "Айсұлтан"),
        text("born", "2010-04-18"),
        field("act", vec![ForeignValue::File(act())]),
    ])
}

fn foreign() -> Foreign {
    Foreign {
        message: "55555".to_owned(),
        chain: "2000001".to_owned(),
        request: "10000000000001".to_owned(),
        client_key: Some(SERVICE.to_owned()),
        service_type: None,
        provider_bin: Some(BIN.to_owned()),
        provider_kato: None,
        applicant: ForeignPerson {
            iin: "900101300007".to_owned(),
            surname: Some("Байғоныс".to_owned()),
            given: Some("Мөлдір".to_owned()),
            ..ForeignPerson::default()
        },
        representative: None,
        fields: vec![
            text("who", "01"),
            field("child", vec![child("Байғоныс"), child("Есенқұл")]),
            field(
                "contact",
                vec![ForeignValue::Entry(vec![text("address", "Абай"), text("phone", "87010000000")])],
            ),
            text("app_lang", "1"),
            text("portal_note", "нәрсе"),
            text("empty_and_unknown", " "),
        ],
        sent_at: "2026-11-21T15:36:09Z".parse().unwrap(),
        form: b"<form/>".to_vec(),
    }
}

fn today() -> Date {
    date(2026, 11, 23)
}

fn refused(foreign: &Foreign) -> NotTaken {
    asked(&settings(), foreign, today()).expect_err("refused")
}

fn without(code: &str) -> Foreign {
    let mut foreign = foreign();
    foreign.fields.retain(|it| it.code != code);
    foreign
}

fn with(added: ForeignField) -> Foreign {
    let mut foreign = without(&added.code);
    foreign.fields.push(added);
    foreign
}

fn unknown(what: &str) -> NotTaken {
    NotTaken::Unknown(format!("{SERVICE}: {what}"))
}

fn unusable(what: &str) -> NotTaken {
    NotTaken::Unusable(format!("{SERVICE}: {what}"))
}

#[test]
fn a_form_becomes_the_application_that_our_own_portal_would_send() {
    let settings = settings();
    let asked = asked(&settings, &foreign(), today()).unwrap();
    assert_eq!(asked.procedure.id.as_str(), "portal");
    let application = asked.application;
    assert_eq!(application.full_name, "Байғоныс Мөлдір");
    assert_eq!((application.provider.as_str(), application.lang.as_str()), ("abai-education", "ru"));
    assert_eq!(application.medium, Medium::Electronic);
    let entry = |surname: &str| {
        let told = [("surname", surname), ("given", "Айсұлтан"), ("birth_date", "2010-04-18")];
        told.into_iter().map(|(id, text)| (id.into(), text.to_owned())).collect::<BTreeMap<_, _>>()
    };
    let expected = BTreeMap::from([
        ("role".into(), Value::Text("guardian".to_owned())),
        ("children".into(), Value::Entries(vec![entry("Байғоныс"), entry("Есенқұл")])),
        ("address".into(), Value::Text("Абай".to_owned())),
        ("phone".into(), Value::Text("87010000000".to_owned())),
        ("consent".into(), Value::Bool(true)),
    ]);
    assert_eq!(application.fields, expected);
    assert_eq!(asked.files, [act().bytes, act().bytes]);
    let attachment = &application.attachments[0];
    assert_eq!((attachment.document.as_str(), attachment.name.as_str()), ("guardianship-act", "акт.pdf"));
    assert_eq!(attachment.file.0, hex::encode(eds::sha256(&act().bytes)));
}

#[test]
fn what_stands_in_no_table_is_named_and_no_value_with_it() {
    assert_eq!(refused(&with(text("child_sex", "m"))), unknown("child_sex"));
    assert_eq!(refused(&with(text("who", "77"))), unknown("who (choices.role)"));
    assert_eq!(refused(&with(text("app_lang", "9"))), unknown("app_lang (choices.language)"));
    let inner = ForeignValue::Entry(vec![text("nickname", "x")]);
    assert_eq!(refused(&with(field("child", vec![inner]))), unknown("child.nickname"));
    let file = field("scan", vec![ForeignValue::File(act())]);
    assert_eq!(refused(&with(file)), unknown("scan"));
}

#[test]
fn a_service_and_a_body_are_those_that_are_told_or_none() {
    let of = |change: fn(&mut Foreign)| {
        let mut foreign = foreign();
        change(&mut foreign);
        asked(&settings(), &foreign, today()).map(|it| it.application.provider)
    };
    let by_type = of(|it| (it.client_key, it.service_type) = (None, Some(SERVICE.to_owned())));
    assert_eq!(by_type.as_deref(), Ok("abai-education"));
    let no_service = of(|it| it.client_key = Some("RR_X".to_owned())).unwrap_err();
    assert!(matches!(&no_service, NotTaken::Unknown(why) if why.starts_with("RR_X: ")), "{no_service}");
    assert!(matches!(of(|it| it.client_key = None), Err(NotTaken::Unknown(_))));
    assert!(matches!(of(|it| it.provider_bin = Some("0".to_owned())), Err(NotTaken::Unknown(_))));
    let at = |code: &str| {
        let mut foreign = foreign();
        (foreign.provider_bin, foreign.provider_kato) = (None, Some(code.to_owned()));
        asked(&settings(), &foreign, today()).map(|it| it.application.provider)
    };
    assert_eq!(at("353230100").as_deref(), Ok("abai-education"));
    assert_eq!(at("353600000").as_deref(), Ok("other"));
    assert!(matches!(at("751000000"), Err(NotTaken::Unknown(_))));
    // Two bodies here provide it: whom it is for is not guessed.
    let several = "several bodies here that provide guardianship-certificate";
    let untold = format!(
        "neither serviceProviderBin nor serviceProviderLocationCode tells which of {several} is meant"
    );
    assert_eq!(of(|it| it.provider_bin = None), Err(NotTaken::Unusable(untold)));
    let mut settings = settings();
    let kato = settings.organizations["abai-education"].kato.clone();
    settings.organizations.get_mut("other").unwrap().kato.clone_from(&kato);
    let mut foreign = foreign();
    (foreign.provider_bin, foreign.provider_kato) = (None, Some("353230100".to_owned()));
    let why = format!("serviceProviderLocationCode: {several} have it, serviceProviderBin has to tell which");
    assert_eq!(asked(&settings, &foreign, today()).unwrap_err(), NotTaken::Unusable(why));
    settings.published.providers = BTreeSet::from(["other".to_owned()]);
    foreign.provider_kato = None;
    assert_eq!(asked(&settings, &foreign, today()).unwrap().application.provider, "other");
}

#[test]
fn the_code_of_the_message_and_the_signed_one_mean_one_service() {
    let mut settings = settings();
    let forms = &mut settings.published.services;
    forms.insert("SIGNED".to_owned(), PublishedForm { result: "other".to_owned(), ..tables() });
    forms.insert("ALLOWANCE".to_owned(), PublishedForm { service: "guardian-allowance".into(), ..tables() });
    let of = |key: Option<&str>, signed: Option<&str>| {
        let (client_key, service_type) = (key.map(str::to_owned), signed.map(str::to_owned));
        let foreign = Foreign { client_key, service_type, ..foreign() };
        asked(&settings, &foreign, today()).map(|it| (it.service_code, it.form.result.clone()))
    };
    let by = |code: &str, result: &str| Ok((code.to_owned(), result.to_owned()));
    assert_eq!(of(None, Some("SIGNED")), by("SIGNED", "other"));
    assert_eq!(of(Some(SERVICE), Some("SIGNED")), by(SERVICE, "certificate"));
    // What the tables do not know says nothing against what they know.
    assert_eq!(of(Some(SERVICE), Some("10-2")), by(SERVICE, "certificate"));
    let unknown = of(Some("RR_X"), Some("SIGNED")).unwrap_err();
    assert!(matches!(&unknown, NotTaken::Unknown(why) if why.starts_with("RR_X: ")), "{unknown}");
    let two = NotTaken::Unusable("ADDL_CLIENT_KEY and serviceType name different services".to_owned());
    assert_eq!(of(Some(SERVICE), Some("ALLOWANCE")), Err(two));
}

#[test]
fn mistakes_are_those_that_the_form_here_would_tell_by_the_codes_of_the_portal() {
    assert_eq!(refused(&without("who")), unusable("who (role): missing"));
    let phone = ForeignValue::Entry(vec![text("address", "Абай"), text("phone", "нөмір")]);
    assert_eq!(refused(&with(field("contact", vec![phone]))), unusable("contact.phone (phone): not-a-phone"));
    let twice = vec![ForeignValue::Text("01".to_owned()), ForeignValue::Text("02".to_owned())];
    let several = refused(&with(field("who", twice)));
    assert_eq!(several, unusable("who (role): missing, who: several-values"));
    assert_eq!(
        refused(&with(field("child", vec![ForeignValue::Cell]))).to_string().matches("no-fields").count(),
        1
    );
    let mut foreign = foreign();
    foreign.representative = Some(ForeignPerson::default());
    assert_eq!(refused(&foreign), unusable("requesterDelegateIin: nobody-applies-for-another"));
    foreign.representative = None;
    foreign.applicant = ForeignPerson { iin: "90010130000".to_owned(), ..ForeignPerson::default() };
    assert_eq!(refused(&foreign), unusable("requesterIin: not-an-iin, requesterLastName: missing"));
}

#[test]
fn a_file_is_what_its_content_says() {
    let child = |file: &[u8]| {
        let file = ForeignFile { name: "акт.pdf".to_owned(), bytes: file.to_vec() };
        let mut fields =
            vec![text("last_name", "Байғоныс"), text("first_name", "А"), text("born", "2010-04-18")];
        fields.push(field("act", vec![ForeignValue::File(file)]));
        with(field("child", vec![ForeignValue::Entry(fields)]))
    };
    assert_eq!(refused(&child(b"MZ program")), unusable("child.act: none-of-pdf-jpeg-png"));
    assert_eq!(refused(&child(b"")), unusable("child.act: empty"));
    assert!(asked(&settings(), &child(b"\x89PNG\r\n\x1a\n"), today()).is_ok());
}
