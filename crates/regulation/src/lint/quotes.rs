// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether what the file calls the act's words stands in the act.

use super::{Finding, step_place};
use crate::code::Code;
use crate::model::{Origin, Regulation};
use crate::place::{Kind, Place};
use crate::reading::fold_spaces;

/// How a table breaks a word over two lines.
const BROKEN_WORD: &str = "-\n";

/// Checks every Kazakh text of a printed step, a term, a provision and every quotation against the act's text.
///
/// White space is folded on both sides. A quotation may join two passages by ` … `. Where the act breaks words over the
/// lines of its tables, words are looked for without white space and hyphens too.
pub fn lint_against(regulation: &Regulation, act_text: &str) -> Vec<Finding> {
    let act = fold_spaces(act_text);
    let unbroken = act_text.contains(BROKEN_WORD).then(|| joined(act_text));
    let stands =
        |it: &str| act.contains(it) || unbroken.as_ref().is_some_and(|act| act.contains(&joined(it)));
    let mut findings = Vec::new();
    let mut check = |place: Place, what: &str, words: &str| {
        let missing = words.split(" … ").map(str::trim).find(|it| !stands(it));
        if let Some(missing) = missing {
            let message = format!("{what} does not stand in the act: `{}`", shortened(missing));
            let help = "copy it from the act as it is, its misprints too";
            findings.push(Finding::new(Code::NotInAct, place, message, help));
        }
    };
    for step in regulation.procedures.iter().flat_map(|it| &it.steps) {
        if step.origin == Origin::Printed {
            check(step_place(&step.id), "the step's text", &step.text.kk);
            if let Some(result) = &step.result {
                check(step_place(&step.id), "the step's result", &result.kk);
            }
            if let Some(label) = &step.printed_label {
                check(step_place(&step.id), "the step's label", label);
            }
        }
    }
    for (n, term) in regulation.terms.iter().enumerate().filter(|(_, it)| it.assumed.is_none()) {
        check(Place::Nth(Kind::Term, n), "the term", &term.text.kk);
    }
    for (n, provision) in regulation.provisions.iter().enumerate() {
        check(Place::Nth(Kind::Provision, n), "the provision", &provision.text.kk);
    }
    for rule in &regulation.not_accepted {
        check(Place::File, "the refusal to accept", &rule.text.kk);
    }
    for anomaly in &regulation.anomalies {
        check(Place::Named(Kind::Anomaly, anomaly.id.clone()), "the quotation", &anomaly.quote_kk);
    }
    check(Place::File, "the title of the act", &regulation.act.title.kk);
    findings
}

/// The words without white space and hyphens.
fn joined(words: &str) -> String {
    words.chars().filter(|it| !it.is_whitespace() && *it != '-').collect()
}

fn shortened(words: &str) -> String {
    const SHOWN_CHARS: usize = 60;
    let mut short: String = words.chars().take(SHOWN_CHARS).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    short
}
