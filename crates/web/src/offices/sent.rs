// SPDX-License-Identifier: MIT OR Apache-2.0
//! A form of an official as it came, the one opening of all of them: who sent it, and what stands in it. One whose session
//! had ended is not lost: the answer is the sign-in page that carries it, and says that a file must be chosen again.

use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::response::{IntoResponse, Response};

use super::sign_in;
use crate::errors::PageError;
use crate::form::Given;
use crate::page::Page;
use crate::services::AsOfficial;
use crate::state::State;

/// Fields of a form with a file that are carried over the sign-in; the file itself is not.
const FIELDS_MAX: usize = 200;
/// Bytes of those fields together.
const FIELD_BYTES_SUM_MAX: usize = 256 * 1024;

/// A form without a file.
#[derive(Debug)]
pub struct Sent {
    /// The page.
    pub page: Page,
    /// Who sent it.
    pub who: AsOfficial,
    /// Names and values in their order.
    pub posted: Vec<(String, String)>,
}

/// A form with a file, whose field's name begins with `file`.
#[derive(Debug)]
pub struct SentFile {
    /// Who sent it.
    pub who: AsOfficial,
    /// The other fields.
    pub given: Given,
    /// Name of the file and its bytes, if one was chosen.
    pub file: Option<(String, Vec<u8>)>,
}

impl FromRequest<State> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (page, who, request) = opened(request, state).await?;
        let posted = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        let axum::Form(posted) = posted.map_err(IntoResponse::into_response)?;
        match who {
            Some(who) => Ok(Self { page, who: *who, posted }),
            None => Err(sign_in::expired(page, &posted, None).into_response()),
        }
    }
}

impl FromRequest<State> for SentFile {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (page, who, request) = opened(request, state).await?;
        let form = Multipart::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        if let Some(who) = who {
            let (given, file) = read(form).await.map_err(IntoResponse::into_response)?;
            return Ok(Self { who: *who, given, file });
        }
        let (fields, file) = fields(form).await.map_err(IntoResponse::into_response)?;
        Err(sign_in::expired(page, &fields, file.as_deref()).into_response())
    }
}

/// Returns who sent a form; nobody where the session has ended.
async fn opened(
    request: Request,
    state: &State,
) -> Result<(Page, Option<Box<AsOfficial>>, Request), Response> {
    let (mut parts, body) = request.into_parts();
    let page = Page::from_request_parts(&mut parts, state).await.map_err(IntoResponse::into_response)?;
    let who = match AsOfficial::from_request_parts(&mut parts, state).await {
        Ok(who) => Some(Box::new(who)),
        Err(PageError::SignIn) => None,
        Err(other) => return Err(other.into_response()),
    };
    Ok((page, who, Request::from_parts(parts, body)))
}

async fn read(mut form: Multipart) -> Result<(Given, Option<(String, Vec<u8>)>), PageError> {
    let (mut given, mut file) = (Given::default(), None);
    while let Some(part) = form.next_field().await.map_err(|_| PageError::TooLarge)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| PageError::TooLarge)?;
        if name.starts_with("file") {
            if !file_name.is_empty() {
                file = Some((file_name, bytes.to_vec()));
            }
        } else {
            given.push(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok((given, file))
}

/// Names and values of a form, and the name of its field for a file.
type Fields = (Vec<(String, String)>, Option<String>);

/// Reads what is carried over the sign-in; of a file only that there was one, its bytes are passed over.
async fn fields(mut form: Multipart) -> Result<Fields, PageError> {
    let (mut found, mut file, mut bytes) = (Vec::new(), None, 0);
    while let Some(mut part) = form.next_field().await.map_err(|_| PageError::TooLarge)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name.starts_with("file") {
            while part.chunk().await.map_err(|_| PageError::TooLarge)?.is_some() {}
            file = Some(name);
            continue;
        }
        let mut value = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| PageError::TooLarge)? {
            bytes += chunk.len();
            if bytes > FIELD_BYTES_SUM_MAX || found.len() >= FIELDS_MAX {
                return Err(PageError::TooLarge);
            }
            value.extend_from_slice(&chunk);
        }
        found.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    Ok((found, file))
}
