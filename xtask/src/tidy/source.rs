// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rust sources line by line, with comments and literals blanked and test code marked.
//!
//! A small lexer, not a parser: enough to tell code from prose.

/// A line of a Rust file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// Its code: comments and the insides of literals are spaces.
    pub(crate) code: String,
    /// As written.
    pub(crate) raw: String,
    /// Whether it stands under `#[cfg(test)]`.
    pub(crate) test: bool,
}

/// Returns whether a file holds only test code, by its path.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/")
}

/// Returns the lines of a Rust file.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let blanked = blank(text);
    let mut lines: Vec<Line> = blanked
        .split('\n')
        .zip(text.split('\n'))
        .zip(1..)
        .map(|((code, raw), number)| Line { number, code: code.into(), raw: raw.into(), test: false })
        .collect();
    mark_tests(&mut lines);
    lines
}

/// Returns the lines of a file that are neither tests nor empty of code.
pub(crate) fn shipped_lines(path: &str, text: &str) -> Vec<Line> {
    if is_test_file(path) {
        return Vec::new();
    }
    lines(text).into_iter().filter(|it| !it.test).collect()
}

/// Returns whether `word` stands in `code` as a whole word (or path) of its own.
pub(crate) fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|it| it.chars().next_back());
        let after = code.get(at + word.len()..).and_then(|it| it.chars().next());
        let starts_open = word.starts_with(part) && before.is_some_and(part);
        let ends_open = word.ends_with(part) && after.is_some_and(part);
        !starts_open && !ends_open
    })
}

/// Returns the identifiers of a piece of code.
pub(crate) fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|it| !it.is_empty())
}

fn mark_tests(lines: &mut [Line]) {
    let mut depth: usize = 0;
    let mut armed = false;
    let mut inside: Option<usize> = None;
    for line in lines {
        armed |= inside.is_none() && line.code.contains("#[cfg(test)]");
        line.test = armed || inside.is_some();
        for c in line.code.chars() {
            match c {
                '{' => {
                    if armed {
                        inside = Some(depth);
                        armed = false;
                    }
                    depth += 1;
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    if inside == Some(depth) {
                        inside = None;
                    }
                }
                ';' => armed = false,
                _ => {}
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    LineComment,
    BlockComment(usize),
    Text,
    RawText(usize),
}

fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut state = State::Code;
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        let (next, taken) = step(state, rest, at.checked_sub(1).and_then(|it| chars.get(it)).copied());
        let keep = state == State::Code && next == State::Code && (taken == 1 || c != '\'');
        for &it in rest.iter().take(taken) {
            out.push(if it == '\n' || keep { it } else { ' ' });
        }
        state = next;
        at += taken;
    }
    out
}

/// Returns the state after the next characters, and how many they are.
fn step(state: State, rest: &[char], before: Option<char>) -> (State, usize) {
    match (state, rest) {
        (State::Code, ['/', '/', ..]) => (State::LineComment, 2),
        (State::Code, ['/', '*', ..]) => (State::BlockComment(1), 2),
        (State::Code, ['"', ..]) => (State::Text, 1),
        (State::Code, ['r', ..]) if !before.is_some_and(is_name_not_b) => raw_start(rest),
        (State::Code, ['\'', '\\', _, tail @ ..]) => {
            let close = tail.iter().position(|&it| it == '\'').unwrap_or_default();
            (State::Code, close + 4)
        }
        (State::Code, ['\'', _, '\'', ..]) => (State::Code, 3),
        (State::LineComment, ['\n', ..]) => (State::Code, 1),
        (State::BlockComment(depth), ['/', '*', ..]) => (State::BlockComment(depth + 1), 2),
        (State::BlockComment(1), ['*', '/', ..]) | (State::Text, ['"', ..]) => {
            (State::Code, if state == State::Text { 1 } else { 2 })
        }
        (State::BlockComment(depth), ['*', '/', ..]) => (State::BlockComment(depth - 1), 2),
        (State::Text, ['\\', _, ..]) => (State::Text, 2),
        (State::RawText(hashes), ['"', tail @ ..])
            if tail.iter().take(hashes).filter(|it| **it == '#').count() == hashes =>
        {
            (State::Code, 1 + hashes)
        }
        (same, _) => (same, 1),
    }
}

fn is_name_not_b(c: char) -> bool {
    (c.is_alphanumeric() || c == '_') && c != 'b'
}

/// Returns the state after an `r` that may open a raw string.
fn raw_start(rest: &[char]) -> (State, usize) {
    let hashes = rest.iter().skip(1).take_while(|it| **it == '#').count();
    if rest.get(1 + hashes) == Some(&'"') { (State::RawText(hashes), 2 + hashes) } else { (State::Code, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        lines(text).into_iter().map(|it| it.code.trim_end().to_owned()).collect()
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        assert_eq!(codes("let a = 1; // tokio"), ["let a = 1;"]);
        assert_eq!(
            codes("a /* x /* y */ z */ b").concat().split_whitespace().collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert!(!codes(r#"let s = "std::fs \" more"; done"#).concat().contains("std::fs"));
        assert!(codes(r##"let s = r#"a " std::fs"#; done"##).concat().ends_with("; done"));
        assert!(codes("let c = '\"'; let l: &'a str = x; done").concat().ends_with("done"));
        assert!(codes(r"let c = '\''; done").concat().ends_with("done"));
        assert!(codes(r"let c = '\u{1F}'; done").concat().ends_with("done"));
    }

    #[test]
    fn code_under_cfg_test_is_marked() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}";
        let marks: Vec<bool> = lines(text).iter().map(|it| it.test).collect();
        assert_eq!(marks, [false, true, true, true, true, false, true, true, false]);
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("use tokio::sync", "tokio"));
        assert!(!has_word("my_tokio", "tokio"));
        assert!(has_word("x.await?", ".await"));
        assert!(!has_word("x.awaited", ".await"));
    }
}
