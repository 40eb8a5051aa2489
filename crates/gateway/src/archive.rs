// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stamping a signature with time, archiving it with everything that judging it again needs, stamping the archive again.

use crate::evidence::settle;
use crate::source::{self, EvidenceSource, ROUNDS_MAX, in_time};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use eds::{
    ARCHIVED_LIST_BYTES_MAX, Archive, ArchiveFault, ArchivedAct, ArchivedContent, Content, Evidence, Outcome,
    Policy, TimeBasis, TimeStamps, Trust, Verdict, verify_archive,
};
use jiff::Timestamp;
use service::ports::PortError;
use service::ports::evidence::Archived;

/// Bytes of the nonce with which a time stamp is asked for.
const NONCE_BYTES: usize = 16;

/// Returns the archive of a signature that a time stamp proves.
pub(crate) async fn archive(
    (source, known): (&dyn EvidenceSource, Evidence),
    mut policy: Policy,
    (signed, cms): (&[u8], &[u8]),
    at: Timestamp,
) -> Result<Archived, PortError> {
    policy.time_stamps = TimeStamps::Required;
    policy.stamp_nonce = Some(nonce()?);
    let (content, archived) =
        (Content::Detached(signed), ArchivedContent::Detached { bytes: signed.to_vec() });
    let (verdict, evidence) = settle((source, None), (&content, cms), known, (&policy, at)).await;
    valid(&verdict)?;
    let proven = verdict.signer().filter(|it| it.time.by == TimeBasis::Stamp);
    let proven = proven.ok_or_else(|| PortError::Unusable("signers-absent".to_owned()))?;
    let stamp = proven.stamps.iter().find(|it| it.time == Some(proven.time.at));
    let authority = stamp.and_then(|it| it.authority.clone()).unwrap_or_default();
    let renew_before = stamp.and_then(|it| it.key_until);
    let (stamped_at, act) = (proven.time.at, ArchivedAct { content: archived, signature: cms.to_vec() });
    let archive = Archive::new(act, &policy, evidence, &verdict).and_then(|it| it.to_bytes());
    let archive = archive.map_err(unusable)?;
    Ok(Archived { archive, stamped_at, authority, renew_before })
}

/// Returns the archive stamped again. It must prove its act before and after.
pub(crate) async fn renew(
    source: &dyn EvidenceSource,
    trust: &Trust,
    bytes: &[u8],
    at: Timestamp,
) -> Result<Archived, PortError> {
    let archive = Archive::parse(bytes).map_err(unusable)?;
    valid(&verify_archive(bytes, trust, at).map_err(unusable)?.verdict)?;
    let nonce = nonce()?;
    let mut evidence = Evidence::default();
    let mut needs = archive.needs_now(trust, at).map_err(unusable)?;
    for _ in 0..ROUNDS_MAX {
        source::fetch(source, None, &needs, &mut evidence).await;
        evidence.crls.retain(|list| list.len() <= ARCHIVED_LIST_BYTES_MAX);
        let request = archive.seal_request(&evidence, &nonce).map_err(unusable)?;
        let token = in_time(source.stamp(&request)).await;
        let token = token.ok_or_else(|| PortError::Unavailable("time-stamp-absent".to_owned()))?;
        let sealed = archive.clone().sealed(evidence.clone(), &token);
        let bytes = sealed.and_then(|it| it.to_bytes()).map_err(unusable)?;
        let found = verify_archive(&bytes, trust, at).map_err(unusable)?;
        // What the new stamp itself needs is known only now: the next one stands over it too.
        if let Outcome::Indeterminate { needs: more } = &found.verdict.outcome {
            needs.clone_from(more);
            continue;
        }
        valid(&found.verdict)?;
        let seal = found.seals.last().ok_or_else(|| PortError::Unusable("archive-seal".to_owned()))?;
        return Ok(Archived {
            archive: bytes,
            stamped_at: seal.time.unwrap_or(at),
            authority: seal.authority.clone().unwrap_or_default(),
            renew_before: found.renew_before,
        });
    }
    Err(PortError::Unavailable("revocation-unknown".to_owned()))
}

fn nonce() -> Result<Vec<u8>, PortError> {
    let mut nonce = vec![0; NONCE_BYTES];
    let filled = SystemRandom::new().fill(&mut nonce);
    filled.map_err(|_| PortError::Unavailable("randomness".to_owned()))?;
    Ok(nonce)
}

fn unusable(fault: ArchiveFault) -> PortError {
    PortError::Unusable(fault.to_string())
}

fn valid(verdict: &Verdict) -> Result<(), PortError> {
    let code = |codes: Vec<&'static str>| codes.first().copied().unwrap_or_default().to_owned();
    match verdict.outcome {
        Outcome::Valid => Ok(()),
        Outcome::Indeterminate { .. } => Err(PortError::Unavailable(code(verdict.unknown_codes()))),
        Outcome::Invalid => Err(PortError::Unusable(code(verdict.failed_codes()))),
    }
}
