// SPDX-License-Identifier: MIT OR Apache-2.0
//! No IIN, name, address or token in a log line: the values named in logging macros are looked at by name.

use super::tree::Tree;
use super::{Finding, source};

const MACROS: &[&str] = &[
    "trace!",
    "debug!",
    "info!",
    "warn!",
    "error!",
    "event!",
    "span!",
    "trace_span!",
    "debug_span!",
    "info_span!",
    "warn_span!",
    "error_span!",
];

const PERSONAL: &[&str] = &[
    "iin",
    "full_name",
    "first_name",
    "last_name",
    "surname",
    "patronymic",
    "birth_date",
    "address",
    "phone",
    "email",
    "token",
    "password",
    "secret",
    "cookie",
];

/// Returns the log lines that name a personal value.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| path.starts_with("crates/")) {
        let lines = source::shipped_lines(path, text);
        for (at, line) in lines.iter().enumerate() {
            if !MACROS.iter().any(|it| source::has_word(&line.code, it)) {
                continue;
            }
            for (number, word) in arguments(lines.get(at..).unwrap_or_default()) {
                let what = format!("`{word}` in a log line");
                findings.push(Finding::at(
                    path,
                    number,
                    what,
                    "log an id: `case.id`, `step.id`, `account.id`",
                ));
            }
        }
    }
    findings
}

/// Returns the personal names among the arguments of the macro on the first of the lines, with their lines.
fn arguments(lines: &[source::Line]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut depth: usize = 0;
    for (at, line) in lines.iter().enumerate() {
        let start =
            if at == 0 { MACROS.iter().filter_map(|it| line.code.find(it)).min().unwrap_or(0) } else { 0 };
        let code = line.code.get(start..).unwrap_or_default();
        let mut end = code.len();
        for (offset, c) in code.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                end = offset;
                break;
            }
        }
        let named = source::words(code.get(..end).unwrap_or_default());
        let inlined = line.raw.split('{').skip(1).filter_map(|it| source::words(it).next());
        found.extend(
            named.chain(inlined).filter(|it| PERSONAL.contains(it)).map(|it| (line.number, it.to_owned())),
        );
        if depth == 0 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        check(&Tree::of(&[("crates/a/src/b.rs", text)])).into_iter().map(|it| (it.line, it.what)).collect()
    }

    #[test]
    fn a_personal_field_is_found_on_its_line() {
        let text = "fn a() {\n    tracing::info!(\n        case.id = %id,\n        person.iin = %x,\n        \"opened\"\n    );\n}\n";
        assert_eq!(found(text), [(4, "`iin` in a log line".to_owned())]);
        assert_eq!(found("fn a() { warn!(\"no record of {full_name}\"); }").len(), 1);
    }

    #[test]
    fn ids_prose_and_code_after_the_macro_are_free() {
        assert!(found("info!(case.id = %id, \"the token has expired\");").is_empty());
        assert!(found("info!(\"opened\"); let iin = 1;").is_empty());
        assert!(found("return Err(error!(x)); // iin").is_empty());
    }
}
