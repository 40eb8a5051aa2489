// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a certificate was revoked, as signed answers tell; anything less is "not known".

pub(crate) mod crl;
mod kept;
pub(crate) mod ocsp;
mod unusable;
mod weigh;
mod work;

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use crate::certificate::Certificate;
use crate::findings::Findings;
use crate::path::Context;
use crate::policy::{Policy, Purpose, Revocation};
use crate::verdict::{CheckCode, CheckResult, Need, Outcome, Subject, Verdict};
use kept::{is_chosen, spoken_about};
pub(crate) use unusable::Unusable;
use weigh::{Together, weigh};
use work::Work;

/// For how long the promise of a next answer of OCSP is believed, whatever it says: until then it can be replayed.
pub(crate) const OCSP_PROMISED_MAX: SignedDuration = SignedDuration::from_hours(24 * 7);
/// For how long the promise of a next list is believed; those of authorities are made once or twice a year.
pub(crate) const LIST_PROMISED_MAX: SignedDuration = SignedDuration::from_hours(24 * 400);

/// Stands in the proof of an answer before the end of the delegate's key that signed it.
const KEY_UNTIL: &str = ", key until ";

/// Reason `certificateHold`: the only revocation that may be lifted.
pub(crate) const HOLD: u8 = 6;

/// Since when a certificate is revoked, and for which reason of RFC 5280, where one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Since {
    time: Timestamp,
    reason: Option<u8>,
}

impl std::fmt::Display for Since {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.reason {
            Some(reason) => write!(f, "{} reason {reason}", self.time),
            None => write!(f, "{}", self.time),
        }
    }
}

/// What an authentic answer says, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Not revoked at the time judged; revoked since this later time, where the answer says so.
    Good(Option<Since>),
    /// Taken off a list by changes that are laid over no list: a hold before them may be over.
    Removed,
    /// The responder does not know the certificate.
    Unknown,
    /// The authority never issued it.
    NotIssued,
    /// Something that is not understood.
    Unclear,
    /// The key of the authority was put on hold after the time judged: as long as that lasts, it may be lost.
    Suspended,
    /// The key of the authority may have been lost after the time judged: what it signed could have been made later.
    Undermined,
    /// On hold since this time.
    OnHold(Timestamp),
    /// Revoked since this time, for good.
    Revoked(Since),
}

impl Status {
    /// Returns what a revocation since this time for this reason is for the matter.
    fn revoked(time: Timestamp, reason: Option<u8>, matter: &Matter) -> Self {
        let since = Since { time, reason };
        if concerns(time, reason, matter) {
            if reason == Some(HOLD) { Self::OnHold(time) } else { Self::Revoked(since) }
        } else if matter.signs == Signs::Lists && may_be_forged(time, reason, matter) {
            if reason == Some(HOLD) { Self::Suspended } else { Self::Undermined }
        } else {
            Self::Good(Some(since))
        }
    }
}

/// An answer signed by the authority or its delegate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    status: Status,
    /// The time of which it speaks, then the time at which it was signed: of two answers the later one knows more.
    made: (Timestamp, Timestamp),
    /// Whether it is fresh, as it must be to prove that the certificate is not revoked.
    believed: Result<(), Unusable>,
    /// Where it comes from, for the record.
    proof: String,
    is_list: bool,
}

impl Answer {
    /// Returns whether this answer takes away the doubt of another: it must be fresh and later.
    ///
    /// A hold ends when the certificate is taken off it, or in a revocation (RFC 5280, 5.3.1): into that it lasted.
    fn lifts(&self, doubt: &Self) -> bool {
        // A list names what is revoked, not what was issued: about that it says nothing.
        let has_no_say = self.is_list && doubt.status == Status::NotIssued && doubt.believed.is_ok();
        let is_hold = matches!(doubt.status, Status::OnHold(_) | Status::Suspended);
        let is_revoked_later = matches!(self.status, Status::Good(Some(_)));
        let is_good = matches!(self.status, Status::Good(_)) && self.believed.is_ok();
        let is_good = is_good && !(is_hold && is_revoked_later);
        is_good && self.made > doubt.made && !has_no_say && doubt.status != Status::Undermined
    }
}

/// Returns what is found about the revocation of `certificate` alone; that `issuer` issued it is taken as known.
///
/// [`crate::judge_certificate`] judges this for every certificate of a path; here a caller that already knows the
/// issuer may ask whether an answer of OCSP or a list counts.
#[must_use]
pub fn revocation_of(certificate: &Certificate, issuer: &Certificate, context: &Context<'_>) -> Findings {
    let mut findings = Findings::default();
    let subject = Subject::Certificate(certificate.serial_hex());
    judge(certificate, issuer, context, &subject, &mut findings);
    findings
}

/// Judges whether `certificate`, issued by `issuer`, was revoked at the time of the context.
pub(crate) fn judge(
    certificate: &Certificate,
    issuer: &Certificate,
    context: &Context<'_>,
    subject: &Subject,
    findings: &mut Findings,
) {
    let policy = Policy { ocsp_nonce: None, ..context.policy.clone() };
    let silent = Context { policy: &policy, ..*context };
    let is_asked = context.policy.answers_sought && context.policy.ocsp_nonce.is_some();
    let context = if is_asked && !has_answer(certificate, issuer, context) { &silent } else { context };
    let work = Work::new(issuer, *context);
    let matter = Matter::of(certificate, context);
    let mut answers = by_ocsp(certificate, &work, &matter);
    let of_responders = answers.len();
    let lists_admitted =
        context.policy.revocation == Revocation::OcspOrCrl || certificate.extensions().is_authority;
    if lists_admitted {
        answers.extend(crl::answers(certificate, &work, &matter));
    }
    match weigh(&answers) {
        Together::Revoked(since) => {
            let detail = Some(since.to_string());
            findings.note(CheckCode::CertificateRevoked, subject, CheckResult::Failed, detail);
        }
        Together::NotIssued => {
            findings.unknown(CheckCode::CertificateNotIssued, subject, needs(certificate, issuer, context));
        }
        Together::Good(detail) if !work.is_broken_off() => {
            findings.note(CheckCode::CertificateRevoked, subject, CheckResult::Passed, Some(detail));
        }
        Together::Good(_) | Together::Nothing => {
            for word in unusable_words(&answers, &work) {
                findings.note(CheckCode::RevocationEvidence, subject, CheckResult::Unknown, Some(word));
            }
            // Whoever answered too late would do so again.
            let has_responder = !certificate.extensions().ocsp_urls.is_empty();
            let asked = if has_responder { of_responders } else { answers.len() };
            let is_late = answers.iter().take(asked).any(|it| fault(it) == Some(Unusable::AfterTheEnd));
            let late = is_late.then(|| need_of_answer(certificate, context));
            let need = late.or_else(|| needs(certificate, issuer, context));
            findings.unknown(CheckCode::RevocationUnknown, subject, need);
        }
    }
}

/// Judges a certificate with the same key as one that is judged: of it counts only that its key was lost. Where nobody says why it was
/// revoked, nobody knows that.
pub(crate) fn judge_twin(
    twin: &Certificate,
    issuer: &Certificate,
    context: &Context<'_>,
    findings: &mut Findings,
) {
    let is_lost = |is_sure| {
        let work = Work::new(issuer, *context);
        let matter = Matter { at: Timestamp::MIN, signs: Signs::Twin { is_sure }, existed: None };
        let mut answers = by_ocsp(twin, &work, &matter);
        answers.extend(crl::answers(twin, &work, &matter));
        matches!(weigh(&answers), Together::Revoked(_))
    };
    if !is_lost(false) {
        return;
    }
    let (mut own, subject) = (Findings::default(), Subject::Certificate(twin.serial_hex()));
    judge(twin, issuer, context, &subject, &mut own);
    if own.outcome() == Outcome::Invalid && !is_lost(true) {
        findings.unknown(CheckCode::RevocationUnknown, &subject, None);
    } else {
        findings.extend(own);
    }
}

fn by_ocsp(certificate: &Certificate, work: &Work<'_>, matter: &Matter) -> Vec<Result<Answer, Unusable>> {
    let Context { evidence, policy, .. } = work.context;
    let pieces = evidence.answers(policy.stamps_existed_at);
    let status = |(bytes, origin)| ocsp::status(bytes, origin, certificate, work, matter);
    pieces.map(status).collect()
}

/// Returns whether a responder answered about this certificate what was asked.
fn has_answer(certificate: &Certificate, issuer: &Certificate, context: &Context<'_>) -> bool {
    let answers = by_ocsp(certificate, &Work::new(issuer, *context), &Matter::of(certificate, context));
    answers.iter().flatten().any(|it| it.believed != Err(Unusable::Nonce))
}

/// Returns why an answer counts for nothing.
fn fault(answer: &Result<Answer, Unusable>) -> Option<Unusable> {
    answer.as_ref().map_or_else(|it| Some(*it), |it| it.believed.err())
}

/// Returns why answers count for nothing, each reason once.
fn unusable_words(answers: &[Result<Answer, Unusable>], work: &Work<'_>) -> Vec<String> {
    let mut words = Vec::new();
    let faults = answers.iter().filter_map(fault).filter(|it| *it != Unusable::OtherSubject);
    let faults = faults.map(Unusable::told);
    for word in faults.chain(work.has_unread().then(|| "too-many".to_owned())) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Returns what to fetch about a certificate: OCSP where there is a responder, else its list; where the certificate names
/// neither, an answer from wherever it may be had.
fn needs(certificate: &Certificate, issuer: &Certificate, context: &Context<'_>) -> Option<Need> {
    let extensions = certificate.extensions();
    let (serial_hex, name) = (certificate.serial_hex(), certificate.issuer().line());
    if let Some(url) = extensions.ocsp_urls.first() {
        let request = ocsp::request(certificate, issuer, context.policy.ocsp_nonce.as_deref()).ok()?;
        let lists_admitted = context.policy.revocation == Revocation::OcspOrCrl;
        let crl_urls = if lists_admitted { extensions.crl_urls.clone() } else { Vec::new() };
        return Some(Need::Ocsp { serial_hex, issuer: name, url: url.clone(), request, crl_urls });
    }
    let Some(url) = extensions.crl_urls.first() else {
        return Some(need_of_answer(certificate, context));
    };
    Some(Need::Crl { serial_hex, issuer: name, url: url.clone() })
}

/// Returns the need of an answer that speaks about the time judged, from wherever it may be had.
fn need_of_answer(certificate: &Certificate, context: &Context<'_>) -> Need {
    Need::Answer { issuer: certificate.issuer().line(), at: context.at }
}

/// Reasons of RFC 5280 that exclude a compromised key: unspecified (said, not left out), affiliation changed, superseded,
/// cessation of operation.
const HARMLESS: [u8; 4] = [0, 3, 4, 5];
/// Reasons that say that the key was lost: that of the certificate, of its authority, of the authority of its attributes.
const LOSSES: [u8; 3] = [1, 2, 10];

impl Verdict {
    /// Returns until when the answers about revocation prove by themselves: the first end of a delegate's key that signed one.
    /// Later they count only where a stamp that was made before stands over them.
    ///
    /// ```
    /// let at = "2026-11-22T05:00:00Z".parse().unwrap();
    /// assert_eq!(eds::Findings::default().into_verdict(at, Vec::new()).answers_until(), None);
    /// ```
    #[must_use]
    pub fn answers_until(&self) -> Option<Timestamp> {
        let proofs = self.checks.iter().filter(|it| it.code == CheckCode::CertificateRevoked);
        let ends = proofs.filter_map(|it| {
            let (_, after) = it.detail.as_deref()?.split_once(KEY_UNTIL)?;
            after.split(';').next()?.parse().ok()
        });
        ends.min()
    }
}

/// What a key signs, as far as it matters once the key may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// Acts: when they were signed is known from elsewhere.
    Acts,
    /// Certificates and lists.
    Lists,
    /// What states its own time: time stamps and answers of responders.
    Times,
    /// Whatever another certificate with the same key signs: whether that is surely lost matters, or whether it may be.
    Twin { is_sure: bool },
}

/// What a revocation may concern.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matter {
    /// The time judged.
    at: Timestamp,
    signs: Signs,
    /// When what was signed is known to have existed.
    existed: Option<Timestamp>,
}

impl Matter {
    /// Returns what a revocation of this certificate may concern.
    fn of(certificate: &Certificate, context: &Context<'_>) -> Self {
        let signs = if context.policy.purpose == Purpose::TimeStamping {
            Signs::Times
        } else if certificate.extensions().is_authority {
            Signs::Lists
        } else {
            Signs::Acts
        };
        Self { at: context.at, signs, existed: context.policy.stamps_existed_at }
    }

    /// Returns the same for a responder, one of whose answers says that it was made at this time.
    const fn of_answer(made: Timestamp, existed: Option<Timestamp>) -> Self {
        Self { at: made, signs: Signs::Times, existed }
    }
}

/// Returns whether a revocation concerns what was signed at the time judged: what was signed before it stays.
///
/// A time stamp is another matter (RFC 3161, 4): whoever has the key of its authority states any time he likes. Unless the
/// reason excludes a compromise, or something later proves that the stamp existed before, the stamp proves nothing. So it
/// is with the answers of a responder.
fn concerns(since: Timestamp, reason: Option<u8>, matter: &Matter) -> bool {
    let is_anytime = matches!(matter.signs, Signs::Times | Signs::Twin { .. });
    since <= matter.at || (is_anytime && may_be_forged(since, reason, matter))
}

/// Returns whether somebody may have made with the key, after it was revoked, what says that it is older.
fn may_be_forged(since: Timestamp, reason: Option<u8>, matter: &Matter) -> bool {
    let is_harmless = match matter.signs {
        Signs::Acts | Signs::Lists | Signs::Times => reason.is_some_and(|it| HARMLESS.contains(&it)),
        Signs::Twin { is_sure: true } => reason.is_none_or(|it| !LOSSES.contains(&it)),
        Signs::Twin { is_sure: false } => reason.is_some_and(|it| it != HOLD && !LOSSES.contains(&it)),
    };
    let existed = matter.existed.is_some_and(|it| it < since);
    !is_harmless && !existed
}

/// When an answer was made, and how long it is believed.
#[derive(Debug, Clone, Copy)]
struct Term {
    made: Timestamp,
    /// Until when it promises to hold.
    until: Option<Timestamp>,
    /// Its age where it promises nothing.
    age_max: SignedDuration,
    /// Since when those who signed it keep in mind certificates that ended.
    remembers: Option<Timestamp>,
}

impl Term {
    /// Returns whether the answer was made so late that those who signed it may have forgotten the certificate.
    fn is_forgetful(&self, certificate: &Certificate, context: &Context<'_>) -> bool {
        let until = certificate.not_after();
        let is_over = self.made > later(until, context.policy.clock_skew_max);
        is_over && self.remembers.is_none_or(|since| since > until)
    }
}

/// Says whether an answer of this term speaks about the time judged.
fn judge_freshness(term: &Term, certificate: &Certificate, context: &Context<'_>) -> Result<(), Unusable> {
    let (made, skew) = (term.made, context.policy.clock_skew_max);
    let present = context.policy.evidence_until.map_or(context.at, |present| present.max(context.at));
    if made > later(present, skew) {
        return Err(Unusable::Future);
    }
    let judged = spoken_about(context);
    if made > judged {
        // Made after the time judged. Once the term is over, authorities forget the certificate, unless they say otherwise.
        return if term.is_forgetful(certificate, context) { Err(Unusable::AfterTheEnd) } else { Ok(()) };
    }
    let end = term.until.unwrap_or_else(|| later(made, term.age_max));
    if judged <= later(end, skew) { Ok(()) } else { Err(Unusable::Stale) }
}

/// Returns until when an answer made at `made` promises to hold, as far as that is believed.
pub(crate) fn promised(until: Option<Timestamp>, made: Timestamp, max: SignedDuration) -> Option<Timestamp> {
    until.map(|until| until.min(later(made, max)))
}

pub(crate) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
