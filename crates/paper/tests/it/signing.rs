// SPDX-License-Identifier: MIT OR Apache-2.0
//! A pressed paper is signed with a development key and judged by openssl, poppler and pyHanko.

use std::{env, fs, path::Path};

use eds::pades::{PadesError, Prepared, SignatureInfo, embed, prepare, signatures};

use crate::{
    sample::{certificate, eds_line},
    tools::{Folder, must, pressed, run},
};

fn info(name: &str) -> SignatureInfo {
    SignatureInfo {
        name: name.into(),
        reason: Some("Анықтамаға қол қойылды".into()),
        location: Some("Пресновка ауылы".into()),
        time: "2026-11-21T09:06:00Z".parse().unwrap(),
        contact: None,
        placeholder_bytes: 8192,
    }
}

/// Makes a key with its own certificate: `<name>.key`, `<name>.pem`.
fn key(folder: &Path, name: &str) {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let subject = format!("/CN=TEST {name}");
    let usage = "keyUsage=critical,digitalSignature,nonRepudiation";
    let mut arguments =
        vec!["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-addext", usage];
    arguments.extend(["-keyout", &key, "-out", &certificate, "-subj", &subject]);
    must(folder, "openssl", &arguments);
}

fn signed(folder: &Path, name: &str, pdf: &[u8]) -> (Prepared, Vec<u8>) {
    let prepared = prepare(pdf, &info(name)).unwrap();
    fs::write(folder.join("content.bin"), prepared.content()).unwrap();
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let mut arguments = vec!["cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER"];
    arguments.extend(["-in", "content.bin", "-signer", &certificate, "-inkey", &key, "-out", "cms.der"]);
    must(folder, "openssl", &arguments);
    let signed = embed(&prepared, &fs::read(folder.join("cms.der")).unwrap()).unwrap();
    (prepared, signed)
}

/// The Python with pyHanko that `make setup` makes, or the one that `QYZMET_PYHANKO` names.
fn pyhanko() -> String {
    if let Some(named) = env::var_os("QYZMET_PYHANKO") {
        return named.to_string_lossy().into_owned();
    }
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    assert!(
        made.exists(),
        "pyHanko is missing: run `make setup`, or name a python that has it in QYZMET_PYHANKO"
    );
    made.to_string_lossy().into_owned()
}

const PYHANKO: &str = r"
import sys
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
context = ValidationContext(trust_roots=list(load_certs_from_pemder(sys.argv[2:])), allow_fetching=False)
with open(sys.argv[1], 'rb') as file:
    for signature in PdfFileReader(file).embedded_signatures:
        status = validate_pdf_signature(signature, context)
        print(status.intact, status.valid, status.trusted, status.coverage.name, status.modification_level.name if status.modification_level else 'NONE')
";

#[test]
fn a_signed_paper_is_valid_for_every_judge() {
    let folder = Folder::new();
    let (paper, at) = (pressed(&certificate(2, eds_line())).unwrap(), folder.path());
    key(at, "head");
    let (prepared, file) = signed(at, "head", &paper);
    assert!(file.starts_with(&paper), "the paper is a prefix of the signed paper");
    let read = signatures(&file).unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].byte_range, read[0].digest), (prepared.byte_range, prepared.digest));
    assert_eq!(read[0].cms, fs::read(at.join("cms.der")).unwrap());
    assert!(read[0].covers_whole_file);
    fs::write(at.join("s.pdf"), &file).unwrap();
    must(at, "qpdf", &["--check", "s.pdf"]);
    let said = must(at, "pdfsig", &["-nocert", "s.pdf"]);
    assert!(said.contains("Signature is Valid."), "{said}");
    assert!(said.contains("Total document signed"), "{said}");
    let said = must(at, &pyhanko(), &["-c", PYHANKO, "s.pdf", "head.pem"]);
    assert!(said.contains("True True True ENTIRE_FILE NONE"), "{said}");
}

#[test]
fn a_second_signature_keeps_the_first_valid() {
    let folder = Folder::new();
    let at = folder.path();
    key(at, "executor");
    key(at, "head");
    let (_, first) = signed(at, "executor", &pressed(&certificate(2, eds_line())).unwrap());
    let (_, second) = signed(at, "head", &first);
    assert!(second.starts_with(&first));
    let read = signatures(&second).unwrap();
    assert_eq!(read.iter().map(|it| it.covers_whole_file).collect::<Vec<_>>(), [false, true]);
    let mut alone = signatures(&first).unwrap().remove(0);
    alone.covers_whole_file = false;
    assert_eq!(read[0], alone);
    fs::write(at.join("s.pdf"), &second).unwrap();
    must(at, "qpdf", &["--check", "s.pdf"]);
    let said = must(at, "pdfsig", &["-nocert", "s.pdf"]);
    assert_eq!(said.matches("Signature is Valid.").count(), 2, "{said}");
    let said = must(at, &pyhanko(), &["-c", PYHANKO, "s.pdf", "executor.pem", "head.pem"]);
    assert!(said.contains("True True True ENTIRE_REVISION FORM_FILLING"), "{said}");
    assert!(said.contains("True True True ENTIRE_FILE NONE"), "{said}");
}

#[test]
fn one_changed_byte_breaks_the_signature() {
    let folder = Folder::new();
    let at = folder.path();
    key(at, "head");
    let paper = pressed(&certificate(1, eds_line())).unwrap();
    let (prepared, mut file) = signed(at, "head", &paper);
    let place = file.windows(4).position(|it| it == b"2026").unwrap_or(paper.len() / 2);
    file[place] ^= 1;
    fs::write(at.join("s.pdf"), &file).unwrap();
    let (_, said) = run(at, "pdfsig", &["-nocert", "s.pdf"]);
    assert!(!said.contains("Signature is Valid."), "{said}");
    let read = signatures(&file);
    assert!(read.is_err() || read.unwrap()[0].digest != prepared.digest);
}

#[test]
fn appended_bytes_and_holes_are_seen() {
    let folder = Folder::new();
    let at = folder.path();
    key(at, "head");
    let (prepared, file) = signed(at, "head", &pressed(&certificate(1, eds_line())).unwrap());
    let longer = [file.as_slice(), b"\n% more"].concat();
    assert!(!signatures(&longer).unwrap()[0].covers_whole_file);

    let [_, length, after, rest] = prepared.byte_range;
    let said = format!("[0 {length} {after} {rest}]");
    let shorter = format!("[0 {} {after} {rest}]", length - 1);
    let mut hole = file.clone();
    let place = hole.windows(said.len()).position(|it| it == said.as_bytes()).unwrap();
    hole[place..place + said.len()].fill(b' ');
    hole[place..place + shorter.len()].copy_from_slice(shorter.as_bytes());
    assert_eq!(signatures(&hole), Err(PadesError::ByteRange));
}

#[test]
fn what_was_prepared_cannot_be_changed_or_overfilled() {
    let paper = pressed(&certificate(1, eds_line())).unwrap();
    let prepared = prepare(&paper, &info("head")).unwrap();
    assert_eq!(embed(&prepared, &[0x30; 8193]), Err(PadesError::TooLarge { cms: 8193, room: 8192 }));
    let mut changed = prepared.clone();
    changed.bytes[100] ^= 1;
    assert_eq!(embed(&changed, &[0x30, 0]), Err(PadesError::Changed));
    let mut small = info("head");
    small.placeholder_bytes = 10;
    assert_eq!(prepare(&paper, &small), Err(PadesError::OutOfBounds { what: "the room for the signature" }));
    assert_eq!(prepare(b"not a pdf", &info("head")), Err(PadesError::NotPdf));
    assert_eq!(prepared, prepare(&paper, &info("head")).unwrap(), "preparing is deterministic");
}
