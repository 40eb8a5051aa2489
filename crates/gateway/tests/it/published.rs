// SPDX-License-Identifier: MIT OR Apache-2.0
//! Applications of a portal that knows the published form only, signed and checked.

mod refusals;

use crate::border::accepts;
use crate::relay::with_key;
use crate::world::{now, peer, wait, wire};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway::border::{Form, KnownSender};
use gateway::{BorderEndpoint, InProcess, TempFiles, Transport};
use service::ports::PortError;
use service::ports::border::{Arrival, Parcel, Receive};
use service::ports::foreign::{Foreign, ForeignField, ForeignFile, ForeignPerson, ForeignValue, NotTaken};
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::border::{
    Field, File, FileContent, FormImport, Item, Person, Provider, SERVICE_ID, SERVICE_PROPERTY, Value,
};
use shep::{BodyId, Channel, Data, Envelope, Message, Property, Sender};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// The portal, and its key.
const PORTAL: &str = "demo-portal";
const KEY: &str = "transport-portal";

/// What such a portal sends.
const FORM: &str = concat!(
    "<a:typedRequestFormImportData xmlns:a=\"http://bip.bee.kz/AsyncChannel/\">",
    "<importSource>EGOV_PORTAL</importSource>",
    "<updatedValues><code>applicant_note</code><values><string>demo</string></values></updatedValues>",
    "<externalRequestChainId>2000001</externalRequestChainId>",
    "<externalRequestId>10000000000001</externalRequestId>",
    "<requestOriginSystemId>EGOV_PORTAL</requestOriginSystemId>",
    "<requesterIin>580308499930</requesterIin><serviceType>DEMO</serviceType>",
    "</a:typedRequestFormImportData>"
);

/// A region that keeps the applications it is given, or takes none.
#[derive(Debug, Default)]
struct Desk {
    applied: Mutex<Vec<(Foreign, Arrival)>>,
    fails: Option<NotTaken>,
}

#[async_trait::async_trait]
impl Receive for Desk {
    async fn receive(&self, _: Parcel, _: Arrival) -> Result<(), PortError> {
        panic!("such a portal sends no parcels")
    }

    async fn applied(&self, foreign: Foreign, arrival: Arrival) -> Result<(), NotTaken> {
        if let Some(error) = &self.fails {
            return Err(error.clone());
        }
        self.applied.lock().unwrap().push((foreign, arrival));
        Ok(())
    }
}

/// Opens the port of a region to which the portal applies in this form.
fn open(desk: &Arc<Desk>, form: Form) -> Arc<InProcess> {
    let (role, addressees) = ("portal".to_owned(), BTreeSet::new());
    let known = KnownSender { peer: peer("portal"), carrier: None, role, addressees, form };
    let mut accepts = accepts();
    accepts.senders.insert(PORTAL.to_owned(), known);
    let hub = Arc::new(InProcess::new());
    let receive = Arc::clone(desk) as Arc<dyn Receive>;
    let endpoint = BorderEndpoint::new(wire("qyzmet-region", "transport-region"), accepts, receive)
        .with_files(hub.files());
    hub.register("region", Arc::new(endpoint));
    hub
}

fn info() -> AsyncInfo {
    AsyncInfo {
        message_id: Some("M-1".to_owned()),
        correlation_id: Some("2000001".to_owned()),
        service_id: SERVICE_ID.to_owned(),
        message_type: MessageType::Request,
        route_id: None,
        message_date: now(),
        sender: Sender { id: PORTAL.to_owned(), password: Some("demo-secret".to_owned()) },
        properties: vec![Property { key: SERVICE_PROPERTY.to_owned(), value: "RR_DEMO".to_owned() }],
        session_id: None,
    }
}

/// Signs a payload and the body around it as the portal; returns both.
fn signed(info: AsyncInfo, form: &str) -> (String, Vec<u8>) {
    let payload = with_key(KEY, |it| eds::xml::sign_enveloped(form, it)).unwrap();
    let message = AsyncMessage { info, data: Data::element(payload.clone()).unwrap() };
    let message = Message::SendMessage(message);
    let text = Envelope { channel: Channel::Async, body_id: BodyId::new("id-1"), message }.write().unwrap();
    (payload, with_key(KEY, |it| eds::xml::sign_body(&text, it)).unwrap().into_bytes())
}

fn answer(hub: &InProcess, message: Vec<u8>) -> Message {
    let answer = wait(hub.exchange("region", message)).unwrap();
    eds::xml::verify_body(&answer).unwrap();
    Envelope::read(&answer).unwrap().message
}

/// Sends what is taken; returns the ids that its receipt names, and what the region was given.
fn taken(desk: &Desk, hub: &InProcess, message: Vec<u8>) -> ((String, String), (Foreign, Arrival)) {
    let Message::Accepted(it) = answer(hub, message) else { panic!("it was refused") };
    ((it.message_id, it.correlation_id), desk.applied.lock().unwrap().last().unwrap().clone())
}

/// Returns a message of the shared samples, or nothing where they are knowingly absent.
pub(crate) fn shared(name: &str) -> Option<AsyncMessage> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared =
        std::env::var_os("QYZMET_SHARED").map_or_else(|| here.join("../../../shared"), PathBuf::from);
    let bytes = match std::fs::read(shared.join("facts/gateway-samples").join(format!("{name}.xml"))) {
        Ok(bytes) => bytes,
        Err(_) if std::env::var_os("QYZMET_WITHOUT_SHARED").is_some_and(|it| it == "1") => return None,
        Err(error) => panic!("{name} of the shared samples: {error}; QYZMET_WITHOUT_SHARED=1 skips them"),
    };
    let Message::SendMessage(message) = Envelope::read(&bytes).unwrap().message else { panic!("{name}") };
    Some(message)
}

#[test]
fn the_published_sample_is_taken_as_it_tells() {
    let Some(sample) = shared("async-sendMessage-request") else { return };
    let (payload, message) = signed(sample.info.clone(), sample.data.document().unwrap());
    let desk = Arc::new(Desk::default());
    let (ids, (foreign, arrival)) = taken(&desk, &open(&desk, Form::Published), message.clone());
    let note = ForeignValue::Text("demo".to_owned());
    let expected = Foreign {
        message: "55555555-5555-4555-8555-555555555555".to_owned(),
        chain: "2000001".to_owned(),
        request: "10000000000001".to_owned(),
        client_key: Some("RR_DEMO".to_owned()),
        service_type: Some("DEMO".to_owned()),
        provider_bin: None,
        provider_kato: None,
        applicant: ForeignPerson { iin: "900101300007".to_owned(), ..ForeignPerson::default() },
        representative: None,
        fields: vec![ForeignField { code: "applicant_note".to_owned(), values: vec![note] }],
        sent_at: "2026-11-21T20:36:09.123+05:00".parse().unwrap(),
        form: payload.into_bytes(),
    };
    assert_eq!((&ids.0, &ids.1), (&expected.message, &expected.chain));
    assert_eq!(foreign, expected);
    assert_eq!((arrival.sender.as_str(), arrival.message), (PORTAL, message));
}

fn file(content: FileContent, sha256: &str) -> Value {
    Value::File(File {
        name: "анықтама.pdf".to_owned(),
        media_type: String::new(),
        sha256: sha256.to_owned(),
        document: None,
        content,
    })
}

/// Each kind of value as the form has it, and as it is read.
fn kinds() -> Vec<(Value, Vec<ForeignValue>)> {
    let text = |it: &str| ForeignValue::Text(it.to_owned());
    let item =
        |code: &str| Item { code: code.to_owned(), kk: "бір".to_owned(), ru: "один".to_owned() };
    let entry = |code: &str| ForeignValue::Item {
        code: code.to_owned(),
        kk: "бір".to_owned(),
        ru: "один".to_owned(),
    };
    let scan = |bytes: &[u8]| {
        ForeignValue::File(ForeignFile { name: "анықтама.pdf".to_owned(), bytes: bytes.to_vec() })
    };
    let inner = |code: &str, values| ForeignField { code: code.to_owned(), values };
    let digest = hex::encode(eds::sha256(b"scan"));
    let base64 = || FileContent::Base64(STANDARD.encode("scan"));
    let beside = FileContent::Identifier("F-1".to_owned());
    let empty = Field { code: "none".to_owned(), values: Vec::new() };
    let files = Field { code: "scan".to_owned(), values: vec![file(beside, "")] };
    vec![
        (Value::Text(" a < b\n".to_owned()), vec![text(" a < b\n")]),
        (Value::Number("-12.50".to_owned()), vec![text("-12.50")]),
        (Value::Date(jiff::civil::date(2012, 9, 14)), vec![text("2012-09-14")]),
        (Value::Boolean(true), vec![ForeignValue::Flag(true)]),
        (Value::Item(item("01")), vec![entry("01")]),
        (Value::Texts(vec!["x".to_owned(), String::new()]), vec![text("x")]),
        (Value::Items(vec![item("01"), item("02")]), vec![entry("01"), entry("02")]),
        (
            Value::Complex(vec![Field::text("surname", "Үлгі"), empty, files]),
            vec![ForeignValue::Entry(vec![
                inner("surname", vec![text("Үлгі")]),
                inner("none", Vec::new()),
                inner("scan", vec![scan(b"beside")]),
            ])],
        ),
        (
            Value::Cell { dimensions: vec![("row".to_owned(), "1".to_owned())], value: "v".to_owned() },
            vec![ForeignValue::Cell],
        ),
        (file(base64(), ""), vec![scan(b"scan")]),
        (file(base64(), &digest), vec![scan(b"scan")]),
    ]
}

#[test]
fn every_kind_of_value_is_read_and_a_file_beside_the_message_is_fetched() {
    let kinds = kinds();
    let code = |index: usize| format!("field_{index}");
    let mut form = FormImport::read(&Data::element(FORM.to_owned()).unwrap()).unwrap();
    let values = kinds.iter().map(|it| it.0.clone()).enumerate();
    form.values = values.map(|(at, it)| Field { code: code(at), values: vec![it] }).collect();
    form.id = Some("form-7".to_owned());
    form.provider = Provider {
        bin: Some("930140999904".to_owned()),
        location_code: Some("353200000".to_owned()),
        ..Provider::default()
    };
    form.representative = Some(Person {
        iin: "711130399969".to_owned(),
        first_name: Some("Дарья".to_owned()),
        last_name: Some("Ершова".to_owned()),
        middle_name: Some("Үлгіқызы".to_owned()),
        birth_date: Some(jiff::civil::date(1971, 11, 30)),
    });
    // The form's own id stands where the envelope names none, and a code that says nothing is none.
    let mut info = AsyncInfo { message_id: None, ..info() };
    info.properties[0].value.clear();
    let (_, message) = signed(info, &form.write().unwrap());
    let desk = Arc::new(Desk::default());
    let hub = open(&desk, Form::Published);
    let files: Arc<dyn TempFiles> = hub.files().unwrap();
    wait(files.put("F-1", b"beside".to_vec())).unwrap();
    let (ids, (foreign, _)) = taken(&desk, &hub, message);
    assert_eq!(ids, ("form-7".to_owned(), "2000001".to_owned()));
    assert_eq!((foreign.message.as_str(), foreign.client_key), ("form-7", None));
    assert_eq!(
        (foreign.provider_bin, foreign.provider_kato),
        (Some("930140999904".to_owned()), Some("353200000".to_owned()))
    );
    let representative = ForeignPerson {
        iin: "711130399969".to_owned(),
        surname: Some("Ершова".to_owned()),
        given: Some("Дарья".to_owned()),
        patronymic: Some("Үлгіқызы".to_owned()),
        born: Some(jiff::civil::date(1971, 11, 30)),
    };
    assert_eq!(foreign.representative, Some(representative));
    let expected: Vec<ForeignField> =
        kinds.into_iter().enumerate().map(|(at, it)| ForeignField { code: code(at), values: it.1 }).collect();
    assert_eq!(foreign.fields, expected);
}

#[test]
fn the_same_application_twice_is_accepted_twice_as_the_same() {
    let desk = Arc::new(Desk::default());
    let hub = open(&desk, Form::Published);
    let (_, message) = signed(info(), FORM);
    let (first, (read, _)) = taken(&desk, &hub, message.clone());
    let (second, (again, _)) = taken(&desk, &hub, message);
    assert_eq!((first, read), (second, again));
    assert_eq!(desk.applied.lock().unwrap().len(), 2);
}
