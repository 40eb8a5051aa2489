// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists as indexes: read once, verified once, looked up in logarithmic time ever after.
//!
//! The national list has 420 000 entries in 22 MB. An [`Index`] of it takes 28 bytes an entry, answers like the list
//! itself (the same judgement reads both) and can be kept as a file. The signature is verified over the bytes as
//! received before anything is kept; by a GOST key that takes longer than all the rest, so a caller with threads may let
//! the two halves run beside each other. A list of changes is laid over the full one when their numbers allow it.
//!
//! ```no_run
//! # fn f(list: &[u8], changes: &[u8], authority: &eds::Certificate) -> Result<(), eds::crl::IndexFault> {
//! use eds::{Evidence, crl::Index};
//! let mut index = Index::read(list, authority)?;
//! index.lay_over(changes, authority)?;
//! let kept = index.to_bytes(); // a file; `Index::from_bytes` gives it back
//! let evidence = Evidence { indexes: vec![std::sync::Arc::new(index)], ..Evidence::default() };
//! # Ok(())
//! # }
//! ```

mod entries;
mod file;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use entries::{ENTRIES_MAX, SERIAL_BYTES_MAX};
pub(crate) use entries::{Listed, Word, together};

use crate::asn1::{self, Asn1Error};
use crate::certificate::{Certificate, hex};
use crate::revocation::Unusable;
use crate::revocation::crl::{CRL_BYTES_MAX, Edition, List, Number, Spoken, may_sign};
use entries::Entries;

/// Why a list is not indexed, or a file is no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexFault {
    /// The bytes are not a list, or not an index.
    Malformed,
    /// Larger than [`crate::limits::CRL_BYTES_MAX`], or more entries than [`ENTRIES_MAX`].
    TooLarge,
    /// A serial number is longer than [`SERIAL_BYTES_MAX`].
    SerialTooLong,
    /// The list is of another authority.
    OtherIssuer,
    /// The authority did not sign it, or may not sign lists.
    SignerUntrusted,
    /// It covers only some certificates, or uses an extension that is not understood.
    Partial,
    /// It lists changes only: lay it over a full list.
    ChangesOnly,
    /// It is a full list where changes were expected.
    NotChanges,
    /// The changes count from a later list than this, are not newer than it, or are of another point.
    NumbersDoNotFit,
    /// The checksum of the file is wrong.
    Checksum,
    /// The file is of another version.
    Version,
}

impl std::fmt::Display for IndexFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the bytes are malformed",
            Self::TooLarge => "the list is too large",
            Self::SerialTooLong => "a serial number is too long",
            Self::OtherIssuer => "the list is of another authority",
            Self::SignerUntrusted => "the authority did not sign the list, or may not",
            Self::Partial => "the list covers only some certificates",
            Self::ChangesOnly => "the list holds changes only",
            Self::NotChanges => "the list is full, changes were expected",
            Self::NumbersDoNotFit => "the numbers of the two lists do not fit",
            Self::Checksum => "the checksum is wrong",
            Self::Version => "the file is of another version",
        })
    }
}

impl std::error::Error for IndexFault {}

impl From<Asn1Error> for IndexFault {
    fn from(_: Asn1Error) -> Self {
        Self::Malformed
    }
}

impl From<Unusable> for IndexFault {
    fn from(fault: Unusable) -> Self {
        match fault {
            Unusable::OtherSubject => Self::OtherIssuer,
            Unusable::SignerUntrusted | Unusable::Algorithm(_) => Self::SignerUntrusted,
            Unusable::Partial => Self::Partial,
            Unusable::Malformed
            | Unusable::Stale
            | Unusable::AfterTheEnd
            | Unusable::Future
            | Unusable::Nonce
            | Unusable::Ended
            | Unusable::Refused(_) => Self::Malformed,
        }
    }
}

/// One list: where it stands among the others, and its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    edition: Edition,
    has_two_algorithms: bool,
    entries: Entries,
    /// Whether an entry says something that is not understood: then what the list leaves unsaid means nothing (RFC 5280, 5.3).
    is_strange: bool,
}

/// Since when a certificate is revoked, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// Since when.
    pub since: Timestamp,
    /// The reason of RFC 5280, where the list gives one.
    pub reason: Option<u8>,
}

/// A half of the work on a list, to be called once.
pub type Half<'h> = &'h mut (dyn FnMut() + Send);

/// A verified list, with the changes laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    issuer: Vec<u8>,
    /// SHA-256 of the key that signed the lists.
    signer: [u8; 32],
    full: Part,
    changes: Option<Part>,
}

impl Index {
    /// Verifies a full list, DER or PEM, by the key of its authority and indexes it.
    ///
    /// ```no_run
    /// # fn f(list: &[u8], authority: &eds::Certificate) -> Result<(), eds::crl::IndexFault> {
    /// let index = eds::crl::Index::read(list, authority)?;
    /// println!("{} entries until {:?}", index.len(), index.next_update());
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(list: &[u8], authority: &Certificate) -> Result<Self, IndexFault> {
        Self::read_beside(list, authority, in_turn)
    }

    /// Does what [`Index::read`] does; `both` gets the two halves of the work, first that of the signature, then that of
    /// the entries, and may do them in threads of its own.
    ///
    /// Nothing of the entries counts unless the signature is valid. Where a half is left undone the list is refused.
    ///
    /// ```no_run
    /// # fn f(list: &[u8], authority: &eds::Certificate) -> Result<(), eds::crl::IndexFault> {
    /// let index = eds::crl::Index::read_beside(list, authority, |signature, entries| {
    ///     std::thread::scope(|scope| {
    ///         scope.spawn(signature);
    ///         entries();
    ///     });
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_beside(
        list: &[u8],
        authority: &Certificate,
        both: impl FnOnce(Half<'_>, Half<'_>),
    ) -> Result<Self, IndexFault> {
        let full = Part::read(list, authority, both)?;
        if full.edition.base.is_some() {
            return Err(IndexFault::ChangesOnly);
        }
        let signer = crate::sha256(authority.spki());
        Ok(Self { issuer: authority.subject().raw().to_vec(), signer, full, changes: None })
    }

    /// Verifies a list of changes and lays it over the full one, in place of earlier changes.
    ///
    /// Nothing is altered unless the changes are newer and count from this list or an earlier one.
    pub fn lay_over(&mut self, changes: &[u8], authority: &Certificate) -> Result<(), IndexFault> {
        if !self.is_of(authority) {
            return Err(IndexFault::OtherIssuer);
        }
        let part = Part::read(changes, authority, in_turn)?;
        if part.edition.base.is_none() {
            return Err(IndexFault::NotChanges);
        }
        let is_newer = self.changes.as_ref().is_none_or(|own| own.edition.number <= part.edition.number);
        if !part.edition.changes(&self.full.edition) || !is_newer {
            return Err(IndexFault::NumbersDoNotFit);
        }
        self.changes = Some(part);
        Ok(())
    }

    /// Returns the entry of a serial number (contents of its INTEGER), the changes taken into account.
    #[must_use]
    pub fn find(&self, serial: &[u8]) -> Option<Revoked> {
        let changed = self.changes.as_ref().map_or(Word::Absent, |it| it.entries.find(serial));
        let word = if changed == Word::Absent { self.full.entries.find(serial) } else { changed };
        match word {
            Word::Since(since, reason) => Some(Revoked { since, reason }),
            // What is not understood is never "not revoked": judged as unknown, shown as revoked.
            Word::NotUnderstood => Some(Revoked { since: Timestamp::MIN, reason: None }),
            Word::Absent | Word::Removed => None,
        }
    }

    /// Returns whether the lists are of this authority and signed by this key of it.
    #[must_use]
    pub fn is_of(&self, authority: &Certificate) -> bool {
        self.issuer == authority.subject().raw() && self.signer == crate::sha256(authority.spki())
    }

    /// Returns the number of entries, those of the changes included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts().map(|part| part.entries.len()).sum()
    }

    /// Returns whether nothing is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns when the newest of the lists was made.
    #[must_use]
    pub fn this_update(&self) -> Timestamp {
        self.newest().edition.this_update
    }

    /// Returns until when the newest of the lists holds.
    #[must_use]
    pub fn next_update(&self) -> Option<Timestamp> {
        self.newest().edition.next_update
    }

    /// Returns until when the full list holds.
    #[must_use]
    pub const fn full_next_update(&self) -> Option<Timestamp> {
        self.full.edition.next_update
    }

    /// Returns the number of the newest of the lists in hexadecimal.
    #[must_use]
    pub fn number_hex(&self) -> Option<String> {
        self.newest().edition.number.as_ref().map(Number::hex)
    }

    /// Returns the SHA-256 of each list in hexadecimal, the full one first: by these the lists are kept as evidence.
    #[must_use]
    pub fn sha256_hex(&self) -> Vec<String> {
        self.parts().map(|part| hex(&part.edition.sha256)).collect()
    }

    /// Returns what was tolerated, as machine words.
    ///
    /// `algorithm-identifiers-differ`: the identifier outside the signed part names another algorithm than the one
    /// inside, which alone is under the signature and was used.
    #[must_use]
    pub fn tolerated(&self) -> Vec<&'static str> {
        let differ = self.parts().any(|part| part.has_two_algorithms);
        differ.then_some("algorithm-identifiers-differ").into_iter().collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.full).chain(&self.changes)
    }

    fn newest(&self) -> &Part {
        self.changes.as_ref().unwrap_or(&self.full)
    }

    /// Returns what each list says about `certificate`, as if the lists had been read now.
    pub(crate) fn spoken(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<Spoken>, Unusable> {
        if self.issuer != certificate.issuer().raw() {
            return Err(Unusable::OtherSubject);
        }
        if !self.is_of(issuer) || !may_sign(issuer) {
            return Err(Unusable::SignerUntrusted);
        }
        let serial = certificate.serial();
        let say = |part: &Part| Spoken {
            edition: part.edition.clone(),
            word: part.entries.find(serial),
            is_narrow: part.is_strange,
        };
        Ok(self.parts().map(say).collect())
    }
}

impl Part {
    fn read(
        list: &[u8],
        authority: &Certificate,
        both: impl FnOnce(Half<'_>, Half<'_>),
    ) -> Result<Self, IndexFault> {
        if list.len() > CRL_BYTES_MAX {
            return Err(IndexFault::TooLarge);
        }
        let der = asn1::from_pem(list)?;
        let list = List::parse(&der)?;
        if list.issuer != authority.subject().raw() {
            return Err(IndexFault::OtherIssuer);
        }
        let (mut signed, mut part) = (None, None);
        both(&mut || signed = Some(list.judge_signer(authority)), &mut || part = Some(Self::of(&list, &der)));
        // Whatever was found in the entries, or not, the signature has its say before it.
        signed.ok_or(IndexFault::SignerUntrusted)??;
        if list.is_partial || list.is_of_some() {
            return Err(IndexFault::Partial);
        }
        part.ok_or(IndexFault::Malformed)?
    }

    /// Indexes a list of which nobody has said yet whether it is signed; `der` are its bytes.
    fn of(list: &List<'_>, der: &[u8]) -> Result<Self, IndexFault> {
        let entries = Entries::read(list.entries)?;
        Ok(Self {
            edition: list.edition(der),
            has_two_algorithms: list.has_two_algorithms,
            is_strange: entries.are_strange(),
            entries,
        })
    }
}

/// Does one half after the other.
fn in_turn(signature: Half<'_>, entries: Half<'_>) {
    signature();
    entries();
}
