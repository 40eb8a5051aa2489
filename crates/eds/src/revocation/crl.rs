// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists (RFC 5280), read in one pass without building anything: the national list has 420 000 entries.

use jiff::Timestamp;

use super::{Status, Unusable, judge_freshness};
use crate::algorithm::{SignatureAlgorithm, algorithm_identifier};
use crate::asn1::{
    self, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, Reader, SEQUENCE, UTC_TIME, context,
};
use crate::certificate::{Certificate, KeyUsage, extension_parts};
use crate::oids;
use crate::path::Context;

/// Largest list read.
pub const CRL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Extensions of a list or of an entry.
const EXTENSIONS_MAX: usize = 32;
/// Reason `removeFromCRL`, in lists of changes.
const REMOVED: u8 = 8;

/// Returns what a list says about `certificate`, if it can be believed.
pub(crate) fn status(
    bytes: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    context: &Context<'_>,
) -> Result<Status, Unusable> {
    if bytes.len() > CRL_BYTES_MAX {
        return Err(Unusable::Malformed);
    }
    let der = asn1::from_pem(bytes)?;
    let list = List::parse(&der)?;
    if list.issuer != certificate.issuer().raw() {
        return Err(Unusable::OtherSubject);
    }
    let may_sign = issuer.extensions().key_usage.is_none_or(|usage| usage.contains(KeyUsage::CRL_SIGN));
    if !may_sign {
        return Err(Unusable::SignerUntrusted);
    }
    let algorithm = list.algorithm.ok_or(Unusable::SignerUntrusted)?;
    algorithm.verify(issuer.spki(), list.signed, list.signature)?;
    let age_max = context.policy.crl_age_max;
    judge_freshness(list.this_update, list.next_update, age_max, certificate, context)?;
    if list.is_partial {
        return Err(Unusable::Partial);
    }
    match list.find(certificate.serial())? {
        Some(since) if since <= context.at => Ok(Status::Revoked(since)),
        // A list of changes proves a revocation, never its absence.
        _ if list.is_delta => Err(Unusable::Partial),
        _ => Ok(Status::Good),
    }
}

struct List<'a> {
    signed: &'a [u8],
    algorithm: Option<SignatureAlgorithm>,
    signature: &'a [u8],
    issuer: &'a [u8],
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: &'a [u8],
    is_delta: bool,
    is_partial: bool,
}

impl<'a> List<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        let mut outer = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        let tbs = outer.take(SEQUENCE)?;
        outer.take(SEQUENCE)?;
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
            this_update,
            next_update,
            entries,
            is_delta: false,
            is_partial: false,
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
                oids::DELTA_CRL => self.is_delta = true,
                oids::ISSUING_DISTRIBUTION_POINT => {
                    // Only the name of the point may stand there; every other field narrows the list.
                    let fields = Element::parse(value)?.expect(SEQUENCE)?.reader().all(EXTENSIONS_MAX)?;
                    self.is_partial |= fields.iter().any(|field| field.tag != context(0));
                }
                oids::CRL_NUMBER | oids::AUTHORITY_KEY_ID | oids::FRESHEST_CRL => {}
                _ => self.is_partial |= critical,
            }
        }
        Ok(())
    }

    /// Returns since when the serial number is listed.
    fn find(&self, serial: &[u8]) -> Result<Option<Timestamp>, Unusable> {
        let mut entries = Reader::new(self.entries);
        let mut found = None;
        while !entries.is_empty() {
            let mut fields = entries.take(SEQUENCE)?.reader();
            if fields.take(INTEGER)?.value != serial {
                continue;
            }
            let since = fields.any()?.time()?;
            let extensions = fields.optional(SEQUENCE)?;
            fields.finish()?;
            if extensions.map_or(Ok(None), reason)? != Some(REMOVED) {
                found = Some(found.map_or(since, |earlier: Timestamp| earlier.min(since)));
            }
        }
        Ok(found)
    }
}

/// Returns the reason among the extensions of an entry.
fn reason(extensions: Element<'_>) -> Result<Option<u8>, Unusable> {
    for item in extensions.reader().all(EXTENSIONS_MAX)? {
        let (kind, critical, value) = extension_parts(item)?;
        if kind == oids::CRL_REASON {
            return Ok(Element::parse(value)?.expect(ENUMERATED)?.value.first().copied());
        }
        if critical {
            return Err(Unusable::Partial);
        }
    }
    Ok(None)
}
