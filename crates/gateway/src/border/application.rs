// SPDX-License-Identifier: MIT OR Apache-2.0
//! An application as fields of a form, and back.

use super::parcel::{Bad, find, text, word};
use engine::case::{Application, Attachment, FileHash, PersonId, Proposal, Value};
use serde::Serialize;
use service::ports::PortError;
use shep::border::{Field, FormImport, Value as Cell};
use std::collections::BTreeMap;
use std::fmt::Display;

const APPLICANT: &str = "application.applicant";
const FULL_NAME: &str = "application.full-name";
const MEDIUM: &str = "application.medium";
const LANG: &str = "application.lang";
const PROVIDER: &str = "application.provider";
const CENTER: &str = "application.center";
const CONTENT: &str = "application.content";
const ATTACHMENT: &str = "application.attachment";

/// Returns the fields of the form; an empty group is a field without values.
pub(super) fn fields<K: Display>(values: &BTreeMap<K, Value>) -> Vec<Field> {
    let field = |(id, value): (&K, &Value)| Field { code: id.to_string(), values: cells(value) };
    values.iter().map(field).collect()
}

fn cells(value: &Value) -> Vec<Cell> {
    match value {
        Value::Bool(flag) => vec![Cell::Boolean(*flag)],
        Value::Text(text) => vec![Cell::Text(text.clone())],
        Value::Entries(entries) => entries
            .iter()
            .map(|entry| {
                Cell::Complex(entry.iter().map(|(id, text)| Field::text(id.as_str(), text)).collect())
            })
            .collect(),
    }
}

fn read_fields<K: for<'a> From<&'a str> + Ord>(fields: &[Field]) -> Result<BTreeMap<K, Value>, Bad> {
    let mut values = BTreeMap::new();
    for field in fields {
        if values.insert(K::from(&field.code), value(&field.values)?).is_some() {
            return Err("a field stands twice");
        }
    }
    Ok(values)
}

fn value(cells: &[Cell]) -> Result<Value, Bad> {
    match cells {
        [Cell::Boolean(flag)] => Ok(Value::Bool(*flag)),
        [Cell::Text(text)] => Ok(Value::Text(text.clone())),
        entries => {
            let mut found = Vec::with_capacity(entries.len());
            for it in entries {
                let Cell::Complex(fields) = it else { return Err("a field has a value of another kind") };
                let mut entry = BTreeMap::new();
                for field in fields {
                    let text = field.as_text().ok_or("an entry has a value of another kind")?;
                    entry.insert(field.code.as_str().into(), text.to_owned());
                }
                found.push(entry);
            }
            Ok(Value::Entries(found))
        }
    }
}

/// Returns what the published form has no place for.
pub(super) fn extra(it: &Application) -> Result<Vec<Field>, PortError> {
    let mut extra = vec![
        Field::text(APPLICANT, &it.applicant.0),
        Field::text(FULL_NAME, &it.full_name),
        Field::text(MEDIUM, &name_of(&it.medium)?),
        Field::text(LANG, &it.lang),
        Field::text(PROVIDER, &it.provider),
    ];
    extra.extend(it.center.as_ref().map(|it| Field::text(CENTER, it)));
    extra.extend(it.content.as_ref().map(|it| Field::text(CONTENT, &it.0)));
    let attachments = it.attachments.iter().map(|it| {
        Cell::Complex(vec![
            Field::text("document", it.document.as_str()),
            Field::text("name", &it.name),
            Field::text("mediaType", &it.media_type),
            Field::text("sha256", &it.file.0),
            Field::text("bytes", &it.size_bytes.to_string()),
        ])
    });
    extra.push(Field { code: ATTACHMENT.to_owned(), values: attachments.collect() });
    Ok(extra)
}

/// Reads the application of a person.
pub(super) fn read(form: &FormImport, iin: &str) -> Result<Application, Bad> {
    let attachments = find(form, ATTACHMENT).map(|it| it.values.as_slice()).unwrap_or_default();
    Ok(Application {
        applicant: PersonId(text(form, APPLICANT)?.to_owned()),
        iin: iin.to_owned(),
        full_name: text(form, FULL_NAME)?.to_owned(),
        fields: read_fields(&form.values)?,
        attachments: attachments.iter().map(attachment).collect::<Result<_, _>>()?,
        medium: word(text(form, MEDIUM)?)?,
        lang: text(form, LANG)?.to_owned(),
        provider: text(form, PROVIDER)?.to_owned(),
        akim: None,
        center: find(form, CENTER).and_then(Field::as_text).map(str::to_owned),
        content: find(form, CONTENT).and_then(Field::as_text).map(|it| FileHash(it.to_owned())),
        signature: None,
    })
}

fn attachment(cell: &Cell) -> Result<Attachment, Bad> {
    let Cell::Complex(fields) = cell else { return Err("an attachment is no record") };
    let text = |code: &str| {
        let field = fields.iter().find(|it| it.code == code);
        field.and_then(Field::as_text).ok_or("an attachment lacks a value")
    };
    Ok(Attachment {
        document: text("document")?.into(),
        name: text("name")?.to_owned(),
        media_type: text("mediaType")?.to_owned(),
        file: FileHash(text("sha256")?.to_owned()),
        size_bytes: text("bytes")?.parse().map_err(|_| "the size of an attachment is no number")?,
    })
}

/// Returns a proposal as the fields of one record.
pub(super) fn proposal(it: &Proposal) -> Vec<Field> {
    match it {
        Proposal::Grant { values } => {
            vec![Field { code: "grant".to_owned(), values: vec![Cell::Complex(fields(values))] }]
        }
        Proposal::Refuse { ground, reason } => {
            vec![Field::text("ground", ground.as_str()), Field::text("reason", reason)]
        }
    }
}

/// Reads a proposal.
pub(super) fn read_proposal(field: &Field) -> Result<Proposal, Bad> {
    let [Cell::Complex(fields)] = field.values.as_slice() else { return Err("the proposal is no record") };
    match fields.as_slice() {
        [Field { code, values }] if code == "grant" => match values.as_slice() {
            [Cell::Complex(fields)] => Ok(Proposal::Grant { values: read_fields(fields)? }),
            _ => Err("the proposal has no values"),
        },
        [ground, reason] if ground.code == "ground" && reason.code == "reason" => {
            let (ground, reason) = (ground.as_text(), reason.as_text());
            let (ground, reason) = ground.zip(reason).ok_or("the refusal has no reason")?;
            Ok(Proposal::Refuse { ground: ground.into(), reason: reason.to_owned() })
        }
        _ => Err("the proposal is neither a grant nor a refusal"),
    }
}

/// Returns the written name of a value of a closed list.
fn name_of<T: Serialize>(value: &T) -> Result<String, PortError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(PortError::Unusable("a word cannot be written".to_owned())),
    }
}
