// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which systems' certificates are believed.

use crate::lists::Lists;
use crate::source::{self, EvidenceSource, ROUNDS_MAX};
use eds::{
    Certificate, Context, Evidence, Findings, Outcome, Policy, Purpose, Subject, Trust, judge_certificate,
    oids,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Certificates whose evidence is remembered.
const REMEMBERED_MAX: usize = 256;

/// Whose certificate a message must be signed with. A system key of anybody else under the same root is not enough.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Peer {
    /// BIN of the organisation in the certificate, where it is demanded.
    pub bin: Option<String>,
    /// Common name of the certificate, where it is demanded.
    pub common_name: Option<String>,
}

/// Judges certificates of systems, with revocation by OCSP or list. Evidence is remembered and judged again each
/// time, so an OCSP answer serves for an hour (the policy's age) and a list for its term.
#[derive(Debug)]
pub struct TransportTrust {
    roots: Trust,
    source: Arc<dyn EvidenceSource>,
    lists: Option<Arc<Lists>>,
    remembered: Mutex<BTreeMap<[u8; 32], Evidence>>,
}

/// Why a certificate is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It is bad: the code of the check.
    Bad(&'static str),
    /// It could not be judged now: the code of the check.
    Unknown(&'static str),
}

impl TransportTrust {
    /// Returns trust in systems under these roots, with evidence from `source`.
    pub fn new(roots: Trust, source: Arc<dyn EvidenceSource>) -> Self {
        Self { roots, source, lists: None, remembered: Mutex::default() }
    }

    /// Takes the lists that are kept in place of fetching them.
    #[must_use]
    pub fn with_lists(mut self, lists: Arc<Lists>) -> Self {
        self.lists = Some(lists);
        self
    }

    /// Says what is wrong with a certificate of a system, or that it cannot be known now; the code of the check.
    pub async fn examine(&self, der: &[u8], at: Timestamp) -> Result<(), Doubt> {
        self.judge(der, &Peer::default(), at).await
    }

    /// Judges the certificate of a peer at a time.
    pub(crate) async fn judge(&self, der: &[u8], peer: &Peer, at: Timestamp) -> Result<(), Doubt> {
        let certificate = Certificate::parse(der).map_err(|_| Doubt::Bad("certificate-malformed"))?;
        let name = certificate.subject().first(&oids::COMMON_NAME);
        if peer.common_name.as_deref().is_some_and(|it| name != Some(it)) {
            return Err(Doubt::Bad("peer-mismatch"));
        }
        let policy = Policy::new(self.roots.clone(), Purpose::GatewayTransport { bin: peer.bin.clone() });
        let key = eds::sha256(der);
        let mut evidence = self.recall(&key);
        let mut fresh = evidence == Evidence::default();
        let mut doubt = Doubt::Unknown("revocation-unknown");
        // One more than rounds of fetching, and one for what was remembered.
        for _ in 0..=ROUNDS_MAX + 1 {
            let mut findings = Findings::default();
            let context = Context { evidence: &evidence, at, policy: &policy };
            judge_certificate(&certificate, &[], &context, &Subject::Signer(0), &mut findings);
            let verdict = findings.into_verdict(at, Vec::new());
            match &verdict.outcome {
                Outcome::Valid => {
                    self.remember(key, evidence);
                    return Ok(());
                }
                Outcome::Invalid => {
                    return Err(Doubt::Bad(verdict.failed_codes().first().copied().unwrap_or_default()));
                }
                Outcome::Indeterminate { needs } => {
                    doubt = Doubt::Unknown(verdict.unknown_codes().first().copied().unwrap_or_default());
                    if !fresh {
                        // What was remembered is too old: begin anew, so that it does not pile up.
                        evidence = Evidence::default();
                        fresh = true;
                        continue;
                    }
                    if source::fetch(&*self.source, self.lists.as_deref(), needs, &mut evidence).await == 0 {
                        break;
                    }
                }
            }
        }
        Err(doubt)
    }

    fn recall(&self, key: &[u8; 32]) -> Evidence {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.get(key).cloned().unwrap_or_default()
    }

    fn remember(&self, key: [u8; 32], evidence: Evidence) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX && !remembered.contains_key(&key) {
            remembered.clear();
        }
        remembered.insert(key, evidence);
    }
}
