// SPDX-License-Identifier: MIT OR Apache-2.0
//! The samples that were validated against the published schemas.

use std::path::PathBuf;

use shep::border::{FormImport, Resolution, Stage};
use shep::gbd_fl::{self, Search};
use shep::{Channel, Code, Data, Envelope, Message};

use crate::{IIN, round_trip};

const SAMPLES: [&str; 10] = [
    "async-getMessageStatusResponse",
    "async-getMessages",
    "async-sendDeliveryNotification",
    "async-sendMessage-notification",
    "async-sendMessage-request",
    "async-sendMessageResponse",
    "sync-fault",
    "sync-request-gbdfl",
    "sync-response-found",
    "sync-response-notfound",
];

/// Returns a sample read, or nothing where the shared files are knowingly absent.
fn sample(name: &str) -> Option<Envelope> {
    let text = bytes(name)?;
    Some(Envelope::read(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn bytes(name: &str) -> Option<Vec<u8>> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared =
        std::env::var_os("QYZMET_SHARED").map_or_else(|| here.join("../../../shared"), PathBuf::from);
    match std::fs::read(shared.join("facts/gateway-samples").join(format!("{name}.xml"))) {
        Ok(bytes) => Some(bytes),
        Err(_) if std::env::var_os("QYZMET_WITHOUT_SHARED").is_some_and(|it| it == "1") => None,
        Err(error) => panic!("{name} of the shared samples: {error}; QYZMET_WITHOUT_SHARED=1 skips them"),
    }
}

fn data(envelope: Envelope) -> Data {
    match envelope.message {
        Message::SyncRequest(it) => it.data.unwrap(),
        Message::SyncResponse(it) => it.data.unwrap(),
        Message::SendMessage(it) => it.data,
        other => panic!("no payload in {other:?}"),
    }
}

#[test]
fn every_sample_is_read_and_what_is_written_reads_the_same() {
    for name in SAMPLES {
        if let Some(envelope) = sample(name) {
            round_trip(&envelope);
        }
    }
}

#[test]
fn every_sample_is_valid_by_our_schemas() {
    for name in SAMPLES {
        let (Some(envelope), Some(bytes)) = (sample(name), bytes(name)) else { continue };
        crate::schema::assert_valid(envelope.channel, std::str::from_utf8(&bytes).unwrap());
    }
}

#[test]
fn request_sample_is_a_question_by_iin_with_consent() {
    let Some(envelope) = sample("sync-request-gbdfl") else { return };
    assert_eq!(envelope.channel, Channel::Sync);
    assert_eq!(envelope.body_id.as_ref().unwrap().as_str(), "id-00000000-0000-4000-8000-000000000001");
    let Message::SyncRequest(request) = &envelope.message else { panic!("a request") };
    assert_eq!(request.info.service_id, gbd_fl::SERVICE_ID_WITH_CONSENT);
    assert_eq!(request.info.sender.id, "demo-portal");
    let question = gbd_fl::Request::read(&data(envelope)).unwrap();
    assert_eq!(question.search, Search::Iin(IIN.to_owned()));
    assert_eq!(question.consent.unwrap().token, "demo-kdp-token");
}

#[test]
fn found_sample_is_a_living_person() {
    let Some(envelope) = sample("sync-response-found") else { return };
    let answer = gbd_fl::Response::read(&data(envelope)).unwrap();
    let person = answer.person(IIN).unwrap();
    assert_eq!(person.full_name(), "ҮЛГІ АДАМ СЫНАҚҰЛЫ");
    assert_eq!(person.birth_date.unwrap().to_string(), "1990-01-01");
    assert_eq!(person.exclusions(), []);
    assert_eq!(person.valid_document().unwrap().number, "000000001");
    assert_eq!(person.registered_address.as_ref().unwrap().address_code.as_deref(), Some("0000000000000000"));
    let written = Data::inline(answer.write().unwrap()).unwrap();
    assert_eq!(gbd_fl::Response::read(&written).unwrap(), answer);
}

#[test]
fn not_found_sample_has_nobody() {
    let Some(envelope) = sample("sync-response-notfound") else { return };
    let Message::SyncResponse(response) = &envelope.message else { panic!("a response") };
    assert_eq!(response.info.status.code, Code::NoData);
    let answer = gbd_fl::Response::read(&data(envelope)).unwrap();
    assert_eq!(answer.persons, []);
    assert_eq!(answer.person(IIN), None);
}

#[test]
fn form_import_samples_are_read() {
    let (Some(request), Some(notice)) =
        (sample("async-sendMessage-request"), sample("async-sendMessage-notification"))
    else {
        return;
    };
    let request = FormImport::read(&data(request)).unwrap();
    assert_eq!((request.chain_id.as_str(), request.service.code.as_deref()), ("2000001", Some("DEMO")));
    assert_eq!(request.values.first().unwrap().as_text(), Some("demo"));
    let notice = FormImport::read(&data(notice)).unwrap();
    assert_eq!((notice.stage, notice.resolution), (Some(Stage::InProgress), Some(Resolution::None)));
}

#[test]
fn fault_sample_names_its_code() {
    let Some(envelope) = sample("sync-fault") else { return };
    let Message::Fault(fault) = envelope.message else { panic!("a fault") };
    assert_eq!(fault.detail.unwrap().1.code, Code::ServiceUnknown);
}
