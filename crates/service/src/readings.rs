// SPDX-License-Identifier: MIT OR Apache-2.0
//! Readings of personal data by officials: each is an event of the reader's stream before the data are shown, and a row by
//! which the case tells who read it.

use crate::access::{Reader, Seat};
use crate::codec::Encoded;
use crate::codec::FORMAT;
use crate::codec::access::{AccessEvent, RegisterRead, What, encode, encode_register};
use crate::ports::store::{Append, LIST_MAX, ListQuery, RowChange, StreamId};
use crate::submit::{Along, SubmitError};
use crate::views::{CaseHead, sortable};
use crate::{Service, rows, tables};
use engine::case::{Case, CaseId, FileHash, PersonId};
use jiff::Timestamp;
use regulation::model::RegisterId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A reading of a case's personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Who, by seat.
    pub who: PersonId,
    /// The organisation.
    pub organization: String,
    /// What; of a list only the last reading of each reader is kept as a row, all of them in his stream.
    pub what: What,
    /// When.
    pub at: Timestamp,
}

impl Service {
    /// Records that an official reads a case or a file of it.
    pub(crate) async fn record(
        &self,
        seat: &Seat,
        case: CaseId,
        (what, file): (What, Option<&FileHash>),
    ) -> Result<(), SubmitError> {
        let (at, key) = (self.now(), self.uuid().to_string());
        let row = row(seat, case, (key, what), at);
        let append = append(seat, &[case], (what, file), at);
        self.put_along(Along { rows: vec![row], appends: vec![append], ..Along::default() }).await
    }

    /// Records that an official reads a list: one event that names its rows. An empty list tells nothing.
    pub(crate) async fn record_list<'a>(
        &self,
        seat: &Seat,
        what: What,
        heads: impl Iterator<Item = &'a CaseHead>,
    ) -> Result<(), SubmitError> {
        let cases: Vec<CaseId> = heads.map(|it| it.case).collect();
        if cases.is_empty() {
            return Ok(());
        }
        let at = self.now();
        let key = |case: &CaseId| format!("{}/{}/{what:?}", case.0, seat.person.0);
        let rows = cases.iter().map(|case| row(seat, *case, (key(case), what), at)).collect();
        self.put_along(Along {
            rows,
            appends: vec![append(seat, &cases, (what, None), at)],
            ..Along::default()
        })
        .await
    }

    /// Records that an official reads entries of a register, or sought somebody in it by number, found or not. A list without
    /// entries, and nobody sought, tells nothing.
    pub(crate) async fn record_register(
        &self,
        seat: &Seat,
        register: &RegisterId,
        (what, entries, sought): (What, &[Uuid], Option<String>),
    ) -> Result<(), SubmitError> {
        if entries.is_empty() && sought.is_none() {
            return Ok(());
        }
        let at = self.now();
        let row = |entry: &Uuid| {
            // Of a list the last reading of each reader is kept, of a page every one.
            let listed = what == What::Register;
            let key = if listed { format!("{entry}/{}", seat.person.0) } else { self.uuid().to_string() };
            let (who, organization) = (seat.person.clone(), seat.organization.clone());
            let body = Reading { who, organization, what, at };
            RowChange::Put(rows::row(tables::ACCESS, key, Some(entry_list(*entry)), sortable(at), &body))
        };
        let rows = entries.iter().map(row).collect();
        let event = RegisterRead {
            reader: seat.person.clone(),
            organization: seat.organization.clone(),
            capacity: seat.actors.clone(),
            what,
            register: register.clone(),
            entries: entries.to_vec(),
            sought,
        };
        let appends = vec![in_stream(seat, &encode_register(&event), at)];
        self.put_along(Along { rows, appends, ..Along::default() }).await
    }

    /// Returns who read an entry of a register, the latest first, at most [`LIST_MAX`]: to the head of the body.
    pub(crate) async fn entry_readings(
        &self,
        seat: &Seat,
        entry: Uuid,
    ) -> Result<Option<Vec<Reading>>, SubmitError> {
        if !Reader::Official(seat).sees_readings() {
            return Ok(None);
        }
        self.readings(entry_list(entry)).await.map(Some)
    }

    async fn readings(&self, list: String) -> Result<Vec<Reading>, SubmitError> {
        let query = ListQuery {
            table: tables::ACCESS.to_owned(),
            list,
            after: None,
            descending: true,
            limit: LIST_MAX,
        };
        let found = self.ports.store.list(query).await?;
        Ok(found.iter().filter_map(|it| rows::body(it).ok()).collect())
    }

    /// Returns who read a case here, the latest first, at most [`LIST_MAX`]: to the applicant and to the head of the body;
    /// to others nothing.
    pub async fn case_readings(
        &self,
        reader: &Reader<'_>,
        case: &Case,
    ) -> Result<Option<Vec<Reading>>, SubmitError> {
        if !reader.sees_readings() {
            return Ok(None);
        }
        self.readings(list(case.id)).await.map(Some)
    }
}

fn list(case: CaseId) -> String {
    format!("case/{}", case.0)
}

fn entry_list(entry: Uuid) -> String {
    format!("entry/{entry}")
}

fn row(seat: &Seat, case: CaseId, (key, what): (String, What), at: Timestamp) -> RowChange {
    let (who, organization) = (seat.person.clone(), seat.organization.clone());
    let body = Reading { who, organization, what, at };
    RowChange::Put(rows::row(tables::ACCESS, key, Some(list(case)), sortable(at), &body))
}

fn append(seat: &Seat, cases: &[CaseId], (what, file): (What, Option<&FileHash>), at: Timestamp) -> Append {
    let event = AccessEvent {
        reader: seat.person.clone(),
        organization: seat.organization.clone(),
        capacity: seat.actors.clone(),
        what,
        file: file.cloned(),
        cases: cases.to_vec(),
    };
    in_stream(seat, &encode(&event), at)
}

/// Returns an event for the end of a reader's stream.
fn in_stream(seat: &Seat, encoded: &Encoded, at: Timestamp) -> Append {
    Append {
        stream: StreamId(format!("access/{}", seat.person.0)),
        at,
        kind: encoded.kind.to_owned(),
        format: FORMAT,
        public: encoded.public.to_string().into_bytes(),
        private: None,
    }
}
