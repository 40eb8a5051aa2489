// SPDX-License-Identifier: MIT OR Apache-2.0
//! The form of a regulation as a page: drawn from its declared fields, read back from what the browser posted.
//!
//! ```text
//! fields + values + mistakes ── show ──► Vec<Item> ── form.html ──► the page
//! what was posted (Given)    ── read ──► values for the application
//! ```
//! The name of a field in the page is the path that [`engine::form::Problem`] tells: `phone`, `children.0.surname`. A date
//! is typed as `21.11.2026` and kept as ISO 8601; what cannot be read is kept as typed, so that nothing is lost.
//! A field that is asked for only under a condition is shown with that condition in words; the script shows and hides it as
//! the answers change, and [`only_asked`] forgets what was typed into it where the condition does not hold.
//! Entries of a group are added and taken away by buttons `add=children` and `remove=children.1`, without script.

mod condition;
mod read;
mod show;

pub use condition::Named;
pub use read::{Given, only_asked, read, rearranged};
pub use show::{
    DATE_EXAMPLE, Group, Item, Whenever, date_shown, money_shown, named, problem_text, problems, show,
};

use crate::lang::Lang;
use regulation::model::Text;

/// Returns a text of a regulation in the language of the page.
pub fn said(lang: Lang, text: &Text) -> &str {
    match lang {
        Lang::Kk => &text.kk,
        Lang::Ru => &text.ru,
        Lang::En => &text.en,
    }
}
