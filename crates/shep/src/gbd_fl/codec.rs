// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading and writing of the register's payloads.

use super::{
    Address, CapableStatus, Consent, DOCUMENTS_MAX, Document, Entry, ExcludeStatus, MESSAGE_ID_CHARS_MAX,
    PERSONS_MAX, Person, Request, Response, Search,
};
use crate::part::{id, optional_id};
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Data, Error};

const NAMESPACE: &str = "http://message.persistence.interactive.nat";

/// Checks that the payload's root is of the type, where it says of which type it is.
fn check_kind(root: Part<'_, '_>, kind: &str, expected: &'static str) -> Result<(), Error> {
    let named = root.type_name().unwrap_or_else(|| root.name());
    if named == kind || (named == "data" && root.type_name().is_none()) {
        Ok(())
    } else {
        Err(Error::WrongPayload { expected })
    }
}

fn write_root(kind: &str, content: impl FnOnce(&mut Writer)) -> Result<String, Error> {
    let mut out = Writer::default();
    out.raw(&format!("<data xmlns:xsi=\"{}\" xmlns:q=\"{NAMESPACE}\" xsi:type=\"q:{kind}\">", tree::XSI));
    content(&mut out);
    out.close("data");
    out.finish()
}

impl Request {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::inline`].
    pub fn write(&self) -> Result<String, Error> {
        if !self.message_id.is_ascii() || self.message_id.len() > MESSAGE_ID_CHARS_MAX {
            return Err(Error::TooLong { what: "messageId" });
        }
        write_root("Request", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("senderCode", &self.sender_code);
            self.write_search(out);
            if let Some(consent) = &self.consent {
                out.required("kdpToken", &consent.token);
                out.required("publicKey", &consent.public_key);
            }
        })
    }

    fn write_search(&self, out: &mut Writer) {
        match &self.search {
            Search::Iin(iin) => out.required("iin", iin),
            Search::Name { surname, name, patronymic, birth_date } => {
                if surname.is_none() && name.is_none() {
                    out.fail(Error::Missing { what: "surname" });
                }
                out.optional("surname", surname.as_deref());
                out.optional("name", name.as_deref());
                out.optional("patronymic", patronymic.as_deref());
                out.date("birthDate", Some(*birth_date));
            }
            Search::Document(number) => out.required("documentNumber", number),
        }
    }

    /// Reads the payload of a request; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        let doc = tree::parse(data.require_document("gbd-fl request")?)?;
        let root = Part(doc.root_element());
        check_kind(root, "Request", "gbd-fl request")?;
        let token = root.text("kdpToken")?;
        let public_key = root.text("publicKey")?;
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            sender_code: id(root, "senderCode")?,
            search: Self::read_search(root)?,
            consent: token.zip(public_key).map(|(token, public_key)| Consent { token, public_key }),
        })
    }

    fn read_search(root: Part<'_, '_>) -> Result<Search, Error> {
        let iin = optional_id(root, "iin")?;
        let document = optional_id(root, "documentNumber")?;
        let birth_date = root.date("birthDate")?;
        match (iin, birth_date, document) {
            (Some(iin), None, None) => Ok(Search::Iin(iin)),
            (None, None, Some(number)) => Ok(Search::Document(number)),
            (None, Some(birth_date), None) => Ok(Search::Name {
                surname: optional_id(root, "surname")?,
                name: optional_id(root, "name")?,
                patronymic: optional_id(root, "patronymic")?,
                birth_date,
            }),
            (None, None, None) => Err(Error::Missing { what: "iin" }),
            _ => Err(Error::Doubled { what: "search mode" }),
        }
    }
}

impl Response {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::inline`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("Response", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("requestId", &self.request_id);
            self.sender.write("sender", out);
            self.receiver.write("receiver", out);
            self.result.write("messageResult", out);
            if !self.persons.is_empty() {
                out.within("persons", |out| self.persons.iter().for_each(|it| it.write(out)));
            }
        })
    }

    /// Reads the payload of an answer; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        let doc = tree::parse(data.require_document("gbd-fl response")?)?;
        let root = Part(doc.root_element());
        check_kind(root, "Response", "gbd-fl response")?;
        let persons = match root.child("persons")? {
            Some(persons) => persons.each("person").map(Person::read).collect::<Result<Vec<_>, _>>()?,
            None => Vec::new(),
        };
        if persons.len() > PERSONS_MAX {
            return Err(Error::TooMany { what: "persons" });
        }
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            request_id: id(root, "requestId")?,
            sender: Entry::read(root, "sender")?.unwrap_or_default(),
            receiver: Entry::read(root, "receiver")?.unwrap_or_default(),
            result: Entry::read(root, "messageResult")?.ok_or(Error::Missing { what: "messageResult" })?,
            persons,
        })
    }
}

impl Entry {
    fn read(part: Part<'_, '_>, name: &'static str) -> Result<Option<Self>, Error> {
        let Some(entry) = part.child(name)? else { return Ok(None) };
        let Some(code) = optional_id(entry, "code")? else { return Ok(None) };
        let name_ru = entry.text("nameRu")?.unwrap_or_default();
        Ok(Some(Self { code, name_ru, name_kk: entry.text("nameKz")?.unwrap_or_default() }))
    }

    fn write(&self, tag: &'static str, out: &mut Writer) {
        out.within(tag, |out| {
            out.required("code", &self.code);
            out.leaf("nameRu", &self.name_ru);
            out.leaf("nameKz", &self.name_kk);
        });
    }

    fn write_optional(entry: Option<&Self>, tag: &'static str, out: &mut Writer) {
        if let Some(entry) = entry {
            entry.write(tag, out);
        }
    }
}

impl Person {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let documents = match part.child("documents")? {
            Some(documents) => {
                documents.each("document").map(Document::read).collect::<Result<Vec<_>, _>>()?
            }
            None => Vec::new(),
        };
        if documents.len() > DOCUMENTS_MAX {
            return Err(Error::TooMany { what: "documents" });
        }
        Ok(Self {
            iin: id(part, "iin")?,
            surname: part.text("surname")?,
            name: part.text("name")?,
            patronymic: part.text("patronymic")?,
            birth_date: part.date("birthDate")?,
            death_date: part.date("deathDate")?,
            gender: Entry::read(part, "gender")?.unwrap_or_default(),
            nationality: Entry::read(part, "nationality")?.unwrap_or_default(),
            citizenship: Entry::read(part, "citizenship")?.unwrap_or_default(),
            life_status: Entry::read(part, "lifeStatus")?.unwrap_or_default(),
            death_certificate: filled(part, "deathCertificate")?
                .map(|it| Ok(it.text("number")?.unwrap_or_default()))
                .transpose()?,
            registered_address: filled(part, "regAddress")?.map(Address::read).transpose()?,
            capable_status: filled(part, "personCapableStatus")?.map(CapableStatus::read).transpose()?,
            exclude_status: filled(part, "excludeStatus")?.map(ExcludeStatus::read).transpose()?,
            documents,
            removed: part.flag("removed")?.unwrap_or_default(),
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("person", |out| {
            out.required("iin", &self.iin);
            out.optional("surname", self.surname.as_deref());
            out.optional("name", self.name.as_deref());
            out.optional("patronymic", self.patronymic.as_deref());
            out.date("birthDate", self.birth_date);
            out.date("deathDate", self.death_date);
            self.gender.write("gender", out);
            self.nationality.write("nationality", out);
            self.citizenship.write("citizenship", out);
            self.life_status.write("lifeStatus", out);
            if let Some(number) = &self.death_certificate {
                out.within("deathCertificate", |out| out.required("number", number));
            }
            out.raw("<birthPlace/>");
            if let Some(address) = &self.registered_address {
                out.within("regAddress", |out| address.write(out));
            }
            if let Some(status) = &self.capable_status {
                status.write(out);
            }
            if let Some(status) = &self.exclude_status {
                status.write(out);
            }
            out.within("documents", |out| self.documents.iter().for_each(|it| it.write(out)));
            out.raw("<addresses/>");
            if self.removed {
                out.leaf("removed", "true");
            }
        });
    }
}

/// Returns the child, if it has anything in it.
fn filled<'a, 'i>(part: Part<'a, 'i>, name: &'static str) -> Result<Option<Part<'a, 'i>>, Error> {
    Ok(part.child(name)?.filter(|it| it.elements().next().is_some() || !it.own_text().is_empty()))
}

impl Address {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            country: Entry::read(part, "country")?,
            district: Entry::read(part, "district")?,
            region: Entry::read(part, "region")?,
            city: part.text("city")?,
            street: part.text("street")?,
            building: part.text("building")?,
            corpus: part.text("corpus")?,
            flat: part.text("flat")?,
            begin_date: part.date("beginDate")?,
            end_date: part.date("endDate")?,
            address_code: part.text("arCode")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        Entry::write_optional(self.country.as_ref(), "country", out);
        Entry::write_optional(self.district.as_ref(), "district", out);
        Entry::write_optional(self.region.as_ref(), "region", out);
        out.optional("city", self.city.as_deref());
        out.optional("street", self.street.as_deref());
        out.optional("building", self.building.as_deref());
        out.optional("corpus", self.corpus.as_deref());
        out.optional("flat", self.flat.as_deref());
        out.date("beginDate", self.begin_date);
        out.date("endDate", self.end_date);
        out.optional("arCode", self.address_code.as_deref());
    }
}

impl CapableStatus {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            status: Entry::read(part, "capableStatus")?.unwrap_or_default(),
            date: part.date("capableDate")?,
            end_date: part.date("capableEndDate")?,
            number: part.text("capableNumber")?,
            court: Entry::read(part, "court")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("personCapableStatus", |out| {
            self.status.write("capableStatus", out);
            out.date("capableDate", self.date);
            out.date("capableEndDate", self.end_date);
            out.optional("capableNumber", self.number.as_deref());
            Entry::write_optional(self.court.as_ref(), "court", out);
        });
    }
}

impl ExcludeStatus {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            reason: Entry::read(part, "excludeReason")?.unwrap_or_default(),
            reason_date: part.date("excludeReasonDate")?,
            date: part.date("excludeDate")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("excludeStatus", |out| {
            self.reason.write("excludeReason", out);
            out.date("excludeReasonDate", self.reason_date);
            out.date("excludeDate", self.date);
        });
    }
}

impl Document {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            kind: Entry::read(part, "type")?.unwrap_or_default(),
            number: part.text("number")?.unwrap_or_default(),
            series: part.text("series")?,
            begin_date: part.date("beginDate")?,
            end_date: part.date("endDate")?,
            issuer: Entry::read(part, "issueOrganization")?.unwrap_or_default(),
            status: Entry::read(part, "status")?.unwrap_or_default(),
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("document", |out| {
            self.kind.write("type", out);
            out.required("number", &self.number);
            out.optional("series", self.series.as_deref());
            out.date("beginDate", self.begin_date);
            out.date("endDate", self.end_date);
            self.issuer.write("issueOrganization", out);
            self.status.write("status", out);
        });
    }
}
