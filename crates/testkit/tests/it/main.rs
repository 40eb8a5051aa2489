// SPDX-License-Identifier: MIT OR Apache-2.0
//! Scenarios beside each regulation against their golden output.
//!
//! `UPDATE_GOLDEN=1 cargo test -p testkit` writes the golden files anew; read the difference before committing it.

use std::path::{Path, PathBuf};
use testkit::script;

#[test]
fn every_scenario_reads_as_its_golden_output() {
    let mut differing = Vec::new();
    let scenarios = scenarios();
    assert!(scenarios.len() >= 9, "only {} scenarios found", scenarios.len());
    for path in scenarios {
        let text = std::fs::read_to_string(&path).unwrap();
        let played = script::play(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let golden = path.with_extension("golden.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &played).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != played {
            differing.push(golden.display().to_string());
        }
    }
    assert!(differing.is_empty(), "these differ from what is played: {differing:#?}");
}

#[test]
fn a_scenario_plays_the_same_twice() {
    for path in scenarios() {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(script::play(&text), script::play(&text));
    }
}

fn scenarios() -> Vec<PathBuf> {
    let regulations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regulations");
    let services = std::fs::read_dir(regulations).into_iter().flatten().flatten();
    let folders = services.flat_map(|it| std::fs::read_dir(it.path().join("scenarios"))).flatten().flatten();
    let mut found: Vec<PathBuf> = folders.map(|it| it.path()).filter(|it| is_scenario(it)).collect();
    found.sort();
    found
}

fn is_scenario(path: &Path) -> bool {
    let text = path.extension().is_some_and(|it| it == "txt");
    text && path.file_stem().is_some_and(|it| !it.to_string_lossy().ends_with(".golden"))
}
