// SPDX-License-Identifier: MIT OR Apache-2.0
//! Review of exactly what is signed, and the signature.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use engine::case::{CaseId, FileHash, Value};
use regulation::model::{Field, FieldKind, Regulation};
use service::drafts::{Draft, Frozen};
use service::portal::{SendRefused, Sent};
use service::submit::SubmitError;
use uuid::Uuid;

use super::files::kilobytes;
use super::form::{applicant, gone};
use super::{opened, pages, takes_files};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{date_shown, money_shown};
use crate::page::{Page, html};
use crate::phone::{HandOver, Sheet, Wanted};
use crate::portal::parts::{Pairs, file, id, signature, to, value};
use crate::portal::words_of::{medium_at, say};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{KeyOf, Link, Row, SignContent, SignItem, SignPanel};
use crate::words::Word;

/// The field with the SHA-256 of what the page showed.
const SHOWN: &str = "sha256";

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/apply/{draft}/review", get(show))
        .route("/apply/{draft}/application.xml", get(xml))
        .route("/apply/{draft}/application.pdf", get(pdf))
        .route("/apply/{draft}/send", post(send))
        .route("/apply/{draft}/phone", post(phone))
}

#[derive(Template)]
#[template(path = "portal/apply-review.html")]
struct ReviewPage {
    page: Page,
    title: String,
    draft: String,
    step: u32,
    rows: Vec<Row>,
    groups: Vec<GroupRows>,
    files: Vec<Row>,
    files_change: Option<String>,
    /// Nothing where the person has proved another account: from this one it cannot be sent.
    panel: Option<SignPanel>,
}

/// The entries of a repeated group, for reading.
pub(crate) struct GroupRows {
    pub(crate) legend: String,
    pub(crate) entries: Vec<Vec<Row>>,
}

/// Returns where a draft must still be corrected.
fn correction(who: &AsCitizen, draft: &Draft) -> Option<String> {
    let problems = who.service.draft_problems(&who.citizen, draft);
    if problems.is_empty() {
        return None;
    }
    let in_form = problems.iter().any(|it| !it.path.starts_with("document"));
    let page = if in_form { "" } else { "/files" };
    Some(format!("/apply/{}{page}?check=1", draft.id))
}

async fn show(who: AsCitizen, Path(draft): Path<String>) -> Result<Response, PageError> {
    let Some((mut draft, regulation)) = opened(&who, &draft).await? else {
        return gone(&who, id(&draft)?).await;
    };
    if let Some(path) = correction(&who, &draft) {
        return Ok(to(&who.page, &path));
    }
    let frozen = match who.service.freeze(&who.citizen, &mut draft).await {
        Ok(frozen) => frozen,
        // Another page saved or reviewed it meanwhile: it is read anew.
        Err(SubmitError::Changed) => return Ok(to(&who.page, &format!("/apply/{}/review", draft.id))),
        Err(failed) => return Err(failed.into()),
    };
    let proved_elsewhere = who.service.is_proved_elsewhere(&who.citizen).await?;
    let page = &who.page;
    let mut rows = vec![
        change(page, &draft, Row::new(page.w.apply_you(), applicant(page, &who.citizen)), None),
        Row::new(page.w.passport_provider(), provider(&who, &draft)),
    ];
    rows.extend(
        lines(page, &regulation, &draft.fields)
            .into_iter()
            .map(|(id, row)| change(page, &draft, row, Some(&id))),
    );
    let wanted = Row::new(page.w.form_medium(), page.w.of(medium_at(&regulation, draft.medium)));
    rows.push(change(page, &draft, wanted, Some("medium")));
    Ok(html(&ReviewPage {
        title: say(page, &regulation.title),
        draft: draft.id.to_string(),
        step: pages(&regulation),
        rows,
        groups: groups(page, &regulation, &draft.fields),
        files: files(page, &regulation, &draft.attachments),
        files_change: takes_files(&regulation).then(|| page.href(&format!("/apply/{}/files", draft.id))),
        panel: (!proved_elsewhere).then(|| panel(&who, &draft, frozen)),
        page: who.page,
    })?
    .into_response())
}

/// The panel signs what this page shows, and nothing that another page has made of the draft since.
fn panel(who: &AsCitizen, draft: &Draft, frozen: Frozen) -> SignPanel {
    let page = &who.page;
    let address = |name: &str| page.href(&format!("/apply/{}/{name}", draft.id));
    let shown = frozen.content.0;
    let (href, sha256) = (address("application.xml"), Some(shown.clone()));
    SignPanel {
        action: address("send"),
        button: page.w.sign_and_send().to_owned(),
        items: vec![SignItem {
            id: "application".to_owned(),
            title: page.w.review_as_signed().to_owned(),
            view: Some(href.clone()),
            content: SignContent::Address { href, sha256 },
        }],
        iin: Some(who.citizen.iin.clone()),
        bin: None,
        key_of: Some(KeyOf::Person),
        any_authority: page.demo.is_some(),
        phone: page.phone(&format!("/apply/{}/phone?{SHOWN}={shown}", draft.id)),
        sends: true,
        kept: Some(page.w.sign_kept()),
        hidden: vec![("order".to_owned(), who.service.uuid().to_string()), (SHOWN.to_owned(), shown)],
    }
}

fn provider(who: &AsCitizen, draft: &Draft) -> String {
    who.service.settings.organization(&draft.provider).map(|it| say(&who.page, &it.name)).unwrap_or_default()
}

fn change(page: &Page, draft: &Draft, row: Row, field: Option<&str>) -> Row {
    let Some(field) = field else { return row };
    let link = Link {
        href: page.href(&format!("/apply/{}#f-{field}", draft.id)),
        text: page.w.g_change().to_owned(),
        about: Some(row.key.clone()),
    };
    Row { action: Some(link), ..row }
}

/// Returns the plain values of an application, in the order of the regulation, with the id of each field.
pub(crate) fn lines(
    page: &Page,
    regulation: &Regulation,
    values: &std::collections::BTreeMap<regulation::model::FieldId, Value>,
) -> Vec<(String, Row)> {
    let line = |field: &Field| {
        let text = match values.get(&field.id)? {
            Value::Text(text) => text_of(page, field, text),
            Value::Bool(yes) => (if *yes { page.w.g_yes() } else { page.w.g_no() }).to_owned(),
            Value::Entries(_) => return None,
        };
        Some((field.id.as_str().to_owned(), Row::new(say(page, &field.label), text)))
    };
    regulation.fields.iter().filter_map(line).collect()
}

/// Returns the repeated groups of an application.
pub(crate) fn groups(
    page: &Page,
    regulation: &Regulation,
    values: &std::collections::BTreeMap<regulation::model::FieldId, Value>,
) -> Vec<GroupRows> {
    let group = |field: &Field| {
        let (FieldKind::Group { fields, .. }, Some(Value::Entries(entries))) =
            (&field.kind, values.get(&field.id))
        else {
            return None;
        };
        let row = |entry: &std::collections::BTreeMap<regulation::model::FieldId, String>| -> Vec<Row> {
            let one = |it: &Field| {
                entry.get(&it.id).map(|text| Row::new(say(page, &it.label), text_of(page, it, text)))
            };
            fields.iter().filter_map(one).collect()
        };
        Some(GroupRows { legend: say(page, &field.label), entries: entries.iter().map(row).collect() })
    };
    regulation.fields.iter().filter_map(group).collect()
}

fn text_of(page: &Page, field: &Field, text: &str) -> String {
    match &field.kind {
        FieldKind::Choice(options) => {
            let chosen = options.iter().find(|(value, _)| value == text);
            chosen.map_or_else(|| text.to_owned(), |(_, label)| say(page, label))
        }
        FieldKind::Date => date_shown(text),
        FieldKind::Money => page.w.unit_tenge_of(money_shown(text)),
        FieldKind::Line
        | FieldKind::Lines
        | FieldKind::Iin
        | FieldKind::Phone
        | FieldKind::Number
        | FieldKind::Tick
        | FieldKind::Group { .. } => text.to_owned(),
    }
}

/// Returns the attached papers with their sizes.
pub(crate) fn files(
    page: &Page,
    regulation: &Regulation,
    attachments: &[engine::case::Attachment],
) -> Vec<Row> {
    let row = |it: &engine::case::Attachment| {
        let document = regulation.documents.iter().find(|known| known.id == it.document);
        let key = document.map(|it| say(page, &it.title)).unwrap_or_default();
        Row::new(key, format!("{} ({})", it.name, page.w.files_size(kilobytes(it.size_bytes))))
    };
    attachments.iter().map(row).collect()
}

/// The bytes that are signed. A page whose draft is there no more is led to what became of it.
async fn xml(who: AsCitizen, Path(draft): Path<String>) -> Result<Response, PageError> {
    let Some((draft, _)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let (xml, _) = frozen(&who, draft).await?;
    Ok(file(xml, "application/xml; charset=utf-8", None))
}

async fn pdf(who: AsCitizen, Path(draft): Path<String>) -> Result<Response, PageError> {
    let Some((draft, _)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let (_, pdf) = frozen(&who, draft).await?;
    Ok(file(pdf, "application/pdf", None))
}

/// Returns the XML and the PDF of a draft; a conflict where another page has changed it and nobody has read it since.
async fn frozen(who: &AsCitizen, draft: Draft) -> Result<(Vec<u8>, Vec<u8>), PageError> {
    let frozen = draft.frozen.ok_or(PageError::Conflict)?;
    Ok(who.service.frozen_bytes(&frozen).await?)
}

/// Hands what the page shows to a telephone.
async fn phone(
    who: AsCitizen,
    Path(draft): Path<String>,
    Query(query): Query<Pairs>,
    hand: HandOver,
) -> Result<Response, PageError> {
    let (draft, regulation) = opened(&who, &draft).await?.ok_or(PageError::NotFound)?;
    let shown = draft.frozen.filter(|it| it.content.0 == value(&query, SHOWN));
    let (bytes, _) = who.service.frozen_bytes(&shown.ok_or(PageError::Conflict)?).await?;
    let wanted = Wanted {
        does: Word::PhoneDoesApply,
        sheets: vec![Sheet { title: say(&who.page, &regulation.title), bytes }],
        iin: Some(who.citizen.iin.clone()),
        bin: None,
    };
    hand.over(&who.page, wanted).await
}

async fn send(
    page: Page,
    who: Result<AsCitizen, PageError>,
    Path(draft): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let who = match who {
        Ok(who) => who,
        // The draft is kept; a signature is made again in a second.
        Err(PageError::SignIn) => {
            return Ok(to(&page, &format!("/sign-in?over=1&next=/apply/{draft}/review")));
        }
        Err(other) => return Err(other),
    };
    let order = id(value(&form, "order"))?;
    let draft_id = id(&draft)?;
    if let Some(before) = who.service.sent_before(&who.citizen, order).await? {
        return Ok(result(&who.page, before.case));
    }
    let Some((draft, _)) = opened(&who, &draft).await? else { return again(&who, order, draft_id).await };
    // What another page has changed since is not what this person saw here, whatever he signed.
    if draft.frozen.as_ref().is_none_or(|it| it.content.0 != value(&form, SHOWN)) {
        return again(&who, order, draft_id).await;
    }
    let Some(cms) = signature(&form, "cms-application") else {
        return Ok(back(&who.page, draft_id, Word::ReviewUnreadable));
    };
    let sent = who.service.send((&who.citizen, &who.session), &draft, cms, order).await;
    if sent.is_err() && is_sent(&who, &draft).await {
        return Ok(result(&who.page, draft.case));
    }
    match sent {
        Ok(Sent::Accepted(sent) | Sent::Waiting(sent) | Sent::Refused { case: sent, .. }) => {
            Ok(result(&who.page, sent.case))
        }
        Err(SendRefused::NotReviewed) => again(&who, order, draft_id).await,
        Err(SendRefused::TooLarge) => Ok(back(&who.page, draft_id, Word::ReviewUnreadable)),
        Err(SendRefused::ManyWait) => Ok(back(&who.page, draft_id, Word::ReviewManyWait)),
        Err(SendRefused::ManyUnconfirmed) => Ok(back(&who.page, draft_id, Word::ReviewManyUnconfirmed)),
        Err(SendRefused::ProvedElsewhere) => Ok(back(&who.page, draft_id, Word::ReviewProvedElsewhere)),
        Err(SendRefused::Failed(failed)) => Err(failed.into()),
    }
}

/// Returns whether another tab has sent this draft at the same moment: then its case is there.
async fn is_sent(who: &AsCitizen, draft: &Draft) -> bool {
    let loaded = who.service.load(draft.case).await;
    loaded.is_ok_and(|it| it.case.application.applicant == who.citizen.id)
}

/// The same order may have come twice at once: the answer is that of the first.
async fn again(who: &AsCitizen, order: Uuid, draft: Uuid) -> Result<Response, PageError> {
    if let Some(before) = who.service.sent_before(&who.citizen, order).await? {
        return Ok(result(&who.page, before.case));
    }
    match who.service.draft(&who.citizen.id, draft).await? {
        Some(_) => Ok(back(&who.page, draft, Word::ReviewChanged)),
        None => gone(who, draft).await,
    }
}

fn back(page: &Page, draft: Uuid, why: Word) -> Response {
    let jar = CookieJar::new().add(Flash::error(why).cookie());
    (jar, to(page, &format!("/apply/{draft}/review"))).into_response()
}

fn result(page: &Page, case: CaseId) -> Response {
    to(page, &format!("/cases/{}/sent", case.0))
}

/// Returns the hash of a file of a case by the name that pages give it.
pub(crate) fn named(case: &engine::Case, name: &str) -> Option<FileHash> {
    match name {
        "application.xml" => case.signature.as_ref().map(|it| it.content.clone()),
        "signature.p7s" => case.signature.as_ref().map(|it| it.signature.clone()),
        "result.pdf" => case.result.as_ref().map(|it| it.file.clone()),
        _ => {
            let place: usize = name.strip_prefix("earlier-")?.strip_suffix(".pdf")?.parse().ok()?;
            case.earlier.get(place).map(|it| it.result.file.clone())
        }
    }
}
