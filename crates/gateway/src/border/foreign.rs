// SPDX-License-Identifier: MIT OR Apache-2.0
//! An application of a portal that knows the published form only, as the form tells it: nothing is guessed, and what could be
//! read in two ways is refused.

use super::parcel::Bad;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::ports::foreign::{Foreign, ForeignField, ForeignFile, ForeignPerson, ForeignValue};
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::border::{
    FILES_MAX, Field, File, FileContent, FormImport, Item, OURS, Ours, Person, Requester, SERVICE_PROPERTY,
    Value,
};
use shep::{ID_CHARS_MAX, Property};
use std::collections::{BTreeMap, BTreeSet};

/// The longest id, code, and name of a person or a file, in characters.
const NAME_CHARS_MAX: usize = ID_CHARS_MAX;

/// Returns the identifiers of the files that lie beside the message.
pub(super) fn parked(form: &FormImport) -> Result<Vec<&str>, Bad> {
    let mut files = Vec::new();
    collect(&form.values, &mut files);
    if files.len() > FILES_MAX {
        return Err("there are more files than one message may have");
    }
    let beside = files.into_iter().filter_map(|it| match &it.content {
        FileContent::Identifier(it) => Some(it.as_str()),
        FileContent::Base64(_) => None,
    });
    Ok(beside.collect())
}

/// Reads an application; `fetched` are the files that lay beside the message, by identifier, each for one file.
pub(super) fn read(
    message: &AsyncMessage,
    form: &FormImport,
    mut fetched: BTreeMap<String, Vec<u8>>,
) -> Result<Foreign, Bad> {
    let info = &message.info;
    check(info, form)?;
    let id = info.message_id.as_ref().or(form.id.as_ref());
    let Requester::Person(applicant) = &form.requester else { return Err("the requester is no person") };
    Ok(Foreign {
        message: word(id.ok_or("neither the message nor the form has an id")?)?,
        chain: word(&form.chain_id)?,
        request: word(&form.request_id)?,
        client_key: client_key(&info.properties)?,
        service_type: name(form.service.code.as_deref())?,
        provider_bin: name(form.provider.bin.as_deref())?,
        provider_kato: name(form.provider.location_code.as_deref())?,
        applicant: person(applicant)?,
        representative: form.representative.as_ref().map(person).transpose()?,
        fields: fields(&form.values, &mut fetched)?,
        sent_at: info.message_date,
        form: message.data.document().ok_or("the payload is plain text")?.as_bytes().to_vec(),
    })
}

/// What the envelope says must be what the signed payload says, in the form that the sender is known to write.
fn check(info: &AsyncInfo, form: &FormImport) -> Result<(), Bad> {
    if info.message_type != MessageType::Request {
        return Err("an application is sent as a request");
    }
    if info.correlation_id.as_ref() != Some(&form.chain_id) {
        return Err("the payload belongs to another envelope");
    }
    if form.ours != Ours::default() {
        return Err("the sender is known here by the published form alone");
    }
    if !form.deleted_values.is_empty() {
        return Err("an application takes nothing back");
    }
    Ok(())
}

fn client_key(properties: &[Property]) -> Result<Option<String>, Bad> {
    let mut keys = properties.iter().filter(|it| it.key == SERVICE_PROPERTY);
    let key = keys.next().map(|it| it.value.as_str()).filter(|it| !it.is_empty());
    if keys.next().is_some() {
        return Err("the code of the service stands twice");
    }
    name(key)
}

/// Whether the number is one is judged with the form: what is wrong with it is told by the name of its field.
fn person(it: &Person) -> Result<ForeignPerson, Bad> {
    Ok(ForeignPerson {
        iin: word(&it.iin)?,
        surname: name(it.last_name.as_deref())?,
        given: name(it.first_name.as_deref())?,
        patronymic: name(it.middle_name.as_deref())?,
        born: it.birth_date,
    })
}

// Depth is bounded by the codec.
fn fields(fields: &[Field], fetched: &mut BTreeMap<String, Vec<u8>>) -> Result<Vec<ForeignField>, Bad> {
    let mut codes = BTreeSet::new();
    let mut read = Vec::with_capacity(fields.len());
    for Field { code, values } in fields {
        if code.starts_with(OURS) {
            return Err("the sender is known here by the published form alone");
        }
        if !codes.insert(code) {
            return Err("a field stands twice");
        }
        let mut found = Vec::with_capacity(values.len());
        for it in values {
            value(it, fetched, &mut found)?;
        }
        // What was left empty beside others says nothing either.
        found.retain(|it| !it.is_empty());
        read.push(ForeignField { code: word(code)?, values: found });
    }
    Ok(read)
}

fn value(
    it: &Value,
    fetched: &mut BTreeMap<String, Vec<u8>>,
    found: &mut Vec<ForeignValue>,
) -> Result<(), Bad> {
    match it {
        Value::Text(text) | Value::Number(text) => found.push(ForeignValue::Text(text.clone())),
        Value::Date(date) => found.push(ForeignValue::Text(date.to_string())),
        Value::Boolean(flag) => found.push(ForeignValue::Flag(*flag)),
        Value::Item(it) => found.push(item(it)),
        Value::Texts(texts) => found.extend(texts.iter().cloned().map(ForeignValue::Text)),
        Value::Items(items) => found.extend(items.iter().map(item)),
        Value::Complex(inner) => found.push(ForeignValue::Entry(fields(inner, fetched)?)),
        Value::File(it) => found.push(ForeignValue::File(file(it, fetched)?)),
        Value::Cell { .. } => found.push(ForeignValue::Cell),
    }
    Ok(())
}

fn item(it: &Item) -> ForeignValue {
    ForeignValue::Item { code: it.code.clone(), kk: it.kk.clone(), ru: it.ru.clone() }
}

/// The published form has no digest of a file: one that is told has to fit.
fn file(it: &File, fetched: &mut BTreeMap<String, Vec<u8>>) -> Result<ForeignFile, Bad> {
    let name = word(&it.name)?;
    let bytes = match &it.content {
        FileContent::Base64(base64) => STANDARD.decode(base64).map_err(|_| "a file is not in base64")?,
        FileContent::Identifier(it) => {
            fetched.remove(it).ok_or("a file is neither in the message nor beside it")?
        }
    };
    let digest = hex::encode(eds::sha256(&bytes));
    if !it.sha256.is_empty() && !it.sha256.eq_ignore_ascii_case(&digest) {
        return Err("a file has another digest than the one told");
    }
    Ok(ForeignFile { name, bytes })
}

fn collect<'a>(fields: &'a [Field], files: &mut Vec<&'a File>) {
    for value in fields.iter().flat_map(|it| &it.values) {
        match value {
            Value::File(file) => files.push(file),
            Value::Complex(inner) => collect(inner, files),
            Value::Text(_)
            | Value::Texts(_)
            | Value::Number(_)
            | Value::Boolean(_)
            | Value::Date(_)
            | Value::Item(_)
            | Value::Items(_)
            | Value::Cell { .. } => {}
        }
    }
}

fn name(text: Option<&str>) -> Result<Option<String>, Bad> {
    text.map(word).transpose()
}

/// Bounds an id, a code or a name. What could hide in it on a page or in a log, or make it look like another, is in none.
fn word(text: &str) -> Result<String, Bad> {
    if text.chars().count() > NAME_CHARS_MAX {
        return Err("an id, a code or a name is too long");
    }
    if text.chars().any(is_of_no_word) {
        return Err("an id, a code or a name has characters that are of no word");
    }
    Ok(text.to_owned())
}

/// Says whether a character controls a line or the direction of its text.
fn is_of_no_word(it: char) -> bool {
    let separates = matches!(it, '\u{2028}' | '\u{2029}');
    let directs = matches!(
        it,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    it.is_control() || separates || directs
}
