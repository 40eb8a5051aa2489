// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers that an office marks as present and scans, document by document; and a single scan, such as a signed sheet.

use engine::case::Attachment;
use regulation::model::{Channel, Regulation, StandardDocument};
use service::uploads::{ATTACHMENT_BYTES_MAX, UploadRefused};

use crate::errors::PageError;
use crate::form::said;
use crate::ui::{FileField, Link};
use crate::words::Words;

/// Files taken, by their endings; what they are is read from their content.
const ENDINGS: [&str; 4] = [".pdf", ".jpg", ".jpeg", ".png"];
const MEGABYTE: usize = 1024 * 1024;

/// A document of the Standard with its scans.
#[derive(Debug)]
pub struct PaperView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Whether it must be there.
    pub required: bool,
    /// What is told of a text of the Standard that is only assumed.
    pub assumed: Option<&'static str>,
    /// Whether its absence may be held against the applicant.
    pub may_be_missing: bool,
    /// Whether it is marked as present.
    pub present: bool,
    /// What is wrong.
    pub error: Option<String>,
    /// Its scans, each with its hash.
    pub scans: Vec<(Link, String)>,
    /// The field for one more.
    pub file: FileField,
}

/// Returns the documents of the Standard for a channel, each with its scans at `address`.
pub fn views(
    w: Words,
    (regulation, channel): (&Regulation, Channel),
    scans: &[Attachment],
    address: impl Fn(&Attachment) -> String,
) -> Vec<PaperView> {
    let documents = regulation.documents.iter().filter(|it| it.channels.contains(&channel));
    documents.map(|it| view(w, (it, regulation.confirmed_only), scans, &address)).collect()
}

fn view(
    w: Words,
    (it, confirmed_only): (&StandardDocument, bool),
    scans: &[Attachment],
    address: &impl Fn(&Attachment) -> String,
) -> PaperView {
    let id = it.id.as_str().to_owned();
    let own: Vec<&Attachment> = scans.iter().filter(|scan| scan.document == it.id).collect();
    let link = |it: &Attachment| Link { href: address(it), text: it.name.clone(), about: None };
    PaperView {
        required: it.required,
        assumed: it.assumed.then(|| if confirmed_only { w.std_unconfirmed() } else { w.passport_assumed() }),
        may_be_missing: !(confirmed_only && it.assumed),
        present: !own.is_empty(),
        error: None,
        scans: own.iter().map(|it| (link(it), it.file.0.clone())).collect(),
        file: scan_field(format!("file-{id}"), w.att_scan(), !it.required),
        title: said(w.lang(), &it.title).to_owned(),
        id,
    }
}

/// Returns the field of a scan.
pub fn scan_field(name: String, label: &str, optional: bool) -> FileField {
    FileField {
        name,
        label: label.to_owned(),
        error: None,
        endings: ENDINGS.to_vec(),
        megabytes_max: u32::try_from(ATTACHMENT_BYTES_MAX / MEGABYTE).unwrap_or(u32::MAX),
        optional,
    }
}

/// Returns why a file was not taken, in words; other failures are error pages.
pub fn refusal(w: Words, refused: UploadRefused, size: usize) -> Result<String, PageError> {
    match refused {
        UploadRefused::Empty => Ok(w.att_err_broken().to_owned()),
        UploadRefused::TooLarge => {
            let megabytes = size.div_ceil(MEGABYTE).to_string();
            Ok(w.att_err_size(ATTACHMENT_BYTES_MAX / MEGABYTE, megabytes))
        }
        UploadRefused::Kind => Ok(w.att_err_type("PDF, JPEG, PNG")),
        UploadRefused::Failed(failed) => Err(failed.into()),
    }
}
