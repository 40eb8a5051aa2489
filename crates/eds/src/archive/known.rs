// SPDX-License-Identifier: MIT OR Apache-2.0
//! The evidence by which an archive is judged, in the order in which it is looked at.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};

/// What the caller has, and what lies in the archive in layers: with the act, then with each seal.
pub(super) struct Known<'a> {
    given: &'a Evidence,
    layers: Vec<Cow<'a, Evidence>>,
    is_kept: bool,
}

impl<'a> Known<'a> {
    pub(super) fn new(given: &'a Evidence, layers: impl Iterator<Item = &'a Evidence>) -> Self {
        Self { given, layers: layers.map(Cow::Borrowed).collect(), is_kept: false }
    }

    /// Returns what is known where this layer is judged: what the caller has, what lies in it, what was put there after it, what
    /// had been there before. Of each kind only so many pieces are looked at: those that were made for it come first. `sealed` tells
    /// when each layer is known to have existed; nothing tells that of what the caller has.
    pub(super) fn nearest(&self, layer: usize, sealed: impl Fn(usize) -> Option<Timestamp>) -> Evidence {
        let mut all = self.given.clone();
        all.origins.kept = self.is_kept.then_some((all.ocsp.len(), all.crls.len()));
        let (before, after) = (self.layers.iter().take(layer).rev(), self.layers.iter().skip(layer));
        for own in after.chain(before) {
            fill(&mut all.certificates, &own.certificates);
            fill(&mut all.ocsp, &own.ocsp);
            fill(&mut all.crls, &own.crls);
            fill(&mut all.stamps, &own.stamps);
        }
        let times: Vec<_> = (0..self.layers.len()).map(sealed).collect();
        let existed = |answer: &Vec<u8>| {
            let own = self.layers.iter().zip(&times).filter(|(layer, _)| layer.ocsp.contains(answer));
            own.filter_map(|(_, time)| *time).min()
        };
        all.origins.existed = all.ocsp.iter().map(existed).collect();
        all
    }

    /// Takes the answers and lists away from this layer and from those after it.
    pub(super) fn silent_from(mut self, layer: usize) -> Self {
        for own in self.layers.iter_mut().skip(layer) {
            let (certificates, stamps) = (own.certificates.clone(), own.stamps.clone());
            *own = Cow::Owned(Evidence { certificates, stamps, ..Evidence::default() });
        }
        self
    }

    /// Tells of the answers and lists in the archive that they were kept in it: new ones can be asked for.
    pub(super) fn kept(self) -> Self {
        Self { is_kept: true, ..self }
    }
}

/// Adds pieces as long as there is a place, each once.
fn fill(all: &mut Vec<Vec<u8>>, pieces: &[Vec<u8>]) {
    for piece in pieces {
        if all.len() >= EVIDENCE_ITEMS_MAX {
            return;
        }
        if !all.contains(piece) {
            all.push(piece.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_existed_when_the_first_seal_over_it_was_made() {
        let time = |hour: u8| format!("2026-03-01T{hour:02}:00:00Z").parse::<Timestamp>().ok();
        let with =
            |ocsp: &[u8]| Evidence { ocsp: ocsp.iter().map(|it| vec![*it]).collect(), ..Evidence::default() };
        let (given, layers) = (with(&[1, 2]), [with(&[3]), with(&[4, 2]), with(&[5, 3])]);
        let known = Known::new(&given, layers.iter());
        let sealed = |layer| [time(1), time(2), None].get(layer).copied().flatten();
        let all = known.nearest(1, sealed);
        assert_eq!(all.ocsp, [[1], [2], [4], [5], [3]]);
        assert_eq!(all.origins.existed, [None, time(2), time(2), None, time(1)]);
    }
}
