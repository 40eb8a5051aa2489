// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stored format 1 to event. A personal part whose key was erased reads as empty values.

use super::CodecError;
use engine::Event;
use engine::case::{Application, Attachment, FileHash, Proposal, Refused, SignedResult, Transfer, Value};
use engine::event::Series;
use regulation::model::DocumentId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// The parts of a stored event.
pub(super) struct Parts<'a> {
    pub(super) kind: &'a str,
    pub(super) public: &'a Json,
    pub(super) private: Option<&'a Json>,
}

impl Parts<'_> {
    pub(super) fn open<T: DeserializeOwned>(&self, name: &str) -> Result<T, CodecError> {
        let value = self.public.get(name).cloned().unwrap_or(Json::Null);
        serde_json::from_value(value)
            .map_err(|e| CodecError::Broken(self.kind.to_owned(), format!("`{name}`: {e}")))
    }

    pub(super) fn personal<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, CodecError> {
        let Some(value) = self.private.and_then(|it| it.get(name)) else {
            return Ok(T::default());
        };
        serde_json::from_value(value.clone())
            .map_err(|_| CodecError::Broken(self.kind.to_owned(), format!("personal part `{name}`")))
    }
}

#[derive(Deserialize)]
struct StoredAttachment {
    document: DocumentId,
    media_type: String,
    file: FileHash,
    size_bytes: u64,
}

/// Returns the event of a stored kind and its parts.
pub fn decode(kind: &str, format: u16, public: &Json, private: Option<&Json>) -> Result<Event, CodecError> {
    if format != super::FORMAT {
        return Err(CodecError::Unknown(kind.to_owned(), format));
    }
    let parts = Parts { kind, public, private };
    match kind {
        "case.opened" => opened(&parts),
        "case.moved" => Ok(Event::Moved { at: parts.open("at")?, stack: parts.open("stack")? }),
        "case.completed" => Ok(Event::Completed { done: parts.open("done")? }),
        "case.filled" => Ok(Event::Filled {
            fields: parts.personal("fields")?,
            attachments: attachments(&parts, parts.public)?,
        }),
        "case.request-signed" => Ok(Event::RequestSigned {
            at: parts.open("at")?,
            content: parts.open("content")?,
            signature: parts.open("signature")?,
            verdict: parts.open("verdict")?,
            valid: parts.open("valid")?,
            code: parts.open("code")?,
        }),
        "case.documents-accepted" => Ok(Event::DocumentsAccepted { at: parts.open("at")? }),
        "case.fact-recorded" => fact_recorded(&parts),
        "case.asked" => Ok(Event::Asked { register: parts.open("register")?, at: parts.open("at")? }),
        "case.answered" => Ok(Event::Answered {
            register: parts.open("register")?,
            message: parts.open("message")?,
            at: parts.open("at")?,
        }),
        "case.unanswered" => Ok(Event::Unanswered {
            register: parts.open("register")?,
            at: parts.open("at")?,
            again_at: parts.open("again_at")?,
        }),
        "case.numbered" => Ok(Event::Numbered {
            series: series(&parts)?,
            number: parts.open("number")?,
            at: parts.open("at")?,
        }),
        "case.number-voided" => Ok(Event::NumberVoided {
            series: series(&parts)?,
            number: parts.open("number")?,
            at: parts.open("at")?,
        }),
        _ => worked(&parts),
    }
}

fn worked(parts: &Parts<'_>) -> Result<Event, CodecError> {
    match parts.kind {
        "case.not-accepted" => Ok(Event::NotAccepted {
            refused: Refused {
                missing: parts.open("missing")?,
                reason: parts.personal("reason")?,
                by: parts.open("by")?,
            },
            at: parts.open("at")?,
        }),
        "case.letter-prepared" => {
            Ok(Event::LetterPrepared { text: parts.personal("text")?, by: parts.open("by")? })
        }
        "case.letter-signed" => Ok(Event::LetterSigned { file: parts.open("file")?, at: parts.open("at")? }),
        "case.instructed" => {
            Ok(Event::Instructed { text: parts.personal("text")?, executor: parts.open("executor")? })
        }
        "case.proposed" => proposed(parts),
        "case.proposal-returned" => {
            Ok(Event::ProposalReturned { remark: parts.personal("remark")?, by: parts.open("by")? })
        }
        "case.result-signed" => Ok(Event::ResultSigned {
            result: SignedResult {
                file: parts.open("file")?,
                check_key: parts.open("check_key")?,
                signer: parts.personal("signer")?,
                at: parts.open("at")?,
                on_paper: parts.open("on_paper")?,
            },
        }),
        "case.result-kept" => Ok(Event::ResultKept { at: parts.open("at")? }),
        "case.dispatched" => {
            Ok(Event::Dispatched { courier: parts.personal("courier")?, at: parts.open("at")? })
        }
        "case.handed-over" => Ok(Event::HandedOver {
            taken_by: parts.personal("taken_by")?,
            document: parts.personal("document")?,
            at: parts.open("at")?,
        }),
        "case.originals-moved" => Ok(Event::OriginalsMoved {
            transfer: Transfer {
                to: parts.open("to")?,
                sheets: parts.open("sheets")?,
                missing: parts.open("missing")?,
                courier: parts.personal("courier")?,
                by: parts.open("by")?,
                at: parts.open("at")?,
            },
        }),
        "case.remote-told" => {
            let silent: Option<_> = parts.open("silent")?;
            let silent = silent.unwrap_or_default();
            Ok(Event::RemoteTold { message: parts.open("message")?, silent, at: parts.open("at")? })
        }
        "case.deadline-missed" => {
            Ok(Event::DeadlineMissed { part: parts.open("part")?, due: parts.open("due")? })
        }
        "case.ended" => Ok(Event::Ended { end: parts.open("end")?, at: parts.open("at")? }),
        _ => Err(CodecError::Unknown(parts.kind.to_owned(), super::FORMAT)),
    }
}

fn opened(parts: &Parts<'_>) -> Result<Event, CodecError> {
    let stored: Json = parts.open("application")?;
    let inner = Parts { kind: parts.kind, public: &stored, private: parts.private };
    let application = Application {
        applicant: inner.open("applicant")?,
        iin: inner.personal("iin")?,
        full_name: inner.personal("full_name")?,
        fields: inner.personal("fields")?,
        attachments: attachments(&inner, &stored)?,
        medium: inner.open("medium")?,
        lang: inner.open("lang")?,
        provider: inner.open("provider")?,
        akim: inner.open("akim")?,
        center: inner.open("center")?,
        content: inner.open("content")?,
        signature: inner.open("signature")?,
    };
    Ok(Event::Opened {
        at: parts.open("at")?,
        service: parts.open("service")?,
        edition: parts.open("edition")?,
        regulation_sha256: parts.open("regulation_sha256")?,
        procedure: parts.open("procedure")?,
        channel: parts.open("channel")?,
        application: Box::new(application),
        done: parts.open("done")?,
        accepted_at: parts.open("accepted_at")?,
        one_way: parts.open::<Option<bool>>("one_way")?.unwrap_or_default(),
    })
}

fn attachments(parts: &Parts<'_>, holder: &Json) -> Result<Vec<Attachment>, CodecError> {
    let inner = Parts { kind: parts.kind, public: holder, private: parts.private };
    let stored: Vec<StoredAttachment> = inner.open("attachments")?;
    let names: Vec<String> = inner.personal("attachment_names")?;
    Ok(stored
        .into_iter()
        .enumerate()
        .map(|(i, it)| Attachment {
            document: it.document,
            name: names.get(i).cloned().unwrap_or_default(),
            media_type: it.media_type,
            file: it.file,
            size_bytes: it.size_bytes,
        })
        .collect())
}

fn fact_recorded(parts: &Parts<'_>) -> Result<Event, CodecError> {
    let value = match parts.public.get("value") {
        Some(_) => Value::Bool(parts.open("value")?),
        None => match parts.private.and_then(|it| it.get("value")) {
            Some(_) => parts.personal::<Option<Value>>("value")?.unwrap_or(Value::Text(String::new())),
            None => Value::Text(String::new()),
        },
    };
    Ok(Event::FactRecorded {
        fact: parts.open("fact")?,
        value,
        provenance: parts.open("provenance")?,
        at: parts.open("at")?,
    })
}

fn proposed(parts: &Parts<'_>) -> Result<Event, CodecError> {
    let proposal = if parts.open::<bool>("grant")? {
        Proposal::Grant { values: parts.personal("values")? }
    } else {
        Proposal::Refuse { ground: parts.open("ground")?, reason: parts.personal("reason")? }
    };
    Ok(Event::Proposed { proposal, by: parts.open("by")? })
}

fn series(parts: &Parts<'_>) -> Result<Series, CodecError> {
    match parts.open::<String>("series")?.as_str() {
        "application" => Ok(Series::Application),
        "incoming" => Ok(Series::Incoming),
        "result" => Ok(Series::Result),
        "akim-incoming" => Ok(Series::AkimIncoming),
        "letter" => Ok(Series::Letter),
        _ => Err(CodecError::Broken(parts.kind.to_owned(), "`series`".to_owned())),
    }
}
