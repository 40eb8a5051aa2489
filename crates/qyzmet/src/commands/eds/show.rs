// SPDX-License-Identifier: MIT OR Apache-2.0
//! A report as people read it.

use crate::commands::Error;
use eds::{CheckResult, Lang, Need, Outcome, Report, Signer, Subject, Told};
use std::io::Write;

/// Prints a report: the answer first, then signers, checks, what the file says, what is needed.
pub(super) fn report(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let kind = serde_json::to_value(report.kind)?;
    let kind = kind.as_str().unwrap_or_default();
    writeln!(out, "{} ({kind}, {})", outcome(&report.outcome, lang), report.at)?;
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
            writeln!(out, "  {} {}", pick(lang, ["Қажет:", "Нужно:", "Needed:"]), needed(need))?;
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

fn show_signer(signer: &Signer, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
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
    Ok(())
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
    let detail = check.detail.as_ref().map_or_else(String::new, |it| format!(" ({it})"));
    writeln!(
        out,
        "  {mark} {}{subject}: {}{detail} [{}]",
        check.name.in_lang(lang),
        check.sentence.in_lang(lang),
        check.code
    )?;
    Ok(())
}

fn needed(need: &Need) -> String {
    match need {
        Need::Ocsp { url, serial_hex, .. } => format!("OCSP {serial_hex}: {url}"),
        Need::Crl { url, serial_hex, .. } => format!("CRL {serial_hex}: {url}"),
        Need::Issuer { issuer, urls } => format!("{issuer}: {}", urls.join(" ")),
        Need::Algorithm { oid } => oid.clone(),
        Need::TimeStamp { .. } => "TSP".to_owned(),
    }
}
