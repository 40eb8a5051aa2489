// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an office kept before, taken into a register: a table as CSV with a head, or JSON as a list of flat objects.
//!
//! The names of the columns are those of records: `iin`, `full_name`, `from`, `to` and the columns of the register's contract. A
//! file with a mistake is not taken at all, and every mistake is told by its line and column, without its value. A line that
//! was taken before is passed over, so the same file may come at each start.

use super::enter::{NewEntry, id_of};
use crate::Service;
use crate::codec::register::Ground;
use crate::contracts::folded;
use crate::contracts::own::{ENDED, OwnRules, VALUE_CHARS_MAX, Wrong, trimmed};
use crate::ports::registers::Record;
use crate::submit::{Along, SubmitError};
use crate::tables;
use engine::case::FileHash;
use regulation::model::RegisterId;
use std::collections::{BTreeMap, BTreeSet};

mod csv;

/// The largest file.
pub const IMPORT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most lines of a file.
pub const IMPORT_ROWS_MAX: usize = 20_000;
/// The most mistakes that are told.
pub const MISTAKES_MAX: usize = 100;
/// Entries of one commit.
const BATCH: usize = 50;
const IIN: &str = "iin";
const FULL_NAME: &str = "full_name";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Lines that were entered.
    pub entered: usize,
    /// Lines that were there already.
    pub known: usize,
}

/// A mistake of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMistake {
    /// Its line, or its record, counted from one.
    pub line: u32,
    /// The column.
    pub column: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportRefused {
    /// The organisation does not keep the register.
    #[error("the organisation does not keep this register")]
    NotKept,
    /// It is neither a table with a head nor a list of flat objects; or too long.
    #[error("the file cannot be read: {0}")]
    Format(String),
    /// Some lines are wrong; at most [`MISTAKES_MAX`] are told.
    #[error("{} mistakes, the first in line {}, column `{}`: {}", .0.len(), first(.0).line, first(.0).column, first(.0).wrong.as_str())]
    Mistakes(Vec<ImportMistake>),
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

fn first(of: &[ImportMistake]) -> ImportMistake {
    let none = ImportMistake { line: 0, column: String::new(), wrong: Wrong::Unknown };
    of.first().cloned().unwrap_or(none)
}

/// A line of a file.
struct Line {
    number: u32,
    iin: String,
    full_name: String,
    record: Record,
}

impl Service {
    /// Takes a file into a register that the organisation keeps. Who starts the program does this, not an official: there is
    /// no seat.
    pub async fn import_entries(
        &self,
        organization: &str,
        register: &RegisterId,
        file: &[u8],
    ) -> Result<Imported, ImportRefused> {
        if !self.settings.keeps(organization).any(|it| it.id == register.as_str()) {
            return Err(ImportRefused::NotKept);
        }
        let rules = self.own_rules(register);
        let lines = read(file)?;
        let mut mistakes: Vec<ImportMistake> = lines.iter().flat_map(|it| it.mistakes(&rules)).collect();
        let (mut new, mut imported) = (Vec::new(), Imported::default());
        if mistakes.is_empty() {
            let kept = self.ports.store.put_file(file.to_vec()).await.map_err(SubmitError::from)?;
            mistakes.extend(self.twice(&rules, &lines));
            for line in lines {
                let entry = self.by_import((organization, register), line, &kept);
                if self
                    .ports
                    .store
                    .row(tables::ENTRIES, &entry.id.to_string())
                    .await
                    .map_err(SubmitError::from)?
                    .is_some()
                {
                    imported.known += 1;
                } else if self.is_entered(register, &entry.iin, &entry.record).await? {
                    mistakes.extend(entered(&entry));
                } else {
                    new.push(entry);
                }
            }
        }
        if !mistakes.is_empty() {
            mistakes.truncate(MISTAKES_MAX);
            return Err(ImportRefused::Mistakes(mistakes));
        }
        imported.entered = new.len();
        let mut batch = Along::default();
        for (index, entry) in new.into_iter().enumerate() {
            batch = batch.and(self.make_entry(entry, self.now()).await?);
            if (index + 1) % BATCH == 0 {
                self.put_along(std::mem::take(&mut batch)).await?;
            }
        }
        self.put_along(batch).await?;
        Ok(imported)
    }

    fn by_import(
        &self,
        (organization, register): (&str, &RegisterId),
        line: Line,
        file: &FileHash,
    ) -> NewEntry {
        let said: Vec<String> = line.record.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let person = self.vault.pseudonym(&line.iin);
        let id = id_of(&["import", register.as_str(), organization, &person, &said.join("\u{1e}")]);
        NewEntry {
            id,
            register: register.clone(),
            organization: organization.to_owned(),
            ground: Ground::Import { file: file.clone(), line: line.number },
            iin: line.iin,
            full_name: line.full_name,
            record: line.record,
            document: None,
        }
    }

    /// Returns the lines that say the same of the same person twice, both in force today.
    fn twice(&self, rules: &OwnRules, lines: &[Line]) -> Vec<ImportMistake> {
        let today = crate::local_date(self.now());
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for line in lines {
            if rules.on(line.record.clone(), None, today).contains_key(ENDED) {
                continue;
            }
            let value = |name: &String| line.record.get(name).map(|it| folded(it)).unwrap_or_default();
            if !seen.insert((line.iin.clone(), rules.same.iter().map(value).collect::<Vec<_>>())) {
                found.push(ImportMistake {
                    line: line.number,
                    column: IIN.to_owned(),
                    wrong: Wrong::Entered,
                });
            }
        }
        found
    }
}

fn entered(entry: &NewEntry) -> Option<ImportMistake> {
    let Ground::Import { line, .. } = entry.ground else { return None };
    Some(ImportMistake { line, column: IIN.to_owned(), wrong: Wrong::Entered })
}

impl Line {
    fn new(number: usize, values: BTreeMap<String, String>) -> Self {
        let mut record = trimmed(values);
        let iin = record.remove(IIN).unwrap_or_default();
        let full_name = record.remove(FULL_NAME).unwrap_or_default();
        let full_name = full_name.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { number: u32::try_from(number).unwrap_or(u32::MAX), iin, full_name, record }
    }

    fn mistakes(&self, rules: &OwnRules) -> Vec<ImportMistake> {
        let mut found = rules.problems(&self.record);
        if !engine::iin::is_well_formed(&self.iin) {
            found.push((IIN.to_owned(), Wrong::NotAnIin));
        }
        match self.full_name.chars().count() {
            0 => found.push((FULL_NAME.to_owned(), Wrong::Missing)),
            it if it > VALUE_CHARS_MAX => found.push((FULL_NAME.to_owned(), Wrong::TooLong)),
            _ => {}
        }
        let mistake = |(column, wrong)| ImportMistake { line: self.number, column, wrong };
        found.into_iter().map(mistake).collect()
    }
}

fn read(file: &[u8]) -> Result<Vec<Line>, ImportRefused> {
    let unusable = |why: &str| ImportRefused::Format(why.to_owned());
    if file.len() > IMPORT_BYTES_MAX {
        return Err(unusable("it is too large"));
    }
    let text = std::str::from_utf8(file).map_err(|_| unusable("it is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<Line> = if text.trim_start().starts_with('[') {
        let records: Vec<BTreeMap<String, String>> =
            serde_json::from_str(text).map_err(|it| unusable(&format!("line {}", it.line())))?;
        records.into_iter().enumerate().map(|(index, it)| Line::new(index + 1, it)).collect()
    } else {
        csv::read(text)
            .map_err(ImportRefused::Format)?
            .into_iter()
            .map(|(at, it)| Line::new(at, it))
            .collect()
    };
    if lines.len() > IMPORT_ROWS_MAX {
        return Err(unusable("it has too many lines"));
    }
    Ok(lines)
}
