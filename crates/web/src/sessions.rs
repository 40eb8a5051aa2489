// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sessions: an opaque identifier in a cookie of the room, the rest behind the port.

use std::fmt;

use async_trait::async_trait;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::room::Room;

/// Longest identifier that is looked up.
const SESSION_ID_BYTES_MAX: usize = 128;

/// What the browser holds: made by the store from at least 128 random bits, kept there only as a hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// Takes an identifier as the browser or the store gives it: 16 to 128 letters, digits, `-` or `_`.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let known = text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
        (known && (16..=SESSION_ID_BYTES_MAX).contains(&text.len())).then_some(Self(text))
    }

    /// Returns the text that goes into the cookie and is hashed by the store. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// Who is signed in, as the pages need it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// How the person is greeted.
    pub name: String,
    /// The seat of an official: «Қорғаншылық бөлімі, маман»; nothing for a citizen.
    pub seat: Option<String>,
    /// Whether the person has been proved by EDS in this session.
    pub proved: bool,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("proved", &self.proved).finish_non_exhaustive()
    }
}

/// The store of sessions did not answer; the page says so and nothing is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionsUnavailable;

/// Where the layout looks up who is signed in; [`crate::services::Services`] in the program.
#[async_trait]
pub trait Sessions: Send + Sync + fmt::Debug {
    /// Returns who is signed in to the room by this session, or nothing when it has ended.
    async fn load(&self, room: Room, id: &SessionId) -> Result<Option<Account>, SessionsUnavailable>;
}

/// Returns the session identifier that the browser sent for the room.
pub fn id_from(jar: &CookieJar, room: Room) -> Option<SessionId> {
    jar.get(room.cookie()).and_then(|it| SessionId::new(it.value()))
}

/// Returns the cookie that begins a session.
pub fn cookie(room: Room, id: &SessionId) -> Cookie<'static> {
    closed(room.cookie(), id.expose().to_owned())
}

/// Returns the cookie that ends a session.
pub fn ended(room: Room) -> Cookie<'static> {
    let mut cookie = closed(room.cookie(), String::new());
    cookie.make_removal();
    cookie
}

/// A cookie that scripts, other sites and plain connections never see.
pub(crate) fn closed(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}
