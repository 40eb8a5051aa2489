// SPDX-License-Identifier: MIT OR Apache-2.0
//! The registers' payloads.

use jiff::civil::{Date, date};
use shep::gbd_fl::{self, CapableStatus, Consent, Entry, ExcludeStatus, Exclusion, Person, Search};
use shep::guardianship::{self, Child, Kind, Record};
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
    assert_eq!(guardianship::Response::read(&question).unwrap_err().code(), "wrong-payload");
    assert_eq!(gbd_fl::Response::read(&Data::text("x").unwrap()).unwrap_err().code(), "wrong-payload");
}

fn record(from: Date, to: Option<Date>) -> Record {
    Record {
        kind: Kind::Guardian,
        child: Child { iin: None, full_name: "ҮЛГІ БАЛА".to_owned(), birth_date: date(2018, 3, 4) },
        act_number: "12".to_owned(),
        act_date: from,
        act_body: "Үлгі ауданының әкімдігі".to_owned(),
        from,
        to,
        end_ground: to.map(|_| "кәмелетке толды".to_owned()),
    }
}

#[test]
fn guardianship_comes_back_the_same_though_signed() {
    let request = guardianship::Request {
        message_id: "q".to_owned(),
        message_date: now(),
        sender_code: "DEMO".to_owned(),
        guardian_iin: IIN.to_owned(),
    };
    let written = element(with_signature(&request.write().unwrap()));
    assert_eq!(guardianship::Request::read(&written).unwrap(), request);
    let mut custody = record(date(2020, 1, 1), Some(date(2024, 1, 1)));
    custody.kind = Kind::Custodian;
    custody.child.iin = Some(IIN.to_owned());
    for records in [vec![], vec![record(date(2020, 1, 1), None), custody]] {
        let response = guardianship::Response {
            message_id: "r".to_owned(),
            message_date: now(),
            request_id: "q".to_owned(),
            records,
        };
        let written = element(with_signature(&response.write().unwrap()));
        assert_eq!(guardianship::Response::read(&written).unwrap(), response);
    }
}

#[test]
fn guardianship_is_in_force_from_its_first_day_to_its_last() {
    let ended = record(date(2020, 1, 1), Some(date(2024, 1, 1)));
    let days = [(2019, 12, 31, false), (2020, 1, 1, true), (2024, 1, 1, true), (2024, 1, 2, false)];
    for (year, month, day, expected) in days {
        assert_eq!(ended.in_force(date(year, month, day)), expected);
    }
    assert!(record(date(2020, 1, 1), None).in_force(date(2030, 1, 1)));
}
