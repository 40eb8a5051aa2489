// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes the typed functions of the words: one for each key, in all languages at once.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::locale::{Locale, Piece, variables};

/// Arguments that are whole numbers; all others are text.
const NUMBERS: [&str; 12] = [
    "count", "days", "hours", "max", "minutes", "page", "percent", "sheets", "step", "total", "window",
    "seconds",
];

/// Returns the source of the module `words`; `locales` are in the order kk, ru, en.
pub(crate) fn source(locales: &[Locale]) -> Result<String, std::fmt::Error> {
    let Some(first) = locales.first() else { return Ok(String::new()) };
    let mut methods = String::new();
    let mut plain: Vec<(&str, String)> = Vec::new();
    for (key, text) in &first.messages {
        let arguments: BTreeSet<String> = variables(text);
        let texts: Vec<&[Piece]> =
            locales.iter().map(|it| it.messages.get(key).map_or(&[][..], Vec::as_slice)).collect();
        writeln!(methods, "    /// `{}`", summary(text))?;
        if arguments.is_empty() {
            let words: Vec<String> = texts.iter().map(|it| format!("{:?}", fixed(it))).collect();
            let words = words.join(", ");
            writeln!(methods, "    pub fn {}(self) -> &'static str {{ self.pick([{words}]) }}", snake(key))?;
            plain.push((key, words));
        } else {
            write_method(&mut methods, key, &arguments, &texts)?;
        }
    }
    let mut out = String::new();
    write_word(&mut out, &plain)?;
    writeln!(out, "impl Words {{\n{methods}}}")?;
    Ok(out)
}

fn write_word(out: &mut String, plain: &[(&str, String)]) -> std::fmt::Result {
    writeln!(
        out,
        "/// A message without arguments, as a value: for errors of fields and for flash messages."
    )?;
    writeln!(out, "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\npub enum Word {{")?;
    for (key, words) in plain {
        writeln!(out, "    /// `{}`: {}", key, words.replace("\", \"", "` · `").replace('"', "`"))?;
        writeln!(out, "    {},", camel(key))?;
    }
    writeln!(out, "}}\nimpl Word {{\n    /// Every word.\n    pub const ALL: &'static [Self] = &[")?;
    for (key, _) in plain {
        writeln!(out, "        Self::{},", camel(key))?;
    }
    writeln!(
        out,
        "    ];\n    /// The key in `locales/`.\n    pub fn id(self) -> &'static str {{\n        match self {{"
    )?;
    for (key, _) in plain {
        writeln!(out, "            Self::{} => {key:?},", camel(key))?;
    }
    writeln!(
        out,
        "        }}\n    }}\n    pub(super) fn texts(self) -> [&'static str; 3] {{\n        match self {{"
    )?;
    for (key, words) in plain {
        writeln!(out, "            Self::{} => [{words}],", camel(key))?;
    }
    writeln!(out, "        }}\n    }}\n}}")
}

fn write_method(
    out: &mut String,
    key: &str,
    arguments: &BTreeSet<String>,
    texts: &[&[Piece]],
) -> std::fmt::Result {
    write!(out, "    pub fn {}(self", snake(key))?;
    for name in arguments {
        let kind = if NUMBERS.contains(&name.as_str()) {
            "impl Into<crate::format::Count>"
        } else {
            "impl std::fmt::Display"
        };
        write!(out, ", {name}: {kind}")?;
    }
    writeln!(out, ") -> String {{")?;
    let selected = texts.iter().copied().flatten().find_map(|piece| match piece {
        Piece::Select { variable, .. } => Some(variable),
        Piece::Text(_) | Piece::Variable(_) => None,
    });
    for name in arguments.iter().filter(|it| NUMBERS.contains(&it.as_str())) {
        writeln!(out, "        let crate::format::Count({name}) = {name}.into();")?;
    }
    if let Some(variable) = selected {
        writeln!(out, "        let form = crate::format::plural(self.lang, {variable});")?;
    }
    for name in arguments.iter().filter(|it| NUMBERS.contains(&it.as_str())) {
        writeln!(out, "        let {name} = crate::format::number({name});")?;
    }
    writeln!(out, "        match self.lang {{")?;
    for (language, text) in ["Kk", "Ru", "En"].iter().zip(texts) {
        writeln!(out, "            Lang::{language} => {},", expression(text))?;
    }
    writeln!(out, "        }}\n    }}")
}

/// A message is either one `format!`, or a choice of one by the plural form (a choice stands alone in its message).
fn expression(text: &[Piece]) -> String {
    let Some(at) = text.iter().position(|it| matches!(it, Piece::Select { .. })) else {
        return format!("format!({:?})", pattern(text));
    };
    let (before, rest) = text.split_at(at);
    let Some((Piece::Select { forms, .. }, after)) = rest.split_first() else { return String::new() };
    let mut out = String::new();
    for (index, (category, form)) in forms.iter().enumerate() {
        let whole = [pattern(before), pattern(form), pattern(after)].concat();
        if index > 0 {
            out += " else ";
        }
        if index + 1 < forms.len() {
            out += "if form == crate::format::Plural::";
            out += &camel(category);
            out.push(' ');
        }
        out += "{ format!(";
        out += &quoted(&whole);
        out += ") }";
    }
    out
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn pattern(text: &[Piece]) -> String {
    let mut out = String::new();
    for piece in text {
        match piece {
            Piece::Text(text) => out += &text.replace('{', "{{").replace('}', "}}"),
            Piece::Variable(name) => {
                out.push('{');
                out += name;
                out.push('}');
            }
            Piece::Select { .. } => {}
        }
    }
    out
}

fn fixed(text: &[Piece]) -> String {
    let text = pattern(text);
    text.replace("{{", "{").replace("}}", "}")
}

fn summary(text: &[Piece]) -> String {
    pattern(text).replace('`', "'").replace('\n', " ")
}

/// `nav-home` → `nav_home`.
fn snake(key: &str) -> String {
    key.replace('-', "_")
}

/// `nav-home` → `NavHome`.
fn camel(key: &str) -> String {
    key.split('-')
        .flat_map(|part| {
            let mut letters = part.chars();
            letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect::<Vec<_>>()
        })
        .collect()
}
