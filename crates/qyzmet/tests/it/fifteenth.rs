// SPDX-License-Identifier: MIT OR Apache-2.0
//! A fifteenth service is one file: an invented one, put beside what ships, runs on the portal and at the office, with its papers.

use crate::road::Road;
use engine::Act;
use engine::case::{CaseId, Medium, Proposal, Value};
use regulation::model::{Actor, End, FieldId, ServiceId};
use service::access::Reader;
use service::center::Intake;
use service::journals::{Journal, Recipient};
use service::portal::Sent;
use service::sheets::SignedSheet;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOON: &str = "2026-11-23T05:00:00Z";
const SERVICE: &str = "street-music-permit";
/// The smallest file that is taken for a scan.
const SCAN: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Puts the invented service and the department that serves it into a folder.
fn added(folder: &Path) -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let add = folder.join("add");
    let regulation = add.join("regulations").join(SERVICE);
    std::fs::create_dir_all(&regulation).unwrap();
    std::fs::create_dir_all(add.join("organizations")).unwrap();
    let invented = repository.join("crates/testkit/tests/fifteenth/2026.toml");
    std::fs::copy(invented, regulation.join("2026.toml")).unwrap();
    let office = std::fs::read_to_string(repository.join("organizations/abai-education.toml")).unwrap();
    let serving = office.replacen("services = [", &format!("services = [\"{SERVICE}\", "), 1);
    assert_ne!(office, serving);
    std::fs::write(add.join("organizations/abai-education.toml"), serving).unwrap();
    add
}

fn texts(of: &[(&str, &str)]) -> BTreeMap<FieldId, Value> {
    of.iter().map(|(id, text)| (FieldId::from(*id), Value::Text((*text).to_owned()))).collect()
}

fn asked() -> BTreeMap<FieldId, Value> {
    texts(&[("instrument", "dombyra"), ("days", "3"), ("phone", "+77000000000")])
}

/// The head instructs, the executor grants; the case then waits for the head's signature.
async fn granted(road: &Road, case: CaseId) {
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    let region = &road.demo.region;
    let fee = region.calculation(
        region.settings.current(&ServiceId::from(SERVICE)).unwrap(),
        &region.load(case).await.unwrap().case,
    );
    let fee = fee.first().and_then(|it| it.calculated).expect("a fee").to_string();
    let values = texts(&[("place", "Орталық алаң"), ("fee", &fee)]);
    let grant = Act::Prepared(Proposal::Grant { values });
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
}

/// The words that a reader finds in a PDF, by an independent program.
pub(crate) fn words(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, pdf).unwrap();
    let run = Command::new("pdftotext").arg(&path).arg("-").output().expect("pdftotext");
    assert!(run.status.success());
    String::from_utf8(run.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_on_the_portal_to_a_signed_electronic_paper() {
    let folder = tempfile::tempdir().unwrap();
    let road = Road::open_with(NOON, Some(added(folder.path()))).await;
    let (citizen, session) = road.citizen("680303499904").await;
    let portal = &road.demo.portal;
    let begun =
        portal.begin_draft(&citizen, &ServiceId::from(SERVICE), "abai-education", "kk").await.unwrap();
    let mut draft = begun.draft;
    draft.fields = asked();
    portal.save_draft(&mut draft).await.unwrap();
    assert_eq!(portal.draft_problems(&citizen, &draft), []);
    let frozen = portal.freeze(&citizen, &mut draft).await.unwrap();
    let (content, _) = portal.frozen_bytes(&frozen).await.unwrap();
    let cms = road.sign("p40", eds::sha256(&content));
    let sent = portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.unwrap();
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let case = submitted.case;
    road.stands(&road.demo.region, case, "provider.action-1").await;
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    granted(&road, case).await;
    road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    let passed_on = Act::Dispatched { courier: None };
    road.act("abai-education.office", Actor::ProviderOffice, case, passed_on).await.unwrap();
    let ended = road.ended(portal, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Issued));
    let file = ended.result.expect("a result").file;
    let pdf = portal.case_file(&Reader::Applicant(&citizen.id), case, &file).await.unwrap().unwrap();
    assert_eq!(eds::pades::signatures(&pdf).unwrap().len(), 1);
    let words = words(&pdf);
    assert!(words.contains("Орталық алаң"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_at_the_office_on_paper_to_a_sheet_signed_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let road = Road::open_with(NOON, Some(added(folder.path()))).await;
    let region = &road.demo.region;
    let clerk = road.official("abai-education.office").await;
    let intake = Intake {
        service: ServiceId::from(SERVICE),
        provider: "abai-education".to_owned(),
        iin: "680303499904".to_owned(),
        full_name: "Ойдан шығарылған адам".to_owned(),
        fields: asked(),
        medium: Medium::Paper,
        lang: "kk".to_owned(),
    };
    let case = region.keep_intake(&clerk.seat, None, intake).await.unwrap();
    let open = region.open_intake(&clerk.seat, case).await.unwrap().expect("the intake");
    let scan = region.upload("identity-document".into(), "куәлік.pdf", SCAN.to_vec()).await.unwrap();
    region.add_paper(&region.papers_of_intake(&open), scan).await.unwrap();
    region.register_intake(&clerk.seat, case, region.uuid()).await.unwrap();
    granted(&road, case).await;
    let head = road.official("abai-education.head").await;
    region.print_sheet(&head, case, region.uuid()).await.unwrap();
    let (_, sheet) = region.sheet_pdf(&head.seat, case).await.unwrap().expect("the sheet");
    assert!(words(&sheet).contains("Орталық алаң"));
    let signed = SignedSheet {
        on: Some("2026-11-23".parse().unwrap()),
        sealed: true,
        countersigned: false,
        scan: SCAN.to_vec(),
    };
    region.sign_sheet(&head, case, signed, region.uuid()).await.unwrap();
    let given =
        Act::HandedOver { taken_by: "өзі".to_owned(), document: "жеке куәлік".to_owned() };
    road.act("abai-education.office", Actor::ProviderOffice, case, given).await.unwrap();
    let ended = road.ended(region, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Issued));
    assert!(ended.result.is_some_and(|it| it.on_paper.is_some_and(|it| it.sealed)));
    let journal = region.journal_page(&clerk.seat, Journal::Results, None).await.unwrap();
    let mark = journal.lines[0].given.clone().expect("the mark that it was given");
    let to = Recipient::Hand { name: "өзі".to_owned(), document: "жеке куәлік".to_owned() };
    assert_eq!((mark.to, mark.by), (to, Some(clerk.seat.person.clone())));
}
