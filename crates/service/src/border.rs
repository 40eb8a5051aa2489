// SPDX-License-Identifier: MIT OR Apache-2.0
//! The border: what a case sends over it and what it takes in.

mod foreign;
mod published;
mod results;
pub(crate) mod theirs;

use crate::Service;
use crate::inbox::Came;
use crate::portal::shown_of;
use crate::ports::border::{Arrival, CarrierNotice, Parcel, ParcelFile, Receive, RequestParcel};
use crate::ports::evidence::Signatory;
use crate::ports::foreign::{Foreign, NotTaken, Unread};
use crate::ports::store::{Row, RowChange};
use crate::ports::{Judged, PortError};
use crate::submit::{Along, SubmitError};
use crate::verify::CHECK_KEY_CHARS;
use crate::views::Check;
use crate::work::Work;
use crate::{rows, tables};
use async_trait::async_trait;
use engine::case::{Case, CaseId, FileHash, PersonId};
use engine::command::OrderId;
use engine::{Before, Command, Order, Party};
use regulation::model::{Channel, System};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use theirs::Opener;
use uuid::Uuid;

/// Where a message kept as evidence lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMessage {
    /// The register or the other side.
    pub from: String,
    /// The signed bytes as received.
    pub file: FileHash,
    /// The signed bytes of ours that they answer, as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<FileHash>,
    /// What the certificates of the signatures were judged by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<KeptVerdict>,
    /// The work that sent the message, so that it can be sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

/// What a signature that came over the border was judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptVerdict {
    /// The verdict with its evidence, or the evidence alone.
    pub file: FileHash,
    /// When it was judged here.
    pub at: jiff::Timestamp,
}

impl KeptMessage {
    /// Returns the row of a message of a case.
    pub(crate) fn row(&self, message: &str, case: CaseId) -> RowChange {
        RowChange::Put(self.of_case(message, case))
    }

    /// Returns the row of a message that came: what took the key meanwhile keeps it.
    pub(crate) fn row_once(&self, message: &str, case: CaseId) -> RowChange {
        RowChange::PutIf(self.of_case(message, case), 0)
    }

    fn of_case(&self, message: &str, case: CaseId) -> Row {
        let list = Some(format!("case/{}", case.0));
        rows::row(tables::MESSAGES, message, list, String::new(), self)
    }
}

impl Service {
    /// Keeps what the certificates of an exchange were judged by.
    pub(crate) async fn keep_judged(&self, judged: Judged) -> Result<KeptVerdict, SubmitError> {
        Ok(KeptVerdict { file: self.ports.store.put_file(judged.evidence).await?, at: judged.at })
    }

    /// Returns what the work sends: what the case was when the work was made, whatever has happened since. `None` where the
    /// addressee takes no such message.
    pub(crate) async fn parcel(
        &self,
        work: &Work,
        id: Uuid,
        with_request: bool,
    ) -> Result<Option<Parcel>, SubmitError> {
        let case = self.load_until(work.case, work.version).await?.case;
        // All that was ever done goes along: what the other side knows already it passes over, and nothing lost is missed.
        let progress = engine::progress(&case, 0, id.to_string());
        let mut files = Vec::new();
        let request = if with_request { Some(self.request(&case, &mut files).await?) } else { None };
        if let Some(result) = &progress.result {
            files.push(ParcelFile {
                name: format!("{}.pdf", case.result_number.as_deref().unwrap_or("result")),
                media_type: "application/pdf".to_owned(),
                bytes: self.file(&result.file).await?,
                hash: result.file.clone(),
            });
        }
        let to = match (self.here, case.channel) {
            (System::Region, Channel::Center) => "center".to_owned(),
            (System::Region, _) => "portal".to_owned(),
            _ => case.application.provider.clone(),
        };
        let answers = if with_request { None } else { signature_of(&case).cloned() };
        let published = published::published(&case, &self.settings);
        let (from, reply) = (self.here, None);
        let parcel =
            Parcel { id, case: case.id, to, from, request, answers, progress, files, published, reply };
        self.addressed(parcel, &case).await
    }

    async fn request(&self, case: &Case, files: &mut Vec<ParcelFile>) -> Result<RequestParcel, SubmitError> {
        let signature = case.signature.as_ref().ok_or(SubmitError::Unknown)?;
        let content = self.file(&signature.content).await?;
        let shown = shown_of(&content);
        files.push(xml(signature.content.clone(), content));
        files.push(ParcelFile {
            hash: signature.signature.clone(),
            name: "application.p7s".to_owned(),
            media_type: "application/pkcs7-signature".to_owned(),
            bytes: self.file(&signature.signature).await?,
        });
        if let Some(hash) = shown {
            let bytes = self.file(&hash).await?;
            let (name, media_type) = ("application.pdf".to_owned(), "application/pdf".to_owned());
            files.push(ParcelFile { hash, name, media_type, bytes });
        }
        for it in &case.application.attachments {
            files.push(ParcelFile {
                hash: it.file.clone(),
                name: it.name.clone(),
                media_type: it.media_type.clone(),
                bytes: self.file(&it.file).await?,
            });
        }
        let mut application = case.application.clone();
        application.content = Some(signature.content.clone());
        Ok(RequestParcel {
            service: case.service.clone(),
            edition: case.edition.clone(),
            regulation_sha256: case.regulation_sha256.clone(),
            procedure: case.procedure.clone(),
            channel: case.channel,
            number: case.number.clone().ok_or(SubmitError::Unknown)?,
            accepted_at: case.accepted_at.ok_or(SubmitError::Unknown)?,
            received_at: signature.received_at,
            application,
            signature: signature.signature.clone(),
        })
    }

    /// Refuses a parcel about what is not its sender's: an application of another channel or for another body, progress of
    /// a case that came from elsewhere or about another application, a result whose file does not come along.
    async fn check_sender(&self, parcel: &Parcel, case: &Case) -> Result<(), SubmitError> {
        let not_theirs = |why: &str| Err(SubmitError::Unusable(why.to_owned()));
        let side = |channel| match channel {
            Channel::Center => System::Center,
            Channel::Portal | Channel::Provider | Channel::RuralAkim => System::Portal,
        };
        if let Some(request) = &parcel.request {
            if side(request.channel) != parcel.from {
                return not_theirs("the sender takes no applications of this channel");
            }
            if !self.is_a_center(request) {
                return not_theirs("the application names a one-stop-shop that is none");
            }
            if request.application.provider != parcel.to {
                return not_theirs("the application is for another body than the message");
            }
        } else if self.here == System::Region && case.is_open() && side(case.channel) != parcel.from {
            return not_theirs("the case came from another side");
        }
        // Who names no application is believed by the case's id, as all were before it was named.
        let another = |named: &FileHash| signature_of(case).is_some_and(|it| it != named);
        if parcel.answers.as_ref().is_some_and(another) {
            return not_theirs("the message is about another application");
        }
        match &parcel.progress.result {
            Some(result) if !parcel.files.iter().any(|it| it.hash == result.file) => {
                not_theirs("the result does not come along")
            }
            Some(result) => self.check_key_is_free(parcel, &result.check_key).await,
            None => Ok(()),
        }
    }

    /// An application that came in at a one-stop-shop may name it; no other names one.
    fn is_a_center(&self, request: &RequestParcel) -> bool {
        let named = |id: &String| {
            request.channel == Channel::Center
                && self.settings.organization(id).is_some_and(|it| it.system == System::Center)
        };
        request.application.center.as_ref().is_none_or(named)
    }

    /// A result takes no key of the public check that is another paper's.
    async fn check_key_is_free(&self, parcel: &Parcel, key: &str) -> Result<(), SubmitError> {
        let refused = || SubmitError::Unusable("the key of the public check is another paper's".to_owned());
        if key.len() != CHECK_KEY_CHARS
            || !key.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
        {
            return Err(refused());
        }
        let known: Option<Check> = rows::read(&*self.ports.store, tables::CHECKS, key).await?;
        let Some(known) = known else { return Ok(()) };
        let provider = self.load(parcel.case).await?.case.application.provider;
        let same =
            known.provider == provider && Some(&known.number) == parcel.progress.result_number.as_ref();
        if same { Ok(()) } else { Err(refused()) }
    }

    async fn take_in(&self, parcel: Parcel, arrival: Arrival) -> Result<(), SubmitError> {
        let came = Came::of(&parcel, &arrival)?;
        if self.came_before(&came, parcel.case, &arrival).await? {
            return Ok(());
        }
        let known = self.load(parcel.case).await?.case;
        self.check_theirs(&known, &came, (&parcel, &arrival)).await?;
        self.check_sender(&parcel, &known).await?;
        let opener = Opener::of(&arrival);
        for file in parcel.files {
            let kept = self.ports.store.put_file(file.bytes).await?;
            if kept != file.hash {
                return Err(SubmitError::Unusable("a file of the message has another hash".to_owned()));
            }
        }
        let kept = KeptMessage {
            from: parcel.from.as_str().to_owned(),
            file: self.ports.store.put_file(arrival.message).await?,
            question: None,
            judged: Some(self.keep_judged(arrival.judged).await?),
            work: None,
        };
        let mut rows = vec![kept.row_once(&self.evidence_key(&came).await?, parcel.case), came.row()];
        let command = match parcel.request {
            // Sent again by order, though it had arrived: it tells as much as any later message, and was judged when it came.
            Some(request) if !self.is_known(parcel.case, &request).await? => {
                rows.extend(self.judge_request(parcel.case, &request).await?);
                rows.push(opener.row(parcel.case));
                self.open_from(request, parcel.progress.done)
            }
            _ => Command::Remote(Box::new(parcel.progress)),
        };
        let order = Order { id: OrderId(came.order()), case: parcel.case, by: Party::System, command };
        let along = Along::from(rows);
        self.submit_with(std::slice::from_ref(&order), along).await.map(drop)
    }

    /// Says whether this very application opened its case here before.
    async fn is_known(&self, case: CaseId, request: &RequestParcel) -> Result<bool, SubmitError> {
        let case = self.load(case).await?.case;
        Ok(case.is_open()
            && case.channel == request.channel
            && case.number.as_ref() == Some(&request.number)
            && case.application.provider == request.application.provider
            && case.application.signature.as_ref() == Some(&request.signature))
    }

    /// Judges the applicant's own signature here too, for the officials who decide: the act lets the sender check it, so
    /// the verdict is kept beside the case and stops nothing. It is judged for the time at which it came to the portal, which
    /// may lie before its key ended or was revoked. An operator's IIN does not cross the border.
    async fn judge_request(
        &self,
        case: CaseId,
        request: &RequestParcel,
    ) -> Result<Option<RowChange>, SubmitError> {
        let (Channel::Portal, Some(content)) = (request.channel, &request.application.content) else {
            return Ok(None);
        };
        let content = self.file(content).await?;
        let cms = self.file(&request.signature).await?;
        let signatory = Signatory::Person { iin: request.application.iin.clone() };
        let now = self.now();
        let received = request.received_at.min(request.accepted_at).min(now);
        let judging = self.ports.evidence.judge_received((&content, &cms), &signatory, received, now);
        let Ok(judgement) = judging.await else {
            return Ok(None);
        };
        let kept = KeptVerdict { file: self.keep_verdict(&judgement).await?, at: now };
        Ok(Some(RowChange::Put(rows::row(tables::VERDICTS, case.0.to_string(), None, String::new(), &kept))))
    }

    fn open_from(&self, request: RequestParcel, done: Vec<engine::case::Done>) -> Command {
        let mut application = request.application;
        // The account of the other side means nothing here: the person is known by a pseudonym of this store.
        application.applicant = PersonId(self.vault.pseudonym(&application.iin));
        application.signature = Some(request.signature);
        Command::Open {
            service: request.service,
            edition: request.edition,
            regulation_sha256: request.regulation_sha256,
            procedure: request.procedure,
            channel: request.channel,
            application: Box::new(application),
            before: Before::Done(done),
            facts: BTreeMap::new(),
            number: Some(request.number),
            accepted_at: Some(request.accepted_at),
        }
    }
}

/// Returns the signature under the application of a case: one and the same on both sides of the border.
fn signature_of(case: &Case) -> Option<&FileHash> {
    let sent = case.application.signature.as_ref();
    sent.or_else(|| case.signature.as_ref().map(|it| &it.signature))
}

fn xml(hash: FileHash, bytes: Vec<u8>) -> ParcelFile {
    ParcelFile { hash, name: "application.xml".to_owned(), media_type: "application/xml".to_owned(), bytes }
}

#[async_trait]
impl Receive for Service {
    async fn receive(&self, parcel: Parcel, arrival: Arrival) -> Result<(), PortError> {
        // Both hold all of a message: on the heap, not in every caller's future.
        Box::pin(self.take_in(parcel, arrival)).await.map_err(of_port)
    }

    async fn applied(&self, foreign: Foreign, arrival: Arrival) -> Result<(), NotTaken> {
        Box::pin(self.take_foreign(foreign, arrival)).await
    }

    async fn unread(&self, unread: Unread, arrival: Arrival) -> Result<(), PortError> {
        self.unread_foreign(unread, arrival).await.map_err(of_port)
    }

    async fn told(&self, notice: CarrierNotice) -> Result<bool, PortError> {
        self.take_notice(notice).await.map_err(of_port)
    }
}

fn of_port(error: SubmitError) -> PortError {
    match error {
        SubmitError::Unavailable(why) => PortError::Unavailable(why),
        SubmitError::Changed => PortError::Unavailable(error.to_string()),
        SubmitError::Inadmissible(_) | SubmitError::Unknown | SubmitError::Unusable(_) => {
            PortError::Unusable(error.to_string())
        }
    }
}
