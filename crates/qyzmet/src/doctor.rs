// SPDX-License-Identifier: MIT OR Apache-2.0
//! What keeps a role from working, in words that its administrator can act on.
//!
//! Looks at the configuration and the names in it, the files and who may read them, the disk, the accounts, the keys and stamps and their terms, the roots, the
//! kept lists, the clock, the authorities of revocation and of time, and whoever messages are exchanged with. It changes
//! nothing. What the system or the other side says of a failure is repeated as it was said.

mod accounts;
mod files;
mod keys;
mod links;
mod lists;
mod published;
mod settings;
mod stamps;

use crate::serve::Config;
use eds::Trust;
use gateway::roots::RootsError;
use gateway::{HttpSource, Roots};
use jiff::Timestamp;
use serde::Serialize;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use web::{Word, Words};

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Good,
    /// It works, and will not for ever, or not wholly.
    Soon,
    /// It does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was found, for programs: the same in every language.
    pub code: &'static str,
    /// What was looked at, such as `key` or `peer gateway`.
    pub what: String,
    /// How it stands.
    pub state: State,
    /// What was seen.
    pub seen: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    fn good(code: &'static str, what: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { code, what: what.into(), state: State::Good, seen: seen.into(), remedy: None }
    }

    /// What is not as it should be, and what to do.
    fn amiss(
        state: State,
        code: &'static str,
        what: impl Into<String>,
        (seen, remedy): (impl Into<String>, impl Into<String>),
    ) -> Self {
        Self { code, what: what.into(), state, seen: seen.into(), remedy: Some(remedy.into()) }
    }

    fn soon(
        code: &'static str,
        what: impl Into<String>,
        told: (impl Into<String>, impl Into<String>),
    ) -> Self {
        Self::amiss(State::Soon, code, what, told)
    }

    fn bad(
        code: &'static str,
        what: impl Into<String>,
        told: (impl Into<String>, impl Into<String>),
    ) -> Self {
        Self::amiss(State::Bad, code, what, told)
    }
}

/// What is looked at, when, and in which language it is told.
struct Visit {
    config: Config,
    words: Words,
    now: Timestamp,
    source: Arc<HttpSource>,
}

impl Visit {
    fn word(&self, word: Word) -> &'static str {
        self.words.of(word)
    }
}

/// Looks at everything that the role of this configuration needs.
pub async fn examine(path: &Path, words: Words, now: Timestamp) -> Vec<Finding> {
    let what = words.of(Word::DrConfiguration);
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(failed) => {
            let told = (failed.to_string(), words.of(Word::DrConfigurationFix));
            return vec![Finding::bad("configuration-wrong", what, told)];
        }
    };
    let source = Arc::new(HttpSource::new(config.evidence.clone()));
    let visit = Visit { config, words, now, source };
    let read = words.dr_configuration_good(path.display());
    let mut found = vec![Finding::good("configuration-read", what, read)];
    let (settings, read) = settings::examine(&visit);
    found.extend(read);
    found.extend(files::examine(&visit));
    found.extend(accounts::examine(&visit, settings.as_ref()));
    let (trust, roots) = roots(&visit);
    found.extend(roots);
    found.extend(keys::examine(&visit, trust.as_ref()).await);
    found.extend(stamps::examine(&visit, settings.as_ref(), trust.as_ref()).await);
    found.extend(lists::examine(&visit).await);
    found.extend(links::examine(&visit).await);
    found
}

/// Looks at the installed roots; returns trust in them where they can be used.
fn roots(visit: &Visit) -> (Option<Trust>, Vec<Finding>) {
    let (what, install) = (visit.word(Word::DrRoots), visit.word(Word::DrRootsFix));
    let unusable = |failed: &dyn Display| Finding::bad("roots-unusable", what, (failed.to_string(), install));
    let opened = match Roots::open(&visit.config.roots) {
        Ok(opened) => opened,
        Err(RootsError::File(path, why)) => {
            return (None, vec![keys::unread(visit, ("roots-unreadable", what), &path, &why)]);
        }
        Err(failed) => return (None, vec![unusable(&failed)]),
    };
    if opened.list().is_empty() {
        let seen = visit.words.dr_roots_none(visit.config.roots.display());
        return (None, vec![Finding::bad("roots-none", what, (seen, install))]);
    }
    let root = |subject: &str| visit.words.dr_root(subject);
    let mut found: Vec<Finding> = opened
        .list()
        .iter()
        .map(|it| keys::term(visit, &root(&it.subject), (Timestamp::MIN, it.not_after)))
        .collect();
    match opened.trust(visit.config.mode.of_gateway()) {
        Ok(trust) => (Some(trust), found),
        Err(failed) => {
            found.push(unusable(&failed));
            (None, found)
        }
    }
}
