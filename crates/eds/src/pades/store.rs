// SPDX-License-Identifier: MIT OR Apache-2.0
//! The security store of a PDF (`DSS`): certificates, OCSP answers and lists that were put beside its signatures.

use lopdf::{Document, Object, ObjectId};

use super::PDF_BYTES_MAX;
use super::changes::{parts, same};
use super::fields::{catalog, list, meant, under};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};

/// How files of signatures are called.
const SIGNATURES: [&[u8]; 4] = [b".cms", b".p7s", b".p7m", b".sig"];

/// What lies in the store, unverified.
#[derive(Default)]
pub(crate) struct Stored {
    pub(crate) evidence: Evidence,
    /// Of each OCSP answer, in order, the place of the first signature or stamp that covers it; none where it was appended after
    /// the last.
    pub(crate) covered_by: Vec<Option<usize>>,
    /// By what the document may change what it shows.
    pub(crate) active: Option<&'static str>,
    /// Whether files are attached that are called like signatures: then those are what was signed with, and not the PDF.
    pub(crate) has_attached: bool,
    /// Of each OCSP answer its object.
    answers: Vec<ObjectId>,
}

impl Stored {
    /// Returns what lies in the store. Reading ends where it unpacks to more than a PDF may have.
    pub(super) fn read(document: &Document) -> Self {
        let mut own = Self { has_attached: has_attached(document), ..Self::default() };
        let Some(store) = catalog(document).and_then(|(_, held)| under(document, held, b"DSS")) else {
            return own;
        };
        let found = &mut own.evidence;
        let kinds: [(&[u8], &mut Vec<Vec<u8>>); 3] =
            [(b"Certs", &mut found.certificates), (b"OCSPs", &mut found.ocsp), (b"CRLs", &mut found.crls)];
        let mut room = PDF_BYTES_MAX;
        'store: for (key, kind) in kinds {
            for item in list(document, store, key).unwrap_or_default().iter().take(EVIDENCE_ITEMS_MAX) {
                // A stream always stands under a number of its own.
                let (Ok(id), Some(Object::Stream(stream))) = (item.as_reference(), meant(document, item))
                else {
                    continue;
                };
                let Ok(bytes) = stream.get_plain_content_with_limit(room) else { break 'store };
                room = room.saturating_sub(bytes.len());
                kind.push(bytes);
                if key == b"OCSPs" {
                    own.answers.push(id);
                }
            }
        }
        own.covered_by = vec![None; own.answers.len()];
        own
    }

    /// Notes which answers stand, as they are in the last revision, in the one that the signature or stamp at this place covers.
    /// The later ones are noted first.
    pub(super) fn note_covered(&mut self, place: usize, revision: &Document, last: &Document) {
        for (id, covered_by) in self.answers.iter().zip(&mut self.covered_by) {
            let both = revision.objects.get(id).zip(last.objects.get(id));
            if both.is_some_and(|(earlier, object)| same(earlier, object)) {
                *covered_by = Some(place);
            }
        }
    }
}

/// Returns whether a file is attached that is called like a CMS.
fn has_attached(document: &Document) -> bool {
    let is_called = |name: &[u8]| {
        // In UTF-16 every letter of these has a zero beside it.
        let name: Vec<u8> = name.iter().filter(|it| **it != 0).map(u8::to_ascii_lowercase).collect();
        SIGNATURES.iter().any(|it| name.ends_with(it))
    };
    let mut held = document.objects.values().flat_map(parts).filter_map(|it| it.as_dict().ok());
    held.any(|it| {
        let names =
            [b"F".as_slice(), b"UF"].into_iter().filter_map(|key| it.get(key).and_then(Object::as_str).ok());
        it.has(b"EF") && names.into_iter().any(is_called)
    })
}
