// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be wrong with a message.

use std::fmt;

use crate::Code;

/// Why a message was not read or not written.
///
/// The texts name elements of the schemas; never what stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The document is longer than the limit.
    TooLarge,
    /// Elements are nested deeper than the limit.
    TooDeep,
    /// There are too many of something.
    TooMany {
        /// What there is too much of.
        what: &'static str,
    },
    /// A text is longer than its field may be.
    TooLong {
        /// The element.
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
    /// The root is not a SOAP 1.1 envelope, or its children are not a header and a body.
    NotEnvelope,
    /// The envelope has no body.
    BodyMissing,
    /// The document has more than one SOAP body.
    BodyDoubled,
    /// The body does not have exactly one element in it.
    BodyContent,
    /// The element in the body is none of the gateway's operations.
    UnknownOperation,
    /// The message does not belong to the channel named.
    WrongChannel,
    /// The payload is of another kind than the one expected.
    WrongPayload {
        /// The payload that was expected.
        expected: &'static str,
    },
    /// A required element is missing or empty.
    Missing {
        /// The element.
        what: &'static str,
    },
    /// An element stands twice where it may stand once.
    Doubled {
        /// The element.
        what: &'static str,
    },
    /// The text of an element is not of its type.
    Invalid {
        /// The element.
        what: &'static str,
    },
    /// The text given for an element cannot be written in XML.
    Unwritable {
        /// The element.
        what: &'static str,
    },
}

impl Error {
    /// Returns the stable name of the error, for tables and journals.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooMany { .. } => "too-many",
            Self::TooLong { .. } => "too-long",
            Self::NotUtf8 => "not-utf8",
            Self::Dtd => "dtd",
            Self::Malformed { .. } => "malformed",
            Self::NotEnvelope => "not-envelope",
            Self::BodyMissing => "body-missing",
            Self::BodyDoubled => "body-doubled",
            Self::BodyContent => "body-content",
            Self::UnknownOperation => "unknown-operation",
            Self::WrongChannel => "wrong-channel",
            Self::WrongPayload { .. } => "wrong-payload",
            Self::Missing { .. } => "missing",
            Self::Doubled { .. } => "doubled",
            Self::Invalid { .. } => "invalid",
            Self::Unwritable { .. } => "unwritable",
        }
    }

    /// Returns the gateway's code to answer a message with that could not be read.
    pub fn fault_code(&self) -> Code {
        Code::Format
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the message is longer than {} bytes", crate::DOCUMENT_BYTES_MAX),
            Self::TooDeep => write!(f, "elements are nested deeper than {}", crate::DEPTH_MAX),
            Self::TooMany { what } => write!(f, "the message has too many {what}"),
            Self::TooLong { what } => write!(f, "`{what}` is too long"),
            Self::NotUtf8 => f.write_str("the message is not in utf-8"),
            Self::Dtd => f.write_str("a document type declaration is not accepted"),
            Self::Malformed { line, column } => {
                write!(f, "the message is not well-formed at line {line}, column {column}")
            }
            Self::NotEnvelope => f.write_str("the message is not a soap 1.1 envelope of a header and a body"),
            Self::BodyMissing => f.write_str("the envelope has no body"),
            Self::BodyDoubled => f.write_str("the message has more than one soap body"),
            Self::BodyContent => f.write_str("the body has to hold exactly one element"),
            Self::UnknownOperation => f.write_str("the body holds no operation of the gateway"),
            Self::WrongChannel => f.write_str("the message does not belong to this channel"),
            Self::WrongPayload { expected } => write!(f, "the payload is not `{expected}`"),
            Self::Missing { what } => write!(f, "`{what}` is missing or empty"),
            Self::Doubled { what } => write!(f, "`{what}` stands more than once"),
            Self::Invalid { what } => write!(f, "`{what}` has a value that is not of its type"),
            Self::Unwritable { what } => write!(f, "`{what}` has a value that cannot be written"),
        }
    }
}

impl std::error::Error for Error {}
