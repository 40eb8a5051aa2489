// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list fetched from its address, and verified before anything else.

use super::beside::beside;
use super::{KeptList, LIST_SECONDS_MAX, ListFault, WHOLE_BYTES_MAX};
use crate::source::EvidenceSource;
use eds::Certificate;
use eds::crl::Index;
use jiff::Timestamp;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A list that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) index: Index,
    /// The lists themselves, as far as they are at hand, DER.
    pub(super) lists: Vec<Vec<u8>>,
    /// Why it is without its newest changes, or without its newest list.
    pub(super) amiss: Option<ListFault>,
}

impl Read {
    /// Returns whether its lists are all at hand and short enough to lie whole with each act that they decide.
    pub(super) fn is_short(&self) -> bool {
        self.lists.len() == self.index.sha256_hex().len()
            && self.lists.iter().map(Vec::len).sum::<usize>() <= WHOLE_BYTES_MAX
    }

    /// Lays changes over, in place of those that it has.
    fn lay_over(&mut self, changes: Vec<u8>, authority: &Certificate) -> Result<(), ListFault> {
        self.index.lay_over(&changes, authority).map_err(ListFault::ChangesRefused)?;
        // The full list is the first, where it is at hand.
        self.lists.truncate(1);
        self.lists.push(der(changes));
        Ok(())
    }
}

/// What is kept of a list when it is fetched anew.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) index: Arc<Index>,
    /// The lists themselves, where they are short.
    pub(super) whole: Vec<Vec<u8>>,
    /// Where its changes lie on the disk, where it has any.
    pub(super) changes: Option<PathBuf>,
}

impl Before {
    /// Returns what is to be built on: what was fetched, with the changes that are kept where they are later, or what is kept,
    /// where what was fetched knows less. Whoever repeats an old list, a cache perhaps, takes no revocation away.
    fn or_later(self, mut fetched: Read, authority: &Certificate) -> Read {
        if !is_earlier(&place(&fetched.index), &place(&self.index)) {
            return fetched;
        }
        // Of two full lists that the same changes fit, the one that ends first is the earlier.
        let outlives = fetched.index.full_next_update() >= self.index.full_next_update();
        let changes = if outlives { self.changes() } else { None };
        if changes.is_some_and(|it| fetched.lay_over(it, authority).is_ok()) {
            return fetched;
        }
        let mut lists = self.whole;
        lists.truncate(1);
        Read { index: Arc::unwrap_or_clone(self.index), lists, amiss: Some(ListFault::Earlier) }
    }

    fn changes(&self) -> Option<Vec<u8>> {
        let at_hand = self.whole.get(1).cloned();
        at_hand.or_else(|| self.changes.as_ref().and_then(|it| std::fs::read(it).ok()))
    }
}

/// The place of a list among those of its authority: its number in hexadecimal, and when it was made.
type Place = (Option<String>, Timestamp);

/// Returns the place of the newest of the lists.
fn place(index: &Index) -> Place {
    (index.number_hex(), index.this_update())
}

/// Returns whether a list comes before another one: by its number, or by its time where one of them has no number.
fn is_earlier(own: &Place, other: &Place) -> bool {
    match (&own.0, &other.0) {
        // Numbers are written without leading zeros.
        (Some(number), Some(kept)) => (number.len(), number) < (kept.len(), kept),
        _ => own.1 < other.1,
    }
}

/// Fetches a list and its changes, and reads them; nothing of what was known before is lost by it.
pub(super) async fn fetch(
    source: &dyn EvidenceSource,
    list: &KeptList,
    before: Option<Before>,
) -> Result<Read, ListFault> {
    let bytes = in_long_time(source.crl(&list.url)).await.ok_or(ListFault::Silent)?;
    let changes = match &list.changes_url {
        Some(url) => Some(in_long_time(source.crl(url)).await.ok_or(ListFault::ChangesSilent)),
        None => None,
    };
    let authority = list.authority.clone();
    let work = move || read(bytes, changes, before, &authority);
    // Away from the threads that answer people.
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(ListFault::BrokenOff))
}

/// Verifies and indexes; the signature of the full list, which may be long, beside its entries.
fn read(
    bytes: Vec<u8>,
    changes: Option<Result<Vec<u8>, ListFault>>,
    before: Option<Before>,
    authority: &Certificate,
) -> Result<Read, ListFault> {
    let index = Index::read_beside(&bytes, authority, beside).map_err(ListFault::Refused)?;
    let fetched = Read { index, lists: vec![der(bytes)], amiss: None };
    let mut read = match before {
        Some(before) => before.or_later(fetched, authority),
        None => fetched,
    };
    let laid = changes.map(|it| it.and_then(|it| read.lay_over(it, authority)));
    match (laid, read.amiss) {
        (Some(Ok(())), _) | (None, None) => Ok(read),
        // Neither the list nor its changes are later than what is kept.
        (None | Some(Err(_)), Some(earlier)) => Err(earlier),
        (Some(Err(fault)), None) => Ok(Read { amiss: Some(fault), ..read }),
    }
}

/// Returns the list in DER, of which its hash is: an address may give PEM.
pub(super) fn der(mut bytes: Vec<u8>) -> Vec<u8> {
    let (length, decoded) = match eds::asn1::from_pem(&bytes) {
        Ok(Cow::Owned(der)) => (0, Some(der)),
        Ok(Cow::Borrowed(der)) => (der.len(), None),
        Err(_) => (bytes.len(), None),
    };
    bytes.truncate(length);
    decoded.unwrap_or(bytes)
}

pub(super) async fn in_long_time(answer: impl Future<Output = Option<Vec<u8>>> + Send) -> Option<Vec<u8>> {
    tokio::time::timeout(Duration::from_secs(LIST_SECONDS_MAX), answer).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_before_another_one_by_its_number_or_else_by_its_time() {
        let place = |number: Option<&str>, made: &str| -> Place {
            (number.map(str::to_owned), made.parse().unwrap())
        };
        let (early, late) = ("2026-11-21T05:00:00Z", "2026-11-21T06:00:00Z");
        for (own, other, expected) in [
            (place(Some("09"), late), place(Some("0a"), early), true),
            (place(Some("ff"), late), place(Some("0100"), early), true),
            (place(Some("0100"), early), place(Some("ff"), late), false),
            (place(Some("0a"), early), place(Some("0a"), late), false),
            (place(None, early), place(None, late), true),
            (place(None, late), place(None, late), false),
            (place(Some("0a"), early), place(None, late), true),
            (place(None, late), place(Some("0a"), early), false),
        ] {
            assert_eq!(is_earlier(&own, &other), expected, "{own:?} {other:?}");
        }
    }

    #[test]
    fn a_list_is_hashed_and_kept_without_what_programs_write_around_it() {
        let list = vec![0x30, 3, 2, 1, 5];
        assert_eq!(der(list.clone()), list);
        assert_eq!(der(b"0\x03\x02\x01\x05\r\n".to_vec()), list);
        assert_eq!(der(b"-----BEGIN X509 CRL-----\nMAMCAQU=\n-----END X509 CRL-----\n".to_vec()), list);
    }
}
