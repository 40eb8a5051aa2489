// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signature of a request is judged again, for the time at which it came. While nothing new is found nothing is written
//! down: the work waits where the board shows it. Where only a key or its issuer that becomes known can help, the judging ends after a day: from then on its
//! applicant reads that he is to apply again, so that nothing is sent any more but by an administrator's order.

use super::calls::{Trouble, Unjudged, VERDICTS};
use crate::Service;
use crate::archives::{SignedAct, ToArchive, receipt_forgotten};
use crate::board::{KEY_BY_ORDER, Reason};
use crate::drafts::Draft;
use crate::portal::part_of;
use crate::ports::evidence::{Judgement, Signatory};
use crate::ports::store::{Settlement, StoreError};
use crate::submit::{Along, SubmitError};
use crate::work::Work;
use engine::case::{Case, CaseId, RequestSignature};
use engine::command::OrderId;
use engine::decide::VERIFY_AGAIN_AFTER;
use engine::{Act, Command, Order, Party};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Action, System};
use uuid::Uuid;

/// How long a key or its issuer may become known, as a key does that was issued just now, since its applicant reads that it is
/// not.
const UNKNOWN_MAX: SignedDuration = SignedDuration::from_hours(24);

/// What a signature waits for that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// For the authority, which gives no answer by which it could be judged: as long as it takes.
    Authority,
    /// For the key, of which the authority says that it does not know it: for a day.
    Key,
    /// For nothing any more: the key did not become known within the day, and the applicant is told to apply again.
    KeyInVain,
    /// For who issued the key: his root is not installed here, or the host that publishes him is silent: for a day.
    Issuer,
    /// For nothing any more: the issuer did not become known within the day, and the applicant is told to apply again.
    IssuerInVain,
}

impl Awaited {
    /// Returns whether nothing is waited for any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::KeyInVain | Self::IssuerInVain)
    }
}

/// Returns what a signature that could not be judged waits for at this time.
pub fn awaited(signature: &RequestSignature, now: Timestamp) -> Awaited {
    let is_over = now.duration_since(signature.at) >= UNKNOWN_MAX;
    match (Unknown::of(signature.code.as_deref()), is_over) {
        (None, _) => Awaited::Authority,
        (Some(Unknown::Key), false) => Awaited::Key,
        (Some(Unknown::Key), true) => Awaited::KeyInVain,
        (Some(Unknown::Issuer), false) => Awaited::Issuer,
        (Some(Unknown::Issuer), true) => Awaited::IssuerInVain,
    }
}

/// What is not known of a signature that could not be decided, though nobody who should say it need be silent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Key,
    Issuer,
}

impl Unknown {
    fn of(code: Option<&str>) -> Option<Self> {
        match code? {
            "certificate-not-issued" => Some(Self::Key),
            "chain-untrusted" | "certificate-signature-mismatch" => Some(Self::Issuer),
            _ => None,
        }
    }
}

impl Service {
    pub(super) async fn verify_again(&self, case: CaseId, id: Uuid) -> Result<(), Trouble> {
        let case = self.load(case).await?.case;
        let waits = |it: &RequestSignature| it.valid.is_none() && case.end.is_none();
        let Some(signature) = case.signature.clone().filter(waits) else {
            return Ok(());
        };
        if awaited(&signature, self.now()).is_over() && !self.has_account(&case).await? {
            let reason = Reason::AccountEnded;
            return Err(Trouble::Unjudged(Unjudged { reason, code: None, is_over: true }));
        }
        if self.is_left(&signature, id).await? {
            return Err(self.unjudged(&signature, None));
        }
        let content = self.file(&signature.content).await?;
        let cms = self.file(&signature.signature).await?;
        let signatory = Signatory::Person { iin: case.application.iin.clone() };
        let (act, received) = ((&*content, &*cms), signature.received_at);
        let judging = self.ports.evidence.judge_received(act, &signatory, received, self.now());
        let judgement = self.in_turn(VERDICTS, judging).await?;
        // Judging takes its time: its day may have ended meanwhile.
        if says_nothing_new(&signature, &judgement) || self.is_left(&signature, id).await? {
            return Err(self.unjudged(&signature, judgement.code));
        }
        Ok(self.take_verdict(&case, signature, &judgement, id).await?)
    }

    /// Whether nothing is made of a signature any more, for its applicant reads that he is to apply again; only an
    /// administrator orders that it is judged once more.
    async fn is_left(&self, signature: &RequestSignature, id: Uuid) -> Result<bool, StoreError> {
        if !awaited(signature, self.now()).is_over() {
            return Ok(false);
        }
        let why = self.ports.store.stuck_one(id).await?.and_then(|it| it.why).unwrap_or_default();
        Ok(!matches!(Reason::read(&why), (Some(Reason::KeyUnknown | Reason::IssuerUnknown), KEY_BY_ORDER)))
    }

    /// Whether the account is there that sent a case: while its application waits it ends only once nothing is waited for.
    async fn has_account(&self, case: &Case) -> Result<bool, SubmitError> {
        Ok(self.here != System::Portal || self.citizen(&case.application.applicant).await?.is_some())
    }

    /// Returns that a signature is still not judged, and why not; where its key or its issuer is not known, what its applicant
    /// reads.
    fn unjudged(&self, signature: &RequestSignature, code: Option<String>) -> Trouble {
        let awaited = awaited(signature, self.now());
        let (reason, code) = match awaited {
            Awaited::Authority => (Reason::Evidence, code),
            Awaited::Key | Awaited::KeyInVain => (Reason::KeyUnknown, signature.code.clone()),
            Awaited::Issuer | Awaited::IssuerInVain => (Reason::IssuerUnknown, signature.code.clone()),
        };
        Trouble::Unjudged(Unjudged { reason, code, is_over: awaited.is_over() })
    }

    /// Gives a verdict that says something new to the case.
    async fn take_verdict(
        &self,
        case: &Case,
        signature: RequestSignature,
        judgement: &Judgement,
        id: Uuid,
    ) -> Result<(), SubmitError> {
        let verdict = self.keep_verdict(judgement).await?;
        let mut along = self.after_judging(case, judgement).await?;
        if judgement.valid == Some(true) {
            let (content, cms) = (signature.content.clone(), Some(signature.signature.clone()));
            let by = Signatory::Person { iin: case.application.iin.clone() };
            let (owner, act) = (Self::owner_key(case), SignedAct::Request);
            let it = ToArchive { case: case.id, owner, act, content, signature: cms, by };
            along = along.and(self.archive_later(it).await?);
        }
        let regulation = self
            .settings
            .edition_at(&case.service, &case.edition, &case.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let procedure = regulation.procedure(&case.procedure).ok_or(SubmitError::Unknown)?;
        let part = part_of(procedure, &Action::SignRequest).ok_or(SubmitError::Unknown)?;
        let act = Act::Signed {
            content: signature.content,
            signature: signature.signature,
            verdict,
            valid: judgement.valid,
            code: judgement.code.clone(),
        };
        let command = Command::Complete { part, act };
        let order = Order { id: OrderId(id), case: case.id, by: Party::System, command };
        self.submit_with(std::slice::from_ref(&order), along).await?;
        Ok(())
    }

    /// A refused application becomes a draft again; a valid signature proves the account.
    async fn after_judging(&self, case: &Case, judgement: &Judgement) -> Result<Along, SubmitError> {
        if self.here != System::Portal {
            return Ok(Along::default());
        }
        match judgement.valid {
            None => Ok(Along::default()),
            Some(false) => {
                let again = draft_of(case, self.uuid(), CaseId(self.uuid()));
                let mut rows = self.draft_after(case.id, &again).await?;
                rows.push(receipt_forgotten(case.id));
                Ok(Along::from(rows))
            }
            Some(true) => match self.citizen(&case.application.applicant).await? {
                Some(citizen) => {
                    let name = judgement.signer.clone().unwrap_or_default();
                    self.proven(&citizen, &name, judgement.serial.as_deref().unwrap_or_default()).await
                }
                None => Ok(Along::default()),
            },
        }
    }

    /// Settles the judging of a signature that still cannot be judged.
    pub(super) fn wait_for_verdict(&self, work: &Work, it: &Unjudged) -> Settlement {
        let why = it.reason.why(it.code.as_deref().unwrap_or_default());
        if it.is_over {
            tracing::error!(case.id = %work.case.0, work = work.kind(), why, "set aside");
            return Settlement::SetAside { why };
        }
        tracing::warn!(case.id = %work.case.0, work = work.kind(), why, "will be judged again");
        Settlement::Again { at: self.pump.later(self.now() + VERIFY_AGAIN_AFTER), why }
    }
}

/// Whether a judgement tells the applicant no more than he reads already. Silence takes nothing back: only a key that is not
/// known is new to who waits for a silent authority, and all else to who waits for the issuer.
fn says_nothing_new(before: &RequestSignature, judgement: &Judgement) -> bool {
    let (known, found) = (Unknown::of(before.code.as_deref()), Unknown::of(judgement.code.as_deref()));
    let is_new = match known {
        None => found == Some(Unknown::Key),
        Some(Unknown::Issuer) => found != Some(Unknown::Issuer),
        Some(Unknown::Key) => false,
    };
    judgement.valid.is_none() && !is_new
}

/// Returns the draft that a refused application becomes again.
fn draft_of(case: &Case, id: Uuid, next: CaseId) -> Draft {
    Draft {
        id,
        case: next,
        account: case.application.applicant.clone(),
        service: case.service.clone(),
        edition: case.edition.clone(),
        provider: case.application.provider.clone(),
        fields: case.application.fields.clone(),
        prefilled: std::collections::BTreeMap::new(),
        attachments: case.application.attachments.clone(),
        medium: case.application.medium,
        lang: case.application.lang.clone(),
        begun_at: case.opened_at,
        saved_at: case.opened_at,
        frozen: None,
        revision: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::case::FileHash;

    fn signature(code: &str) -> RequestSignature {
        let file = || FileHash(String::new());
        let (content, signature, verdict) = (file(), file(), file());
        let (at, received_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let code = Some(code.to_owned());
        RequestSignature { content, signature, verdict, valid: None, code, at, received_at }
    }

    #[test]
    fn a_key_or_an_issuer_that_is_not_known_is_waited_for_no_longer_than_a_day() {
        let (day, second) = (UNKNOWN_MAX, SignedDuration::from_secs(1));
        let after =
            |code: &str, time: SignedDuration| awaited(&signature(code), Timestamp::UNIX_EPOCH + time);
        for (code, waits, ended) in [
            ("certificate-not-issued", Awaited::Key, Awaited::KeyInVain),
            ("chain-untrusted", Awaited::Issuer, Awaited::IssuerInVain),
            ("certificate-signature-mismatch", Awaited::Issuer, Awaited::IssuerInVain),
        ] {
            assert_eq!(after(code, SignedDuration::ZERO), waits, "{code}");
            assert_eq!(after(code, day - second), waits, "{code}");
            assert_eq!(after(code, day), ended, "{code}");
        }
        for code in ["revocation-unknown", "revocation-evidence", ""] {
            assert_eq!(after(code, day * 100), Awaited::Authority, "{code}");
        }
    }

    #[test]
    fn silence_takes_nothing_back_of_what_the_applicant_reads() {
        let news = |before: &str, found: &str| {
            let judgement = Judgement {
                valid: None,
                code: Some(found.to_owned()),
                signer: None,
                iin: None,
                serial: None,
                judged_for: None,
                verdict: serde_json::Value::Null,
            };
            !says_nothing_new(&signature(before), &judgement)
        };
        let (silent, key, issuer) = ("revocation-unknown", "certificate-not-issued", "chain-untrusted");
        assert!(news(silent, key) && news(issuer, key), "the key is not known");
        assert!(news(issuer, silent), "the issuer is known");
        for (before, found) in
            [(silent, silent), (silent, issuer), (key, key), (key, silent), (key, issuer), (issuer, issuer)]
        {
            assert!(!news(before, found), "{before} {found}");
        }
    }
}
