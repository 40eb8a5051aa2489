// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whatever is done to a file, reading it ends with a regulation or with diagnostics that can be shown.

use crate::small::SMALL;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::{RngAlgorithm, RngSeed};
use regulation::{check, render};

const SHIPPED: &str = include_str!("../../../../regulations/guardianship-certificate/2015.toml");

#[derive(Debug, Clone)]
enum Mutation {
    Delete { at: usize, count: usize },
    Insert { at: usize, what: String },
    Copy { from: usize, count: usize, to: usize },
    Swap { a: usize, b: usize },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = || any::<u16>().prop_map(usize::from);
    let piece = prop_oneof![
        "[\\[\\]{}\"'=.,#\\n\\\\ a-zқ0-9]{1,6}",
        Just("[[procedure.step]]\n".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("when = \"((((\"\n".to_owned()),
        Just("\u{0}\u{feff}\u{301}".to_owned()),
        Just("next = 9999999999999999999999\n".to_owned()),
    ];
    prop_oneof![
        (at(), 1_usize..80).prop_map(|(at, count)| Mutation::Delete { at, count }),
        (at(), piece).prop_map(|(at, what)| Mutation::Insert { at, what }),
        (at(), 1_usize..200, at()).prop_map(|(from, count, to)| Mutation::Copy { from, count, to }),
        (at(), at()).prop_map(|(a, b)| Mutation::Swap { a, b }),
    ]
}

/// Applies a mutation by characters, so that the text stays a text.
fn mutate(text: &mut Vec<char>, mutation: Mutation) {
    let length = text.len().max(1);
    match mutation {
        Mutation::Delete { at, count } => {
            let at = at % length;
            let end = (at + count).min(text.len());
            if at < end {
                text.drain(at..end);
            }
        }
        Mutation::Insert { at, what } => {
            let at = (at % length).min(text.len());
            text.splice(at..at, what.chars());
        }
        Mutation::Copy { from, count, to } => {
            let from = (from % length).min(text.len());
            let piece: Vec<char> = text[from..(from + count).min(text.len())].to_vec();
            let to = (to % length).min(text.len());
            text.splice(to..to, piece);
        }
        Mutation::Swap { a, b } => {
            let (a, b) = (a % length, b % length);
            if a < text.len() && b < text.len() {
                text.swap(a, b);
            }
        }
    }
}

fn survives(text: &str) {
    let checked = check("regulations/tea/1.toml", text);
    assert!(checked.regulation.is_some() || !checked.diagnostics.is_empty());
    for diagnostic in &checked.diagnostics {
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'), "{diagnostic:?}");
        assert!(!diagnostic.help.is_empty(), "{diagnostic:?}");
    }
    let shown = render(&checked.diagnostics, "regulations/tea/1.toml", text, false);
    assert_eq!(shown.is_empty(), checked.diagnostics.is_empty());
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(20_150_413),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_spoiled_small_file_never_breaks_the_parser(mutations in proptest::collection::vec(mutation(), 1..8)) {
        let mut text: Vec<char> = SMALL.chars().collect();
        for mutation in mutations {
            mutate(&mut text, mutation);
        }
        survives(&text.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_never_breaks_the_parser(text in "(\\PC|\\n){0,200}") {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn a_spoiled_shipped_file_never_breaks_the_parser(mutations in proptest::collection::vec(mutation(), 1..4)) {
        let mut text: Vec<char> = SHIPPED.chars().collect();
        for mutation in mutations {
            mutate(&mut text, mutation);
        }
        survives(&text.into_iter().collect::<String>());
    }
}
