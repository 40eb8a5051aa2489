// SPDX-License-Identifier: MIT OR Apache-2.0
//! The layers and pages around everything.

use std::future::{pending, poll_fn};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONNECTION, COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE,
};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::routing::{get, post};
use jiff::Timestamp;
use tower::ServiceExt;
use web::routes::router_with;
use web::sessions::{self, Account, SessionId, Sessions, SessionsUnavailable};
use web::state::Demo;
use web::{Flash, Lang, Page, PageError, Room, State, Word};

const ID: &str = "0123456789abcdef0123456789abcdef";

/// One session in the region's room.
#[derive(Debug)]
struct OneSession {
    available: bool,
}

#[async_trait]
impl Sessions for OneSession {
    async fn load(&self, room: Room, id: &SessionId) -> Result<Option<Account>, SessionsUnavailable> {
        if !self.available {
            return Err(SessionsUnavailable);
        }
        let account = Account { name: "Үлгі <Ұлы>".to_owned(), seat: None, proved: false };
        Ok((room == Room::Region && id.expose() == ID).then_some(account))
    }
}

fn noon() -> Timestamp {
    "2026-11-21T07:00:00Z".parse().expect("an instant")
}

fn state(available: bool) -> State {
    let simulated = vec![Word::SimGbdFl];
    State::without_services(
        Arc::new(OneSession { available }),
        noon,
        Some((Demo { moved_clock: true }, simulated)),
    )
}

/// The foundation with a few pages such as roles add.
fn app() -> Router {
    let pages = Router::new()
        .route("/region/who", get(|page: Page| async move { page.need_account().map(|it| it.name.clone()) }))
        .route("/save", post(|body: String| async move { body.len().to_string() }))
        .route("/", get(|page: Page| async move { page.href(page.room.home()) }))
        .route("/panic", get(panics));
    router_with(state(true), pages)
}

async fn panics() -> String {
    panic!("a test of what a person sees when we fail: IIN 900101300017")
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

async fn ask(app: Router, request: Request<Body>) -> Answer {
    let response = app.oneshot(request).await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

async fn read(path: &str) -> Answer {
    ask(app(), Request::get(path).body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn the_component_page_is_whole_in_each_language() {
    for lang in Lang::ALL {
        let answer = read(&format!("/{}/_components", lang.code())).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text.contains(&format!("<html lang=\"{}\"", lang.code())));
        assert!(
            answer.text.contains(Word::BDemo.text(lang)) && answer.text.contains(Word::SimGbdFl.text(lang))
        );
        assert!(answer.text.contains("21.11.2026 12:00"), "the demonstration time is shown");
        assert!(answer.text.contains(Word::SignKeyStays.text(lang)));
    }
}

#[tokio::test]
async fn what_a_person_typed_is_escaped() {
    let answer = read("/kk/_components").await;
    assert!(!answer.text.contains("12345<script>"));
    assert!(answer.text.contains("12345&#60;script&#62;"));
}

#[tokio::test]
async fn the_component_page_exists_only_in_the_demonstration() {
    let state = State::without_services(Arc::new(OneSession { available: true }), noon, None);
    let request = Request::get("/kk/_components").body(Body::empty()).expect("a request");
    let answer = ask(web::router(state), request).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.text.contains(Word::BDemo.text(Lang::Kk)));
}

#[tokio::test]
async fn every_answer_has_the_protecting_headers() {
    for path in ["/kk/_components", "/kk/nothing", "/healthz", "/services"] {
        let headers = read(path).await.headers;
        let policy =
            headers.get("content-security-policy").and_then(|it| it.to_str().ok()).unwrap_or_default();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}");
        assert!(
            headers.contains_key("x-request-id") && headers.contains_key("x-content-type-options"),
            "{path}"
        );
    }
}

/// Only the worker that signs by GOST may compile WebAssembly, and it may load nothing from elsewhere.
#[tokio::test]
async fn the_worker_of_gost_has_rules_of_its_own() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/dist");
    let names = std::fs::read_dir(dist).expect("the built frontend");
    let names: Vec<String> =
        names.filter_map(|it| Some(it.ok()?.file_name().to_string_lossy().into_owned())).collect();
    let built = |begin: &str, end: &str| names.iter().find(|it| it.starts_with(begin) && it.ends_with(end));
    let (Some(worker), Some(module)) = (built("gost.worker-", ".js"), built("gost-", ".wasm")) else {
        println!("not run: the module of GOST is not built here (no target wasm32-unknown-unknown)");
        return;
    };
    let header = |answer: &Answer, name: &str| {
        answer.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
    };
    let policy = header(&read(&format!("/assets/{worker}")).await, "content-security-policy");
    assert_eq!(policy, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
    assert_eq!(header(&read(&format!("/assets/{module}")).await, "content-type"), "application/wasm");
}

#[tokio::test]
async fn pages_have_no_inline_script_or_style() {
    let text = read("/kk/_components").await.text;
    assert!(!text.contains(" style=") && !text.contains("<style") && !text.contains(" onclick="));
    assert_eq!(text.matches("<script").count(), text.matches("<script type=\"module\" src=").count());
}

#[tokio::test]
async fn an_address_without_language_leads_to_the_best_language() {
    for (wish, expected) in [
        ("", "/kk/services?q=1"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "/ru/services?q=1"),
        ("en;q=0.5, ru;q=0.7, de", "/ru/services?q=1"),
        ("de, fr", "/kk/services?q=1"),
        ("en-GB", "/en/services?q=1"),
    ] {
        let request = Request::get("/services?q=1")
            .header(ACCEPT_LANGUAGE, wish)
            .body(Body::empty())
            .expect("a request");
        let answer = ask(app(), request).await;
        assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(answer.headers.get(LOCATION).and_then(|it| it.to_str().ok()), Some(expected), "{wish}");
    }
}

#[tokio::test]
async fn a_redirect_never_leads_to_another_host() {
    let answer = read("//example.com/x").await;
    assert_eq!(answer.headers.get(LOCATION).and_then(|it| it.to_str().ok()), Some("/kk/example.com/x"));
}

#[tokio::test]
async fn an_unknown_page_says_so_in_the_language_of_the_address() {
    let answer = read("/ru/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains(Word::ErrTitleNotFound.text(Lang::Ru)));
}

#[tokio::test]
async fn the_first_page_has_one_address() {
    assert_eq!(read("/kk").await.text, "/kk");
    let answer = read("/").await;
    assert_eq!(answer.headers.get(LOCATION).and_then(|it| it.to_str().ok()), Some("/kk"));
    let answer = read("/kk/").await;
    assert_eq!(
        answer.headers.get(LOCATION).and_then(|it| it.to_str().ok()),
        Some("/kk"),
        "{}",
        answer.status
    );
}

#[tokio::test]
async fn our_failure_shows_a_code_and_not_the_cause() {
    let answer = read("/kk/panic").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let id = answer.headers.get("x-request-id").and_then(|it| it.to_str().ok()).expect("a code").to_owned();
    assert!(answer.text.contains(&id) && answer.text.contains(Word::ErrTitleServer.text(Lang::Kk)));
    assert!(!answer.text.contains("900101300017"));
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_in_words() {
    let request = Request::post("/kk/save")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from("a=1"))
        .expect("a request");
    let answer = ask(app(), request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains(Word::ErrTitleCrossSite.text(Lang::Kk)));
    let request = Request::post("/kk/save")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from("a=1"))
        .expect("a request");
    assert_eq!(ask(app(), request).await.text, "3");
}

#[tokio::test]
async fn a_form_longer_than_the_limit_is_refused_in_words() {
    let body = Body::from(vec![b'a'; web::layers::FORM_BYTES_MAX + 1]);
    let answer = ask(app(), Request::post("/en/save").body(body).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains(Word::ErrTitleTooLarge.text(Lang::En)));
}

/// Works for ever on what has come.
async fn keeps(request: Request<Body>) -> String {
    let Ok(held) = to_bytes(request.into_body(), usize::MAX).await else { return String::new() };
    pending::<()>().await;
    held.len().to_string()
}

#[tokio::test]
async fn scans_of_one_address_for_which_there_is_no_room_are_refused_in_words_and_others_are_taken() {
    let app = router_with(state(true), Router::new().route("/keep", post(keeps)));
    let scan = Bytes::from(vec![7; 30 * 1024 * 1024]);
    let from = |last: u8| {
        let mut request = Request::post("/kk/keep").body(Body::from(scan.clone())).expect("a request");
        let address = SocketAddr::from(([192, 0, 2, last], 443));
        request.extensions_mut().insert(ConnectInfo(address));
        request
    };
    let mut kept = Vec::new();
    for last in [1, 1, 2] {
        let mut it = Box::pin(app.clone().oneshot(from(last)));
        assert!(poll_fn(|context| Poll::Ready(it.as_mut().poll(context).is_pending())).await, "{last}");
        kept.push(it);
    }
    let answer = ask(app.clone(), from(1)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains(Word::ErrTitleBusy.text(Lang::Kk)), "{}", answer.text);
    assert_eq!(answer.headers.get(RETRY_AFTER).unwrap(), "60");
    assert_eq!(answer.headers.get(CONNECTION).unwrap(), "close");
    drop(kept);
    let mut again = Box::pin(app.oneshot(from(1)));
    assert!(poll_fn(|context| Poll::Ready(again.as_mut().poll(context).is_pending())).await);
}

#[tokio::test]
async fn files_that_one_address_does_not_read_are_refused_to_it_in_words_and_given_to_others() {
    let file = Bytes::from(vec![7; 30 * 1024 * 1024]);
    let app = router_with(state(true), Router::new().route("/file", get(move || async move { file })));
    let from = |last: u8| {
        let mut request = Request::get("/kk/file").body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([198, 51, 100, last], 443))));
        request
    };
    let mut unread = Vec::new();
    for last in [1, 1, 2] {
        let response = app.clone().oneshot(from(last)).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{last}");
        unread.push(response);
    }
    let answer = ask(app.clone(), from(1)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers.get(RETRY_AFTER).unwrap(), "60");
    assert!(answer.text.contains(Word::ErrTitleBusyReading.text(Lang::Kk)), "{}", answer.text);
    drop(unread);
    assert_eq!(ask(app, from(1)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_room_has_its_own_session() {
    let with = |cookie: String| {
        Request::get("/kk/region/who").header(COOKIE, cookie).body(Body::empty()).expect("a request")
    };
    let answer = ask(app(), with(format!("{}={ID}", Room::Region.cookie()))).await;
    assert_eq!(answer.text, "Үлгі <Ұлы>");
    let answer = ask(app(), with(format!("{}={ID}", Room::Portal.cookie()))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let place = answer.headers.get(LOCATION).and_then(|it| it.to_str().ok());
    assert_eq!(place, Some("/kk/region/sign-in?next=/region/who"));
}

#[tokio::test]
async fn a_silent_session_store_is_said_to_be_unavailable() {
    let pages = Router::new().route("/region/who", get(|_: Page| async { "here" }));
    let request = Request::get("/kk/region/who")
        .header(COOKIE, format!("{}={ID}", Room::Region.cookie()))
        .body(Body::empty())
        .expect("a request");
    let answer = ask(router_with(state(false), pages), request).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers.get(RETRY_AFTER).unwrap(), "60");
    assert!(answer.text.contains(Word::ErrTitleUnavailable.text(Lang::Kk)));
}

#[tokio::test]
async fn session_cookies_are_closed_to_scripts_and_other_sites() {
    let id = SessionId::new(ID).expect("an identifier");
    let cookie = sessions::cookie(Room::Portal, &id).to_string();
    for part in ["__Host-portal=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part}");
    }
    assert!(!format!("{id:?}").contains(ID));
    assert_eq!(SessionId::new("short"), None);
    assert_eq!(SessionId::new("x".repeat(129)), None);
    assert_eq!(SessionId::new("0123456789abcde;f="), None);
}

#[tokio::test]
async fn a_message_is_shown_once() {
    let cookie = Flash::success(Word::SignSentNext).cookie();
    let request =
        Request::get("/kk/_components").header(COOKIE, cookie.stripped().to_string()).body(Body::empty());
    let answer = ask(app(), request.expect("a request")).await;
    assert!(answer.text.contains(&askama_escaped(Word::SignSentNext.text(Lang::Kk))));
    let removal =
        answer.headers.get(SET_COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    assert!(removal.starts_with("__Host-flash=;") && removal.contains("Max-Age=0"), "{removal}");
}

#[tokio::test]
async fn a_message_outlives_what_a_script_fetches() {
    let cookie = Flash::success(Word::SignSentNext).cookie();
    for (dest, is_kept) in [("empty", true), ("document", false)] {
        let request = Request::get("/kk/_components").header(COOKIE, cookie.stripped().to_string());
        let request = request.header("sec-fetch-dest", dest).body(Body::empty());
        let answer = ask(app(), request.expect("a request")).await;
        let mut cookies = answer.headers.get_all(SET_COOKIE).iter();
        let removed = cookies.any(|it| it.as_bytes().starts_with(b"__Host-flash=;"));
        assert_eq!(!removed, is_kept, "{dest}");
    }
}

fn askama_escaped(text: &str) -> String {
    text.replace('\'', "&#39;").replace('"', "&#34;")
}

#[tokio::test]
async fn built_files_are_immutable_and_packed() {
    let request = Request::get(web::assets::APP_CSS)
        .header(ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .expect("a request");
    let answer = ask(app(), request).await;
    let header =
        |name: &str| answer.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(header("content-encoding"), "gzip");
    assert_eq!(header("content-type"), "text/css; charset=utf-8");
    assert!(header("cache-control").contains("immutable"));
    assert_eq!(read("/assets/../Cargo.toml").await.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(read("/assets/nothing.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_autosave_is_answered_with_the_words_to_show() {
    let request =
        Request::builder().method(Method::POST).uri("/kk/_components").header(web::ui::AUTOSAVE_HEADER, "1");
    let answer = ask(app(), request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.text, "Сақталды: 12:00");
}

#[test]
fn errors_for_programs_and_pages_have_the_same_status() {
    assert_eq!(PageError::CrossSite.status(), StatusCode::FORBIDDEN);
    assert_eq!(PageError::SignIn.status(), StatusCode::UNAUTHORIZED);
}
