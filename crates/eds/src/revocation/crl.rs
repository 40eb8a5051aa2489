// SPDX-License-Identifier: MIT OR Apache-2.0
//! What revocation lists (RFC 5280), as bytes or as indexes, say about one certificate.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::{Answer, LIST_PROMISED_MAX, Status, Unusable, concerns, judge_freshness, promised};
use crate::algorithm::{SignatureAlgorithm, algorithm_identifier};
use crate::asn1::{self, Element, GENERALIZED_TIME, INTEGER, Reader, SEQUENCE, UTC_TIME, context};
use crate::certificate::{Certificate, KeyUsage, extension_parts, hex};
use crate::crl::{Listed, Word, together};
use crate::evidence::EVIDENCE_ITEMS_MAX;
use crate::oids;
use crate::path::Context;

/// Largest list read.
pub const CRL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Extensions of a list.
const EXTENSIONS_MAX: usize = 32;

/// A number of a list: big-endian, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Number(pub(crate) Vec<u8>);

impl Number {
    fn parse(value: &[u8]) -> Result<Self, Unusable> {
        let digits = Element::parse(value)?.expect(INTEGER)?.value;
        if digits.is_empty() || digits.len() > 21 || digits.first().is_some_and(|first| *first >= 0x80) {
            return Err(Unusable::Malformed);
        }
        Ok(Self(digits.iter().copied().skip_while(|digit| *digit == 0).collect()))
    }

    pub(crate) fn hex(&self) -> String {
        if self.0.is_empty() { "0".to_owned() } else { hex(&self.0) }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// When a list was made, until when it holds, and its place among the lists of its authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edition {
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) number: Option<Number>,
    /// The number from which a list of changes counts; present in lists of changes alone.
    pub(crate) base: Option<Number>,
    /// SHA-256 of the list.
    pub(crate) sha256: [u8; 32],
}

impl Edition {
    /// Returns whether a list of these changes may be laid over the full list `full` (RFC 5280, 5.2.4).
    pub(crate) fn changes(&self, full: &Self) -> bool {
        match (&self.base, &self.number, &full.number) {
            (Some(base), Some(own), Some(number)) => base <= number && number < own,
            _ => false,
        }
    }

    /// Returns the list by number and hash, for the record.
    fn proof(&self) -> String {
        let number = self.number.as_ref().map_or_else(|| "-".to_owned(), Number::hex);
        format!("crl number {number}, {}, sha256 {}", self.this_update, hex(&self.sha256))
    }
}

/// What one believable list says about a certificate.
pub(crate) struct Spoken {
    pub(crate) edition: Edition,
    pub(crate) word: Word,
}

/// Returns what all lists together say about `certificate`, one answer a full list.
pub(crate) fn answers(
    certificate: &Certificate,
    issuer: &Certificate,
    context: &Context<'_>,
) -> Vec<Result<Answer, Unusable>> {
    let mut answers = Vec::new();
    let mut spoken: Vec<Spoken> = Vec::new();
    for bytes in context.evidence.crls.iter().take(EVIDENCE_ITEMS_MAX) {
        match read(bytes, certificate, issuer) {
            Ok(said) => spoken.push(said),
            Err(fault) => answers.push(Err(fault)),
        }
    }
    for index in context.evidence.indexes.iter().take(EVIDENCE_ITEMS_MAX) {
        match index.spoken(certificate, issuer) {
            Ok(said) => spoken.extend(said),
            Err(fault) => answers.push(Err(fault)),
        }
    }
    let (changes, full): (Vec<_>, Vec<_>) = spoken.iter().partition(|it| it.edition.base.is_some());
    answers.extend(full.iter().map(|list| by_full(list, &changes, certificate, context)));
    // Changes that a full list took in, or that were laid over one, have had their say.
    let is_orphan = |it: &&&Spoken| {
        let known = |list: &&Spoken| list.edition.number >= it.edition.number;
        !full.iter().any(|list| known(list) || it.edition.changes(&list.edition))
    };
    answers.extend(changes.iter().filter(is_orphan).map(|list| by_changes(list, certificate, context)));
    answers
}

/// A full list answers, with the newest fresh changes that may be laid over it.
fn by_full(
    list: &Spoken,
    changes: &[&Spoken],
    certificate: &Certificate,
    context: &Context<'_>,
) -> Result<Answer, Unusable> {
    let fresh = |edition: &Edition| judge_edition(edition, certificate, context);
    let newest = changes
        .iter()
        .filter(|it| it.edition.changes(&list.edition) && fresh(&it.edition).is_ok())
        .max_by(|one, other| one.edition.number.cmp(&other.edition.number));
    if newest.is_none() {
        fresh(&list.edition)?;
    }
    let latest = newest.filter(|it| it.word != Word::Absent).copied().unwrap_or(list);
    let proof = newest.map_or_else(
        || list.edition.proof(),
        |newest| format!("{}; {}", list.edition.proof(), newest.edition.proof()),
    );
    let status = match latest.word {
        Word::NotUnderstood => return Err(Unusable::Partial),
        Word::Since(since, reason) if concerns(since, reason, context) => Status::Revoked(since),
        Word::Absent | Word::Removed | Word::Since(..) => Status::Good,
    };
    Ok(Answer { status, proof })
}

/// A list of changes alone proves a revocation, never its absence.
fn by_changes(list: &Spoken, certificate: &Certificate, context: &Context<'_>) -> Result<Answer, Unusable> {
    let edition = &list.edition;
    judge_edition(edition, certificate, context)?;
    match list.word {
        Word::Since(since, reason) if concerns(since, reason, context) => {
            Ok(Answer { status: Status::Revoked(since), proof: edition.proof() })
        }
        Word::Since(..) | Word::Absent | Word::Removed | Word::NotUnderstood => Err(Unusable::Partial),
    }
}

/// Says whether a list speaks about the time judged.
fn judge_edition(
    edition: &Edition,
    certificate: &Certificate,
    context: &Context<'_>,
) -> Result<(), Unusable> {
    let until = promised(edition.next_update, edition.this_update, LIST_PROMISED_MAX);
    judge_freshness(edition.this_update, until, context.policy.crl_age_max, certificate, context)
}

/// Reads one list: it must be of this issuer, signed by it and without a narrower scope.
fn read(bytes: &[u8], certificate: &Certificate, issuer: &Certificate) -> Result<Spoken, Unusable> {
    if bytes.len() > CRL_BYTES_MAX {
        return Err(Unusable::Malformed);
    }
    let der = asn1::from_pem(bytes)?;
    let list = List::parse(&der)?;
    if list.issuer != certificate.issuer().raw() {
        return Err(Unusable::OtherSubject);
    }
    list.judge_signer(issuer)?;
    if list.is_partial {
        return Err(Unusable::Partial);
    }
    Ok(Spoken { word: list.find(certificate.serial())?, edition: list.edition(&der) })
}

/// A list, borrowed from its bytes; its entries are not read.
pub(crate) struct List<'a> {
    pub(crate) signed: &'a [u8],
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    pub(crate) signature: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) entries: &'a [u8],
    /// Whether the identifier outside the signed part names another algorithm than the one inside.
    pub(crate) has_two_algorithms: bool,
    /// Whether the list covers only some certificates, or uses an extension that is not understood.
    pub(crate) is_partial: bool,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    number: Option<Number>,
    base: Option<Number>,
}

impl<'a> List<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        let mut outer = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        let tbs = outer.take(SEQUENCE)?;
        let outside = algorithm_identifier(outer.take(SEQUENCE)?)?;
        let signature = outer.any()?.bit_string()?;
        outer.finish()?;
        let mut fields = tbs.reader();
        fields.optional(INTEGER)?;
        // The identifier under the signature counts: in lists of the national authority the two differ.
        let algorithm = algorithm_identifier(fields.take(SEQUENCE)?)?;
        let issuer = fields.take(SEQUENCE)?.raw;
        let this_update = fields.any()?.time()?;
        let next_update = match fields.peek() {
            Some(UTC_TIME | GENERALIZED_TIME) => Some(fields.any()?.time()?),
            _ => None,
        };
        let entries = fields.optional(SEQUENCE)?.map_or(&[][..], |entries| entries.value);
        let mut list = Self {
            signed: tbs.raw,
            algorithm: SignatureAlgorithm::from_oid(&algorithm),
            signature,
            issuer,
            entries,
            has_two_algorithms: algorithm != outside,
            is_partial: false,
            this_update,
            next_update,
            number: None,
            base: None,
        };
        if let Some(extensions) = fields.optional(context(0))? {
            list.read_extensions(Element::parse(extensions.value)?.expect(SEQUENCE)?)?;
        }
        fields.finish()?;
        Ok(list)
    }

    fn read_extensions(&mut self, extensions: Element<'_>) -> Result<(), Unusable> {
        for item in extensions.reader().all(EXTENSIONS_MAX)? {
            let (kind, critical, value) = extension_parts(item)?;
            match kind {
                oids::DELTA_CRL => self.base = Some(Number::parse(value)?),
                oids::CRL_NUMBER => self.number = Some(Number::parse(value)?),
                oids::ISSUING_DISTRIBUTION_POINT => {
                    // Only the name of the point may stand there; every other field narrows the list.
                    let fields = Element::parse(value)?.expect(SEQUENCE)?.reader().all(EXTENSIONS_MAX)?;
                    self.is_partial |= fields.iter().any(|field| field.tag != context(0));
                }
                oids::AUTHORITY_KEY_ID | oids::FRESHEST_CRL => {}
                _ => self.is_partial |= critical,
            }
        }
        Ok(())
    }

    /// Says whether `issuer` may sign lists and did sign this one.
    pub(crate) fn judge_signer(&self, issuer: &Certificate) -> Result<(), Unusable> {
        if !may_sign(issuer) {
            return Err(Unusable::SignerUntrusted);
        }
        let algorithm = self.algorithm.ok_or(Unusable::SignerUntrusted)?;
        Ok(algorithm.verify(issuer.spki(), self.signed, self.signature)?)
    }

    /// Returns the place of the list among the others; `der` are its bytes.
    pub(crate) fn edition(&self, der: &[u8]) -> Edition {
        Edition {
            this_update: self.this_update,
            next_update: self.next_update,
            number: self.number.clone(),
            base: self.base.clone(),
            sha256: crate::sha256(der),
        }
    }

    /// Returns how many entries can be read.
    pub(crate) fn count(&self) -> usize {
        let mut entries = Reader::new(self.entries);
        std::iter::from_fn(|| entries.take(SEQUENCE).ok()).count()
    }

    /// Returns what the entries of the serial number say.
    fn find(&self, serial: &[u8]) -> Result<Word, Unusable> {
        let mut entries = Reader::new(self.entries);
        let mut words = Vec::new();
        while !entries.is_empty() {
            let entry = entries.take(SEQUENCE)?;
            if entry.reader().take(INTEGER)?.value == serial {
                words.push(Listed::parse(entry)?.word());
            }
        }
        Ok(together(words.into_iter()))
    }
}

/// Returns whether the key usage of `issuer` allows signing lists.
pub(crate) fn may_sign(issuer: &Certificate) -> bool {
    issuer.extensions().key_usage.is_none_or(|usage| usage.contains(KeyUsage::CRL_SIGN))
}
