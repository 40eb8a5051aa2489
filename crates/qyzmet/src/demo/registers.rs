// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the organisations of a demonstration kept before: the invented guardianships, and the files of `--add DIR`, in
//! `registers/<register>/<organization>.csv` or `.json`. What was taken before is passed over, and so is the register's contract.

use crate::parts::StartError;
use regulation::model::RegisterId;
use service::Service;
use service::registers::ImportRefused;
use simulators::People;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Most files that are taken.
const FILES_MAX: usize = 1_000;
/// The register that the invented people have something in.
const GUARDIANSHIP: &str = "guardianship";

/// Takes in what the organisations of a region kept before; those named alone, where any is.
pub(crate) async fn import(
    region: &Service,
    people: &People,
    organizations: &BTreeSet<String>,
    add: Option<&Path>,
) -> Result<(), StartError> {
    for organization in region.settings.organizations.values() {
        let is_named = organizations.is_empty() || organizations.contains(&organization.id);
        if is_named && region.settings.keeps(&organization.id).any(|it| it.id == GUARDIANSHIP) {
            let table = guardianships(people, organization.district());
            let told = |it: ImportRefused| StartError::Shipped("demo/people.toml".to_owned(), it.to_string());
            take(region, (GUARDIANSHIP, &organization.id), table.as_bytes()).await.map_err(told)?;
        }
    }
    let Some(folder) = add.map(|it| it.join("registers")) else { return Ok(()) };
    for register in inside(&folder)? {
        for file in inside(&register)?.into_iter().filter(|it| it.extension().is_none_or(|it| it != "toml")) {
            let bytes = std::fs::read(&file).map_err(|it| StartError::File(file.clone(), it))?;
            let of = (name(&register), name(&file));
            let told = |it: ImportRefused| StartError::Shipped(file.display().to_string(), it.to_string());
            take(region, (&of.0, &of.1), &bytes).await.map_err(told)?;
        }
    }
    Ok(())
}

async fn take(
    region: &Service,
    (register, organization): (&str, &str),
    file: &[u8],
) -> Result<(), ImportRefused> {
    region.import_entries(organization, &RegisterId::from(register), file).await.map(drop)
}

/// Returns what stands in a folder, in the order of names; one that is not there is empty.
fn inside(folder: &Path) -> Result<Vec<PathBuf>, StartError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |it| StartError::File(folder.to_owned(), it);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)?.take(FILES_MAX) {
        found.push(entry.map_err(failed)?.path());
    }
    found.sort();
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns the guardianships of the people of a district, as the table that its office would have.
fn guardianships(people: &People, district: &str) -> String {
    let head = "iin;full_name;from;to;child_surname;child_given;child_patronymic;child_birth_date;child_iin;\
                act_number;act_date;act_body";
    let mut lines = vec![head.to_owned()];
    let of_district =
        people.iter().filter(|it| people.place(it).is_some_and(|it| it.region.code == district));
    for guardian in of_district {
        for (it, child) in people.appointments_of(guardian) {
            let cells = [
                guardian.iin.clone(),
                guardian.name.full(),
                it.act.date.to_string(),
                it.to.map(|it| it.to_string()).unwrap_or_default(),
                child.name.surname.clone(),
                child.name.given.clone(),
                child.name.patronymic.clone().unwrap_or_default(),
                child.birth.to_string(),
                child.iin.clone(),
                it.act.number.clone(),
                it.act.date.to_string(),
                it.act.body.clone(),
            ];
            lines.push(cells.map(|it| format!("\"{}\"", it.replace('"', "\"\""))).join(";"));
        }
    }
    lines.join("\n")
}
