// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulations under `regulations/`: they parse, the lint is content, their words stand in the act.

use regulation::{Severity, check, lint_against, parse, render};

const NAME: &str = "regulations/guardianship-certificate/2015.toml";
const TEXT: &str = include_str!("../../../../regulations/guardianship-certificate/2015.toml");

#[test]
fn the_guardianship_certificate_of_2015_parses_and_the_lint_is_content() {
    let checked = check(NAME, TEXT);
    let grave: Vec<_> =
        checked.diagnostics.iter().filter(|it| it.severity != Severity::Note).cloned().collect();
    assert!(grave.is_empty(), "{}", render(&grave, NAME, TEXT, false));
    assert!(checked.regulation.is_some());
}

#[test]
fn every_quoted_word_stands_in_the_act() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seeds/");
    let path = std::env::var("QYZMET_SHARED").map_or_else(|_| path.to_owned(), |it| format!("{it}/seeds/"));
    let regulation = parse(NAME, TEXT).unwrap();
    let act = match std::fs::read_to_string(format!("{path}{}", regulation.act.source)) {
        Ok(act) => act,
        Err(_) if std::env::var("QYZMET_WITHOUT_SHARED").is_ok() => {
            println!("not run: the act's text is not here");
            return;
        }
        Err(error) => panic!("the act's text is not at {path}: {error}"),
    };
    let findings = lint_against(&regulation, &act);
    assert!(findings.is_empty(), "{findings:#?}");
}
