// SPDX-License-Identifier: MIT OR Apache-2.0
//! The individual identification number: length and check digit.
//!
//! Digits that disagree with the birth date or sex are no error: the register decides.

const FIRST: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];

/// Returns whether `text` has twelve digits and the right check digit. Holds for BIN too.
pub fn is_well_formed(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|it| it.to_digit(10)).collect();
    if digits.len() != 12 || text.len() != 12 {
        return false;
    }
    let control = match weighted(&digits, &FIRST) {
        10 => weighted(&digits, &SECOND),
        sum => sum,
    };
    control < 10 && digits.last() == Some(&control)
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11
}
