// SPDX-License-Identifier: MIT OR Apache-2.0
//! What changed between two editions.

use crate::small::{SMALL, spoiled};
use regulation::{Lang, diff, parse};

const OLD: &str = include_str!("../../../../regulations/guardianship-certificate/2012.toml");
const NEW: &str = include_str!("../../../../regulations/guardianship-certificate/2015.toml");

#[test]
fn a_lawyer_reads_what_changed_between_the_editions_of_the_guardianship_certificate() {
    let old = parse("regulations/guardianship-certificate/2012.toml", OLD).unwrap();
    let new = parse("regulations/guardianship-certificate/2015.toml", NEW).unwrap();
    insta::assert_snapshot!("diff_kk", diff(&old, &new, Lang::Kk));
    insta::assert_snapshot!("diff_ru", diff(&old, &new, Lang::Ru));
    insta::assert_snapshot!("diff_en", diff(&old, &new, Lang::En));
}

#[test]
fn an_edition_does_not_differ_from_itself() {
    let tea = parse("tea.toml", SMALL).unwrap();
    assert!(diff(&tea, &tea, Lang::En).ends_with("\nno change\n"));
}

#[test]
fn a_changed_norm_and_a_step_that_goes_are_told() {
    let old = parse("tea.toml", SMALL).unwrap();
    let new = spoiled("norm = \"15 minutes\"", "norm = \"20 minutes\"")
        .replace("\"1 working-day\"", "\"2 working-days\"");
    let told = diff(&old, &parse("tea.toml", &new).unwrap(), Lang::En);
    assert!(told.contains("Norm:\n      – 15 minutes\n      + 20 minutes"), "{told}");
    assert!(told.contains("Norm:\n      – 1 working day\n      + 2 working days"), "{told}");
    assert!(!told.contains("GROUNDS"), "{told}");
}
