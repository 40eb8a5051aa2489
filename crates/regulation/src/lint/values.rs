// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names in formulas, tables, entries of registers and conditions of papers: each must be there, and of the right kind.

use super::Finding;
use crate::code::Code;
use crate::facts;
use crate::formula::Formula;
use crate::model::{Block, Expr, Field, FieldId, FieldKind, PaperRole, Regulation};
use crate::place::{Kind, Place};

/// The column of a table that joins surname, given name and patronymic.
const FULL_NAME: &str = "full_name";

pub(super) fn lint(regulation: &Regulation, findings: &mut Vec<Finding>) {
    reserved(regulation, findings);
    formulas(regulation, findings);
    tables(regulation, findings);
    entries(regulation, findings);
    papers(regulation, findings);
}

fn field<'r>(regulation: &'r Regulation, id: &str) -> Option<&'r Field> {
    regulation.fields.iter().chain(&regulation.result_fields).find(|it| it.id.as_str() == id)
}

fn group<'r>(regulation: &'r Regulation, id: &str) -> Option<&'r [Field]> {
    let field = field(regulation, id)?;
    if let FieldKind::Group { fields, .. } = &field.kind { Some(fields) } else { None }
}

fn undeclared(place: Place, message: String, help: &str) -> Finding {
    Finding::new(Code::Undeclared, place, message, help)
}

/// A field has no name that conditions, papers and pages know as something else.
fn reserved(regulation: &Regulation, findings: &mut Vec<Finding>) {
    let fields = regulation.fields.iter().map(|it| (Kind::Field, it));
    let results = regulation.result_fields.iter().map(|it| (Kind::ResultField, it));
    for (kind, field) in fields.chain(results).filter(|(_, it)| facts::is_reserved(it.id.as_str())) {
        let message = format!("`{}` means something else already", field.id);
        let place = Place::Named(kind, field.id.0.clone());
        let help = "give the field a name of its own, such as `referral_kind`";
        findings.push(Finding::new(Code::ReservedName, place, message, help));
    }
}

/// What a formula names: figures of the application and of the result, groups and their figures; inside a group first the
/// figures of the same entry.
fn formulas(regulation: &Regulation, findings: &mut Vec<Finding>) {
    for of in &regulation.result_fields {
        let place = Place::Named(Kind::ResultField, of.id.0.clone());
        formula(regulation, of, (None, &place), findings);
        let FieldKind::Group { fields, .. } = &of.kind else { continue };
        for inner in fields {
            formula(regulation, inner, (Some((&of.id, fields)), &place), findings);
        }
    }
    let within = |it: &Field| {
        let FieldKind::Group { fields, .. } = &it.kind else { return false };
        fields.iter().any(|it| it.formula.is_some())
    };
    for of in regulation.fields.iter().filter(|it| it.formula.is_some() || within(it)) {
        let message = format!("`{}` is asked of the applicant and cannot be calculated", of.id);
        let place = Place::Named(Kind::Field, of.id.0.clone());
        findings.push(undeclared(place, message, "move the formula to a result field"));
    }
}

fn is_figure(it: &Field) -> bool {
    matches!(it.kind, FieldKind::Number | FieldKind::Money)
}

fn formula(
    regulation: &Regulation,
    of: &Field,
    (within, place): (Option<(&FieldId, &[Field])>, &Place),
    findings: &mut Vec<Finding>,
) {
    let Some(formula) = &of.formula else { return };
    if !is_figure(of) {
        let message = format!("`{}` has a formula, but takes no figure", of.id);
        findings.push(undeclared(place.clone(), message, "make it `number` or `money`"));
    }
    let own = |id: &FieldId| within.and_then(|(_, fields)| fields.iter().find(|it| it.id == *id));
    formula.for_each(&mut |it| {
        let wrong = match it {
            Formula::Field(id) => !own(id).or_else(|| field(regulation, id.as_str())).is_some_and(is_figure),
            Formula::Count(id) => group(regulation, id.as_str()).is_none(),
            Formula::Sum(id, inner) => {
                let found =
                    group(regulation, id.as_str()).and_then(|of| of.iter().find(|it| it.id == *inner));
                // What the entries are still being worked out for cannot be added up inside one of them.
                let unfinished = within.is_some_and(|(group, _)| group == id)
                    && found.is_some_and(|it| it.formula.is_some());
                unfinished || !found.is_some_and(is_figure)
            }
            Formula::Figure(_) | Formula::Rate(_) | Formula::Min(_) | Formula::Max(_) | Formula::Join(..) => {
                false
            }
        };
        if wrong {
            let message = format!("formula of `{}` names `{it}`, which is no figure or group here", of.id);
            let help = "name fields of type `number` or `money`, or a group";
            findings.push(undeclared(place.clone(), message, help));
        }
    });
}

fn tables(regulation: &Regulation, findings: &mut Vec<Finding>) {
    for paper in &regulation.papers {
        for block in &paper.blocks {
            let Block::Table { value, columns } = block else { continue };
            let place = || Place::Named(Kind::Paper, paper.id.0.clone());
            let Some(fields) = group(regulation, value) else {
                let message = format!("table `{value}` of paper `{}` is no group", paper.id);
                findings.push(Finding::new(
                    Code::Placeholder,
                    place(),
                    message,
                    "name a field of type `group`",
                ));
                continue;
            };
            for column in columns.iter().filter(|it| it.field != FULL_NAME) {
                if !fields.iter().any(|it| it.id.as_str() == column.field) {
                    let message = format!("group `{value}` has no field `{}`", column.field);
                    let help = "name a field of the group, or `full_name`";
                    findings.push(Finding::new(Code::Placeholder, place(), message, help));
                }
            }
        }
    }
}

fn entries(regulation: &Regulation, findings: &mut Vec<Finding>) {
    for entry in &regulation.entries {
        let dates = entry.from.iter().chain(&entry.to).chain(&entry.subjects);
        let missing = |it: &&FieldId| field(regulation, it.as_str()).is_none();
        for name in entry.fields.iter().chain(dates).filter(missing) {
            let message = format!("the entry into `{}` copies `{name}`, which is no field", entry.register);
            findings.push(undeclared(
                Place::File,
                message,
                "name a field of the application or of the result",
            ));
        }
    }
}

/// Each regulation grants something; the conditions of papers speak of what is known when they are printed.
fn papers(regulation: &Regulation, findings: &mut Vec<Finding>) {
    if regulation.papers_of(PaperRole::Grant).next().is_none() {
        let message = "no paper is granted".to_owned();
        findings.push(undeclared(Place::File, message, "give a `[[paper]]` the `role = \"grant\"`"));
    }
    let known = |name: &str| {
        facts::GIVEN.contains(&name)
            || regulation.facts.iter().any(|it| it.id.as_str() == name)
            || field(regulation, name).is_some()
    };
    let mut check = |place: Place, when: &Expr| {
        when.for_each_fact(&mut |fact| {
            if !known(fact.as_str()) {
                let message = format!("`{fact}` is neither a fact nor a field");
                findings.push(undeclared(place.clone(), message, "declare it, or name a field"));
            }
        });
    };
    for paper in &regulation.papers {
        if let Some(when) = &paper.when {
            check(Place::Named(Kind::Paper, paper.id.0.clone()), when);
        }
    }
    for when in regulation.entries.iter().filter_map(|it| it.when.as_ref()) {
        check(Place::File, when);
    }
}
