// SPDX-License-Identifier: MIT OR Apache-2.0
//! Readings of personal data by officials: each is an event of the reader's stream before the data are shown, and a row by
//! which the case tells who read it.

use crate::access::{Reader, Seat};
use crate::codec::FORMAT;
use crate::codec::access::{AccessEvent, What, encode};
use crate::ports::store::{Append, LIST_MAX, ListQuery, RowChange, StreamId};
use crate::submit::{Along, SubmitError};
use crate::views::{CaseHead, sortable};
use crate::{Service, rows, tables};
use engine::case::{Case, CaseId, FileHash, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
        let query = ListQuery {
            table: tables::ACCESS.to_owned(),
            list: list(case.id),
            after: None,
            descending: true,
            limit: LIST_MAX,
        };
        let found = self.ports.store.list(query).await?;
        Ok(Some(found.iter().filter_map(|it| rows::body(it).ok()).collect()))
    }
}

fn list(case: CaseId) -> String {
    format!("case/{}", case.0)
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
    let encoded = encode(&event);
    Append {
        stream: StreamId(format!("access/{}", seat.person.0)),
        at,
        kind: encoded.kind.to_owned(),
        format: FORMAT,
        public: encoded.public.to_string().into_bytes(),
        private: None,
    }
}
