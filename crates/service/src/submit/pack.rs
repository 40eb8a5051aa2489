// SPDX-License-Identifier: MIT OR Apache-2.0
//! From an outcome to one commit: events encoded and sealed, numbers asked for, views and work beside them.

use super::{Along, Loaded, SubmitError, Submitted};
use crate::journals::{self, Bodies};
use crate::ports::store::{Built, Commit, OutboxRow, RowChange, Sealed, StoredEvent, StreamId};
use crate::views::{self, Viewed};
use crate::work::{Task, Work};
use crate::{Service, codec, originals};
use engine::case::Case;
use engine::event::Series;
use engine::{Effect, Event, Outcome};
use jiff::Timestamp;
use regulation::model::{NoticeKind, Regulation, System};
use std::collections::VecDeque;
use uuid::Uuid;

/// An event whose personal part is sealed already; its number may still be missing.
struct Prepared {
    event: Event,
    private: Option<Sealed>,
}

/// How the numbers of an order look.
#[derive(Debug, Clone)]
struct Numbering {
    kato: String,
    /// What stands before the serial of a result: the code of its signer's body, and the body's index.
    result: (String, String),
    bodies: Bodies,
    /// Whether the journals of bodies are kept here.
    journals: bool,
    /// The body whose register of transfer is written here.
    transfers: String,
    year: i16,
    letter: char,
}

impl Numbering {
    fn series(&self, series: Series) -> String {
        match series {
            Series::Application => format!("application/{}/{}/{}", self.letter, self.kato, self.year),
            Series::Incoming => format!("incoming/{}/{}", self.bodies.provider, self.year),
            Series::Result => format!("result/{}/{}", self.bodies.signer, self.year),
            Series::AkimIncoming => format!("incoming/{}/{}", self.bodies.akim, self.year),
            Series::Letter => format!("outgoing/{}/{}", self.bodies.akim, self.year),
        }
    }

    fn print(&self, series: Series, serial: u64) -> String {
        match series {
            Series::Application => format!("{}-{}-{}{serial:06}", self.kato, self.year, self.letter),
            Series::Incoming | Series::AkimIncoming | Series::Letter => {
                format!("{}-{serial:05}", self.year)
            }
            Series::Result => {
                let (kato, index) = &self.result;
                format!("{kato}-{}-{index}{serial:05}", self.year)
            }
        }
    }
}

impl Service {
    /// Returns the commit of what was decided.
    pub(super) async fn pack(
        &self,
        loaded: &Loaded,
        regulation: &Regulation,
        (staged, outcome): (Case, Outcome),
        (order, along, now): (Uuid, &Along, Timestamp),
    ) -> Result<Commit, SubmitError> {
        let owner = Self::owner_key(&staged);
        let entered = self.entries_by_result(&staged, regulation, &outcome.events, now).await?;
        let given = self.mark_given((&staged, loaded.case.result_number.as_ref()), &outcome.events).await?;
        let taken = self.taken_archived_later(&staged, regulation, &outcome.events).await?;
        let mut prepared = Vec::with_capacity(outcome.events.len());
        for event in outcome.events {
            let private = match codec::encode(&event).private {
                Some(part) => Some(self.vault.seal(&owner, part.to_string().as_bytes()).await?),
                None => None,
            };
            prepared.push(Prepared { event, private });
        }
        let numbering = self.numbering(regulation, &staged, now);
        let missing: Vec<Series> = prepared.iter().filter_map(|it| lacks_number(&it.event)).collect();
        let numbers = missing.iter().map(|it| numbering.series(*it)).collect();
        let expected = loaded.case.version;
        let rest = Rest {
            numbering,
            missing,
            viewed: self.view(&staged, regulation, &owner, now).await?,
            rows: along.rows.iter().chain(&entered.rows).chain(&taken.rows).chain(&given).cloned().collect(),
            notices: self.notices(&outcome.effects),
            outbox: [self.outbox(&staged, &outcome.effects, along, now), along.outbox.clone(), taken.outbox]
                .concat(),
        };
        let stream = Self::stream(staged.id);
        let chain = Chain { stream: stream.clone(), version: expected, last: loaded.last, now };
        let build = Box::new(move |given: &[u64]| build(chain, prepared, staged, rest, given));
        let appends = [along.appends.as_slice(), &entered.appends].concat();
        Ok(Commit { order: Some(order), stream: Some((stream, expected)), numbers, appends, build, at: now })
    }

    /// Returns the key under which a case's personal parts are sealed.
    pub(crate) fn owner_key(case: &Case) -> String {
        case.application.applicant.0.clone()
    }

    fn numbering(&self, regulation: &Regulation, case: &Case, now: Timestamp) -> Numbering {
        let provider = case.application.provider.clone();
        let current = case.current().and_then(|it| regulation.part(&it.part));
        // A number of a result is given where its signer sits: the case stands at his part.
        let signer = current.and_then(|(_, _, part)| part.actor_in(case.channel));
        let signer = signer.map_or_else(|| provider.clone(), |it| views::body_of(case, it).to_owned());
        let organization = |id: &str| self.settings.organization(id);
        let result = organization(&signer).map(|it| (it.kato.clone(), it.index.clone()));
        Numbering {
            kato: organization(&provider).map(|it| it.kato.clone()).unwrap_or_default(),
            result: result.unwrap_or_default(),
            bodies: Bodies {
                akim: case.application.akim.clone().unwrap_or_else(|| provider.clone()),
                provider,
                signer,
            },
            journals: self.here == System::Region,
            transfers: self.register_of_transfer(case),
            year: crate::local_date(now).year(),
            letter: match self.here {
                System::Portal => 'P',
                System::Center => 'C',
                System::Region | System::Gateway | System::GbdFl | System::Enis => 'R',
            },
        }
    }

    fn notices(&self, effects: &[Effect]) -> Vec<(Uuid, NoticeKind)> {
        effects
            .iter()
            .filter_map(|effect| {
                let Effect::Notice { kind } = effect else { return None };
                Some((self.ports.clock.uuid(), *kind))
            })
            .collect()
    }

    fn outbox(&self, case: &Case, effects: &[Effect], along: &Along, now: Timestamp) -> Vec<OutboxRow> {
        effects
            .iter()
            .filter_map(|effect| {
                let id = self.ports.clock.uuid();
                let mut work = Work::of(case.id, case.version, effect)?;
                if let Task::AskRegister { why, .. } = &mut work.task {
                    why.clone_from(&along.why);
                }
                Some(OutboxRow {
                    id,
                    lane: work.lane(id),
                    kind: work.kind().to_owned(),
                    payload: serde_json::to_vec(&work).unwrap_or_default(),
                    not_before: Work::not_before(effect, now),
                })
            })
            .collect()
    }
}

struct Chain {
    stream: StreamId,
    version: u64,
    last: [u8; 32],
    now: Timestamp,
}

struct Rest {
    numbering: Numbering,
    missing: Vec<Series>,
    viewed: Viewed,
    rows: Vec<RowChange>,
    notices: Vec<(Uuid, NoticeKind)>,
    outbox: Vec<OutboxRow>,
}

fn lacks_number(event: &Event) -> Option<Series> {
    let Event::Numbered { series, number, .. } = event else { return None };
    number.is_empty().then_some(*series)
}

fn build(mut chain: Chain, prepared: Vec<Prepared>, mut case: Case, mut rest: Rest, given: &[u64]) -> Built {
    let mut numbers: VecDeque<String> = rest
        .missing
        .iter()
        .zip(given)
        .map(|(series, serial)| rest.numbering.print(*series, *serial))
        .collect();
    let mut events = Vec::with_capacity(prepared.len());
    for mut it in prepared {
        if lacks_number(&it.event).is_some() {
            if let (Event::Numbered { number, .. }, Some(given)) = (&mut it.event, numbers.pop_front()) {
                *number = given;
            }
            // INVARIANT: the event was counted when it was staged without its number.
            let version = case.version;
            engine::apply(&mut case, &it.event);
            case.version = version;
        }
        if rest.numbering.journals {
            rest.rows.extend(journals::entry(&it.event, &rest.numbering.bodies, case.id));
        }
        rest.rows.extend(originals::entry(&it.event, &rest.numbering.transfers, case.id));
        events.push(chain.link(&it.event, it.private));
    }
    rest.rows.extend(views::rows(&case, &rest.viewed));
    rest.rows.extend(rest.notices.iter().map(|(id, kind)| views::notice(&case, *id, *kind, chain.now)));
    let answer = Submitted {
        case: case.id,
        number: case.number.clone(),
        part: case.current().map(|it| it.part.clone()),
        end: case.end.as_ref().map(|(end, _)| *end),
        repeated: false,
    };
    Built {
        events,
        rows: rest.rows,
        outbox: rest.outbox,
        answer: serde_json::to_vec(&answer).unwrap_or_default(),
    }
}

impl Chain {
    fn link(&mut self, event: &Event, private: Option<Sealed>) -> StoredEvent {
        let encoded = codec::encode(event);
        self.version += 1;
        let mut stored = StoredEvent {
            stream: self.stream.clone(),
            version: self.version,
            at: self.now,
            kind: encoded.kind.to_owned(),
            format: codec::FORMAT,
            public: encoded.public.to_string().into_bytes(),
            private,
            previous: self.last,
            hash: [0; 32],
        };
        stored.hash = codec::hash_of(&stored);
        self.last = stored.hash;
        stored
    }
}
