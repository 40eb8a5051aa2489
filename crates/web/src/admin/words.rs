// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is stuck, in words.

use regulation::model::System;
use service::board::{Acts, Ending, Item, Reason, What};

use crate::format;
use crate::offices::lists;
use crate::page::Page;
use crate::ui::{Row, Tag, TagKind};
use crate::words::{Word, Words};

/// Returns what is stuck.
pub(super) fn title(what: &What) -> Word {
    match what {
        What::Message { notice: false, .. } | What::Anomaly { .. } => Word::BdMessage,
        What::Message { notice: true, .. } => Word::BdNotice,
        What::NotTaken { .. } => Word::BdApplication,
        What::Work { kind, .. } => match kind.as_str() {
            "ask-register" => Word::BdAskRegister,
            "send-application" => Word::BdSendApplication,
            "tell-progress" => Word::BdTellProgress,
            "stamp-result" => Word::BdStampResult,
            "verify-again" => Word::BdVerifyAgain,
            "stamp-time" => Word::BdStampTime,
            "renew-archive" => Word::BdRenewArchive,
            "wake" => Word::BdWake,
            _ => Word::BdOther,
        },
    }
}

/// Returns why it is stuck, and what to do.
pub(super) fn reason(reason: Reason) -> (Word, Word) {
    match reason {
        Reason::Silent => (Word::BdSilent, Word::BdSilentDo),
        Reason::NotNow => (Word::BdNotNow, Word::BdNotNowDo),
        Reason::Busy => (Word::BdBusy, Word::BdBusyDo),
        Reason::RefusedFormat => (Word::BdRefusedFormat, Word::BdRefusedFormatDo),
        Reason::RefusedService => (Word::BdRefusedService, Word::BdRefusedServiceDo),
        Reason::RefusedCertificate => (Word::BdRefusedCertificate, Word::BdRefusedCertificateDo),
        Reason::RefusedSignature => (Word::BdRefusedSignature, Word::BdRefusedSignatureDo),
        Reason::Refused => (Word::BdRefused, Word::BdRefusedDo),
        Reason::NoRoute => (Word::BdNoRoute, Word::BdNoRouteDo),
        Reason::Transport => (Word::BdTransport, Word::BdTransportDo),
        Reason::FileGone => (Word::BdFileGone, Word::BdFileGoneDo),
        Reason::NotBrought => (Word::BdNotBrought, Word::BdNotBroughtDo),
        Reason::IdReused => (Word::BdIdReused, Word::BdIdReusedDo),
        Reason::NotInTables => (Word::BdNotInTables, Word::BdNotInTablesDo),
        Reason::NotTaken => (Word::BdNotTaken, Word::BdNotTakenDo),
        Reason::Unusable => (Word::BdUnusable, Word::BdUnusableDo),
        Reason::Patience => (Word::BdPatience, Word::BdPatienceDo),
        Reason::Evidence => (Word::BdEvidence, Word::BdEvidenceDo),
        Reason::AccountEnded => (Word::BdAccountEnded, Word::BdAccountEndedDo),
        Reason::KeyUnknown => (Word::BdKeyUnknown, Word::BdKeyUnknownDo),
        Reason::IssuerUnknown => (Word::BdIssuerUnknown, Word::BdIssuerUnknownDo),
        Reason::Store => (Word::BdStore, Word::BdStoreDo),
        Reason::CutOff => (Word::BdCutOff, Word::BdCutOffDo),
        Reason::Waiting => (Word::BdTriedAgain, Word::BdTriedAgainDo),
    }
}

/// Returns what giving up brings about.
pub(super) fn ending(ending: Ending) -> Word {
    match ending {
        Ending::CaseStops => Word::BdEndingCase,
        Ending::Left => Word::BdEndingLeft,
        Ending::SenderTold => Word::BdEndingTold,
        Ending::Noted => Word::BdEndingNoted,
    }
}

/// Returns whether it waits for itself or for a person.
pub(super) fn tag(w: Words, item: &Item) -> Tag {
    if item.is_aside() {
        Tag::new(TagKind::Bad, w.bd_aside())
    } else {
        Tag::new(TagKind::Wait, w.bd_waiting())
    }
}

/// Returns who must act.
fn acts(page: &Page, acts: &Acts) -> String {
    let w = page.w;
    match acts {
        Acts::Nobody => w.bd_who_nobody().to_owned(),
        Acts::Other(Some(name)) => w.bd_who_other(named(page, name)),
        Acts::Other(None) => w.bd_who_others().to_owned(),
        Acts::Administrator => w.bd_who_administrator().to_owned(),
        Acts::Makers => w.bd_who_makers().to_owned(),
    }
}

/// Returns the name of a register where we have one, and its id.
fn named(page: &Page, id: &str) -> String {
    let known = match id {
        "gbd-fl" => Some(Word::SimGbdFl),
        "enis" => Some(Word::SimEnis),
        "guardianship" => Some(Word::SimGuardianship),
        _ => None,
    };
    known.map_or_else(|| id.to_owned(), |it| format!("{} ({id})", page.w.of(it)))
}

/// Returns the facts of an item; `system` is named where this process carries several.
pub(super) fn rows(page: &Page, system: Option<System>, item: &Item) -> Vec<Row> {
    let w = page.w;
    let mut rows = Vec::new();
    rows.extend(system.map(|it| Row::new(w.bd_where(), w.of(lists::system(it)))));
    match &item.what {
        What::Work { case, register, .. } => {
            rows.extend(case.map(|it| Row::new(w.bd_case(), it.0.to_string())));
            rows.extend(register.as_ref().map(|it| Row::new(w.bd_register(), named(page, it))));
        }
        What::Message { message, service, from, to, .. } => {
            rows.push(Row::new(w.bd_message_id(), message));
            rows.push(Row::new(w.bd_service(), service));
            rows.push(Row::new(w.bd_from(), from));
            rows.push(Row::new(w.bd_to(), to));
        }
        What::Anomaly { message, case, from } => {
            rows.push(Row::new(w.bd_case(), case.0.to_string()));
            rows.push(Row::new(w.bd_message_id(), message));
            rows.push(Row::new(w.bd_from(), from));
        }
        What::NotTaken { number, message, from } => {
            let told = (!number.is_empty()).then_some(number);
            rows.extend(told.map(|it| Row::new(w.bd_number(), it)));
            rows.push(Row::new(w.bd_message_id(), message));
            rows.push(Row::new(w.bd_from(), from));
        }
    }
    rows.push(Row::new(w.bd_since(), format::date_time(item.since)));
    rows.push(Row::new(w.bd_tries(), item.attempts.to_string()));
    rows.push(match item.next {
        Some(at) => Row::new(w.bd_next(), format::date_time(at)),
        None => Row::new(w.bd_next(), w.bd_next_none()),
    });
    rows.push(Row::new(w.bd_who(), acts(page, &item.acts)));
    rows
}
