// SPDX-License-Identifier: MIT OR Apache-2.0
//! An index as a file: magic with the version, head, entries, checksum.

use jiff::Timestamp;

use super::entries::{ENTRIES_MAX, ENTRY_BYTES, Entries};
use super::{Index, IndexFault, Part};
use crate::asn1::{Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, Reader, SEQUENCE, context, write};
use crate::revocation::crl::{EXTENSIONS_MAX, Edition, Number};

/// Begins every file; the last byte is the version.
const MAGIC: [u8; 8] = *b"EDSCRLI\x02";
/// The magic without its version.
const NAME_BYTES: usize = 7;
const CHECKSUM_BYTES: usize = 32;
const COUNT_BYTES: usize = 4;
/// Largest head read.
const HEAD_BYTES_MAX: usize = 64 * 1024;

impl Index {
    /// Returns the bytes of a file that [`Index::from_bytes`] gives back.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut head = vec![write::octets(&self.signer)];
        head.extend(self.parts().map(Part::head));
        let head = write::sequence(&[&self.issuer, &head.concat()]);
        let mut out = Vec::with_capacity(self.len() * ENTRY_BYTES + head.len() + 128);
        out.extend(MAGIC);
        out.extend(head);
        for part in self.parts() {
            let count = u32::try_from(part.entries.len()).unwrap_or(u32::MAX);
            out.extend(count.to_be_bytes());
            out.extend(part.entries.as_bytes());
        }
        let checksum = crate::sha256(&out);
        out.extend(checksum);
        out
    }

    /// Returns the index in a file made by [`Index::to_bytes`].
    ///
    /// The file is the operator's own: its checksum shows damage, not forgery. Whoever may write to the folder of
    /// the indexes could put false ones there; where that is to be feared, index the lists anew.
    ///
    /// ```
    /// assert_eq!(eds::crl::Index::from_bytes(b"no index"), Err(eds::crl::IndexFault::Malformed));
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, IndexFault> {
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or(IndexFault::Malformed)?;
        let (magic, rest) = body.split_first_chunk::<8>().ok_or(IndexFault::Malformed)?;
        if *magic != MAGIC {
            let same_name = magic.iter().take(NAME_BYTES).eq(MAGIC.iter().take(NAME_BYTES));
            return Err(if same_name { IndexFault::Version } else { IndexFault::Malformed });
        }
        if crate::sha256(body) != *checksum {
            return Err(IndexFault::Checksum);
        }
        let mut reader = Reader::new(rest);
        let head = reader.take(SEQUENCE)?;
        if head.raw.len() > HEAD_BYTES_MAX {
            return Err(IndexFault::TooLarge);
        }
        let mut rest = rest.get(head.raw.len()..).ok_or(IndexFault::Malformed)?;
        let mut fields = head.reader();
        let issuer = fields.take(SEQUENCE)?.raw.to_vec();
        let signer = hash(fields.take(OCTET_STRING)?)?;
        let mut parts = Vec::new();
        for head in fields.all(2)? {
            parts.push(Part::from_file(head, &mut rest)?);
        }
        let mut parts = parts.into_iter();
        let (full, changes) = (parts.next().ok_or(IndexFault::Malformed)?, parts.next());
        let fits = full.edition.base.is_none()
            && changes.as_ref().is_none_or(|it| it.edition.changes(&full.edition));
        if !rest.is_empty() || !fits {
            return Err(IndexFault::Malformed);
        }
        Ok(Self { issuer, signer, full, changes })
    }
}

impl Part {
    fn head(&self) -> Vec<u8> {
        let edition = &self.edition;
        let optional =
            |tag: u8, inner: Option<Vec<u8>>| inner.map_or_else(Vec::new, |it| write::tlv(tag, &it));
        let number = |it: &Number| write::unsigned(&it.0);
        let points: Vec<Vec<u8>> = edition.points.iter().map(|it| write::utf8(it)).collect();
        write::sequence(&[
            &write::octets(&edition.sha256),
            &write::generalized_time(edition.this_update),
            &optional(context(0), edition.next_update.map(write::generalized_time)),
            &optional(context(1), edition.number.as_ref().map(number)),
            &optional(context(2), edition.base.as_ref().map(number)),
            &optional(context(3), (!points.is_empty()).then(|| points.concat())),
            &optional(context(4), edition.remembers.map(write::generalized_time)),
            &if self.has_two_algorithms { write::truth() } else { Vec::new() },
        ])
    }

    fn from_file(head: Element<'_>, rest: &mut &[u8]) -> Result<Self, IndexFault> {
        let mut fields = head.expect(SEQUENCE)?.reader();
        let sha256 = hash(fields.take(OCTET_STRING)?)?;
        let this_update = fields.take(GENERALIZED_TIME)?.time()?;
        let next_update = fields.optional(context(0))?.map(time).transpose()?;
        let mut numbers = [None, None];
        for (place, tag) in numbers.iter_mut().zip([context(1), context(2)]) {
            if let Some(inner) = fields.optional(tag)? {
                let digits = Element::parse(inner.value)?.expect(INTEGER)?.value;
                *place = Some(Number(digits.iter().copied().skip_while(|digit| *digit == 0).collect()));
            }
        }
        let [number, base] = numbers;
        let points = match fields.optional(context(3))? {
            Some(inner) => inner.reader().all(EXTENSIONS_MAX)?,
            None => Vec::new(),
        };
        let points = points.iter().map(Element::text).collect::<Result<Vec<String>, _>>()?;
        let remembers = fields.optional(context(4))?.map(time).transpose()?;
        let has_two_algorithms = fields.optional(crate::asn1::BOOLEAN)?.is_some();
        fields.finish()?;
        let (count, after) = rest.split_first_chunk::<COUNT_BYTES>().ok_or(IndexFault::Malformed)?;
        let count = usize::try_from(u32::from_be_bytes(*count)).unwrap_or(usize::MAX);
        if count > ENTRIES_MAX {
            return Err(IndexFault::TooLarge);
        }
        let (entries, after) = after.split_at_checked(count * ENTRY_BYTES).ok_or(IndexFault::Malformed)?;
        *rest = after;
        let edition = Edition { this_update, next_update, number, base, remembers, points, sha256 };
        let entries = Entries::from_bytes(entries)?;
        Ok(Self { edition, has_two_algorithms, is_strange: entries.are_strange(), entries })
    }
}

fn hash(element: Element<'_>) -> Result<[u8; 32], IndexFault> {
    element.value.try_into().map_err(|_| IndexFault::Malformed)
}

fn time(wrapped: Element<'_>) -> Result<Timestamp, IndexFault> {
    Ok(Element::parse(wrapped.value)?.expect(GENERALIZED_TIME)?.time()?)
}
