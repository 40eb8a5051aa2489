// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one-stop-shop: the operator enters the applicant, marks and scans the papers, certifies the request, gives the
//! receipt and hands the result over (acts 9 and 10).

mod case;
mod intake;
mod lists;
mod papers;
mod provisional;
mod receipt;
mod refuse;
mod sign;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::offices::{files, originals, sign_in, sign_in_eds};
use crate::state::State;

/// A scan and what a form puts around it.
const SCAN_FORM_BYTES_MAX: usize = 30 * 1024 * 1024;

/// Returns the pages of this room.
pub fn routes() -> Router<State> {
    let scans = post(papers::add).layer(DefaultBodyLimit::max(SCAN_FORM_BYTES_MAX));
    Router::new()
        .route("/center", get(lists::queue))
        .route("/center/journal", get(lists::journal))
        .route("/center/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/center/sign-in/eds", get(sign_in_eds::show).post(sign_in_eds::enter))
        .route("/center/sign-in/eds/phone", post(sign_in_eds::phone))
        .route("/center/sign-out", post(sign_in::leave))
        .route("/center/new", get(intake::choose))
        .route("/center/new/{service}", get(intake::show).post(intake::take))
        .route("/center/provisional/{id}", get(provisional::show).post(provisional::take))
        .route("/center/cases/{id}", get(case::show))
        .route("/center/cases/{id}/waiting", get(case::waiting))
        .route("/center/originals", get(originals::register))
        .route("/center/cases/{id}/originals", post(originals::take))
        .route("/center/cases/{id}/hand-over", post(case::hand_over))
        .route("/center/cases/{id}/papers", scans)
        .route("/center/cases/{id}/papers/remove", post(papers::remove))
        .route("/center/cases/{id}/papers/done", post(papers::done))
        .route("/center/cases/{id}/papers/{hash}", get(papers::show))
        .route("/center/cases/{id}/request.xml", get(sign::xml))
        .route("/center/cases/{id}/request.pdf", get(sign::pdf))
        .route("/center/cases/{id}/sign", post(sign::take))
        .route("/center/cases/{id}/phone", post(sign::phone))
        .route("/center/cases/{id}/not-accepted", post(refuse::take))
        .route("/center/cases/{id}/refusal-receipt", get(receipt::not_accepted))
        .route("/center/cases/{id}/receipt", get(receipt::show))
        .route("/center/cases/{id}/notice", get(receipt::notice))
        .route("/center/cases/{id}/files/{hash}", get(files::show))
}
