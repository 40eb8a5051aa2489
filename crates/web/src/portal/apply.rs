// SPDX-License-Identifier: MIT OR Apache-2.0
//! The application: beginning a draft, its form, its files, its review.

mod begin;
mod files;
mod form;
mod ready;
mod review;

pub(super) use review::{GroupRows, files, groups, lines, named};

use axum::Router;
use engine::case::PersonId;
use regulation::model::{Channel, Regulation};
use service::Service;
use service::drafts::Draft;
use service::kept::KeptForm;
use std::sync::Arc;
use uuid::Uuid;

use super::parts::id;
use crate::errors::PageError;
use crate::form::Given;
use crate::services::AsCitizen;
use crate::state::State;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .merge(begin::routes())
        .merge(ready::routes())
        .merge(form::routes())
        .merge(files::routes())
        .merge(review::routes())
}

/// Returns a draft of the citizen with its regulation; `None` when it was sent or deleted.
async fn opened(who: &AsCitizen, draft: &str) -> Result<Option<(Draft, Arc<Regulation>)>, PageError> {
    let Some(draft) = who.service.draft(&who.citizen.id, id(draft)?).await? else { return Ok(None) };
    let regulation = regulation(&who.service, &draft)?;
    Ok(Some((draft, regulation)))
}

fn regulation(service: &Service, draft: &Draft) -> Result<Arc<Regulation>, PageError> {
    service
        .settings
        .edition_at(&draft.service, &draft.edition, &draft.provider)
        .cloned()
        .ok_or(PageError::NotFound)
}

/// Returns whether papers can be attached at the portal.
fn takes_files(regulation: &Regulation) -> bool {
    regulation.documents.iter().any(|it| it.channels.contains(&Channel::Portal))
}

/// Returns whether the act lets only who has signed in by the certificate of an EDS apply here.
pub(super) fn by_eds(regulation: &Regulation) -> bool {
    let course = regulation.intake(Channel::Portal);
    course.is_some_and(|it| it.steps.iter().flat_map(|it| &it.parts).any(|it| it.by_eds))
}

/// Returns how many pages an application has: form, files, review.
fn pages(regulation: &Regulation) -> u32 {
    if takes_files(regulation) { 3 } else { 2 }
}

/// Puts a form that came after its session had ended into its draft, and returns the draft's path.
pub(super) async fn restore(service: &Service, account: &PersonId, kept: &KeptForm) -> Option<String> {
    let id: Uuid = kept.path.strip_prefix("/apply/")?.parse().ok()?;
    let draft = service.draft(account, id).await.ok().flatten()?;
    let regulation = regulation(service, &draft).ok()?;
    let given = Given::new(kept.values.clone());
    let filled = |it: &mut Draft| form::fill(it, &regulation, &given);
    service.change_draft(account, id, filled).await.ok().flatten()?;
    Some(format!("/apply/{id}"))
}
