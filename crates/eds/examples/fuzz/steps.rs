// SPDX-License-Identifier: MIT OR Apache-2.0
//! A small generator, and changes that know nothing of what they change.

const INTERESTING: [u8; 14] = [0, 1, 2, 3, 4, 5, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xff];

/// A small generator: the same seed takes the same steps.
#[derive(Debug, Clone)]
pub(crate) struct Steps(pub(crate) u64);

impl Steps {
    pub(crate) fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % below.max(1)
    }

    pub(crate) fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> Option<&'a T> {
        all.get(self.next(all.len())).copied()
    }

    /// Returns a piece of one of the files.
    pub(crate) fn piece(&mut self, others: &[Vec<u8>], longest: usize) -> Vec<u8> {
        let other = others.get(self.next(others.len())).map_or(&[][..], Vec::as_slice);
        let from = self.next(other.len());
        let until = (from + self.next(longest)).min(other.len());
        other.get(from..until).unwrap_or_default().to_vec()
    }

    /// Changes bytes as bytes.
    pub(crate) fn bytes(&mut self, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
        let place = self.next(bytes.len());
        let end = (place + 1 + self.next(64)).min(bytes.len());
        match self.next(8) {
            0 => drop(bytes.drain(place.min(end)..end)),
            1 => {
                let piece = bytes.get(place..end).unwrap_or_default().to_vec();
                let to = self.next(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            2 => {
                let byte = INTERESTING.get(self.next(INTERESTING.len())).copied().unwrap_or_default();
                bytes.get_mut(place).into_iter().for_each(|it| *it = byte);
            }
            3 | 4 => {
                let bit = 1u8 << self.next(8);
                bytes.get_mut(place).into_iter().for_each(|it| *it ^= bit);
            }
            5 => bytes.truncate(place.max(1)),
            6 => {
                let piece = self.piece(others, 512);
                drop(bytes.splice(place.min(end)..end, piece));
            }
            _ => bytes.extend((0..self.next(32)).map(|it| u8::try_from(it).unwrap_or_default())),
        }
    }
}
