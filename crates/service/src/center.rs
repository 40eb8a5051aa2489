// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one-stop-shop: the operator enters the applicant, scans papers, signs, hands over.

use crate::Service;
use crate::access::{Reader, Seat};
use crate::accounts::Session;
use crate::archives::{SignedAct, ToArchive};
use crate::codec::access::What;
use crate::drafts::Frozen;
use crate::portal::{ContentOf, application_xml, part_of};
use crate::ports::evidence::Signatory;
use crate::ports::store::RowChange;
use crate::signing::SignRefused;
use crate::submit::{Along, SubmitError, Submitted};
use crate::{rows, tables};
use eds::OfficialRole;
use engine::case::{Application, CaseId, Done, Medium, PersonId, Value};
use engine::command::OrderId;
use engine::{Act, Before, Command, Order};
use regulation::model::{Action, Actor, Channel, FieldId, Procedure, ServiceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is entered of a person who stands there: at the one-stop-shop, or at an office of the region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    /// The service.
    pub service: ServiceId,
    /// The provider.
    pub provider: String,
    /// IIN of the applicant.
    pub iin: String,
    /// Full name as in the document shown.
    pub full_name: String,
    /// Values of the form.
    pub fields: BTreeMap<FieldId, Value>,
    /// How the result is wanted.
    pub medium: Medium,
    /// Language of the applicant.
    pub lang: String,
}

impl Service {
    /// Opens a case from what the operator entered; the persons register is asked at once.
    pub async fn take_in_person(
        &self,
        seat: &Seat,
        session: &Session,
        intake: Intake,
        order: Uuid,
    ) -> Result<Submitted, SubmitError> {
        let by = seat.party(Actor::CenterOperator)?;
        // The case is new each time: the order alone says which one it became.
        if let Some(answer) = self.ports.store.answer(order).await? {
            return crate::submit::read_answer(&answer, true);
        }
        if !self.settings.providers_at(&seat.organization, &intake.service).any(|it| it.id == intake.provider)
        {
            return Err(SubmitError::Unknown);
        }
        let found = self.settings.current_for(&intake.service, &intake.provider);
        let regulation = found.ok_or(SubmitError::Unknown)?;
        let procedure = regulation.intake(Channel::Center).ok_or(SubmitError::Unknown)?;
        let application = Application {
            applicant: PersonId(self.vault.pseudonym(&intake.iin)),
            iin: intake.iin,
            full_name: intake.full_name,
            fields: intake.fields,
            attachments: Vec::new(),
            medium: intake.medium,
            lang: intake.lang,
            provider: intake.provider,
            akim: None,
            center: Some(seat.organization.clone()),
            content: None,
            signature: None,
        };
        let command = Command::Open {
            service: regulation.service.clone(),
            edition: regulation.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: procedure.id.clone(),
            channel: Channel::Center,
            application: Box::new(application),
            before: Before::Done(self.done_before(procedure, seat, session)),
            facts: BTreeMap::new(),
            number: None,
            accepted_at: None,
        };
        self.submit(Order { id: OrderId(order), case: CaseId(self.uuid()), by, command }).await
    }

    /// What came before the case is opened: the papers were handed in, the operator had signed in, the applicant's data
    /// were entered. The last form is never among them: it is where the papers are scanned, or not accepted.
    fn done_before(&self, procedure: &Procedure, seat: &Seat, session: &Session) -> Vec<Done> {
        let parts: Vec<_> = procedure.steps.iter().flat_map(|it| &it.parts).collect();
        let last = parts.iter().rposition(|it| it.action == Action::FillForm).unwrap_or_default();
        let mut found = Vec::new();
        for part in parts.into_iter().take(last) {
            let at = if part.action == Action::SignIn {
                session.signed_in_at
            } else if part.action == Action::FillForm {
                self.now()
            } else {
                break;
            };
            found.push(Done { part: part.id.clone(), at, by: Some(seat.person.clone()), held: None });
        }
        found
    }

    /// Freezes the request of a case for the operator's signature.
    pub async fn freeze_request(&self, case: CaseId) -> Result<Frozen, SubmitError> {
        let key = format!("request/{}", case.0);
        let case = self.load(case).await?.case;
        let regulation = self
            .settings
            .edition_at(&case.service, &case.edition, &case.application.provider)
            .ok_or(SubmitError::Unknown)?;
        // Frozen before all papers are in it, the request would be signed without them.
        let place = case.current();
        let part = place.and_then(|it| regulation.part(&it.part));
        if !part.is_some_and(|(_, step, it)| step.at == self.here && it.action == Action::SignRequest) {
            let current = place.map(|it| it.part.clone());
            return Err(engine::Inadmissible::NotHere { current }.into());
        }
        if let Some(frozen) = rows::read::<Frozen>(&*self.ports.store, tables::PREPARED, &key).await? {
            return Ok(frozen);
        }
        let organization =
            self.settings.organization(&case.application.provider).ok_or(SubmitError::Unknown)?;
        let now = self.now();
        let pdf = self.press(&self.application_paper(regulation, &case.application, case.id, now)?).await?;
        let shown = self.ports.store.put_file(pdf).await?;
        let xml = application_xml(&ContentOf {
            regulation,
            application: &case.application,
            case: case.id,
            provider_bin: &organization.bin,
            shown: &shown,
            at: now,
        });
        let frozen = Frozen { content: self.ports.store.put_file(xml.into_bytes()).await?, shown, at: now };
        let row = rows::row(tables::PREPARED, key.clone(), None, String::new(), &frozen);
        match self.put(vec![RowChange::PutIf(row, 0)]).await {
            // Another page froze it meanwhile: that is read and signed in both.
            Err(SubmitError::Changed) => {
                rows::read(&*self.ports.store, tables::PREPARED, &key).await?.ok_or(SubmitError::Changed)
            }
            put => put.map(|()| frozen),
        }
    }

    /// Returns the bytes of the request that waits for the operator's signature: the XML and the PDF. The reading is recorded.
    pub async fn read_request(&self, seat: &Seat, case: CaseId) -> Result<(Vec<u8>, Vec<u8>), SubmitError> {
        self.theirs(&Reader::Official(seat), case).await?.ok_or(SubmitError::Unknown)?;
        let frozen = self.freeze_request(case).await?;
        self.record(seat, case, (What::Paper, Some(&frozen.content))).await?;
        self.frozen_bytes(&frozen).await
    }

    /// Takes the operator's signature over the frozen request; then it is sent.
    pub async fn sign_request(
        &self,
        seat: &Seat,
        case: CaseId,
        cms: Vec<u8>,
        order: Uuid,
    ) -> Result<Submitted, SignRefused> {
        let by = seat.party(Actor::CenterOperator).map_err(SubmitError::from)?;
        if let Some(answer) = self.answered(order, case).await? {
            return Ok(answer);
        }
        self.theirs(&Reader::Official(seat), case)
            .await
            .map_err(SignRefused::from)?
            .ok_or(SubmitError::Unknown)?;
        let frozen = self.freeze_request(case).await?;
        let content = self.file(&frozen.content).await?;
        let organization = self.settings.organization(&seat.organization).ok_or(SubmitError::Unknown)?;
        let (iin, bin) = (seat.iin.clone(), organization.bin.clone());
        let signatory = Signatory::Official { iin, bin, role: OfficialRole::Employee };
        let judgement = self.judge(&content, &cms, &signatory).await?;
        match judgement.valid {
            Some(true) => {}
            Some(false) => return Err(SignRefused::Invalid { code: judgement.code }),
            None => return Err(SignRefused::Indeterminate { code: judgement.code }),
        }
        let loaded = self.load(case).await?.case;
        let regulation = self
            .settings
            .edition_at(&loaded.service, &loaded.edition, &loaded.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let procedure = regulation.procedure(&loaded.procedure).ok_or(SubmitError::Unknown)?;
        let part = part_of(procedure, &Action::SignRequest).ok_or(SubmitError::Unknown)?;
        let signature = self.ports.store.put_file(cms).await.map_err(SubmitError::from)?;
        let to_archive = ToArchive {
            case,
            owner: Self::owner_key(&loaded),
            act: SignedAct::Request,
            content: frozen.content.clone(),
            signature: Some(signature.clone()),
            by: signatory,
        };
        let act = Act::Signed {
            content: frozen.content,
            signature,
            verdict: self.keep_verdict(&judgement).await?,
            valid: judgement.valid,
            code: judgement.code,
        };
        let order = Order { id: OrderId(order), case, by, command: Command::Complete { part, act } };
        let gone =
            RowChange::Delete { table: tables::PREPARED.to_owned(), key: format!("request/{}", case.0) };
        let along = Along::from(vec![gone]).and(self.archive_later(to_archive).await?);
        Ok(self.submit_with(std::slice::from_ref(&order), along).await?)
    }
}
