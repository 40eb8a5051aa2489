// SPDX-License-Identifier: MIT OR Apache-2.0
//! What waits for the operator, and every case of the center.

use askama::Template;
use axum::response::IntoResponse;

use crate::errors::PageError;
use crate::offices::lists;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::Table;

#[derive(Template)]
#[template(path = "center/queue.html")]
struct QueuePage {
    page: Page,
    waiting: Table,
    provisional: Option<Table>,
}

#[derive(Template)]
#[template(path = "center/journal.html")]
struct JournalPage {
    page: Page,
    table: Table,
}

/// Shows what waits for the operator, the most urgent first.
pub(super) async fn queue(who: AsOfficial) -> Result<impl IntoResponse, PageError> {
    let provisional = super::provisional::table(&who).await?;
    let (page, service) = (who.page, who.service);
    let mut rows = Vec::new();
    for head in service.queues(&who.official.seat).await?.iter().flat_map(|it| &it.cases) {
        rows.push(lists::queue_row(&page, &service, head).await?);
    }
    let waiting = Table {
        caption: page.w.off_waits_for_me().to_owned(),
        columns: lists::queue_columns(page.w),
        rows,
        empty: page.w.g_empty_work().to_owned(),
    };
    html(&QueuePage { page, waiting, provisional })
}

/// Shows the cases of the center, the latest first.
pub(super) async fn journal(who: AsOfficial) -> Result<impl IntoResponse, PageError> {
    let (page, service) = (who.page, who.service);
    let mut rows = Vec::new();
    for head in service.journal(&who.official.seat).await? {
        rows.push(lists::journal_row(&page, &service, &head).await?);
    }
    let table = Table {
        caption: page.w.off_all_cases().to_owned(),
        columns: lists::journal_columns(page.w),
        rows,
        empty: page.w.off_journal_empty().to_owned(),
    };
    html(&JournalPage { page, table })
}
