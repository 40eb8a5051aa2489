// SPDX-License-Identifier: MIT OR Apache-2.0
//! Checks of the house: `cargo xtask tidy` reads the tree and says where it departs from its own rules.
//!
//! `cargo xtask tidy --shrink` also lowers the ratchet to what the tree has reached; it never raises it.

mod tidy;

use std::io::{self, Write};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy [--shrink]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shrink = match words.as_slice() {
        ["tidy"] => false,
        ["tidy", "--shrink"] => true,
        _ => return say(io::stderr(), USAGE, ExitCode::from(2)),
    };
    match run(shrink) {
        Ok((text, true)) => say(io::stdout(), &text, ExitCode::SUCCESS),
        Ok((text, false)) => say(io::stderr(), &text, ExitCode::FAILURE),
        Err(error) => say(io::stderr(), &format!("tidy could not read the tree: {error}"), ExitCode::from(2)),
    }
}

/// Returns the report and whether the tree is tidy.
fn run(shrink: bool) -> io::Result<(String, bool)> {
    let root = tidy::tree::root()?;
    let tree = tidy::tree::read(&root)?;
    if shrink && let Some(list) = tidy::budgets::shrunk(&tree) {
        std::fs::write(root.join(tidy::budgets::RATCHET), list)?;
        return run(false);
    }
    let findings = tidy::check(&tree);
    Ok((tidy::report(&tree, &findings), findings.is_empty()))
}

fn say(mut out: impl Write, text: &str, code: ExitCode) -> ExitCode {
    // A closed pipe leaves nobody to tell; the exit status still answers.
    let _told = writeln!(out, "{text}");
    code
}
