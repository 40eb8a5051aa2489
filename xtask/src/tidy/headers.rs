// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every file carries or may not be: licence line, module doc, no `mod.rs`, no nameless promises, nothing of others.

use super::tree::Tree;
use super::{Finding, source};

const SPDX: &str = "SPDX-License-Identifier: MIT OR Apache-2.0";
const WITH_SPDX: &[&str] = &[".rs", ".ts", ".mjs", ".scss"];
const WITH_PROMISES: &[&str] =
    &[".rs", ".ts", ".mjs", ".scss", ".html", ".sql", ".toml", ".ftl", ".typ", ".sh", "Makefile"];
/// Things made by others, fetched when building instead.
const FOREIGN: &[&str] = &[".ttf", ".otf", ".woff", ".woff2", ".min.js", ".min.css", ".jar", ".so", ".exe"];
/// Marks of unfinished work that carry no number.
const NAMELESS: &[&str] = &[concat!("FIX", "ME"), concat!("XX", "X:")];
const MARK: &str = concat!("TO", "DO");

/// Returns what the files lack.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter() {
        let ends = |kinds: &[&str]| kinds.iter().any(|it| path.ends_with(it));
        if ends(WITH_SPDX)
            && !text.lines().find(|it| !it.starts_with("#!")).is_some_and(|it| it.contains(SPDX))
        {
            findings.push(Finding::at(path, 1, "no licence line", format!("begin with `// {SPDX}`")));
        }
        if ends(FOREIGN) {
            let instead = "fetch it by a package manager when building; a lock file pins it";
            findings.push(Finding::at(path, 1, "made by others or generated", instead));
        }
        if path.ends_with("/mod.rs") {
            findings.push(Finding::at(
                path,
                1,
                "`mod.rs`",
                "name it after the module: `foo.rs` beside `foo/`",
            ));
        }
        if ends(&[".rs"]) {
            findings.extend(module_doc(path, text));
        }
        if ends(WITH_PROMISES) {
            findings.extend(todos(path, text));
        }
    }
    findings
}

fn module_doc(path: &str, text: &str) -> Option<Finding> {
    let has =
        text.lines().take_while(|it| it.starts_with("//") || it.is_empty()).any(|it| it.starts_with("//!"));
    (!has && !source::is_test_file(path)).then(|| {
        Finding::at(path, 1, "no module doc", "say in `//!` what this file is, before its first item")
    })
}

fn todos(path: &str, text: &str) -> Vec<Finding> {
    let instead = format!("file an issue and write `{MARK}(#123)`, or do it now");
    text.lines()
        .zip(1..)
        .filter(|(line, _)| unnumbered(line) || NAMELESS.iter().any(|it| source::has_word(line, it)))
        .map(|(_, number)| {
            Finding::at(path, number, format!("a {MARK} without the number of an issue"), &instead)
        })
        .collect()
}

fn unnumbered(line: &str) -> bool {
    source::has_word(line, MARK)
        && line.split(MARK).skip(1).any(|rest| {
            let number = rest.strip_prefix("(#").and_then(|it| it.split_once(')')).map(|(number, _)| number);
            !number.is_some_and(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "// SPDX-License-Identifier: MIT OR Apache-2.0\n";

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn a_source_begins_with_its_licence_and_its_subject() {
        assert!(found("crates/a/src/b.rs", &format!("{HEAD}//! The subject.\n")).is_empty());
        assert_eq!(found("crates/a/src/b.rs", "//! The subject.\n"), ["no licence line"]);
        assert_eq!(found("crates/a/src/b.rs", &format!("{HEAD}fn a() {{}}\n//! Late.\n")), ["no module doc"]);
        assert!(found("crates/a/tests/it/b.rs", &format!("{HEAD}fn a() {{}}\n")).is_empty());
        assert!(found("e2e/run.mjs", &format!("#!/usr/bin/env node\n{HEAD}")).is_empty());
    }

    #[test]
    fn mod_rs_is_not_used() {
        assert_eq!(found("crates/a/src/b/mod.rs", &format!("{HEAD}//! It.\n")), ["`mod.rs`"]);
    }

    #[test]
    fn unfinished_work_carries_a_number() {
        let line = |rest: &str| format!("{HEAD}//! It.\n// {MARK}{rest}\n");
        assert!(found("a/src/b.rs", &line("(#12): later")).is_empty());
        assert_eq!(found("a/src/b.rs", &line(": later")).len(), 1);
        assert_eq!(found("a/src/b.rs", &line("(me): later")).len(), 1);
        assert_eq!(found("a/src/b.rs", &line("(#): later")).len(), 1);
        assert_eq!(found("a.sql", &format!("-- {}", NAMELESS[0])).len(), 1);
    }

    #[test]
    fn fonts_and_packed_scripts_of_others_are_not_committed() {
        assert_eq!(found("assets/a.woff2", "").len(), 1);
        assert_eq!(found("assets/jquery.min.js", "").len(), 1);
    }
}
