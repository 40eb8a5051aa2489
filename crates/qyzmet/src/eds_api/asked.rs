// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a request asks: JSON with base64, or a form with files.

use super::{Problem, demands};
use crate::demands::Demands;
use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::{Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use eds::Evidence;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Fields of a form.
const FIELDS_MAX: usize = 16;
/// Pieces of evidence in one request.
const EVIDENCE_MAX: usize = 16;
/// Characters of a word.
const WORD_CHARS_MAX: usize = 64;
/// The words that may be said.
const WORDS: [&str; 5] = ["purpose", "iin", "bin", "role", "at"];

/// What is asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) file: Vec<u8>,
    pub(super) content: Option<Vec<u8>>,
    pub(super) evidence: Evidence,
    pub(super) at: Option<Timestamp>,
    pub(super) demands: Demands,
}

/// A request of JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    file: Option<String>,
    content: Option<String>,
    evidence: Option<Evidence>,
    purpose: Option<String>,
    iin: Option<String>,
    bin: Option<String>,
    role: Option<String>,
    at: Option<String>,
}

/// A field that is none.
const UNKNOWN: Problem = bad(
    "a field is not known or not of its kind; known are file, content (base64), evidence (lists of base64) and the words purpose, iin, bin, role, at",
);
/// Not even a document.
const NO_JSON: Problem = bad("the request is no JSON");

const fn bad(title: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, title)
}

impl Asked {
    /// Reads a request.
    pub(super) async fn read(request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" => Self::of_json(request).await,
            "multipart/form-data" => Self::of_form(request).await,
            _ => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send application/json or multipart/form-data",
            )),
        }
    }

    async fn of_json(request: Request) -> Result<Self, Problem> {
        let bytes: Bytes = request
            .with_limited_body()
            .extract()
            .await
            .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large"))?;
        // Typed at once: a tree of anything would take many times the bytes of the request.
        let fields: Fields =
            serde_json::from_slice(&bytes).map_err(|it| if it.is_data() { UNKNOWN } else { NO_JSON })?;
        let mut parts = Parts { evidence: fields.evidence.unwrap_or_default(), ..Parts::default() };
        for (name, text) in [("file", fields.file), ("content", fields.content)] {
            if let Some(text) = text {
                let bytes = decoded(&text).ok_or(bad("files are sent as base64"))?;
                parts.files.insert(name.to_owned(), bytes);
            }
        }
        let words = [fields.purpose, fields.iin, fields.bin, fields.role, fields.at];
        for (name, word) in WORDS.into_iter().zip(words) {
            if let Some(word) = word {
                parts.say(name, &word)?;
            }
        }
        parts.asked()
    }

    async fn of_form(request: Request) -> Result<Self, Problem> {
        let unreadable = bad("the form cannot be read");
        let mut form: Multipart = request.extract().await.map_err(|_| unreadable)?;
        let mut parts = Parts::default();
        for _ in 0..FIELDS_MAX {
            let Some(field) = form.next_field().await.map_err(|_| unreadable)? else {
                return parts.asked();
            };
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|fault| match fault.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large")
                }
                _ => unreadable,
            })?;
            match name.as_str() {
                "file" | "content" => {
                    parts.files.insert(name, bytes.to_vec());
                }
                name => {
                    let word = std::str::from_utf8(&bytes).map_err(|_| bad("a word is text"))?;
                    parts.say(name, word)?;
                }
            }
        }
        Err(bad("the form has too many fields"))
    }
}

/// The parts of a request.
#[derive(Default)]
struct Parts {
    files: BTreeMap<String, Vec<u8>>,
    words: BTreeMap<String, String>,
    evidence: Evidence,
}

impl Parts {
    fn say(&mut self, name: &str, word: &str) -> Result<(), Problem> {
        if !WORDS.contains(&name) {
            return Err(UNKNOWN);
        }
        if word.chars().count() > WORD_CHARS_MAX {
            return Err(bad("a word is too long"));
        }
        if !word.is_empty() {
            self.words.insert(name.to_owned(), word.to_owned());
        }
        Ok(())
    }

    fn asked(mut self) -> Result<Asked, Problem> {
        let file = self.files.remove("file").ok_or(bad("`file` is missing"))?;
        let content = self.files.remove("content");
        let it = &self.evidence;
        let pieces = it.certificates.len() + it.ocsp.len() + it.crls.len() + it.stamps.len();
        if pieces > EVIDENCE_MAX {
            return Err(bad("there is too much evidence"));
        }
        let time = |it: &String| it.parse().map_err(|_| bad("`at` is a time like 2026-11-22T05:00:00Z"));
        let at = self.words.get("at").map(time).transpose()?;
        let demands = demands(|name| self.words.get(name).cloned());
        Ok(Asked { file, content, evidence: self.evidence, at, demands })
    }
}

/// Returns the bytes of base64; white space in it is read past.
fn decoded(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let plain: String = text.split_ascii_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(plain).ok()
}
