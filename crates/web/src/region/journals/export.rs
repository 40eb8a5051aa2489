// SPDX-License-Identifier: MIT OR Apache-2.0
//! A journal as a file that spreadsheets open: UTF-8 with its mark, semicolons, the latest entry first. It is made page by
//! page while it is sent, and every page that is read is recorded as a reading.

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use service::journals::{Journal, JournalPage};
use service::submit::SubmitError;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

use super::{columns, row};
use crate::errors::PageError;
use crate::format;
use crate::services::AsOfficial;
use crate::ui::Cell;

/// Most lines of a file; a journal that is longer says so in its last line.
const LINES_MAX: usize = 20_000;
/// Pages that are made before the first of them is sent.
const PAGES_AHEAD: usize = 2;
/// By this mark spreadsheets know UTF-8.
const MARK: &str = "\u{feff}";
/// What a spreadsheet would take for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Sends a journal as a file.
pub(crate) async fn export(who: AsOfficial, Path(name): Path<String>) -> Result<Response, PageError> {
    let journal = Journal::named(&name).ok_or(PageError::NotFound)?;
    let first = who.service.journal_page(&who.official.seat, journal, None).await?;
    let day = format::day_of(who.page.now);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}-{day}.csv\"", journal.as_str())),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let (send, receive) = mpsc::channel(PAGES_AHEAD);
    tokio::spawn(async move {
        let head = format!("{MARK}{}", line(columns(who.page.w, journal).iter().map(String::as_str)));
        if send.send(Ok(Bytes::from(head))).await.is_err() {
            return;
        }
        if let Err(failed) = pages(&who, journal, first, &send).await {
            // What was sent is cut short: the browser says that the file did not come whole.
            let broken = std::io::Error::other(failed.to_string());
            let _gone = send.send(Err(broken)).await;
        }
    });
    Ok((headers, Body::from_stream(Sent(receive))).into_response())
}

type Piece = Result<Bytes, std::io::Error>;

/// The pieces of a file as they are made.
struct Sent(mpsc::Receiver<Piece>);

impl Stream for Sent {
    type Item = Piece;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Piece>> {
        self.0.poll_recv(cx)
    }
}

/// Makes page after page, until the last or until nobody takes them.
async fn pages(
    who: &AsOfficial,
    journal: Journal,
    first: JournalPage,
    send: &mpsc::Sender<Piece>,
) -> Result<(), SubmitError> {
    let (mut page, mut lines) = (first, 0_usize);
    loop {
        let mut text = String::new();
        for it in page.lines.iter().take(LINES_MAX.saturating_sub(lines)) {
            let cells = row(&who.page, &who.service, journal, it).await?;
            text.push_str(&line(cells.iter().map(words)));
        }
        lines = lines.saturating_add(page.lines.len());
        let next = page.next.take();
        let cut = next.is_some() && lines >= LINES_MAX;
        if cut {
            text.push_str(&line([who.page.w.rj_cut(LINES_MAX).as_str()].into_iter()));
        }
        if send.send(Ok(Bytes::from(text))).await.is_err() || cut {
            return Ok(());
        }
        let Some(next) = next else { return Ok(()) };
        page = who.service.journal_page(&who.official.seat, journal, Some(&next)).await?;
    }
}

fn words(cell: &Cell) -> &str {
    match &cell.tag {
        Some(tag) if cell.text.is_empty() => &tag.text,
        Some(_) | None => &cell.text,
    }
}

/// Returns a line: every cell in quotes; what a spreadsheet would calculate is kept as text.
fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = cells
        .map(|it| {
            let plain = if it.starts_with(FORMULA) { "'" } else { "" };
            format!("\"{plain}{}\"", it.replace('"', "\"\""))
        })
        .collect();
    format!("{}\r\n", quoted.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_semicolons_quotes_and_formulas_as_text() {
        let cells = ["К-2026-0001", "а;ә", "«б» \"в\"", "=1+1", ""];
        assert_eq!(line(cells.into_iter()), "\"К-2026-0001\";\"а;ә\";\"«б» \"\"в\"\"\";\"'=1+1\";\"\"\r\n");
    }

    #[test]
    fn a_cell_says_its_text_or_its_state() {
        assert_eq!(words(&Cell::text("мәтін")), "мәтін");
        assert_eq!(words(&Cell::tag(crate::ui::TagKind::Good, "берілді")), "берілді");
    }
}
