// SPDX-License-Identifier: MIT OR Apache-2.0
//! What others may demand of a signature, as words of the command line and of the service.

use eds::{OfficialRole, Policy, Purpose, Trust};

/// What is demanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// any, applicant, official, operator, stamp, transport or time-stamp.
    pub purpose: String,
    /// The IIN that the certificate must hold.
    pub iin: Option<String>,
    /// The BIN that the certificate must hold.
    pub bin: Option<String>,
    /// The least role of an official: employee, right-to-sign or head.
    pub role: Option<String>,
}

impl Demands {
    /// Returns the policy, or what is wrong with the words.
    pub fn policy(&self, trust: Trust) -> Result<Policy, &'static str> {
        let bin = || self.bin.clone().ok_or("this purpose needs a BIN");
        let purpose = match self.purpose.as_str() {
            "" | "any" => Purpose::AnySignature,
            "applicant" => Purpose::ApplicantSignature,
            "operator" => Purpose::OperatorSignature { bin: self.bin.clone() },
            "official" => Purpose::OfficialSignature { bin: bin()?, role: self.role()? },
            "stamp" => Purpose::OrganisationStamp { bin: bin()? },
            "transport" => Purpose::GatewayTransport { bin: self.bin.clone() },
            "time-stamp" => Purpose::TimeStamping,
            _ => {
                return Err(
                    "the purpose is one of any, applicant, official, operator, stamp, transport, time-stamp",
                );
            }
        };
        let policy = Policy::new(trust, purpose);
        Ok(match &self.iin {
            Some(iin) => policy.for_iin(iin),
            None => policy,
        })
    }

    fn role(&self) -> Result<OfficialRole, &'static str> {
        match self.role.as_deref().unwrap_or("employee") {
            "employee" => Ok(OfficialRole::Employee),
            "right-to-sign" => Ok(OfficialRole::RightToSign),
            "head" => Ok(OfficialRole::Head),
            _ => Err("the role is one of employee, right-to-sign, head"),
        }
    }
}
