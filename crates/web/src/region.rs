// SPDX-License-Identifier: MIT OR Apache-2.0
//! The provider's workplaces: the queue by capacity, the journal, the case and the acts that complete its parts.

mod act;
mod case;
mod lists;
mod sign;

use axum::Router;
use axum::routing::{get, post};

use crate::offices::{files, sign_in};
use crate::state::State;

/// Returns the pages of this room.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/region", get(lists::queue))
        .route("/region/journal", get(lists::journal))
        .route("/region/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/region/sign-out", post(sign_in::leave))
        .route("/region/cases/{id}", get(case::show))
        .route("/region/cases/{id}/act", post(act::give))
        .route("/region/cases/{id}/prepare", post(sign::prepare))
        .route("/region/cases/{id}/sign", get(sign::show).post(sign::take))
        .route("/region/cases/{id}/prepared.pdf", get(sign::prepared_pdf))
        .route("/region/cases/{id}/files/{hash}", get(files::show))
}
