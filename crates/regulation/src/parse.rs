// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the text of a file to a [`Regulation`]: syntax, shape, names. The lint looks at the meaning.

mod forms;
mod papers;
mod procedures;
mod standard;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{self, Finding};
use crate::model::{Act, EditionId, Provision, Regulation, ServiceId, Situation, Term, Text};
use crate::place::{Kind, Place};
use crate::reading::{Node, Reading, Written};
use crate::{expr, norm};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::DeTable;

/// Largest file that is read.
pub const MAX_FILE_BYTES: usize = 2 * 1024 * 1024;

/// A file that was read and linted: the regulation when there is no error, and everything found.
#[derive(Debug)]
pub struct Checked {
    /// The regulation, when the file can be used.
    pub regulation: Option<Regulation>,
    /// What was found, errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
    places: BTreeMap<Place, Range<usize>>,
}

impl Checked {
    /// Puts findings of the lint to their places in the file.
    pub fn locate(&self, findings: Vec<Finding>) -> Vec<Diagnostic> {
        findings
            .into_iter()
            .map(|it| Diagnostic {
                code: it.code,
                severity: it.severity,
                message: it.message,
                help: it.help,
                span: self.places.get(&it.place).cloned().unwrap_or(0..0),
            })
            .collect()
    }
}

/// Reads one file, one edition. `name` is its path: inside `regulations/` it must be `SERVICE/EDITION.toml`.
///
/// # Errors
/// Every mistake of the file at once. A file that only the lint objects to is read: see [`check`].
pub fn parse(name: &str, text: &str) -> Result<Regulation, Vec<Diagnostic>> {
    let (regulation, reading) = read(name, text);
    if reading.found.is_empty() { Ok(regulation) } else { Err(reading.found) }
}

/// Reads and lints one file; lint findings carry their places too.
pub fn check(name: &str, text: &str) -> Checked {
    let (regulation, reading) = read(name, text);
    let usable = reading.found.is_empty();
    let mut checked = Checked { regulation: None, diagnostics: reading.found, places: reading.places };
    if usable {
        checked.diagnostics = checked.locate(lint::lint(&regulation));
        checked.regulation = Some(regulation);
    }
    checked
}

fn read<'t>(name: &str, text: &'t str) -> (Regulation, Reading<'t>) {
    let mut reading = Reading::new(text);
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the file is larger than {MAX_FILE_BYTES} bytes");
        reading.error(Code::TooLarge, 0..0, message, "one file holds one edition of one regulation");
        return (regulation(&mut reading, name, Node::new(&DeTable::new(), 0..0)), reading);
    }
    let (table, mistakes) = DeTable::parse_recoverable(text);
    let broken = !mistakes.is_empty();
    let regulation = regulation(&mut reading, name, Node::new(table.get_ref(), 0..0));
    reading.resolve();
    if broken {
        // What is missing or undeclared may only have been lost with the broken line.
        reading.found.retain(|it| matches!(it.code, Code::UnknownName | Code::BadExpression | Code::BadNorm));
    }
    for mistake in mistakes {
        let span = mistake.span().unwrap_or(0..0);
        let message = mistake.message().split_whitespace().collect::<Vec<_>>().join(" ");
        reading.error(Code::Syntax, span, message, "the file must be TOML 1.0; see https://toml.io");
    }
    (regulation, reading)
}

fn regulation(reading: &mut Reading<'_>, name: &str, mut top: Node<'_>) -> Regulation {
    let top = &mut top;
    let service = reading.required(top, "service", "name the service, such as `guardianship-certificate`");
    reading.check_id("service", &service);
    let edition = reading.required(top, "edition", "label the edition, such as `2015`");
    reading.check_id("edition", &edition);
    file_name(reading, name, &service, &edition);
    let regulation = Regulation {
        service: ServiceId(service.text),
        edition: EditionId(edition.text),
        title: reading.required_text(top, "title"),
        outcome: reading.required_text(top, "outcome"),
        act: act(reading, top),
        provider: reading.required_text(top, "provider"),
        form: reading.required_text(top, "form"),
        media: standard::media(reading, top),
        media_of: standard::media_of(reading, top),
        situations: situations(reading, top),
        keywords: reading.strings(top, "keywords").into_iter().map(|it| it.text).collect(),
        provisions: provisions(reading, top),
        terms: terms(reading, top),
        documents: standard::documents(reading, top),
        grounds: standard::grounds(reading, top),
        fields: forms::fields(reading, top, "field", Kind::Field),
        result_fields: forms::fields(reading, top, "result-field", Kind::ResultField),
        papers: papers::papers(reading, top),
        not_accepted: standard::not_accepted(reading, top),
        entries: standard::entries(reading, top),
        facts: standard::facts(reading, top),
        procedures: procedures::procedures(reading, top),
        anomalies: standard::anomalies(reading, top),
        confirmed_only: false,
        sha256: hex::encode(Sha256::digest(reading.text.as_bytes())),
    };
    reading.close(top);
    regulation
}

fn situations(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Situation> {
    let all: Vec<_> = Situation::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let written = reading.strings(top, "situations");
    written.iter().filter_map(|it| reading.name("situation of life", it, &all)).collect()
}

fn file_name(reading: &mut Reading<'_>, name: &str, service: &Written, edition: &Written) {
    let path = name.replace('\\', "/");
    let Some((_, inside)) = path.rsplit_once("regulations/") else { return };
    let expected = format!("{}/{}.toml", service.text, edition.text);
    if inside != expected {
        let message = format!("the file is named `{inside}`, but holds `{expected}`");
        let help = "rename the file, or correct `service` and `edition`";
        reading.error(Code::FileName, service.span.clone(), message, help);
    }
}

fn act(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Act {
    if !top.has("act") {
        reading.missing(top, "act", "add the table `[act]`: what adopts the regulation");
    }
    let node = reading.node(top, "act");
    let Some(mut node) = node else {
        return Act {
            title: blank(),
            number: None,
            date: None,
            territory: None,
            in_force_from: None,
            in_force_to: None,
            repealed_by: None,
            source: String::new(),
            clauses: Vec::new(),
        };
    };
    let node = &mut node;
    let act = Act {
        title: reading.required_text(node, "title"),
        number: reading.string(node, "number").map(|it| it.text),
        date: date(reading, node, "date"),
        territory: reading.string(node, "territory").map(|it| it.text),
        in_force_from: date(reading, node, "in-force-from"),
        in_force_to: date(reading, node, "in-force-to"),
        repealed_by: reading.text(node, "repealed-by"),
        source: reading.required(node, "source", "name the file that holds the act's text").text,
        clauses: clauses(reading, node),
    };
    reading.close(node);
    act
}

fn clauses(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Vec<String> {
    if !node.has("clauses") {
        reading.missing(node, "clauses", "list every clause of the act: whatever is cited must exist");
    }
    let clauses = reading.strings(node, "clauses");
    for clause in &clauses {
        reading.declare(Kind::Clause, clause);
    }
    clauses.into_iter().map(|it| it.text).collect()
}

/// A date as `YYYY-MM-DD`; days are checked against the month.
fn date(reading: &mut Reading<'_>, node: &mut Node<'_>, key: &'static str) -> Option<String> {
    let written = reading.string(node, key)?;
    if !is_date(&written.text) {
        let message = format!("`{}` is not a date", written.text);
        reading.error(
            Code::BadDate,
            written.span,
            message,
            "write YYYY-MM-DD in quotes; leave it out when unknown",
        );
    }
    Some(written.text)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let lengths = [year.len(), month.len(), day.len()];
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    lengths == [4, 2, 2]
        && text.bytes().all(|it| it == b'-' || it.is_ascii_digit())
        && (1..=days).contains(&day)
}

fn provisions(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Provision> {
    let mut provisions = Vec::new();
    for (n, mut node) in reading.nodes(top, "provision").into_iter().enumerate() {
        reading.places.insert(Place::Nth(Kind::Provision, n), node.span.clone());
        provisions.push(Provision {
            clause: clause(reading, &mut node),
            text: reading.required_text(&mut node, "text"),
        });
        reading.close(&node);
    }
    provisions
}

fn terms(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Term> {
    let mut terms = Vec::new();
    for (n, mut node) in reading.nodes(top, "term").into_iter().enumerate() {
        reading.places.insert(Place::Nth(Kind::Term, n), node.span.clone());
        let node = &mut node;
        let scope =
            reading.required(node, "scope", "what the term covers: `service`, `processing`, `waiting` …");
        reading.check_id("scope", &scope);
        if !node.has("norm") {
            reading.missing(node, "norm", "write `norm = \"5 minutes\"`");
        }
        let assumed = reading.flag(node, "assumed");
        let source = reading.string(node, "source").map(|it| it.text);
        if assumed && source.is_none() {
            reading.missing(node, "source", "say where the proposed term comes from");
        }
        terms.push(Term {
            scope: scope.text,
            clause: (!assumed || node.has("clause")).then(|| clause(reading, node)),
            assumed: source.filter(|_| assumed),
            norm: norm_of(reading, node).unwrap_or(crate::model::Norm {
                min: 1,
                max: 1,
                unit: crate::model::Unit::Minutes,
            }),
            when: condition(reading, node),
            excludes_acceptance_day: reading.flag(node, "excludes-acceptance-day"),
            text: reading.required_text(node, "text"),
        });
        reading.close(node);
    }
    terms
}

fn clause(reading: &mut Reading<'_>, node: &mut Node<'_>) -> String {
    let clause = reading.required(node, "clause", "cite the clause of the act, such as `11.6`");
    reading.cite(Kind::Clause, &clause);
    clause.text
}

fn norm_of(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Option<crate::model::Norm> {
    let written = reading.string(node, "norm")?;
    match written.text.parse::<crate::model::Norm>() {
        Ok(norm) => Some(norm),
        Err(bad) => {
            let help = match bad {
                norm::BadNorm::Unit(_) => "units: seconds, minutes, working-days, calendar-days",
                norm::BadNorm::Shape | norm::BadNorm::Figure(_) | norm::BadNorm::Order => {
                    "write `15 minutes`, `30-60 seconds` or `3 working-days`"
                }
            };
            reading.error(Code::BadNorm, written.span, bad.to_string(), help);
            None
        }
    }
}

/// Reads `when` over facts.
fn condition(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Option<crate::model::Expr> {
    condition_over(reading, node, "when", Some(Kind::Fact))
}

/// Where a part of a string stands in the file. Escapes would shift the columns: then the whole string is underlined.
fn inside(reading: &Reading<'_>, text: &str, whole: &Range<usize>, span: Range<usize>) -> Range<usize> {
    let start = whole.start + 1;
    let plain = reading.text.get(start..start + text.len()) == Some(text);
    if plain { start + span.start..start + span.end.max(span.start + 1) } else { whole.clone() }
}

/// Reads a condition and cites what it names, underlining inside the string. What a paper's condition names is left to the
/// lint (`None`).
fn condition_over(
    reading: &mut Reading<'_>,
    node: &mut Node<'_>,
    key: &'static str,
    kind: Option<Kind>,
) -> Option<crate::model::Expr> {
    let entry = node.get(key)?;
    let Some(text) = entry.get_ref().as_str() else {
        return reading.string(node, key).and(None);
    };
    let whole = entry.span();
    let place = |span: Range<usize>| inside(reading, text, &whole, span);
    match expr::parse(text) {
        Ok((expr, mentions)) => {
            let named: Vec<Written> = mentions
                .into_iter()
                .filter(|it| !crate::facts::GIVEN.contains(&it.fact.as_str()))
                .map(|it| Written { text: it.fact.0, span: place(it.span) })
                .collect();
            if let Some(kind) = kind {
                for it in &named {
                    reading.cite(kind, it);
                }
            }
            Some(expr)
        }
        Err(bad) => {
            let help = "conditions are facts joined by `and`, `or`, `not`, brackets, or `fact == \"text\"`";
            let span = place(bad.span);
            reading.error(Code::BadExpression, span, bad.message, help);
            None
        }
    }
}

/// Reads a formula; what it names is left to the lint.
fn formula(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Option<crate::model::Formula> {
    let entry = node.get("formula")?;
    let Some(text) = entry.get_ref().as_str() else {
        return reading.string(node, "formula").and(None);
    };
    match crate::formula::parse(text) {
        Ok(formula) => Some(formula),
        Err(bad) => {
            let span = inside(reading, text, &entry.span(), bad.span);
            let help = "fields, `rate.ID`, figures, `count(group)`, `sum(group.field)`, `min(a, b)`, `max(a, b)`, + - * / and brackets";
            reading.error(Code::BadExpression, span, bad.message, help);
            None
        }
    }
}

fn blank() -> Text {
    Text { kk: String::new(), ru: String::new(), en: String::new() }
}

/// Whether anything found forbids the use of the file.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|it| it.severity == Severity::Error)
}
