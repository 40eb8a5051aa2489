// SPDX-License-Identifier: MIT OR Apache-2.0
//! Scenarios beside each regulation against their golden output.
//!
//! `UPDATE_GOLDEN=1 cargo test -p testkit` writes the golden files anew; read the difference before committing it.

#[cfg(test)]
mod fifteenth;
#[cfg(test)]
mod sent;

use regulation::model::End;
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

#[test]
fn every_procedure_reaches_every_end_that_it_foresees_in_a_scenario() {
    let (regulations, proofs) = (regulations(), proofs());
    let table = regulation::coverage(&regulations, &proofs);
    println!("{table}");
    assert!(table.empty().is_empty(), "{:#?}", table.empty());
    assert!(table.rows.len() >= 39, "only {} procedures", table.rows.len());
}

#[test]
fn a_scenario_that_is_named_after_an_end_reaches_it() {
    let mut missed = Vec::new();
    for proof in proofs() {
        let name = proof.scenario.rsplit('/').next().unwrap_or_default();
        let Some(end) = name.rsplit('.').next().and_then(End::from_name) else { continue };
        let procedure = name.split('.').nth(1).unwrap_or_default();
        if !proof.reached.iter().any(|it| it.end == end && it.procedure.as_str() == procedure) {
            missed.push(proof.scenario);
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_clause_of_every_act_is_executed_and_proved_or_says_why_not() {
    let (regulations, proofs) = (regulations(), proofs());
    let mut bare = Vec::new();
    for regulation in &regulations {
        let trace = regulation::trace(regulation, &proofs);
        println!("{trace}");
        for clause in &trace.clauses {
            let unproved = clause.unproved();
            let uncited = clause.by.is_empty();
            if uncited || !unproved.is_empty() {
                bare.push(format!("{} {}: {unproved:?}", trace.regulation, clause.clause));
            }
        }
    }
    assert!(bare.is_empty(), "{bare:#?}");
}

fn proofs() -> Vec<regulation::Proof> {
    let read = |path: &PathBuf| {
        let golden = std::fs::read_to_string(path.with_extension("golden.txt")).ok()?;
        let service = path.iter().rev().nth(2)?.to_string_lossy();
        let name = format!("{service}/{}", path.file_stem()?.to_string_lossy());
        regulation::Proof::read(&name, &golden)
    };
    let found: Vec<_> = scenarios().iter().filter_map(read).collect();
    assert_eq!(found.len(), scenarios().len(), "a scenario has no golden output that names its regulation");
    found
}

fn regulations() -> Vec<regulation::model::Regulation> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regulations");
    let files = std::fs::read_dir(root).into_iter().flatten().flatten();
    let files = files.flat_map(|it| std::fs::read_dir(it.path())).flatten().flatten().map(|it| it.path());
    let mut files: Vec<PathBuf> = files.filter(|it| it.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let service = path.iter().rev().nth(1)?.to_string_lossy();
        let name = format!("regulations/{service}/{}", path.file_name()?.to_string_lossy());
        regulation::parse(&name, &std::fs::read_to_string(path).ok()?).ok()
    };
    let found: Vec<_> = files.iter().filter_map(read).collect();
    assert_eq!(found.len(), files.len(), "a regulation cannot be read");
    found
}
