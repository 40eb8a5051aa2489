// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pure crates take values and return values: no async, no I/O, no ambient clock or randomness.

use super::tree::Tree;
use super::{Finding, arrows, source};
use toml_edit::DocumentMut;

const PURE: &[&str] = &["regulation", "engine", "eds", "gostkey", "shep", "handbook", "forecast"];

/// Words that no shipped line of a pure crate may hold, and what to do instead.
const WORDS: &[(&str, &str)] = &[
    ("async fn", "return a value; the rim awaits"),
    ("async move", "return a value; the rim awaits"),
    (".await", "return a value; the rim awaits"),
    ("tokio", "return a value; the rim awaits"),
    ("std::fs", "take bytes; the rim reads files"),
    ("std::net", "take bytes; the rim talks"),
    ("std::process", "return a value; the rim acts"),
    ("std::thread", "return a value; the rim schedules"),
    ("std::env", "take a parameter"),
    ("SystemTime", "take `now: jiff::Timestamp`"),
    ("Instant::now", "take `now: jiff::Timestamp`"),
    ("Timestamp::now", "take `now: jiff::Timestamp`"),
    ("Zoned::now", "take `now: jiff::Timestamp`"),
    ("Uuid::now_v7", "take the id from the caller"),
    ("Uuid::new_v4", "take the id from the caller"),
    ("thread_rng", "take the bytes or a source of randomness from the caller"),
    ("OsRng", "take the bytes or a source of randomness from the caller"),
    ("SystemRandom::new", "take `&dyn aws_lc_rs::rand::SecureRandom` from the caller"),
    ("getrandom", "take the bytes or a source of randomness from the caller"),
];

/// Packages that no pure crate depends on, but in tests.
const PACKAGES: &[&str] = &[
    "tokio",
    "async-trait",
    "futures",
    "rand",
    "getrandom",
    "rusqlite",
    "axum",
    "hyper",
    "reqwest",
    "tracing",
];

/// Returns what makes a pure crate impure.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in PURE {
        let sources = format!("crates/{name}/src/");
        for (path, text) in tree.ending(".rs").filter(|(path, _)| path.starts_with(&sources)) {
            for line in source::shipped_lines(path, text) {
                for (word, instead) in WORDS.iter().filter(|(word, _)| source::has_word(&line.code, word)) {
                    let what = format!("`{word}` in the pure crate `{name}`");
                    findings.push(Finding::at(path, line.number, what, *instead));
                }
            }
        }
        findings.extend(manifest(tree, name));
    }
    findings
}

fn manifest(tree: &Tree, name: &str) -> Vec<Finding> {
    let path = format!("crates/{name}/Cargo.toml");
    let Some(Ok(manifest)) = tree.text(&path).map(str::parse::<DocumentMut>) else { return Vec::new() };
    arrows::dependencies(manifest.as_table())
        .into_iter()
        .filter(|(package, test_only)| !test_only && PACKAGES.contains(&package.as_str()))
        .map(|(package, _)| {
            let what = format!("the pure crate `{name}` depends on `{package}`");
            Finding::at(&path, 1, what, "keep it at the rim; a pure crate returns values")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<Finding> {
        check(&Tree::of(&[(path, text)]))
    }

    #[test]
    fn a_clock_in_the_engine_is_found_and_the_parameter_named() {
        let found = found("crates/engine/src/a.rs", "fn a() {\n    let now = Timestamp::now();\n}\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().starts_with("crates/engine/src/a.rs:2:"));
        assert!(found[0].to_string().contains("take `now"));
    }

    #[test]
    fn prose_tests_and_other_crates_are_free() {
        assert!(found("crates/engine/src/a.rs", "/// No tokio here.\nfn a() {}\n").is_empty());
        assert!(found("crates/engine/src/a.rs", "#[cfg(test)]\nmod tests {\n use std::fs;\n}\n").is_empty());
        assert!(found("crates/engine/tests/it/main.rs", "use std::fs;\n").is_empty());
        assert!(found("crates/store/src/a.rs", "use std::fs;\n").is_empty());
    }

    #[test]
    fn a_pure_crate_may_not_depend_on_an_executor() {
        assert_eq!(found("crates/eds/Cargo.toml", "[dependencies]\ntokio = \"1\"\n").len(), 1);
        assert!(found("crates/eds/Cargo.toml", "[dev-dependencies]\nrand = \"1\"\n").is_empty());
    }
}
