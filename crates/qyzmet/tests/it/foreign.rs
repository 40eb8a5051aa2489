// SPDX-License-Identifier: MIT OR Apache-2.0
//! A region behind a portal that knows the published form only: what it takes in, once, and what it answers.

use crate::journal::{CHILD, IIN, NOON};
use crate::nobody::Nobody;
use async_trait::async_trait;
use engine::case::{Case, CaseId, PersonId};
use engine::command::OrderId;
use engine::{Act, Command, Order, Party};
use jiff::Timestamp;
use qyzmet::parts::settings::{self, Reading};
use regulation::model::{Actor, System};
use service::board::{Board as _, Order as BoardOrder};
use service::ports::border::{Arrival, Delivery, Parcel, Receive as _};
use service::ports::foreign::{
    Foreign, ForeignField, ForeignFile, ForeignPerson, ForeignValue, NotTaken, Unread,
};
use service::ports::store::ListQuery;
use service::ports::{Border, Clock, Judged, PortError, Store as _};
use service::published::{PublishedForm, PublishedForms};
use service::{Ports, Service, tables};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::SqliteStore;
use uuid::Uuid;

const CODE: &str = "RR_P50.06";
const PROVIDER: &str = "abai-education";
const PDF: &[u8] = b"%PDF-1.4 invented";

/// Time stands still, ids count, and nobody is elsewhere; what is sent is kept.
#[derive(Debug, Default)]
struct World {
    ids: AtomicU64,
    sent: Mutex<Vec<Parcel>>,
    /// By which code the portal refuses what is sent to it.
    refuses: Mutex<Option<&'static str>>,
}

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        noon()
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::SeqCst)) + 1)
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

#[async_trait]
impl Border for World {
    async fn deliver(&self, parcel: Parcel) -> Result<Delivery, PortError> {
        self.sent.lock().unwrap().push(parcel);
        match *self.refuses.lock().unwrap() {
            Some("SCE004") => {
                return Err(PortError::Unavailable("the other side refused: SCE004".to_owned()));
            }
            Some(code) => return Err(PortError::Unusable(format!("the other side refused: {code}"))),
            None => {}
        }
        let judged = Judged { at: noon(), evidence: b"{}".to_vec() };
        Ok(Delivery { message: b"<answer/>".to_vec(), receipt: b"<receipt/>".to_vec(), judged })
    }
}

struct Region {
    service: Arc<Service>,
    store: Arc<SqliteStore>,
    world: Arc<World>,
}

/// Opens the region over a folder, with the fields of its table.
fn open(folder: &Path, fields: &[(&str, &str)], world: &Arc<World>) -> Region {
    let mut settings = settings::read(&Reading { demo: true, ..Reading::default() }).unwrap();
    let text = |it: &(&str, &str)| (it.0.to_owned(), it.1.to_owned());
    let form = PublishedForm {
        service: "guardianship-certificate".into(),
        result: "certificate".to_owned(),
        interim: true,
        language: None,
        fields: fields.iter().map(text).collect(),
        joined: BTreeMap::new(),
        choices: BTreeMap::new(),
        documents: BTreeMap::from([("act".to_owned(), "guardianship-act".into())]),
        fixed: BTreeMap::from([("consent".to_owned(), "true".to_owned())]),
        ignored: BTreeSet::new(),
    };
    settings.published = PublishedForms {
        services: BTreeMap::from([(CODE.to_owned(), form)]),
        providers: BTreeSet::from([PROVIDER.to_owned()]),
        ..PublishedForms::default()
    };
    let store = Arc::new(SqliteStore::open(folder, &[7; 32]).unwrap());
    let ports = Ports {
        store: Arc::<SqliteStore>::clone(&store),
        clock: Arc::<World>::clone(world),
        registers: Arc::new(Nobody),
        border: Arc::<World>::clone(world),
        evidence: Arc::new(Nobody),
        signer: Arc::new(Nobody),
        press: Arc::new(Nobody),
    };
    let service = Arc::new(Service::new(System::Region, None, Arc::new(settings), ports, [7; 32]));
    Region { service, store, world: Arc::clone(world) }
}

const FIELDS: [(&str, &str); 7] = [
    ("who", "role"),
    ("child", "children"),
    ("child.last", "children.surname"),
    ("child.first", "children.given"),
    ("child.born", "children.birth_date"),
    ("address", "address"),
    ("phone", "phone"),
];

fn field(code: &str, value: ForeignValue) -> ForeignField {
    ForeignField { code: code.to_owned(), values: vec![value] }
}

fn text(code: &str, text: &str) -> ForeignField {
    field(code, ForeignValue::Text(text.to_owned()))
}

fn foreign(message: &str, phone: &str) -> Foreign {
    let [(surname, given, born)] = CHILD;
    let child = vec![text("last", surname), text("first", given), text("born", born)];
    let act = ForeignFile { name: "акт.pdf".to_owned(), bytes: PDF.to_vec() };
    Foreign {
        message: message.to_owned(),
        chain: "2000001".to_owned(),
        request: "10000000000001".to_owned(),
        client_key: Some(CODE.to_owned()),
        service_type: None,
        provider_bin: None,
        provider_kato: Some("353200000".to_owned()),
        applicant: ForeignPerson {
            iin: IIN.to_owned(),
            surname: Some("Байғоныс".to_owned()),
            given: Some("Үлгі".to_owned()),
            ..ForeignPerson::default()
        },
        representative: None,
        fields: vec![
            text("who", "guardian"),
            field("child", ForeignValue::Entry(child)),
            text("address", "Абай"),
            text("phone", phone),
            field("act", ForeignValue::File(act)),
        ],
        sent_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        form: b"<form/>".to_vec(),
    }
}

fn arrival(sender: &str, message: &[u8]) -> Arrival {
    let judged = Judged { at: noon(), evidence: b"{}".to_vec() };
    Arrival { sender: sender.to_owned(), addressees: BTreeSet::new(), message: message.to_vec(), judged }
}

impl Region {
    async fn apply(&self, message: &str, phone: &str) -> Result<(), NotTaken> {
        self.service.applied(foreign(message, phone), arrival("pep", message.as_bytes())).await
    }

    /// The cases here, by the messages that are kept beside them.
    async fn cases(&self) -> Vec<Case> {
        let mut found = BTreeMap::new();
        for key in ["m-1", "m-2", "another/m-1"] {
            let Some(row) = self.store.row(tables::MESSAGES, key).await.unwrap() else { continue };
            let id = row.list.as_deref().and_then(|it| it.strip_prefix("case/"));
            let id = CaseId(id.expect("a case").parse().unwrap());
            found.insert(id, self.service.load(id).await.unwrap().case);
        }
        found.into_values().collect()
    }

    async fn only(&self) -> Case {
        let mut cases = self.cases().await;
        assert_eq!(cases.len(), 1);
        cases.remove(0)
    }

    /// The keys of the messages kept beside a case.
    async fn kept(&self, case: CaseId) -> Vec<String> {
        let query = ListQuery {
            table: tables::MESSAGES.to_owned(),
            list: format!("case/{}", case.0),
            after: None,
            descending: false,
            limit: 100,
        };
        let rows = self.store.list(query).await.unwrap();
        rows.into_iter().map(|it| it.key).collect()
    }

    /// The office accepts the documents, and the worker does all that follows; returns how many messages were sent by then.
    async fn accepted(&self) -> usize {
        // The register of guardianships, which the body keeps itself, knows nothing.
        while self.service.work_once().await.unwrap() > 0 {}
        let case = self.only().await;
        let (id, organization) = (PersonId("abai-education.office".to_owned()), Some(PROVIDER.to_owned()));
        let by = Party::Person { id, actor: Actor::ProviderOffice, organization };
        let part = case.current().unwrap().part.clone();
        let command = Command::Complete { part, act: Act::Accepted };
        let order = Order { id: OrderId(self.service.uuid()), case: case.id, by, command };
        self.service.submit(order).await.unwrap();
        while self.service.work_once().await.unwrap() > 0 {}
        self.world.sent.lock().unwrap().len()
    }

    async fn board(&self) -> Vec<(&'static str, String)> {
        let items = self.service.board().items().await.unwrap();
        items.into_iter().map(|it| (it.reason.code(), it.words)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_taken_once_whatever_message_brings_it() {
    let folder = tempfile::tempdir().unwrap();
    let region = open(folder.path(), &FIELDS, &Arc::default());
    for message in ["m-1", "m-1", "m-2"] {
        region.apply(message, "87010000000").await.unwrap();
    }
    let case = region.only().await;
    assert_eq!(case.number.as_deref(), Some("10000000000001"));
    assert_eq!(case.accepted_at, Some("2026-11-20T10:00:00Z".parse().unwrap()));
    assert!(case.one_way && case.signature.is_none() && case.application.signature.is_none());
    assert_eq!(case.application.full_name, "Байғоныс Үлгі");
    let content = case.application.content.clone().unwrap();
    assert_eq!(region.store.file(&content).await.unwrap().unwrap(), b"<form/>", "the form is what was asked");
    assert_eq!(region.store.file(&case.application.attachments[0].file).await.unwrap().unwrap(), PDF);
    assert_eq!(region.kept(case.id).await, ["m-1", "m-2"], "each message is evidence, by its own id");
    let vouched = region.service.vouched_for(&case).await.unwrap().unwrap();
    assert_eq!((vouched.portal.as_str(), vouched.message.as_str()), ("pep", "m-1"));

    // The same id with something else in it, and something else in the same chain.
    let other = region.apply("m-1", "87020000000").await;
    assert_eq!(other, Err(NotTaken::Unusable("another message came under this id before".to_owned())));
    let other = region.apply("m-3", "87020000000").await;
    assert_eq!(other, Err(NotTaken::Unusable("the chain has another application already".to_owned())));
    assert_eq!(region.only().await.version, case.version);
    let told: Vec<_> = region.board().await.into_iter().map(|it| it.0).collect();
    assert_eq!(told, ["id-reused", "not-taken"]);

    // Another portal counts its chains as it likes.
    let theirs = region.service.applied(foreign("m-1", "87020000000"), arrival("another", b"m-1")).await;
    assert_eq!((theirs, region.cases().await.len()), (Ok(()), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_for_a_missing_code_is_taken_once_the_table_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let world = Arc::default();
    let region = open(folder.path(), &FIELDS[..6], &world);
    for _ in 0..2 {
        let refused = region.apply("m-1", "87010000000").await;
        assert_eq!(refused, Err(NotTaken::Unknown("RR_P50.06: phone".to_owned())));
    }
    assert_eq!(region.cases().await, []);
    assert_eq!(region.board().await, [("not-in-tables", "unknown here: RR_P50.06: phone".to_owned())]);
    drop(region);
    let region = open(folder.path(), &FIELDS, &world);
    region.apply("m-1", "87010000000").await.unwrap();
    assert!(region.only().await.is_open());
    assert_eq!(region.board().await, [], "nobody has to take it down");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_again_with_something_else_in_it_is_kept_beside_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let region = open(folder.path(), &FIELDS[..6], &Arc::default());
    for (phone, envelope) in [("87010000000", b"<a/>"), ("87020000000", b"<b/>"), ("87010000000", b"<c/>")] {
        let refused = region.service.applied(foreign("m-1", phone), arrival("pep", envelope)).await;
        assert_eq!(refused, Err(NotTaken::Unknown("RR_P50.06: phone".to_owned())));
    }
    let query = ListQuery {
        table: tables::MESSAGES.to_owned(),
        list: "inbox".to_owned(),
        after: None,
        descending: false,
        limit: 100,
    };
    let kept = region.store.list(query).await.unwrap();
    assert_eq!(kept.len(), 2, "signed anew it says the same");
    assert!(kept[0].key == "pep/m-1" && kept[1].key.starts_with("pep/m-1/"));
    assert_eq!(region.board().await.len(), 1, "and it is one application");

    let unread = Unread { why: "SCE001".to_owned(), ..Unread::default() };
    for envelope in [b"<d/>", b"<e/>"] {
        region.service.unread(unread.clone(), arrival("pep", envelope)).await.unwrap();
    }
    assert_eq!(region.board().await.len(), 3, "what has no id is known by what it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_before_the_end_that_the_portal_refuses_holds_up_no_other() {
    for code in ["SCE001", "SCE004"] {
        let folder = tempfile::tempdir().unwrap();
        let region = open(folder.path(), &FIELDS, &Arc::default());
        region.apply("m-1", "87010000000").await.unwrap();
        *region.world.refuses.lock().unwrap() = Some(code);
        let told = region.accepted().await;
        let items = region.service.board().items().await.unwrap();
        let aside: Vec<_> =
            items.iter().filter(|it| it.is_aside()).map(|it| (it.id, it.reason.code())).collect();
        let [(refused, "refused")] = aside.as_slice() else { panic!("{items:?}") };
        *region.world.refuses.lock().unwrap() = None;
        region.service.board().retry(*refused, BoardOrder { by: "administrator", why: "" }).await.unwrap();
        while region.service.work_once().await.unwrap() > 0 {}
        // One that says it knows nothing of it is left alone a moment, as who is silent.
        if code == "SCE001" {
            assert_eq!(region.world.sent.lock().unwrap().len(), told + 1);
            assert_eq!(region.board().await, []);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_go_to_the_portal_that_asked_and_repeat_its_ids() {
    let folder = tempfile::tempdir().unwrap();
    let region = open(folder.path(), &FIELDS, &Arc::default());
    region.apply("m-1", "87010000000").await.unwrap();
    region.accepted().await;
    let case = region.only().await;
    assert_eq!(region.service.vouched_for(&case).await.unwrap().unwrap().presupposed, ["consent".into()]);
    let sent = region.world.sent.lock().unwrap();
    let parcel = sent.last().unwrap();
    assert_eq!((parcel.to.as_str(), parcel.answers.as_ref(), parcel.request.as_ref()), ("pep", None, None));
    assert!(parcel.progress.end.is_none() && parcel.files.is_empty());
    let reply = parcel.reply.as_ref().unwrap();
    assert_eq!((reply.chain.as_str(), reply.request.as_str()), ("2000001", "10000000000001"));
    assert_eq!((reply.client_key.as_deref(), reply.iin.as_str()), (Some(CODE), IIN));
    assert_eq!(reply.result, "certificate");
}
