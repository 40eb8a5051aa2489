// SPDX-License-Identifier: MIT OR Apache-2.0
//! `PAdES`: a detached CMS inside a PDF, added without touching what was signed before.
//!
//! Signing is deferred. [`prepare`] appends an empty signature to the file and names the digest to be signed;
//! the signer answers minutes later, elsewhere; [`embed`] puts the CMS into the room left for it. The bytes given
//! are always a prefix of the bytes returned, so several people sign in order and none breaks another's signature.

mod active;
mod added;
mod changes;
mod fields;
mod kinds;
mod linear;
mod packed;
mod pages;
mod permissions;
mod plain;
mod read;
mod room;
mod search;
mod store;
mod tables;
mod tokens;
mod write;

use std::collections::BTreeSet;
use std::fmt;

use room::Room;
use tables::Tables;

pub(crate) use changes::VISIBLE;
pub(crate) use read::with_store;
pub use read::{EmbeddedSignature, Form, embedded, signatures};
pub use write::{Prepared, SignatureInfo, embed, prepare, prepare_stamp};

/// Bytes of a PDF that is signed or read.
pub const PDF_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Bytes any stream of such a PDF may unpack to: no program puts more than some hundred objects into one.
pub const STREAM_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Streams that are unpacked to read such a PDF (of objects, of cross-references): a small file holds many that unpack to
/// a thousand times their size.
pub const PACKED_STREAMS_MAX: usize = 4096;
/// Signatures of one PDF.
pub const PDF_SIGNATURES_MAX: usize = 32;
/// How a PDF begins.
const HEAD: &[u8] = b"%PDF-";
/// White space after the last `%%EOF`: with more of it some readers no longer find the table.
const BLANK_BYTES_MAX: usize = 64;
/// Room for a CMS: a chain, two time stamps and answers of a responder fit.
pub const PLACEHOLDER_BYTES_MAX: usize = 128 * 1024;
/// Least room for a CMS.
pub const PLACEHOLDER_BYTES_MIN: usize = 1024;
/// Characters of a name, reason, location or contact.
pub const INFO_CHARS_MAX: usize = 1000;

/// Why a PDF cannot be signed, or its signatures cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PadesError {
    /// The file, or the room for the signature, is outside its bounds.
    OutOfBounds {
        /// What.
        what: &'static str,
    },
    /// The bytes are not a PDF that can be read.
    NotPdf,
    /// The bytes begin as a PDF does and do not end as one.
    EndMissing,
    /// Something stands before the head of the PDF.
    HeadNotFirst,
    /// The file is encrypted.
    Encrypted,
    /// The file lacks a part that every PDF has, or has it in a form we do not change.
    Unusual {
        /// Which part.
        part: &'static str,
    },
    /// The signature is longer than the room left for it.
    TooLarge {
        /// Bytes of the CMS.
        cms: usize,
        /// Bytes of room.
        room: usize,
    },
    /// The prepared bytes are not those that were prepared.
    Changed,
    /// The byte range leaves content uncovered, or does not fit the file.
    ByteRange,
    /// The signature is not of the detached form that is accepted.
    SubFilter,
}

impl fmt::Display for PadesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds { what } => write!(f, "{what} is outside its bounds"),
            Self::NotPdf => f.write_str("the file is not a readable pdf"),
            Self::EndMissing => f.write_str("the end of the pdf is missing"),
            Self::HeadNotFirst => f.write_str("something stands before the head of the pdf"),
            Self::Encrypted => f.write_str("the pdf is encrypted"),
            Self::Unusual { part } => write!(f, "{part} of the pdf is missing or unusual"),
            Self::TooLarge { cms, room } => {
                write!(f, "a signature of {cms} bytes does not fit the room of {room}")
            }
            Self::Changed => f.write_str("the prepared pdf was changed before the signature came"),
            Self::ByteRange => f.write_str("a signature of the pdf leaves content uncovered"),
            Self::SubFilter => f.write_str("a signature of the pdf is not a detached cms"),
        }
    }
}

impl std::error::Error for PadesError {}

/// A file that was read.
struct Opened {
    document: lopdf::Document,
    tables: Tables,
    /// The objects in streams of objects that are not spelled plainly: where the stream begins, and their numbers.
    unplain: BTreeSet<(usize, u32)>,
    /// The numbers to which it refers and under which nothing stands.
    dangling: BTreeSet<u32>,
}

impl Opened {
    /// Tells whether every object that stands there and behind is spelled in the one way that every reader reads alike.
    fn is_plain(&self, pdf: &[u8], from: usize) -> bool {
        self.unplain.range((from, 0)..).next().is_none() && self.tables.are_plain(pdf, from)
    }

    /// Tells whether each object that a later revision writes anew was spelled so where it stood.
    fn was_plain(&self, pdf: &[u8], later: &Self) -> bool {
        self.tables.were_plain(pdf, &later.tables, &self.unplain)
    }

    /// Tells whether readers that take the file for a linearized one, or search it for objects, see in it at each of these
    /// lengths what the tables say.
    fn check(&self, pdf: &[u8], lengths: &[usize]) -> Result<(), PadesError> {
        if !linear::is_passed_over(pdf, lengths) {
            return Err(PadesError::Unusual { part: "the linearization" });
        }
        let is_found = search::agrees(pdf, self);
        if is_found { Ok(()) } else { Err(PadesError::Unusual { part: "the target of a reference" }) }
    }
}

/// Returns the file, read within bounds: each of its tables is what it says, and the parser read nothing else by them than
/// other readers do.
fn open(pdf: &[u8], room: &mut Room) -> Result<Opened, PadesError> {
    if pdf.len() > PDF_BYTES_MAX {
        return Err(PadesError::OutOfBounds { what: "the pdf" });
    }
    if !pdf.starts_with(HEAD) {
        let is_behind = pdf.windows(HEAD.len()).any(|it| it == HEAD);
        return Err(if is_behind { PadesError::HeadNotFirst } else { PadesError::NotPdf });
    }
    if packed_streams(pdf) > PACKED_STREAMS_MAX {
        return Err(PadesError::OutOfBounds { what: "the number of packed streams" });
    }
    room.begin(pdf.len());
    let tables = Tables::read(pdf, room).ok_or_else(|| room.fault())?;
    // The parser takes encryption without a password away, and reads such a file leniently.
    if tables.are_encrypted() {
        return Err(PadesError::Encrypted);
    }
    let unplain = packed::read(pdf, &tables, room).ok_or_else(|| room.fault())?;
    let document = load(pdf).or_else(|| load_plain(pdf)).filter(|it| tables.hold(it));
    let document = document.ok_or(PadesError::NotPdf)?;
    let dangling = search::dangling(&document);
    Ok(Opened { document, tables, unplain, dangling })
}

/// Returns the document as the parser reads it without guessing.
fn load(pdf: &[u8]) -> Option<lopdf::Document> {
    let options = lopdf::LoadOptions {
        strict: true,
        max_decompressed_size: Some(STREAM_BYTES_MAX),
        ..lopdf::LoadOptions::default()
    };
    lopdf::Document::load_mem_with_options(pdf, options).ok()
}

/// Returns the document that the parser refuses for nothing but its spelling.
fn load_plain(pdf: &[u8]) -> Option<lopdf::Document> {
    let plain = plain::plain(pdf)?;
    load(&plain.bytes).filter(|it| plain.holds(it))
}

/// Tells whether the byte is white space of a PDF (ISO 32000-1, table 1).
fn is_space(byte: u8) -> bool {
    byte == 0 || byte.is_ascii_whitespace()
}

/// Returns the bytes without the white space at their end.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let kept = bytes.iter().rposition(|it| !is_space(*it)).map_or(0, |at| at + 1);
    bytes.get(..kept).unwrap_or_default()
}

/// Returns how many streams may be unpacked to read a file: those that name themselves so, in whatever spelling.
fn packed_streams(pdf: &[u8]) -> usize {
    let names = pdf.split(|it| *it == b'/').skip(1);
    names.filter(|it| is_name(it, b"ObjStm") || is_name(it, b"XRef")).count()
}

/// Whether bytes begin with a name, each letter of which may be written as `#` and its number.
fn is_name(mut bytes: &[u8], name: &[u8]) -> bool {
    name.iter().all(|letter| {
        let (found, rest) = match bytes {
            [b'#', high, low, rest @ ..] => (nibble(*high) << 4 | nibble(*low), rest),
            [found, rest @ ..] => (*found, rest),
            [] => return false,
        };
        bytes = rest;
        found == *letter
    })
}

fn nibble(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok()).unwrap_or_default()
}

/// Returns the digest of the two covered stretches.
fn digest_of(pdf: &[u8], range: [usize; 4]) -> Option<[u8; 32]> {
    let [start, length, after, rest] = range;
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    context.update(pdf.get(start..start.checked_add(length)?)?);
    context.update(pdf.get(after..after.checked_add(rest)?)?);
    context.finish().as_ref().try_into().ok()
}
