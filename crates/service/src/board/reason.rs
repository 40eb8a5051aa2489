// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why something is stuck, and who must act. What to do about each is told by the page in the reader's language, and by
//! the command.

use super::Acts;
use serde::{Serialize, Serializer};

/// Why something is stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The other side gives no answer: look at the link and at the other side; nothing is lost.
    Silent,
    /// The other side answers that it cannot now, or not so that it counts: it is tried again.
    NotNow,
    /// Others are served there now, or a row was changed by somebody else: it is tried again in a moment.
    Busy,
    /// The other side finds the message malformed, or what it says inadmissible.
    RefusedFormat,
    /// The other side does not know the service.
    RefusedService,
    /// The other side does not believe a certificate.
    RefusedCertificate,
    /// The other side finds a signature wrong or missing.
    RefusedSignature,
    /// The other side refuses by another code.
    Refused,
    /// The configuration has no way to the addressee.
    NoRoute,
    /// The transport cannot be used as configured.
    Transport,
    /// A kept message or file is gone from the store: restore it.
    FileGone,
    /// The work, or what it rests on, cannot be read or is inadmissible.
    Unusable,
    /// The gateway took it and tells that it was given up there: its administrator knows why.
    NotBrought,
    /// Its sender had used its id for another message: ask the sender's administrator.
    IdReused,
    /// Something that it names stands in none of the tables here: add it, and the sender may send the same again.
    NotInTables,
    /// It came and cannot be taken as it is: those who sent it must look.
    NotTaken,
    /// There was no answer for too many days.
    Patience,
    /// Evidence or a time stamp could not be had: look at the authority's services.
    Evidence,
    /// The authority does not know the key of a signature: look whether that is true of this key alone.
    KeyUnknown,
    /// Who issued the key of a signature is not known: look whether his root is to be installed, or his host is silent.
    IssuerUnknown,
    /// The account of an application has ended before its signature could be judged: nobody would see the case.
    AccountEnded,
    /// The store failed: look at the disk.
    Store,
    /// Begun and cut off: it is done again by itself.
    CutOff,
    /// Tried again by itself; the words say why.
    Waiting,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 24] = [
        Self::Silent,
        Self::NotNow,
        Self::Busy,
        Self::RefusedFormat,
        Self::RefusedService,
        Self::RefusedCertificate,
        Self::RefusedSignature,
        Self::Refused,
        Self::NoRoute,
        Self::Transport,
        Self::FileGone,
        Self::Unusable,
        Self::NotBrought,
        Self::IdReused,
        Self::NotInTables,
        Self::NotTaken,
        Self::Patience,
        Self::Evidence,
        Self::KeyUnknown,
        Self::IssuerUnknown,
        Self::AccountEnded,
        Self::Store,
        Self::CutOff,
        Self::Waiting,
    ];

    /// Returns the code that stands for the reason and for what to do about it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::NotNow => "not-now",
            Self::Busy => "busy",
            Self::RefusedFormat => "refused-format",
            Self::RefusedService => "refused-service",
            Self::RefusedCertificate => "refused-certificate",
            Self::RefusedSignature => "refused-signature",
            Self::Refused => "refused",
            Self::NoRoute => "no-route",
            Self::Transport => "transport",
            Self::FileGone => "file-gone",
            Self::Unusable => "unusable",
            Self::NotBrought => "not-brought",
            Self::IdReused => "id-reused",
            Self::NotInTables => "not-in-tables",
            Self::NotTaken => "not-taken",
            Self::Patience => "patience",
            Self::Evidence => "evidence",
            Self::KeyUnknown => "key-unknown",
            Self::IssuerUnknown => "issuer-unknown",
            Self::AccountEnded => "account-ended",
            Self::Store => "store",
            Self::CutOff => "cut-off",
            Self::Waiting => "waiting",
        }
    }

    /// Returns the reason of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Writes the reason before its words, as a settlement may keep both.
    pub fn why(self, words: &str) -> String {
        format!("{}: {words}", self.code())
    }

    /// Reads the reason and the words of a settlement that keeps both; another has words alone.
    pub fn read(why: &str) -> (Option<Self>, &str) {
        match why.split_once(": ") {
            Some((code, words)) => match Self::of_code(code) {
                Some(reason) => (Some(reason), words),
                None => (None, why),
            },
            None => (None, why),
        }
    }

    /// Returns who must act, where `from` sent what is stuck to `to`; without names the system itself sent it.
    pub fn acts(self, from: Option<&str>, to: Option<&str>) -> Acts {
        match self {
            Self::Busy | Self::CutOff | Self::Waiting => Acts::Nobody,
            Self::RefusedFormat | Self::Refused | Self::IdReused | Self::NotTaken => match from {
                Some(from) => Acts::Other(Some(from.to_owned())),
                None => Acts::Makers,
            },
            Self::Silent | Self::NotNow | Self::RefusedService | Self::Patience => {
                Acts::Other(to.map(str::to_owned))
            }
            Self::RefusedCertificate
            | Self::RefusedSignature
            | Self::NoRoute
            | Self::NotBrought
            | Self::NotInTables
            | Self::Transport
            | Self::FileGone
            | Self::Evidence
            | Self::KeyUnknown
            | Self::IssuerUnknown
            | Self::AccountEnded
            | Self::Store => Acts::Administrator,
            Self::Unusable => Acts::Makers,
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_back_with_its_words() {
        for reason in Reason::ALL {
            assert_eq!(Reason::read(&reason.why("SCE004: no")), (Some(reason), "SCE004: no"));
        }
        assert_eq!(Reason::read("unavailable: x"), (None, "unavailable: x"));
    }
}
