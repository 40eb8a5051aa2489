// SPDX-License-Identifier: MIT OR Apache-2.0
//! Accounts: whether their list can be followed, and whether anybody can sign in.

use super::{Finding, State, Visit};
use crate::serve::config::Role;
use crate::serve::{Mode, accounts};
use service::Settings;
use web::Word;

/// Without settings that can be read nothing is known of a list.
pub(super) fn examine(visit: &Visit, settings: Option<&Settings>) -> Option<Finding> {
    let (config, words, what) = (&visit.config, visit.words, visit.word(Word::DrAccounts));
    let Some(path) = &config.accounts else {
        // Citizens sign in to a portal, and messages pass a gateway, without an administrator too.
        let state = match config.role {
            Role::Region | Role::Center => State::Bad,
            Role::Portal | Role::Gateway => State::Soon,
        };
        let told = (visit.word(Word::DrAccountsNone), visit.word(Word::DrAccountsFix));
        return (config.mode == Mode::Production)
            .then(|| Finding::amiss(state, "accounts-not-named", what, told));
    };
    Some(match accounts::read(path, config, settings?) {
        Err(failed) => {
            Finding::bad("accounts-wrong", what, (failed.to_string(), visit.word(Word::DrAccountsWrongFix)))
        }
        Ok(list) => {
            let count = list.iter().filter(|it| it.official.administers).count();
            let seen = words.dr_accounts_good(count, path.display(), list.len());
            if count == 0 {
                let told = (seen, visit.word(Word::DrAccountsAloneFix));
                Finding::soon("accounts-without-administrator", what, told)
            } else {
                Finding::good("accounts-read", what, seen)
            }
        }
    })
}
