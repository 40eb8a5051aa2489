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
    /// OCSP responses, DER or PEM.
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
    /// Puts what was fetched for `need` where it belongs; nothing can be fetched for an algorithm, and nothing that has
    /// no address.
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
            Need::Algorithm { .. } | Need::Content | Need::Answer { .. } => {}
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
    use super::EVIDENCE_ITEMS_MAX;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::de::{Error, SeqAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(list: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|bytes| STANDARD.encode(bytes)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        deserializer.deserialize_seq(List)
    }

    /// Reads no more than is ever looked at: a list of empty words is many times longer in memory than on the wire.
    struct List;

    impl<'de> Visitor<'de> for List {
        type Value = Vec<Vec<u8>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "at most {EVIDENCE_ITEMS_MAX} pieces of base64")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut read = Vec::new();
            while let Some(text) = list.next_element::<String>()? {
                if read.len() == EVIDENCE_ITEMS_MAX {
                    return Err(A::Error::invalid_length(EVIDENCE_ITEMS_MAX + 1, &self));
                }
                read.push(STANDARD.decode(text).map_err(A::Error::custom)?);
            }
            Ok(read)
        }
    }
}
