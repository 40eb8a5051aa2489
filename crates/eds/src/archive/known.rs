// SPDX-License-Identifier: MIT OR Apache-2.0
//! The evidence by which an archive is judged, in the order in which it is looked at, and which of it counts for whoever
//! can ask for new answers.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use crate::asn1::{self, Asn1Error};
use crate::certificate::{Certificate, hex};
use crate::cms::SignedData;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::path::Context;
use crate::revocation::crl::List;
use crate::revocation::ocsp::look;
use crate::verdict::{Signer, Verdict};

/// What the caller has, and what lies in the archive in layers: with the act, then with each seal.
pub(super) struct Known<'a> {
    given: Cow<'a, Evidence>,
    layers: Vec<Cow<'a, Evidence>>,
}

impl<'a> Known<'a> {
    pub(super) fn new(given: &'a Evidence, layers: impl Iterator<Item = &'a Evidence>) -> Self {
        Self { given: Cow::Borrowed(given), layers: layers.map(Cow::Borrowed).collect() }
    }

    /// Returns what is known where this layer is judged: what the caller has, what lies in it, what was put there after it, what
    /// had been there before. Of each kind only so many pieces are looked at: those that were made for it come first. `sealed` tells
    /// when each layer is known to have existed; nothing tells that of what the caller has.
    pub(super) fn nearest(&self, layer: usize, sealed: impl Fn(usize) -> Option<Timestamp>) -> Evidence {
        let mut all = Evidence::clone(&self.given);
        let (before, after) = (self.layers.iter().take(layer).rev(), self.layers.iter().skip(layer));
        for own in after.chain(before) {
            fill(&mut all.certificates, &own.certificates);
            fill(&mut all.ocsp, &own.ocsp);
            fill(&mut all.crls, &own.crls);
            fill(&mut all.stamps, &own.stamps);
        }
        let times: Vec<_> = (0..self.layers.len()).map(sealed).collect();
        let existed = |answer: &Vec<u8>| {
            let own = self.layers.iter().zip(&times).filter(|(layer, _)| layer.ocsp.contains(answer));
            own.filter_map(|(_, time)| *time).min()
        };
        all.origins.existed = all.ocsp.iter().map(existed).collect();
        all
    }

    /// Takes the answers and lists away from this layer and from those after it.
    pub(super) fn silent_from(mut self, layer: usize) -> Self {
        for own in self.layers.iter_mut().skip(layer) {
            let (certificates, stamps) = (own.certificates.clone(), own.stamps.clone());
            *own = Cow::Owned(Evidence { certificates, stamps, ..Evidence::default() });
        }
        self
    }

    /// Takes away what the signers may have chosen to be said about themselves.
    pub(super) fn unchosen(mut self, signers: &[About], context: &Context<'_>) -> Self {
        let answer = |it: &Vec<u8>| is_answer_unchosen(it, signers, context);
        // The lists of the caller stay: no nonce tells for which question they came.
        self.given.to_mut().ocsp.retain(answer);
        for own in &mut self.layers {
            let own = own.to_mut();
            own.ocsp.retain(answer);
            own.crls.retain(|it| is_list_unchosen(it, signers));
        }
        self
    }
}

/// Returns what came inside a CMS, unverified.
pub(super) fn inside(cms: &[u8]) -> Result<Evidence, Asn1Error> {
    let der = asn1::from_pem(cms)?;
    let der = asn1::ber::to_der(&der)?;
    let data = SignedData::parse(&der)?;
    Ok(data.evidence())
}

/// Returns whether nothing of this is what the signers may have chosen to be said about themselves.
pub(super) fn is_unchosen(evidence: &Evidence, signers: &[About], context: &Context<'_>) -> bool {
    let mut answers = evidence.ocsp.iter();
    answers.all(|it| is_answer_unchosen(it, signers, context))
        && evidence.crls.iter().all(|it| is_list_unchosen(it, signers))
}

/// Adds pieces as long as there is a place, each once.
fn fill(all: &mut Vec<Vec<u8>>, pieces: &[Vec<u8>]) {
    for piece in pieces {
        if all.len() >= EVIDENCE_ITEMS_MAX {
            return;
        }
        if !all.contains(piece) {
            all.push(piece.clone());
        }
    }
}

/// A signer, and after which time an answer about him was made that he cannot have chosen.
///
/// A seal proves when an answer was there, not that it was the last one: whoever was revoked can take an older answer, sign,
/// and have both sealed. An answer made after the signature is known to have existed says how things stood then, whoever
/// chose it (ETSI EN 319 102-1, 5.2.5). Once the term is over nobody answers any more: then the age is forgiven that is
/// forgiven of answers without a nonce.
pub(super) struct About {
    serial_hex: String,
    issuer: Vec<u8>,
    made_after: Timestamp,
}

impl About {
    /// Returns each signer; nothing where a certificate cannot be read.
    pub(super) fn signers(verdict: &Verdict, context: &Context<'_>) -> Option<Vec<Self>> {
        verdict.signers.iter().map(|it| Self::of(it, context)).collect()
    }

    fn of(signer: &Signer, context: &Context<'_>) -> Option<Self> {
        let certificate = Certificate::parse(&signer.certificate).ok()?;
        let present = context.policy.evidence_until.map_or(context.at, |it| it.max(context.at));
        let is_over = certificate.not_after() < present;
        let age = if is_over { context.policy.ocsp_age_max } else { SignedDuration::ZERO };
        let made_after = signer.time.at.checked_sub(age).unwrap_or(signer.time.at);
        // As a response writes it, with the leading zero that the serial number of a signer is told without.
        let serial_hex = hex(certificate.serial());
        Some(Self { serial_hex, issuer: certificate.issuer().raw().to_vec(), made_after })
    }
}

/// Returns whether an answer says nothing about the signers, or was made in time. Its signature is judged later.
fn is_answer_unchosen(bytes: &[u8], signers: &[About], context: &Context<'_>) -> bool {
    let Ok(read) = look(bytes, &[], context) else { return false };
    signers.iter().all(|signer| {
        let mut own = read.answers.iter().filter(|it| it.serial_hex == signer.serial_hex);
        own.all(|it| it.this_update > signer.made_after)
    })
}

/// The same of a list, which speaks about everybody whom its authority certified.
fn is_list_unchosen(bytes: &[u8], signers: &[About]) -> bool {
    let Ok(der) = asn1::from_pem(bytes) else { return false };
    let Ok(list) = List::parse(&der) else { return false };
    let made = list.edition(&der).this_update;
    let mut own = signers.iter().filter(|it| it.issuer == list.issuer);
    own.all(|it| made > it.made_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_existed_when_the_first_seal_over_it_was_made() {
        let time = |hour: u8| format!("2026-03-01T{hour:02}:00:00Z").parse::<Timestamp>().ok();
        let with =
            |ocsp: &[u8]| Evidence { ocsp: ocsp.iter().map(|it| vec![*it]).collect(), ..Evidence::default() };
        let (given, layers) = (with(&[1, 2]), [with(&[3]), with(&[4, 2]), with(&[5, 3])]);
        let known = Known::new(&given, layers.iter());
        let sealed = |layer| [time(1), time(2), None].get(layer).copied().flatten();
        let all = known.nearest(1, sealed);
        assert_eq!(all.ocsp, [[1], [2], [4], [5], [3]]);
        assert_eq!(all.origins.existed, [None, time(2), time(2), None, time(1)]);
    }
}
