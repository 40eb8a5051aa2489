// SPDX-License-Identifier: MIT OR Apache-2.0
//! Scenarios: who does what at what time; played, they become what a lawyer reads.
//!
//! ```text
//! title: Қолмен жол
//! regulation: guardianship-certificate/2015
//! provider: abai-education
//! akim: kurma-akim                 # only where a rural akim takes part
//! by: portal                       # or center, provider, rural-akim: where the application comes in
//! medium: electronic               # or paper
//! order: automatic.ordered | № 12, 2026-01-15     # an order of the provider that is in force, invented
//! procedure: center-diagram        # on trial: a procedure that takes nothing in is played as if it did
//!
//! 2026-11-23 10:00 applicant opens
//! 10:05 applicant fills            # "fills without phone" leaves a field out, "fills referral_kind=training" says another value
//! 10:06 applicant signs valid      # valid, invalid CODE, indeterminate CODE
//! 10:06:02 register guardianship none          # found [FACT=VALUE…], none, silent until 11:06
//! 10:15 office accepts
//! 10:30 head instructs executor-1 | Қарап, анықтама дайындаңыз
//! 11:00 executor-1 grants                      # "grants total=5000 | reason": another figure than the calculated one
//! 11:30 head signs                             # or: returns | remark; "executor-1 as head signs"
//! 11:40 head signs @provider.action-3.b        # @PART: the part that the person saw
//! 12:00 office dispatches                      # "dispatches | courier's name" on paper
//! ```
//!
//! # Who
//!
//! `applicant`; `operator` (one-stop-shop); `office`, `head`, `executor-N` (provider); `specialist`, `akim`,
//! `akim-executor` (rural akim's office); `register R`; `stamp`; `system`. What is not written is invented: every field
//! that the form or the result requires, by its kind.
//!
//! # Does what
//!
//! | words | act |
//! |---|---|
//! | `opens` | opens the case after the session; at an office with the whole form and every required paper, `without X` leaves a field or paper out, `FIELD=VALUE` says a value, `GROUP=3` how many entries, `GROUP.FIELD=VALUE` what stands in each, `GROUP.N.FIELD=VALUE` in one, from 0 |
//! | `signs-in refused` | the session ends before there is a case |
//! | `fills`, `scans PAPER…`, `scans all` | the form, the papers, both (`fills … scans all`); `all`: those that the channel requires |
//! | `signs valid`, `signs invalid CODE`, `signs indeterminate CODE` | signs the request (applicant, operator) |
//! | `judges …` | the verdict found later (`system judges valid`) |
//! | `accepts`, `refuses-to-accept [PAPER…] \| reason` | the journal of incoming papers, or the receipt of refusal |
//! | `instructs PERSON \| text` | the head, the akim |
//! | `grants`, `refuses GROUND \| reason` | what is prepared, with its calculation |
//! | `returns \| remark`, `signs`, `signs-by-hand` | the head; by hand: on paper, with the seal, the sheet scanned; `signs-by-hand with-applicant` where both sign |
//! | `writes \| text`, `signs-letter` | the covering letter |
//! | `dispatches [\| courier]`, `hands-over \| who \| document` | the result leaves, the result is taken |
//!
//! # What comes out
//!
//! What each side did, in Kazakh, and at the end which step ended which procedure how. The golden output beside the
//! scenario holds it; `qyzmet regulation coverage` and `trace` read it there.

mod acts;
mod ends;
mod run;

use crate::Play;
use jiff::civil::{Date, DateTime, Time};
use regulation::model::{Channel, Medium};

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
    /// The rural akim's office, where one takes part.
    pub akim: Option<String>,
    /// The channel by which the application comes in.
    pub by: Channel,
    /// A procedure that is played on trial, as if it took applications in.
    pub procedure: Option<String>,
    /// Facts that an order of the provider sets, each with the order.
    pub orders: Vec<(String, String)>,
    /// In what form the result is wanted.
    pub medium: Medium,
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

/// Plays a scenario and returns both sides of the border as they stand after its last line.
///
/// # Errors
/// As [`play`].
pub fn sides(text: &str) -> Result<Play, String> {
    run::sides(&parse(text)?, false)
}

/// The same, where the portal knows the published form only ([`Play::published`]).
///
/// # Errors
/// As [`play`].
pub fn sides_published(text: &str) -> Result<Play, String> {
    run::sides(&parse(text)?, true)
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
        akim: None,
        by: Channel::Portal,
        procedure: None,
        orders: Vec::new(),
        medium: Medium::Electronic,
        lines: Vec::new(),
    };
    let mut today = Date::default();
    for (index, line) in text.lines().take(LINES_MAX).enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let number = index + 1;
        if line.is_empty() || header(&mut script, line)? {
            continue;
        }
        script.lines.push(step(number, line, &mut today)?);
    }
    Ok(script)
}

fn header(script: &mut Script, line: &str) -> Result<bool, String> {
    let Some((key, value)) = line.split_once(": ") else {
        return Ok(false);
    };
    let value = value.trim();
    let unknown = || format!("{key}: what is `{value}`?");
    match key {
        "title" => value.clone_into(&mut script.title),
        "regulation" => value.clone_into(&mut script.regulation),
        "provider" => value.clone_into(&mut script.provider),
        "akim" => script.akim = Some(value.to_owned()),
        "procedure" => script.procedure = Some(value.to_owned()),
        "order" => {
            let (fact, basis) = value.split_once('|').ok_or_else(unknown)?;
            script.orders.push((fact.trim().to_owned(), basis.trim().to_owned()));
        }
        "by" => script.by = Channel::from_name(value).ok_or_else(unknown)?,
        "medium" => script.medium = Medium::from_name(value).ok_or_else(unknown)?,
        _ => return Ok(false),
    }
    Ok(true)
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
