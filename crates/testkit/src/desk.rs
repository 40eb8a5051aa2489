// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real files of the repository, and one invented application.

pub(crate) mod invented;

use engine::{
    Calendar, Organization, Rates, Value, World,
    case::{Application, Attachment, FileHash, Medium, PersonId},
};
use regulation::model::{Channel, FieldId, Regulation, System};
use std::{collections::BTreeMap, path::PathBuf};

/// The account of the invented applicant.
pub const APPLICANT: &str = "account-p02";

/// What decisions look at: a regulation, a calendar, a provider and a one-stop-shop.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The regulation.
    pub regulation: Regulation,
    /// Days off.
    pub calendar: Calendar,
    /// Rates of decisions.
    pub rates: Rates,
    /// The provider that is asked.
    pub provider: Organization,
    /// The branch of the State Corporation.
    pub center: Organization,
    /// The rural akim's office that takes applications in, where one does.
    pub akim: Option<Organization>,
}

impl Desk {
    /// Reads the files: `regulation` as `service/edition`, or as a path from the root of the repository that ends with
    /// `.toml`; `provider` as the id of an organisation.
    pub fn open(regulation: &str, provider: &str) -> Result<Self, String> {
        let path = std::path::Path::new(regulation).extension().is_some_and(|it| it == "toml");
        let name = if path { regulation.to_owned() } else { format!("regulations/{regulation}.toml") };
        let regulation = regulation::parse(&name, &read(&name)?)
            .map_err(|it| it.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("\n"))?;
        let calendar = Calendar::parse(&read("calendars/kz.toml")?).map_err(|it| format!("{it:?}"))?;
        let (provider, center) = (organization(provider)?, organization("karaganda-corporation")?);
        let rates = Rates::parse(&read("rates/kz.toml")?).map_err(|it| format!("{it:?}"))?;
        Ok(Self { regulation, calendar, rates, provider, center, akim: None })
    }

    /// Adds the office of a rural akim, by its id.
    pub fn with_akim(self, id: &str) -> Result<Self, String> {
        Ok(Self { akim: Some(organization(id)?), ..self })
    }

    /// Reads the guardianship certificate and the provider that has an order for the automatic way.
    pub fn guardianship() -> Result<Self, String> {
        Self::open("guardianship-certificate/2015", "abai-education")
    }

    /// Returns the world of a system.
    pub fn world(&self, here: System) -> World<'_> {
        let provider = &self.provider.body;
        let body = if here == System::Center { &self.center.body } else { provider };
        let akim = self.akim.as_ref().map(|it| &it.body);
        let (calendar, rates) = (&self.calendar, &self.rates);
        World { regulation: &self.regulation, calendar, body, provider, akim, rates, here }
    }
}

fn organization(id: &str) -> Result<Organization, String> {
    Organization::parse(&read(&format!("organizations/{id}.toml"))?).map_err(|it| format!("{it:?}"))
}

/// Reads a file of the repository.
pub(crate) fn read(path: &str) -> Result<String, String> {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&full).map_err(|error| format!("{path}: {error}"))
}

/// Returns an application of an invented person, the form still empty.
pub fn application(provider: &str, medium: Medium) -> Application {
    Application {
        applicant: PersonId(APPLICANT.to_owned()),
        iin: "711130399969".to_owned(),
        full_name: "Өтеғұлов Ұлықбек Іңкәрбекұлы (ойдан шығарылған)".to_owned(),
        medium,
        provider: provider.to_owned(),
        ..Application::empty()
    }
}

/// Returns the fields of an invented guardian of one invented child.
pub fn fields() -> BTreeMap<FieldId, Value> {
    let child = [
        ("surname", "Нұрсұлтанұлы"),
        ("given", "Бекзат"),
        ("birth_date", "2012-09-14"),
        ("iin", "120914599917"),
    ];
    let child = child.map(|(id, text)| (FieldId::from(id), text.to_owned()));
    BTreeMap::from([
        (FieldId::from("role"), Value::Text("guardian".to_owned())),
        (FieldId::from("children"), Value::Entries(vec![BTreeMap::from(child)])),
        (FieldId::from("address"), Value::Text("Абай қаласы, Ойдан шығарылған көше, 7".to_owned())),
        (FieldId::from("phone"), Value::Text("+7 700 000 00 00".to_owned())),
        (FieldId::from("consent"), Value::Bool(true)),
    ])
}

/// Returns a scan of a document.
pub fn scan(document: &str) -> Attachment {
    Attachment {
        document: document.into(),
        name: format!("{document}.pdf"),
        media_type: "application/pdf".to_owned(),
        file: FileHash(format!("scan-of-{document}")),
        size_bytes: 1_024,
    }
}

/// Returns what an executor adds to a paper that is granted: every required field of the regulation, invented.
pub fn granted(regulation: &Regulation) -> BTreeMap<FieldId, Value> {
    invented::values(&regulation.result_fields, Channel::Portal, &BTreeMap::new(), &invented::Said::new())
}
