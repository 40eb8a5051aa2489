// SPDX-License-Identifier: MIT OR Apache-2.0
//! The Kazakh words of a played scenario, for a lawyer's eye.

use crate::desk::Desk;
use engine::{
    Case, Deadline, Effect, Event, Inadmissible, Proposal, Value,
    calculation::Row,
    case::{Done, Fact, Provenance},
    deadline::DeadlineOf,
    event::Series,
    holds::Holds,
    inadmissible::Input,
    norm::Reason,
};
use jiff::Timestamp;
use regulation::facts::DOCUMENTS_CONFORM;
use regulation::model::{
    Actor, End, FactId, Field, FieldId, FieldKind, Medium, Norm, NoticeKind, Paper, PaperRole, StepId,
    System, Unit,
};
use rust_decimal::Decimal;

/// Returns the local time of the provider.
pub(crate) fn time(desk: &Desk, at: Timestamp) -> String {
    desk.provider.body.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Returns the name of a system.
pub(crate) fn system(here: System) -> &'static str {
    match here {
        System::Portal => "портал",
        System::Center => "МК",
        System::Region => "өңір",
        System::Gateway => "ЭҮШ",
        System::GbdFl => "ЖТ МДҚ",
        System::Enis => "БНАЖ",
    }
}

/// Returns the name of a part: its title, id and clause.
pub(crate) fn part(desk: &Desk, id: &StepId) -> String {
    desk.regulation.part(id).map_or_else(
        || id.to_string(),
        |(_, step, part)| format!("{} [{id}, {}]", part.title.kk, clause(&step.clause)),
    )
}

fn clause(id: &str) -> String {
    let words = regulation::clause_words(regulation::Lang::Kk, id);
    if words.ends_with(|c: char| c.is_ascii_digit()) { format!("{words}-т.") } else { words }
}

/// Returns the line of an event of a case; `None` for one that the lawyer does not need.
pub(crate) fn event(desk: &Desk, case: &Case, event: &Event) -> Option<String> {
    Some(match event {
        Event::Opened { procedure, .. } => {
            let title = desk.regulation.procedure(procedure).map_or("", |it| it.title.kk.as_str());
            format!("іс ашылды: {title} [{procedure}]")
        }
        Event::Moved { .. } | Event::RemoteTold { .. } | Event::OriginalsMoved { .. } => return None,
        Event::Completed { done: it } => done(desk, it),
        Event::Filled { fields, attachments } => {
            format!("нысан толтырылды: {} өріс, {} құжат", fields.len(), attachments.len())
        }
        Event::DocumentsAccepted { at } => format!("құжаттар қабылданды: {}", time(desk, *at)),
        Event::FactRecorded { fact, .. } if fact.as_str() == DOCUMENTS_CONFORM && !declared(desk, fact) => {
            return None;
        }
        Event::FactRecorded { fact, value, provenance, at } => {
            let known = Fact { value: value.clone(), provenance: provenance.clone(), at: *at };
            format!("дерек: {} – {}", fact_title(desk, fact.as_str()), fact_value(&known))
        }
        Event::RequestSigned { valid, code, .. } => match valid {
            Some(true) => "сұратудың ЭЦҚ-сы: расталды".to_owned(),
            Some(false) => format!("сұратудың ЭЦҚ-сы: РАСТАЛМАДЫ ({})", code.as_deref().unwrap_or("-")),
            None => format!("сұратудың ЭЦҚ-сы: анықталмады ({})", code.as_deref().unwrap_or("-")),
        },
        Event::Asked { register, .. } => format!("тізілім сұралды: {register}"),
        Event::Answered { register, .. } => format!("тізілім жауап берді: {register}"),
        Event::Unanswered { register, again_at, .. } => {
            format!("тізілім үндемейді: {register}; қайта сұралады {}", time(desk, *again_at))
        }
        Event::Numbered { series, number, .. } => format!("{} нөмірі: {number}", series_name(*series)),
        Event::NumberVoided { series, number, .. } => {
            format!("{} нөмірінің күші жойылды: {number}", series_name(*series))
        }
        Event::Instructed { text, executor } => format!("бұрыштама: «{text}», орындаушы {}", executor.0),
        Event::Proposed { proposal, .. } => proposed(desk, case, proposal),
        Event::ProposalReturned { remark, .. } => format!("басшы қайтарды: «{remark}»"),
        Event::NotAccepted { refused, .. } => {
            let missing: Vec<&str> =
                refused.missing.iter().map(regulation::model::DocumentId::as_str).collect();
            format!("құжаттар қабылданбады: {} «{}»", missing.join(", "), refused.reason)
        }
        Event::LetterPrepared { text, .. } => format!("ілеспе хат дайындалды: «{text}»"),
        Event::LetterSigned { .. } => "ілеспе хатқа қолмен қол қойылды".to_owned(),
        Event::ResultSigned { result } => match &result.on_paper {
            Some(paper) => {
                let both = if paper.countersigned {
                    ", өтініш беруші де қол қойды"
                } else {
                    ""
                };
                format!("нәтижеге қағазда қол қойылды: {}, {}{both}", result.signer, paper.on)
            }
            None => format!("нәтижеге қол қойылды: {}", result.signer),
        },
        Event::ResultKept { .. } => "берілген нәтиже істе қалды, келесі нәтиже дайындалады".to_owned(),
        Event::Dispatched { courier, .. } => match courier {
            Some(name) => format!("нәтиже курьерге берілді: {name}"),
            None if case.application.medium == Medium::Paper => "нәтиже қағаз түрінде жіберілді".to_owned(),
            None => "нәтиже электрондық түрде жіберілді".to_owned(),
        },
        Event::HandedOver { taken_by, document, .. } => format!("нәтиже берілді: {taken_by}, {document}"),
        Event::DeadlineMissed { part: missed, due } => {
            let of = missed.as_ref().map_or_else(|| "қызмет көрсету".to_owned(), |it| part(desk, it));
            format!("МЕРЗІМІ ӨТТІ: {of} – {}", time(desk, *due))
        }
        Event::Ended { end, .. } => format!("іс аяқталды: {}", ended(*end)),
    })
}

/// Returns the line of a part that is done, and whether its condition held.
pub(crate) fn done(desk: &Desk, done: &Done) -> String {
    let held = match done.held {
        Some(true) => " – ИӘ",
        Some(false) => " – ЖОҚ",
        None => "",
    };
    format!("орындалды: {}{held}", part(desk, &done.part))
}

/// Returns the line of an effect; `None` for one that the lawyer does not need.
pub(crate) fn effect(desk: &Desk, effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::SendApplication => "→ өтініш ЭҮШ арқылы жолданды".to_owned(),
        Effect::TellProgress => "→ екінші жаққа хабарланды".to_owned(),
        Effect::StampResult { .. } => "→ ұйым мөрін қою тапсырылды".to_owned(),
        Effect::VerifyAgain { not_before } => format!("→ ЭЦҚ қайта тексеріледі: {}", time(desk, *not_before)),
        Effect::Notice { kind } => format!("→ хабарлама: {}", notice(*kind)),
        Effect::AskRegister { .. } | Effect::WakeAt(_) => return None,
    })
}

/// Returns the lines of a deadline: what it is, and which days were skipped by which act.
pub(crate) fn deadline(desk: &Desk, it: &Deadline) -> Vec<String> {
    let of = match &it.of {
        DeadlineOf::Part { .. } => "қадам мерзімі".to_owned(),
        DeadlineOf::Term { clause: Some(clause), .. } => format!("қызмет мерзімі ({})", self::clause(clause)),
        DeadlineOf::Term { clause: None, .. } => "қызмет мерзімі (Стандарт бойынша, болжам)".to_owned(),
    };
    let mut lines = vec![format!("{of}: {} → {}", norm(it.norm), time(desk, it.due))];
    for reason in &it.reasons {
        match reason {
            Reason::Skipped(day) => {
                lines.push(format!("  есептелмейді: {} – {} ({})", day.date, day.name.kk, day.act.kk));
            }
            Reason::OutsideHours { counts_from, .. } => {
                lines.push(format!("  жұмыс уақытынан тыс: есеп {} басталады", time(desk, *counts_from)));
            }
            Reason::MovedFrom(day) => {
                lines.push(format!("  ауысады: {} – {} ({})", day.date, day.name.kk, day.act.kk));
            }
            Reason::YearNotCovered(year) => lines.push(format!("  {year} жылдың күнтізбесі жоқ")),
            Reason::StartsAt(_)
            | Reason::WallClock
            | Reason::WorkingHours { .. }
            | Reason::FirstDayNotCounted(_)
            | Reason::Counted { .. }
            | Reason::EndsAtClose { .. } => {}
        }
    }
    lines
}

/// Returns why an order was not accepted.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what no scenario shows is told in the engine's own words"
)]
pub(crate) fn inadmissible(desk: &Desk, why: &Inadmissible) -> String {
    match why {
        Inadmissible::PreparerSigns => "нәтижені дайындаған адам оған қол қоя алмайды".to_owned(),
        Inadmissible::AlreadyDone { part: done, by, at, current } => {
            let by = by.as_ref().map_or("жүйе", |it| it.0.as_str());
            let now = current.as_ref().map_or_else(|| "аяқталған".to_owned(), |it| part(desk, it));
            format!("{} бұрын орындалған: {by}, {}; қазір: {now}", part(desk, done), time(desk, *at))
        }
        Inadmissible::NotHere { current } => {
            format!("іс басқа жерде: {}", current.as_ref().map_or_else(String::new, |it| part(desk, it)))
        }
        Inadmissible::WrongRole { needs } => format!("бұл әрекет – {}", actor(*needs)),
        Inadmissible::NotTheExecutor => "бұрыштамада басқа орындаушы аталған".to_owned(),
        Inadmissible::Ended { end, .. } => format!("іс аяқталған: {}", ended(*end)),
        Inadmissible::Form(problems) => {
            let list: Vec<String> =
                problems.iter().map(|it| format!("{} ({:?})", it.path, it.kind)).collect();
            format!("нысанда қате: {}", list.join(", "))
        }
        Inadmissible::Empty(input) => format!("жазылмаған: {}", written(*input)),
        Inadmissible::TooLong(input) => format!("тым ұзын: {}", written(*input)),
        Inadmissible::UnknownGround(id) => format!("регламентте мұндай негіз жоқ: {id}"),
        Inadmissible::SignatureNotValid { code } => {
            format!("ЭЦҚ расталмады ({}): қайта қол қойыңыз", code.as_deref().unwrap_or("-"))
        }
        other => other.to_string(),
    }
}

/// Returns who acts.
pub(crate) fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::Applicant => "өтініш беруші",
        Actor::Provider => "көрсетілетін қызметті беруші",
        Actor::ProviderOffice => "кеңсе",
        Actor::ProviderHead => "басшы",
        Actor::ProviderExecutor => "жауапты орындаушы",
        Actor::RuralAkimSpecialist => "ауылдық округ маманы",
        Actor::RuralAkim => "ауылдық округ әкімі",
        Actor::RuralAkimExecutor => "ауылдық округ орындаушысы",
        Actor::CenterOperator => "МК операторы",
        Actor::CenterCourier => "МК курьері",
    }
}

fn written(input: Input) -> &'static str {
    match input {
        Input::Instruction => "бұрыштама",
        Input::Reason => "бас тартудың себебі",
        Input::Remark => "қайтарудың себебі",
        Input::Courier => "курьердің аты-жөні",
        Input::Pages => "беттердің саны",
        Input::TakenBy => "нәтижені алған адам",
        Input::Document => "жеке басты куәландыратын құжат",
        Input::Executor => "орындаушы",
        Input::Letter => "ілеспе хат",
        Input::Override => "есептелген соманы өзгертудің себебі",
    }
}

fn proposed(desk: &Desk, case: &Case, proposal: &Proposal) -> String {
    match proposal {
        Proposal::Grant { values } => {
            let value = |id: &FactId| {
                let field = FieldId::from(id.as_str());
                let fields = [values, &case.application.fields];
                let given = fields.iter().find_map(|it| it.get(&field).cloned());
                given.or_else(|| case.known(&desk.regulation, id))
            };
            let holds =
                |it: &&Paper| it.when.as_ref().is_none_or(|when| Holds::judge(when, &value) == Holds::Yes);
            let paper = desk.regulation.papers_of(PaperRole::Grant).find(holds);
            format!("дайындалды: «{}»", paper.map_or("-", |it| it.title.kk.as_str()))
        }
        Proposal::Refuse { ground, reason } => {
            let text = desk.regulation.ground(ground).map_or("", |it| it.text.kk.as_str());
            format!("бас тарту ұсынылды: {text} [{ground}]; «{reason}»")
        }
    }
}

/// Returns the lines of a calculated figure: its formula, its figures, its rates, and what was given instead and why.
pub(crate) fn calculated(desk: &Desk, row: &Row) -> Vec<String> {
    let fields = &desk.regulation.result_fields;
    let label = |of: Option<&Field>| of.map_or_else(|| row.field.to_string(), |it| it.label.kk.clone());
    let label = match &row.entry {
        Some((group, index)) => {
            let group = fields.iter().find(|it| it.id == *group);
            let inner = group.and_then(|it| {
                let FieldKind::Group { fields, .. } = &it.kind else { return None };
                fields.iter().find(|it| it.id == row.field)
            });
            format!("{} {}: {}", label(group), index + 1, label(inner))
        }
        None => label(fields.iter().find(|it| it.id == row.field)),
    };
    let figure = |it: Option<Decimal>| it.map_or_else(|| "?".to_owned(), |it| it.to_string());
    let mut lines =
        vec![format!("  есептеу: {label}: {} = {} = {}", row.formula, row.figures, figure(row.calculated))];
    lines.extend(
        row.rates.iter().map(|it| format!("    мөлшерлеме {}: {} ({})", it.id, it.amount, it.act.kk)),
    );
    if row.is_replaced() {
        let reason = row.reason.as_deref().unwrap_or("-");
        lines.push(format!("    оның орнына: {}; себебі: «{reason}»", figure(row.given)));
    }
    lines
}

fn declared(desk: &Desk, fact: &FactId) -> bool {
    desk.regulation.facts.iter().any(|it| it.id == *fact)
}

fn fact_title(desk: &Desk, id: &str) -> String {
    let declared = desk.regulation.facts.iter().find(|it| it.id.as_str() == id);
    declared.map_or_else(|| id.to_owned(), |it| format!("{} [{id}]", it.title.kk))
}

fn fact_value(fact: &Fact) -> String {
    let value = match &fact.value {
        Value::Bool(true) => "иә".to_owned(),
        Value::Bool(false) => "жоқ".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Entries(entries) => format!("{} жазба", entries.len()),
    };
    match &fact.provenance {
        Provenance::Setting(basis) => format!("{value} ({basis})"),
        Provenance::Register { .. }
        | Provenance::Signature(_)
        | Provenance::Person(_)
        | Provenance::Before => value,
    }
}

fn series_name(series: Series) -> &'static str {
    match series {
        Series::Application => "өтініш",
        Series::Incoming => "кіріс журналының",
        Series::Result => "нәтиже",
        Series::AkimIncoming => "әкім аппаратының кіріс журналының",
        Series::Letter => "ілеспе хат",
    }
}

/// Returns how a case ended.
pub(crate) fn ended(end: End) -> &'static str {
    match end {
        End::Issued => "нәтиже берілді [end:issued]",
        End::Refused => "бас тартылды [end:refused]",
        End::NotAccepted => "құжаттар қабылданбады [end:not-accepted]",
        End::SignInRefused => "кіруден бас тартылды [end:sign-in-refused]",
        End::DataUnavailable => "деректер жоқ [end:data-unavailable]",
    }
}

fn notice(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::SignInRefused => "авторландырудан бас тартылды",
        NoticeKind::DataUnavailable => "деректерді алу мүмкін емес",
        NoticeKind::SignatureNotConfirmed => "ЭЦҚ түпнұсқалығы расталмады",
        NoticeKind::ServiceRefused => "қызметтен бас тартылды",
        NoticeKind::Sent => "сұрату қабылданды және жолданды",
        NoticeKind::ResultReady => "нәтиже дайын",
    }
}

fn norm(norm: Norm) -> String {
    let unit = match norm.unit {
        Unit::Seconds => "секунд",
        Unit::Minutes => "минут",
        Unit::WorkingDays => "жұмыс күні",
        Unit::CalendarDays => "күнтізбелік күн",
    };
    if norm.min == norm.max {
        format!("{} {unit}", norm.max)
    } else {
        format!("{}–{} {unit}", norm.min, norm.max)
    }
}
