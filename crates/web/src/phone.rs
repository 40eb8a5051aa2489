// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing by a telephone: the page shows a code, the telephone opens it, reads, signs and answers; the page goes on.
//!
//! The state's mobile application is not connected: that takes a contract with the state. This is the port with a simulated
//! application behind it, in the demonstration only; the way of the documents and of the signatures is real.

mod boxes;

pub(crate) use boxes::Boxes;

use askama::Template;
use axum::extract::{DefaultBodyLimit, Form, Path, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::errors::PageError;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::room::Room;
use crate::state::State;
use crate::ui::{SignContent, SignItem, SignPanel};
use boxes::{Answer, Asked, Sheet};

/// Documents that go to a telephone at once, with what a form puts around them.
const REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Documents at once.
const SHEETS_MAX: usize = 40;
/// Smallest side of the drawn code.
const QR_SIDE_MIN: u32 = 240;

/// Returns the pages of the port and of the simulated application.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/phone", post(ask).layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX)))
        .route("/phone/{token}", get(show).post(take))
        .route("/phone/{token}/answer", get(answer))
}

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    page: Page,
    panel: Option<SignPanel>,
    signed: bool,
}

type Pairs = Vec<(String, String)>;

/// Two tokens of 128 random bits; where no service gives randomness there is no port.
fn token(state: &State) -> Result<String, PageError> {
    let service = state.services().of(Room::Portal)?;
    Ok(service.browser_secret())
}

/// Keeps the documents of the page that asks and answers the code to show.
async fn ask(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
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
    let (token, reader) = (token(&state)?, token(&state)?);
    let iin = value("iin").filter(|it| !it.is_empty()).map(str::to_owned);
    if !state.boxes().put((&token, &reader), Asked { sheets, iin }, page.now) {
        return Err(PageError::TooMany);
    }
    let base = &state.services().of(Room::Portal)?.settings.base_url;
    let address = format!("{}{}", base.trim_end_matches('/'), page.href(&format!("/phone/{token}")));
    let answer = page.href(&format!("/phone/{reader}/answer"));
    let picture = format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn(&address)?));
    Ok(Json(serde_json::json!({ "address": address, "answer": answer, "picture": picture })).into_response())
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
    match state.boxes().read(&reader, state.now()) {
        Answer::Waits => Ok(StatusCode::NO_CONTENT.into_response()),
        Answer::Signed(signatures) => Ok(Json(signatures).into_response()),
        Answer::Gone => Err(PageError::NotFound),
    }
}

/// The simulated application: what is asked, and the key that signs it.
async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let asked = state.boxes().asked(&token, page.now).ok_or(PageError::NotFound)?;
    let item = |it: Sheet| SignItem {
        id: it.id,
        title: it.title,
        view: None,
        content: SignContent::Bytes(it.bytes),
    };
    let panel = SignPanel {
        action: page.href(&format!("/phone/{token}")),
        button: page.w.phone_sign().to_owned(),
        items: asked.sheets.into_iter().map(item).collect(),
        iin: asked.iin,
        bin: None,
        any_authority: true,
        phone: None,
        sends: false,
        hidden: Vec::new(),
    };
    Ok(html(&PhonePage { page, panel: Some(panel), signed: false })?.into_response())
}

/// Takes the signatures from the telephone.
async fn take(
    page: Page,
    FromState(state): FromState<State>,
    Path(token): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let asked = state.boxes().asked(&token, page.now).ok_or(PageError::NotFound)?;
    let of = |sheet: &Sheet| {
        let name = format!("cms-{}", sheet.id);
        form.iter().find(|(known, _)| *known == name).map(|(_, it)| it.clone()).filter(|it| !it.is_empty())
    };
    let signatures: Option<Vec<String>> = asked.sheets.iter().map(of).collect();
    let signed = signatures.is_some_and(|it| state.boxes().answer(&token, it, page.now));
    if !signed {
        return Err(PageError::BadRequest);
    }
    Ok(html(&PhonePage { page, panel: None, signed })?.into_response())
}
