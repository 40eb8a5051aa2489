// SPDX-License-Identifier: MIT OR Apache-2.0
//! A parcel as a form import, and back, without loss.

use super::{application, published};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::case::{CaseId, Done, FileHash, OnPaper, PersonId, Place, SignedResult};
use engine::command::Progress;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use service::ports::PortError;
use service::ports::border::{Parcel, ParcelFile, Published, RequestParcel};
use shep::border::{
    Edition, End, Field, File, FileContent, FormImport, Ours, Requester, ResultPaper, Stage, StepDone, Value,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most bytes of files that travel inside a message, in base64; longer ones lie beside it.
pub const FILE_BYTES_SUM_MAX: usize = 11 * 1024 * 1024;

/// Stands for the bytes of a file that has none: the published form has no empty base64.
const EMPTY: &str = "empty";

const TO: &str = "to";
const FROM: &str = "from";
const MESSAGE: &str = "message";
const FILE_NAME: &str = "file-name";
const SIGNATURE: &str = "signature";
const PROPOSAL: &str = "proposal";
const ORIGINALS: &str = "originals";
const SILENT: &str = "silent-registers";
const INCOMING: &str = "incoming";
const RESULT: &str = "result";
/// How the result was signed by hand: the day, and these words behind it.
const ON_PAPER: &str = "on-paper";
const SEALED: &str = "sealed";
const COUNTERSIGNED: &str = "countersigned";

/// Why a form import is no parcel.
pub(super) type Bad = &'static str;

/// Says whether the files of a parcel are too long to travel inside the message.
pub(super) fn is_long(parcel: &Parcel) -> bool {
    bytes_sum(parcel) > FILE_BYTES_SUM_MAX
}

/// Returns how long the files of a parcel are together.
pub(super) fn bytes_sum(parcel: &Parcel) -> usize {
    parcel.files.iter().map(|it| it.bytes.len()).sum()
}

/// The identifier under which a file of a parcel lies beside the message.
pub(super) fn identifier(message: Uuid, index: usize) -> String {
    format!("{message}.{index}")
}

/// Returns the files that lie beside the message of a long parcel, by their identifiers.
pub(super) fn beside(parcel: &Parcel) -> impl Iterator<Item = (String, &ParcelFile)> {
    let all = parcel.files.iter().enumerate().filter(|it| !it.1.bytes.is_empty());
    all.map(|(index, file)| (identifier(parcel.id, index), file))
}

/// Writes a parcel as a form import; files that are too long for a message are named by their identifiers only.
pub fn encode(parcel: &Parcel) -> Result<FormImport, PortError> {
    let request = parcel.request.as_ref();
    let progress = &parcel.progress;
    let case = parcel.case.0.to_string();
    Ok(FormImport {
        id: Some(parcel.id.to_string()),
        import_source: parcel.from.as_str().to_owned(),
        values: request.map(|it| application::fields(&it.application.fields)).unwrap_or_default(),
        deleted_values: Vec::new(),
        chain_id: case.clone(),
        request_id: request.map_or(case, |it| it.number.clone()),
        origin_system: Some(parcel.from.as_str().to_owned()),
        stage: Some(if progress.end.is_some() { Stage::Completed } else { Stage::InProgress }),
        requester: Requester::Person(published::requester(parcel)),
        representative: request.and_then(published::representative),
        resolution: Some(published::resolution(progress, &parcel.published)),
        provider: published::provider(&parcel.published),
        service: published::service_name(parcel),
        ours: ours(parcel)?,
    })
}

/// Reads a parcel out of a form import; the digests of its files are checked. `fetched` are the files that lay beside
/// the message, by identifier; each is for one file. Of what is said for other readers nothing is read.
pub fn decode(form: &FormImport, fetched: BTreeMap<String, Vec<u8>>) -> Result<Parcel, &'static str> {
    let uuid = |text: &str| Uuid::parse_str(text).map_err(|_| "an id is no uuid");
    let request = form.ours.edition.as_ref().map(|edition| read_request(form, edition)).transpose()?;
    let signature = find(form, SIGNATURE).and_then(Field::as_text).filter(|_| request.is_none());
    Ok(Parcel {
        id: uuid(form.id.as_deref().ok_or("the form has no id")?)?,
        case: CaseId(uuid(&form.chain_id)?),
        to: text(form, TO)?.to_owned(),
        from: word(text(form, FROM)?)?,
        answers: signature.map(|it| FileHash(it.to_owned())),
        request,
        progress: read_progress(form)?,
        files: read_files(form, fetched)?,
        published: Published::default(),
        reply: None,
    })
}

fn ours(parcel: &Parcel) -> Result<Ours, PortError> {
    let progress = &parcel.progress;
    let number = |of: &str, is: &Option<String>| is.as_ref().map(|is| (of.to_owned(), is.clone()));
    let mut extra = vec![
        Field::text(TO, &parcel.to),
        Field::text(FROM, parcel.from.as_str()),
        Field::text(MESSAGE, &progress.message),
        Field {
            code: FILE_NAME.to_owned(),
            values: parcel.files.iter().map(|it| Value::Text(it.name.clone())).collect(),
        },
    ];
    let signature = parcel.request.as_ref().map(|it| &it.signature).or(parcel.answers.as_ref());
    extra.extend(signature.map(|it| Field::text(SIGNATURE, &it.0)));
    if let Some(request) = &parcel.request {
        extra.extend(application::extra(&request.application)?);
    }
    if !progress.silent.is_empty() {
        let since = progress.silent.iter().map(|(register, since)| {
            Value::Complex(vec![
                Field::text("register", register.as_str()),
                Field::text("since", &since.to_string()),
            ])
        });
        extra.push(Field { code: SILENT.to_owned(), values: since.collect() });
    }
    if !progress.originals.is_empty() {
        let values = progress.originals.iter().map(super::originals::write).collect();
        extra.push(Field { code: ORIGINALS.to_owned(), values });
    }
    if let Some(proposal) = &progress.proposal {
        extra.push(Field {
            code: PROPOSAL.to_owned(),
            values: vec![Value::Complex(application::proposal(proposal))],
        });
    }
    if let Some(paper) = progress.result.as_ref().and_then(|it| it.on_paper.as_ref()) {
        extra.push(Field::text(ON_PAPER, &on_paper(paper)));
    }
    Ok(Ours {
        edition: parcel.request.as_ref().map(edition),
        files: files(parcel),
        steps: progress.done.iter().map(step).collect(),
        places: progress.stack.iter().map(place).collect(),
        end: progress.end.as_ref().map(|(end, at)| End { end: end.as_str().to_owned(), at: *at }),
        numbers: [number(INCOMING, &progress.incoming_number), number(RESULT, &progress.result_number)]
            .into_iter()
            .flatten()
            .collect(),
        result: progress.result.as_ref().map(|it| ResultPaper {
            sha256: it.file.0.clone(),
            check_key: it.check_key.clone(),
            signer: it.signer.clone(),
            signed_at: it.at,
        }),
        extra,
    })
}

fn edition(it: &RequestParcel) -> Edition {
    Edition {
        service: it.service.as_str().to_owned(),
        edition: it.edition.as_str().to_owned(),
        regulation_sha256: it.regulation_sha256.clone(),
        procedure: it.procedure.as_str().to_owned(),
        channel: Some(it.channel.as_str().to_owned()),
        accepted_at: Some(it.accepted_at),
        received_at: Some(it.received_at),
    }
}

/// Returns the files of a parcel as they are written.
pub(super) fn files(parcel: &Parcel) -> Vec<File> {
    let long = is_long(parcel);
    let content = |(index, it): (usize, &ParcelFile)| {
        let content = if it.bytes.is_empty() {
            FileContent::Identifier(EMPTY.to_owned())
        } else if long {
            FileContent::Identifier(identifier(parcel.id, index))
        } else {
            FileContent::Base64(STANDARD.encode(&it.bytes))
        };
        file(it, content)
    };
    parcel.files.iter().enumerate().map(content).collect()
}

/// Returns the identifiers of the files that lie beside the message.
pub(super) fn parked(form: &FormImport) -> impl Iterator<Item = &str> {
    form.ours.files.iter().filter_map(|it| match &it.content {
        FileContent::Identifier(it) if it != EMPTY => Some(it.as_str()),
        FileContent::Identifier(_) | FileContent::Base64(_) => None,
    })
}

fn file(it: &ParcelFile, content: FileContent) -> File {
    let name = it.name.trim();
    File {
        name: if name.is_empty() { "file" } else { name }.to_owned(),
        media_type: it.media_type.clone(),
        sha256: it.hash.0.clone(),
        document: None,
        content,
    }
}

fn step(it: &Done) -> StepDone {
    StepDone {
        part: it.part.as_str().to_owned(),
        at: it.at,
        by: it.by.as_ref().map(|it| it.0.clone()),
        held: it.held,
    }
}

fn place(it: &Place) -> shep::border::Place {
    shep::border::Place {
        procedure: it.procedure.as_str().to_owned(),
        step: it.step.as_str().to_owned(),
        part: it.part.as_str().to_owned(),
        since: it.since,
    }
}

fn read_request(form: &FormImport, edition: &Edition) -> Result<RequestParcel, Bad> {
    let Requester::Person(person) = &form.requester else { return Err("the requester is no person") };
    let accepted_at = edition.accepted_at.ok_or("the time of acceptance is missing")?;
    Ok(RequestParcel {
        service: edition.service.as_str().into(),
        edition: edition.edition.as_str().into(),
        regulation_sha256: edition.regulation_sha256.clone(),
        procedure: edition.procedure.as_str().into(),
        channel: word(edition.channel.as_deref().ok_or("the channel is missing")?)?,
        number: form.request_id.clone(),
        accepted_at,
        received_at: edition.received_at.unwrap_or(accepted_at),
        application: application::read(form, &person.iin)?,
        signature: FileHash(text(form, SIGNATURE)?.to_owned()),
    })
}

fn read_progress(form: &FormImport) -> Result<Progress, Bad> {
    let ours = &form.ours;
    let number = |of: &str| ours.numbers.iter().find(|it| it.0 == of).map(|it| it.1.clone());
    let end = ours.end.as_ref().map(|it| Ok::<_, Bad>((word(&it.end)?, it.at))).transpose()?;
    let paper = find(form, ON_PAPER).and_then(Field::as_text).map(read_on_paper).transpose()?;
    Ok(Progress {
        message: text(form, MESSAGE)?.to_owned(),
        done: ours
            .steps
            .iter()
            .map(|it| Done {
                part: it.part.as_str().into(),
                at: it.at,
                by: it.by.clone().map(PersonId),
                held: it.held,
            })
            .collect(),
        stack: ours
            .places
            .iter()
            .map(|it| Place {
                procedure: it.procedure.as_str().into(),
                step: it.step.as_str().into(),
                part: it.part.as_str().into(),
                since: it.since,
            })
            .collect(),
        end,
        incoming_number: number(INCOMING),
        result_number: number(RESULT),
        originals: find(form, ORIGINALS)
            .map(|it| it.values.iter().map(super::originals::read).collect())
            .transpose()?
            .unwrap_or_default(),
        silent: find(form, SILENT)
            .map(|it| {
                it.values.iter().map(|it| read_silent(it).map(|(of, since)| (of.into(), since))).collect()
            })
            .transpose()?
            .unwrap_or_default(),
        proposal: find(form, PROPOSAL).map(application::read_proposal).transpose()?,
        result: ours.result.as_ref().map(|it| SignedResult {
            file: FileHash(it.sha256.clone()),
            check_key: it.check_key.clone(),
            signer: it.signer.clone(),
            at: it.signed_at,
            on_paper: paper,
        }),
    })
}

fn read_silent(cell: &Value) -> Result<(&str, Timestamp), Bad> {
    let Value::Complex(fields) = cell else { return Err("a silent register is no record") };
    let text = |code: &str| {
        let found = fields.iter().find(|it| it.code == code);
        found.and_then(Field::as_text).ok_or("a silent register lacks a value")
    };
    let since = text("since")?.parse().map_err(|_| "the time of a silent register is no time")?;
    Ok((text("register")?, since))
}

fn on_paper(it: &OnPaper) -> String {
    let words = [(it.sealed, SEALED), (it.countersigned, COUNTERSIGNED)];
    let holding = words.iter().filter(|(holds, _)| *holds).map(|(_, word)| format!(" {word}"));
    format!("{}{}", it.on, holding.collect::<String>())
}

fn read_on_paper(text: &str) -> Result<OnPaper, Bad> {
    let mut words = text.split(' ');
    let on = words.next().and_then(|it| it.parse().ok()).ok_or("the day under a signature is no date")?;
    let (mut sealed, mut countersigned) = (false, false);
    for word in words {
        match word {
            SEALED => sealed = true,
            COUNTERSIGNED => countersigned = true,
            _ => return Err("an unknown word about a signature by hand"),
        }
    }
    Ok(OnPaper { on, sealed, countersigned })
}

fn read_files(form: &FormImport, mut fetched: BTreeMap<String, Vec<u8>>) -> Result<Vec<ParcelFile>, Bad> {
    let names = find(form, FILE_NAME).map(|it| it.values.as_slice()).unwrap_or_default();
    let mut files = Vec::with_capacity(form.ours.files.len());
    for (index, file) in form.ours.files.iter().enumerate() {
        let bytes = match &file.content {
            FileContent::Base64(base64) => STANDARD.decode(base64).map_err(|_| "a file is not in base64")?,
            FileContent::Identifier(it) if it == EMPTY => Vec::new(),
            FileContent::Identifier(it) => {
                fetched.remove(it).ok_or("a file is neither in the message nor beside it")?
            }
        };
        if hex::encode(eds::sha256(&bytes)) != file.sha256 {
            return Err("a file has another digest than the one told");
        }
        let name = match names.get(index) {
            Some(Value::Text(name)) => name.clone(),
            _ => file.name.clone(),
        };
        files.push(ParcelFile {
            hash: FileHash(file.sha256.clone()),
            name,
            media_type: file.media_type.clone(),
            bytes,
        });
    }
    Ok(files)
}

/// Returns a field of ours.
pub(super) fn find<'a>(form: &'a FormImport, code: &str) -> Option<&'a Field> {
    form.ours.extra.iter().find(|it| it.code == code)
}

/// Returns the text of a field of ours.
pub(super) fn text<'a>(form: &'a FormImport, code: &str) -> Result<&'a str, Bad> {
    find(form, code).and_then(Field::as_text).ok_or("a value of the case is missing")
}

/// Reads a word of a closed list.
pub(super) fn word<T: DeserializeOwned>(word: &str) -> Result<T, Bad> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|_| "an unknown word")
}
