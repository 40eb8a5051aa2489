// SPDX-License-Identifier: MIT OR Apache-2.0
//! The longest common part of two lists, in order.

/// Most things of a list that are compared; of a longer one the rest counts as not the same.
const LENGTH_MAX: usize = 500;

/// Returns pairs of old and new: both where they are `same`, one where only one list has it.
pub(super) fn align<'a, T>(
    old: &'a [T],
    new: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let (old, new) = (old.get(..LENGTH_MAX).unwrap_or(old), new.get(..LENGTH_MAX).unwrap_or(new));
    // The row for each old thing: how long the common part is from it on, for each new thing.
    let mut rows: Vec<Vec<usize>> = vec![vec![0; new.len() + 1]];
    for was in old.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0; new.len() + 1];
        for (j, is) in new.iter().enumerate().rev() {
            let length =
                if same(was, is) { at(&below, j + 1) + 1 } else { at(&below, j).max(at(&row, j + 1)) };
            if let Some(cell) = row.get_mut(j) {
                *cell = length;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        let (was, is) = (old.get(i), new.get(j));
        let down = rows.get(i + 1).map_or(0, |it| at(it, j));
        let right = rows.get(i).map_or(0, |it| at(it, j + 1));
        match (was, is) {
            (Some(a), Some(b)) if same(a, b) => {
                pairs.push((was, is));
                (i, j) = (i + 1, j + 1);
            }
            (Some(_), None) => {
                pairs.push((was, None));
                i += 1;
            }
            (Some(_), Some(_)) if down >= right => {
                pairs.push((was, None));
                i += 1;
            }
            _ => {
                pairs.push((None, is));
                j += 1;
            }
        }
    }
    pairs
}

fn at(row: &[usize], index: usize) -> usize {
    row.get(index).copied().unwrap_or_default()
}
