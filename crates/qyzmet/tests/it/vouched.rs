// SPDX-License-Identifier: MIT OR Apache-2.0
//! What administrators and officials see of applications from portals that know the published form only.

use crate::browser::Browser;
use crate::journal::{CHILD, IIN, NOON};
use crate::road::{Road, fields};
use axum::http::StatusCode;
use engine::case::{Application, Case, CaseId, FileHash, Medium, PersonId, Proposal};
use engine::command::OrderId;
use engine::{Act, Before, Command, Party};
use jiff::Timestamp;
use regulation::model::{Actor, Channel, DocumentId, End, FieldId, GroundId, ServiceId};
use service::board::{Acts, Board as _, BoardError, Ending, Order, What};
use service::ports::Judged;
use service::ports::border::{Arrival, Receive as _};
use service::ports::foreign::{Foreign, ForeignPerson, NotTaken};
use service::ports::store::RowChange;
use service::workplace::Vouched;
use service::{Along, rows, tables};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const PROVIDER: &str = "abai-education";
/// The portal of others as a sender.
const PORTAL: &str = "pep";
/// A service that stands in no table of a demonstration.
const CODE: &str = "RR_X99.01";
/// When the portal says that it sent the application: before it came.
const SENT: &str = "2026-11-23T04:40:00Z";
const SCAN: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

fn foreign() -> Foreign {
    Foreign {
        message: "message-1".to_owned(),
        chain: "chain-1".to_owned(),
        request: "2000001".to_owned(),
        client_key: Some(CODE.to_owned()),
        service_type: None,
        provider_bin: None,
        provider_kato: None,
        applicant: ForeignPerson { iin: IIN.to_owned(), ..ForeignPerson::default() },
        representative: None,
        fields: Vec::new(),
        sent_at: noon(),
        form: b"<form/>".to_vec(),
    }
}

fn arrival() -> Arrival {
    Arrival {
        sender: PORTAL.to_owned(),
        addressees: BTreeSet::new(),
        message: b"<signed/>".to_vec(),
        judged: Judged { at: noon(), evidence: b"{}".to_vec() },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_was_not_taken_stands_on_the_board_until_somebody_has_looked() {
    let road = Road::open(NOON).await;
    let (region, board) = (&road.demo.region, road.demo.region.board());
    for _ in 0..2 {
        let refused = region.applied(foreign(), arrival()).await;
        assert!(matches!(refused, Err(NotTaken::Unknown(_))), "{refused:?}");
    }
    let items = board.items().await.unwrap();
    let [item] = items.as_slice() else { panic!("{items:?}") };
    let (number, message) = ("2000001".to_owned(), "message-1".to_owned());
    let what = What::NotTaken { number, message, from: PORTAL.to_owned() };
    assert_eq!((&item.what, item.reason.code(), item.attempts), (&what, "not-in-tables", 2));
    assert_eq!((&item.acts, item.ending), (&Acts::Administrator, Some(Ending::Noted)));
    assert!(item.words.contains(CODE) && !item.words.contains(IIN), "{}", item.words);

    let mut admin = Browser::new(&road);
    admin.sign_in_official("admin", "administrator").await;
    for (lang, title, why) in [
        ("kk", "Порталдан келген өтініш", "онда осы жүйенің кестелерінде жоқ код немесе ұйым көрсетілген"),
        ("ru", "Заявление с портала", "назван код или организация, которых нет в таблицах этой системы"),
        ("en", "Application from a portal", "a code or a body that stands in none of the tables"),
    ] {
        let shown = admin.get(&format!("/{lang}/admin?show=aside")).await;
        for text in [title, why, "2000001", "message-1", PORTAL, CODE] {
            shown.says(text);
        }
    }
    let order = |why| Order { by: "administrator", why };
    assert_eq!(board.retry(item.id, order("")).await, Err(BoardError::NothingToTry));
    assert_eq!(board.give_up(item.id, order(" ")).await, Err(BoardError::NoReason));
    board.give_up(item.id, order("the service is not provided here")).await.unwrap();
    assert_eq!(board.items().await.unwrap(), []);
    // That somebody has looked does not make it taken: sent again, it is told again.
    region.applied(foreign(), arrival()).await.unwrap_err();
    let again = board.items().await.unwrap();
    assert_eq!(again.iter().map(|it| (it.id, it.attempts)).collect::<Vec<_>>(), [(item.id, 3)]);
}

/// Keeps what a case comes in.
async fn content(road: &Road) -> FileHash {
    let document = DocumentId::from("guardianship-act");
    road.demo.region.upload(document, "x.pdf", SCAN.to_vec()).await.unwrap().file
}

/// A case at the region that a portal of others sent; what it came in lies under this hash.
async fn case(road: &Road, content: FileHash) -> Case {
    let region = &road.demo.region;
    let sent = SENT.parse().unwrap();
    let service = ServiceId::from("guardianship-certificate");
    let regulation = region.settings.current_for(&service, PROVIDER).unwrap();
    let application = Application {
        applicant: PersonId("p-of-others".to_owned()),
        iin: IIN.to_owned(),
        full_name: "Байғоныс Үлгі".to_owned(),
        fields: fields(&CHILD),
        attachments: Vec::new(),
        medium: Medium::Electronic,
        lang: "kk".to_owned(),
        provider: PROVIDER.to_owned(),
        akim: None,
        center: None,
        content: Some(content),
        signature: None,
    };
    let command = Command::Open {
        edition: regulation.edition.clone(),
        regulation_sha256: regulation.sha256.clone(),
        procedure: regulation.intake(Channel::Portal).unwrap().id.clone(),
        service,
        channel: Channel::Portal,
        application: Box::new(application),
        before: Before::Sent { at: sent },
        facts: BTreeMap::new(),
        number: Some("2000001".to_owned()),
        accepted_at: Some(sent),
    };
    let case = CaseId(Uuid::from_u128(31));
    let opener = serde_json::json!({"sender": PORTAL, "foreign": {
        "message": "message-1", "chain": "chain-1", "request": "2000001",
        "client_key": CODE, "service_code": CODE, "result": "result_file", "interim": true, "said": "00",
        "presupposed": ["consent"],
    }});
    let row = rows::row(tables::OPENERS, case.0.to_string(), None, String::new(), &opener);
    let order = engine::Order { id: OrderId(Uuid::from_u128(32)), case, by: Party::System, command };
    region.submit_with(&[order], Along::from(vec![RowChange::Put(row)])).await.unwrap();
    road.stands(region, case, "provider.action-1").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_case_without_the_applicants_signature_says_who_vouches_for_it() {
    let road = Road::open(NOON).await;
    let region = &road.demo.region;
    let content = content(&road).await;
    let case = case(&road, content.clone()).await;
    let vouched = Vouched {
        portal: PORTAL.to_owned(),
        message: "message-1".to_owned(),
        number: "2000001".to_owned(),
        presupposed: vec![FieldId::from("consent")],
    };
    assert_eq!(region.vouched_for(&case).await, Ok(Some(vouched)));

    let mut office = Browser::new(&road);
    office.sign_in_official("region", "abai-education.office").await;
    let arrived = web::format::date_time(case.opened_at);
    for (lang, told, form, [sent, received, presupposed]) in [
        (
            "kk",
            "қолтаңбасы өтінішпен бірге келген жоқ",
            "Портал қол қойған өтініш",
            [
                "Жіберілген уақыты (порталдың айтуынша)",
                "Осы жүйеге келген уақыты",
                "Порталдың нысанында бұл жоқ",
            ],
        ),
        (
            "ru",
            "Подпись заявителя вместе с заявлением не пришла",
            "подписанное порталом",
            ["Отправлено (по данным портала)", "Поступило в эту систему", "В форме портала этого нет"],
        ),
        (
            "en",
            "signature did not come along",
            "Application signed by the portal",
            [
                "Sent (as the portal says)",
                "Received by this system",
                "Not in the portal’s form; presupposed by it",
            ],
        ),
    ] {
        let page = office.get(&format!("/{lang}/region/cases/{}", case.id.0)).await;
        assert_eq!(page.status, StatusCode::OK);
        for text in [told, form, PORTAL, "message-1", "2000001", "Айсұлтан"] {
            page.says(text);
        }
        for text in [sent, "23.11.2026 09:40", received, &arrived] {
            page.says(text);
        }
        assert_eq!(page.text.matches(presupposed).count(), 1, "the consent, and no other answer");
        assert!(!page.text.contains("(CMS)"), "there is no signature to be opened");
    }
    // It is opened as it came.
    let sent = office.get(&format!("/kk/region/cases/{}/files/{}", case.id.0, content.0)).await;
    assert_eq!((sent.status, sent.bytes.as_slice()), (StatusCode::OK, SCAN));
}

/// Leads a case to its refusal.
async fn refuse(road: &Road, case: CaseId) {
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    let (ground, reason) = (GroundId::from("document-defects"), "Куәлік оқылмайды".to_owned());
    let refuse = Act::Prepared(Proposal::Refuse { ground, reason });
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, refuse).await.unwrap();
    road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    let ended = road.ended(&road.demo.region, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_portals_steps_only_what_follows_from_the_sending_is_told() {
    let road = Road::open(NOON).await;
    let case = case(&road, content(&road).await).await.id;
    let mut office = Browser::new(&road);
    office.sign_in_official("region", "abai-education.office").await;
    for (lang, told, note, untold) in [
        (
            "kk",
            "Порталдың өтініш жіберілгенге дейінгі қадамдары",
            "Олардың орындалғаны өтініштің жіберілгенінен көрінеді. Мұнда олар тексерілмейді.",
            ["Порталға кіру", "Сұратуға ЭЦҚ-мен қол қою", "ЭЦҚ тіркеу куәлігін тексеру", "Шарт орындалды"],
        ),
        (
            "ru",
            "Шаги портала до отправки заявления",
            "То, что они выполнены, следует из самой отправки. Здесь они не проверяются.",
            [
                "Вход на портал",
                "Подписание запроса ЭЦП",
                "Проверка регистрационного свидетельства ЭЦП",
                "Условие выполнено",
            ],
        ),
        (
            "en",
            "Steps of the portal before the application was sent",
            "That they were done follows from the sending. They are not checked here.",
            [
                "Signing in to the portal",
                "Signing the request with the EDS",
                "Check of the EDS registration certificate",
                "The condition holds",
            ],
        ),
    ] {
        let page = office.get(&format!("/{lang}/region/cases/{}", case.0)).await;
        page.says(note);
        assert_eq!(page.text.matches(told).count(), 1, "one line in place of all");
        for text in untold {
            assert!(!page.text.contains(text), "`{text}` is nothing that was told");
        }
    }
    refuse(&road, case).await;
    for (lang, told, note) in [
        (
            "kk",
            "Жауап порталға жіберуге берілді",
            "Портал онымен не істегені мұнда белгісіз. \
             Порталдың қадамы: Қызмет көрсетуден бас тарту туралы хабарлама",
        ),
        (
            "ru",
            "Ответ передан для отправки порталу",
            "Что портал с ним сделал, здесь неизвестно. Шаг портала: Сообщение об отказе в оказании услуги",
        ),
        (
            "en",
            "Answer handed over for sending to the portal",
            "What the portal did with it is not known here. Step of the portal: Notice that the service is refused",
        ),
    ] {
        let page = office.get(&format!("/{lang}/region/cases/{}", case.0)).await;
        page.says(note);
        assert_eq!(page.text.matches(told).count(), 2, "beside the end and among the steps");
    }
}
