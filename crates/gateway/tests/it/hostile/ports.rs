// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ports that the list is given to, and what each answers.

use super::answers::Right;
use super::{ANSWERED, CARRIED, NOTHING, TAKEN};
use crate::border::{Region, accepts, hub};
use crate::relay::{Hub, parcel};
use crate::world::{peer, wait, wire};
use gateway::relay::{Member, RegisterPlace, Routes};
use gateway::{Endpoint, InProcess, SyncRelay, Transport};
use shep::fault::Blame;
use shep::{Envelope, Fault, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// The message of the portal that waits at the gateway until the one-stop-shop asks for it.
pub(super) const WAITS: u128 = 7;

/// What an answer says, in the words of the table, and whether the same message may be sent again.
pub(super) type Said = (String, bool);

/// Returns what an answer says. Every answer is signed by the system and names the very bytes that it answers.
pub(super) fn read(answer: &[u8], system: &str, message: &[u8]) -> Message {
    let signed = eds::xml::verify_body(answer).unwrap();
    let certificate = eds::Certificate::parse(&signed.certificate_der).unwrap();
    assert_eq!(certificate.subject().first(&eds::oids::COMMON_NAME), peer(system).common_name.as_deref());
    let named = shep::answered(std::str::from_utf8(&signed.signed_bytes).unwrap());
    assert_eq!(named, Some(hex::encode(eds::sha256(message)).as_str()));
    Envelope::read(answer).unwrap().message
}

fn refused(fault: Fault) -> Said {
    (fault.detail.unwrap().1.code.as_str().to_owned(), fault.blame == Blame::Server)
}

fn word(word: &str) -> Said {
    (word.to_owned(), false)
}

/// Gives a message to a region's client port.
pub(super) fn border(message: &[u8]) -> Said {
    let region = Arc::new(Region::default());
    let answer = wait(hub(&region, accepts()).exchange("region", message.to_vec())).unwrap();
    match read(&answer, "region", message) {
        Message::Accepted(_) => {
            assert_eq!(region.count(), 1);
            word(TAKEN)
        }
        Message::Fault(fault) => {
            assert_eq!(region.count(), 0, "a refused message is never received");
            refused(fault)
        }
        other => panic!("{other:?}"),
    }
}

/// A gateway's port of messages, with a region behind it.
pub(super) struct Asynchronous {
    region: Arc<Region>,
    hub: Hub,
}

impl Asynchronous {
    pub(super) fn new() -> Self {
        let region = Arc::new(Region::default());
        let hub = Hub::new(&region);
        let mut waits = parcel(WAITS, 8);
        "center".clone_into(&mut waits.to);
        wait(hub.send(waits)).unwrap();
        Self { region, hub }
    }

    /// Gives it a message. What it carries comes to the region, which takes in what it would take in from the sender itself.
    pub(super) fn answered(&mut self, message: &[u8], at_the_border: &str) -> Said {
        let answer = wait(self.hub.relay.handle(message.to_vec()));
        match read(&answer, "gateway", message) {
            Message::Accepted(_) => {
                wait(self.hub.work());
                let same = self.region.count() == usize::from(at_the_border == TAKEN);
                self.untouched();
                *self = Self::new();
                word(if same { CARRIED } else { "carried, and otherwise taken than at the client port" })
            }
            Message::DeliveryReceipt(_) => {
                *self = Self::new();
                word(ANSWERED)
            }
            Message::Messages(it) if it.messages.is_empty() => word(NOTHING),
            Message::Messages(_) | Message::MessageStatus(_) => word(ANSWERED),
            Message::Fault(fault) => {
                assert_eq!(wait(self.hub.relay.work_once()).unwrap(), 0, "a refused message is never kept");
                self.untouched();
                refused(fault)
            }
            other => panic!("{other:?}"),
        }
    }

    /// What waits for another goes on waiting.
    fn untouched(&self) {
        assert_eq!(wait(self.hub.kinds(Uuid::from_u128(WAITS))), ["message.accepted"]);
    }
}

/// A register that answers each question rightly, and counts them.
#[derive(Debug, Default)]
struct Register(AtomicUsize);

#[async_trait::async_trait]
impl Endpoint for Register {
    async fn handle(&self, question: Vec<u8>) -> Vec<u8> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Right::to(question).by("transport-region")
    }
}

/// A gateway's port of questions, with a register behind it.
pub(super) struct Synchronous {
    register: Arc<Register>,
    relay: SyncRelay,
    _folder: TempDir,
}

impl Synchronous {
    pub(super) fn new() -> Self {
        let register = Arc::new(Register::default());
        let (relay, folder) = asking(Arc::<Register>::clone(&register));
        Self { register, relay, _folder: folder }
    }

    /// Gives it a message.
    pub(super) fn answered(&self, message: &[u8]) -> Said {
        let before = self.register.0.load(Ordering::Relaxed);
        let answer = wait(self.relay.handle(message.to_vec()));
        let asked = self.register.0.load(Ordering::Relaxed) - before;
        match read(&answer, "gateway", message) {
            Message::SyncResponse(_) => {
                assert_eq!(asked, 1);
                word(CARRIED)
            }
            Message::Fault(fault) => {
                assert_eq!(asked, 0, "a refused question is never asked");
                refused(fault)
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Returns a gateway that asks this register, for the portal alone.
pub(super) fn asking(register: Arc<dyn Endpoint>) -> (SyncRelay, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path(), &[1; 32]).unwrap());
    let transport = Arc::new(InProcess::new());
    transport.register("register", register);
    let place = RegisterPlace {
        senders: BTreeSet::from(["qyzmet-portal".to_owned()]),
        endpoint: "register".to_owned(),
        peer: peer("region"),
        payload: None,
    };
    let member = |it: &str| Member { peer: peer(it), ..Member::default() };
    let routes = Routes {
        systems: ["portal", "center", "region"].map(|it| (format!("qyzmet-{it}"), member(it))).into(),
        registers: BTreeMap::from([(shep::border::SERVICE_ID.to_owned(), place)]),
        ..Routes::default()
    };
    let gateway = wire("qyzmet-gateway", "transport-gateway");
    (SyncRelay::new(gateway, store, transport, routes), folder)
}
