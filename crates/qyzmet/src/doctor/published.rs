// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tables of portals that know the published form only, held against the regulations as the start holds them.

use super::{Finding, State, Visit};
use crate::serve::published;
use service::Settings;
use service::published::check::{TableFault, TableFaultKind, check};
use web::{Word, Words};

/// Where no tables are, nothing is looked at.
pub(super) fn examine(visit: &Visit, settings: &Settings) -> Vec<Finding> {
    let count = visit.config.published.services.len();
    if count == 0 {
        return Vec::new();
    }
    let faults = check(&published::forms(&visit.config, settings), settings);
    if faults.is_empty() {
        let told = visit.words.dr_tables_good(count);
        return vec![Finding::good("tables-fit", "[published]", told)];
    }
    faults.iter().map(|it| finding(visit.words, it)).collect()
}

fn finding(words: Words, fault: &TableFault) -> Finding {
    let (state, code) =
        if fault.is_warning() { (State::Soon, "table-lacks") } else { (State::Bad, "table-wrong") };
    Finding::amiss(state, code, fault.place(), (seen(words, &fault.kind), remedy(words, &fault.kind)))
}

fn seen(words: Words, kind: &TableFaultKind) -> String {
    match kind {
        TableFaultKind::NoService(service) => words.dr_table_no_service(service),
        TableFaultKind::NoProvider(service) => words.dr_table_no_provider(service),
        TableFaultKind::NoIntake(service) => words.dr_table_no_intake(service),
        TableFaultKind::NotTakenAt(organization) => words.dr_table_not_taken_at(organization),
        TableFaultKind::JudgesSignature(step) => words.dr_table_signature(step),
        TableFaultKind::NoWay(step) => words.dr_table_no_way(step),
        TableFaultKind::NeverEnds(step) => words.dr_table_never_ends(step),
        TableFaultKind::NoResult => words.of(Word::DrTableNoResult).to_owned(),
        TableFaultKind::NoField(field, _) => words.dr_table_no_field(field),
        TableFaultKind::NotAsked(field) => words.dr_table_not_asked(field),
        TableFaultKind::NotJoined(field) => words.dr_table_not_joined(field),
        TableFaultKind::FilledTwice(field) => words.dr_table_twice(field),
        TableFaultKind::EmptyGroup(group, _) => words.dr_table_empty_group(group),
        TableFaultKind::AnotherGroup(field, group) => words.dr_table_another_group(group, field),
        TableFaultKind::NeverRead(whole) => words.dr_table_never_read(whole),
        TableFaultKind::InTwoTables => words.of(Word::DrTableInTwo).to_owned(),
        TableFaultKind::NoChoice(field) => words.dr_table_no_choice(field),
        TableFaultKind::NoAnswer(answer, _) => words.dr_table_no_answer(answer),
        TableFaultKind::NotFixed(field) => words.dr_table_not_fixed(field),
        TableFaultKind::FixedToo(field) => words.dr_table_fixed_too(field),
        TableFaultKind::NoDocument(document, _) => words.dr_table_no_document(document),
        TableFaultKind::Unfilled(field) => words.dr_table_unfilled(field),
        TableFaultKind::Unattached(document) => words.dr_table_unattached(document),
    }
}

fn remedy(words: Words, kind: &TableFaultKind) -> String {
    let word = match kind {
        TableFaultKind::EmptyGroup(group, code) => return words.dr_table_empty_group_fix(code, group),
        TableFaultKind::NoAnswer(_, answers) => return words.dr_table_no_answer_fix(answers),
        TableFaultKind::NoField(_, fields) => return words.dr_table_no_field_fix(fields),
        TableFaultKind::NoDocument(_, documents) => return words.dr_table_no_document_fix(documents),
        TableFaultKind::NoService(_) => Word::DrTableNoServiceFix,
        TableFaultKind::NoProvider(_) => Word::DrTableNoProviderFix,
        TableFaultKind::NoIntake(_)
        | TableFaultKind::JudgesSignature(_)
        | TableFaultKind::NoWay(_)
        | TableFaultKind::NeverEnds(_) => Word::DrTableOutFix,
        TableFaultKind::NoResult => Word::DrTableNoResultFix,
        TableFaultKind::AnotherGroup(..) => Word::DrTableFieldFix,
        TableFaultKind::NotAsked(_) => Word::DrTableNotAskedFix,
        TableFaultKind::NotJoined(_) => Word::DrTableNotJoinedFix,
        TableFaultKind::FilledTwice(_) => Word::DrTableTwiceFix,
        TableFaultKind::NeverRead(_) | TableFaultKind::InTwoTables => Word::DrTableOneFix,
        TableFaultKind::NoChoice(_) => Word::DrTableNoChoiceFix,
        TableFaultKind::NotFixed(_) => Word::DrTableNotFixedFix,
        TableFaultKind::FixedToo(_) => Word::DrTableFixedTooFix,
        TableFaultKind::NotTakenAt(_) => Word::DrTableNotTakenAtFix,
        TableFaultKind::Unfilled(_) => Word::DrTableUnfilledFix,
        TableFaultKind::Unattached(_) => Word::DrTableLacksFix,
    };
    words.of(word).to_owned()
}
