// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fields of forms.

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// Digits that are not a quantity: an IIN, a code.
    Digits,
    /// A date as `21.11.2026`.
    Date,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A secret.
    Password,
    /// Several lines.
    Lines,
}

/// A field of a form; its element has the id `f-{name}`.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Name in the form.
    pub name: String,
    /// Label.
    pub label: String,
    /// Help under the label.
    pub hint: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// What is filled in.
    pub value: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether the form may be sent without it.
    pub optional: bool,
    /// Purpose for the browser: `given-name`, `bday`, `current-password`.
    pub autocomplete: Option<&'static str>,
    /// Longest text.
    pub max_length: Option<u32>,
    /// Width in letters: 2, 4, 5, 10, 20; full width otherwise.
    pub width: Option<u8>,
}

impl Field {
    /// Returns an empty required line.
    pub fn new(name: &str, label: impl Into<String>) -> Self {
        Self { name: name.to_owned(), label: label.into(), ..Self::default() }
    }

    /// Takes another kind.
    #[must_use]
    pub fn kind(mut self, kind: FieldKind) -> Self {
        self.kind = kind;
        self
    }

    /// Gives help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Fills in.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Says what is wrong, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<impl Into<String>>) -> Self {
        self.error = error.map(Into::into);
        self
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Tells the browser the purpose.
    #[must_use]
    pub fn autocomplete(mut self, purpose: &'static str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    /// Bounds the length.
    #[must_use]
    pub fn max_length(mut self, max: u32) -> Self {
        self.max_length = Some(max);
        self
    }

    /// Sets the width in letters.
    #[must_use]
    pub fn width(mut self, letters: u8) -> Self {
        self.width = Some(letters);
        self
    }

    /// Returns the id of the element.
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// Returns the line of the error summary, when something is wrong.
    pub fn problem(&self) -> Option<Problem> {
        Some(Problem { href: format!("#{}", self.id()), text: self.error.clone()? })
    }

    /// Returns whether it has several lines.
    pub fn is_lines(&self) -> bool {
        self.kind == FieldKind::Lines
    }

    /// Returns the `type` attribute.
    pub fn input_type(&self) -> &'static str {
        match self.kind {
            FieldKind::Text | FieldKind::Digits | FieldKind::Date | FieldKind::Lines => "text",
            FieldKind::Phone => "tel",
            FieldKind::Email => "email",
            FieldKind::Password => "password",
        }
    }

    /// Returns the `inputmode` attribute.
    pub fn input_mode(&self) -> Option<&'static str> {
        match self.kind {
            FieldKind::Digits => Some("numeric"),
            FieldKind::Date => Some("decimal"),
            FieldKind::Text
            | FieldKind::Phone
            | FieldKind::Email
            | FieldKind::Password
            | FieldKind::Lines => None,
        }
    }

    /// Returns the ids that describe the field.
    pub fn described_by(&self) -> Option<String> {
        described_by(&self.id(), self.hint.is_some(), self.error.is_some())
    }
}

/// One of several answers.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Value in the form.
    pub value: String,
    /// Label.
    pub label: String,
    /// Help under the label.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub checked: bool,
}

impl Choice {
    /// Returns an answer.
    pub fn new(value: &str, label: impl Into<String>, checked: bool) -> Self {
        Self { value: value.to_owned(), label: label.into(), hint: None, checked }
    }
}

/// Answers to choose from: radios (`ui::radios`), checkboxes (`ui::checkboxes`), a list (`ui::select`).
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Name in the form.
    pub name: String,
    /// The question.
    pub legend: String,
    /// Help under the question.
    pub hint: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// The answers.
    pub options: Vec<Choice>,
    /// Whether the form may be sent without an answer.
    pub optional: bool,
}

impl Choices {
    /// Returns a question.
    pub fn new(name: &str, legend: impl Into<String>, options: Vec<Choice>) -> Self {
        Self { name: name.to_owned(), legend: legend.into(), options, ..Self::default() }
    }

    /// Says what is wrong, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<impl Into<String>>) -> Self {
        self.error = error.map(Into::into);
        self
    }

    /// Gives help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the id of the first answer (or of the list).
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// Returns the id of the answer at a place; the first has the id of the question.
    pub fn option_id(&self, index0: &usize) -> String {
        if *index0 == 0 { self.id() } else { format!("f-{}-{index0}", self.name) }
    }

    /// Returns the line of the error summary, when something is wrong.
    pub fn problem(&self) -> Option<Problem> {
        Some(Problem { href: format!("#{}", self.id()), text: self.error.clone()? })
    }

    /// Returns the ids that describe the question.
    pub fn described_by(&self) -> Option<String> {
        described_by(&self.id(), self.hint.is_some(), self.error.is_some())
    }
}

/// A place for a file, checked by size and type in the page before it is sent and by the server after.
#[derive(Debug, Clone, Default)]
pub struct FileField {
    /// Name in the form; the form needs `enctype="multipart/form-data"`.
    pub name: String,
    /// Label.
    pub label: String,
    /// What is wrong.
    pub error: Option<String>,
    /// File name endings taken, in small letters with the dot.
    pub endings: Vec<&'static str>,
    /// Largest file in megabytes.
    pub megabytes_max: u32,
    /// Whether the form may be sent without it.
    pub optional: bool,
}

impl FileField {
    /// Returns the id of the element.
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// Returns the endings for the `accept` attribute and for the limits.
    pub fn accept(&self) -> String {
        self.endings.join(",")
    }

    /// Returns the endings as people read them: `PDF, JPG`.
    pub fn types(&self) -> String {
        let types: Vec<String> =
            self.endings.iter().map(|it| it.trim_start_matches('.').to_uppercase()).collect();
        types.join(", ")
    }

    /// Returns the largest file in bytes.
    pub fn bytes_max(&self) -> u64 {
        u64::from(self.megabytes_max) * 1024 * 1024
    }

    /// Returns the line of the error summary, when something is wrong.
    pub fn problem(&self) -> Option<Problem> {
        Some(Problem { href: format!("#{}", self.id()), text: self.error.clone()? })
    }
}

/// A line of the error summary, leading to its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `#f-iin`.
    pub href: String,
    /// What is wrong.
    pub text: String,
}

fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}
