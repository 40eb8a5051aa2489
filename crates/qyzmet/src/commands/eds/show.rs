// SPDX-License-Identifier: MIT OR Apache-2.0
//! A report as people read it.

use crate::commands::Error;
use eds::{
    Certificate, CheckResult, Demanded, Kind, Lang, Need, Outcome, Report, RevocationAsked, RootsAre, Signer,
    Subject, TimeBasis, TimeStamp, Told,
};
use std::io::Write;

/// Prints a report: the answer first, then what was demanded, signers, checks, what the file says, what is needed.
pub(super) fn report(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let kind = serde_json::to_value(report.kind)?;
    let kind = kind.as_str().unwrap_or_default();
    writeln!(out, "{} ({kind}, {}){}", outcome(&report.outcome, lang), report.at, said(report, lang))?;
    show_demands(&report.demands, lang, out)?;
    for signer in &report.signers {
        show_signer(signer, lang, out)?;
    }
    for check in &report.checks {
        show_check(check, lang, out)?;
    }
    for (name, value) in &report.facts {
        writeln!(out, "  {name}: {value}")?;
    }
    if let Outcome::Indeterminate { needs } = &report.outcome {
        for need in needs {
            writeln!(out, "  {} {}", pick(lang, ["Қажет:", "Нужно:", "Needed:"]), needed(need, lang))?;
        }
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

/// Returns what an answer says whose genuineness the outcome is about; nothing for other files.
fn said(report: &Report, lang: Lang) -> String {
    let Some(says) = report.facts.get("says").filter(|_| report.kind == Kind::Ocsp) else {
        return String::new();
    };
    let words = if report.outcome == Outcome::Valid {
        ["жауап түпнұсқа; онда айтылғаны", "ответ подлинный; в нем сказано", "the answer is genuine; it says"]
    } else {
        ["онда айтылғаны", "в нем сказано", "it says"]
    };
    let words = pick(lang, words);
    let says: Vec<String> = says.split("; ").map(|it| status(it, lang)).collect();
    format!(" – {words}: {}", says.join("; "))
}

/// Returns what is said of a certificate, with the time and the reason as they stand.
fn status(said: &str, lang: Lang) -> String {
    let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
    let word = match word {
        "good" => pick(lang, ["қайтарып алынбаған", "не отозвано", "good"]),
        "revoked" => pick(lang, ["ҚАЙТАРЫП АЛЫНҒАН", "ОТОЗВАНО", "revoked"]),
        "not-issued" => pick(lang, ["берілмеген", "не выдавалось", "not issued"]),
        _ => pick(lang, ["белгісіз", "неизвестно", "unknown"]),
    };
    format!("{word} {rest}").trim_end().to_owned()
}

fn show_demands(demands: &Demanded, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let mut words = vec![format!("--purpose {}", demands.purpose)];
    let role = serde_json::to_value(demands.role)?;
    let role = role.as_str().map(str::to_owned);
    for (option, value) in [("--iin", &demands.iin), ("--bin", &demands.bin), ("--role", &role)] {
        words.extend(value.as_ref().map(|it| format!("{option} {it}")));
    }
    writeln!(out, "  {} {}", pick(lang, ["Талап етілгені:", "Требовалось:", "Demanded:"]), words.join(" "))?;
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
            "Түбірлік куәліктер РАСТАЛМАҒАН: кем дегенде біреуінің хеші расталмаған немесе ол әзірлеуге арналған (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
            "Корневые свидетельства НЕ ПОДТВЕРЖДЕНЫ: хеш хотя бы одного не подтвержден или оно для разработки (`qyzmet eds trust add ФАЙЛ --sha256 …`).",
            "The roots are NOT CONFIRMED: the hash of at least one is not, or it is of development (`qyzmet eds trust add FILE --sha256 …`).",
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

fn show_signer(signer: &Signer<Told>, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let title = pick(lang, ["Қол қоюшы", "Подписавший", "Signer"]);
    let name = [&signer.common_name, &signer.patronymic].into_iter().flatten().cloned().collect::<Vec<_>>();
    writeln!(out, "{title}: {} – {}", name.join(" "), outcome(&signer.outcome, lang))?;
    let iin = pick(lang, ["ЖСН", "ИИН", "IIN"]);
    let bin = pick(lang, ["БСН", "БИН", "BIN"]);
    for (label, value) in [(iin, &signer.iin), (bin, &signer.bin), ("O", &signer.organization)] {
        if let Some(value) = value {
            writeln!(out, "  {label}: {value}")?;
        }
    }
    writeln!(out, "  {} ({})", signer.serial_hex, signer.issuer)?;
    writeln!(out, "  {} – {}", signer.not_before, signer.not_after)?;
    let by = match signer.time.by {
        TimeBasis::Stamp => ["уақыт белгісі бойынша", "по метке времени", "by a time stamp"],
        TimeBasis::Received => ["алынған уақыты", "время получения", "when it was received"],
        TimeBasis::Claimed => ["қол қоюшы көрсеткен", "указано подписавшим", "as the signer says"],
    };
    let at = pick(lang, ["Тексерілген уақыты", "Проверено на время", "Judged for"]);
    writeln!(out, "  {at}: {} ({})", signer.time.at, pick(lang, by))?;
    signer.stamps.iter().try_for_each(|it| show_stamp(it, lang, out))
}

fn show_stamp(stamp: &TimeStamp<Told>, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let title = pick(lang, ["Уақыт белгісі", "Метка времени", "Time stamp"]);
    let time = stamp.time.map_or_else(|| "?".to_owned(), |it| it.to_string());
    let authority = stamp.authority.as_deref().unwrap_or("?");
    writeln!(out, "  {title}: {time} – {} ({authority})", outcome(&stamp.outcome, lang))?;
    let mut open = stamp.checks.iter().filter(|it| it.result != CheckResult::Passed);
    open.try_for_each(|it| show_check(it, lang, out))
}

fn show_check(check: &Told, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let mark = match check.result {
        CheckResult::Passed => "+",
        CheckResult::Failed => "-",
        CheckResult::Unknown => "?",
    };
    let subject = match &check.subject {
        Subject::Container => String::new(),
        Subject::Signer(index) => format!(" #{}", index + 1),
        Subject::Certificate(serial) => format!(" [{serial}]"),
        Subject::TimeStamp => " [TSP]".to_owned(),
    };
    // The detail is of no language: it stands beside the code, outside of the sentence.
    let detail = check.detail.as_ref().map_or_else(String::new, |it| format!(": {it}"));
    writeln!(
        out,
        "  {mark} {}{subject}: {} [{}{detail}]",
        check.name.in_lang(lang),
        check.sentence.in_lang(lang),
        check.code
    )?;
    Ok(())
}

fn needed(need: &Need, lang: Lang) -> String {
    let content = [
        "қол қойылған немесе белгі қойылған деректер; оларды --content арқылы беріңіз",
        "данные, которые подписаны или отмечены; дайте их через --content",
        "what was signed or stamped; give it by --content",
    ];
    let answer = [
        "осы уақыт туралы айтатын қайтарып алу тізімі немесе OCSP жауабы; оны --evidence арқылы беріңіз немесе --at уақытын көрсетіңіз",
        "список отзыва или ответ OCSP, говорящий об этом времени; дайте его через --evidence или укажите время --at",
        "a revocation list or OCSP response that speaks about this time; give it by --evidence, or name another time by --at",
    ];
    let issuer_words = [
        "куәлік берушінің куәлігі; оны --evidence немесе --root арқылы беріңіз",
        "свидетельство издателя; дайте его через --evidence или --root",
        "the certificate of the issuer; give it by --evidence or --root",
    ];
    let algorithm = [
        "осы бағдарламаның жаңа нұсқасы немесе басқа алгоритммен жасалған файл: бұл алгоритм мұнда есептелмейді",
        "новая версия этой программы или файл с другим алгоритмом: этот здесь не вычисляется",
        "a newer version of this program, or a file made by another algorithm: this one is not computed here",
    ];
    let stamp = ["қолтаңбаның уақыт белгісі", "метка времени на подпись", "a time stamp over the signature"];
    match need {
        Need::Ocsp { url, serial_hex, .. } => format!("OCSP {serial_hex}: {url}"),
        Need::Crl { url, serial_hex, .. } => format!("CRL {serial_hex}: {url}"),
        Need::Issuer { issuer, urls } if urls.is_empty() => {
            format!("{} ({issuer})", pick(lang, issuer_words))
        }
        Need::Issuer { issuer, urls } => format!("{issuer}: {}", urls.join(" ")),
        Need::Content => pick(lang, content).to_owned(),
        Need::Answer { issuer, at } => format!("{} ({issuer}, {at})", pick(lang, answer)),
        Need::Algorithm { oid } => format!("{} ({oid})", pick(lang, algorithm)),
        Need::TimeStamp { .. } => format!("{} (TSP)", pick(lang, stamp)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eds::{CheckCode, Words};

    #[test]
    fn a_machine_word_stands_beside_the_code_and_not_in_the_sentence() {
        let code = CheckCode::RevocationEvidence;
        let words = |it: fn(CheckCode, Lang) -> &'static str| {
            let [kk, ru, en] = Lang::ALL.map(|lang| it(code, lang).to_owned());
            Words { kk, ru, en }
        };
        let check = Told {
            code,
            result: CheckResult::Unknown,
            subject: Subject::Container,
            detail: Some("stale".to_owned()),
            name: words(CheckCode::name),
            sentence: words(|code, lang| code.sentence(CheckResult::Unknown, lang)),
        };
        let mut out = Vec::new();
        show_check(&check, Lang::Kk, &mut out).unwrap();
        let sentence = code.sentence(CheckResult::Unknown, Lang::Kk);
        let line = format!("  ? {}: {sentence} [revocation-evidence: stale]\n", code.name(Lang::Kk));
        assert_eq!(String::from_utf8(out).unwrap(), line);
    }
}
