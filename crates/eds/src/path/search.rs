// SPDX-License-Identifier: MIT OR Apache-2.0
//! Seeking the authorities between a certificate and an installed root.

use const_oid::ObjectIdentifier;

use super::{Context, PATH_LENGTH_MAX};
use crate::algorithm::{Foreign, SignatureFault};
use crate::certificate::{Certificate, KeyUsage};

/// Signatures of certificates verified while the paths of one certificate are sought.
const SIGNATURES_MAX: usize = 64;

/// Why there is no path.
#[derive(Debug)]
pub(super) enum PathFault {
    /// The issuer of a certificate is not known, or those that came along lead only to what is not installed.
    IssuerUnknown { issuer: String, urls: Vec<String>, end: Option<String> },
    /// The path ends at a root that is not installed, or is too long.
    Untrusted { end: Option<String> },
    /// The issuer is trusted, named by its key, and did not sign this certificate.
    Forged,
    /// Too many certificates came along to try them all.
    TooMany,
    /// This certificate is signed by an algorithm that is not known here.
    Foreign { serial_hex: String, algorithm: ObjectIdentifier },
    /// An issuer may not issue certificates, or not at this depth.
    NotAuthority,
}

/// The search for paths, with what is left of its bound.
pub(super) struct Search<'a, 'b> {
    known: &'a [Certificate],
    /// How many of those were given: the others came along.
    given: usize,
    context: &'b Context<'a>,
    /// Authorities that no path leads over.
    pub(super) avoided: Vec<&'a Certificate>,
    only_in_term: bool,
    signatures_left: usize,
}

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new((known, given): (&'a [Certificate], usize), context: &'b Context<'a>) -> Self {
        let (avoided, signatures_left) = (Vec::new(), SIGNATURES_MAX);
        Self { known, given, context, avoided, only_in_term: true, signatures_left }
    }

    /// Returns the authorities from the issuer of `leaf` to an installed root.
    pub(super) fn find(&mut self, leaf: &Certificate) -> Result<Vec<&'a Certificate>, PathFault> {
        // Authorities in term are preferred: an authority renewed with the same key has two certificates.
        self.only_in_term = true;
        let mut path = Vec::new();
        if self.climb(leaf, &mut path).is_ok() {
            return Ok(path);
        }
        self.only_in_term = false;
        path.clear();
        self.climb(leaf, &mut path).map(|()| path)
    }

    /// Returns the other certificates at hand that have the key of this one, each once.
    pub(super) fn twins(&self, owner: &Certificate) -> Vec<&'a Certificate> {
        let Ok(key) = owner.key_bits() else { return Vec::new() };
        let mut twins: Vec<&Certificate> = Vec::new();
        for other in self.known.iter().filter(|it| it.key_bits() == Ok(key) && *it != owner) {
            if !twins.contains(&other) {
                twins.push(other);
            }
        }
        twins
    }

    /// Returns the authority that issued a certificate, if a path leads over it to an installed root; a fault where there were too
    /// many to try.
    pub(super) fn issuer(&mut self, certificate: &Certificate) -> Result<Option<&'a Certificate>, PathFault> {
        let avoided = std::mem::take(&mut self.avoided);
        let path = self.find(certificate);
        self.avoided = avoided;
        match path {
            Ok(path) => Ok(path.first().copied()),
            Err(PathFault::TooMany) => Err(PathFault::TooMany),
            Err(_) => Ok(None),
        }
    }

    fn climb(&mut self, lower: &Certificate, path: &mut Vec<&'a Certificate>) -> Result<(), PathFault> {
        if path.len() + 1 >= PATH_LENGTH_MAX {
            return Err(PathFault::Untrusted { end: None });
        }
        let (mut worst, mut strangers) = (None, Vec::new());
        // An authority that issued a certificate to itself, for a new key, stands no deeper by it (RFC 5280, 6.1.4 l).
        let below = path.iter().filter(|it| !is_end(it)).count();
        let roots = self.context.policy.trust.roots();
        let candidates = roots.iter().map(|root| (root, true)).chain(self.known.iter().map(|it| (it, false)));
        for (candidate, is_root) in candidates {
            let repeated = path.contains(&candidate) || candidate == lower;
            let is_over = self.only_in_term && !candidate.is_in_term(self.context.at);
            let skipped = is_over || self.avoided.contains(&candidate);
            if repeated || skipped || !lower.names_as_issuer(candidate) {
                continue;
            }
            match self.step(lower, candidate, below) {
                Ok(Step::Up) => {}
                Ok(Step::NotSigned) => {
                    strangers.push((candidate, is_root));
                    continue;
                }
                Err(PathFault::TooMany) => return Err(PathFault::TooMany),
                Err(fault) => {
                    worst = Some(fault);
                    continue;
                }
            }
            path.push(candidate);
            if is_root {
                return Ok(());
            }
            match self.climb(candidate, path) {
                Ok(()) => return Ok(()),
                Err(PathFault::TooMany) => return Err(PathFault::TooMany),
                // One that its issuer did not sign says nothing of who is under it.
                Err(PathFault::Forged) => {}
                // Who put it there may have left out what stands at its address.
                Err(PathFault::Untrusted { end }) if self.may_fetch(lower) && !self.is_known(candidate) => {
                    worst = Some(unknown(lower, end));
                }
                Err(fault) => worst = Some(fault),
            }
            path.pop();
        }
        if self.are_trusted(lower, &strangers, path) {
            return Err(PathFault::Forged);
        }
        Err(match worst {
            // Nothing that could be fetched would help.
            None if is_end(lower) => {
                // Whoever signs his own certificate may be a person.
                let is_named = lower.extensions().is_authority;
                let end = format!("{}, SHA-256 {}", lower.subject().line(), lower.sha256_hex());
                PathFault::Untrusted { end: Some(end).filter(|_| is_named) }
            }
            None => unknown(lower, None),
            Some(fault) => fault,
        })
    }

    /// Returns whether one of these, which did not sign, is trusted and has the key that the certificate names.
    fn are_trusted(
        &mut self,
        lower: &Certificate,
        strangers: &[(&'a Certificate, bool)],
        path: &[&'a Certificate],
    ) -> bool {
        lower.extensions().authority_key_id.is_some()
            && strangers.iter().any(|(candidate, is_root)| {
                let is_named = candidate.extensions().subject_key_id.is_some();
                is_named && (*is_root || self.climb(candidate, &mut path.to_vec()).is_ok())
            })
    }

    /// Returns whether the issuer's own certificate, once it is fetched, may lead where what came along does not.
    fn may_fetch(&self, lower: &Certificate) -> bool {
        !self.context.policy.issuers_sought && !lower.extensions().issuer_urls.is_empty()
    }

    /// Returns whether there is nothing to fetch for an authority: it was given, or names itself as its issuer.
    fn is_known(&self, authority: &Certificate) -> bool {
        is_end(authority) || self.known.iter().take(self.given).any(|it| it == authority)
    }

    /// Says whether `authority` signed `lower`, and may issue certificates at this depth.
    fn step(
        &mut self,
        lower: &Certificate,
        authority: &Certificate,
        below: usize,
    ) -> Result<Step, PathFault> {
        self.signatures_left = self.signatures_left.checked_sub(1).ok_or(PathFault::TooMany)?;
        let algorithm = lower.signature_oid();
        match lower.is_signed_by(authority) {
            Ok(()) => {}
            Err(SignatureFault::Unknown)
                if Foreign::from_oid(&algorithm).is_some_and(|it| it.takes(authority.spki())) =>
            {
                return Err(PathFault::Foreign { serial_hex: lower.serial_hex(), algorithm });
            }
            Err(_) => return Ok(Step::NotSigned),
        }
        let extensions = authority.extensions();
        let signs = extensions.key_usage.is_none_or(|usage| usage.contains(KeyUsage::CERT_SIGN));
        let deep_enough = extensions.path_length.is_none_or(|length| below as u64 <= length);
        if extensions.is_authority && signs && deep_enough {
            Ok(Step::Up)
        } else {
            Err(PathFault::NotAuthority)
        }
    }
}

/// Returns whether a certificate names itself as its issuer.
fn is_end(certificate: &Certificate) -> bool {
    certificate.issuer().raw() == certificate.subject().raw()
}

/// Returns the fault of a certificate whose issuer may be found at its addresses, or is asked for where it has none.
fn unknown(lower: &Certificate, end: Option<String>) -> PathFault {
    let (issuer, urls) = (lower.issuer().line(), lower.extensions().issuer_urls.clone());
    PathFault::IssuerUnknown { issuer, urls, end }
}

/// What came of one candidate.
enum Step {
    /// It signed and may.
    Up,
    /// It bears the name, but did not sign.
    NotSigned,
}
