// SPDX-License-Identifier: MIT OR Apache-2.0
//! The figures of a decision: worked out by the regulation's formulas, shown with their rates, replaceable with a reason.

use crate::case::Value;
use crate::rates::Rates;
use jiff::civil::Date;
use regulation::formula::{Formula, Operator};
use regulation::model::{Field, FieldId, FieldKind, Regulation};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

/// What follows the id of a calculated field in the name of the reason why another figure stands there.
pub const REASON: &str = ".reason";
/// Tiyn have two places.
const MONEY_PLACES: u32 = 2;

/// A rate that a calculation used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedRate {
    /// Its id.
    pub id: String,
    /// Its amount.
    pub amount: Decimal,
    /// The act that sets it.
    pub act: String,
    /// Whether the amount was read and not worked out or recalled.
    pub confirmed: bool,
}

/// One calculated figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The field of the result.
    pub field: FieldId,
    /// The formula, as the regulation writes it.
    pub formula: String,
    /// The formula with its figures in it.
    pub figures: String,
    /// What it comes to; `None` where a figure or a rate is missing.
    pub calculated: Option<Decimal>,
    /// What was given instead, or the same.
    pub given: Option<Decimal>,
    /// Why another figure was given. Personal.
    pub reason: Option<String>,
    /// The rates used.
    pub rates: Vec<UsedRate>,
    /// Names of the fields and rates that are missing.
    pub missing: Vec<String>,
}

impl Row {
    /// Returns whether another figure than the calculated one was given.
    pub fn is_replaced(&self) -> bool {
        self.given.is_some() && self.given != self.calculated
    }

    /// Returns the figure that stands: the one given, else the calculated one.
    pub fn stands(&self) -> Option<Decimal> {
        self.given.or(self.calculated)
    }
}

/// Values by the name of their field.
type Values = BTreeMap<FieldId, Value>;

/// Works out every calculated field, in the order of the regulation; a later formula may use an earlier figure.
pub fn calculate(
    regulation: &Regulation,
    application: &Values,
    result: &Values,
    (rates, on): (&Rates, Date),
) -> Vec<Row> {
    let mut known: BTreeMap<FieldId, Decimal> = BTreeMap::new();
    let mut rows = Vec::new();
    for field in &regulation.result_fields {
        let Some(formula) = &field.formula else { continue };
        let mut work = Work {
            given: [application, result],
            known: &known,
            rates,
            on,
            used: Vec::new(),
            missing: Vec::new(),
        };
        let calculated = work.value(formula).map(|it| rounded(field, it));
        let figures = work.figures(formula);
        let given = result.get(&field.id).and_then(figure);
        let reason = match result.get(&FieldId(format!("{}{REASON}", field.id))) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let row = Row {
            field: field.id.clone(),
            formula: formula.to_string(),
            figures,
            calculated,
            given,
            reason,
            rates: work.used,
            missing: work.missing,
        };
        if let Some(stands) = row.stands() {
            known.insert(field.id.clone(), stands);
        }
        rows.push(row);
    }
    rows
}

fn rounded(field: &Field, value: Decimal) -> Decimal {
    let places = if field.kind == FieldKind::Number { 0 } else { MONEY_PLACES };
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize()
}

fn figure(value: &Value) -> Option<Decimal> {
    match value {
        Value::Text(text) => text.trim().parse::<Decimal>().ok().map(|it| it.normalize()),
        Value::Bool(_) | Value::Entries(_) => None,
    }
}

struct Work<'a> {
    given: [&'a Values; 2],
    known: &'a BTreeMap<FieldId, Decimal>,
    rates: &'a Rates,
    on: Date,
    used: Vec<UsedRate>,
    missing: Vec<String>,
}

impl Work<'_> {
    fn value(&mut self, formula: &Formula) -> Option<Decimal> {
        match formula {
            Formula::Figure(text) => text.parse().ok(),
            Formula::Field(id) => self.or_missing(self.field(id), id.as_str()),
            Formula::Rate(id) => self.rate(id),
            Formula::Count(id) => Some(Decimal::from(self.entries(id).len())),
            Formula::Sum(group, field) => self.sum(group, field),
            Formula::Min(of) => self.each(of)?.into_iter().min(),
            Formula::Max(of) => self.each(of)?.into_iter().max(),
            Formula::Join(left, operator, right) => {
                let (left, right) = (self.value(left), self.value(right));
                join(left?, *operator, right?)
            }
        }
    }

    fn each(&mut self, of: &[Formula]) -> Option<Vec<Decimal>> {
        let values: Vec<Option<Decimal>> = of.iter().map(|it| self.value(it)).collect();
        values.into_iter().collect()
    }

    fn or_missing(&mut self, value: Option<Decimal>, name: &str) -> Option<Decimal> {
        if value.is_none() && !self.missing.iter().any(|it| it == name) {
            self.missing.push(name.to_owned());
        }
        value
    }

    fn field(&self, id: &FieldId) -> Option<Decimal> {
        let known = self.known.get(id).copied();
        known.or_else(|| self.given.iter().find_map(|it| it.get(id).and_then(figure)))
    }

    fn rate(&mut self, id: &str) -> Option<Decimal> {
        let found = self.rates.on(id, self.on).map(|(_, value)| value.clone());
        let Some(value) = found else { return self.or_missing(None, &format!("rate.{id}")) };
        if !self.used.iter().any(|it| it.id == id) {
            let (amount, act, confirmed) = (value.amount, value.act, value.confirmed);
            self.used.push(UsedRate { id: id.to_owned(), amount, act, confirmed });
        }
        Some(value.amount)
    }

    fn entries(&self, group: &FieldId) -> &[BTreeMap<FieldId, String>] {
        let found = self.given.iter().find_map(|it| match it.get(group) {
            Some(Value::Entries(entries)) => Some(entries.as_slice()),
            Some(Value::Bool(_) | Value::Text(_)) | None => None,
        });
        found.unwrap_or_default()
    }

    /// What an entry leaves empty counts as nothing.
    fn sum(&self, group: &FieldId, field: &FieldId) -> Option<Decimal> {
        let texts = self.entries(group).iter().filter_map(|it| it.get(field));
        let figures =
            texts.map(|it| it.trim()).filter(|it| !it.is_empty()).map(|it| it.parse::<Decimal>().ok());
        figures.collect::<Option<Vec<_>>>()?.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
    }

    /// The formula with its figures in the place of its names.
    fn figures(&mut self, formula: &Formula) -> String {
        fill(formula, &mut |it| self.value(it).map(|value| value.normalize().to_string())).to_string()
    }
}

/// Puts figures in the place of names; a name without a figure stays.
fn fill(formula: &Formula, figure: &mut impl FnMut(&Formula) -> Option<String>) -> Formula {
    match formula {
        Formula::Min(of) => Formula::Min(of.iter().map(|it| fill(it, figure)).collect()),
        Formula::Max(of) => Formula::Max(of.iter().map(|it| fill(it, figure)).collect()),
        Formula::Join(left, operator, right) => {
            let (left, right) = (fill(left, figure), fill(right, figure));
            Formula::Join(Box::new(left), *operator, Box::new(right))
        }
        Formula::Figure(_) | Formula::Field(_) | Formula::Rate(_) | Formula::Count(_) | Formula::Sum(..) => {
            figure(formula).map_or_else(|| formula.clone(), Formula::Figure)
        }
    }
}

fn join(left: Decimal, operator: Operator, right: Decimal) -> Option<Decimal> {
    match operator {
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
        Operator::Over => left.checked_div(right),
    }
}
