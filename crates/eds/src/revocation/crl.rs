// SPDX-License-Identifier: MIT OR Apache-2.0
//! What revocation lists (RFC 5280), as bytes or as indexes, say about one certificate.

mod edition;
mod number;

use std::borrow::Cow;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::work::{Work, computed};
use super::{
    Answer, LIST_PROMISED_MAX, Matter, Status, Term, Unusable, is_chosen, judge_freshness, promised,
};
use crate::algorithm::algorithm_identifier;
use crate::asn1::{
    self, Element, GENERALIZED_TIME, INTEGER, Reader, SEQUENCE, UTC_TIME, context, context_primitive,
};
use crate::certificate::{Certificate, KeyUsage, extension_parts};
use crate::crl::{Listed, Word, together};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Origin};
use crate::oids;
use crate::path::{Context, Signed};
pub(crate) use edition::Edition;
pub(crate) use number::Number;

/// Largest list read.
pub const CRL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Extensions of a list, or names of its point.
pub(crate) const EXTENSIONS_MAX: usize = 32;
/// Field `indirectCRL` of an issuing distribution point.
const INDIRECT: u8 = context_primitive(4);

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
    let edition = proven_edition(&der, origin, work)?;
    Ok(Proven { der, edition, origin })
}

fn proven_edition(der: &[u8], origin: Origin, work: &Work<'_>) -> Result<Edition, Unusable> {
    let list = List::parse(der)?;
    if list.issuer != work.issuer.subject().raw() {
        return Err(Unusable::OtherSubject);
    }
    if !may_sign(work.issuer) {
        return Err(Unusable::SignerUntrusted);
    }
    let signed = Signed { message: list.signed, signature: list.signature };
    work.judge_signed(list.algorithm, work.issuer, &signed, origin)?;
    Ok(list.edition(der))
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
        let said = Spoken { word, edition: self.edition.clone(), is_narrow: list.is_partial };
        Ok(said.about(certificate))
    }
}

/// What it means that a list names a serial number, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Naming {
    /// What the entry says, whatever the scope of the list.
    Sure,
    /// Nothing sure, not even "not revoked": an extension of the list is not understood (RFC 5280, 5.2).
    Unsure,
    /// Nothing: in an indirect list it may be the number of another authority's certificate (RFC 5280, 5.3.3).
    OfOthers,
}

/// A list, borrowed from its bytes; its entries are not read.
pub(crate) struct List<'a> {
    pub(crate) signed: &'a [u8],
    pub(crate) algorithm: ObjectIdentifier,
    pub(crate) signature: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) entries: &'a [u8],
    /// Whether the identifier outside the signed part names another algorithm than the one inside.
    pub(crate) has_two_algorithms: bool,
    /// Whether the list covers only some certificates, or uses an extension that is not understood.
    pub(crate) is_partial: bool,
    naming: Naming,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    number: Option<Number>,
    base: Option<Number>,
    remembers: Option<Timestamp>,
    points: Vec<String>,
}

impl<'a> List<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        let mut outer = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        let tbs = outer.take(SEQUENCE)?;
        let outside = algorithm_identifier(outer.take(SEQUENCE)?)?;
        let signature = outer.any()?.bit_string()?;
        outer.finish()?;
        let mut fields = tbs.reader();
        fields.optional(INTEGER)?;
        // The identifier under the signature counts: in lists of the national authority the two differ.
        let algorithm = algorithm_identifier(fields.take(SEQUENCE)?)?;
        let issuer = fields.take(SEQUENCE)?.raw;
        let this_update = fields.any()?.time()?;
        let next_update = match fields.peek() {
            Some(UTC_TIME | GENERALIZED_TIME) => Some(fields.any()?.time()?),
            _ => None,
        };
        let entries = fields.optional(SEQUENCE)?.map_or(&[][..], |entries| entries.value);
        let mut list = Self {
            signed: tbs.raw,
            algorithm,
            signature,
            issuer,
            entries,
            has_two_algorithms: algorithm != outside,
            is_partial: false,
            naming: Naming::Sure,
            this_update,
            next_update,
            number: None,
            base: None,
            remembers: None,
            points: Vec::new(),
        };
        if let Some(extensions) = fields.optional(context(0))? {
            list.read_extensions(Element::parse(extensions.value)?.expect(SEQUENCE)?)?;
        }
        fields.finish()?;
        Ok(list)
    }

    fn read_extensions(&mut self, extensions: Element<'_>) -> Result<(), Unusable> {
        for item in extensions.reader().all(EXTENSIONS_MAX)? {
            let (kind, critical, value) = extension_parts(item)?;
            match kind {
                oids::DELTA_CRL => self.base = Some(Number::parse(value)?),
                oids::CRL_NUMBER => self.number = Some(Number::parse(value)?),
                oids::ISSUING_DISTRIBUTION_POINT => self.read_point(value)?,
                oids::EXPIRED_ON_CRL => {
                    self.remembers = Some(Element::parse(value)?.expect(GENERALIZED_TIME)?.time()?);
                }
                oids::AUTHORITY_KEY_ID | oids::FRESHEST_CRL => {}
                _ if !critical => {}
                _ => {
                    self.is_partial = true;
                    self.naming = self.naming.max(Naming::Unsure);
                }
            }
        }
        Ok(())
    }

    /// Reads the point that the list is of. It must have an address, by which certificates name it; every other field
    /// narrows the list.
    fn read_point(&mut self, value: &[u8]) -> Result<(), Unusable> {
        for field in Element::parse(value)?.expect(SEQUENCE)?.reader().all(EXTENSIONS_MAX)? {
            if field.tag == INDIRECT {
                self.naming = Naming::OfOthers;
            }
            let names = if field.tag == context(0) { field.reader().optional(context(0))? } else { None };
            let names = names.map_or_else(|| Ok(Vec::new()), |names| names.reader().all(EXTENSIONS_MAX))?;
            let addresses = names.iter().filter(|name| name.tag == context_primitive(6));
            let addresses = addresses.filter_map(|name| std::str::from_utf8(name.value).ok());
            let before = self.points.len();
            self.points.extend(addresses.map(str::to_owned));
            self.is_partial |= self.points.len() == before;
        }
        Ok(())
    }

    /// Says whether `issuer` may sign lists and did sign this one.
    pub(crate) fn judge_signer(&self, issuer: &Certificate) -> Result<(), Unusable> {
        if !may_sign(issuer) {
            return Err(Unusable::SignerUntrusted);
        }
        let algorithm = computed(self.algorithm, issuer)?;
        Ok(algorithm.verify(issuer.spki(), self.signed, self.signature)?)
    }

    /// Returns the place of the list among the others; `der` are its bytes.
    pub(crate) fn edition(&self, der: &[u8]) -> Edition {
        Edition {
            this_update: self.this_update,
            next_update: self.next_update,
            number: self.number.clone(),
            base: self.base.clone(),
            remembers: self.remembers,
            points: self.points.clone(),
            sha256: crate::sha256(der),
        }
    }

    /// Returns how many entries can be read.
    pub(crate) fn count(&self) -> usize {
        let mut entries = Reader::new(self.entries);
        std::iter::from_fn(|| entries.take(SEQUENCE).ok()).count()
    }

    /// Returns what the entries of the serial number say.
    fn find(&self, serial: &[u8]) -> Result<Word, Unusable> {
        let mut entries = Reader::new(self.entries);
        let mut words = Vec::new();
        while !entries.is_empty() {
            let entry = entries.take(SEQUENCE)?;
            if entry.reader().take(INTEGER)?.value == serial {
                words.push(Listed::parse(entry)?.word());
            }
        }
        Ok(together(words.into_iter()))
    }
}

/// Returns whether the key usage of `issuer` allows signing lists.
pub(crate) fn may_sign(issuer: &Certificate) -> bool {
    issuer.extensions().key_usage.is_none_or(|usage| usage.contains(KeyUsage::CRL_SIGN))
}
