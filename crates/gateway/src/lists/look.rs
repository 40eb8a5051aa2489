// SPDX-License-Identifier: MIT OR Apache-2.0
//! A look at one list from outside of the program that keeps it; it changes nothing.

use super::{KeptList, ListFault, disk, fetch};
use crate::source::EvidenceSource;
use eds::crl::Index;
use jiff::Timestamp;
use std::path::Path;

/// How many a list names, and until when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListTerm {
    /// Entries.
    pub entries: usize,
    /// Its end, where it promises one.
    pub until: Option<Timestamp>,
}

impl ListTerm {
    fn of(index: &Index) -> Self {
        Self { entries: index.len(), until: index.next_update() }
    }
}

/// What is to be seen of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// What lies in the folder.
    pub kept: Option<ListTerm>,
    /// What its address answers, and what is amiss with its changes.
    pub answered: Result<(ListTerm, Option<ListFault>), ListFault>,
}

impl KeptList {
    /// Looks at what is kept of it in a folder, and asks its address.
    pub async fn look(&self, folder: &Path, source: &dyn EvidenceSource) -> Looked {
        let kept = disk::load(folder, self).map(|it| ListTerm::of(&it.index));
        let answered = fetch(source, self, None).await.map(|it| (ListTerm::of(&it.index), it.amiss));
        Looked { kept, answered }
    }
}
