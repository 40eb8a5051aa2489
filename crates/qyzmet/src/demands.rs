// SPDX-License-Identifier: MIT OR Apache-2.0
//! What others may demand of a signature, as words of the command line and of the service.

use crate::unread::Told;
use eds::{Kind, OfficialRole, Policy, Purpose, Trust, Words};

/// Digits of an IIN or BIN.
const NUMBER_DIGITS: usize = 12;

/// What is demanded. All that is said is judged, whatever the purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// any, applicant, official, operator, stamp, transport or time-stamp.
    pub purpose: String,
    /// The IIN that the certificate must hold.
    pub iin: Option<String>,
    /// The BIN that the certificate must hold.
    pub bin: Option<String>,
    /// The least role: employee, right-to-sign or head.
    pub role: Option<String>,
}

/// Why something cannot be demanded, with what can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit {
    /// The machine word.
    pub code: &'static str,
    sentence: [&'static str; 3],
}

impl Unfit {
    /// Returns the sentence in three languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let [kk, ru, en] = self.sentence.map(str::to_owned);
        Words { kk, ru, en }
    }

    /// Returns the machine word and the sentence.
    #[must_use]
    pub const fn told(&self) -> Told {
        (self.code, self.sentence)
    }
}

const PURPOSE: Unfit = Unfit {
    code: "purpose",
    sentence: [
        "`purpose` мақсаты мыналардың бірі: any, applicant, official, operator, stamp, transport, time-stamp",
        "назначение `purpose` — одно из: any, applicant, official, operator, stamp, transport, time-stamp",
        "`purpose` is one of any, applicant, official, operator, stamp, transport, time-stamp",
    ],
};
const ROLE: Unfit = Unfit {
    code: "role",
    sentence: [
        "`role` рөлі мыналардың бірі: employee, right-to-sign, head",
        "роль `role` — одна из: employee, right-to-sign, head",
        "`role` is one of employee, right-to-sign, head",
    ],
};
const IIN: Unfit = Unfit {
    code: "iin",
    sentence: [
        "`iin` — он екі цифр, мысалы 990101300017",
        "`iin` — двенадцать цифр, например 990101300017",
        "`iin` is twelve digits, such as 990101300017",
    ],
};
const BIN: Unfit = Unfit {
    code: "bin",
    sentence: [
        "`bin` — он екі цифр, мысалы 990140000019",
        "`bin` — двенадцать цифр, например 990140000019",
        "`bin` is twelve digits, such as 990140000019",
    ],
};
const BIN_ABSENT: Unfit = Unfit {
    code: "bin-absent",
    sentence: [
        "official және stamp мақсаттарына ұйымның БСН-ы керек: `bin` беріңіз, он екі цифр",
        "для назначений official и stamp нужен БИН организации: укажите `bin`, двенадцать цифр",
        "the purposes official and stamp need the BIN of the organisation: give `bin`, twelve digits",
    ],
};
const CONTENT: Unfit = Unfit {
    code: "content-unfit",
    sentence: [
        "мұндай файлдың жанында ешқандай дерек болмайды: `content` тек CMS, уақыт белгісі және мұрағат үшін; оны алып тастаңыз",
        "рядом с таким файлом данных не бывает: `content` — только для CMS, метки времени и архива; уберите его",
        "nothing lies beside such a file: `content` is for CMS, time stamps and archives alone; leave it out",
    ],
};
const PERSON: Unfit = Unfit {
    code: "person-unfit",
    sentence: [
        "мұндай файлда қол қоюшы жоқ: `iin`, `bin`, `role` және any-ден басқа `purpose` (уақыт белгісіне time-stamp те болады) талап етілмейді; оларды алып тастаңыз",
        "в таком файле нет подписавшего: `iin`, `bin`, `role` и иное назначение `purpose`, чем any (для метки времени и time-stamp), не требуются; уберите их",
        "such a file has no signer: `iin`, `bin`, `role` and a `purpose` other than any (for a time stamp also time-stamp) cannot be demanded of it; leave them out",
    ],
};

impl Demands {
    /// Returns the policy, or what is wrong with the words.
    pub fn policy(&self, trust: Trust) -> Result<Policy, Unfit> {
        let (iin, bin) = (number(self.iin.as_deref(), IIN)?, number(self.bin.as_deref(), BIN)?);
        let role = self.role.as_deref().map(role).transpose()?;
        let needed = || bin.clone().ok_or(BIN_ABSENT);
        let purpose = match self.purpose.as_str() {
            "" | "any" => Purpose::AnySignature,
            "applicant" => Purpose::ApplicantSignature,
            "operator" => Purpose::OperatorSignature { bin: bin.clone() },
            "official" => {
                let role = role.unwrap_or(OfficialRole::Employee);
                Purpose::OfficialSignature { bin: needed()?, role }
            }
            "stamp" => Purpose::OrganisationStamp { bin: needed()? },
            "transport" => Purpose::GatewayTransport { bin: bin.clone() },
            "time-stamp" => Purpose::TimeStamping,
            _ => return Err(PURPOSE),
        };
        let mut policy = Policy::new(trust, purpose);
        (policy.expected_iin, policy.expected_bin, policy.expected_role) = (iin, bin, role);
        Ok(policy)
    }

    /// Says what of this cannot be demanded of a file of this kind, with something beside it or not.
    pub fn fits(&self, kind: Kind, has_content: bool) -> Result<(), Unfit> {
        if has_content && !kind.has_content() {
            return Err(CONTENT);
        }
        let is_open = self.iin.is_none() && self.bin.is_none() && self.role.is_none();
        let purpose = self.purpose.as_str();
        let fits = match kind {
            Kind::Cms | Kind::Xml | Kind::Pdf | Kind::Archive | Kind::Certificate => true,
            Kind::TimeStamp => is_open && matches!(purpose, "" | "any" | "time-stamp"),
            Kind::Ocsp | Kind::RevocationList => is_open && matches!(purpose, "" | "any"),
        };
        if fits { Ok(()) } else { Err(PERSON) }
    }
}

fn number(text: Option<&str>, unfit: Unfit) -> Result<Option<String>, Unfit> {
    let text = text.map(str::trim);
    let is_number = |it: &str| it.len() == NUMBER_DIGITS && it.bytes().all(|digit| digit.is_ascii_digit());
    if text.is_none_or(is_number) { Ok(text.map(str::to_owned)) } else { Err(unfit) }
}

fn role(word: &str) -> Result<OfficialRole, Unfit> {
    match word {
        "employee" => Ok(OfficialRole::Employee),
        "right-to-sign" => Ok(OfficialRole::RightToSign),
        "head" => Ok(OfficialRole::Head),
        _ => Err(ROLE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demands(purpose: &str, [iin, bin, role]: [Option<&str>; 3]) -> Demands {
        let own = |it: Option<&str>| it.map(str::to_owned);
        Demands { purpose: purpose.to_owned(), iin: own(iin), bin: own(bin), role: own(role) }
    }

    #[test]
    fn all_that_is_said_is_demanded_whatever_the_purpose() {
        for purpose in ["", "any", "applicant", "official", "operator", "stamp", "transport", "time-stamp"] {
            let said = demands(purpose, [Some("990101300017"), Some("990140000019"), Some("head")]);
            let policy = said.policy(Trust::default()).unwrap();
            assert_eq!(policy.expected_iin.as_deref(), Some("990101300017"), "{purpose}");
            assert_eq!(policy.expected_bin.as_deref(), Some("990140000019"), "{purpose}");
            assert_eq!(policy.expected_role, Some(OfficialRole::Head), "{purpose}");
        }
        let silent = demands("any", [None; 3]).policy(Trust::default()).unwrap();
        assert_eq!((silent.expected_bin, silent.expected_role), (None, None));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_what_can() {
        for (said, code) in [
            (demands("boss", [None; 3]), "purpose"),
            (demands("any", [Some("12"), None, None]), "iin"),
            (demands("any", [None, Some("99014000001x"), None]), "bin"),
            (demands("any", [None, None, Some("boss")]), "role"),
            (demands("official", [None; 3]), "bin-absent"),
            (demands("stamp", [None; 3]), "bin-absent"),
        ] {
            assert_eq!(said.policy(Trust::default()).unwrap_err().code, code);
        }
    }

    #[test]
    fn what_cannot_apply_is_not_dropped() {
        let open = demands("any", [None; 3]);
        for kind in [Kind::Xml, Kind::Pdf, Kind::Certificate, Kind::Ocsp, Kind::RevocationList] {
            assert_eq!(open.fits(kind, true).unwrap_err().code, "content-unfit", "{kind:?}");
            assert_eq!(open.fits(kind, false), Ok(()));
        }
        let of_person = demands("any", [Some("990101300017"), None, None]);
        for kind in [Kind::TimeStamp, Kind::Ocsp, Kind::RevocationList] {
            assert_eq!(of_person.fits(kind, false).unwrap_err().code, "person-unfit", "{kind:?}");
            assert!(demands("applicant", [None; 3]).fits(kind, false).is_err());
        }
        assert_eq!(demands("time-stamp", [None; 3]).fits(Kind::TimeStamp, true), Ok(()));
        assert_eq!(of_person.fits(Kind::Archive, true), Ok(()));
    }
}
