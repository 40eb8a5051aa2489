// SPDX-License-Identifier: MIT OR Apache-2.0
//! Recipients of aid: what was assigned at the counter answers the certificate, to every member of the family and to nobody else.

use super::{SCAN, SOCIAL, texts, with_consent};
use crate::fifteenth::words;
use crate::road::Road;
use engine::Act;
use engine::case::{CaseId, Medium, Proposal, Value};
use regulation::model::{Actor, Channel, FieldId, RegisterId, ServiceId};
use service::center::Intake;
use service::codec::register::Document;
use service::registers::HandEntry;
use service::sheets::SignedSheet;
use std::collections::BTreeMap;

type Fields = BTreeMap<FieldId, Value>;

/// A family of the demonstration: its mother applies.
const MOTHER: (&str, &str, &str) = ("900101499994", "Жүнісова", "Ақбөпе");
const SON: (&str, &str, &str) = ("150506599984", "Тілеуберді", "Ерасыл");
const STRANGER: (&str, &str, &str) = ("680303499904", "Гнатенко", "Оксана");

fn family() -> Value {
    let member = |(iin, surname, given): (&str, &str, &str), (born, kinship): (&str, &str)| {
        [
            ("surname", surname),
            ("given", given),
            ("birth_date", born),
            ("iin", iin),
            ("kinship", kinship),
            ("occupation", "minor"),
            ("income", "0"),
            ("member_consent", "minor"),
        ]
        .map(|(id, text)| (FieldId::from(id), text.to_owned()))
        .into()
    };
    Value::Entries(vec![member(SON, ("2015-05-06", "child"))])
}

/// The clerk takes an application in with its papers; the department takes it to the executor's desk.
async fn taken_in(road: &Road, service: &str, who: (&str, &str, &str), fields: Fields) -> CaseId {
    let region = &road.demo.region;
    let clerk = road.official("abai-social.office").await.seat;
    let service = ServiceId::from(service);
    let intake = Intake {
        service: service.clone(),
        provider: SOCIAL.to_owned(),
        iin: who.0.to_owned(),
        full_name: format!("{} {}", who.1, who.2),
        fields,
        medium: Medium::Paper,
        lang: "kk".to_owned(),
    };
    let case = region.keep_intake(&clerk, None, intake).await.unwrap();
    let open = region.open_intake(&clerk, case).await.unwrap().expect("the intake");
    let papers = region.papers_of_intake(&open);
    let documents = &region.settings.current(&service).unwrap().documents;
    for it in documents.iter().filter(|it| it.required && it.channels.contains(&Channel::Provider)) {
        let scan = region.upload(it.id.clone(), "қағаз.pdf", SCAN.to_vec()).await.unwrap();
        region.add_paper(&papers, scan).await.unwrap();
    }
    assert_eq!(region.intake_problems(&open).await.unwrap(), []);
    region.register_intake(&clerk, case, region.uuid()).await.unwrap();
    let executor = road.official("abai-social.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-social.head", Actor::ProviderHead, case, instruct).await.unwrap();
    case
}

/// The executor grants; the head signs the sheet by hand. Returns the words of the sheet.
async fn granted(road: &Road, case: CaseId, values: Fields) -> String {
    let region = &road.demo.region;
    let grant = Act::Prepared(Proposal::Grant { values });
    road.act("abai-social.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
    let head = road.official("abai-social.head").await;
    region.print_sheet(&head, case, region.uuid()).await.unwrap();
    let (_, sheet) = region.sheet_pdf(&head.seat, case).await.unwrap().expect("the sheet");
    let signed = SignedSheet {
        on: Some("2026-11-23".parse().unwrap()),
        sealed: true,
        countersigned: false,
        scan: SCAN.to_vec(),
    };
    region.sign_sheet(&head, case, signed, region.uuid()).await.unwrap();
    words(&sheet)
}

async fn certificate(road: &Road, who: (&str, &str, &str)) -> String {
    let asked = with_consent(&[("representation", "self")]);
    let case = taken_in(road, "asa-recipient-certificate", who, asked).await;
    road.stands(&road.demo.region, case, "provider-or-rural-akim.action-3").await;
    granted(road, case, Fields::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_family_of_an_assignment_is_a_recipient_and_a_stranger_is_not() {
    let road = Road::open(super::NOON).await;
    let mut asked = with_consent(&[
        ("representation", "self"),
        ("plot", "none"),
        ("own_occupation", "none"),
        ("own_income", "0"),
    ]);
    asked.insert(FieldId::from("family"), family());

    let case = taken_in(&road, "state-targeted-social-assistance", MOTHER, asked).await;
    let region = &road.demo.region;
    let regulation = region.settings.current(&ServiceId::from("state-targeted-social-assistance")).unwrap();
    let figures = region.calculation(regulation, &region.load(case).await.unwrap().case);
    let mut values = texts(&[
        ("aid_kind", "targeted-social-assistance"),
        ("period_from", "2026-11-01"),
        ("period_to", "2027-01-31"),
    ]);
    for it in figures {
        let figure = it.calculated.expect("a figure").to_string();
        values.insert(it.field.clone(), Value::Text(figure));
    }
    granted(&road, case, values).await;
    for recipient in [MOTHER, SON] {
        let said = certificate(&road, recipient).await;
        assert!(said.contains("алушы болып табылады"), "{said}");
        assert!(said.contains("2027 жылғы 31 қаңтар"), "{said}");
    }
    let said = certificate(&road, STRANGER).await;
    assert!(said.contains("тағайындау жоқ") && !said.contains("алушы болып табылады"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_entered_by_hand_as_a_recipient_is_one() {
    let road = Road::open(super::NOON).await;
    let (region, register) = (&road.demo.region, RegisterId::from("aid-recipients"));
    let clerk = road.official("abai-social.office").await.seat;
    let scan = region.upload("ground".into(), "шешім.pdf", SCAN.to_vec()).await.unwrap();
    let record = [("aid_kind", "targeted-social-assistance"), ("from", "2026-11-01"), ("to", "2027-01-31")];
    let entry = HandEntry {
        iin: STRANGER.0.to_owned(),
        full_name: format!("{} {}", STRANGER.1, STRANGER.2),
        record: record.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        document: Document {
            title: "Шешім".to_owned(),
            date: "2026-10-30".to_owned(),
            ..Document::default()
        },
    };
    region.enter_by_hand(&clerk, &register, (entry, &scan), region.uuid()).await.unwrap();
    let said = certificate(&road, STRANGER).await;
    assert!(said.contains("алушы болып табылады") && said.contains("2027 жылғы 31 қаңтар"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grown_member_of_a_family_is_not_called_a_minor() {
    let road = Road::open(super::NOON).await;
    let (region, clerk) = (&road.demo.region, road.official("abai-social.office").await.seat);
    let mut fields = with_consent(&[
        ("representation", "self"),
        ("plot", "none"),
        ("own_occupation", "none"),
        ("own_income", "0"),
    ]);
    fields.insert(FieldId::from("family"), family());
    let mut problems = Vec::new();
    for born in ["2008-11-23", "2008-11-24"] {
        if let Some(Value::Entries(rows)) = fields.get_mut(&FieldId::from("family")) {
            rows[0].insert(FieldId::from("birth_date"), born.to_owned());
        }
        let intake = Intake {
            service: ServiceId::from("state-targeted-social-assistance"),
            provider: SOCIAL.to_owned(),
            iin: MOTHER.0.to_owned(),
            full_name: "Ойдан Шығарылған".to_owned(),
            fields: fields.clone(),
            medium: Medium::Paper,
            lang: "kk".to_owned(),
        };
        let case = region.keep_intake(&clerk, None, intake).await.unwrap();
        let open = region.open_intake(&clerk, case).await.unwrap().expect("the intake");
        let found = region.intake_problems(&open).await.unwrap();
        problems.push(found.iter().any(|it| it.path == "family.0.member_consent"));
    }
    assert_eq!(problems, [true, false], "of age on the birthday itself, a minor on the day before");
}
