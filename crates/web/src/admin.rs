// SPDX-License-Identifier: MIT OR Apache-2.0
//! The administrator's workplace: what is stuck, since when, why, who must act, and his orders about it.

mod board;
mod give_up;
mod words;

use axum::Router;
use axum::routing::{get, post};
use regulation::model::System;
use service::board::{Board, BoardError, Item};
use std::sync::Arc;
use uuid::Uuid;

use crate::errors::PageError;
use crate::offices::{sign_in, sign_in_eds};
use crate::services::AsAdministrator;
use crate::state::State;

/// Returns the pages of this room.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/admin", get(board::show))
        .route("/admin/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/admin/sign-in/eds", get(sign_in_eds::show).post(sign_in_eds::enter))
        .route("/admin/sign-in/eds/phone", post(sign_in_eds::phone))
        .route("/admin/sign-out", post(sign_in::leave))
        .route("/admin/{board}/{id}/retry", post(board::retry))
        .route("/admin/{board}/{id}/give-up", get(give_up::show).post(give_up::take))
}

/// Returns the board of a system of this process.
fn board_of<'a>(who: &'a AsAdministrator, system: &str) -> Result<(System, &'a Arc<dyn Board>), PageError> {
    let found = who.boards.iter().find(|it| it.0.as_str() == system);
    found.map(|(system, board)| (*system, board)).ok_or(PageError::NotFound)
}

/// Returns an item of a board; nothing where it is there no more.
async fn item(board: &dyn Board, id: Uuid) -> Result<Option<Item>, PageError> {
    let items = board.items().await.map_err(failed)?;
    Ok(items.into_iter().find(|it| it.id == id))
}

fn failed(it: BoardError) -> PageError {
    match it {
        BoardError::Unknown | BoardError::Needed | BoardError::NothingToTry => PageError::Conflict,
        BoardError::NoReason => PageError::BadRequest,
        BoardError::Unavailable(why) => {
            tracing::warn!(why, "a board cannot be read");
            PageError::Unavailable
        }
    }
}
