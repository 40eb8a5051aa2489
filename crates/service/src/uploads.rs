// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that people give: what they are is read from their content, never from their name.

use crate::Service;
use crate::submit::SubmitError;
use engine::case::Attachment;
use regulation::model::DocumentId;

/// Largest attachment.
pub const ATTACHMENT_BYTES_MAX: usize = 10 * 1024 * 1024;

/// Longest name of an attachment kept, in characters.
const NAME_CHARS_MAX: usize = 150;

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UploadRefused {
    /// It is empty.
    #[error("the file is empty")]
    Empty,
    /// It is larger than [`ATTACHMENT_BYTES_MAX`].
    #[error("the file is too large")]
    TooLarge,
    /// Its content is none of PDF, JPEG, PNG, whatever its name says.
    #[error("the file is none of PDF, JPEG, PNG")]
    Kind,
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

/// Returns the media type found in the content.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 3] =
        [(b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png")];
    KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

/// Returns what a scan is by its content, or why it is not taken.
pub fn check_scan(bytes: &[u8]) -> Result<&'static str, UploadRefused> {
    if bytes.is_empty() {
        return Err(UploadRefused::Empty);
    }
    if bytes.len() > ATTACHMENT_BYTES_MAX {
        return Err(UploadRefused::TooLarge);
    }
    media_type(bytes).ok_or(UploadRefused::Kind)
}

/// Returns the name of a file as it is kept: without folders, of bounded length.
pub(crate) fn kept_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|it| !it.is_control()).take(NAME_CHARS_MAX).collect()
}

impl Service {
    /// Keeps a file and returns it as an attachment.
    pub async fn upload(
        &self,
        document: DocumentId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Attachment, UploadRefused> {
        let media_type = check_scan(&bytes)?.to_owned();
        let size_bytes = bytes.len() as u64;
        let file = self.ports.store.put_file(bytes).await.map_err(SubmitError::from)?;
        Ok(Attachment { document, name: kept_name(name), media_type, file, size_bytes })
    }
}
