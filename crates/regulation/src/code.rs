// SPDX-License-Identifier: MIT OR Apache-2.0
//! The closed list of what can be wrong with a regulation; each code has a page under `docs/errors/`.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal),+ $(,)?) => {
        /// What is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant),+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the code as printed.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),+
                }
            }
        }
    };
}

codes! {
    /// The file is not TOML.
    Syntax = "qz-reg-01",
    /// A key that the language does not have.
    UnknownKey = "qz-reg-02",
    /// A key that must be there.
    MissingKey = "qz-reg-03",
    /// A value of another type.
    WrongType = "qz-reg-04",
    /// A value outside a closed list: actor, system, action, unit …
    UnknownName = "qz-reg-05",
    /// A text without one of the three languages.
    MissingLanguage = "qz-reg-06",
    /// An id with characters that ids do not have.
    BadId = "qz-reg-07",
    /// The same id twice.
    DuplicateId = "qz-reg-08",
    /// A name that nothing declares: fact, step, procedure, document, anomaly.
    Undeclared = "qz-reg-09",
    /// A condition that cannot be read.
    BadExpression = "qz-reg-10",
    /// A time norm that cannot be read.
    BadNorm = "qz-reg-11",
    /// Keys of a step that do not go together.
    StepShape = "qz-reg-12",
    /// A date that is not ISO 8601.
    BadDate = "qz-reg-13",
    /// Too long or too many.
    TooLarge = "qz-reg-14",
    /// The file is not named after its service and edition.
    FileName = "qz-reg-15",
    /// A clause that the act does not have.
    UnknownClause = "qz-reg-16",
    /// A placeholder of a paper that nothing fills.
    Placeholder = "qz-reg-17",
    /// A step that nothing leads to.
    Unreachable = "qz-reg-20",
    /// A step from which no end can be reached.
    NoEnd = "qz-reg-21",
    /// A condition whose branches lead to the same place.
    SameBranches = "qz-reg-22",
    /// A refusal without a written reason.
    NoReason = "qz-reg-23",
    /// An actor where he cannot act.
    Actor = "qz-reg-24",
    /// The norms of the steps exceed a term.
    NormsExceedTerm = "qz-reg-25",
    /// Words that do not stand in the act.
    NotInAct = "qz-reg-26",
    /// No intake, two for one channel, or procedures that run each other in a circle.
    Intake = "qz-reg-27",
    /// A fact that nothing establishes before it is asked for, or that nothing asks for.
    Fact = "qz-reg-28",
    /// An anomaly that answers for a finding that is not there.
    StaleAcceptance = "qz-reg-29",
    /// A clause of the act that nothing cites.
    UncitedClause = "qz-reg-30",
    /// A field with a name that means something else already.
    ReservedName = "qz-reg-31",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
