// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several one-stop-shops in one role: a hall and mobile centers, each with its own operators, cases and papers.

use crate::browser::Browser;
use crate::originals::filled;
use crate::road::Road;
use axum::http::StatusCode;
use engine::case::CaseId;

const NOON: &str = "2026-11-23T05:00:00Z";
const FORM: [(&str, &str); 12] = [
    ("provider", "abai-education"),
    ("applicant-iin", "580308499930"),
    ("applicant-name", "Ойдан шығарылған адам"),
    ("representation", "self"),
    ("role", "guardian"),
    ("children.0.surname", "Нұрсұлтанұлы"),
    ("children.0.given", "Бекзат"),
    ("children.0.birth_date", "14.09.2012"),
    ("address", "Құрма ауылы, Ойдан шығарылған көше, 7"),
    ("phone", "+77000000000"),
    ("medium", "paper"),
    ("language", "kk"),
];

async fn operator(road: &Road, center: &str) -> Browser {
    let mut browser = Browser::new(road);
    let login = format!("{center}.operator-1");
    assert_eq!(browser.sign_in_official("center", &login).await.to, "/kk/center");
    browser
}

/// Takes an application in and returns the page of its case.
async fn taken_in(browser: &mut Browser) -> String {
    let new = "/kk/center/new/guardianship-certificate";
    let order = browser.get(new).await.hidden("order");
    let form: Vec<(&str, &str)> =
        FORM.into_iter().chain([("consent", "true"), ("order", order.as_str())]).collect();
    let taken = browser.post(new, &form).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    taken.to
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_reads_no_case_of_another_center() {
    let road = Road::open(NOON).await;
    let mut mobile = operator(&road, "karaganda-mobile").await;
    let case = taken_in(&mut mobile).await;
    assert_eq!(mobile.get(&case).await.status, StatusCode::OK);
    let id = case.rsplit('/').next().expect("an id").to_owned();
    mobile.get("/kk/center/journal").await.says(&id);

    let mut hall = operator(&road, "karaganda-corporation").await;
    for what in ["", "/waiting", "/request.xml", "/request.pdf", "/receipt", "/notice"] {
        assert_eq!(hall.get(&format!("{case}{what}")).await.status, StatusCode::NOT_FOUND, "{what}");
    }
    for list in ["/kk/center", "/kk/center/journal"] {
        assert!(!hall.get(list).await.text.contains(&id), "{list}");
    }
    let order = road.demo.center.uuid().to_string();
    for what in ["papers/done", "papers/remove", "not-accepted", "sign", "hand-over"] {
        let form = [("order", order.as_str()), ("part", "center.process-3"), ("reason", "x")];
        let answer = hall.post(&format!("{case}/{what}"), &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}: {}", answer.text);
    }
    let scan =
        hall.upload(&format!("{case}/papers"), "application-form", "скан.pdf", b"%PDF-1.4\n%%EOF").await;
    assert_eq!(scan.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_itself_gives_nothing_of_another_center() {
    let road = Road::open(NOON).await;
    let mut mobile = operator(&road, "karaganda-mobile").await;
    let case = taken_in(&mut mobile).await;
    let id = CaseId(case.rsplit('/').next().expect("an id").parse().expect("an id"));
    let center = &road.demo.center;
    let opened = center.load(id).await.unwrap().case;
    assert_eq!(opened.application.center.as_deref(), Some("karaganda-mobile"));
    let login = "karaganda-corporation.operator-1";
    let (hall, _) =
        center.sign_in_official(login, qyzmet::demo::OFFICIAL_PASSWORD, None).await.expect("signed in");
    assert!(center.read_request(&hall.seat, id).await.is_err());
    assert!(center.sign_request(&hall.seat, id, Vec::new(), center.uuid()).await.is_err());
    let part = opened.current().expect("a part").part.clone();
    assert!(center.fill_papers(&hall.seat, id, part, center.uuid()).await.is_err());
    assert_eq!(center.journal(&hall.seat).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_reads_what_he_signs_as_it_is_signed_and_as_a_pdf_and_that_a_fault_sends_nothing() {
    let road = Road::open(NOON).await;
    let (seat, case) = filled(&road).await;
    let mut mobile = operator(&road, "karaganda-mobile").await;
    let address = format!("/kk/center/cases/{}", case.0);
    let page = mobile.get(&address).await;
    page.says(&format!("href=\"{address}/request.xml\">Қол қойылатын деректер (XML)</a>"));
    page.says(&format!("data-sign-content-href=\"{address}/request.xml\""));
    page.says("Осы сұрату PDF түрінде");
    assert_eq!(page.text.matches("/request.pdf\"").count(), 1);
    page.says("data-text-kept=\"Сұрату жіберілген жоқ. Енгізілген деректер мен құжаттар сақталды.\"");
    let (xml, _) = road.demo.center.read_request(&seat, case).await.unwrap();
    assert_eq!(mobile.get(&format!("{address}/request.xml")).await.bytes, xml);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_center_takes_in_for_the_providers_of_its_territory_and_what_the_act_permits() {
    let road = Road::open(NOON).await;
    let mut zhambyl = operator(&road, "zhambyl-mobile").await;
    let offered = zhambyl.get("/kk/center/new").await.text;
    assert!(offered.contains("/center/new/guardianship-certificate"));
    assert!(!offered.contains("/center/new/child-allowance"));
    assert_eq!(zhambyl.get("/kk/center/new/child-allowance").await.status, StatusCode::NOT_FOUND);
    let form = zhambyl.get("/kk/center/new/guardianship-certificate").await.text;
    assert!(form.contains("zhambyl-education") && !form.contains("abai-education"), "{form}");
    let mut mobile = operator(&road, "karaganda-mobile").await;
    let form = mobile.get("/kk/center/new/guardianship-certificate").await.text;
    assert!(form.contains("abai-education") && !form.contains("osakarov-education"), "{form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_passport_tells_when_the_mobile_center_comes() {
    let road = Road::open(NOON).await;
    let mut anyone = Browser::new(&road);
    let page = anyone.get("/kk/services/guardianship-certificate").await;
    page.says("Құрма ауылы (әкім аппаратының алды): сейсенбі, 10:00–13:00; келесі келуі: 24.11.2026");
    page.says("Благовещенка ауылы");
    let page = anyone.get("/ru/services/child-allowance").await;
    page.says("принимает, когда приезжает в Ваше село");
    assert!(!page.text.contains("Благовещенка"), "act 000 permits its own service only");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mobile_center_took_in_without_a_line_has_a_slip_and_is_registered_later() {
    let road = Road::open(NOON).await;
    let mut mobile = operator(&road, "karaganda-mobile").await;
    let new = "/kk/center/new/guardianship-certificate";
    let order = mobile.get(new).await.hidden("order");
    let form: Vec<(&str, &str)> =
        FORM.into_iter().chain([("consent", "true"), ("order", &order), ("go", "without-line")]).collect();
    let kept = mobile.post(new, &form).await;
    assert_eq!(kept.to, format!("/kk/center/provisional/{order}"), "{}", kept.text);
    let slip = mobile.get(&kept.to).await;
    slip.says("Уақытша талон");
    slip.says("әлі тіркелген жоқ");
    slip.says("Ойдан шығарылған адам");
    mobile.get("/kk/center").await.says("Ойдан шығарылған адам");
    let (seat, _) = road
        .demo
        .center
        .sign_in_official("karaganda-mobile.operator-1", qyzmet::demo::OFFICIAL_PASSWORD, None)
        .await
        .expect("signed in");
    assert_eq!(road.demo.center.journal(&seat.seat).await.unwrap(), [], "no case, no number, no term");

    let mut hall = operator(&road, "karaganda-corporation").await;
    assert_eq!(hall.get(&kept.to).await.status, StatusCode::NOT_FOUND);
    let offered = hall.get(new).await;
    assert!(!offered.text.contains("without-line"), "a hall has a line");
    let order = offered.hidden("order");
    let form: Vec<(&str, &str)> =
        FORM.into_iter().chain([("consent", "true"), ("order", &order), ("go", "without-line")]).collect();
    assert_eq!(hall.post(new, &form).await.status, StatusCode::NOT_FOUND);

    let registered = mobile.post(&kept.to, &[("do", "register")]).await;
    assert!(registered.to.starts_with("/kk/center/cases/"), "{}", registered.text);
    let again = mobile.post(&kept.to, &[("do", "register")]).await;
    assert_eq!(again.to, registered.to, "pressed twice is one case");
    assert_eq!(mobile.get(&kept.to).await.status, StatusCode::NOT_FOUND);
    assert_eq!(road.demo.center.journal(&seat.seat).await.unwrap().len(), 1);
}
