// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the executor adds depends on what was applied for, and by which channel.

use engine::Value;
use engine::form::{Problem, ProblemKind, result_problems};
use regulation::model::{Channel, FieldId, Regulation};
use std::collections::BTreeMap;

const NAME: &str = "regulations/employment-referral/2015.toml";
const TEXT: &str = include_str!("../../../../regulations/employment-referral/2015.toml");

fn referral() -> Regulation {
    regulation::parse(NAME, TEXT).unwrap()
}

fn values(of: &[(&str, &str)]) -> BTreeMap<FieldId, Value> {
    of.iter().map(|(id, value)| (FieldId::from(*id), Value::Text((*value).to_owned()))).collect()
}

fn missing(found: Vec<Problem>) -> Vec<String> {
    found.into_iter().filter(|it| it.kind == ProblemKind::Missing).map(|it| it.path).collect()
}

#[test]
fn a_referral_to_training_needs_the_organisation_the_profession_and_the_period() {
    let found = result_problems(
        &referral(),
        Channel::Portal,
        &values(&[("referral_kind", "training")]),
        &values(&[]),
    );
    let wanted =
        ["organization", "organization_address", "period_from", "period_to", "profession", "training_form"];
    assert_eq!(missing(found), wanted);
}

#[test]
fn career_guidance_needs_what_was_given_and_no_organisation() {
    let applied = values(&[("referral_kind", "career-guidance")]);
    let found = result_problems(&referral(), Channel::Portal, &applied, &values(&[]));
    assert_eq!(missing(found), ["guidance_advice", "guidance_date", "guidance_given"]);
    let given =
        [("guidance_advice", "электрик"), ("guidance_date", "2026-11-20"), ("guidance_given", "әңгіме")];
    assert!(result_problems(&referral(), Channel::Portal, &applied, &values(&given)).is_empty());
}

#[test]
fn a_result_field_of_another_channel_is_not_asked_for() {
    let text = TEXT.replacen("[[result-field]]\n", "[[result-field]]\nchannels = [\"provider\"]\n", 1);
    let regulation = regulation::parse(NAME, &text).unwrap();
    let applied = values(&[("referral_kind", "employment")]);
    let found = result_problems(&regulation, Channel::Portal, &applied, &values(&[]));
    assert_eq!(missing(found), ["organization_address", "vacancy_post"]);
    let found = result_problems(&regulation, Channel::Provider, &applied, &values(&[]));
    assert_eq!(missing(found), ["organization", "organization_address", "vacancy_post"]);
}
