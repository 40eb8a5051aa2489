// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers attached to a draft: what a file is, is read from its content.

use askama::Template;
use axum::Router;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use engine::case::Attachment;
use engine::form::ATTACHMENTS_MAX;
use regulation::model::{Channel, DocumentId, Regulation, StandardDocument};
use service::drafts::Draft;
use service::uploads::{ATTACHMENT_BYTES_MAX, UploadRefused};

use super::form::gone;
use super::{opened, pages};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::format;
use crate::layers::REQUEST_BYTES_MAX;
use crate::page::{Page, html};
use crate::portal::parts::{Pairs, id, to, unprocessable, value};
use crate::portal::words_of::say;
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{FileField, Problem};
use crate::words::Word;

/// Endings of the files taken.
const ENDINGS: [&str; 4] = [".pdf", ".jpg", ".jpeg", ".png"];
/// What people call the types taken.
const TYPES: &str = "PDF, JPG, PNG";
/// Bytes of a megabyte.
const MEGABYTE: usize = 1024 * 1024;
/// Largest file in megabytes.
const MEGABYTES_MAX: u32 = 10;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/apply/{draft}/files", get(show).post(add).layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX)))
        .route("/apply/{draft}/files/remove", post(remove))
}

#[derive(Template)]
#[template(path = "portal/apply-files.html")]
struct FilesPage {
    page: Page,
    title: String,
    draft: String,
    total: u32,
    problems: Vec<Problem>,
    papers: Vec<Paper>,
}

/// A document of the Standard and the files given for it.
struct Paper {
    id: String,
    title: String,
    required: bool,
    assumed: Option<&'static str>,
    files: Vec<FileLine>,
    field: FileField,
}

struct FileLine {
    hash: String,
    name: String,
    size: String,
}

/// For which document what is wrong.
type Wrong = Vec<(String, String)>;

/// Returns a size in kilobytes, at least one.
pub(super) fn kilobytes(bytes: u64) -> String {
    format::number(bytes.div_ceil(1024))
}

async fn show(
    who: AsCitizen,
    Path(draft): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    let Some((draft, regulation)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let wrong = if value(&query, "check") == "1" { missing(&who, &draft, &regulation) } else { Wrong::new() };
    Ok(html(&made(who, &draft, &regulation, &wrong))?.into_response())
}

/// Returns what is wrong with the papers of a draft.
fn missing(who: &AsCitizen, draft: &Draft, regulation: &Regulation) -> Wrong {
    let problems = who.service.draft_problems(&who.citizen, draft);
    let line = |path: &str| {
        let id = path.strip_prefix("document.")?;
        let document = regulation.documents.iter().find(|it| it.id.as_str() == id)?;
        Some((id.to_owned(), who.page.w.att_missing(say(&who.page, &document.title))))
    };
    problems.iter().filter_map(|it| line(&it.path)).collect()
}

fn made(who: AsCitizen, draft: &Draft, regulation: &Regulation, wrong: &Wrong) -> FilesPage {
    let page = who.page;
    let asked = regulation.documents.iter().filter(|it| it.channels.contains(&Channel::Portal));
    let error = |it: &StandardDocument| {
        wrong.iter().find(|(id, _)| *id == it.id.as_str()).map(|(_, text)| text.clone())
    };
    let told = if regulation.confirmed_only { page.w.std_unconfirmed() } else { page.w.pass_assumed() };
    let papers: Vec<Paper> = asked.map(|it| paper((&page, told), draft, it, error(it))).collect();
    FilesPage {
        title: say(&page, &regulation.title),
        draft: draft.id.to_string(),
        total: pages(regulation),
        problems: papers.iter().filter_map(|it| it.field.problem()).collect(),
        papers,
        page,
    }
}

fn paper(
    (page, assumed): (&Page, &'static str),
    draft: &Draft,
    document: &StandardDocument,
    error: Option<String>,
) -> Paper {
    let given = draft.attachments.iter().filter(|it| it.document == document.id);
    let line = |it: &Attachment| FileLine {
        hash: it.file.0.clone(),
        name: it.name.clone(),
        size: page.w.files_size(kilobytes(it.size_bytes)),
    };
    let id = document.id.as_str().to_owned();
    Paper {
        title: say(page, &document.title),
        required: document.required,
        assumed: document.assumed.then_some(assumed),
        files: given.map(line).collect(),
        field: FileField {
            name: format!("file.{id}"),
            label: page.w.att_add().to_owned(),
            error,
            endings: ENDINGS.to_vec(),
            megabytes_max: MEGABYTES_MAX,
            optional: !document.required,
        },
        id,
    }
}

/// A file as it came: for which document, its name, its bytes or that there were too many.
struct Upload {
    document: String,
    name: String,
    bytes: Vec<u8>,
    size: usize,
}

async fn add(
    page: Page,
    who: Result<AsCitizen, PageError>,
    Path(draft): Path<String>,
    multipart: Multipart,
) -> Result<Response, PageError> {
    let who = match who {
        Ok(who) => who,
        Err(PageError::SignIn) => {
            return Ok(to(&page, &format!("/sign-in?over=1&next=/apply/{draft}/files")));
        }
        Err(other) => return Err(other),
    };
    let Some((draft, regulation)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let upload = read(multipart).await?;
    let known = |it: &&StandardDocument| it.id.as_str() == upload.document;
    let document = regulation.documents.iter().find(known).ok_or(PageError::BadRequest)?.id.clone();
    if let Err(why) = keep(&who, &draft, document.clone(), upload).await? {
        return unprocessable(&made(who, &draft, &regulation, &vec![(document.as_str().to_owned(), why)]));
    }
    let jar = CookieJar::new().add(Flash::success(Word::FilesAdded).cookie());
    Ok((jar, to(&who.page, &format!("/apply/{}/files", draft.id))).into_response())
}

/// Keeps a file, or says why not.
async fn keep(
    who: &AsCitizen,
    draft: &Draft,
    document: DocumentId,
    upload: Upload,
) -> Result<Result<(), String>, PageError> {
    let w = who.page.w;
    if draft.attachments.len() >= ATTACHMENTS_MAX {
        return Ok(Err(w.att_err_count(ATTACHMENTS_MAX)));
    }
    if upload.name.is_empty() {
        return Ok(Err(w.files_choose().to_owned()));
    }
    if upload.size > ATTACHMENT_BYTES_MAX {
        return Ok(Err(w.att_err_size(MEGABYTES_MAX, upload.size.div_ceil(MEGABYTE))));
    }
    let ending = upload.name.rsplit_once('.').map(|(_, it)| format!(".{}", it.to_lowercase()));
    let ending_known = ending.is_some_and(|it| ENDINGS.contains(&it.as_str()));
    let why = match who.service.upload(document, &upload.name, upload.bytes).await {
        Ok(attachment) => {
            // While the file came, another page may have saved the draft.
            let added = |it: &mut Draft| it.attachments.push(attachment.clone());
            who.service.change_draft(&who.citizen.id, draft.id, added).await?;
            return Ok(Ok(()));
        }
        Err(UploadRefused::Failed(failed)) => return Err(failed.into()),
        Err(UploadRefused::Empty) => w.files_empty().to_owned(),
        Err(UploadRefused::TooLarge) => w.att_err_size(MEGABYTES_MAX, upload.size.div_ceil(MEGABYTE)),
        // The name promises a type taken and the content is another: a renamed file.
        Err(UploadRefused::Kind) if ending_known => w.att_err_content().to_owned(),
        Err(UploadRefused::Kind) => w.att_err_type(TYPES),
    };
    Ok(Err(why))
}

async fn read(mut multipart: Multipart) -> Result<Upload, PageError> {
    let mut upload = Upload { document: String::new(), name: String::new(), bytes: Vec::new(), size: 0 };
    while let Some(field) = multipart.next_field().await.map_err(|_| PageError::BadRequest)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "document" {
            upload.document = field.text().await.map_err(|_| PageError::BadRequest)?;
        } else if name.starts_with("file.") {
            upload.name = field.file_name().unwrap_or_default().to_owned();
            take(field, &mut upload).await?;
        }
    }
    Ok(upload)
}

/// Reads a file to its end, but keeps no more than is taken: the person is told the size.
async fn take(mut field: Field<'_>, upload: &mut Upload) -> Result<(), PageError> {
    while let Some(chunk) = field.chunk().await.map_err(|_| PageError::TooLarge)? {
        upload.size += chunk.len();
        if upload.size <= ATTACHMENT_BYTES_MAX {
            upload.bytes.extend_from_slice(&chunk);
        }
    }
    Ok(())
}

async fn remove(
    who: AsCitizen,
    Path(draft): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let Some((draft, _)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let (document, hash) = (value(&form, "document"), value(&form, "file"));
    let is_it = |it: &Attachment| it.document.as_str() == document && it.file.0 == hash;
    let removed = |draft: &mut Draft| draft.attachments.retain(|it| !is_it(it));
    who.service.change_draft(&who.citizen.id, draft.id, removed).await?;
    let jar = CookieJar::new().add(Flash::success(Word::FilesRemoved).cookie());
    Ok((jar, to(&who.page, &format!("/apply/{}/files", draft.id))).into_response())
}
