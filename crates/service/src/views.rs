// SPDX-License-Identifier: MIT OR Apache-2.0
//! Views: what a case looks like in lists, folded into rows as values in the commit of its events.

use crate::ports::store::{Row, RowChange, Sealed};
use crate::submit::SubmitError;
use crate::{Service, rows, tables};
use engine::case::{Case, CaseId};
use jiff::Timestamp;
use regulation::model::{
    Action, Actor, Channel, EditionId, End, NoticeKind, Part, Regulation, ServiceId, StepId, System,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHead {
    /// The case.
    pub case: CaseId,
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// The channel.
    pub channel: Channel,
    /// The provider.
    pub provider: String,
    /// The rural akim's office that took it in.
    #[serde(default)]
    pub akim: Option<String>,
    /// Application number.
    pub number: Option<String>,
    /// Number of the akim's incoming journal.
    #[serde(default)]
    pub akim_number: Option<String>,
    /// Number of the covering letter.
    #[serde(default)]
    pub letter_number: Option<String>,
    /// Number of the provider's incoming journal.
    pub incoming_number: Option<String>,
    /// Number of the result.
    pub result_number: Option<String>,
    /// When it was opened here.
    pub opened_at: Timestamp,
    /// When the documents were accepted.
    pub accepted_at: Option<Timestamp>,
    /// The part where it stands.
    pub part: Option<StepId>,
    /// Since when it stands there.
    pub since: Option<Timestamp>,
    /// When that part is due.
    pub due: Option<Timestamp>,
    /// When the service is due.
    pub service_due: Option<Timestamp>,
    /// How it ended.
    pub end: Option<End>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether it is an attempt to send: the applicant's signature is not confirmed.
    #[serde(default)]
    pub is_attempt: bool,
    /// Whether the person waits for a register that does not answer.
    pub register_silent: bool,
    /// Whose key opens the personal part.
    pub owner: String,
    /// The personal part: the applicant's full name.
    pub sealed: String,
}

/// A notice in the cabinet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// The case.
    pub case: CaseId,
    /// The service.
    pub service: ServiceId,
    /// Application number.
    pub number: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What a result shows to anyone who checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Number of the result.
    pub number: String,
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// The body that issued it.
    pub provider: String,
    /// Whether it is a refusal.
    pub refusal: bool,
    /// When it was signed.
    pub at: Timestamp,
    /// Hash of the signed file.
    pub file: String,
    /// Number of the result that took its place.
    pub replaced_by: Option<String>,
    /// In what capacity it was signed, and at which body: the provider, or the rural akim. Nothing where no person signed it;
    /// what was stored before names the provider's head even then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<(Actor, String)>,
    /// Whether it was signed by hand, the file being the scan.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// Whether it was signed automatically, by the provider's own stamp.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_stamp: bool,
}

/// What rows need and only the rim can make: deadlines and the sealed name.
#[derive(Debug, Clone)]
pub struct Viewed {
    here: System,
    center: Option<String>,
    owner: String,
    sealed: Sealed,
    due: Option<Timestamp>,
    service_due: Option<Timestamp>,
    queue: Option<String>,
    signed_by: Option<(Actor, String)>,
    by_stamp: bool,
}

/// Returns the part by which the last result was signed.
fn signing<'a>(case: &Case, regulation: &'a Regulation) -> Option<&'a Part> {
    case.done.iter().rev().find_map(|it| {
        let (_, _, part) = regulation.part(&it.part)?;
        matches!(part.action, Action::SignResult | Action::StampResult).then_some(part)
    })
}

/// Returns who signed a result by this part, and at which body he sits; nothing where the body's stamp signed it.
fn signed_by(case: &Case, part: &Part) -> Option<(Actor, String)> {
    if part.action == Action::StampResult {
        return None;
    }
    let actor = part.actor_in(case.channel).unwrap_or(Actor::ProviderHead);
    Some((actor, body_of(case, actor).to_owned()))
}

/// Returns a moment as text that sorts as time does.
pub fn sortable(at: Timestamp) -> String {
    format!("{:015}", at.as_millisecond().max(0))
}

impl Service {
    /// Returns what the rows of `case` need.
    pub(crate) async fn view(
        &self,
        case: &Case,
        regulation: &Regulation,
        owner: &str,
        now: Timestamp,
    ) -> Result<Viewed, SubmitError> {
        let name = serde_json::json!({"full_name": case.application.full_name});
        let sealed = self.vault.seal(owner, name.to_string().as_bytes()).await?;
        let deadlines = self
            .in_world(regulation, &case.application, |world| engine::deadlines(world, case, now))
            .unwrap_or_default();
        let of_part =
            case.current().and_then(|place| deadlines.iter().find(|it| it.of.part() == Some(&place.part)));
        let signing = signing(case, regulation);
        Ok(Viewed {
            here: self.here,
            center: self.center_of(case).map(str::to_owned),
            owner: owner.to_owned(),
            sealed,
            due: of_part.map(|it| it.due),
            service_due: deadlines.iter().find(|it| it.of.part().is_none()).map(|it| it.due),
            queue: self.queue(case, regulation),
            signed_by: signing.and_then(|it| signed_by(case, it)),
            by_stamp: signing.is_some_and(|it| it.action == Action::StampResult),
        })
    }

    /// Returns the queue in which the case waits for a person here.
    fn queue(&self, case: &Case, regulation: &Regulation) -> Option<String> {
        let place = case.current()?;
        let (_, step, part) = regulation.part(&place.part)?;
        let actor = part.actor_in(case.channel)?;
        if step.at != self.here {
            return None;
        }
        queue_name(
            self.center_of(case).unwrap_or_else(|| body_of(case, actor)),
            actor,
            case.executor.as_ref().map(|it| it.0.as_str()),
        )
    }
}

/// Returns the organisation in which an actor of a case sits, at the region.
pub(crate) fn body_of(case: &Case, actor: Actor) -> &str {
    let rural = matches!(actor, Actor::RuralAkimSpecialist | Actor::RuralAkim | Actor::RuralAkimExecutor);
    case.application.akim.as_deref().filter(|_| rural).unwrap_or(&case.application.provider)
}

/// Returns the name of an actor's queue; executors have one each.
pub fn queue_name(organization: &str, actor: Actor, executor: Option<&str>) -> Option<String> {
    match actor {
        Actor::Applicant => None,
        Actor::ProviderExecutor | Actor::RuralAkimExecutor => {
            executor.map(|person| format!("{organization}/executor/{person}"))
        }
        Actor::Provider
        | Actor::ProviderOffice
        | Actor::ProviderHead
        | Actor::RuralAkimSpecialist
        | Actor::RuralAkim
        | Actor::CenterOperator
        | Actor::CenterCourier => Some(format!("{organization}/{}", actor.as_str())),
    }
}

/// Returns the rows of a case.
pub fn rows(case: &Case, viewed: &Viewed) -> Vec<RowChange> {
    let head = head(case, viewed);
    let list = match viewed.here {
        System::Portal => case.application.applicant.0.clone(),
        System::Center => viewed.center.clone().unwrap_or_default(),
        System::Region | System::Gateway | System::GbdFl | System::Enis => {
            case.application.akim.as_ref().unwrap_or(&case.application.provider).clone()
        }
    };
    let key = case.id.0.to_string();
    let sort = sortable(case.opened_at);
    let mut changes = vec![RowChange::Put(rows::row(tables::CASES, &key, Some(list), sort.clone(), &head))];
    // What came in at a rural akim stands in his list and, once it is there, in the provider's.
    if viewed.here == System::Region
        && case.application.akim.is_some()
        && crate::access::reached_provider(case)
    {
        let list = Some(case.application.provider.clone());
        let second = format!("{key}/provider");
        changes.push(RowChange::Put(rows::row(tables::CASES, second, list, sort, &head)));
    }
    changes.push(match &viewed.queue {
        Some(queue) => {
            let sort = sortable(head.due.or(head.since).unwrap_or(case.opened_at));
            RowChange::Put(rows::row(tables::WORK, &key, Some(queue.clone()), sort, &head))
        }
        None => RowChange::Delete { table: tables::WORK.to_owned(), key: key.clone() },
    });
    changes.extend(check(case, viewed));
    changes
}

/// Returns whether a case is an attempt to send: the signature of its applicant is not confirmed.
pub fn is_attempt(case: &Case) -> bool {
    case.signature.as_ref().is_some_and(|it| it.valid != Some(true))
}

fn head(case: &Case, viewed: &Viewed) -> CaseHead {
    CaseHead {
        case: case.id,
        service: case.service.clone(),
        edition: case.edition.clone(),
        channel: case.channel,
        provider: case.application.provider.clone(),
        akim: case.application.akim.clone(),
        number: case.number.clone(),
        akim_number: case.akim_number.clone(),
        letter_number: case.letter_number.clone(),
        incoming_number: case.incoming_number.clone(),
        result_number: case.result_number.clone(),
        opened_at: case.opened_at,
        accepted_at: case.accepted_at,
        part: case.current().map(|it| it.part.clone()),
        since: case.current().map(|it| it.since),
        due: viewed.due,
        service_due: viewed.service_due,
        end: case.end.as_ref().map(|it| it.0),
        ended_at: case.end.as_ref().map(|it| it.1),
        is_attempt: is_attempt(case),
        register_silent: !case.silent().is_empty(),
        owner: viewed.owner.clone(),
        sealed: hex::encode(&viewed.sealed.bytes),
    }
}

fn check(case: &Case, viewed: &Viewed) -> Option<RowChange> {
    let result = case.result.as_ref()?;
    let number = case.result_number.clone()?;
    let refusal = matches!(case.proposal, Some((engine::Proposal::Refuse { .. }, _)));
    let body = Check {
        number: number.clone(),
        service: case.service.clone(),
        edition: case.edition.clone(),
        provider: case.application.provider.clone(),
        refusal,
        at: result.at,
        file: result.file.0.clone(),
        replaced_by: None,
        signed_by: viewed.signed_by.clone(),
        by_hand: result.on_paper.is_some(),
        by_stamp: viewed.by_stamp,
    };
    Some(RowChange::Put(rows::row(
        tables::CHECKS,
        &result.check_key,
        Some(number),
        sortable(result.at),
        &body,
    )))
}

/// Returns the row of a notice.
pub fn notice(case: &Case, id: Uuid, kind: NoticeKind, now: Timestamp) -> RowChange {
    let body =
        Notice { kind, case: case.id, service: case.service.clone(), number: case.number.clone(), at: now };
    let list = case.application.applicant.0.clone();
    RowChange::Put(rows::row(tables::NOTICES, id.to_string(), Some(list), sortable(now), &body))
}

/// Returns the head in a row.
pub fn read_head(row: &Row) -> Option<CaseHead> {
    serde_json::from_slice(&row.body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_of_a_stamped_result_before_is_still_read() {
        let stored = r#"{"number": "1", "service": "guardianship-certificate", "edition": "2015",
            "provider": "abai-education", "refusal": false, "at": "2026-11-23T05:00:00Z", "file": "00",
            "replaced_by": null, "signed_by": ["provider-head", "abai-education"]}"#;
        let check: Check = serde_json::from_str(stored).unwrap();
        let head = (Actor::ProviderHead, "abai-education".to_owned());
        assert_eq!((check.signed_by, check.by_stamp), (Some(head), false));
    }
}
