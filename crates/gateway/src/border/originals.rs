// SPDX-License-Identifier: MIT OR Apache-2.0
//! A movement of the originals of papers as a record of the form, and back.

use super::parcel::{Bad, word};
use engine::case::{PersonId, Sheets, Transfer};
use shep::border::{Field, Value as Cell};

const SHEETS: &str = "sheets";
const MISSING: &str = "missing";

/// Writes a movement.
pub(super) fn write(it: &Transfer) -> Cell {
    let sheets = it.sheets.iter().map(|it| {
        Cell::Complex(vec![
            Field::text("document", it.document.as_str()),
            Field::text("pages", &it.pages.to_string()),
        ])
    });
    let holder = serde_json::to_value(it.to).ok();
    let holder = holder.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let mut fields =
        vec![Field::text("to", holder), Field::text("by", &it.by.0), Field::text("at", &it.at.to_string())];
    fields.extend(it.courier.as_ref().map(|it| Field::text("courier", it)));
    let list =
        |code: &str, values: Vec<Cell>| (!values.is_empty()).then(|| Field { code: code.to_owned(), values });
    fields.extend(list(SHEETS, sheets.collect()));
    let missing = it.missing.iter().map(|it| Cell::Text(it.as_str().to_owned()));
    fields.extend(list(MISSING, missing.collect()));
    Cell::Complex(fields)
}

/// Reads a movement.
pub(super) fn read(cell: &Cell) -> Result<Transfer, Bad> {
    let Cell::Complex(fields) = cell else { return Err("a movement of papers is no record") };
    let find = |code: &str| fields.iter().find(|it| it.code == code);
    let text = |code: &str| find(code).and_then(Field::as_text).ok_or("a movement of papers lacks a value");
    let cells = |code: &str| find(code).map(|it| it.values.as_slice()).unwrap_or_default();
    let missing = cells(MISSING).iter().map(|it| {
        let Cell::Text(id) = it else { return Err("a missing paper is no text") };
        Ok(id.as_str().into())
    });
    Ok(Transfer {
        to: word(text("to")?)?,
        sheets: cells(SHEETS).iter().map(sheets).collect::<Result<_, _>>()?,
        missing: missing.collect::<Result<_, _>>()?,
        courier: find("courier").and_then(Field::as_text).map(str::to_owned),
        by: PersonId(text("by")?.to_owned()),
        at: text("at")?.parse().map_err(|_| "the time of a movement of papers is no time")?,
    })
}

fn sheets(cell: &Cell) -> Result<Sheets, Bad> {
    let Cell::Complex(fields) = cell else { return Err("a list of papers is no record") };
    let text = |code: &str| {
        let found = fields.iter().find(|it| it.code == code);
        found.and_then(Field::as_text).ok_or("a list of papers lacks a value")
    };
    let pages = text("pages")?.parse().map_err(|_| "a number of pages is no number")?;
    Ok(Sheets { document: text("document")?.into(), pages })
}
