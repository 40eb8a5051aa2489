// SPDX-License-Identifier: MIT OR Apache-2.0
//! What ships and what its administrator adds to it, read as the start reads it; and the names that stand for nothing in it.

use super::{Finding, Visit, published};
use crate::parts::settings;
use regulation::model::System;
use service::Settings;
use service::contracts::RegisterContract;
use web::Word;

/// Returns the settings of the role where they can be read.
pub(super) fn examine(visit: &Visit) -> (Option<Settings>, Vec<Finding>) {
    let what = visit.word(Word::DrSettings);
    match settings::read(&visit.config.reading()) {
        Ok(settings) => {
            let (regulations, organizations) = (settings.regulations.len(), settings.organizations.len());
            let told = visit.words.dr_settings_good(regulations, organizations);
            let mut found = vec![Finding::good("settings-read", what, told)];
            found.extend(unknown(visit, &settings));
            found.extend(published::examine(visit, &settings));
            (Some(settings), found)
        }
        Err(failed) => {
            let told = (failed.to_string(), visit.word(Word::DrSettingsFix));
            (None, vec![Finding::bad("settings-wrong", what, told)])
        }
    }
}

/// Names of the configuration that stand for nothing. The role starts with them and refuses, or never finds, what they are of.
fn unknown(visit: &Visit, settings: &Settings) -> Vec<Finding> {
    let config = &visit.config;
    let is = |id: &str, system: System| settings.organization(id).is_some_and(|it| it.system == system);
    let mut names: Vec<(String, &String)> = Vec::new();
    for id in config.organizations.iter().filter(|it| !is(it, System::Region)) {
        names.push(("organizations".to_owned(), id));
    }
    for id in config.center.iter().filter(|it| !is(it, System::Center)) {
        names.push(("center".to_owned(), id));
    }
    for id in config.registers.keys() {
        if settings.registers.get(id).is_none_or(RegisterContract::is_own) {
            names.push(("[registers]".to_owned(), id));
        }
    }
    for peer in &config.peers {
        let itself = peer.role.system();
        let known = |id: &str| settings.organization(id).is_some() || id == itself.as_str();
        for id in peer.addressees.iter().filter(|it| !known(it)) {
            names.push((format!("addressees, {}", visit.words.dr_peer(&peer.id)), id));
        }
    }
    let told = |id: &str| (visit.words.dr_name_unknown(id), visit.word(Word::DrNameUnknownFix));
    names.into_iter().map(|(what, id)| Finding::bad("name-unknown", what, told(id))).collect()
}
