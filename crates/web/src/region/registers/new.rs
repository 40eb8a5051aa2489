// SPDX-License-Identifier: MIT OR Apache-2.0
//! Somebody is entered by hand: the person, the values, the document with its scan.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use regulation::model::RegisterId;
use service::codec::register::Document;
use service::contracts::own::{Column, FROM, Is, OwnRules, TO, VALUE_CHARS_MAX, Wrong};
use service::registers::hand::{
    DOCUMENT_BODY, DOCUMENT_DATE, DOCUMENT_NUMBER, DOCUMENT_TITLE, FULL_NAME, IIN,
};
use service::registers::{HandEntry, KeepRefused};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::address;
use super::entry::said_of;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{DATE_EXAMPLE, Given, said};
use crate::format;
use crate::offices::applicant::{of_choices, of_field};
use crate::offices::{SentFile, papers};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Choice, Choices, Field, FieldKind, FileField, Problem};
use crate::words::{Word, Words};

/// Name of the field of the scan.
const SCAN: &str = "file";

/// A field that is typed, or a choice.
enum Item {
    Field(Field),
    Choices(Choices),
}

impl Item {
    fn field(&self) -> Option<&Field> {
        if let Self::Field(it) = self { Some(it) } else { None }
    }

    fn choices(&self) -> Option<&Choices> {
        if let Self::Choices(it) = self { Some(it) } else { None }
    }

    fn problem(&self) -> Option<Problem> {
        match self {
            Self::Field(it) => of_field(it),
            Self::Choices(it) => of_choices(it),
        }
    }
}

#[derive(Template)]
#[template(path = "region/register-new.html")]
struct NewPage {
    page: Page,
    title: String,
    back: String,
    action: String,
    order: Uuid,
    person: Vec<Item>,
    values: Vec<Item>,
    document: Vec<Item>,
    scan: FileField,
    problems: Vec<Problem>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    given: Given,
    wrong: BTreeMap<String, Word>,
    scan: Option<String>,
}

impl Typed {
    fn error(&self, w: Words, name: &str) -> Option<&'static str> {
        self.wrong.get(name).map(|it| w.of(*it))
    }

    fn line(&self, w: Words, name: &str, label: &str) -> Field {
        Field::new(name, label)
            .value(self.given.get(name))
            .max_length(u32::try_from(VALUE_CHARS_MAX).unwrap_or(u32::MAX))
            .error(self.error(w, name))
    }

    fn day(&self, w: Words, name: &str, label: &str) -> Field {
        self.line(w, name, label).kind(FieldKind::Date).hint(w.form_date_hint(DATE_EXAMPLE)).width(10)
    }
}

/// Shows the form.
pub(in crate::region) async fn show(who: AsOfficial, Path(id): Path<String>) -> Result<Response, PageError> {
    Ok(html(&render(who, &id, &Typed::default())?)?.into_response())
}

fn render(who: AsOfficial, id: &str, typed: &Typed) -> Result<NewPage, PageError> {
    let page = &who.page;
    let w = page.w;
    let contract = who.service.kept_register(&who.official.seat, &RegisterId::from(id))?;
    let number = typed.line(w, IIN, w.signin_iin()).kind(FieldKind::Digits).hint(w.help_iin());
    let name = typed.line(w, FULL_NAME, w.off_full_name()).hint(w.off_full_name_hint());
    let mut values: Vec<Item> =
        contract.own.iter().flat_map(OwnRules::asked).map(|it| item(w, typed, it)).collect();
    values.push(Item::Field(typed.day(w, FROM, w.kr_from())));
    values.push(Item::Field(typed.day(w, TO, w.kr_to()).optional()));
    let title = typed.line(w, DOCUMENT_TITLE, w.kr_document_title()).hint(w.kr_document_title_hint());
    let of_document = |name: &str, label: &str| {
        let field = typed.line(w, name, label);
        let asked = contract.own.iter().flat_map(|it| &it.column).any(|it| it.from_document.is_some());
        Item::Field(if asked { field } else { field.optional() })
    };
    let document = vec![
        Item::Field(title),
        of_document(DOCUMENT_NUMBER, w.kr_document_number()),
        Item::Field(typed.day(w, DOCUMENT_DATE, w.kr_document_date())),
        of_document(DOCUMENT_BODY, w.kr_document_body()),
    ];
    let person = vec![Item::Field(number.max_length(12).width(20)), Item::Field(name)];
    let scan =
        FileField { error: typed.scan.clone(), ..papers::scan_field(SCAN.to_owned(), w.kr_scan(), false) };
    let mut problems: Vec<Problem> =
        [&person, &values, &document].into_iter().flatten().filter_map(Item::problem).collect();
    problems.extend(scan.error.clone().map(|text| Problem { href: format!("#{}", scan.id()), text }));
    Ok(NewPage {
        title: said(page.lang(), &contract.title).to_owned(),
        back: address(page, id, ""),
        action: address(page, id, "/new"),
        order: who.service.uuid(),
        person,
        values,
        document,
        scan,
        problems,
        page: who.page,
    })
}

fn item(w: Words, typed: &Typed, column: &Column) -> Item {
    let label = said(w.lang(), &column.title);
    if column.is == Is::Choice {
        let chosen = typed.given.get(&column.name);
        let choice = |value: &str, title: &str| Choice::new(value, title, value == chosen);
        let options = column.choices.iter().map(|it| choice(&it.value, said(w.lang(), &it.title))).collect();
        let mut choices = Choices::new(&column.name, label, options).error(typed.error(w, &column.name));
        choices.optional = !column.required;
        return Item::Choices(choices);
    }
    let field = if column.is == Is::Date {
        typed.day(w, &column.name, label)
    } else {
        typed.line(w, &column.name, label)
    };
    Item::Field(if column.required { field } else { field.optional() })
}

/// Enters somebody.
pub(in crate::region) async fn take(
    Path(id): Path<String>,
    jar: CookieJar,
    SentFile { who, given, file }: SentFile,
) -> Result<Response, PageError> {
    let register = RegisterId::from(id.as_str());
    let contract = who.service.kept_register(&who.official.seat, &register)?;
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let columns: Vec<Column> = contract.own.iter().flat_map(|it| it.asked().cloned()).collect();
    let entry = read(&columns, &given);
    let Some((name, bytes)) = file else {
        let scan = Some(who.page.w.serr_choose_paper().to_owned());
        return again(who, &id, &Typed { given, scan, ..Typed::default() });
    };
    let size = bytes.len();
    let scan = match who.service.upload("ground".into(), &name, bytes).await {
        Ok(scan) => scan,
        Err(refused) => {
            let scan = Some(papers::refusal(who.page.w, refused, size)?);
            return again(who, &id, &Typed { given, scan, ..Typed::default() });
        }
    };
    let done = who.service.enter_by_hand(&who.official.seat, &register, (entry, &scan), order).await;
    match done {
        Ok(entry) => {
            let to = address(&who.page, &id, &format!("/entries/{entry}"));
            let flash = Flash::success(Word::DoneEntryMade);
            Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
        }
        Err(KeepRefused::Wrong(wrong)) => {
            let word = |(name, it): (String, Wrong)| {
                let word = if name == DOCUMENT_DATE { document_day(it) } else { said_of(it) };
                (name, word)
            };
            let wrong = wrong.into_iter().map(word).collect();
            again(who, &id, &Typed { given, wrong, scan: None })
        }
        Err(KeepRefused::Entered | KeepRefused::Ended) => {
            let wrong = BTreeMap::from([(IIN.to_owned(), Word::KrEntered)]);
            again(who, &id, &Typed { given, wrong, scan: None })
        }
        Err(KeepRefused::Failed(failed)) => Err(failed.into()),
    }
}

/// A document is not of a day to come.
fn document_day(wrong: Wrong) -> Word {
    if wrong == Wrong::ToCome { Word::VerrDateFuture } else { said_of(wrong) }
}

fn again(who: AsOfficial, id: &str, typed: &Typed) -> Result<Response, PageError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&render(who, id, typed)?)?).into_response())
}

/// Returns what was typed; a day that cannot be read stays as it was typed, so that the mistake is told.
fn read(columns: &[Column], given: &Given) -> HandEntry {
    let day = |name: &str| {
        let typed = given.get(name);
        format::read_date(typed).map_or_else(|_| typed.to_owned(), |it| it.to_string())
    };
    let mut record: BTreeMap<String, String> = columns
        .iter()
        .map(|it| {
            let value = if it.is == Is::Date { day(&it.name) } else { given.get(&it.name).to_owned() };
            (it.name.clone(), value)
        })
        .collect();
    record.extend([FROM, TO].map(|it| (it.to_owned(), day(it))));
    HandEntry {
        iin: given.get(IIN).to_owned(),
        full_name: given.get(FULL_NAME).to_owned(),
        record,
        document: Document {
            title: given.get(DOCUMENT_TITLE).to_owned(),
            number: given.get(DOCUMENT_NUMBER).to_owned(),
            date: day(DOCUMENT_DATE),
            body: given.get(DOCUMENT_BODY).to_owned(),
        },
    }
}
