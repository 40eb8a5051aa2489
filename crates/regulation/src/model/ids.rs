// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ids: each its own type.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

id!(/// Id of a service, such as `guardianship-certificate`.
    ServiceId);
id!(/// Label of an edition, such as `2015`.
    EditionId);
id!(/// Id of a procedure inside a regulation, such as `portal`.
    ProcedureId);
id!(/// Id of a step or of a part of a step; unique in its regulation, such as `portal.process-5` or `provider.action-3.b`.
    StepId);
id!(/// Id of a fact that conditions speak of, such as `guardianship.found`.
    FactId);
id!(/// Id of a field of a form.
    FieldId);
id!(/// Id of a document of the Standard.
    DocumentId);
id!(/// Id of a ground of refusal.
    GroundId);
id!(/// Id of a paper that comes out.
    PaperId);
id!(/// Id of a register, such as `gbd-fl` or `guardianship`.
    RegisterId);
