// SPDX-License-Identifier: MIT OR Apache-2.0
//! The hands of citizens and officials: whatever fails they do again, as a person at a page does.

use crate::Failure;
use crate::shipped::{CITIZENS, PROVIDERS, guardianships};
use crate::world::{REGION, World};
use engine::Act;
use engine::case::{CaseId, PersonId, Proposal, Value};
use regulation::model::{Action, Actor, FieldId, RegisterId, ServiceId};
use service::access::Seat;
use service::accounts::{Citizen, Official, Session};
use service::drafts::Draft;
use service::portal::Sent;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const PASSWORD: &str = "Qyzmet-2026";
/// How long a person waits before he tries again.
const AGAIN: Duration = Duration::from_millis(60);
/// How often a citizen looks into his cabinet.
const LOOK: Duration = Duration::from_millis(250);

/// An application that the portal has acknowledged: the citizen's own note of it.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) case: CaseId,
    /// Which of the regions is to have it.
    pub(crate) region: usize,
    /// Whether officials work on it.
    pub(crate) by_hand: bool,
}

/// A citizen who is signed in.
pub(crate) struct Applicant {
    key: &'static str,
    citizen: Citizen,
    session: Session,
    child: BTreeMap<FieldId, String>,
}

/// Makes the accounts, and the register that the first provider keeps.
pub(crate) async fn settle(world: &World) -> Result<Vec<Arc<Applicant>>, Failure> {
    let table = guardianships(&world.people);
    let taken = world.at(REGION, |it| async move {
        it.import_entries(PROVIDERS[0], &RegisterId::from("guardianship"), table.as_bytes()).await
    });
    taken.await.ok_or("the region is gone")??;
    let mut found = Vec::new();
    for key in CITIZENS {
        let person = world.people.by_id(key).ok_or("nobody of that name")?;
        let iin = person.iin.clone();
        let signed_in = world.at(0, move |portal| async move {
            portal.register_citizen(&iin, PASSWORD).await?;
            let (account, session) = portal.sign_in_citizen(&iin, PASSWORD, None).await?;
            Ok::<_, Failure>((portal.citizen(&account).await?, portal.session(&session).await?))
        });
        let (citizen, session) = signed_in.await.ok_or("the portal is gone")??;
        let known = world.people.appointments_of(person).next().map(|(_, it)| it);
        let of = |surname: &str, given: &str, born: String| {
            [("surname", surname.to_owned()), ("given", given.to_owned()), ("birth_date", born)]
                .map(|(id, text)| (FieldId::from(id), text))
                .into()
        };
        let child = match known {
            Some(it) => of(&it.name.surname, &it.name.given, it.birth.to_string()),
            None => of("Байғоныс", "Айсұлтан", "2010-04-18".to_owned()),
        };
        let (citizen, session) = (citizen.ok_or("no account")?, session.ok_or("no session")?);
        found.push(Arc::new(Applicant { key, citizen, session, child }));
    }
    Ok(found)
}

fn fields(child: &BTreeMap<FieldId, String>) -> BTreeMap<FieldId, Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    [
        ("role", text("guardian")),
        ("children", Value::Entries(vec![child.clone()])),
        ("address", text("Ойдан шығарылған көше, 7")),
        ("phone", text("+77000000000")),
        ("consent", Value::Bool(true)),
    ]
    .map(|(id, value)| (FieldId::from(id), value))
    .into()
}

fn sign(world: &World, key: &str, digest: [u8; 32]) -> Result<Vec<u8>, Failure> {
    let holder = world.ca.holder(key).ok_or("nobody has this key")?;
    let chain = world.ca.chain(holder);
    Ok(eds::sign_cms_detached(digest, holder.signer(), &chain, world.time.now())?)
}

/// Fills, reviews, signs and sends an application, until the portal says that it has it.
pub(crate) async fn apply(world: &World, who: &Arc<Applicant>, region: usize) -> Result<Sheet, Failure> {
    let order = service::ports::Clock::uuid(&*world.process(0).clock);
    let provider = PROVIDERS[region - REGION];
    let (draft, content) = loop {
        let who = Arc::clone(who);
        let filled = world.at(0, move |portal| async move {
            let service = ServiceId::from("guardianship-certificate");
            let mut draft = portal.begin_draft(&who.citizen, &service, provider, "kk").await?.draft;
            draft.fields = fields(&who.child);
            portal.save_draft(&mut draft).await?;
            let frozen = portal.freeze(&who.citizen, &mut draft).await?;
            let (content, _) = portal.frozen_bytes(&frozen).await?;
            Ok::<(Draft, Vec<u8>), service::SubmitError>((draft, content))
        });
        match filled.await {
            Some(Ok(filled)) => break filled,
            Some(Err(service::SubmitError::Unavailable(_) | service::SubmitError::Changed)) | None => {
                tokio::time::sleep(AGAIN).await;
            }
            Some(Err(other)) => return Err(other.into()),
        }
    };
    let case = draft.case;
    let cms = sign(world, who.key, eds::sha256(&content))?;
    while !send(world, who, &draft, (&cms, order)).await? {
        tokio::time::sleep(AGAIN).await;
    }
    Ok(Sheet { case, region, by_hand: who.key == CITIZENS[2] })
}

/// Sends once; an answer that never came is asked for before it is sent again.
async fn send(
    world: &World,
    who: &Arc<Applicant>,
    draft: &Draft,
    (cms, order): (&[u8], Uuid),
) -> Result<bool, Failure> {
    let (who, draft, cms) = (Arc::clone(who), draft.clone(), cms.to_vec());
    let sent = world.at(0, move |portal| async move {
        if portal.sent_before(&who.citizen, order).await.ok()?.is_some() {
            return Some(Ok(true));
        }
        match portal.send((&who.citizen, &who.session), &draft, cms, order).await {
            Ok(Sent::Accepted(_) | Sent::Waiting(_)) => Some(Ok(true)),
            Ok(Sent::Refused { code, .. }) => Some(Err(format!("refused: {code:?}"))),
            Err(service::portal::SendRefused::Failed(
                service::SubmitError::Unavailable(_) | service::SubmitError::Changed,
            )) => None,
            Err(other) => Some(Err(other.to_string())),
        }
    });
    match sent.await.flatten() {
        Some(Ok(sent)) => Ok(sent),
        Some(Err(why)) => Err(why.into()),
        None => Ok(false),
    }
}

/// Looks into the cabinet until the case has ended.
pub(crate) async fn await_end(world: &World, sheet: &Sheet) {
    let case = sheet.case;
    loop {
        let ended =
            world.at(0, move |it| async move { it.load(case).await.is_ok_and(|it| it.case.end.is_some()) });
        if ended.await == Some(true) {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn official(world: &World, organization: &str, actor: Actor) -> Option<Official> {
    let body = world.settings.organization(organization)?;
    let seat = body.seats.iter().find(|it| it.actor == actor)?;
    Some(Official {
        login: seat.id.clone(),
        seat: Seat {
            person: PersonId(seat.id.clone()),
            organization: organization.to_owned(),
            actors: vec![actor],
            name: seat.holder.full_name.clone(),
            iin: seat.holder.iin.clone(),
        },
        position_kk: seat.post.kk.clone(),
        position_ru: seat.post.ru.clone(),
        administers: false,
    })
}

/// What the executor adds to the certificate.
fn granted() -> Proposal {
    let values = [
        ("guardian_role", "guardian"),
        ("act_body", "Ойдан шығарылған әкімдік"),
        ("act_number", "17"),
        ("act_date", "2019-02-11"),
    ];
    let values = values.map(|(id, text)| (FieldId::from(id), Value::Text(text.to_owned())));
    Proposal::Grant { values: values.into() }
}

/// The office, the head, the executor, the head and the office again work on a case until it has ended at the region.
pub(crate) async fn work(world: Arc<World>, sheet: Sheet) -> Result<(), Failure> {
    loop {
        tokio::time::sleep(AGAIN).await;
        let case = sheet.case;
        let looked = world.at(sheet.region, move |it| async move { it.load(case).await.ok() });
        let Some(Some(loaded)) = looked.await else { continue };
        if loaded.case.end.is_some() {
            return Ok(());
        }
        let Some(place) = loaded.case.current() else { continue };
        let regulation = &world.settings.regulations[0];
        let part = regulation
            .procedure(&place.procedure)
            .and_then(|it| it.steps.iter().flat_map(|step| &step.parts).find(|it| it.id == place.part));
        let Some(part) = part else { continue };
        let body = PROVIDERS[sheet.region - REGION];
        let by = |actor| official(&world, body, actor).ok_or("nobody sits there");
        let (who, act) = if part.action == Action::Accept {
            (by(Actor::ProviderOffice)?, Act::Accepted)
        } else if part.action == Action::Instruct {
            let executor = by(Actor::ProviderExecutor)?.seat.person;
            (by(Actor::ProviderHead)?, Act::Instructed { text: "Орындауға".to_owned(), executor })
        } else if part.action == Action::Prepare {
            (by(Actor::ProviderExecutor)?, Act::Prepared(granted()))
        } else if part.action == Action::Dispatch {
            (by(Actor::ProviderOffice)?, Act::Dispatched { courier: None })
        } else if part.action == Action::SignResult {
            sign_result(&world, &sheet, by(Actor::ProviderHead)?).await?;
            continue;
        } else {
            continue;
        };
        let part = place.part.clone();
        let acted = world.at(sheet.region, move |it| async move {
            let Some(actor) = who.seat.actors.first() else { return Ok(()) };
            it.act(&who.seat, *actor, case, (part, act, it.uuid())).await.map(drop)
        });
        passing(acted.await)?;
    }
}

async fn sign_result(world: &World, sheet: &Sheet, head: Official) -> Result<(), Failure> {
    let (case, who) = (sheet.case, head.clone());
    let prepared = world.at(sheet.region, move |it| async move {
        let prepared = it.prepare_result(&who, case, it.uuid()).await?;
        Ok(hex::decode(prepared.sha256).ok().and_then(|it| it.try_into().ok()))
    });
    let Some(Some(digest)) = passing(prepared.await)? else { return Ok(()) };
    let cms = sign(world, &head.login.replace('.', "-"), digest)?;
    let signed = world.at(sheet.region, move |it| async move {
        it.sign_result(&head, case, &cms, it.uuid()).await.map(drop).or_else(|it| match it {
            service::signing::SignRefused::Failed(it) => Err(it),
            // Prepared again, or judged again, in the next turn.
            service::signing::SignRefused::NotPrepared
            | service::signing::SignRefused::Indeterminate { .. } => Ok(()),
            service::signing::SignRefused::Invalid { code } => {
                Err(service::SubmitError::Unusable(format!("the official's signature: {code:?}")))
            }
            service::signing::SignRefused::TooLarge => {
                Err(service::SubmitError::Unusable("the official's signature is too large".to_owned()))
            }
        })
    });
    passing(signed.await).map(drop)
}

/// What passes by itself is done again; what the case refuses was done already by a try whose answer never came.
fn passing<T>(done: Option<Result<T, service::SubmitError>>) -> Result<Option<T>, Failure> {
    match done {
        Some(Ok(it)) => Ok(Some(it)),
        Some(Err(
            service::SubmitError::Unavailable(_)
            | service::SubmitError::Changed
            | service::SubmitError::Inadmissible(_),
        ))
        | None => Ok(None),
        Some(Err(other)) => Err(other.into()),
    }
}
