// SPDX-License-Identifier: MIT OR Apache-2.0
//! The citizen's way: a draft, its review, the signature, the cabinet.

mod content;
mod sending;

pub(crate) use content::shown_of;
pub use content::{Content as ContentOf, application_xml};
pub(crate) use sending::part_of;
pub use sending::{SendRefused, Sent};

use crate::accounts::Citizen;
use crate::drafts::{Draft, Frozen, Prefilled, Source};
use crate::ports::registers::Question;
use crate::ports::store::{ListQuery, RowChange};
use crate::submit::SubmitError;
use crate::views::{CaseHead, Notice};
use crate::{Service, rows, tables};
use engine::case::{Application, CaseId, FileHash, Medium, PersonId, Value};
use engine::form::Problem;
use regulation::model::{Channel, Field, FieldId, RegisterId, Regulation, ServiceId};
use std::collections::BTreeMap;

/// Cases of one person on a page.
pub const PAGE: usize = 50;

/// A draft just begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// The draft.
    pub draft: Draft,
    /// The register that should have filled it in and gave no answer.
    pub silent: Option<RegisterId>,
}

/// What a register filled in.
#[derive(Default)]
struct Given {
    values: BTreeMap<FieldId, Prefilled>,
    /// The row of the exchange, for the transaction of the draft.
    evidence: Option<RowChange>,
    silent: Option<RegisterId>,
}

impl Service {
    /// Begins a draft. Values from registers come only to an account proven by EDS.
    pub async fn begin_draft(
        &self,
        citizen: &Citizen,
        service: &ServiceId,
        provider: &str,
        lang: &str,
    ) -> Result<Begun, SubmitError> {
        if !self.settings.providers_of(service).any(|it| it.id == provider) {
            return Err(SubmitError::Unknown);
        }
        let regulation = self.settings.current_for(service, provider).ok_or(SubmitError::Unknown)?;
        let media = regulation.media_in(Channel::Portal);
        let medium = if media.contains(&Medium::Electronic) { Medium::Electronic } else { Medium::Paper };
        let case = CaseId(self.uuid());
        let given = self.prefill(citizen, regulation, case).await?;
        let now = self.now();
        let text = |it: &Prefilled| Value::Text(it.value.clone());
        let mut draft = Draft {
            id: self.uuid(),
            case,
            account: citizen.id.clone(),
            service: service.clone(),
            edition: regulation.edition.clone(),
            provider: provider.to_owned(),
            fields: given.values.iter().map(|(id, it)| (id.clone(), text(it))).collect(),
            prefilled: given.values,
            attachments: Vec::new(),
            medium,
            lang: lang.to_owned(),
            begun_at: now,
            saved_at: now,
            frozen: None,
            revision: 0,
        };
        self.put_draft(&mut draft, given.evidence.into_iter().collect()).await?;
        Ok(Begun { draft, silent: given.silent })
    }

    async fn prefill(
        &self,
        citizen: &Citizen,
        regulation: &Regulation,
        case: CaseId,
    ) -> Result<Given, SubmitError> {
        let wanted: Vec<(&Field, &str)> =
            regulation.fields.iter().filter_map(|it| Some((it, it.prefill.as_deref()?))).collect();
        let Some(register) = wanted.first().and_then(|(_, name)| name.split_once('.')).map(|(id, _)| id)
        else {
            return Ok(Given::default());
        };
        if citizen.proof.is_none() {
            return Ok(Given::default());
        }
        let question = Question {
            register: RegisterId(register.to_owned()),
            iin: citizen.iin.clone(),
            values: BTreeMap::new(),
            message: self.uuid(),
            correlation: case.0,
        };
        let Ok(answer) = self.ports.registers.ask(&question).await else {
            return Ok(Given { silent: Some(question.register), ..Given::default() });
        };
        let told =
            self.settings.registers.get(register).map(|it| it.prefill(&answer.records)).unwrap_or_default();
        let (message, row) = self.keep_answer(&question, answer).await?;
        let source = Source { register: question.register, message, at: self.now() };
        let given = |name: &str| {
            let value = told.get(name)?.clone();
            Some(Prefilled { value, source: Some(source.clone()) })
        };
        let values =
            wanted.iter().filter_map(|(field, name)| Some((field.id.clone(), given(name)?))).collect();
        Ok(Given { values, evidence: Some(row), silent: None })
    }

    /// Returns what an applicant may expect of a provider if the documents were accepted now.
    pub fn expected(&self, regulation: &Regulation, provider: &str) -> Vec<engine::deadline::Expected> {
        let now = self.now();
        let asked = Application { provider: provider.to_owned(), ..Application::empty() };
        self.in_world(regulation, &asked, |world| engine::deadline::expected(world, now)).unwrap_or_default()
    }

    /// Returns the mistakes of a draft, each by its field.
    pub fn draft_problems(&self, citizen: &Citizen, draft: &Draft) -> Vec<Problem> {
        match self.settings.edition_at(&draft.service, &draft.edition, &draft.provider) {
            Some(regulation) => {
                let application = draft.application(&citizen.iin, "");
                let mut found = engine::form::problems(regulation, Channel::Portal, &application);
                found.extend(engine::form::ages(regulation, &application, crate::local_date(self.now())));
                found
            }
            None => Vec::new(),
        }
    }

    /// Freezes a draft for review: exactly these bytes are shown and signed. One that another page changed or froze meanwhile
    /// is to be read anew.
    pub async fn freeze(&self, citizen: &Citizen, draft: &mut Draft) -> Result<Frozen, SubmitError> {
        if let Some(frozen) = &draft.frozen {
            return Ok(frozen.clone());
        }
        let regulation = self
            .settings
            .edition_at(&draft.service, &draft.edition, &draft.provider)
            .ok_or(SubmitError::Unknown)?;
        let now = self.now();
        let application = draft.application(&citizen.iin, citizen.full_name.as_deref().unwrap_or_default());
        let spec = self.application_paper(regulation, &application, draft.case, now)?;
        let pdf = self.press(&spec).await?;
        let shown = self.ports.store.put_file(pdf).await?;
        let frozen = Frozen { content: FileHash(String::new()), shown, at: now };
        let xml = self.content_of(citizen, draft, &frozen)?;
        let content = self.ports.store.put_file(xml.into_bytes()).await?;
        let frozen = Frozen { content, ..frozen };
        draft.frozen = Some(frozen.clone());
        self.put_draft(draft, Vec::new()).await?;
        Ok(frozen)
    }

    /// Returns the XML that a draft is, as shown and at the time of its freezing.
    pub(crate) fn content_of(
        &self,
        citizen: &Citizen,
        draft: &Draft,
        frozen: &Frozen,
    ) -> Result<String, SubmitError> {
        let regulation = self
            .settings
            .edition_at(&draft.service, &draft.edition, &draft.provider)
            .ok_or(SubmitError::Unknown)?;
        let organization = self.settings.organization(&draft.provider).ok_or(SubmitError::Unknown)?;
        let name = citizen.full_name.as_deref().unwrap_or_default();
        Ok(application_xml(&content::Content {
            regulation,
            application: &draft.application(&citizen.iin, name),
            case: draft.case,
            provider_bin: &organization.bin,
            shown: &frozen.shown,
            at: frozen.at,
        }))
    }

    /// Returns the bytes of what was frozen: the XML and the PDF.
    pub async fn frozen_bytes(&self, frozen: &Frozen) -> Result<(Vec<u8>, Vec<u8>), SubmitError> {
        Ok((self.file(&frozen.content).await?, self.file(&frozen.shown).await?))
    }

    /// Returns the cases that an account sent, the latest first.
    pub async fn history(&self, account: &PersonId) -> Result<Vec<CaseHead>, SubmitError> {
        let query = ListQuery {
            table: tables::CASES.to_owned(),
            list: account.0.clone(),
            after: None,
            descending: true,
            limit: PAGE,
        };
        let found = self.ports.store.list(query).await?;
        Ok(found.iter().filter_map(crate::views::read_head).collect())
    }

    /// Returns the notices that came to an account, the latest first.
    pub(crate) async fn notices_to(&self, account: &PersonId) -> Result<Vec<Notice>, SubmitError> {
        let query = ListQuery {
            table: tables::NOTICES.to_owned(),
            list: account.0.clone(),
            after: None,
            descending: true,
            limit: PAGE,
        };
        let found = self.ports.store.list(query).await?;
        found.iter().map(|row| Ok(rows::body(row)?)).collect()
    }
}
