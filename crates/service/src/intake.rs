// SPDX-License-Identifier: MIT OR Apache-2.0
//! Intake on paper at an office of the region: the provider's clerk or the rural akim's specialist.
//!
//! What is entered and scanned is kept sealed until the set is judged: then the case is opened and, in the same transaction,
//! accepted and registered in the journal, or refused to be accepted where the act allows that.

use crate::access::Seat;
use crate::center::Intake;
use crate::ports::store::{ListQuery, RowChange};
use crate::submit::{Along, SubmitError, Submitted};
use crate::views::sortable;
use crate::workplace::{PapersOf, papers_gone};
use crate::{Service, rows, tables};
use engine::case::{Application, CaseId, PersonId, Value};
use engine::command::OrderId;
use engine::form::{self, Problem};
use engine::holds::Holds;
use engine::organization::Organization;
use engine::{Act, Before, Command, Order};
use jiff::Timestamp;
use regulation::model::{
    Actor, Channel, DocumentId, EditionId, FactId, NotAccepted, Procedure, Regulation, ServiceId, StepId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Unfinished intakes of an office that are listed.
pub const OPEN_MAX: usize = 50;

/// A service that an office takes in.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The regulation.
    pub regulation: Arc<Regulation>,
    /// The channel.
    pub channel: Channel,
    /// The providers to which it may go: the office's own, or those of the akim's district.
    pub providers: Vec<String>,
}

/// An intake that is not judged yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenIntake {
    /// The case that it becomes.
    pub case: CaseId,
    /// The office.
    pub organization: String,
    /// The channel.
    pub channel: Channel,
    /// The edition.
    pub edition: EditionId,
    /// What was entered. Personal.
    pub entered: Intake,
    /// When it was begun.
    pub begun_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    organization: String,
    owner: String,
    sealed: String,
}

/// Returns the channel by which a seat takes in, and in what capacity.
pub fn channel_of(seat: &Seat) -> Option<(Channel, Actor)> {
    let takes =
        [(Channel::Provider, Actor::ProviderOffice), (Channel::RuralAkim, Actor::RuralAkimSpecialist)];
    takes.into_iter().find(|(_, actor)| seat.actors.contains(actor))
}

fn list_of(organization: &str) -> String {
    format!("intake/{organization}")
}

fn gone(case: CaseId) -> RowChange {
    RowChange::Delete { table: tables::DRAFTS.to_owned(), key: case.0.to_string() }
}

impl OpenIntake {
    /// Returns whose key seals it, and whose papers they are.
    fn papers_of(&self, service: &Service) -> PapersOf {
        PapersOf { case: self.case, owner: service.vault.pseudonym(&self.entered.iin) }
    }
}

impl Service {
    /// Returns the services that the official's office takes in, in the order of the regulations.
    pub fn offered(&self, seat: &Seat) -> Vec<Offered> {
        let mut found: Vec<Offered> = Vec::new();
        for regulation in &self.settings.regulations {
            if !found.iter().any(|it| it.regulation.service == regulation.service) {
                found.extend(self.offer(seat, &regulation.service));
            }
        }
        found
    }

    /// Returns a service as the official's office takes it in; `None` where it does not.
    pub fn offer(&self, seat: &Seat, service: &ServiceId) -> Option<Offered> {
        let (channel, _) = channel_of(seat)?;
        let office = self.settings.organization(&seat.organization).filter(|it| it.serves(service))?;
        let providers: Vec<&Organization> = match channel {
            Channel::RuralAkim => {
                self.settings.providers_of(service).filter(|it| it.district() == office.district()).collect()
            }
            Channel::Portal | Channel::Center | Channel::Provider => {
                Some(office).filter(|it| it.is_provider()).into_iter().collect()
            }
        };
        let takes = |it: &&Organization| {
            let regulation = self.settings.current_for(service, &it.id);
            regulation.is_some_and(|of| {
                of.intake(channel).is_some_and(|course| self.holds(course, of, [office, *it]))
            })
        };
        let providers: Vec<&Organization> = providers.into_iter().filter(takes).collect();
        let regulation = Arc::clone(self.settings.current_for(service, &providers.first()?.id)?);
        Some(Offered { regulation, channel, providers: providers.iter().map(|it| it.id.clone()).collect() })
    }

    /// Returns whether what the bodies state of themselves satisfies the condition of an intake.
    fn holds(&self, course: &Procedure, regulation: &Regulation, bodies: [&Organization; 2]) -> bool {
        let stated = |fact: &FactId| {
            bodies.iter().find_map(|it| it.body.setting(fact, &regulation.service, self.now())).map(|it| it.0)
        };
        course.intake_when.as_ref().is_none_or(|when| Holds::judge(when, &stated) == Holds::Yes)
    }

    /// Keeps what was entered, new or again; values that are not asked for are left out.
    pub async fn keep_intake(
        &self,
        seat: &Seat,
        before: Option<CaseId>,
        mut entered: Intake,
    ) -> Result<CaseId, SubmitError> {
        let offered = self.offer(seat, &entered.service).ok_or(SubmitError::Unknown)?;
        if !offered.providers.contains(&entered.provider) {
            return Err(SubmitError::Unknown);
        }
        let regulation =
            self.settings.current_for(&entered.service, &entered.provider).ok_or(SubmitError::Unknown)?;
        entered.fields = asked(regulation, offered.channel, entered.fields);
        let begun = match before {
            Some(case) => Some(self.open_intake(seat, case).await?.ok_or(SubmitError::Unknown)?),
            None => None,
        };
        let intake = OpenIntake {
            case: begun.as_ref().map_or_else(|| CaseId(self.uuid()), |it| it.case),
            organization: seat.organization.clone(),
            channel: offered.channel,
            edition: regulation.edition.clone(),
            entered,
            begun_at: begun.as_ref().map_or_else(|| self.now(), |it| it.begun_at),
        };
        let owner = intake.papers_of(self).owner;
        let stored = Stored {
            organization: seat.organization.clone(),
            sealed: self.seal_json(&owner, &intake).await?,
            owner,
        };
        let (list, sort) = (Some(list_of(&seat.organization)), sortable(intake.begun_at));
        let row = rows::row(tables::DRAFTS, intake.case.0.to_string(), list, sort, &stored);
        self.put(vec![RowChange::Put(row)]).await?;
        Ok(intake.case)
    }

    /// Returns an intake of the official's office that is not judged yet.
    pub async fn open_intake(&self, seat: &Seat, case: CaseId) -> Result<Option<OpenIntake>, SubmitError> {
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::DRAFTS, &case.0.to_string()).await?;
        match stored {
            Some(stored) if stored.organization == seat.organization && channel_of(seat).is_some() => {
                self.open_json(&stored.owner, &stored.sealed).await
            }
            _ => Ok(None),
        }
    }

    /// Returns the intakes of the official's office that are not judged yet, the latest first.
    pub async fn open_intakes(&self, seat: &Seat) -> Result<Vec<OpenIntake>, SubmitError> {
        if channel_of(seat).is_none() {
            return Ok(Vec::new());
        }
        let query = ListQuery {
            table: tables::DRAFTS.to_owned(),
            list: list_of(&seat.organization),
            after: None,
            descending: true,
            limit: OPEN_MAX,
        };
        let mut found = Vec::new();
        for row in self.ports.store.list(query).await? {
            let stored: Stored = rows::body(&row)?;
            found.extend(self.open_json::<OpenIntake>(&stored.owner, &stored.sealed).await?);
        }
        Ok(found)
    }

    /// Throws an intake away: the applicant went home with the papers.
    pub async fn drop_intake(&self, seat: &Seat, case: CaseId) -> Result<(), SubmitError> {
        match self.open_intake(seat, case).await? {
            Some(_) => self.put(vec![gone(case), papers_gone(case)]).await,
            None => Ok(()),
        }
    }

    /// Returns whose papers those of an intake are.
    pub fn papers_of_intake(&self, intake: &OpenIntake) -> PapersOf {
        intake.papers_of(self)
    }

    /// Returns the edition of an intake, as its provider executes it.
    pub fn edition_of(&self, intake: &OpenIntake) -> Option<&Arc<Regulation>> {
        let entered = &intake.entered;
        self.settings.edition_at(&entered.service, &intake.edition, &entered.provider)
    }

    /// Returns the application that an intake is, with its scans.
    async fn application_of(&self, intake: &OpenIntake) -> Result<Application, SubmitError> {
        let entered = intake.entered.clone();
        let akim = (intake.channel == Channel::RuralAkim).then(|| intake.organization.clone());
        Ok(Application {
            applicant: PersonId(self.vault.pseudonym(&entered.iin)),
            iin: entered.iin,
            full_name: entered.full_name,
            fields: entered.fields,
            attachments: self.papers(intake.case).await?,
            medium: entered.medium,
            lang: entered.lang,
            provider: entered.provider,
            akim,
            center: None,
            content: None,
            signature: None,
        })
    }

    /// Returns what is missing or wrong before the papers can be accepted.
    pub async fn intake_problems(&self, intake: &OpenIntake) -> Result<Vec<Problem>, SubmitError> {
        let regulation = self.edition_of(intake).ok_or(SubmitError::Unknown)?;
        let application = self.application_of(intake).await?;
        let mut found = form::problems(regulation, intake.channel, &application);
        found.extend(form::ages(regulation, &application, crate::local_date(self.now())));
        Ok(found)
    }

    /// Returns the rule by which this intake may be refused, if the act has one.
    pub fn may_refuse(&self, seat: &Seat, intake: &OpenIntake) -> Option<NotAccepted> {
        let (_, actor) = channel_of(seat)?;
        let regulation = self.edition_of(intake)?;
        regulation.not_accepted_by(actor).cloned()
    }

    /// Opens the case and registers it in the journal of the office.
    pub async fn register_intake(
        &self,
        seat: &Seat,
        case: CaseId,
        order: Uuid,
    ) -> Result<Submitted, SubmitError> {
        self.judge_intake(seat, case, order, Act::Accepted).await
    }

    /// Opens the case and ends it: the papers are not accepted.
    pub async fn refuse_intake(
        &self,
        seat: &Seat,
        case: CaseId,
        order: Uuid,
        (missing, reason): (Vec<DocumentId>, String),
    ) -> Result<Submitted, SubmitError> {
        self.judge_intake(seat, case, order, Act::NotAccepted { missing, reason }).await
    }

    async fn judge_intake(
        &self,
        seat: &Seat,
        case: CaseId,
        order: Uuid,
        act: Act,
    ) -> Result<Submitted, SubmitError> {
        let (channel, actor) = channel_of(seat).ok_or(SubmitError::Unknown)?;
        let by = seat.party(actor)?;
        if let Some(answer) = self.answered(order, case).await? {
            return Ok(answer);
        }
        let intake = self.open_intake(seat, case).await?.ok_or(SubmitError::Unknown)?;
        let regulation = self.edition_of(&intake).ok_or(SubmitError::Unknown)?;
        let procedure = regulation.intake(channel).ok_or(SubmitError::Unknown)?;
        let part = first_part(procedure).ok_or(SubmitError::Unknown)?;
        let open = Command::Open {
            service: regulation.service.clone(),
            edition: regulation.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: procedure.id.clone(),
            channel,
            application: Box::new(self.application_of(&intake).await?),
            before: Before::Done(Vec::new()),
            facts: BTreeMap::new(),
            number: None,
            accepted_at: None,
        };
        let orders = [
            Order { id: OrderId(order), case, by: by.clone(), command: open },
            Order { id: OrderId(self.uuid()), case, by, command: Command::Complete { part, act } },
        ];
        let along = Along { rows: vec![gone(case), papers_gone(case)], ..Along::default() };
        self.submit_with(&orders, along).await
    }
}

fn first_part(procedure: &Procedure) -> Option<StepId> {
    Some(procedure.steps.first()?.parts.first()?.id.clone())
}

/// Leaves out the values of fields that are not asked for by that channel, the others being as they are.
pub fn asked(
    regulation: &Regulation,
    channel: Channel,
    values: BTreeMap<regulation::model::FieldId, Value>,
) -> BTreeMap<regulation::model::FieldId, Value> {
    let known = values.clone();
    let is_asked = |id: &regulation::model::FieldId| {
        let field = regulation.fields.iter().find(|it| it.id == *id);
        field.is_some_and(|it| form::is_asked(it, &known, Some(channel)))
    };
    values.into_iter().filter(|(id, _)| is_asked(id)).collect()
}
