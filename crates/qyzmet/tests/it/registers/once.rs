// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nobody is entered twice about the same: by two clerks at once, by two results of one case.

use super::{Fields, HE, HER, NOON, SCAN, texts, with_consent};
use crate::road::Road;
use engine::Act;
use engine::case::{CaseId, Proposal, Value};
use regulation::model::{Actor, FieldId, RegisterId, ServiceId};
use service::codec::register::Document;
use service::portal::Sent;
use service::registers::{HandEntry, KeepRefused, Sought};
use service::sheets::SignedSheet;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const EDUCATION: &str = "abai-education";
/// Patronage that enters who gets a result, by the notification and by the contract alike.
const TWICE: &str = "patronage-twice";

fn on_paper(iin: &str) -> HandEntry {
    HandEntry {
        iin: iin.to_owned(),
        full_name: "Ойдан Шығарылған".to_owned(),
        record: BTreeMap::from([("from".to_owned(), "2026-11-02".to_owned())]),
        document: Document {
            title: "Бұйрық".to_owned(),
            date: "2026-11-02".to_owned(),
            ..Document::default()
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_clerks_who_enter_the_same_person_at_once_one_is_told_that_he_stands_there() {
    let road = Road::open(NOON).await;
    let (region, register) = (&road.demo.region, RegisterId::from("unemployed"));
    let clerk = Arc::new(road.official("abai-social.office").await.seat);
    let scan = Arc::new(region.upload("ground".into(), "бұйрық.pdf", SCAN.to_vec()).await.unwrap());
    for iin in [HE.0, HER.0, "711130399969", "900101499994", "150506599984"] {
        let enters = || {
            let (region, clerk, scan) = (Arc::clone(region), Arc::clone(&clerk), Arc::clone(&scan));
            let (register, entry, order) = (register.clone(), on_paper(iin), region.uuid());
            tokio::spawn(async move { region.enter_by_hand(&clerk, &register, (entry, &scan), order).await })
        };
        let (one, other) = (enters(), enters());
        let done = [one.await.unwrap(), other.await.unwrap()];
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1, "{done:?}");
        assert!(done.contains(&Err(KeepRefused::Entered)), "{done:?}");
        let sought = Sought::Iin(iin.to_owned());
        let page = region.register_page(&clerk, &register, (&sought, None)).await.unwrap();
        assert_eq!(page.entries.len(), 1, "{iin}");
    }
}

/// Puts the service and the department that serves it into a folder.
fn added(folder: &Path) -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(repository.join(path)).unwrap();
    let add = folder.join("add");
    let regulation = add.join("regulations").join(TWICE);
    std::fs::create_dir_all(&regulation).unwrap();
    std::fs::create_dir_all(add.join("organizations")).unwrap();
    let text = read("regulations/patronage-placement/2018.toml")
        .replacen("patronage-placement", TWICE, 2)
        .replace("service = \"patronage-placement\"", &format!("service = \"{TWICE}\""))
        .replace("required = true\nassumed = true", "required = false\nassumed = true")
        .replace("proof = \"eds\"\n", "");
    std::fs::write(regulation.join("2018.toml"), format!("{text}\n[[entry]]\nregister = \"unemployed\"\n"))
        .unwrap();
    let office = read("organizations/abai-education.toml");
    let serving = office.replacen("services = [", &format!("services = [\"{TWICE}\", "), 1);
    std::fs::write(add.join("organizations/abai-education.toml"), serving).unwrap();
    add
}

async fn applied(road: &Road) -> CaseId {
    let (citizen, session) = road.citizen(HE.0).await;
    let portal = &road.demo.portal;
    let begun = portal.begin_draft(&citizen, &ServiceId::from(TWICE), EDUCATION, "kk").await.unwrap();
    let mut draft = begun.draft;
    draft.fields = with_consent(&[
        ("marital_status", "single"),
        ("children_number", "1"),
        ("housing", "Үй"),
        ("income", "100000"),
    ]);
    portal.save_draft(&mut draft).await.unwrap();
    assert_eq!(portal.draft_problems(&citizen, &draft), []);
    let frozen = portal.freeze(&citizen, &mut draft).await.unwrap();
    let (content, _) = portal.frozen_bytes(&frozen).await.unwrap();
    let cms = road.sign(HE.1, eds::sha256(&content));
    let sent = portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.unwrap();
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    submitted.case
}

async fn prepared(road: &Road, case: CaseId, values: Fields) {
    let grant = Act::Prepared(Proposal::Grant { values });
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
}

fn contract() -> Fields {
    let child = [("surname", "Ойдан"), ("given", "Бала"), ("birth_date", "2016-05-06")];
    let child = child.map(|(id, text)| (FieldId::from(id), text.to_owned())).into();
    let mut values = texts(&[
        ("period_from", "2026-12-01"),
        ("period_to", "2027-12-01"),
        ("child_money", "40000"),
        ("carer_pay", "60000"),
    ]);
    values.insert(FieldId::from("placed"), Value::Entries(vec![child]));
    values
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_result_of_a_case_enters_nobody_again() {
    let folder = tempfile::tempdir().unwrap();
    let road = Road::open_with(NOON, Some(added(folder.path()))).await;
    let region = &road.demo.region;
    let case = applied(&road).await;
    road.stands(region, case, "provider.action-1").await;
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    let meeting = [
        ("meeting_address", "Абай қаласы"),
        ("meeting_date", "2026-12-01"),
        ("meeting_time", "10:00"),
        ("meeting_contact", "Маман, 000"),
    ];
    prepared(&road, case, texts(&meeting)).await;
    road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    let sent = Act::Dispatched { courier: None };
    road.act("abai-education.office", Actor::ProviderOffice, case, sent).await.unwrap();
    road.stands(region, case, "portal.contract.b").await;
    let (register, head) = (RegisterId::from("unemployed"), road.official("abai-education.head").await);
    let sought = Sought::Iin(HE.0.to_owned());
    let by_notification = region.register_page(&head.seat, &register, (&sought, None)).await.unwrap().entries;
    assert_eq!(by_notification.len(), 1, "the notification enters");

    prepared(&road, case, contract()).await;
    region.print_sheet(&head, case, region.uuid()).await.unwrap();
    let on = Some("2026-11-23".parse().unwrap());
    let signed = SignedSheet { on, sealed: true, countersigned: true, scan: SCAN.to_vec() };
    region.sign_sheet(&head, case, signed, region.uuid()).await.unwrap();
    let after = region.register_page(&head.seat, &register, (&sought, None)).await.unwrap().entries;
    assert_eq!(after, by_notification, "the contract of the same case enters nobody again");
}
