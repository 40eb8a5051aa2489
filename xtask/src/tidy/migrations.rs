// SPDX-License-Identifier: MIT OR Apache-2.0
//! Migrations are numbered `V0001__name.sql` without gaps, and both databases have the same names.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeMap;

/// Digits of a migration's number.
const DIGITS: usize = 4;

/// Returns migrations that are misnamed, out of order, or missing for one database.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, _) in tree.ending(".sql").filter(|(path, _)| path.contains("/migrations/")) {
        if let Some((folder, name)) = path.rsplit_once('/') {
            folders.entry(folder).or_default().push(name);
        }
    }
    let mut findings: Vec<Finding> =
        folders.iter().flat_map(|(folder, names)| numbers(folder, names)).collect();
    for (folder, names) in folders.iter().filter(|(folder, _)| folder.ends_with("/sqlite")) {
        let twin = folder.replace("/sqlite", "/postgres");
        let Some(others) = folders.get(twin.as_str()) else { continue };
        let pairs = [(*folder, names, others), (twin.as_str(), others, names)];
        for (here, names, others) in pairs {
            for name in names.iter().filter(|it| !others.contains(it)) {
                let instead = "give both databases a file of this name, if only with a comment";
                let path = format!("{here}/{name}");
                findings.push(Finding::at(&path, 1, "the other database has no such migration", instead));
            }
        }
    }
    findings
}

fn numbers(folder: &str, names: &[&str]) -> Vec<Finding> {
    names
        .iter()
        .zip(1_usize..)
        .filter(|(name, expected)| number(name) != Some(*expected))
        .map(|(name, expected)| {
            let what = format!("expected number {expected} here, four digits, as in `V0001__name.sql`");
            Finding::at(
                &format!("{folder}/{name}"),
                1,
                what,
                "number without gaps; never renumber a released one",
            )
        })
        .collect()
}

fn number(name: &str) -> Option<usize> {
    let (number, rest) = name.strip_prefix('V')?.split_once("__")?;
    let plain = rest.strip_suffix(".sql")?;
    let named =
        !plain.is_empty() && plain.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if number.len() == DIGITS && named { number.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> usize {
        let files: Vec<(&str, &str)> = paths.iter().map(|it| (*it, "")).collect();
        check(&Tree::of(&files)).len()
    }

    #[test]
    fn migrations_are_numbered_in_four_digits_without_gaps() {
        assert_eq!(
            found(&["s/migrations/sqlite/V0001__journal.sql", "s/migrations/sqlite/V0002__rows.sql"]),
            0
        );
        assert_eq!(found(&["s/migrations/sqlite/V1__journal.sql"]), 1);
        assert_eq!(
            found(&["s/migrations/sqlite/V0001__journal.sql", "s/migrations/sqlite/V0003__rows.sql"]),
            1
        );
    }

    #[test]
    fn both_databases_have_the_same_names() {
        let one = "s/migrations/sqlite/V0001__journal.sql";
        assert_eq!(found(&[one, "s/migrations/postgres/V0001__journal.sql"]), 0);
        assert_eq!(found(&[one, "s/migrations/postgres/V0001__other.sql"]), 2);
    }
}
