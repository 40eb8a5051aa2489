// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why an answer counts for nothing.

use const_oid::ObjectIdentifier;

use crate::algorithm::SignatureFault;
use crate::asn1::Asn1Error;

/// Why an answer counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// It is about another certificate or by another authority.
    OtherSubject,
    /// It is malformed.
    Malformed,
    /// Its signer is not the authority nor its delegate.
    SignerUntrusted,
    /// It, or the certificate of the delegate that signed it, is signed by this algorithm, which is not computed here.
    Algorithm(ObjectIdentifier),
    /// It is too old.
    Stale,
    /// It was made after the certificate's term, when its authority may have forgotten it.
    AfterTheEnd,
    /// It is from the future.
    Future,
    /// It does not echo the nonce.
    Nonce,
    /// The key of the delegate that signed it ended, and nothing proves that it existed before.
    Ended,
    /// The responder gave this error instead.
    Refused(u8),
    /// It covers less than is asked, or uses a feature that is not understood.
    Partial,
}

impl Unusable {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::OtherSubject => "other-subject",
            Self::Malformed => "malformed",
            Self::SignerUntrusted => "signer-untrusted",
            Self::Algorithm(_) => "algorithm-unknown",
            Self::Stale => "stale",
            Self::AfterTheEnd => "made-after-the-end",
            Self::Future => "from-the-future",
            Self::Nonce => "nonce-differs",
            Self::Ended => "responder-ended",
            Self::Refused(_) => "responder-error",
            Self::Partial => "partial",
        }
    }

    /// Returns the word and, where it is for an algorithm, its identifier.
    pub(super) fn told(self) -> String {
        let word = self.word();
        if let Self::Algorithm(oid) = self { format!("{word} {oid}") } else { word.to_owned() }
    }
}

impl From<Asn1Error> for Unusable {
    fn from(_: Asn1Error) -> Self {
        Self::Malformed
    }
}

impl From<SignatureFault> for Unusable {
    fn from(_: SignatureFault) -> Self {
        Self::SignerUntrusted
    }
}
