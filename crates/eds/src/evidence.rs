// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was fetched to decide about a signature; stored with the act, so it can be judged again offline.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::crl::Index;
use crate::verdict::Need;

/// Certificates, OCSP responses or lists judged at once.
pub const EVIDENCE_ITEMS_MAX: usize = 64;

/// Evidence about certificates. Nothing in it is trusted: each piece must prove itself.
///
/// ```
/// let evidence = eds::Evidence { ocsp: vec![vec![0x30, 0x00]], ..eds::Evidence::default() };
/// let json = serde_json::to_string(&evidence).unwrap();
/// assert_eq!(json, r#"{"certificates":[],"ocsp":["MAA="],"crls":[]}"#);
/// assert_eq!(serde_json::from_str::<eds::Evidence>(&json).unwrap(), evidence);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Certificates of intermediate authorities and signers, DER or PEM.
    #[serde(with = "base64_list", default)]
    pub certificates: Vec<Vec<u8>>,
    /// OCSP responses, DER.
    #[serde(with = "base64_list", default)]
    pub ocsp: Vec<Vec<u8>>,
    /// Revocation lists, DER or PEM.
    #[serde(with = "base64_list", default)]
    pub crls: Vec<Vec<u8>>,
    /// Time stamps (RFC 3161), DER: tokens or whole responses.
    #[serde(with = "base64_list", default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<Vec<u8>>,
    /// Indexes of lists that the caller keeps, judged like the lists they were made of. They are not stored: the
    /// verdict names each list that decided by its number and hash, and the lists are kept under that hash.
    #[serde(skip)]
    pub indexes: Vec<Arc<Index>>,
}

impl Evidence {
    /// Puts what was fetched for `need` where it belongs; nothing can be fetched for an algorithm.
    ///
    /// ```
    /// use eds::{Evidence, Need};
    /// let need = Need::Issuer { issuer: "CN=NCA".into(), urls: vec!["http://nca.invalid/nca.cer".into()] };
    /// let mut evidence = Evidence::default();
    /// evidence.put(&need, vec![1, 2, 3]);
    /// assert_eq!(evidence.certificates.len(), 1);
    /// ```
    pub fn put(&mut self, need: &Need, answer: Vec<u8>) {
        match need {
            Need::Ocsp { .. } => self.ocsp.push(answer),
            Need::Crl { .. } => self.crls.push(answer),
            Need::Issuer { .. } => self.certificates.push(answer),
            Need::TimeStamp { .. } => self.stamps.push(answer),
            Need::Algorithm { .. } => {}
        }
    }
}

/// Bytes as base64 in JSON.
pub(crate) mod base64_bytes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Lists of bytes as base64 in JSON.
mod base64_list {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(list: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|bytes| STANDARD.encode(bytes)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| STANDARD.decode(text).map_err(D::Error::custom)).collect()
    }
}
