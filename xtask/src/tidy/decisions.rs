// SPDX-License-Identifier: MIT OR Apache-2.0
//! Decision records are numbered `0001-what.md` without gaps or doubles.

use super::Finding;
use super::tree::Tree;

const FOLDER: &str = "docs/decisions/";

/// Returns records that are misnumbered.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.ending(".md")
        .filter_map(|(path, _)| Some((path, path.strip_prefix(FOLDER)?)))
        .zip(1..)
        .filter(|((_, name), expected)| !name.starts_with(&format!("{expected:04}-")))
        .map(|((path, _), expected)| {
            let what = format!("expected record {expected:04} here");
            Finding::at(path, 1, what, "number records in order; a later record supersedes an earlier one")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_numbered_in_order() {
        let of = |names: &[&str]| {
            let files: Vec<(&str, &str)> = names.iter().map(|it| (*it, "")).collect();
            check(&Tree::of(&files)).len()
        };
        assert_eq!(of(&["docs/decisions/0001-a.md", "docs/decisions/0002-b.md"]), 0);
        assert_eq!(of(&["docs/decisions/0001-a.md", "docs/decisions/0001-b.md"]), 1);
        assert_eq!(of(&["docs/decisions/1-a.md"]), 1);
    }
}
