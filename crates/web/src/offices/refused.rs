// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why an act was not accepted, in plain words: what happened, and what to do.

use engine::Inadmissible;
use engine::inadmissible::Input;
use regulation::model::{Regulation, StepId};
use service::signing::SignRefused;
use service::submit::SubmitError;

use super::case::People;
use super::lists;
use crate::advice;
use crate::errors::PageError;
use crate::form::said;
use crate::format;
use crate::words::Words;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What happened.
    pub title: String,
    /// The facts: who, when, where the case is now.
    pub facts: Vec<String>,
    /// What to do.
    pub hint: String,
}

/// Tells in the words of a page.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// The words.
    pub w: Words,
    /// The regulation of the case.
    pub regulation: &'a Regulation,
    /// Names of the officials.
    pub people: &'a People,
}

impl Teller<'_> {
    fn part(&self, id: &StepId) -> String {
        self.regulation
            .part(id)
            .map_or_else(String::new, |(_, _, part)| said(self.w.lang(), &part.title).to_owned())
    }

    fn at(&self, current: Option<&StepId>) -> Vec<String> {
        current.map(|it| self.w.rf_now_at(self.part(it))).into_iter().collect()
    }

    /// Returns why the order was not accepted; mistakes of fields are told beside them.
    pub fn inadmissible(&self, why: &Inadmissible) -> Refused {
        let w = self.w;
        match why {
            Inadmissible::AlreadyDone { part, by, at, current } => {
                let (part, time) = (self.part(part), format::date_time(*at));
                let name = by.as_ref().and_then(|it| self.people.name(it));
                let done = match name {
                    Some(name) => w.rf_already_who(name, part, time),
                    None => w.rf_already_when(part, time),
                };
                let mut facts = vec![done];
                facts.extend(self.at(current.as_ref()));
                refused(w.rf_already(), facts, w.rf_see_below())
            }
            Inadmissible::NotHere { current } => {
                refused(w.rf_not_here(), self.at(current.as_ref()), w.rf_see_below())
            }
            Inadmissible::Ended { end, at } => {
                let state = lists::ended(w, *end).text;
                let facts = vec![format!("{state}: {}", format::date_time(*at))];
                refused(w.rf_ended(), facts, w.rf_see_below())
            }
            Inadmissible::WrongRole { needs } => {
                let facts = vec![w.rf_needs_role(w.of(lists::actor(*needs)))];
                refused(w.rf_wrong_role(), facts, w.rf_ask_head())
            }
            Inadmissible::NotTheExecutor => refused(w.rf_not_executor(), Vec::new(), w.rf_ask_head()),
            Inadmissible::PreparerSigns => refused(w.hd_same_person(), Vec::new(), w.rf_preparer_do()),
            Inadmissible::OtherOrganization => {
                refused(w.rf_other_organization(), Vec::new(), w.rf_ask_head())
            }
            Inadmissible::Form(_) | Inadmissible::Empty(_) | Inadmissible::TooLong(_) => {
                refused(w.g_not_done(), Vec::new(), w.rf_correct())
            }
            Inadmissible::SignatureNotValid { code } => {
                refused(w.rf_not_signed(), vec![signature(w, code.as_deref())], again(w, code.as_deref()))
            }
            Inadmissible::PaperOnly => refused(w.g_not_done(), Vec::new(), w.rf_paper_only()),
            Inadmissible::NotOnPaper => refused(w.g_not_done(), Vec::new(), w.rf_not_on_paper()),
            Inadmissible::NotCountersigned => refused(w.g_not_done(), Vec::new(), w.rf_not_countersigned()),
            Inadmissible::OtherMedium => refused(w.g_not_done(), Vec::new(), w.rf_other_medium()),
            Inadmissible::MustAccept => refused(w.g_not_done(), Vec::new(), w.rf_must_accept()),
            Inadmissible::OriginalsElsewhere => refused(w.g_not_done(), Vec::new(), w.orig_err_elsewhere()),
            Inadmissible::OriginalsStay => refused(w.g_not_done(), Vec::new(), w.orig_err_stay()),
            Inadmissible::OtherCase
            | Inadmissible::NotOpen
            | Inadmissible::AlreadyOpen
            | Inadmissible::UnknownRegulation
            | Inadmissible::UnknownProcedure(_)
            | Inadmissible::NotAnIntake(_)
            | Inadmissible::UnknownPart(_)
            | Inadmissible::CannotBeginAt(_)
            | Inadmissible::SystemOnly
            | Inadmissible::NotTheApplicant
            | Inadmissible::WrongAct { .. }
            | Inadmissible::UnknownGround(_)
            | Inadmissible::NumberNotReserved
            | Inadmissible::NotAsked(_)
            | Inadmissible::AnswerSaysNothing(_)
            | Inadmissible::TooMuch => refused(w.rf_not_now(), Vec::new(), w.rf_refresh()),
        }
    }

    /// Returns why nothing was signed; what no page can tell is an error page.
    pub fn not_signed(&self, why: SignRefused) -> Result<Refused, PageError> {
        let w = self.w;
        match why {
            SignRefused::NotPrepared => Ok(refused(w.rf_not_signed(), Vec::new(), w.rf_not_prepared())),
            SignRefused::Invalid { code } => {
                let facts = vec![signature(w, code.as_deref())];
                Ok(refused(w.rf_not_signed(), facts, again(w, code.as_deref())))
            }
            SignRefused::Indeterminate { code } => {
                let facts = vec![signature(w, code.as_deref()), w.serr_unchecked().to_owned()];
                Ok(refused(w.rf_not_signed(), facts, w.rf_sign_later()))
            }
            SignRefused::TooLarge => {
                Ok(refused(w.rf_not_signed(), vec![w.rf_too_large().to_owned()], w.rf_sign_otherwise()))
            }
            SignRefused::Failed(SubmitError::Inadmissible(why)) => Ok(self.inadmissible(&why)),
            SignRefused::Failed(failed) => Err(failed.into()),
        }
    }
}

fn refused(title: &str, facts: Vec<String>, hint: &str) -> Refused {
    Refused { title: title.to_owned(), facts, hint: hint.to_owned() }
}

/// Returns the text that is missing or too long, as a mistake of its field.
pub fn input_problem(w: Words, why: &Inadmissible) -> Option<(Input, String)> {
    if let Inadmissible::Empty(input) = why {
        return Some((*input, w.verr_required().to_owned()));
    }
    if let Inadmissible::TooLong(input) = why {
        return Some((*input, w.verr_text_long(engine::form::TEXT_CHARS_MAX)));
    }
    None
}

/// Returns what to do after a signature that is not valid: another key helps only where the key was wrong.
fn again(w: Words, code: Option<&str>) -> &'static str {
    if advice::needs_other_key(code.unwrap_or_default()) { w.rf_sign_again() } else { w.rf_sign_same() }
}

/// Returns what a machine code of a signature check means.
pub fn signature(w: Words, code: Option<&str>) -> String {
    let code = code.unwrap_or_default();
    let text = w.of(advice::of_official(code));
    if code.is_empty() { text.to_owned() } else { format!("{text} ({code})") }
}
