// SPDX-License-Identifier: MIT OR Apache-2.0
//! Search that forgives how a word was typed.

use web::search::{Query, folded};

const NAME: &str = "Қорғаншылық және қамқоршылық жөнінде анықтамалар беру";
const WORDS: &str = "опека опекун сирота жетім";

fn score(typed: &str) -> Option<u32> {
    Query::new(typed).score([(NAME, 4), (WORDS, 3)])
}

#[test]
fn kazakh_letters_are_found_by_russian_and_by_latin_ones() {
    for typed in
        ["қорғаншылық", "ҚОРҒАНШЫЛЫҚ", "корганшылык", "korganshylyk", "qorǵanshylyq", "qorg'anshylyq"]
    {
        assert!(score(typed).is_some(), "{typed} is not found");
    }
    assert!(score("опека").is_some() && score("opeka").is_some() && score("жетим").is_some());
}

#[test]
fn all_spellings_of_a_word_are_one() {
    let one = |it: &str| folded(it).concat();
    assert_eq!(one("жұмыссыз"), one("zhumyssyz"));
    assert_eq!(one("жұмыссыз"), one("жумыссыз"));
    assert_eq!(one("жәрдемақы"), one("jardemaqy"));
    assert_eq!(one("әлеуметтік көмек"), one("aleumettik komek"));
    assert_eq!(one("мүгедектік"), one("мугедектик"));
    assert_eq!(one("үйде"), one("uide"));
    assert_eq!(one("социальный"), one("socialnyi"));
    assert_eq!(one("Һадиша"), one("hadisha"));
}

#[test]
fn one_wrong_letter_and_another_ending_are_forgiven() {
    for typed in ["карганшылык", "корганшылк", "коргаанншылык", "опкеа", "опеки", "қорғаншыларға", "қорғаншы"]
    {
        assert!(score(typed).is_some(), "{typed} is not found");
    }
    assert_eq!(score("корабль"), None);
    assert_eq!(score("қарыз"), None);
}

#[test]
fn every_word_of_the_query_must_be_found_and_the_whole_word_is_the_best() {
    assert!(score("қорғаншылық анықтама").is_some());
    assert_eq!(score("қорғаншылық отын"), None);
    assert!(score("қорғаншылық") > score("қорғаншы"));
    assert!(score("опека") > score("опеки"));
}

#[test]
fn nothing_and_signs_are_no_query() {
    assert!(Query::new("  – «» ").is_empty());
    assert!(!Query::new("№ 8").is_empty());
    assert!(!Query::new(&"қ ".repeat(1_000)).is_empty());
}
