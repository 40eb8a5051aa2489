// SPDX-License-Identifier: MIT OR Apache-2.0
//! What ships with the binary, read into settings.

use super::StartError;
use crate::embedded;
use engine::{Calendar, Organization, Rates};
use gateway::RegistersClient;
use jiff::Timestamp;
use regulation::Overlay;
use regulation::model::Regulation;
use service::Settings;
use service::contracts::RegisterContract;
use service::published::PublishedForms;
use service::settings::Laid;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn shipped(name: &str, why: &impl std::fmt::Display) -> StartError {
    StartError::Shipped(name.to_owned(), why.to_string())
}

/// What is read besides what ships, and how.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Folder of what is added: `regulations/`, `organizations/`, `overlays/`, `registers/`.
    pub add: Option<PathBuf>,
    /// Whether what is only assumed of the Standards is neither demanded nor quoted.
    pub confirmed_only: bool,
    /// Address by which people reach the pages.
    pub base_url: String,
    /// Archives stamped before this moment are stamped again.
    pub restamp_before: Option<Timestamp>,
    /// Whether people are invented and keys are of development.
    pub demo: bool,
}

/// Returns the settings of all roles.
pub fn read(options: &Reading) -> Result<Settings, StartError> {
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
    let registers = registers(options.add.as_deref())?;
    let mut laid = Vec::new();
    if let Some(folder) = &options.add {
        for (name, text) in added(&folder.join("regulations"), 1)? {
            let read = regulation::parse(&name, &text)
                .map_err(|found| shipped(&name, &regulation::render(&found, &name, &text, false)))?;
            regulations.push(Arc::new(read));
        }
        for (name, text) in added(&folder.join("organizations"), 0)? {
            let read = Organization::parse(&text).map_err(|found| shipped(&name, &format!("{found:?}")))?;
            organizations.insert(read.id.clone(), read);
        }
        laid = overlays(&added(&folder.join("overlays"), 0)?, &regulations, &organizations)?;
    }
    if options.confirmed_only {
        let confirmed = |it: &Arc<Regulation>| Arc::new(it.confirmed_only());
        regulations = regulations.iter().map(confirmed).collect();
        for it in &mut laid {
            it.regulation = confirmed(&it.regulation);
        }
    }
    for organization in organizations.values() {
        for id in &organization.keeps {
            if registers.get(id.as_str()).is_none_or(|it| it.own.is_none()) {
                let what = format!("`keeps` names `{id}`, which no organisation can keep");
                return Err(shipped(&organization.id, &what));
            }
        }
    }
    Ok(Settings {
        regulations,
        laid,
        calendar,
        rates,
        organizations,
        registers,
        published: PublishedForms::default(),
        base_url: options.base_url.clone(),
        restamp_before: options.restamp_before,
        demo: options.demo,
    })
}

/// Most files of a kind that are added.
const ADDED_MAX: usize = 1_000;

/// Reads the `.toml` files of a folder, and of folders inside it as deep as said; one that is not there holds none.
fn added(folder: &Path, depth: usize) -> Result<Vec<(String, String)>, StartError> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |it| StartError::File(path, it)
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))?.take(ADDED_MAX) {
        paths.push(entry.map_err(failed(folder))?.path());
    }
    paths.sort();
    for path in paths {
        if depth > 0 && path.is_dir() {
            found.extend(added(&path, depth - 1)?);
        } else if path.extension().is_some_and(|it| it == "toml") {
            let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
            found.push((path.display().to_string(), text));
        }
    }
    Ok(found)
}

/// Returns the contracts of the registers: those that ship, and those of the folder, which take the place of one of the same id.
fn registers(add: Option<&Path>) -> Result<BTreeMap<String, RegisterContract>, StartError> {
    let mut registers = BTreeMap::new();
    for (name, text) in embedded::REGISTERS {
        let read = RegisterContract::parse(text).map_err(|found| shipped(name, &found))?;
        registers.insert(read.id.clone(), read);
    }
    let Some(folder) = add.map(|it| it.join("registers")) else { return Ok(registers) };
    for (name, text) in added(&folder, 1)? {
        let read = RegisterContract::parse(&text).map_err(|found| shipped(&name, &found))?;
        check(&read, Path::new(&name), registers.get(&read.id)).map_err(|found| shipped(&name, &found))?;
        registers.insert(read.id.clone(), read);
    }
    Ok(registers)
}

/// Checks that an added contract stands where it is looked for, can be asked by, and tells what the one in whose place it comes tells.
fn check(contract: &RegisterContract, path: &Path, shipped: Option<&RegisterContract>) -> Result<(), String> {
    let place = Path::new(&contract.id).join("register.toml");
    if !path.ends_with(&place) {
        return Err(format!("the contract of `{}` stands in registers/{}", contract.id, place.display()));
    }
    if !contract.is_own() && !RegistersClient::speaks(&contract.transport) {
        return Err(format!("`transport`: no codec is called `{}`", contract.transport));
    }
    let lost = shipped.and_then(|it| it.told().find(|fact| !contract.told().any(|it| it == *fact)));
    match lost {
        Some(fact) => Err(format!("it does not tell `{fact}`, which the one that ships tells")),
        None => Ok(()),
    }
}

/// Lays what the organisations confirmed of the Standards over their editions.
fn overlays(
    files: &[(String, String)],
    regulations: &[Arc<Regulation>],
    organizations: &BTreeMap<String, Organization>,
) -> Result<Vec<Laid>, StartError> {
    let mut laid = Vec::new();
    for (name, text) in files {
        let overlay = Overlay::parse(text).map_err(|found| shipped(name, &found))?;
        if !organizations.contains_key(&overlay.organization) {
            return Err(shipped(name, &format!("no organisation `{}`", overlay.organization)));
        }
        let of = regulations.iter().find(|it| it.service == overlay.service && it.edition == overlay.edition);
        let of =
            of.ok_or_else(|| shipped(name, &format!("no edition {}@{}", overlay.service, overlay.edition)))?;
        let words = |found: Vec<regulation::OverlayMistake>| {
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let regulation = overlay.apply(of).map_err(|found| shipped(name, &words(found)))?;
        laid.push(Laid { organization: overlay.organization, regulation: Arc::new(regulation) });
    }
    Ok(laid)
}
