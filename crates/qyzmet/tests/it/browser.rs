// SPDX-License-Identifier: MIT OR Apache-2.0
//! A browser without script: it holds cookies and sends forms to the pages of a demonstration.

use crate::road::Road;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use qyzmet::demo::{CITIZEN_PASSWORD, OFFICIAL_PASSWORD};
use service::ports::Clock as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;
use web::State;
use web::phone::Telephone;

/// Separates the parts of a form with a file.
const BOUNDARY: &str = "x-boundary-x";

#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    cookies: BTreeMap<String, String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where it leads, for a redirect.
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(road: &Road) -> Self {
        let demo = &road.demo;
        let services = demo.services();
        let clock = Arc::clone(&demo.clock);
        Self { app: web::app(State::new(services, move || clock.now())), cookies: BTreeMap::new() }
    }

    /// Returns a browser of a program with this telephone behind the port of signing.
    pub(crate) fn with_telephone(road: &Road, telephone: Arc<dyn Telephone>) -> Self {
        let demo = &road.demo;
        let clock = Arc::clone(&demo.clock);
        let state = State::new(demo.services(), move || clock.now()).with_telephone(telephone);
        Self { app: web::app(state), cookies: BTreeMap::new() }
    }

    /// Returns another browser of the same program.
    pub(crate) fn another(&self) -> Self {
        Self { app: self.app.clone(), cookies: BTreeMap::new() }
    }

    /// Signs a citizen of the demonstration in by the page.
    pub(crate) async fn sign_in(&mut self, iin: &str) -> Answer {
        let form = [("iin", iin), ("password", CITIZEN_PASSWORD), ("next", "/cabinet")];
        self.post("/kk/sign-in", &form).await
    }

    /// Signs an official of the demonstration in by the page of his room.
    pub(crate) async fn sign_in_official(&mut self, room: &str, login: &str) -> Answer {
        self.post(&format!("/kk/{room}/sign-in"), &[("login", login), ("password", OFFICIAL_PASSWORD)]).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .expect("a request");
        self.ask(request).await
    }

    /// Sends a file for a document.
    pub(crate) async fn upload(&mut self, path: &str, document: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\n{document}\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"file.{document}\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(path)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::from(body))
            .expect("a request");
        self.ask(request).await
    }

    async fn ask(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().insert(COOKIE, cookies.join("; ").parse().expect("cookies"));
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = response.status();
        let to = response.headers().get(LOCATION).map(|it| it.to_str().expect("a place").to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, to: to.unwrap_or_default(), text, bytes }
    }
}

impl Answer {
    /// Returns the value of a hidden field of the page.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let (_, behind) = self.text.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
        behind.split_once('"').expect("its value").0.to_owned()
    }

    pub(crate) fn says(&self, text: &str) {
        assert!(
            self.text.contains(text),
            "no `{text}` in the page with status {}:\n{}",
            self.status,
            self.text
        );
    }
}

fn encoded(text: &str) -> String {
    let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or_default();
    text.bytes().flat_map(|it| ['%', digit(it >> 4), digit(it & 15)]).collect()
}
