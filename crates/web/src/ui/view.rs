// SPDX-License-Identifier: MIT OR Apache-2.0
//! Things to read: links, tags, tables, summaries, timelines, pages of a list.

use jiff::Timestamp;
use service::cases::{Found, State, TimelineItem};

/// A link or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Address.
    pub href: String,
    /// What is seen.
    pub text: String,
    /// What a screen reader says after it, to tell equal links apart.
    pub about: Option<String>,
}

/// A section of a room, with a count where things wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Address.
    pub href: String,
    /// Name.
    pub text: String,
    /// How many things wait there.
    pub count: Option<u64>,
    /// Whether the person is there.
    pub current: bool,
}

/// Which shape and colour accompany the words of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TagKind {
    /// Going on.
    #[default]
    Going,
    /// Ended well.
    Good,
    /// Refused, overdue, broken.
    Bad,
    /// Waits for somebody, due soon.
    Wait,
    /// Not begun, replaced, of no weight.
    Quiet,
}

/// A state in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Shape and colour.
    pub kind: TagKind,
    /// The words.
    pub text: String,
}

impl Tag {
    /// Returns a tag.
    pub fn new(kind: TagKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Returns the class for the shape.
    pub fn class(&self) -> &'static str {
        match self.kind {
            TagKind::Going => "q-tag--going",
            TagKind::Good => "q-tag--good",
            TagKind::Bad => "q-tag--bad",
            TagKind::Wait => "q-tag--wait",
            TagKind::Quiet => "q-tag--quiet",
        }
    }
}

/// A row of a summary: what is asked, what is answered, perhaps a way to change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What is asked.
    pub key: String,
    /// What is answered; may have several lines.
    pub value: String,
    /// The way to change it.
    pub action: Option<Link>,
}

impl Row {
    /// Returns a row without action.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into(), action: None }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Text; may be empty when there is a tag.
    pub text: String,
    /// Address, when the text is a link.
    pub href: Option<String>,
    /// A state beside the text.
    pub tag: Option<Tag>,
}

impl Cell {
    /// Returns a cell of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Returns a cell that leads somewhere.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), tag: None }
    }

    /// Returns a cell with a state.
    pub fn tag(kind: TagKind, text: impl Into<String>) -> Self {
        Self { tag: Some(Tag::new(kind, text)), ..Self::default() }
    }
}

/// A table; on a narrow screen each row becomes a card. The first cell of a row is its head.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the table holds.
    pub caption: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows of as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// What is said when there is no row.
    pub empty: String,
}

impl Table {
    /// Returns the name of a column.
    pub fn column(&self, index0: &usize) -> &str {
        self.columns.get(*index0).map_or("", String::as_str)
    }
}

/// How far a step of the timeline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// A condition that was looked at and does not hold: the case was refused.
    NotHeld,
    /// A condition that was looked at and led the case by another way.
    OtherWay,
    /// What had been prepared was looked at, and it was a refusal.
    RefusalPrepared,
    /// Somebody has it now.
    Now,
    /// Somebody has it and the term is over.
    Late,
    /// Still to come.
    Next,
    /// Will not be done any more.
    Stopped,
}

impl StepState {
    /// Returns how far a step of a case is.
    pub fn of(it: &TimelineItem, now: Timestamp) -> Self {
        match (it.state, it.found) {
            (State::Done, Some(Found::Refused)) => Self::NotHeld,
            (State::Done, Some(Found::OtherWay)) => Self::OtherWay,
            (State::Done, Some(Found::RefusalPrepared)) => Self::RefusalPrepared,
            (State::Done | State::Sent | State::Answered, _) => Self::Done,
            (State::Now, _) if it.due.is_some_and(|due| due < now) => Self::Late,
            (State::Now, _) => Self::Now,
            (State::Next, _) => Self::Next,
        }
    }
}

/// A step of the timeline: what, who has it, by when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How far it is.
    pub state: StepState,
    /// What is done.
    pub title: String,
    /// Who has it: an office or a seat, never the name of a citizen.
    pub who: Option<String>,
    /// Until when, as shown.
    pub by: Option<String>,
    /// When it was done.
    pub at: Option<Timestamp>,
    /// One more sentence.
    pub note: Option<String>,
}

impl Step {
    /// Returns the class for the shape.
    pub fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "q-timeline__step--done",
            StepState::NotHeld | StepState::Stopped => "q-timeline__step--stopped",
            StepState::OtherWay | StepState::RefusalPrepared => "q-timeline__step--other-way",
            StepState::Now => "q-timeline__step--now",
            StepState::Late => "q-timeline__step--late",
            StepState::Next => "q-timeline__step--next",
        }
    }

    /// Returns the shape.
    pub fn mark(&self) -> &'static str {
        match self.state {
            StepState::Done => "✓",
            StepState::NotHeld => "×",
            StepState::Now => "●",
            StepState::Late => "!",
            StepState::Next => "",
            StepState::OtherWay | StepState::RefusalPrepared | StepState::Stopped => "–",
        }
    }

    /// Returns the state as a word.
    pub fn word(&self) -> crate::Word {
        match self.state {
            StepState::Done => crate::Word::TlDone,
            StepState::NotHeld => crate::Word::TlNo,
            StepState::OtherWay => crate::Word::TlOtherWay,
            StepState::RefusalPrepared => crate::Word::TlRefusalPrepared,
            StepState::Now => crate::Word::TlNow,
            StepState::Late => crate::Word::TlLate,
            StepState::Next => crate::Word::TlWaiting,
            StepState::Stopped => crate::Word::TlStopped,
        }
    }

    /// Returns whether somebody has it now.
    pub fn is_current(&self) -> bool {
        matches!(self.state, StepState::Now | StepState::Late)
    }
}

/// The pages of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// Address up to the number: `/kk/services?q=x&page=`.
    pub href: String,
    /// The page shown, from one.
    pub current: u64,
    /// How many there are.
    pub total: u64,
}

/// Pages named on each side of the current one.
const PAGES_BESIDE: u64 = 2;

impl Pages {
    /// Returns the numbers to name: first, last and those around the current one; nothing stands for a gap.
    pub fn numbers(&self) -> Vec<Option<u64>> {
        let mut numbers = Vec::new();
        let (from, to) =
            (self.current.saturating_sub(PAGES_BESIDE).max(1), (self.current + PAGES_BESIDE).min(self.total));
        if from > 1 {
            numbers.push(Some(1));
        }
        if from > 2 {
            numbers.push(None);
        }
        numbers.extend((from..=to).map(Some));
        if to + 1 < self.total {
            numbers.push(None);
        }
        if to < self.total {
            numbers.push(Some(self.total));
        }
        numbers
    }

    /// Returns the address of a page.
    pub fn address(&self, page: &u64) -> String {
        format!("{}{page}", self.href)
    }

    /// Returns the address of the page before.
    pub fn before(&self) -> Option<String> {
        (self.current > 1).then(|| self.address(&(self.current - 1)))
    }

    /// Returns the address of the page after.
    pub fn after(&self) -> Option<String> {
        (self.current < self.total).then(|| self.address(&(self.current + 1)))
    }
}
