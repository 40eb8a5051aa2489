// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may read what: the one choke point of reading. Who may do what is the regulation's, in the engine.

use engine::case::{Case, PersonId};
use engine::{Inadmissible, Party};
use regulation::model::{Actor, System};
use serde::{Deserialize, Serialize};

/// An official at a workplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Who.
    pub person: PersonId,
    /// The organisation's id.
    pub organization: String,
    /// In what capacities; an official may hold several.
    pub actors: Vec<Actor>,
    /// Surname and given names. Personal.
    pub name: String,
    /// IIN. Personal.
    pub iin: String,
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader<'a> {
    /// A citizen, by account.
    Applicant(&'a PersonId),
    /// An official.
    Official(&'a Seat),
}

impl Reader<'_> {
    /// Returns whether he may see who read a case that he may read: its applicant, and the head of the body.
    pub fn sees_readings(&self) -> bool {
        match self {
            Self::Applicant(_) => true,
            Self::Official(seat) => {
                seat.actors.iter().any(|it| matches!(it, Actor::ProviderHead | Actor::RuralAkim))
            }
        }
    }
}

/// Returns whether an official may read the case at this system. At the portal its applicant alone does: whose it is there
/// the accounts tell (`Service::account_of`).
///
/// | system | who |
/// |---|---|
/// | region | an official of a body that [has](has_at_region) the case; of the executors only the one named |
/// | center | an official of the center that [has](center_of) the case: the one that took it in |
pub fn may_read(here: System, home: Option<&str>, seat: &Seat, case: &Case) -> bool {
    if here == System::Region {
        return has_at_region(&seat.organization, case) && may_read_in_office(seat, case);
    }
    here == System::Center && center_of(home, case) == Some(seat.organization.as_str())
}

/// Returns the one-stop-shop that has the case: the one that took it in. A case from before several served in one role
/// names none and is that of `home`.
pub fn center_of<'a>(home: Option<&'a str>, case: &'a Case) -> Option<&'a str> {
    case.application.center.as_deref().or(home)
}

/// Returns whether a body of the region has, or had, the case in its hands: the rural akim who took it in, and the provider;
/// what came in at the akim reaches the provider with the signed covering letter.
pub fn has_at_region(organization: &str, case: &Case) -> bool {
    let akim = case.application.akim.as_deref() == Some(organization);
    akim || (case.application.provider == organization && reached_provider(case))
}

/// Returns whether the case is in the provider's hands.
pub(crate) fn reached_provider(case: &Case) -> bool {
    case.application.akim.is_none() || case.letter.as_ref().is_some_and(|it| it.signed.is_some())
}

/// Returns whether the official may read and change the registers that his organisation keeps: its clerk and its head, at the
/// region. What stands in them is personal and about many, so an executor has no more than what his cases tell him.
pub fn may_keep_registers(here: System, seat: &Seat) -> bool {
    let keeper = |it: &Actor| matches!(it, Actor::ProviderOffice | Actor::ProviderHead);
    here == System::Region && seat.actors.iter().any(keeper)
}

/// Whoever holds only an executor's seat reads only what was given to him.
fn may_read_in_office(seat: &Seat, case: &Case) -> bool {
    !seat.is_executor_only() || case.executor.as_ref() == Some(&seat.person)
}

impl Seat {
    /// Returns whether the seat is an executor's and nothing more: no list of the office is his.
    pub fn is_executor_only(&self) -> bool {
        self.actors.iter().all(|it| matches!(it, Actor::ProviderExecutor | Actor::RuralAkimExecutor))
    }

    /// Returns the party that the official is in a capacity, if the seat has it.
    pub fn party(&self, actor: Actor) -> Result<Party, Inadmissible> {
        if !self.actors.contains(&actor) {
            return Err(Inadmissible::WrongRole { needs: actor });
        }
        Ok(Party::Person { id: self.person.clone(), actor, organization: Some(self.organization.clone()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::case::{CaseId, FileHash, Letter};

    fn seat(organization: &str, actor: Actor) -> Seat {
        Seat {
            person: PersonId(format!("{organization}.{}", actor.as_str())),
            organization: organization.to_owned(),
            actors: vec![actor],
            name: String::new(),
            iin: String::new(),
        }
    }

    fn through_the_akim(signed: bool) -> Case {
        let mut case = Case::empty(CaseId(uuid::Uuid::nil()));
        case.application.provider = "provider".to_owned();
        case.application.akim = Some("akim".to_owned());
        let (text, by) = (String::new(), PersonId(String::new()));
        case.letter = Some(Letter { text, by, signed: signed.then(|| FileHash(String::new())) });
        case
    }

    fn reads(seat: &Seat, case: &Case) -> bool {
        may_read(System::Region, None, seat, case)
    }

    #[test]
    fn a_provider_reads_what_came_in_at_the_akim_only_with_the_signed_letter() {
        let office = seat("provider", Actor::ProviderOffice);
        assert!(!reads(&office, &through_the_akim(false)));
        assert!(reads(&office, &through_the_akim(true)));
    }

    #[test]
    fn an_akim_reads_only_what_came_in_at_his_office() {
        assert!(reads(&seat("akim", Actor::RuralAkim), &through_the_akim(false)));
        assert!(!reads(&seat("other-akim", Actor::RuralAkim), &through_the_akim(true)));
    }

    #[test]
    fn an_operator_reads_only_what_came_in_at_his_center() {
        let mut case = Case::empty(CaseId(uuid::Uuid::nil()));
        let reads = |center: &str, case: &Case| {
            let seat = seat(center, Actor::CenterOperator);
            may_read(System::Center, Some("hall"), &seat, case)
        };
        assert!(reads("hall", &case) && !reads("mobile", &case), "of before centers were named");
        case.application.center = Some("mobile".to_owned());
        assert!(reads("mobile", &case) && !reads("hall", &case));
    }

    #[test]
    fn only_the_clerk_and_the_head_of_a_provider_keep_its_registers() {
        let all = [
            Actor::Applicant,
            Actor::Provider,
            Actor::ProviderOffice,
            Actor::ProviderHead,
            Actor::ProviderExecutor,
            Actor::RuralAkimSpecialist,
            Actor::RuralAkim,
            Actor::RuralAkimExecutor,
            Actor::CenterOperator,
            Actor::CenterCourier,
        ];
        let keepers = all.into_iter().filter(|it| may_keep_registers(System::Region, &seat("provider", *it)));
        assert_eq!(keepers.collect::<Vec<_>>(), [Actor::ProviderOffice, Actor::ProviderHead]);
        assert!(!may_keep_registers(System::Center, &seat("provider", Actor::ProviderHead)));
    }

    #[test]
    fn an_executor_of_the_akim_reads_only_what_was_given_to_him() {
        let executor = seat("akim", Actor::RuralAkimExecutor);
        let mut case = through_the_akim(false);
        assert!(!reads(&executor, &case));
        case.executor = Some(executor.person.clone());
        assert!(reads(&executor, &case));
    }
}
