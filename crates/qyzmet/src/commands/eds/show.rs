// SPDX-License-Identifier: MIT OR Apache-2.0
//! A report as people read it.

mod checks;

use super::needs;
use super::words::{status, time, value, words};
use crate::commands::Error;
use checks::{View, lines};
use eds::{
    Certificate, CheckResult, Demanded, Kind, Lang, Outcome, Report, RevocationAsked, Role, RootsAre, Signer,
    StampPlace, TimeBasis, TimeStamp, Told,
};
use jiff::{SignedDuration, Timestamp};
use std::io::Write;

const IIN: [&str; 3] = ["ЖСН", "ИИН", "IIN"];
const BIN: [&str; 3] = ["БСН", "БИН", "BIN"];
/// How long before the end of its last stamp an archive is stamped again.
const RENEWAL: SignedDuration = SignedDuration::from_hours(120 * 24);

/// Prints a report: the answer first, then what was demanded, signers, checks, what the file says, what is needed. Whether the
/// time judged was named, or is the present, the report does not say.
pub(super) fn report(
    report: &Report,
    is_at_named: bool,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let view = View::of(report, lang);
    let kind = serde_json::to_value(report.kind)?;
    let kind = words("kind", kind.as_str().unwrap_or_default(), lang);
    writeln!(out, "{} ({kind}, {}){}", outcome(&report.outcome, lang), time(report.at), said(report, lang))?;
    show_demands(&report.demands, lang, out)?;
    for signer in &report.signers {
        show_signer(signer, (report.kind, is_at_named), &view, out)?;
    }
    // The checks of a file that is a stamp are those of the report.
    let mut seals = report.stamps.iter().filter(|_| report.kind != Kind::TimeStamp);
    seals.try_for_each(|it| show_stamp(it, &view, out))?;
    for line in lines(&report.checks, &view) {
        writeln!(out, "  {line}")?;
    }
    show_facts(report, lang, out)?;
    for line in needs::needed(report, lang) {
        writeln!(out, "  {} {line}", pick(lang, ["Қажет:", "Нужно:", "Needed:"]))?;
    }
    writeln!(out, "{}", notice(lang))?;
    Ok(())
}

/// Returns the words in the language.
pub(super) fn pick(lang: Lang, words: [&'static str; 3]) -> &'static str {
    let [kk, ru, en] = words;
    match lang {
        Lang::Kk => kk,
        Lang::Ru => ru,
        Lang::En => en,
    }
}

fn outcome(outcome: &Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::Valid => pick(lang, ["ЖАРАМДЫ", "ДЕЙСТВИТЕЛЬНО", "VALID"]),
        Outcome::Invalid => pick(lang, ["ЖАРАМСЫЗ", "НЕДЕЙСТВИТЕЛЬНО", "INVALID"]),
        Outcome::Indeterminate { .. } => {
            pick(lang, ["ТЕКСЕРУ АЯҚТАЛМАДЫ", "ПРОВЕРКА НЕ ЗАВЕРШЕНА", "INDETERMINATE"])
        }
    }
}

/// Returns what an answer says whose genuineness the outcome is about; nothing for other files, and for an answer that is worth
/// nothing.
fn said(report: &Report, lang: Lang) -> String {
    let Some(says) = report.facts.get("says").filter(|_| report.kind == Kind::Ocsp) else {
        return String::new();
    };
    let words = match report.outcome {
        Outcome::Invalid => return String::new(),
        Outcome::Valid => [
            "жауап түпнұсқа; онда айтылғаны",
            "ответ подлинный; в нем сказано",
            "the answer is genuine; it says",
        ],
        Outcome::Indeterminate { .. } => [
            "жауап әзірге расталмаған; онда айтылғаны",
            "ответ пока не подтвержден; в нем сказано",
            "the answer is not confirmed yet; it says",
        ],
    };
    let says: Vec<String> = says.split("; ").map(|it| status(it, lang)).collect();
    format!(" – {}: {}", pick(lang, words), says.join("; "))
}

fn show_facts(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    for (name, said) in report.facts.iter().filter(|(name, _)| !is_told_above(report, name)) {
        if name == "renew-before" {
            show_renewal(report.at, said, lang, out)?;
        } else {
            writeln!(out, "  {}: {}", words("fact", name, lang), value(name, said, lang))?;
        }
    }
    Ok(())
}

/// Returns whether a fact stands in the first line, in a check or with the holder; what an invalid answer says is worth nothing.
fn is_told_above(report: &Report, name: &str) -> bool {
    match name {
        "says" | "status" => true,
        "answers" => report.outcome == Outcome::Invalid,
        "serial" | "issuer" | "not-before" | "not-after" | "key-usage" => !report.signers.is_empty(),
        _ => false,
    }
}

/// Tells until when an archive proves, and what to do where that is near.
fn show_renewal(at: Timestamp, said: &str, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let until: Option<Timestamp> = said.parse().ok();
    let told = until.map_or_else(|| said.to_owned(), time);
    writeln!(out, "  {} {told}.", words("renew", "until", lang))?;
    if until.is_some_and(|it| it.duration_since(at) < RENEWAL) {
        writeln!(out, "  ! {}", words("renew", "near", lang))?;
    }
    Ok(())
}

fn show_demands(demands: &Demanded, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let role = serde_json::to_value(demands.role)?;
    let role = role.as_str().map(|it| words("role", it, lang).to_owned());
    let iin = demands.iin.as_ref().map(|it| format!("{} {it}", pick(lang, IIN)));
    let bin = demands.bin.as_ref().map(|it| format!("{} {it}", pick(lang, BIN)));
    let mut demanded = vec![words("purpose", &demands.purpose, lang).to_owned()];
    demanded.extend([iin, bin, role].into_iter().flatten());
    let title = pick(lang, ["Талап етілгені:", "Требовалось:", "Demanded:"]);
    writeln!(out, "  {title} {}", demanded.join(", "))?;
    if demands.revocation == RevocationAsked::NotAsked {
        let words = [
            "Қайтарып алу ТЕКСЕРІЛГЕН ЖОҚ (--no-revocation).",
            "Отзыв НЕ ПРОВЕРЯЛСЯ (--no-revocation).",
            "Revocation was NOT ASKED (--no-revocation).",
        ];
        writeln!(out, "  {}", pick(lang, words))?;
    }
    let words = match demands.roots {
        RootsAre::Confirmed => return Ok(()),
        RootsAre::Unconfirmed => [
            "Түбірлік куәліктер РАСТАЛМАҒАН: кем дегенде біреуінің хеші расталмаған немесе ол әзірлеуге арналған. Бұл жауап сол куәліктерге сенуге болса ғана дұрыс: хешті куәландырушы орталықпен салыстырып, растаңыз (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
            "Корневые свидетельства НЕ ПОДТВЕРЖДЕНЫ: хеш хотя бы одного не подтвержден или оно для разработки. Этот ответ верен, только если им можно верить: сверьте хеш с удостоверяющим центром и подтвердите его (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
            "The roots are NOT CONFIRMED: the hash of at least one is not, or it is of development. This answer holds only if they can be trusted: compare the hash with the authority and confirm it (`qyzmet eds trust add FILE --sha256 …`).",
        ],
        RootsAre::Absent => [
            "Бірде-бір түбірлік куәлік орнатылмаған (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
            "Ни одного корневого свидетельства не установлено (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
            "No root is installed (`qyzmet eds trust add FILE --sha256 …`).",
        ],
    };
    writeln!(out, "  {}", pick(lang, words))?;
    Ok(())
}

/// Returns that evidence was left out.
pub(super) fn left_out(count: usize, lang: Lang) -> String {
    let words = [
        "дәлел ескерілмеді: әр түрінен ең көбі 64 қаралады; артығын алып тастаңыз",
        "доказательств не учтено: каждого вида рассматривается не больше 64; уберите лишние",
        "pieces of evidence were left out: of each kind 64 are looked at; remove those that do not belong",
    ];
    format!("{count} {}", pick(lang, words))
}

/// Returns that a certificate out of a file of several ends every path.
pub(super) fn trusted(root: &Certificate, lang: Lang) -> String {
    let words = ["түбірлік деп алынды", "принято за корневое", "taken as a root"];
    format!("--root: {}: {}, SHA-256 {}", pick(lang, words), root.subject().line(), root.sha256_hex())
}

fn notice(lang: Lang) -> &'static str {
    pick(
        lang,
        [
            "Бұл бағдарлама ақпаратты криптографиялық қорғаудың сертификатталған құралы емес.",
            "Эта программа не является сертифицированным средством криптографической защиты информации (СКЗИ).",
            "This program is not a certified cryptographic tool.",
        ],
    )
}

fn full_name(signer: &Signer<Told>) -> String {
    let parts = [&signer.common_name, &signer.patronymic].into_iter().flatten().cloned();
    parts.collect::<Vec<_>>().join(" ")
}

fn show_signer(
    signer: &Signer<Told>,
    (kind, is_at_named): (Kind, bool),
    view: &View,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let lang = view.lang;
    let title = if kind == Kind::Certificate {
        ["Иесі", "Владелец", "Holder"]
    } else {
        ["Қол қоюшы", "Подписавший", "Signer"]
    };
    writeln!(out, "{}: {} – {}", pick(lang, title), full_name(signer), outcome(&signer.outcome, lang))?;
    show_holder(signer, lang, out)?;
    let by = match (signer.time.by, is_at_named) {
        (TimeBasis::Stamp, _) => ["уақыт белгісі бойынша", "по метке времени", "by a time stamp"],
        (TimeBasis::Received, true) => ["--at арқылы көрсетілген", "указано в --at", "named by --at"],
        (TimeBasis::Received, false) => ["қазіргі уақыт", "на момент проверки", "the present"],
        (TimeBasis::Claimed, _) => ["қол қоюшы көрсеткен", "указано подписавшим", "as the signer says"],
    };
    let at = pick(lang, ["Қай уақыт бойынша тексерілді", "Проверено на время", "Judged for"]);
    writeln!(out, "  {at}: {} ({})", time(signer.time.at), pick(lang, by))?;
    if let Some(claimed) = signer.claimed_time.filter(|_| signer.time.by != TimeBasis::Claimed) {
        let label =
            ["Қол қоюшы көрсеткен уақыт", "Время по словам подписавшего", "Time claimed by the signer"];
        let unproven = pick(lang, ["расталмаған", "не подтверждено", "not proven"]);
        writeln!(out, "  {}: {} ({unproven})", pick(lang, label), time(claimed))?;
    }
    // Seals are those of the report.
    let mut own = signer.stamps.iter().filter(|it| it.place != StampPlace::Archive);
    own.try_for_each(|it| show_stamp(it, view, out))
}

/// Tells what the certificate says of its holder, of his key and of itself.
fn show_holder(signer: &Signer<Told>, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let key_usage = signer.key_usage.join(" ");
    let key_usage = (!key_usage.is_empty()).then(|| value("key-usage", &key_usage, lang));
    for (label, value) in [
        (pick(lang, IIN), signer.iin.clone()),
        (pick(lang, BIN), signer.bin.clone()),
        (pick(lang, ["Ұйым", "Организация", "Organisation"]), signer.organization.clone()),
        (pick(lang, ["Рөлі", "Роль", "Role"]), roles(&signer.roles, lang)?),
        (words("fact", "key-usage", lang), key_usage),
    ] {
        if let Some(value) = value {
            writeln!(out, "  {label}: {value}")?;
        }
    }
    writeln!(out, "  {} ({})", signer.serial_hex, signer.issuer)?;
    writeln!(out, "  {} – {}", time(signer.not_before), time(signer.not_after))?;
    Ok(())
}

/// Returns the roles in words; that of whoever belongs to an organisation says more than that he does.
fn roles(roles: &[Role], lang: Lang) -> Result<Option<String>, Error> {
    let is_told = |it: &Role| *it != Role::Organisation || roles.iter().all(|other| other <= it);
    let mut told = Vec::new();
    for role in roles.iter().filter(|it| is_told(it)) {
        let role = serde_json::to_value(role)?;
        told.push(words("role", role.as_str().unwrap_or_default(), lang).to_owned());
    }
    Ok((!told.is_empty()).then(|| told.join(", ")))
}

fn show_stamp(stamp: &TimeStamp<Told>, view: &View, out: &mut dyn Write) -> Result<(), Error> {
    let lang = view.lang;
    let title = if stamp.place == StampPlace::Archive {
        ["Мұрағаттың мөрі", "Печать архива", "Seal of the archive"]
    } else {
        ["Уақыт белгісі", "Метка времени", "Time stamp"]
    };
    let made = stamp.time.map_or_else(|| "?".to_owned(), time);
    let authority = stamp.authority.as_deref().unwrap_or("?");
    writeln!(out, "  {}: {made} – {} ({authority})", pick(lang, title), outcome(&stamp.outcome, lang))?;
    let open = stamp.checks.iter().filter(|it| it.result != CheckResult::Passed);
    for line in lines(open, view) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn signer(by: TimeBasis) -> Signer<Told> {
        let (time, none) = ("1970-01-01T00:00:00Z", json!(null));
        let signer = json!({
            "outcome": "valid", "iin": none, "bin": none, "common_name": "ҮЛГІ СЫНАҚ", "surname": none, "given": none,
            "patronymic": none, "organization": "Бөлім", "serial_hex": "3e", "issuer": "CN=A", "not_before": time,
            "not_after": time, "key_usage": ["digital-signature", "non-repudiation"],
            "roles": ["organisation", "right-to-sign"], "claimed_time": time, "time": { "at": time, "by": by },
            "stamps": [], "certificate": "",
        });
        serde_json::from_value(signer).unwrap()
    }

    #[test]
    fn role_stands_behind_the_organisation_and_a_claimed_time_is_not_proven() {
        let shown = |by| {
            let (mut out, view) = (Vec::new(), View { lang: Lang::Ru, names: BTreeMap::new() });
            show_signer(&signer(by), (Kind::Cms, false), &view, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let text = shown(TimeBasis::Received);
        let usage = "цифровая подпись, неотрекаемость (подпись)";
        let role = format!("\n  Организация: Бөлім\n  Роль: право подписи\n  Использование ключа: {usage}\n");
        assert!(text.contains(&role), "{text}");
        let claimed = "\n  Время по словам подписавшего: 1970-01-01 05:00:00+05:00 (не подтверждено)\n";
        assert!(text.contains(claimed), "{text}");
        assert!(!shown(TimeBasis::Claimed).contains("по словам"), "{text}");
    }

    #[test]
    fn roles_are_told_in_words_and_the_organisation_only_where_nothing_more_is_said() {
        let told = |own: &[Role]| roles(own, Lang::Ru).unwrap();
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[Role::Organisation]).as_deref(), Some("юридическое лицо"));
        let head = [Role::Organisation, Role::Head, Role::HumanResources];
        assert_eq!(told(&head).as_deref(), Some("руководитель организации, сотрудник отдела кадров"));
        for role in [Role::Individual, Role::RightToSign, Role::Financial, Role::Employee] {
            assert_ne!(told(&[role]), None, "{role:?}");
        }
        assert_eq!(told(&[Role::InformationSystem]).as_deref(), Some("информационная система организации"));
    }
}
