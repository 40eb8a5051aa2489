// SPDX-License-Identifier: MIT OR Apache-2.0
//! The course of an application against a portal that sends it without a signature and tells nothing more.

use super::{Table, TableFaultKind};
use engine::decide::{guessed_at, is_done_untold};
use engine::holds::mentions;
use regulation::facts::{SIGN_IN_VALID, SIGNATURE_VALID};
use regulation::model::{Action, Channel, Exit, Part, Procedure, Step, System, Target};
use std::collections::BTreeSet;

impl<'t> Table<'t> {
    /// Finds what keeps applications from being opened, judged or ended here.
    pub(super) fn course(&mut self, intake: &'t Procedure) {
        self.signature(intake);
        // Where a signature is judged here, the course is another anyway.
        if !self.found.is_empty() {
            return;
        }
        if let Some(step) = guessed_at(self.regulation, intake, System::Region, Channel::Portal) {
            self.told("service", TableFaultKind::NoWay(step));
        }
        self.ends(intake);
    }

    /// Finds where the region would judge a signature that does not come along.
    fn signature(&mut self, intake: &'t Procedure) {
        let regulation = self.regulation;
        let (mut open, mut seen) = (vec![intake], BTreeSet::new());
        while let Some(procedure) = open.pop() {
            if !seen.insert(&procedure.id) {
                continue;
            }
            for step in &procedure.steps {
                open.extend(step.runs.as_ref().and_then(|it| regulation.procedure(it)));
                if step.at == System::Region && judges_signature(step) {
                    self.told("service", TableFaultKind::JudgesSignature(step.id.clone()));
                }
            }
        }
    }

    /// Finds what waits elsewhere for a word that never comes, on any way from here.
    fn ends(&mut self, intake: &'t Procedure) {
        let regulation = self.regulation;
        let here = intake.steps.iter().filter(|it| it.at == System::Region);
        let mut open: Vec<(&Procedure, &Step)> = here.map(|it| (intake, it)).collect();
        let mut seen = BTreeSet::new();
        while let Some((procedure, step)) = open.pop() {
            if !seen.insert(&step.id) {
                continue;
            }
            if step.at != System::Region && !goes_on_untold(step) {
                self.told("service", TableFaultKind::NeverEnds(step.id.clone()));
                continue;
            }
            let inner = step.runs.as_ref().and_then(|it| regulation.procedure(it));
            open.extend(inner.and_then(|it| Some((it, it.steps.first()?))));
            let next = targets(&step.exit).filter_map(|it| match it {
                Target::Step(id) => procedure.step(id),
                Target::End(_) => None,
            });
            open.extend(next.map(|it| (procedure, it)));
        }
    }
}

/// Says whether a step elsewhere is done with the answer: nothing in it depends on what only its system knows.
fn goes_on_untold(step: &Step) -> bool {
    let is_known_there = |part: &Part| {
        let when = part.when.as_ref();
        when.is_some_and(|it| mentions(it, SIGNATURE_VALID) || mentions(it, SIGN_IN_VALID))
    };
    step.runs.is_none() && step.parts.iter().all(|it| is_done_untold(&it.action) && !is_known_there(it))
}

fn targets(exit: &Exit) -> impl Iterator<Item = &Target> {
    let (first, second) = match exit {
        Exit::Next(target) => (target, None),
        Exit::Branch { yes, no } => (yes, Some(no)),
    };
    std::iter::once(first).chain(second)
}

fn judges_signature(step: &Step) -> bool {
    let mut conditions = step.when.iter().chain(step.parts.iter().filter_map(|it| it.when.as_ref()));
    conditions.any(|it| mentions(it, SIGNATURE_VALID))
        || step.parts.iter().any(|it| it.action == Action::SignRequest)
}
