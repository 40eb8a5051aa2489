// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whoever reads a value that a register told reads which register told it, and by which message.

use super::{CITIZEN, NOON, begun};
use crate::browser::Browser;
use crate::journal::{CHILD, IIN};
use crate::road::Road;
use engine::case::Provenance;
use regulation::model::{FieldId, RegisterId, ServiceId};
use service::portal::Sent;

#[tokio::test(flavor = "multi_thread")]
async fn a_prefilled_field_names_its_register_until_the_person_changes_it() {
    let road = Road::open(NOON).await;
    // Registers fill in forms of those who proved by a signature who they are.
    let citizen = road.citizen(CITIZEN).await;
    let sent = road.apply(&citizen, "p01", &CHILD).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let path = begun(&mut browser).await;
    let named = "Деректер көзі: «Жеке тұлғалар» мемлекеттік деректер базасы, 23.11.2026";
    browser.get(&path).await.says(named);

    let (citizen, _) = road.citizen(CITIZEN).await;
    let (service, address) = (ServiceId::from("guardianship-certificate"), FieldId::from("address"));
    let portal = &road.demo.portal;
    let begun = portal.begin_draft(&citizen, &service, "abai-education", "kk").await.unwrap().draft;
    let mut draft = portal.draft(&citizen.id, begun.id).await.unwrap().expect("the draft");
    let source = draft.prefilled[&address].source.clone().expect("its source");
    assert_eq!(source.register, RegisterId::from("gbd-fl"));
    assert!(source.message.starts_with("SIM-"), "{}", source.message);
    let same = draft.fields.clone();
    draft.fill(same);
    assert!(draft.prefilled.contains_key(&address));
    draft.fill(std::collections::BTreeMap::new());
    assert!(draft.prefilled.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_reads_which_register_told_a_fact_and_by_which_message() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    let case = road.stands(&road.demo.region, it.case, "provider.action-1").await;
    let told = case.facts.values().find_map(|it| {
        let Provenance::Register { message, .. } = &it.provenance else { return None };
        Some(message.clone())
    });
    let mut browser = Browser::new(&road);
    browser.sign_in_official("region", "abai-education.office").await;
    for (lang, title) in [
        ("kk", "Тізілімдерден алынған деректер"),
        ("ru", "Сведения из реестров"),
        ("en", "Data from the registers"),
    ] {
        let page = browser.get(&format!("/{lang}/region/cases/{}", it.case.0)).await;
        page.says(title);
        page.says(told.as_deref().expect("the register was asked"));
    }
}
