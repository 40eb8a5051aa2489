// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is said of a case for those who read the published form alone.

use crate::Settings;
use crate::papers::both;
use crate::ports::border::Published;
use crate::published::BORN;
use engine::Proposal;
use engine::case::{Case, Value};
use regulation::model::Regulation;

/// Returns what is said besides of a case.
pub(super) fn published(case: &Case, settings: &Settings) -> Published {
    let application = &case.application;
    let regulation = settings.edition_at(&case.service, &case.edition, &application.provider);
    let provider = settings.organization(&application.provider);
    let ground = match &case.proposal {
        Some((Proposal::Refuse { ground, .. }, _)) => regulation.and_then(|it| it.ground(ground)),
        Some((Proposal::Grant { .. }, _)) | None => None,
    };
    Published {
        born: regulation.and_then(|it| born(case, it)),
        provider_bin: provider.map(|it| it.bin.clone()),
        provider_kato: provider.map(|it| it.kato.clone()),
        service: regulation.map(|it| both(&it.title)),
        ground: ground.map(|it| both(&it.text)),
        lang: application.lang.clone(),
    }
}

/// The digits of an IIN tell nothing of it: it is known where the persons register filled the form.
fn born(case: &Case, regulation: &Regulation) -> Option<jiff::civil::Date> {
    let field = regulation.fields.iter().find(|it| it.prefill.as_deref() == Some(BORN))?;
    match case.application.fields.get(&field.id)? {
        Value::Text(text) => text.trim().parse().ok(),
        Value::Bool(_) | Value::Entries(_) => None,
    }
}
