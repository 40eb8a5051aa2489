// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parts of a case page that every workplace shows: who asks for what, the papers, the signature, the steps, the terms.

use engine::case::{Case, PersonId, Value};
use regulation::model::{Action, Field, FieldId, FieldKind, Regulation};
use service::Service;
use service::archives::ActStamp;
use service::cases::{CaseView, Found, State, TimelineItem};
use service::ports::evidence::Judgement;
use service::submit::SubmitError;
use service::workplace::Vouched;
use std::collections::BTreeMap;

use super::deadline::{self, TermView};
use super::lists;
use super::{refused, stamps};
use crate::form::{date_shown, said};
use crate::format;
use crate::page::Page;
use crate::room::Room;
use crate::ui::{Cell, Row, Step, StepState, Table};
use crate::words::Words;

/// Columns of a table that fits a case page; entries with more are shown one under another.
const COLUMNS_MAX: usize = 4;

/// Names of the officials of an organisation, by their seat.
#[derive(Debug, Clone, Default)]
pub struct People(BTreeMap<PersonId, String>);

impl People {
    /// Returns the officials of an organisation.
    pub async fn of(service: &Service, organization: &str) -> Result<Self, SubmitError> {
        let officials = service.officials(organization).await?;
        let named = |it: &service::accounts::Official| {
            (it.seat.person.clone(), format!("{}, {}", it.seat.name, it.position_kk))
        };
        Ok(Self(officials.iter().map(named).collect()))
    }

    /// Returns the officials of the bodies that have a case.
    pub async fn of_case(service: &Service, case: &Case) -> Result<Self, SubmitError> {
        let mut people = Self::of(service, &case.application.provider).await?;
        if let Some(akim) = &case.application.akim {
            people.0.extend(Self::of(service, akim).await?.0);
        }
        Ok(people)
    }

    /// Returns the name and post of an official.
    pub fn name(&self, id: &PersonId) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}

/// An entry of a group, such as a child.
type Entry = BTreeMap<FieldId, String>;

/// What every case page shows.
#[derive(Debug, Clone)]
pub struct CaseParts {
    /// The case by its number, or that it has none yet.
    pub heading: String,
    /// The service.
    pub service: String,
    /// Who asks, and what.
    pub facts: Vec<Row>,
    /// Entries that repeat, such as children.
    pub groups: Vec<Table>,
    /// The attached papers.
    pub documents: Table,
    /// The signature under the request.
    pub signature: Vec<Row>,
    /// The steps.
    pub steps: Vec<Step>,
    /// The terms that run.
    pub terms: Vec<TermView>,
    /// The signed result.
    pub results: Vec<Row>,
}

/// What is known of the signatures of a case.
#[derive(Debug, Clone, Default)]
pub struct Signed {
    verdict: Option<Judgement>,
    /// Who vouches for the request where its signature did not come along: there is no verdict then.
    vouched: Option<Vouched>,
    stamps: Vec<ActStamp>,
}

impl Signed {
    /// Returns what is known of the signatures of a case that may be read.
    pub async fn of(service: &Service, case: &Case) -> Result<Self, SubmitError> {
        let vouched = service.vouched_for(case).await?;
        let verdict = if vouched.is_some() { None } else { service.request_verdict(case).await? };
        Ok(Self { verdict, vouched, stamps: service.act_stamps(case.id).await? })
    }
}

/// Returns the parts of a case page.
pub fn parts(page: &Page, view: &CaseView, people: &People, signed: &Signed) -> CaseParts {
    let (w, case, regulation) = (page.w, &view.case, &*view.regulation);
    let presupposed = signed.vouched.as_ref().map_or(&[][..], |it| it.presupposed.as_slice());
    let (mut facts, groups) = fields(w, &regulation.fields, &case.application.fields, presupposed);
    let mut head = vec![
        Row::new(w.wp_applicant(), &*case.application.full_name),
        Row::new(w.sign_cert_iin(), &*case.application.iin),
        Row::new(w.form_medium(), medium(w, case)),
        Row::new(w.off_from(), w.of(lists::channel(case.channel))),
    ];
    for (key, number) in [
        (w.off_akim_number(), &case.akim_number),
        (w.off_letter_number(), &case.letter_number),
        (w.off_incoming_number(), &case.incoming_number),
    ] {
        head.extend(number.as_ref().map(|it| Row::new(key, it)));
    }
    // When another portal says that it sent stands beside what else it says.
    let received = if signed.vouched.is_some() { Some(case.opened_at) } else { case.accepted_at };
    head.extend(received.map(|at| Row::new(w.wp_received(), format::date_time(at))));
    head.append(&mut facts);
    CaseParts {
        heading: heading(w, case),
        service: said(w.lang(), &regulation.title).to_owned(),
        facts: head,
        groups,
        documents: documents(page, regulation, case),
        signature: signature(page, case, signed),
        steps: steps(w, view, people, page.now),
        terms: view.deadlines.iter().map(|it| deadline::term(w, regulation, it, page.now)).collect(),
        results: results(page, case),
    }
}

/// Returns how a case is called.
pub fn heading(w: Words, case: &Case) -> String {
    case.number.as_ref().map_or_else(|| w.off_case_unnumbered().to_owned(), |it| w.wp_case(it))
}

/// Returns how the result is wanted.
pub fn medium(w: Words, case: &Case) -> &'static str {
    match case.application.medium {
        engine::case::Medium::Electronic => w.off_medium_electronic(),
        engine::case::Medium::Paper => w.off_medium_paper(),
    }
}

/// Returns values as rows, and those that repeat as tables; what a portal presupposes is marked.
pub fn fields(
    w: Words,
    fields: &[Field],
    values: &BTreeMap<FieldId, Value>,
    presupposed: &[FieldId],
) -> (Vec<Row>, Vec<Table>) {
    let (mut rows, mut tables) = (Vec::new(), Vec::new());
    for field in fields {
        let label = said(w.lang(), &field.label);
        let mut value = match (&field.kind, values.get(&field.id)) {
            (FieldKind::Group { fields: inner, .. }, Some(Value::Entries(entries))) => {
                tables.extend(groups(w, label, inner, entries));
                continue;
            }
            (_, Some(Value::Bool(true))) => w.g_yes().to_owned(),
            (_, Some(Value::Bool(false))) => w.g_no().to_owned(),
            (_, Some(Value::Text(text))) => shown(w, field, text),
            _ => continue,
        };
        if presupposed.contains(&field.id) {
            value = format!("{value}\n{}", w.off_presupposed());
        }
        rows.push(Row::new(label, value));
    }
    (rows, tables)
}

/// Entries of a group: a row each; where they have more columns than fit, a table each, from top to bottom.
fn groups(w: Words, label: &str, inner: &[Field], entries: &[Entry]) -> Vec<Table> {
    let cell =
        |entry: &Entry, it: &Field| Cell::text(shown(w, it, entry.get(&it.id).map_or("", String::as_str)));
    if inner.len() <= COLUMNS_MAX {
        let row = |entry: &Entry| inner.iter().map(|it| cell(entry, it)).collect();
        return vec![Table {
            caption: label.to_owned(),
            columns: inner.iter().map(|it| said(w.lang(), &it.label).to_owned()).collect(),
            rows: entries.iter().map(row).collect(),
            empty: String::new(),
        }];
    }
    let table = |(at, entry): (usize, &Entry)| Table {
        caption: format!("{label}: {}", at + 1),
        columns: vec![w.off_entry_item().to_owned(), w.off_entry_value().to_owned()],
        rows: inner
            .iter()
            .filter(|it| entry.get(&it.id).is_some_and(|it| !it.is_empty()))
            .map(|it| vec![Cell::text(said(w.lang(), &it.label)), cell(entry, it)])
            .collect(),
        empty: String::new(),
    };
    entries.iter().enumerate().map(table).collect()
}

fn shown(w: Words, field: &Field, text: &str) -> String {
    match &field.kind {
        FieldKind::Date => date_shown(text),
        FieldKind::Choice(choices) => {
            let chosen = choices.iter().find(|(value, _)| value == text);
            chosen.map_or_else(|| text.to_owned(), |(_, label)| said(w.lang(), label).to_owned())
        }
        FieldKind::Line
        | FieldKind::Lines
        | FieldKind::Iin
        | FieldKind::Phone
        | FieldKind::Number
        | FieldKind::Money
        | FieldKind::Tick
        | FieldKind::Group { .. } => text.to_owned(),
    }
}

fn address(page: &Page, case: &Case, hash: &engine::case::FileHash) -> String {
    page.href(&format!("{}/cases/{}/files/{}", page.room.home(), case.id.0, hash.0))
}

fn documents(page: &Page, regulation: &Regulation, case: &Case) -> Table {
    let w = page.w;
    let row = |it: &engine::case::Attachment| {
        let title = regulation.documents.iter().find(|document| document.id == it.document);
        vec![
            Cell::text(title.map_or("", |document| said(w.lang(), &document.title))),
            Cell::link(address(page, case, &it.file), &*it.name),
            Cell::text(w.off_kilobytes(it.size_bytes.div_ceil(1024))),
        ]
    };
    Table {
        caption: w.att_title().to_owned(),
        columns: vec![w.wp_documents().to_owned(), w.off_file().to_owned(), w.off_size().to_owned()],
        rows: case.application.attachments.iter().map(row).collect(),
        // At the center the scans are added on the page itself: "none" would stand beside their list.
        empty: if page.room == Room::Center { String::new() } else { w.off_no_documents().to_owned() },
    }
}

fn file_row(page: &Page, case: &Case, label: &str, hash: &engine::case::FileHash) -> Row {
    let link = crate::ui::Link {
        href: address(page, case, hash),
        text: page.w.att_download().to_owned(),
        about: Some(label.to_owned()),
    };
    Row { action: Some(link), ..Row::new(label, format!("SHA-256: {}", hash.0)) }
}

/// The signed request, who signed it, and the verdict: valid, invalid, or not judged yet; or that its signature did not come
/// along, and who vouches for it.
fn signature(page: &Page, case: &Case, known: &Signed) -> Vec<Row> {
    let w = page.w;
    let mut rows = Vec::new();
    if let Some(it) = &known.vouched {
        rows.push(Row::new(w.off_verdict(), w.off_vouched(&it.portal)));
        rows.push(Row::new(w.off_vouched_number(), &it.number));
        rows.push(Row::new(w.off_vouched_message(), &it.message));
        rows.extend(case.accepted_at.map(|at| Row::new(w.off_vouched_sent(), format::date_time(at))));
        rows.push(Row::new(w.off_vouched_received(), format::date_time(case.opened_at)));
    }
    if let Some(judged) = &known.verdict {
        let text = match judged.valid {
            Some(true) => w.vf_sig_valid().to_owned(),
            Some(false) => {
                format!("{}: {}", w.vf_sig_invalid(), refused::signature(w, judged.code.as_deref()))
            }
            None => w.vf_sig_indeterminate(refused::signature(w, judged.code.as_deref())),
        };
        rows.push(Row::new(w.off_verdict(), text));
        rows.extend(judged.signer.as_ref().map(|it| Row::new(w.sign_cert_owner(), it)));
        rows.extend(judged.serial.as_ref().map(|it| Row::new(w.off_serial(), it)));
    }
    match (&case.signature, known.verdict.as_ref().and_then(|it| it.judged_for)) {
        (Some(kept), _) => rows.push(Row::new(w.off_judged_at(), format::date_time(kept.at))),
        (None, Some(at)) => {
            rows.push(Row::new(w.off_judged_for(), w.off_judged_for_portal(format::date_time(at))));
        }
        (None, None) => {}
    }
    if let Some(content) = &case.application.content {
        let of_portal = known.vouched.is_some();
        let label = if of_portal { w.off_vouched_xml() } else { w.off_signed_xml() };
        rows.push(file_row(page, case, label, content));
    }
    let signature = case.signature.as_ref().map(|it| &it.signature).or(case.application.signature.as_ref());
    rows.extend(signature.map(|it| file_row(page, case, w.off_signed_cms(), it)));
    let archive = |it: &ActStamp| it.archived.as_ref().map(|it| address(page, case, &it.file));
    rows.extend(stamps::rows(w, &known.stamps, stamps::Told::Official, archive));
    rows
}

/// Returns the results, the last one last.
fn results(page: &Page, case: &Case) -> Vec<Row> {
    let w = page.w;
    let row = |(number, result): (Option<&str>, &engine::case::SignedResult)| {
        let number = number.unwrap_or_default();
        let link = crate::ui::Link {
            href: address(page, case, &result.file),
            text: w.cab_get_result().to_owned(),
            about: Some(number.to_owned()),
        };
        let value = format!("{number}\n{}\n{}", result.signer, format::date_time(result.at));
        Row { action: Some(link), ..Row::new(w.passport_result(), value) }
    };
    case.results().map(row).collect()
}

/// A step each; what nobody told of is one step, however many parts it has.
fn steps(w: Words, view: &CaseView, people: &People, now: jiff::Timestamp) -> Vec<Step> {
    let untold = |it: &TimelineItem| matches!(it.state, State::Sent | State::Answered);
    let groups = view.timeline.chunk_by(|one, next| untold(one) && one.state == next.state);
    let shown = groups.filter_map(|parts| {
        let first = parts.first()?;
        let name = first.by.as_ref().and_then(|it| people.name(it));
        Some(if untold(first) { by_sender(w, first, parts) } else { step(w, first, name, now) })
    });
    shown.collect()
}

/// What follows from the application, or from the answer, having been sent.
fn by_sender(w: Words, first: &TimelineItem, parts: &[TimelineItem]) -> Step {
    let (title, note) = if first.state == State::Sent {
        (w.tl_sent(), w.tl_sent_note().to_owned())
    } else {
        let titles: Vec<&str> = parts.iter().map(|it| said(w.lang(), &it.title)).collect();
        (w.tl_answered(), w.tl_answered_note(titles.join("; ")))
    };
    Step {
        state: StepState::Done,
        title: title.to_owned(),
        who: None,
        by: None,
        at: first.done_at,
        note: Some(note),
    }
}

fn step(w: Words, it: &TimelineItem, name: Option<&str>, now: jiff::Timestamp) -> Step {
    let role = it.actor.map_or_else(|| lists::system(it.at_system), lists::actor);
    let mut note = if it.ours { w.tl_ours().to_owned() } else { w.clause(&*it.clause) };
    if it.found == Some(Found::Held) {
        note = format!("{}. {note}", w.tl_yes());
    }
    Step {
        state: StepState::of(it, now),
        title: said(w.lang(), &it.title).to_owned(),
        who: Some(name.map_or_else(|| w.of(role).to_owned(), str::to_owned)),
        by: it.due.map(format::date_time),
        at: it.done_at,
        note: Some(note),
    }
}

/// Returns the action of the part where the case stands, when it waits here.
pub fn action(view: &CaseView) -> Option<&Action> {
    let place = view.case.current()?;
    view.regulation.part(&place.part).map(|(_, _, part)| &part.action)
}
