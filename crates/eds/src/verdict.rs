// SPDX-License-Identifier: MIT OR Apache-2.0
//! What verification answers: valid, invalid or indeterminate, and every check with its machine code.

mod outcome;
mod stamp;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::evidence::base64_bytes;

pub use outcome::Outcome;
pub use stamp::{JudgedTime, StampPlace, TimeBasis, TimeStamp};

/// The answer, with everything that was looked at.
///
/// ```
/// use eds::{Content, Evidence, Outcome, Policy, Purpose, Trust, verify_cms};
/// let policy = Policy::new(Trust::default(), Purpose::ApplicantSignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let verdict = verify_cms(&Content::Attached, b"nothing", &Evidence::default(), at, &policy);
/// assert_eq!(verdict.outcome, Outcome::Invalid);
/// assert_eq!(verdict.failed_codes(), ["container-malformed"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Valid, invalid, or what is needed to decide.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The time for which it was judged.
    pub at: Timestamp,
    /// Each check, in order.
    pub checks: Vec<Check>,
    /// Each signer whose certificate was found, in the order of the container.
    pub signers: Vec<Signer>,
}

/// Something outside that verification needs; the caller fetches it and puts it into the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "need", rename_all = "kebab-case")]
pub enum Need {
    /// An OCSP response: send `request` to `url`; one of `crl_urls` may stand in for it.
    Ocsp {
        /// Serial number of the certificate asked about.
        serial_hex: String,
        /// Name of its issuer.
        issuer: String,
        /// Address of the responder.
        url: String,
        /// The request, ready to be posted as `application/ocsp-request`.
        #[serde(with = "base64_bytes")]
        request: Vec<u8>,
        /// Addresses of lists that would answer as well.
        crl_urls: Vec<String>,
    },
    /// A revocation list.
    Crl {
        /// Serial number of the certificate asked about.
        serial_hex: String,
        /// Name of its issuer.
        issuer: String,
        /// Address of the list.
        url: String,
    },
    /// The certificate of an issuer.
    Issuer {
        /// Name of the issuer.
        issuer: String,
        /// Addresses where it may be found.
        urls: Vec<String>,
    },
    /// A time stamp over a signature value: post `request` as `application/timestamp-query` to an authority.
    TimeStamp {
        /// SHA-256 of the signature value.
        #[serde(with = "base64_bytes")]
        sha256: Vec<u8>,
        /// The request, ready to be posted.
        #[serde(with = "base64_bytes")]
        request: Vec<u8>,
    },
    /// What was signed or stamped: it lies neither inside nor was it given.
    Content,
    /// An answer about revocation by this authority that speaks about this time. No address is known: whoever
    /// handed over the file has it, or asks the authority.
    Answer {
        /// Name of the authority; empty where nothing says it.
        issuer: String,
        /// The time about which it must speak.
        at: Timestamp,
    },
    /// A version of this program that computes this algorithm: nothing that comes in the meantime decides.
    Algorithm {
        /// Its object identifier, or its name in signed XML.
        oid: String,
    },
}

/// One check: what was looked for, in whom, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// The fault that was looked for.
    pub code: CheckCode,
    /// Whether it was absent.
    pub result: CheckResult,
    /// In what it was looked for.
    pub subject: Subject,
    /// Dates, numbers, names of algorithms or authorities; never personal data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckResult {
    /// The fault is absent.
    Passed,
    /// The fault is there.
    Failed,
    /// It could not be decided.
    Unknown,
}

/// In what a fault was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The container as a whole.
    Container,
    /// A signer, counted from zero.
    Signer(usize),
    /// A certificate, by its serial number in hexadecimal.
    Certificate(String),
    /// A time stamp, within the checks of that stamp.
    TimeStamp,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Machine codes of the checks. A code names the fault that is looked for; codes never change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum CheckCode { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl CheckCode {
            /// Every code, for pages that give words to each.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the code as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The file, or a part of it, is not well formed.
    ContainerMalformed = "container-malformed",
    /// The PDF is encrypted, so what is shown is not what can be read here.
    PdfEncrypted = "pdf-encrypted",
    /// The PDF is larger, or holds more, than is read here.
    PdfTooLarge = "pdf-too-large",
    /// The signature of a PDF is of a form that is not verified.
    SignatureFormUnsupported = "signature-form-unsupported",
    /// Nobody signed.
    SignersAbsent = "signers-absent",
    /// The content is neither inside nor given, or both.
    ContentAbsent = "content-absent",
    /// The content inside is not the content given.
    ContentMismatch = "content-mismatch",
    /// The signer's certificate is not there.
    CertificateAbsent = "certificate-absent",
    /// A certificate is malformed.
    CertificateMalformed = "certificate-malformed",
    /// The algorithm is not one that signatures may use.
    AlgorithmUnknown = "algorithm-unknown",
    /// The algorithm is known, but the version that judged did not verify it. This one verifies all that it knows:
    /// the word stands in verdicts that were stored before.
    AlgorithmUnsupported = "algorithm-unsupported",
    /// Digest, signature and key name different algorithms.
    AlgorithmMismatch = "algorithm-mismatch",
    /// The key is too short or too long.
    KeySize = "key-size",
    /// Signed attributes are absent, repeated or malformed.
    SignedAttributes = "signed-attributes",
    /// The signed attributes name another type of content.
    ContentTypeMismatch = "content-type-mismatch",
    /// The data are not those that were signed.
    DigestMismatch = "digest-mismatch",
    /// The signature is not that key's signature of these bytes.
    SignatureMismatch = "signature-mismatch",
    /// The signed attributes name another certificate, or none where one is demanded.
    SigningCertificateMismatch = "signing-certificate-mismatch",
    /// The time that the signer claims is too far from the time judged.
    SigningTime = "signing-time",
    /// What the signature covers is not the whole of what is shown.
    ContentNotCovered = "content-not-covered",
    /// A later signature shows something on a page of what was signed before, or may have it drawn otherwise.
    AppearanceAdded = "appearance-added",
    /// What the PDF shows may change by itself: it holds a script, a form drawn by a program, or what lies elsewhere.
    ActiveContent = "active-content",
    /// A reference of signed XML is wrapped, ambiguous or of a kind not admitted.
    ReferenceNotAdmitted = "reference-not-admitted",
    /// The issuer is at hand, but its key does not confirm the signature on the certificate, or may not be used.
    CertificateSignatureMismatch = "certificate-signature-mismatch",
    /// The certificate's term has ended at the time judged.
    CertificateExpired = "certificate-expired",
    /// The certificate's term has not begun at the time judged.
    CertificateNotYetValid = "certificate-not-yet-valid",
    /// The certificate was revoked, as far as that concerns the time judged.
    CertificateRevoked = "certificate-revoked",
    /// The authority says that it never issued this certificate.
    CertificateNotIssued = "certificate-not-issued",
    /// Whether it was revoked is not known: no fresh, trustworthy answer.
    RevocationUnknown = "revocation-unknown",
    /// An answer about revocation was given but does not count.
    RevocationEvidence = "revocation-evidence",
    /// An answer about revocation that is judged by itself does not speak about the time judged.
    RevocationTime = "revocation-time",
    /// No path to an installed root was found.
    ChainUntrusted = "chain-untrusted",
    /// A certificate in the path may not issue others.
    IssuerNotAuthority = "issuer-not-authority",
    /// A certificate holds a critical extension that is not understood.
    CriticalExtension = "critical-extension",
    /// The key is not meant for this kind of signature.
    KeyUsage = "key-usage",
    /// The certificate is not meant for this kind of signature.
    ExtendedKeyUsage = "extended-key-usage",
    /// The certificate follows no policy of the national authority.
    CertificatePolicy = "certificate-policy",
    /// The certificate holds no IIN, several, or a malformed one.
    IinAbsent = "iin-absent",
    /// The certificate belongs to another person, or names no IIN.
    IinMismatch = "iin-mismatch",
    /// The certificate belongs to another organisation, or to none.
    BinMismatch = "bin-mismatch",
    /// The official's role is not sufficient.
    RoleInsufficient = "role-insufficient",
    /// No time stamp proves when the signature existed, though one is demanded.
    TimeStampAbsent = "time-stamp-absent",
    /// There is a time stamp on which the answer depends, but it could not be judged yet.
    TimeStampUnknown = "time-stamp-unknown",
    /// The time stamp was made over other bytes.
    TimeStampImprint = "time-stamp-imprint",
    /// The time stamp is from the future, or a seal is older than the one before it.
    TimeStampTime = "time-stamp-time",
    /// What shows that the stamp was there while the key of its authority served.
    TimeStampProof = "time-stamp-proof",
    /// The key that made the time stamp is not meant, critically and alone, for stamping time.
    TimeStampUsage = "time-stamp-usage",
    /// A seal of the archive is not a valid time stamp over everything before it.
    ArchiveSeal = "archive-seal",
}

impl std::fmt::Display for CheckCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who signed, as the certificate says; `C` is the form of the checks of its stamps.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Signer<C = Check> {
    /// Valid, invalid or indeterminate for this signer alone.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// IIN, if there is exactly one.
    pub iin: Option<String>,
    /// BIN, if there is exactly one.
    pub bin: Option<String>,
    /// Common name, `SURNAME NAME`.
    pub common_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Name, taken from the common name after the surname.
    pub given: Option<String>,
    /// Patronymic; the authority writes it as the given name.
    pub patronymic: Option<String>,
    /// Organisation.
    pub organization: Option<String>,
    /// Serial number of the certificate.
    pub serial_hex: String,
    /// Name of the issuer.
    pub issuer: String,
    /// First instant of validity.
    pub not_before: Timestamp,
    /// Last instant of validity.
    pub not_after: Timestamp,
    /// Key usage, in words.
    pub key_usage: Vec<String>,
    /// National roles.
    pub roles: Vec<Role>,
    /// Time the signer claims to have signed at; proves nothing.
    pub claimed_time: Option<Timestamp>,
    /// The time for which this signer was judged, and why that one.
    pub time: JudgedTime,
    /// Time stamps over this signature; those that prove nothing too, with the reason.
    #[serde(default = "Vec::new")]
    pub stamps: Vec<TimeStamp<C>>,
    /// The certificate as received.
    #[serde(with = "base64_bytes")]
    pub certificate: Vec<u8>,
}

impl<C> std::fmt::Debug for Signer<C> {
    // Names and numbers of people stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer")
            .field("outcome", &self.outcome)
            .field("serial_hex", &self.serial_hex)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

/// Roles that the national authority writes into certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// An individual.
    Individual,
    /// Belongs to an organisation.
    Organisation,
    /// Head of the organisation.
    Head,
    /// Has the right to sign.
    RightToSign,
    /// Has the right to sign financial documents.
    Financial,
    /// Human resources.
    HumanResources,
    /// Employee.
    Employee,
    /// An information system.
    InformationSystem,
}

impl Verdict {
    /// Returns the codes of the failed checks, each once.
    #[must_use]
    pub fn failed_codes(&self) -> Vec<&'static str> {
        codes_with(&self.checks, CheckResult::Failed)
    }

    /// Returns the codes of the checks that could not be decided, each once.
    #[must_use]
    pub fn unknown_codes(&self) -> Vec<&'static str> {
        codes_with(&self.checks, CheckResult::Unknown)
    }

    /// Returns whether every check passed.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.outcome == Outcome::Valid
    }

    /// Returns what is needed to decide; empty unless indeterminate.
    #[must_use]
    pub fn needs(&self) -> &[Need] {
        match &self.outcome {
            Outcome::Indeterminate { needs } => needs,
            Outcome::Valid | Outcome::Invalid => &[],
        }
    }

    /// Returns the signer if there is exactly one.
    #[must_use]
    pub fn signer(&self) -> Option<&Signer> {
        match self.signers.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

fn codes_with(checks: &[Check], result: CheckResult) -> Vec<&'static str> {
    let mut codes: Vec<&'static str> = Vec::new();
    for check in checks.iter().filter(|check| check.result == result) {
        if !codes.contains(&check.code.as_str()) {
            codes.push(check.code.as_str());
        }
    }
    codes
}
