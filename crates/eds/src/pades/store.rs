// SPDX-License-Identifier: MIT OR Apache-2.0
//! The security store of a PDF (`DSS`): certificates, OCSP answers and lists that were put beside its signatures.

use lopdf::{Document, Object};

use super::PDF_BYTES_MAX;
use super::fields::{catalog, list, meant, under};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};

/// Returns what lies in the store, unverified. Reading ends where it unpacks to more than a PDF may have.
pub(super) fn evidence(document: &Document) -> Evidence {
    let mut found = Evidence::default();
    let Some(store) = catalog(document).and_then(|(_, held)| under(document, held, b"DSS")) else {
        return found;
    };
    let kinds: [(&[u8], &mut Vec<Vec<u8>>); 3] =
        [(b"Certs", &mut found.certificates), (b"OCSPs", &mut found.ocsp), (b"CRLs", &mut found.crls)];
    let mut room = PDF_BYTES_MAX;
    'store: for (key, kind) in kinds {
        for item in list(document, store, key).unwrap_or_default().iter().take(EVIDENCE_ITEMS_MAX) {
            let Some(Object::Stream(stream)) = meant(document, item) else { continue };
            let Ok(bytes) = stream.get_plain_content_with_limit(room) else { break 'store };
            room = room.saturating_sub(bytes.len());
            kind.push(bytes);
        }
    }
    found
}
