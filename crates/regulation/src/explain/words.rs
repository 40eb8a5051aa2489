// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words of the explanation, in three languages.

use crate::lang::Lang;
use crate::model::{Actor, End, Expr, FactId, Norm, Regulation, System, Unit};

/// Kazakh, Russian, English.
pub(crate) type Words = (&'static str, &'static str, &'static str);

pub(crate) const fn say(lang: Lang, words: Words) -> &'static str {
    match lang {
        Lang::Kk => words.0,
        Lang::Ru => words.1,
        Lang::En => words.2,
    }
}

pub(crate) const EDITION: Words = ("Редакция", "Редакция", "Edition");
pub(crate) const ACT: Words = ("Бекіткен акт", "Утвердивший акт", "Adopting act");
pub(crate) const ACT_UNKNOWN: Words = (
    "көрсетілмеген (нөмірі мен күні мәтінде жоқ)",
    "не указан (номера и даты в тексте нет)",
    "not stated (the text has no number or date)",
);
pub(crate) const PROVIDER: Words = ("Көрсетілетін қызметті беруші", "Услугодатель", "Provider");
pub(crate) const FORM: Words = ("Нысаны", "Форма", "Form");
pub(crate) const OUTCOME: Words = ("Нәтижесі", "Результат", "Result");
pub(crate) const TERMS: Words = ("МЕРЗІМДЕР", "СРОКИ", "TERMS");
pub(crate) const TERM_WHEN: Words = ("шарты", "условие", "when");
pub(crate) const PROVISIONS: Words = ("ЖАЛПЫ ЕРЕЖЕЛЕР", "ОБЩИЕ ПОЛОЖЕНИЯ", "PROVISIONS");
pub(crate) const DOCUMENTS: Words = ("ҚҰЖАТТАР", "ДОКУМЕНТЫ", "DOCUMENTS");
pub(crate) const GROUNDS: Words = ("БАС ТАРТУ НЕГІЗДЕРІ", "ОСНОВАНИЯ ОТКАЗА", "GROUNDS OF REFUSAL");
pub(crate) const ASSUMED: Words = ("болжам", "предположение", "assumed");
pub(crate) const OPTIONAL: Words = ("қажет болса", "при необходимости", "where needed");
pub(crate) const PROCEDURE: Words = ("РӘСІМ", "ПРОЦЕДУРА", "PROCEDURE");
pub(crate) const INTAKE: Words = (
    "Өтініш осы рәсіммен қабылданады",
    "По этой процедуре принимаются заявления",
    "Applications come in by this procedure",
);
pub(crate) const NO_INTAKE: Words = (
    "Өтініш осы рәсіммен қабылданбайды",
    "По этой процедуре заявления не принимаются",
    "No application comes in by this procedure",
);
pub(crate) const RULE_STEP: Words =
    ("актіде жоқ, ереже бойынша", "в акте нет, по правилу", "not in the act, by rule");
pub(crate) const NORM: Words = ("Мерзімі", "Срок", "Norm");
pub(crate) const RESULT: Words = ("Қалатыны", "Остается", "Leaves");
pub(crate) const NEXT: Words = ("Әрі қарай", "Далее", "Next");
pub(crate) const YES: Words = ("Иә", "Да", "Yes");
pub(crate) const NO: Words = ("Жоқ", "Нет", "No");
pub(crate) const RUNS: Words = ("Орындалатын рәсім", "Выполняется процедура", "Runs procedure");
pub(crate) const CONDITION: Words = ("Шешуші шарт", "Решающее условие", "Decided by");
pub(crate) const ANOMALIES: Words = (
    "АКТІДЕГІ ҚАЙШЫЛЫҚТАР МЕН ОЛҚЫЛЫҚТАР",
    "ПРОТИВОРЕЧИЯ И ПРОБЕЛЫ АКТА",
    "CONTRADICTIONS AND GAPS OF THE ACT",
);
pub(crate) const EXECUTED: Words = ("Орындалатыны", "Исполняется", "Executed");
pub(crate) const SYSTEM_ACTS: Words = ("жүйе", "система", "system");

pub(crate) const fn actor(actor: Actor) -> Words {
    match actor {
        Actor::Applicant => ("көрсетілетін қызметті алушы", "услугополучатель", "applicant"),
        Actor::Provider => ("көрсетілетін қызметті беруші", "услугодатель", "provider"),
        Actor::ProviderOffice => {
            ("көрсетілетін қызметті берушінің кеңсесі", "канцелярия услугодателя", "provider's office")
        }
        Actor::ProviderHead => {
            ("көрсетілетін қызметті берушінің басшысы", "руководитель услугодателя", "provider's head")
        }
        Actor::ProviderExecutor => ("жауапты орындаушы", "ответственный исполнитель", "provider's executor"),
        Actor::RuralAkimSpecialist => (
            "ауылдық округ әкімі аппаратының маманы",
            "специалист аппарата акима сельского округа",
            "specialist of the rural akim's office",
        ),
        Actor::RuralAkim => ("ауылдық округ әкімі", "аким сельского округа", "rural district akim"),
        Actor::RuralAkimExecutor => (
            "ауылдық округ әкімі аппаратының жауапты орындаушысы",
            "ответственный исполнитель аппарата акима",
            "executor of the rural akim's office",
        ),
        Actor::CenterOperator => (
            "Мемлекеттік корпорация операторы",
            "оператор Государственной корпорации",
            "operator of the State Corporation",
        ),
        Actor::CenterCourier => (
            "Мемлекеттік корпорация курьері",
            "курьер Государственной корпорации",
            "courier of the State Corporation",
        ),
    }
}

pub(crate) const fn system(system: System) -> Words {
    match system {
        System::Portal => ("портал", "портал", "portal"),
        System::Center => ("Мемлекеттік корпорация", "Государственная корпорация", "State Corporation"),
        System::Gateway => ("«электрондық үкімет» шлюзі", "шлюз «электронного правительства»", "gateway"),
        System::Region => {
            ("өңірлік шлюздің жұмыс орны", "АРМ регионального шлюза", "regional gateway's workstation")
        }
        System::GbdFl => ("ЖТ МДБ", "ГБД ФЛ", "state database of individuals"),
        System::Enis => ("БНАЖ", "ЕНИС", "unified notarial system"),
    }
}

pub(crate) const fn end(end: End) -> Words {
    match end {
        End::Issued => ("СОҢЫ: нәтиже берілді", "КОНЕЦ: результат выдан", "END: the result is issued"),
        End::Refused => {
            ("СОҢЫ: қызметтен бас тартылды", "КОНЕЦ: в услуге отказано", "END: the service is refused")
        }
        End::NotAccepted => (
            "СОҢЫ: құжаттар қабылданбады",
            "КОНЕЦ: документы не приняты",
            "END: the documents are not accepted",
        ),
        End::SignInRefused => {
            ("СОҢЫ: кіруден бас тартылды", "КОНЕЦ: во входе отказано", "END: the sign-in is refused")
        }
        End::DataUnavailable => ("СОҢЫ: деректер жоқ", "КОНЕЦ: данных нет", "END: no data"),
    }
}

/// A norm in words; Russian by the number, Kazakh without a plural.
pub(crate) fn norm(lang: Lang, norm: Norm) -> String {
    let unit = match norm.unit {
        Unit::Seconds => {
            plural(lang, norm.max, "секунд", ["секунда", "секунды", "секунд"], ["second", "seconds"])
        }
        Unit::Minutes => {
            plural(lang, norm.max, "минут", ["минута", "минуты", "минут"], ["minute", "minutes"])
        }
        Unit::WorkingDays => plural(
            lang,
            norm.max,
            "жұмыс күні",
            ["рабочий день", "рабочих дня", "рабочих дней"],
            ["working day", "working days"],
        ),
        Unit::CalendarDays => plural(
            lang,
            norm.max,
            "күнтізбелік күн",
            ["календарный день", "календарных дня", "календарных дней"],
            ["calendar day", "calendar days"],
        ),
    };
    let figures =
        if norm.min == norm.max { norm.max.to_string() } else { format!("{}–{}", norm.min, norm.max) };
    format!("{figures} {unit}")
}

fn plural(
    lang: Lang,
    n: u32,
    kk: &'static str,
    ru: [&'static str; 3],
    en: [&'static str; 2],
) -> &'static str {
    let [one, few, many] = ru;
    let [single, several] = en;
    match lang {
        Lang::Kk => kk,
        Lang::Ru => match (n % 10, n % 100) {
            (_, 11..=14) => many,
            (1, _) => one,
            (2..=4, _) => few,
            _ => many,
        },
        Lang::En if n == 1 => single,
        Lang::En => several,
    }
}

/// A printed label: as it is in Kazakh, `условие 1` and `condition 1` elsewhere.
pub(crate) fn label(lang: Lang, printed: &str) -> String {
    const WORDS: [Words; 3] = [
        ("іс-қимыл", "действие", "action"),
        ("процесс", "процесс", "process"),
        ("шарт", "условие", "condition"),
    ];
    let found = WORDS.iter().find_map(|words| Some((printed.strip_suffix(words.0)?, words)));
    match found {
        Some((number, words)) if lang != Lang::Kk => {
            format!("{} {}", say(lang, *words), number.trim_end_matches(['-', ' ']))
        }
        Some(_) | None => printed.to_owned(),
    }
}

/// A clause as a reader writes it: words of our own in clause ids are translated, `annex.1.table-2.8` is «1-қосымша, 2-кесте,
/// 8-баған».
pub fn clause(lang: Lang, id: &str) -> String {
    const WORDS: [(&str, Words); 7] = [
        ("preparation", ("дайындау", "подготовка", "preparation")),
        ("provider", ("беруші", "услугодатель", "provider")),
        ("rural-akim", ("ауылдық округ әкімі", "аким сельского округа", "rural akim")),
        ("note", ("ескерту", "примечание", "note")),
        ("approval", ("бекіту белгісі", "гриф утверждения", "note of approval")),
        ("resolution", ("қаулы", "постановление", "resolution")),
        ("agreed", ("келісу белгісі", "гриф согласования", "note of agreement")),
    ];
    let word = |piece: &str| WORDS.iter().find(|it| it.0 == piece).map(|it| say(lang, it.1));
    if !["annex", "resolution", "chapter-", "condition-"].iter().any(|it| id.contains(it)) {
        return id.split('.').map(|it| word(it).unwrap_or(it)).collect::<Vec<_>>().join(".");
    }
    let mut pieces: Vec<String> = Vec::new();
    // Whether the pieces so far end in a plain number, to which the next number is joined by a point.
    let (mut numbers, mut in_table) = (false, false);
    let mut rest = id.split('.').peekable();
    while let Some(piece) = rest.next() {
        let plain = piece.starts_with(|c: char| c.is_ascii_digit());
        if piece == "annex" {
            let n = rest.next_if(|it| it.starts_with(|c: char| c.is_ascii_digit())).unwrap_or_default();
            pieces.push(numbered(lang, ("қосымша", "приложение", "annex"), n));
        } else if let Some((kind, n)) = piece.split_once('-').filter(|_| !plain && word(piece).is_none()) {
            pieces.push(match kind {
                "table" => numbered(lang, ("кесте", "таблица", "table"), n),
                "chapter" => numbered(lang, ("тарау", "глава", "chapter"), n),
                "condition" => numbered(lang, ("шарт", "условие", "condition"), n),
                _ => piece.to_owned(),
            });
            in_table |= kind == "table";
        } else if in_table && plain {
            pieces.push(numbered(lang, ("баған", "столбец", "column"), piece));
        } else if let (true, true, Some(last)) = (plain, numbers, pieces.last_mut()) {
            last.push('.');
            last.push_str(piece);
        } else {
            pieces.push(word(piece).unwrap_or(piece).to_owned());
        }
        numbers = plain && !in_table;
    }
    pieces.join(", ")
}

fn numbered(lang: Lang, words: Words, n: &str) -> String {
    match (lang, n) {
        (_, "") => say(lang, words).to_owned(),
        (Lang::Kk, n) => format!("{n}-{}", words.0),
        (Lang::Ru | Lang::En, n) => format!("{} {n}", say(lang, words)),
    }
}

/// A fact that is known without declaration.
fn given(lang: Lang, id: &str) -> &str {
    let words = match id {
        crate::facts::CHANNEL => ("өтініш келген арна", "канал обращения", "channel of the application"),
        crate::facts::MEDIUM => ("нәтиженің нысаны", "форма результата", "form of the result"),
        crate::facts::PROPOSAL_GROUND => ("бас тартудың негізі", "основание отказа", "ground of the refusal"),
        crate::facts::RESULT_BEFORE => {
            ("бұған дейін нәтиже берілді", "результат уже выдавался", "a result was given before")
        }
        _ => return id,
    };
    say(lang, words)
}

/// A condition in the words of its facts.
pub(crate) fn condition(lang: Lang, expr: &Expr, regulation: &Regulation) -> String {
    const AND: Words = (" және ", " и ", " and ");
    const OR: Words = (" немесе ", " или ", " or ");
    let fact = |id: &FactId| {
        let declared = regulation.facts.iter().find(|it| it.id == *id);
        let words = declared.map_or_else(|| given(lang, id.as_str()), |it| it.title.get(lang));
        if lang == Lang::En || words.contains('«') {
            format!("“{words}”")
        } else {
            format!("«{words}»")
        }
    };
    let joined = |of: &[Expr], word| {
        let parts: Vec<String> = of.iter().map(|it| condition(lang, it, regulation)).collect();
        parts.join(say(lang, word))
    };
    match expr {
        Expr::Fact(id) => fact(id),
        Expr::Equals(id, value) => format!("{} = {value}", fact(id)),
        Expr::Not(inner) => match lang {
            Lang::Kk => format!("({}) емес", condition(lang, inner, regulation)),
            Lang::Ru => format!("неверно, что {}", condition(lang, inner, regulation)),
            Lang::En => format!("not {}", condition(lang, inner, regulation)),
        },
        Expr::All(of) => joined(of, AND),
        Expr::Any(of) => format!("({})", joined(of, OR)),
    }
}
