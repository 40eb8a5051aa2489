// SPDX-License-Identifier: MIT OR Apache-2.0
//! The workplaces of the provider and of the rural akim: intake on paper, the queue by capacity, the journals, the case and
//! the acts that complete its parts.

mod act;
mod case;
mod due;
mod intake;
mod journals;
mod judge;
mod lists;
mod paper;
mod prepare;
mod registers;
mod several;
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
    let large = || DefaultBodyLimit::max(SCAN_FORM_BYTES_MAX);
    Router::new()
        .route("/region", get(lists::queue))
        .route("/region/journal", get(journals::incoming))
        .route("/region/journal/{journal}", get(journals::show))
        .route("/region/journal/{journal}/journal.csv", get(journals::export))
        .route("/region/new", get(intake::choose))
        .route("/region/new/{service}", get(intake::show).post(intake::take))
        .route("/region/intake/{id}", get(judge::show))
        .route("/region/intake/{id}/papers", post(judge::add).layer(large()))
        .route("/region/intake/{id}/papers/remove", post(judge::remove))
        .route("/region/intake/{id}/papers/{hash}", get(judge::scan))
        .route("/region/intake/{id}/judge", post(judge::judge))
        .route("/region/registers", get(registers::first))
        .route("/region/registers/{id}", get(registers::list))
        .route("/region/registers/{id}/search", get(registers::sought_before).post(registers::search))
        .route(
            "/region/registers/{id}/new",
            get(registers::new::show).post(registers::new::take).layer(large()),
        )
        .route(
            "/region/registers/{id}/upload",
            get(registers::upload::show).post(registers::upload::take).layer(large()),
        )
        .route("/region/registers/{id}/upload/model.csv", get(registers::upload::model))
        .route("/region/registers/{id}/entries/{entry}", get(registers::entry::show))
        .route("/region/registers/{id}/entries/{entry}/ground", get(registers::entry::scan))
        .route("/region/registers/{id}/entries/{entry}/end", post(registers::entry::end))
        .route("/region/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/region/sign-in/eds", get(sign_in_eds::show).post(sign_in_eds::enter))
        .route("/region/sign-in/eds/phone", post(sign_in_eds::phone))
        .route("/region/sign-out", post(sign_in::leave))
        .route("/region/several", get(several::choose).post(several::prepare))
        .route("/region/several/sign", get(several::show).post(several::take))
        .route("/region/several/done", get(several::done))
        .route("/region/several/phone", post(several::phone))
        .route("/region/cases/{id}", get(case::show))
        .route("/region/originals", get(originals::register))
        .route("/region/cases/{id}/originals", post(originals::take))
        .route("/region/cases/{id}/act", post(act::give))
        .route("/region/cases/{id}/prepare", post(sign::prepare))
        .route("/region/cases/{id}/sign", get(sign::show).post(sign::take))
        .route("/region/cases/{id}/prepared.pdf", get(sign::prepared_pdf))
        .route("/region/cases/{id}/prepared.range", get(sign::prepared_range))
        .route("/region/cases/{id}/print", post(paper::print))
        .route("/region/cases/{id}/sheet.pdf", get(paper::sheet))
        .route("/region/cases/{id}/signed", post(paper::signed).layer(large()))
        .route("/region/cases/{id}/papers/{name}", get(paper::show))
        .route("/region/cases/{id}/files/{hash}", get(files::show))
}
