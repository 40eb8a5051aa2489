// SPDX-License-Identifier: MIT OR Apache-2.0
//! What keeps a role from working, in words that its administrator can act on.
//!
//! Looks at the configuration, the files and who may read them, the disk, the keys and their terms, the roots, the clock, the
//! authorities of revocation and of time, and whoever messages are exchanged with. It changes nothing.

mod files;
mod keys;
mod links;

use crate::parts::{StartError, SystemClock};
use crate::serve::Config;
use gateway::{HttpSource, Roots, TransportTrust};
use jiff::Timestamp;
use serde::Serialize;
use service::ports::Clock as _;
use std::path::Path;
use std::sync::Arc;

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
    fn good(what: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { what: what.into(), state: State::Good, seen: seen.into(), remedy: None }
    }

    fn soon(what: impl Into<String>, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), state: State::Soon, seen: seen.into(), remedy: Some(remedy.into()) }
    }

    fn bad(what: impl Into<String>, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), state: State::Bad, seen: seen.into(), remedy: Some(remedy.into()) }
    }
}

/// Looks at everything that the role of this configuration needs.
pub async fn examine(path: &Path) -> Vec<Finding> {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(failed) => {
            let remedy = "correct the file; docs/serve.md says what stands in it";
            return vec![Finding::bad("configuration", failed.to_string(), remedy)];
        }
    };
    let now = SystemClock::new(None).now();
    let mut found = vec![Finding::good("configuration", path.display().to_string())];
    found.extend(files::examine(&config));
    let (trust, roots) = roots(&config, now);
    found.extend(roots);
    let source = Arc::new(HttpSource::new(config.evidence.clone()));
    found.extend(keys::examine(&config, trust.as_ref().map(|it| (it, &source)), now).await);
    found.extend(links::examine(&config, &source, now).await);
    found
}

/// Looks at the installed roots; returns trust in them where they can be used.
fn roots(config: &Config, now: Timestamp) -> (Option<eds::Trust>, Vec<Finding>) {
    let what = "roots";
    let opened = match Roots::open(&config.roots) {
        Ok(opened) => opened,
        Err(failed) => return (None, vec![Finding::bad(what, failed.to_string(), INSTALL)]),
    };
    if opened.list().is_empty() {
        let seen = format!("no root is installed in {}", config.roots.display());
        return (None, vec![Finding::bad(what, seen, INSTALL)]);
    }
    let mut found: Vec<Finding> = opened
        .list()
        .iter()
        .map(|it| keys::term(&format!("root {}", it.subject), (Timestamp::MIN, it.not_after), now))
        .collect();
    match opened.trust(config.mode.of_gateway()) {
        Ok(trust) => (Some(trust), found),
        Err(failed) => {
            found.push(Finding::bad(what, failed.to_string(), INSTALL));
            (None, found)
        }
    }
}

/// What to do where roots are missing or unusable.
const INSTALL: &str = "install the authority's root with its SHA-256 known from elsewhere: \
                       qyzmet eds trust add FILE --sha256 HEX --trust DIR";

/// Returns trust in systems under these roots.
fn transport(trust: &eds::Trust, source: &Arc<HttpSource>) -> TransportTrust {
    TransportTrust::new(trust.clone(), Arc::<HttpSource>::clone(source) as _)
}

/// Says why something that would not start does not.
fn words(failed: &StartError) -> String {
    failed.to_string()
}
