// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fetching what a judgement lacks.

use crate::lists::Lists;
use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use eds::asn1::{self, Asn1Error, ENUMERATED, Element, SEQUENCE};
use eds::{Evidence, Need, Policy};
use std::future::Future;
use std::time::Duration;

/// How often a judgement may ask for more evidence.
pub const ROUNDS_MAX: usize = 3;
/// How long one piece of evidence is waited for.
pub const FETCH_SECONDS_MAX: u64 = 10;
/// Bytes of the nonce with which a responder is asked.
const NONCE_BYTES: usize = 16;

/// Where evidence comes from; `None` when there is no answer. What comes is not trusted: it must prove itself.
#[async_trait]
pub trait EvidenceSource: std::fmt::Debug + Send + Sync {
    /// Posts an OCSP request (DER) to a responder.
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>>;
    /// Gets a revocation list.
    async fn crl(&self, url: &str) -> Option<Vec<u8>>;
    /// Gets the certificate of an issuer from the first of these addresses that has it.
    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>>;
    /// Posts a request for a time stamp (DER) to the authority that stamps time; a source may know of none.
    async fn stamp(&self, _request: &[u8]) -> Option<Vec<u8>> {
        None
    }
    /// Whether an answer of OCSP counts only with the nonce that was sent. Some responders answer from a store: their
    /// answers count by age.
    fn demands_nonce(&self) -> bool {
        false
    }
}

/// Has a judgement ask `source` with a nonce that nobody can foresee, so that no old answer is taken for a new one. Without
/// randomness the age of an answer alone must tell.
pub fn ask_with_nonce(policy: &mut Policy, source: &dyn EvidenceSource) {
    let mut nonce = vec![0; NONCE_BYTES];
    policy.ocsp_nonce = SystemRandom::new().fill(&mut nonce).ok().map(|()| nonce);
    policy.ocsp_nonce_required = source.demands_nonce();
}

/// Fetches what is needed into `evidence` and returns how many needs were met.
///
/// A list that is kept stands in for one that would be fetched, and for a responder that is silent: such a one is waited for
/// once a minute, by one judgement, and by nobody else who has the list. A responder that refuses to answer is silent too,
/// but keeps nobody waiting.
pub async fn fetch(
    source: &dyn EvidenceSource,
    lists: Option<&Lists>,
    needs: &[Need],
    evidence: &mut Evidence,
) -> usize {
    let mut met = 0;
    for need in needs {
        match need {
            Need::Ocsp { url, request, crl_urls, .. } => {
                if lists.is_some_and(|it| it.rests(url)) && keep(lists, crl_urls, evidence) {
                    met += 1;
                    continue;
                }
                let answer = in_time(source.ocsp(url, request)).await;
                if let Some(lists) = lists {
                    lists.asked(url, answer.is_some());
                }
                if let Some(answer) = answer {
                    if is_answer(&answer) {
                        evidence.ocsp.push(answer);
                        met += 1;
                        continue;
                    }
                    tracing::warn!(responder = url.as_str(), "a responder did not answer what it was asked");
                }
                if keep(lists, crl_urls, evidence) {
                    met += 1;
                    continue;
                }
                // A list stands in for a responder that is silent.
                for url in crl_urls {
                    if let Some(list) = in_time(source.crl(url)).await {
                        evidence.crls.push(list);
                        met += 1;
                        break;
                    }
                }
            }
            Need::Crl { url, .. } if keep(lists, std::slice::from_ref(url), evidence) => met += 1,
            Need::Crl { url, .. } => met += put(in_time(source.crl(url)).await, &mut evidence.crls),
            Need::Issuer { urls, .. } => {
                met += put(in_time(source.issuer(urls)).await, &mut evidence.certificates);
            }
            Need::TimeStamp { request, .. } => {
                met += put(in_time(source.stamp(request)).await, &mut evidence.stamps);
            }
            Need::Algorithm { .. } | Need::Content | Need::Answer { .. } => {}
        }
    }
    met
}

/// Returns whether a responder answered the question (RFC 6960, 4.2.1): it may only say "try later", or something else
/// stands in its place.
fn is_answer(response: &[u8]) -> bool {
    let is_successful = |der: &[u8]| -> Result<bool, Asn1Error> {
        let mut fields = Element::parse(der)?.expect(SEQUENCE)?.reader();
        Ok(fields.take(ENUMERATED)?.value == [0])
    };
    asn1::from_pem(response).and_then(|der| is_successful(&der)).unwrap_or(false)
}

fn keep(lists: Option<&Lists>, urls: &[String], evidence: &mut Evidence) -> bool {
    lists.is_some_and(|lists| lists.put(urls, evidence))
}

fn put(found: Option<Vec<u8>>, place: &mut Vec<Vec<u8>>) -> usize {
    let before = place.len();
    place.extend(found);
    place.len() - before
}

pub(crate) async fn in_time(answer: impl Future<Output = Option<Vec<u8>>> + Send) -> Option<Vec<u8>> {
    tokio::time::timeout(Duration::from_secs(FETCH_SECONDS_MAX), answer).await.ok().flatten()
}
