// SPDX-License-Identifier: MIT OR Apache-2.0
//! The application as it is signed: one XML whose bytes are frozen at review.

use engine::case::{Application, CaseId, FileHash, Medium, Value};
use jiff::Timestamp;
use regulation::model::{FieldKind, Regulation};
use std::fmt::Write;

/// Namespace of the signed application; ours, version 1.
const NAMESPACE: &str = "urn:qyzmet:application:1";

/// What goes into the signed application.
#[derive(Debug)]
pub struct Content<'a> {
    /// The regulation.
    pub regulation: &'a Regulation,
    /// What is asked.
    pub application: &'a Application,
    /// The case that it becomes.
    pub case: CaseId,
    /// BIN of the provider.
    pub provider_bin: &'a str,
    /// The PDF that was shown.
    pub shown: &'a FileHash,
    /// When it was frozen.
    pub at: Timestamp,
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            // Characters that XML 1.0 cannot hold.
            it if (it as u32) < 0x20 || it == '\u{fffe}' || it == '\u{ffff}' => out.push('\u{fffd}'),
            it => out.push(it),
        }
    }
    out
}

/// Returns the XML of an application, in the order of the regulation's fields.
pub fn application_xml(it: &Content<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    write_application(&mut out, it).unwrap_or_default();
    out
}

fn write_application(out: &mut String, it: &Content<'_>) -> std::fmt::Result {
    let (regulation, application) = (it.regulation, it.application);
    writeln!(
        out,
        "<application xmlns=\"{NAMESPACE}\" case=\"{}\" service=\"{}\" edition=\"{}\" regulation-sha256=\"{}\" lang=\"{}\">",
        it.case.0,
        escape(regulation.service.as_str()),
        escape(regulation.edition.as_str()),
        regulation.sha256,
        escape(&application.lang),
    )?;
    writeln!(out, "  <title>{}</title>", escape(&regulation.title.kk))?;
    writeln!(
        out,
        "  <applicant iin=\"{}\">{}</applicant>",
        escape(&application.iin),
        escape(&application.full_name)
    )?;
    writeln!(
        out,
        "  <provider id=\"{}\" bin=\"{}\"/>",
        escape(&application.provider),
        escape(it.provider_bin)
    )?;
    writeln!(
        out,
        "  <result medium=\"{}\"/>",
        match application.medium {
            Medium::Electronic => "electronic",
            Medium::Paper => "paper",
        }
    )?;
    write_fields(out, it)?;
    for file in &application.attachments {
        writeln!(
            out,
            "  <attachment document=\"{}\" media-type=\"{}\" bytes=\"{}\" sha256=\"{}\">{}</attachment>",
            escape(file.document.as_str()),
            escape(&file.media_type),
            file.size_bytes,
            file.file.0,
            escape(&file.name)
        )?;
    }
    writeln!(out, "  <shown media-type=\"application/pdf\" sha256=\"{}\"/>", it.shown.0)?;
    writeln!(out, "  <frozen at=\"{}\"/>", it.at)?;
    out.write_str("</application>\n")
}

fn write_fields(out: &mut String, it: &Content<'_>) -> std::fmt::Result {
    for field in &it.regulation.fields {
        let id = escape(field.id.as_str());
        match (it.application.fields.get(&field.id), &field.kind) {
            (Some(Value::Text(text)), _) => writeln!(out, "  <field id=\"{id}\">{}</field>", escape(text))?,
            (Some(Value::Bool(yes)), _) => writeln!(out, "  <field id=\"{id}\">{yes}</field>")?,
            (Some(Value::Entries(entries)), FieldKind::Group { fields, .. }) => {
                for entry in entries {
                    writeln!(out, "  <entry group=\"{id}\">")?;
                    for inner in fields {
                        if let Some(text) = entry.get(&inner.id) {
                            let inner = escape(inner.id.as_str());
                            writeln!(out, "    <field id=\"{inner}\">{}</field>", escape(text))?;
                        }
                    }
                    out.write_str("  </entry>\n")?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the hash of the PDF that was shown, from a signed application of ours.
pub(crate) fn shown_of(xml: &[u8]) -> Option<FileHash> {
    let text = std::str::from_utf8(xml).ok()?;
    let (_, behind) = text.split_once("<shown media-type=\"application/pdf\" sha256=\"")?;
    behind.split_once('"').map(|(hash, _)| FileHash(hash.to_owned()))
}
