// SPDX-License-Identifier: MIT OR Apache-2.0
//! Applications of portals that know the published form only, and what their answers repeat.

use super::KeptMessage;
use super::theirs::{ForeignChain, Opener};
use crate::Service;
use crate::board::{KeptNotTaken, not_taken_row, taken_row};
use crate::inbox::Came;
use crate::ports::border::{Arrival, Parcel, ParcelFile};
use crate::ports::foreign::{Foreign, NotTaken, Reply, Unread};
use crate::ports::store::{Append, Built, Commit, CommitError, RowChange, StreamId};
use crate::published::{Asked, asked};
use crate::registers::id_of;
use crate::submit::{Along, SubmitError};
use crate::{rows, tables};
use engine::case::{Case, CaseId, FileHash, PersonId};
use engine::command::OrderId;
use engine::{Before, Command, Inadmissible, Order, Party};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Channel, System};
use serde::Serialize;
use std::collections::BTreeMap;

/// Ids of what came in the published form begin with it.
const PUBLISHED: &str = "published";
/// The stream of what arrived, and of what could not be taken.
const STREAM: &str = "inbox";
/// The kind of the event of an application that was taken.
const TAKEN: &str = "message.taken";
/// The kind of the event of one that was not.
const NOT_TAKEN: &str = "message.not-taken";
/// Their format.
const FORMAT: u16 = 1;
/// How old an application may be when it comes: a gateway is patient for thirty days, and what is older was dated wrongly.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(45 * 24);

/// The open part of both events.
#[derive(Serialize)]
struct Written<'a> {
    message: &'a str,
    sender: &'a str,
    /// The number of the application at the portal.
    number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<CaseId>,
    /// Codes of fields and what is wrong with them; no values.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    /// The signed message, kept.
    envelope: &'a FileHash,
}

/// Which message it is, as people look for it.
struct Named<'a> {
    message: &'a str,
    chain: &'a str,
    number: &'a str,
    /// SHA-256 of what it says: what says the same is kept once.
    content: &'a str,
}

impl Service {
    /// Takes an application in, or says why not; what is refused stands on the administrator's board.
    pub(super) async fn take_foreign(&self, foreign: Foreign, arrival: Arrival) -> Result<(), NotTaken> {
        if self.here != System::Region {
            return Err(NotTaken::Unknown("applications are taken by regions".to_owned()));
        }
        let id = id_of(&[PUBLISHED, "message", &arrival.sender, &foreign.message]);
        // Nobody else can name the case before it is there: portals count their chains.
        let case = self.vault.blind(&[PUBLISHED, "chain", &arrival.sender, &foreign.chain]);
        let case = CaseId(id_of(&[&case]));
        let arrived = Came::said(&foreign, (id, &foreign.message), &arrival).map_err(not_taken)?;
        let taken = match self.came_before(&arrived, case, &arrival).await.map_err(not_taken) {
            Ok(true) => return Ok(()),
            Ok(false) => self.open_foreign((case, &arrived), &foreign, &arrival).await,
            Err(refused) => Err(refused),
        };
        if let Err(refused @ (NotTaken::Unknown(_) | NotTaken::Unusable(_))) = &taken {
            let named = Named {
                message: &foreign.message,
                chain: &foreign.chain,
                number: &foreign.request,
                content: arrived.content(),
            };
            self.write_down_refused(&named, arrival, refused).await.map_err(not_taken)?;
        }
        taken
    }

    /// Writes down what could not even be read as an application.
    pub(super) async fn unread_foreign(&self, unread: Unread, arrival: Arrival) -> Result<(), SubmitError> {
        let content = hex::encode(eds::sha256(&arrival.message));
        // What has no id of its own is known by what it is.
        let message = unread.message.unwrap_or_else(|| content.clone());
        let chain = unread.chain.unwrap_or_else(|| format!("message/{message}"));
        let number = unread.number.unwrap_or_default();
        let named = Named { message: &message, chain: &chain, number: &number, content: &content };
        self.write_down_refused(&named, arrival, &NotTaken::Unusable(unread.why)).await
    }

    async fn open_foreign(
        &self,
        (case, arrived): (CaseId, &Came),
        foreign: &Foreign,
        arrival: &Arrival,
    ) -> Result<(), NotTaken> {
        let said = digest(foreign).map_err(not_taken)?;
        let known = self.load(case).await.map_err(not_taken)?.case;
        if known.is_open() {
            let opener = Opener::read(&*self.ports.store, case).await.map_err(not_taken)?;
            let chain = opener.filter(|it| it.sender == arrival.sender).and_then(|it| it.foreign);
            if chain.is_none_or(|it| it.said != said) {
                return Err(NotTaken::Unusable("the chain has another application already".to_owned()));
            }
            // The same application under another id of a message: it is kept, and nothing else comes of it.
            let along = self.along_foreign((case, arrived), foreign, arrival).await.map_err(not_taken)?;
            return self.put_along(along).await.map_err(not_taken);
        }
        let accepted_at = self.accepted(foreign.sent_at)?;
        let asked = asked(&self.settings, foreign, crate::local_date(accepted_at))?;
        let chain = ForeignChain {
            message: foreign.message.clone(),
            chain: foreign.chain.clone(),
            request: foreign.request.clone(),
            client_key: foreign.client_key.clone(),
            service_code: asked.service_code.clone(),
            result: asked.form.result.clone(),
            interim: asked.form.interim,
            said,
            presupposed: asked.presupposed.clone(),
        };
        let opener = Opener { foreign: Some(chain), ..Opener::of(arrival) };
        let mut along = self.along_foreign((case, arrived), foreign, arrival).await.map_err(not_taken)?;
        along.rows.push(opener.row(case));
        // What was refused in this chain is taken now.
        let gone = taken_row(&*self.ports.store, &arrival.sender, &foreign.chain).await;
        along.rows.extend(gone.map_err(|it| not_taken(it.into()))?);
        let command = self.open_asked(foreign, asked, accepted_at).await.map_err(not_taken)?;
        let order = Order { id: OrderId(arrived.order()), case, by: Party::System, command };
        let submitted = self.submit_with(std::slice::from_ref(&order), along).await;
        submitted.map(drop).map_err(not_opened)
    }

    /// Returns when the documents count as accepted: when they were sent, but nothing was accepted in what is the future here.
    fn accepted(&self, sent_at: Timestamp) -> Result<Timestamp, NotTaken> {
        let now = self.now();
        if now.duration_since(sent_at) > AGE_MAX {
            return Err(NotTaken::Unusable("the date of the message lies too far back".to_owned()));
        }
        Ok(sent_at.min(now))
    }

    /// Returns what is written down of a message in the transaction that takes it in.
    async fn along_foreign(
        &self,
        (case, arrived): (CaseId, &Came),
        foreign: &Foreign,
        arrival: &Arrival,
    ) -> Result<Along, SubmitError> {
        let kept = self.kept_foreign(arrival).await?;
        let written = Written {
            message: &foreign.message,
            sender: &arrival.sender,
            number: &foreign.request,
            case: Some(case),
            why: None,
            envelope: &kept.file,
        };
        let event = self.event(TAKEN, &written);
        let key = self.evidence_key(arrived).await?;
        let rows = vec![kept.row_once(&key, case), arrived.row()];
        Ok(Along { rows, appends: vec![event], ..Along::default() })
    }

    async fn kept_foreign(&self, arrival: &Arrival) -> Result<KeptMessage, SubmitError> {
        Ok(KeptMessage {
            from: System::Portal.as_str().to_owned(),
            file: self.ports.store.put_file(arrival.message.clone()).await?,
            question: None,
            judged: Some(self.keep_judged(arrival.judged.clone()).await?),
            work: None,
        })
    }

    fn event(&self, kind: &str, written: &Written<'_>) -> Append {
        Append {
            stream: StreamId(STREAM.to_owned()),
            at: self.now(),
            kind: kind.to_owned(),
            format: FORMAT,
            public: serde_json::to_vec(written).unwrap_or_default(),
            private: None,
        }
    }

    /// Keeps the files of an application and returns the order that opens its case.
    async fn open_asked(
        &self,
        foreign: &Foreign,
        asked: Asked<'_>,
        accepted_at: Timestamp,
    ) -> Result<Command, SubmitError> {
        let Asked { regulation, procedure, mut application, files, .. } = asked;
        for (file, attachment) in files.into_iter().zip(&application.attachments) {
            if self.ports.store.put_file(file).await? != attachment.file {
                return Err(SubmitError::Unavailable("a file was kept as another".to_owned()));
            }
        }
        application.applicant = PersonId(self.vault.pseudonym(&application.iin));
        application.content = Some(self.ports.store.put_file(foreign.form.clone()).await?);
        Ok(Command::Open {
            service: regulation.service.clone(),
            edition: regulation.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: procedure.id.clone(),
            channel: Channel::Portal,
            application: Box::new(application),
            before: Before::Sent { at: accepted_at },
            facts: BTreeMap::new(),
            number: Some(foreign.request.clone()),
            accepted_at: Some(accepted_at),
        })
    }

    /// Writes down what was refused, each reason once however often the message comes, and puts it on the board.
    async fn write_down_refused(
        &self,
        named: &Named<'_>,
        arrival: Arrival,
        refused: &NotTaken,
    ) -> Result<(), SubmitError> {
        let (sender, why, at) = (arrival.sender.clone(), refused.to_string(), self.now());
        let Named { message, chain, number, content } = *named;
        tracing::error!(message.id = message, sender, "an application in the published form is not taken");
        let order = id_of(&[NOT_TAKEN, &sender, message, &why, content]);
        // What is brought again for days is kept once.
        if self.ports.store.answer(order).await?.is_none() {
            let kept = self.kept_foreign(&arrival).await?;
            let (case, why) = (None, Some(why.as_str()));
            let written = Written { message, sender: &sender, number, case, why, envelope: &kept.file };
            let event = self.event(NOT_TAKEN, &written);
            let key = self.refused_key(&format!("{sender}/{message}"), content).await?;
            let row = rows::row(tables::MESSAGES, key, Some(STREAM.to_owned()), String::new(), &kept);
            let commit = Commit {
                order: Some(order),
                stream: None,
                numbers: Vec::new(),
                appends: vec![event],
                build: Box::new(move |_| Built { rows: vec![RowChange::Put(row)], ..Built::default() }),
                at,
            };
            match self.ports.store.commit(commit).await {
                Ok(_) | Err(CommitError::Repeated(_)) => {}
                Err(failed) => return Err(SubmitError::Unavailable(failed.to_string())),
            }
        }
        let kept = KeptNotTaken {
            sender,
            chain: chain.to_owned(),
            number: number.to_owned(),
            message: message.to_owned(),
            unknown: matches!(refused, NotTaken::Unknown(_)),
            words: why,
        };
        let row = not_taken_row(&*self.ports.store, kept, at).await?;
        self.put(vec![row]).await
    }

    /// Returns the key under which a refused message is kept: its sender's and its id, with its content where another lies there.
    async fn refused_key(&self, key: &str, content: &str) -> Result<String, SubmitError> {
        let taken = self.ports.store.row(tables::MESSAGES, key).await?.is_some();
        Ok(if taken { format!("{key}/{content}") } else { key.to_owned() })
    }

    /// Turns what is told of a case into the answer to a portal that knows the published form only; `None` where that portal
    /// takes no answer before the end.
    pub(super) async fn addressed(
        &self,
        mut parcel: Parcel,
        case: &Case,
    ) -> Result<Option<Parcel>, SubmitError> {
        if self.here != System::Region {
            return Ok(Some(parcel));
        }
        let Some(opener) = Opener::read(&*self.ports.store, case.id).await? else { return Ok(Some(parcel)) };
        let Some(chain) = opener.foreign else { return Ok(Some(parcel)) };
        if case.end.is_none() && !chain.interim {
            return Ok(None);
        }
        parcel.to = opener.sender;
        parcel.files = self.papers_of(case).await?;
        parcel.reply = Some(Reply {
            chain: chain.chain,
            request: chain.request,
            client_key: chain.client_key,
            iin: case.application.iin.clone(),
            // Running cases are answered as they arrived, whatever the tables say of new ones.
            result: chain.result,
            words: self.settings.published.words.clone(),
        });
        Ok(Some(parcel))
    }

    /// Returns the electronic papers of a case: such a portal keeps none, so each answer brings all. The scan of a paper signed by
    /// hand is none: the paper itself is given at the office.
    async fn papers_of(&self, case: &Case) -> Result<Vec<ParcelFile>, SubmitError> {
        let mut papers = Vec::new();
        for (number, result) in case.results().filter(|(_, it)| it.on_paper.is_none()) {
            papers.push(ParcelFile {
                hash: result.file.clone(),
                name: format!("{}.pdf", number.unwrap_or("result")),
                media_type: "application/pdf".to_owned(),
                bytes: self.file(&result.file).await?,
            });
        }
        Ok(papers)
    }
}

/// Returns the digest of an application as the portal told it, whatever message brings it.
fn digest(foreign: &Foreign) -> Result<String, SubmitError> {
    let unwritable = |_| SubmitError::Unusable("an application cannot be written down".to_owned());
    let mut told = serde_json::to_value(foreign).map_err(unwritable)?;
    if let Some(told) = told.as_object_mut() {
        told.remove("message");
    }
    Ok(hex::encode(eds::sha256(told.to_string().as_bytes())))
}

fn not_taken(error: SubmitError) -> NotTaken {
    match error {
        // That something kept here cannot be read is no fault of who sends.
        SubmitError::Unavailable(why) => NotTaken::Later(why),
        SubmitError::Changed => NotTaken::Later(error.to_string()),
        SubmitError::Unknown | SubmitError::Inadmissible(_) => NotTaken::Unknown(error.to_string()),
        SubmitError::Unusable(why) => NotTaken::Unusable(why),
    }
}

/// The form itself was checked before: what is inadmissible then is so by the regulation or the orders of the body.
fn not_opened(error: SubmitError) -> NotTaken {
    // Another message of the chain was faster: which application it brought is looked at anew.
    if error == SubmitError::Inadmissible(Inadmissible::AlreadyOpen) {
        return NotTaken::Later(error.to_string());
    }
    not_taken(error)
}
