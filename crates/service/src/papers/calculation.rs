// SPDX-License-Identifier: MIT OR Apache-2.0
//! How the figures of a decision were found, as a table: what, how, with which rates, how much.

use super::both;
use crate::Service;
use crate::paper_spec::{Bilingual, PaperTable};
use engine::Proposal;
use engine::calculation::{Row, calculate};
use engine::case::{Case, Value};
use regulation::model::{FieldId, Regulation};
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
        let label = |row: &Row| {
            let field = regulation.result_fields.iter().find(|it| it.id == row.field);
            field.map_or_else(|| Bilingual::same(row.field.as_str()), |it| both(&it.label))
        };
        let cell = |row: &Row| {
            let stands = row.stands().map_or_else(|| "—".to_owned(), |it| grouped(&it.to_string()));
            match row.reason.as_deref().filter(|_| row.is_replaced()) {
                Some(reason) => Bilingual::same(format!("{stands} ({reason})")),
                None => Bilingual::same(stands),
            }
        };
        let rates = |row: &Row| {
            let used: Vec<String> =
                row.rates.iter().map(|it| format!("{} — {}", it.amount.normalize(), it.act)).collect();
            Bilingual::same(used.join("; "))
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
