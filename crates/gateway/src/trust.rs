// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which systems' certificates are believed.

use crate::lists::Lists;
use crate::source::{self, Errand, EvidenceSource, JUDGEMENT_WAIT, ROUNDS_MAX};
use eds::{
    Certificate, Context, Evidence, Findings, Need, Outcome, Policy, Purpose, Subject, Trust, Verdict,
    judge_certificate, oids,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Certificates whose evidence is remembered.
const REMEMBERED_MAX: usize = 256;
/// For so long a certificate that was found valid is not judged again. It is judged for both ends of that time: what holds
/// at both holds between them, for every term in it is one stretch of time.
const SURE_SECONDS: i64 = 60;
/// For so long what a responder said is remembered, whatever it promises.
const ANSWERED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Whose certificate a message must be signed with. A system key of anybody else under the same root is not enough; so a peer
/// that names nothing is nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Peer {
    /// BIN of the organisation in the certificate, where it is demanded.
    pub bin: Option<String>,
    /// Common name of the certificate, where it is demanded.
    pub common_name: Option<String>,
}

/// Judges certificates of systems, with revocation by OCSP or list. Evidence is remembered and judged again each
/// time, so an answer of OCSP serves for an hour and a list for its term; whoever is asked anew is asked with a new nonce.
#[derive(Debug)]
pub struct TransportTrust {
    roots: Trust,
    source: Arc<dyn EvidenceSource>,
    lists: Option<Arc<Lists>>,
    remembered: Mutex<BTreeMap<[u8; 32], Remembered>>,
}

/// What is remembered of a certificate.
#[derive(Debug, Clone)]
struct Remembered {
    evidence: Arc<Evidence>,
    /// The nonce with which responders were asked for it.
    nonce: Option<Vec<u8>>,
    /// When they were asked.
    since: Timestamp,
    /// For whom it is valid, and from when until when.
    sure: Option<(Peer, Timestamp, Timestamp)>,
}

/// A certificate that was believed, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Believed {
    /// SHA-256 of the certificate in DER.
    pub(crate) certificate_sha256: [u8; 32],
    /// What it was judged by.
    pub(crate) evidence: Arc<Evidence>,
}

/// Why a certificate is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It is bad: the code of the check.
    Bad(&'static str),
    /// It could not be judged now: the code of the check.
    Unknown(&'static str),
}

impl Remembered {
    /// Returns whether it may be judged again.
    fn serves(&self, at: Timestamp) -> bool {
        self.evidence.ocsp.is_empty() || at.duration_since(self.since).abs() <= ANSWERED_FOR
    }
}

impl Peer {
    /// Returns whether it names nothing, or something by an empty name: then it is nobody.
    pub fn names_nobody(&self) -> bool {
        let names = [&self.bin, &self.common_name];
        let mut names = names.into_iter().flatten().peekable();
        names.peek().is_none() || names.any(|it| it.trim().is_empty())
    }

    /// Returns whether a certificate has the names of this peer; whether it is believed is judged apart.
    pub(crate) fn is_named_by(&self, certificate: &Certificate) -> bool {
        let subject = certificate.subject();
        let name = subject.first(&oids::COMMON_NAME);
        !self.names_nobody()
            && self.common_name.as_deref().is_none_or(|it| name == Some(it))
            && self.bin.as_deref().is_none_or(|it| subject.bin().one() == Some(it))
    }
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

    /// Says what is wrong with a certificate for messages of whom it names, or that it cannot be known now; the code of the
    /// check.
    pub async fn examine(&self, der: &[u8], at: Timestamp) -> Result<(), Doubt> {
        let certificate = Certificate::parse(der).map_err(|_| Doubt::Bad("certificate-malformed"))?;
        let subject = certificate.subject();
        let bin = subject.bin().one().map(str::to_owned);
        let common_name = subject.first(&oids::COMMON_NAME).map(str::to_owned);
        self.judge(der, &Peer { bin, common_name }, at).await.map(drop)
    }

    /// Judges the certificate of a peer at a time.
    pub(crate) async fn judge(&self, der: &[u8], peer: &Peer, at: Timestamp) -> Result<Believed, Doubt> {
        let key = eds::sha256(der);
        if let Some(evidence) = self.sure(&key, peer, at) {
            return Ok(Believed { certificate_sha256: key, evidence });
        }
        let certificate = Certificate::parse(der).map_err(|_| Doubt::Bad("certificate-malformed"))?;
        let name = certificate.subject().first(&oids::COMMON_NAME);
        if peer.names_nobody() || peer.common_name.as_deref().is_some_and(|it| name != Some(it)) {
            return Err(Doubt::Bad("peer-mismatch"));
        }
        let mut policy = Policy::new(self.roots.clone(), Purpose::GatewayTransport { bin: peer.bin.clone() });
        policy.ocsp_nonce_required = self.source.demands_nonce();
        let recalled = self.recall(&key, at);
        let mut fresh = recalled.is_none();
        let mut known = recalled.unwrap_or_else(|| begun(at));
        let mut doubt = Doubt::Unknown("revocation-unknown");
        let mut errand = Errand::new(&*self.source, self.lists.as_deref(), JUDGEMENT_WAIT);
        // One more than rounds of fetching, and one for what was remembered.
        for _ in 0..=ROUNDS_MAX + 1 {
            policy.ocsp_nonce.clone_from(&known.nonce);
            let verdict = judged(&certificate, &known.evidence, at, &policy);
            if verdict.outcome == Outcome::Valid && !self.keeps(&known.evidence).await {
                if fresh {
                    return Err(Doubt::Unknown("revocation-unknown"));
                }
                (known, fresh) = (begun(at), true);
                continue;
            }
            match &verdict.outcome {
                Outcome::Valid => {
                    let until = at + SignedDuration::from_secs(SURE_SECONDS);
                    let still =
                        judged(&certificate, &known.evidence, until, &policy).outcome == Outcome::Valid;
                    known.sure = still.then(|| (peer.clone(), at, until));
                    let evidence = Arc::clone(&known.evidence);
                    self.remember(key, known);
                    return Ok(Believed { certificate_sha256: key, evidence });
                }
                Outcome::Invalid => {
                    return Err(Doubt::Bad(verdict.failed_codes().first().copied().unwrap_or_default()));
                }
                // Nobody says where its issuer may be found.
                Outcome::Indeterminate { needs }
                    if needs.iter().any(|it| matches!(it, Need::Issuer { urls, .. } if urls.is_empty())) =>
                {
                    return Err(Doubt::Bad("chain-untrusted"));
                }
                Outcome::Indeterminate { needs } => {
                    doubt = Doubt::Unknown(verdict.unknown_codes().first().copied().unwrap_or_default());
                    if !fresh {
                        // What was remembered is too old: begin anew, so that it does not pile up.
                        (known, fresh) = (begun(at), true);
                        continue;
                    }
                    let more = Arc::make_mut(&mut known.evidence);
                    if errand.fetch(needs, more).await == 0 {
                        break;
                    }
                    // Whose issuers lead to no root of ours is a stranger.
                    policy.issuers_sought = true;
                }
            }
        }
        Err(doubt)
    }

    /// Keeps the lists by which a certificate is believed; one that nobody could show later has decided nothing.
    async fn keeps(&self, evidence: &Evidence) -> bool {
        match &self.lists {
            Some(lists) => lists.keep(evidence).await,
            None => true,
        }
    }

    fn recall(&self, key: &[u8; 32], at: Timestamp) -> Option<Remembered> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.get(key).filter(|it| it.serves(at)).cloned()
    }

    /// Returns the evidence of a certificate that is known to be valid for this peer at this time.
    fn sure(&self, key: &[u8; 32], peer: &Peer, at: Timestamp) -> Option<Arc<Evidence>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let known = remembered.get(key).filter(|it| it.serves(at))?;
        let (whom, from, until) = known.sure.as_ref()?;
        (whom == peer && (*from..=*until).contains(&at)).then(|| Arc::clone(&known.evidence))
    }

    fn remember(&self, key: [u8; 32], what: Remembered) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX && !remembered.contains_key(&key) {
            remembered.clear();
        }
        remembered.insert(key, what);
    }
}

/// Returns what is known when responders begin to be asked, with a nonce that nobody can foresee.
fn begun(at: Timestamp) -> Remembered {
    Remembered { evidence: Arc::default(), nonce: source::nonce(), since: at, sure: None }
}

fn judged(certificate: &Certificate, evidence: &Evidence, at: Timestamp, policy: &Policy) -> Verdict {
    let mut findings = Findings::default();
    let context = Context { evidence, at, policy };
    judge_certificate(certificate, &[], &context, &Subject::Signer(0), &mut findings);
    findings.into_verdict(at, Vec::new())
}
