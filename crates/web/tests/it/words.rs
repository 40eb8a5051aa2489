// SPDX-License-Identifier: MIT OR Apache-2.0
//! The typed words say what Fluent itself would say.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use web::{Lang, Word, Words};

fn bundle(lang: Lang, text: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(text.to_owned()).expect("the build has read it");
    let mut bundle = FluentBundle::new(vec![lang.code().parse().expect("a language code")]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).expect("keys are unique");
    bundle
}

fn texts() -> [(Lang, &'static str); 3] {
    [
        (Lang::Kk, include_str!("../../../../locales/kk.ftl")),
        (Lang::Ru, include_str!("../../../../locales/ru.ftl")),
        (Lang::En, include_str!("../../../../locales/en.ftl")),
    ]
}

fn by_fluent(bundle: &FluentBundle<FluentResource>, id: &str, args: &FluentArgs<'_>) -> String {
    let pattern = bundle.get_message(id).and_then(|it| it.value()).expect("a message");
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    assert!(errors.is_empty(), "{id}: {errors:?}");
    text
}

#[test]
fn every_word_without_arguments_agrees_with_fluent() {
    for (lang, text) in texts() {
        let bundle = bundle(lang, text);
        for word in Word::ALL {
            assert_eq!(word.text(lang), by_fluent(&bundle, word.id(), &FluentArgs::new()));
        }
    }
}

#[test]
fn plural_forms_agree_with_fluent() {
    for (lang, text) in texts() {
        let bundle = bundle(lang, text);
        for count in (0..130_u64).chain([1000, 1001, 1011, 1021]) {
            let mut args = FluentArgs::new();
            args.set("count", count);
            assert_eq!(
                Words::new(lang).unit_working_days(count),
                by_fluent(&bundle, "unit-working-days", &args)
            );
        }
    }
}

#[test]
fn arguments_stand_where_they_belong() {
    let w = Words::new(Lang::Kk);
    assert_eq!(
        w.n_registered("21.11.2026", "711-2026-000017", "Анықтама беру"),
        "№\u{a0}711-2026-000017 өтінішіңіз тіркелді. Қызмет: «Анықтама беру». Нәтиже берілетін күн: 21.11.2026."
    );
    assert_eq!(w.unit_tenge(12_500_u64), "12\u{a0}500 теңге");
    let until = w.case_until("23.11.2026 10:15", "15 минут");
    assert_eq!(until, "15 минут, 23.11.2026 10:15 уақытына дейін");
}

#[test]
fn a_word_is_found_by_its_key() {
    assert_eq!(Word::from_id("nav-home"), Some(Word::NavHome));
    assert_eq!(Word::from_id("no-such"), None);
}

#[test]
fn no_bidirectional_marks_get_into_texts() {
    assert!(!Words::new(Lang::En).due_date("1").contains('\u{2068}'));
}
