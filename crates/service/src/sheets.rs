// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing by hand: the sheet is pressed with its number and printed, signed and sealed, and its scan is recorded.
//!
//! The pressed sheet stays beside the scan, so that both can be downloaded.

use crate::access::{Reader, Seat};
use crate::accounts::Official;
use crate::codec::access::What;
use crate::paper_spec::Bilingual;
use crate::papers::Signatory as Printed;
use crate::ports::store::RowChange;
use crate::submit::{SubmitError, Submitted};
use crate::uploads::{UploadRefused, check_scan};
use crate::{Service, local_date, rows, tables};
use engine::case::{Case, CaseId, FileHash, OnPaper, SignedResult};
use engine::command::OrderId;
use engine::{Act, Command, Order};
use jiff::Timestamp;
use jiff::civil::Date;
use regulation::model::{Action, Actor, StepId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A sheet that is printed to be signed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The PDF as pressed.
    pub pressed: FileHash,
    /// Number of the result.
    pub number: String,
    /// Key of the public check.
    pub check_key: String,
    /// Position and name of the signer as printed. Personal.
    pub signer: String,
    /// When it was pressed.
    pub at: Timestamp,
    /// Who signs.
    pub by: String,
}

/// What stands on the sheet now, and its scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedSheet {
    /// The day under the signature; `None` when it cannot be read.
    pub on: Option<Date>,
    /// Whether the seal was put.
    pub sealed: bool,
    /// Whether the applicant has signed it too.
    pub countersigned: bool,
    /// The scan; empty when none was chosen.
    pub scan: Vec<u8>,
}

/// Why a sheet was not recorded. Nothing has changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SheetRefused {
    /// Nothing is printed for this official's signature, or the proposal was returned meanwhile.
    #[error("no sheet is printed for this signature")]
    NotPrinted,
    /// The day is missing, before the sheet was printed, or to come.
    #[error("the day cannot stand under this signature")]
    Day,
    /// The scan is not taken.
    #[error(transparent)]
    Scan(UploadRefused),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    owner: String,
    sealed: String,
}

impl Service {
    /// Returns in what capacity the result of a case is signed, where the case waits for that here.
    pub(crate) fn signing_actor(&self, case: &Case) -> Result<(StepId, Actor), SubmitError> {
        let regulation = self
            .settings
            .edition_at(&case.service, &case.edition, &case.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let current = case.current().map(|it| it.part.clone());
        let part = current.as_ref().and_then(|it| regulation.part(it)).map(|(_, _, part)| part);
        match part.filter(|it| it.action == Action::SignResult) {
            Some(part) => Ok((part.id.clone(), part.actor_in(case.channel).unwrap_or(Actor::ProviderHead))),
            None => Err(engine::Inadmissible::NotHere { current }.into()),
        }
    }

    /// Reserves the number and presses the sheet that `official` signs by hand; again as often as is needed.
    pub async fn print_sheet(
        &self,
        official: &Official,
        case: CaseId,
        order: Uuid,
    ) -> Result<Sheet, SubmitError> {
        let (part, actor) = self.signing_actor(&self.load(case).await?.case)?;
        let by = official.seat.party(actor)?;
        let command = Command::Complete { part, act: Act::ResultReserved };
        self.submit(Order { id: OrderId(order), case, by, command }).await?;
        let case = self.load(case).await?.case;
        let printed = Printed {
            position: Bilingual::new(&official.position_kk, &official.position_ru),
            name: official.seat.name.clone(),
        };
        let (bytes, issue) = self.press_issue(&case, printed, true).await?;
        let sheet = Sheet {
            pressed: self.ports.store.put_file(bytes).await?,
            number: issue.number,
            check_key: issue.check_key,
            signer: format!("{}, {}", issue.signatory.position.kk, issue.signatory.name),
            at: issue.at,
            by: official.seat.person.0.clone(),
        };
        let owner = Self::owner_key(&case);
        let stored = Stored { sealed: self.seal_json(&owner, &sheet).await?, owner };
        let row = rows::row(tables::SHEETS, case.id.0.to_string(), None, String::new(), &stored);
        self.put(vec![RowChange::Put(row)]).await?;
        Ok(sheet)
    }

    /// Returns the sheet of a case, if it bears the number that the case has.
    pub async fn sheet(&self, case: &Case) -> Result<Option<Sheet>, SubmitError> {
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::SHEETS, &case.id.0.to_string()).await?;
        let Some(stored) = stored else { return Ok(None) };
        let sheet: Option<Sheet> = self.open_json(&stored.owner, &stored.sealed).await?;
        Ok(sheet.filter(|it| case.result_number.as_ref() == Some(&it.number)))
    }

    /// Returns the sheet as it was printed: to its signer, and once it is signed to who may read the case.
    pub async fn sheet_pdf(&self, seat: &Seat, id: CaseId) -> Result<Option<(String, Vec<u8>)>, SubmitError> {
        let Some(case) = self.readable(&Reader::Official(seat), id, (What::File, None)).await? else {
            return Ok(None);
        };
        match self.sheet(&case).await? {
            Some(sheet) if case.result.is_some() || sheet.by == seat.person.0 => {
                Ok(Some((sheet.number, self.file(&sheet.pressed).await?)))
            }
            _ => Ok(None),
        }
    }

    /// Records that the sheet was signed by hand.
    // LAW: law.md 15: signed on paper: who, when, the seal, the scan of the signed sheet.
    pub async fn sign_sheet(
        &self,
        official: &Official,
        case: CaseId,
        signed: SignedSheet,
        order: Uuid,
    ) -> Result<Submitted, SheetRefused> {
        if let Some(answer) = self.answered(order, case).await? {
            return Ok(answer);
        }
        let loaded = self.load(case).await?.case;
        let (part, actor) = self.signing_actor(&loaded)?;
        let by = official.seat.party(actor).map_err(SubmitError::from)?;
        let sheet = self.sheet(&loaded).await?.filter(|it| it.by == official.seat.person.0);
        let sheet = sheet.ok_or(SheetRefused::NotPrinted)?;
        let days = local_date(sheet.at)..=local_date(self.now());
        let on = signed.on.filter(|it| days.contains(it)).ok_or(SheetRefused::Day)?;
        check_scan(&signed.scan).map_err(SheetRefused::Scan)?;
        let result = SignedResult {
            file: self.ports.store.put_file(signed.scan).await.map_err(SubmitError::from)?,
            check_key: sheet.check_key,
            signer: sheet.signer,
            at: self.now(),
            on_paper: Some(OnPaper { on, sealed: signed.sealed, countersigned: signed.countersigned }),
        };
        let command = Command::Complete { part, act: Act::ResultSigned(result) };
        Ok(self.submit(Order { id: OrderId(order), case, by, command }).await?)
    }

    /// Records that the covering letter was signed by hand: the scan of the signed sheet.
    pub async fn sign_letter(
        &self,
        seat: &Seat,
        case: CaseId,
        (part, scan): (StepId, Vec<u8>),
        order: Uuid,
    ) -> Result<Submitted, SheetRefused> {
        let by = seat.party(Actor::RuralAkim).map_err(SubmitError::from)?;
        if let Some(answer) = self.answered(order, case).await? {
            return Ok(answer);
        }
        check_scan(&scan).map_err(SheetRefused::Scan)?;
        let file = self.ports.store.put_file(scan).await.map_err(SubmitError::from)?;
        let command = Command::Complete { part, act: Act::LetterSigned { file } };
        Ok(self.submit(Order { id: OrderId(order), case, by, command }).await?)
    }
}
