// SPDX-License-Identifier: MIT OR Apache-2.0
//! The panel in which a person opens a key and signs; the script beside it is `frontend/src/sign/`.

/// Where the page takes what it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignContent {
    /// The exact bytes behind an address; the signature is detached and covers them.
    Address(String),
    /// The exact bytes themselves, in base64: a challenge.
    Bytes(String),
    /// The SHA-256 digest, in base64, of the byte ranges of a prepared PDF.
    Digest(String),
}

/// One thing to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignItem {
    /// Name; the signature (CMS, base64) is posted in the field `cms-{id}`.
    pub id: String,
    /// What the person reads.
    pub title: String,
    /// Where the person can read it before signing.
    pub view: Option<String>,
    /// What is signed.
    pub content: SignContent,
}

impl SignItem {
    /// Returns the kind for the script.
    pub fn kind(&self) -> &'static str {
        match self.content {
            SignContent::Address(_) | SignContent::Bytes(_) => "xml-bytes",
            SignContent::Digest(_) => "pdf-digest",
        }
    }

    /// Returns the name of the attribute with the content.
    pub fn attribute(&self) -> &'static str {
        match self.content {
            SignContent::Address(_) => "data-sign-content-href",
            SignContent::Bytes(_) => "data-sign-content-bytes",
            SignContent::Digest(_) => "data-sign-content-digest",
        }
    }

    /// Returns the content.
    pub fn source(&self) -> &str {
        match &self.content {
            SignContent::Address(it) | SignContent::Bytes(it) | SignContent::Digest(it) => it,
        }
    }
}

/// The panel: what is signed, by whom, and where the signatures go by an ordinary POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignPanel {
    /// Where the form is posted.
    pub action: String,
    /// Words of the button: `w.sign_and_send()`, `w.hd_sign()`.
    pub button: String,
    /// What is signed.
    pub items: Vec<SignItem>,
    /// IIN that the key must have; another one is warned of. The server checks it again.
    pub iin: Option<String>,
    /// Hidden fields posted with the signatures: the id of the order, the version of the case.
    pub hidden: Vec<(String, String)>,
}
