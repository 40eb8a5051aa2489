// SPDX-License-Identifier: MIT OR Apache-2.0
//! The registers' payloads.

use jiff::civil::date;
use shep::gbd_fl::{self, CapableStatus, Consent, Entry, ExcludeStatus, Exclusion, Person, Search};
use shep::records::{self, Values};
use shep::sync::SyncResponse;
use shep::{Channel, Data, Error, Message};

use crate::{IIN, element, envelope, messages, now, schema, with_signature};

fn inline(document: String) -> Data {
    Data::inline(document).unwrap()
}

fn question(search: Search) -> gbd_fl::Request {
    gbd_fl::Request {
        message_id: "11111111-1111-4111-8111-111111111112".to_owned(),
        message_date: now(),
        sender_code: "DEMO".to_owned(),
        search,
        consent: None,
    }
}

fn entry(code: &str) -> Entry {
    Entry { code: code.to_owned(), name_ru: "Демо".to_owned(), name_kk: "Үлгі".to_owned() }
}

fn person() -> Person {
    Person {
        iin: IIN.to_owned(),
        surname: Some("ҮЛГІ".to_owned()),
        birth_date: Some(date(1990, 1, 1)),
        gender: entry("1"),
        nationality: entry("005"),
        citizenship: entry("398"),
        life_status: entry("0"),
        ..Person::default()
    }
}

fn answer(persons: Vec<Person>) -> gbd_fl::Response {
    gbd_fl::Response {
        message_id: "r-1".to_owned(),
        message_date: now(),
        request_id: "q-1".to_owned(),
        sender: entry("GBDFL"),
        receiver: entry("DEMO"),
        result: entry(gbd_fl::RESULT_PROCESSED),
        persons,
    }
}

#[test]
fn questions_by_each_mode_come_back_the_same_though_signed() {
    let by_name = Search::Name {
        surname: Some("ҮЛГІ".to_owned()),
        name: None,
        patronymic: None,
        birth_date: date(1990, 1, 1),
    };
    for search in [Search::Iin(IIN.to_owned()), by_name, Search::Document("000000001".to_owned())] {
        let mut question = question(search);
        let plain = inline(with_signature(&question.write().unwrap()));
        assert_eq!(gbd_fl::Request::read(&plain).unwrap(), question);
        question.consent = Some(Consent { token: "t".to_owned(), public_key: "k".to_owned() });
        let plain = inline(question.write().unwrap());
        assert_eq!(gbd_fl::Request::read(&plain).unwrap(), question);
        asked_by_the_schema(plain);
    }
}

/// Has a payload checked inside its envelope, by the schema of the contract.
fn asked_by_the_schema(data: Data) {
    let message = Message::SyncRequest(messages::request(Some(data)));
    schema::assert_valid(Channel::Sync, &envelope(Channel::Sync, message).write().unwrap());
}

fn told_by_the_schema(data: Data) {
    let response = SyncResponse { data: Some(data), ..messages::response() };
    let message = Message::SyncResponse(response);
    schema::assert_valid(Channel::Sync, &envelope(Channel::Sync, message).write().unwrap());
}

#[test]
fn the_schema_of_the_contract_refuses_what_the_register_would() {
    let document = question(Search::Iin(IIN.to_owned())).write().unwrap();
    let refused = |document: String| {
        let message = Message::SyncRequest(messages::request(Some(inline(document))));
        let text = envelope(Channel::Sync, message).write().unwrap();
        schema::check(Channel::Sync, &text).unwrap_err();
    };
    refused(document.replace("<senderCode>DEMO</senderCode>", ""));
    refused(document.replace("</iin>", "</iin><documentNumber>1</documentNumber><name>x</name>"));
    refused(document.replace("q:Request", "q:Question"));
    refused(document.replace("<iin>", "<q:iin>").replace("</iin>", "</q:iin>"));
}

#[test]
fn a_question_by_two_modes_is_refused() {
    let document = question(Search::Iin(IIN.to_owned())).write().unwrap();
    let both = document.replace("</iin>", "</iin><documentNumber>1</documentNumber>");
    assert_eq!(gbd_fl::Request::read(&inline(both)), Err(Error::Doubled { what: "search mode" }));
}

#[test]
fn a_question_by_date_of_birth_alone_is_not_written() {
    let search = Search::Name { surname: None, name: None, patronymic: None, birth_date: date(1990, 1, 1) };
    assert_eq!(question(search).write(), Err(Error::Missing { what: "surname" }));
}

#[test]
fn answers_come_back_the_same_though_signed() {
    let mut dead = person();
    dead.death_date = Some(date(2020, 2, 2));
    dead.death_certificate = Some("77".to_owned());
    dead.removed = true;
    dead.exclude_status =
        Some(ExcludeStatus { reason: entry("1"), reason_date: Some(date(2020, 2, 2)), date: None });
    dead.capable_status = Some(CapableStatus {
        status: entry("2"),
        date: Some(date(2019, 1, 1)),
        end_date: None,
        number: Some("2-1".to_owned()),
        court: Some(entry("9")),
    });
    for persons in [vec![], vec![person()], vec![dead, person()]] {
        let answer = answer(persons);
        let written = inline(with_signature(&answer.write().unwrap()));
        assert_eq!(gbd_fl::Response::read(&written).unwrap(), answer);
        told_by_the_schema(written);
    }
    assert!(!answer(vec![]).write().unwrap().contains("persons"));
}

fn nothing_known() -> ExcludeStatus {
    ExcludeStatus { reason: Entry::default(), reason_date: None, date: None }
}

#[test]
fn every_sign_of_death_counts_by_itself() {
    type Change = fn(&mut Person);
    let rows: [(Change, Exclusion); 5] = [
        (|it| it.death_date = Some(date(2020, 2, 2)), Exclusion::DeathDate(date(2020, 2, 2))),
        (|it| it.death_certificate = Some(String::new()), Exclusion::DeathCertificate),
        (|it| it.life_status.code = "3".to_owned(), Exclusion::LifeStatus("3".to_owned())),
        (|it| it.removed = true, Exclusion::Removed),
        (|it| it.exclude_status = Some(nothing_known()), Exclusion::Excluded(String::new())),
    ];
    assert_eq!(person().exclusions(), []);
    for (change, expected) in rows {
        let mut it = person();
        change(&mut it);
        assert_eq!(it.exclusions(), [expected]);
    }
}

#[test]
fn empty_certificate_and_status_are_no_sign_of_death() {
    let document = answer(vec![person()]).write().unwrap();
    let empty = document.replace("<birthPlace/>", "<deathCertificate/><excludeStatus/><birthPlace/>");
    let read = gbd_fl::Response::read(&inline(empty)).unwrap();
    assert_eq!(read.person(IIN).unwrap().exclusions(), []);
}

#[test]
fn two_persons_of_one_number_are_nobody() {
    assert_eq!(answer(vec![person(), person()]).person(IIN), None);
    assert_eq!(answer(vec![person()]).person("1"), None);
}

#[test]
fn an_answer_of_another_kind_is_refused() {
    let question = inline(question(Search::Iin(IIN.to_owned())).write().unwrap());
    assert_eq!(gbd_fl::Response::read(&question).unwrap_err().code(), "wrong-payload");
    assert_eq!(records::Response::read(&question).unwrap_err().code(), "wrong-payload");
    assert_eq!(gbd_fl::Response::read(&Data::text("x").unwrap()).unwrap_err().code(), "wrong-payload");
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn asked_of_records(asked: Values) -> records::Request {
    records::Request {
        message_id: "q".to_owned(),
        message_date: now(),
        sender_code: "DEMO".to_owned(),
        register: "boats".to_owned(),
        iin: IIN.to_owned(),
        asked,
    }
}

fn told_of_records(records: Vec<Values>) -> records::Response {
    records::Response {
        message_id: "r".to_owned(),
        message_date: now(),
        request_id: "q".to_owned(),
        register: "boats".to_owned(),
        records,
    }
}

#[test]
fn named_values_come_back_the_same_though_signed() {
    for asked in [Values::new(), values(&[("number", "<1>"), ("act_date", "2020-01-01")])] {
        let request = asked_of_records(asked);
        let written = element(with_signature(&request.write().unwrap()));
        assert_eq!(records::Request::read(&written).unwrap(), request);
    }
    let one = values(&[("name", "ҮЛГІ & БАЛА"), ("from", "2020-01-01")]);
    for records in [vec![], vec![one.clone(), Values::new(), one]] {
        let response = told_of_records(records);
        let written = element(with_signature(&response.write().unwrap()));
        assert_eq!(records::Response::read(&written).unwrap(), response);
        told_by_the_schema(written);
    }
}

#[test]
fn named_values_have_bounds_both_ways() {
    let long = "x".repeat(records::VALUE_CHARS_MAX + 1);
    let many: Values = (0..=records::VALUES_MAX).map(|it| (format!("v{it}"), "x".to_owned())).collect();
    let refused = |asked: Values| asked_of_records(asked).write().unwrap_err();
    assert_eq!(refused(values(&[("name", &long)])), Error::TooLong { what: "text" });
    assert_eq!(refused(values(&[("A name", "x")])), Error::Unwritable { what: "name" });
    assert_eq!(refused(many.clone()), Error::TooMany { what: "value" });
    let rows = vec![Values::new(); records::RECORDS_MAX + 1];
    assert_eq!(told_of_records(rows).write(), Err(Error::TooMany { what: "record" }));

    let read = |document: String| records::Response::read(&element(document)).unwrap_err();
    let written = told_of_records(vec![values(&[("number", "7")])]).write().unwrap();
    let doubled = "</value><value><name>number</name><text>8</text></value>";
    assert_eq!(read(written.replacen("</value>", doubled, 1)), Error::Doubled { what: "value" });
    assert_eq!(read(written.replace(">7<", &format!(">{long}<"))), Error::TooLong { what: "text" });
    assert_eq!(read(written.replace(">number<", ">Number<")), Error::Invalid { what: "name" });
    let record = "<record></record>".repeat(records::RECORDS_MAX + 1);
    let crowd = written.replace("<records>", &format!("<records>{record}"));
    assert_eq!(read(crowd), Error::TooMany { what: "record" });
    assert_eq!(read(written.replace(records::NAMESPACE, "urn:other")).code(), "wrong-payload");
}
