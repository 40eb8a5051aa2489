// SPDX-License-Identifier: MIT OR Apache-2.0
//! The citizen's pages over a whole demonstration, without script; only the signature is made by a key of ours.

mod again;
mod at_once;
mod prefill;
mod refused;
mod tabs;

use crate::browser::{Answer, Browser};
use crate::road::{Road, hex};
use crate::signing::unbase64;
use axum::http::StatusCode;
use jiff::SignedDuration;

const NOON: &str = "2026-11-23T05:00:00Z";
/// An invented citizen whose guardianship the register knows; his key is `p01`.
const CITIZEN: &str = "580308499930";
const FORM: [(&str, &str); 8] = [
    ("role", "guardian"),
    ("children.0.surname", "Нұрсұлтанұлы"),
    ("children.0.given", "Бекзат"),
    ("children.0.birth_date", "14.09.2012"),
    ("address", "Абай қаласы, <Ойдан> шығарылған көше, 7"),
    ("phone", "+77000000000"),
    ("consent", "true"),
    ("medium", "electronic"),
];

fn form_and<'a>(more: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    FORM.into_iter().chain([more]).collect()
}

/// Begins a draft and returns its path.
async fn begun(browser: &mut Browser) -> String {
    let begin = "/kk/services/guardianship-certificate/apply";
    let answer = browser.post(begin, &[("provider", "abai-education")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.to.split('?').next().unwrap_or_default().to_owned()
}

/// What the form of a review sends: the order, the hash of what was shown, the signature.
type Signed = [(&'static str, String); 3];

/// Reviews a draft and returns the form that sends it.
async fn signed(road: &Road, browser: &mut Browser, draft: &str, key: &str) -> Signed {
    let review = browser.get(&format!("{draft}/review")).await;
    assert_eq!(review.status, StatusCode::OK, "{} {}", review.to, review.text);
    let (order, shown) = (review.hidden("order"), review.hidden("sha256"));
    let xml = browser.get(&format!("{draft}/application.xml")).await;
    assert_eq!(xml.status, StatusCode::OK);
    let sha256 = eds::sha256(&xml.bytes);
    assert_eq!(hex(&shown), sha256, "the page names what it shows");
    review.says(&format!("data-sha256=\"{shown}\""));
    [("order", order), ("sha256", shown), ("cms-application", base64(&road.sign(key, sha256)))]
}

/// Sends the form of a review.
async fn send(browser: &mut Browser, draft: &str, signed: &Signed) -> Answer {
    let form = signed.each_ref().map(|(name, value)| (*name, value.as_str()));
    browser.post(&format!("{draft}/send"), &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_walks_by_pages_from_the_form_to_the_certificate_and_its_public_check() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    assert_eq!(browser.sign_in(CITIZEN).await.to, "/kk/cabinet");
    let draft = begun(&mut browser).await;
    let saved = browser.post(&draft, &form_and(("do", "next"))).await;
    assert_eq!(saved.to, format!("{draft}/files"), "{}", saved.text);
    browser.get(&draft).await.says("&#60;Ойдан&#62;");
    let form = signed(&road, &mut browser, &draft, "p01").await;
    let sent = send(&mut browser, &draft, &form).await;
    assert!(sent.to.starts_with("/kk/cases/"), "{}", sent.text);
    let again = send(&mut browser, &draft, &form).await;
    assert_eq!(again.to, sent.to, "a double click is one application");
    browser.get(&sent.to).await.says("353200000-2026-P");
    let history = browser.get("/kk/cabinet/history").await;
    assert_eq!(history.text.matches("353200000-2026-P").count(), 1);

    let case = sent.to.trim_end_matches("/sent");
    assert_eq!(browser.get(&format!("{draft}/review")).await.to, case, "the back button");
    let id = case.trim_start_matches("/kk/cases/").parse().expect("a case");
    road.ended(&road.demo.portal, engine::case::CaseId(id)).await;
    let page = browser.get(case).await;
    page.says("Нәтиже нөмірі");
    page.says("data-waiting=\"false\"");
    let pdf = browser.get(&format!("{case}/files/result.pdf")).await;
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    let (_, check) = page.text.split_once("/kk/verify/").expect("the public check");
    let key: String = check.chars().take(32).collect();
    let mut anyone = Browser::new(&road);
    let checked = anyone.get(&format!("/kk/verify/{key}")).await;
    checked.says("Осындай құжат шынымен берілген");
    checked.says("Автоматты түрде, ұйымның ЭЦҚ-сымен");
    assert!(!checked.text.contains("Қол қойған"), "no person signed it");
    assert_eq!(anyone.get(&format!("/verify/{key}")).await.to, format!("/kk/verify/{key}"));
    assert_eq!(anyone.get(case).await.status, StatusCode::SEE_OTHER, "a case is the applicant's alone");
    let mut other = Browser::new(&road);
    other.sign_in("680303499904").await;
    assert_eq!(other.get(case).await.status, StatusCode::NOT_FOUND);
}

/// Signs the trial on this page with a key.
async fn tried(road: &Road, browser: &mut Browser, page: &str, key: &str) -> Answer {
    let page = browser.get(page).await;
    let (_, behind) = page.text.split_once("data-sign-content-bytes=\"").expect("a challenge");
    let bytes = unbase64(behind.split('"').next().expect("its bytes"));
    let cms = base64(&road.sign(key, eds::sha256(&bytes)));
    let (challenge, provider) = (page.hidden("challenge"), page.hidden("provider"));
    let form = [("challenge", &*challenge), ("provider", &*provider), ("cms-trial", &*cms)];
    browser.post("/kk/services/guardianship-certificate/ready", &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_form_the_key_is_tried_and_who_cannot_sign_is_told_where_else_to_go() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let begin = "/kk/services/guardianship-certificate/apply";
    let page = browser.get(begin).await;
    let (_, told) = page.text.split_once("<noscript>").expect("words for who has no script");
    let (told, _) = told.split_once("</noscript>").expect("their end");
    assert!(told.contains("JavaScript") && told.contains("Мемлекеттік корпорация"), "{told}");
    let form = [("provider", "abai-education"), ("check", "key")];
    let trial = browser.post(begin, &form).await.to;
    assert_eq!(trial, "/kk/services/guardianship-certificate/ready?provider=abai-education");

    let refused = tried(&road, &mut browser, &trial, "p02").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Бұл кілтпен өтінішке қол қоя алмайсыз.", "Мемлекеттік корпорация", "Тексермей жалғастыру"]
    {
        refused.says(words);
    }
    let form = [("challenge", "00000000-0000-7000-8000-000000000000"), ("cms-trial", "AA==")];
    let stale = browser.post("/kk/services/guardianship-certificate/ready", &form).await;
    stale.says("Растау сұратуының мерзімі өтті");
    assert!(!stale.text.contains("қол қоя алмайсыз"), "of a key that was not judged nothing is said");
    let good = tried(&road, &mut browser, &trial, "p01").await;
    assert!(good.to.starts_with("/kk/apply/"), "{}", good.text);
    browser.get(&good.to).await.says("Кілтіңіз жарайды");
    let page = browser.get(begin).await;
    page.says("Кілтіңіз жарайды");
    assert!(!page.text.contains("name=\"check\""), "whoever has just signed is not asked to try");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_person_sends_nothing_and_the_draft_is_signed_again() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let form = signed(&road, &mut browser, &draft, "other-iin").await;
    let sent = send(&mut browser, &draft, &form).await;
    let page = browser.get(&sent.to).await;
    page.says("Өтініш жіберілген жоқ");
    page.says("iin-mismatch");
    page.says("Тіркеу куәлігіндегі ЖСН өтініш берушінің ЖСН-іне сәйкес келмейді.");
    page.says("Басқа кілтпен қайта қол қою");
    let again = send(&mut browser, &draft, &form).await;
    assert_eq!(again.to, sent.to, "the same order has the same answer");
    let form = signed(&road, &mut browser, &draft, "p01").await;
    let sent = send(&mut browser, &draft, &form).await;
    browser.get(&sent.to).await.says("353200000-2026-P");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_names_each_mistake_and_a_file_that_is_not_what_it_says_is_not_taken() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    let wrong = [
        ("phone", "12"),
        ("children.0.surname", "Үлгі"),
        ("children.0.birth_date", "31.02.2012"),
        ("do", "next"),
    ];
    let answer = browser.post(&draft, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["role", "children.0.given", "children.0.birth_date", "address", "phone", "consent"] {
        answer.says(&format!("href=\"#f-{field}\""));
        answer.says(&format!("id=\"f-{field}\""));
    }
    answer.says("31.02.2012");
    let added = browser.post(&draft, &form_and(("add", "children"))).await;
    assert!(added.to.starts_with(&draft), "{}", added.text);
    browser.get(&draft).await.says("children.1.surname");
    assert_eq!(browser.get(&format!("{draft}/review")).await.to, format!("{draft}?check=1"));

    let files = format!("{draft}/files");
    let exe = browser.upload(&files, "birth-certificate", "туу.pdf", b"MZ\x90\x00").await;
    assert_eq!(exe.status, StatusCode::UNPROCESSABLE_ENTITY);
    exe.says("Файлдың мазмұны оның түріне сәйкес келмейді.");
    let large = browser.upload(&files, "birth-certificate", "large.pdf", &vec![b' '; 30 * 1024 * 1024]).await;
    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY);
    large.says("осы файл: 30\u{a0}МБ");
    let taken = browser.upload(&files, "birth-certificate", "<b>.pdf", b"%PDF-1.7\n").await;
    assert_eq!(taken.to, files, "{}", taken.text);
    browser.get(&files).await.says("&#60;b&#62;.pdf");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_comes_after_its_session_has_ended_is_there_after_sign_in() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    road.demo.clock.advance(SignedDuration::from_hours(2));
    let late = browser.post(&draft, &form_and(("do", "next"))).await;
    assert_eq!(late.to, format!("/kk/sign-in?over=1&next={}", draft.trim_start_matches("/kk")));
    browser.get(&late.to).await.says("24 сағат сақталады");
    let back = browser.sign_in(CITIZEN).await;
    assert_eq!(back.to, draft);
    let page = browser.get(&draft).await;
    page.says("Нұрсұлтанұлы");
    page.says("14.09.2012");
    page.says("қалпына келтірілді");
    let mut other = Browser::new(&road);
    assert_eq!(other.sign_in("680303499904").await.to, "/kk/cabinet", "nobody else is led there");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_tells_the_attempts_left_in_the_words_of_the_act_and_then_waits() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    let form = [("iin", CITIZEN), ("password", "wrong password"), ("next", "//evil.example")];
    let first = browser.post("/kk/sign-in", &form).await;
    assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
    first.says("Қалған әрекет саны: 4.");
    first.says("9.4");
    let on_the_way = [form[0], form[1], ("next", "/kk/apply/guardianship-certificate")];
    browser.post("/kk/sign-in", &on_the_way).await.says("11.4");
    assert!(!first.text.contains("evil.example") && !first.text.contains("wrong password"));
    for _ in 0..3 {
        browser.post("/kk/sign-in", &form).await;
    }
    browser.sign_in(CITIZEN).await.says("Кіру уақытша бұғатталды");
}

#[tokio::test(flavor = "multi_thread")]
async fn registration_explains_the_iin_and_proof_by_eds_makes_the_account_the_persons() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    let wrong =
        [("iin", "580308499931"), ("password", "ұзын құпиясөз"), ("repeat", "басқа"), ("consent", "yes")];
    let answer = browser.post("/kk/register", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says("соңғы цифры");
    answer.says("Екі құпиясөз бірдей емес.");
    let (iin, password) = ("850714400103", "ұзын құпиясөз тіркесі");
    assert!(engine::iin::is_well_formed(iin), "the fixture");
    let form = [("iin", iin), ("password", password), ("repeat", password), ("consent", "yes")];
    assert_eq!(browser.post("/kk/register", &form).await.to, "/kk/prove");
    let page = browser.get("/kk/prove").await;
    let challenge = page.hidden("challenge");
    let cms = base64(&road.sign("p01", [7; 32]));
    let answer = browser.post("/kk/prove", &[("challenge", &challenge), ("cms-proof", &cms)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says("Қолдау қызметіне айтылатын код");
    let stale = browser.post("/kk/prove", &[("challenge", &challenge), ("cms-proof", &cms)]).await;
    stale.says("Растау сұратуының мерзімі өтті");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_tell_the_service_and_check_numbers_slowly() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    for lang in ["kk", "ru", "en"] {
        for path in
            ["", "/services", "/services/guardianship-certificate", "/register", "/sign-in", "/verify"]
        {
            let answer = browser.get(&format!("/{lang}{path}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{lang}{path}");
        }
    }
    let passport = browser.get("/kk/services/guardianship-certificate").await;
    passport.says("5 минут");
    passport.says("3 жұмыс күні");
    passport.says("Регламентті бекіткен акт көрсетілмеген.");
    passport.says("ұсынылған әдепкі мән");
    browser.get("/kk/services?q=ештеңе").await.says("Ештеңе табылмады");
    browser.get("/kk/verify?number=1").await.says("Мұндай құжат табылмады");
    for _ in 0..20 {
        browser.get("/kk/verify?number=2").await;
    }
    assert_eq!(browser.get("/kk/verify?number=3").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.get("/readyz").await.text, "ready");
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, it| word << 8 | u32::from(*it)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}
