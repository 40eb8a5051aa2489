// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages of the citizen's portal: one file a page.

mod apply;
mod cabinet;
mod case;
pub(crate) mod challenge;
mod claimed;
mod home;
pub(crate) mod parts;
mod passport;
mod password;
mod prove;
mod register;
mod regulation;
mod regulations;
mod sent;
mod sign_in;
pub(crate) mod sign_in_eds;
mod sign_ins;
mod verify;
mod waiting;
mod words_of;

use axum::Router;

use crate::state::State;

/// Returns the pages of this room.
pub fn routes() -> Router<State> {
    Router::new()
        .merge(home::routes())
        .merge(passport::routes())
        .merge(regulations::routes())
        .merge(regulation::routes())
        .merge(register::routes())
        .merge(sign_in::routes())
        .merge(sign_in_eds::routes())
        .merge(prove::routes())
        .merge(apply::routes())
        .merge(sent::routes())
        .merge(cabinet::routes())
        .merge(case::routes())
        .merge(sign_ins::routes())
        .merge(password::routes())
        .merge(verify::routes())
}
