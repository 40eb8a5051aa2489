// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a telephone is handed: what the server keeps for this browser or this session, in words of ours, and nothing else.

use crate::browser::{Answer, Browser};
use crate::road::{Child, Road, reviewed};
use crate::signing::{prepared_cases, unbase64};
use async_trait::async_trait;
use axum::http::StatusCode;
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use web::phone::{self, Asked, Handed, NotHanded, Telephone};
use web::{Lang, Words};

const NOON: &str = "2026-11-23T05:00:00Z";
const KNOWN: &str = "580308499930";
/// Another citizen of the demonstration.
const OTHER: &str = "711130399969";
const CHILD: Child<'static> = ("Нұрсұлтанұлы", "Бекзат", "2012-09-14");
const HEAD: &str = "abai-education.head";
/// How often one browser or session may ask in a minute.
const ASKED_MAX: usize = 20;
const W: Words = Words::new(Lang::Ru);

/// Remembers what it is asked; nobody signs.
#[derive(Default)]
struct Remembers(Mutex<Vec<Asked>>);

#[async_trait]
impl Telephone for Remembers {
    async fn ask(&self, asked: Asked, _: Timestamp) -> Result<Handed, NotHanded> {
        self.0.lock().unwrap().push(asked);
        Ok(Handed { address: "https://telephone.test/code".to_owned(), reader: "secret".to_owned() })
    }

    async fn answer(&self, _: &str, _: Timestamp) -> phone::Answer {
        phone::Answer::Waits
    }
}

/// A demonstration with such a telephone.
struct World {
    road: Road,
    telephone: Arc<Remembers>,
}

impl World {
    async fn open() -> Self {
        Self { road: Road::open(NOON).await, telephone: Arc::default() }
    }

    fn browser(&self) -> Browser {
        let telephone: Arc<dyn Telephone> = self.telephone.clone();
        Browser::with_telephone(&self.road, telephone)
    }

    async fn of_citizen(&self, iin: &str) -> Browser {
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(iin).await.to, "/kk/cabinet");
        browser
    }

    async fn of_official(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        assert_eq!(browser.sign_in_official("region", login).await.status, StatusCode::SEE_OTHER);
        browser
    }

    /// Returns what was asked last.
    fn asked(&self) -> Option<Asked> {
        self.telephone.0.lock().unwrap().pop()
    }
}

fn attribute(page: &Answer, name: &str) -> String {
    let (_, behind) = page.text.split_once(&format!("{name}=\"")).expect("the attribute");
    behind.split('"').next().expect("its value").replace("&#38;", "&")
}

async fn status(browser: &mut Browser, ask: &str) -> StatusCode {
    browser.post(ask, &[]).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_sign_in_the_telephone_is_told_what_it_is_and_handed_this_browsers_challenge() {
    let world = World::open().await;
    let mut browser = world.browser();
    let page = browser.get("/ru/sign-in/eds").await;
    let ask = attribute(&page, "data-sign-phone-ask");
    // What a form says is not read.
    let form = [("bytes-x", "AAAA"), ("title-x", "Справка"), ("iin", KNOWN), ("bin", "990140000012")];
    let told = browser.post(&ask, &form).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    let told: serde_json::Value = serde_json::from_str(&told.text).unwrap();
    assert_eq!(told["address"], "https://telephone.test/code");
    assert_eq!(told["answer"], "/ru/phone/secret/answer");
    assert!(told["picture"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));

    let asked = world.asked().expect("it was asked");
    assert_eq!((asked.does.as_str(), asked.site.as_str()), (W.phone_does_sign_in(), "http://127.0.0.1:8080"));
    assert_eq!((told["number"].as_str(), asked.number.len()), (Some(asked.number.as_str()), 4));
    assert_eq!((asked.sheets.len(), asked.iin.clone(), asked.bin.clone()), (1, None, None));
    assert_eq!(asked.sheets[0].title, W.sign_in_eds_item());
    assert_eq!(asked.sheets[0].bytes, unbase64(&attribute(&page, "data-sign-content-bytes")));
    let now = world.road.demo.portal.now();
    assert!(asked.at <= now && now.duration_since(asked.at).as_secs() < 60, "{}", asked.at);
    assert_eq!(asked.lang, Lang::Ru);

    let mut stranger = world.browser();
    assert_eq!(status(&mut stranger, &ask).await, StatusCode::NOT_FOUND, "no cookie");
    stranger.get("/ru/sign-in/eds").await;
    assert_eq!(status(&mut stranger, &ask).await, StatusCode::NOT_FOUND, "another browser's");
    assert_eq!(status(&mut browser, "/ru/phone").await, StatusCode::NOT_FOUND, "there is no door for all");
    assert_eq!(world.asked(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_to_enter_a_workplace_is_handed_over_too() {
    let world = World::open().await;
    let mut browser = world.browser();
    let page = browser.get(&format!("/ru/region/sign-in/eds?login={HEAD}")).await;
    let ask = attribute(&page, "data-sign-phone-ask");
    assert!(ask.starts_with("/ru/region/sign-in/eds/phone?challenge="), "{ask}");
    assert_eq!(status(&mut browser, &ask).await, StatusCode::OK);
    assert_eq!(world.asked().expect("it was asked").does, W.phone_does_sign_in());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_handed_over_for_the_account_that_was_given_it() {
    let world = World::open().await;
    let mut browser = world.of_citizen(KNOWN).await;
    let ask = attribute(&browser.get("/ru/prove").await, "data-sign-phone-ask");
    assert_eq!(status(&mut browser, &ask).await, StatusCode::OK);
    let asked = world.asked().expect("it was asked");
    assert_eq!((asked.does.as_str(), asked.iin.as_deref()), (W.phone_does_prove(), Some(KNOWN)));
    let mut other = world.of_citizen(OTHER).await;
    assert_eq!(status(&mut other, &ask).await, StatusCode::NOT_FOUND);
    assert_eq!(world.asked(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_draft_is_handed_over_to_its_owner_while_it_is_what_he_was_shown() {
    let world = World::open().await;
    let (citizen, _) = world.road.citizen(KNOWN).await;
    let (draft, content) = reviewed(&world.road.demo.portal, &citizen, &[CHILD]).await;
    let path = format!("/ru/apply/{}", draft.id);
    let mut browser = world.of_citizen(KNOWN).await;
    let ask = attribute(&browser.get(&format!("{path}/review")).await, "data-sign-phone-ask");
    assert_eq!(status(&mut browser, &ask).await, StatusCode::OK);
    let asked = world.asked().expect("it was asked");
    assert_eq!((asked.does.as_str(), asked.iin.as_deref()), (W.phone_does_apply(), Some(KNOWN)));
    assert_eq!((asked.sheets.len(), &asked.sheets[0].bytes), (1, &content));

    let older = format!("{path}/phone?sha256={}", "0".repeat(64));
    for ask in [older, format!("{path}/phone")] {
        assert_eq!(status(&mut browser, &ask).await, StatusCode::CONFLICT, "{ask}");
    }
    let mut other = world.of_citizen(OTHER).await;
    assert_eq!(status(&mut other, &ask).await, StatusCode::NOT_FOUND);
    assert_eq!(status(&mut world.browser(), &ask).await, StatusCode::SEE_OTHER, "nobody is signed in");
    assert_eq!(world.asked(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_result_is_handed_over_to_who_has_prepared_it() {
    let world = World::open().await;
    let region = &world.road.demo.region;
    let case = prepared_cases(&world.road, 1).await[0];
    let head = world.road.official(HEAD).await;
    region.prepare_result(&head, case, region.uuid()).await.unwrap();
    let mut browser = world.of_official(HEAD).await;
    let page = browser.get(&format!("/ru/region/cases/{}/sign", case.0)).await;
    let ask = attribute(&page, "data-sign-phone-ask");
    let several = browser.get(&format!("/ru/region/several/sign?case={}", case.0)).await;
    assert_eq!(attribute(&several, "data-sign-phone-ask"), ask);
    assert_eq!(status(&mut browser, &ask).await, StatusCode::OK);
    let asked = world.asked().expect("it was asked");
    let range = region.prepared_range(&head, case).await.unwrap().expect("prepared");
    assert_eq!((asked.does.as_str(), &asked.sheets[0].bytes), (W.phone_does_results(), &range));
    assert_eq!((asked.iin.as_deref(), asked.bin.is_some()), (Some(head.seat.iin.as_str()), true));

    let older = format!("/ru/region/several/phone?{}={}", case.0, "0".repeat(64));
    assert_eq!(status(&mut browser, &older).await, StatusCode::CONFLICT);
    assert_eq!(status(&mut browser, "/ru/region/several/phone").await, StatusCode::BAD_REQUEST);
    let mut executor = world.of_official("abai-education.executor-1").await;
    assert_eq!(status(&mut executor, &ask).await, StatusCode::CONFLICT);
    assert_eq!(world.asked(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_telephones_too_often_still_signs_in() {
    let world = World::open().await;
    let mut browser = world.browser();
    let ask = attribute(&browser.get("/ru/sign-in/eds").await, "data-sign-phone-ask");
    for _ in 0..ASKED_MAX {
        assert_eq!(status(&mut browser, &ask).await, StatusCode::OK);
    }
    assert_eq!(status(&mut browser, &ask).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.get("/ru/sign-in/eds").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_what_was_not_given_to_him_uses_up_nobodys_trials() {
    let world = World::open().await;
    let mut browser = world.browser();
    let ask = attribute(&browser.get("/ru/sign-in/eds").await, "data-sign-phone-ask");
    let mut stranger = browser.another();
    stranger.get("/ru/sign-in/eds").await;
    for _ in 0..=ASKED_MAX {
        assert_eq!(status(&mut stranger, &ask).await, StatusCode::NOT_FOUND);
    }
    let own = attribute(&stranger.get("/ru/sign-in/eds").await, "data-sign-phone-ask");
    for _ in 0..ASKED_MAX {
        assert_eq!(status(&mut stranger, &own).await, StatusCode::OK);
    }
    assert_eq!(status(&mut stranger, &own).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status(&mut browser, &ask).await, StatusCode::OK, "another browser at the same address");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_telephone_there_is_no_way_to_one() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    let page = browser.get("/ru/sign-in/eds").await;
    assert!(!page.text.contains("data-sign-phone-ask"));
    let ask = format!("/ru/sign-in/eds/phone?challenge={}", page.hidden("challenge"));
    assert_eq!(status(&mut browser, &ask).await, StatusCode::NOT_FOUND);
}
