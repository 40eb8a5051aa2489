// SPDX-License-Identifier: MIT OR Apache-2.0
//! A small regulation that is right; tests spoil it in one place.

/// An invented service: one procedure, four steps.
pub(crate) const SMALL: &str = r#"
service = "tea"
edition = "1"
title = { kk = "Шай", ru = "Чай", en = "Tea" }
outcome = { kk = "Шай", ru = "Чай", en = "Tea" }
provider = { kk = "Асхана", ru = "Кухня", en = "Kitchen" }
form = { kk = "қағаз", ru = "бумажная", en = "on paper" }
media = ["paper"]

[act]
title = { kk = "Шай", ru = "Чай", en = "Tea" }
source = "tea.txt"
clauses = ["1", "2", "2.1", "2.2", "2.3", "2.4"]

[[term]]
scope = "service"
clause = "1"
norm = "1 working-day"
text = { kk = "бір күн", ru = "один день", en = "one day" }

[[fact]]
id = "person.found"
register = "gbd-fl"
title = { kk = "бар", ru = "есть", en = "exists" }

[[field]]
id = "sugar"
type = "choice"
label = { kk = "Қант", ru = "Сахар", en = "Sugar" }
choices = [
  { value = "none", label = { kk = "жоқ", ru = "нет", en = "none" } },
  { value = "two", label = { kk = "екі", ru = "два", en = "two" } },
]

[[paper]]
id = "cup"
role = "grant"
title = { kk = "Кесе", ru = "Чашка", en = "Cup" }
block = [{ is = "text", text = { kk = "{sugar}", ru = "{sugar}", en = "{sugar}" } }]

[[procedure]]
id = "portal"
clause = "2"
intake = "portal"
title = { kk = "Портал", ru = "Портал", en = "Portal" }

[[procedure.step]]
id = "portal.process-1"
clause = "2.1"
number = 1
label = "1-процесс"
kind = "process"
actors = ["applicant"]
systems = ["portal"]
at = "portal"
norm = "15 minutes"
next = "portal.process-2"
text = { kk = "толтыру", ru = "заполнение", en = "filling in" }
[[procedure.step.part]]
actor = "applicant"
action = "fill-form"
title = { kk = "Толтыру", ru = "Заполнить", en = "Fill in" }

[[procedure.step]]
id = "portal.process-2"
clause = "2.2"
kind = "process"
systems = ["gbd-fl"]
at = "portal"
next = "portal.condition-1"
text = { kk = "сұрату", ru = "запрос", en = "request" }
[[procedure.step.part]]
action = "query-register"
register = "gbd-fl"
title = { kk = "Сұрату", ru = "Запрос", en = "Request" }

[[procedure.step]]
id = "portal.condition-1"
clause = "2.3"
kind = "condition"
at = "portal"
when = "person.found"
yes = "end:issued"
no = "portal.process-3"
text = { kk = "тексеру", ru = "проверка", en = "check" }
[[procedure.step.part]]
action = "judge"
title = { kk = "Тексеру", ru = "Проверка", en = "Check" }

[[procedure.step]]
id = "portal.process-3"
clause = "2.4"
kind = "process"
at = "portal"
next = "end:data-unavailable"
text = { kk = "хабарлама", ru = "сообщение", en = "notice" }
[[procedure.step.part]]
action = "notify"
notice = "data-unavailable"
title = { kk = "Хабарлама", ru = "Сообщение", en = "Notice" }

[[anomaly]]
id = "no-milk"
clause = "1"
quote-kk = "шай"
what = { kk = "сүт жоқ", ru = "нет молока", en = "no milk" }
rule = { kk = "сүтсіз", ru = "без молока", en = "without milk" }
"#;

/// The small regulation with one passage replaced.
pub(crate) fn spoiled(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "`{from}` does not stand in the small regulation");
    SMALL.replacen(from, to, 1)
}
