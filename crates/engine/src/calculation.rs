// SPDX-License-Identifier: MIT OR Apache-2.0
//! The figures of a decision: worked out by the regulation's formulas, shown with their rates, replaceable with a reason.

use crate::case::Value;
use crate::rates::Rates;
use jiff::civil::Date;
use regulation::formula::{Formula, Operator};
use regulation::model::{Field, FieldId, FieldKind, Regulation, Text};
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
    pub act: Text,
    /// Whether the amount was read and not worked out or recalled.
    pub confirmed: bool,
}

/// One calculated figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The field of the result, or of one of its groups.
    pub field: FieldId,
    /// The group and the place of the entry that the field stands in, from 0; `None` outside groups.
    pub entry: Option<(FieldId, usize)>,
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
    /// Returns where the figure stands: `total`, or `children.0.allowance` in a group.
    pub fn path(&self) -> String {
        path(&self.field, self.entry.as_ref().map(|(group, index)| (group, *index)))
    }

    /// Returns where the reason stands why another figure was given.
    pub fn reason_path(&self) -> String {
        format!("{}{REASON}", self.path())
    }

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
/// One entry of a group.
type Entry = BTreeMap<FieldId, String>;

fn path(field: &FieldId, entry: Option<(&FieldId, usize)>) -> String {
    entry.map_or_else(|| field.to_string(), |(group, index)| format!("{group}.{index}.{field}"))
}

fn reason_of(field: &FieldId) -> FieldId {
    FieldId(format!("{field}{REASON}"))
}

/// Works out every calculated field, in the order of the regulation; a later formula may use an earlier figure. A formula inside
/// a group is worked out for each entry by itself, from the fields of that entry before those outside.
pub fn calculate(
    regulation: &Regulation,
    application: &Values,
    result: &Values,
    (rates, on): (&Rates, Date),
) -> Vec<Row> {
    let mut sheet =
        Sheet { given: [application, result], rates, on, known: BTreeMap::new(), rows: Vec::new() };
    for field in &regulation.result_fields {
        if let Some(formula) = &field.formula {
            sheet.add(field, formula, None);
        }
        let FieldKind::Group { max, fields, .. } = &field.kind else { continue };
        let count = entries_in(result, &field.id).len().min(usize::try_from(*max).unwrap_or(usize::MAX));
        for index in 0..count {
            for inner in fields {
                if let Some(formula) = &inner.formula {
                    sheet.add(inner, formula, Some((&field.id, index)));
                }
            }
        }
    }
    sheet.rows
}

/// Puts the calculated figures where none is given, and drops a reason where the calculated figure stands.
pub fn settle(rows: &[Row], values: &mut Values) {
    for row in rows {
        let calculated = row.calculated.filter(|_| row.given.is_none()).map(|it| it.to_string());
        if let Some((group, index)) = &row.entry {
            let Some(Value::Entries(entries)) = values.get_mut(group) else { continue };
            let Some(entry) = entries.get_mut(*index) else { continue };
            if !row.is_replaced() {
                entry.remove(&reason_of(&row.field));
            }
            entry.extend(calculated.map(|it| (row.field.clone(), it)));
        } else {
            if !row.is_replaced() {
                values.remove(&reason_of(&row.field));
            }
            values.extend(calculated.map(|it| (row.field.clone(), Value::Text(it))));
        }
    }
}

/// The figures as they are worked out one after another.
struct Sheet<'a> {
    given: [&'a Values; 2],
    rates: &'a Rates,
    on: Date,
    known: BTreeMap<String, Decimal>,
    rows: Vec<Row>,
}

impl Sheet<'_> {
    fn add(&mut self, field: &Field, formula: &Formula, entry: Option<(&FieldId, usize)>) {
        let row = entry.and_then(|(group, index)| entries_in(self.given[1], group).get(index));
        let mut work = Work { sheet: self, entry, row, used: Vec::new(), missing: Vec::new() };
        let calculated = work.value(formula).map(|it| rounded(field, it));
        let figures = work.figures(formula);
        let (rates, missing) = (work.used, work.missing);
        let given = match row {
            Some(row) => row.get(&field.id).and_then(|it| number(it)),
            None => self.given[1].get(&field.id).and_then(figure),
        };
        let reason = match row {
            Some(row) => row.get(&reason_of(&field.id)).cloned(),
            None => self.given[1].get(&reason_of(&field.id)).and_then(text),
        };
        let row = Row {
            field: field.id.clone(),
            entry: entry.map(|(group, index)| (group.clone(), index)),
            formula: formula.to_string(),
            figures,
            calculated,
            given,
            reason,
            rates,
            missing,
        };
        if let Some(stands) = row.stands() {
            self.known.insert(row.path(), stands);
        }
        self.rows.push(row);
    }
}

fn rounded(field: &Field, value: Decimal) -> Decimal {
    let places = if field.kind == FieldKind::Number { 0 } else { MONEY_PLACES };
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize()
}

fn figure(value: &Value) -> Option<Decimal> {
    match value {
        Value::Text(text) => number(text),
        Value::Bool(_) | Value::Entries(_) => None,
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.trim().parse::<Decimal>().ok().map(|it| it.normalize())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(_) | Value::Entries(_) => None,
    }
}

fn entries_in<'v>(values: &'v Values, group: &FieldId) -> &'v [Entry] {
    match values.get(group) {
        Some(Value::Entries(entries)) => entries,
        Some(Value::Bool(_) | Value::Text(_)) | None => &[],
    }
}

/// One formula at work.
struct Work<'a> {
    sheet: &'a Sheet<'a>,
    entry: Option<(&'a FieldId, usize)>,
    row: Option<&'a Entry>,
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

    /// The entry's own field before one outside of the group.
    fn field(&self, id: &FieldId) -> Option<Decimal> {
        let known = |it: String| self.sheet.known.get(&it).copied();
        if let Some(row) = self.row {
            let own = known(path(id, self.entry)).or_else(|| row.get(id).and_then(|it| number(it)));
            if own.is_some() {
                return own;
            }
        }
        known(path(id, None)).or_else(|| self.sheet.given.iter().find_map(|it| it.get(id).and_then(figure)))
    }

    fn rate(&mut self, id: &str) -> Option<Decimal> {
        let found = self.sheet.rates.on(id, self.sheet.on).map(|(_, value)| value.clone());
        let Some(value) = found else { return self.or_missing(None, &format!("rate.{id}")) };
        if !self.used.iter().any(|it| it.id == id) {
            let (amount, act, confirmed) = (value.amount, value.act, value.confirmed);
            self.used.push(UsedRate { id: id.to_owned(), amount, act, confirmed });
        }
        Some(value.amount)
    }

    fn entries(&self, group: &FieldId) -> &[Entry] {
        self.sheet.given.iter().map(|it| entries_in(it, group)).find(|it| !it.is_empty()).unwrap_or_default()
    }

    /// What an entry leaves empty counts as nothing; a figure calculated in it counts as it stands.
    fn sum(&self, group: &FieldId, field: &FieldId) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for (index, entry) in self.entries(group).iter().enumerate() {
            let known = self.sheet.known.get(&path(field, Some((group, index)))).copied();
            let typed = entry.get(field).map(|it| it.trim()).filter(|it| !it.is_empty());
            let figure = match (known, typed) {
                (Some(known), _) => known,
                (None, Some(typed)) => typed.parse().ok()?,
                (None, None) => continue,
            };
            sum = sum.checked_add(figure)?;
        }
        Some(sum)
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
