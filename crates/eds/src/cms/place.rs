// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the content of an attached signature stands in the bytes as they were received.

use std::ops::Range;

use super::{SignedData, normalise};

/// The elements from the outermost to the content: whether each is entered or passed.
const WAY: [bool; 10] = [true, false, true, true, false, false, true, false, true, true];

/// Returns where the content of signed data in DER or BER stands; nothing where there is none, or the bytes are a text.
///
/// In BER it may reach further: between its pieces stand their heads.
pub(crate) fn place_of_content(bytes: &[u8]) -> Option<Range<usize>> {
    let der = normalise(bytes).ok()?;
    let length = SignedData::parse(&der).ok()?.content?.len();
    let mut start = 0;
    for is_entered in WAY {
        let (head, whole) = lengths(bytes.get(start..)?)?;
        start = start.checked_add(if is_entered { head } else { whole? })?;
    }
    Some(start..start.checked_add(length)?)
}

/// Returns the length of the head of an element, and of the whole where it is stated.
fn lengths(bytes: &[u8]) -> Option<(usize, Option<usize>)> {
    let [_, first, rest @ ..] = bytes else { return None };
    let count = usize::from(first & 0x7f);
    match first {
        ..0x80 => Some((2, Some(2 + count))),
        0x80 => Some((2, None)),
        _ => {
            let digits = rest.get(..count)?;
            let add = |sum: usize, digit: &u8| sum.checked_mul(256)?.checked_add(usize::from(*digit));
            let length = digits.iter().try_fold(0, add)?;
            Some((2 + count, (2 + count).checked_add(length)))
        }
    }
}
