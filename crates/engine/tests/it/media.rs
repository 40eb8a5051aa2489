// SPDX-License-Identifier: MIT OR Apache-2.0
//! In what form the act gives the result, by channel; and what both sides sign.

use engine::printed;
use regulation::model::{Channel, Medium, Regulation};

fn of(name: &str, text: &str) -> Regulation {
    regulation::parse(name, text).unwrap()
}

#[test]
fn the_act_of_2012_gives_a_paper_at_the_center_and_a_document_on_the_portal() {
    let text = include_str!("../../../../regulations/guardianship-certificate/2012.toml");
    let regulation = of("regulations/guardianship-certificate/2012.toml", text);
    assert_eq!(regulation.media_in(Channel::Center), [Medium::Paper]);
    assert_eq!(regulation.media_in(Channel::Portal), [Medium::Electronic]);
    assert!(!regulation.is_paper_only(), "what is printed at the center may be signed with a key before");
}

#[test]
fn the_contract_is_what_the_applicant_signs_too_and_the_notification_is_not() {
    let text = include_str!("../../../../regulations/patronage-placement/2018.toml");
    let regulation = of("regulations/patronage-placement/2018.toml", text);
    assert_eq!(regulation.media_in(Channel::Provider), [Medium::Paper]);
    let mut case = engine::Case::empty(engine::case::CaseId(uuid::Uuid::nil()));
    case.channel = Channel::Portal;
    let title = |case: &engine::Case| {
        printed::result_of(&regulation, case).map(|it| it.id.as_str().to_owned()).unwrap_or_default()
    };
    assert_eq!(title(&case), "notification");
    assert!(!printed::is_countersigned(&regulation, &case));
    let result = engine::case::SignedResult {
        file: engine::case::FileHash("notice".to_owned()),
        check_key: "00".to_owned(),
        signer: "head".to_owned(),
        at: jiff::Timestamp::UNIX_EPOCH,
        on_paper: None,
    };
    case.earlier.push(engine::case::Earlier { number: None, result });
    assert_eq!(title(&case), "contract");
    assert!(printed::is_countersigned(&regulation, &case));
    case.earlier.clear();
    case.channel = Channel::Provider;
    assert_eq!(title(&case), "contract");
}
