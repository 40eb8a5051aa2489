// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fonts of the papers and the characters they can print.

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
};

use crate::PressError;

macro_rules! face {
    ($file:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $file))
    };
}

/// The families of the template, the first that has a character prints it.
const FAMILIES: [[&[u8]; 3]; 2] = [
    [
        face!("NotoSerif_400Regular.ttf"),
        face!("NotoSerif_400Regular_Italic.ttf"),
        face!("NotoSerif_700Bold.ttf"),
    ],
    [
        face!("NotoSans_400Regular.ttf"),
        face!("NotoSans_400Regular_Italic.ttf"),
        face!("NotoSans_700Bold.ttf"),
    ],
];

/// The fonts, family by family.
pub(crate) struct Fonts {
    families: Vec<Vec<Font>>,
}

impl Fonts {
    /// Returns the embedded fonts.
    pub(crate) fn load() -> Result<Self, PressError> {
        let family = |faces: [&'static [u8]; 3]| -> Option<Vec<Font>> {
            faces.into_iter().map(|face| Font::new(Bytes::new(face), 0)).collect()
        };
        let families = FAMILIES.into_iter().map(family).collect::<Option<_>>();
        families.map(|families| Self { families }).ok_or(PressError::NoFonts)
    }

    /// Returns the faces in a fixed order.
    pub(crate) fn faces(&self) -> Vec<Font> {
        self.families.iter().flatten().cloned().collect()
    }

    /// Returns the index of the faces.
    pub(crate) fn book(&self) -> FontBook {
        FontBook::from_fonts(self.families.iter().flatten())
    }

    /// Returns an error naming the first character that no family can print in every face.
    pub(crate) fn check(&self, text: &str) -> Result<(), PressError> {
        match text.chars().find(|&character| character != '\n' && !self.prints(character)) {
            Some(character) => Err(PressError::NoGlyph { character }),
            None => Ok(()),
        }
    }

    fn prints(&self, character: char) -> bool {
        !character.is_control()
            && self
                .families
                .iter()
                .any(|faces| faces.iter().all(|f| f.info().coverage.contains(u32::from(character))))
    }
}
