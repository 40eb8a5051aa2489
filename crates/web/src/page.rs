// SPDX-License-Identifier: MIT OR Apache-2.0
//! `Page`: everything a page knows about its request, taken by one extractor.

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::response::Html;
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use tower_http::request_id::RequestId;

use crate::errors::PageError;
use crate::flash::Flash;
use crate::lang::Lang;
use crate::room::Room;
use crate::sessions::{self, Account, SessionId};
use crate::state::{Demo, State};
use crate::words::{Word, Words};
use crate::{assets, format, nav, ui};

/// The request as a page sees it; a field `page` of every template.
#[derive(Debug, Clone)]
pub struct Page {
    /// Words in the language of the address.
    pub w: Words,
    /// Whose pages these are.
    pub room: Room,
    /// Who is signed in.
    pub account: Option<Account>,
    /// The session, to end it or to touch it.
    pub session: Option<SessionId>,
    /// Code of the request, shown on error pages and written in logs.
    pub request_id: String,
    /// The message left by the page before.
    pub flash: Option<Flash>,
    /// Path and query without the language; empty for the first page.
    pub path: String,
    /// The time by the program's clock.
    pub now: Timestamp,
    /// The demonstration mode.
    pub demo: Option<Demo>,
    /// Systems that are simulated.
    pub simulated: Vec<Word>,
    /// Whether a telephone can sign.
    pub telephone: bool,
}

impl Page {
    /// Returns a page without account and message, for answers made outside the handlers.
    pub fn bare(state: &State, lang: Lang, path: &str, request_id: &str) -> Self {
        Self {
            w: Words::new(lang),
            room: Room::of_path(path.trim_start_matches('/')),
            account: None,
            session: None,
            request_id: request_id.to_owned(),
            flash: None,
            path: path.to_owned(),
            now: state.now(),
            demo: state.demo(),
            simulated: state.simulated().to_vec(),
            telephone: state.telephone().is_some(),
        }
    }

    /// Returns the language of the page.
    pub fn lang(&self) -> Lang {
        self.w.lang()
    }

    /// Returns the address of a path in the language of the page: `/services` → `/kk/services`.
    pub fn href(&self, path: &str) -> String {
        address(self.lang(), path)
    }

    /// Returns the address of this very page in another language.
    pub fn in_language(&self, lang: &Lang) -> String {
        address(*lang, &self.path)
    }

    /// Returns the signed-in account, or the way to the sign-in page.
    pub fn need_account(&self) -> Result<&Account, PageError> {
        self.account.as_ref().ok_or(PageError::SignIn)
    }

    /// Returns the sections of the room that this person sees.
    pub fn sections(&self) -> Vec<ui::Section> {
        let path = self.path.split('?').next().unwrap_or_default();
        let seen: Vec<_> = nav::sections(self.room)
            .iter()
            .filter(|it| self.account.is_some() || !it.needs_account)
            .collect();
        let current = seen.iter().map(|it| it.path).filter(|it| within(path, it)).max_by_key(|it| it.len());
        let section = |it: &&nav::Section| ui::Section {
            href: self.href(it.path),
            text: self.w.of(it.word).to_owned(),
            count: None,
            current: current == Some(it.path),
        };
        seen.iter().map(section).collect()
    }

    /// Returns where a person signs in to this room.
    pub fn sign_in_address(&self) -> String {
        self.href(&format!("{}/sign-in", self.room.home().trim_end_matches('/')))
    }

    /// Returns where a person signs out of this room, by a POST.
    pub fn sign_out_address(&self) -> String {
        self.href(&format!("{}/sign-out", self.room.home().trim_end_matches('/')))
    }

    /// Returns the name of the room.
    pub fn room_name(&self) -> &'static str {
        self.w.of(self.room.title())
    }

    /// Returns the names of the simulated systems, or nothing when all is real.
    pub fn simulated_names(&self) -> Option<String> {
        let names: Vec<&str> = self.simulated.iter().map(|it| self.w.of(*it)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Returns where a page has its documents handed to a telephone, if one is connected: in the demonstration a simulated
    /// one.
    pub fn phone(&self, path: &str) -> Option<String> {
        self.telephone.then(|| self.href(path))
    }

    /// Returns the demonstration time, when the clock has been moved.
    pub fn demo_time(&self) -> Option<String> {
        self.demo.filter(|it| it.moved_clock).map(|_| format::date_time(self.now))
    }

    /// Returns `21.11.2026 14:30` of an instant.
    pub fn date_time(&self, at: &Timestamp) -> String {
        format::date_time(*at)
    }

    /// Returns every language, for the switch.
    pub fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }

    /// Returns the address of the built styles.
    pub fn styles(&self) -> &'static str {
        assets::APP_CSS
    }

    /// Returns the address of the built script.
    pub fn script(&self) -> &'static str {
        assets::APP_JS
    }

    /// Returns the address of the mark of the program.
    pub fn mark(&self) -> &'static str {
        assets::MARK_SVG
    }
}

impl FromRequestParts<State> for Page {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, PageError> {
        let uri =
            OriginalUri::from_request_parts(parts, state).await.map_or_else(|_| parts.uri.clone(), |it| it.0);
        let (lang, _) = Lang::of_path(uri.path()).ok_or(PageError::NotFound)?;
        let path = without_language(uri.path_and_query().map_or("/", |it| it.as_str()));
        let jar = CookieJar::from_headers(&parts.headers);
        let mut page = Self::bare(state, lang, path, request_id(&parts.extensions));
        page.flash = Flash::read(&jar);
        if let Some(id) = sessions::id_from(&jar, page.room) {
            page.account = state.sessions().load(page.room, &id).await.map_err(|_| PageError::Unavailable)?;
            page.session = page.account.is_some().then_some(id);
        }
        Ok(page)
    }
}

/// Renders a template.
pub fn html(template: &impl Template) -> Result<Html<String>, PageError> {
    template.render().map(Html).map_err(|_| PageError::Server)
}

/// Returns the address of a path in a language.
pub fn address(lang: Lang, path: &str) -> String {
    let path = if path == "/" { "" } else { path };
    format!("/{}{path}", lang.code())
}

/// `/kk/services?q=1` → `/services?q=1`; `/kk` → nothing.
pub(crate) fn without_language(path_and_query: &str) -> &str {
    let rest = path_and_query.trim_start_matches('/');
    rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or_default()
}

pub(crate) fn request_id(extensions: &axum::http::Extensions) -> &str {
    extensions.get::<RequestId>().and_then(|it| it.header_value().to_str().ok()).unwrap_or_default()
}

fn within(path: &str, section: &str) -> bool {
    path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
