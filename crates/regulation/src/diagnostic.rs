// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is told to the person who writes a regulation: code, message, underlined text, help.

use crate::code::Code;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can, but somebody should look.
    Warning,
    /// Known and answered for by an anomaly.
    Note,
}

/// One finding, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The underlined bytes of the file.
    pub span: Range<usize>,
}

/// Writes the findings as text, in the order of the file; `styled` adds colours for a terminal.
pub fn render(diagnostics: &[Diagnostic], name: &str, text: &str, styled: bool) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|it| (it.span.start, it.code, it.span.end));
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in sorted {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let underline = AnnotationKind::Primary.span(clamp(text, &diagnostic.span));
        let group = level
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code.as_str())
            .element(Snippet::source(text).path(name).annotation(underline))
            .element(Level::HELP.message(diagnostic.help.as_str()));
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    out
}

/// Puts a span inside the text and on character boundaries.
fn clamp(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    start..end
}

/// Returns the name of the list nearest to what was written, when it is near enough to be meant.
pub(crate) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = written.chars().count();
    let limit = if length < 4 { 1 } else { (length / 3).max(2) };
    names
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|it| it.0 <= limit)
        .min_by_key(|it| it.0)
        .map(|it| it.1)
}

/// Levenshtein distance in characters; long texts are cut, they are no names.
fn distance(a: &str, b: &str) -> usize {
    const LONGEST_NAME: usize = 64;
    let b: Vec<char> = b.chars().take(LONGEST_NAME).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(LONGEST_NAME).enumerate() {
        let mut next = vec![i + 1];
        for ((diagonal, above), right) in row.iter().zip(row.iter().skip(1)).zip(&b) {
            let before = next.last().copied().unwrap_or(0);
            next.push((diagonal + usize::from(left != *right)).min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        let names = ["portal", "center", "region"];
        assert_eq!(nearest("portl", names), Some("portal"));
        assert_eq!(nearest("regoin", names), Some("region"));
        assert_eq!(nearest("bank", names), None);
    }
}
