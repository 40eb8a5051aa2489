// SPDX-License-Identifier: MIT OR Apache-2.0
//! The checker that fails the build on bad words.

use crate::locale::{compare, read};

fn problems(kk: &str, ru: &str, en: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let locales: Vec<_> = [("kk", kk), ("ru", ru), ("en", en)]
        .into_iter()
        .map(|(language, text)| read(language, text, &mut problems))
        .collect();
    problems.extend(compare(&locales));
    problems
}

fn the_problem(kk: &str, ru: &str, en: &str) -> String {
    let found = problems(kk, ru, en);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn equal_languages_pass() {
    assert_eq!(problems("a = Иә\n", "a = Да\n", "a = Yes\n"), Vec::<String>::new());
}

#[test]
fn a_missing_key_is_named_with_its_language() {
    assert_eq!(the_problem("a = Иә\nb = Жоқ\n", "a = Да\nb = Нет\n", "a = Yes\n"), "en.ftl: `b` is missing");
}

#[test]
fn an_extra_key_is_named() {
    assert_eq!(the_problem("a = Иә\n", "a = Да\nb = Нет\n", "a = Yes\n"), "ru.ftl: `b` is not in kk.ftl");
}

#[test]
fn differing_variables_are_named() {
    let found = the_problem("a = Күні: { $date }\n", "a = Дата: { $day }\n", "a = Date: { $date }\n");
    assert!(found.contains("`a`") && found.contains("day") && found.contains("date"), "{found}");
}

#[test]
fn a_key_written_twice_is_found() {
    assert_eq!(the_problem("a = Иә\na = Ия\n", "a = Да\n", "a = Yes\n"), "kk.ftl: `a` is written twice");
}

#[test]
fn what_is_not_fluent_is_found() {
    assert!(problems("a = { $x\n", "a = { $x }\n", "a = { $x }\n").iter().any(|it| it.starts_with("kk.ftl")));
}

#[test]
fn kazakh_endings_may_not_touch_a_placeholder() {
    let bad = [
        "{ $date }да",
        "{ $date }-да",
        "{ $service }-ға жіберілді",
        "«{ $service }»-ға жіберілді",
        "«{ $service }»ға жіберілді",
        "{ $a } мен басқа",
        "{ $date }\u{a0}да келіңіз",
        "{ $x } ме?",
        "{ $n }-ші",
    ];
    for text in bad {
        let kk = format!("a = {text}\n");
        let other =
            format!("a = {}\n", text.split('}').next().map(|it| format!("{it}}}")).unwrap_or_default());
        let found = problems(&kk, &other, &other);
        assert!(found.iter().any(|it| it.contains("touches the placeholder")), "{text}: {found:?}");
    }
}

#[test]
fn a_fixed_noun_after_a_placeholder_is_right() {
    let good = [
        "{ $date } күні",
        "«{ $service }» қызметіне",
        "{ $n }-қадам",
        "{ $n }-бет",
        "№\u{a0}{ $n } өтінішке",
        "Күні: { $n }.",
    ];
    for text in good {
        let name = if text.contains("date") {
            "date"
        } else if text.contains("service") {
            "service"
        } else {
            "n"
        };
        let other = format!("a = {{ ${name} }}\n");
        assert_eq!(problems(&format!("a = {text}\n"), &other, &other), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn russian_needs_its_three_plural_forms() {
    let kk = "a = { $count } күн\n";
    let en = "a = { $count ->\n    [one] { $count } day\n   *[other] { $count } days\n}\n";
    let ru = "a = { $count ->\n    [one] { $count } день\n   *[other] { $count } дней\n}\n";
    assert!(the_problem(kk, ru, en).contains("plural forms"));
}

#[test]
fn functions_and_terms_are_not_taken() {
    let found = problems("a = { NUMBER($n) }\n", "a = { $n }\n", "a = { $n }\n");
    assert!(found.iter().any(|it| it.contains("more of Fluent")), "{found:?}");
    assert!(problems("-t = Т\n", "", "").iter().any(|it| it.contains("term")));
}
