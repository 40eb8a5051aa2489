// SPDX-License-Identifier: MIT OR Apache-2.0
//! One answer of a response, about one certificate.

use jiff::Timestamp;

use super::ITEMS_MAX;
use crate::algorithm::{DigestAlgorithm, algorithm_identifier};
use crate::asn1::{
    Asn1Error, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, context,
    context_primitive,
};
use crate::certificate::{Certificate, extension_parts};
use crate::oids;

/// What a responder says about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Good,
    /// Since when and why.
    Revoked(Timestamp, Option<u8>),
    Unknown,
}

pub(super) struct Single<'a> {
    pub(super) digest: Option<DigestAlgorithm>,
    pub(super) name_hash: &'a [u8],
    pub(super) key_hash: &'a [u8],
    pub(super) serial: &'a [u8],
    pub(super) status: Said,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
    /// Since when the responder keeps in mind certificates that ended (RFC 6960, 4.4.4).
    pub(super) remembers: Option<Timestamp>,
    /// Whether it has a critical extension that is not understood.
    pub(super) is_narrowed: bool,
}

impl<'a> Single<'a> {
    pub(super) fn parse(element: Element<'a>) -> Result<Self, Asn1Error> {
        let mut fields = element.expect(SEQUENCE)?.reader();
        let mut id = fields.take(SEQUENCE)?.reader();
        let digest = algorithm_identifier(id.take(SEQUENCE)?)?;
        let (name_hash, key_hash) = (id.take(OCTET_STRING)?.value, id.take(OCTET_STRING)?.value);
        let serial = id.take(INTEGER)?.value;
        id.finish()?;
        let status = single_status(fields.any()?)?;
        let this_update = fields.take(GENERALIZED_TIME)?.time()?;
        let next_update = match fields.optional(context(0))? {
            Some(time) => Some(Element::parse(time.value)?.expect(GENERALIZED_TIME)?.time()?),
            None => None,
        };
        let extensions = fields.optional(context(1))?;
        fields.finish()?;
        let mut single = Self {
            digest: DigestAlgorithm::from_oid(&digest),
            name_hash,
            key_hash,
            serial,
            status,
            this_update,
            next_update,
            remembers: None,
            is_narrowed: false,
        };
        if let Some(list) = extensions {
            single.read_extensions(Element::parse(list.value)?)?;
        }
        Ok(single)
    }

    fn read_extensions(&mut self, list: Element<'_>) -> Result<(), Asn1Error> {
        for item in list.expect(SEQUENCE)?.reader().all(ITEMS_MAX)? {
            let (kind, critical, value) = extension_parts(item)?;
            if kind == oids::OCSP_ARCHIVE_CUTOFF {
                self.remembers = Some(Element::parse(value)?.expect(GENERALIZED_TIME)?.time()?);
            } else {
                self.is_narrowed |= critical;
            }
        }
        Ok(())
    }

    pub(super) fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let same_name = certificate.issuer().raw() == issuer.subject().raw();
        self.serial == certificate.serial() && same_name && self.names(issuer)
    }

    /// Returns whether the answer is about a certificate of this authority, by the hashes of its name and key.
    pub(super) fn names(&self, issuer: &Certificate) -> bool {
        let (Some(digest), Ok(key)) = (self.digest, issuer.key_bits()) else { return false };
        digest.digest(issuer.subject().raw()) == self.name_hash && digest.digest(key) == self.key_hash
    }
}

fn single_status(element: Element<'_>) -> Result<Said, Asn1Error> {
    match element.tag {
        tag if tag == context_primitive(0) => Ok(Said::Good),
        tag if tag == context_primitive(2) => Ok(Said::Unknown),
        tag if tag == context(1) => {
            let mut fields = element.reader();
            let since = fields.take(GENERALIZED_TIME)?.time()?;
            let reason = match fields.optional(context(0))? {
                Some(reason) => Element::parse(reason.value)?.expect(ENUMERATED)?.value.first().copied(),
                None => None,
            };
            fields.finish()?;
            Ok(Said::Revoked(since, reason))
        }
        _ => Err(Asn1Error::Value),
    }
}
