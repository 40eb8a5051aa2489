// SPDX-License-Identifier: MIT OR Apache-2.0
//! A register as its keepers read it: page by page, sought by number or by how a name begins, entry by entry. Each reading is
//! recorded.

use super::enter::{NAME_FROM, NAME_TO};
use super::{ENTRIES_MAX, ENTRY_PAGE, EntryView, list_of};
use crate::access::{Seat, may_keep_registers};
use crate::codec::access::What;
use crate::codec::register::Ground;
use crate::contracts::{RegisterContract, folded};
use crate::ports::store::{ListQuery, Row};
use crate::readings::Reading;
use crate::submit::SubmitError;
use crate::{Service, rows, tables};
use regulation::model::RegisterId;
use uuid::Uuid;

/// What stands between the parts of a place in a list.
const CURSOR: char = '~';

/// Who is sought in a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// Nobody in particular.
    Everybody,
    /// The person of this number. Personal.
    Iin(String),
    /// Whoever's name begins so. Personal.
    Name(String),
}

impl Sought {
    /// Reads what was typed: nothing, a number, or the beginning of a name; `None` where it is too short to be one.
    pub fn typed(text: &str) -> Option<Self> {
        let text = folded(text);
        let digits: String = text.chars().filter(|it| !it.is_whitespace()).collect();
        if text.is_empty() {
            Some(Self::Everybody)
        } else if engine::iin::is_well_formed(&digits) {
            Some(Self::Iin(digits))
        } else if text.chars().count() >= NAME_FROM && !text.chars().any(|it| it.is_ascii_digit()) {
            Some(Self::Name(text))
        } else {
            None
        }
    }
}

/// A page of a register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryPage {
    /// Its entries, the latest first.
    pub entries: Vec<EntryView>,
    /// From where the next page goes on, if there is one.
    pub next: Option<String>,
}

impl Service {
    /// Returns the registers that the official keeps: those of his organisation, to its clerk and its head.
    pub fn kept_registers<'a>(&'a self, seat: &'a Seat) -> Vec<&'a RegisterContract> {
        if !may_keep_registers(self.here, seat) {
            return Vec::new();
        }
        self.settings.keeps(&seat.organization).collect()
    }

    /// Returns a register to who keeps it. The one choke point: every use case of a register comes through here.
    pub fn kept_register<'a>(
        &'a self,
        seat: &'a Seat,
        register: &RegisterId,
    ) -> Result<&'a RegisterContract, SubmitError> {
        let kept = self.kept_registers(seat).into_iter().find(|it| it.id == register.as_str());
        kept.ok_or(SubmitError::Unknown)
    }

    /// Returns a page of a register: entries made by the official's organisation, from behind `after`.
    pub async fn register_page(
        &self,
        seat: &Seat,
        register: &RegisterId,
        (sought, after): (&Sought, Option<&str>),
    ) -> Result<EntryPage, SubmitError> {
        self.kept_register(seat, register)?;
        let (page, person) = match sought {
            Sought::Everybody => {
                let list = list_of(register, &seat.organization);
                (self.by_keys(tables::ENTRY_LISTS, list, after).await?, None)
            }
            Sought::Name(begins) => (self.by_name(seat, register, (begins, after)).await?, None),
            Sought::Iin(iin) => {
                let person = self.vault.pseudonym(iin);
                (self.of_person(seat, register, &person).await?, Some(person))
            }
        };
        let ids: Vec<Uuid> = page.entries.iter().map(|it| it.id).collect();
        self.record_register(seat, register, (What::Register, &ids, person)).await?;
        Ok(page)
    }

    async fn by_name(
        &self,
        seat: &Seat,
        register: &RegisterId,
        (begins, after): (&str, Option<&str>),
    ) -> Result<EntryPage, SubmitError> {
        let begins = folded(begins);
        let indexed: String = begins.chars().take(NAME_TO).collect();
        let list = self.name_list(register, &seat.organization, &indexed);
        let mut page = self.by_keys(tables::ENTRY_NAMES, list, after).await?;
        // What is longer than the index is compared with the name itself.
        page.entries.retain(|it| folded(&it.full_name).starts_with(&begins));
        Ok(page)
    }

    async fn of_person(
        &self,
        seat: &Seat,
        register: &RegisterId,
        person: &str,
    ) -> Result<EntryPage, SubmitError> {
        let query = ListQuery {
            table: tables::ENTRIES.to_owned(),
            list: list_of(register, person),
            descending: true,
            after: None,
            limit: ENTRIES_MAX,
        };
        let mut entries = Vec::new();
        for row in self.ports.store.list(query).await? {
            let view = self.view_of(&row, rows::body(&row)?).await?;
            entries.extend(Some(view).filter(|it| it.organization == seat.organization));
        }
        Ok(EntryPage { entries, next: None })
    }

    /// Returns a page of a list whose rows hold keys of entries.
    async fn by_keys(
        &self,
        table: &str,
        list: String,
        after: Option<&str>,
    ) -> Result<EntryPage, SubmitError> {
        let after =
            after.and_then(|it| it.split_once(CURSOR)).map(|(sort, key)| (sort.to_owned(), key.to_owned()));
        let query =
            ListQuery { table: table.to_owned(), list, after, descending: true, limit: ENTRY_PAGE + 1 };
        let mut found = self.ports.store.list(query).await?;
        let more = found.len() > ENTRY_PAGE;
        found.truncate(ENTRY_PAGE);
        let next = found.last().filter(|_| more).map(|it| format!("{}{CURSOR}{}", it.sort, it.key));
        let mut entries = Vec::with_capacity(found.len());
        for row in &found {
            if let Some((row, stored)) = self.stored_entry(rows::body(row)?).await? {
                entries.push(self.view_of(&row, stored).await?);
            }
        }
        Ok(EntryPage { entries, next })
    }

    /// Returns an entry of the official's organisation with the others of the same person there, the latest first.
    pub async fn register_entry(
        &self,
        seat: &Seat,
        register: &RegisterId,
        id: Uuid,
    ) -> Result<(EntryView, Vec<EntryView>), SubmitError> {
        let (row, stored) = self.entry_kept(seat, register, id).await?;
        let others = self.of_person(seat, register, &stored.owner).await?.entries;
        let ids: Vec<Uuid> = others.iter().map(|it| it.id).collect();
        self.record_register(seat, register, (What::Entry, &ids, None)).await?;
        let view = self.view_of(&row, stored).await?;
        Ok((view, others.into_iter().filter(|it| it.id != id).collect()))
    }

    /// Returns the scan on whose ground somebody was entered by hand, with what it is.
    pub async fn entry_scan(
        &self,
        seat: &Seat,
        register: &RegisterId,
        id: Uuid,
    ) -> Result<(Vec<u8>, String), SubmitError> {
        let (_, stored) = self.entry_kept(seat, register, id).await?;
        let Ground::Hand { file, media_type, .. } = stored.ground else { return Err(SubmitError::Unknown) };
        self.record_register(seat, register, (What::Ground, &[id], None)).await?;
        Ok((self.file(&file).await?, media_type))
    }

    /// Returns who read an entry, to the head of the organisation.
    pub async fn readings_of_entry(
        &self,
        seat: &Seat,
        register: &RegisterId,
        id: Uuid,
    ) -> Result<Option<Vec<Reading>>, SubmitError> {
        self.entry_kept(seat, register, id).await?;
        self.entry_readings(seat, id).await
    }

    /// Returns an entry that the official keeps: of a register of his organisation, made there.
    pub(super) async fn entry_kept(
        &self,
        seat: &Seat,
        register: &RegisterId,
        id: Uuid,
    ) -> Result<(Row, super::Stored), SubmitError> {
        self.kept_register(seat, register)?;
        let found = self.stored_entry(id).await?;
        found
            .filter(|(_, it)| it.register == *register && it.organization == seat.organization)
            .ok_or(SubmitError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_a_number_or_the_beginning_of_a_name() {
        assert_eq!(Sought::typed("  "), Some(Sought::Everybody));
        assert_eq!(Sought::typed("580308 499930"), Some(Sought::Iin("580308499930".to_owned())));
        assert_eq!(Sought::typed(" Әбді "), Some(Sought::Name("әбді".to_owned())));
        for too_little in ["Ә", "5803", "580308499931"] {
            assert_eq!(Sought::typed(too_little), None, "{too_little}");
        }
    }
}
