// SPDX-License-Identifier: MIT OR Apache-2.0
//! A scenario is played on both sides of the border.

use super::{Line, Script};
use crate::{
    desk::{APPLICANT, Desk, application, fields, granted, scan},
    play::{Happened, Play},
    side::official,
    words,
};
use engine::{
    Act, Command, Event, Party, Proposal, Value,
    case::{Done, FileHash, Medium, PersonId, SignedResult},
    deadlines,
};
use jiff::{Timestamp, civil::Time};
use regulation::model::{Action, Actor, FactId, FieldId, RegisterId, StepId, System};
use std::collections::{BTreeMap, BTreeSet};

/// Plays the whole scenario.
pub(super) fn run(script: &Script) -> Result<String, String> {
    let desk = Desk::open(&script.regulation, &script.provider)?;
    let front = if script.by == "center" { System::Center } else { System::Portal };
    let (service, provider) = (&desk.regulation.title.kk, &desk.provider.name.kk);
    let out = format!("{}\n{service} [{}]; {provider}\n", script.title, script.regulation);
    let play = Play::new(desk, front, Timestamp::UNIX_EPOCH);
    let mut player = Player { play, script, out, explained: BTreeSet::new() };
    for line in &script.lines {
        player.line(line).map_err(|why| format!("line {}: {why}", line.number))?;
    }
    Ok(player.out)
}

struct Player<'a> {
    play: Play,
    script: &'a Script,
    out: String,
    /// Deadlines explained already: the second time their first line is enough.
    explained: BTreeSet<Vec<String>>,
}

impl Player<'_> {
    fn say(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn line(&mut self, line: &Line) -> Result<(), String> {
        let body = &self.play.desk.provider.body;
        let at = body.instant(line.at.date(), line.at.time());
        for (when, missed) in self.play.advance_to(at).map_err(|it| it.to_string())? {
            self.say(&format!("\n{}  уақыт өтті", words::time(&self.play.desk, when)));
            self.tell(&missed);
        }
        let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
        let said = if line.text.is_empty() { String::new() } else { format!(" | {}", line.text) };
        let time = words::time(&self.play.desk, at);
        self.say(&format!("\n{time}  {}{said}", words.join(" ")));
        let by = self.party(&words);
        let acts: Vec<&str> = match words.as_slice() {
            [who, "as", _, rest @ ..] => [&[*who], rest].concat(),
            plain => plain.to_vec(),
        };
        for (system, by, command) in self.orders(&acts, by, line)? {
            match self.play.order(system, by, command) {
                Ok(happened) => happened.iter().for_each(|it| self.tell(it)),
                Err(why) => {
                    self.say(&format!("  ҚАБЫЛДАНБАДЫ: {}", words::inadmissible(&self.play.desk, &why)));
                }
            }
        }
        Ok(())
    }

    /// Writes what happened at a system, and where the case stands there now.
    fn tell(&mut self, happened: &Happened) {
        let (desk, here) = (&self.play.desk, words::system(happened.here));
        let mut lines: Vec<String> =
            happened.outcome.events.iter().filter_map(|it| words::event(desk, it)).collect();
        lines.extend(happened.outcome.effects.iter().filter_map(|it| words::effect(desk, it)));
        let moved = happened.outcome.events.iter().any(|it| matches!(it, Event::Moved { .. }));
        let side = if happened.here == System::Region { &self.play.region } else { &self.play.front };
        if let Some(place) = side.case.current().filter(|_| moved) {
            let who = desk.regulation.part(&place.part).and_then(|(_, _, it)| it.actor);
            let who = who.map_or("жүйе", words::actor);
            lines.push(format!("енді: {} – {who}", words::part(desk, &place.part)));
            for deadline in deadlines(&desk.world(happened.here), &side.case, self.play.now) {
                let told = words::deadline(desk, &deadline);
                let new = self.explained.insert(told.clone());
                let shown = if new { told.len() } else { 1 };
                lines.extend(told.into_iter().take(shown).map(|it| format!("  {it}")));
            }
        }
        for line in lines {
            self.say(&format!("  {here:<7} {line}"));
        }
    }

    /// Returns the orders of a line.
    fn orders(
        &self,
        words: &[&str],
        by: Party,
        line: &Line,
    ) -> Result<Vec<(System, Party, Command)>, String> {
        let front = self.play.front.here;
        let one = |system, by, command| Ok(vec![(system, by, command)]);
        match words {
            [_, "opens"] => one(front, by, self.open()),
            ["register", register, answer @ ..] => {
                let (system, command) = self.register(register, answer, line)?;
                one(system, Party::System, command)
            }
            ["system", "judges", verdict @ ..] => {
                let part = self.signing_part().ok_or("no part signs the request")?;
                one(front, Party::System, Command::Complete { part, act: signed(verdict)? })
            }
            ["stamp", "signs"] => {
                one(System::Region, Party::System, self.complete(System::Region, line, stamped()))
            }
            [_, "signs"] if !matches!(words.first(), Some(&"applicant" | &"operator")) => {
                let reserve = self.complete(System::Region, line, Act::ResultReserved);
                let sign = self.complete(System::Region, line, Act::ResultSigned(result(&by)));
                let first = (System::Region, by.clone(), reserve);
                // A wrong hand is told once, at the first of the two orders.
                let may = self.may_reserve(&by, line);
                Ok(if may { vec![first, (System::Region, by, sign)] } else { vec![first] })
            }
            ["applicant" | "operator", ..] => {
                one(front, by, self.complete(front, line, request(words, line)?))
            }
            _ => one(
                System::Region,
                by,
                self.complete(System::Region, line, office(words, line, &self.play.desk)?),
            ),
        }
    }

    fn may_reserve(&self, by: &Party, line: &Line) -> bool {
        let command = self.complete(System::Region, line, Act::ResultReserved);
        let mut trial = self.play.region.clone();
        trial.order(&self.play.desk, by.clone(), command, self.play.now).is_ok()
    }

    fn party(&self, words: &[&str]) -> Party {
        let provider = &self.play.desk.provider.id;
        let center = &self.play.desk.center.id;
        match words {
            ["applicant", ..] => {
                let id = PersonId(APPLICANT.to_owned());
                Party::Person { id, actor: Actor::Applicant, organization: None }
            }
            ["operator", ..] => official(&format!("{center}.operator-1"), Actor::CenterOperator),
            [who, "as", "head", ..] | [who @ "head", ..] => {
                official(&format!("{provider}.{who}"), Actor::ProviderHead)
            }
            [who @ "office", ..] => official(&format!("{provider}.{who}"), Actor::ProviderOffice),
            [who, ..] => official(&format!("{provider}.{who}"), Actor::ProviderExecutor),
            [] => Party::System,
        }
    }

    fn complete(&self, at: System, line: &Line, act: Act) -> Command {
        let side = if at == System::Region { &self.play.region } else { &self.play.front };
        let current = side.case.current().map(|it| it.part.clone());
        let part = line.saw.as_deref().map(StepId::from).or(current);
        Command::Complete { part: part.unwrap_or_else(|| "nowhere".into()), act }
    }

    fn open(&self) -> Command {
        let regulation = &self.play.desk.regulation;
        let channel = self.play.channel();
        let medium = if self.script.medium == "paper" { Medium::Paper } else { Medium::Electronic };
        let procedure = regulation.intake(channel);
        Command::Open {
            service: regulation.service.clone(),
            edition: regulation.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: procedure.map_or_else(|| "none".into(), |it| it.id.clone()),
            channel,
            application: Box::new(application(&self.play.desk.provider.id, medium)),
            done: procedure.map(|it| session(it, self.play.now)).unwrap_or_default(),
            facts: BTreeMap::new(),
            number: None,
            accepted_at: None,
        }
    }

    fn register(&self, register: &str, answer: &[&str], line: &Line) -> Result<(System, Command), String> {
        let id = RegisterId::from(register);
        let region = self.play.region.case.asked.contains_key(&id);
        let system = if region { System::Region } else { self.play.front.here };
        let fact = if register == "gbd-fl" { "person.found" } else { "guardianship.found" };
        let found = match answer {
            ["found"] => true,
            ["none"] => false,
            ["silent", "until", time] => {
                let time = time.parse::<Time>().map_err(|it| it.to_string())?;
                let again_at = self.play.desk.provider.body.instant(line.at.date(), time);
                return Ok((system, Command::NoAnswer { register: id, again_at }));
            }
            _ => return Err("found, none or silent until HH:MM".to_owned()),
        };
        let facts = BTreeMap::from([(FactId::from(fact), Value::Bool(found))]);
        Ok((system, Command::Answer { register: id, message: format!("answer-{}", line.number), facts }))
    }

    fn signing_part(&self) -> Option<StepId> {
        let procedure = self.play.desk.regulation.intake(self.play.channel())?;
        let mut parts = procedure.steps.iter().flat_map(|it| &it.parts);
        parts.find(|it| it.action == Action::SignRequest).map(|it| it.id.clone())
    }
}

/// The steps of the session that come before the case: sign-in and its check.
fn session(procedure: &regulation::model::Procedure, at: Timestamp) -> Vec<Done> {
    let before =
        procedure.steps.iter().take_while(|it| !it.parts.iter().any(|part| part.action == Action::FillForm));
    let refuses = |it: &&regulation::model::Step| {
        !it.parts.iter().any(|part| matches!(part.action, Action::RefuseSignIn | Action::CreateAccount))
    };
    before
        .filter(refuses)
        .flat_map(|step| &step.parts)
        .map(|part| Done {
            part: part.id.clone(),
            at,
            by: None,
            held: (part.action == Action::Judge).then_some(true),
        })
        .collect()
}

/// What the applicant or the operator does with the request and the result.
fn request(words: &[&str], line: &Line) -> Result<Act, String> {
    let without = |missing: &str| {
        let mut fields = fields();
        fields.remove(&FieldId::from(missing));
        Act::Filled { fields, attachments: Vec::new() }
    };
    match words {
        [_, "fills"] => Ok(without("")),
        [_, "fills", "without", field] => Ok(without(field)),
        [_, "scans", documents @ ..] => {
            let attachments = documents.iter().map(|it| scan(it)).collect();
            Ok(Act::Filled { fields: BTreeMap::new(), attachments })
        }
        [_, "signs", verdict @ ..] => signed(verdict),
        [_, "hands-over"] => {
            let (taken_by, document) = line.text.split_once('|').unwrap_or((&line.text, ""));
            let (taken_by, document) = (taken_by.trim().to_owned(), document.trim().to_owned());
            Ok(Act::HandedOver { taken_by, document })
        }
        _ => Err("fills, scans, signs or hands-over".to_owned()),
    }
}

/// What the provider's people do.
fn office(words: &[&str], line: &Line, desk: &Desk) -> Result<Act, String> {
    match words {
        [_, "accepts"] => Ok(Act::Accepted),
        [_, "instructs", executor] => Ok(Act::Instructed {
            text: line.text.clone(),
            executor: PersonId(format!("{}.{executor}", desk.provider.id)),
        }),
        [_, "grants"] => Ok(Act::Prepared(Proposal::Grant { values: granted(&desk.regulation) })),
        [_, "refuses", ground] => {
            let (ground, reason) = ((*ground).into(), line.text.clone());
            Ok(Act::Prepared(Proposal::Refuse { ground, reason }))
        }
        [_, "returns"] => Ok(Act::Returned { remark: line.text.clone() }),
        [_, "dispatches"] => {
            let courier = (!line.text.is_empty()).then(|| line.text.clone());
            Ok(Act::Dispatched { courier })
        }
        _ => Err("accepts, instructs, grants, refuses, returns, signs or dispatches".to_owned()),
    }
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

fn result(by: &Party) -> SignedResult {
    let signer = match by {
        Party::Person { id, .. } => id.0.clone(),
        Party::System => "ұйым мөрі".to_owned(),
    };
    SignedResult {
        file: FileHash("result".to_owned()),
        check_key: "0123456789abcdef0123456789abcdef".to_owned(),
        signer,
        at: Timestamp::UNIX_EPOCH,
        on_paper: None,
    }
}

fn stamped() -> Act {
    Act::ResultSigned(result(&Party::System))
}
