// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list that the office kept before is taken from a file: all of it, or nothing and every mistake by its line.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use regulation::model::RegisterId;
use service::contracts::RegisterContract;
use service::contracts::own::{Column, FROM, Is, TO, VALUE_CHARS_MAX, Wrong};
use service::registers::import::{FULL_NAME, IIN, MISTAKES_MAX, UPLOAD_BYTES_MAX, UPLOAD_ROWS_MAX};
use service::registers::{ColumnNames, Format, ImportMistake, ImportRefused};
use uuid::Uuid;

use super::entry::said_of;
use super::{address, columns};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{DATE_EXAMPLE, said};
use crate::lang::Lang;
use crate::offices::SentFile;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, FileField, Link, Problem, Table};
use crate::words::{Word, Words};

/// Name of the field of the file.
const FILE: &str = "file";
const ENDINGS: [&str; 2] = [".csv", ".json"];
const MEGABYTE: usize = 1024 * 1024;
/// By this mark spreadsheets know UTF-8.
const MARK: &str = "\u{feff}";

#[derive(Template)]
#[template(path = "region/register-upload.html")]
struct UploadPage {
    page: Page,
    title: String,
    back: String,
    action: String,
    order: Uuid,
    rows_max: usize,
    model: Link,
    columns: Table,
    file: FileField,
    mistakes: Option<(String, Table)>,
    problems: Vec<Problem>,
}

/// What is wrong with what was sent.
#[derive(Default)]
struct Wrongs {
    file: Option<String>,
    mistakes: Vec<ImportMistake>,
}

/// Shows the form.
pub(in crate::region) async fn show(who: AsOfficial, Path(id): Path<String>) -> Result<Response, PageError> {
    Ok(html(&render(who, &id, Wrongs::default())?)?.into_response())
}

fn render(who: AsOfficial, id: &str, wrongs: Wrongs) -> Result<UploadPage, PageError> {
    let page = &who.page;
    let w = page.w;
    let contract = who.service.kept_register(&who.official.seat, &RegisterId::from(id))?;
    let file = FileField {
        name: FILE.to_owned(),
        label: w.ku_file().to_owned(),
        error: wrongs.file.clone(),
        endings: ENDINGS.to_vec(),
        megabytes_max: u32::try_from(UPLOAD_BYTES_MAX / MEGABYTE).unwrap_or(u32::MAX),
        optional: false,
    };
    let href = format!("#{}", file.id());
    let many = wrongs.mistakes.len() >= MISTAKES_MAX;
    let told = (!wrongs.mistakes.is_empty())
        .then(|| if many { w.ku_mistakes_many(MISTAKES_MAX) } else { w.ku_mistakes(wrongs.mistakes.len()) });
    let problems = wrongs.file.into_iter().map(|text| Problem { href: href.clone(), text });
    Ok(UploadPage {
        title: said(page.lang(), &contract.title).to_owned(),
        back: address(page, id, ""),
        action: address(page, id, "/upload"),
        order: who.service.uuid(),
        rows_max: UPLOAD_ROWS_MAX,
        model: Link {
            href: address(page, id, "/upload/model.csv"),
            text: w.ku_model().to_owned(),
            about: None,
        },
        columns: described(w, contract),
        file,
        mistakes: told.map(|it| (it, mistakes(w, contract, &wrongs.mistakes))),
        problems: problems.collect(),
        page: who.page,
    })
}

/// Returns the columns of a file: name, title, whether it must be there, what is written.
fn asked(w: Words, contract: &RegisterContract) -> Vec<(String, String, bool, String)> {
    let day = || w.ku_day(DATE_EXAMPLE);
    let what = |it: &Column| match it.is {
        Is::Date => day(),
        Is::Iin => w.ku_iin().to_owned(),
        Is::Choice => {
            let titles: Vec<&str> = it.choices.iter().map(|it| said(w.lang(), &it.title)).collect();
            titles.join("; ")
        }
        Is::Line | Is::Computed => String::new(),
    };
    let mut found = vec![
        (IIN.to_owned(), w.sign_cert_iin().to_owned(), true, w.ku_iin().to_owned()),
        (FULL_NAME.to_owned(), w.kr_person().to_owned(), true, String::new()),
    ];
    let own = columns(contract).filter(|it| it.is != Is::Computed);
    found
        .extend(own.map(|it| (it.name.clone(), said(w.lang(), &it.title).to_owned(), it.required, what(it))));
    found.push((FROM.to_owned(), w.kr_from().to_owned(), true, day()));
    found.push((TO.to_owned(), w.kr_to().to_owned(), false, day()));
    found
}

fn described(w: Words, contract: &RegisterContract) -> Table {
    let row = |(_, title, required, what): (String, String, bool, String)| {
        let must = if required { w.ku_must() } else { w.ku_may() };
        vec![Cell::text(title), Cell::text(must), Cell::text(what)]
    };
    Table {
        caption: w.ku_columns().to_owned(),
        columns: [w.ku_column(), w.ku_needed(), w.ku_written()].map(str::to_owned).to_vec(),
        rows: asked(w, contract).into_iter().map(row).collect(),
        empty: String::new(),
    }
}

fn mistakes(w: Words, contract: &RegisterContract, found: &[ImportMistake]) -> Table {
    let known = asked(w, contract);
    let title = |name: &str| known.iter().find(|it| it.0 == name).map_or(name, |it| &it.1).to_owned();
    let row = |it: &ImportMistake| {
        vec![Cell::text(it.line.to_string()), Cell::text(title(&it.column)), Cell::text(wrong(w, it.wrong))]
    };
    Table {
        caption: w.ku_mistakes_title().to_owned(),
        columns: [w.ku_line(), w.ku_column(), w.ku_wrong()].map(str::to_owned).to_vec(),
        rows: found.iter().map(row).collect(),
        empty: String::new(),
    }
}

/// Returns what is wrong with a value of a file.
fn wrong(w: Words, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => w.ku_empty().to_owned(),
        Wrong::TooLong => w.ku_long(VALUE_CHARS_MAX),
        Wrong::Unknown => w.ku_no_column().to_owned(),
        Wrong::NotAChoice => w.ku_choice().to_owned(),
        Wrong::NotADate | Wrong::NotAnIin | Wrong::BeforeTheFirst | Wrong::ToCome | Wrong::Entered => {
            w.of(said_of(wrong)).to_owned()
        }
    }
}

/// Returns why a file cannot be read.
fn unreadable(w: Words, why: Format, size: usize) -> String {
    match why {
        Format::TooLarge => w.att_err_size(UPLOAD_BYTES_MAX / MEGABYTE, size.div_ceil(MEGABYTE).to_string()),
        Format::TooManyLines { most } => w.ku_too_many(most),
        Format::NotUtf8 => w.ku_not_utf8().to_owned(),
        Format::Empty => w.ku_no_lines().to_owned(),
        Format::ColumnTwice => w.ku_column_twice().to_owned(),
        Format::Uneven { line } => w.ku_uneven(line),
        Format::OpenQuotation { line } => w.ku_quotation(line),
        Format::Json { line } => w.ku_json(line),
    }
}

/// Sends an empty table with the names of the columns in the official's language.
pub(in crate::region) async fn model(who: AsOfficial, Path(id): Path<String>) -> Result<Response, PageError> {
    let contract = who.service.kept_register(&who.official.seat, &RegisterId::from(id.as_str()))?;
    let quoted = |it: &(String, String, bool, String)| format!("\"{}\"", it.1.replace('"', "\"\""));
    let head: Vec<String> = asked(who.page.w, contract).iter().map(quoted).collect();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", contract.id)),
    ];
    Ok((headers, format!("{MARK}{}\r\n", head.join(";"))).into_response())
}

/// Takes a file.
pub(in crate::region) async fn take(
    Path(id): Path<String>,
    jar: CookieJar,
    SentFile { who, given, file }: SentFile,
) -> Result<Response, PageError> {
    let register = RegisterId::from(id.as_str());
    let contract = who.service.kept_register(&who.official.seat, &register)?;
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let w = who.page.w;
    let Some((_, bytes)) = file else {
        return again(who, &id, Wrongs { file: Some(w.ku_choose().to_owned()), ..Wrongs::default() });
    };
    let mut names = ColumnNames::new();
    for lang in Lang::ALL {
        let known = asked(Words::new(lang), contract);
        names.extend(known.into_iter().map(|(name, title, ..)| (title.to_lowercase(), name)));
    }
    let done = who.service.upload_entries(&who.official.seat, &register, (&bytes, &names), order).await;
    match done {
        Ok(done) => {
            let flash = if done.entered > 0 {
                Flash::success(Word::DoneUploaded)
            } else {
                Flash::notice(Word::KuAllKnown)
            };
            Ok((jar.add(flash.cookie()), Redirect::to(&address(&who.page, &id, ""))).into_response())
        }
        Err(ImportRefused::Format(why)) => {
            again(who, &id, Wrongs { file: Some(unreadable(w, why, bytes.len())), ..Wrongs::default() })
        }
        Err(ImportRefused::Mistakes(mistakes)) => again(who, &id, Wrongs { mistakes, ..Wrongs::default() }),
        Err(ImportRefused::NotKept) => Err(PageError::NotFound),
        Err(ImportRefused::Failed(failed)) => Err(failed.into()),
    }
}

fn again(who: AsOfficial, id: &str, wrongs: Wrongs) -> Result<Response, PageError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&render(who, id, wrongs)?)?).into_response())
}
