// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing by a telephone: the page shows a code, the telephone opens it, reads, signs and answers; the page goes on.
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
use axum::extract::{DefaultBodyLimit, Form, Path, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::errors::PageError;
use crate::lang::Lang;
use crate::limit::Place;
use crate::page::Page;
use crate::state::State;

/// Documents that go to a telephone at once, with what a form puts around them.
const REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;
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
    /// Its name on the page that asks.
    pub id: String,
    /// What the person reads.
    pub title: String,
    /// The exact bytes, in base64.
    pub bytes: String,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a telephone is asked to sign.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
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

/// Returns the pages of the port.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/phone", post(ask).layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX)))
        .route("/phone/{token}/answer", get(answer))
}

type Pairs = Vec<(String, String)>;

/// Hands the documents of the page that asks over and answers the code to show.
async fn ask(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let telephone = state.telephone().ok_or(PageError::NotFound)?;
    state.limits().challenges.admit(place, page.now)?;
    let value = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, it)| it.as_str());
    let sheets: Vec<Sheet> = form
        .iter()
        .filter_map(|(name, bytes)| {
            let id = name.strip_prefix("bytes-")?.to_owned();
            let title = value(&format!("title-{id}")).unwrap_or_default().to_owned();
            Some(Sheet { id, title, bytes: bytes.clone() })
        })
        .collect();
    if sheets.is_empty() || sheets.len() > SHEETS_MAX {
        return Err(PageError::BadRequest);
    }
    let told = |name: &str| value(name).filter(|it| !it.is_empty()).map(str::to_owned);
    let asked = Asked { sheets, iin: told("iin"), bin: told("bin"), lang: page.lang() };
    let handed = telephone.ask(asked, page.now).await?;
    let answer = page.href(&format!("/phone/{}/answer", handed.reader));
    let picture = format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn(&handed.address)?));
    let code = serde_json::json!({ "address": handed.address, "answer": answer, "picture": picture });
    Ok(Json(code).into_response())
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
