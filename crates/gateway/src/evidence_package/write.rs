// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writing a package.

use super::journal::Journal;
use super::manifest::{CertificateEntry, FILE, FORMAT, Manifest, Part, What};
use super::messages::{self, Read};
use super::{Exchange, PackageError};
use crate::judged;
use eds::{Certificate, Evidence, oids};
use std::path::Path;

/// Words for people who open the folder.
const README: &str = include_str!("readme.txt");

/// Files on their way into the folder.
struct Folder<'a> {
    at: &'a Path,
    parts: Vec<Part>,
}

impl Folder<'_> {
    /// Writes a part, once, and returns its name.
    fn put(&mut self, what: What, bytes: &[u8]) -> Result<String, PackageError> {
        let sha256 = hex::encode(eds::sha256(bytes));
        let file = what.file(&sha256);
        if !self.parts.iter().any(|it| it.file == file) {
            write_file(&self.at.join(&file), bytes)?;
            self.parts.push(Part { file: file.clone(), sha256, what });
        }
        Ok(file)
    }

    /// Writes what a certificate was judged by and returns the names of the files.
    fn put_evidence(&mut self, evidence: &Evidence) -> Result<Vec<String>, PackageError> {
        let mut names = Vec::new();
        let lists = [
            (What::Authority, &evidence.certificates),
            (What::Ocsp, &evidence.ocsp),
            (What::List, &evidence.crls),
        ];
        for (what, pieces) in lists {
            for bytes in pieces {
                names.push(self.put(what, bytes)?);
            }
        }
        Ok(names)
    }
}

/// Writes the package of an exchange into a folder, which must be empty or absent.
pub fn write(folder: &Path, exchange: &Exchange) -> Result<Manifest, PackageError> {
    let received = messages::read(&exchange.received).map_err(PackageError::NoMessage)?;
    let sent = exchange.sent.as_deref().map(messages::read).transpose().map_err(PackageError::NoMessage)?;
    make(folder)?;
    let mut into = Folder { at: folder, parts: Vec::new() };
    let own = exchange.sent.as_ref().zip(sent.as_ref());
    for (bytes, read) in own.into_iter().chain([(&exchange.received, &received)]) {
        into.put(read.side.what(), bytes)?;
    }
    if let Some(own) = &exchange.own {
        into.put(What::Own, &own.sent)?;
        into.put(What::Receipt, &own.receipt)?;
    }
    let mut certificates = Vec::new();
    for read in sent.iter().chain([&received]) {
        for (name, signed) in read.signed() {
            note(&mut into, &mut certificates, &signed.certificate_der, name)?;
        }
    }
    put_judged(&mut into, &mut certificates, exchange)?;
    put_journal(&mut into, &mut certificates, exchange)?;
    into.put(What::Readme, README.as_bytes())?;
    let manifest = Manifest {
        format: FORMAT,
        message: exchange.message.clone(),
        role: exchange.role.clone(),
        with: exchange.with.clone(),
        made_at: exchange.at,
        judged_at: exchange.judged.as_ref().map(|it| it.at),
        answer_names_question: exchange.sent.as_ref().map(|sent| names(&received, sent)),
        parts: into.parts,
        certificates,
    };
    let path = folder.join(FILE);
    let text = serde_json::to_vec_pretty(&manifest).map_err(|_| PackageError::Manifest(path.clone()))?;
    write_file(&path, &text)?;
    Ok(manifest)
}

fn names(answer: &Read, question: &[u8]) -> bool {
    answer.answered() == Some(hex::encode(eds::sha256(question)))
}

/// Notes the certificate of a signature.
fn note(
    into: &mut Folder<'_>,
    certificates: &mut Vec<CertificateEntry>,
    der: &[u8],
    signs: String,
) -> Result<(), PackageError> {
    let sha256 = hex::encode(eds::sha256(der));
    if let Some(known) = certificates.iter_mut().find(|it| it.sha256 == sha256) {
        known.signs.push(signs);
        return Ok(());
    }
    let file = into.put(What::Certificate, der)?;
    let parsed = Certificate::parse(der).ok();
    let subject = parsed.and_then(|it| it.subject().first(&oids::COMMON_NAME).map(str::to_owned));
    certificates.push(CertificateEntry { file, sha256, subject, signs: vec![signs], evidence: Vec::new() });
    Ok(())
}

fn put_judged(
    into: &mut Folder<'_>,
    certificates: &mut [CertificateEntry],
    exchange: &Exchange,
) -> Result<(), PackageError> {
    let record = exchange.judged.as_ref().and_then(|it| judged::read(&it.evidence));
    for of in record.into_iter().flat_map(|it| it.certificates) {
        if let Some(entry) = certificates.iter_mut().find(|it| it.sha256 == of.sha256) {
            entry.evidence = into.put_evidence(&of.evidence)?;
        }
    }
    Ok(())
}

fn put_journal(
    into: &mut Folder<'_>,
    certificates: &mut Vec<CertificateEntry>,
    exchange: &Exchange,
) -> Result<(), PackageError> {
    let Some(event) = &exchange.event else { return Ok(()) };
    let journal = Journal::of(event, exchange.sealing.as_ref());
    let text = serde_json::to_vec_pretty(&journal)
        .map_err(|_| PackageError::Manifest(into.at.join("journal.json")))?;
    into.put(What::Journal, &text)?;
    match exchange.sealing.as_ref().and_then(|it| it.certificate.as_deref()) {
        Some(der) => note(into, certificates, der, "seal".to_owned()),
        None => Ok(()),
    }
}

fn make(folder: &Path) -> Result<(), PackageError> {
    let failed = |it| PackageError::File(folder.to_owned(), it);
    for part in ["certificates", "evidence"] {
        // What is in it is personal: nobody but the one who made it reads it.
        private_folder(&folder.join(part)).map_err(failed)?;
    }
    let mut inside = std::fs::read_dir(folder).map_err(failed)?;
    let foreign = inside.any(|it| it.is_ok_and(|it| it.path().is_file()));
    if foreign { Err(PackageError::NotEmpty(folder.to_owned())) } else { Ok(()) }
}

#[cfg(unix)]
fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn private_folder(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), PackageError> {
    std::fs::write(path, bytes).map_err(|it| PackageError::File(path.to_owned(), it))
}
