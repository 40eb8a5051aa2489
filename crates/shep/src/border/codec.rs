// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading and writing of the form import.

use super::{
    FIELDS_MAX, Field, FormImport, OURS, Ours, Person, Provider, Refusal, Requester, Resolution, ServiceName,
    Stage,
};
use crate::part::{id, optional_id};
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Data, Error};

const NAMESPACE: &str = "http://bip.bee.kz/AsyncChannel/";
const ROOT: &str = "typedRequestFormImportData";
const NO_RESOLUTION: &str = "NO_RESOLUTION";
const POSITIVE: &str = "POSITIVE";
const NEGATIVE: &str = "NEGATIVE";
const REASON: &str = "negativeResolutionReason";

impl FormImport {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        let ours = self.ours.to_fields()?;
        if self.values.len() + ours.len() > FIELDS_MAX {
            return Err(Error::TooMany { what: "updatedValues" });
        }
        if self.values.iter().any(|it| it.code.starts_with(OURS)) {
            return Err(Error::Unwritable { what: "code" });
        }
        let mut out = Writer::default();
        out.raw(&format!("<a:{ROOT} xmlns:a=\"{NAMESPACE}\">"));
        out.optional("id", self.id.as_deref());
        out.required("importSource", &self.import_source);
        self.values.iter().for_each(|it| it.write(0, &mut out));
        for field in ours {
            Field { code: format!("{OURS}{}", field.code), values: field.values }.write(0, &mut out);
        }
        self.deleted_values.iter().for_each(|it| out.required("deletedValues", it));
        self.write_header(&mut out);
        out.raw(&format!("</a:{ROOT}>"));
        out.finish()
    }

    fn write_header(&self, out: &mut Writer) {
        out.required("externalRequestChainId", &self.chain_id);
        out.required("externalRequestId", &self.request_id);
        out.optional("requestOriginSystemId", self.origin_system.as_deref());
        out.optional("processingStatus", self.stage.as_ref().map(Stage::as_str));
        match &self.requester {
            Requester::Organization(bin) => out.required("requesterBin", bin),
            Requester::Person(person) => person.write(&REQUESTER, out),
        }
        if let Some(person) = &self.representative {
            person.write(&DELEGATE, out);
        }
        if let Some(resolution) = &self.resolution {
            resolution.write(out);
        }
        self.provider.write(out);
        out.optional("serviceType", self.service.code.as_deref());
        out.optional("serviceTypeKkName", self.service.name_kk.as_deref());
        out.optional("serviceTypeRuName", self.service.name_ru.as_deref());
    }

    /// Reads the payload; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "form import";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = tree::payload(&doc, ROOT, EXPECTED)?;
        let (values, ours) = read_values(root)?;
        let deleted_values: Vec<String> = root.each("deletedValues").map(Part::own_text).collect();
        if deleted_values.len() > FIELDS_MAX {
            return Err(Error::TooMany { what: "deletedValues" });
        }
        Ok(Self {
            id: optional_id(root, "id")?,
            import_source: id(root, "importSource")?,
            values,
            deleted_values,
            chain_id: id(root, "externalRequestChainId")?,
            request_id: id(root, "externalRequestId")?,
            origin_system: optional_id(root, "requestOriginSystemId")?,
            stage: root.text("processingStatus")?.map(Stage::of),
            requester: read_requester(root)?,
            representative: Person::read(root, &DELEGATE)?,
            resolution: Resolution::read(root)?,
            provider: Provider::read(root)?,
            service: ServiceName {
                code: root.text("serviceType")?,
                name_kk: root.text("serviceTypeKkName")?,
                name_ru: root.text("serviceTypeRuName")?,
            },
            ours,
        })
    }
}

fn read_values(root: Part<'_, '_>) -> Result<(Vec<Field>, Ours), Error> {
    let mut values = Vec::new();
    let mut ours = Ours::default();
    for (index, it) in root.each("updatedValues").enumerate() {
        if index >= FIELDS_MAX {
            return Err(Error::TooMany { what: "updatedValues" });
        }
        let field = Field::read(it, 0)?;
        match field.code.strip_prefix(OURS) {
            Some(code) => ours.take(Field { code: code.to_owned(), values: field.values })?,
            None => values.push(field),
        }
    }
    Ok((values, ours))
}

fn read_requester(root: Part<'_, '_>) -> Result<Requester, Error> {
    match (optional_id(root, "requesterBin")?, Person::read(root, &REQUESTER)?) {
        (Some(bin), None) => Ok(Requester::Organization(bin)),
        (None, Some(person)) => Ok(Requester::Person(person)),
        (None, None) => Err(Error::Missing { what: "requesterIin" }),
        (Some(_), Some(_)) => Err(Error::Doubled { what: "requesterIin" }),
    }
}

impl Stage {
    /// Returns the word as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Other(text) => text,
        }
    }

    fn of(text: String) -> Self {
        match text.as_str() {
            "IN_PROGRESS" => Self::InProgress,
            "COMPLETED" => Self::Completed,
            _ => Self::Other(text),
        }
    }
}

impl Resolution {
    fn read(root: Part<'_, '_>) -> Result<Option<Self>, Error> {
        let date = || root.date("resolutionDate")?.ok_or(Error::Missing { what: "resolutionDate" });
        Ok(match root.text("resolutionType")?.as_deref() {
            None => None,
            Some(NO_RESOLUTION) => Some(Self::None),
            Some(POSITIVE) => Some(Self::Issued { date: date()? }),
            Some(NEGATIVE) => Some(Self::Refused { date: date()?, reason: Refusal::read(root)? }),
            Some(other) => {
                let reason = root.text(REASON)?.map(|_| Refusal::read(root)).transpose()?;
                Some(Self::Other { word: other.to_owned(), date: root.date("resolutionDate")?, reason })
            }
        })
    }

    fn write(&self, out: &mut Writer) {
        let (word, date, reason) = match self {
            Self::None => (NO_RESOLUTION, None, None),
            Self::Issued { date } => (POSITIVE, Some(*date), None),
            Self::Refused { date, reason } => (NEGATIVE, Some(*date), Some(reason)),
            Self::Other { word, date, reason } => (word.as_str(), *date, reason.as_ref()),
        };
        out.required("resolutionType", word);
        out.date("resolutionDate", date);
        if let Some(reason) = reason {
            reason.write(out);
        }
    }
}

impl Refusal {
    fn read(root: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            code: id(root, REASON)?,
            value_kk: root.text("negativeResolutionReasonKkValue")?,
            value_ru: root.text("negativeResolutionReasonRuValue")?,
            text_kk: root.text("negativeResolutionReasonTextKk")?,
            text_ru: root.text("negativeResolutionReasonTextRu")?,
            missing_kk: root.text("negativeResolutionMissingDocumentsListKk")?,
            missing_ru: root.text("negativeResolutionMissingDocumentsListRu")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.required(REASON, &self.code);
        out.optional("negativeResolutionReasonKkValue", self.value_kk.as_deref());
        out.optional("negativeResolutionReasonRuValue", self.value_ru.as_deref());
        out.optional("negativeResolutionReasonTextKk", self.text_kk.as_deref());
        out.optional("negativeResolutionReasonTextRu", self.text_ru.as_deref());
        out.optional("negativeResolutionMissingDocumentsListKk", self.missing_kk.as_deref());
        out.optional("negativeResolutionMissingDocumentsListRu", self.missing_ru.as_deref());
    }
}

/// The names of a person's elements.
struct PersonNames {
    iin: &'static str,
    first: &'static str,
    last: &'static str,
    middle: &'static str,
    birth: &'static str,
}

const REQUESTER: PersonNames = PersonNames {
    iin: "requesterIin",
    first: "requesterFirstName",
    last: "requesterLastName",
    middle: "requesterMiddleName",
    birth: "requesterBirthDate",
};

const DELEGATE: PersonNames = PersonNames {
    iin: "requesterDelegateIin",
    first: "requesterDelegateFirstName",
    last: "requesterDelegateLastName",
    middle: "requesterDelegateMiddleName",
    birth: "requesterDelegateBirthDate",
};

impl Person {
    fn read(root: Part<'_, '_>, names: &PersonNames) -> Result<Option<Self>, Error> {
        let Some(iin) = optional_id(root, names.iin)? else { return Ok(None) };
        Ok(Some(Self {
            iin,
            first_name: root.text(names.first)?,
            last_name: root.text(names.last)?,
            middle_name: root.text(names.middle)?,
            birth_date: root.date(names.birth)?,
        }))
    }

    fn write(&self, names: &PersonNames, out: &mut Writer) {
        out.required(names.iin, &self.iin);
        out.optional(names.first, self.first_name.as_deref());
        out.optional(names.last, self.last_name.as_deref());
        out.optional(names.middle, self.middle_name.as_deref());
        out.date(names.birth, self.birth_date);
    }
}

impl Provider {
    fn read(root: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            bin: optional_id(root, "serviceProviderBin")?,
            iin: optional_id(root, "serviceProviderIin")?,
            location_code: optional_id(root, "serviceProviderLocationCode")?,
            assignee_name: root.text("serviceProviderAssigneeFullName")?,
            assignee_position_kk: root.text("serviceProviderAssigneePositionKk")?,
            assignee_position_ru: root.text("serviceProviderAssigneePositionRu")?,
            assignee_phone: root.text("serviceProviderAssigneeTelephoneNumber")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.optional("serviceProviderBin", self.bin.as_deref());
        out.optional("serviceProviderIin", self.iin.as_deref());
        out.optional("serviceProviderLocationCode", self.location_code.as_deref());
        out.optional("serviceProviderAssigneeFullName", self.assignee_name.as_deref());
        out.optional("serviceProviderAssigneePositionKk", self.assignee_position_kk.as_deref());
        out.optional("serviceProviderAssigneePositionRu", self.assignee_position_ru.as_deref());
        out.optional("serviceProviderAssigneeTelephoneNumber", self.assignee_phone.as_deref());
    }
}
