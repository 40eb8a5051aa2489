// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was fetched to decide about a signature; stored with the act, so it can be judged again offline.

mod memo;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::crl::Index;
use crate::verdict::Need;
pub(crate) use memo::Memo;

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
    /// Where the answers come from, as far as that is known. It is not stored.
    #[serde(skip)]
    pub origins: Origins,
}

/// Where answers about revocation come from: what lies inside of what is judged was chosen by whoever made it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    /// How many OCSP responses, lists and certificates stand before those from inside; all if absent.
    outside: Option<(usize, usize, usize)>,
    /// How many OCSP responses, and how many lists, stand before those that lay in an archive, where new ones can be asked for; none
    /// is held back if absent.
    pub(crate) kept: Option<(usize, usize)>,
    /// When the OCSP responses are known to have existed, by a later stamp over them, in their order. Nothing is known of those
    /// from outside for which no time stands here: a key of a responder that was lost later may have made them. Those from inside
    /// for which nothing stands here lie in what is judged, and existed with it.
    pub existed: Vec<Option<Timestamp>>,
    /// The lists that were verified.
    pub(crate) proven: Memo,
}

/// Where one answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Origin {
    /// Whether whoever made the file put it there, and could have left it out.
    pub(crate) is_inside: bool,
    /// Whether it lay in an archive, and new ones can be asked for: whoever kept it may have kept an older one.
    pub(crate) is_kept: bool,
    /// When it is known to have existed.
    pub(crate) existed: Option<Timestamp>,
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

    /// Takes what is there now for what came from outside, unless that was done before.
    pub(crate) fn close_outside(&mut self) {
        self.origins.outside.get_or_insert((self.ocsp.len(), self.crls.len(), self.certificates.len()));
    }

    /// Returns how many certificates stand before those from inside.
    pub(crate) fn certificates_outside(&self) -> usize {
        self.origins.outside.map_or(usize::MAX, |it| it.2)
    }

    /// Returns the OCSP responses that are looked at, each once; `sealed` is when what is judged is known to have existed.
    pub(crate) fn answers(&self, sealed: Option<Timestamp>) -> impl Iterator<Item = (&[u8], Origin)> {
        let outside = self.origins.outside.map_or(usize::MAX, |it| it.0);
        let kept = self.origins.kept.map_or(usize::MAX, |it| it.0);
        each_once(&self.ocsp).map(move |(place, bytes)| {
            let is_inside = place >= outside;
            let own = self.origins.existed.get(place).copied();
            let existed = own.unwrap_or(sealed.filter(|_| is_inside));
            (bytes, Origin { is_inside, is_kept: place >= kept, existed })
        })
    }

    /// Returns the lists that are looked at, each once, and whether they came from inside.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (&[u8], Origin)> {
        let outside = self.origins.outside.map_or(usize::MAX, |it| it.1);
        let kept = self.origins.kept.map_or(usize::MAX, |it| it.1);
        let origin =
            move |place: usize| Origin { is_inside: place >= outside, is_kept: place >= kept, existed: None };
        each_once(&self.crls).map(move |(place, bytes)| (bytes, origin(place)))
    }
}

/// Returns the pieces that are looked at, each once, with its place.
fn each_once(pieces: &[Vec<u8>]) -> impl Iterator<Item = (usize, &[u8])> {
    let pieces = pieces.get(..EVIDENCE_ITEMS_MAX).unwrap_or(pieces);
    let is_new = move |place: usize| {
        let (before, own) = pieces.split_at(place);
        own.first().is_some_and(|own| !before.contains(own))
    };
    pieces
        .iter()
        .enumerate()
        .filter(move |(place, _)| is_new(*place))
        .map(|(place, it)| (place, it.as_slice()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pieces_are_looked_at_once_and_no_more_than_a_few() {
        let pieces = [vec![1], vec![2], vec![1], vec![3]];
        let found: Vec<_> = each_once(&pieces).collect();
        assert_eq!(found, [(0, &[1_u8][..]), (1, &[2]), (3, &[3])]);
        let many: Vec<Vec<u8>> = (0..200).map(|it| vec![it]).collect();
        assert_eq!(each_once(&many).count(), EVIDENCE_ITEMS_MAX);
    }

    #[test]
    fn what_came_inside_is_known_from_what_was_given() {
        let (early, late) = ("2026-03-01T00:00:00Z".parse().ok(), "2026-06-01T00:00:00Z".parse().ok());
        let mut evidence =
            Evidence { ocsp: vec![vec![1], vec![2]], crls: vec![vec![7]], ..Evidence::default() };
        assert!(evidence.answers(late).all(|it| it.1 == Origin::default()));
        evidence.origins.existed = vec![early];
        evidence.close_outside();
        evidence.ocsp.extend([vec![1], vec![3]]);
        evidence.crls.push(vec![8]);
        // Further in, what stands there is outside too, but no less chosen.
        evidence.close_outside();
        let of = |is_inside, existed| Origin { is_inside, is_kept: false, existed };
        let answers: Vec<_> = evidence.answers(late).collect();
        let expected = [(&[1_u8][..], of(false, early)), (&[2], of(false, None)), (&[3], of(true, late))];
        assert_eq!(answers, expected);
        assert_eq!(evidence.lists().map(|it| it.1.is_inside).collect::<Vec<_>>(), [false, true]);
        // Of what lies beside it in the same file it may be known apart.
        let mut apart = evidence.clone();
        apart.origins.existed.extend([None, None, early]);
        assert_eq!(apart.answers(late).map(|it| it.1.existed).collect::<Vec<_>>(), [early, None, early]);
        // What lay in an archive stands behind what the caller has, and before what lies inside.
        evidence.origins.kept = Some((1, 0));
        assert_eq!(evidence.answers(late).map(|it| it.1.is_kept).collect::<Vec<_>>(), [false, true, true]);
        assert!(evidence.lists().all(|it| it.1.is_kept));
    }
}
