// SPDX-License-Identifier: MIT OR Apache-2.0
//! What reading a file may cost. A small file unpacks to a thousand times its size, and the parser makes six hundred bytes of
//! each `[]`: so all of it is counted before the parser begins.

use super::{PDF_BYTES_MAX, PadesError};

/// Values of a file; an array or a dictionary counts as [`HOLDER`] of them. A tagged document with 60 000 parts of its
/// structure has half as many. The worst that was made (arrays of 65 names, measured with two million) takes the parser 215
/// bytes each: 0.65 GB for a file, and 1.9 GB for the three that are held at once where revisions are compared.
pub(super) const VALUES_MAX: usize = 3_000_000;
/// Values of all revisions that are compared: of the worst so many take nine seconds.
const VALUES_ALL_MAX: usize = 16_000_000;
/// What an array or a dictionary takes of the parser's memory, in values.
pub(super) const HOLDER: usize = 5;
/// How often a file may be gone over: once by its tables, once by its objects. Objects that lie in each other take more.
const WALKS: usize = 2;

/// What may still be spent.
pub(super) struct Room {
    unpacked: usize,
    /// By all files.
    values: usize,
    /// By the file that is read now.
    own_values: usize,
    walked: usize,
    is_spent: bool,
}

impl Room {
    /// Returns room for so many files, each as large as may be.
    pub(super) fn of_files(count: usize) -> Self {
        let unpacked = count.saturating_mul(PDF_BYTES_MAX);
        let values = count.saturating_mul(VALUES_MAX).min(VALUES_ALL_MAX);
        Self { unpacked, values, own_values: 0, walked: 0, is_spent: false }
    }

    /// Begins with a file of so many bytes.
    pub(super) fn begin(&mut self, bytes: usize) {
        self.walked = bytes.saturating_mul(WALKS);
        self.own_values = VALUES_MAX;
    }

    /// Returns how many bytes may still be unpacked.
    pub(super) fn unpacked(&self) -> usize {
        self.unpacked
    }

    pub(super) fn unpack(&mut self, bytes: usize) -> Option<()> {
        self.unpacked = self.less(self.unpacked, bytes)?;
        Some(())
    }

    pub(super) fn hold(&mut self, values: usize) -> Option<()> {
        self.values = self.less(self.values, values)?;
        self.own_values = self.less(self.own_values, values)?;
        Some(())
    }

    pub(super) fn walk(&mut self, bytes: usize) -> Option<()> {
        self.walked = self.less(self.walked, bytes)?;
        Some(())
    }

    fn less(&mut self, left: usize, spent: usize) -> Option<usize> {
        let less = left.checked_sub(spent);
        self.is_spent |= less.is_none();
        less
    }

    /// Returns why reading ended before its end.
    pub(super) fn fault(&self) -> PadesError {
        if self.is_spent {
            PadesError::OutOfBounds { what: "what the pdf holds" }
        } else {
            PadesError::NotPdf
        }
    }
}
