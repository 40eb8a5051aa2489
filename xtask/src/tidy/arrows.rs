// SPDX-License-Identifier: MIT OR Apache-2.0
//! The arrows between crates are a list; what is not listed may not be drawn.
//!
//! A crate that is not in a manifest cannot be named in its source, so the manifests are enough.

use super::Finding;
use super::tree::Tree;
use toml_edit::{DocumentMut, Item, TableLike};

/// What one crate may depend on.
struct Arrows {
    name: &'static str,
    may: &'static [&'static str],
    /// Further crates, in tests only.
    tests: &'static [&'static str],
}

const ALLOWED: &[Arrows] = &[
    Arrows { name: "regulation", may: &[], tests: &["testkit"] },
    Arrows { name: "engine", may: &["regulation"], tests: &["testkit"] },
    Arrows { name: "eds", may: &[], tests: &[] },
    Arrows { name: "gostkey", may: &[], tests: &[] },
    Arrows { name: "shep", may: &[], tests: &[] },
    Arrows { name: "paper", may: &["service"], tests: &["regulation", "eds", "testkit"] },
    Arrows { name: "handbook", may: &["regulation"], tests: &["testkit"] },
    Arrows { name: "forecast", may: &["regulation", "engine"], tests: &["testkit"] },
    Arrows { name: "service", may: &["engine", "regulation", "eds"], tests: &["store", "testkit"] },
    Arrows { name: "store", may: &["service", "engine", "regulation"], tests: &["testkit"] },
    Arrows {
        name: "gateway",
        may: &["service", "engine", "eds", "shep"],
        tests: &["regulation", "simulators", "store", "testkit"],
    },
    Arrows { name: "simulators", may: &["shep", "eds", "gostkey"], tests: &[] },
    Arrows { name: "web", may: &["service", "engine", "regulation", "handbook"], tests: &["testkit"] },
    Arrows {
        name: "qyzmet",
        may: &[
            "regulation",
            "engine",
            "eds",
            "shep",
            "paper",
            "handbook",
            "forecast",
            "service",
            "store",
            "gateway",
            "simulators",
            "web",
        ],
        tests: &["testkit"],
    },
    Arrows { name: "testkit", may: &["regulation", "engine", "service"], tests: &[] },
    Arrows { name: "xtask", may: &[], tests: &[] },
];

/// Returns every dependency between our crates that the list does not allow.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let crates = tree.crates();
    let ours: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
    let mut findings = Vec::new();
    for (name, folder) in &crates {
        let path = format!("{folder}/Cargo.toml");
        let text = tree.text(&path).unwrap_or_default();
        let Some(arrows) = ALLOWED.iter().find(|it| it.name == *name) else {
            findings.push(Finding::at(
                &path,
                1,
                format!("crate `{name}` is not in the list of arrows"),
                "add it to ALLOWED in xtask/src/tidy/arrows.rs with what it may depend on, and to ARCHITECTURE.md",
            ));
            continue;
        };
        match text.parse::<DocumentMut>() {
            Ok(manifest) => {
                for (dependency, test_only) in dependencies(manifest.as_table()) {
                    let allowed = arrows.may.contains(&dependency.as_str())
                        || (test_only && arrows.tests.contains(&dependency.as_str()));
                    if ours.contains(&dependency.as_str()) && !allowed {
                        findings.push(forbidden(&path, text, name, &dependency));
                    }
                }
            }
            Err(error) => findings.push(Finding::at(&path, 1, "the manifest is not TOML", error.message())),
        }
    }
    findings
}

fn forbidden(path: &str, text: &str, name: &str, dependency: &str) -> Finding {
    let line = text.lines().position(|it| it.trim_start().starts_with(dependency)).map_or(1, |it| it + 1);
    Finding::at(
        path,
        line,
        format!("`{name}` may not depend on `{dependency}`"),
        "pass a value or use a port of `service`; the allowed arrows are in xtask/src/tidy/arrows.rs",
    )
}

/// Returns the names of a manifest's dependencies and whether they are for tests only.
pub(super) fn dependencies(manifest: &dyn TableLike) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (key, item) in manifest.iter() {
        let Some(table) = item.as_table_like() else { continue };
        match key {
            "dependencies" | "build-dependencies" => found.extend(names(table).map(|it| (it, false))),
            "dev-dependencies" => found.extend(names(table).map(|it| (it, true))),
            "target" => {
                found.extend(table.iter().filter_map(|(_, it)| it.as_table_like()).flat_map(dependencies));
            }
            _ => {}
        }
    }
    found
}

/// Returns the packages that a table of dependencies names; a renamed one under its own name.
fn names(table: &dyn TableLike) -> impl Iterator<Item = String> {
    table.iter().map(|(key, item)| {
        item.as_table_like().and_then(|it| it.get("package")).and_then(Item::as_str).unwrap_or(key).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn web_may_not_name_the_store() {
        let found = found(&[
            ("crates/web/Cargo.toml", "[dependencies]\nservice.workspace = true\nstore.workspace = true\n"),
            ("crates/store/Cargo.toml", "[dependencies]\nservice.workspace = true\n"),
            ("crates/service/Cargo.toml", "[dependencies]\n"),
        ]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("crates/web/Cargo.toml:3: `web` may not depend on `store`"),
            "{found:?}"
        );
    }

    #[test]
    fn a_renamed_or_target_dependency_is_seen_too() {
        let found = found(&[
            (
                "crates/store/Cargo.toml",
                "[dependencies]\nx = { package = \"gateway\", path = \"../gateway\" }\n[target.'cfg(unix)'.dependencies]\nweb = {}\n",
            ),
            ("crates/gateway/Cargo.toml", ""),
            ("crates/web/Cargo.toml", ""),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn tests_may_name_what_the_list_gives_them() {
        let dev = ("crates/gateway/Cargo.toml", "[dev-dependencies]\nsimulators.workspace = true\n");
        let normal = ("crates/gateway/Cargo.toml", "[dependencies]\nsimulators.workspace = true\n");
        assert!(found(&[dev, ("crates/simulators/Cargo.toml", "")]).is_empty());
        assert_eq!(found(&[normal, ("crates/simulators/Cargo.toml", "")]).len(), 1);
    }

    #[test]
    fn an_unknown_crate_must_be_listed() {
        assert!(found(&[("crates/helper/Cargo.toml", "")])[0].contains("`helper` is not in the list"));
    }
}
