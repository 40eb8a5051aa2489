// SPDX-License-Identifier: MIT OR Apache-2.0
//! What revocation lists (RFC 5280), as bytes or as indexes, say about one certificate.

mod edition;
mod list;
mod number;

use std::borrow::Cow;

use super::work::Work;
use super::{
    Answer, LIST_PROMISED_MAX, Matter, Status, Term, Unusable, is_chosen, judge_freshness, promised,
};
use crate::asn1;
use crate::certificate::{Certificate, KeyUsage};
use crate::crl::Word;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Memo, Origin};
use crate::path::{Context, Signed};
pub(crate) use edition::Edition;
pub(crate) use list::List;
use list::Naming;
pub(crate) use number::Number;

/// Largest list read.
pub const CRL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Extensions of a list, or names of its point.
pub(crate) const EXTENSIONS_MAX: usize = 32;

/// What one authentic list says about a certificate.
pub(crate) struct Spoken {
    pub(crate) edition: Edition,
    pub(crate) word: Word,
    /// Whether the list does not cover the certificate: what it leaves unsaid means nothing.
    pub(crate) is_narrow: bool,
}

/// A list that its authority signed.
pub(crate) struct Proven<'c> {
    der: Cow<'c, [u8]>,
    edition: Edition,
    origin: Origin,
    /// Whether an entry says something that is not understood.
    is_strange: bool,
}

/// Returns what all lists say about `certificate`.
pub(crate) fn answers(
    certificate: &Certificate,
    work: &Work<'_>,
    matter: &Matter,
) -> Vec<Result<Answer, Unusable>> {
    let heard = work.heard(certificate);
    let question = Question { certificate, context: &work.context, matter };
    let mut answers: Vec<_> = heard.iter().filter_map(|it| it.as_ref().err()).map(|it| Err(*it)).collect();
    let (narrow, whole): (Vec<&Spoken>, Vec<&Spoken>) = heard.iter().flatten().partition(|it| it.is_narrow);
    // A scope (RFC 5280, 5.2.5) limits what silence means, not what is said of a certificate by its number.
    answers.extend(narrow.iter().map(|list| question.by_itself(list).ok_or(Unusable::Partial)));
    let (changes, full): (Vec<&Spoken>, Vec<&Spoken>) =
        whole.into_iter().partition(|it| it.edition.base.is_some());
    let laid: Vec<(&Spoken, Option<&Spoken>)> =
        full.iter().map(|list| (*list, question.newest(list, &changes))).collect();
    answers.extend(laid.iter().map(|(list, newest)| Ok(question.by_full(list, *newest))));
    for (list, newest) in &laid {
        // Whatever changes were laid over it; and a hold lasted into the revocation of which they tell (RFC 5280, 5.3.1).
        let lasted = newest.is_some_and(|it| matches!(it.word, Word::Since(..)));
        let own = question.by_itself(list).filter(|it| lasted || is_for_good(it));
        answers.extend(own.map(Ok));
    }
    for list in &changes {
        // Changes that a full list took in, or that were laid over one, have had their say, unless it is for good.
        let is_told = laid.iter().any(|(full, newest)| {
            full.edition.took_in(&list.edition) || newest.is_some_and(|it| it.edition.took_in(&list.edition))
        });
        match question.by_itself(list) {
            Some(answer) if is_for_good(&answer) || !is_told => answers.push(Ok(answer)),
            None if !is_told => {
                let stale = question.judge(&list.edition).err();
                answers.push(Err(stale.unwrap_or(Unusable::Partial)));
            }
            Some(_) | None => {}
        }
    }
    answers
}

/// Returns whether no other list can lift what the answer says.
fn is_for_good(answer: &Answer) -> bool {
    matches!(answer.status, Status::Revoked(_) | Status::Undermined)
}

/// What lists are asked.
struct Question<'q> {
    certificate: &'q Certificate,
    context: &'q Context<'q>,
    matter: &'q Matter,
}

impl Question<'_> {
    /// Returns the newest fresh changes that may be laid over a full list.
    fn newest<'s>(&self, list: &Spoken, changes: &[&'s Spoken]) -> Option<&'s Spoken> {
        let fit = |it: &&&Spoken| it.edition.changes(&list.edition) && self.judge(&it.edition).is_ok();
        changes.iter().filter(fit).max_by(|one, other| one.edition.number.cmp(&other.edition.number)).copied()
    }

    /// A full list answers, with the changes laid over it.
    fn by_full(&self, list: &Spoken, newest: Option<&Spoken>) -> Answer {
        let latest = newest.filter(|it| it.word != Word::Absent).unwrap_or(list);
        let status = self.status(latest.word);
        let Some(newest) = newest else { return self.answer(status, &list.edition) };
        let proof = format!("{}; {}", list.edition.proof(), newest.edition.proof());
        Answer { proof, ..self.answer(status, &newest.edition) }
    }

    /// Returns what a list says by naming the certificate: that it was revoked, or is on hold no more; never that it was
    /// not revoked.
    fn by_itself(&self, list: &Spoken) -> Option<Answer> {
        let status = if list.word == Word::Removed { Status::Removed } else { self.status(list.word) };
        (!matches!(status, Status::Good(_))).then(|| self.answer(status, &list.edition))
    }

    fn status(&self, word: Word) -> Status {
        match word {
            Word::NotUnderstood => Status::Unclear,
            Word::Since(since, reason) => Status::revoked(since, reason, self.matter),
            Word::Absent | Word::Removed => Status::Good(None),
        }
    }

    fn answer(&self, status: Status, edition: &Edition) -> Answer {
        let believed = match status {
            Status::Unclear => Err(Unusable::Partial),
            Status::Suspended | Status::Undermined => Err(Unusable::SignerUntrusted),
            Status::Removed => Err(self.judge(edition).err().unwrap_or(Unusable::Partial)),
            Status::Good(_)
            | Status::Unknown
            | Status::NotIssued
            | Status::OnHold(_)
            | Status::Revoked(_) => self.judge(edition),
        };
        let made = (edition.this_update, edition.this_update);
        Answer { status, made, believed, proof: edition.proof(), is_list: true }
    }

    /// Says whether a list speaks about the time judged.
    fn judge(&self, edition: &Edition) -> Result<(), Unusable> {
        let made = edition.this_update;
        let until = promised(edition.next_update, made, LIST_PROMISED_MAX);
        let age_max = self.context.policy.crl_age_max;
        let term = Term { made, until, age_max, remembers: edition.remembers };
        judge_freshness(&term, self.certificate, self.context)
    }
}

/// Reads one list: it must be of this issuer and signed by it.
pub(super) fn prove<'c>(bytes: &'c [u8], origin: Origin, work: &Work<'_>) -> Result<Proven<'c>, Unusable> {
    if bytes.len() > CRL_BYTES_MAX {
        return Err(Unusable::Malformed);
    }
    let der = asn1::from_pem(bytes)?;
    let (edition, is_strange) = proven_edition(&der, origin, work)?;
    Ok(Proven { der, edition, origin, is_strange })
}

fn proven_edition(der: &[u8], origin: Origin, work: &Work<'_>) -> Result<(Edition, bool), Unusable> {
    let list = List::parse(der)?;
    if list.issuer != work.issuer.subject().raw() {
        return Err(Unusable::OtherSubject);
    }
    if !may_sign(work.issuer) {
        return Err(Unusable::SignerUntrusted);
    }
    let edition = list.edition(der);
    // To verify a long list takes as long as it is: of whatever it speaks, that is done once.
    let memo = &work.context.evidence.origins.proven;
    let key = Memo::key(&edition.sha256, work.issuer.spki());
    if let Some(is_strange) = memo.find(&key) {
        return Ok((edition, is_strange));
    }
    let signed = Signed { message: list.signed, signature: list.signature };
    work.judge_signed(list.algorithm, work.issuer, &signed, origin)?;
    let is_strange = list.is_strange();
    memo.keep(key, is_strange);
    Ok((edition, is_strange))
}

/// Returns what each list and each index says about a certificate, as if the lists had been read now.
pub(super) fn hear(certificate: &Certificate, work: &Work<'_>) -> Vec<Result<Spoken, Unusable>> {
    let mut heard: Vec<_> = Vec::new();
    for list in work.lists() {
        heard.push(
            list.as_ref().map_err(|fault| *fault).and_then(|list| list.says(certificate, &work.context)),
        );
    }
    for index in work.context.evidence.indexes.iter().take(EVIDENCE_ITEMS_MAX) {
        match index.spoken(certificate, work.issuer) {
            Ok(said) => heard.extend(said.into_iter().map(|it| Ok(it.about(certificate)))),
            Err(fault) => heard.push(Err(fault)),
        }
    }
    heard
}

impl Spoken {
    /// Returns the same, narrow if the list is of another point than the certificate.
    fn about(self, certificate: &Certificate) -> Self {
        Self { is_narrow: self.is_narrow || !self.edition.covers(certificate), ..self }
    }
}

impl Proven<'_> {
    /// Returns what the list says about a certificate.
    fn says(&self, certificate: &Certificate, context: &Context<'_>) -> Result<Spoken, Unusable> {
        let list = List::parse(&self.der)?;
        if list.issuer != certificate.issuer().raw() {
            return Err(Unusable::OtherSubject);
        }
        let word = match (list.naming, list.find(certificate.serial())?) {
            (Naming::OfOthers, _) => return Err(Unusable::Partial),
            (Naming::Unsure, Word::Since(..)) => Word::NotUnderstood,
            (Naming::Sure | Naming::Unsure, word) => word,
        };
        let is_silent = self.origin.is_kept && !matches!(word, Word::Since(..));
        if is_silent && is_chosen(self.edition.this_update, certificate, context) {
            return Err(Unusable::Stale);
        }
        let is_narrow = list.is_partial || self.is_strange || list.leaves_out(certificate);
        let said = Spoken { word, edition: self.edition.clone(), is_narrow };
        Ok(said.about(certificate))
    }
}

/// Returns whether the key usage of `issuer` allows signing lists.
pub(crate) fn may_sign(issuer: &Certificate) -> bool {
    issuer.extensions().key_usage.is_none_or(|usage| usage.contains(KeyUsage::CRL_SIGN))
}
