// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a request asks: JSON with base64, or a form with files.

use super::{Problem, REQUEST_BYTES_MAX, demands, words};
use crate::demands::Demands;
use crate::unread::Told;
use axum::RequestExt as _;
use axum::extract::{Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts as Head;
use axum::http::{HeaderMap, StatusCode};
use eds::Evidence;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use tokio::runtime::Handle;
use web::held::Stay;

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
    /// It holds its bytes for as long as anybody judges it.
    _stay: Stay,
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

const fn bad(told: Told) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, told)
}

/// How the fields of a request are written.
#[derive(Debug, Clone, Copy)]
enum Media {
    Json,
    Form,
}

/// A request as it came: nothing of it is decoded yet.
#[derive(Debug)]
pub(super) struct Received {
    media: Media,
    head: Head,
    body: Vec<u8>,
    stay: Stay,
}

impl Received {
    /// Reads a request as it arrives, as long as there is room for it.
    pub(super) async fn read(request: Request, mut stay: Stay) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let media = media(&head.headers)?;
        let (mut chunks, mut body) = (body.into_data_stream(), Vec::new());
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| bad(words::BROKEN_OFF))?;
            if body.len() + chunk.len() > REQUEST_BYTES_MAX {
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, words::TOO_LARGE));
            }
            stay.grow(chunk.len())?;
            body.extend_from_slice(&chunk);
        }
        Ok(Self { media, head, body, stay })
    }

    /// Decodes it, which takes long: never on a thread that answers people.
    pub(super) fn decoded(self) -> Result<Asked, Problem> {
        let Self { media, head, body, stay } = self;
        let parts = match media {
            Media::Json => of_json(body)?,
            // Nothing is waited for: all of it is here.
            Media::Form => Handle::current().block_on(of_form(Request::from_parts(head, body.into())))?,
        };
        parts.asked(stay)
    }
}

fn media(headers: &HeaderMap) -> Result<Media, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(Media::Json),
        "multipart/form-data" => Ok(Media::Form),
        _ => Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words::MEDIA_TYPE)),
    }
}

fn of_json(body: Vec<u8>) -> Result<Parts, Problem> {
    // Typed at once: a tree of anything would take many times the bytes of the request.
    let refused =
        |it: serde_json::Error| bad(if it.is_data() { words::FIELD_UNKNOWN } else { words::NOT_JSON });
    let fields: Fields = serde_json::from_slice(&body).map_err(refused)?;
    drop(body);
    let mut parts = Parts { evidence: fields.evidence.unwrap_or_default(), ..Parts::default() };
    for (name, text) in [("file", fields.file), ("content", fields.content)] {
        if let Some(text) = text {
            parts.put(name, decoded(text).ok_or(bad(words::NOT_BASE64))?)?;
        }
    }
    let words = [fields.purpose, fields.iin, fields.bin, fields.role, fields.at];
    for (name, word) in WORDS.into_iter().zip(words) {
        if let Some(word) = word {
            parts.say(name, &word)?;
        }
    }
    Ok(parts)
}

async fn of_form(request: Request) -> Result<Parts, Problem> {
    let unreadable = bad(words::FORM_UNREADABLE);
    let mut form: Multipart = request.extract().await.map_err(|_| unreadable)?;
    let mut parts = Parts::default();
    for _ in 0..FIELDS_MAX {
        let Some(field) = form.next_field().await.map_err(|_| unreadable)? else {
            return Ok(parts);
        };
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| unreadable)?;
        match name.as_str() {
            "file" | "content" => parts.put(&name, bytes.into())?,
            name => parts.say(name, std::str::from_utf8(&bytes).map_err(|_| bad(words::WORD_NOT_TEXT))?)?,
        }
    }
    Err(bad(words::FIELDS_TOO_MANY))
}

/// The parts of a request.
#[derive(Default)]
struct Parts {
    files: BTreeMap<String, Vec<u8>>,
    words: BTreeMap<String, String>,
    evidence: Evidence,
}

impl Parts {
    fn put(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        if bytes.is_empty() {
            return Err(bad(if name == "file" { words::EMPTY } else { words::FIELD_EMPTY }));
        }
        once(self.files.insert(name.to_owned(), bytes).as_ref())
    }

    fn say(&mut self, name: &str, word: &str) -> Result<(), Problem> {
        if !WORDS.contains(&name) {
            return Err(bad(words::FIELD_UNKNOWN));
        }
        if word.chars().count() > WORD_CHARS_MAX {
            return Err(bad(words::WORD_TOO_LONG));
        }
        if word.is_empty() {
            return Err(bad(words::FIELD_EMPTY));
        }
        once(self.words.insert(name.to_owned(), word.to_owned()).as_ref())
    }

    fn asked(mut self, stay: Stay) -> Result<Asked, Problem> {
        let file = self.files.remove("file").ok_or(bad(words::FILE_ABSENT))?;
        let content = self.files.remove("content");
        let it = &self.evidence;
        let pieces = it.certificates.len() + it.ocsp.len() + it.crls.len() + it.stamps.len();
        if pieces > EVIDENCE_MAX {
            return Err(bad(words::EVIDENCE_TOO_MUCH));
        }
        let time = |it: &String| it.parse().map_err(|_| bad(words::NO_TIME));
        let at = self.words.get("at").map(time).transpose()?;
        let demands = demands(|name| self.words.get(name).cloned());
        Ok(Asked { file, content, evidence: self.evidence, at, demands, _stay: stay })
    }
}

/// Refuses a field that was there before.
fn once<T>(before: Option<&T>) -> Result<(), Problem> {
    if before.is_some() { Err(bad(words::FIELD_TWICE)) } else { Ok(()) }
}

/// Returns the bytes of base64; white space in it is read past.
fn decoded(mut text: String) -> Option<Vec<u8>> {
    use base64::Engine as _;
    text.retain(|it| !it.is_ascii_whitespace());
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}
