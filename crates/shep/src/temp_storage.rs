// SPDX-License-Identifier: MIT OR Apache-2.0
//! The temporary storage of files (`EDS_TEMP_FILES`): files that are too long for a message lie there under an identifier.
//!
//! The request for uploading and downloading is the published one. **Ours, because nothing is published of it:** the fields
//! of the answer, and the request to remove ([`Ask::Remove`]). A storage of others answers a removal by a fault, which
//! does no harm: files end by themselves.

use crate::part::id;
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Data, Error};

/// The interaction's id.
pub const SERVICE_ID: &str = "EDS_TEMP_FILES";
/// The payload's namespace.
pub const NAMESPACE: &str = "http://egov.bee.kz/eds/tempstorage/v2/";
/// The most files in one request.
pub const FILES_MAX: usize = 16;
/// The most characters of a file's identifier.
pub const IDENTIFIER_CHARS_MAX: usize = 100;
/// The most bytes of one file in a message; longer ones are sent in parts.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most characters of base64 of one file.
const CONTENT_CHARS_MAX: usize = FILE_BYTES_MAX.div_ceil(3) * 4;

/// A request to the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub sender_id: String,
    /// The password that goes with it, where the storage wants one.
    pub password: Option<String>,
    /// What for.
    pub ask: Ask,
}

/// What is asked of the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Keep these.
    Upload(Vec<Upload>),
    /// Give back what lies under these identifiers.
    Download(Vec<String>),
    /// Forget what lies under these identifiers. Ours.
    Remove(Vec<String>),
}

/// A file to be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The identifier that the sender gives it.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Its bytes in base64.
    pub content: String,
    /// Its media type.
    pub mime: String,
    /// How long it is kept, in milliseconds.
    pub life_time_ms: u64,
    /// Whether it is dropped unless it is confirmed.
    pub needs_confirmation: bool,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("chars", &self.content.len()).finish_non_exhaustive()
    }
}

/// An answer of the storage. Ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The id of the question.
    pub request_id: String,
    /// The files asked about, in the order of the request.
    pub files: Vec<Kept>,
}

/// A file of the storage. Ours.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its identifier.
    pub identifier: String,
    /// Its name, where it lies there.
    pub name: Option<String>,
    /// Its bytes in base64, where they were asked for and lie there.
    pub content: Option<String>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("chars", &self.content.as_ref().map(String::len)).finish_non_exhaustive()
    }
}

const UPLOAD: &str = "UPLOAD";
const DOWNLOAD: &str = "DOWNLOAD";
const REMOVE: &str = "REMOVE";

fn write_root(name: &str, content: impl FnOnce(&mut Writer)) -> Result<String, Error> {
    let mut out = Writer::default();
    out.raw(&format!("<n:{name} xmlns:n=\"{NAMESPACE}\">"));
    content(&mut out);
    out.raw(&format!("</n:{name}>"));
    out.finish()
}

fn few(count: usize, out: &mut Writer) {
    if count > FILES_MAX {
        out.fail(Error::TooMany { what: "fileIdentifiers" });
    }
}

fn write_identifier(tag: &'static str, identifier: &str, out: &mut Writer) {
    if identifier.chars().count() > IDENTIFIER_CHARS_MAX {
        out.fail(Error::TooLong { what: tag });
    }
    out.required(tag, identifier);
}

fn write_content(content: &str, out: &mut Writer) {
    if content.len() > CONTENT_CHARS_MAX {
        out.fail(Error::TooLong { what: "content" });
    }
    out.leaf("content", content);
}

fn read_identifier(text: String) -> Result<String, Error> {
    let fits = text.chars().count() <= IDENTIFIER_CHARS_MAX;
    if fits { Ok(text) } else { Err(Error::TooLong { what: "fileIdentifiers" }) }
}

fn read_content(part: Part<'_, '_>) -> Result<Option<String>, Error> {
    let Some(content) = part.child("content")? else { return Ok(None) };
    // Others break base64 into lines.
    let text: String = content.own_text().split_ascii_whitespace().collect();
    if text.len() > CONTENT_CHARS_MAX { Err(Error::TooLong { what: "content" }) } else { Ok(Some(text)) }
}

/// Reads every child of that name, at most [`FILES_MAX`].
fn each<T>(
    part: Part<'_, '_>,
    name: &'static str,
    read: impl Fn(Part<'_, '_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let found = part.each(name).take(FILES_MAX + 1).map(read).collect::<Result<Vec<_>, _>>()?;
    if found.len() > FILES_MAX { Err(Error::TooMany { what: name }) } else { Ok(found) }
}

impl Request {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("tempStorageRequest", |out| {
            let (kind, of) = match &self.ask {
                Ask::Upload(files) => {
                    few(files.len(), out);
                    out.within("uploadRequest", |out| {
                        for it in files {
                            it.write(out);
                        }
                    });
                    (UPLOAD, None)
                }
                Ask::Download(of) => (DOWNLOAD, Some(("downloadRequest", of))),
                Ask::Remove(of) => (REMOVE, Some(("removeRequest", of))),
            };
            if let Some((tag, of)) = of {
                few(of.len(), out);
                let each = |out: &mut Writer| {
                    for it in of {
                        write_identifier("fileIdentifiers", it, out);
                    }
                };
                out.within(tag, each);
            }
            out.within("credentials", |out| {
                out.required("senderId", &self.sender_id);
                out.optional("password", self.password.as_deref());
            });
            out.leaf("type", kind);
        })
    }

    /// Reads the payload of a request; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "temporary storage request";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = tree::payload(&doc, "tempStorageRequest", EXPECTED)?;
        let credentials = root.required_child("credentials")?;
        let identifiers = |tag: &'static str| {
            let list = root.required_child(tag)?;
            each(list, "fileIdentifiers", |it| read_identifier(it.own_text()))
        };
        let ask = match root.required_text("type")?.as_str() {
            UPLOAD => {
                Ask::Upload(each(root.required_child("uploadRequest")?, "fileUploadRequests", Upload::read)?)
            }
            DOWNLOAD => Ask::Download(identifiers("downloadRequest")?),
            REMOVE => Ask::Remove(identifiers("removeRequest")?),
            _ => return Err(Error::Invalid { what: "type" }),
        };
        Ok(Self { sender_id: id(credentials, "senderId")?, password: credentials.text("password")?, ask })
    }
}

impl Upload {
    fn write(&self, out: &mut Writer) {
        out.within("fileUploadRequests", |out| {
            write_identifier("fileProcessIdentifier", &self.identifier, out);
            out.required("name", &self.name);
            write_content(&self.content, out);
            out.required("mime", &self.mime);
            out.leaf("lifeTime", &self.life_time_ms.to_string());
            out.leaf("needToBeConfirmed", if self.needs_confirmation { "true" } else { "false" });
        });
    }

    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let life_time_ms = part.parsed("lifeTime", |it| it.parse().ok())?;
        Ok(Self {
            identifier: read_identifier(part.required_text("fileProcessIdentifier")?)?,
            name: part.required_text("name")?,
            content: read_content(part)?.ok_or(Error::Missing { what: "content" })?,
            mime: part.text("mime")?.unwrap_or_default(),
            life_time_ms: life_time_ms.ok_or(Error::Missing { what: "lifeTime" })?,
            needs_confirmation: part.flag("needToBeConfirmed")?.unwrap_or(false),
        })
    }
}

impl Response {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("tempStorageResponse", |out| {
            out.required("requestId", &self.request_id);
            few(self.files.len(), out);
            for it in &self.files {
                out.within("files", |out| {
                    write_identifier("fileIdentifier", &it.identifier, out);
                    out.optional("name", it.name.as_deref());
                    if let Some(content) = &it.content {
                        write_content(content, out);
                    }
                });
            }
        })
    }

    /// Reads the payload of an answer; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "temporary storage response";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = tree::payload(&doc, "tempStorageResponse", EXPECTED)?;
        let kept = |it: Part<'_, '_>| {
            Ok(Kept {
                identifier: read_identifier(it.required_text("fileIdentifier")?)?,
                name: it.text("name")?,
                content: read_content(it)?,
            })
        };
        Ok(Self { request_id: id(root, "requestId")?, files: each(root, "files", kept)? })
    }
}
