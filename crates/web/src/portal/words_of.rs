// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words for values of the engine and of the regulations: actors, systems, norms, reasons, checks of signatures.

use engine::case::Medium;
use engine::norm::Reason;
use regulation::model::{
    Actor, Channel, End, Norm, NoticeKind, PaperRole, Regulation, Situation, System, Text, Unit,
};

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

/// Returns the name of a situation of life.
pub(super) fn situation(situation: Situation) -> Word {
    match situation {
        Situation::FamilyAndChildren => Word::SitFamilyAndChildren,
        Situation::IncomeAndAid => Word::SitIncomeAndAid,
        Situation::Work => Word::SitWork,
        Situation::DisabilityAndCare => Word::SitDisabilityAndCare,
        Situation::RuralLife => Word::SitRuralLife,
    }
}

/// Returns what a paper is for.
pub(super) fn role(role: PaperRole) -> Word {
    match role {
        PaperRole::Grant => Word::RgRoleGrant,
        PaperRole::Refusal => Word::RgRoleRefusal,
        PaperRole::Receipt => Word::RgRoleReceipt,
        PaperRole::NotAccepted => Word::RgRoleNotAccepted,
        PaperRole::Letter => Word::RgRoleLetter,
        PaperRole::Slip => Word::RgRoleSlip,
    }
}

/// Returns how an application comes in.
pub(super) fn channel(channel: Channel) -> Word {
    match channel {
        Channel::Portal => Word::RgChannelPortal,
        Channel::Center => Word::RgChannelCenter,
        Channel::Provider => Word::RgChannelProvider,
        Channel::RuralAkim => Word::RgChannelAkim,
    }
}

/// Returns how a case can end.
pub(super) fn end(end: End) -> Word {
    match end {
        End::Issued => Word::StIssued,
        End::Refused => Word::StRefused,
        End::NotAccepted => Word::StNotAccepted,
        End::SignInRefused => Word::OffSigninRefused,
        End::DataUnavailable => Word::StNoData,
    }
}

/// Returns the banners of an edition: repealed, or of an act that is not stated; and as of when it is executed here.
pub(super) fn banners(page: &Page, regulation: &Regulation) -> Vec<String> {
    let (w, act) = (page.w, &regulation.act);
    let date = act.date.as_deref().and_then(|it| it.parse().ok()).map(format::date);
    let mut found = Vec::new();
    if let Some(by) = &act.repealed_by {
        let by = say(page, by);
        found.push(match &date {
            Some(date) => w.b_repealed(by, date),
            None => w.b_repealed_undated(by),
        });
    } else if let Some(date) = date {
        found.push(w.b_executed_as_of(date));
    }
    if act.number.is_none() {
        found.push(w.b_no_act().to_owned());
    }
    found
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

/// Returns how the result is wanted, and on paper where it is taken: at the one-stop-shop, or where it takes nothing of
/// this service, at the provider.
pub(super) fn medium_at(regulation: &Regulation, it: Medium) -> Word {
    if it == Medium::Paper && regulation.intake(Channel::Center).is_none() {
        Word::ApplyMediumPaperOffice
    } else {
        medium(it)
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
