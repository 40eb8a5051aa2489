// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registers that the region owns: what a service grants is entered, what is entered answers the next application.

mod aid;
mod once;
mod upload;

use crate::road::Road;
use engine::Act;
use engine::case::{Case, CaseId, Proposal, Value};
use regulation::model::{Actor, End, FieldId, GroundId, RegisterId, ServiceId};
use service::SubmitError;
use service::access::Reader;
use service::codec::access::What;
use service::contracts::own::Wrong;
use service::portal::Sent;
use service::registers::{HandEntry, ImportRefused, Imported, KeepRefused, Sought};
use std::collections::BTreeMap;

const NOON: &str = "2026-11-23T05:00:00Z";
const SOCIAL: &str = "abai-social";
/// A person of the demonstration and his key.
const HE: (&str, &str) = ("680303499904", "p40");

/// Another and her name.
const HER: (&str, &str) = ("580308499930", "p01");
const HER_NAME: &str = "Әбдіқадырова Гүлжаһан";
/// The smallest file that is taken for a scan.
const SCAN: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

type Fields = BTreeMap<FieldId, Value>;

fn texts(of: &[(&str, &str)]) -> Fields {
    of.iter().map(|(id, text)| (FieldId::from(*id), Value::Text((*text).to_owned()))).collect()
}

fn with_consent(of: &[(&str, &str)]) -> Fields {
    let mut fields = texts(of);
    fields.insert(FieldId::from("consent"), Value::Bool(true));
    fields.insert(FieldId::from("address"), Value::Text("Абай қаласы, Ойдан шығарылған көше, 7".to_owned()));
    fields.insert(FieldId::from("phone"), Value::Text("+77000000000".to_owned()));
    fields
}

/// Applies on the portal with these fields.
async fn applied(road: &Road, (iin, key): (&str, &str), service: &str, fields: Fields) -> CaseId {
    let (citizen, session) = road.citizen(iin).await;
    let portal = &road.demo.portal;
    let mut draft =
        portal.begin_draft(&citizen, &ServiceId::from(service), SOCIAL, "kk").await.unwrap().draft;
    draft.fields = fields;
    portal.save_draft(&mut draft).await.unwrap();
    assert_eq!(portal.draft_problems(&citizen, &draft), []);
    let frozen = portal.freeze(&citizen, &mut draft).await.unwrap();
    let (content, _) = portal.frozen_bytes(&frozen).await.unwrap();
    let cms = road.sign(key, eds::sha256(&content));
    let sent = portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.unwrap();
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    submitted.case
}

/// The department's people take the case to the executor's desk.
async fn instructed(road: &Road, case: CaseId) {
    road.stands(&road.demo.region, case, "provider.action-1").await;
    road.act("abai-social.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-social.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-social.head", Actor::ProviderHead, case, instruct).await.unwrap();
    road.stands(&road.demo.region, case, "provider.action-3").await;
}

/// Registers a person as unemployed since a day.
async fn registered(road: &Road, who: (&str, &str), since: &str) {
    let mut asked = with_consent(&[("education", "higher"), ("wanted_post", "есепші")]);
    asked.insert(FieldId::from("without_work"), Value::Bool(true));
    let case = applied(road, who, "unemployed-registration", asked).await;
    instructed(road, case).await;
    let grant = Act::Prepared(Proposal::Grant { values: texts(&[("registered_from", since)]) });
    road.act("abai-social.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
    road.sign_result("abai-social.head", "abai-social-head", case).await.unwrap();
    let passed_on = Act::Dispatched { courier: None };
    road.act("abai-social.office", Actor::ProviderOffice, case, passed_on).await.unwrap();
    assert_eq!(road.ended(&road.demo.portal, case).await.end.map(|it| it.0), Some(End::Issued));
}

async fn certificate(road: &Road, who: (&str, &str)) -> CaseId {
    applied(road, who, "unemployed-certificate", with_consent(&[("birth_date", "1968-03-03")])).await
}

/// The words of the result in the cabinet.
async fn result_words(road: &Road, iin: &str, ended: &Case) -> String {
    let (citizen, _) = road.citizen(iin).await;
    let file = &ended.result.as_ref().expect("a result").file;
    let reader = Reader::Applicant(&citizen.id);
    crate::fifteenth::words(&road.demo.portal.case_file(&reader, ended.id, file).await.unwrap().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_registered_receives_the_certificate_at_once() {
    let road = Road::open(NOON).await;
    registered(&road, HE, "2026-11-20").await;
    let case = certificate(&road, HE).await;
    let ended = road.ended(&road.demo.portal, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Issued));
    let words = result_words(&road, HE.0, &ended).await;
    assert!(words.contains("2026 жылғы 20 қараша"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_never_registered_is_examined_by_people_and_refused_with_the_ground() {
    let road = Road::open(NOON).await;
    let case = certificate(&road, HE).await;
    instructed(&road, case).await;
    let not_registered = Proposal::Refuse {
        ground: GroundId::from("not-registered"),
        reason: "Тізілімде жазба жоқ".to_owned(),
    };
    let refuse = Act::Prepared(not_registered);
    road.act("abai-social.executor-1", Actor::ProviderExecutor, case, refuse).await.unwrap();
    road.sign_result("abai-social.head", "abai-social-head", case).await.unwrap();
    let passed_on = Act::Dispatched { courier: None };
    road.act("abai-social.office", Actor::ProviderOffice, case, passed_on).await.unwrap();
    let ended = road.ended(&road.demo.portal, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Refused));
    assert!(result_words(&road, HE.0, &ended).await.contains("тіркелмеген"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_begins_tomorrow_or_was_ended_gives_no_certificate() {
    let road = Road::open(NOON).await;
    registered(&road, HE, "2026-11-24").await;
    let early = certificate(&road, HE).await;
    let waits = road.stands(&road.demo.region, early, "provider.action-1").await;
    assert_eq!(waits.facts.get(&"unemployed.found".into()).map(|it| &it.value), Some(&Value::Bool(false)));

    let (region, register) = (&road.demo.region, RegisterId::from("unemployed"));
    entered_by_hand(&road, HER.0).await;
    let issued = certificate(&road, HER).await;
    assert_eq!(road.ended(&road.demo.portal, issued).await.end.map(|it| it.0), Some(End::Issued));
    let head = road.official("abai-social.head").await.seat;
    let sought = Sought::Iin(HER.0.to_owned());
    let page = region.register_page(&head, &register, (&sought, None)).await.unwrap();
    let (entry, order) = (page.entries[0].id, region.uuid());
    let end = (Some("2026-11-23".parse().unwrap()), "Жұмысқа орналасты");
    for _ in 0..2 {
        region.end_entry(&head, (&register, entry), end, order).await.expect("the same order is one act");
    }
    let again = region.end_entry(&head, (&register, entry), end, region.uuid()).await;
    assert_eq!(again, Err(KeepRefused::Ended));
    let after = certificate(&road, HER).await;
    road.stands(region, after, "provider.action-1").await;
    let (view, _) = region.register_entry(&head, &register, entry).await.unwrap();
    assert!(!view.counts());
    assert_eq!(
        view.ended.map(|it| (it.ground, it.by.0)),
        Some((end.1.to_owned(), "abai-social.head".to_owned()))
    );
}

/// The clerk enters a person by hand; what is wrong is told first, and the person is not entered twice.
async fn entered_by_hand(road: &Road, iin: &str) {
    let (region, register) = (&road.demo.region, RegisterId::from("unemployed"));
    let clerk = road.official("abai-social.office").await.seat;
    let scan = region.upload("ground".into(), "бұйрық.pdf", SCAN.to_vec()).await.unwrap();
    let mut entry = HandEntry { iin: iin.to_owned(), full_name: HER_NAME.to_owned(), ..HandEntry::default() };
    let wrong = region.enter_by_hand(&clerk, &register, (entry.clone(), &scan), region.uuid()).await;
    let Err(KeepRefused::Wrong(wrong)) = wrong else { panic!("{wrong:?}") };
    let wrong: Vec<&str> = wrong.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(wrong, ["document_title", "document_date", "from"]);
    entry.record.insert("from".to_owned(), "2026-11-02".to_owned());
    entry.document.title = "Бұйрық".to_owned();
    entry.document.date = "2026-11-02".to_owned();
    let order = region.uuid();
    for _ in 0..2 {
        let id = region.enter_by_hand(&clerk, &register, (entry.clone(), &scan), order).await;
        assert_eq!(id, Ok(order), "the same order is one entry");
    }
    let twice = region.enter_by_hand(&clerk, &register, (entry, &scan), region.uuid()).await;
    assert_eq!(twice, Err(KeepRefused::Entered));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_clerk_and_the_head_of_the_body_read_its_register_and_their_reading_is_recorded() {
    let road = Road::open(NOON).await;
    let (region, register) = (&road.demo.region, RegisterId::from("guardianship"));
    let head = road.official("abai-education.head").await.seat;
    let all = region.register_page(&head, &register, (&Sought::Everybody, None)).await.unwrap().entries;
    assert!(all.len() > 5 && all.iter().all(|it| it.organization == "abai-education"), "{}", all.len());
    let begins = Sought::typed("әбдіқ").unwrap();
    let found = region.register_page(&head, &register, (&begins, None)).await.unwrap().entries;
    assert_eq!(found.iter().map(|it| it.iin.as_str()).collect::<Vec<_>>(), ["580308499930"; 2]);
    let whole = Sought::typed("Әбдіқадырова Гүлжаһан Қ").unwrap();
    assert_eq!(region.register_page(&head, &register, (&whole, None)).await.unwrap().entries.len(), 2);
    let other = Sought::typed("Әбдіқадырова Гүлжаһан М").unwrap();
    assert_eq!(region.register_page(&head, &register, (&other, None)).await.unwrap().entries, []);
    let id = found[0].id;
    let (_, others) = region.register_entry(&head, &register, id).await.unwrap();
    assert_eq!(others.len(), 1);
    let readings = region.readings_of_entry(&head, &register, id).await.unwrap().expect("the head sees them");
    assert_eq!(readings.iter().map(|it| it.what).collect::<Vec<_>>(), [What::Entry, What::Register]);
    for stranger in
        ["abai-education.executor-1", "abai-social.head", "osakarov-education.head", "kurma-akim.akim"]
    {
        let seat = road.official(stranger).await.seat;
        let page = region.register_page(&seat, &register, (&Sought::Everybody, None)).await;
        assert_eq!(page, Err(SubmitError::Unknown), "{stranger}");
        assert!(region.register_entry(&seat, &register, id).await.is_err(), "{stranger}");
        let end = (Some("2026-11-23".parse().unwrap()), "босатылды");
        let ended = region.end_entry(&seat, (&register, id), end, region.uuid()).await;
        assert_eq!(ended, Err(KeepRefused::Failed(SubmitError::Unknown)), "{stranger}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardianship_that_the_head_ended_is_not_certified_any_more() {
    let road = Road::open(NOON).await;
    let (region, register) = (&road.demo.region, RegisterId::from("guardianship"));
    let head = road.official("abai-education.head").await.seat;
    let sought = Sought::Iin("711130399969".to_owned());
    let entry = region.register_page(&head, &register, (&sought, None)).await.unwrap().entries.remove(0);
    let end = (Some("2026-11-23".parse().unwrap()), "Бала ата-анасына қайтарылды");
    region.end_entry(&head, (&register, entry.id), end, region.uuid()).await.unwrap();
    let citizen = road.citizen("711130399969").await;
    let sent = road.apply(&citizen, "p02", &[("Ершова", "Дарья", "2011-11-03")]).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let case = road.stands(region, submitted.case, "provider.action-1").await;
    let found = case.facts.get(&"guardianship.found".into()).expect("the register answered");
    assert_eq!(found.value, Value::Bool(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_office_is_taken_once_and_a_wrong_one_not_at_all() {
    let road = Road::open(NOON).await;
    let (region, register) = (&road.demo.region, RegisterId::from("unemployed"));
    let table = "iin,full_name,from,wanted_post\n680303499904,\"Ойдан, Шығарылған\",2026-10-01,есепші\n";
    let import = |text: &str| {
        let text = text.to_owned();
        async move { region.import_entries(SOCIAL, &RegisterId::from("unemployed"), text.as_bytes()).await }
    };
    assert_eq!(import(table).await, Ok(Imported { entered: 1, known: 0 }));
    assert_eq!(import(table).await, Ok(Imported { entered: 0, known: 1 }));
    let json = r#"[{"iin": "680303499904", "full_name": "Ойдан", "from": "2026-11-01"},
                  {"iin": "1", "full_name": "", "from": "1 қараша", "odd": "1"}]"#;
    let Err(ImportRefused::Mistakes(mistakes)) = import(json).await else { panic!("taken") };
    let told: Vec<(u32, &str)> = mistakes.iter().map(|it| (it.line, it.column.as_str())).collect();
    assert_eq!(told, [(2, "from"), (2, "odd"), (2, "iin"), (2, "full_name")]);
    let twice = r#"[{"iin": "680303499904", "full_name": "Ойдан", "from": "2026-11-01"}]"#;
    let Err(ImportRefused::Mistakes(mistakes)) = import(twice).await else { panic!("entered twice") };
    assert_eq!(mistakes[0].wrong, Wrong::Entered);
    let to_others = region.import_entries("abai-education", &register, table.as_bytes()).await;
    assert_eq!(to_others, Err(ImportRefused::NotKept));
    let case = certificate(&road, HE).await;
    let ended = road.ended(&road.demo.portal, case).await;
    assert!(result_words(&road, HE.0, &ended).await.contains("2026 жылғы 1 қазан"));
}
