// SPDX-License-Identifier: MIT OR Apache-2.0
//! Each error code `qz-<area>-<nn>` of the sources has a page `docs/errors/<code>.md`, and each page a code.

use super::tree::Tree;
use super::{Finding, source};
use std::collections::BTreeMap;

const PAGES: &str = "docs/errors/";
const START: &str = concat!("qz", "-");

/// Returns codes without a page and pages without a code.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut used: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| path.starts_with("crates/")) {
        for line in source::shipped_lines(path, text) {
            for code in codes(&line.raw) {
                used.entry(code).or_insert((path, line.number));
            }
        }
    }
    let without_page = used.iter().filter(|(code, _)| !tree.exists(&format!("{PAGES}{code}.md"))).map(
        |(code, (path, line))| {
            let what = format!("the code `{code}` has no page");
            Finding::at(
                path,
                *line,
                what,
                format!("write {PAGES}{code}.md: what happened, to what, what to do now"),
            )
        },
    );
    let without_code = tree.ending(".md").filter_map(|(path, _)| {
        let code = path.strip_prefix(PAGES)?.strip_suffix(".md")?;
        (code.starts_with(START) && !used.contains_key(code)).then(|| {
            let what = format!("no source names the code `{code}`");
            Finding::at(path, 1, what, "delete the page with the code; a code is never given a new meaning")
        })
    });
    without_page.chain(without_code).collect()
}

/// Returns the codes that stand in a line.
fn codes(line: &str) -> Vec<String> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| {
            let parts: Vec<&str> = word.split('-').collect();
            let [head, areas @ .., number] = parts.as_slice() else { return false };
            format!("{head}-") == START
                && !areas.is_empty()
                && areas.iter().all(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_lowercase()))
                && number.len() == 2
                && number.chars().all(|c| c.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).into_iter().map(|it| format!("{}:{}", it.path, it.line)).collect()
    }

    #[test]
    fn code_and_page_stand_together() {
        let code = format!("fn a() -> &'static str {{\n    \"{START}case-01\"\n}}\n");
        let source = ("crates/a/src/b.rs", code.as_str());
        let page = format!("{PAGES}{START}case-01.md");
        assert!(found(&[source, (&page, "")]).is_empty());
        assert_eq!(found(&[source]), ["crates/a/src/b.rs:2"]);
        assert_eq!(found(&[(&page, "")]), [format!("{page}:1")]);
    }

    #[test]
    fn only_whole_codes_count() {
        assert!(codes("qz-<area>-<nn> qz-case qz-case-1 qz--01 qz-01").is_empty());
        assert_eq!(codes("see `qz-sign-in-07`."), ["qz-sign-in-07"]);
    }
}
