// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a page has from the parts of the tree above it (ISO 32000-1, 7.7.3.4).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::changes::same;
use super::fields::{catalog, dictionary_of, list};

/// Keys that a page has from above.
const PASSED_ON: [&[u8]; 4] = [b"MediaBox", b"CropBox", b"Rotate", b"Resources"];
/// How deep a page may stand in the tree.
const DEPTH_MAX: usize = 16;

/// The parts of the tree of pages, each with the one in whose list it stands.
pub(super) type Tree = BTreeMap<ObjectId, ObjectId>;

/// Returns the tree of pages; an empty one where it cannot be read, or a part stands in it twice.
pub(super) fn tree(document: &Document) -> Tree {
    read(document).unwrap_or_default()
}

fn read(document: &Document) -> Option<Tree> {
    let root = catalog(document)?.1.get(b"Pages").and_then(Object::as_reference).ok()?;
    let (mut found, mut open) = (Tree::new(), vec![root]);
    while let Some(above) = open.pop() {
        for kid in list(document, dictionary_of(document, above)?, b"Kids")? {
            let id = kid.as_reference().ok()?;
            (id != root && found.insert(id, above).is_none()).then_some(())?;
            open.push(id);
        }
    }
    Some(found)
}

/// Returns the keys that the page of the tree did not have itself, and now has as they stand above it.
pub(super) fn taken_over(
    document: &Document,
    tree: &Tree,
    id: ObjectId,
    [old, new]: [&Dictionary; 2],
) -> Vec<&'static [u8]> {
    let is_taken_over = |key: &&[u8]| {
        let added = new.get(key).ok().filter(|_| !old.has(key));
        added.is_some_and(|it| passed_on(document, tree, id, key).is_some_and(|above| same(above, it)))
    };
    PASSED_ON.into_iter().filter(is_taken_over).collect()
}

/// Returns what stands above the page. Some readers go down the tree and some up: both come by the same parts.
fn passed_on<'a>(document: &'a Document, tree: &Tree, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut id = page;
    for _ in 0..DEPTH_MAX {
        let above = *tree.get(&id)?;
        let named = dictionary_of(document, id)?.get(b"Parent").and_then(Object::as_reference).ok()?;
        let held = dictionary_of(document, above).filter(|_| named == above)?;
        if let Ok(found) = held.get(key) {
            return Some(found);
        }
        id = above;
    }
    None
}
