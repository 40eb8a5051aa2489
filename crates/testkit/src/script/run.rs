// SPDX-License-Identifier: MIT OR Apache-2.0
//! A scenario is played on both sides of the border.

use super::{Line, Script, acts, ends};
use crate::{
    desk::{APPLICANT, Desk, application},
    play::{Happened, Play},
    side::official,
    words,
};
use engine::{
    Act, Before, Command, Event, Party, Value,
    body::Setting,
    case::{Application, PersonId},
    deadlines,
};
use jiff::{Timestamp, civil::Time};
use regulation::{
    model::{Action, Actor, FactId, Procedure, RegisterId, StepId, System},
    proof::Reached,
};
use std::collections::{BTreeMap, BTreeSet};

/// Plays the whole scenario.
pub(super) fn run(script: &Script) -> Result<String, String> {
    let mut player = played(script, false)?;
    player.close();
    Ok(player.out)
}

/// Plays the whole scenario, and leaves both sides as they stand.
pub(super) fn sides(script: &Script, published: bool) -> Result<Play, String> {
    Ok(played(script, published)?.play)
}

fn played(script: &Script, published: bool) -> Result<Player<'_>, String> {
    let desk = desk(script)?;
    let (regulation, provider) = (&desk.regulation, &desk.provider.name.kk);
    let (title, service, edition) = (&regulation.title.kk, &regulation.service, &regulation.edition);
    let out = format!("{}\n{title} [{service}/{edition}]; {provider}\n", script.title);
    let mut play = Play::new(desk, script.by, Timestamp::UNIX_EPOCH);
    play.published = published;
    let mut player = Player { play, script, out, explained: BTreeSet::new(), reached: Vec::new() };
    if let Some(procedure) = &script.procedure {
        player.say(&format!("сынақ: бұл рәсім өтініш қабылдамайды, тек өтуі көрсетіледі [{procedure}]"));
    }
    for line in &script.lines {
        player.line(line).map_err(|why| format!("line {}: {why}", line.number))?;
    }
    Ok(player)
}

/// The files of a scenario: its offices, the orders in force, the procedure on trial.
fn desk(script: &Script) -> Result<Desk, String> {
    let mut desk = Desk::open(&script.regulation, &script.provider)?;
    if let Some(akim) = &script.akim {
        desk = desk.with_akim(akim)?;
    }
    for (fact, basis) in &script.orders {
        let (fact, basis, value) = (FactId::from(fact.as_str()), basis.clone(), Value::Bool(true));
        let setting = Setting { fact, services: Vec::new(), value, basis, from: None, to: None };
        desk.provider.body.settings.insert(0, setting);
    }
    if let Some(trial) = &script.procedure {
        for procedure in &mut desk.regulation.procedures {
            let chosen = procedure.id.as_str() == trial;
            procedure.intake = if chosen { vec![script.by] } else { Vec::new() };
        }
    }
    Ok(desk)
}

struct Player<'a> {
    play: Play,
    script: &'a Script,
    out: String,
    /// Deadlines explained already: the second time their first line is enough.
    explained: BTreeSet<Vec<String>>,
    /// Ends of sessions, before there is a case.
    reached: Vec<Reached>,
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
        if let [_, "signs-in", "refused"] = acts.as_slice() {
            return self.sign_in_refused();
        }
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
        let case = self.play.case(happened.here);
        let mut lines = Vec::new();
        for event in &happened.outcome.events {
            if let Event::Opened { done, .. } = event
                && happened.here == self.play.front.here
            {
                lines.extend(done.iter().map(|it| format!("сеанста {}", words::done(desk, it))));
            }
            lines.extend(words::event(desk, case, event));
            if let Event::Proposed { proposal: engine::Proposal::Grant { values }, .. } = event {
                let rows = acts::rows(&self.play, case, values);
                lines.extend(rows.iter().flat_map(|it| words::calculated(desk, it)));
            }
        }
        lines.extend(happened.outcome.effects.iter().filter_map(|it| words::effect(desk, it)));
        let moved = happened.outcome.events.iter().any(|it| matches!(it, Event::Moved { .. }));
        if let Some(place) = case.current().filter(|_| moved) {
            let who = desk.regulation.part(&place.part).and_then(|(_, _, it)| it.actor_in(case.channel));
            let who = who.map_or("жүйе", words::actor);
            lines.push(format!("енді: {} – {who}", words::part(desk, &place.part)));
            for deadline in deadlines(&desk.world(happened.here), case, self.play.now) {
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

    /// Tells the steps of a session that ends at its sign-in.
    fn sign_in_refused(&mut self) -> Result<(), String> {
        let (parts, reached) = ends::refused_sign_in(self.procedure().ok_or("no procedure")?)?;
        for (index, part) in parts.iter().enumerate() {
            let held = if index == 0 { " – ЖОҚ" } else { "" };
            self.say(&format!("  сеанс   орындалды: {}{held}", words::part(&self.play.desk, part)));
        }
        self.say(&format!("  сеанс   іс ашылмады: {}", words::ended(reached.end)));
        self.reached.push(reached);
        Ok(())
    }

    /// Writes which step ended which procedure how.
    fn close(&mut self) {
        let regulation = &self.play.desk.regulation;
        let mut reached = std::mem::take(&mut self.reached);
        for journal in [&self.play.front.journal, &self.play.region.journal] {
            for it in ends::reached(regulation, journal) {
                if !reached.contains(&it) {
                    reached.push(it);
                }
            }
        }
        self.say(&format!("\n{}", regulation::proof::ENDS));
        for it in &reached {
            self.say(&regulation::proof::line(it, words::ended(it.end)));
        }
        if reached.is_empty() {
            self.say("  іс аяқталған жоқ");
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
            [_, "opens", said @ ..] => one(front, by, self.open(said)?),
            ["register", register, answer @ ..] => {
                let (system, command) = self.register(register, answer, line)?;
                one(system, Party::System, command)
            }
            ["system", judged @ ..] => {
                let part = self.signing_part().ok_or("no part signs the request")?;
                let act = acts::act(&self.play, &by, (judged, line))?;
                one(front, Party::System, Command::Complete { part, act })
            }
            ["stamp", "signs"] => {
                one(System::Region, Party::System, self.complete(System::Region, line, acts::stamped()))
            }
            [_, "signs" | "signs-by-hand"] | [_, "signs-by-hand", "with-applicant"] => {
                let act = acts::act(&self.play, &by, (words.get(1..).unwrap_or_default(), line))?;
                let reserve = self.complete(System::Region, line, Act::ResultReserved);
                let sign = self.complete(System::Region, line, act);
                let first = (System::Region, by.clone(), reserve);
                // A wrong hand is told once, at the first of the two orders.
                let may = self.may_reserve(&by, line);
                Ok(if may { vec![first, (System::Region, by, sign)] } else { vec![first] })
            }
            [who, said @ ..] => {
                let system = if matches!(*who, "applicant" | "operator") { front } else { System::Region };
                let act = acts::act(&self.play, &by, (said, line))?;
                one(system, by, self.complete(system, line, act))
            }
            [] => Err("nobody does anything".to_owned()),
        }
    }

    fn may_reserve(&self, by: &Party, line: &Line) -> bool {
        let command = self.complete(System::Region, line, Act::ResultReserved);
        let mut trial = self.play.region.clone();
        trial.order(&self.play.desk, by.clone(), command, self.play.now).is_ok()
    }

    fn party(&self, words: &[&str]) -> Party {
        let center = &self.play.desk.center.id;
        let sits = |who: &str, actor| official(&acts::seat(&self.play.desk, who).0, actor);
        match words {
            ["applicant", ..] => {
                let id = PersonId(APPLICANT.to_owned());
                Party::Person { id, actor: Actor::Applicant, organization: None }
            }
            ["operator", ..] => official(&format!("{center}.operator-1"), Actor::CenterOperator),
            [who, "as", "head", ..] | [who @ "head", ..] => sits(who, Actor::ProviderHead),
            [who @ "office", ..] => sits(who, Actor::ProviderOffice),
            [who @ "specialist", ..] => sits(who, Actor::RuralAkimSpecialist),
            [who @ "akim", ..] => sits(who, Actor::RuralAkim),
            [who @ "akim-executor", ..] => sits(who, Actor::RuralAkimExecutor),
            [who, ..] => sits(who, Actor::ProviderExecutor),
            [] => Party::System,
        }
    }

    fn complete(&self, at: System, line: &Line, act: Act) -> Command {
        let current = self.play.case(at).current().map(|it| it.part.clone());
        let part = line.saw.as_deref().map(StepId::from).or(current);
        Command::Complete { part: part.unwrap_or_else(|| "nowhere".into()), act }
    }

    fn procedure(&self) -> Option<&Procedure> {
        self.play.desk.regulation.intake(self.play.channel)
    }

    /// An office enters the form and the papers at once; elsewhere they follow, but for what was handed in before.
    fn open(&self, said: &[&str]) -> Result<Command, String> {
        let desk = &self.play.desk;
        let regulation = &desk.regulation;
        let procedure = self.procedure();
        let done = procedure.map(|it| ends::session(it, self.play.now)).unwrap_or_default();
        let fills =
            |id: &StepId| regulation.part(id).is_some_and(|(_, _, part)| part.action == Action::FillForm);
        let mut asked = application(&desk.provider.id, self.script.medium);
        if self.play.front.here == System::Region {
            let (fields, attachments) = acts::application(&self.play, said)?;
            let akim = desk.akim.as_ref().map(|it| it.id.clone());
            asked = Application { fields, attachments, akim, ..asked };
        } else if done.iter().any(|it| fills(&it.part)) {
            asked.fields = acts::application(&self.play, said)?.0;
        }
        Ok(Command::Open {
            service: regulation.service.clone(),
            edition: regulation.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: procedure.map_or_else(|| "none".into(), |it| it.id.clone()),
            channel: self.play.channel,
            application: Box::new(asked),
            before: Before::Done(done),
            facts: BTreeMap::new(),
            number: None,
            accepted_at: None,
        })
    }

    fn register(&self, register: &str, answer: &[&str], line: &Line) -> Result<(System, Command), String> {
        let id = RegisterId::from(register);
        let region = self.play.region.case.asked.contains_key(&id);
        let system = if region { System::Region } else { self.play.front.here };
        if let ["silent", "until", time] = answer {
            let time = time.parse::<Time>().map_err(|it| it.to_string())?;
            let again_at = self.play.desk.provider.body.instant(line.at.date(), time);
            return Ok((system, Command::NoAnswer { register: id, again_at }));
        }
        let (found, said) = match answer {
            ["found", said @ ..] => (true, said),
            ["none"] => (false, [].as_slice()),
            _ => return Err("found, none or silent until HH:MM".to_owned()),
        };
        let said: BTreeMap<&str, &str> = said.iter().filter_map(|it| it.split_once('=')).collect();
        let declared = self.play.desk.regulation.facts.iter().filter(|it| it.register.as_ref() == Some(&id));
        let last = |fact: &FactId| fact.as_str().rsplit('.').next().unwrap_or_default().to_owned();
        let tells = declared.clone().any(|it| last(&it.id) == "found");
        let facts = declared.filter_map(|it| {
            let name = last(&it.id);
            let value = match (name.as_str(), said.get(name.as_str())) {
                ("found", _) => Value::Bool(found),
                (_, Some(text)) => Value::Text((*text).to_owned()),
                ("from", None) if found => Value::Text("2026-02-02".to_owned()),
                // A register of which only a date is asked says by its absence that it knows nothing.
                (_, None) if !tells => Value::Text(String::new()),
                (_, None) => return None,
            };
            Some((it.id.clone(), value))
        });
        let (facts, message) = (facts.collect(), format!("answer-{}", line.number));
        Ok((system, Command::Answer { register: id, message, facts }))
    }

    fn signing_part(&self) -> Option<StepId> {
        let mut parts = self.procedure()?.steps.iter().flat_map(|it| &it.parts);
        parts.find(|it| it.action == Action::SignRequest).map(|it| it.id.clone())
    }
}
