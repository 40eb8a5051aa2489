// SPDX-License-Identifier: MIT OR Apache-2.0
//! How the figures of a decision were found, as a table: what, how, with which rates, how much.

use super::both;
use crate::Service;
use crate::paper_spec::{Bilingual, PaperTable};
use engine::Proposal;
use engine::calculation::{Row, UsedRate, calculate};
use engine::case::{Case, Value};
use regulation::model::{Field, FieldId, FieldKind, Regulation, Text};
use std::collections::BTreeMap;

/// Returns an amount with its thousands apart: `14 675,50 теңге`.
pub(crate) fn money(text: &str) -> Bilingual {
    let text = text.trim();
    if text.is_empty() {
        return Bilingual::same("");
    }
    let figures = grouped(text);
    Bilingual::new(format!("{figures} теңге"), format!("{figures} тенге"))
}

/// Returns an amount with its thousands apart by a space that does not break, and a comma before tiyn.
pub fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut out = String::new();
    let count = whole.chars().count();
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (count - n).is_multiple_of(3) && c.is_ascii_digit() {
            out.push('\u{a0}');
        }
        out.push(c);
    }
    if rest.is_empty() { out } else { format!("{out},{rest:0<2}") }
}

/// Returns the field of a calculated figure.
pub fn calculated_field<'r>(regulation: &'r Regulation, row: &Row) -> Option<&'r Field> {
    let Some((group, _)) = &row.entry else {
        return regulation.result_fields.iter().find(|it| it.id == row.field);
    };
    let group = regulation.result_fields.iter().find(|it| it.id == *group)?;
    let FieldKind::Group { fields, .. } = &group.kind else { return None };
    fields.iter().find(|it| it.id == row.field)
}

/// Returns whose figure it is inside a group: the name in the entry, else its number as people count.
pub fn entry_name(values: &BTreeMap<FieldId, Value>, row: &Row) -> Option<String> {
    let (group, index) = row.entry.as_ref()?;
    let Some(Value::Entries(entries)) = values.get(group) else { return None };
    let name = super::values::full_name(entries.get(*index)?);
    Some(if name.is_empty() { (index + 1).to_string() } else { name })
}

impl Service {
    /// Works out the figures of a case that is granted, with what was given instead.
    pub fn calculation(&self, regulation: &Regulation, case: &Case) -> Vec<Row> {
        let none = BTreeMap::new();
        let values = match &case.proposal {
            Some((Proposal::Grant { values }, _)) => values,
            Some((Proposal::Refuse { .. }, _)) | None => &none,
        };
        self.calculation_with(regulation, case, values)
    }

    /// Works out the figures of a case as if these values were given.
    pub fn calculation_with(
        &self,
        regulation: &Regulation,
        case: &Case,
        values: &BTreeMap<FieldId, Value>,
    ) -> Vec<Row> {
        let on = crate::local_date(case.accepted_at.unwrap_or(case.opened_at));
        calculate(regulation, &case.application.fields, values, (&self.settings.rates, on))
    }

    /// Returns the calculation as a table; `None` where nothing is calculated.
    pub(super) fn calculation_table(&self, regulation: &Regulation, case: &Case) -> Option<PaperTable> {
        let rows = self.calculation(regulation, case);
        if rows.is_empty() {
            return None;
        }
        let Some((Proposal::Grant { values }, _)) = &case.proposal else { return None };
        let label = |row: &Row| {
            let field = calculated_field(regulation, row);
            let label = field.map_or_else(|| Bilingual::same(row.field.as_str()), |it| both(&it.label));
            let whose =
                |it: String| Bilingual::new(format!("{it}: {}", label.kk), format!("{it}: {}", label.ru));
            entry_name(values, row).map_or_else(|| label.clone(), whose)
        };
        let cell = |row: &Row| {
            let stands = row.stands().map_or_else(|| "—".to_owned(), |it| grouped(&it.to_string()));
            match row.reason.as_deref().filter(|_| row.is_replaced()) {
                Some(reason) => Bilingual::same(format!("{stands} ({reason})")),
                None => Bilingual::same(stands),
            }
        };
        let rates = |row: &Row| {
            let used = |act: fn(&Text) -> &str| {
                let rate = |it: &UsedRate| format!("{} — {}", it.amount.normalize(), act(&it.act));
                row.rates.iter().map(rate).collect::<Vec<_>>().join("; ")
            };
            Bilingual::new(used(|it| &it.kk), used(|it| &it.ru))
        };
        Some(PaperTable {
            columns: vec![
                Bilingual::new("Көрсеткіш", "Показатель"),
                Bilingual::new("Есептеу", "Расчет"),
                Bilingual::new("Мөлшерлемелер", "Ставки"),
                Bilingual::new("Сомасы", "Итог"),
            ],
            rows: rows
                .iter()
                .map(|it| vec![label(it), Bilingual::same(it.figures.clone()), rates(it), cell(it)])
                .collect(),
        })
    }
}
