// SPDX-License-Identifier: MIT OR Apache-2.0
//! What changed between two editions, in steps, norms, documents and grounds, for a lawyer's eye.

mod align;
mod steps;

use crate::explain::words::{self, Words, say};
use crate::lang::Lang;
use crate::model::{Procedure, Regulation, Term, Text};
use std::fmt::Write as _;

/// One thing that is in one edition only, or in both and not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Only the new edition has it.
    Added(String),
    /// Only the old edition has it.
    Removed(String),
    /// Both have it: its name, and per aspect what it was and what it is.
    Changed(String, Vec<(Words, String, String)>),
}

const NOTHING: Words = ("өзгеріс жоқ", "изменений нет", "no change");
const ABSENT: Words = ("жоқ", "нет", "none");
const ACT: Words = ("АКТ ЖӘНЕ ҚЫЗМЕТ", "АКТ И УСЛУГА", "ACT AND SERVICE");
const FIELDS: Words = ("ӨТІНІШ НЫСАНЫ", "ФОРМА ЗАЯВЛЕНИЯ", "APPLICATION FORM");
const PAPERS: Words = ("ҚАҒАЗДАР", "БЛАНКИ", "PAPERS");
const TITLE: Words = ("атауы", "наименование", "title");
const TEXT: Words = ("мәтіні", "текст", "text");
const WHEN: Words = ("шарты", "условие", "condition");
const REQUIRED: Words = ("міндетті", "обязательно", "required");
const CHANNELS: Words = ("қайда", "где", "where");
const IN_FORCE: Words = ("күшінде", "действует", "in force");
const TERRITORY: Words = ("аумағы", "территория", "territory");
const YES: Words = ("иә", "да", "yes");
const NO: Words = ("жоқ", "нет", "no");

/// Tells what changed from `old` to `new`, section by section; sections without a change are left out.
pub fn diff(old: &Regulation, new: &Regulation, lang: Lang) -> String {
    let mut out = format!(
        "{}\n{}@{} → {}@{}\n",
        new.title.get(lang),
        old.service,
        old.edition,
        new.service,
        new.edition
    );
    let mut sections = vec![
        (say(lang, ACT).to_owned(), act(old, new, lang)),
        (say(lang, words::TERMS).to_owned(), terms(old, new, lang)),
        (say(lang, words::DOCUMENTS).to_owned(), documents(old, new, lang)),
        (say(lang, words::GROUNDS).to_owned(), grounds(old, new, lang)),
        (say(lang, FIELDS).to_owned(), fields(old, new, lang)),
        (say(lang, PAPERS).to_owned(), papers(old, new, lang)),
    ];
    sections.extend(procedures(old, new, lang));
    let mut some = false;
    for (title, changes) in sections.into_iter().filter(|(_, changes)| !changes.is_empty()) {
        some = true;
        section(&mut out, lang, &title, &changes);
    }
    if !some {
        let _ = writeln!(out, "\n{}", say(lang, NOTHING));
    }
    out
}

fn section(out: &mut String, lang: Lang, title: &str, changes: &[Change]) {
    let _ = writeln!(out, "\n{title}\n{}", "─".repeat(title.chars().count()));
    for change in changes {
        let _ = match change {
            Change::Added(what) => writeln!(out, "+ {what}"),
            Change::Removed(what) => writeln!(out, "– {what}"),
            Change::Changed(what, _) => writeln!(out, "~ {what}"),
        };
        let Change::Changed(_, aspects) = change else { continue };
        for (aspect, was, is) in aspects {
            let _ = writeln!(out, "    {}:", say(lang, *aspect));
            let _ = writeln!(out, "      – {was}\n      + {is}");
        }
    }
}

/// Pairs things of the same id; those of the old edition first, in its order.
fn paired<T>(
    (old, new): (&[T], &[T]),
    id: impl Fn(&T) -> &str,
    name: impl Fn(&T) -> String,
    aspects: impl Fn(&T, &T) -> Vec<(Words, String, String)>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for was in old {
        match new.iter().find(|it| id(it) == id(was)) {
            None => changes.push(Change::Removed(name(was))),
            Some(is) => {
                let aspects: Vec<_> = aspects(was, is).into_iter().filter(|(_, was, is)| was != is).collect();
                if !aspects.is_empty() {
                    changes.push(Change::Changed(name(is), aspects));
                }
            }
        }
    }
    let known = |it: &&T| old.iter().any(|was| id(was) == id(it));
    changes.extend(new.iter().filter(|it| !known(it)).map(|it| Change::Added(name(it))));
    changes
}

/// What was and is of a text; where only the Kazakh words differ, those.
pub(crate) fn texts(aspect: Words, was: &Text, is: &Text, lang: Lang) -> (Words, String, String) {
    let lang = if was.get(lang) == is.get(lang) { Lang::Kk } else { lang };
    (aspect, was.get(lang).to_owned(), is.get(lang).to_owned())
}

pub(crate) fn or_absent(text: Option<String>, lang: Lang) -> String {
    text.unwrap_or_else(|| say(lang, ABSENT).to_owned())
}

fn act(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<Change> {
    let number = |it: &Regulation| {
        let known = [it.act.number.as_ref().map(|it| format!("№ {it}")), it.act.date.clone()];
        let known: Vec<String> = known.into_iter().flatten().collect();
        if known.is_empty() { say(lang, words::ACT_UNKNOWN).to_owned() } else { known.join(", ") }
    };
    let force = |it: &Regulation| {
        let (from, to) = (it.act.in_force_from.clone(), it.act.in_force_to.clone());
        format!("{} – {}", or_absent(from, lang), or_absent(to, lang))
    };
    let media = |it: &Regulation| it.media.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ");
    let whole = vec![
        texts(TITLE, &old.title, &new.title, lang),
        (words::ACT, number(old), number(new)),
        (IN_FORCE, force(old), force(new)),
        (TERRITORY, or_absent(old.act.territory.clone(), lang), or_absent(new.act.territory.clone(), lang)),
        texts(words::PROVIDER, &old.provider, &new.provider, lang),
        texts(words::FORM, &old.form, &new.form, lang),
        (words::FORM, media(old), media(new)),
        texts(words::OUTCOME, &old.outcome, &new.outcome, lang),
    ];
    let differ: Vec<_> = whole.into_iter().filter(|(_, was, is)| was != is).collect();
    if differ.is_empty() { Vec::new() } else { vec![Change::Changed(new.title.get(lang).to_owned(), differ)] }
}

fn terms(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<Change> {
    let name = |it: &Term| format!("{} · {}", words::norm(lang, it.norm), it.text.get(lang));
    let when = |it: &Term, of: &Regulation| {
        or_absent(it.when.as_ref().map(|when| words::condition(lang, when, of)), lang)
    };
    paired(
        (&old.terms, &new.terms),
        |it| &it.scope,
        name,
        |was, is| {
            vec![
                (words::NORM, words::norm(lang, was.norm), words::norm(lang, is.norm)),
                texts(TEXT, &was.text, &is.text, lang),
                (WHEN, when(was, old), when(is, new)),
            ]
        },
    )
}

fn documents(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<Change> {
    let flag = |it: bool| say(lang, if it { YES } else { NO }).to_owned();
    paired(
        (&old.documents, &new.documents),
        |it| it.id.as_str(),
        |it| it.title.get(lang).to_owned(),
        |was, is| {
            let channels =
                |of: &[crate::model::Channel]| of.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ");
            vec![
                texts(TITLE, &was.title, &is.title, lang),
                (REQUIRED, flag(was.required), flag(is.required)),
                (CHANNELS, channels(&was.channels), channels(&is.channels)),
                (words::ASSUMED, flag(was.assumed), flag(is.assumed)),
            ]
        },
    )
}

fn grounds(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<Change> {
    let name = |it: &crate::model::Ground| it.text.get(lang).to_owned();
    paired(
        (&old.grounds, &new.grounds),
        |it| it.id.as_str(),
        name,
        |was, is| vec![texts(TEXT, &was.text, &is.text, lang)],
    )
}

fn fields(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<Change> {
    let flag = |it: bool| say(lang, if it { YES } else { NO }).to_owned();
    let name = |it: &crate::model::Field| it.label.get(lang).to_owned();
    paired(
        (&old.fields, &new.fields),
        |it| it.id.as_str(),
        name,
        |was, is| {
            vec![texts(TITLE, &was.label, &is.label, lang), (REQUIRED, flag(was.required), flag(is.required))]
        },
    )
}

fn papers(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<Change> {
    let name = |it: &crate::model::Paper| format!("{} ({})", it.title.get(lang), it.role);
    paired(
        (&old.papers, &new.papers),
        |it| it.id.as_str(),
        name,
        |was, is| vec![texts(TITLE, &was.title, &is.title, lang)],
    )
}

/// A section for each procedure that either edition has.
fn procedures(old: &Regulation, new: &Regulation, lang: Lang) -> Vec<(String, Vec<Change>)> {
    let title = |it: &Procedure| format!("{} {}: {}", say(lang, words::PROCEDURE), it.id, it.title.get(lang));
    let mut sections = Vec::new();
    for was in &old.procedures {
        let changes = match new.procedure(&was.id) {
            Some(is) => steps::changes((old, was), (new, is), lang),
            None => vec![Change::Removed(steps::count(was, lang))],
        };
        sections.push((title(was), changes));
    }
    for is in new.procedures.iter().filter(|it| old.procedure(&it.id).is_none()) {
        sections.push((title(is), vec![Change::Added(steps::count(is, lang))]));
    }
    sections
}
