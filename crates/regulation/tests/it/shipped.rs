// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulations under `regulations/`: they parse, the lint is content, their words stand in the act.

use regulation::model::{Action, Actor, Channel, End, Exit, Origin, StepId, StepKind, System, Target};
use regulation::{Lang, Severity, check, explain, lint_against, parse, render};

const NAME: &str = "regulations/guardianship-certificate/2015.toml";
const TEXT: &str = include_str!("../../../../regulations/guardianship-certificate/2015.toml");

/// Both editions of the guardianship certificate.
const EDITIONS: &[(&str, &str)] = &[
    (
        "regulations/guardianship-certificate/2012.toml",
        include_str!("../../../../regulations/guardianship-certificate/2012.toml"),
    ),
    (NAME, TEXT),
];

#[test]
fn the_guardianship_certificate_of_both_editions_parses_and_the_lint_is_content() {
    for (name, text) in EDITIONS {
        let checked = check(name, text);
        let grave: Vec<_> =
            checked.diagnostics.iter().filter(|it| it.severity != Severity::Note).cloned().collect();
        assert!(grave.is_empty(), "{}", render(&grave, name, text, false));
        assert!(checked.regulation.is_some());
    }
}

#[test]
fn every_quoted_word_stands_in_the_act() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seeds/");
    let path = std::env::var("QYZMET_SHARED").map_or_else(|_| path.to_owned(), |it| format!("{it}/seeds/"));
    for (name, text) in EDITIONS {
        let regulation = parse(name, text).unwrap();
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
}

#[test]
fn a_lawyer_reads_it_in_three_languages() {
    let regulation = parse(NAME, TEXT).unwrap();
    insta::assert_snapshot!("show_kk", explain(&regulation, Lang::Kk));
    insta::assert_snapshot!("show_ru", explain(&regulation, Lang::Ru));
    insta::assert_snapshot!("show_en", explain(&regulation, Lang::En));
}

#[test]
fn it_has_the_printed_steps_of_the_act_and_no_others() {
    let regulation = parse(NAME, TEXT).unwrap();
    let printed: Vec<(&str, usize, usize)> = regulation
        .procedures
        .iter()
        .map(|procedure| {
            let printed = procedure.steps.iter().filter(|it| it.origin == Origin::Printed);
            let (conditions, processes): (Vec<_>, Vec<_>) =
                printed.partition(|it| it.kind == StepKind::Condition);
            (procedure.id.as_str(), processes.len(), conditions.len())
        })
        .collect();
    assert_eq!(
        printed,
        [
            ("provider", 4, 0),
            ("center", 9, 2),
            ("center-result", 3, 0),
            ("portal", 9, 3),
            ("provider-workstation", 8, 2),
            ("center-diagram", 13, 0),
            ("portal-diagram", 11, 0)
        ]
    );
}

#[test]
fn applications_come_in_by_the_center_and_the_portal_only() {
    let regulation = parse(NAME, TEXT).unwrap();
    let intake: Vec<_> = regulation.procedures.iter().flat_map(|it| it.intake.clone()).collect();
    assert_eq!(intake, [Channel::Center, Channel::Portal]);
}

#[test]
fn the_head_signs_inside_the_executors_action() {
    let regulation = parse(NAME, TEXT).unwrap();
    let (_, step, part) = regulation.part(&StepId::from("provider.action-3.b")).unwrap();
    assert_eq!(step.parts.len(), 2);
    assert_eq!((part.actor, &part.action), (Some(Actor::ProviderHead), &Action::SignResult));
    assert_eq!(step.norm.map(|it| it.to_string()), Some("3 working-days".to_owned()));
}

#[test]
fn the_portal_runs_the_providers_actions_and_delivers_or_refuses() {
    let regulation = parse(NAME, TEXT).unwrap();
    let portal = regulation.intake(Channel::Portal).unwrap();
    let check = portal.step(&StepId::from("portal.condition-3")).unwrap();
    assert_eq!(check.at, System::Region);
    assert_eq!(check.runs.as_ref().map(regulation::model::ProcedureId::as_str), Some("provider"));
    let Exit::Branch { yes, no } = &check.exit else { panic!("a condition has branches") };
    assert_eq!(*yes, Target::Step("portal.process-8".into()));
    assert_eq!(*no, Target::Step("portal.process-7".into()));
    let refusal = portal.step(&StepId::from("portal.process-7")).unwrap();
    assert_eq!(refusal.exit, Exit::Next(Target::End(End::Refused)));
}

#[test]
fn what_the_standard_would_say_is_marked_assumed_and_what_the_act_says_is_not() {
    let regulation = parse(NAME, TEXT).unwrap();
    assert!(regulation.documents.iter().all(|it| it.assumed));
    let stated: Vec<&str> =
        regulation.grounds.iter().filter(|it| !it.assumed).map(|it| it.id.as_str()).collect();
    assert_eq!(stated, ["document-defects"]);
    assert_eq!(regulation.act.number, None, "the act has no number: it is not invented");
}

#[test]
fn the_lint_is_content_with_every_regulation_and_every_act() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../regulations");
    let folders = std::fs::read_dir(root).unwrap().flatten();
    let files = folders.filter_map(|it| std::fs::read_dir(it.path()).ok()).flatten().flatten();
    let (mut count, mut found) = (0, String::new());
    for file in files.filter(|it| it.path().extension().is_some_and(|it| it == "toml")) {
        let path = file.path();
        let name = path.to_string_lossy().split("/../../").nth(1).unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let grave: Vec<_> =
            check(&name, &text).diagnostics.into_iter().filter(|it| it.severity != Severity::Note).collect();
        found.push_str(&render(&grave, &name, &text, false));
        count += 1;
    }
    assert!(found.is_empty(), "{found}");
    assert!(count >= 14, "only {count} regulations found");
}
