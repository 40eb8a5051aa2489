// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a paper was not pressed.

use std::fmt;

use service::paper_spec::PaperSpecError;

/// Why a paper was not pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PressError {
    /// The specification passes a limit or lacks a part.
    Spec(PaperSpecError),
    /// No font of the press has this character.
    NoGlyph {
        /// The character.
        character: char,
    },
    /// The address does not fit a QR code.
    QrTooLong,
    /// The engine refused the paper: a fault of the template or of the program.
    Refused {
        /// What the engine said.
        reason: String,
    },
    /// The engine broke off: a fault of the program.
    Broken,
    /// Too many papers wait; try again.
    Busy,
    /// The press has stopped.
    Stopped,
    /// The embedded fonts cannot be read: a fault of the build.
    NoFonts,
    /// The system gave no thread.
    NoThread,
}

impl PressError {
    /// Returns whether the same paper may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Stopped | Self::NoThread)
    }
}

impl fmt::Display for PressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(error) => error.fmt(f),
            Self::NoGlyph { character } if character.is_control() => {
                write!(f, "the control character U+{:04X} cannot be printed", u32::from(*character))
            }
            Self::NoGlyph { character } => {
                write!(f, "no font has the character `{character}` (U+{:04X})", u32::from(*character))
            }
            Self::QrTooLong => f.write_str("the address does not fit a qr code"),
            Self::Refused { reason } => write!(f, "the typesetting engine refused the paper: {reason}"),
            Self::Broken => f.write_str("the typesetting engine broke off on this paper"),
            Self::Busy => f.write_str("the press has too many papers waiting"),
            Self::Stopped => f.write_str("the press has stopped"),
            Self::NoFonts => f.write_str("the embedded fonts cannot be read"),
            Self::NoThread => f.write_str("the system gave no thread to the press"),
        }
    }
}

impl std::error::Error for PressError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Spec(error) = self { Some(error) } else { None }
    }
}
