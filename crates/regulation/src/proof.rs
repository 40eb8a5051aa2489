// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a played scenario proves, read back from its golden output: which parts were done, which step ended what how.

use crate::model::{EditionId, End, ProcedureId, ServiceId, StepId};
use std::collections::BTreeSet;

/// The line of a golden output after which the ends stand.
pub const ENDS: &str = "Рәсімдердің аяқталуы:";
/// What stands before a part that was done.
const DONE: &str = "орындалды: ";
/// What stands before the clause of a term that runs.
const TERM: &str = "қызмет мерзімі (";

/// A procedure that was ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// The procedure.
    pub procedure: ProcedureId,
    /// The step that ended it.
    pub step: StepId,
    /// How.
    pub end: End,
}

/// What one scenario proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Its name: the file's without its endings.
    pub scenario: String,
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// The ends.
    pub reached: Vec<Reached>,
    /// The parts that were done.
    pub parts: BTreeSet<StepId>,
    /// Clauses of the terms that ran.
    pub terms: BTreeSet<String>,
}

impl Proof {
    /// Reads a golden output; `None` where it names no regulation.
    pub fn read(scenario: &str, golden: &str) -> Option<Self> {
        let (service, edition) = golden.lines().nth(1).and_then(bracketed)?.split_once('/')?;
        let parts = golden.lines().filter(|it| it.contains(DONE)).filter_map(bracketed);
        let parts = parts.filter_map(|it| it.split_once(", ")).map(|(id, _)| StepId::from(id));
        let ends = golden.lines().skip_while(|it| *it != ENDS).skip(1);
        Some(Self {
            scenario: scenario.to_owned(),
            service: ServiceId::from(service),
            edition: EditionId::from(edition),
            reached: ends.filter_map(reached).collect(),
            parts: parts.collect(),
            terms: golden.lines().filter_map(term).collect(),
        })
    }
}

/// Writes the line of an end; `words` say how it ended.
pub fn line(it: &Reached, words: &str) -> String {
    format!("  {} – {}: {words}", it.procedure, it.step)
}

/// Returns what stands in the first square brackets that hold a slash, a comma or `end:`.
fn bracketed(line: &str) -> Option<&str> {
    line.split('[')
        .skip(1)
        .filter_map(|it| it.split_once(']'))
        .map(|(it, _)| it)
        .find(|it| it.contains('/') || it.contains(", ") || it.starts_with("end:"))
}

fn term(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(TERM)?;
    Some(rest.split_once("-т.)")?.0.to_owned())
}

fn reached(line: &str) -> Option<Reached> {
    let (procedure, rest) = line.trim().split_once(" – ")?;
    let (step, words) = rest.split_once(": ")?;
    let end = End::from_name(bracketed(words)?.strip_prefix("end:")?)?;
    Some(Reached { procedure: ProcedureId::from(procedure), step: StepId::from(step), end })
}
