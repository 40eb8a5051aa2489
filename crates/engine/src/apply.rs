// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an event makes of a case. Needs no regulation, cannot fail.

use crate::{
    case::{Attachment, Case, Earlier, Fact, HandedOver, Letter, RequestSignature, Value},
    event::{Event, Series},
};
use regulation::model::{FactId, FieldId};
use std::collections::BTreeMap;

/// The fact that an instruction's executor sets by his proposal.
pub const PROPOSAL_GRANTED: &str = "proposal.granted";
/// The fact that the documents meet the Standard.
pub const DOCUMENTS_CONFORM: &str = "documents.conform";
/// The fact that the signature under the request is valid.
pub const SIGNATURE_VALID: &str = "signature.valid";

/// Applies one event.
pub fn apply(case: &mut Case, event: &Event) {
    case.version = case.version.saturating_add(1);
    match event {
        Event::Opened { .. } => opened(case, event),
        Event::Moved { stack, .. } => case.stack.clone_from(stack),
        Event::Completed { done } => case.done.push(done.clone()),
        Event::Filled { fields, attachments } => filled(case, fields, attachments),
        Event::DocumentsAccepted { at } => case.accepted_at = Some(*at),
        Event::FactRecorded { fact, value, provenance, at } => {
            let known = Fact { value: value.clone(), provenance: provenance.clone(), at: *at };
            case.facts.insert(fact.clone(), known);
        }
        Event::RequestSigned { .. } => request_signed(case, event),
        Event::Asked { .. } | Event::Answered { .. } | Event::Unanswered { .. } => register(case, event),
        Event::Numbered { series, number, .. } => *series_slot(case, *series) = Some(number.clone()),
        Event::NumberVoided { series, number, .. } => {
            *series_slot(case, *series) = None;
            case.voided.push(number.clone());
        }
        Event::Instructed { .. } | Event::Proposed { .. } | Event::ProposalReturned { .. } => {
            office(case, event);
        }
        Event::NotAccepted { refused, .. } => case.refused = Some(refused.clone()),
        Event::LetterPrepared { text, by } => {
            case.letter = Some(Letter { text: text.clone(), by: by.clone(), signed: None });
        }
        Event::LetterSigned { file, .. } => {
            if let Some(letter) = &mut case.letter {
                letter.signed = Some(file.clone());
            }
        }
        Event::ResultKept { .. } => result_kept(case),
        Event::ResultSigned { result } => case.result = Some(result.clone()),
        Event::Dispatched { courier, .. } => case.courier.clone_from(courier),
        Event::HandedOver { taken_by, document, at } => {
            let (taken_by, document) = (taken_by.clone(), document.clone());
            case.handed_over = Some(HandedOver { taken_by, document, at: *at });
        }
        Event::OriginalsMoved { transfer } => {
            // The other side's movement may come after a later one of this side.
            case.originals.push(transfer.clone());
            case.originals.sort_by_key(|it| it.at);
        }
        Event::RemoteTold { message, silent, .. } => {
            case.told.insert(message.clone());
            case.silent_there.clone_from(silent);
        }
        Event::DeadlineMissed { part, due } => case.missed.push((part.clone(), *due)),
        Event::Ended { end, at } => {
            case.end = Some((*end, *at));
            case.stack.clear();
        }
    }
}

fn opened(case: &mut Case, event: &Event) {
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
        return;
    };
    case.one_way = *one_way;
    case.service = service.clone();
    case.edition = edition.clone();
    case.regulation_sha256.clone_from(regulation_sha256);
    case.procedure = procedure.clone();
    case.channel = *channel;
    case.opened_at = *at;
    case.accepted_at = *accepted_at;
    case.application = (**application).clone();
    case.done.clone_from(done);
}

fn filled(case: &mut Case, fields: &BTreeMap<FieldId, Value>, attachments: &[Attachment]) {
    fill(&mut case.application, fields, attachments);
}

/// Adds values and files; files of a document replace the earlier ones of the same document.
pub(crate) fn fill(
    application: &mut crate::case::Application,
    fields: &BTreeMap<FieldId, Value>,
    attachments: &[Attachment],
) {
    application.fields.extend(fields.iter().map(|(id, value)| (id.clone(), value.clone())));
    application.attachments.retain(|old| !attachments.iter().any(|new| new.document == old.document));
    application.attachments.extend(attachments.iter().cloned());
}

fn request_signed(case: &mut Case, event: &Event) {
    let Event::RequestSigned { at, content, signature, verdict, valid, code } = event else {
        return;
    };
    case.application.content = Some(content.clone());
    let same = |it: &&RequestSignature| it.content == *content && it.signature == *signature;
    let received_at = case.signature.as_ref().filter(same).map_or(*at, |it| it.received_at);
    case.signature = Some(RequestSignature {
        content: content.clone(),
        signature: signature.clone(),
        verdict: verdict.clone(),
        valid: *valid,
        code: code.clone(),
        at: *at,
        received_at,
    });
}

fn register(case: &mut Case, event: &Event) {
    if let Event::Asked { register, at } = event {
        case.asked.insert(register.clone(), *at);
    } else if let Event::Answered { register, at, .. } = event {
        case.asked.remove(register);
        case.unanswered.remove(register);
        case.answered.insert(register.clone(), *at);
    } else if let Event::Unanswered { register, at, .. } = event {
        case.unanswered.entry(register.clone()).or_insert(*at);
    }
}

fn office(case: &mut Case, event: &Event) {
    if let Event::Instructed { text, executor } = event {
        case.instruction = Some(text.clone());
        case.executor = Some(executor.clone());
    } else if let Event::Proposed { proposal, by } = event {
        case.proposal = Some((proposal.clone(), by.clone()));
        case.remark = None;
    } else if let Event::ProposalReturned { remark, .. } = event {
        case.proposal = None;
        case.remark = Some(remark.clone());
        case.facts.remove(&FactId::from(PROPOSAL_GRANTED));
        case.facts.remove(&FactId::from(DOCUMENTS_CONFORM));
    }
}

fn result_kept(case: &mut Case) {
    if let Some(result) = case.result.take() {
        let number = case.result_number.take();
        case.earlier.push(Earlier { number, result });
    }
    case.proposal = None;
    case.courier = None;
    case.handed_over = None;
    case.facts.remove(&FactId::from(PROPOSAL_GRANTED));
    case.facts.remove(&FactId::from(DOCUMENTS_CONFORM));
}

fn series_slot(case: &mut Case, series: Series) -> &mut Option<String> {
    match series {
        Series::Application => &mut case.number,
        Series::Incoming => &mut case.incoming_number,
        Series::Result => &mut case.result_number,
        Series::AkimIncoming => &mut case.akim_number,
        Series::Letter => &mut case.letter_number,
    }
}
