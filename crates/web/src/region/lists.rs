// SPDX-License-Identifier: MIT OR Apache-2.0
//! What waits, by capacity, the most urgent first.

use askama::Template;
use axum::response::IntoResponse;

use super::several;
use crate::errors::PageError;
use crate::offices::lists;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::Table;

struct Waiting {
    id: String,
    title: String,
    count: usize,
    table: Table,
}

#[derive(Template)]
#[template(path = "region/queue.html")]
struct QueuePage {
    page: Page,
    queues: Vec<Waiting>,
    /// How many results can be signed together, when there are several.
    several: Option<usize>,
}

/// Shows what waits for the official, a section for each capacity.
pub(super) async fn queue(who: AsOfficial) -> Result<impl IntoResponse, PageError> {
    let found = who.service.queues(&who.official.seat).await?;
    let several = several::count(&who, found.iter().flat_map(|it| &it.cases));
    let (page, service) = (who.page, who.service);
    let mut queues = Vec::new();
    for queue in found {
        let mut rows = Vec::with_capacity(queue.cases.len());
        for head in &queue.cases {
            rows.push(lists::queue_row(&page, &service, head).await?);
        }
        let title = page.w.of(lists::actor(queue.actor)).to_owned();
        queues.push(Waiting {
            id: queue.actor.as_str().to_owned(),
            count: rows.len(),
            table: Table {
                caption: title.clone(),
                columns: lists::queue_columns(page.w),
                rows,
                empty: page.w.g_empty_work().to_owned(),
            },
            title,
        });
    }
    html(&QueuePage { page, queues, several: Some(several).filter(|it| *it > 1) })
}
