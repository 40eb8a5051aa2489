// SPDX-License-Identifier: MIT OR Apache-2.0
//! Procedures, steps, parts and where they lead.

use super::{clause, condition, condition_over, norm_of};
use crate::code::Code;
use crate::model::{
    Action, Actor, End, Exit, NoticeKind, Origin, Part, Procedure, ProcedureId, RegisterId, Step, StepId,
    StepKind, System, Target,
};
use crate::names::ACTIONS;
use crate::place::Kind;
use crate::reading::{Node, Reading, Written};

/// How many parts a step may have: one for each letter.
const MAX_PARTS: usize = 26;
const END: &str = "end:";

pub(super) fn procedures(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Procedure> {
    if !top.has("procedure") {
        reading.missing(top, "procedure", "add `[[procedure]]` with its steps");
    }
    let mut procedures = Vec::new();
    for mut node in reading.nodes(top, "procedure") {
        let node = &mut node;
        let id = reading.id(node, Kind::Procedure);
        let intake = reading.one_or_more(node, "intake");
        if !node.has("step") {
            reading.missing(node, "step", "a procedure has steps: `[[procedure.step]]`");
        }
        let clause = clause(reading, node);
        let title = reading.required_text(node, "title");
        let nodes = reading.nodes(node, "step");
        procedures.push(Procedure {
            intake: intake
                .iter()
                .filter_map(|it| reading.name("channel", it, &super::standard::channels()))
                .collect(),
            intake_when: condition_over(reading, node, "intake-when", Some(Kind::Fact)),
            clause,
            title,
            steps: nodes.into_iter().map(|mut it| step(reading, &mut it, &id)).collect(),
            id: ProcedureId(id.text),
        });
        reading.close(node);
    }
    procedures
}

fn step(reading: &mut Reading<'_>, node: &mut Node<'_>, procedure: &Written) -> Step {
    let id = reading.id(node, Kind::Step);
    let prefix = format!("{}.", procedure.text);
    if !id.text.is_empty() && !id.text.starts_with(&prefix) {
        let message = format!("step `{}` is not named after its procedure", id.text);
        reading.error(Code::BadId, id.span.clone(), message, format!("begin it with `{prefix}`"));
    }
    let kinds: Vec<_> = StepKind::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let kind = reading.required(node, "kind", "`process` or `condition`");
    let kind = reading.name("kind of step", &kind, &kinds).unwrap_or(StepKind::Process);
    let systems: Vec<_> = System::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let actors: Vec<_> = Actor::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let at = reading.required(node, "at", "the system that carries it out: portal, center or region");
    let at = reading.name("system", &at, &systems).unwrap_or(System::Portal);
    let named_actors = reading.strings(node, "actors");
    let named_systems = reading.strings(node, "systems");
    let runs = reading.string(node, "runs");
    if let Some(runs) = &runs {
        reading.cite(Kind::Procedure, runs);
    }
    let step = Step {
        clause: clause(reading, node),
        printed_no: reading.number(node, "number"),
        printed_label: reading.string(node, "label").map(|it| it.text),
        kind,
        actors: named_actors.iter().filter_map(|it| reading.name("actor", it, &actors)).collect(),
        systems: named_systems.iter().filter_map(|it| reading.name("system", it, &systems)).collect(),
        at,
        parts: parts(reading, node, &id),
        when: condition(reading, node),
        runs: runs.map(|it| ProcedureId(it.text)),
        text: reading.required_text(node, "text"),
        result: reading.text(node, "result"),
        norm: norm_of(reading, node),
        exit: exit(reading, node, kind),
        origin: origin(reading, node),
        id: StepId(id.text),
    };
    shape(reading, node, &step);
    let targets = match &step.exit {
        Exit::Next(next) => vec![next],
        Exit::Branch { yes, no } => vec![yes, no],
    };
    for target in targets {
        let Target::Step(id) = target else { continue };
        if !id.as_str().starts_with(&prefix) {
            let message = format!("step `{}` leads out of its procedure, to `{id}`", step.id);
            let help = "to go through another procedure, let a condition run it: `runs = \"…\"`";
            reading.error(Code::StepShape, node.span.clone(), message, help);
        }
    }
    reading.close(node);
    step
}

/// Keys that do not go together.
fn shape(reading: &mut Reading<'_>, node: &Node<'_>, step: &Step) {
    let mut odd = |message: &str, help: &str| {
        reading.error(Code::StepShape, node.span.clone(), message.to_owned(), help);
    };
    let decided = usize::from(node.has("when")) + usize::from(node.has("runs"));
    match step.kind {
        StepKind::Condition if decided != 1 => {
            odd("a condition needs `when` or `runs`, one of them", "say what decides the branch");
        }
        StepKind::Process if decided != 0 => {
            odd("only a condition has `when` or `runs`", "make it a condition");
        }
        StepKind::Condition | StepKind::Process => {}
    }
    if !matches!(step.at, System::Portal | System::Center | System::Region) {
        odd(
            "a step is carried out at the portal, the center or the region",
            "`at` names where; `systems` names who is asked",
        );
    }
}

fn origin(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Origin {
    let written = reading.string(node, "origin");
    let anomaly = reading.string(node, "anomaly");
    if let Some(anomaly) = &anomaly {
        reading.cite(Kind::Anomaly, anomaly);
    }
    let rule = match written {
        None => false,
        Some(written) => {
            reading.name("origin", &written, &[("printed", false), ("rule", true)]).unwrap_or(false)
        }
    };
    match (rule, anomaly) {
        (true, Some(anomaly)) => Origin::Rule(anomaly.text),
        (true, None) => {
            let help = "a step that no act prints needs `anomaly = \"…\"`";
            reading.missing(node, "anomaly", help);
            Origin::Printed
        }
        (false, Some(anomaly)) => {
            let message = "a printed step needs no anomaly to stand on".to_owned();
            reading.error(
                Code::StepShape,
                anomaly.span,
                message,
                "add `origin = \"rule\"`, or drop `anomaly`",
            );
            Origin::Printed
        }
        (false, None) => Origin::Printed,
    }
}

fn exit(reading: &mut Reading<'_>, node: &mut Node<'_>, kind: StepKind) -> Exit {
    let next = target(reading, node, "next");
    let yes = target(reading, node, "yes");
    let no = target(reading, node, "no");
    let nowhere = || Target::End(End::Refused);
    match kind {
        StepKind::Process => {
            if node.has("yes") || node.has("no") {
                let message = "a process has no branches".to_owned();
                reading.error(
                    Code::StepShape,
                    node.span.clone(),
                    message,
                    "use `next`, or make it a condition",
                );
            } else if !node.has("next") {
                reading.missing(node, "next", "say where the step leads: a step or `end:issued`");
            }
            Exit::Next(next.unwrap_or_else(nowhere))
        }
        StepKind::Condition => {
            if node.has("next") {
                let message = "a condition has two branches".to_owned();
                reading.error(
                    Code::StepShape,
                    node.span.clone(),
                    message,
                    "use `yes` and `no` instead of `next`",
                );
            }
            for key in ["yes", "no"] {
                if !node.has(key) {
                    reading.missing(node, key, "both branches of a condition lead on");
                }
            }
            Exit::Branch { yes: yes.unwrap_or_else(nowhere), no: no.unwrap_or_else(nowhere) }
        }
    }
}

fn target(reading: &mut Reading<'_>, node: &mut Node<'_>, key: &'static str) -> Option<Target> {
    let written = reading.string(node, key)?;
    if let Some(end) = written.text.strip_prefix(END) {
        let ends: Vec<_> = End::ALL.iter().map(|it| (it.as_str(), *it)).collect();
        let end = Written { text: end.to_owned(), span: written.span };
        return reading.name("end", &end, &ends).map(Target::End);
    }
    reading.cite(Kind::Step, &written);
    Some(Target::Step(StepId(written.text)))
}

fn parts(reading: &mut Reading<'_>, node: &mut Node<'_>, step: &Written) -> Vec<Part> {
    if !node.has("part") {
        reading.missing(node, "part", "add `[[procedure.step.part]]`: who does what");
    }
    let nodes = reading.nodes(node, "part");
    let count = nodes.len();
    if count > MAX_PARTS {
        let message = format!("a step has more than {MAX_PARTS} parts");
        reading.error(Code::TooLarge, step.span.clone(), message, "make them steps");
    }
    let letters = ('a'..='z').take(MAX_PARTS);
    nodes
        .into_iter()
        .zip(letters)
        .map(|(mut it, letter)| {
            let id = if count > 1 { format!("{}.{letter}", step.text) } else { step.text.clone() };
            part(reading, &mut it, id)
        })
        .collect()
}

fn part(reading: &mut Reading<'_>, node: &mut Node<'_>, id: String) -> Part {
    reading.declare(Kind::Part, &Written { text: id.clone(), span: node.span.clone() });
    let actors: Vec<_> = Actor::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let written = reading.one_or_more(node, "actor");
    if written.len() > 2 {
        let message = "a part has one hand, or two: the provider's and the rural akim's".to_owned();
        reading.error(Code::StepShape, node.span.clone(), message, "make them parts");
    }
    let mut named =
        written.iter().map(|it| reading.name("actor", it, &actors)).collect::<Vec<_>>().into_iter();
    let part = Part {
        id: StepId(id),
        actor: named.next().flatten(),
        rural_actor: named.next().flatten(),
        action: action(reading, node),
        when: condition(reading, node),
        by_eds: by_eds(reading, node),
        title: reading.required_text(node, "title"),
    };
    reading.close(node);
    part
}

/// Reads `proof`: by what a sign-in proves who it is.
fn by_eds(reading: &mut Reading<'_>, node: &mut Node<'_>) -> bool {
    let written = reading.string(node, "proof");
    let known = [("password", false), ("eds", true)];
    written.and_then(|it| reading.name("proof of a sign-in", &it, &known)).unwrap_or(false)
}

fn action(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Action {
    let written = reading.required(node, "action", "say what is done, such as `fill-form`");
    let names: Vec<_> = ACTIONS.iter().map(|it| (*it, *it)).collect();
    let name = reading.name("action", &written, &names);
    match name.unwrap_or("judge") {
        "create-account" => Action::CreateAccount,
        "sign-in" => Action::SignIn,
        "refuse-sign-in" => Action::RefuseSignIn,
        "fill-form" => Action::FillForm,
        "query-register" => {
            let register = reading.required(node, "register", "name the register that is asked");
            reading.check_id("register", &register);
            Action::QueryRegister(RegisterId(register.text))
        }
        "sign-request" => Action::SignRequest,
        "send" => Action::Send,
        "register-document" => Action::RegisterDocument,
        "accept" => Action::Accept,
        "instruct" => Action::Instruct,
        "prepare" => Action::Prepare,
        "sign-result" => Action::SignResult,
        "stamp-result" => Action::StampResult,
        "dispatch" => Action::Dispatch,
        "notify" => {
            let notices: Vec<_> = NoticeKind::ALL.iter().map(|it| (it.as_str(), *it)).collect();
            let notice = reading.required(node, "notice", "name the notice that is made");
            Action::Notify(reading.name("notice", &notice, &notices).unwrap_or(NoticeKind::ServiceRefused))
        }
        "deliver" => Action::Deliver,
        "hand-over" => Action::HandOver,
        "issue" => Action::Issue,
        "next-result" => Action::NextResult,
        "prepare-letter" => Action::PrepareLetter,
        "sign-letter" => Action::SignLetter,
        _ => Action::Judge,
    }
}
