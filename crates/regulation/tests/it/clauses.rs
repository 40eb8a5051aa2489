// SPDX-License-Identifier: MIT OR Apache-2.0
//! Clauses as a reader writes them.

use regulation::{Lang, clause_words};

#[test]
fn a_clause_is_said_in_the_words_of_a_reader() {
    for (id, kk, ru, en) in [
        ("7.10", "7.10", "7.10", "7.10"),
        ("5.provider.1", "5.беруші.1", "5.услугодатель.1", "5.provider.1"),
        ("5.rural-akim.10", "5.ауылдық округ әкімі.10", "5.аким сельского округа.10", "5.rural akim.10"),
        ("annex.3", "3-қосымша", "приложение 3", "annex 3"),
        ("annex", "қосымша", "приложение", "annex"),
        ("annex.1.table-2", "1-қосымша, 2-кесте", "приложение 1, таблица 2", "annex 1, table 2"),
        (
            "annex.1.table-2.8",
            "1-қосымша, 2-кесте, 8-баған",
            "приложение 1, таблица 2, столбец 8",
            "annex 1, table 2, column 8",
        ),
        ("annex.4.1", "4-қосымша, 1", "приложение 4, 1", "annex 4, 1"),
        ("resolution.2", "қаулы, 2", "постановление, 2", "resolution, 2"),
        (
            "resolution.agreed",
            "қаулы, келісу белгісі",
            "постановление, гриф согласования",
            "resolution, note of agreement",
        ),
        ("chapter-3.7.1", "3-тарау, 7.1", "глава 3, 7.1", "chapter 3, 7.1"),
        ("8.condition-2", "8, 2-шарт", "8, условие 2", "8, condition 2"),
    ] {
        let said = [Lang::Kk, Lang::Ru, Lang::En].map(|lang| clause_words(lang, id));
        assert_eq!(said, [kk, ru, en], "{id}");
    }
}
