// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be wrong with a signed document.

use std::fmt;

use crate::algorithm::{Foreign, is_foreign_form};

/// Why a document was not canonicalised, signed or accepted.
///
/// No variant carries text of the document, except names of algorithms, which are cut to a bounded length.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The document is longer than the limit, or its canonical form is, or those of all its signatures together.
    TooLarge,
    /// Elements are nested deeper than the limit.
    TooDeep,
    /// Too many of something: tags, attributes, namespaces, signatures.
    TooMany {
        /// What there is too much of.
        what: &'static str,
    },
    /// The bytes are not UTF-8, or the declaration names another encoding.
    NotUtf8,
    /// The document has a document type declaration.
    Dtd,
    /// The document is not well-formed; with the line and the column, from 1.
    Malformed {
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
    },
    /// The name of a namespace is relative: such a document has no canonical form.
    NamespaceRelative,
    /// There is no signature where one is expected.
    NotSigned,
    /// There are two signatures where one is expected.
    SignatureDoubled,
    /// The signature is not where its kind has to stand.
    SignatureMisplaced,
    /// A part of the signature is missing, doubled, out of order or of the wrong form.
    SignatureShape {
        /// The part.
        part: &'static str,
    },
    /// Something stands inside the signature that is none of its parts, and that nobody signed.
    UnsignedInside,
    /// Several parts of the document are signed at once.
    ReferencesSeveral,
    /// The reference points outside the document or is written in a form that is not supported.
    ReferenceForeign,
    /// No element has the id that the reference names.
    ReferenceMissing,
    /// Several elements have the id that the reference names.
    ReferenceAmbiguous,
    /// The reference points to another element than the one that has to be covered.
    ReferenceElsewhere,
    /// The transforms are not those allowed for this kind of signature.
    Transforms,
    /// The digest of the covered part is not the one that belongs to the signature's algorithm.
    AlgorithmMixed,
    /// The algorithm is strong, as far as anybody knows, but not computed here.
    ForeignAlgorithm {
        /// The algorithm's name.
        algorithm: String,
    },
    /// The algorithm is not known or not allowed.
    UnknownAlgorithm {
        /// The algorithm's name, cut to a bounded length.
        algorithm: String,
    },
    /// The signature carries no certificate.
    CertificateMissing,
    /// The certificate lies there in a form that is not read here, as a path of several.
    CertificateForm,
    /// The certificate cannot be read.
    CertificateMalformed,
    /// The certificate's key does not fit the algorithm.
    CertificateKey,
    /// The signed properties name another certificate than the one that is carried.
    CertificateOther,
    /// The covered part was changed after signing.
    DigestMismatch,
    /// The signature value does not belong to this text and this certificate.
    SignatureMismatch,
    /// The root element is not a SOAP envelope, or its children are not a header and a body.
    NotEnvelope,
    /// The envelope has no body.
    BodyMissing,
    /// The document has more than one SOAP body.
    BodyDoubled,
    /// The body has no id to refer to.
    BodyWithoutId,
    /// The document is signed already.
    AlreadySigned,
    /// The holder of the key did not sign.
    SignerFailed {
        /// The words of the key's holder.
        reason: String,
    },
}

/// Names of algorithms in errors are cut to so many characters.
const ALGORITHM_CHARS_MAX: usize = 120;

impl Error {
    /// Returns the stable name of the error, for tables and journals.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooMany { .. } => "too-many",
            Self::NotUtf8 => "not-utf8",
            Self::Dtd => "dtd",
            Self::Malformed { .. } => "malformed",
            Self::NamespaceRelative => "namespace-relative",
            Self::NotSigned => "not-signed",
            Self::SignatureDoubled => "signature-doubled",
            Self::SignatureMisplaced => "signature-misplaced",
            Self::SignatureShape { .. } => "signature-shape",
            Self::UnsignedInside => "unsigned-inside",
            Self::ReferencesSeveral => "references-several",
            Self::ReferenceForeign => "reference-foreign",
            Self::ReferenceMissing => "reference-missing",
            Self::ReferenceAmbiguous => "reference-ambiguous",
            Self::ReferenceElsewhere => "reference-elsewhere",
            Self::Transforms => "transforms",
            Self::AlgorithmMixed => "algorithm-mixed",
            Self::ForeignAlgorithm { .. } => "foreign-algorithm",
            Self::UnknownAlgorithm { .. } => "unknown-algorithm",
            Self::CertificateMissing => "certificate-missing",
            Self::CertificateForm => "certificate-form",
            Self::CertificateMalformed => "certificate-malformed",
            Self::CertificateKey => "certificate-key",
            Self::CertificateOther => "certificate-other",
            Self::DigestMismatch => "digest-mismatch",
            Self::SignatureMismatch => "signature-mismatch",
            Self::NotEnvelope => "not-envelope",
            Self::BodyMissing => "body-missing",
            Self::BodyDoubled => "body-doubled",
            Self::BodyWithoutId => "body-without-id",
            Self::AlreadySigned => "already-signed",
            Self::SignerFailed { .. } => "signer-failed",
        }
    }

    /// Returns the error for an algorithm of signatures or digests that cannot be used.
    pub(crate) fn algorithm(name: &str) -> Self {
        Self::of_algorithm(name, Foreign::from_xml(name).is_some())
    }

    /// Returns the error for a canonical form, or another transform, that cannot be used.
    pub(crate) fn form(name: &str) -> Self {
        Self::of_algorithm(name, is_foreign_form(name))
    }

    fn of_algorithm(name: &str, is_strong: bool) -> Self {
        let algorithm = name.chars().filter(char::is_ascii_graphic).take(ALGORITHM_CHARS_MAX).collect();
        if is_strong { Self::ForeignAlgorithm { algorithm } } else { Self::UnknownAlgorithm { algorithm } }
    }

    /// Returns the name of the algorithm that cannot be used, if it has one.
    pub(crate) fn algorithm_name(&self) -> Option<&str> {
        if let Self::ForeignAlgorithm { algorithm } | Self::UnknownAlgorithm { algorithm } = self {
            Some(algorithm.as_str()).filter(|it| !it.is_empty())
        } else {
            None
        }
    }

    pub(crate) fn shape(part: &'static str) -> Self {
        Self::SignatureShape { part }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(
                f,
                "the document is longer than {} bytes, or its canonical form than {}",
                super::DOCUMENT_BYTES_MAX,
                super::CANONICAL_BYTES_MAX
            ),
            Self::TooDeep => write!(f, "elements are nested deeper than {}", super::DEPTH_MAX),
            Self::TooMany { what } => write!(f, "the document has too many {what}"),
            Self::NotUtf8 => f.write_str("the document is not in utf-8"),
            Self::Dtd => f.write_str("a document type declaration is not accepted"),
            Self::Malformed { line, column } => {
                write!(f, "the document is not well-formed at line {line}, column {column}")
            }
            Self::NamespaceRelative => f.write_str("the name of a namespace is relative"),
            Self::NotSigned => f.write_str("the document is not signed"),
            Self::SignatureDoubled => f.write_str("there is more than one signature"),
            Self::SignatureMisplaced => f.write_str("the signature is not at its place"),
            Self::SignatureShape { part } => write!(f, "the signature's `{part}` is missing or malformed"),
            Self::UnsignedInside => f.write_str("something that nobody signed stands inside the signature"),
            Self::ReferencesSeveral => f.write_str("several parts of the document are signed at once"),
            Self::ReferenceForeign => f.write_str("the reference points outside the document"),
            Self::ReferenceMissing => f.write_str("no element has the id of the reference"),
            Self::ReferenceAmbiguous => f.write_str("several elements have the id of the reference"),
            Self::ReferenceElsewhere => f.write_str("the reference covers another element"),
            Self::Transforms => f.write_str("the transforms are not those of this kind of signature"),
            Self::AlgorithmMixed => f.write_str("the digest does not belong to the signature's algorithm"),
            Self::ForeignAlgorithm { algorithm } => write!(f, "algorithm `{algorithm}` is not known here"),
            Self::UnknownAlgorithm { algorithm } => write!(f, "algorithm `{algorithm}` is not accepted"),
            Self::CertificateMissing => f.write_str("the signature carries no certificate"),
            Self::CertificateForm => f.write_str("the certificate lies there in a form that is not read"),
            Self::CertificateMalformed => f.write_str("the certificate cannot be read"),
            Self::CertificateKey => f.write_str("the certificate's key does not fit the algorithm"),
            Self::CertificateOther => f.write_str("the signed properties name another certificate"),
            Self::DigestMismatch => f.write_str("the signed part was changed after signing"),
            Self::SignatureMismatch => {
                f.write_str("the signature does not belong to this text and certificate")
            }
            Self::NotEnvelope => f.write_str("the document is not a soap envelope of a header and a body"),
            Self::BodyMissing => f.write_str("the envelope has no body"),
            Self::BodyDoubled => f.write_str("the document has more than one soap body"),
            Self::BodyWithoutId => f.write_str("the body has no id"),
            Self::AlreadySigned => f.write_str("the document is signed already"),
            Self::SignerFailed { reason } => write!(f, "the key's holder did not sign: {reason}"),
        }
    }
}

impl std::error::Error for Error {}
