// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing by a telephone: the page shows a code, the telephone opens it, reads, signs and answers; the page goes on.
//!
//! A page names only what it shows: a challenge, a reviewed draft, prepared results. Whether they are this browser's or this
//! session's the page's own handler knows; the documents, whose key it must be and every word that the telephone shows come
//! from the server, by `HandOver`.
//!
//! The state's mobile application is not connected: that takes a contract with the state. Who has one puts a [`Telephone`]
//! of his own behind the port by [`State::with_telephone`]. In the demonstration a simulated application stands behind it;
//! the way of the documents and of the signatures is real.

mod boxes;
mod simulated;

pub(crate) use boxes::Boxes;
pub(crate) use simulated::{Simulated, routes as simulated_routes};

use std::fmt;

use async_trait::async_trait;
use axum::extract::{FromRequestParts, Path, State as FromState};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use axum_extra::extract::CookieJar;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::errors::PageError;
use crate::lang::Lang;
use crate::limit::Place;
use crate::page::Page;
use crate::portal::sign_in_eds::known;
use crate::state::State;
use crate::words::Word;

/// Bytes of the documents that go to a telephone at once.
const DOCUMENTS_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Documents at once.
const SHEETS_MAX: usize = 40;
/// Smallest side of the drawn code.
const QR_SIDE_MIN: u32 = 240;

/// Who stands behind the code on the page: the state's mobile application, or the simulated one.
#[async_trait]
pub trait Telephone: Send + Sync {
    /// Takes the documents over.
    async fn ask(&self, asked: Asked, now: Timestamp) -> Result<Handed, NotHanded>;

    /// Tells whether the person has signed, by [`Handed::reader`]; who cannot be reached now lets wait.
    async fn answer(&self, reader: &str, now: Timestamp) -> Answer;
}

/// One document for the telephone.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What the person reads.
    pub title: String,
    /// The exact bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// What a telephone is asked to sign. Anybody may have sent the person its code: the telephone shows what it is, for which
/// site, since when, and the number.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// What the person does by signing, in the language of the page.
    pub does: String,
    /// For which site.
    pub site: String,
    /// Since when.
    pub at: Timestamp,
    /// A short number that the page that asks shows too: who does not have that page before him signs for another.
    pub number: String,
    /// The documents.
    pub sheets: Vec<Sheet>,
    /// IIN that the key must have. Personal.
    pub iin: Option<String>,
    /// BIN of the organisation whose employee signs; nothing where a person signs for himself.
    pub bin: Option<String>,
    /// The language of the page that asks.
    pub lang: Lang,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("sheets", &self.sheets).finish_non_exhaustive()
    }
}

/// How the documents were handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct Handed {
    /// What the code says.
    pub address: String,
    /// By what the signatures are asked for: a secret of the page that asked, letters and digits.
    pub reader: String,
}

impl fmt::Debug for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handed").finish_non_exhaustive()
    }
}

/// Why the documents were not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHanded {
    /// Too many requests wait.
    TooMany,
    /// The application does not answer.
    Unavailable,
}

impl From<NotHanded> for PageError {
    fn from(it: NotHanded) -> Self {
        match it {
            NotHanded::TooMany => Self::TooMany,
            NotHanded::Unavailable => Self::Unavailable,
        }
    }
}

/// What the page that asked is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Not yet.
    Waits,
    /// One signature for each document, in their order. They are told once.
    Signed(Vec<String>),
    /// The time is over, it was told before, or there was never such a request.
    Gone,
}

/// Returns where the page that asked waits.
pub(crate) fn routes() -> Router<State> {
    Router::new().route("/phone/{reader}/answer", get(answer))
}

/// What a page hands over: all of it as the server keeps it.
pub(crate) struct Wanted {
    /// What the person does by signing.
    pub(crate) does: Word,
    /// The documents, in the order of the page.
    pub(crate) sheets: Vec<Sheet>,
    /// IIN that the key must have, where one is known.
    pub(crate) iin: Option<String>,
    /// BIN of the organisation whose employee signs.
    pub(crate) bin: Option<String>,
}

/// The way to the telephone for the handler of a page. Where no telephone is connected there is none. Whoever hands over too
/// often is refused: he is counted once what he hands over was found, so that nobody uses up the trials of others.
pub(crate) struct HandOver {
    state: State,
    place: Place,
    browser: Option<String>,
}

impl FromRequestParts<State> for HandOver {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, PageError> {
        state.telephone().ok_or(PageError::NotFound)?;
        let Ok(place) = Place::from_request_parts(parts, state).await;
        let browser = known(&CookieJar::from_headers(&parts.headers));
        Ok(Self { state: state.clone(), place, browser })
    }
}

impl HandOver {
    /// Hands the documents over and answers the code to show.
    pub(crate) async fn over(self, page: &Page, wanted: Wanted) -> Result<Response, PageError> {
        let telephone = self.state.telephone().ok_or(PageError::NotFound)?;
        let service = self.state.services().of(page.room)?;
        self.count(page)?;
        let Wanted { does, sheets, iin, bin } = wanted;
        if sheets.is_empty() || sheets.len() > SHEETS_MAX {
            return Err(PageError::BadRequest);
        }
        if sheets.iter().map(|it| it.bytes.len()).sum::<usize>() > DOCUMENTS_BYTES_MAX {
            return Err(PageError::TooLarge);
        }
        let number = number(&service.browser_secret());
        let asked = Asked {
            does: page.w.of(does).to_owned(),
            site: service.settings.base_url.clone(),
            at: page.now,
            number: number.clone(),
            sheets,
            iin,
            bin,
            lang: page.lang(),
        };
        let handed = telephone.ask(asked, page.now).await?;
        let answer = page.href(&format!("/phone/{}/answer", handed.reader));
        let picture = format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn(&handed.address)?));
        let code = serde_json::json!({
            "address": handed.address, "answer": answer, "picture": picture, "number": number,
        });
        Ok(Json(code).into_response())
    }

    /// Counts by session, or by browser where nobody is signed in; by place only what no office comes to.
    fn count(&self, page: &Page) -> Result<(), PageError> {
        let session = page.session.as_ref().map(|it| it.expose().to_owned());
        let who = session.or_else(|| self.browser.clone()).unwrap_or_default();
        let limits = self.state.limits();
        limits.telephones.admit_one(who, page.now)?;
        limits.telephones_of_place.admit(self.place, page.now)
    }
}

/// Returns four digits of a secret.
fn number(secret: &str) -> String {
    let random = secret.get(..8).and_then(|it| u32::from_str_radix(it, 16).ok()).unwrap_or_default();
    format!("{:04}", random % 10_000)
}

fn drawn(address: &str) -> Result<String, PageError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).map_err(|_| PageError::Server)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(QR_SIDE_MIN, QR_SIDE_MIN).build())
}

/// Tells the page that asked whether the telephone has signed.
async fn answer(
    FromState(state): FromState<State>,
    Path(reader): Path<String>,
) -> Result<Response, PageError> {
    let telephone = state.telephone().ok_or(PageError::NotFound)?;
    match telephone.answer(&reader, state.now()).await {
        Answer::Waits => Ok(StatusCode::NO_CONTENT.into_response()),
        Answer::Signed(signatures) => Ok(Json(signatures).into_response()),
        Answer::Gone => Err(PageError::NotFound),
    }
}
