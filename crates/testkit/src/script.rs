// SPDX-License-Identifier: MIT OR Apache-2.0
//! Scenarios: who does what at what time; played, they become what a lawyer reads.
//!
//! ```text
//! title: Қолмен жол
//! regulation: guardianship-certificate/2015
//! provider: abai-education
//! by: portal                       # or center
//! medium: electronic               # or paper
//!
//! 2026-11-23 10:00 applicant opens
//! 10:05 applicant fills            # "fills without phone" leaves a field out
//! 10:06 applicant signs valid      # valid, invalid CODE, indeterminate CODE
//! 10:06:02 register guardianship none          # found, none, silent until 11:06
//! 10:15 office accepts
//! 10:30 head instructs executor-1 | Қарап, анықтама дайындаңыз
//! 11:00 executor-1 grants                      # or: refuses GROUND | reason
//! 11:30 head signs                             # or: returns | remark; "executor-1 as head signs"
//! 11:40 head signs @provider.action-3.b        # @PART: the part that the person saw
//! 12:00 office dispatches                      # "dispatches | courier's name" on paper
//! ```

mod run;

use jiff::civil::{Date, DateTime, Time};

/// Longest scenario in lines.
pub const LINES_MAX: usize = 500;

/// A scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its title.
    pub title: String,
    /// The regulation, `service/edition`.
    pub regulation: String,
    /// The provider's id.
    pub provider: String,
    /// `portal` or `center`.
    pub by: String,
    /// `electronic` or `paper`.
    pub medium: String,
    /// What is done.
    pub lines: Vec<Line>,
}

/// One line of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file.
    pub number: usize,
    /// When, local time of the provider.
    pub at: DateTime,
    /// The words before the bar.
    pub words: Vec<String>,
    /// The free text after the bar.
    pub text: String,
    /// The part that the person saw, where it is not the current one.
    pub saw: Option<String>,
}

/// Plays a scenario and returns what a lawyer reads.
///
/// # Errors
/// The line that is not understood, or a message that the other side did not take.
pub fn play(text: &str) -> Result<String, String> {
    run::run(&parse(text)?)
}

/// Reads a scenario.
///
/// # Errors
/// The first line that is not understood.
pub fn parse(text: &str) -> Result<Script, String> {
    let mut script = Script {
        title: String::new(),
        regulation: String::new(),
        provider: String::new(),
        by: "portal".to_owned(),
        medium: "electronic".to_owned(),
        lines: Vec::new(),
    };
    let mut today = Date::default();
    for (index, line) in text.lines().take(LINES_MAX).enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let number = index + 1;
        if line.is_empty() || header(&mut script, line) {
            continue;
        }
        script.lines.push(step(number, line, &mut today)?);
    }
    Ok(script)
}

fn header(script: &mut Script, line: &str) -> bool {
    let Some((key, value)) = line.split_once(": ") else {
        return false;
    };
    let slot = match key {
        "title" => &mut script.title,
        "regulation" => &mut script.regulation,
        "provider" => &mut script.provider,
        "by" => &mut script.by,
        "medium" => &mut script.medium,
        _ => return false,
    };
    value.trim().clone_into(slot);
    true
}

fn step(number: usize, line: &str, today: &mut Date) -> Result<Line, String> {
    let (head, text) = line.split_once('|').unwrap_or((line, ""));
    let mut words: Vec<String> = head.split_whitespace().map(ToOwned::to_owned).collect();
    let saw = words.iter().position(|it| it.starts_with('@')).map(|it| words.remove(it));
    if let Some(date) = words.first().and_then(|it| it.parse::<Date>().ok()) {
        *today = date;
        words.remove(0);
    }
    let time = words.first().and_then(|it| it.parse::<Time>().ok());
    let Some(time) = time else {
        return Err(format!("line {number}: no time"));
    };
    words.remove(0);
    let (at, text) = (today.to_datetime(time), text.trim().to_owned());
    Ok(Line { number, at, words, text, saw: saw.map(|it| it.trim_start_matches('@').to_owned()) })
}
