// SPDX-License-Identifier: MIT OR Apache-2.0
//! The panel in which a person opens a key and signs; the script beside it is `frontend/src/sign/`.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The attribute with the SHA-256 of what the page shows, in hexadecimal: the script signs no other bytes.
const SHOWN: &str = "data-sha256";

/// Where the page takes what it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignContent {
    /// The exact bytes behind an address; the signature is detached and covers them.
    Address {
        /// The address.
        href: String,
        /// SHA-256 of the bytes that the page shows, in hexadecimal; nothing where they cannot change any more.
        sha256: Option<String>,
    },
    /// The exact bytes themselves, in base64: a challenge.
    Bytes(String),
    /// A prepared PDF.
    Digest {
        /// SHA-256 of its byte range, in hexadecimal.
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
            SignContent::Address { .. } | SignContent::Bytes(_) => "xml-bytes",
            SignContent::Digest { .. } => "pdf-digest",
        }
    }

    /// Returns the attributes with the content, by name.
    pub fn attributes(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        match &self.content {
            SignContent::Address { href, sha256 } => {
                let shown = sha256.iter().map(|it| (SHOWN, it.into()));
                std::iter::once(("data-sign-content-href", href.into())).chain(shown).collect()
            }
            SignContent::Bytes(it) => vec![("data-sign-content-bytes", it.into())],
            SignContent::Digest { sha256, range } => vec![
                ("data-sign-content-digest", base64_of(sha256).into()),
                ("data-sign-content-href", range.into()),
                (SHOWN, sha256.into()),
            ],
        }
    }
}

/// Returns in base64 what is given in hexadecimal; nothing where it is not.
fn base64_of(hex: &str) -> String {
    let byte = |at: usize| hex.get(at..at + 2).and_then(|it| u8::from_str_radix(it, 16).ok());
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    STANDARD.encode(bytes.unwrap_or_default())
}

/// Whose key is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOf {
    /// A person's own.
    Person,
    /// That of an employee of an organisation.
    Employee,
}

impl KeyOf {
    /// Returns the word for the script.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Employee => "employee",
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
    /// Whose key is demanded; nothing where that is not known. Another one is warned of.
    pub key_of: Option<KeyOf>,
    /// Whether keys of the development authority sign too: in the demonstration.
    pub any_authority: bool,
    /// Where documents are handed to a telephone, if one is connected.
    pub phone: Option<String>,
    /// Whether an application is sent: what goes wrong then says that it was not. The page around the panel tells what is
    /// signed.
    pub sends: bool,
    /// What a person whose signing goes wrong is told of what he entered before; nothing where he entered nothing.
    pub kept: Option<&'static str>,
    /// Hidden fields posted with the signatures: the id of the order, the version of the case.
    pub hidden: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(content: SignContent) -> Vec<(&'static str, String)> {
        let item = SignItem { id: String::new(), title: String::new(), view: None, content };
        item.attributes().into_iter().map(|(name, value)| (name, value.into_owned())).collect()
    }

    #[test]
    fn what_is_fetched_goes_with_the_hash_of_what_is_shown() {
        let range = "/range".to_owned();
        let pdf = attributes(SignContent::Digest { sha256: "00ff10".to_owned(), range });
        let base64 = ("data-sign-content-digest", "AP8Q".to_owned());
        let href = |it: &str| ("data-sign-content-href", it.to_owned());
        let shown = |it: &str| ("data-sha256", it.to_owned());
        assert_eq!(pdf, [base64, href("/range"), shown("00ff10")]);
        let address = |sha256: Option<String>| SignContent::Address { href: "/xml".to_owned(), sha256 };
        assert_eq!(attributes(address(Some("ab".to_owned()))), [href("/xml"), shown("ab")]);
        assert_eq!(attributes(address(None)), [href("/xml")]);
    }
}
