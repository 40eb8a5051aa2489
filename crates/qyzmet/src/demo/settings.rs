// SPDX-License-Identifier: MIT OR Apache-2.0
//! What ships with the binary, read into settings.

use super::{DemoError, Options};
use crate::embedded;
use engine::{Calendar, Organization, Rates};
use service::Settings;
use service::contracts::RegisterContract;
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
    let mut organizations = std::collections::BTreeMap::new();
    for (name, text) in embedded::ORGANIZATIONS {
        let read = Organization::parse(text).map_err(|found| shipped(name, &format!("{found:?}")))?;
        organizations.insert(read.id.clone(), read);
    }
    let mut registers = std::collections::BTreeMap::new();
    for (name, text) in embedded::REGISTERS {
        let read = RegisterContract::parse(text).map_err(|found| shipped(name, &found))?;
        registers.insert(read.id.clone(), read);
    }
    Ok(Settings {
        regulations,
        calendar,
        rates,
        organizations,
        registers,
        base_url: options.base_url.clone(),
        demo: true,
    })
}
