// SPDX-License-Identifier: MIT OR Apache-2.0
//! What holds of every order, every case, every calendar.

use crate::{
    office::{FIRST, HEAD, OFFICE, SECOND, answer, applicant, grant, result},
    request::{open, signed},
};
use engine::{
    Act, Before, Calendar, Case, Command, Party, Proposal, apply,
    calendar::{DayKind, DayOff},
    case::{CaseId, PersonId},
    norm::{Clock, due},
    progress,
};
use jiff::{Timestamp, ToSpan, civil::date};
use proptest::{prelude::*, strategy::ValueTree};
use regulation::model::{Action, Actor, End, Norm, System, Text, Unit};
use std::{collections::BTreeMap, sync::LazyLock};
use testkit::{Desk, Side, fields, official};
use uuid::Uuid;

static DESK: LazyLock<Desk> = LazyLock::new(|| Desk::guardianship().unwrap());
/// 2012-01-01 and 2027-12-31, in seconds.
const SECONDS: std::ops::Range<i64> = 1_325_376_000..1_830_297_600;

/// What a random hand does; most of it comes at the wrong time.
fn parties() -> Vec<Party> {
    vec![
        applicant(),
        official(OFFICE, Actor::ProviderOffice),
        official(HEAD, Actor::ProviderHead),
        official(FIRST, Actor::ProviderExecutor),
        official(SECOND, Actor::ProviderExecutor),
        official(FIRST, Actor::ProviderHead),
        official("karaganda-corporation.operator-1", Actor::CenterOperator),
        Party::System,
    ]
}

fn acts() -> Vec<Act> {
    let executor = PersonId(FIRST.to_owned());
    let refuse = |ground: &str, reason: &str| {
        Act::Prepared(Proposal::Refuse { ground: ground.into(), reason: reason.to_owned() })
    };
    vec![
        Act::Filled { fields: fields(), attachments: Vec::new() },
        Act::Filled { fields: BTreeMap::new(), attachments: vec![testkit::scan("none")] },
        signed(Some(true)),
        signed(Some(false)),
        signed(None),
        Act::Accepted,
        Act::Instructed { text: "қарау".to_owned(), executor },
        grant(&DESK),
        refuse("document-defects", "себеп"),
        refuse("none", ""),
        Act::ResultReserved,
        result(),
        Act::Returned { remark: "түзету".to_owned() },
        Act::Dispatched { courier: None },
        Act::HandedOver { taken_by: "a".to_owned(), document: "b".to_owned() },
    ]
}

/// An order's making: at which side, by whom, what, and seconds later. Three of four times it is what fits the case.
type Step = (bool, usize, usize, u32);

/// Returns an order that the case may well be waiting for; `kind` varies it.
fn fitting(kind: usize, here: &Side, there: &Side) -> (Party, Command) {
    let waited = here.case.asked.keys().next().is_some();
    let current = here.case.current().and_then(|it| DESK.regulation.part(&it.part));
    let Some((_, step, part)) = current else {
        let by = if here.here == System::Portal { applicant() } else { Party::System };
        return (by, if here.here == System::Portal { open(&DESK, true) } else { sent(there) });
    };
    if waited {
        return (Party::System, answer(kind.is_multiple_of(3)));
    }
    if step.at != here.here {
        return (
            Party::System,
            Command::Remote(Box::new(progress(&there.case, 0, format!("m{}", there.case.version)))),
        );
    }
    let seat = match part.actor {
        Some(Actor::Applicant) => applicant(),
        Some(Actor::ProviderOffice) => official(OFFICE, Actor::ProviderOffice),
        Some(Actor::ProviderHead) => official(HEAD, Actor::ProviderHead),
        Some(Actor::ProviderExecutor) => official(FIRST, Actor::ProviderExecutor),
        _ => Party::System,
    };
    let acts = acts();
    let suited: Vec<Act> = match part.action {
        Action::SignRequest => vec![acts[2].clone(), acts[4].clone(), acts[2].clone()],
        Action::Judge => vec![acts[2].clone()],
        Action::Prepare => vec![acts[7].clone(), acts[8].clone()],
        Action::SignResult => vec![acts[10].clone(), acts[11].clone(), acts[12].clone(), acts[11].clone()],
        Action::StampResult => vec![acts[11].clone()],
        _ => acts,
    };
    let part = if part.action == Action::Judge { "portal.process-3.b".into() } else { part.id.clone() };
    (seat, Command::Complete { part, act: suited[kind % suited.len()].clone() })
}

fn command(kind: usize, portal: &Side, region: &Side, to_region: bool) -> Command {
    let (here, there) = if to_region { (region, portal) } else { (portal, region) };
    let acts = acts();
    match kind {
        0 => open(&DESK, true),
        1 => open(&DESK, false),
        2 => answer(true),
        3 => answer(false),
        4 => Command::NoAnswer { register: "guardianship".into(), again_at: Timestamp::UNIX_EPOCH },
        5 => Command::Wake,
        6 => Command::Remote(Box::new(progress(&there.case, 0, format!("m{}", there.case.version)))),
        7 => Command::Remote(Box::new(progress(&here.case, 1, "own"))),
        8 => sent(portal),
        9 => Command::Complete { part: "provider.action-3.a".into(), act: grant(&DESK) },
        10 => Command::Complete { part: "portal.process-3.b".into(), act: signed(Some(true)) },
        other => {
            let part = here.case.current().map_or_else(|| "portal.process-3.a".into(), |it| it.part.clone());
            Command::Complete { part, act: acts[other % acts.len()].clone() }
        }
    }
}

fn sent(portal: &Side) -> Command {
    let case = &portal.case;
    Command::Open {
        service: DESK.regulation.service.clone(),
        edition: DESK.regulation.edition.clone(),
        regulation_sha256: DESK.regulation.sha256.clone(),
        procedure: "portal".into(),
        channel: regulation::model::Channel::Portal,
        application: Box::new(case.application.clone()),
        before: Before::Done(case.done.clone()),
        facts: BTreeMap::new(),
        number: case.number.clone(),
        accepted_at: case.accepted_at,
    }
}

/// Plays random orders on both sides; after each one the journal folds to the case, and a refused one changed nothing.
fn play(steps: &[Step]) -> Result<(Side, Side), TestCaseError> {
    let id = CaseId(Uuid::from_u128(1));
    let (mut portal, mut region) = (Side::new(System::Portal, id), Side::new(System::Region, id));
    let mut now = Timestamp::from_second(1_795_410_000).unwrap();
    let parties = parties();
    for (to_region, party, kind, seconds) in steps {
        now += jiff::SignedDuration::from_secs(i64::from(*seconds));
        let (here, there) = if *to_region { (&region, &portal) } else { (&portal, &region) };
        let (by, command) = if *party >= parties.len() {
            fitting(*kind, here, there)
        } else {
            let by = if (2..=8).contains(kind) { Party::System } else { parties[*party].clone() };
            (by, command(*kind, &portal, &region, *to_region))
        };
        let side = if *to_region { &mut region } else { &mut portal };
        let before = side.clone();
        if side.order(&DESK, by, command, now).is_err() {
            prop_assert_eq!(&side.case, &before.case);
            prop_assert_eq!(side.journal.len(), before.journal.len());
        }
        let mut replayed = Case::empty(id);
        side.journal.iter().for_each(|it| apply(&mut replayed, it));
        prop_assert_eq!(&replayed, &side.case);
        let stands = side.case.stack.iter().all(|it| DESK.regulation.part(&it.part).is_some());
        prop_assert!(stands && (side.case.end.is_none() || side.case.stack.is_empty()));
    }
    Ok((portal, region))
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((any::<bool>(), 0..32_usize, 0..60_usize, 0..40_000_u32), 0..80)
}

fn units() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Seconds), Just(Unit::Minutes), Just(Unit::WorkingDays), Just(Unit::CalendarDays)]
}

fn with_day_off(calendar: &Calendar, offset: i64, holiday: bool) -> Calendar {
    let text = Text { kk: "х".to_owned(), ru: "х".to_owned(), en: "x".to_owned() };
    calendar.clone().with_day_off(DayOff {
        date: date(2012, 1, 1).checked_add(offset.days()).unwrap(),
        kind: if holiday { DayKind::Holiday } else { DayKind::NoSubstitute },
        name: text.clone(),
        act: text,
        source: "test".to_owned(),
        confirmed: true,
    })
}

/// The random plays are worth something only if they go far: some end issued, some refused, some void a number.
#[test]
fn random_plays_reach_both_ends() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut issued, mut refused, mut voided) = (0, 0, 0);
    for _ in 0..300 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let (_, region) = play(&steps).unwrap();
        match region.case.end {
            Some((End::Issued, _)) => issued += 1,
            Some((End::Refused, _)) => refused += 1,
            _ => {}
        }
        voided += region.case.voided.len();
    }
    assert!(issued > 3 && refused > 3 && voided > 3, "issued {issued}, refused {refused}, voided {voided}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decide_is_total_replay_equals_live_and_a_refused_order_changes_nothing(steps in steps()) {
        play(&steps)?;
    }

    #[test]
    fn numbers_are_given_once(steps in steps()) {
        let (portal, region) = play(&steps)?;
        for side in [portal, region] {
            let given = side.journal.iter().filter(|it| matches!(it, engine::Event::Numbered { .. })).count();
            let held = [&side.case.number, &side.case.incoming_number, &side.case.result_number];
            prop_assert_eq!(given, held.iter().filter(|it| it.is_some()).count() + side.case.voided.len());
        }
    }

    #[test]
    fn a_deadline_of_people_lies_inside_working_hours(at in SECONDS, max in 0..200_u32, unit in units(), six: bool) {
        let body = if six { &DESK.center.body } else { &DESK.provider.body };
        let start = Timestamp::from_second(at).unwrap();
        let due = due(&DESK.calendar, body, start, Norm { min: max, max, unit }, Clock::Working);
        let local = body.local(due.at);
        prop_assert!(due.at >= start);
        prop_assert!(DESK.calendar.is_working(body.week, local.date()), "{local}");
        let inside = body.hours.stretches().iter().any(|(from, to)| *from <= local.time() && local.time() <= *to);
        prop_assert!(inside, "{local}");
    }

    #[test]
    fn one_more_day_off_never_makes_a_deadline_earlier(
        at in SECONDS, max in 0..60_u32, unit in units(), offset in 0..5_800_i64, holiday: bool, six: bool,
    ) {
        let body = if six { &DESK.center.body } else { &DESK.provider.body };
        let start = Timestamp::from_second(at).unwrap();
        let norm = Norm { min: max, max, unit };
        let more = with_day_off(&DESK.calendar, offset, holiday);
        let before = due(&DESK.calendar, body, start, norm, Clock::Working).at;
        prop_assert!(due(&more, body, start, norm, Clock::Working).at >= before);
    }

    #[test]
    fn who_comes_later_is_due_no_earlier(at in SECONDS, later in 0..2_000_000_i64, max in 0..60_u32, unit in units()) {
        let start = |seconds| Timestamp::from_second(seconds).unwrap();
        let norm = Norm { min: max, max, unit };
        let due = |seconds| due(&DESK.calendar, &DESK.provider.body, start(seconds), norm, Clock::Working).at;
        prop_assert!(due(at) <= due(at + later));
    }
}
