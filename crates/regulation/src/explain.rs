// SPDX-License-Identifier: MIT OR Apache-2.0
//! A regulation as a text that a lawyer reads.

pub(crate) mod words;

pub use words::clause as clause_words;

use crate::lang::Lang;
use crate::model::{Exit, Origin, Procedure, Regulation, Step, Target};
use words::{Words, say};

/// Width of the text in characters.
const WIDTH: usize = 100;

/// Writes the whole regulation in one language: provisions, terms, documents, procedures step by step, anomalies.
pub fn explain(regulation: &Regulation, lang: Lang) -> String {
    let mut page = Page { lang, out: String::new() };
    page.head(regulation);
    page.provisions(regulation);
    page.standard(regulation);
    for procedure in &regulation.procedures {
        page.procedure(regulation, procedure);
    }
    page.anomalies(regulation);
    page.out
}

struct Page {
    lang: Lang,
    out: String,
}

impl Page {
    fn say(&self, words: Words) -> &'static str {
        say(self.lang, words)
    }

    /// One paragraph, wrapped; the lines after the first are indented by two more.
    fn line(&mut self, indent: usize, text: &str) {
        let mut width = indent;
        self.out.push_str(&" ".repeat(indent));
        let mut first = true;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if !first && width + 1 + length > WIDTH {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(indent + 2));
                width = indent + 2;
            } else if !first {
                self.out.push(' ');
                width += 1;
            }
            self.out.push_str(word);
            width += length;
            first = false;
        }
        self.out.push('\n');
    }

    fn title(&mut self, text: &str) {
        self.out.push('\n');
        self.line(0, text);
        let length = text.chars().count().min(WIDTH);
        self.out.push_str(&"─".repeat(length));
        self.out.push('\n');
    }

    fn labelled(&mut self, indent: usize, label: Words, text: &str) {
        let line = format!("{}: {text}", self.say(label));
        self.line(indent, &line);
    }

    fn head(&mut self, regulation: &Regulation) {
        let lang = self.lang;
        let title = regulation.title.get(lang);
        self.line(0, title);
        self.out.push_str(&"═".repeat(title.chars().count().min(WIDTH)));
        self.out.push('\n');
        self.labelled(0, words::EDITION, &format!("{}@{}", regulation.service, regulation.edition));
        let act = &regulation.act;
        let act = match (&act.number, &act.date) {
            (None, None) => self.say(words::ACT_UNKNOWN).to_owned(),
            (number, date) => {
                let known = [number.as_ref().map(|it| format!("№ {it}")), date.clone()];
                known.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
        };
        self.labelled(0, words::ACT, &act);
        self.labelled(0, words::PROVIDER, regulation.provider.get(lang));
        self.labelled(0, words::FORM, regulation.form.get(lang));
        self.labelled(0, words::OUTCOME, regulation.outcome.get(lang));
    }

    fn provisions(&mut self, regulation: &Regulation) {
        let lang = self.lang;
        self.title(self.say(words::PROVISIONS));
        for provision in &regulation.provisions {
            let clause = words::clause(lang, &provision.clause);
            self.line(0, &format!("{clause} · {}", provision.text.get(lang)));
        }
        self.title(self.say(words::TERMS));
        for term in &regulation.terms {
            let norm = words::norm(lang, term.norm);
            let clause = term
                .clause
                .as_deref()
                .map_or_else(|| self.say(words::ASSUMED).to_owned(), |it| words::clause(lang, it));
            self.line(0, &format!("{clause} · {norm} · {}", term.text.get(lang)));
            if let Some(when) = &term.when {
                self.labelled(2, words::TERM_WHEN, &words::condition(lang, when, regulation));
            }
        }
    }

    fn standard(&mut self, regulation: &Regulation) {
        let lang = self.lang;
        self.title(self.say(words::DOCUMENTS));
        for document in &regulation.documents {
            let channels: Vec<&str> = document.channels.iter().map(|it| it.as_str()).collect();
            let mut line = format!("– {} [{}]", document.title.get(lang), channels.join(", "));
            for (holds, word) in [(!document.required, words::OPTIONAL), (document.assumed, words::ASSUMED)] {
                if holds {
                    line = format!("{line} [{}]", self.say(word));
                }
            }
            self.line(0, &line);
        }
        for rule in &regulation.not_accepted {
            let clause = words::clause(lang, &rule.clause);
            self.line(0, &format!("{clause} · {}", rule.text.get(lang)));
        }
        self.title(self.say(words::GROUNDS));
        for ground in &regulation.grounds {
            let mark =
                if ground.assumed { format!(" [{}]", self.say(words::ASSUMED)) } else { String::new() };
            self.line(0, &format!("– {}{mark}", ground.text.get(lang)));
        }
    }

    fn procedure(&mut self, regulation: &Regulation, procedure: &Procedure) {
        let name = format!(
            "{} {}: {} ({})",
            self.say(words::PROCEDURE),
            procedure.id,
            procedure.title.get(self.lang),
            words::clause(self.lang, &procedure.clause)
        );
        self.title(&name);
        self.line(0, self.say(if procedure.intake.is_empty() { words::NO_INTAKE } else { words::INTAKE }));
        if let Some(when) = &procedure.intake_when {
            self.labelled(2, words::CONDITION, &words::condition(self.lang, when, regulation));
        }
        for step in &procedure.steps {
            self.step(regulation, procedure, step);
        }
    }

    fn step(&mut self, regulation: &Regulation, procedure: &Procedure, step: &Step) {
        let lang = self.lang;
        self.out.push('\n');
        let mut hands: Vec<String> = Vec::new();
        for part in &step.parts {
            let hand = |it| self.say(words::actor(it));
            let mut who = part.actor.map_or_else(|| self.say(words::SYSTEM_ACTS), hand).to_owned();
            if let Some(other) = part.rural_actor {
                who = format!("{who} / {}", hand(other));
            }
            if let Some(when) = &part.when {
                let condition = words::condition(lang, when, regulation);
                who = format!("{who} ({}: {condition})", self.say(words::CONDITION));
            }
            hands.push(format!("{} – {}", part.title.get(lang), who));
        }
        let mark = match &step.origin {
            Origin::Printed => String::new(),
            Origin::Rule(anomaly) => format!(" [{}: {anomaly}]", self.say(words::RULE_STEP)),
        };
        let label = step
            .printed_label
            .as_ref()
            .map(|it| format!(" · {}", words::label(lang, it)))
            .unwrap_or_default();
        let at = self.say(words::system(step.at));
        let clause = words::clause(lang, &step.clause);
        self.line(0, &format!("{clause}{label} · {at}{mark}"));
        self.line(2, step.text.get(lang));
        for hand in hands {
            self.line(2, &format!("• {hand}"));
        }
        if let Some(norm) = step.norm {
            self.labelled(2, words::NORM, &words::norm(lang, norm));
        }
        if let Some(result) = &step.result {
            self.labelled(2, words::RESULT, result.get(lang));
        }
        if let Some(when) = &step.when {
            self.labelled(2, words::CONDITION, &words::condition(lang, when, regulation));
        }
        if let Some(runs) = &step.runs {
            let name = regulation.procedure(runs).map_or(runs.as_str(), |it| it.title.get(lang));
            self.labelled(2, words::RUNS, &format!("{runs}: {name}"));
        }
        match &step.exit {
            Exit::Next(next) => self.labelled(2, words::NEXT, &self.target(procedure, next)),
            Exit::Branch { yes, no } => {
                self.labelled(2, words::YES, &self.target(procedure, yes));
                self.labelled(2, words::NO, &self.target(procedure, no));
            }
        }
    }

    fn target(&self, procedure: &Procedure, target: &Target) -> String {
        match target {
            Target::End(end) => self.say(words::end(*end)).to_owned(),
            Target::Step(id) => {
                let step = procedure.step(id);
                let name = step.map_or_else(|| id.to_string(), |it| self.name_of(it));
                let clause = step.map(|it| words::clause(self.lang, &it.clause)).unwrap_or_default();
                format!("→ {name} ({clause})")
            }
        }
    }

    /// The label as printed, or what is done where none is.
    fn name_of(&self, step: &Step) -> String {
        match (&step.printed_label, step.parts.first()) {
            (Some(label), _) => words::label(self.lang, label),
            (None, Some(part)) => part.title.get(self.lang).to_owned(),
            (None, None) => step.id.to_string(),
        }
    }

    fn anomalies(&mut self, regulation: &Regulation) {
        let lang = self.lang;
        self.title(&format!("{} ({})", self.say(words::ANOMALIES), regulation.anomalies.len()));
        for (n, anomaly) in regulation.anomalies.iter().enumerate() {
            self.out.push('\n');
            let clause = words::clause(lang, &anomaly.clause);
            self.line(0, &format!("{}. {clause} · {} · «{}»", n + 1, anomaly.id, anomaly.quote_kk));
            self.line(2, anomaly.what.get(lang));
            self.labelled(2, words::EXECUTED, anomaly.rule.get(lang));
        }
    }
}
