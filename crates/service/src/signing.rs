// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing the result: prepared here, signed in the official's page or by the stamp, embedded and checked here.
//!
//! prepare (number, signer, time, placeholder; valid [`PREPARED_MINUTES`]) → the page signs the digest of the byte
//! range → the signature is embedded and judged → the order is given. One prepared result a case.

mod several;

pub use several::{AT_ONCE_MAX, Each, SignedOne, TIME_MAX};

use crate::accounts::Official;
use crate::archives::{SignedAct, ToArchive};
use crate::paper_spec::Bilingual;
use crate::papers::{Issue, Signatory as Printed};
use crate::ports::evidence::Signatory;
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError, Submitted};
use crate::{Service, rows, tables};
use eds::{OfficialRole, pades};
use engine::case::{Case, CaseId, FileHash, SignedResult};
use engine::command::OrderId;
use engine::{Act, Command, Order, Party};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Action, FactId, Regulation, StepId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a prepared result waits for its signature.
pub const PREPARED_MINUTES: i64 = 15;

/// The fact that an order permits the automatic way and names the authorised person.
const AUTOMATIC_FACT: &str = "automatic.ordered";

/// Room left for a signature in a PDF.
const SIGNATURE_BYTES: usize = 16_384;

/// A result that waits for its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedResult {
    /// The part that it completes.
    pub part: StepId,
    /// The PDF as pressed.
    pub pressed: FileHash,
    /// SHA-256 of the byte range: this is signed.
    pub sha256: String,
    /// Number of the result.
    pub number: String,
    /// Key of the public check.
    pub check_key: String,
    /// Position and name of the signer as printed. Personal, sealed in the row.
    pub signer: String,
    /// Time of the signature as written into the PDF.
    pub at: Timestamp,
    /// Who signs.
    pub by: String,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    owner: String,
    sealed: String,
}

/// Why a result was not signed. Nothing has changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignRefused {
    /// Nothing is prepared, or too long ago, or by another person: prepare again.
    #[error("no result is prepared for this signature")]
    NotPrepared,
    /// The signature is not valid.
    #[error("the signature is not valid")]
    Invalid {
        /// Machine code of the first failed check.
        code: Option<String>,
    },
    /// The signature can be judged only later.
    #[error("the signature cannot be judged now")]
    Indeterminate {
        /// Machine code of the check that could not be made.
        code: Option<String>,
    },
    /// The signature does not fit into the place that the result has for it.
    #[error("the signature is too large")]
    TooLarge,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

impl Service {
    /// Prepares the result of a case for the signature of `official`.
    pub async fn prepare_result(
        &self,
        official: &Official,
        case: CaseId,
        order: Uuid,
    ) -> Result<PreparedResult, SubmitError> {
        let (part, actor) = self.signing_actor(&self.load(case).await?.case)?;
        let by = official.seat.party(actor)?;
        let command = Command::Complete { part: part.clone(), act: Act::ResultReserved };
        self.submit(Order { id: OrderId(order), case, by, command }).await?;
        let case = self.load(case).await?.case;
        let printed = Printed {
            position: Bilingual::new(&official.position_kk, &official.position_ru),
            name: official.seat.name.clone(),
        };
        let (prepared, _) = self.press_result(&case, part, printed, official.seat.person.0.clone()).await?;
        let owner = Self::owner_key(&case);
        let stored = Stored { sealed: self.seal_json(&owner, &prepared).await?, owner };
        let row = rows::row(tables::PREPARED, case.id.0.to_string(), None, String::new(), &stored);
        self.put(vec![RowChange::Put(row)]).await?;
        Ok(prepared)
    }

    /// Presses the result of a case and leaves room for its signature.
    async fn press_result(
        &self,
        case: &Case,
        part: StepId,
        signatory: Printed,
        by: String,
    ) -> Result<(PreparedResult, pades::Prepared), SubmitError> {
        let regulation = self
            .settings
            .edition_at(&case.service, &case.edition, &case.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let (pressed, issue) = self.press_issue(case, signatory, false).await?;
        let signer = format!("{}, {}", issue.signatory.position.kk, issue.signatory.name);
        let room = Self::room(&pressed, regulation, &signer, issue.at)?;
        let prepared = PreparedResult {
            part,
            pressed: self.ports.store.put_file(pressed).await?,
            sha256: hex::encode(room.digest),
            number: issue.number,
            check_key: issue.check_key,
            signer,
            at: issue.at,
            by,
        };
        Ok((prepared, room))
    }

    /// Presses the result of a case with a fresh key of the public check.
    pub(crate) async fn press_issue(
        &self,
        case: &Case,
        signatory: Printed,
        by_hand: bool,
    ) -> Result<(Vec<u8>, Issue), SubmitError> {
        let regulation = self
            .settings
            .edition_at(&case.service, &case.edition, &case.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let number = case.result_number.clone().ok_or(SubmitError::Unknown)?;
        let mut secret = [0; 16];
        self.ports.clock.fill(&mut secret);
        let issue = Issue { number, check_key: hex::encode(secret), at: self.now(), signatory, by_hand };
        let pressed = self.press(&self.result_paper(regulation, case, &issue)?).await?;
        Ok((pressed, issue))
    }

    fn room(
        pressed: &[u8],
        regulation: &Regulation,
        signer: &str,
        at: Timestamp,
    ) -> Result<pades::Prepared, SubmitError> {
        let info = pades::SignatureInfo {
            name: signer.to_owned(),
            reason: Some(regulation.title.kk.clone()),
            location: None,
            contact: None,
            time: at,
            placeholder_bytes: SIGNATURE_BYTES,
        };
        pades::prepare(pressed, &info).map_err(|it| SubmitError::Unusable(it.to_string()))
    }

    /// Returns the prepared result of a case, if it still waits.
    pub async fn prepared_result(&self, case: CaseId) -> Result<Option<PreparedResult>, SubmitError> {
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::PREPARED, &case.0.to_string()).await?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        let prepared: Option<PreparedResult> = self.open_json(&stored.owner, &stored.sealed).await?;
        Ok(prepared
            .filter(|it| self.now().duration_since(it.at) <= SignedDuration::from_mins(PREPARED_MINUTES)))
    }

    /// Returns the bytes that this official's signature of the prepared result covers, for a program that hashes them itself.
    /// He was shown the result before ([`Service::prepared_pdf`]); this is no reading.
    pub async fn prepared_range(
        &self,
        official: &Official,
        case: CaseId,
    ) -> Result<Option<Vec<u8>>, SubmitError> {
        let Some(prepared) = self.prepared_result(case).await?.filter(|it| it.by == official.seat.person.0)
        else {
            return Ok(None);
        };
        let loaded = self.load(case).await?.case;
        let regulation = self
            .settings
            .edition_at(&loaded.service, &loaded.edition, &loaded.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let pressed = self.file(&prepared.pressed).await?;
        Ok(Some(Self::room(&pressed, regulation, &prepared.signer, prepared.at)?.content()))
    }

    /// Takes the official's signature over the prepared result.
    pub async fn sign_result(
        &self,
        official: &Official,
        case: CaseId,
        cms: &[u8],
        order: Uuid,
    ) -> Result<Submitted, SignRefused> {
        if let Some(answer) = self.answered(order, case).await? {
            return Ok(answer);
        }
        if cms.len() > SIGNATURE_BYTES {
            return Err(SignRefused::TooLarge);
        }
        let prepared = self.prepared_result(case).await?.ok_or(SignRefused::NotPrepared)?;
        if prepared.by != official.seat.person.0 {
            return Err(SignRefused::NotPrepared);
        }
        let loaded = self.load(case).await?.case;
        let (part, actor) = self.signing_actor(&loaded)?;
        let by = official.seat.party(actor).map_err(SubmitError::from)?;
        // A proposal that was returned took its number with it: what was pressed for it is signed by nobody.
        if loaded.result_number.as_ref() != Some(&prepared.number) {
            return Err(SignRefused::NotPrepared);
        }
        let regulation = self
            .settings
            .edition_at(&loaded.service, &loaded.edition, &loaded.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let organization =
            self.settings.organization(&official.seat.organization).ok_or(SubmitError::Unknown)?;
        let pressed = self.file(&prepared.pressed).await?;
        let room = Self::room(&pressed, regulation, &prepared.signer, prepared.at)?;
        // LAW: 004 item 3: the electronic result bears the EDS of the authorised person.
        let signatory = Signatory::Official {
            iin: official.seat.iin.clone(),
            bin: organization.bin.clone(),
            role: OfficialRole::RightToSign,
        };
        // The bytes, not their SHA-256: a key may hash by another algorithm.
        let judgement = self.judge(&room.content(), cms, &signatory).await?;
        match judgement.valid {
            Some(true) => {}
            Some(false) => return Err(SignRefused::Invalid { code: judgement.code }),
            None => return Err(SignRefused::Indeterminate { code: judgement.code }),
        }
        self.keep_verdict(&judgement).await?;
        let result = self.embed(&room, cms, prepared).await?;
        let archived = self.result_archived_later(&loaded, &result, signatory).await?;
        let command = Command::Complete { part, act: Act::ResultSigned(result) };
        let gone = RowChange::Delete { table: tables::PREPARED.to_owned(), key: case.0.to_string() };
        let order = Order { id: OrderId(order), case, by, command };
        Ok(self.submit_with(std::slice::from_ref(&order), Along::from(vec![gone]).and(archived)).await?)
    }

    /// Returns what goes along with a signed result so that its signature is stamped and archived after the commit.
    pub(crate) async fn result_archived_later(
        &self,
        case: &Case,
        result: &SignedResult,
        by: Signatory,
    ) -> Result<Along, SubmitError> {
        let it = ToArchive {
            case: case.id,
            owner: Self::owner_key(case),
            act: SignedAct::Result,
            content: result.file.clone(),
            signature: None,
            by,
        };
        self.archive_later(it).await
    }

    async fn embed(
        &self,
        room: &pades::Prepared,
        cms: &[u8],
        prepared: PreparedResult,
    ) -> Result<SignedResult, SubmitError> {
        let signed = pades::embed(room, cms).map_err(|it| SubmitError::Unusable(it.to_string()))?;
        let file = self.ports.store.put_file(signed).await?;
        Ok(SignedResult {
            file,
            check_key: prepared.check_key,
            signer: prepared.signer,
            at: prepared.at,
            on_paper: None,
        })
    }

    /// Makes the result of the automatic way and signs it with the organisation's stamp.
    // LAW: 004 item 3: the electronic result bears the EDS of the authorised person; law.md 16: the stamp signs only under
    // an order that names him, and the paper names him.
    pub(crate) async fn stamp_result(
        &self,
        case: CaseId,
        part: &StepId,
        order: Uuid,
    ) -> Result<(), SubmitError> {
        let case = self.load(case).await?.case;
        let organization =
            self.settings.organization(&case.application.provider).ok_or(SubmitError::Unknown)?;
        let (seat, _) = organization
            .authorised(&FactId::from(AUTOMATIC_FACT), &case.service, crate::local_date(self.now()))
            .ok_or(SubmitError::Unknown)?;
        let printed =
            Printed { position: crate::papers::both(&seat.post), name: seat.holder.full_name.clone() };
        let (prepared, room) = self.press_result(&case, part.clone(), printed, "stamp".to_owned()).await?;
        let made = self.ports.signer.stamp(&case.application.provider, room.digest, prepared.at).await;
        // Whatever is wrong with the stamp, a person mends it, and the case waits for that.
        let cms = made.map_err(|fault| SubmitError::Unavailable(format!("the stamp: {fault}")))?;
        let by = Signatory::Organization { bin: organization.bin.clone() };
        let judgement = self.judge(&room.content(), &cms, &by).await?;
        if judgement.valid != Some(true) {
            let code = judgement.code.unwrap_or_default();
            return Err(SubmitError::Unavailable(format!("the stamp is not valid now: {code}")));
        }
        self.keep_verdict(&judgement).await?;
        let result = self.embed(&room, &cms, prepared).await?;
        let along = self.result_archived_later(&case, &result, by).await?;
        let command = Command::Complete { part: part.clone(), act: Act::ResultSigned(result) };
        let order = Order { id: OrderId(order), case: case.id, by: Party::System, command };
        self.submit_with(std::slice::from_ref(&order), along).await?;
        Ok(())
    }

    /// Returns what was answered to an order to this case that came before.
    pub(crate) async fn answered(&self, order: Uuid, case: CaseId) -> Result<Option<Submitted>, SubmitError> {
        match self.ports.store.answer(order).await? {
            Some(bytes) => crate::submit::answer_about(&bytes, case).map(Some),
            None => Ok(None),
        }
    }
}

/// Returns whether a part is signed by an official.
pub fn is_signing(action: &Action) -> bool {
    matches!(action, Action::SignResult)
}
