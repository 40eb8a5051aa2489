// SPDX-License-Identifier: MIT OR Apache-2.0
//! The work on one certificate: nothing is verified twice, and what proves nothing is not verified without end.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use const_oid::ObjectIdentifier;

use super::Unusable;
use super::crl::{self, Proven, Spoken};
use crate::algorithm::{Foreign, SignatureAlgorithm, SignatureFault};
use crate::certificate::Certificate;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Origin};
use crate::path::{Context, Signed};

/// Signatures that may turn out wrong before the rest of the evidence is left unread: whoever makes a file can put any number
/// of answers and lists into it that say whose they are and are not.
const WRONG_MAX: usize = 16;

/// What lists say about one certificate.
type Heard = Rc<[Result<Spoken, Unusable>]>;

/// Counts the signatures that were wrong.
#[derive(Default)]
struct Wrong(Cell<usize>);

impl Wrong {
    /// Verifies a signature, unless too many were wrong before.
    fn verify(&self, signature: impl FnOnce() -> Result<(), SignatureFault>) -> Result<(), Unusable> {
        let before = self.0.get();
        if before >= WRONG_MAX {
            self.0.set(WRONG_MAX + 1);
            return Err(Unusable::SignerUntrusted);
        }
        signature().map_err(|_| {
            self.0.set(before + 1);
            Unusable::SignerUntrusted
        })
    }

    /// Returns whether a signature was left unverified.
    fn is_too_many(&self) -> bool {
        self.0.get() > WRONG_MAX
    }
}

/// The work on one certificate and on the responders that answer about it, all of one issuer.
pub(crate) struct Work<'c> {
    pub(super) issuer: &'c Certificate,
    pub(super) context: Context<'c>,
    wrong: Wrong,
    /// Among what came with the file: it uses up nothing of what else is there.
    wrong_inside: Wrong,
    lists: OnceCell<Vec<Result<Proven<'c>, Unusable>>>,
    /// The certificates of the evidence.
    given: OnceCell<Vec<Certificate>>,
    /// By certificate, DER.
    heard: RefCell<Vec<(Vec<u8>, Heard)>>,
}

impl<'c> Work<'c> {
    pub(super) fn new(issuer: &'c Certificate, context: Context<'c>) -> Self {
        Self {
            issuer,
            context,
            wrong: Wrong::default(),
            wrong_inside: Wrong::default(),
            lists: OnceCell::new(),
            given: OnceCell::new(),
            heard: RefCell::new(Vec::new()),
        }
    }

    /// Returns whether something was left unread that may say that the certificate is revoked. Of what came with the file only
    /// what is read counts: whoever made it could have left the rest out.
    pub(super) fn is_broken_off(&self) -> bool {
        self.wrong.is_too_many()
    }

    /// Returns whether anything was left unread.
    pub(super) fn has_unread(&self) -> bool {
        self.wrong.is_too_many() || self.wrong_inside.is_too_many()
    }

    const fn counted(&self, origin: Origin) -> &Wrong {
        if origin.is_inside { &self.wrong_inside } else { &self.wrong }
    }

    /// Says whether this key signed these bytes.
    pub(super) fn judge_signed(
        &self,
        algorithm: ObjectIdentifier,
        by: &Certificate,
        signed: &Signed<'_>,
        origin: Origin,
    ) -> Result<(), Unusable> {
        let algorithm = computed(algorithm, by)?;
        self.counted(origin).verify(|| algorithm.verify(by.spki(), signed.message, signed.signature))
    }

    /// Says whether the issuer signed this certificate, which came with an answer.
    pub(super) fn judge_issued(&self, certificate: &Certificate, origin: Origin) -> Result<(), Unusable> {
        // Nobody asks the lists about a delegate before this.
        if self.find_heard(certificate).is_some() {
            return Ok(());
        }
        computed(certificate.signature_oid(), self.issuer)?;
        self.counted(origin).verify(|| certificate.is_signed_by(self.issuer))
    }

    /// Returns the certificates of the evidence.
    pub(super) fn given(&self) -> &[Certificate] {
        let all = || self.context.evidence.certificates.iter().take(EVIDENCE_ITEMS_MAX);
        self.given.get_or_init(|| all().filter_map(|it| Certificate::parse(it).ok()).collect())
    }

    /// Returns the lists of the issuer, each once, and why others count for nothing.
    pub(super) fn lists(&self) -> &[Result<Proven<'c>, Unusable>] {
        let prove = |(bytes, origin)| crl::prove(bytes, origin, self);
        self.lists.get_or_init(|| self.context.evidence.lists().map(prove).collect())
    }

    /// Returns what the lists say about a certificate that the issuer signed.
    pub(super) fn heard(&self, certificate: &Certificate) -> Heard {
        if let Some(heard) = self.find_heard(certificate) {
            return heard;
        }
        let heard: Heard = crl::hear(certificate, self).into();
        self.heard.borrow_mut().push((certificate.der().to_vec(), Rc::clone(&heard)));
        heard
    }

    fn find_heard(&self, certificate: &Certificate) -> Option<Heard> {
        let heard = self.heard.borrow();
        heard.iter().find(|it| it.0 == certificate.der()).map(|it| Rc::clone(&it.1))
    }
}

/// Returns the algorithm of this identifier, by which a signature of this key is said to be made.
pub(super) fn computed(oid: ObjectIdentifier, by: &Certificate) -> Result<SignatureAlgorithm, Unusable> {
    let is_of_other_key = Foreign::from_oid(&oid).is_some_and(|it| !it.takes(by.spki()));
    let fault = if is_of_other_key { Unusable::SignerUntrusted } else { Unusable::Algorithm(oid) };
    SignatureAlgorithm::from_oid(&oid).ok_or(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_signatures_are_verified_so_many_times_and_right_ones_cost_nothing() {
        let (wrong, tried) = (Wrong::default(), Cell::new(0));
        let verify = |result: Result<(), SignatureFault>| {
            wrong.verify(|| {
                tried.set(tried.get() + 1);
                result
            })
        };
        for _ in 0..2 * WRONG_MAX {
            assert_eq!(verify(Ok(())), Ok(()));
        }
        for _ in 0..WRONG_MAX {
            assert_eq!(verify(Err(SignatureFault::Mismatch)), Err(Unusable::SignerUntrusted));
        }
        assert!(!wrong.is_too_many());
        assert_eq!(verify(Ok(())), Err(Unusable::SignerUntrusted));
        assert!(wrong.is_too_many());
        assert_eq!(tried.get(), 3 * WRONG_MAX);
    }
}
