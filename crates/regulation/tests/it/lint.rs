// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the lint proves.

use crate::small::{SMALL, spoiled};
use regulation::{Code, Severity, check, lint_against, parse};

/// Findings of the spoiled regulation, with their severities and underlined texts.
fn findings(text: &str) -> Vec<(Code, Severity, String)> {
    let checked = check("tea.toml", text);
    assert!(checked.regulation.is_some(), "it parses: {:#?}", checked.diagnostics);
    checked
        .diagnostics
        .iter()
        .map(|it| (it.code, it.severity, text.get(it.span.clone()).unwrap().to_owned()))
        .collect()
}

fn error(code: Code, underlined: &str) -> (Code, Severity, String) {
    (code, Severity::Error, underlined.to_owned())
}

#[test]
fn the_small_regulation_is_clean() {
    assert_eq!(findings(SMALL), []);
}

#[test]
fn a_step_that_nothing_leads_to_is_found() {
    let text = spoiled("no = \"portal.process-3\"", "no = \"portal.process-2\"");
    assert_eq!(findings(&text), [error(Code::Unreachable, "\"portal.process-3\"")]);
}

#[test]
fn a_circle_without_an_end_is_found() {
    let text = spoiled("next = \"portal.process-2\"", "next = \"portal.process-1\"");
    let found = findings(&text);
    assert!(found.contains(&error(Code::NoEnd, "\"portal.process-1\"")), "{found:#?}");
    assert!(found.contains(&error(Code::Unreachable, "\"portal.condition-1\"")), "{found:#?}");
}

#[test]
fn branches_must_differ() {
    let text = spoiled("yes = \"end:issued\"", "yes = \"portal.process-3\"");
    assert_eq!(findings(&text), [error(Code::SameBranches, "\"portal.condition-1\"")]);
}

#[test]
fn a_refusal_gives_a_written_reason() {
    let text = spoiled("yes = \"end:issued\"", "yes = \"end:refused\"");
    assert_eq!(findings(&text), [error(Code::NoReason, "\"portal.condition-1\"")]);
}

#[test]
fn an_actor_acts_only_where_he_has_a_workplace() {
    let text = spoiled("actor = \"applicant\"", "actor = \"provider-head\"");
    assert_eq!(findings(&text), [error(Code::Actor, "\"portal.process-1\"")]);
    let text = spoiled("actor = \"applicant\"\n", "");
    assert_eq!(findings(&text), [error(Code::Actor, "\"portal.process-1\"")]);
    let text = spoiled("actors = [\"applicant\"]\n", "");
    assert_eq!(findings(&text), [error(Code::Actor, "\"portal.process-1\"")]);
    let text = spoiled("action = \"judge\"", "actor = \"applicant\"\naction = \"judge\"");
    assert_eq!(findings(&text), [error(Code::Actor, "\"portal.condition-1\"")]);
}

#[test]
fn norms_that_exceed_the_term_are_found() {
    let text = spoiled("norm = \"15 minutes\"", "norm = \"2 working-days\"");
    assert_eq!(findings(&text), [error(Code::NormsExceedTerm, "\"portal\"")]);
    let whole = spoiled("norm = \"15 minutes\"", "norm = \"1 working-day\"");
    assert_eq!(findings(&whole), [], "a term in days equals the sum of the day norms");
}

#[test]
fn an_anomaly_answers_for_a_finding_and_a_stale_answer_is_found() {
    let text = spoiled("norm = \"15 minutes\"", "norm = \"2 working-days\"");
    let accepted = text.replace("quote-kk = ", "accepts = [\"qz-reg-25 portal\"]\nquote-kk = ");
    assert_eq!(findings(&accepted), [(Code::NormsExceedTerm, Severity::Note, "\"portal\"".to_owned())]);
    let stale = spoiled("quote-kk = ", "accepts = [\"qz-reg-25 portal\"]\nquote-kk = ");
    assert_eq!(findings(&stale), [error(Code::StaleAcceptance, "\"no-milk\"")]);
}

#[test]
fn a_placeholder_needs_something_that_fills_it() {
    let text = spoiled("en = \"{sugar}\"", "en = \"{suger}\"");
    assert_eq!(findings(&text), [error(Code::Placeholder, "\"cup\"")]);
}

#[test]
fn somebody_must_take_applications_in() {
    let found = findings(&spoiled("intake = \"portal\"\n", ""));
    assert_eq!(found, [error(Code::Intake, "")]);
}

#[test]
fn a_procedure_may_not_run_itself() {
    let found = findings(&spoiled("when = \"person.found\"", "runs = \"portal\""));
    assert!(found.contains(&error(Code::Intake, "\"portal\"")), "{found:#?}");
}

#[test]
fn a_fact_is_established_before_it_is_asked_for() {
    let text = spoiled("next = \"portal.process-2\"", "next = \"portal.condition-1\"");
    let found = findings(&text);
    assert!(found.contains(&error(Code::Fact, "\"portal.condition-1\"")), "{found:#?}");
}

#[test]
fn a_fact_that_nothing_asks_for_is_a_warning() {
    let more = "[[fact]]\nid = \"rain\"\nregister = \"sky\"\ntitle = { kk = \"а\", ru = \"б\", en = \"c\" }\n\n[[field]]";
    let found = findings(&spoiled("[[field]]", more));
    assert_eq!(found, [(Code::Fact, Severity::Warning, "\"rain\"".to_owned())]);
}

#[test]
fn words_that_do_not_stand_in_the_act_are_found_spaces_aside() {
    let act = "Шай   бір\nкүн толтыру сұрату  тексеру хабарлама шай 1-процесс";
    let regulation = parse("tea.toml", SMALL).unwrap();
    assert_eq!(lint_against(&regulation, act), []);
    let findings = lint_against(&regulation, &act.replace("тексеру", "тексерy"));
    let codes: Vec<Code> = findings.iter().map(|it| it.code).collect();
    assert_eq!(codes, [Code::NotInAct], "a Latin letter in a Kazakh word is another letter");
}

#[test]
fn words_that_a_table_breaks_over_lines_are_found_joined() {
    let regulation = parse("tea.toml", SMALL).unwrap();
    let act = "Шай бір күн толтыру сұрату тек-\n\nсеру хабар\n\nлама шай 1-процесс";
    assert_eq!(lint_against(&regulation, act), []);
    assert_eq!(lint_against(&regulation, &act.replace("тек-\n\nсеру", "тек-\n\nсерy")).len(), 1);
}

#[test]
fn a_term_of_one_channel_is_compared_only_with_the_procedures_of_that_channel() {
    let short = |when: &str| {
        let term = format!("norm = \"5 minutes\"\nwhen = '{when}'");
        spoiled("norm = \"1 working-day\"", &term)
    };
    assert_eq!(findings(&short("channel == \"center\"")), []);
    assert_eq!(findings(&short("not (channel == \"portal\")")), []);
    let exceeds = [error(Code::NormsExceedTerm, "\"portal\"")];
    assert_eq!(findings(&short("channel == \"portal\"")), exceeds);
    assert_eq!(findings(&short("channel == \"portal\" or person.found")), exceeds);
}

#[test]
fn a_clause_that_nothing_cites_is_found() {
    let text = spoiled("\"2.4\"]", "\"2.4\", \"3\"]");
    let found = findings(&text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].0, found[0].1), (Code::UncitedClause, Severity::Warning));
}

#[test]
fn a_field_may_not_be_called_as_something_that_papers_facts_or_pages_know() {
    for name in ["kind", "order", "part", "actor", "channel", "medium", "post", "reason", "number"] {
        let field =
            format!("id = \"{name}\"\ntype = \"line\"\nlabel = {{ kk = \"а\", ru = \"б\", en = \"c\" }}");
        let text = spoiled("[[paper]]", &format!("[[result-field]]\n{field}\n\n[[paper]]"));
        assert_eq!(findings(&text), [error(Code::ReservedName, &format!("\"{name}\""))]);
    }
    let address = "[[field]]\nid = \"address\"\ntype = \"line\"\nlabel = { kk = \"а\", ru = \"б\", en = \"c\" }\n\n[[paper]]";
    assert_eq!(findings(&spoiled("[[paper]]", address)), [], "a paper prints the field of that name");
}

/// Cups as a group of the result, each with a price worked out by this formula.
fn cups(price: &str) -> String {
    let field = |id: &str, more: &str| {
        format!(
            "{{ id = \"{id}\", type = \"money\", label = {{ kk = \"а\", ru = \"б\", en = \"c\" }}{more} }}"
        )
    };
    let fields = [field("milk", ""), field("price", &format!(", formula = \"{price}\""))].join(", ");
    let group = format!(
        "[[result-field]]\nid = \"cups\"\ntype = \"group\"\nfields = [{fields}]\nlabel = {{ kk = \"а\", ru = \"б\", en = \"c\" }}\n\n[[paper]]"
    );
    spoiled("[[paper]]", &group)
}

#[test]
fn a_formula_inside_a_group_names_fields_of_its_own_entry() {
    assert_eq!(findings(&cups("milk * 2 + rate.mci")), []);
    assert_eq!(findings(&cups("milk * count(cups)")), []);
    for wrong in ["sugar", "water * 2", "sum(cups.price)"] {
        assert_eq!(findings(&cups(wrong)), [error(Code::Undeclared, "\"cups\"")], "{wrong}");
    }
}

#[test]
fn a_form_of_the_result_is_tied_only_to_a_channel_and_a_form_that_the_act_has() {
    let tied = |channel: &str, media: &str| {
        let tie =
            format!("[[media-of]]\nclause = \"1\"\nchannel = \"{channel}\"\nmedia = [{media}]\n\n[[fact]]");
        spoiled("[[fact]]", &tie)
    };
    assert_eq!(findings(&tied("portal", "\"paper\"")), []);
    for wrong in [tied("center", "\"paper\""), tied("portal", "\"electronic\""), tied("portal", "")] {
        assert_eq!(findings(&wrong), [error(Code::Intake, "")]);
    }
}
