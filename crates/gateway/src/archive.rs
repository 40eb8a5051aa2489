// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stamping a signature with time, archiving it with everything that judging it again needs, stamping the archive again.

use crate::evidence::{is_late, list_of_signer, settle};
use crate::source::{Errand, EvidenceSource, ROUNDS_MAX, in_time};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use eds::{
    ARCHIVED_LIST_BYTES_MAX, Archive, ArchiveFault, ArchivedAct, ArchivedContent, Content, Context, Evidence,
    Need, Outcome, Policy, StampPlace, TimeBasis, TimeStamp, TimeStamps, Trust, Verdict, judge_archive,
    verify_archive, verify_cms,
};
use jiff::Timestamp;
use service::ports::PortError;
use service::ports::evidence::{Archived, NO_STAMP};
use std::time::Duration;

/// Bytes of the nonce with which a time stamp is asked for.
const NONCE_BYTES: usize = 16;
/// How long evidence is fetched; nobody waits for an archive.
const FETCHING: Duration = Duration::from_secs(30);

/// Returns a stamp over a signature that need not be judged yet; nothing where one lies in it.
pub(crate) async fn stamp(
    (source, mut evidence): (&dyn EvidenceSource, Evidence),
    mut policy: Policy,
    (signed, cms): (&[u8], &[u8]),
    at: Timestamp,
) -> Result<Option<Vec<u8>>, PortError> {
    policy.stamp_nonce = Some(nonce()?);
    policy.time_stamps = TimeStamps::Required;
    let verdict = verify_cms(&Content::Detached(signed), cms, &evidence, at, &policy);
    let is_stamp = |it: &&Need| matches!(it, Need::TimeStamp { .. });
    let Some(need) = verdict.needs().iter().find(is_stamp) else { return Ok(None) };
    Errand::new(source, None, FETCHING).fetch(std::slice::from_ref(need), &mut evidence).await;
    let verdict = verify_cms(&Content::Detached(signed), cms, &evidence, at, &policy);
    let proves = |it: &TimeStamp| it.place == StampPlace::Beside && it.outcome != Outcome::Invalid;
    let is_good = verdict.signers.iter().any(|it| it.stamps.iter().any(proves));
    let stamp = evidence.stamps.pop().filter(|_| is_good);
    stamp.map(Some).ok_or_else(|| PortError::Unavailable(NO_STAMP.to_owned()))
}

/// Returns the archive of a signature that a time stamp proves.
pub(crate) async fn archive(
    (source, known): (&dyn EvidenceSource, Evidence),
    mut policy: Policy,
    (signed, cms): (&[u8], &[u8]),
    at: Timestamp,
) -> Result<Archived, PortError> {
    policy.stamp_nonce = Some(nonce()?);
    let (content, archived) =
        (Content::Detached(signed), ArchivedContent::Detached { bytes: signed.to_vec() });
    let mut errand = Errand::new(source, None, FETCHING);
    // No stamp is spent before everything else is there.
    let (mut verdict, mut known) = settle(&mut errand, (&content, cms), known, (&policy, at)).await;
    if is_late(&verdict) {
        errand.fetch(&list_of_signer(&verdict), &mut known).await;
        verdict = verify_cms(&content, cms, &known, at, &policy);
    }
    if is_late(&verdict) {
        // Nobody will ever say how the key stood: a person is told, and it is not waited for.
        return Err(PortError::Unusable(code(verdict.unknown_codes().into_iter())));
    }
    valid(&verdict)?;
    policy.time_stamps = TimeStamps::Required;
    let (verdict, mut evidence) = settle(&mut errand, (&content, cms), known, (&policy, at)).await;
    let is_stamped = verdict.signer().is_some_and(|it| !it.stamps.is_empty());
    if !is_stamped {
        return Err(PortError::Unavailable(NO_STAMP.to_owned()));
    }
    valid(&verdict)?;
    // A long list lies in no archive: what was decided by one is asked for again later, when a responder answers.
    evidence.crls.retain(|list| list.len() <= ARCHIVED_LIST_BYTES_MAX);
    evidence.indexes.clear();
    let offline = Policy { ocsp_nonce: None, ..policy.clone() };
    let verdict = verify_cms(&content, cms, &evidence, at, &offline);
    valid(&verdict)?;
    let proven = verdict.signer().filter(|it| it.time.by == TimeBasis::Stamp);
    let proven = proven.ok_or_else(|| PortError::Unusable("signers-absent".to_owned()))?;
    // The clock of its authority may be ahead of ours: the act is judged for no later time than it was received.
    let proofs = proven.stamps.iter().filter(|it| it.is_valid() && it.time >= Some(proven.time.at));
    let stamp = proofs.min_by_key(|it| it.time);
    let authority = stamp.and_then(|it| it.authority.clone()).unwrap_or_default();
    let ends = stamp.and_then(|it| it.key_until).into_iter().chain(verdict.answers_until());
    let renew_before = ends.min();
    let stamped_at = stamp.and_then(|it| it.time).unwrap_or(proven.time.at);
    let act = ArchivedAct { content: archived, signature: cms.to_vec() };
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
    let mut evidence = Evidence::default();
    let mut before = verify_archive(bytes, trust, at).map_err(unusable)?.verdict;
    if !before.needs().is_empty() {
        Errand::new(source, None, FETCHING).fetch(before.needs(), &mut evidence).await;
        evidence.crls.retain(|list| list.len() <= ARCHIVED_LIST_BYTES_MAX);
        let policy = archive.policy(trust).map_err(unusable)?;
        let context = Context { evidence: &evidence, at, policy: &policy };
        before = judge_archive(bytes, None, &context).map_err(unusable)?.verdict;
    }
    if !before.is_valid() {
        // It does not prove its act any more: a person is told, and no stamp is spent.
        let codes = before.failed_codes().into_iter().chain(before.unknown_codes());
        return Err(PortError::Unusable(code(codes)));
    }
    let nonce = nonce()?;
    let mut needs = archive.needs_now(trust, at).map_err(unusable)?;
    for _ in 0..ROUNDS_MAX {
        // A new stamp may need a later answer to the same question.
        Errand::new(source, None, FETCHING).fetch(&needs, &mut evidence).await;
        evidence.crls.retain(|list| list.len() <= ARCHIVED_LIST_BYTES_MAX);
        let request = archive.seal_request(&evidence, &nonce).map_err(unusable)?;
        let token = in_time(source.stamp(&request)).await;
        let token = token.ok_or_else(|| PortError::Unavailable(NO_STAMP.to_owned()))?;
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
    if let Some(first) = nonce.first_mut() {
        // Written alike by who takes it for a signed number and by who does not: an authority repeats it as it was sent.
        *first = *first & 0x3f | 0x40;
    }
    Ok(nonce)
}

fn unusable(fault: ArchiveFault) -> PortError {
    PortError::Unusable(fault.to_string())
}

fn valid(verdict: &Verdict) -> Result<(), PortError> {
    match verdict.outcome {
        Outcome::Valid => Ok(()),
        Outcome::Indeterminate { .. } => {
            Err(PortError::Unavailable(code(verdict.unknown_codes().into_iter())))
        }
        Outcome::Invalid => Err(PortError::Unusable(code(verdict.failed_codes().into_iter()))),
    }
}

fn code(mut codes: impl Iterator<Item = &'static str>) -> String {
    codes.next().unwrap_or_default().to_owned()
}
