// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writing XML: elements and text, nothing else.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{Error, moment};

/// The text under way, and the first thing that could not be written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
    error: Option<Error>,
}

impl Writer {
    pub(crate) fn finish(self) -> Result<String, Error> {
        match self.error {
            None => Ok(self.out),
            Some(error) => Err(error),
        }
    }

    /// Writes the text as it is: markup made here, or a document that was checked.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    pub(crate) fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    pub(crate) fn within(&mut self, tag: &str, content: impl FnOnce(&mut Self)) {
        self.out.push('<');
        self.out.push_str(tag);
        self.out.push('>');
        content(self);
        self.close(tag);
    }

    pub(crate) fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    pub(crate) fn leaf(&mut self, tag: &'static str, text: &str) {
        self.out.push('<');
        self.out.push_str(tag);
        self.out.push('>');
        self.text(tag, text);
        self.close(tag);
    }

    pub(crate) fn optional(&mut self, tag: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.leaf(tag, text);
        }
    }

    /// Writes an element whose text may not be empty.
    pub(crate) fn required(&mut self, tag: &'static str, text: &str) {
        if text.trim().is_empty() {
            self.fail(Error::Missing { what: tag });
        }
        self.leaf(tag, text);
    }

    pub(crate) fn time(&mut self, tag: &'static str, time: Timestamp) {
        self.leaf(tag, &moment::write_time(time));
    }

    pub(crate) fn date(&mut self, tag: &'static str, date: Option<Date>) {
        if let Some(date) = date {
            self.leaf(tag, &date.to_string());
        }
    }

    /// Writes text; `what` names its element in the error.
    pub(crate) fn text(&mut self, what: &'static str, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\r' => self.out.push_str("&#13;"),
                '\t' | '\n' => self.out.push(c),
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.fail(Error::Unwritable { what }),
                other => self.out.push(other),
            }
        }
    }
}
