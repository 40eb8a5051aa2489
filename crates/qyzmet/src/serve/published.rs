// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables of portals that know the published form only, held against the regulations before anything works by them.

use super::config::{Config, Role};
use crate::parts::{StartError, role};
use service::Settings;
use service::published::PublishedForms;
use service::published::check::{TableFault, check};
use std::collections::BTreeSet;

/// Returns the organisations whose workplaces are at a region.
pub(super) fn hosted(config: &Config, settings: &Settings) -> BTreeSet<String> {
    if config.organizations.is_empty() { role::providers(settings) } else { config.organizations.clone() }
}

/// Returns the tables of the configuration for the organisations whose workplaces are here.
pub(crate) fn forms(config: &Config, settings: &Settings) -> PublishedForms {
    PublishedForms { providers: hosted(config, settings), ..config.published.clone() }
}

/// Returns the settings with the tables; a table by which an application would be misread keeps a region from starting.
pub(super) fn laid(config: &Config, mut settings: Settings) -> Result<Settings, StartError> {
    if config.role != Role::Region {
        return Ok(settings);
    }
    let forms = forms(config, &settings);
    let (lacking, wrong): (Vec<_>, Vec<_>) =
        check(&forms, &settings).into_iter().partition(TableFault::is_warning);
    if !wrong.is_empty() {
        let told: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        return Err(StartError::Config(config.file.clone(), told.join("; ")));
    }
    for it in lacking {
        tracing::warn!(table = it.place(), why = %it.kind, "applications of the portal will be refused");
    }
    settings.published = forms;
    Ok(settings)
}
