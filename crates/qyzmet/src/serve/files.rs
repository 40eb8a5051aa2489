// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[files]` of a configuration: where files go that are too long for a message, and how long and how many are kept.

use super::config::{Config, Role};
use gateway::FolderLimits;
use gateway::files::LIFE_DAYS_DEFAULT;
use gateway::relay::PATIENCE_DAYS_MAX;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// Where long files go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// The gateway whose storage is used; the first one if absent.
    pub gateway: Option<String>,
    /// For how many days a file is put there: longer than a gateway is patient with the message.
    pub days: u32,
    /// Of a gateway: the folder of its storage; `files` in its data folder if absent.
    pub folder: Option<PathBuf>,
    /// Of a gateway: bounds of its storage.
    pub limits: FolderLimits,
}

impl Default for Files {
    fn default() -> Self {
        Self { gateway: None, days: LIFE_DAYS_DEFAULT, folder: None, limits: FolderLimits::default() }
    }
}

impl Files {
    /// Returns how long a file is put there.
    pub fn life_time(&self) -> Duration {
        Duration::from_hours(24 * u64::from(self.days))
    }

    /// Says what cannot be.
    pub(super) fn check(&self, config: &Config) -> Result<(), String> {
        if let Some(id) = self.gateway.as_ref().filter(|id| config.gateway(id).is_none()) {
            return Err(format!("`gateway` names `{id}`, which is no peer with `role = \"gateway\"`"));
        }
        let days = if config.role == Role::Gateway { self.limits.days_max } else { self.days };
        if i64::from(days) <= PATIENCE_DAYS_MAX {
            return Err(format!(
                "files would end before messages that wait: a gateway is patient for {PATIENCE_DAYS_MAX} days, {days} are no more"
            ));
        }
        if self.limits.sender_bytes_max > self.limits.bytes_max {
            return Err("`sender_bytes_max` is more than `bytes_max`".to_owned());
        }
        Ok(())
    }
}
