// SPDX-License-Identifier: MIT OR Apache-2.0
//! The simulated application of a telephone, in the demonstration only: a page of ours in its place.

use std::sync::Arc;

use askama::Template;
use async_trait::async_trait;
use axum::Router;
use axum::extract::{Form, Path, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::boxes::Boxes;
use super::{Answer, Asked, Handed, NotHanded, Sheet, Telephone};
use crate::errors::PageError;
use crate::format;
use crate::page::{Page, address, html};
use crate::portal::parts::{Pairs, value};
use crate::room::Room;
use crate::services::Services;
use crate::state::State;
use crate::ui::{Row, SignContent, SignItem, SignPanel};

/// The simulated application: what it is asked waits in boxes until its page signs.
pub(crate) struct Simulated {
    boxes: Arc<Boxes>,
    services: Services,
}

impl Simulated {
    /// Returns the application whose pages read these boxes.
    pub(crate) fn new(boxes: Arc<Boxes>, services: Services) -> Self {
        Self { boxes, services }
    }
}

#[async_trait]
impl Telephone for Simulated {
    async fn ask(&self, asked: Asked, now: Timestamp) -> Result<Handed, NotHanded> {
        // Two tokens that nobody guesses; where no service gives randomness there is no telephone.
        let portal = self.services.of(Room::Portal).map_err(|_| NotHanded::Unavailable)?;
        let (token, reader) = (portal.browser_secret(), portal.browser_secret());
        let path = address(asked.lang, &format!("/phone/{token}"));
        if !self.boxes.put((&token, &reader), asked, now) {
            return Err(NotHanded::TooMany);
        }
        let base = portal.settings.base_url.trim_end_matches('/');
        Ok(Handed { address: format!("{base}{path}"), reader })
    }

    async fn answer(&self, reader: &str, now: Timestamp) -> Answer {
        self.boxes.read(reader, now)
    }
}

/// Returns the pages of the simulated application.
pub(crate) fn routes() -> Router<State> {
    Router::new().route("/phone/{token}", get(show).post(take))
}

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    page: Page,
    facts: Vec<Row>,
    panel: Option<SignPanel>,
    signed: bool,
}

/// What is asked and for whom, and the key that signs it.
async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let asked = state.boxes().asked(&token, page.now).ok_or(PageError::NotFound)?;
    let facts = vec![
        Row::new(page.w.phone_does(), asked.does),
        Row::new(page.w.phone_site(), asked.site),
        Row::new(page.w.phone_since(), format::date_time(asked.at)),
        Row::new(page.w.phone_number(), asked.number),
    ];
    let item = |(at, it): (usize, Sheet)| SignItem {
        id: at.to_string(),
        title: it.title,
        view: None,
        content: SignContent::Bytes(STANDARD.encode(it.bytes)),
    };
    let panel = SignPanel {
        action: page.href(&format!("/phone/{token}")),
        button: page.w.phone_sign().to_owned(),
        items: asked.sheets.into_iter().enumerate().map(item).collect(),
        iin: asked.iin,
        bin: asked.bin,
        key_of: None,
        any_authority: true,
        phone: None,
        sends: false,
        kept: None,
        hidden: Vec::new(),
    };
    Ok(html(&PhonePage { page, facts, panel: Some(panel), signed: false })?.into_response())
}

/// Takes the signatures from the telephone.
async fn take(
    page: Page,
    FromState(state): FromState<State>,
    Path(token): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let asked = state.boxes().asked(&token, page.now).ok_or(PageError::NotFound)?;
    let of = |at: usize| Some(value(&form, &format!("cms-{at}")).to_owned()).filter(|it| !it.is_empty());
    let signatures: Option<Vec<String>> = (0..asked.sheets.len()).map(of).collect();
    let signed = signatures.is_some_and(|it| state.boxes().answer(&token, it, page.now));
    if !signed {
        return Err(PageError::BadRequest);
    }
    Ok(html(&PhonePage { page, facts: Vec::new(), panel: None, signed })?.into_response())
}
