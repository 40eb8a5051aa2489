// SPDX-License-Identifier: MIT OR Apache-2.0
//! The services behind the rooms, and who is signed in to them.
//!
//! A page of a citizen takes [`AsCitizen`], a page of an official [`AsOfficial`], a page of the administrator
//! [`AsAdministrator`]; whoever is not signed in is led to the
//! sign-in page of the room.

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use regulation::model::System;
use service::Service;
use service::accounts::{Citizen, Official, Session, Who};
use service::board::Board;
use std::sync::Arc;

use crate::errors::PageError;
use crate::page::Page;
use crate::room::Room;
use crate::sessions::{self, Account, SessionId, Sessions, SessionsUnavailable};
use crate::state::State;

/// The services that this program carries; a room without its service is not found.
#[derive(Debug, Clone, Default)]
pub struct Services {
    /// The citizen's portal.
    pub portal: Option<Arc<Service>>,
    /// The one-stop-shop.
    pub center: Option<Arc<Service>>,
    /// The provider's workplaces.
    pub region: Option<Arc<Service>>,
    /// The administrator's workplace.
    pub admin: Option<Administration>,
}

/// The administrator's workplace: who signs in to it, and what is stuck where.
#[derive(Debug, Clone)]
pub struct Administration {
    /// Where the accounts of administrators are; of a gateway it serves nothing else.
    pub accounts: Arc<Service>,
    /// The boards of the roles that this process carries.
    pub boards: Vec<(System, Arc<dyn Board>)>,
}

impl Services {
    /// Returns the service of a room.
    pub fn of(&self, room: Room) -> Result<&Arc<Service>, PageError> {
        let service = match room {
            Room::Portal => self.portal.as_ref(),
            Room::Center => self.center.as_ref(),
            Room::Region => self.region.as_ref(),
            Room::Admin => self.admin.as_ref().map(|it| &it.accounts),
        };
        service.ok_or(PageError::NotFound)
    }

    /// Returns every service of a role, the issuer of results first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Service>> {
        [&self.region, &self.portal, &self.center].into_iter().flatten()
    }
}

#[async_trait]
impl Sessions for Services {
    async fn load(&self, room: Room, id: &SessionId) -> Result<Option<Account>, SessionsUnavailable> {
        let Ok(service) = self.of(room) else { return Ok(None) };
        let session = service.session(id.expose()).await.map_err(|_| SessionsUnavailable)?;
        let account = match session.map(|it| it.who) {
            Some(Who::Citizen(person)) if room == Room::Portal => {
                service.citizen(&person).await.map(|it| it.map(|it| citizen_account(&it)))
            }
            Some(Who::Official(login)) => {
                let official = service.official(&login).await;
                official.map(|it| it.filter(|it| admits(room, it)).map(|it| official_account(&it)))
            }
            _ => Ok(None),
        };
        account.map_err(|_| SessionsUnavailable)
    }
}

/// Returns whether an official has a workplace in the room: an administrator has none where cases are, and an official of a
/// body none where the system is administered.
pub(crate) fn admits(room: Room, official: &Official) -> bool {
    match room {
        Room::Portal => false,
        Room::Center | Room::Region => !official.seat.actors.is_empty(),
        Room::Admin => official.administers,
    }
}

/// A citizen is greeted by name only after proof by EDS: before it nobody knows who it is.
fn citizen_account(it: &Citizen) -> Account {
    Account { name: it.full_name.clone().unwrap_or_default(), seat: None, proved: it.proof.is_some() }
}

fn official_account(it: &Official) -> Account {
    Account { name: it.seat.name.clone(), seat: Some(it.position_kk.clone()), proved: true }
}

/// Returns the cookies of who has just signed in to a room; the session that his browser brought ends.
pub(crate) async fn begun(
    service: &Service,
    jar: CookieJar,
    room: Room,
    token: String,
) -> Result<CookieJar, PageError> {
    let id = SessionId::new(token).ok_or(PageError::Server)?;
    if let Some(before) = sessions::id_from(&jar, room) {
        service.sign_out(before.expose()).await?;
    }
    Ok(jar.add(sessions::cookie(room, &id)))
}

/// A page of a signed-in citizen.
#[derive(Debug)]
pub struct AsCitizen {
    /// The page.
    pub page: Page,
    /// The portal.
    pub service: Arc<Service>,
    /// The citizen.
    pub citizen: Citizen,
    /// The session.
    pub session: Session,
}

/// A page of a signed-in official of the room.
#[derive(Debug)]
pub struct AsOfficial {
    /// The page.
    pub page: Page,
    /// The service of the room.
    pub service: Arc<Service>,
    /// The official.
    pub official: Official,
    /// The session.
    pub session: Session,
}

async fn signed_in(parts: &mut Parts, state: &State) -> Result<(Page, Arc<Service>, Session), PageError> {
    let page = Page::from_request_parts(parts, state).await?;
    let service = Arc::clone(state.services().of(page.room)?);
    let jar = CookieJar::from_headers(&parts.headers);
    let id = sessions::id_from(&jar, page.room).ok_or(PageError::SignIn)?;
    let session = service.session(id.expose()).await?.ok_or(PageError::SignIn)?;
    Ok((page, service, session))
}

impl FromRequestParts<State> for AsCitizen {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, PageError> {
        let (page, service, session) = signed_in(parts, state).await?;
        let Who::Citizen(person) = &session.who else { return Err(PageError::SignIn) };
        let citizen = service.citizen(person).await?.ok_or(PageError::SignIn)?;
        Ok(Self { page, service, citizen, session })
    }
}

impl AsOfficial {
    /// Returns the BIN of the organisation for which the official signs.
    pub fn bin(&self) -> Option<String> {
        self.service.settings.organization(&self.official.seat.organization).map(|it| it.bin.clone())
    }
}

/// Returns the official of a session who has a workplace in the room.
async fn official_of(page: &Page, service: &Service, session: &Session) -> Result<Official, PageError> {
    let Who::Official(login) = &session.who else { return Err(PageError::SignIn) };
    let official = service.official(login).await?.ok_or(PageError::SignIn)?;
    if admits(page.room, &official) { Ok(official) } else { Err(PageError::Forbidden) }
}

impl FromRequestParts<State> for AsOfficial {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, PageError> {
        let (page, service, session) = signed_in(parts, state).await?;
        let official = official_of(&page, &service, &session).await?;
        Ok(Self { page, service, official, session })
    }
}

/// A page of a signed-in administrator.
#[derive(Debug)]
pub struct AsAdministrator {
    /// The page.
    pub page: Page,
    /// Who.
    pub official: Official,
    /// What is stuck where.
    pub boards: Vec<(System, Arc<dyn Board>)>,
}

impl FromRequestParts<State> for AsAdministrator {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, PageError> {
        let (page, service, session) = signed_in(parts, state).await?;
        let official = official_of(&page, &service, &session).await?;
        if page.room != Room::Admin {
            return Err(PageError::NotFound);
        }
        let admin = state.services().admin.clone().ok_or(PageError::NotFound)?;
        Ok(Self { page, official, boards: admin.boards })
    }
}
