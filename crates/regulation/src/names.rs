// SPDX-License-Identifier: MIT OR Apache-2.0
//! The written names of the closed lists: one place for the file, the export and the pages.

use crate::model::{Actor, Channel, End, Medium, NoticeKind, PaperRole, Situation, StepKind, System, Unit};

macro_rules! names {
    ($($type:ident { $($variant:ident = $name:literal),+ $(,)? })+) => {$(
        impl $type {
            /// Every value, in the order of the design.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the written name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// Returns the value of that written name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == name)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

names! {
    Actor {
        Applicant = "applicant",
        Provider = "provider",
        ProviderOffice = "provider-office",
        ProviderHead = "provider-head",
        ProviderExecutor = "provider-executor",
        RuralAkimSpecialist = "rural-akim-specialist",
        RuralAkim = "rural-akim",
        RuralAkimExecutor = "rural-akim-executor",
        CenterOperator = "center-operator",
        CenterCourier = "center-courier",
    }
    System {
        Portal = "portal",
        Center = "center",
        Gateway = "gateway",
        Region = "region",
        GbdFl = "gbd-fl",
        Enis = "enis",
    }
    Channel {
        Portal = "portal",
        Center = "center",
        Provider = "provider",
        RuralAkim = "rural-akim",
    }
    Medium {
        Electronic = "electronic",
        Paper = "paper",
    }
    PaperRole {
        Grant = "grant",
        Refusal = "refusal",
        Receipt = "receipt",
        NotAccepted = "not-accepted",
        Letter = "letter",
        Slip = "slip",
    }
    Situation {
        FamilyAndChildren = "family-and-children",
        IncomeAndAid = "income-and-aid",
        Work = "work",
        DisabilityAndCare = "disability-and-care",
        RuralLife = "rural-life",
    }
    Unit {
        Seconds = "seconds",
        Minutes = "minutes",
        WorkingDays = "working-days",
        CalendarDays = "calendar-days",
    }
    NoticeKind {
        SignInRefused = "sign-in-refused",
        DataUnavailable = "data-unavailable",
        SignatureNotConfirmed = "signature-not-confirmed",
        ServiceRefused = "service-refused",
        Sent = "sent",
        ResultReady = "result-ready",
    }
    StepKind {
        Process = "process",
        Condition = "condition",
    }
    End {
        Issued = "issued",
        Refused = "refused",
        NotAccepted = "not-accepted",
        SignInRefused = "sign-in-refused",
        DataUnavailable = "data-unavailable",
    }
}

/// The actions as a file writes them; `query-register` takes `register`, `notify` takes `notice`.
pub const ACTIONS: &[&str] = &[
    "create-account",
    "sign-in",
    "refuse-sign-in",
    "fill-form",
    "query-register",
    "judge",
    "sign-request",
    "send",
    "register-document",
    "accept",
    "instruct",
    "prepare",
    "sign-result",
    "stamp-result",
    "dispatch",
    "notify",
    "deliver",
    "hand-over",
    "issue",
    "next-result",
    "prepare-letter",
    "sign-letter",
];
