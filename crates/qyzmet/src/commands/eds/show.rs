// SPDX-License-Identifier: MIT OR Apache-2.0
//! A report as people read it.

use super::needs;
use super::words::{detail, sentence, status, time, value, words};
use crate::commands::Error;
use eds::{
    Certificate, CheckResult, Demanded, Kind, Lang, Outcome, Report, RevocationAsked, RootsAre, Signer,
    StampPlace, Subject, TimeBasis, TimeStamp, Told,
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
    let kind = serde_json::to_value(report.kind)?;
    let kind = words("kind", kind.as_str().unwrap_or_default(), lang);
    writeln!(out, "{} ({kind}, {}){}", outcome(&report.outcome, lang), time(report.at), said(report, lang))?;
    show_demands(&report.demands, lang, out)?;
    for signer in &report.signers {
        show_signer(signer, (report.kind, is_at_named), lang, out)?;
    }
    // The checks of a file that is a stamp are those of the report.
    let mut seals = report.stamps.iter().filter(|_| report.kind != Kind::TimeStamp);
    seals.try_for_each(|it| show_stamp(it, lang, out))?;
    for line in lines(&report.checks, lang) {
        writeln!(out, "  {line}")?;
    }
    show_facts(report, lang, out)?;
    for line in needs::needed(report, lang) {
        writeln!(out, "  {} {line}", pick(lang, ["Қажет:", "Нужно:", "Needed:"]))?;
    }
    writeln!(out, "{}", notice(lang))?;
    Ok(())
}

fn pick(lang: Lang, words: [&'static str; 3]) -> &'static str {
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
        "serial" | "issuer" | "not-before" | "not-after" => !report.signers.is_empty(),
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
            "Түбірлік куәліктер РАСТАЛМАҒАН: кем дегенде біреуінің хеші расталмаған немесе ол әзірлеуге арналған. Бұл жауап сол куәліктерге сенуге болса ғана дұрыс: хешті куәландыру орталығында салыстырып, растаңыз (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
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

fn show_signer(
    signer: &Signer<Told>,
    (kind, is_at_named): (Kind, bool),
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let title = if kind == Kind::Certificate {
        ["Иесі", "Владелец", "Holder"]
    } else {
        ["Қол қоюшы", "Подписавший", "Signer"]
    };
    let name = [&signer.common_name, &signer.patronymic].into_iter().flatten().cloned().collect::<Vec<_>>();
    writeln!(out, "{}: {} – {}", pick(lang, title), name.join(" "), outcome(&signer.outcome, lang))?;
    let organization = pick(lang, ["Ұйым", "Организация", "Organisation"]);
    for (label, value) in
        [(pick(lang, IIN), &signer.iin), (pick(lang, BIN), &signer.bin), (organization, &signer.organization)]
    {
        if let Some(value) = value {
            writeln!(out, "  {label}: {value}")?;
        }
    }
    writeln!(out, "  {} ({})", signer.serial_hex, signer.issuer)?;
    writeln!(out, "  {} – {}", time(signer.not_before), time(signer.not_after))?;
    let by = match (signer.time.by, is_at_named) {
        (TimeBasis::Stamp, _) => ["уақыт белгісі бойынша", "по метке времени", "by a time stamp"],
        (TimeBasis::Received, true) => ["--at арқылы көрсетілген", "указано в --at", "named by --at"],
        (TimeBasis::Received, false) => ["қазіргі уақыт", "на момент проверки", "the present"],
        (TimeBasis::Claimed, _) => ["қол қоюшы көрсеткен", "указано подписавшим", "as the signer says"],
    };
    let at = pick(lang, ["Тексерілген уақыты", "Проверено на время", "Judged for"]);
    writeln!(out, "  {at}: {} ({})", time(signer.time.at), pick(lang, by))?;
    // Seals are those of the report.
    let mut own = signer.stamps.iter().filter(|it| it.place != StampPlace::Archive);
    own.try_for_each(|it| show_stamp(it, lang, out))
}

fn show_stamp(stamp: &TimeStamp<Told>, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let title = if stamp.place == StampPlace::Archive {
        ["Мұрағаттың мөрі", "Печать архива", "Seal of the archive"]
    } else {
        ["Уақыт белгісі", "Метка времени", "Time stamp"]
    };
    let made = stamp.time.map_or_else(|| "?".to_owned(), time);
    let authority = stamp.authority.as_deref().unwrap_or("?");
    writeln!(out, "  {}: {made} – {} ({authority})", pick(lang, title), outcome(&stamp.outcome, lang))?;
    let open = stamp.checks.iter().filter(|it| it.result != CheckResult::Passed);
    for line in lines(open, lang) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// Returns the line of each check; what reads the same stands once.
fn lines<'a>(checks: impl IntoIterator<Item = &'a Told>, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in checks.into_iter().map(|it| line(it, lang)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn line(check: &Told, lang: Lang) -> String {
    let mark = match check.result {
        CheckResult::Passed => "+",
        CheckResult::Failed => "-",
        CheckResult::Unknown => "?",
    };
    let subject = match &check.subject {
        Subject::Container | Subject::TimeStamp => String::new(),
        Subject::Signer(index) => format!(" #{}", index + 1),
        Subject::Certificate(serial) => format!(" [{serial}]"),
    };
    let (told, own) = detail(check, lang);
    let told = if told.is_empty() { String::new() } else { format!(" ({told})") };
    // What there are no words for is of no language: it stands beside the code, outside of the sentence.
    let own = own.map_or_else(String::new, |it| format!(": {it}"));
    let code =
        if check.result == CheckResult::Passed { String::new() } else { format!(" [{}{own}]", check.code) };
    format!("{mark} {}{subject}: {}{told}{code}", check.name.in_lang(lang), sentence(check, lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eds::{CheckCode, Words};

    fn check(code: CheckCode, result: CheckResult, detail: Option<&str>) -> Told {
        let words = |it: &dyn Fn(Lang) -> &'static str| {
            let [kk, ru, en] = Lang::ALL.map(|lang| it(lang).to_owned());
            Words { kk, ru, en }
        };
        Told {
            code,
            result,
            subject: Subject::Container,
            detail: detail.map(str::to_owned),
            name: words(&|lang| code.name(lang)),
            sentence: words(&|lang| code.sentence(result, lang)),
        }
    }

    fn told(code: CheckCode, result: CheckResult, detail: &str, lang: Lang) -> String {
        let line = line(&check(code, result, Some(detail)), lang);
        let (name, rest) = line.split_once(": ").unwrap();
        assert!(name.ends_with(code.name(lang)), "{line}");
        rest.to_owned()
    }

    #[test]
    fn detail_is_told_in_words_and_a_machine_word_stands_beside_the_code() {
        let code = CheckCode::RevocationEvidence;
        let sentence = code.sentence(CheckResult::Unknown, Lang::Kk);
        let stale = told(code, CheckResult::Unknown, "stale", Lang::Kk);
        assert_eq!(stale, format!("{sentence} (ескірген) [revocation-evidence]"));
        let other = told(code, CheckResult::Unknown, "word-of-tomorrow", Lang::Kk);
        assert_eq!(other, format!("{sentence} [revocation-evidence: word-of-tomorrow]"));
        let repeated = told(CheckCode::KeySize, CheckResult::Failed, "key-size", Lang::En);
        assert_eq!(repeated, "The key is too short or too long. [key-size]");
    }

    #[test]
    fn check_that_passed_bears_no_code() {
        let detail = "crl number 3e, 2026-11-23T04:54:22Z, sha256 00; revoked since 2026-11-23T05:00:00Z";
        let passed = told(CheckCode::CertificateRevoked, CheckResult::Passed, detail, Lang::Ru);
        let sentence = CheckCode::CertificateRevoked.sentence(CheckResult::Passed, Lang::Ru);
        assert_eq!(passed, format!("{sentence} (отозвано с 2026-11-23 10:00:00+05:00)"));
    }

    #[test]
    fn wrong_times_of_stamps_and_algorithms_have_a_sentence_each() {
        let time = |detail| told(CheckCode::TimeStampTime, CheckResult::Failed, detail, Lang::Ru);
        assert_eq!(
            time("after 2020-01-01T00:00:00Z"),
            "Метка сделана позже проверяемого времени: тогда ее еще не было. (позже 2020-01-01 05:00:00+05:00) [time-stamp-time]"
        );
        assert!(time("before-the-seal-before").starts_with("Метка сделана раньше печати"));
        assert!(time("accuracy 600000 ms").contains("недостаточно точно. (± 600000 ms)"));
        let algorithm = |result, oid| told(CheckCode::AlgorithmUnknown, result, oid, Lang::En);
        assert!(algorithm(CheckResult::Failed, "1.3.14.3.2.26").contains("(SHA-1, 1.3.14.3.2.26)"));
        let pss = algorithm(CheckResult::Unknown, "1.2.840.113549.1.1.10");
        assert!(pss.contains("is known") && pss.contains("(RSASSA-PSS, "), "{pss}");
    }

    #[test]
    fn the_same_check_of_two_answers_is_told_once() {
        let same = || check(CheckCode::RevocationTime, CheckResult::Passed, None);
        assert_eq!(lines(&[same(), same()], Lang::En).len(), 1);
    }
}
