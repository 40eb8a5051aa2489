// SPDX-License-Identifier: MIT OR Apache-2.0
//! The originals of the papers on a case page of either side: who holds them, what moved, what this official may record; and
//! the register of transfer.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::Inadmissible;
use engine::case::{CaseId, Holder, Sheets, Transfer};
use engine::command::Movement;
use regulation::model::{Actor, DocumentId, Regulation};
use service::cases::CaseView;
use service::submit::SubmitError;
use uuid::Uuid;

use super::{Sent, lists};
use crate::errors::PageError;
use crate::flash::{Flash, Tone};
use crate::form::{Given, said};
use crate::format;
use crate::page::{Page, html};
use crate::room::Room;
use crate::services::AsOfficial;
use crate::ui::{Cell, Field, FieldKind, Table};
use crate::words::{Word, Words};

/// Fields of pages begin so, with the id of the document behind.
const PAGES: &str = "pages.";
/// Longest name of a courier.
const COURIER_MAX: u32 = 300;

/// The originals on a case page.
#[derive(Debug)]
pub struct Originals {
    /// Who holds them.
    pub holder: &'static str,
    /// On what the travel rests.
    pub basis: Option<String>,
    /// What was told last not to have come.
    pub missing: Vec<String>,
    /// Every movement.
    pub moves: Table,
    /// What this official may record now.
    pub form: Option<MoveForm>,
}

/// What this official may record now.
#[derive(Debug)]
pub struct MoveForm {
    /// Where it is sent.
    pub action: String,
    /// Id of the order.
    pub order: Uuid,
    /// Which movement.
    pub kind: &'static str,
    /// What to do.
    pub hint: &'static str,
    /// Its button.
    pub button: &'static str,
    /// Pages of each document.
    pub pages: Vec<Field>,
    /// Who takes them.
    pub courier: Option<Field>,
}

impl Originals {
    /// Returns the originals of a case; `None` where they do not travel.
    pub fn of(who: &AsOfficial, view: &CaseView) -> Option<Self> {
        let basis = who.service.originals_travel(&view.case);
        if basis.is_none() && view.case.originals.is_empty() {
            return None;
        }
        let w = who.page.w;
        let last = view.case.originals.last();
        let titles = |ids: &[DocumentId]| ids.iter().map(|it| title(w, &view.regulation, it)).collect();
        Some(Self {
            holder: w.of(holder(last.map(|it| it.to))),
            missing: last.map(|it| titles(&it.missing)).unwrap_or_default(),
            moves: Table {
                caption: w.orig_moves().to_owned(),
                columns: [w.orig_when(), w.orig_holder(), w.orig_sheets(), w.orig_courier()]
                    .map(str::to_owned)
                    .to_vec(),
                rows: view.case.originals.iter().map(|it| row(w, &view.regulation, it)).collect(),
                empty: String::new(),
            },
            form: form(who, view, last, basis.is_some()),
            basis,
        })
    }
}

fn title(w: Words, regulation: &Regulation, id: &DocumentId) -> String {
    let found = regulation.documents.iter().find(|it| it.id == *id);
    found.map_or_else(|| id.as_str().to_owned(), |it| said(w.lang(), &it.title).to_owned())
}

fn holder(it: Option<Holder>) -> Word {
    match it {
        None | Some(Holder::Center) => Word::OrigAtCenter,
        Some(Holder::ToProvider) => Word::OrigToProvider,
        Some(Holder::Provider) => Word::OrigAtProvider,
        Some(Holder::ToCenter) => Word::OrigToCenter,
        Some(Holder::Applicant) => Word::OrigAtApplicant,
    }
}

fn sheets(w: Words, regulation: &Regulation, it: &Transfer) -> String {
    let line = |it: &Sheets| format!("{}: {}", title(w, regulation, &it.document), w.orig_pages(it.pages));
    let mut lines: Vec<String> = it.sheets.iter().map(line).collect();
    let missing = it.missing.iter().map(|it| w.orig_missing_one(title(w, regulation, it)));
    lines.extend(missing);
    lines.join("; ")
}

fn row(w: Words, regulation: &Regulation, it: &Transfer) -> Vec<Cell> {
    vec![
        Cell::text(format::date_time(it.at)),
        Cell::text(w.of(holder(Some(it.to)))),
        Cell::text(sheets(w, regulation, it)),
        Cell::text(it.courier.clone().unwrap_or_default()),
    ]
}

fn form(who: &AsOfficial, view: &CaseView, last: Option<&Transfer>, ordered: bool) -> Option<MoveForm> {
    let w = who.page.w;
    let center = who.page.room == Room::Center;
    let needs = if center { Actor::CenterOperator } else { Actor::ProviderOffice };
    if !who.official.seat.actors.contains(&needs) {
        return None;
    }
    let sent = view.case.done.iter().any(|it| {
        let part = view.regulation.part(&it.part);
        part.is_some_and(|(_, _, part)| part.action == regulation::model::Action::Send)
    });
    let (kind, hint, button) = match (center, last.map(|it| it.to)) {
        (true, None | Some(Holder::Center)) if ordered && sent && last.is_none() => {
            ("hand", w.orig_hand_hint(), w.orig_hand())
        }
        (true, Some(Holder::Center)) => ("give-back", w.orig_back_hint(), w.orig_back()),
        (true, Some(Holder::ToCenter)) | (false, Some(Holder::ToProvider)) => {
            ("receive", w.orig_receive_hint(), w.orig_receive())
        }
        (false, Some(Holder::Provider)) => ("hand", w.orig_return_hint(), w.orig_return()),
        _ => return None,
    };
    let field = |(document, pages): (DocumentId, u32)| {
        let label = format!("{}: {}", title(w, &view.regulation, &document), w.orig_how_many());
        let value = if pages == 0 { String::new() } else { pages.to_string() };
        Field::new(&format!("{PAGES}{document}"), label)
            .kind(FieldKind::Digits)
            .width(4)
            .value(value)
            .optional()
    };
    let pages = if kind == "give-back" { Vec::new() } else { listed(view, last) };
    Some(MoveForm {
        action: who.page.href(&format!("{}/cases/{}/originals", who.page.room.home(), view.case.id.0)),
        order: who.service.uuid(),
        kind,
        hint,
        button,
        pages: pages.into_iter().map(field).collect(),
        courier: (kind == "hand").then(|| Field::new("courier", w.orig_courier()).max_length(COURIER_MAX)),
    })
}

/// What may travel: at first the documents that were scanned, then what travelled last.
fn listed(view: &CaseView, last: Option<&Transfer>) -> Vec<(DocumentId, u32)> {
    if let Some(last) = last {
        return last.sheets.iter().map(|it| (it.document.clone(), it.pages)).collect();
    }
    let scanned = |it: &&regulation::model::StandardDocument| {
        view.case.application.attachments.iter().any(|scan| scan.document == it.id)
    };
    view.regulation.documents.iter().filter(scanned).map(|it| (it.id.clone(), 0)).collect()
}

/// Records a movement.
pub async fn take(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    super::view(&who, id).await?;
    let pages: Vec<Sheets> = posted
        .iter()
        .filter_map(|(name, value)| {
            let document = DocumentId::from(name.strip_prefix(PAGES)?);
            Some(Sheets { document, pages: value.trim().parse().unwrap_or_default() })
        })
        .collect();
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let (movement, done) = match given.get("kind") {
        "hand" => {
            let courier = given.get("courier").to_owned();
            (Movement::Handed { sheets: pages, courier }, Word::OrigDoneHanded)
        }
        "receive" => (Movement::Received { sheets: pages }, Word::OrigDoneReceived),
        "give-back" => (Movement::GivenBack, Word::OrigDoneBack),
        _ => return Err(PageError::BadRequest),
    };
    let answer = who.service.move_originals(&who.official.seat, CaseId(id), movement, order).await;
    let flash = match answer {
        Ok(it) if it.repeated => Flash::notice(Word::GAlreadyDone),
        Ok(_) => Flash::success(done),
        Err(SubmitError::Inadmissible(why)) => Flash { tone: Tone::Error, word: told(&why) },
        Err(failed) => return Err(failed.into()),
    };
    let to = page.href(&format!("{}/cases/{id}#originals", page.room.home()));
    Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
}

fn told(why: &Inadmissible) -> Word {
    if *why == Inadmissible::Empty(engine::inadmissible::Input::Courier) {
        Word::OrigErrCourier
    } else if matches!(why, Inadmissible::Empty(_)) {
        Word::OrigErrPages
    } else if matches!(why, Inadmissible::TooMuch | Inadmissible::TooLong(_)) {
        Word::OrigErrList
    } else if *why == Inadmissible::OriginalsStay {
        Word::OrigErrStay
    } else {
        Word::OrigErrElsewhere
    }
}

#[derive(Template)]
#[template(path = "offices/originals.html")]
struct RegisterPage {
    page: Page,
    body: String,
    table: Table,
}

/// Shows the register of transfer of the official's body, to be read and printed.
pub async fn register(who: AsOfficial) -> Result<impl IntoResponse, PageError> {
    let (page, service, seat) = (who.page, who.service, who.official.seat);
    let w = page.w;
    let mut rows = Vec::new();
    for it in service.transfers(&seat).await? {
        let head = &it.head;
        let regulation = service.settings.edition_at(&head.service, &head.edition, &head.provider);
        let sheets = regulation.map(|of| sheets(w, of, &it.transfer)).unwrap_or_default();
        rows.push(vec![
            Cell::text(format::date_time(it.transfer.at)),
            lists::link(&page, head),
            Cell::text(w.of(holder(Some(it.transfer.to)))),
            Cell::text(sheets),
            Cell::text(it.transfer.courier.clone().unwrap_or_default()),
        ]);
    }
    let columns = [w.orig_when(), w.cab_number(), w.orig_holder(), w.orig_sheets(), w.orig_courier()];
    let table = Table {
        caption: w.orig_register().to_owned(),
        columns: columns.map(str::to_owned).to_vec(),
        rows,
        empty: w.off_journal_empty().to_owned(),
    };
    let body = service.settings.organization(&seat.organization);
    let body = body.map(|it| said(w.lang(), &it.name).to_owned()).unwrap_or_default();
    html(&RegisterPage { page, body, table })
}
