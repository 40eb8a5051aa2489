// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words in Cyrillic hold no Latin letter that only looks right, such as `i` for `і`: a search would miss them.
//!
//! Acts themselves are printed so at times. The key `text.kk` of a regulation quotes the act, which the lint of
//! regulations proves, and is free; any other quotation is marked `# verbatim` at the end of its line.

use super::Finding;
use super::tree::Tree;

/// Latin letters that look like a Cyrillic one.
const LOOKALIKES: &str = "aceijopxyABCEHIJKMOPTXYhn";
const VERBATIM: &str = "# verbatim";

/// Returns the words that mix the alphabets.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_text_for_people(path)) {
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !is_quotation(path, line)) {
            for (word, letter) in mixed(line) {
                let what = format!("Latin `{letter}` in the Cyrillic word `{word}`");
                let instead =
                    "type the Cyrillic letter; if the act is printed so, end the line with `# verbatim`";
                findings.push(Finding::at(path, number, what, instead));
            }
        }
    }
    findings
}

fn is_quotation(path: &str, line: &str) -> bool {
    let of_the_act = path.starts_with("regulations/") && line.trim_start().starts_with("text.kk = ");
    of_the_act || line.trim_end().ends_with(VERBATIM)
}

fn is_text_for_people(path: &str) -> bool {
    let folder = ["locales/", "regulations/", "organizations/", "registers/", "calendars/", "demo/"];
    let kind = [".ftl", ".toml", ".txt"];
    folder.iter().any(|it| path.starts_with(it)) && kind.iter().any(|it| path.ends_with(it))
}

/// Returns the words of a line that hold Cyrillic letters and only look-alikes of the Latin ones.
fn mixed(line: &str) -> Vec<(&str, char)> {
    let mut found = Vec::new();
    for word in line.split(|c: char| !c.is_alphabetic()) {
        let mut latin = word.chars().filter(char::is_ascii_alphabetic).peekable();
        let Some(first) = latin.peek().copied() else { continue };
        let cyrillic = word.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c));
        if cyrillic && latin.all(|c| LOOKALIKES.contains(c)) {
            found.push((word, first));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn a_latin_i_in_a_kazakh_word_is_found() {
        assert_eq!(
            found("locales/kk.ftl", "a = мемлекеттiк\n"),
            ["Latin `i` in the Cyrillic word `мемлекеттiк`"]
        );
        assert!(found("locales/kk.ftl", "a = мемлекеттік\n").is_empty());
    }

    #[test]
    fn names_in_latin_and_marked_quotations_are_free() {
        assert!(found("locales/kk.ftl", "id = XML-файл, egov.kz порталы, PDFте\n").is_empty());
        assert!(found("regulations/a/2015.toml", "kk = \"әкiмдік\" # verbatim\n").is_empty());
        assert_eq!(found("regulations/a/2015.toml", "kk = \"әкiмдік\"\n").len(), 1);
        assert!(found("regulations/a/2015.toml", "text.kk = \"әкiмдік\"\n").is_empty());
        assert!(found("docs/a.md", "әкiмдік\n").is_empty());
    }
}
