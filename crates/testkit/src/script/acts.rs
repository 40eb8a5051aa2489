// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the words of a line do: an act that completes a part.

use super::Line;
use crate::{
    desk::{
        Desk,
        invented::{self, Said, Values},
        scan,
    },
    play::Play,
};
use engine::{
    Act, Party, Proposal, Value,
    calculation::{REASON, calculate, settle},
    case::{Attachment, Case, FileHash, OnPaper, PersonId, SignedResult},
};
use jiff::{Timestamp, civil::Date};
use regulation::model::{Channel, DocumentId, Field, FieldId, System};

/// Returns the act of a line: what the second word and those after it say.
pub(super) fn act(play: &Play, by: &Party, (words, line): (&[&str], &Line)) -> Result<Act, String> {
    let (desk, text) = (&play.desk, line.text.clone());
    match words {
        ["fills", said @ ..] => filled(play, said),
        ["scans", documents @ ..] => {
            let attachments = papers(desk, play.channel, documents);
            Ok(Act::Filled { fields: Values::new(), attachments })
        }
        ["signs" | "judges", verdict @ ..] if !verdict.is_empty() => signed(verdict),
        ["signs"] => Ok(Act::ResultSigned(result(by, None))),
        ["signs-by-hand"] => Ok(Act::ResultSigned(result(by, Some((line.at.date(), false))))),
        ["signs-by-hand", "with-applicant"] => {
            Ok(Act::ResultSigned(result(by, Some((line.at.date(), true)))))
        }
        ["accepts"] => Ok(Act::Accepted),
        ["refuses-to-accept", missing @ ..] => {
            let missing = missing.iter().map(|it| DocumentId::from(*it)).collect();
            Ok(Act::NotAccepted { missing, reason: text })
        }
        ["instructs", executor] => Ok(Act::Instructed { text, executor: seat(desk, executor) }),
        ["grants", said @ ..] => granted(play, said, &text),
        ["refuses", ground] => Ok(Act::Prepared(Proposal::Refuse { ground: (*ground).into(), reason: text })),
        ["returns"] => Ok(Act::Returned { remark: text }),
        ["writes"] => Ok(Act::LetterPrepared { text }),
        ["signs-letter"] => Ok(Act::LetterSigned { file: FileHash("signed-letter".to_owned()) }),
        ["dispatches"] => Ok(Act::Dispatched { courier: (!text.is_empty()).then_some(text) }),
        ["hands-over"] => {
            let (taken_by, document) = text.split_once('|').unwrap_or((&text, ""));
            let (taken_by, document) = (taken_by.trim().to_owned(), document.trim().to_owned());
            Ok(Act::HandedOver { taken_by, document })
        }
        other => Err(format!("`{}` is not something that people do", other.join(" "))),
    }
}

/// Returns the seat of a name: the rural akim's people sit in his office, the others at the provider.
pub(super) fn seat(desk: &Desk, name: &str) -> PersonId {
    let rural = matches!(name, "specialist" | "akim" | "akim-executor");
    let at = desk.akim.as_ref().filter(|_| rural).map_or(&desk.provider.id, |it| &it.id);
    let name = if name == "akim-executor" { "executor" } else { name };
    PersonId(format!("{at}.{name}"))
}

/// Returns the whole form of the channel and its required papers, less what the words leave out.
pub(super) fn application(play: &Play, words: &[&str]) -> Result<(Values, Vec<Attachment>), String> {
    let Act::Filled { fields, .. } = filled(play, words)? else {
        return Err("no form".to_owned());
    };
    let left_out = without(words);
    let kept = required(&play.desk, play.channel).filter(|it| !left_out.contains(&it.document.as_str()));
    Ok((fields, kept.collect()))
}

fn filled(play: &Play, words: &[&str]) -> Result<Act, String> {
    let regulation = &play.desk.regulation;
    let said = said(&regulation.fields, words)?;
    let mut fields = invented::values(&regulation.fields, play.channel, &Values::new(), &said);
    let left_out = without(words);
    fields.retain(|id, _| !left_out.contains(&id.as_str()));
    let scans = words.iter().position(|it| *it == "scans").and_then(|at| words.get(at + 1..));
    let attachments = scans.map(|it| papers(&play.desk, play.channel, it)).unwrap_or_default();
    Ok(Act::Filled { fields, attachments })
}

/// Returns what follows each `without`.
fn without<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.windows(2).filter(|it| it.first() == Some(&"without")).filter_map(|it| it.get(1).copied()).collect()
}

/// Reads `FIELD=VALUE`, `GROUP=COUNT` and `GROUP.FIELD=VALUE`.
fn said(fields: &[Field], words: &[&str]) -> Result<Said, String> {
    let mut found = Said::new();
    for (name, value) in words.iter().filter_map(|it| it.split_once('=')) {
        let field = name.split('.').next().unwrap_or(name);
        if !fields.iter().any(|it| it.id.as_str() == field) {
            return Err(format!("no field `{name}`"));
        }
        found.insert(name.to_owned(), value.to_owned());
    }
    Ok(found)
}

fn papers(desk: &Desk, channel: Channel, named: &[&str]) -> Vec<Attachment> {
    match named {
        ["all"] => required(desk, channel).collect(),
        named => named.iter().map(|it| scan(it)).collect(),
    }
}

fn required(desk: &Desk, channel: Channel) -> impl Iterator<Item = Attachment> {
    let documents = desk.regulation.documents.iter();
    documents.filter(move |it| it.required && it.channels.contains(&channel)).map(|it| scan(it.id.as_str()))
}

/// What is granted: the figures calculated, the rest invented; a figure that is said needs the reason behind the bar.
fn granted(play: &Play, words: &[&str], reason: &str) -> Result<Act, String> {
    let regulation = &play.desk.regulation;
    let case = play.case(System::Region);
    let said = said(&regulation.result_fields, words)?;
    let plain: Vec<Field> =
        regulation.result_fields.iter().filter(|it| it.formula.is_none()).cloned().collect();
    let mut values = invented::values(&plain, case.channel, &case.known_fields(), &said);
    for row in rows(play, case, &values) {
        let Some(other) = said.get(&row.path()).cloned() else { continue };
        let reason = Some(reason.to_owned()).filter(|it| !it.is_empty());
        let reason_at = FieldId(format!("{}{REASON}", row.field));
        if let Some((group, index)) = &row.entry {
            let Some(Value::Entries(entries)) = values.get_mut(group) else { continue };
            let Some(entry) = entries.get_mut(*index) else { continue };
            entry.extend(reason.map(|it| (reason_at, it)));
            continue;
        }
        values.insert(row.field, Value::Text(other));
        values.extend(reason.map(|it| (reason_at, Value::Text(it))));
    }
    settle(&rows(play, case, &values), &mut values);
    Ok(Act::Prepared(Proposal::Grant { values }))
}

/// Returns the calculation of a case with these values.
pub(super) fn rows(play: &Play, case: &Case, values: &Values) -> Vec<engine::calculation::Row> {
    let on = play.desk.provider.body.local(case.accepted_at.unwrap_or(play.now)).date();
    calculate(&play.desk.regulation, &case.application.fields, values, (&play.desk.rates, on))
}

fn signed(verdict: &[&str]) -> Result<Act, String> {
    let valid = match verdict {
        ["valid"] => Some(true),
        ["invalid", _] => Some(false),
        ["indeterminate", _] => None,
        _ => return Err("valid, invalid CODE or indeterminate CODE".to_owned()),
    };
    Ok(Act::Signed {
        content: FileHash("content".to_owned()),
        signature: FileHash("signature".to_owned()),
        verdict: FileHash("verdict".to_owned()),
        valid,
        code: verdict.get(1).map(|it| (*it).to_owned()),
    })
}

fn result(by: &Party, by_hand: Option<(Date, bool)>) -> SignedResult {
    let signer = match by {
        Party::Person { id, .. } => id.0.clone(),
        Party::System => "ұйым мөрі".to_owned(),
    };
    SignedResult {
        file: FileHash("result".to_owned()),
        check_key: "0123456789abcdef0123456789abcdef".to_owned(),
        signer,
        at: Timestamp::UNIX_EPOCH,
        on_paper: by_hand.map(|(on, countersigned)| OnPaper { on, sealed: true, countersigned }),
    }
}

/// Returns the act of the organisation's stamp.
pub(super) fn stamped() -> Act {
    Act::ResultSigned(result(&Party::System, None))
}
