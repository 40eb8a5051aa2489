// SPDX-License-Identifier: MIT OR Apache-2.0
//! The facts and values that do not come from a register: the engine and the pages set them by these names.

/// The verdict on the request's signature.
pub const SIGNATURE_VALID: &str = "signature.valid";
/// The verdict on login and password.
pub const SIGN_IN_VALID: &str = "signin.valid";
/// The executor proposed to grant, and the head signed it.
pub const PROPOSAL_GRANTED: &str = "proposal.granted";
/// An order in force names the authorised person whose stamp the automatic way uses.
pub const AUTOMATIC_ORDERED: &str = "automatic.ordered";
/// The examination found the documents in conformity; the executor states it with the proposal.
pub const DOCUMENTS_CONFORM: &str = "documents.conform";

/// The organisation states that no provider is at the applicant's place of residence.
pub const PROVIDER_ABSENT: &str = "provider.absent";
/// The channel by which the application came in; known without declaration.
pub const CHANNEL: &str = "channel";
/// In what form the result is wanted; known without declaration.
pub const MEDIUM: &str = "medium";

/// An earlier result of the same case was given already, such as the notification before the contract; known without declaration.
pub const RESULT_BEFORE: &str = "result.before";
/// The ground on which the executor proposed to refuse, nothing where he proposed to grant; known without declaration.
pub const PROPOSAL_GROUND: &str = "proposal.ground";

/// Facts that no register answers.
pub const OWN: &[&str] = &[
    SIGNATURE_VALID,
    SIGN_IN_VALID,
    PROPOSAL_GRANTED,
    AUTOMATIC_ORDERED,
    DOCUMENTS_CONFORM,
    PROVIDER_ABSENT,
];
/// Facts of every case, known from its opening without declaration.
pub const GIVEN: &[&str] = &[CHANNEL, MEDIUM, RESULT_BEFORE, PROPOSAL_GROUND];
/// Whether the originals of papers travel from the one-stop-shop to this provider by courier: a setting, no fact of an act.
pub const ORIGINALS_BY_COURIER: &str = "originals.by-courier";
/// Facts that the organisation's settings and orders set.
pub const SET_BY_ORDER: &[&str] = &[AUTOMATIC_ORDERED, PROVIDER_ABSENT];

/// Values that a paper may print besides the fields of the form and of the result; a field block whose value is
/// not known is left out, a placeholder becomes a dash.
pub const PAPER_VALUES: &[&str] = &[
    "number",
    "date",
    "provider",
    "service",
    "applicant",
    "iin",
    "application_number",
    "application_date",
    "ground",
    "reason",
    "documents",
    "due",
    "center",
    "operator",
    "address",
    "phone",
    "signer",
    "post",
    "territory",
    "missing",
    "letter_number",
    "remark",
];

/// Names that no field may have besides those of [`GIVEN`] and [`PAPER_VALUES`]: the forms of the pages post the field of a
/// regulation next to these.
pub const PAGE_NAMES: &[&str] = &[
    "act",
    "act-kind",
    "actor",
    "add",
    "applicant-iin",
    "applicant-name",
    "case",
    "courier",
    "delete",
    "do",
    "document",
    "executor",
    "file",
    "go",
    "kind",
    "language",
    "letter",
    "next",
    "on",
    "order",
    "part",
    "present",
    "proposal",
    "refuse",
    "remove",
    "save",
    "sealed",
    "taken-by",
    "text",
];
/// Values of papers that are the fields of the same name.
const PRINTED_FIELDS: &[&str] = &["address", "phone"];

/// Returns whether a name means something else than a field: a fact of every case, a value of every paper, a name of the pages.
pub fn is_reserved(name: &str) -> bool {
    GIVEN.contains(&name)
        || OWN.contains(&name)
        || PAGE_NAMES.contains(&name)
        || (PAPER_VALUES.contains(&name) && !PRINTED_FIELDS.contains(&name))
}
