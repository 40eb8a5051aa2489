// SPDX-License-Identifier: MIT OR Apache-2.0
//! A challenge that is signed in the page: the panel that signs it, and the words for an answer that is not confirmed.

use service::accounts::{Challenge, Proved};

use super::parts::{Pairs, base64, id, signature, value};
use crate::advice;
use crate::errors::PageError;
use crate::page::Page;
use crate::room::Room;
use crate::services::AsCitizen;
use crate::ui::{KeyOf, SignContent, SignItem, SignPanel};
use crate::words::Word;

/// Why an answer is not confirmed, in words and as the code of the check.
pub(super) type Failure = (Word, Option<String>);

/// How a challenge is shown.
pub(crate) struct Asked<'a> {
    /// Where the answer goes.
    pub(crate) action: String,
    /// The words of the button.
    pub(crate) button: &'a str,
    /// Name and title of what is signed.
    pub(crate) item: (&'a str, &'a str),
    /// By which path a telephone is asked.
    pub(crate) phone: &'a str,
    /// Whose key it must be, if known.
    pub(crate) iin: Option<String>,
    /// Fields that go along.
    pub(crate) along: Vec<(String, String)>,
}

/// Returns the panel that signs a challenge.
pub(crate) fn panel(page: &Page, challenge: &Challenge, it: Asked<'_>) -> SignPanel {
    let (name, title) = it.item;
    let mut hidden = vec![("challenge".to_owned(), challenge.id.to_string())];
    hidden.extend(it.along);
    SignPanel {
        action: it.action,
        button: it.button.to_owned(),
        items: vec![SignItem {
            id: name.to_owned(),
            title: title.to_owned(),
            view: None,
            content: SignContent::Bytes(base64(&challenge.bytes)),
        }],
        iin: it.iin,
        bin: None,
        key_of: Some(if page.room == Room::Portal { KeyOf::Person } else { KeyOf::Employee }),
        any_authority: page.demo.is_some(),
        phone: page.phone(&format!("{}?challenge={}", it.phone, challenge.id)),
        sends: false,
        kept: None,
        hidden,
    }
}

/// Returns why a citizen's answer is not confirmed; nothing where it is.
pub(super) async fn judged(who: &AsCitizen, form: &Pairs, field: &str) -> Result<Option<Failure>, PageError> {
    let challenge = id(value(form, "challenge"))?;
    let proved = match signature(form, field) {
        Some(cms) => who.service.answer_challenge(&who.citizen, challenge, &cms).await?,
        None => Proved::No(None),
    };
    Ok(match proved {
        Proved::Yes => None,
        Proved::No(code) => Some(refused(code)),
        Proved::Unknown(code) => Some(unjudged(code)),
        Proved::Stale => Some((Word::ProveStale, None)),
    })
}

/// Returns the words for the code of a failed check; without a code nothing could be read.
pub(super) fn refused(code: Option<String>) -> Failure {
    (code.as_deref().map_or(Word::EdsUnreadable, advice::of_applicant), code)
}

/// Returns the words for an answer that can be judged only later; with the code where it is not for silence.
pub(super) fn unjudged(code: Option<String>) -> Failure {
    let word = advice::of_unjudged(code.as_deref());
    (word, code.filter(|_| word != Word::ProveLater))
}
