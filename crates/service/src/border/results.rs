// SPDX-License-Identifier: MIT OR Apache-2.0
//! Results that come over the border. A paper bears no time stamp: what proves it once its signer's key has ended is the archive
//! of its signature. So whoever takes a result keeps one too, for the applicant and for who hands the paper out.

use crate::Service;
use crate::ports::evidence::Signatory;
use crate::submit::{Along, SubmitError};
use crate::views::body_of;
use eds::pades;
use engine::Event;
use engine::case::Case;
use regulation::model::{Action, Actor, Part, Regulation, System};

impl Service {
    /// Returns what a commit adds where it takes in a result that was signed elsewhere: its signature is stamped and archived
    /// here too. A scan of a sheet signed by hand, or a file of another kind, has none.
    pub(crate) async fn taken_archived_later(
        &self,
        case: &Case,
        regulation: &Regulation,
        events: &[Event],
    ) -> Result<Along, SubmitError> {
        let signed = |it: &Event| matches!(it, Event::ResultSigned { .. });
        let taken = case.result.as_ref().filter(|it| it.on_paper.is_none() && events.iter().any(signed));
        let (System::Portal | System::Center, Some(result)) = (self.here, taken) else {
            return Ok(Along::default());
        };
        let Some(by) = self.signatory_of_result(case, regulation) else { return Ok(Along::default()) };
        let signatures = pades::signatures(&self.file(&result.file).await?);
        if signatures.is_ok_and(|it| !it.is_empty()) {
            return self.result_archived_later(case, result, by).await;
        }
        Ok(Along::default())
    }

    /// Returns who must have signed the result, as its regulation says: the provider's stamp, or an official with the right to
    /// sign, whose IIN does not cross the border.
    fn signatory_of_result(&self, case: &Case, regulation: &Regulation) -> Option<Signatory> {
        let part = case.done.iter().rev().find_map(|done| signing(regulation.part(&done.part)?.2))?;
        if part.action == Action::StampResult {
            let provider = self.settings.organization(&case.application.provider)?;
            return Some(Signatory::Organization { bin: provider.bin.clone() });
        }
        let actor = part.actor_in(case.channel).unwrap_or(Actor::ProviderHead);
        let body = self.settings.organization(body_of(case, actor))?;
        Some(Signatory::AnyOfficial { bin: body.bin.clone() })
    }
}

fn signing(part: &Part) -> Option<&Part> {
    matches!(part.action, Action::SignResult | Action::StampResult).then_some(part)
}
