// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers to a portal that knows the published form only.

use crate::border::sample;
use crate::published::shared;
use crate::relay::with_key;
use crate::world::{now, peer, wait, wire};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::case::{FileHash, Proposal, SignedResult};
use gateway::border::FILE_BYTES_SUM_MAX;
use gateway::{BorderClient, Directory, Endpoint, InProcess, Transport};
use regulation::model::{End, System};
use service::paper_spec::Bilingual;
use service::ports::border::{Parcel, ParcelFile, Published};
use service::ports::foreign::Reply;
use service::ports::{Border, PortError};
use shep::asynchronous::{Accepted, AsyncMessage, MessageType};
use shep::border::{
    Field, File, FileContent, FormImport, Item, Provider, Refusal, Resolution, ServiceName, Stage, Value,
};
use shep::{BodyId, Channel, Envelope, Message};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// The portal's id as a sender, and the region's.
const PORTAL: &str = "egov";
const REGION: &str = "akimat-35";

/// A portal that takes what it is sent and says so, about the chain of the message or another.
#[derive(Debug, Default)]
struct Portal {
    taken: Mutex<Vec<Vec<u8>>>,
    names: Option<&'static str>,
}

#[async_trait::async_trait]
impl Endpoint for Portal {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        eds::xml::verify_body(&envelope).unwrap();
        let info = read(&envelope).info;
        self.taken.lock().unwrap().push(envelope);
        let accepted = Accepted {
            message_id: info.message_id.unwrap(),
            correlation_id: self.names.map_or(info.correlation_id.unwrap(), str::to_owned),
            response_date: now(),
            session_id: None,
        };
        let message = Message::Accepted(accepted);
        let text = Envelope { channel: Channel::Async, body_id: BodyId::new("id-1"), message };
        let sign = |it: &eds::xml::Signer<'_>| eds::xml::sign_body(&text.write().unwrap(), it);
        with_key("transport-portal", sign).unwrap().into_bytes()
    }
}

fn read(envelope: &[u8]) -> AsyncMessage {
    let Message::SendMessage(message) = Envelope::read(envelope).unwrap().message else { panic!() };
    message
}

fn directory() -> Directory {
    Directory::new().carried(PORTAL, "portal", peer("portal")).with_route(PORTAL, None)
}

fn deliver(hub: &Arc<InProcess>, directory: Directory, parcel: Parcel) -> Result<(), PortError> {
    let transport = Arc::<InProcess>::clone(hub);
    let client = BorderClient::new(wire(REGION, "transport-region"), transport, directory);
    wait(client.deliver(parcel)).map(drop)
}

/// Sends an answer, has its envelope checked, and returns it as the portal reads it.
fn sent(hub: &Arc<InProcess>, directory: Directory, parcel: Parcel) -> AsyncMessage {
    let portal = Arc::new(Portal::default());
    hub.register("portal", Arc::<Portal>::clone(&portal));
    deliver(hub, directory, parcel).unwrap();
    let envelope = portal.taken.lock().unwrap().pop().unwrap();
    let text = String::from_utf8(envelope).unwrap();
    assert_valid(&text);
    assert!(!text.contains("qyzmet"), "{text}");
    let message = read(text.as_bytes());
    eds::xml::verify_enveloped(message.data.document().unwrap().as_bytes()).unwrap();
    message
}

fn form(message: &AsyncMessage) -> FormImport {
    FormImport::read(&message.data).unwrap()
}

/// Has an envelope checked against the schemas of the codec, as by a strict peer.
fn assert_valid(envelope: &str) {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../shep/tests/frames/async.xsd");
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--noout", "--huge", "--schema", schema, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("xmllint (libxml2-utils): {error}"));
    child.stdin.take().unwrap().write_all(envelope.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{envelope}\n{}", String::from_utf8_lossy(&output.stderr));
}

fn file(name: &str, bytes: Vec<u8>) -> ParcelFile {
    let hash = FileHash(hex::encode(eds::sha256(&bytes)));
    ParcelFile { hash, name: name.to_owned(), media_type: "application/pdf".to_owned(), bytes }
}

/// What a region answers whose papers are signed already: an earlier one and this.
fn answer(paper: Vec<u8>) -> Parcel {
    let reply = Reply {
        chain: "2000001".to_owned(),
        request: "10000000000001".to_owned(),
        client_key: Some("RR_DEMO".to_owned()),
        iin: "900101300007".to_owned(),
        result: "result_document".to_owned(),
        ..Reply::default()
    };
    let published = Published {
        provider_bin: Some("930140999904".to_owned()),
        ground: Some(Bilingual::new("Құжаттар жарамсыз", "Документы негодны")),
        lang: "ru".to_owned(),
        ..Published::default()
    };
    let earlier = file("16.pdf", b"earlier paper".to_vec());
    let paper = file("17.pdf", paper);
    let mut answer = Parcel {
        to: PORTAL.to_owned(),
        from: System::Region,
        request: None,
        answers: Some(FileHash("5".repeat(64))),
        published,
        reply: Some(reply),
        ..sample()
    };
    answer.progress.result_number = Some("17".to_owned());
    answer.progress.result = Some(SignedResult {
        file: paper.hash.clone(),
        check_key: "0b".repeat(16),
        signer: "Әкім Ү. Үлгі".to_owned(),
        at: now(),
        on_paper: None,
    });
    answer.files = vec![earlier, paper];
    answer
}

fn ended(mut parcel: Parcel, end: End) -> Parcel {
    parcel.progress.end = Some((end, now()));
    parcel
}

fn status(code: &str, kk: &str, ru: &str) -> Field {
    let item = Item { code: code.to_owned(), kk: kk.to_owned(), ru: ru.to_owned() };
    Field { code: "processing_status".to_owned(), values: vec![Value::Item(item)] }
}

/// Takes the signature out of a payload.
fn bare(message: &AsyncMessage) -> String {
    let text = message.data.document().unwrap();
    let (before, rest) = text.split_once("<ds:Signature ").unwrap();
    format!("{before}{}", rest.split_once("</ds:Signature>").unwrap().1)
}

#[test]
fn an_interim_answer_is_the_published_notice_and_nothing_else() {
    let mut parcel = answer(b"paper".to_vec());
    parcel.progress.result = None;
    parcel.files.clear();
    let message = sent(&Arc::new(InProcess::new()), directory(), parcel);
    let info = &message.info;
    assert_eq!(info.message_type, MessageType::Notification);
    assert_eq!(info.message_id, Some(sample().id.to_string()));
    assert_eq!((info.correlation_id.as_deref(), info.route_id.as_deref()), (Some("2000001"), None));
    let properties: Vec<_> = info.properties.iter().map(|it| (it.key.as_str(), it.value.as_str())).collect();
    assert_eq!(properties, [("ADDL_CLIENT_KEY", "RR_DEMO")]);
    assert_eq!(form(&message).values, [status("IN_PROCESSING", "Өңделуде", "В обработке")]);
    let Some(notice) = shared("async-sendMessage-notification") else { return };
    assert_eq!(bare(&message).replace(REGION, "ORLEU"), notice.data.document().unwrap());
}

#[test]
fn the_final_answer_brings_the_papers_in_the_portals_field() {
    let parcel = ended(answer(b"paper".to_vec()), End::Issued);
    let message = sent(&Arc::new(InProcess::new()), directory(), parcel);
    assert_eq!(message.info.message_type, MessageType::Response);
    let form = form(&message);
    let paper = |name: &str, bytes: &str| {
        Value::File(File {
            name: name.to_owned(),
            media_type: String::new(),
            sha256: String::new(),
            document: None,
            content: FileContent::Base64(STANDARD.encode(bytes)),
        })
    };
    let papers = vec![paper("16.pdf", "earlier paper"), paper("17.pdf", "paper")];
    let papers = Field { code: "result_document".to_owned(), values: papers };
    assert_eq!(form.values, [status("PROCESSED", "Өңделді", "Обработано"), papers]);
    assert!(!bare(&message).contains("filePassportValues"));
    assert_eq!((form.id, form.import_source.as_str()), (None, REGION));
    assert_eq!((form.chain_id.as_str(), form.request_id.as_str()), ("2000001", "10000000000001"));
    assert_eq!((form.stage, form.origin_system), (Some(Stage::Completed), None));
    assert_eq!(form.resolution, Some(Resolution::Issued { date: jiff::civil::date(2026, 11, 21) }));
    assert_eq!((form.provider, form.service), (Provider::default(), ServiceName::default()));
}

#[test]
fn a_paper_that_is_there_before_the_end_goes_at_once() {
    let form = form(&sent(&Arc::new(InProcess::new()), directory(), answer(b"notification".to_vec())));
    assert_eq!(form.values[0], status("IN_PROCESSING", "Өңделуде", "В обработке"));
    assert_eq!((form.values[1].code.as_str(), form.values[1].values.len()), ("result_document", 2));
    assert_eq!((form.stage, form.resolution), (Some(Stage::InProgress), Some(Resolution::None)));
}

#[test]
fn a_refusal_is_told_by_its_published_fields_and_in_the_portals_words() {
    let mut parcel = ended(answer(b"paper".to_vec()), End::Refused);
    let (ground, reason) = ("document-defects".into(), "себебі".to_owned());
    parcel.progress.proposal = Some(Proposal::Refuse { ground, reason });
    parcel.progress.result = None;
    parcel.files.clear();
    let reason = Refusal {
        code: "document-defects".to_owned(),
        value_kk: Some("Құжаттар жарамсыз".to_owned()),
        value_ru: Some("Документы негодны".to_owned()),
        text_ru: Some("себебі".to_owned()),
        ..Refusal::default()
    };
    let date = jiff::civil::date(2026, 11, 21);
    let hub = Arc::new(InProcess::new());
    let told = form(&sent(&hub, directory(), parcel.clone()));
    assert_eq!(told.resolution, Some(Resolution::Refused { date, reason: reason.clone() }));
    assert_eq!(told.values, [status("PROCESSED", "Өңделді", "Обработано")]);
    let words = &mut parcel.reply.as_mut().unwrap().words;
    "ДАЙЫН".clone_into(&mut words.processed.kk);
    "DONE".clone_into(&mut words.completed);
    "REFUSED".clone_into(&mut words.negative);
    let told = form(&sent(&hub, directory(), parcel));
    let word = "REFUSED".to_owned();
    assert_eq!(told.resolution, Some(Resolution::Other { word, date: Some(date), reason: Some(reason) }));
    assert_eq!(told.stage, Some(Stage::Other("DONE".to_owned())));
    assert_eq!(told.values, [status("PROCESSED", "ДАЙЫН", "Обработано")]);
}

#[test]
fn papers_too_long_for_a_message_lie_beside_it_with_their_digests() {
    let bytes = vec![1; FILE_BYTES_SUM_MAX + 1];
    let parcel = ended(answer(bytes.clone()), End::Issued);
    let hub = Arc::new(InProcess::new());
    let told = form(&sent(&hub, directory(), parcel.clone()));
    let [_, Field { values, .. }] = told.values.as_slice() else { panic!() };
    let [_, Value::File(File { content: FileContent::Identifier(identifier), sha256, .. })] =
        values.as_slice()
    else {
        panic!()
    };
    assert_eq!(sha256, &parcel.files[1].hash.0);
    assert!(wait(hub.files().unwrap().get(identifier)).unwrap() == Some(bytes));
}

#[test]
fn an_answer_goes_by_the_route_of_the_portal_if_there_is_one() {
    let route = |to: Directory| sent(&Arc::new(InProcess::new()), to, answer(Vec::new())).info.route_id;
    assert_eq!(route(directory().with_route(PORTAL, Some("EGOV".to_owned()))).as_deref(), Some("EGOV"));
    let unsaid = Directory::new().with(PORTAL, "portal", peer("portal"));
    assert_eq!(route(unsaid).as_deref(), Some(PORTAL));
}

#[test]
fn what_tells_of_another_chain_or_lacks_its_paper_is_no_delivery() {
    let hub = Arc::new(InProcess::new());
    hub.register("portal", Arc::new(Portal { names: Some("2000002"), ..Portal::default() }));
    let refused = deliver(&hub, directory(), answer(Vec::new())).unwrap_err();
    assert_eq!(refused.to_string(), "unavailable: the receipt names another message");
    let mut parcel = answer(b"paper".to_vec());
    parcel.files.pop();
    let refused = deliver(&hub, directory(), parcel).unwrap_err();
    assert_eq!(refused.to_string(), "unusable: the paper does not come along with its answer");
}
