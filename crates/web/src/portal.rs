// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages of the citizen's portal: one file a page.

use axum::Router;

use crate::state::State;

/// Returns the pages of this room.
pub fn routes() -> Router<State> {
    Router::new()
}
