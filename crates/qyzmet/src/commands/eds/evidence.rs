// SPDX-License-Identifier: MIT OR Apache-2.0
//! Evidence out of files and folders.

use super::problem::{self, Problem};
use super::read;
use crate::commands::Error;
use eds::{Evidence, Kind, limits::EVIDENCE_ITEMS_MAX};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that are looked at in one folder.
const FOLDER_FILES_MAX: usize = 4096;

/// Reads evidence; each piece is known by its content, each PEM of a file is a piece, a folder is read whole and what is none of
/// these is left out.
///
/// Returns how many pieces are more than are judged at once, too.
pub(super) fn gathered(paths: &[PathBuf]) -> Result<(Evidence, usize), Error> {
    let (mut evidence, mut left_out) = (Evidence::default(), 0);
    for path in paths {
        if !path.is_dir() {
            for piece in pieces(read(path)?) {
                let taken = put(&mut evidence, piece);
                let taken = taken.ok_or_else(|| Problem::at(path, problem::NO_EVIDENCE))?;
                left_out += usize::from(taken == Taken::LeftOut);
            }
            continue;
        }
        let (files, more) = files(path)?;
        left_out += more;
        for file in files {
            let taken = pieces(read(&file)?).into_iter().map(|it| put(&mut evidence, it));
            left_out += taken.filter(|it| *it == Some(Taken::LeftOut)).count();
        }
    }
    Ok((evidence, left_out))
}

/// Returns the pieces in a file.
fn pieces(bytes: Vec<u8>) -> Vec<Vec<u8>> {
    let blocks = eds::asn1::pem_blocks(&bytes);
    if blocks.is_empty() { vec![bytes] } else { blocks }
}

/// Returns the files of a folder that hold anything, by their names, and how many more there are than are looked at.
fn files(folder: &Path) -> Result<(Vec<PathBuf>, usize), Error> {
    let unreadable = |fault: std::io::Error| Problem::reading(folder, &fault);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if std::fs::metadata(&path).is_ok_and(|it| it.is_file() && it.len() > 0) {
            files.push(path);
        }
    }
    files.sort();
    let more = files.len().saturating_sub(FOLDER_FILES_MAX);
    files.truncate(FOLDER_FILES_MAX);
    Ok((files, more))
}

/// What became of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Put,
    /// There are as many of its kind as are judged at once.
    LeftOut,
}

/// Puts a piece where it belongs; nothing where the bytes are no evidence.
fn put(evidence: &mut Evidence, bytes: Vec<u8>) -> Option<Taken> {
    if let Ok(index) = eds::crl::Index::from_bytes(&bytes) {
        return Some(push(&mut evidence.indexes, Arc::new(index)));
    }
    if let Some(handed) = eds::handed_over(&bytes) {
        return Some(put_all(evidence, handed));
    }
    Some(match Kind::of(&bytes)? {
        Kind::Certificate => push(&mut evidence.certificates, bytes),
        Kind::Ocsp => push(&mut evidence.ocsp, bytes),
        Kind::RevocationList => push(&mut evidence.crls, bytes),
        Kind::TimeStamp => push(&mut evidence.stamps, bytes),
        Kind::Archive => {
            let stored: Evidence = serde_json::from_slice(&bytes).ok()?;
            put_all(evidence, stored)
        }
        Kind::Cms | Kind::Xml | Kind::Pdf => return None,
    })
}

fn put_all(evidence: &mut Evidence, pieces: Evidence) -> Taken {
    let kinds = [
        (&mut evidence.certificates, pieces.certificates),
        (&mut evidence.ocsp, pieces.ocsp),
        (&mut evidence.crls, pieces.crls),
        (&mut evidence.stamps, pieces.stamps),
    ];
    let taken = kinds.map(|(list, pieces)| push_all(list, pieces));
    if taken.contains(&Taken::LeftOut) { Taken::LeftOut } else { Taken::Put }
}

fn push_all(list: &mut Vec<Vec<u8>>, pieces: Vec<Vec<u8>>) -> Taken {
    let mut taken = Taken::Put;
    for piece in pieces {
        if push(list, piece) == Taken::LeftOut {
            taken = Taken::LeftOut;
        }
    }
    taken
}

fn push<T: PartialEq>(list: &mut Vec<T>, piece: T) -> Taken {
    if list.contains(&piece) {
        return Taken::Put;
    }
    if list.len() >= EVIDENCE_ITEMS_MAX {
        return Taken::LeftOut;
    }
    list.push(piece);
    Taken::Put
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_beyond_what_is_judged_are_counted_and_the_same_piece_is_one() {
        let mut list = Vec::new();
        for piece in (0..EVIDENCE_ITEMS_MAX).chain(0..3) {
            assert_eq!(push(&mut list, piece), Taken::Put);
        }
        assert_eq!(push(&mut list, EVIDENCE_ITEMS_MAX), Taken::LeftOut);
        assert_eq!(list.len(), EVIDENCE_ITEMS_MAX);
    }
}
