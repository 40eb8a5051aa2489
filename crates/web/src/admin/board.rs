// SPDX-License-Identifier: MIT OR Apache-2.0
//! The list of what is stuck, the oldest first, and the order to try again.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use regulation::model::System;
use service::board::{BoardError, ITEMS_MAX, Item, Order, What};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{board_of, failed, words};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::services::AsAdministrator;
use crate::ui::{Pages, Row, Section, Tag};
use crate::words::Word;

/// Items of a page.
const ITEMS_OF_PAGE: usize = 10;

/// Which items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    Waiting,
    Aside,
}

impl Shown {
    const ALL: [Self; 3] = [Self::All, Self::Waiting, Self::Aside];

    fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Waiting => "waiting",
            Self::Aside => "aside",
        }
    }

    fn word(self) -> Word {
        match self {
            Self::All => Word::BdAll,
            Self::Waiting => Word::BdWaiting,
            Self::Aside => Word::BdAside,
        }
    }

    fn holds(self, item: &Item) -> bool {
        match self {
            Self::All => true,
            Self::Waiting => !item.is_aside(),
            Self::Aside => item.is_aside(),
        }
    }
}

/// An item in words.
#[derive(Debug)]
pub(super) struct ItemView {
    /// Id of its heading.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) tag: Tag,
    pub(super) why: String,
    pub(super) advice: String,
    pub(super) rows: Vec<Row>,
    /// What the other side or the program said, as it said it.
    pub(super) words: String,
    /// Whether the advice speaks of these words: then they are open.
    pub(super) open: bool,
    /// Where the order to try again goes, if there is something to be tried.
    pub(super) retry: Option<String>,
    /// Where giving up begins, if it can be given up.
    pub(super) give_up: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/board.html")]
struct BoardPage {
    page: Page,
    tabs: Vec<Section>,
    items: Vec<ItemView>,
    /// Whether there are more than can be shown.
    cut: bool,
    pages: Pages,
}

/// Returns an item in words; `several` is whether this process carries several systems.
pub(super) fn view(page: &Page, system: System, item: &Item, several: bool) -> ItemView {
    let w = page.w;
    let address = |act: &str| page.href(&format!("/admin/{}/{}/{act}", system.as_str(), item.id));
    let (why, advice) = words::reason(item.reason);
    ItemView {
        id: format!("item-{}", item.id),
        title: w.of(words::title(&item.what)).to_owned(),
        tag: words::tag(w, item),
        why: w.of(why).to_owned(),
        advice: w.of(advice).to_owned(),
        rows: words::rows(page, several.then_some(system), item),
        words: item.words.clone(),
        open: matches!(item.what, What::NotTaken { .. }),
        retry: item.can_be_retried().then(|| address("retry")),
        give_up: item.ending.map(|_| address("give-up")),
    }
}

/// Shows what is stuck.
pub(super) async fn show(
    who: AsAdministrator,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let mut all: Vec<(System, Item)> = Vec::new();
    let mut cut = false;
    for (system, board) in &who.boards {
        let items = board.items().await.map_err(failed)?;
        cut |= items.len() >= ITEMS_MAX;
        all.extend(items.into_iter().map(|it| (*system, it)));
    }
    all.sort_by_key(|it| it.1.since);
    let asked = query.get("show").map(String::as_str).unwrap_or_default();
    let shown = Shown::ALL.into_iter().find(|it| it.code() == asked).unwrap_or(Shown::All);
    let page = who.page;
    let tabs = Shown::ALL.map(|it| Section {
        href: page.href(&format!("/admin?show={}", it.code())),
        text: page.w.of(it.word()).to_owned(),
        count: Some(all.iter().filter(|(_, item)| it.holds(item)).count() as u64),
        current: it == shown,
    });
    all.retain(|(_, item)| shown.holds(item));
    let total = all.len().div_ceil(ITEMS_OF_PAGE).max(1);
    let current = query.get("page").and_then(|it| it.parse::<usize>().ok()).unwrap_or(1).clamp(1, total);
    let several = who.boards.len() > 1;
    let of_page = all.iter().skip((current - 1) * ITEMS_OF_PAGE).take(ITEMS_OF_PAGE);
    let items = of_page.map(|(system, item)| view(&page, *system, item, several)).collect();
    let pages = Pages {
        href: page.href(&format!("/admin?show={}&page=", shown.code())),
        current: current as u64,
        total: total as u64,
    };
    Ok(html(&BoardPage { page, tabs: tabs.to_vec(), items, cut, pages })?.into_response())
}

/// Has an item tried again now.
pub(super) async fn retry(
    who: AsAdministrator,
    Path((system, id)): Path<(String, Uuid)>,
    jar: CookieJar,
) -> Result<Response, PageError> {
    let (_, board) = board_of(&who, &system)?;
    let order = Order { by: &who.official.login, why: "" };
    let flash = match board.retry(id, order).await {
        Ok(()) => Flash::success(Word::BdRetried),
        Err(BoardError::Unknown) => Flash::notice(Word::BdGone),
        Err(other) => return Err(failed(other)),
    };
    Ok((jar.add(flash.cookie()), Redirect::to(&who.page.href("/admin"))).into_response())
}
