// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the workplaces of the provider and of the one-stop-shop have in common: sign-in, lists, the parts of a case page,
//! what is said when an act is not accepted.

pub mod applicant;
pub mod case;
pub mod deadline;
pub mod files;
pub mod lists;
pub mod originals;
pub mod papers;
pub mod readings;
pub mod refused;
pub mod sent;
pub mod sign_in;
pub mod sign_in_eds;
pub mod stamps;

pub use sent::{Sent, SentFile};

use crate::services::AsOfficial;
use engine::case::CaseId;
use service::access::Reader;
use service::cases::CaseView;

use crate::errors::PageError;

/// What a browser posts from a form.
pub type Posted = axum::Form<Vec<(String, String)>>;

/// Returns the case to an official who may read it; to others there is none.
pub async fn view(who: &AsOfficial, id: uuid::Uuid) -> Result<CaseView, PageError> {
    let reader = Reader::Official(&who.official.seat);
    who.service.case_view(&reader, CaseId(id)).await?.ok_or(PageError::NotFound)
}
