// SPDX-License-Identifier: MIT OR Apache-2.0
//! The checks of a report, a line each.

use super::super::words::detail;
use super::{full_name, pick};
use eds::{CheckResult, Lang, Need, Outcome, Report, Subject, Told};
use std::collections::BTreeMap;

/// In what the checks of a report are told.
pub(super) struct View {
    pub(super) lang: Lang,
    /// What the report knows of certificates, by their serial numbers.
    pub(super) names: BTreeMap<String, String>,
}

impl View {
    pub(super) fn of(report: &Report, lang: Lang) -> Self {
        Self { lang, names: names(report, lang) }
    }
}

/// Returns the line of each check, what failed first and what passed last; what reads the same stands once.
pub(super) fn lines<'a>(checks: impl IntoIterator<Item = &'a Told>, view: &View) -> Vec<String> {
    let mut checks: Vec<&Told> = checks.into_iter().collect();
    checks.sort_by_key(|it| match it.result {
        CheckResult::Failed => 0,
        CheckResult::Unknown => 1,
        CheckResult::Passed => 2,
    });
    let mut lines: Vec<String> = Vec::new();
    for line in checks.into_iter().map(|it| line(it, view)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn line(check: &Told, view: &View) -> String {
    let lang = view.lang;
    let mark = match check.result {
        CheckResult::Passed => "+",
        CheckResult::Failed => "-",
        CheckResult::Unknown => "?",
    };
    let subject = match &check.subject {
        Subject::Container | Subject::TimeStamp => String::new(),
        Subject::Signer(index) => format!(" #{}", index + 1),
        Subject::Certificate(serial) => match view.names.get(serial) {
            Some(name) => format!(" [{serial}, {name}]"),
            None => format!(" [{serial}]"),
        },
    };
    let (told, own) = detail(check, lang);
    let told = if told.is_empty() { String::new() } else { format!(" ({told})") };
    // What there are no words for is of no language: it stands beside the code, outside of the sentence.
    let own = own.map_or_else(String::new, |it| format!(": {it}"));
    let code =
        if check.result == CheckResult::Passed { String::new() } else { format!(" [{}{own}]", check.code) };
    format!("{mark} {}{subject}: {}{told}{code}", check.name.in_lang(lang), check.sentence.in_lang(lang))
}

/// Returns whose the certificate of a signer is; of another one by whom it was issued, where a need tells that.
fn names(report: &Report, lang: Lang) -> BTreeMap<String, String> {
    let needs: &[Need] = match &report.outcome {
        Outcome::Indeterminate { needs } => needs,
        Outcome::Valid | Outcome::Invalid => &[],
    };
    let issued = needs.iter().filter_map(|it| match it {
        Need::Ocsp { serial_hex, issuer, .. } | Need::Crl { serial_hex, issuer, .. } => {
            Some((serial_hex.clone(), format!("{} {issuer}", pick(lang, ["беруші", "издатель", "issuer"]))))
        }
        Need::Issuer { .. }
        | Need::TimeStamp { .. }
        | Need::Content
        | Need::Answer { .. }
        | Need::Algorithm { .. } => None,
    });
    let own = report.signers.iter().map(|it| (it.serial_hex.clone(), full_name(it)));
    issued.chain(own.filter(|(_, name)| !name.is_empty())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use eds::{CheckCode, Findings};

    fn check(code: CheckCode, result: CheckResult, detail: Option<&str>) -> Told {
        let mut findings = Findings::default();
        findings.note(code, &Subject::Container, result, detail.map(str::to_owned));
        Told::of(&findings.checks[0])
    }

    fn view(lang: Lang) -> View {
        View { lang, names: BTreeMap::from([("3e".to_owned(), "ҮЛГІ СЫНАҚ".to_owned())]) }
    }

    fn told(code: CheckCode, result: CheckResult, detail: &str, lang: Lang) -> String {
        let line = line(&check(code, result, Some(detail)), &view(lang));
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
    fn detail_about_something_is_told_with_it() {
        for (code, detail, lang, words) in [
            (
                CheckCode::SignedAttributes,
                "absent 1.2.840.113549.1.9.4",
                Lang::Ru,
                "(хеш данных (1.2.840.113549.1.9.4): нет) [",
            ),
            (
                CheckCode::ContentNotCovered,
                "changed-after-signing: page",
                Lang::Kk,
                "(қол қойылғаннан кейін өзгертілген: бет) [",
            ),
            (
                CheckCode::ContentNotCovered,
                "time-stamp: time-stamp-usage key-usage",
                Lang::En,
                "(the time stamp: Key of the time-stamping authority, Usage of the key) [",
            ),
            (
                CheckCode::CertificateSignatureMismatch,
                "issuer 3e: signature-of-other-bytes-or-key",
                Lang::Ru,
                "(свидетельство издателя 3e) [",
            ),
            (
                CheckCode::CertificateSignatureMismatch,
                "issuer 3e: key-of-another-algorithm",
                Lang::Ru,
                "(свидетельство издателя 3e: ключ другого алгоритма) [",
            ),
            (
                CheckCode::CertificateAbsent,
                "CN=A; B, C=KZ, serial 3e",
                Lang::En,
                "(CN=A; B, C=KZ, number 3e) [",
            ),
            (CheckCode::CertificateAbsent, "key 0a", Lang::En, "(key identifier 0a) ["),
            (
                CheckCode::ContainerMalformed,
                "the archive is of version `9`, which is not read here",
                Lang::Kk,
                "(мұрағаттың 9-нұсқасы мұнда оқылмайды; бағдарламаның жаңа нұсқасы керек) [",
            ),
            (
                CheckCode::ContainerMalformed,
                "element `0x30` was expected",
                Lang::Kk,
                " [container-malformed: element `0x30` was expected]",
            ),
        ] {
            let told = told(code, CheckResult::Failed, detail, lang);
            assert!(told.contains(words), "{told}");
        }
    }

    #[test]
    fn the_same_check_of_two_answers_is_told_once() {
        let same = || check(CheckCode::RevocationTime, CheckResult::Passed, None);
        assert_eq!(lines(&[same(), same()], &view(Lang::En)).len(), 1);
    }

    #[test]
    fn what_failed_stands_first_and_what_passed_last_each_in_its_order() {
        let of =
            |result| [CheckCode::KeyUsage, CheckCode::CertificateExpired].map(|it| check(it, result, None));
        let (passed, unknown) = (of(CheckResult::Passed), of(CheckResult::Unknown));
        let failed = of(CheckResult::Failed);
        let told = lines(passed.iter().chain(&unknown).chain(&failed), &view(Lang::Kk));
        let sorted = failed.iter().chain(&unknown).chain(&passed);
        assert_eq!(told, sorted.map(|it| line(it, &view(Lang::Kk))).collect::<Vec<_>>());
    }

    #[test]
    fn certificate_is_named_where_its_name_is_known() {
        let of = |serial: &str| {
            let mut own = check(CheckCode::CertificateExpired, CheckResult::Failed, None);
            own.subject = Subject::Certificate(serial.to_owned());
            line(&own, &view(Lang::Kk))
        };
        assert!(of("3e").contains(" [3e, ҮЛГІ СЫНАҚ]: ") && of("3f").contains(" [3f]: "), "{}", of("3e"));
    }
}
