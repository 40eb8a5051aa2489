// SPDX-License-Identifier: MIT OR Apache-2.0
//! A CMS that nobody signed (`.p7b`): it hands over certificates, lists and answers, and there is nothing to judge in it.

use crate::asn1;
use crate::cms::SignedData;
use crate::evidence::Evidence;

/// Returns the certificates, lists and answers of a CMS without signers and content (`.p7b`), DER, BER, PEM or base64; nothing
/// where the bytes are anything else. Unverified.
///
/// ```
/// assert!(eds::handed_over(b"a letter").is_none());
/// ```
#[must_use]
pub fn handed_over(bytes: &[u8]) -> Option<Evidence> {
    let plain = asn1::from_pem(bytes).ok()?;
    in_der(&asn1::ber::to_der(&plain).ok()?)
}

/// Returns the same of DER.
pub(super) fn in_der(der: &[u8]) -> Option<Evidence> {
    let data = SignedData::parse(der).ok()?;
    let is_bundle = data.signers.is_empty() && data.content.is_none_or(<[u8]>::is_empty);
    let mut handed = data.evidence();
    handed.certificates.extend(data.certificates.iter().map(|it| it.der().to_vec()));
    let holds_any = [&handed.certificates, &handed.crls, &handed.ocsp].iter().any(|it| !it.is_empty());
    (is_bundle && holds_any).then_some(handed)
}
