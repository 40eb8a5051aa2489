// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an applicant reads while his signature is not judged: which of the causes it is, and what he is to do.

use engine::case::Case;
use service::worker::{Awaited, awaited};

use crate::advice;
use crate::services::AsCitizen;

/// What is told of a signature that is not judged.
pub(super) struct Waiting {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) code: Option<String>,
    /// Where the applicant applies again, once nothing is waited for: before, he would send it twice.
    pub(super) anew: Option<String>,
}

/// Returns what is told of the signature of a case; nothing where it was judged.
pub(super) fn told(who: &AsCitizen, case: &Case) -> Option<Waiting> {
    let signature = case.signature.as_ref().filter(|it| it.valid.is_none())?;
    let w = who.page.w;
    let awaited = awaited(signature, who.service.now());
    let title = match awaited {
        Awaited::Authority => w.sent_waiting_title(),
        Awaited::Key | Awaited::KeyInVain | Awaited::Issuer | Awaited::IssuerInVain => w.sent_key_title(),
    };
    let anew = || who.page.href(&format!("/services/{}", case.service.as_str()));
    Some(Waiting {
        title,
        text: w.of(advice::of_waiting(awaited)),
        code: signature.code.clone(),
        anew: awaited.is_over().then(anew),
    })
}
