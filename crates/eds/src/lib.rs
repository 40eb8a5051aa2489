// SPDX-License-Identifier: MIT OR Apache-2.0
//! Electronic digital signatures as values: CMS, `XMLDSig`, `PAdES`, chains, CRL, OCSP, time stamps.
//!
//! No input or output, no clock, no randomness of its own: a verdict follows from the bytes, the evidence, the
//! time and the policy, so it can be reached again years later. What is missing is named in the verdict
//! ([`Need`]); the caller fetches it and asks again. What cannot be decided is never valid.
//!
//! From bytes to a verdict, with what is missing fetched by the caller (three rounds are enough: the issuer, then
//! the answers about revocation, then the verdict):
//!
//! ```no_run
//! use eds::{Content, Evidence, Need, Policy, Verdict, verify_cms};
//!
//! const ROUNDS_MAX: usize = 3;
//!
//! fn judge(xml: &[u8], cms: &[u8], policy: &Policy, at: jiff::Timestamp, fetch: impl Fn(&Need) -> Option<Vec<u8>>) -> (Verdict, Evidence) {
//!     let mut evidence = Evidence::default();
//!     let mut verdict = verify_cms(&Content::Detached(xml), cms, &evidence, at, policy);
//!     for _ in 0..ROUNDS_MAX {
//!         let fetched: Vec<_> = verdict.needs().iter().filter_map(|need| Some((need.clone(), fetch(need)?))).collect();
//!         if fetched.is_empty() {
//!             break;
//!         }
//!         fetched.into_iter().for_each(|(need, answer)| evidence.put(&need, answer));
//!         verdict = verify_cms(&Content::Detached(xml), cms, &evidence, at, policy);
//!     }
//!     (verdict, evidence) // both are stored with the act
//! }
//! ```
//!
//! Addresses in needs come out of certificates that are not trusted yet: fetch only from hosts that are configured.
//!
//! Not a certified cryptographic tool. RSA (PKCS#1 v1.5) with SHA-256, SHA-384 and SHA-512 and the GOST algorithms of the
//! national authority are verified ([`algorithm`] is the seam, [`gost`] the curves); signed is by RSA with SHA-256.

pub mod algorithm;
mod archive;
pub mod asn1;
mod certificate;
mod cms;
pub mod crl;
mod evidence;
mod examine;
mod findings;
pub mod gost;
pub mod oids;
pub mod pades;
mod path;
pub mod pkcs12;
mod policy;
mod profile;
mod revocation;
mod signed_pdf;
mod signed_xml;
pub mod tsp;
mod verdict;
mod words;
pub mod xml;

pub use archive::{
    ARCHIVE_BYTES_MAX, ARCHIVE_VERSION, ARCHIVED_LIST_BYTES_MAX, Archive, ArchiveFault, ArchiveVerdict,
    ArchivedAct, ArchivedContent, SEALS_MAX, judge_archive, verify_archive,
};
pub use certificate::{Certificate, Extensions, KeyUsage, Name, NameIds};
pub use cms::{
    Content, RsaSigner, SignFault, SignedAttributes, assemble, attached_content, certificates, embed_stamp,
    sign_cms_attached, sign_cms_detached, signature_values, signed_attributes, signed_attributes_by,
    verify_cms, verify_cms_digest,
};
pub use evidence::{Evidence, Origins};
pub use examine::{
    Demanded, Examination, Kind, Report, RevocationAsked, RootsAre, Told, Unread, Words, examine, handed_over,
};
pub use findings::Findings;
pub use path::{Context, Signed, judge_certificate, judge_signature};
pub use policy::{
    OfficialRole, Policy, Purpose, Revocation, SigningCertificate, TimeStamps, Trust, TrustFault,
    WithoutStamp,
};
pub use revocation::ocsp::request as ocsp_request;
pub use revocation::revocation_of;
pub use signed_pdf::verify_pdf;
pub use signed_xml::{judge_signed, verify_xml};
pub use verdict::{
    Check, CheckCode, CheckResult, JudgedTime, Need, Outcome, Role, Signer, StampPlace, Subject, TimeBasis,
    TimeStamp, Verdict,
};
pub use words::Lang;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Bounds on everything that is read.
pub mod limits {
    pub use crate::certificate::CERTIFICATE_BYTES_MAX;
    pub use crate::cms::{CERTIFICATES_MAX, CMS_BYTES_MAX, SIGNERS_MAX};
    pub use crate::evidence::EVIDENCE_ITEMS_MAX;
    pub use crate::path::PATH_LENGTH_MAX;
    pub use crate::policy::ROOTS_MAX;
    pub use crate::revocation::crl::CRL_BYTES_MAX;
    pub use crate::revocation::ocsp::OCSP_BYTES_MAX;
    pub use crate::tsp::STAMP_BYTES_MAX;
}

/// Returns the SHA-256 of `bytes`.
///
/// ```
/// assert_eq!(eds::sha256(b"")[..2], [0xe3, 0xb0]);
/// ```
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref());
    digest
}
