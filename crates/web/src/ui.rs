// SPDX-License-Identifier: MIT OR Apache-2.0
//! Values that the macros of `templates/ui.html` render: a page builds them, a macro shows them.

mod field;
mod sign;
mod view;

pub use field::{Choice, Choices, Field, FieldKind, FileField, Problem};
pub use sign::{KeyOf, SignContent, SignItem, SignPanel};
pub use view::{Cell, Link, Pages, Row, Section, Step, StepState, Table, Tag, TagKind};

/// Header by which the page's script says that a form was saved by itself; the answer is the text to show.
pub const AUTOSAVE_HEADER: &str = "x-autosave";
