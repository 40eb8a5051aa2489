// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an answer says of the question that it answers. **Ours**: the published messages have no place for it.
//!
//! The body of an answer carries, as an attribute in our own namespace beside its `wsu:Id`, the SHA-256 of the exact bytes
//! of the question. The one signature over the body covers it; who does not know the attribute passes it over.

use crate::tree;

/// The namespace of the attribute.
pub const BINDING_NAMESPACE: &str = "urn:qyzmet:exchange:v1";
/// The name of the attribute.
pub const BINDING_ATTRIBUTE: &str = "requestSha256";

/// Returns the attribute as it is written into a body.
pub(crate) fn attribute(request_sha256: &[u8; 32]) -> String {
    let mut attribute = format!(" xmlns:qz=\"{BINDING_NAMESPACE}\" qz:{BINDING_ATTRIBUTE}=\"");
    for byte in request_sha256 {
        for digit in [byte >> 4, byte & 0x0f] {
            attribute.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    attribute.push('"');
    attribute
}

/// Returns the digest, in hex, that a body names as that of the question it answers; `None` if it names none.
///
/// Pass the bytes that a signature over the body was found to cover (its canonical form), or the body as it stands.
pub fn answered(body: &str) -> Option<&str> {
    let tag = tree::start_tag(body);
    let declares = |name: &str, value: &str| value == BINDING_NAMESPACE && name.starts_with("xmlns:");
    let (declaration, _) = tree::attributes(tag).find(|(name, value)| declares(name, value))?;
    let prefix = declaration.strip_prefix("xmlns:")?;
    let ours = |name: &str| name.split_once(':') == Some((prefix, BINDING_ATTRIBUTE));
    tree::attributes(tag).find(|(name, _)| ours(name)).map(|it| it.1)
}
