// SPDX-License-Identifier: MIT OR Apache-2.0
//! Parcels delivered from the portal to the region, signed and checked.

use crate::world::{Meddler, keys, now, peer, wait, wire};
use engine::case::{Application, CaseId, FileHash, Value};
use engine::command::Progress;
use gateway::border::{Accepts, Form, KnownSender};
use gateway::{Binding, BorderClient, BorderEndpoint, Directory, InProcess, Peer, Transport};
use jiff::SignedDuration;
use regulation::model::{Channel, System};
use service::ports::border::{Arrival, Delivery, Parcel, ParcelFile, Published, Receive, RequestParcel};
use service::ports::{Border, PortError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const REGULATION: &str = "1111111111111111111111111111111111111111111111111111111111111111";

/// Returns an application with one child and one file.
pub(crate) fn sample() -> Parcel {
    let bytes = b"<application/>".to_vec();
    let hash = FileHash(hex::encode(eds::sha256(&bytes)));
    let mut application = Application::empty();
    "580308499930".clone_into(&mut application.iin);
    "Әбдіқадырова Гүлжаһан Қуанышбекқызы".clone_into(&mut application.full_name);
    "abai-education".clone_into(&mut application.provider);
    application.content = Some(hash.clone());
    let child = [("surname", "Нұрсұлтанұлы"), ("birth_date", "2012-09-14")];
    let child = child.map(|(id, text)| (id.into(), text.to_owned()));
    application.fields.insert("children".into(), Value::Entries(vec![BTreeMap::from(child)]));
    Parcel {
        id: Uuid::from_u128(100),
        case: CaseId(Uuid::from_u128(200)),
        to: "abai-education".to_owned(),
        from: System::Portal,
        request: Some(RequestParcel {
            service: "guardianship-certificate".into(),
            edition: "2015".into(),
            regulation_sha256: REGULATION.to_owned(),
            procedure: "portal".into(),
            channel: Channel::Portal,
            number: "353200000-2026-1".to_owned(),
            accepted_at: now(),
            received_at: now() - SignedDuration::from_hours(3),
            application,
            signature: hash.clone(),
        }),
        answers: None,
        progress: Progress {
            message: Uuid::from_u128(100).to_string(),
            done: Vec::new(),
            stack: Vec::new(),
            end: None,
            incoming_number: None,
            result_number: None,
            proposal: None,
            result: None,
            originals: Vec::new(),
            silent: [("gbd-fl".into(), now())].into(),
        },
        files: vec![ParcelFile {
            hash,
            name: "application.xml".to_owned(),
            media_type: "application/xml".to_owned(),
            bytes,
        }],
        published: Published::default(),
        reply: None,
    }
}

/// A region that keeps what it is given, or fails in one way.
#[derive(Debug, Default)]
pub(crate) struct Region {
    pub(crate) taken: Mutex<BTreeMap<Uuid, Parcel>>,
    pub(crate) calls: Mutex<usize>,
    pub(crate) envelope: Mutex<Vec<u8>>,
    /// Who is addressed at the last sender.
    pub(crate) addressees: Mutex<BTreeSet<String>>,
    pub(crate) fails: Option<PortError>,
}

impl Region {
    /// How often something was handed to it.
    pub(crate) fn count(&self) -> usize {
        *self.calls.lock().unwrap()
    }
}

#[async_trait::async_trait]
impl Receive for Region {
    async fn receive(&self, parcel: Parcel, arrival: Arrival) -> Result<(), PortError> {
        *self.calls.lock().unwrap() += 1;
        if let Some(error) = &self.fails {
            return Err(error.clone());
        }
        *self.envelope.lock().unwrap() = arrival.message;
        *self.addressees.lock().unwrap() = arrival.addressees;
        self.taken.lock().unwrap().insert(parcel.id, parcel);
        Ok(())
    }
}

fn sender(role: &str) -> KnownSender {
    let addressees = BTreeSet::from([format!("served by the {role}")]);
    KnownSender { peer: peer(role), carrier: None, role: role.to_owned(), addressees, form: Form::Ours }
}

pub(crate) fn accepts() -> Accepts {
    Accepts {
        addressees: BTreeSet::from(["abai-education".to_owned()]),
        regulations: BTreeSet::from([REGULATION.to_owned()]),
        senders: BTreeMap::from([
            ("qyzmet-portal".to_owned(), sender("portal")),
            ("qyzmet-center".to_owned(), sender("center")),
        ]),
    }
}

pub(crate) fn hub(region: &Arc<Region>, accepts: Accepts) -> Arc<InProcess> {
    let hub = Arc::new(InProcess::new());
    let receive = Arc::clone(region) as Arc<dyn Receive>;
    let endpoint = BorderEndpoint::new(wire("qyzmet-region", "transport-region"), accepts, receive)
        .with_files(hub.files());
    hub.register("region", Arc::new(endpoint));
    hub
}

fn client(transport: Arc<dyn Transport>, holder: &str, sender: &str, region: Peer) -> BorderClient {
    let directory = Directory::new()
        .with("abai-education", "region", region.clone())
        .with("elsewhere", "region", region.clone())
        .with("nowhere", "no-such-endpoint", region);
    BorderClient::new(wire(sender, holder), transport, directory)
}

fn deliver(region: &Arc<Region>, parcel: Parcel) -> Result<Delivery, PortError> {
    let client = client(hub(region, accepts()), "transport-portal", "qyzmet-portal", peer("region"));
    wait(client.deliver(parcel))
}

#[test]
fn a_parcel_arrives_whole_with_its_signed_envelope() {
    let region = Arc::new(Region::default());
    deliver(&region, sample()).unwrap();
    assert_eq!(region.taken.lock().unwrap()[&Uuid::from_u128(100)], sample());
    eds::xml::verify_body(&region.envelope.lock().unwrap()).unwrap();
    assert_eq!(*region.addressees.lock().unwrap(), BTreeSet::from(["served by the portal".to_owned()]));
}

#[test]
fn a_delivery_is_kept_whole_and_its_receipt_names_the_message() {
    let region = Arc::new(Region::default());
    let delivery = deliver(&region, sample()).unwrap();
    assert_eq!(delivery.message, *region.envelope.lock().unwrap());
    let receipt = eds::xml::verify_body(&delivery.receipt).unwrap();
    let told = shep::answered(std::str::from_utf8(&receipt.signed_bytes).unwrap()).map(str::to_owned);
    assert_eq!(told, Some(hex::encode(eds::sha256(&delivery.message))));
    let judged: serde_json::Value = serde_json::from_slice(&delivery.judged.evidence).unwrap();
    assert_eq!(judged["certificates"][0]["evidence"]["ocsp"].as_array().unwrap().len(), 1);
}

/// A way on which whatever is sent is answered by what was kept.
#[derive(Debug)]
struct Replay(Vec<u8>);

#[async_trait::async_trait]
impl Transport for Replay {
    async fn exchange(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
        Ok(self.0.clone())
    }
}

/// The portal, a second later: the same parcel makes other bytes.
fn later_client(transport: Arc<dyn Transport>, binding: Binding) -> BorderClient {
    let directory = Directory::new().with("abai-education", "region", peer("region")).with_binding(binding);
    let (keys, trust) = (keys("qyzmet-portal", "transport-portal"), crate::world::trust());
    let clock = crate::world::Still::at(now() + jiff::SignedDuration::from_secs(1));
    BorderClient::new(gateway::Wire::new(keys, trust, clock), transport, directory)
}

#[test]
fn a_receipt_or_a_fault_for_other_bytes_is_no_answer_though_its_ids_fit() {
    let region = Arc::new(Region::default());
    let receipt = deliver(&region, sample()).unwrap().receipt;
    let later = later_client(Arc::new(Replay(receipt)), Binding::IfTold);
    let refused = wait(later.deliver(sample())).unwrap_err().to_string();
    assert_eq!(refused, "unavailable: the answer is to another question");
    // A fault that the region signed for another message does not set this one aside.
    let garbage = wait(hub(&region, accepts()).exchange("region", b"garbage".to_vec())).unwrap();
    let later = later_client(Arc::new(Replay(garbage)), Binding::IfTold);
    let refused = wait(later.deliver(sample())).unwrap_err();
    assert!(matches!(refused, PortError::Unavailable(_)), "{refused}");
}

#[test]
fn a_receipt_that_names_no_message_counts_only_where_the_peer_may_leave_it_out() {
    /// A region of another maker.
    #[derive(Debug)]
    struct Foreign;
    #[async_trait::async_trait]
    impl Transport for Foreign {
        async fn exchange(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
            let accepted = shep::asynchronous::Accepted {
                message_id: sample().id.to_string(),
                correlation_id: sample().case.0.to_string(),
                response_date: now(),
                session_id: None,
            };
            let text = shep::Envelope {
                channel: shep::Channel::Async,
                body_id: shep::BodyId::new("id-1"),
                message: shep::Message::Accepted(accepted),
            };
            let holder = crate::world::CA.transport("region").unwrap();
            let sign = |bytes: &[u8]| Ok(holder.signer().sign(bytes).unwrap());
            let signer = eds::xml::Signer { certificate_der: holder.certificate().der(), sign: &sign };
            Ok(eds::xml::sign_body(&text.write().unwrap(), &signer).unwrap().into_bytes())
        }
    }
    wait(later_client(Arc::new(Foreign), Binding::IfTold).deliver(sample())).unwrap();
    let refused = wait(later_client(Arc::new(Foreign), Binding::Required).deliver(sample())).unwrap_err();
    assert_eq!(refused.to_string(), "unavailable: the answer is to another question");
    let region = Arc::new(Region::default());
    wait(later_client(hub(&region, accepts()), Binding::Required).deliver(sample())).unwrap();
}

#[test]
fn files_too_long_for_a_message_lie_beside_it_and_are_checked() {
    let mut parcel = sample();
    for byte in 1..=3 {
        let bytes = vec![byte; 8 * 1024 * 1024];
        let hash = FileHash(hex::encode(eds::sha256(&bytes)));
        let (name, media_type) = (format!("{byte}.pdf"), "application/pdf".to_owned());
        parcel.files.push(ParcelFile { hash, name, media_type, bytes });
    }
    let region = Arc::new(Region::default());
    deliver(&region, parcel.clone()).unwrap();
    assert!(region.taken.lock().unwrap()[&parcel.id] == parcel);
    assert!(region.envelope.lock().unwrap().len() < 100_000);
    // A transport whose ends share no place for files says so before anything is sent.
    let unchanged: fn(String) -> String = |it| it;
    let transport = Arc::new(Meddler { hub: hub(&region, accepts()), change: unchanged });
    let client = client(transport, "transport-portal", "qyzmet-portal", peer("region"));
    assert!(matches!(wait(client.deliver(parcel)), Err(PortError::Unusable(_))));
}

#[test]
fn the_same_parcel_twice_is_accepted_twice() {
    let region = Arc::new(Region::default());
    deliver(&region, sample()).unwrap();
    deliver(&region, sample()).unwrap();
    assert_eq!(*region.calls.lock().unwrap(), 2);
    assert_eq!(region.taken.lock().unwrap().len(), 1);
}

#[test]
fn what_is_not_for_this_region_is_a_fault_and_never_received() {
    let region = Arc::new(Region::default());
    let unknown = |parcel: Parcel| deliver(&region, parcel).unwrap_err().to_string();
    let other = Parcel { to: "elsewhere".to_owned(), ..sample() };
    assert_eq!(unknown(other), "unavailable: the other side refused: SCE004");
    let mut old = sample();
    old.request.as_mut().unwrap().regulation_sha256 = "2".repeat(64);
    assert_eq!(unknown(old), "unavailable: the other side refused: SCE004");
    let nobody = Parcel { to: "nobody".to_owned(), ..sample() };
    assert_eq!(unknown(nobody), "unusable: the addressee is not in the directory");
    let nowhere = Parcel { to: "nowhere".to_owned(), ..sample() };
    assert_eq!(unknown(nowhere), "unavailable: the endpoint is not there");
    assert_eq!(*region.calls.lock().unwrap(), 0);
}

#[test]
fn a_sender_must_be_known_and_sign_with_his_own_key() {
    let region = Arc::new(Region::default());
    let try_as = |holder: &str, sender: &str| {
        let client = client(hub(&region, accepts()), holder, sender, peer("region"));
        wait(client.deliver(sample())).unwrap_err().to_string()
    };
    assert_eq!(try_as("transport-portal", "somebody"), "unusable: the other side refused: SCE005");
    assert_eq!(try_as("transport-center", "qyzmet-portal"), "unusable: the other side refused: SCE005");
    assert_eq!(try_as("p01", "qyzmet-portal"), "unusable: the other side refused: SCE005");
    assert_eq!(*region.calls.lock().unwrap(), 0);
}

#[test]
fn what_was_changed_on_the_way_is_refused_by_the_code_of_its_layer() {
    let region = Arc::new(Region::default());
    let with = |change: fn(String) -> String| {
        let transport = Arc::new(Meddler { hub: hub(&region, accepts()), change });
        let client = client(transport, "transport-portal", "qyzmet-portal", peer("region"));
        wait(client.deliver(sample())).unwrap_err().to_string()
    };
    // The fault answers the changed bytes, not those that we sent: there is no answer, and the message is sent again.
    let again = "unavailable: a fault that is not shown to be the other side's answer to this message";
    assert_eq!(with(|it| it.replacen("Нұрсұлтанұлы", "Басқа", 1)), again);
    assert_eq!(with(|it| it.replacen(">REQUEST<", ">RESPONSE<", 1)), again);
    let bare = |it: String| {
        let (before, rest) = it.split_once("<soapenv:Header>").unwrap();
        format!("{before}{}", rest.split_once("</soapenv:Header>").unwrap().1)
    };
    assert_eq!(with(bare), again);
    assert_eq!(with(|_| "garbage".to_owned()), again);
    assert_eq!(*region.calls.lock().unwrap(), 0);
}

#[test]
fn what_the_region_cannot_take_now_is_sent_again_and_what_it_refuses_is_set_aside() {
    let failing = |error| Arc::new(Region { fails: Some(error), ..Region::default() });
    let busy = failing(PortError::Unavailable("the store is unavailable".to_owned()));
    let refused = deliver(&busy, sample()).unwrap_err().to_string();
    assert_eq!(refused, "unavailable: the other side refused: SCE909");
    let never = failing(PortError::Unusable("inadmissible".to_owned()));
    let refused = deliver(&never, sample()).unwrap_err().to_string();
    assert_eq!(refused, "unusable: the other side refused: SCE001");
}

#[test]
fn a_receipt_counts_only_from_the_one_addressed() {
    let region = Arc::new(Region::default());
    let client = client(hub(&region, accepts()), "transport-portal", "qyzmet-portal", peer("center"));
    let refused = wait(client.deliver(sample())).unwrap_err().to_string();
    assert_eq!(refused, "unavailable: SCE005: peer-mismatch");
}

#[test]
fn a_sender_speaks_in_no_role_but_its_own() {
    let region = Arc::new(Region::default());
    let client = client(hub(&region, accepts()), "transport-center", "qyzmet-center", peer("region"));
    let refused = wait(client.deliver(sample())).unwrap_err().to_string();
    assert_eq!(refused, "unusable: the other side refused: SCE001");
    wait(client.deliver(Parcel { from: System::Center, ..sample() })).unwrap();
    assert_eq!(*region.calls.lock().unwrap(), 1);
}

#[test]
fn what_a_stranger_answers_is_no_answer_and_the_parcel_is_sent_again() {
    /// A proxy on the way that answers by itself.
    #[derive(Debug)]
    struct Proxy;
    #[async_trait::async_trait]
    impl Transport for Proxy {
        async fn exchange(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
            Ok(b"<html>502 Bad Gateway</html>".to_vec())
        }
    }
    let client = client(Arc::new(Proxy), "transport-portal", "qyzmet-portal", peer("region"));
    let refused = wait(client.deliver(sample())).unwrap_err();
    assert!(matches!(refused, PortError::Unavailable(_)), "{refused}");
}

#[test]
fn keys_show_nothing_but_whose_they_are() {
    let shown = format!("{:?}", keys("qyzmet-portal", "transport-portal"));
    assert_eq!(shown, "Keys { sender: \"qyzmet-portal\", .. }");
}
