// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists made to measure.

use eds::asn1::{ENUMERATED, INTEGER, context, write};
use eds::{Certificate, RsaSigner, oids};
use jiff::Timestamp;

/// An entry: contents of the serial number, since when, and the reason.
pub(crate) type Listed = (Vec<u8>, Timestamp, Option<u8>);

/// A list to be made.
pub(crate) struct Plan<'a> {
    pub(crate) authority: &'a Certificate,
    pub(crate) signer: &'a RsaSigner,
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) number: Option<u32>,
    /// Number from which a list of changes counts.
    pub(crate) base: Option<u32>,
    pub(crate) entries: Vec<Listed>,
    /// More of them, encoded.
    pub(crate) entries_apart: Vec<u8>,
    /// More extensions, encoded.
    pub(crate) extensions: Vec<u8>,
    /// The algorithm outside the signed part.
    pub(crate) outside: const_oid::ObjectIdentifier,
}

/// Returns an extension.
pub(crate) fn extension(kind: &const_oid::ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { write::truth() } else { Vec::new() };
    write::sequence(&[&write::oid(kind), &critical, &write::octets(value)])
}

impl<'a> Plan<'a> {
    /// The first full list, which names nobody and promises no next one.
    pub(crate) fn of(authority: &'a Certificate, signer: &'a RsaSigner, this_update: Timestamp) -> Self {
        Self {
            authority,
            signer,
            this_update,
            next_update: None,
            number: Some(1),
            base: None,
            entries: Vec::new(),
            entries_apart: Vec::new(),
            extensions: Vec::new(),
            outside: oids::RSA_SHA256,
        }
    }

    /// Returns the list, DER.
    pub(crate) fn make(&self) -> Vec<u8> {
        self.make_by(&oids::RSA_SHA256, |tbs| self.signer.sign(tbs).unwrap())
    }

    /// Returns the list, DER, signed in another way than by the RSA key.
    pub(crate) fn make_by(
        &self,
        algorithm: &const_oid::ObjectIdentifier,
        sign: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut entries = Vec::new();
        for (serial, since, reason) in &self.entries {
            let reason = reason.map_or_else(Vec::new, |reason| {
                let value = write::tlv(ENUMERATED, &[reason]);
                write::sequence(&[&extension(&oids::CRL_REASON, false, &value)])
            });
            entries.extend(write::sequence(&[&write::tlv(INTEGER, serial), &write::time(*since), &reason]));
        }
        entries.extend(&self.entries_apart);
        let entries = if entries.is_empty() { entries } else { write::sequence(&[&entries]) };
        let number = |kind, critical, value: Option<u32>| {
            value.map_or_else(Vec::new, |value| extension(kind, critical, &write::small(value)))
        };
        let extensions = write::sequence(&[
            &number(&oids::CRL_NUMBER, false, self.number),
            &number(&oids::DELTA_CRL, true, self.base),
            &self.extensions,
        ]);
        let inside = write::algorithm_null(algorithm);
        let tbs = write::sequence(&[
            &write::small(1),
            &inside,
            self.authority.subject().raw(),
            &write::time(self.this_update),
            &self.next_update.map(write::time).unwrap_or_default(),
            &entries,
            &write::tlv(context(0), &extensions),
        ]);
        write::sequence(&[&tbs, &write::algorithm_null(&self.outside), &write::bits(&sign(&tbs))])
    }
}

/// A small generator, so that every run tries the same values.
pub(crate) struct Steps(pub(crate) u64);

impl Steps {
    pub(crate) fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}
