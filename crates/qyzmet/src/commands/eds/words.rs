// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the machine says, in words for people. They lie in `words.txt`, a line each, so that a translator needs no Rust.

use eds::{CheckCode, CheckResult, Lang, Told};
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};

const WORDS: &str = include_str!("words.txt");
/// Hours by which the clocks of Kazakhstan are ahead of UTC.
const HOURS_EAST: i8 = 5;
/// The reason of a revocation that may be lifted (RFC 5280, 5.3.1).
const HOLD: &str = "6";
/// Details that say no more than the sentence of their check.
const REPEATED: [&str; 13] = [
    "a signature of the pdf is not a detached cms",
    "a signature of the pdf leaves content uncovered",
    "before-the-seal-before",
    "certificate-missing",
    "certificate-other",
    "not-signed",
    "signature-of-other-bytes-or-key",
    "the end of the pdf is missing",
    "the file is no archive of a signature",
    "the file is not a readable pdf",
    "the list cannot be read",
    "the pdf is encrypted",
    "visible-field-added",
];
/// National usages of a certificate that are roles of its holder.
const ROLES: [(&str, &str); 8] = [
    ("1.2.398.3.3.4.1.1", "individual"),
    ("1.2.398.3.3.4.1.2", "organisation"),
    ("1.2.398.3.3.4.1.2.1", "head"),
    ("1.2.398.3.3.4.1.2.2", "right-to-sign"),
    ("1.2.398.3.3.4.1.2.3", "financial"),
    ("1.2.398.3.3.4.1.2.4", "human-resources"),
    ("1.2.398.3.3.4.1.2.5", "employee"),
    ("1.2.398.3.3.4.1.2.6", "information-system"),
];
/// Algorithms by their identifiers; their names are of no language.
const ALGORITHMS: [(&str, &str); 32] = [
    ("1.2.840.113549.2.2", "MD2"),
    ("1.2.840.113549.2.5", "MD5"),
    ("1.3.14.3.2.26", "SHA-1"),
    ("2.16.840.1.101.3.4.2.4", "SHA-224"),
    ("2.16.840.1.101.3.4.2.1", "SHA-256"),
    ("2.16.840.1.101.3.4.2.2", "SHA-384"),
    ("2.16.840.1.101.3.4.2.3", "SHA-512"),
    ("2.16.840.1.101.3.4.2.5", "SHA-512/224"),
    ("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
    ("2.16.840.1.101.3.4.2.8", "SHA3-256"),
    ("2.16.840.1.101.3.4.2.9", "SHA3-384"),
    ("2.16.840.1.101.3.4.2.10", "SHA3-512"),
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.4", "RSA + MD5"),
    ("1.2.840.113549.1.1.5", "RSA + SHA-1"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "RSA + SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA + SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA + SHA-512"),
    ("1.2.840.113549.1.1.14", "RSA + SHA-224"),
    ("1.2.840.10040.4.3", "DSA + SHA-1"),
    ("1.2.840.10045.2.1", "ECDSA"),
    ("1.2.840.10045.4.1", "ECDSA + SHA-1"),
    ("1.2.840.10045.4.3.2", "ECDSA + SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA + SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA + SHA-512"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.2.398.3.10.1.1.1.2", "ГОСТ 34.310-2004"),
    ("1.2.398.3.10.1.1.2.3.1", "ГОСТ 34.10-2015 (256)"),
    ("1.2.398.3.10.1.1.2.3.2", "ГОСТ 34.10-2015 (512)"),
    ("1.2.643.2.2.3", "ГОСТ Р 34.10-2001"),
];

/// Returns the words for a word of this kind; nothing where there are none.
pub(super) fn find(kind: &str, word: &str, lang: Lang) -> Option<&'static str> {
    let column = match lang {
        Lang::Kk => 1,
        Lang::Ru => 2,
        Lang::En => 3,
    };
    let key = format!("{kind} {word}");
    let mut lines = WORDS.lines().map(|line| line.split(" | "));
    let mut line = lines.find(|line| line.clone().next() == Some(key.as_str()))?;
    line.nth(column)
}

/// Returns the words for a word of this kind, or the word as it is.
pub(super) fn words<'a>(kind: &str, word: &'a str, lang: Lang) -> &'a str {
    find(kind, word, lang).unwrap_or(word)
}

/// Returns a time to the second, by the clocks of Kazakhstan.
pub(super) fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(tz::offset(HOURS_EAST))).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
}

fn timed(text: &str) -> Option<String> {
    text.parse().ok().map(time)
}

/// Returns what an answer says of a certificate: `good`, `revoked TIME reason 6`.
pub(super) fn status(said: &str, lang: Lang) -> String {
    let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
    let (since, reason) = rest.split_once(" reason ").unwrap_or((rest, ""));
    let is_held = reason == HOLD;
    let word = words("status", if is_held { "held" } else { word }, lang);
    let since = timed(since).map_or_else(String::new, |it| format!(" {it}"));
    let reason = find("reason", reason, lang).filter(|_| !is_held);
    let reason = reason.map_or_else(String::new, |it| format!(" ({it})"));
    format!("{word}{since}{reason}")
}

/// Returns the value of a fact, in words where there are any.
pub(super) fn value(name: &str, value: &str, lang: Lang) -> String {
    let (separator, joint) = match name {
        "extended-key-usage" | "failure" | "key-usage" => (" ", ", "),
        _ => ("; ", "; "),
    };
    let part = |part: &str| match name {
        "answers" => answer(part, lang),
        "signature-algorithm" => algorithm(part).unwrap_or_else(|| part.to_owned()),
        "extended-key-usage" | "policy" => named(part, lang).unwrap_or_else(|| part.to_owned()),
        _ => timed(part).unwrap_or_else(|| words("value", part, lang).to_owned()),
    };
    value.split(separator).map(part).collect::<Vec<_>>().join(joint)
}

/// Returns an answer about one certificate: `SERIAL STATUS (TIME)`.
fn answer(said: &str, lang: Lang) -> String {
    let parts = said.split_once(' ').and_then(|(serial, rest)| {
        let (said, made) = rest.strip_suffix(')')?.rsplit_once(" (")?;
        Some(format!("{serial} – {} ({})", status(said, lang), timed(made)?))
    });
    parts.unwrap_or_else(|| said.to_owned())
}

/// Returns the name of an algorithm beside its identifier.
pub(super) fn algorithm(oid: &str) -> Option<String> {
    ALGORITHMS.iter().find(|(own, _)| *own == oid).map(|(_, name)| format!("{name}, {oid}"))
}

/// Returns the name of a usage, a policy or a signed attribute beside its identifier.
fn named(oid: &str, lang: Lang) -> Option<String> {
    let role = ROLES.iter().find(|(own, _)| *own == oid).and_then(|(_, role)| find("role", role, lang));
    role.or_else(|| find("oid", oid, lang)).map(|name| format!("{name} ({oid})"))
}

/// Returns the detail of a check in words, else as it is; of a check that passed only what there are words for.
pub(super) fn detail(check: &Told, lang: Lang) -> (String, Option<&str>) {
    let repeats = |it: &&str| *it == check.code.as_str() || REPEATED.contains(it);
    let Some(detail) = check.detail.as_deref().filter(|it| !repeats(it)) else {
        return (String::new(), None);
    };
    if matches!(check.code, CheckCode::CertificateAbsent | CheckCode::CertificateMalformed)
        && let Some((issuer, serial)) = detail.rsplit_once(", serial ")
    {
        return (format!("{issuer}, {} {serial}", words("detail", "serial", lang)), None);
    }
    let parts: Vec<Option<String>> = detail.split("; ").map(|it| part(it, lang)).collect();
    if check.result == CheckResult::Passed || parts.iter().all(Option::is_some) {
        (parts.into_iter().flatten().collect::<Vec<_>>().join("; "), None)
    } else {
        (String::new(), Some(detail))
    }
}

fn part(part: &str, lang: Lang) -> Option<String> {
    if let Some(exact) = part.strip_prefix("accuracy ") {
        return Some(format!("± {exact}"));
    }
    if let Some((since, reason)) = part.split_once(" reason ") {
        return Some(format!("{}, {}", self::part(since, lang)?, find("reason", reason, lang)?));
    }
    if let Some((one, other)) = part.split_once(" with ") {
        return Some(format!("{}; {}", algorithm(one)?, algorithm(other)?));
    }
    let whole = find("detail", part, lang).map(str::to_owned);
    let whole = whole.or_else(|| timed(part)).or_else(|| algorithm(part));
    whole.or_else(|| quoting(part, lang)).or_else(|| about(part, lang))
}

/// Returns the words that hold a value where the machine quotes one: "version `9`".
fn quoting(part: &str, lang: Lang) -> Option<String> {
    let (before, rest) = part.split_once('`')?;
    let (value, after) = rest.split_once('`')?;
    Some(find("detail", &format!("{before}`{{}}`{after}"), lang)?.replace("{}", value))
}

/// Returns what is said about something: `after TIME`, `absent OID`, `issuer SERIAL`, or more of it: `issuer SERIAL: WORD`.
fn about(part: &str, lang: Lang) -> Option<String> {
    if let Some((head, more)) = part.split_once(": ") {
        let head = self::part(head, lang)?;
        return if REPEATED.contains(&more) {
            Some(head)
        } else {
            Some(format!("{head}: {}", said(more, lang)?))
        };
    }
    let (word, of) = part.rsplit_once(' ')?;
    let said = find("detail", word, lang)?;
    let is_hex = of.chars().all(|it| it.is_ascii_hexdigit());
    let of_it = timed(of).or_else(|| algorithm(of)).or_else(|| is_hex.then(|| of.to_owned()));
    match of_it {
        Some(of) => Some(format!("{said} {of}")),
        None => Some(format!("{}: {said}", named(of, lang)?)),
    }
}

/// Returns the words for a word, or the names of checks for their codes.
fn said(words: &str, lang: Lang) -> Option<String> {
    let name = |word: &str| Some(CheckCode::ALL.iter().find(|it| it.as_str() == word)?.name(lang));
    let names = || words.split(' ').map(name).collect::<Option<Vec<_>>>();
    find("detail", words, lang).map(str::to_owned).or_else(|| Some(names()?.join(", ")))
}

#[cfg(test)]
mod machine;

#[cfg(test)]
mod tests {
    use super::*;
    use eds::oids;
    use std::collections::BTreeSet;

    #[test]
    fn roles_of_a_certificate_are_those_of_its_usages() {
        let usages = [
            oids::INDIVIDUAL,
            oids::ORGANISATION,
            oids::HEAD,
            oids::RIGHT_TO_SIGN,
            oids::FINANCIAL,
            oids::HUMAN_RESOURCES,
            oids::EMPLOYEE,
            oids::INFORMATION_SYSTEM,
        ];
        assert_eq!(ROLES.map(|(oid, _)| oid.to_owned()), usages.map(|it| it.to_string()));
        assert!(ROLES.iter().all(|(_, role)| find("role", role, Lang::Kk).is_some()));
    }

    #[test]
    fn lines_are_whole_and_in_their_letters_and_each_word_stands_once() {
        let mut seen = BTreeSet::new();
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split(" | ").collect();
            assert_eq!(columns.len(), 4, "{line}");
            assert!(columns.iter().all(|it| !it.is_empty() && it.trim() == *it), "{line}");
            assert!(seen.insert(columns[0]), "{line}");
            for text in &columns[1..3] {
                let mut words = text.split(|it: char| !it.is_ascii_alphabetic());
                let names =
                    ["", "CMS", "XML", "PDF", "OCSP", "SHA", "UTF", "DOCTYPE", "SOAP", "Digital", "ID"];
                let options = ["addresses", "at", "cms", "json", "content", "evidence", "fetch"];
                let is_known = |it: &str| names.contains(&it) || options.contains(&it);
                assert!(words.all(is_known) && !text.contains('ё'), "{text}");
            }
        }
    }

    #[test]
    fn status_of_a_certificate_is_told_with_time_and_reason() {
        let held = "revoked 2026-11-13T04:54:22Z reason 6";
        assert_eq!(status(held, Lang::Ru), "ПРИОСТАНОВЛЕНО 2026-11-13 09:54:22+05:00");
        let lost = "revoked 2026-11-13T04:54:22Z reason 1";
        assert_eq!(status(lost, Lang::Ru), "ОТОЗВАНО 2026-11-13 09:54:22+05:00 (ключ скомпрометирован)");
        assert_eq!(status("good", Lang::Kk), "қайтарып алынбаған");
        let said = "3e good (2026-11-23T04:54:22.944294575Z); 3f revoked 2026-11-13T04:54:22Z (2026-11-23T04:54:22Z)";
        assert_eq!(
            value("answers", said, Lang::En),
            "3e – good (2026-11-23 09:54:22+05:00); 3f – REVOKED 2026-11-13 09:54:22+05:00 (2026-11-23 09:54:22+05:00)"
        );
    }

    #[test]
    fn a_revocation_is_told_with_its_reason() {
        let told = |detail: &str| part(detail, Lang::Ru).unwrap();
        let (since, shown) = ("2026-11-13T04:54:22Z", "2026-11-13 09:54:22+05:00");
        assert_eq!(told(&format!("{since} reason 1")), format!("{shown}, ключ скомпрометирован"));
        let later = told(&format!("revoked since {since} reason 4"));
        assert_eq!(later, format!("отозвано с {shown}, заменено новым"));
        assert_eq!(told(&format!("{since} reason 6")), format!("{shown}, действие приостановлено"));
        assert_eq!(part(&format!("{since} reason 7"), Lang::Ru), None);
    }

    #[test]
    fn facts_are_told_in_words_and_what_is_none_stays() {
        assert_eq!(
            value("key-usage", "digital-signature crl-signing", Lang::Ru),
            "цифровая подпись, подпись списков отзыва"
        );
        assert_eq!(value("covered", "#p1; body", Lang::En), "#p1; the body of the message");
        assert_eq!(value("authority", "CN=A; B, C=KZ", Lang::Kk), "CN=A; B, C=KZ");
        assert_eq!(
            value("extended-key-usage", "1.3.6.1.5.5.7.3.8 1.2.3 1.2.398.3.3.4.1.2.1", Lang::Ru),
            "проставление меток времени (1.3.6.1.5.5.7.3.8), 1.2.3, руководитель организации (1.2.398.3.3.4.1.2.1)"
        );
        assert!(
            value("policy", "1.2.398.3.3.2.6.4", Lang::Kk).ends_with("ГОСТ 34.10-2015 (1.2.398.3.3.2.6.4)")
        );
        assert_eq!(
            value("signature-algorithm", "1.2.840.113549.1.1.11", Lang::Kk),
            "RSA + SHA-256, 1.2.840.113549.1.1.11"
        );
    }
}
