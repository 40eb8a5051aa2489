// SPDX-License-Identifier: MIT OR Apache-2.0
//! The list of accounts of officials and administrators: a file of TOML that its administrator keeps. The store follows it at
//! the start and whenever the file changes; a list with a mistake changes nothing.

use super::config::{self, Config, Role};
use crate::parts::StartError;
use engine::case::PersonId;
use regulation::model::{Actor, System};
use serde::Deserialize;
use service::access::Seat;
use service::accounts::{ACCOUNTS_MAX, ListedAccount, Official, is_phc};
use service::{Service, Settings};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Bytes of the list.
const LIST_BYTES_MAX: u64 = 1024 * 1024;
/// How often the file is looked at.
const LOOK_SECONDS: u64 = 5;
/// Longest login, name or position, in characters.
const TEXT_CHARS_MAX: usize = 200;
/// Digits of an IIN.
const IIN_DIGITS: usize = 12;
/// The role of who administers the system.
const ADMINISTRATOR: &str = "administrator";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default, rename = "account")]
    accounts: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    login: String,
    name: String,
    roles: Vec<String>,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    iin: String,
    #[serde(default)]
    position_kk: String,
    #[serde(default)]
    position_ru: String,
    password: Option<String>,
}

/// Reads the list of a role.
pub fn read(path: &Path, config: &Config, settings: &Settings) -> Result<Vec<ListedAccount>, StartError> {
    let wrong = |why: String| StartError::Config(path.to_owned(), why);
    let text = String::from_utf8(config::bytes(path, LIST_BYTES_MAX)?)
        .map_err(|_| wrong("the file is no text in UTF-8".to_owned()))?;
    // The parser would quote the line, with whose number stands in it.
    let list: List = toml::from_str(&text).map_err(|it| {
        let line = it.span().map_or(1, |at| text.get(..at.start).unwrap_or_default().lines().count().max(1));
        wrong(format!("line {line}: {}", it.message()))
    })?;
    if list.accounts.len() > ACCOUNTS_MAX {
        return Err(wrong(format!("there are more than {ACCOUNTS_MAX} accounts")));
    }
    let (mut logins, mut people, mut read) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for it in list.accounts {
        let login = it.login.clone();
        if !logins.insert(login.clone()) {
            return Err(wrong(format!("two accounts have the login `{login}`")));
        }
        if !it.iin.is_empty() && !people.insert((it.iin.clone(), it.organization.clone())) {
            return Err(wrong(format!(
                "account `{login}`: the person has another account in this organization"
            )));
        }
        let account = account(it, config, settings);
        read.push(account.map_err(|why| wrong(format!("account `{login}`: {why}")))?);
    }
    Ok(read)
}

fn account(it: Listed, config: &Config, settings: &Settings) -> Result<ListedAccount, String> {
    texts(&it)?;
    let (actors, administers) = roles(&it.roles, config.role)?;
    if !actors.is_empty() || !it.organization.is_empty() {
        organization(&it.organization, config, settings)?;
    }
    if it.iin.is_empty() && (it.password.is_none() || !actors.is_empty()) {
        return Err("`iin` is missing: by it the person signs in and signs with EDS".to_owned());
    }
    if it.password.as_ref().is_some_and(|it| !is_phc(it)) {
        return Err("`password` is no hash: make it by `qyzmet account hash`".to_owned());
    }
    let seat = Seat {
        person: PersonId(it.login.clone()),
        organization: it.organization,
        actors,
        name: it.name,
        iin: it.iin,
    };
    let (position_kk, position_ru) = (it.position_kk, it.position_ru);
    let official = Official { login: it.login, seat, position_kk, position_ru, administers };
    Ok(ListedAccount { official, password: it.password })
}

fn texts(it: &Listed) -> Result<(), String> {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || ".-_".contains(it);
    if it.login.is_empty() || !it.login.chars().all(plain) {
        return Err("a login has small Latin letters, digits, `.`, `-` and `_`".to_owned());
    }
    if it.name.trim().is_empty() {
        return Err("`name` is missing".to_owned());
    }
    if [&it.login, &it.name, &it.position_kk, &it.position_ru]
        .iter()
        .any(|it| it.chars().count() > TEXT_CHARS_MAX)
    {
        return Err(format!("a text is longer than {TEXT_CHARS_MAX} characters"));
    }
    let digits = it.iin.len() == IIN_DIGITS && it.iin.bytes().all(|it| it.is_ascii_digit());
    if it.iin.is_empty() || digits { Ok(()) } else { Err(format!("`iin` has {IIN_DIGITS} digits")) }
}

/// Returns the capacities that the roles are, and whether the system is administered.
fn roles(roles: &[String], here: Role) -> Result<(Vec<Actor>, bool), String> {
    let (mut actors, mut administers) = (Vec::new(), false);
    if roles.is_empty() {
        return Err(format!("`roles` is empty; here there are {}", known(here)));
    }
    for role in roles {
        if role == ADMINISTRATOR {
            administers = true;
            continue;
        }
        let actor = seats(here).iter().find(|it| it.as_str() == role);
        let actor =
            actor.ok_or_else(|| format!("there is no role `{role}` here; there are {}", known(here)))?;
        if !actors.contains(actor) {
            actors.push(*actor);
        }
    }
    Ok((actors, administers))
}

/// The capacities that have a workplace at a role.
const fn seats(here: Role) -> &'static [Actor] {
    match here {
        Role::Region => &[
            Actor::ProviderOffice,
            Actor::ProviderHead,
            Actor::ProviderExecutor,
            Actor::RuralAkimSpecialist,
            Actor::RuralAkim,
            Actor::RuralAkimExecutor,
        ],
        Role::Center => &[Actor::CenterOperator, Actor::CenterCourier],
        Role::Portal | Role::Gateway => &[],
    }
}

fn known(here: Role) -> String {
    let named: Vec<&str> = seats(here).iter().map(|it| it.as_str()).chain([ADMINISTRATOR]).collect();
    named.join(", ")
}

/// Checks that the organisation has its workplaces here.
fn organization(id: &str, config: &Config, settings: &Settings) -> Result<(), String> {
    let Some(found) = settings.organization(id) else {
        return Err(format!("there is no organization `{id}`"));
    };
    let here = match config.role {
        Role::Region => {
            found.system == System::Region
                && (config.organizations.is_empty() || config.organizations.contains(id))
        }
        Role::Center => found.system == System::Center,
        Role::Portal | Role::Gateway => true,
    };
    if here { Ok(()) } else { Err(format!("the workplaces of `{id}` are not here")) }
}

/// Has the store follow the list, where one is configured.
pub(super) async fn follow(service: &Service, config: &Config) -> Result<(), StartError> {
    let Some(path) = &config.accounts else { return Ok(()) };
    let list = read(path, config, &service.settings)?;
    let followed = service.follow_list(&list).await;
    let followed = followed.map_err(|it| StartError::Config(path.clone(), it.to_string()))?;
    tracing::info!(?followed, "the list of accounts was followed");
    Ok(())
}

/// Looks at the file until the task is dropped and has the store follow it when it changed.
pub(super) async fn watch(service: Arc<Service>, config: Config) {
    let Some(path) = config.accounts.clone() else { return };
    let (mut followed, mut refused) = (stamp(&path), None);
    loop {
        tokio::time::sleep(Duration::from_secs(LOOK_SECONDS)).await;
        let now = stamp(&path);
        if now == followed {
            continue;
        }
        match follow(&service, &config).await {
            Ok(()) => followed = now,
            // Told once: the file waits to be corrected, or the store to come back.
            Err(failed) if refused != Some(now) => {
                tracing::error!(error = %failed, "the list of accounts is not followed");
                refused = Some(now);
            }
            Err(_) => {}
        }
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}
