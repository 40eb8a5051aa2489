// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stamping a signature with time and archiving it with everything that judging it again needs.

use crate::evidence::settle;
use crate::source::EvidenceSource;
use eds::{Archive, ArchivedAct, ArchivedContent, Content, Outcome, Policy, TimeBasis, TimeStamps};
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use service::ports::PortError;
use service::ports::evidence::{Archived, Signed};

/// Bytes of the nonce with which a time stamp is asked for.
const NONCE_BYTES: usize = 16;

/// Returns the archive of a signature that a time stamp proves.
pub(crate) async fn archive(
    source: &dyn EvidenceSource,
    mut policy: Policy,
    signed: &Signed,
    cms: &[u8],
    at: Timestamp,
) -> Result<Archived, PortError> {
    let mut nonce = [0; NONCE_BYTES];
    let filled = SystemRandom::new().fill(&mut nonce);
    filled.map_err(|_| PortError::Unavailable("randomness".to_owned()))?;
    policy.time_stamps = TimeStamps::Required;
    policy.stamp_nonce = Some(nonce.to_vec());
    let (content, archived) = match signed {
        Signed::Bytes(bytes) => {
            (Content::Detached(bytes), ArchivedContent::Detached { bytes: bytes.clone() })
        }
        Signed::Sha256(digest) => {
            (Content::Sha256(*digest), ArchivedContent::Sha256 { sha256: digest.to_vec() })
        }
    };
    let (verdict, evidence) = settle((source, None), &content, cms, (&policy, at)).await;
    let code = |codes: Vec<&'static str>| codes.first().copied().unwrap_or_default().to_owned();
    match verdict.outcome {
        Outcome::Valid => {}
        Outcome::Indeterminate { .. } => return Err(PortError::Unavailable(code(verdict.unknown_codes()))),
        Outcome::Invalid => return Err(PortError::Unusable(code(verdict.failed_codes()))),
    }
    let proven = verdict.signer().filter(|it| it.time.by == TimeBasis::Stamp);
    let proven = proven.ok_or_else(|| PortError::Unusable("signers-absent".to_owned()))?;
    let stamp = proven.stamps.iter().find(|it| it.time == Some(proven.time.at));
    let authority = stamp.and_then(|it| it.authority.clone()).unwrap_or_default();
    let (stamped_at, act) = (proven.time.at, ArchivedAct { content: archived, signature: cms.to_vec() });
    let archive = Archive::new(act, &policy, evidence, &verdict).and_then(|it| it.to_bytes());
    let archive = archive.map_err(|fault| PortError::Unusable(fault.to_string()))?;
    Ok(Archived { archive, stamped_at, authority })
}
