// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fixed words of the papers, and dates as papers write them.

use jiff::civil::Date;
use serde_json::{Value, json};
use service::paper_spec::{Bilingual, Mark};

/// Returns the words of the template.
pub(crate) fn fixed() -> Value {
    json!({
        "child": { "kk": "Тегі, аты, әкесінің аты", "ru": "Фамилия, имя, отчество" },
        "born": { "kk": "Туған күні", "ru": "Дата рождения" },
        "iin": { "kk": "ЖСН", "ru": "ИИН" },
        "acting": { "kk": "Міндетін атқарушы (м.а.), бұйрық:", "ru": "Исполняющий обязанности (и.о.), приказ:" },
        "eds": { "kk": "ЭЦҚ қойылған", "ru": "Подписано ЭЦП" },
        "hand": { "kk": "қолы", "ru": "подпись" },
        "seal": { "kk": "М.О.", "ru": "М.П." },
        "void": { "kk": "Заңдық күші жоқ", "ru": "Не имеет юридической силы" },
    })
}

/// Returns the banner of a mark.
pub(crate) fn mark(mark: Mark) -> Bilingual {
    match mark {
        Mark::Simulated => Bilingual::new(
            "Имитатор: деректер нақты мемлекеттік деректер базасынан алынбаған.",
            "Имитатор: данные получены не из настоящей государственной базы данных.",
        ),
        Mark::AssumedForm => Bilingual::new(
            "Болжамды нысан: құжаттың бекітілген нысанының мәтіні табылмаған.",
            "Предположительная форма: текст утвержденной формы документа не найден.",
        ),
        Mark::Demo => Bilingual::new(
            "Демонстрациялық режим. Мұнда берілген құжаттардың заңдық күші жоқ.",
            "Демонстрационный режим. Выданные здесь документы не имеют юридической силы.",
        ),
    }
}

/// Returns whether a paper with this mark has no legal force at all, and must say so across the page.
pub(crate) fn is_void(mark: Mark) -> bool {
    match mark {
        Mark::Simulated | Mark::Demo => true,
        Mark::AssumedForm => false,
    }
}

/// Returns the date in digits, the same in both languages.
pub(crate) fn short_date(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_in_papers() {
        let date = Date::constant(2026, 11, 1);
        assert_eq!(service::dates::date(date), Bilingual::new("2026 жылғы 1 қараша", "1 ноября 2026 года"));
        assert_eq!(short_date(date), "01.11.2026");
    }
}
