// SPDX-License-Identifier: MIT OR Apache-2.0
//! The originals of the papers go with the courier to the provider and back: both sides see who holds them and what is missing.

use crate::browser::Browser;
use crate::road::Road;
use engine::Inadmissible;
use engine::case::{Case, CaseId, Holder, Medium, Sheets, Value};
use engine::command::Movement;
use regulation::model::{FieldId, ServiceId};
use service::SubmitError;
use service::access::Seat;
use service::center::Intake;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const NOON: &str = "2026-11-23T05:00:00Z";
const SETTING: &str =
    "[[setting]]\nfact = \"originals.by-courier\"\nvalue = true\nbasis = \"№ 3-ө\"\n[[department]]";
pub(crate) const SCAN: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const DOCUMENTS: [&str; 4] =
    ["application-form", "identity-document", "birth-certificate", "guardianship-act"];

/// A provider that has ordered that originals travel.
fn ordered(folder: &Path) -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let office = std::fs::read_to_string(repository.join("organizations/abai-education.toml")).unwrap();
    let add = folder.join("add");
    std::fs::create_dir_all(add.join("organizations")).unwrap();
    let ordered = office.replacen("[[department]]", SETTING, 1);
    std::fs::write(add.join("organizations/abai-education.toml"), ordered).unwrap();
    add
}

fn asked() -> BTreeMap<FieldId, Value> {
    let child = [("surname", "Байғоныс"), ("given", "Айсұлтан"), ("birth_date", "2010-04-18")];
    let child = child.into_iter().map(|(id, text)| (FieldId::from(id), text.to_owned())).collect();
    let texts = [
        ("role", "guardian"),
        ("address", "Құрма ауылы, Ойдан шығарылған көше, 7"),
        ("phone", "+77000000000"),
    ];
    let texts = texts.into_iter().map(|(id, text)| (FieldId::from(id), Value::Text(text.to_owned())));
    let others = [
        (FieldId::from("children"), Value::Entries(vec![child])),
        (FieldId::from("consent"), Value::Bool(true)),
    ];
    texts.chain(others).collect()
}

async fn operator(road: &Road) -> (service::accounts::Official, service::accounts::Session) {
    let center = &road.demo.center;
    let login = "karaganda-mobile.operator-1";
    let (official, token) =
        center.sign_in_official(login, qyzmet::demo::OFFICIAL_PASSWORD, None).await.expect("signed in");
    (official, center.session(&token).await.unwrap().expect("a session"))
}

/// An application on paper at the mobile center with all its scans; it waits for the operator's signature.
pub(crate) async fn filled(road: &Road) -> (Seat, CaseId) {
    let center = &road.demo.center;
    let (official, session) = operator(road).await;
    let seat = official.seat;
    let intake = Intake {
        service: ServiceId::from("guardianship-certificate"),
        provider: "abai-education".to_owned(),
        iin: "680303499904".to_owned(),
        full_name: "Ойдан шығарылған адам".to_owned(),
        fields: asked(),
        medium: Medium::Paper,
        lang: "kk".to_owned(),
    };
    let case = center.take_in_person(&seat, &session, intake, center.uuid()).await.unwrap().case;
    let waits = road.stands(center, case, "center.process-5.a").await;
    for document in DOCUMENTS {
        let scan = center.upload(document.into(), "скан.pdf", SCAN.to_vec()).await.unwrap();
        center.add_paper(&(&waits).into(), scan).await.unwrap();
    }
    center.fill_papers(&seat, case, "center.process-5.a".into(), center.uuid()).await.unwrap();
    (seat, case)
}

/// The same, certified and sent; it waits for the provider's office.
pub(crate) async fn sent(road: &Road) -> (Seat, CaseId) {
    let center = &road.demo.center;
    let (seat, case) = filled(road).await;
    let (one, other) = tokio::join!(center.freeze_request(case), center.freeze_request(case));
    assert_eq!(one.unwrap(), other.unwrap(), "two pages at once show and sign one request");
    let (xml, _) = center.read_request(&seat, case).await.unwrap();
    let cms = road.sign("karaganda-mobile-operator-1", eds::sha256(&xml));
    center.sign_request(&seat, case, cms, center.uuid()).await.unwrap();
    road.stands(&road.demo.region, case, "provider.action-1").await;
    (seat, case)
}

fn list(of: &[(&str, u32)]) -> Vec<Sheets> {
    of.iter().map(|(id, pages)| Sheets { document: (*id).into(), pages: *pages }).collect()
}

fn handed() -> Movement {
    let sheets = list(&[("identity-document", 2), ("birth-certificate", 1), ("guardianship-act", 0)]);
    Movement::Handed { sheets, courier: "Рахимов Тимур".to_owned() }
}

/// Waits until the other side knows of so many movements.
async fn told(road: &Road, service: &std::sync::Arc<service::Service>, case: CaseId, moves: usize) -> Case {
    road.until(service, case, |it| it.originals.len() == moves, "the movement").await
}

#[tokio::test(flavor = "multi_thread")]
async fn originals_go_to_the_provider_and_back_and_what_is_missing_is_told_to_both() {
    let folder = tempfile::tempdir().unwrap();
    let road = Road::open_with(NOON, Some(ordered(folder.path()))).await;
    let (operator, case) = sent(&road).await;
    let (center, region) = (&road.demo.center, &road.demo.region);
    let order = center.uuid();
    center.move_originals(&operator, case, handed(), order).await.unwrap();
    assert!(center.move_originals(&operator, case, handed(), order).await.unwrap().repeated);
    let again = center.move_originals(&operator, case, handed(), center.uuid()).await;
    assert!(matches!(again, Err(SubmitError::Inadmissible(Inadmissible::OriginalsElsewhere))), "{again:?}");
    let seen = told(&road, region, case, 1).await;
    assert_eq!(seen.originals[0].to, Holder::ToProvider);
    assert_eq!(seen.originals[0].courier.as_deref(), Some("Рахимов Тимур"));
    assert_eq!(seen.application.center.as_deref(), Some("karaganda-mobile"), "the office knows from where");

    let office = road.official("abai-education.office").await.seat;
    let more = Movement::Received { sheets: list(&[("identity-document", 3)]) };
    let refused = region.move_originals(&office, case, more, region.uuid()).await;
    assert!(matches!(refused, Err(SubmitError::Inadmissible(Inadmissible::TooMuch))), "{refused:?}");
    let arrived = Movement::Received { sheets: list(&[("identity-document", 1), ("birth-certificate", 1)]) };
    region.move_originals(&office, case, arrived, region.uuid()).await.unwrap();
    let seen = told(&road, center, case, 2).await;
    assert_eq!(seen.originals[1].to, Holder::Provider);
    assert_eq!(seen.originals[1].missing, ["identity-document".into()], "a page of it did not come");

    let back = Movement::Handed { sheets: list(&[("birth-certificate", 1)]), courier: "К.".to_owned() };
    region.move_originals(&office, case, back, region.uuid()).await.unwrap();
    told(&road, center, case, 3).await;
    let arrived = Movement::Received { sheets: list(&[("birth-certificate", 1)]) };
    center.move_originals(&operator, case, arrived, center.uuid()).await.unwrap();
    center.move_originals(&operator, case, Movement::GivenBack, center.uuid()).await.unwrap();
    assert_eq!(told(&road, region, case, 5).await.originals[4].to, Holder::Applicant);
    assert_eq!(center.transfers(&operator).await.unwrap().len(), 5);
    assert_eq!(region.transfers(&office).await.unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_both_sides_say_who_holds_the_paper() {
    let folder = tempfile::tempdir().unwrap();
    let road = Road::open_with(NOON, Some(ordered(folder.path()))).await;
    let (_, case) = sent(&road).await;
    let mut center = Browser::new(&road);
    center.sign_in_official("center", "karaganda-mobile.operator-1").await;
    let address = format!("/kk/center/cases/{}", case.0);
    let page = center.get(&address).await;
    page.says("Түпнұсқа орталықта");
    page.says("№ 3-ө");
    let order = page.hidden("order");
    let form =
        [("order", order.as_str()), ("kind", "hand"), ("pages.identity-document", "2"), ("courier", "К.")];
    let moved = center.post(&format!("{address}/originals"), &form).await;
    assert_eq!(moved.to, format!("{address}#originals"), "{}", moved.text);
    center.get(&address).await.says("Түпнұсқа курьерде: көрсетілетін қызметті берушіге барады");
    center.get("/kk/center/originals").await.says("2 бет");
    told(&road, &road.demo.region, case, 1).await;
    let mut office = Browser::new(&road);
    office.sign_in_official("region", "abai-education.office").await;
    let address = format!("/kk/region/cases/{}", case.0);
    let page = office.get(&address).await;
    page.says("Алғанын растау");
    page.says("name=\"pages.identity-document\"");
    let order = road.demo.region.uuid().to_string();
    let form = [("order", order.as_str()), ("kind", "receive"), ("pages.identity-document", "1")];
    office.post(&format!("{address}/originals"), &form).await;
    office.get(&address).await.says("Тізімде бар, бірақ келмеген");
    told(&road, &road.demo.center, case, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_providers_order_and_in_another_centers_hands_nothing_travels() {
    let road = Road::open(NOON).await;
    let (operator, case) = sent(&road).await;
    let center = &road.demo.center;
    let stays = center.move_originals(&operator, case, handed(), center.uuid()).await;
    assert!(matches!(stays, Err(SubmitError::Inadmissible(Inadmissible::OriginalsStay))), "{stays:?}");
    let login = "karaganda-corporation.operator-1";
    let (hall, _) =
        center.sign_in_official(login, qyzmet::demo::OFFICIAL_PASSWORD, None).await.expect("signed in");
    let other = center.move_originals(&hall.seat, case, handed(), center.uuid()).await;
    assert_eq!(other, Err(SubmitError::Unknown));
}
