// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a signature allows after it.

use lopdf::{Dictionary, Document, Object};

use super::fields::{list, meant};

/// Transformations that say what may be changed.
const METHODS: [&[u8]; 2] = [b"DocMDP", b"FieldMDP"];

/// Tells whether the signature in this field allows no changes (1): as the author certified (`DocMDP`), or as the signer locked
/// the document (`FieldMDP`, `Lock`). Whatever cannot be read allows none.
pub(super) fn is_final(document: &Document, signature: &Dictionary, field: &Dictionary) -> bool {
    let Some(references) = list(document, signature, b"Reference") else { return true };
    let mut read = references.iter().map(|it| meant(document, it).and_then(|it| it.as_dict().ok()));
    read.any(|it| it.is_none_or(|it| is_final_reference(document, it))) || forbids(document, field, b"Lock")
}

fn is_final_reference(document: &Document, held: &Dictionary) -> bool {
    match held.get(b"TransformMethod").ok().and_then(|it| meant(document, it)) {
        Some(Object::Name(name)) => {
            METHODS.contains(&name.as_slice()) && forbids(document, held, b"TransformParams")
        }
        _ => true,
    }
}

/// Tells whether what stands under the key allows no changes; where it does not speak of that, some are allowed.
fn forbids(document: &Document, held: &Dictionary, key: &[u8]) -> bool {
    let Ok(said) = held.get(key) else { return false };
    let Some(parameters) = meant(document, said).and_then(|it| it.as_dict().ok()) else { return true };
    let level = parameters.get(b"P").ok();
    level.is_some_and(|it| !matches!(meant(document, it), Some(Object::Integer(2 | 3))))
}
