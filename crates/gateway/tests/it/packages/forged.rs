// SPDX-License-Identifier: MIT OR Apache-2.0
//! Packages put together to prove what was not so.

use super::{PORTAL, event, exchange, failed, made, report_for, sealing};
use crate::border::{Region, accepts, sample};
use crate::relay::with_key;
use crate::world::{BIN, CA, now, wait, wire};
use gateway::border::KnownSender;
use gateway::evidence_package::{Check, Exchange, Own};
use gateway::{BorderClient, BorderEndpoint, Directory, InProcess, Peer, Transport};
use serde_json::{Value, json};
use service::ports::Border;
use service::ports::border::{Delivery, Receive};
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::{BodyId, Channel, Data, Envelope, Message, Sender};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// The chain of [`sample`].
const CHAIN: Uuid = Uuid::from_u128(200);
/// The name of the region's key.
const REGION: &str = "transport-region";
/// The name of the key of somebody whom an organisation employs.
const EMPLOYEE: &str = "head-as-employee";

/// Returns what is found in the package of an exchange after somebody changed it, and whether it holds.
fn found_in(exchange: &Exchange, change: impl FnOnce(&Path, &mut Value)) -> (Option<bool>, Vec<String>) {
    found_for(&[], exchange, change)
}

/// The same for who knows the organisations whose keys the other side's had to be.
fn found_for(
    peers: &[&str],
    exchange: &Exchange,
    change: impl FnOnce(&Path, &mut Value),
) -> (Option<bool>, Vec<String>) {
    let folder = made(exchange);
    let path = folder.path().join("manifest.json");
    let mut manifest = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(folder.path(), &mut manifest);
    std::fs::write(&path, manifest.to_string()).unwrap();
    let report = report_for(folder.path(), peers);
    let found = failed(&report);
    let words = |(check, why): &(Check, Option<&str>)| format!("{check:?} {}", why.unwrap_or_default());
    (report.holds(), found.iter().map(words).collect())
}

fn changed(change: impl FnOnce(&Path, &mut Value)) -> (Option<bool>, Vec<String>) {
    found_in(&exchange(), change)
}

fn found(holds: Option<bool>, codes: &[&str]) -> (Option<bool>, Vec<String>) {
    (holds, codes.iter().map(|it| (*it).to_owned()).collect())
}

/// Returns the place of a part in the manifest.
fn part<'a>(manifest: &'a mut Value, file: &str) -> &'a mut Value {
    let parts = manifest["parts"].as_array_mut().unwrap();
    parts.iter_mut().find(|it| it["file"] == file).unwrap()
}

/// Leaves nothing in a package but what is kept.
fn emptied(folder: &Path, manifest: &mut Value, kept: &str) {
    for part in manifest["parts"].as_array().unwrap() {
        let file = part["file"].as_str().unwrap();
        if file != kept {
            std::fs::remove_file(folder.join(file)).unwrap();
        }
    }
    manifest["parts"].as_array_mut().unwrap().retain(|it| it["file"] == kept);
    manifest["certificates"] = json!([]);
}

#[test]
fn a_package_of_nothing_proves_nothing() {
    let nothing = found(Some(false), &["Message no-message"]);
    assert_eq!(changed(|folder, manifest| emptied(folder, manifest, "")), nothing);
    assert_eq!(changed(|folder, manifest| emptied(folder, manifest, "README.txt")), nothing);
}

#[test]
fn evidence_that_is_left_out_is_missed_though_authorities_are_there() {
    let left_out = changed(|_, manifest| {
        for it in manifest["certificates"].as_array_mut().unwrap() {
            it["evidence"] = json!([]);
        }
    });
    assert_eq!(left_out, found(None, &["Certificate evidence-missing"]));
}

#[test]
fn the_manifest_chooses_no_time() {
    let judged_at = |at: &'static str| changed(move |_, manifest| manifest["judged_at"] = json!(at));
    assert_eq!(judged_at("2026-11-21T05:04:00Z").0, Some(true), "clocks differ by some minutes");
    let later = judged_at("2026-11-21T05:30:00Z");
    assert_eq!(later, found(None, &["Time another-time"]), "the event was written before");
    let earlier = judged_at("2026-11-21T04:30:00Z");
    assert!(earlier.0 != Some(true) && earlier.1.contains(&"Time another-time".to_owned()), "{earlier:?}");
    let unjudged = changed(|_, manifest| drop(manifest.as_object_mut().unwrap().remove("judged_at")));
    assert_eq!(unjudged, found(None, &["Time not-judged"]));
}

#[test]
fn a_file_that_is_read_is_the_file_that_was_checked() {
    let forged = |folder: &Path, manifest: &mut Value| {
        std::fs::write(folder.join("answer.xml"), "<forged/>").unwrap();
        part(manifest, "answer.xml")["sha256"] = json!(hex::encode(eds::sha256(b"<forged/>")));
    };
    let elsewhere = changed(|folder, manifest| {
        std::fs::copy(folder.join("answer.xml"), folder.join("certificates/q.xml")).unwrap();
        let mut genuine = part(manifest, "answer.xml").clone();
        genuine["file"] = json!("certificates/q.xml");
        forged(folder, manifest);
        manifest["parts"].as_array_mut().unwrap().insert(0, genuine);
    });
    assert_eq!(
        (elsewhere.0, elsewhere.1.first().map(String::as_str)),
        (Some(false), Some("Part another-name"))
    );
    let as_words = changed(|folder, manifest| {
        forged(folder, manifest);
        part(manifest, "answer.xml")["what"] = json!("readme");
    });
    assert!(
        as_words.0 == Some(false) && as_words.1.contains(&"Part another-name".to_owned()),
        "{as_words:?}"
    );
    let twice = changed(|_, manifest| {
        let again = part(manifest, "answer.xml").clone();
        manifest["parts"].as_array_mut().unwrap().push(again);
    });
    assert_eq!(twice, found(Some(false), &["Part named-twice"]));
    let swapped = changed(|folder, manifest| {
        std::fs::copy(folder.join("question.xml"), folder.join("answer.xml")).unwrap();
        let sha256 = part(manifest, "question.xml")["sha256"].clone();
        part(manifest, "answer.xml")["sha256"] = sha256;
    });
    let named = "Message another-side".to_owned();
    assert!(swapped.0 == Some(false) && swapped.1.contains(&named), "{swapped:?}");
    let beside = changed(|folder, _| {
        std::fs::create_dir(folder.join("more")).unwrap();
        std::fs::write(folder.join("more/answer.xml"), "<forged/>").unwrap();
    });
    assert_eq!(beside, found(Some(false), &["Unlisted "]));
}

#[test]
fn the_event_of_another_message_is_not_of_this_exchange() {
    let event = event("another");
    let sealing = Some(sealing(&event, PORTAL));
    let told = Exchange { message: "another".to_owned(), event: Some(event), sealing, ..exchange() };
    assert_eq!(found_in(&told, |_, _| ()), found(Some(false), &["Message another-message"]));
}

#[test]
fn a_seal_of_another_system_of_the_same_organisation_decides_nothing() {
    let exchange = exchange();
    let sealing = Some(sealing(exchange.event.as_ref().unwrap(), REGION));
    let sealed = found_in(&Exchange { sealing, ..exchange }, |_, _| ());
    assert_eq!(sealed, found(None, &["Certificate evidence-missing", "Seal sealer-not-shown"]));
}

/// The organisation of a key.
fn organization(holder: &str) -> Peer {
    let bin = CA.holder(holder).unwrap().certificate().subject().bin();
    Peer { bin: bin.one().map(str::to_owned), common_name: None }
}

/// The portal's own of [`CHAIN`] at the region, each with a key of this name that the other one believes.
fn delivered(ours: &str, theirs: &str) -> Delivery {
    let mut accepts = accepts();
    let portal = KnownSender { peer: organization(ours), ..accepts.senders["qyzmet-portal"].clone() };
    accepts.senders.insert("qyzmet-portal".to_owned(), portal);
    let receive = Arc::new(Region::default()) as Arc<dyn Receive>;
    let hub = Arc::new(InProcess::new());
    let endpoint =
        BorderEndpoint::new(wire("qyzmet-region", theirs), accepts, receive).with_files(hub.files());
    hub.register("region", Arc::new(endpoint));
    let directory = Directory::new().with("abai-education", "region", organization(theirs));
    wait(BorderClient::new(wire("qyzmet-portal", ours), hub, directory).deliver(sample())).unwrap()
}

/// A message of the region that came to the portal in a chain, with the portal's own of [`CHAIN`].
fn arrived(chain: Uuid) -> Exchange {
    arrived_between(PORTAL, REGION, chain)
}

/// The same between keys of these names.
fn arrived_between(ours: &str, theirs: &str, chain: Uuid) -> Exchange {
    let sent = delivered(ours, theirs);
    let id = Uuid::from_u128(300).to_string();
    let info = AsyncInfo {
        message_id: Some(id.clone()),
        correlation_id: Some(chain.to_string()),
        service_id: shep::border::SERVICE_ID.to_owned(),
        message_type: MessageType::Notification,
        route_id: Some("portal".to_owned()),
        message_date: now(),
        sender: Sender { id: "qyzmet-region".to_owned(), password: None },
        properties: Vec::new(),
        session_id: None,
    };
    let received = signed(info, "<told/>", theirs);
    let event = event(&id);
    Exchange {
        message: id,
        role: "portal".to_owned(),
        with: "region".to_owned(),
        received,
        sent: None,
        own: Some(Own { sent: sent.message, receipt: sent.receipt }),
        judged: Some(sent.judged),
        sealing: Some(sealing(&event, ours)),
        event: Some(event),
        at: now(),
    }
}

#[test]
fn a_message_that_came_in_proves_itself_with_one_of_ours_in_its_chain() {
    let untouched = |exchange: &Exchange| found_in(exchange, |_, _| ());
    assert_eq!(untouched(&arrived(CHAIN)), found(Some(true), &[]));
    let named = Exchange { message: format!("qyzmet-region/{}", Uuid::from_u128(300)), ..arrived(CHAIN) };
    let under_its_sender = Exchange { event: None, sealing: None, own: None, ..named };
    assert_eq!(untouched(&under_its_sender), found(Some(true), &[]));
    let not_shown = ["Certificate evidence-missing", "Seal sealer-not-shown"];
    let alone = Exchange { own: None, ..arrived(CHAIN) };
    assert_eq!(untouched(&alone), found(None, &not_shown));
    let elsewhere = untouched(&arrived(Uuid::from_u128(201)));
    let expected = ["Binding another-chain", not_shown[0], not_shown[1]];
    assert_eq!(elsewhere, found(None, &expected));
    let exchange = arrived(CHAIN);
    let sealing = Some(sealing(exchange.event.as_ref().unwrap(), "transport-center"));
    assert_eq!(untouched(&Exchange { sealing, ..exchange }), found(None, &not_shown));
}

/// Returns a message with both layers signed by the key of this name.
fn signed(info: AsyncInfo, payload: &str, key: &str) -> Vec<u8> {
    let payload = with_key(key, |it| eds::xml::sign_enveloped(payload, it)).unwrap();
    let message = Message::SendMessage(AsyncMessage { info, data: Data::element(payload).unwrap() });
    let envelope = Envelope { channel: Channel::Async, body_id: BodyId::new("id-1"), message };
    let text = envelope.write().unwrap();
    with_key(key, |it| eds::xml::sign_body(&text, it)).unwrap().into_bytes()
}

/// Returns an application with the id `F-1` in its form and another or none in its envelope, kept under an id.
fn applied(told: Option<&str>, ours: &str, kept: &str) -> Exchange {
    let form = format!(
        "<a:typedRequestFormImportData xmlns:a=\"http://bip.bee.kz/AsyncChannel/\"><id>F-1</id>\
         <importSource>EGOV_PORTAL</importSource>{ours}\
         <externalRequestChainId>2000001</externalRequestChainId>\
         <externalRequestId>10000000000001</externalRequestId>\
         <requesterIin>580308499930</requesterIin></a:typedRequestFormImportData>"
    );
    let info = AsyncInfo {
        message_id: told.map(str::to_owned),
        correlation_id: Some("2000001".to_owned()),
        service_id: shep::border::SERVICE_ID.to_owned(),
        message_type: MessageType::Request,
        route_id: None,
        message_date: now(),
        sender: Sender { id: "pep".to_owned(), password: None },
        properties: Vec::new(),
        session_id: None,
    };
    Exchange {
        message: kept.to_owned(),
        role: "region".to_owned(),
        with: "portal".to_owned(),
        received: signed(info, &form, PORTAL),
        sent: None,
        own: None,
        judged: None,
        sealing: None,
        event: Some(event(kept)),
        at: now(),
    }
}

#[test]
fn the_id_in_a_published_form_is_that_of_the_message_where_the_envelope_tells_none() {
    let another = |told, ours, kept| {
        let (_, found) = found_in(&applied(told, ours, kept), |_, _| ());
        found.contains(&"Message another-message".to_owned())
    };
    assert!(!another(None, "", "F-1") && !another(None, "", "pep/F-1"));
    assert!(!another(Some("M-1"), "", "M-1"));
    assert!(another(Some("M-1"), "", "F-1"), "the envelope's id goes before");
    assert!(another(None, "", "10000000000001"), "no other id of the form is the message's");
    let ours = "<updatedValues><code>qyzmet.x</code><values><string>1</string></values></updatedValues>";
    assert!(another(None, ours, "F-1"), "a form of ours is no published one");
}

#[test]
fn a_certificate_is_named_as_it_names_itself() {
    let renamed = changed(|_, manifest| manifest["certificates"][1]["subject"] = json!("ҮЛГІ МИНИСТРЛІГІ"));
    assert_eq!(renamed, found(Some(false), &["Certificate another-subject"]));
    let unnamed = changed(|_, manifest| {
        drop(manifest["certificates"][1].as_object_mut().unwrap().remove("subject"));
    });
    assert_eq!(unnamed, found(Some(true), &[]));
}

#[test]
fn an_employee_signs_for_the_organisation_that_the_reader_names() {
    let exchange = arrived_between(PORTAL, EMPLOYEE, CHAIN);
    let read_by = |peers: &[&str]| found_for(peers, &exchange, |_, _| ());
    assert_eq!(read_by(&[]), found(None, &["Certificate peer-not-named"]));
    assert_eq!(read_by(&[BIN]), found(Some(true), &[]));
    let another = found(Some(false), &["Certificate another-organisation"]);
    assert_eq!(read_by(&["950340999915"]), another);
    let of_a_system = found_for(&[BIN], &arrived(CHAIN), |_, _| ());
    assert_eq!(of_a_system, another, "it had to be the key of another organisation");
}

#[test]
fn an_accountant_proves_nothing_by_a_package_of_his_own_making() {
    let arrived = arrived_between(EMPLOYEE, EMPLOYEE, CHAIN);
    let Delivery { message, receipt, judged } = delivered(EMPLOYEE, EMPLOYEE);
    let id = Uuid::from_u128(100).to_string();
    let event = event(&id);
    let asked = Exchange {
        message: id,
        received: receipt,
        sent: Some(message),
        own: None,
        judged: Some(judged),
        sealing: Some(sealing(&event, EMPLOYEE)),
        event: Some(event),
        ..arrived.clone()
    };
    // Nor where it is his organisation that was to answer.
    let nobody: &[&str] = &[];
    for peers in [nobody, &[BIN]] {
        for forged in [&arrived, &asked] {
            let told = found_for(peers, forged, |_, _| ());
            assert_eq!(told, found(Some(false), &["Certificate key-of-a-person"]));
        }
    }
    // A seal alone is no better.
    let exchange = exchange();
    let sealing = Some(sealing(exchange.event.as_ref().unwrap(), EMPLOYEE));
    let sealed = found_in(&Exchange { sealing, ..exchange }, |_, _| ());
    assert_eq!(sealed, found(Some(false), &["Certificate key-of-a-person", "Seal sealer-not-shown"]));
}
