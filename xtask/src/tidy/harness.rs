// SPDX-License-Identifier: MIT OR Apache-2.0
//! One integration binary per crate, `tests/it/main.rs`, and no source file that nothing names.

use super::tree::Tree;
use super::{Finding, source};

/// Returns test binaries beside `it`, and files that no `mod` line names.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, folder) in tree.crates() {
        let tests = format!("{folder}/tests/");
        let binary = format!("{tests}it/");
        let mut has_tests = false;
        for (path, _) in tree.ending(".rs").filter(|(path, _)| path.starts_with(&tests)) {
            has_tests = true;
            if !path.starts_with(&binary) {
                let instead =
                    format!("move it to {binary} and name it in main.rs: each binary is linked anew");
                findings.push(Finding::at(path, 1, "an integration test outside `tests/it/`", instead));
            }
        }
        if has_tests {
            findings.extend(manifest(tree, name, &folder));
        }
        for inside in [format!("{folder}/src/"), binary] {
            findings.extend(orphans(tree, &inside));
        }
    }
    findings
}

fn manifest(tree: &Tree, name: &str, folder: &str) -> Option<Finding> {
    let path = format!("{folder}/Cargo.toml");
    let text = tree.text(&path).unwrap_or_default();
    let plain: String = text.chars().filter(|it| !it.is_whitespace()).collect();
    let whole = plain.contains("autotests=false") && plain.contains("[[test]]name=\"it\"");
    (!whole).then(|| {
        let what = format!("`{name}` does not name its one test binary");
        Finding::at(&path, 1, what, "`autotests = false` in [package], and [[test]] name = \"it\"")
    })
}

/// Returns the files under `inside` that the file above them does not name.
fn orphans(tree: &Tree, inside: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.ending(".rs").filter(|(path, _)| path.starts_with(inside)) {
        let Some(module) = path.strip_prefix(inside).and_then(|it| it.strip_suffix(".rs")) else { continue };
        if ["main", "lib"].contains(&module) || module.starts_with("bin/") {
            continue;
        }
        let (above, name) = module.rsplit_once('/').unwrap_or(("", module));
        let parents: Vec<String> = match above {
            "" => ["main.rs", "lib.rs"].iter().map(|it| format!("{inside}{it}")).collect(),
            above => vec![format!("{inside}{above}.rs")],
        };
        let named = parents.iter().filter_map(|it| tree.text(it)).any(|text| names(text, name));
        if !named {
            let parent = parents.iter().find(|it| tree.exists(it)).or(parents.first());
            let instead =
                format!("write `mod {name};` in {}, or delete it", parent.map_or("", String::as_str));
            findings.push(Finding::at(
                path,
                1,
                "no `mod` line names this file: it is never compiled",
                instead,
            ));
        }
    }
    findings
}

fn names(text: &str, module: &str) -> bool {
    let declaration = format!("mod {module};");
    text.contains("#[path") || source::lines(text).iter().any(|it| source::has_word(&it.code, &declaration))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"a\"\nautotests = false\n[[test]]\nname = \"it\"\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).into_iter().map(|it| format!("{}: {}", it.path, it.what)).collect()
    }

    #[test]
    fn a_forgotten_test_file_is_found() {
        let files = [
            ("crates/a/Cargo.toml", MANIFEST),
            ("crates/a/tests/it/main.rs", "//! T.\nmod one;\n// mod two;\n"),
            ("crates/a/tests/it/one.rs", "mod deep;"),
            ("crates/a/tests/it/one/deep.rs", ""),
            ("crates/a/tests/it/two.rs", ""),
        ];
        let found = found(&files);
        assert_eq!(found, ["crates/a/tests/it/two.rs: no `mod` line names this file: it is never compiled"]);
    }

    #[test]
    fn there_is_one_integration_binary() {
        let files = [("crates/a/Cargo.toml", "[package]\n"), ("crates/a/tests/other.rs", "")];
        assert_eq!(
            found(&files),
            [
                "crates/a/tests/other.rs: an integration test outside `tests/it/`",
                "crates/a/Cargo.toml: `a` does not name its one test binary",
            ]
        );
    }

    #[test]
    fn sources_are_named_too() {
        let files = [
            ("crates/a/Cargo.toml", ""),
            ("crates/a/src/lib.rs", "pub(crate) mod b;"),
            ("crates/a/src/b.rs", ""),
            ("crates/a/src/b/c.rs", ""),
        ];
        assert_eq!(found(&files).len(), 1);
    }
}
