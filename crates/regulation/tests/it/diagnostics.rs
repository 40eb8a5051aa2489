// SPDX-License-Identifier: MIT OR Apache-2.0
//! The vocabulary of the parser: code, message, underlined text, help.

use crate::small::{SMALL, spoiled};
use regulation::{Code, Diagnostic, parse, render};

/// What is expected of one diagnostic; `help` need only stand in the help.
struct Expected {
    code: Code,
    message: &'static str,
    underlined: &'static str,
    help: &'static str,
}

fn errors(text: &str) -> Vec<Diagnostic> {
    parse("tea.toml", text).unwrap_err()
}

/// One spoiled place gives exactly this diagnostic.
fn says(from: &str, to: &str, expected: &Expected) {
    let text = spoiled(from, to);
    let errors = errors(&text);
    let [error] = errors.as_slice() else {
        panic!("one mistake was made:\n{}", render(&errors, "tea.toml", &text, false));
    };
    assert_eq!(error.code, expected.code);
    assert_eq!(error.message, expected.message);
    assert_eq!(text.get(error.span.clone()), Some(expected.underlined));
    assert!(error.help.contains(expected.help), "help: {}", error.help);
}

#[test]
fn the_small_regulation_is_right() {
    let regulation = parse("regulations/tea/1.toml", SMALL).unwrap();
    assert_eq!(regulation.procedures[0].steps.len(), 4);
    assert_eq!(regulation.sha256.len(), 64);
}

#[test]
fn an_unknown_key_is_underlined_and_the_nearest_one_offered() {
    says(
        "number = 1",
        "nubmer = 1",
        &Expected {
            code: Code::UnknownKey,
            message: "unknown key `nubmer`",
            underlined: "nubmer",
            help: "did you mean `number`?",
        },
    );
}

#[test]
fn an_unknown_key_that_is_near_to_nothing_gets_the_list() {
    says(
        "number = 1",
        "colour = 1",
        &Expected {
            code: Code::UnknownKey,
            message: "unknown key `colour`",
            underlined: "colour",
            help: "the keys here are: id, kind, at",
        },
    );
}

#[test]
fn a_missing_key_underlines_the_table() {
    says(
        "source = \"tea.txt\"\n",
        "",
        &Expected {
            code: Code::MissingKey,
            message: "key `source` is missing",
            underlined: "[act]",
            help: "name the file that holds the act's text",
        },
    );
}

#[test]
fn a_value_of_another_type_says_both_types() {
    says(
        "number = 1",
        "number = \"one\"",
        &Expected {
            code: Code::WrongType,
            message: "`number` is string, a whole number that is not negative was expected",
            underlined: "\"one\"",
            help: "write a whole number that is not negative here",
        },
    );
}

#[test]
fn unknown_names_of_closed_lists_are_underlined() {
    for (from, to, message, help) in [
        (
            "actor = \"applicant\"",
            "actor = \"aplicant\"",
            "unknown actor `aplicant`",
            "did you mean `applicant`?",
        ),
        ("systems = [\"gbd-fl\"]", "systems = [\"gbd-ul\"]", "unknown system `gbd-ul`", "`gbd-fl`"),
        ("action = \"judge\"", "action = \"jugde\"", "unknown action `jugde`", "did you mean `judge`?"),
        (
            "intake = \"portal\"",
            "intake = \"fax\"",
            "unknown channel `fax`",
            "portal, center, provider, rural-akim",
        ),
        ("kind = \"condition\"", "kind = \"branch\"", "unknown kind of step `branch`", "process, condition"),
        ("notice = \"data-unavailable\"", "notice = \"data\"", "unknown notice `data`", "data-unavailable"),
        ("type = \"choice\"", "type = \"chioce\"", "unknown field type `chioce`", "did you mean `choice`?"),
        ("is = \"text\"", "is = \"txt\"", "unknown block `txt`", "did you mean `text`?"),
        ("yes = \"end:issued\"", "yes = \"end:isued\"", "unknown end `isued`", "did you mean `issued`?"),
    ] {
        let text = spoiled(from, to);
        let found = errors(&text);
        let error = found.iter().find(|it| it.message == message);
        let error = error.unwrap_or_else(|| panic!("{message}: {found:#?}"));
        assert_eq!(error.code, Code::UnknownName);
        assert!(error.help.contains(help), "help: {}", error.help);
    }
}

#[test]
fn a_text_without_a_language_names_the_language() {
    says(
        "provider = { kk = \"Асхана\", ru = \"Кухня\", en = \"Kitchen\" }",
        "provider = { kk = \"Асхана\", en = \"Kitchen\" }",
        &Expected {
            code: Code::MissingLanguage,
            message: "`provider` has no Russian text",
            underlined: "{ kk = \"Асхана\", en = \"Kitchen\" }",
            help: "add `provider.ru = \"…\"`",
        },
    );
}

#[test]
fn an_empty_language_is_a_missing_language() {
    says(
        "ru = \"Кухня\"",
        "ru = \" \"",
        &Expected {
            code: Code::MissingLanguage,
            message: "`provider` has no Russian text",
            underlined: "{ kk = \"Асхана\", ru = \" \", en = \"Kitchen\" }",
            help: "three languages",
        },
    );
}

#[test]
fn ids_are_lower_case_latin() {
    says(
        "id = \"no-milk\"",
        "id = \"No Milk\"",
        &Expected {
            code: Code::BadId,
            message: "`No Milk` cannot be the id of a anomaly",
            underlined: "\"No Milk\"",
            help: "lower-case Latin letters",
        },
    );
}

#[test]
fn the_same_id_twice_names_the_first_line() {
    let second =
        "\n[[fact]]\nid = \"person.found\"\ntitle = { kk = \"а\", ru = \"б\", en = \"c\" }\n\n[[field]]";
    says(
        "\n[[field]]",
        second,
        &Expected {
            code: Code::DuplicateId,
            message: "fact `person.found` is declared twice",
            underlined: "\"person.found\"",
            help: "it stands in line 22 already",
        },
    );
}

#[test]
fn an_undeclared_fact_is_underlined_inside_the_condition() {
    says(
        "when = \"person.found\"",
        "when = \"not person.fuond\"",
        &Expected {
            code: Code::Undeclared,
            message: "fact `person.fuond` is not declared",
            underlined: "person.fuond",
            help: "did you mean `person.found`?",
        },
    );
}

#[test]
fn undeclared_steps_procedures_and_anomalies_are_found() {
    for (from, to, message) in [
        (
            "next = \"portal.process-2\"",
            "next = \"portal.process-9\"",
            "step `portal.process-9` is not declared",
        ),
        ("when = \"person.found\"", "runs = \"kitchen\"", "procedure `kitchen` is not declared"),
        ("number = 1\n", "origin = \"rule\"\nanomaly = \"no-tea\"\n", "anomaly `no-tea` is not declared"),
    ] {
        let found = errors(&spoiled(from, to));
        assert!(found.iter().any(|it| it.code == Code::Undeclared && it.message == message), "{found:#?}");
    }
}

#[test]
fn a_bad_condition_is_underlined_at_its_word() {
    says(
        "when = \"person.found\"",
        "when = \"person.found && hot\"",
        &Expected {
            code: Code::BadExpression,
            message: "`&` does not belong in an expression",
            underlined: "&",
            help: "facts joined by `and`, `or`, `not`",
        },
    );
}

#[test]
fn a_bad_norm_says_what_is_bad() {
    says(
        "norm = \"15 minutes\"",
        "norm = \"15 weeks\"",
        &Expected {
            code: Code::BadNorm,
            message: "unknown unit `weeks`",
            underlined: "\"15 weeks\"",
            help: "seconds, minutes, working-days, calendar-days",
        },
    );
}

#[test]
fn keys_that_do_not_go_together_are_found() {
    for (from, to, message) in [
        ("kind = \"condition\"", "kind = \"process\"", "only a condition has `when` or `runs`"),
        ("when = \"person.found\"\n", "", "a condition needs `when` or `runs`, one of them"),
        (
            "at = \"portal\"\nnorm",
            "at = \"gateway\"\nnorm",
            "a step is carried out at the portal, the center or the region",
        ),
        ("number = 1\n", "anomaly = \"no-milk\"\n", "a printed step needs no anomaly to stand on"),
    ] {
        let found = errors(&spoiled(from, to));
        assert!(found.iter().any(|it| it.code == Code::StepShape && it.message == message), "{found:#?}");
    }
}

#[test]
fn a_date_must_exist() {
    for bad in ["2015-02-29", "13.04.2015", "2015-4-13", "2015-13-01"] {
        let found = errors(&spoiled("source = ", &format!("date = \"{bad}\"\nsource = ")));
        assert_eq!(found[0].code, Code::BadDate, "{bad}");
    }
    assert!(parse("tea.toml", &spoiled("source = ", "date = \"2016-02-29\"\nsource = ")).is_ok());
}

#[test]
fn a_clause_that_the_act_does_not_have_is_found() {
    says(
        "clause = \"2.3\"",
        "clause = \"2.33\"",
        &Expected {
            code: Code::UnknownClause,
            message: "the act has no clause `2.33`",
            underlined: "\"2.33\"",
            help: "did you mean `2.3`?",
        },
    );
}

#[test]
fn a_file_below_regulations_is_named_after_its_content() {
    let found = parse("/home/me/regulations/coffee/1.toml", SMALL).unwrap_err();
    assert_eq!(found[0].code, Code::FileName);
    assert_eq!(found[0].message, "the file is named `coffee/1.toml`, but holds `tea/1.toml`");
}

#[test]
fn every_mistake_is_reported_at_once() {
    let text = SMALL
        .replace("number = 1", "nubmer = 1")
        .replace("actor = \"applicant\"", "actor = \"head\"")
        .replace("norm = \"15 minutes\"", "norm = \"soon\"")
        .replace("when = \"person.found\"", "when = \"person.lost\"")
        .replace("source = \"tea.txt\"\n", "");
    let mut codes: Vec<Code> = errors(&text).iter().map(|it| it.code).collect();
    codes.sort();
    assert_eq!(
        codes,
        [Code::UnknownKey, Code::MissingKey, Code::UnknownName, Code::Undeclared, Code::BadNorm]
    );
}

#[test]
fn several_breaks_of_the_syntax_are_reported_together_with_bad_names() {
    let text = SMALL
        .replace("edition = \"1\"", "edition = ")
        .replace("scope = \"service\"", "scope = service\"")
        .replace("action = \"judge\"", "action = \"jugde\"");
    let found = errors(&text);
    assert!(found.iter().filter(|it| it.code == Code::Syntax).count() >= 2, "{found:#?}");
    assert!(found.iter().any(|it| it.code == Code::UnknownName));
    assert!(!found.iter().any(|it| it.code == Code::MissingKey), "what is missing may only be lost");
}

#[test]
fn the_rendered_text_has_code_line_underline_and_help() {
    let text = spoiled("action = \"judge\"", "action = \"jugde\"");
    let rendered = render(&errors(&text), "tea.toml", &text, false);
    let expected = "\
error[qz-reg-05]: unknown action `jugde`
   --> tea.toml:87:10
    |
 87 | action = \"jugde\"
    |          ^^^^^^^
    |
    = help: did you mean `judge`? One of: create-account, sign-in, refuse-sign-in, fill-form, query-register, judge, sign-request, send, register-document, accept, instruct, prepare, sign-result, stamp-result, dispatch, notify, deliver, hand-over, issue, next-result, prepare-letter, sign-letter

";
    similar(&rendered, expected);
    assert!(render(&errors(&text), "tea.toml", &text, true).contains('\u{1b}'));
}

/// Equal but for the width of the margin.
fn similar(left: &str, right: &str) {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(fold(left), fold(right));
}

#[test]
fn an_empty_file_asks_for_what_a_regulation_needs() {
    let found = errors("");
    let missing: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    for key in ["service", "edition", "title", "act", "procedure"] {
        assert!(missing.contains(&format!("key `{key}` is missing").as_str()), "{missing:?}");
    }
}

const GROUP: &str = "
[[field]]
id = \"family\"
type = \"group\"
label = { kk = \"т\", ru = \"т\", en = \"t\" }
[[field.fields]]
id = \"born\"
type = \"date\"
label = { kk = \"т\", ru = \"т\", en = \"t\" }
[[field.fields]]
id = \"consent\"
type = \"choice\"
age-of = \"born\"
label = { kk = \"т\", ru = \"т\", en = \"t\" }
[[field.fields.choices]]
value = \"minor\"
below-age = 18
label = { kk = \"т\", ru = \"т\", en = \"t\" }
";

fn of_group(from: &str, to: &str) -> Vec<(Code, String)> {
    let text = format!("{SMALL}{}", GROUP.replace(from, to));
    parse("tea.toml", &text).err().unwrap_or_default().into_iter().map(|it| (it.code, it.message)).collect()
}

#[test]
fn an_answer_that_speaks_of_an_age_names_the_date_of_birth_beside_it() {
    assert_eq!(of_group("", ""), []);
    let missing = of_group("age-of = \"born\"\n", "");
    assert_eq!(missing.iter().map(|it| it.0).collect::<Vec<_>>(), [Code::MissingKey], "{missing:?}");
    let other = of_group("age-of = \"born\"", "age-of = \"consent\"");
    assert_eq!(other, [(Code::Undeclared, "`consent` is no date of this group".to_owned())]);
}

#[test]
fn what_nothing_heeds_inside_a_group_is_refused() {
    let found = of_group("type = \"date\"", "type = \"date\"\nchannels = [\"portal\"]");
    assert_eq!(found, [(Code::UnknownKey, "`channels` is not read inside a group".to_owned())]);
}
