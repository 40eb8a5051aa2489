// SPDX-License-Identifier: MIT OR Apache-2.0
//! Event to stored format 1.

use engine::Event;
use engine::case::{Application, Attachment, Proposal, SignedResult, Value};
use engine::event::Series;
use regulation::model::FieldId;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// An event split into its open and its personal part.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// The kind.
    pub kind: &'static str,
    /// What may be read by who keeps the journal.
    pub public: Json,
    /// What only the person's key opens.
    pub private: Option<Json>,
}

pub(super) fn open(kind: &'static str, public: Json) -> Encoded {
    Encoded { kind, public, private: None }
}

pub(super) fn sealed(kind: &'static str, public: Json, private: Json) -> Encoded {
    Encoded { kind, public, private: Some(private) }
}

/// Returns the stored form of an event.
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Opened { .. } => opened(event),
        Event::Moved { at, stack } => open("case.moved", json!({"at": at, "stack": stack})),
        Event::Completed { done } => open("case.completed", json!({"done": done})),
        Event::Filled { fields, attachments } => filled(fields, attachments),
        Event::RequestSigned { at, content, signature, verdict, valid, code } => open(
            "case.request-signed",
            json!({"at": at, "content": content, "signature": signature, "verdict": verdict,
                   "valid": valid, "code": code}),
        ),
        Event::DocumentsAccepted { at } => open("case.documents-accepted", json!({"at": at})),
        Event::FactRecorded { fact, value, provenance, at } => {
            let public = json!({"fact": fact, "provenance": provenance, "at": at});
            match value {
                Value::Bool(yes) => open(
                    "case.fact-recorded",
                    json!({"fact": fact, "provenance": provenance, "at": at, "value": yes}),
                ),
                Value::Text(_) | Value::Entries(_) => {
                    sealed("case.fact-recorded", public, json!({"value": value}))
                }
            }
        }
        Event::Asked { register, at } => open("case.asked", json!({"register": register, "at": at})),
        Event::Answered { register, message, at } => {
            open("case.answered", json!({"register": register, "message": message, "at": at}))
        }
        Event::Unanswered { register, at, again_at } => {
            open("case.unanswered", json!({"register": register, "at": at, "again_at": again_at}))
        }
        Event::Numbered { series, number, at } => {
            open("case.numbered", json!({"series": series_name(*series), "number": number, "at": at}))
        }
        Event::NumberVoided { series, number, at } => {
            open("case.number-voided", json!({"series": series_name(*series), "number": number, "at": at}))
        }
        Event::NotAccepted { .. }
        | Event::LetterPrepared { .. }
        | Event::LetterSigned { .. }
        | Event::Instructed { .. }
        | Event::Proposed { .. }
        | Event::ProposalReturned { .. }
        | Event::ResultSigned { .. }
        | Event::ResultKept { .. }
        | Event::Dispatched { .. }
        | Event::HandedOver { .. }
        | Event::OriginalsMoved { .. }
        | Event::RemoteTold { .. }
        | Event::DeadlineMissed { .. }
        | Event::Ended { .. } => worked(event),
    }
}

fn opened(event: &Event) -> Encoded {
    let Event::Opened {
        at,
        service,
        edition,
        regulation_sha256,
        procedure,
        channel,
        application,
        done,
        accepted_at,
        one_way,
    } = event
    else {
        return open("case.unknown", Json::Null);
    };
    let (application, private) = application_parts(application);
    let mut public = json!({"at": at, "service": service, "edition": edition,
        "regulation_sha256": regulation_sha256, "procedure": procedure, "channel": channel,
        "application": application, "done": done, "accepted_at": accepted_at});
    add(&mut public, "one_way", Some(one_way).filter(|it| **it));
    sealed("case.opened", public, private)
}

fn application_parts(it: &Application) -> (Json, Json) {
    let files: Vec<Json> = it
        .attachments
        .iter()
        .map(|a| {
            json!({"document": a.document, "media_type": a.media_type, "file": a.file, "size_bytes": a.size_bytes})
        })
        .collect();
    let names: Vec<&str> = it.attachments.iter().map(|a| a.name.as_str()).collect();
    let mut public = json!({"applicant": it.applicant, "attachments": files, "medium": it.medium, "lang": it.lang,
               "provider": it.provider, "content": it.content, "signature": it.signature});
    add(&mut public, "akim", it.akim.as_ref());
    add(&mut public, "center", it.center.as_ref());
    (
        public,
        json!({"iin": it.iin, "full_name": it.full_name, "fields": it.fields, "attachment_names": names}),
    )
}

/// Adds a member only where there is something: what came into the format later is absent from the older bytes.
fn add<T: serde::Serialize>(to: &mut Json, name: &str, value: Option<&T>) {
    if let (Json::Object(members), Some(value)) = (to, value) {
        members.insert(name.to_owned(), json!(value));
    }
}

fn filled(fields: &BTreeMap<FieldId, Value>, attachments: &[Attachment]) -> Encoded {
    let files: Vec<Json> = attachments
        .iter()
        .map(|a| {
            json!({"document": a.document, "media_type": a.media_type, "file": a.file, "size_bytes": a.size_bytes})
        })
        .collect();
    let names: Vec<&str> = attachments.iter().map(|a| a.name.as_str()).collect();
    sealed("case.filled", json!({"attachments": files}), json!({"fields": fields, "attachment_names": names}))
}

fn result_parts(it: &SignedResult) -> (Json, Json) {
    let mut public = json!({"file": it.file, "check_key": it.check_key, "at": it.at});
    add(&mut public, "on_paper", it.on_paper.as_ref());
    (public, json!({"signer": it.signer}))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`encode` lists every event; these are the rest")]
fn worked(event: &Event) -> Encoded {
    match event {
        Event::NotAccepted { refused, at } => sealed(
            "case.not-accepted",
            json!({"missing": refused.missing, "by": refused.by, "at": at}),
            json!({"reason": refused.reason}),
        ),
        Event::LetterPrepared { text, by } => {
            sealed("case.letter-prepared", json!({"by": by}), json!({"text": text}))
        }
        Event::LetterSigned { file, at } => open("case.letter-signed", json!({"file": file, "at": at})),
        Event::Instructed { text, executor } => {
            sealed("case.instructed", json!({"executor": executor}), json!({"text": text}))
        }
        Event::Proposed { proposal, by } => match proposal {
            Proposal::Grant { values } => {
                sealed("case.proposed", json!({"grant": true, "by": by}), json!({"values": values}))
            }
            Proposal::Refuse { ground, reason } => sealed(
                "case.proposed",
                json!({"grant": false, "ground": ground, "by": by}),
                json!({"reason": reason}),
            ),
        },
        Event::ProposalReturned { remark, by } => {
            sealed("case.proposal-returned", json!({"by": by}), json!({"remark": remark}))
        }
        Event::ResultSigned { result } => {
            let (public, private) = result_parts(result);
            sealed("case.result-signed", public, private)
        }
        Event::ResultKept { at } => open("case.result-kept", json!({"at": at})),
        Event::Dispatched { courier, at } => {
            sealed("case.dispatched", json!({"at": at}), json!({"courier": courier}))
        }
        Event::HandedOver { taken_by, document, at } => {
            sealed("case.handed-over", json!({"at": at}), json!({"taken_by": taken_by, "document": document}))
        }
        Event::OriginalsMoved { transfer: it } => sealed(
            "case.originals-moved",
            json!({"to": it.to, "sheets": it.sheets, "missing": it.missing, "by": it.by, "at": it.at}),
            json!({"courier": it.courier}),
        ),
        Event::RemoteTold { message, silent, at } if silent.is_empty() => {
            open("case.remote-told", json!({"message": message, "at": at}))
        }
        Event::RemoteTold { message, silent, at } => {
            open("case.remote-told", json!({"message": message, "silent": silent, "at": at}))
        }
        Event::DeadlineMissed { part, due } => {
            open("case.deadline-missed", json!({"part": part, "due": due}))
        }
        Event::Ended { end, at } => open("case.ended", json!({"end": end, "at": at})),
        _ => open("case.unknown", Json::Null),
    }
}

/// Returns the stored name of a series.
fn series_name(series: Series) -> &'static str {
    match series {
        Series::Application => "application",
        Series::Incoming => "incoming",
        Series::Result => "result",
        Series::AkimIncoming => "akim-incoming",
        Series::Letter => "letter",
    }
}
