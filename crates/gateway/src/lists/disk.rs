// SPDX-License-Identifier: MIT OR Apache-2.0
//! What lies of the lists in their folder: of each address an index, and the lists that it was made of, each under its hash.
//!
//! A list is on the disk before the index that names it, and is removed after another index came: whenever the program
//! ends, an index finds its lists.

use super::{KeptList, Read, WHOLE_BYTES_MAX};
use aws_lc_rs::digest::{Context, SHA256};
use eds::crl::Index;
use eds::limits::CRL_BYTES_MAX;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Bytes of an index file that are read.
const INDEX_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of a list that are looked at in one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// What the name of a file ends with as long as it is not whole.
pub(super) const UNFINISHED: &str = "new";

/// Returns with what the names of all files of an address begin.
fn stem(url: &str) -> String {
    hex::encode(eds::sha256(url.as_bytes()))
}

fn index(folder: &Path, url: &str) -> PathBuf {
    folder.join(format!("{}.index", stem(url)))
}

/// Returns where the list of an address with this hash lies.
pub(super) fn place(folder: &Path, url: &str, sha256_hex: &str) -> PathBuf {
    folder.join(format!("{}.{sha256_hex}.crl", stem(url)))
}

/// Returns what is kept of a list; nothing where a file of it is absent, damaged or of another authority.
pub(super) fn load(folder: &Path, list: &KeptList) -> Option<Read> {
    let index = Index::from_bytes(&bytes(&index(folder, &list.url))?)
        .inspect_err(|fault| tracing::warn!(%fault, "an index of a revocation list is made anew"))
        .ok()
        .filter(|it| it.is_of(&list.authority))?;
    let hashes = index.sha256_hex();
    let places: Vec<PathBuf> = hashes.iter().map(|it| place(folder, &list.url, it)).collect();
    if !places.iter().zip(&hashes).all(|(path, hash)| holds(path, hash)) {
        tracing::warn!(
            list = list.url,
            "a revocation list does not lie beside its index and is fetched anew"
        );
        return None;
    }
    let length: u64 = places.iter().filter_map(|it| it.metadata().ok()).map(|it| it.len()).sum();
    let is_short = length <= u64::try_from(WHOLE_BYTES_MAX).unwrap_or_default();
    let lists =
        if is_short { places.iter().filter_map(|it| std::fs::read(it).ok()).collect() } else { Vec::new() };
    Some(Read { index, lists, amiss: None })
}

fn bytes(path: &Path) -> Option<Vec<u8>> {
    let about = path.metadata().ok().filter(|it| it.len() <= INDEX_BYTES_MAX)?;
    about.is_file().then(|| std::fs::read(path).ok())?
}

/// Returns whether a file is the list with this hash. It is not read into memory: it may have 22 MB.
pub(super) fn holds(path: &Path, sha256_hex: &str) -> bool {
    path.is_file() && digest(path).is_ok_and(|it| it == sha256_hex)
}

fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?.take(u64::try_from(CRL_BYTES_MAX).unwrap_or_default());
    let (mut digest, mut piece) = (Context::new(&SHA256), vec![0; PIECE_BYTES]);
    loop {
        let length = file.read(&mut piece)?;
        match piece.get(..length) {
            Some(read) if !read.is_empty() => digest.update(read),
            Some(_) | None => return Ok(hex::encode(digest.finish())),
        }
    }
}

/// Writes what was read of a list, each file at once or not at all.
pub(super) fn write(folder: &Path, url: &str, read: &Read) -> io::Result<()> {
    for list in &read.lists {
        put(&place(folder, url, &hex::encode(eds::sha256(list))), list)?;
    }
    put(&index(folder, url), &read.index.to_bytes())
}

/// Writes a file beside and puts it in place; it is on the disk when this returns.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(UNFINISHED);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path))
        .and_then(|()| File::open(path.parent().unwrap_or(path))?.sync_all());
    // What was begun takes room that is needed.
    written.inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

/// Removes the lists of an address that are none of these, and what was begun and never ended.
pub(super) fn sweep(folder: &Path, url: &str, named: &[String]) -> io::Result<()> {
    let begins = format!("{}.", stem(url));
    let mut staying: Vec<PathBuf> = named.iter().map(|it| place(folder, url, it)).collect();
    staying.push(index(folder, url));
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let is_of_list = entry.file_name().to_str().is_some_and(|it| it.starts_with(&begins));
        if is_of_list && !staying.contains(&entry.path()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
