// SPDX-License-Identifier: MIT OR Apache-2.0
//! The panel in which a person opens a key and signs; the script beside it is `frontend/src/sign/`.

/// Where the page takes what it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignContent {
    /// The exact bytes behind an address; the signature is detached and covers them.
    Address(String),
    /// The exact bytes themselves, in base64: a challenge.
    Bytes(String),
    /// A prepared PDF.
    Digest {
        /// SHA-256 of its byte range, in base64.
        sha256: String,
        /// Where the bytes of the range are fetched, by who hashes by another algorithm or hashes itself.
        range: String,
    },
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
            SignContent::Digest { .. } => "pdf-digest",
        }
    }

    /// Returns the attributes with the content, by name.
    pub fn attributes(&self) -> Vec<(&'static str, &str)> {
        match &self.content {
            SignContent::Address(it) => vec![("data-sign-content-href", it)],
            SignContent::Bytes(it) => vec![("data-sign-content-bytes", it)],
            SignContent::Digest { sha256, range } => {
                vec![("data-sign-content-digest", sha256), ("data-sign-content-href", range)]
            }
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
    /// BIN of the organisation whose employee signs; nothing where a person signs for himself.
    pub bin: Option<String>,
    /// Whether keys of the development authority sign too: in the demonstration.
    pub any_authority: bool,
    /// Where documents are handed to a telephone, if one is connected.
    pub phone: Option<String>,
    /// Whether an application is sent: what goes wrong then says that it was not, and that it is kept.
    pub sends: bool,
    /// Hidden fields posted with the signatures: the id of the order, the version of the case.
    pub hidden: Vec<(String, String)>,
}
