// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers of authorities that stamp time.

use std::borrow::Cow;

use super::request::Request;
use super::{STAMP_BYTES_MAX, verify};
use crate::asn1::{self, Asn1Error, Element, INTEGER, OID, SEQUENCE};

/// Why an answer brings no stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StampFault {
    /// It is no answer to a request for a time stamp.
    Malformed(Asn1Error),
    /// The authority refused, with this status.
    Refused(u64),
    /// It stamps another digest.
    OtherImprint,
    /// It does not repeat the nonce.
    OtherNonce,
    /// It was made under another policy than the one asked for.
    OtherPolicy,
}

impl std::fmt::Display for StampFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(fault) => write!(f, "the answer is no time stamp: {fault}"),
            Self::Refused(status) => write!(f, "the authority refused with status `{status}`"),
            Self::OtherImprint => write!(f, "the time stamp is of another digest"),
            Self::OtherNonce => write!(f, "the time stamp does not repeat the nonce"),
            Self::OtherPolicy => write!(f, "the time stamp is of another policy"),
        }
    }
}

impl std::error::Error for StampFault {}

impl From<Asn1Error> for StampFault {
    fn from(fault: Asn1Error) -> Self {
        Self::Malformed(fault)
    }
}

/// Returns the token of a response, or the token itself where it came without one.
///
/// ```
/// use eds::tsp::{StampFault, token};
/// let refused = [0x30, 5, 0x30, 3, 0x02, 1, 2];
/// assert_eq!(token(&refused), Err(StampFault::Refused(2)));
/// ```
pub fn token(answer: &[u8]) -> Result<Vec<u8>, StampFault> {
    if answer.len() > STAMP_BYTES_MAX {
        return Err(Asn1Error::Limit.into());
    }
    let der = match asn1::from_pem(answer)? {
        Cow::Borrowed(bytes) => asn1::ber::to_der(bytes)?,
        Cow::Owned(bytes) => Cow::Owned(asn1::ber::to_der(&bytes)?.into_owned()),
    };
    let mut fields = Element::parse(&der)?.expect(SEQUENCE)?.reader();
    if fields.peek() == Some(OID) {
        return Ok(der.into_owned());
    }
    let status = fields.take(SEQUENCE)?.reader().take(INTEGER)?.small()?;
    // Granted, or granted with changes: what changed is seen by comparing with the request.
    if status > 1 {
        return Err(StampFault::Refused(status));
    }
    let token = fields.take(SEQUENCE)?.raw.to_vec();
    fields.finish()?;
    Ok(token)
}

/// Returns the word for the status by which an authority refuses (RFC 3161, 2.4.2).
pub(crate) const fn refusal(status: u64) -> &'static str {
    match status {
        2 => "rejection",
        3 => "waiting",
        4 => "revocation-warning",
        5 => "revocation-notification",
        _ => "unknown-status",
    }
}

/// Returns the token of the answer to `request`: same digest, same nonce, the policy asked for. Not yet judged.
///
/// ```
/// use eds::tsp::{accept, request};
/// let query = request(eds::algorithm::DigestAlgorithm::Sha256, b"signature value", Some(&[7; 8])).unwrap();
/// assert!(accept(&query, b"no answer").is_err());
/// ```
pub fn accept(request: &[u8], answer: &[u8]) -> Result<Vec<u8>, StampFault> {
    let asked = Request::parse(request)?;
    let token = token(answer)?;
    let said = verify::info(&token)?;
    if said.imprint != asked.imprint {
        return Err(StampFault::OtherImprint);
    }
    if said.nonce != asked.nonce {
        return Err(StampFault::OtherNonce);
    }
    if asked.policy.is_some_and(|policy| policy != said.policy) {
        return Err(StampFault::OtherPolicy);
    }
    Ok(token)
}
