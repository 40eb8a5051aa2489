// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists that a role keeps: which, where, how often.

use super::config::{Config, KEY_BYTES_MAX, bytes};
use crate::parts::StartError;
use eds::Certificate;
use gateway::lists::LISTS_MAX;
use gateway::{Addresses, EvidenceSource, KeptList, Lists};
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Minutes between two looks for changes: no authority publishes oftener, and rarer is no keeping.
const EVERY_MINUTES: std::ops::RangeInclusive<u16> = 5..=1_440;
/// Name of the folder, in the data folder, where none is configured.
const FOLDER: &str = "lists";

/// The lists that are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListsConfig {
    /// Where they are kept; `lists` in the data folder if absent.
    pub folder: Option<PathBuf>,
    /// How often changes are looked for, even where none is due.
    #[serde(default = "an_hour")]
    pub every_minutes: u16,
    /// The lists.
    #[serde(default)]
    pub kept: Vec<ListConfig>,
}

impl Default for ListsConfig {
    fn default() -> Self {
        Self { folder: None, every_minutes: an_hour(), kept: Vec::new() }
    }
}

const fn an_hour() -> u16 {
    60
}

/// A list of one authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListConfig {
    /// The certificate of the authority that signs it, DER or PEM.
    pub authority: PathBuf,
    /// The address of the full list, as certificates name it.
    pub url: String,
    /// The address of its changes (delta list).
    pub changes: Option<String>,
}

impl ListsConfig {
    /// Returns the paths in it.
    pub(super) fn paths_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.folder.iter_mut().chain(self.kept.iter_mut().map(|it| &mut it.authority))
    }

    /// Says what cannot be.
    pub(super) fn check(&self, addresses: &Addresses) -> Result<(), String> {
        if self.kept.len() > LISTS_MAX {
            return Err(format!("[lists]: there are more than {LISTS_MAX} lists"));
        }
        if !EVERY_MINUTES.contains(&self.every_minutes) {
            let (least, most) = (EVERY_MINUTES.start(), EVERY_MINUTES.end());
            return Err(format!("[lists] every_minutes: from {least} to {most}"));
        }
        let mut seen = BTreeSet::new();
        for list in &self.kept {
            for url in std::iter::once(&list.url).chain(&list.changes) {
                if !seen.insert(url) {
                    return Err(format!("[[lists.kept]]: `{url}` is named twice"));
                }
                if !addresses.reaches(url) {
                    return Err(format!(
                        "[[lists.kept]]: `{url}` may not be asked: name its host in `[evidence]` `hosts`, or the address in `[evidence.instead]`"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Where the lists of a role are kept.
pub(crate) fn folder(config: &Config) -> PathBuf {
    config.lists.folder.clone().unwrap_or_else(|| config.data.join(FOLDER))
}

/// Returns one list with the certificate of its authority.
pub(crate) fn kept(config: &Config, list: &ListConfig) -> Result<KeptList, StartError> {
    let unusable = |path: &Path| {
        let what = "this is no certificate: [[lists.kept]] `authority` names the one that signs the list";
        StartError::Config(path.to_owned(), what.to_owned())
    };
    let read = bytes(&list.authority, KEY_BYTES_MAX)?;
    let authority = Certificate::parse(&read).map_err(|_| unusable(&list.authority))?;
    Ok(KeptList {
        url: list.url.clone(),
        changes_url: list.changes.clone(),
        authority,
        interval: SignedDuration::from_mins(config.lists.every_minutes.into()),
    })
}

/// Opens what is kept; nothing where no list is configured.
pub(super) fn open(
    config: &Config,
    source: Arc<dyn EvidenceSource>,
) -> Result<Option<Arc<Lists>>, StartError> {
    if config.lists.kept.is_empty() {
        return Ok(None);
    }
    let lists = config.lists.kept.iter().map(|it| kept(config, it)).collect::<Result<Vec<_>, _>>()?;
    let folder = folder(config);
    let opened = Lists::open(&folder, lists, source).map_err(|it| StartError::File(folder, it))?;
    Ok(Some(Arc::new(opened)))
}
