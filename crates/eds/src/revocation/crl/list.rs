// SPDX-License-Identifier: MIT OR Apache-2.0
//! A revocation list as it is written.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::{EXTENSIONS_MAX, Edition, Number, may_sign};
use crate::algorithm::algorithm_identifier;
use crate::asn1::{
    Element, GENERALIZED_TIME, INTEGER, Reader, SEQUENCE, UTC_TIME, context, context_primitive,
};
use crate::certificate::{Certificate, extension_parts};
use crate::crl::{Listed, Word, together};
use crate::oids;
use crate::revocation::Unusable;
use crate::revocation::work::computed;

/// Fields of `issuingDistributionPoint`: only certificates of users, only those of authorities, also of other authorities.
const ONLY_USERS: u8 = context_primitive(1);
const ONLY_AUTHORITIES: u8 = context_primitive(2);
const INDIRECT: u8 = context_primitive(4);

/// What it means that a list names a serial number, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// What the entry says, whatever the scope of the list.
    Sure,
    /// Nothing sure, not even "not revoked": an extension of the list is not understood (RFC 5280, 5.2).
    Unsure,
    /// Nothing: in an indirect list it may be the number of another authority's certificate (RFC 5280, 5.3.3).
    OfOthers,
}

/// A list, borrowed from its bytes; its entries are not read.
pub(crate) struct List<'a> {
    pub(crate) signed: &'a [u8],
    pub(crate) algorithm: ObjectIdentifier,
    pub(crate) signature: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) entries: &'a [u8],
    /// Whether the identifier outside the signed part names another algorithm than the one inside.
    pub(crate) has_two_algorithms: bool,
    /// Whether the list covers only some certificates, or uses an extension that is not understood.
    pub(crate) is_partial: bool,
    /// Whether it covers only certificates of users, and whether only those of authorities.
    only: (bool, bool),
    pub(super) naming: Naming,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    number: Option<Number>,
    base: Option<Number>,
    remembers: Option<Timestamp>,
    points: Vec<String>,
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
            algorithm,
            signature,
            issuer,
            entries,
            has_two_algorithms: algorithm != outside,
            is_partial: false,
            only: (false, false),
            naming: Naming::Sure,
            this_update,
            next_update,
            number: None,
            base: None,
            remembers: None,
            points: Vec::new(),
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
                oids::ISSUING_DISTRIBUTION_POINT => self.read_point(value)?,
                oids::EXPIRED_ON_CRL => {
                    self.remembers = Some(Element::parse(value)?.expect(GENERALIZED_TIME)?.time()?);
                }
                oids::AUTHORITY_KEY_ID | oids::FRESHEST_CRL => {}
                _ if !critical => {}
                _ => {
                    self.is_partial = true;
                    self.naming = self.naming.max(Naming::Unsure);
                }
            }
        }
        Ok(())
    }

    /// Reads the point that the list is of. It must have an address, by which certificates name it; whose certificates it covers
    /// counts for each of them, and every other field narrows the list.
    fn read_point(&mut self, value: &[u8]) -> Result<(), Unusable> {
        for field in Element::parse(value)?.expect(SEQUENCE)?.reader().all(EXTENSIONS_MAX)? {
            if [ONLY_USERS, ONLY_AUTHORITIES].contains(&field.tag) {
                let is_true = match field.value {
                    [0xff] => true,
                    [0] => false,
                    _ => return Err(Unusable::Malformed),
                };
                let place = if field.tag == ONLY_USERS { &mut self.only.0 } else { &mut self.only.1 };
                *place |= is_true;
                continue;
            }
            if field.tag == INDIRECT {
                self.naming = Naming::OfOthers;
            }
            let names = if field.tag == context(0) { field.reader().optional(context(0))? } else { None };
            let names = names.map_or_else(|| Ok(Vec::new()), |names| names.reader().all(EXTENSIONS_MAX))?;
            let addresses = names.iter().filter(|name| name.tag == context_primitive(6));
            let addresses = addresses.filter_map(|name| std::str::from_utf8(name.value).ok());
            let before = self.points.len();
            self.points.extend(addresses.map(str::to_owned));
            self.is_partial |= self.points.len() == before;
        }
        Ok(())
    }

    /// Says whether `issuer` may sign lists and did sign this one.
    pub(crate) fn judge_signer(&self, issuer: &Certificate) -> Result<(), Unusable> {
        if !may_sign(issuer) {
            return Err(Unusable::SignerUntrusted);
        }
        let algorithm = computed(self.algorithm, issuer)?;
        Ok(algorithm.verify(issuer.spki(), self.signed, self.signature)?)
    }

    /// Returns the place of the list among the others; `der` are its bytes.
    pub(crate) fn edition(&self, der: &[u8]) -> Edition {
        Edition {
            this_update: self.this_update,
            next_update: self.next_update,
            number: self.number.clone(),
            base: self.base.clone(),
            remembers: self.remembers,
            points: self.points.clone(),
            sha256: crate::sha256(der),
        }
    }

    /// Returns whether the list covers only certificates of users or of authorities.
    pub(crate) const fn is_of_some(&self) -> bool {
        self.only.0 || self.only.1
    }

    /// Returns whether the list leaves out such certificates (RFC 5280, 6.3.3 (b) (2) (ii) and (iii)).
    pub(super) fn leaves_out(&self, certificate: &Certificate) -> bool {
        let is_authority = certificate.extensions().is_authority;
        (self.only.0 && is_authority) || (self.only.1 && !is_authority)
    }

    /// Returns whether an entry, whosesoever, holds a critical extension that is not understood or cannot be read: then what the list
    /// leaves unsaid means nothing (RFC 5280, 5.3).
    pub(crate) fn is_strange(&self) -> bool {
        let mut entries = Reader::new(self.entries);
        while !entries.is_empty() {
            let entry = entries.take(SEQUENCE).and_then(Listed::parse);
            if !entry.is_ok_and(|it| it.word() != Word::NotUnderstood) {
                return true;
            }
        }
        false
    }

    /// Returns how many entries can be read.
    pub(crate) fn count(&self) -> usize {
        let mut entries = Reader::new(self.entries);
        std::iter::from_fn(|| entries.take(SEQUENCE).ok()).count()
    }

    /// Returns what the entries of the serial number say.
    pub(super) fn find(&self, serial: &[u8]) -> Result<Word, Unusable> {
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
