// SPDX-License-Identifier: MIT OR Apache-2.0
//! The originals of the papers, from hand to hand: one-stop-shop, courier, provider's office and back. Beside the steps: no act
//! of the fourteen prints it, and it stops no term.

use super::{Run, complete::required};
use crate::{
    case::{Holder, PersonId, Sheets, Transfer},
    command::{Movement, Party},
    event::Event,
    form,
    inadmissible::{Inadmissible, Input},
};
use regulation::model::{Actor, Channel, System};

/// Movements of one case at most: papers that wander need a person, not a program.
pub(super) const MOVEMENTS_MAX: usize = 32;
/// Pages of one document at most.
const PAGES_MAX: u32 = 9_999;

/// Records a movement, if the originals are in the hands of who makes it and the provider has ordered that they travel.
// LAW: the acts send copies with the request and name a courier for results only (004, 5.4); that originals travel is a
// setting of the provider, on a basis that it names.
pub(super) fn moved(run: &mut Run, by: &Party, movement: &Movement) -> Result<(), Inadmissible> {
    let who = authorise(run, by)?;
    let elsewhere = Inadmissible::OriginalsElsewhere;
    if run.case.channel != Channel::Center || run.case.originals.len() >= MOVEMENTS_MAX {
        return Err(elsewhere);
    }
    let last = run.case.originals.last().cloned();
    let holder = last.as_ref().map(|it| it.to);
    let at_center = run.world.here == System::Center;
    let (to, sheets, courier) = match (movement, at_center, holder) {
        (Movement::Handed { sheets, courier }, true, None | Some(Holder::Center)) => {
            ordered(run)?;
            if !run.sent_before {
                return Err(Inadmissible::NotHere { current: run.case.current().map(|it| it.part.clone()) });
            }
            (Holder::ToProvider, sheets, Some(courier))
        }
        (Movement::Handed { sheets, courier }, false, Some(Holder::Provider)) => {
            (Holder::ToCenter, sheets, Some(courier))
        }
        (Movement::Received { sheets }, false, Some(Holder::ToProvider)) => (Holder::Provider, sheets, None),
        (Movement::Received { sheets }, true, Some(Holder::ToCenter)) => (Holder::Center, sheets, None),
        (Movement::GivenBack, true, Some(Holder::Center)) => (Holder::Applicant, &Vec::new(), None),
        _ => return Err(elsewhere),
    };
    if let Some(courier) = courier {
        required(courier, Input::Courier)?;
        listed(run, sheets)?;
    }
    let came = |it: &Sheets| sheets.iter().any(|of| of.document == it.document && of.pages >= it.pages);
    let before = last.filter(|_| matches!(movement, Movement::Received { .. })).map(|it| it.sheets);
    let (missing, known) = match &before {
        Some(sent) => (
            sent.iter().filter(|it| !came(it)).map(|it| it.document.clone()).collect(),
            sheets.iter().all(|it| sent.iter().any(|of| of.document == it.document && of.pages >= it.pages)),
        ),
        None => (Vec::new(), true),
    };
    // What was not on the list did not travel: a longer list needs a new one from who sent it.
    if !known {
        return Err(Inadmissible::TooMuch);
    }
    let sheets = sheets.iter().filter(|it| it.pages > 0).cloned().collect();
    let (courier, at) = (courier.cloned(), run.now);
    run.emit(Event::OriginalsMoved { transfer: Transfer { to, sheets, missing, courier, by: who, at } });
    Ok(())
}

fn authorise(run: &Run, by: &Party) -> Result<PersonId, Inadmissible> {
    let needs = if run.world.here == System::Center { Actor::CenterOperator } else { Actor::ProviderOffice };
    let Party::Person { id, actor, organization } = by else {
        return Err(Inadmissible::WrongRole { needs });
    };
    if *actor != needs {
        return Err(Inadmissible::WrongRole { needs });
    }
    if organization.as_ref() != Some(&run.world.body_of(needs).id) {
        return Err(Inadmissible::OtherOrganization);
    }
    Ok(id.clone())
}

fn ordered(run: &Run) -> Result<(), Inadmissible> {
    let fact = regulation::facts::ORIGINALS_BY_COURIER.into();
    let stated = run.world.provider.setting(&fact, &run.case.service, run.now);
    let holds = stated.is_some_and(|(value, _)| value == crate::case::Value::Bool(true));
    if holds { Ok(()) } else { Err(Inadmissible::OriginalsStay) }
}

/// Something is given, of documents that the Standard names, each once.
fn listed(run: &Run, sheets: &[Sheets]) -> Result<(), Inadmissible> {
    if sheets.iter().all(|it| it.pages == 0) {
        return Err(Inadmissible::Empty(Input::Pages));
    }
    let documents = &run.world.regulation.documents;
    let known = |it: &Sheets| documents.iter().any(|of| of.id == it.document) && it.pages <= PAGES_MAX;
    let once = |it: &Sheets| sheets.iter().filter(|of| of.document == it.document).count() == 1;
    if sheets.len() > form::ATTACHMENTS_MAX || !sheets.iter().all(|it| known(it) && once(it)) {
        return Err(Inadmissible::TooMuch);
    }
    Ok(())
}
