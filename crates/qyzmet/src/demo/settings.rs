// SPDX-License-Identifier: MIT OR Apache-2.0
//! What ships with the binary, read into settings.

use super::{DemoError, Options};
use crate::embedded;
use engine::{Calendar, Organization, Rates};
use regulation::Overlay;
use regulation::model::Regulation;
use service::Settings;
use service::contracts::RegisterContract;
use service::settings::Laid;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn shipped(name: &str, why: &impl std::fmt::Display) -> DemoError {
    DemoError::Shipped(name.to_owned(), why.to_string())
}

/// Returns the settings of all roles.
pub(super) fn read(options: &Options) -> Result<Settings, DemoError> {
    let mut regulations = Vec::new();
    for (name, text) in embedded::REGULATIONS {
        let read = regulation::parse(name, text)
            .map_err(|found| shipped(name, &regulation::render(&found, name, text, false)))?;
        regulations.push(Arc::new(read));
    }
    let calendar = Calendar::parse(embedded::CALENDAR)
        .map_err(|found| shipped("calendars/kz.toml", &format!("{found:?}")))?;
    let rates =
        Rates::parse(embedded::RATES).map_err(|found| shipped("rates/kz.toml", &format!("{found:?}")))?;
    let mut organizations = BTreeMap::new();
    for (name, text) in embedded::ORGANIZATIONS {
        let read = Organization::parse(text).map_err(|found| shipped(name, &format!("{found:?}")))?;
        organizations.insert(read.id.clone(), read);
    }
    let mut registers = BTreeMap::new();
    for (name, text) in embedded::REGISTERS {
        let read = RegisterContract::parse(text).map_err(|found| shipped(name, &found))?;
        registers.insert(read.id.clone(), read);
    }
    let laid = match &options.overlays {
        Some(folder) => overlays(folder, &regulations, &organizations)?,
        None => Vec::new(),
    };
    Ok(Settings {
        regulations,
        laid,
        calendar,
        rates,
        organizations,
        registers,
        base_url: options.base_url.clone(),
        demo: true,
    })
}

/// Most overlays that are read.
const OVERLAYS_MAX: usize = 1_000;

/// Reads what the organisations confirmed of the Standards: every `.toml` of the folder.
fn overlays(
    folder: &Path,
    regulations: &[Arc<Regulation>],
    organizations: &BTreeMap<String, Organization>,
) -> Result<Vec<Laid>, DemoError> {
    let files = std::fs::read_dir(folder).map_err(|it| DemoError::File(folder.to_owned(), it))?;
    let mut paths: Vec<_> = files.filter_map(Result::ok).map(|it| it.path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "toml"));
    paths.sort();
    let mut laid = Vec::new();
    for path in paths.into_iter().take(OVERLAYS_MAX) {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| shipped(&name, &error))?;
        let overlay = Overlay::parse(&text).map_err(|found| shipped(&name, &found))?;
        if !organizations.contains_key(&overlay.organization) {
            return Err(shipped(&name, &format!("no organisation `{}`", overlay.organization)));
        }
        let of = regulations.iter().find(|it| it.service == overlay.service && it.edition == overlay.edition);
        let of =
            of.ok_or_else(|| shipped(&name, &format!("no edition {}@{}", overlay.service, overlay.edition)))?;
        let words = |found: Vec<regulation::OverlayMistake>| {
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let regulation = overlay.apply(of).map_err(|found| shipped(&name, &words(found)))?;
        laid.push(Laid { organization: overlay.organization, regulation: Arc::new(regulation) });
    }
    Ok(laid)
}
