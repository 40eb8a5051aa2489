// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the executor prepares: the fields of the result, and the figures worked out by the regulation's formulas, each with
//! its rates and replaceable with a reason.

use engine::Inadmissible;
use engine::calculation::{REASON, Row as Calculated, settle};
use engine::case::{Proposal, Value};
use engine::form::Problem as Mistake;
use regulation::model::{Expr, Field as Declared, FieldId, FieldKind as Kind, Regulation};
use service::Service;
use service::cases::CaseView;
use service::papers::{calculated_field, entry_name, grouped};
use std::collections::BTreeMap;

use super::case::Typed;
use crate::form::{self, Given, Item, said};
use crate::offices::case::fields;
use crate::page::Page;
use crate::ui::{Cell, Field, FieldKind, Row, Table};
use crate::words::Words;

type Values = BTreeMap<FieldId, Value>;

/// What is asked for a paper that is granted.
pub(super) struct Grant {
    pub(super) items: Vec<Item>,
    pub(super) lines: Vec<Line>,
}

/// A calculated figure.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) calculated: Option<String>,
    pub(super) how: String,
    pub(super) rates: Vec<String>,
    pub(super) missing: Option<String>,
    pub(super) other: Field,
    pub(super) reason: Field,
}

impl Line {
    /// Returns whether another figure stands there, must, or is wrong.
    pub(super) fn is_open(&self) -> bool {
        let said = |it: &Field| !it.value.is_empty() || it.error.is_some();
        self.calculated.is_none() || said(&self.other) || said(&self.reason)
    }
}

/// Returns whether a field is asked for: what its condition says of the application is known, what it says of the result
/// itself is settled in the page.
fn is_shown(view: &CaseView, field: &Declared, values: &Values) -> bool {
    let regulation = &view.regulation;
    let of_result = |when: &Expr| speaks_only_of(when, &regulation.result_fields);
    field.is_asked_in(view.case.channel)
        && (field.when.as_ref().is_some_and(of_result) || is_asked(view, field, values))
}

/// Returns whether a field is asked for with these values.
fn is_asked(view: &CaseView, field: &Declared, values: &Values) -> bool {
    let mut known: Values = view.case.known_fields();
    known.extend(values.iter().map(|(id, it)| (id.clone(), it.clone())));
    engine::form::is_asked(field, &known, Some(view.case.channel))
}

fn speaks_only_of(expr: &Expr, fields: &[Declared]) -> bool {
    match expr {
        Expr::Fact(id) | Expr::Equals(id, _) => fields.iter().any(|it| it.id.as_str() == id.as_str()),
        Expr::Not(inner) => speaks_only_of(inner, fields),
        Expr::All(list) | Expr::Any(list) => list.iter().all(|it| speaks_only_of(it, fields)),
    }
}

/// Returns the values that the executor gives: what he typed, calculated figures where he left them, reasons where he did not.
pub(super) fn values(service: &Service, view: &CaseView, given: &Given) -> Values {
    let regulation = &view.regulation;
    let mut values = form::read(&regulation.result_fields, given);
    let known = values.clone();
    let asked = |id: &FieldId| {
        let field = regulation.result_fields.iter().find(|it| it.id == *id);
        field.is_some_and(|it| is_asked(view, it, &known))
    };
    values.retain(|id, _| asked(id));
    let mut rows = service.calculation_with(regulation, &view.case, &values);
    rows.retain(|row| asked(row.entry.as_ref().map_or(&row.field, |(group, _)| group)));
    for row in &rows {
        let reason = given.get(&row.reason_path()).to_owned();
        if !reason.is_empty() {
            give_reason(row, reason, &mut values);
        }
    }
    settle(&rows, &mut values);
    form::rearranged(&regulation.result_fields, given, &mut values);
    values
}

fn give_reason(row: &Calculated, reason: String, values: &mut Values) {
    let name = FieldId(format!("{}{REASON}", row.field));
    let Some((group, index)) = &row.entry else {
        values.insert(name, Value::Text(reason));
        return;
    };
    if let Some(Value::Entries(entries)) = values.get_mut(group)
        && let Some(entry) = entries.get_mut(*index)
    {
        entry.insert(name, reason);
    }
}

/// What the executor begins from: what was returned to him, what a register said, the entries that the applicant gave; a
/// single choice is made already.
fn begun(view: &CaseView) -> Values {
    if let Some((Proposal::Grant { values }, _)) = &view.case.proposal {
        return values.clone();
    }
    let known = view.regulation.result_fields.iter().filter_map(|field| {
        let fact = field.prefill.as_deref();
        let told = fact.and_then(|fact| view.case.facts.iter().find(|(id, _)| id.as_str() == fact));
        if let Some((_, told)) = told {
            return Some((field.id.clone(), told.value.clone()));
        }
        if let Kind::Group { fields, .. } = &field.kind {
            let asked = view.case.application.fields.get(&FieldId::from(fact?))?;
            return Some((field.id.clone(), taken_over(fields, asked)?));
        }
        let Kind::Choice(choices) = &field.kind else { return None };
        let [(only, _)] = choices.as_slice() else { return None };
        Some((field.id.clone(), Value::Text(only.clone())))
    });
    known.collect()
}

/// Entries of the application as far as they have the fields of this group.
fn taken_over(fields: &[Declared], asked: &Value) -> Option<Value> {
    let Value::Entries(entries) = asked else { return None };
    let kept = |entry: &BTreeMap<FieldId, String>| {
        let known =
            entry.iter().filter(|(id, _)| fields.iter().any(|it| it.id == **id && it.formula.is_none()));
        known.map(|(id, text)| (id.clone(), text.clone())).collect()
    };
    Some(Value::Entries(entries.iter().map(kept).collect()))
}

/// What is asked of a field in the form: what is calculated stands below it.
fn typed_by_hand(field: &Declared) -> Declared {
    let mut field = field.clone();
    if let Kind::Group { fields, .. } = &mut field.kind {
        fields.retain(|it| it.formula.is_none());
    }
    field
}

/// Returns the form of a paper that is granted.
pub(super) fn grant(page: &Page, service: &Service, view: &CaseView, typed: &Typed) -> Grant {
    let w = page.w;
    let regulation = &view.regulation;
    let mistakes: &[Mistake] = if let Some(Inadmissible::Form(found)) = &typed.why { found } else { &[] };
    let typed_here = typed.given.has("part");
    let values = if typed_here { values(service, view, &typed.given) } else { begun(view) };
    let rearranging = typed.given.has("add") || typed.given.has("remove");
    let read = typed_here && !rearranging;
    let shown = if read { form::read(&regulation.result_fields, &typed.given) } else { values.clone() };
    let nothing = Given::default();
    let given = if read { &typed.given } else { &nothing };
    let fields: Vec<Declared> = regulation
        .result_fields
        .iter()
        .filter(|it| it.formula.is_none() && is_shown(view, it, &values))
        .map(typed_by_hand)
        .collect();
    let unexplained = matches!(typed.why, Some(Inadmissible::Empty(engine::inadmissible::Input::Override)));
    let drawing = Drawing { w, service, regulation, values: &values, given, mistakes, unexplained };
    let rows = service.calculation_with(regulation, &view.case, &values);
    let asked = |row: &&Calculated| {
        let top = row.entry.as_ref().map_or(&row.field, |(group, _)| group);
        let field = regulation.result_fields.iter().find(|it| it.id == *top);
        field.is_some_and(|it| is_shown(view, it, &values))
    };
    Grant {
        items: form::show(w, &fields, &shown, mistakes),
        lines: rows.iter().filter(asked).map(|it| drawing.line(it)).collect(),
    }
}

struct Drawing<'a> {
    w: Words,
    service: &'a Service,
    regulation: &'a Regulation,
    values: &'a Values,
    given: &'a Given,
    mistakes: &'a [Mistake],
    unexplained: bool,
}

impl Drawing<'_> {
    fn label(&self, id: &str) -> String {
        let lang = self.w.lang();
        let fields = self.regulation.result_fields.iter().chain(&self.regulation.fields);
        let named = fields.clone().find(|it| it.id.as_str() == id).map(|it| said(lang, &it.label));
        let rate = id.strip_prefix("rate.").and_then(|it| self.rate(it));
        named.map(str::to_owned).or(rate).unwrap_or_else(|| id.to_owned())
    }

    /// Whose figure it is, and its label.
    fn named(&self, row: &Calculated) -> String {
        let lang = self.w.lang();
        match (calculated_field(self.regulation, row), entry_name(self.values, row)) {
            (Some(field), Some(whose)) => format!("{whose}: {}", said(lang, &field.label)),
            (Some(field), None) => said(lang, &field.label).to_owned(),
            (None, _) => row.path(),
        }
    }

    fn rate(&self, id: &str) -> Option<String> {
        let rate = self.service.settings.rates.rate(id)?;
        Some(said(self.w.lang(), &rate.title).to_owned())
    }

    fn line(&self, row: &Calculated) -> Line {
        let w = self.w;
        let path = row.path();
        let id = path.as_str();
        let replaced = row.is_replaced();
        let typed = self.given.has(id);
        let other = if typed {
            self.given.get(id).to_owned()
        } else {
            row.given.filter(|_| replaced).map(|it| it.to_string()).unwrap_or_default()
        };
        let mistake = self.mistakes.iter().find(|it| it.path == id);
        let reason_id = row.reason_path();
        let reason = if typed {
            self.given.get(&reason_id).to_owned()
        } else {
            row.reason.clone().unwrap_or_default()
        };
        let silent = self.unexplained && replaced && reason.trim().is_empty();
        let rate = |it: &engine::calculation::UsedRate| {
            let name = self.rate(&it.id).unwrap_or_else(|| it.id.clone());
            let sure = if it.confirmed { "" } else { w.rc_rate_unconfirmed() };
            let (amount, comma) =
                (grouped(&it.amount.normalize().to_string()), if it.confirmed { "" } else { "; " });
            format!("{name}: {amount} ({}{comma}{sure})", said(w.lang(), &it.act))
        };
        let missing: Vec<String> = row.missing.iter().map(|it| self.label(it)).collect();
        Line {
            label: self.named(row),
            calculated: row.calculated.map(|it| w.rc_calculated(grouped(&it.to_string()))),
            how: w.rc_how(&row.figures),
            rates: row.rates.iter().map(rate).collect(),
            missing: (!missing.is_empty()).then(|| w.rc_missing(missing.join(", "))),
            other: Field::new(id, w.rc_other())
                .kind(FieldKind::Digits)
                .hint(w.rc_other_hint())
                .width(20)
                .value(other)
                .optional()
                .error(mistake.map(|it| form::problem_text(w, it.kind, 0))),
            reason: Field::new(&reason_id, w.ex_override())
                .kind(FieldKind::Lines)
                .value(reason)
                .optional()
                .error(silent.then(|| w.verr_required())),
        }
    }
}

/// Returns the calculation of a proposal as a table for who signs it; nothing where nothing is calculated.
pub(super) fn shown(w: Words, service: &Service, view: &CaseView) -> Option<Table> {
    let rows = service.calculation(&view.regulation, &view.case);
    if rows.is_empty() {
        return None;
    }
    let (given, mistakes) = (Given::default(), Vec::new());
    let Some((Proposal::Grant { values }, _)) = &view.case.proposal else { return None };
    let drawing = Drawing {
        w,
        service,
        regulation: &view.regulation,
        values,
        given: &given,
        mistakes: &mistakes,
        unexplained: false,
    };
    let row = |it: &Calculated| {
        let figure = |text: Option<String>| text.map_or_else(|| "—".to_owned(), |it| grouped(&it));
        let stands = figure(it.stands().map(|it| it.to_string()));
        let reason = it.reason.clone().filter(|_| it.is_replaced());
        vec![
            Cell::text(drawing.named(it)),
            Cell::text(it.figures.clone()),
            Cell::text(figure(it.calculated.map(|it| it.to_string()))),
            Cell::text(reason.map_or_else(|| stands.clone(), |why| format!("{stands} ({why})"))),
        ]
    };
    Some(Table {
        caption: w.ex_calculation().to_owned(),
        columns: [w.rc_figure(), w.ex_calculation(), w.rc_by_formula(), w.rc_stands()]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.iter().map(row).collect(),
        empty: String::new(),
    })
}

/// Returns a proposal in words, and its groups as tables; its figures stand in the calculation.
pub(super) fn proposal(page: &Page, view: &CaseView) -> (Vec<Row>, Vec<Table>) {
    let w = page.w;
    match &view.case.proposal {
        Some((Proposal::Grant { values }, _)) => {
            let mut rows = vec![Row::new(w.off_proposed(), w.off_proposed_grant())];
            let plain: Vec<_> =
                view.regulation.result_fields.iter().filter(|it| it.formula.is_none()).cloned().collect();
            let (more, tables) = fields(w, &plain, values, &[]);
            rows.extend(more);
            (rows, tables)
        }
        Some((Proposal::Refuse { ground, reason }, _)) => {
            let text = view.regulation.ground(ground).map_or("", |it| said(w.lang(), &it.text));
            let rows = vec![
                Row::new(w.off_proposed(), w.off_proposed_refusal()),
                Row::new(w.off_ground(), text),
                Row::new(w.off_reason(), reason),
            ];
            (rows, Vec::new())
        }
        None => (Vec::new(), Vec::new()),
    }
}
