// SPDX-License-Identifier: MIT OR Apache-2.0
//! An examination told to people and machines: each check with its name and its sentence in three languages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Demanded, Examination, Kind};
use crate::verdict::{Check, CheckCode, CheckResult, Outcome, Signer, Subject, TimeStamp};
use crate::words::Lang;

/// The form of reports written by this version; `docs/schemas/eds-report.json` of the repository describes it.
const REPORT_VERSION: u32 = 1;
/// What every report says of itself.
const NOTICE: &str = "not a certified cryptographic tool";

/// The same words in three languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl Words {
    fn of(words: impl Fn(Lang) -> &'static str) -> Self {
        let [kk, ru, en] = Lang::ALL.map(|lang| words(lang).to_owned());
        Self { kk, ru, en }
    }

    /// Returns the words in a language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

/// A check, told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Told {
    /// The machine code.
    pub code: CheckCode,
    /// What came of it.
    pub result: CheckResult,
    /// In what it was looked for.
    pub subject: Subject,
    /// Dates, numbers or machine words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// What was looked at.
    pub name: Words,
    /// What the result means.
    pub sentence: Words,
}

impl Told {
    /// Returns the check with its words.
    #[must_use]
    pub fn of(check: &Check) -> Self {
        Self {
            code: check.code,
            result: check.result,
            subject: check.subject.clone(),
            detail: check.detail.clone(),
            name: Words::of(|lang| check.code.name(lang)),
            sentence: Words::of(|lang| check.sentence(lang)),
        }
    }
}

/// An examination as it is written to JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The form of this report.
    pub version: u32,
    /// What the file is.
    pub kind: Kind,
    /// What was demanded of it.
    pub demands: Demanded,
    /// Valid, invalid, or what is needed to decide.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The time for which it was judged, where no time stamp proves an earlier one.
    pub at: Timestamp,
    /// Each check, in order.
    pub checks: Vec<Told>,
    /// Each signer whose certificate was found.
    pub signers: Vec<Signer<Told>>,
    /// The time stamp that the file is, or the seals of the archive that it is.
    pub stamps: Vec<TimeStamp<Told>>,
    /// What the file says about itself, unverified.
    pub facts: BTreeMap<String, String>,
    /// What this tool is not.
    pub notice: String,
}

impl Examination {
    /// Returns the report.
    ///
    /// ```
    /// # use eds::{Context, Evidence, Policy, Purpose, Trust, examine};
    /// # let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    /// # let at = "2026-11-21T05:00:00Z".parse().unwrap();
    /// # let context = Context { evidence: &Evidence::default(), at, policy: &policy };
    /// let report = examine(b"<a/>", None, &context).unwrap().report();
    /// let json = serde_json::to_value(&report).unwrap();
    /// assert_eq!(json["outcome"], "invalid");
    /// assert_eq!(json["checks"][0]["code"], "signers-absent");
    /// assert_eq!(json["checks"][0]["sentence"]["kk"], "Контейнерде бірде-бір қолтаңба жоқ.");
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        let fact = |(name, value): (&&str, &String)| ((*name).to_owned(), value.clone());
        Report {
            version: REPORT_VERSION,
            kind: self.kind,
            demands: self.demands.clone(),
            outcome: self.verdict.outcome.clone(),
            at: self.verdict.at,
            checks: told(&self.verdict.checks, &self.verdict.outcome),
            signers: self.verdict.signers.iter().map(told_signer).collect(),
            stamps: self.stamps.iter().map(told_stamp).collect(),
            facts: self.facts.iter().map(fact).collect(),
            notice: NOTICE.to_owned(),
        }
    }
}

/// Returns checks with their words, as the outcome of all of them explains each.
fn told(checks: &[Check], outcome: &Outcome) -> Vec<Told> {
    let is_invalid = *outcome == Outcome::Invalid;
    let sentence = |check: &Check, lang| {
        if is_invalid { check.sentence_once_invalid(lang) } else { check.sentence(lang) }
    };
    let words = |check: &Check| Words::of(|lang| sentence(check, lang));
    checks.iter().map(|it| Told { sentence: words(it), ..Told::of(it) }).collect()
}

fn told_signer(signer: &Signer) -> Signer<Told> {
    let it = signer.clone();
    Signer {
        outcome: it.outcome,
        iin: it.iin,
        bin: it.bin,
        common_name: it.common_name,
        surname: it.surname,
        given: it.given,
        patronymic: it.patronymic,
        organization: it.organization,
        serial_hex: it.serial_hex,
        issuer: it.issuer,
        not_before: it.not_before,
        not_after: it.not_after,
        key_usage: it.key_usage,
        roles: it.roles,
        claimed_time: it.claimed_time,
        time: it.time,
        stamps: it.stamps.iter().map(told_stamp).collect(),
        certificate: it.certificate,
    }
}

fn told_stamp(stamp: &TimeStamp) -> TimeStamp<Told> {
    let it = stamp.clone();
    TimeStamp {
        checks: told(&it.checks, &it.outcome),
        outcome: it.outcome,
        place: it.place,
        time: it.time,
        accuracy_milliseconds: it.accuracy_milliseconds,
        serial_hex: it.serial_hex,
        policy: it.policy,
        authority: it.authority,
        key_until: it.key_until,
    }
}
