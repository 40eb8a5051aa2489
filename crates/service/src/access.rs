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

/// Returns whether the reader may read the case at this system.
///
/// | system | who |
/// |---|---|
/// | portal | the applicant of the case |
/// | region | an official of the case's provider; of the executors only the one named |
/// | center | an official of the center that serves here |
pub fn may_read(here: System, center: Option<&str>, reader: &Reader<'_>, case: &Case) -> bool {
    match (here, reader) {
        (System::Portal, Reader::Applicant(person)) => case.application.applicant == **person,
        (System::Region, Reader::Official(seat)) => {
            seat.organization == case.application.provider && may_read_in_office(seat, case)
        }
        (System::Center, Reader::Official(seat)) => center == Some(seat.organization.as_str()),
        _ => false,
    }
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
