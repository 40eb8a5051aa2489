// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet regulation …`: output and exit status.

use std::process::{Command, Output};

fn qyzmet(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qyzmet")).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn list_names_service_edition_and_channels() {
    let output = qyzmet(&["regulation", "list"]);
    assert_eq!(output.status.code(), Some(0));
    let line = "guardianship-certificate@2015  Қорғаншылық және қамқоршылық жөнінде анықтамалар беру  [center, portal]";
    assert!(text(&output).lines().any(|it| it == line), "{}", text(&output));
}

#[test]
fn the_lint_of_what_ships_is_clean_and_exits_with_0() {
    let output = qyzmet(&["regulation", "lint"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains("errors: 0, warnings: 0"));
}

#[test]
fn the_lint_of_a_bad_file_underlines_without_colours_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.toml");
    std::fs::write(&file, "service = \"a\"\nedition = 5\nsrevice = \"b\"\n").unwrap();
    let output = qyzmet(&["regulation", "lint", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    assert!(text.contains("error[qz-reg-04]: `edition` is integer, a string was expected"), "{text}");
    assert!(text.contains("error[qz-reg-02]: unknown key `srevice`"), "{text}");
    assert!(text.contains("= help: did you mean `service`?"), "{text}");
    assert!(!text.contains('\u{1b}'), "colours belong to a terminal");
}

#[test]
fn a_file_that_is_not_there_is_wrong_usage() {
    let output = qyzmet(&["regulation", "lint", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("qyzmet: cannot read nowhere.toml"));
}

#[test]
fn an_unknown_service_or_subcommand_is_wrong_usage() {
    assert_eq!(qyzmet(&["regulation", "show", "tea-party"]).status.code(), Some(2));
    assert_eq!(qyzmet(&["regulation", "dance"]).status.code(), Some(2));
    assert_eq!(qyzmet(&["regulation", "show", "guardianship-certificate@1812"]).status.code(), Some(2));
}

#[test]
fn show_speaks_kazakh_unless_told_otherwise() {
    let output = qyzmet(&["regulation", "show", "guardianship-certificate"]);
    assert!(text(&output).starts_with("Қорғаншылық және қамқоршылық жөнінде анықтамалар беру\n"));
    let output = qyzmet(&["regulation", "show", "guardianship-certificate@2015", "--lang", "en"]);
    assert!(text(&output).starts_with("Issue of certificates of guardianship and custody\n"));
}

#[test]
fn export_is_json_with_regulations_and_anomalies() {
    let output = qyzmet(&["regulation", "export", "--format", "json"]);
    let text = text(&output);
    assert!(text.starts_with("{\n  \"regulations\": ["));
    assert!(text.contains("\n  \"anomalies\": ["));
}

/// The regulations of the repository, with their scenarios.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations");

#[test]
fn coverage_has_no_empty_cell() {
    let output = qyzmet(&["regulation", "coverage", "--scenarios", FOLDER]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains("empty: 0"), "{}", text(&output));
}

#[test]
fn coverage_without_scenarios_names_what_is_empty_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let output = qyzmet(&["regulation", "coverage", "--scenarios", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let empty = "empty: guardianship-certificate@2015 portal: end:issued portal.process-8";
    assert!(text(&output).lines().any(|it| it == empty), "{}", text(&output));
}

#[test]
fn trace_leads_from_a_clause_to_its_step_and_its_scenarios() {
    let output = qyzmet(&["regulation", "trace", "--scenarios", FOLDER]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let told = text(&output);
    assert!(told.contains("→ portal.process-8 → guardianship-certificate/"), "{told}");
    assert!(told.contains("provision: its words are shown"), "{told}");
}

#[test]
fn diff_speaks_the_language_that_it_is_asked_in() {
    let diff =
        |lang| qyzmet(&["regulation", "diff", "guardianship-certificate", "2012", "2015", "--lang", lang]);
    assert!(text(&diff("ru")).contains("ОСНОВАНИЯ ОТКАЗА"));
    assert!(text(&diff("en")).contains("GROUNDS OF REFUSAL"));
    let none = qyzmet(&["regulation", "diff", "guardianship-certificate", "1812", "2015"]);
    assert_eq!(none.status.code(), Some(2));
}
