// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files of a case: sent only to who may read the case, never kept by the browser's caches.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use engine::case::{Case, CaseId, FileHash};
use service::access::Reader;
use service::archives::ActStamp;
use uuid::Uuid;

use crate::errors::PageError;
use crate::services::AsOfficial;

const PDF: &str = "application/pdf";
/// What a result or a signed letter is: a PDF or a picture, known from its content.
const SCAN: &str = "";

/// Sends a file that the case names.
pub async fn show(who: AsOfficial, Path((id, hash)): Path<(Uuid, String)>) -> Result<Response, PageError> {
    let view = super::view(&who, id).await?;
    let hash = FileHash(hash);
    let (name, media_type) = match described(&view.case, &hash) {
        Some(described) => described,
        None => archive(&who, &view.case, &hash).await?,
    };
    let reader = Reader::Official(&who.official.seat);
    let bytes = who.service.case_file(&reader, CaseId(id), &hash).await?.ok_or(PageError::NotFound)?;
    if media_type != SCAN {
        return Ok(send(bytes, &name, &media_type));
    }
    // A sheet signed by hand may be a picture.
    let found = service::uploads::media_type(&bytes).unwrap_or(PDF);
    let ending = found.rsplit('/').next().unwrap_or_default();
    Ok(send(bytes, &format!("{name}.{ending}"), found))
}

/// Sends a PDF to be read in the browser.
pub fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    send(bytes, name, PDF)
}

/// Sends bytes; what a browser does not draw safely is saved.
pub fn send(bytes: Vec<u8>, name: &str, media_type: &str) -> Response {
    let how = if matches!(media_type, PDF | "image/jpeg" | "image/png") { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename*=UTF-8''{}", encoded(name));
    let headers = [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}

/// Returns what the archive of an act is called.
async fn archive(who: &AsOfficial, case: &Case, hash: &FileHash) -> Result<(String, String), PageError> {
    let is_it = |it: &ActStamp| it.archived.as_ref().is_some_and(|archived| archived.file == *hash);
    let stamps = who.service.act_stamps(case.id).await?;
    let stamp = stamps.into_iter().find(is_it).ok_or(PageError::NotFound)?;
    let number = case.number.clone().unwrap_or_else(|| case.id.0.to_string());
    Ok((format!("{number}-{}.json", stamp.act.as_str()), "application/json".to_owned()))
}

fn described(case: &Case, hash: &FileHash) -> Option<(String, String)> {
    if let Some(it) = case.application.attachments.iter().find(|it| it.file == *hash) {
        return Some((it.name.clone(), it.media_type.clone()));
    }
    let number = case.number.clone().unwrap_or_else(|| case.id.0.to_string());
    if let Some((own, _)) = case.results().find(|(_, it)| it.file == *hash) {
        return Some((own.map_or(number, str::to_owned), SCAN.to_owned()));
    }
    if case.letter.as_ref().is_some_and(|it| it.signed.as_ref() == Some(hash)) {
        return Some((case.letter_number.clone().unwrap_or(number), SCAN.to_owned()));
    }
    if case.application.content.as_ref() == Some(hash) {
        return Some((format!("{number}.xml"), "application/xml".to_owned()));
    }
    let signature = case.signature.as_ref().is_some_and(|it| it.signature == *hash)
        || case.application.signature.as_ref() == Some(hash);
    signature.then(|| (format!("{number}.p7s"), "application/pkcs7-signature".to_owned()))
}

fn encoded(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].iter().filter_map(|it| char::from_digit(u32::from(*it), 16)));
        }
    }
    out
}
