// SPDX-License-Identifier: MIT OR Apache-2.0
//! What changed in the steps of a procedure. A step is the same where the same is done; its number may change.

use super::align::align;
use super::{Change, or_absent, texts};
use crate::explain::words::{self, Words, say};
use crate::lang::Lang;
use crate::model::{Action, Exit, Procedure, Regulation, Step, StepKind, Target};

const TEXT: Words = ("мәтіні", "текст", "text");
const WHO: Words = ("кім", "кто", "who");
const WHERE: Words = ("қай жүйеде", "в какой системе", "in which system");
const STEPS: Words = ("қадам", "шагов", "steps");
const STEP_GOES: Words = ("әрі қарай", "далее", "next");
const INTAKE: Words = ("өтініш қабылдау", "прием заявлений", "intake");

/// Returns the changes of a procedure that both editions have.
pub(super) fn changes(
    (old, was): (&Regulation, &Procedure),
    (new, is): (&Regulation, &Procedure),
    lang: Lang,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let intake = |it: &Procedure| {
        let channels: Vec<&str> = it.intake.iter().map(|it| it.as_str()).collect();
        or_absent((!channels.is_empty()).then(|| channels.join(", ")), lang)
    };
    if was.intake != is.intake {
        let aspects = vec![(INTAKE, intake(was), intake(is))];
        changes.push(Change::Changed(is.title.get(lang).to_owned(), aspects));
    }
    for pair in align(&was.steps, &is.steps, same) {
        match pair {
            (Some(step), None) => changes.push(Change::Removed(whole(step, lang))),
            (None, Some(step)) => changes.push(Change::Added(whole(step, lang))),
            (Some(a), Some(b)) => {
                let aspects: Vec<_> = aspects((old, was, a), (new, is, b), lang)
                    .into_iter()
                    .filter(|(_, was, is)| was != is)
                    .collect();
                if !aspects.is_empty() {
                    changes.push(Change::Changed(both(a, b, lang), aspects));
                }
            }
            (None, None) => {}
        }
    }
    changes
}

/// Returns how many steps a procedure has, in words.
pub(super) fn count(procedure: &Procedure, lang: Lang) -> String {
    let conditions = procedure.steps.iter().filter(|it| it.kind == StepKind::Condition).count();
    format!("{}: {} ({}: {conditions})", say(lang, STEPS), procedure.steps.len(), say(lang, words::CONDITION))
}

fn same(a: &Step, b: &Step) -> bool {
    let done = |step: &Step| step.parts.iter().map(|it| it.action.clone()).collect::<Vec<Action>>();
    let judged = |step: &Step| step.runs.is_some() || step.when.is_some();
    a.kind == b.kind && done(a) == done(b) && judged(a) == judged(b) && a.when == b.when
}

fn title(step: &Step, lang: Lang) -> String {
    let title = step.parts.first().map_or(step.id.as_str(), |it| it.title.get(lang));
    format!("{} · {title}", words::clause(lang, &step.clause))
}

fn both(a: &Step, b: &Step, lang: Lang) -> String {
    let (was, is) = (words::clause(lang, &a.clause), title(b, lang));
    if a.clause == b.clause { is } else { format!("{was} → {is}") }
}

fn whole(step: &Step, lang: Lang) -> String {
    let norm = step.norm.map_or_else(String::new, |it| format!(" [{}]", words::norm(lang, it)));
    format!("{}{norm}: {}", title(step, lang), step.text.get(lang))
}

type Of<'a> = (&'a Regulation, &'a Procedure, &'a Step);

fn aspects(was: Of<'_>, is: Of<'_>, lang: Lang) -> Vec<(Words, String, String)> {
    let (a, b) = (was.2, is.2);
    let norm = |it: &Step| or_absent(it.norm.map(|it| words::norm(lang, it)), lang);
    let who = |it: &Step| {
        let names: Vec<&str> = it.actors.iter().map(|it| say(lang, words::actor(*it))).collect();
        if names.is_empty() { say(lang, words::SYSTEM_ACTS).to_owned() } else { names.join(", ") }
    };
    let when =
        |(of, _, step): Of<'_>| or_absent(step.when.as_ref().map(|it| words::condition(lang, it, of)), lang);
    let mut found = vec![
        texts(TEXT, &a.text, &b.text, lang),
        (words::NORM, norm(a), norm(b)),
        (WHO, who(a), who(b)),
        (WHERE, say(lang, words::system(a.at)).to_owned(), say(lang, words::system(b.at)).to_owned()),
        (words::CONDITION, when(was), when(is)),
        (STEP_GOES, goes(was, lang), goes(is, lang)),
    ];
    let result = |it: &Step, lang| or_absent(it.result.as_ref().map(|it| it.get(lang).to_owned()), lang);
    found.push((words::RESULT, result(a, lang), result(b, lang)));
    found
}

/// Where a step leads, by what is done there: numbers change without a change of the way.
fn goes((_, procedure, step): Of<'_>, lang: Lang) -> String {
    let name = |target: &Target| match target {
        Target::End(end) => say(lang, words::end(*end)).to_owned(),
        Target::Step(id) => {
            let part = procedure.step(id).and_then(|it| it.parts.first());
            part.map_or_else(|| id.to_string(), |it| it.title.get(lang).to_owned())
        }
    };
    match &step.exit {
        Exit::Next(next) => name(next),
        Exit::Branch { yes, no } => {
            format!("{}: {}; {}: {}", say(lang, words::YES), name(yes), say(lang, words::NO), name(no))
        }
    }
}
