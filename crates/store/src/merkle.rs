// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tree of hashes over a run of events, after RFC 6962: leaves and nodes have different prefixes, and a level of
//! odd length hands its last node up as it is.

use sha2::{Digest, Sha256};

/// Returns the root over `leaves`, in their order; of none, the hash of nothing.
pub(crate) fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut level: Vec<[u8; 32]> = leaves.iter().map(|it| hash(&[&[0], it])).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash(&[&[1], left, right]),
                odd => odd.first().copied().unwrap_or_default(),
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(|| hash(&[]))
}

/// Returns the hashes beside the way from the leaf at `index` to the root, from below; of no such leaf, none.
pub(crate) fn path(leaves: &[[u8; 32]], mut index: usize) -> Vec<[u8; 32]> {
    let mut level: Vec<[u8; 32]> = leaves.iter().map(|it| hash(&[&[0], it])).collect();
    let mut path = Vec::new();
    while level.len() > 1 && index < level.len() {
        path.extend(level.get(index ^ 1).copied());
        index /= 2;
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash(&[&[1], left, right]),
                odd => odd.first().copied().unwrap_or_default(),
            })
            .collect();
    }
    path
}

/// Returns SHA-256 over the parts, one after the other.
pub(crate) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{hash, path, root};

    /// Goes the way up, as a verifier does.
    fn climbed(leaf: [u8; 32], (mut index, mut width): (usize, usize), path: &[[u8; 32]]) -> [u8; 32] {
        let (mut node, mut path) = (hash(&[&[0], &leaf]), path.iter());
        while width > 1 {
            if index % 2 == 1 {
                node = hash(&[&[1], path.next().unwrap(), &node]);
            } else if index + 1 < width {
                node = hash(&[&[1], &node, path.next().unwrap()]);
            }
            (index, width) = (index / 2, width.div_ceil(2));
        }
        assert_eq!(path.next(), None);
        node
    }

    #[test]
    fn every_leaf_has_a_way_to_the_root() {
        for count in 1..40_u8 {
            let leaves: Vec<[u8; 32]> = (0..count).map(|it| [it; 32]).collect();
            for (index, leaf) in leaves.iter().enumerate() {
                let place = (index, leaves.len());
                assert_eq!(climbed(*leaf, place, &path(&leaves, index)), root(&leaves), "{place:?}");
            }
        }
        assert_eq!(path(&[[0; 32]], 0), Vec::<[u8; 32]>::new());
    }

    /// The recursive definition of RFC 6962, section 2.1.
    fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => hash(&[]),
            [one] => hash(&[&[0], one]),
            many => {
                let half = many.len().next_power_of_two() / 2;
                hash(&[&[1], &by_definition(&many[..half]), &by_definition(&many[half..])])
            }
        }
    }

    #[test]
    fn root_is_the_one_of_rfc_6962() {
        for count in 0..70_u8 {
            let leaves: Vec<[u8; 32]> = (0..count).map(|it| [it; 32]).collect();
            assert_eq!(root(&leaves), by_definition(&leaves), "{count} leaves");
        }
    }
}
