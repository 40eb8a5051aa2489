// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words for values of the engine and of the regulations: actors, systems, norms, reasons, checks of signatures.

use engine::case::Medium;
use engine::norm::Reason;
use regulation::model::{Actor, Norm, NoticeKind, System, Text, Unit};

use crate::format;
use crate::lang::Lang;
use crate::page::Page;
use crate::words::Word;

/// Returns a text of a regulation in the language of the page.
pub(super) fn say(page: &Page, text: &Text) -> String {
    let text = match page.lang() {
        Lang::Kk => &text.kk,
        Lang::Ru => &text.ru,
        Lang::En => &text.en,
    };
    text.clone()
}

/// Returns a text of a regulation in the language of the page, as the beginning of a sentence.
pub(super) fn begin(page: &Page, text: &Text) -> String {
    let text = say(page, text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

/// Returns the name of an actor.
pub(super) fn actor(actor: Actor) -> Word {
    match actor {
        Actor::Applicant => Word::ActorApplicant,
        Actor::Provider => Word::ActorProvider,
        Actor::ProviderOffice => Word::ActorProviderOffice,
        Actor::ProviderHead => Word::ActorProviderHead,
        Actor::ProviderExecutor => Word::ActorProviderExecutor,
        Actor::RuralAkimSpecialist => Word::ActorAkimSpecialist,
        Actor::RuralAkim => Word::ActorAkim,
        Actor::RuralAkimExecutor => Word::ActorAkimExecutor,
        Actor::CenterOperator => Word::ActorCenterOperator,
        Actor::CenterCourier => Word::ActorCenterCourier,
    }
}

/// Returns the name of a system.
pub(super) fn system(system: System) -> Word {
    match system {
        System::Portal => Word::SystemPortal,
        System::Center => Word::SystemCenter,
        System::Gateway => Word::SystemGateway,
        System::Region => Word::SystemRegion,
        System::GbdFl => Word::SimGbdFl,
        System::Enis => Word::SimEnis,
    }
}

/// Returns who has a part: the actor, or the system where no person acts.
pub(super) fn who(page: &Page, person: Option<Actor>, at: System) -> String {
    page.w.of(person.map_or_else(|| system(at), actor)).to_owned()
}

/// Returns a norm in words; of two figures the one that binds.
pub(super) fn norm(page: &Page, norm: Norm) -> String {
    match norm.unit {
        Unit::Seconds => page.w.unit_seconds(norm.max),
        Unit::Minutes => page.w.unit_minutes(norm.max),
        Unit::WorkingDays => page.w.unit_working_days(norm.max),
        Unit::CalendarDays => page.w.unit_calendar_days(norm.max),
    }
}

/// Returns how the result is wanted.
pub(super) fn medium(medium: Medium) -> Word {
    match medium {
        Medium::Electronic => Word::ApplyMediumElectronic,
        Medium::Paper => Word::ApplyMediumPaper,
    }
}

/// Returns how a deadline was counted, a line a reason.
pub(super) fn reasons(page: &Page, reasons: &[Reason]) -> Vec<String> {
    reasons.iter().flat_map(|it| reason(page, it)).collect()
}

fn reason(page: &Page, reason: &Reason) -> Vec<String> {
    let w = page.w;
    let time = |at: jiff::civil::Time| format!("{:02}:{:02}", at.hour(), at.minute());
    match reason {
        Reason::StartsAt(at) => vec![w.why_start(format::date_time(*at))],
        Reason::WallClock => vec![w.why_wall().to_owned()],
        Reason::WorkingHours { opens, lunch, closes } => {
            let mut lines = vec![w.why_hours(time(*closes), time(*opens))];
            lines.extend(lunch.map(|(from, to)| w.why_lunch(time(to), time(from))));
            lines
        }
        Reason::OutsideHours { counts_from, .. } => vec![w.why_outside(format::date_time(*counts_from))],
        Reason::FirstDayNotCounted(date) => vec![w.why_first(format::date(*date))],
        Reason::Counted { date, number } => vec![w.why_counted(format::date(*date), number)],
        Reason::Skipped(day) => vec![w.why_skipped(format::date(day.date), say(page, &day.name))],
        Reason::MovedFrom(day) => vec![w.why_moved(format::date(day.date), say(page, &day.name))],
        Reason::EndsAtClose { date, closes } => vec![w.why_close(format::date(*date), time(*closes))],
        Reason::YearNotCovered(year) => vec![w.why_year(year)],
    }
}

/// Returns the plain words for a code of a failed check of a signature.
pub(super) fn check(code: &str) -> Word {
    match code {
        "certificate-expired" => Word::EdsExpired,
        "certificate-not-yet-valid" => Word::EdsNotYet,
        "certificate-revoked" | "certificate-not-issued" => Word::EdsRevoked,
        "chain-untrusted" | "issuer-not-authority" | "certificate-policy" | "critical-extension" => {
            Word::EdsUntrusted
        }
        "iin-mismatch" => Word::EdsOtherPerson,
        "iin-absent" => Word::EdsNoIin,
        "digest-mismatch" | "content-mismatch" | "content-not-covered" | "reference-not-admitted" => {
            Word::EdsChanged
        }
        "key-usage" | "extended-key-usage" | "bin-mismatch" | "role-insufficient" => Word::EdsWrongKey,
        "algorithm-unknown" | "algorithm-unsupported" | "algorithm-mismatch" | "key-size" => {
            Word::EdsAlgorithm
        }
        "container-malformed"
        | "signers-absent"
        | "content-absent"
        | "certificate-absent"
        | "certificate-malformed"
        | "signed-attributes"
        | "content-type-mismatch"
        | "signature-mismatch"
        | "signing-certificate-mismatch" => Word::EdsUnreadable,
        "signing-time" => Word::EdsTime,
        "revocation-unknown" | "revocation-evidence" => Word::EdsUnchecked,
        _ => Word::EdsOther,
    }
}

/// Returns what a notice says when its case has no number yet.
pub(super) fn notice(kind: NoticeKind) -> Word {
    match kind {
        NoticeKind::SignInRefused => Word::NPlainSignin,
        NoticeKind::DataUnavailable => Word::NPlainNoData,
        NoticeKind::SignatureNotConfirmed => Word::NPlainUnsigned,
        NoticeKind::ServiceRefused => Word::NPlainRefused,
        NoticeKind::Sent => Word::NPlainSent,
        NoticeKind::ResultReady => Word::NPlainReady,
    }
}
