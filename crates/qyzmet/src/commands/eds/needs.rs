// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is needed to decide, as people read it.

use super::words::{algorithm, find, time, words};
use eds::{CheckCode, CheckResult, Lang, Need, Outcome, Report, Told};

/// Returns each thing that is needed, once.
pub(super) fn needed(report: &Report, lang: Lang) -> Vec<String> {
    let Outcome::Indeterminate { needs } = &report.outcome else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    let proof = is_unproven(report).then(|| words("need", "proof", lang).to_owned());
    for line in needs.iter().map(|it| line(it, lang)).chain(proof) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Returns whether the key of a stamp ended, and nothing later stands over it.
fn is_unproven(report: &Report) -> bool {
    let of_signers = report.signers.iter().flat_map(|it| &it.stamps);
    let of_stamps = of_signers.chain(&report.stamps).flat_map(|it| &it.checks);
    let is_it = |it: &Told| it.code == CheckCode::TimeStampProof && it.result == CheckResult::Unknown;
    report.checks.iter().chain(of_stamps).any(is_it)
}

fn line(need: &Need, lang: Lang) -> String {
    let said = |word| find("need", word, lang).unwrap_or_default();
    match need {
        Need::Ocsp { url, serial_hex, .. } => format!("{} ({serial_hex}): {url}", said("ocsp")),
        Need::Crl { url, serial_hex, .. } => format!("{} ({serial_hex}): {url}", said("crl")),
        Need::Issuer { issuer, urls } => {
            let urls = if urls.is_empty() { String::new() } else { format!(": {}", urls.join(" ")) };
            format!("{} ({issuer}){urls}", said("issuer"))
        }
        Need::Content => said("content").to_owned(),
        Need::Answer { issuer, at } => format!("{} ({issuer}, {})", said("answer"), time(*at)),
        Need::Algorithm { oid } => {
            let named = algorithm(oid).unwrap_or_else(|| oid.clone());
            format!("{} ({named})", said("algorithm"))
        }
        Need::TimeStamp { .. } => format!("{} (TSP)", said("time-stamp")),
    }
}
