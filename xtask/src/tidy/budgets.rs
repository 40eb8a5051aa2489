// SPDX-License-Identifier: MIT OR Apache-2.0
//! Budgets of size: lines of a file, share of a crate, packages in `Cargo.lock`.

use super::tree::Tree;
use super::{Finding, source};
use std::collections::BTreeMap;

/// The list of files over the budget, with the length that each may have at most.
pub(crate) const RATCHET: &str = "xtask/ratchet.txt";

/// The budget of a file.
const FILE_LINES_BUDGET: usize = 400;
/// No file is longer, listed or not.
const FILE_LINES_MAX: usize = 700;
/// The kinds of files that are code.
const CODE: &[&str] = &[".rs", ".ts", ".mjs", ".scss", ".html", ".typ", ".sql"];

/// No crate holds more of the code that ships than this.
const CRATE_PERCENT_MAX: usize = 30;
/// Below this size of the workspace a share says nothing.
const SHARES_FROM_LINES: usize = 10_000;

/// Packages in `Cargo.lock`, ours included. Raised only by a commit that says which package came and what it
/// replaces. 520: the 496 of the first workspace (typst 0.15 alone brings about 200) and a few to grow.
/// 570: `aws-lc-rs` in place of `ring` brings seven, and `ring` stays in the file as a choice that is not made.
const PACKAGES_MAX: usize = 570;

/// Returns the files that are too long, and entries of the ratchet that are no longer true.
pub(super) fn lengths(tree: &Tree) -> Vec<Finding> {
    let ratchet = ratchet(tree);
    let mut findings = Vec::new();
    for (path, lines) in long_files(tree) {
        let listed = ratchet.get(path).map(|it| it.lines);
        if lines > FILE_LINES_MAX {
            let what = format!("{lines} lines, where no file may have more than {FILE_LINES_MAX}");
            findings.push(Finding::at(path, FILE_LINES_MAX, what, "split it by subject: `foo.rs` + `foo/`"));
        } else if listed.is_none_or(|most| lines > most) {
            let most = listed.unwrap_or(FILE_LINES_BUDGET);
            let what = format!("{lines} lines, where {most} are allowed");
            findings.push(Finding::at(path, most, what, "split it by subject: `foo.rs` + `foo/`"));
        }
    }
    let long: BTreeMap<&str, usize> = long_files(tree).collect();
    for (path, entry) in &ratchet {
        let instead = "run `cargo xtask tidy --shrink`: the list only shrinks";
        match long.get(path) {
            None => findings.push(Finding::at(
                RATCHET,
                entry.line,
                format!("`{path}` is within the budget"),
                instead,
            )),
            Some(lines) if *lines < entry.lines => {
                findings.push(Finding::at(
                    RATCHET,
                    entry.line,
                    format!("`{path}` has only {lines} lines"),
                    instead,
                ));
            }
            Some(_) if entry.reason.is_empty() => {
                let what = format!("`{path}` is listed without a reason");
                findings.push(Finding::at(RATCHET, entry.line, what, "write why after `#`"));
            }
            Some(_) => {}
        }
    }
    findings
}

/// Returns the ratchet lowered to what the tree has reached, if that changes it. Nothing is added or raised.
pub(crate) fn shrunk(tree: &Tree) -> Option<String> {
    let old = tree.text(RATCHET)?;
    let long: BTreeMap<&str, usize> = long_files(tree).collect();
    let entries = ratchet(tree);
    let mut new: Vec<String> = old.lines().filter(|it| it.starts_with('#')).map(str::to_owned).collect();
    for (path, entry) in entries {
        if let Some(lines) = long.get(path) {
            new.push(format!("{path} {} # {}", entry.lines.min(*lines), entry.reason));
        }
    }
    let new = new.join("\n") + "\n";
    (new != old).then_some(new)
}

fn long_files(tree: &Tree) -> impl Iterator<Item = (&str, usize)> {
    tree.iter()
        .filter(|(path, _)| CODE.iter().any(|it| path.ends_with(it)))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES_BUDGET)
}

struct Entry {
    line: usize,
    lines: usize,
    reason: String,
}

/// Returns the entries `PATH LINES # REASON` of the ratchet.
fn ratchet(tree: &Tree) -> BTreeMap<&str, Entry> {
    let text = tree.text(RATCHET).unwrap_or_default();
    text.lines()
        .zip(1..)
        .filter(|(it, _)| !it.starts_with('#'))
        .filter_map(|(it, line)| {
            let (entry, reason) = it.split_once('#').unwrap_or((it, ""));
            let (path, lines) = entry.trim().rsplit_once(' ')?;
            let lines = lines.parse().unwrap_or_default();
            Some((path.trim(), Entry { line, lines, reason: reason.trim().into() }))
        })
        .collect()
}

/// Returns the crates that hold too much of the code.
pub(super) fn shares(tree: &Tree) -> Vec<Finding> {
    let sizes: Vec<(String, usize)> = tree
        .crates()
        .into_iter()
        .map(|(_, folder)| {
            let inside = format!("{folder}/");
            let sources = tree.ending(".rs").filter(|(path, _)| path.starts_with(&inside));
            let lines = sources.map(|(path, text)| code_lines(path, text)).sum();
            (folder, lines)
        })
        .collect();
    let total: usize = sizes.iter().map(|(_, lines)| lines).sum();
    if total <= SHARES_FROM_LINES {
        return Vec::new();
    }
    sizes
        .iter()
        .filter(|(_, lines)| lines * 100 > total * CRATE_PERCENT_MAX)
        .map(|(folder, lines)| {
            let percent = lines * 100 / total;
            let what = format!("{percent} % of the code, where {CRATE_PERCENT_MAX} % are allowed");
            Finding::at(
                &format!("{folder}/Cargo.toml"),
                1,
                what,
                "move a subject of its own into a crate of its own",
            )
        })
        .collect()
}

/// Returns how many lines of a file are code that ships: no tests, comments or empty lines.
fn code_lines(path: &str, text: &str) -> usize {
    source::shipped_lines(path, text).iter().filter(|it| !it.code.trim().is_empty()).count()
}

/// Returns a finding if `Cargo.lock` has grown over its cap.
pub(super) fn packages(tree: &Tree) -> Vec<Finding> {
    let lock = tree.text("Cargo.lock").unwrap_or_default();
    let count = lock.lines().filter(|it| *it == "[[package]]").count();
    if count <= PACKAGES_MAX {
        return Vec::new();
    }
    let what = format!("{count} packages, where {PACKAGES_MAX} are allowed");
    let instead = "do without, or raise PACKAGES_MAX in xtask/src/tidy/budgets.rs in a commit that says why";
    vec![Finding::at("Cargo.lock", 1, what, instead)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: usize) -> String {
        "x\n".repeat(lines)
    }

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        lengths(&Tree::of(files)).into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn a_long_file_must_be_listed_and_a_very_long_one_may_not_exist() {
        assert!(found(&[("a.rs", &file(400))]).is_empty());
        assert_eq!(found(&[("a.rs", &file(401))]), ["401 lines, where 400 are allowed"]);
        let list = "# head\na.rs 701 # a table\n";
        assert_eq!(
            found(&[("a.rs", &file(701)), (RATCHET, list)]),
            ["701 lines, where no file may have more than 700"]
        );
        assert!(found(&[("a.toml", &file(900))]).is_empty());
    }

    #[test]
    fn a_listed_file_may_not_grow_and_the_list_follows_it_down() {
        let list = "# head\na.rs 450 # a table\n";
        assert!(found(&[("a.rs", &file(450)), (RATCHET, list)]).is_empty());
        assert_eq!(found(&[("a.rs", &file(451)), (RATCHET, list)]), ["451 lines, where 450 are allowed"]);
        assert_eq!(found(&[("a.rs", &file(449)), (RATCHET, list)]), ["`a.rs` has only 449 lines"]);
        assert_eq!(found(&[("a.rs", &file(300)), (RATCHET, list)]), ["`a.rs` is within the budget"]);
        let bare = "a.rs 450\n";
        assert_eq!(found(&[("a.rs", &file(450)), (RATCHET, bare)]), ["`a.rs` is listed without a reason"]);
    }

    #[test]
    fn shrinking_lowers_and_drops_but_never_raises() {
        let list = "# head\na.rs 450 # a table\nb.rs 450 # b\nc.rs 450 # c\n";
        let tree = Tree::of(&[("a.rs", &file(420)), ("b.rs", &file(460)), (RATCHET, list)]);
        assert_eq!(shrunk(&tree).as_deref(), Some("# head\na.rs 420 # a table\nb.rs 450 # b\n"));
        assert_eq!(shrunk(&Tree::of(&[("a.rs", &file(450)), (RATCHET, "a.rs 450 # t\n")])), None);
    }

    #[test]
    fn a_crate_over_thirty_percent_is_found_only_in_a_large_workspace() {
        let of = |lines: usize| {
            let big = file(lines);
            let small = file(lines / 4);
            let files = [
                ("crates/a/Cargo.toml", ""),
                ("crates/a/src/lib.rs", big.as_str()),
                ("crates/b/Cargo.toml", ""),
                ("crates/b/src/lib.rs", small.as_str()),
            ];
            shares(&Tree::of(&files)).len()
        };
        assert_eq!(of(4_000), 0);
        assert_eq!(of(12_000), 1);
    }

    #[test]
    fn the_cap_on_packages_holds() {
        let lock = "[[package]]\n".repeat(PACKAGES_MAX);
        assert!(packages(&Tree::of(&[("Cargo.lock", &lock)])).is_empty());
        assert_eq!(packages(&Tree::of(&[("Cargo.lock", &format!("{lock}[[package]]\n"))])).len(), 1);
    }
}
