// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every part of the pages on one page, for people who build and for programs that check. Demonstration only.

use askama::Template;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::errors::PageError;
use crate::flash::{Flash, Tone};
use crate::page::{Page, html};
use crate::state::State;
use crate::ui::{
    Cell, Choice, Choices, Field, FieldKind, FileField, KeyOf, Pages, Problem, Row, Section, SignContent,
    SignItem, SignPanel, Step, StepState, Table, TagKind,
};
use crate::words::{Word, Words};
use crate::{format, ui};

/// The bytes that the panel of this page signs.
const SAMPLE: &[u8] = "<application xmlns=\"urn:example\">Үлгі</application>\n".as_bytes();
/// SHA-256 of [`SAMPLE`].
const SAMPLE_SHA256: &str = "dbf63447b51123ef28e3cd0151dff35511ce6233d4d41fc57ea982bd8629ecab";

/// Returns the pages of this module.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/_components", get(show).post(save))
        .route("/_components/timeline", get(timeline))
        .route("/_components/sample.xml", get(|| async { ([("content-type", "application/xml")], SAMPLE) }))
        .route("/_components/flash", get(leave_message))
        .route("/_components/panic", get(fail))
}

#[derive(Template)]
#[template(path = "components.html")]
struct ComponentsPage {
    page: Page,
    notice: Tone,
    problems: Vec<Problem>,
    fields: Vec<Field>,
    medium: Choices,
    consent: Choices,
    center: Choices,
    file: FileField,
    queue: Table,
    pages: Pages,
    panel: SignPanel,
    rows: Vec<Row>,
    sections: Vec<Section>,
    steps: Vec<Step>,
    waiting: bool,
    announce: String,
}

#[derive(Template)]
#[template(path = "components-timeline.html")]
struct TimelinePart {
    page: Page,
    steps: Vec<Step>,
    waiting: bool,
    announce: String,
}

async fn show(page: Page) -> Result<impl IntoResponse, PageError> {
    let w = page.w;
    let fields = fields(w);
    let medium = Choices::new(
        "medium",
        w.form_medium(),
        vec![
            Choice {
                hint: Some(w.sign_sent_next().to_owned()),
                ..Choice::new("online", w.nav_cabinet(), true)
            },
            Choice::new("paper", w.room_center(), false),
        ],
    );
    let consent = Choices::new("consent", w.review_true(), vec![Choice::new("yes", w.reg_consent(), false)])
        .error(Some(w.verr_consent()));
    let problems = fields.iter().filter_map(Field::problem).chain(consent.problem()).collect();
    let center = Choices::new("center", w.q_center(), vec![Choice::new("1", "№\u{a0}1", false)]);
    let file = FileField {
        name: "scan".to_owned(),
        label: w.att_scan().to_owned(),
        endings: vec![".pdf", ".jpg", ".png"],
        megabytes_max: 5,
        optional: true,
        ..FileField::default()
    };
    let steps = steps(&page);
    html(&ComponentsPage {
        notice: Tone::Notice,
        problems,
        fields,
        medium,
        consent,
        center,
        file,
        queue: queue(&page),
        pages: Pages { href: format!("{}?page=", page.href("/_components")), current: 5, total: 12 },
        panel: panel(&page),
        rows: rows(w),
        sections: sections(&page),
        steps,
        waiting: true,
        announce: w.tl_now().to_owned(),
        page,
    })
}

/// Answers an autosave with the words to show, and a plain form with the page.
async fn save(page: Page, headers: axum::http::HeaderMap) -> impl IntoResponse {
    if headers.contains_key(ui::AUTOSAVE_HEADER) {
        return page.w.form_saved_at(format::time(page.now)).into_response();
    }
    let jar = axum_extra::extract::CookieJar::new().add(Flash::success(Word::GDone).cookie());
    (jar, axum::response::Redirect::to(&page.href("/_components"))).into_response()
}

async fn timeline(page: Page) -> Result<impl IntoResponse, PageError> {
    let (steps, announce) = (steps(&page), page.w.tl_finished().to_owned());
    html(&TimelinePart { page, steps, waiting: false, announce })
}

async fn leave_message(page: Page) -> impl IntoResponse {
    let jar = axum_extra::extract::CookieJar::new().add(Flash::error(Word::SignNotSent).cookie());
    (jar, axum::response::Redirect::to(&page.href("/_components")))
}

/// Shows what a person sees after a failure of ours.
async fn fail() -> PageError {
    PageError::Server
}

fn fields(w: Words) -> Vec<Field> {
    vec![
        Field::new("iin", w.signin_iin())
            .kind(FieldKind::Digits)
            .hint(w.help_iin())
            .value("12345<script>")
            .error(Some(w.verr_iin_length()))
            .max_length(12)
            .width(20),
        Field::new("surname", w.form_surname()).hint(w.help_name()).autocomplete("family-name"),
        Field::new("birth", w.form_birth_date())
            .kind(FieldKind::Date)
            .hint(w.form_date_hint("21.11.2026"))
            .width(10)
            .autocomplete("bday"),
        Field::new("password", w.signin_password())
            .kind(FieldKind::Password)
            .autocomplete("current-password")
            .width(20),
        Field::new("reason", w.hd_send_back_why()).kind(FieldKind::Lines).optional().max_length(2000),
    ]
}

fn queue(page: &Page) -> Table {
    let w = page.w;
    let row = |number: &str, kind: TagKind, state: &str| {
        vec![
            Cell::link(page.href("/_components"), number),
            Cell::text(w.ra_letter()),
            Cell::text(format::date(format::day_of(page.now))),
            Cell::tag(kind, state),
        ]
    };
    Table {
        caption: w.ex_my_work().to_owned(),
        columns: vec![w.cab_number().into(), w.wp_service().into(), w.wp_due().into(), w.cab_status().into()],
        rows: vec![
            row("711210000-2026-000017", TagKind::Going, w.st_examined()),
            row("711210000-2026-000018", TagKind::Wait, w.of_due_soon()),
            row("711210000-2026-000019", TagKind::Bad, w.of_overdue()),
            row("711210000-2026-000020", TagKind::Good, w.st_issued()),
            row("711210000-2026-000021", TagKind::Quiet, w.st_draft()),
        ],
        empty: w.g_empty_work().to_owned(),
    }
}

fn panel(page: &Page) -> SignPanel {
    let sample = page.href("/_components/sample.xml");
    let xml = SignItem {
        id: "application".to_owned(),
        title: page.w.review_pdf().to_owned(),
        view: Some(sample.clone()),
        content: SignContent::Address { href: sample.clone(), sha256: Some(SAMPLE_SHA256.to_owned()) },
    };
    let pdf = SignItem {
        id: "result".to_owned(),
        title: page.w.passport_result().to_owned(),
        view: None,
        // As if it were a prepared PDF.
        content: SignContent::Digest { sha256: SAMPLE_SHA256.to_owned(), range: sample },
    };
    SignPanel {
        action: page.href("/_components"),
        button: page.w.sign_and_send().to_owned(),
        items: vec![xml, pdf],
        iin: Some("900101300017".to_owned()),
        bin: None,
        key_of: Some(KeyOf::Person),
        any_authority: true,
        phone: page.phone("/_components/phone"),
        sends: true,
        kept: Some(page.w.sign_kept()),
        hidden: vec![("order".to_owned(), "0192f0c1-7a10-7000-8000-000000000001".to_owned())],
    }
}

fn rows(w: Words) -> Vec<Row> {
    let change = ui::Link {
        href: "#f-surname".to_owned(),
        text: w.g_change().to_owned(),
        about: Some(w.form_surname().to_owned()),
    };
    vec![
        Row { action: Some(change), ..Row::new(w.form_surname(), "Үлгібаева") },
        Row::new(w.form_address(), "Астана қаласы\nҮлгі көшесі, 1"),
    ]
}

fn sections(page: &Page) -> Vec<Section> {
    let section = |word: Word, count: Option<u64>, current: bool| Section {
        href: page.href("/_components"),
        text: page.w.of(word).to_owned(),
        count,
        current,
    };
    vec![section(Word::NavInbox, Some(5), true), section(Word::OfIncoming, None, false)]
}

fn steps(page: &Page) -> Vec<Step> {
    let w = page.w;
    let step = |state: StepState, title: &str| Step {
        state,
        title: title.to_owned(),
        who: Some(w.passport_provider().to_owned()),
        by: None,
        at: None,
        note: None,
    };
    vec![
        Step { at: Some(page.now), ..step(StepState::Done, w.st_registered()) },
        Step {
            by: Some(format::date_long(page.lang(), format::day_of(page.now))),
            note: Some(w.due_left(3)),
            ..step(StepState::Now, w.ex_examine())
        },
        Step { note: Some(w.due_over(2)), ..step(StepState::Late, w.hd_sign()) },
        step(StepState::Next, w.of_issue()),
        step(StepState::Stopped, w.of_to_courier()),
    ]
}
