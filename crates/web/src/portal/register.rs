// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registration by IIN and password.

use askama::Template;
use axum::Router;
use axum::extract::{Form, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use service::accounts::{RegisterRefused, SignInRefused};

use super::parts::{Pairs, portal, to, unprocessable, value};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::room::Room;
use crate::services::begun;
use crate::state::State;
use crate::ui::{Choice, Choices, Field, FieldKind, Problem};
use crate::words::{Word, Words};

/// Digits of an IIN.
const IIN_DIGITS: usize = 12;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/register", get(show).post(register))
}

#[derive(Template)]
#[template(path = "portal/register.html")]
struct RegisterPage {
    page: Page,
    problems: Vec<Problem>,
    fields: Vec<Field>,
    consent: Choices,
}

/// What is wrong with the form.
#[derive(Default)]
struct Wrong {
    iin: Option<Word>,
    password: Option<Word>,
    repeat: Option<Word>,
    consent: Option<Word>,
}

async fn show(page: Page, FromState(state): FromState<State>) -> Result<Response, PageError> {
    portal(&state)?;
    if page.account.is_some() {
        return Ok(to(&page, "/cabinet"));
    }
    Ok(html(&made(page, &Pairs::new(), &Wrong::default()))?.into_response())
}

async fn register(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let service = portal(&state)?;
    let (iin, password) = (digits(value(&form, "iin")), value(&form, "password"));
    let mut wrong = Wrong {
        iin: iin_mistake(&iin),
        password: None,
        repeat: (password != value(&form, "repeat")).then_some(Word::ErrPasswordsDiffer),
        consent: (value(&form, "consent") != "yes").then_some(Word::VerrConsent),
    };
    if wrong.iin.is_some() || wrong.repeat.is_some() || wrong.consent.is_some() {
        return unprocessable(&made(page, &form, &wrong));
    }
    state.limits().registrations.admit(place, page.now)?;
    match service.register_citizen(&iin, password).await {
        Ok(_) => {}
        Err(RegisterRefused::Failed(failed)) => return Err(failed.into()),
        Err(RegisterRefused::Iin) => wrong.iin = Some(Word::RegIinControl),
        Err(RegisterRefused::Password) => wrong.password = Some(Word::RegPasswordLength),
        Err(RegisterRefused::NotDone) => wrong.iin = Some(Word::ErrRegNotDone),
    }
    if wrong.iin.is_some() || wrong.password.is_some() {
        return unprocessable(&made(page, &form, &wrong));
    }
    let jar = jar.add(Flash::success(Word::RegDone).cookie());
    // Several accounts may name an IIN: signing in by the same password finds the one just made.
    match service.sign_in_citizen(&iin, password, place.0).await {
        Ok((_, token)) => {
            let jar = begun(&service, jar, Room::Portal, token).await?;
            Ok((jar, to(&page, "/prove")).into_response())
        }
        Err(SignInRefused::Failed(failed)) => Err(failed.into()),
        Err(SignInRefused::Wrong { .. } | SignInRefused::Locked { .. }) => {
            Ok((jar, to(&page, "/sign-in")).into_response())
        }
    }
}

/// Returns the digits of an IIN; people write it with spaces.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace() && *it != '-').collect()
}

/// Returns what is wrong with an IIN, if anything. Digits that disagree with the birth date are no mistake.
pub(super) fn iin_mistake(iin: &str) -> Option<Word> {
    if iin.is_empty() {
        return Some(Word::VerrRequired);
    }
    if iin.len() != IIN_DIGITS || !iin.bytes().all(|it| it.is_ascii_digit()) {
        return Some(Word::VerrIinLength);
    }
    (!engine::iin::is_well_formed(iin)).then_some(Word::RegIinControl)
}

fn made(page: Page, form: &Pairs, wrong: &Wrong) -> RegisterPage {
    let w = page.w;
    let say = |word: Option<Word>| word.map(|it| w.of(it));
    let fields = fields(w, value(form, "iin"), (say(wrong.iin), say(wrong.password), say(wrong.repeat)));
    let ticked = value(form, "consent") == "yes";
    let consent = Choices::new("consent", w.g_confirm(), vec![Choice::new("yes", w.reg_consent(), ticked)])
        .error(say(wrong.consent));
    let problems = fields.iter().filter_map(Field::problem).chain(consent.problem()).collect();
    RegisterPage { page, problems, fields, consent }
}

/// What is wrong with a field, if anything.
type Said = Option<&'static str>;

fn fields(w: Words, iin: &str, (iin_error, password_error, repeat_error): (Said, Said, Said)) -> Vec<Field> {
    let mut fields = vec![
        Field::new("iin", w.signin_iin())
            .kind(FieldKind::Digits)
            .hint(w.help_iin())
            .value(iin)
            .error(iin_error)
            .autocomplete("username")
            .width(20),
    ];
    fields.extend(new_password(w, (password_error, repeat_error)));
    fields
}

/// Returns the fields of a new password, with what is wrong in them.
pub(super) fn new_password(w: Words, (password_error, repeat_error): (Said, Said)) -> [Field; 2] {
    let field = |name, label| {
        Field::new(name, label).kind(FieldKind::Password).autocomplete("new-password").width(20)
    };
    [
        field("password", w.signin_password()).hint(w.reg_password_hint()).error(password_error),
        field("repeat", w.signin_repeat()).error(repeat_error),
    ]
}
