// SPDX-License-Identifier: MIT OR Apache-2.0
//! The rules, each a function from the tree to its findings.

mod arrows;
pub(crate) mod budgets;
mod decisions;
mod errors;
mod harness;
mod headers;
mod kazakh;
mod links;
mod logs;
mod map;
mod migrations;
mod pure;
mod source;
pub(crate) mod tree;

use std::fmt;
use tree::Tree;

/// Something that departs from a rule, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    what: String,
    instead: String,
}

impl Finding {
    /// Returns a finding at a line, counted from 1.
    fn at(path: &str, line: usize, what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into(), instead: instead.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n    instead: {}", self.path, self.line, self.what, self.instead)
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule with the name under which it is counted in the report.
const RULES: &[(&str, Rule)] = &[
    ("arrows between crates", arrows::check),
    ("pure crates", pure::check),
    ("file lengths", budgets::lengths),
    ("share of a crate", budgets::shares),
    ("packages", budgets::packages),
    ("headers", headers::check),
    ("test harness", harness::check),
    ("log lines", logs::check),
    ("error pages", errors::check),
    ("architecture map", map::check),
    ("migrations", migrations::check),
    ("decisions", decisions::check),
    ("Kazakh letters", kazakh::check),
    ("links", links::check),
];

/// Returns all findings, ordered by file and line.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|(_, rule)| rule(tree)).collect();
    findings.sort();
    findings.dedup();
    findings
}

/// Returns the findings and a closing line as text.
pub(crate) fn report(tree: &Tree, findings: &[Finding]) -> String {
    let mut lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let names: Vec<&str> = RULES.iter().map(|(name, _)| *name).collect();
    lines.push(format!(
        "tidy: {} finding(s) in {} files; rules: {}",
        findings.len(),
        tree.len(),
        names.join(", ")
    ));
    lines.join("\n")
}
