// SPDX-License-Identifier: MIT OR Apache-2.0
//! Entries of a list, 28 bytes each, sorted by serial number: what is looked up is never parsed again.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::IndexFault;
use crate::asn1::{Asn1Error, ENUMERATED, Element, INTEGER, Reader, SEQUENCE, clock};
use crate::certificate::extension_parts;
use crate::oids;
use crate::revocation::HOLD;

/// Entries of one list.
pub const ENTRIES_MAX: usize = 4_000_000;
/// Contents of a serial number: twenty octets (RFC 5280) and a zero before them.
pub const SERIAL_BYTES_MAX: usize = 21;
/// Extensions of an entry.
const EXTENSIONS_MAX: usize = 32;
/// Length of the serial number, then the serial number.
const KEY_BYTES: usize = 1 + SERIAL_BYTES_MAX;
const TIME_BYTES: usize = 5;
pub(super) const ENTRY_BYTES: usize = KEY_BYTES + TIME_BYTES + 1;
/// Added to seconds since 1970, so that times sort as unsigned numbers.
const TIME_SHIFT: i64 = 1 << 39;
/// Reason `removeFromCRL`, in lists of changes.
pub(crate) const REMOVED: u8 = 8;
/// Largest reason of RFC 5280.
const REASON_MAX: u8 = 10;
/// A reason, not critical, up to its value: all that stands in the extensions of most entries.
const REASON_ALONE: [u8; 11] = [0x30, 10, 0x06, 3, 0x55, 0x1d, 0x15, 0x04, 3, ENUMERATED, 1];
/// Stands for the absence of a reason.
const NO_REASON: u8 = 0xff;
/// Stands for a critical extension that is not understood: the entry says nothing sure.
const NOT_UNDERSTOOD: u8 = 0xfe;

/// A serial number, since when it is revoked and why; ordered by serial number, then time.
pub(super) type Entry = [u8; ENTRY_BYTES];

/// What a list says about one serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Nothing.
    Absent,
    /// It was taken off the list.
    Removed,
    /// It is revoked since this time, for this reason.
    Since(Timestamp, Option<u8>),
    /// Something that is not understood.
    NotUnderstood,
}

/// Sorted entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Entries(Vec<Entry>);

impl Entries {
    /// Reads the contents of `revokedCertificates` in two passes: the first counts, so that nothing grows.
    pub(super) fn read(contents: &[u8]) -> Result<Self, IndexFault> {
        let mut count = 0;
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            reader.take(SEQUENCE)?;
            count += 1;
        }
        if count > ENTRIES_MAX {
            return Err(IndexFault::TooLarge);
        }
        let mut entries = Vec::with_capacity(count);
        let mut reader = Reader::new(contents);
        while !reader.is_empty() {
            let listed = Listed::parse(reader.take(SEQUENCE)?)?;
            entries.push(listed.pack().ok_or(IndexFault::SerialTooLong)?);
        }
        entries.sort_unstable_by(compare);
        Ok(Self(entries))
    }

    /// Returns the entries of a file, which must be sorted.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, IndexFault> {
        let (entries, rest) = bytes.as_chunks::<ENTRY_BYTES>();
        if rest.is_empty() && entries.is_sorted() {
            Ok(Self(entries.to_vec()))
        } else {
            Err(IndexFault::Malformed)
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether one of them says something that is not understood.
    pub(super) fn are_strange(&self) -> bool {
        self.0.iter().any(|entry| entry.last() == Some(&NOT_UNDERSTOOD))
    }

    /// Returns what the entries of this serial number say together.
    pub(super) fn find(&self, serial: &[u8]) -> Word {
        let Some(wanted) = key(serial) else { return Word::Absent };
        let (head, tail) = (head(&wanted), wanted.as_slice());
        let start = self.0.partition_point(|entry| {
            let own = self::head(entry);
            own < head || (own == head && key_of(entry) < tail)
        });
        let run = self.0.iter().skip(start).take_while(|entry| key_of(entry) == wanted);
        together(run.map(word))
    }
}

/// Returns what several entries about one serial number say: the earliest revocation counts, and no hold makes another
/// reason one that may be lifted.
pub(crate) fn together(words: impl Iterator<Item = Word>) -> Word {
    words.fold(Word::Absent, |before, word| match (before, word) {
        (Word::NotUnderstood, _) | (_, Word::NotUnderstood) => Word::NotUnderstood,
        (Word::Since(one, why), Word::Since(other, reason)) => {
            let (first, then) = if one <= other { (why, reason) } else { (reason, why) };
            Word::Since(one.min(other), if first == Some(HOLD) { then } else { first })
        }
        (_, Word::Since(since, why)) => Word::Since(since, why),
        (Word::Absent, word) => word,
        (before, _) => before,
    })
}

/// An entry as it stands in a list.
pub(crate) struct Listed<'a> {
    /// Contents of the serial number.
    pub(crate) serial: &'a [u8],
    since_seconds: i64,
    reason: u8,
}

impl<'a> Listed<'a> {
    /// Parses one entry.
    pub(crate) fn parse(entry: Element<'a>) -> Result<Self, Asn1Error> {
        let mut fields = entry.reader();
        let serial = fields.take(INTEGER)?.value;
        let since = fields.any()?;
        let extensions = fields.optional(SEQUENCE)?;
        fields.finish()?;
        let reason = extensions.map_or(Ok(NO_REASON), reason)?;
        Ok(Self { serial, since_seconds: clock::seconds(since.tag, since.value)?, reason })
    }

    /// Returns what the entry says.
    pub(crate) fn word(&self) -> Word {
        spoken(self.since_seconds, self.reason)
    }

    fn pack(&self) -> Option<Entry> {
        let mut entry = [0; ENTRY_BYTES];
        let (place, rest) = entry.split_at_mut(KEY_BYTES);
        place.copy_from_slice(&key(self.serial)?);
        let (time, reason) = rest.split_at_mut(TIME_BYTES);
        let shifted = u64::try_from(self.since_seconds.checked_add(TIME_SHIFT)?).ok()?.to_be_bytes();
        time.copy_from_slice(shifted.last_chunk::<TIME_BYTES>()?);
        reason.fill(self.reason);
        Some(entry)
    }
}

fn key(serial: &[u8]) -> Option<[u8; KEY_BYTES]> {
    let mut key = [0; KEY_BYTES];
    let (length, place) = key.split_first_mut()?;
    *length = u8::try_from(serial.len()).ok()?;
    place.get_mut(..serial.len())?.copy_from_slice(serial);
    Some(key)
}

/// Orders like the bytes do, by a number first: random serial numbers are told apart by it.
fn compare(one: &Entry, other: &Entry) -> Ordering {
    head(one).cmp(&head(other)).then_with(|| one.cmp(other))
}

/// Returns the first eight bytes as a number.
fn head(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

fn key_of(entry: &Entry) -> &[u8] {
    entry.split_at(KEY_BYTES).0
}

fn word(entry: &Entry) -> Word {
    let (time, reason) = entry.split_at(KEY_BYTES).1.split_at(TIME_BYTES);
    let shifted = time.iter().fold(0, |sum: i64, byte| (sum << 8) | i64::from(*byte));
    spoken(shifted - TIME_SHIFT, reason.first().copied().unwrap_or(NOT_UNDERSTOOD))
}

fn spoken(since_seconds: i64, reason: u8) -> Word {
    match reason {
        REMOVED => Word::Removed,
        NOT_UNDERSTOOD => Word::NotUnderstood,
        reason => Timestamp::from_second(since_seconds)
            .map_or(Word::NotUnderstood, |since| Word::Since(since, (reason != NO_REASON).then_some(reason))),
    }
}

/// Returns the reason among the extensions of an entry.
fn reason(extensions: Element<'_>) -> Result<u8, Asn1Error> {
    // The one extension that nearly every entry has, and nothing else.
    if let Some([reason]) = extensions.value.strip_prefix(&REASON_ALONE)
        && *reason <= REASON_MAX
    {
        return Ok(*reason);
    }
    let mut found = NO_REASON;
    let mut rest = extensions.reader();
    for _ in 0..EXTENSIONS_MAX {
        if rest.is_empty() {
            return Ok(found);
        }
        let (kind, critical, value) = extension_parts(rest.any()?)?;
        if kind == oids::CRL_REASON {
            let reason = Element::parse(value)?.expect(ENUMERATED)?.value;
            found = reason.first().copied().filter(|it| *it <= REASON_MAX).ok_or(Asn1Error::Value)?;
        } else if critical {
            return Ok(NOT_UNDERSTOOD);
        }
    }
    if rest.is_empty() { Ok(found) } else { Err(Asn1Error::Limit) }
}
