// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which paper a case calls for, and what its condition speaks of.

use crate::case::{Case, Proposal, Value};
use crate::holds::Holds;
use regulation::model::{Block, FactId, FieldId, Paper, PaperRole, Regulation, SignedBy};

/// Returns what is known of a name in a case: a field of the result, a fact, what a register said of a result's field, a field
/// of the application.
pub fn value_in(regulation: &Regulation, case: &Case, id: &FactId) -> Option<Value> {
    let field = FieldId::from(id.as_str());
    let result = match &case.proposal {
        Some((Proposal::Grant { values }, _)) => values.get(&field).cloned(),
        Some((Proposal::Refuse { .. }, _)) | None => None,
    };
    let prefilled = || {
        let of = regulation.result_fields.iter().find(|it| it.id == field)?.prefill.as_deref()?;
        case.known(regulation, &FactId::from(of))
    };
    let asked = || case.application.fields.get(&field).cloned();
    result.or_else(|| case.known(regulation, id)).or_else(prefilled).or_else(asked)
}

/// Returns the paper of a role that the case calls for: the first whose condition holds.
pub fn paper_of<'r>(regulation: &'r Regulation, case: &Case, role: PaperRole) -> Option<&'r Paper> {
    let value = |id: &FactId| value_in(regulation, case, id);
    regulation
        .papers_of(role)
        .find(|it| it.when.as_ref().is_none_or(|when| Holds::judge(when, &value) == Holds::Yes))
}

/// Returns the paper that the proposal of a case becomes.
pub fn result_of<'r>(regulation: &'r Regulation, case: &Case) -> Option<&'r Paper> {
    let refusal = matches!(case.proposal, Some((Proposal::Refuse { .. }, _)));
    paper_of(regulation, case, if refusal { PaperRole::Refusal } else { PaperRole::Grant })
}

/// Returns whether the applicant signs the result too, as a contract is.
pub fn is_countersigned(regulation: &Regulation, case: &Case) -> bool {
    let by_applicant = |it: &Block| matches!(it, Block::Sign(SignedBy::Applicant));
    result_of(regulation, case).is_some_and(|it| it.blocks.iter().any(by_applicant))
}
