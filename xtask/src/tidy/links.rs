// SPDX-License-Identifier: MIT OR Apache-2.0
//! Links of the documents lead to files, and to headings, that exist.

use super::Finding;
use super::tree::Tree;

/// Returns links that lead nowhere.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".md") {
        for (target, line) in links(text) {
            if let Some(what) = broken(tree, path, &target) {
                findings.push(Finding::at(
                    path,
                    line,
                    what,
                    "name a file or heading of this repository that exists",
                ));
            }
        }
    }
    findings
}

/// Returns why a link is broken, if it is.
fn broken(tree: &Tree, path: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let resolved = if file.is_empty() { path.to_owned() } else { resolve(path, file)? };
    if !tree.exists(&resolved) {
        return Some(format!("the link `{target}` leads to no file"));
    }
    let (_, page) = tree.ending(".md").find(|(it, _)| *it == resolved)?;
    let heading = heading?;
    (!slugs(page).contains(&heading.to_owned())).then(|| format!("the link `{target}` leads to no heading"))
}

/// Returns the path of `file` seen from the folder of `path`; `None` outside the repository.
fn resolve(path: &str, file: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in file.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Returns the targets of `[text](target)` outside code, with their lines.
fn links(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (line, number) in text.lines().zip(1..) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        for rest in prose.split("](").skip(1) {
            if let Some((target, _)) = rest.split_once(')') {
                found.push((target.split(' ').next().unwrap_or_default().to_owned(), number));
            }
        }
    }
    found
}

/// Returns the anchors of a page's headings.
fn slugs(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|it| it.strip_prefix('#'))
        .map(|it| {
            let title = it.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            title.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let files = [("docs/a.md", text), ("README.md", "# Two commands\n"), ("crates/x/src/lib.rs", "")];
        check(&Tree::of(&files)).into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn links_to_files_folders_and_headings_resolve() {
        let text =
            "# Own\n[r](../README.md#two-commands) [c](../crates/x/) [o](#own) [w](https://adilet.zan.kz)\n";
        assert!(found(text).is_empty());
        assert_eq!(found("[r](../GONE.md)\n"), ["the link `../GONE.md` leads to no file"]);
        assert_eq!(found("[r](../README.md#gone)\n"), ["the link `../README.md#gone` leads to no heading"]);
    }

    #[test]
    fn code_is_not_read_for_links() {
        assert!(found("`[a](gone.md)`\n```\n[a](gone.md)\n```\n").is_empty());
    }
}
