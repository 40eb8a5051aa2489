// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is demanded of a signature: roots, purpose, person, freshness of evidence.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::asn1::Asn1Error;
use crate::certificate::Certificate;

/// Roots installed at once.
pub const ROOTS_MAX: usize = 64;

/// Why there is no trust in the certificates that were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustFault {
    /// One of them cannot be read.
    Unreadable {
        /// Which of them, counted from zero.
        place: usize,
        /// Why.
        fault: Asn1Error,
    },
    /// There are more than [`crate::limits::ROOTS_MAX`].
    TooMany,
}

impl std::fmt::Display for TrustFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable { place, fault } => {
                write!(f, "root {} of those given cannot be read: {fault}", place.saturating_add(1))
            }
            Self::TooMany => write!(f, "more than {ROOTS_MAX} roots were given"),
        }
    }
}

impl std::error::Error for TrustFault {}

/// The roots that the operator installed.
///
/// A pinned certificate ends every path, whether or not it signed itself.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    roots: Vec<Certificate>,
    is_confirmed: bool,
}

impl Trust {
    /// Returns trust in these certificates, DER or PEM; the fault says which of them cannot be read.
    ///
    /// ```
    /// use eds::{Trust, TrustFault};
    /// let fault = Trust::from_certificates([b"no certificate".as_slice()]).unwrap_err();
    /// assert!(matches!(fault, TrustFault::Unreadable { place: 0, .. }));
    /// assert!(fault.to_string().starts_with("root 1 of those given cannot be read: "));
    /// ```
    pub fn from_certificates<'a>(given: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, TrustFault> {
        let mut roots = Vec::new();
        for (place, bytes) in given.into_iter().enumerate() {
            if place == ROOTS_MAX {
                return Err(TrustFault::TooMany);
            }
            let root = Certificate::parse(bytes);
            roots.push(root.map_err(|fault| TrustFault::Unreadable { place, fault })?);
        }
        Ok(Self { roots, is_confirmed: false })
    }

    /// Returns the roots.
    #[must_use]
    pub fn roots(&self) -> &[Certificate] {
        &self.roots
    }

    /// Says that the hash of every root was confirmed from elsewhere. No verdict depends on it; reports name it.
    #[must_use]
    pub fn confirmed(self) -> Self {
        Self { is_confirmed: true, ..self }
    }

    /// Returns whether the hash of every root was confirmed from elsewhere.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        self.is_confirmed
    }
}

/// What a signature is for; decides what the certificate must allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A citizen signs an application: key of an individual.
    ApplicantSignature,
    /// An operator of the centre signs a request: key of an individual or of an employee; where `bin` is
    /// given, of an employee of that organisation.
    OperatorSignature {
        /// The organisation whose employee it must be.
        bin: Option<String>,
    },
    /// An official signs: key of an employee of the organisation, with at least this role.
    OfficialSignature {
        /// The organisation.
        bin: String,
        /// The least role.
        role: OfficialRole,
    },
    /// The organisation itself signs: key of its information system.
    OrganisationStamp {
        /// The organisation.
        bin: String,
    },
    /// Messages of the gateway are signed: key of an information system, or of a person of the organisation that is
    /// demanded.
    GatewayTransport {
        /// The organisation, where it is known.
        bin: Option<String>,
    },
    /// An authority stamps time: its certificate must be critically and alone for that.
    TimeStamping,
    /// Anyone. Beside path, terms and revocation it is judged that key usage and extended key usage are for signing, by a
    /// person or a system, that it is no authority, and that an IIN, where there is one, is whole and alone. Not judged are
    /// the policy of the certificate and, unless the rest of [`Policy`] demands it, whose it is. What a certificate that comes
    /// alone is for is told only.
    AnySignature,
}

impl Purpose {
    /// Returns the word for it at the command line and in reports.
    ///
    /// ```
    /// assert_eq!(eds::Purpose::AnySignature.word(), "any");
    /// ```
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::ApplicantSignature => "applicant",
            Self::OperatorSignature { .. } => "operator",
            Self::OfficialSignature { .. } => "official",
            Self::OrganisationStamp { .. } => "stamp",
            Self::GatewayTransport { .. } => "transport",
            Self::TimeStamping => "time-stamp",
            Self::AnySignature => "any",
        }
    }

    /// Returns the organisation that it names.
    pub(crate) fn bin(&self) -> Option<&str> {
        match self {
            Self::OfficialSignature { bin, .. } | Self::OrganisationStamp { bin } => Some(bin),
            Self::OperatorSignature { bin } | Self::GatewayTransport { bin } => bin.as_deref(),
            Self::ApplicantSignature | Self::TimeStamping | Self::AnySignature => None,
        }
    }

    /// Returns the least role that it names.
    pub(crate) const fn role(&self) -> Option<OfficialRole> {
        match self {
            Self::OfficialSignature { role, .. } => Some(*role),
            Self::ApplicantSignature
            | Self::OperatorSignature { .. }
            | Self::OrganisationStamp { .. }
            | Self::GatewayTransport { .. }
            | Self::TimeStamping
            | Self::AnySignature => None,
        }
    }
}

/// Roles of an official; a higher one includes the lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfficialRole {
    /// Any employee.
    Employee,
    /// Has the right to sign.
    RightToSign,
    /// The head.
    Head,
}

/// Which answers about revocation are demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// OCSP or a list, whichever answers.
    OcspOrCrl,
    /// OCSP for the signer; lists do for the authorities above.
    OcspOnly,
    /// Not asked. Only for previews and tests: the verdict says nothing about revocation.
    NotChecked,
}

/// Whether the signed attributes must name the signing certificate (ESS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningCertificate {
    /// Judged where it is present.
    IfPresent,
    /// Must be present.
    Required,
}

/// Whether a time stamp must prove when it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeStamps {
    /// Judged where there is one.
    IfPresent,
    /// Must be there: without one the verdict waits and names the need.
    Required,
}

/// For which time a signer without a time stamp is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutStamp {
    /// For the time the caller gives, at which the signature was received.
    Received,
    /// For the time the signer claims, where that is earlier. Only for looking into the past: it proves nothing.
    Claimed,
}

/// What is demanded of a signature.
///
/// ```
/// use eds::{Policy, Purpose, Trust};
/// let policy = Policy::new(Trust::default(), Purpose::ApplicantSignature).for_iin("991231300123");
/// assert_eq!(policy.expected_iin.as_deref(), Some("991231300123"));
/// ```
#[derive(Clone)]
pub struct Policy {
    /// The installed roots.
    pub trust: Trust,
    /// What the signature is for.
    pub purpose: Purpose,
    /// What it must be for as well: what was demanded when it was archived.
    pub also: Vec<Purpose>,
    /// The IIN that the certificate must hold.
    pub expected_iin: Option<String>,
    /// The BIN that the certificate must hold, whatever it is for.
    pub expected_bin: Option<String>,
    /// The least role that the certificate must give, whatever it is for.
    pub expected_role: Option<OfficialRole>,
    /// Which answers about revocation are demanded.
    pub revocation: Revocation,
    /// Age of an OCSP response (at the time judged) that still answers, where it promises no next one.
    pub ocsp_age_max: SignedDuration,
    /// Age of a list without a next update that still answers.
    pub crl_age_max: SignedDuration,
    /// Difference of clocks that is forgiven.
    pub clock_skew_max: SignedDuration,
    /// Nonce to ask OCSP with; a response that carries another is refused, one that carries none counts by its age
    /// alone, whatever it promises. Who can be asked is asked: answers and lists inside the signature count without a
    /// nonce alone.
    pub ocsp_nonce: Option<Vec<u8>>,
    /// Whether a response without the nonce is refused too. Some responders answer from a store and never echo it.
    pub ocsp_nonce_required: bool,
    /// Until when evidence may have been made; the present, when the past is judged. The time judged if absent.
    pub evidence_until: Option<Timestamp>,
    /// When the file and the older ones of the answers given with it were there, where an earlier time is judged because a time
    /// stamp proves it. The time judged if absent.
    pub seen_at: Option<Timestamp>,
    /// Whether the signed attributes must name the certificate.
    pub signing_certificate: SigningCertificate,
    /// How far the claimed signing time may lie from the time judged; not judged if absent.
    pub signing_time_skew_max: Option<SignedDuration>,
    /// Whether a time stamp must prove when it was signed.
    pub time_stamps: TimeStamps,
    /// Nonce to ask for a time stamp with.
    pub stamp_nonce: Option<Vec<u8>>,
    /// For which time a signer without a time stamp is judged.
    pub without_stamp: WithoutStamp,
    /// When the time stamps are known to have existed, by a later stamp over them. Their authority's key may have been
    /// compromised after that; that it was not before, answers must say that speak about that time.
    pub stamps_existed_at: Option<Timestamp>,
    /// Time stamps of the evidence that the later stamp does not stand over, and when each is known to have existed.
    pub stamps_apart: Vec<(Vec<u8>, Option<Timestamp>)>,
    /// Whether the issuers that are not at hand were sought: then a stamp whose issuer is still unknown proves nothing, and
    /// what is invalid without it waits no longer.
    pub issuers_sought: bool,
    /// Whether the responders were asked: then, about a certificate of which none answered, what was given or lies inside counts though
    /// it answers another question.
    pub answers_sought: bool,
}

impl Policy {
    /// Returns the usual policy: revocation by OCSP or list, each in its term; where it promises no next one, an answer of the last hour
    /// or a list of the last two days.
    ///
    /// So answers and lists that lie inside the signature count, and the signer chose those: whoever can ask sets a nonce
    /// ([`Policy::ocsp_nonce`]).
    #[must_use]
    pub const fn new(trust: Trust, purpose: Purpose) -> Self {
        Self {
            trust,
            purpose,
            also: Vec::new(),
            expected_iin: None,
            expected_bin: None,
            expected_role: None,
            revocation: Revocation::OcspOrCrl,
            ocsp_age_max: SignedDuration::from_hours(1),
            crl_age_max: SignedDuration::from_hours(48),
            clock_skew_max: SignedDuration::from_mins(5),
            ocsp_nonce: None,
            ocsp_nonce_required: true,
            evidence_until: None,
            seen_at: None,
            signing_certificate: SigningCertificate::IfPresent,
            signing_time_skew_max: None,
            time_stamps: TimeStamps::IfPresent,
            stamp_nonce: None,
            without_stamp: WithoutStamp::Received,
            stamps_existed_at: None,
            stamps_apart: Vec::new(),
            issuers_sought: false,
            answers_sought: false,
        }
    }

    /// Demands that the certificate holds this IIN.
    #[must_use]
    pub fn for_iin(mut self, iin: impl Into<String>) -> Self {
        self.expected_iin = Some(iin.into());
        self
    }
}

impl std::fmt::Debug for Policy {
    // The expected IIN stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy")
            .field("roots", &self.trust.roots.len())
            .field("purpose", &self.purpose)
            .field("revocation", &self.revocation)
            .finish_non_exhaustive()
    }
}
