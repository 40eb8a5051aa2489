// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stamps of organisations. A device is not asked: a wrong PIN told at each visit would lock it.

use super::{Finding, Visit, keys};
use eds::{
    Certificate, Context, Evidence, Findings, Outcome, Policy, Purpose, Subject, Trust, Verdict,
    judge_certificate,
};
use gateway::source::{Errand, JUDGEMENT_WAIT, ROUNDS_MAX};
use gateway::{Doubt, Stamp, StampConfig};
use service::Settings;
use web::Word;

pub(super) async fn examine(
    visit: &Visit,
    settings: Option<&Settings>,
    trust: Option<&Trust>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(settings) = settings else {
        return found;
    };
    for stamp in &visit.config.stamps {
        let what = visit.words.dr_stamp(&stamp.organization);
        let bin = settings.organization(&stamp.organization).map(|it| it.bin.clone());
        let certificate = match &bin {
            Some(bin) => certificate(stamp, bin).map_err(|it| it.to_string()),
            None => Err(visit.word(Word::DrStampUnknown).to_owned()),
        };
        match certificate {
            Ok(None) => {
                found.push(Finding::good("stamp-in-device", what, visit.word(Word::DrStampDevice)));
            }
            Ok(Some(certificate)) => {
                let term = keys::term(visit, &what, (certificate.not_before(), certificate.not_after()));
                found.push(term);
                if let Some(trust) = trust {
                    let judged = judged(visit, trust, &certificate, bin.unwrap_or_default()).await;
                    found.push(keys::standing(visit, &what, judged));
                }
            }
            Err(failed) => {
                found.push(Finding::bad("stamp-wrong", what, (failed, visit.word(Word::DrStampFix))));
            }
        }
    }
    found
}

/// Returns the certificate of a stamp; nothing where it lies in a device alone.
fn certificate(stamp: &StampConfig, bin: &str) -> Result<Option<Certificate>, gateway::InstallError> {
    if stamp.pkcs11.is_some() {
        return Ok(stamp
            .certificate
            .as_ref()
            .and_then(|path| std::fs::read(path).ok())
            .and_then(|it| Certificate::parse(&it).ok()));
    }
    let mut stamps = Stamp::new();
    stamps.install(stamp, bin)?;
    Ok(stamps.certificate(&stamp.organization).cloned())
}

/// Judges a certificate as one that stamps for an organisation.
async fn judged(visit: &Visit, trust: &Trust, certificate: &Certificate, bin: String) -> Result<(), Doubt> {
    let mut policy = Policy::new(trust.clone(), Purpose::OrganisationStamp { bin });
    let mut evidence = Evidence::default();
    let mut verdict = verdict(visit, certificate, &evidence, &policy);
    let mut errand = Errand::new(&*visit.source, None, JUDGEMENT_WAIT);
    for _ in 0..ROUNDS_MAX {
        let needs = verdict.needs().to_vec();
        if errand.fetch(&needs, &mut evidence).await == 0 {
            break;
        }
        policy.issuers_sought = true;
        verdict = self::verdict(visit, certificate, &evidence, &policy);
    }
    let first = |codes: Vec<&'static str>| codes.first().copied().unwrap_or_default();
    match verdict.outcome {
        Outcome::Valid => Ok(()),
        Outcome::Invalid => Err(Doubt::Bad(first(verdict.failed_codes()))),
        Outcome::Indeterminate { .. } => Err(Doubt::Unknown(first(verdict.unknown_codes()))),
    }
}

fn verdict(visit: &Visit, certificate: &Certificate, evidence: &Evidence, policy: &Policy) -> Verdict {
    let mut findings = Findings::default();
    let context = Context { evidence, at: visit.now, policy };
    judge_certificate(certificate, &[], &context, &Subject::Signer(0), &mut findings);
    findings.into_verdict(visit.now, Vec::new())
}
