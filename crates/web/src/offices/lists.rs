// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of cases.

use regulation::model::{Actor, Channel, End, System};
use service::Service;
use service::submit::SubmitError;
use service::views::CaseHead;

use super::deadline;
use crate::form::said;
use crate::format;
use crate::page::Page;
use crate::ui::{Cell, Tag, TagKind};
use crate::words::{Word, Words};

/// Returns the name of a capacity.
pub fn actor(actor: Actor) -> Word {
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
pub fn system(system: System) -> Word {
    match system {
        System::Portal => Word::SystemPortal,
        System::Center => Word::SystemCenter,
        System::Gateway => Word::SystemGateway,
        System::Region => Word::SystemRegion,
        System::GbdFl => Word::SimGbdFl,
        System::Enis => Word::SimEnis,
    }
}

/// Returns where a case came from.
pub fn channel(channel: Channel) -> Word {
    match channel {
        Channel::Portal => Word::SystemPortal,
        Channel::Center => Word::SystemCenter,
        Channel::Provider => Word::ActorProvider,
        Channel::RuralAkim => Word::ActorAkim,
    }
}

/// Returns how a case ended.
pub fn ended(w: Words, end: End) -> Tag {
    match end {
        End::Issued => Tag::new(TagKind::Good, w.st_issued()),
        End::Refused => Tag::new(TagKind::Bad, w.st_refused()),
        End::NotAccepted => Tag::new(TagKind::Bad, w.st_not_accepted()),
        End::SignInRefused => Tag::new(TagKind::Bad, w.off_signin_refused()),
        End::DataUnavailable => Tag::new(TagKind::Bad, w.st_no_data()),
    }
}

/// Returns the state of a case: its end, what it waits for, or the step where it stands.
pub fn state(w: Words, service: &Service, head: &CaseHead) -> Tag {
    if let Some(end) = head.end {
        return ended(w, end);
    }
    if head.register_silent {
        return Tag::new(TagKind::Wait, w.st_waiting_register());
    }
    Tag::new(TagKind::Going, step(w, service, head))
}

/// Returns the name of the step where a case stands.
pub fn step(w: Words, service: &Service, head: &CaseHead) -> String {
    let regulation = service.settings.edition(&head.service, &head.edition);
    let part = head.part.as_ref().and_then(|part| regulation?.part(part));
    part.map(|(_, _, part)| said(w.lang(), &part.title).to_owned()).unwrap_or_default()
}

/// Returns the name of the service of a case.
pub fn title(w: Words, service: &Service, head: &CaseHead) -> String {
    let regulation = service.settings.edition(&head.service, &head.edition);
    regulation.map(|it| said(w.lang(), &it.title).to_owned()).unwrap_or_default()
}

/// Returns the columns of a queue.
pub fn queue_columns(w: Words) -> Vec<String> {
    [w.cab_number(), w.wp_applicant(), w.wp_due(), w.wp_step(), w.wp_service(), w.off_from()]
        .map(str::to_owned)
        .to_vec()
}

/// Returns the row of a queue.
pub async fn queue_row(page: &Page, service: &Service, head: &CaseHead) -> Result<Vec<Cell>, SubmitError> {
    let w = page.w;
    Ok(vec![
        link(page, head),
        Cell::text(service.name_in(head).await?),
        deadline::due_cell(w, head.due.or(head.service_due), page.now),
        Cell::text(step(w, service, head)),
        Cell::text(title(w, service, head)),
        Cell::text(w.of(channel(head.channel))),
    ])
}

/// Returns the columns of a journal.
pub fn journal_columns(w: Words) -> Vec<String> {
    [
        w.cab_number(),
        w.wp_applicant(),
        w.cab_status(),
        w.wp_received(),
        w.off_incoming_number(),
        w.off_result_number(),
        w.wp_service(),
        w.off_from(),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Returns the row of a journal.
pub async fn journal_row(page: &Page, service: &Service, head: &CaseHead) -> Result<Vec<Cell>, SubmitError> {
    let w = page.w;
    Ok(vec![
        link(page, head),
        Cell::text(service.name_in(head).await?),
        Cell { tag: Some(state(w, service, head)), ..Cell::default() },
        Cell::text(format::date_time(head.opened_at)),
        Cell::text(head.incoming_number.clone().unwrap_or_default()),
        Cell::text(head.result_number.clone().unwrap_or_default()),
        Cell::text(title(w, service, head)),
        Cell::text(w.of(channel(head.channel))),
    ])
}

/// Returns the cell that leads to a case by its number.
pub fn link(page: &Page, head: &CaseHead) -> Cell {
    let number = head.number.clone().unwrap_or_else(|| page.w.off_no_number().to_owned());
    Cell::link(page.href(&format!("{}/cases/{}", page.room.home(), head.case.0)), number)
}
