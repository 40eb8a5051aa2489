// SPDX-License-Identifier: MIT OR Apache-2.0
//! An application of which is known only that it was sent begins where the list of what was done before leads.

use engine::case::{Case, Done};
use regulation::model::{Channel, End, StepId, System};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{Play, script};

/// Plays a scenario up to the signature with which its application is sent; `None` where none crosses the border.
fn told(text: &str) -> Option<(String, Play)> {
    let signs = text.lines().position(|it| it.contains(" signs valid"))?;
    let lines: Vec<&str> = text.lines().take(signs + 1).collect();
    let text = lines.join("\n");
    let play = script::sides(&text).unwrap();
    (play.front.here != System::Region && play.region.case.is_open()).then_some((text, play))
}

fn parts(done: &[Done]) -> BTreeMap<&StepId, Option<bool>> {
    done.iter().map(|it| (&it.part, it.held)).collect()
}

#[test]
fn what_was_only_sent_begins_where_the_list_of_what_was_done_leads() {
    let mut begun = BTreeSet::new();
    for path in crate::scenarios() {
        let Some((text, play)) = told(&std::fs::read_to_string(&path).unwrap()) else { continue };
        let name = path.display();
        let untold = script::sides_published(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        let (listed, sent) = (&play.region.case, &untold.region.case);
        assert_eq!(parts(&sent.done), parts(&listed.done), "{name}");
        // Who did it and when is all that may differ.
        assert!(sent.one_way && !listed.one_way, "{name}");
        let alike = Case { done: listed.done.clone(), one_way: false, ..sent.clone() };
        assert_eq!(alike, *listed, "{name}");
        begun.insert((listed.service.clone(), listed.edition.clone(), listed.procedure.clone()));
    }
    for regulation in crate::regulations() {
        for channel in [Channel::Portal, Channel::Center] {
            let Some(intake) = regulation.intake(channel) else { continue };
            let (service, edition) = (regulation.service.clone(), regulation.edition.clone());
            let course = (service, edition, intake.id.clone());
            assert!(begun.contains(&course), "no scenario sends an application by {course:?}");
        }
    }
}

#[test]
fn a_region_that_hears_nothing_more_comes_to_the_same_end() {
    let mut ended = BTreeSet::new();
    for path in crate::scenarios() {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.display();
        let told = script::sides(&text).unwrap();
        if told.channel != Channel::Portal || told.region.case.end.is_none() {
            continue;
        }
        let untold = script::sides_published(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        let (heard, alone) = (&told.region.case, &untold.region.case);
        assert_eq!(alone.end.map(|it| it.0), heard.end.map(|it| it.0), "{name}");
        assert_eq!(parts(&alone.done), parts(&heard.done), "{name}");
        assert!(alone.results().eq(heard.results()), "{name}: the same papers");
        assert_eq!(alone.current(), None, "{name}");
        ended.insert((alone.service.clone(), alone.end.map(|it| it.0)));
    }
    for regulation in crate::regulations().iter().filter(|it| it.intake(Channel::Portal).is_some()) {
        for end in [End::Issued, End::Refused] {
            assert!(
                ended.contains(&(regulation.service.clone(), Some(end))),
                "{} {end:?}",
                regulation.service
            );
        }
    }
}
