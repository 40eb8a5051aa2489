// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages and API: extract, submit, render.
//!
//! This crate parses a request into types, calls the service once and renders the answer. The words come from
//! `locales/`, the look from `frontend/`; both are built in and checked when the crate is built.
//! How to add a page: `README.md` of this crate.

pub mod admin;
mod advice;
mod arriving;
pub mod assets;
pub mod center;
pub mod components;
pub mod errors;
pub mod flash;
pub mod form;
pub mod format;
pub mod held;
pub mod lang;
pub mod layers;
pub mod limit;
pub mod nav;
pub mod offices;
pub mod page;
pub mod phone;
pub mod portal;
pub mod region;
pub mod room;
pub mod route;
pub mod routes;
pub mod search;
pub mod services;
pub mod sessions;
pub mod state;
pub mod ui;
mod unread;
pub mod words;

pub use errors::PageError;
pub use flash::Flash;
pub use lang::Lang;
pub use page::{Page, html};
pub use room::Room;
pub use routes::{app, router};
pub use services::{Administration, AsAdministrator, AsCitizen, AsOfficial, Services};
pub use state::State;
pub use words::{Word, Words};
