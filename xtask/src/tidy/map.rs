// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ARCHITECTURE.md` names every crate in its map and none that is not there.

use super::Finding;
use super::tree::Tree;

const PAGE: &str = "ARCHITECTURE.md";
const PAGE_LINES_MAX: usize = 200;

/// Returns crates missing from the map or extra in it.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(PAGE) else {
        return vec![Finding::at(
            PAGE,
            1,
            "there is no such page",
            "write the map, the invariants, the walkthroughs",
        )];
    };
    let mapped = mapped(text);
    let crates = tree.crates();
    let mut findings = Vec::new();
    for (name, _) in &crates {
        if !mapped.iter().any(|(it, _)| it == name) {
            let what = format!("the map does not name the crate `{name}`");
            findings.push(Finding::at(
                PAGE,
                1,
                what,
                format!("add a row `| \\`{name}\\` | …` under `## Map`"),
            ));
        }
    }
    for (name, line) in &mapped {
        if !crates.iter().any(|(it, _)| it == name) {
            let what = format!("the map names `{name}`, which is no crate");
            findings.push(Finding::at(
                PAGE,
                *line,
                what,
                "take the row out; what is planned stands outside the map",
            ));
        }
    }
    let lines = text.lines().count();
    if lines > PAGE_LINES_MAX {
        let what = format!("{lines} lines, where {PAGE_LINES_MAX} are allowed");
        findings.push(Finding::at(
            PAGE,
            PAGE_LINES_MAX,
            what,
            "move detail to docs/ or to the module's own doc",
        ));
    }
    findings
}

/// Returns the names in the first column of the tables under `## Map`, with their lines.
fn mapped(text: &str) -> Vec<(&str, usize)> {
    text.lines()
        .zip(1..)
        .skip_while(|(line, _)| *line != "## Map")
        .skip(1)
        .take_while(|(line, _)| !line.starts_with("## "))
        .filter_map(|(line, number)| {
            let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
            Some((name, number))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_and_the_crates_are_the_same() {
        let page = "# A\n\n## Map\n| crate | what |\n|---|---|\n| `a` | x |\n| `gone` | x |\n\n## Planned\n| `later` | x |\n";
        let tree = Tree::of(&[(PAGE, page), ("crates/a/Cargo.toml", ""), ("crates/b/Cargo.toml", "")]);
        let found: Vec<String> =
            check(&tree).into_iter().map(|it| format!("{}: {}", it.line, it.what)).collect();
        assert_eq!(
            found,
            ["1: the map does not name the crate `b`", "7: the map names `gone`, which is no crate"]
        );
    }

    #[test]
    fn a_missing_or_swollen_page_is_found() {
        assert_eq!(check(&Tree::of(&[])).len(), 1);
        assert_eq!(check(&Tree::of(&[(PAGE, &"x\n".repeat(201))])).len(), 1);
    }
}
