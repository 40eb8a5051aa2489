// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an office kept before, taken into a register: a table as CSV with a head, or JSON as a list of flat objects.
//!
//! The names of the columns are those of records: `iin`, `full_name`, `from`, `to` and the columns of the register's contract; a
//! page may know other names of them, and the value of a choice may be given by its name for people. A file with a mistake is not
//! taken at all, and every mistake is told by its line and column, without its value. A line that was taken before is passed
//! over, so the same file may come at each start.
//!
//! At the start a long file goes in by many commits, and what a stop cut off is taken at the next start. What an official uploads
//! is bounded and is one commit: all of it or nothing, though somebody enters the same person meanwhile.

use super::enter::{NewEntry, id_of};
use super::hold::{LOOK_AGAIN_MAX, PersonHolds};
use crate::Service;
use crate::access::Seat;
use crate::codec::register::Ground;
use crate::contracts::folded;
use crate::contracts::own::{Column, FROM, Is, OwnRules, TO, VALUE_CHARS_MAX, Wrong, trimmed};
use crate::ports::registers::Record;
use crate::submit::{Along, SubmitError};
use engine::case::{FileHash, PersonId};
use jiff::civil::Date;
use regulation::model::RegisterId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

mod csv;

/// The largest file.
pub const IMPORT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most lines of a file.
pub const IMPORT_ROWS_MAX: usize = 20_000;
/// The largest file that an official uploads.
pub const UPLOAD_BYTES_MAX: usize = 1024 * 1024;
/// The most lines that an official uploads at once.
pub const UPLOAD_ROWS_MAX: usize = 1_000;
/// The most mistakes that are told.
pub const MISTAKES_MAX: usize = 100;
/// Entries of one commit at the start.
const BATCH: usize = 50;
/// The column of a person's number.
pub const IIN: &str = "iin";
/// The column of the full name.
pub const FULL_NAME: &str = "full_name";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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

/// Why a file cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Format {
    /// It is larger than may be.
    #[error("it is too large")]
    TooLarge,
    /// It has more lines than may be.
    #[error("it has more than {most} lines")]
    TooManyLines {
        /// How many may be.
        most: usize,
    },
    /// Its letters are not those of UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// It has no line.
    #[error("it is empty")]
    Empty,
    /// Its head names a column twice.
    #[error("its head names a column twice")]
    ColumnTwice,
    /// A line has not as many values as the head.
    #[error("line {line} has not as many values as the head")]
    Uneven {
        /// The line.
        line: usize,
    },
    /// A quotation does not end.
    #[error("a quotation that begins in the row of line {line} does not end")]
    OpenQuotation {
        /// The line.
        line: usize,
    },
    /// It is no list of flat objects.
    #[error("line {line} is not JSON as a list of flat objects of texts")]
    Json {
        /// The line.
        line: usize,
    },
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportRefused {
    /// The organisation does not keep the register.
    #[error("the organisation does not keep this register")]
    NotKept,
    /// It is neither a table with a head nor a list of flat objects; or too long.
    #[error("the file cannot be read: {0}")]
    Format(Format),
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

/// Other names of columns, by the name as people write it.
pub type ColumnNames = BTreeMap<String, String>;

/// The values of a line by their columns, and where it begins.
type Row = (usize, BTreeMap<String, String>);

/// A line of a file.
struct Line {
    number: u32,
    iin: String,
    full_name: String,
    record: Record,
}

/// Whose file it is: the body, and the official who uploads it.
#[derive(Clone, Copy)]
struct By<'a> {
    organization: &'a str,
    register: &'a RegisterId,
    seat: Option<&'a PersonId>,
}

/// What is to be entered, what was there already, and who must not be entered meanwhile.
#[derive(Default)]
struct Plan {
    new: Vec<NewEntry>,
    known: usize,
    holds: PersonHolds,
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
        let by = By { organization, register, seat: None };
        let bounds = (IMPORT_BYTES_MAX, IMPORT_ROWS_MAX);
        let lines = read(&self.own_rules(register), file, bounds, &ColumnNames::new())?;
        let (kept, lines) = (self.kept_file(file).await?, lines);
        let plan = self.plan(by, &lines, &kept).await?;
        let imported = Imported { entered: plan.new.len(), known: plan.known };
        let mut batch = Along::default();
        for (index, entry) in plan.new.into_iter().enumerate() {
            batch = batch.and(self.make_entry(entry, self.now()).await?);
            if (index + 1) % BATCH == 0 {
                self.put_along(std::mem::take(&mut batch)).await?;
            }
        }
        self.put_along(batch).await?;
        Ok(imported)
    }

    /// Takes a file that an official uploads: all of it in one commit, or nothing. Each entry names him, the file and its line;
    /// `order` is the id of the page's form: the same twice is one act. `names` are other names of the columns.
    pub async fn upload_entries(
        &self,
        seat: &Seat,
        register: &RegisterId,
        (file, names): (&[u8], &ColumnNames),
        order: Uuid,
    ) -> Result<Imported, ImportRefused> {
        self.kept_register(seat, register)?;
        if let Some(answer) = self.ports.store.answer(order).await.map_err(SubmitError::from)? {
            return Ok(read_answer(&answer)?);
        }
        let lines = read(&self.own_rules(register), file, (UPLOAD_BYTES_MAX, UPLOAD_ROWS_MAX), names)?;
        let kept = self.kept_file(file).await?;
        let by = By { organization: &seat.organization, register, seat: Some(&seat.person) };
        for _ in 0..LOOK_AGAIN_MAX {
            let plan = self.plan(by, &lines, &kept).await?;
            let imported = Imported { entered: plan.new.len(), known: plan.known };
            let mut along = Along::from(plan.holds.rows());
            for entry in plan.new {
                along = along.and(self.make_entry(entry, self.now()).await?);
            }
            let answer = serde_json::to_vec(&imported).unwrap_or_default();
            match self.put_once(order, along, answer).await {
                Ok(answer) => return Ok(read_answer(&answer)?),
                Err(SubmitError::Changed) => {}
                Err(failed) => return Err(failed.into()),
            }
        }
        Err(SubmitError::Changed.into())
    }

    async fn kept_file(&self, file: &[u8]) -> Result<FileHash, SubmitError> {
        Ok(self.ports.store.put_file(file.to_vec()).await?)
    }

    /// Returns what is to be entered of the lines; who stands in the register already is a mistake, told by his line.
    async fn plan(&self, by: By<'_>, lines: &[Line], file: &FileHash) -> Result<Plan, ImportRefused> {
        let (mut plan, mut mistakes) = (Plan::default(), Vec::new());
        let rules = self.own_rules(by.register);
        let today = crate::local_date(self.now());
        let mut seen: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
        for line in lines {
            let entry = self.by_import(by, line, file);
            let before = plan.new.iter().any(|it: &NewEntry| it.id == entry.id);
            if before || self.stored_entry(entry.id).await?.is_some() {
                plan.known += 1;
                continue;
            }
            self.hold(&mut plan.holds, by.register, &self.vault.pseudonym(&line.iin)).await?;
            let of_person = seen.entry(&line.iin).or_default();
            let twice = of_person.iter().any(|it| rules.clash((it, None), &line.record, today).is_some());
            if twice || self.clashing(by.register, &line.iin, &line.record).await?.is_some() {
                mistakes.push(line.mistake((IIN.to_owned(), Wrong::Entered)));
            }
            of_person.push(&line.record);
            plan.new.push(entry);
        }
        if mistakes.is_empty() { Ok(plan) } else { Err(refused(mistakes)) }
    }

    fn by_import(&self, by: By<'_>, line: &Line, file: &FileHash) -> NewEntry {
        let said: Vec<String> = line.record.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let person = self.vault.pseudonym(&line.iin);
        let parts = ["import", by.register.as_str(), by.organization, &person, &said.join("\u{1e}")];
        NewEntry {
            id: id_of(&parts),
            register: by.register.clone(),
            organization: by.organization.to_owned(),
            ground: Ground::Import { file: file.clone(), line: line.number, by: by.seat.cloned() },
            iin: line.iin.clone(),
            full_name: line.full_name.clone(),
            record: line.record.clone(),
            document: None,
        }
    }
}

fn read_answer(bytes: &[u8]) -> Result<Imported, SubmitError> {
    serde_json::from_slice(bytes).map_err(|_| SubmitError::Changed)
}

fn refused(mut mistakes: Vec<ImportMistake>) -> ImportRefused {
    mistakes.truncate(MISTAKES_MAX);
    ImportRefused::Mistakes(mistakes)
}

impl Line {
    fn new(rules: &OwnRules, number: usize, values: BTreeMap<String, String>) -> Self {
        let mut record = trimmed(values);
        let iin = record.remove(IIN).unwrap_or_default();
        let full_name = record.remove(FULL_NAME).unwrap_or_default();
        let full_name = full_name.split_whitespace().collect::<Vec<_>>().join(" ");
        for (name, value) in &mut record {
            *value = stored(rules.named(name), name, std::mem::take(value));
        }
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
        found.into_iter().map(|it| self.mistake(it)).collect()
    }

    fn mistake(&self, (column, wrong): (String, Wrong)) -> ImportMistake {
        ImportMistake { line: self.number, column, wrong }
    }
}

/// Returns a value as it is stored: a day as spreadsheets here write it, a choice by its name for people.
fn stored(column: Option<&Column>, name: &str, value: String) -> String {
    if [FROM, TO].contains(&name) || column.is_some_and(|it| it.is == Is::Date) {
        return Date::strptime("%d.%m.%Y", &value).map_or(value, |it| it.to_string());
    }
    let said = folded(&value);
    let choice = column
        .iter()
        .flat_map(|it| &it.choices)
        .find(|it| [&it.title.kk, &it.title.ru, &it.title.en].into_iter().any(|title| folded(title) == said));
    choice.map_or(value, |it| it.value.clone())
}

/// Reads a file; every mistake of its lines is told.
fn read(
    rules: &OwnRules,
    file: &[u8],
    (bytes, most): (usize, usize),
    names: &ColumnNames,
) -> Result<Vec<Line>, ImportRefused> {
    let lines = lines(file, bytes, names).map_err(ImportRefused::Format)?;
    if lines.len() > most {
        return Err(ImportRefused::Format(Format::TooManyLines { most }));
    }
    if lines.is_empty() {
        return Err(ImportRefused::Format(Format::Empty));
    }
    let lines: Vec<Line> = lines.into_iter().map(|(at, values)| Line::new(rules, at, values)).collect();
    let mistakes: Vec<ImportMistake> = lines.iter().flat_map(|it| it.mistakes(rules)).collect();
    if mistakes.is_empty() { Ok(lines) } else { Err(refused(mistakes)) }
}

fn lines(file: &[u8], most: usize, names: &ColumnNames) -> Result<Vec<Row>, Format> {
    if file.len() > most {
        return Err(Format::TooLarge);
    }
    let column = |it: &str| names.get(&folded(it)).cloned().unwrap_or_else(|| it.to_owned());
    let text = std::str::from_utf8(file).map_err(|_| Format::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('[') {
        return csv::read(text, column);
    }
    let records: Vec<BTreeMap<String, String>> =
        serde_json::from_str(text).map_err(|it| Format::Json { line: it.line() })?;
    let record = |it: BTreeMap<String, String>| it.into_iter().map(|(name, value)| (column(&name), value));
    Ok(records.into_iter().enumerate().map(|(index, it)| (index + 1, record(it).collect())).collect())
}
