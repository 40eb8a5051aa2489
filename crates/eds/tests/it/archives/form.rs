// SPDX-License-Identifier: MIT OR Apache-2.0
//! How archives are written, for whoever has another program or none.

use super::{Archived, judged, whole};
use crate::oracle::{Throwaway, openssl};
use crate::paper::Paper;
use crate::schema::departs_from_archives;
use crate::stamps::years_later;
use eds::{
    ARCHIVED_LIST_BYTES_MAX, Archive, ArchiveFault, ArchivedAct, ArchivedContent, Content, Evidence, Outcome,
    pades, verify_cms,
};
use serde_json::{Value, json};
use std::process::Command;

const DOCS: &str = include_str!("../../../../../docs/eds.md");

/// Returns the archive, sealed with an answer that says nothing.
fn sealed(own: &Archived) -> Archive {
    let evidence = Evidence { ocsp: vec![vec![0x30, 0], vec![0x31, 0]], ..Evidence::default() };
    let request = own.archive.seal_request(&evidence, &[5; 16]).unwrap();
    own.archive.clone().sealed(evidence, &own.it.answer(&request, "right").unwrap()).unwrap()
}

#[test]
fn a_stranger_checks_seals_as_the_docs_say() {
    let own = Archived::new(whole);
    let place = own.it.own.folder.path();
    let text = String::from_utf8(own.seal(sealed(&own)).to_bytes().unwrap()).unwrap();
    let script = DOCS.split_once("```python\n").and_then(|it| it.1.split_once("```")).unwrap().0;
    let python = std::env::var("QYZMET_PYHANKO").unwrap_or_else(|_| "python3".to_owned());
    let verified = |archive: &str| {
        std::fs::write(place.join("act.json"), archive).unwrap();
        let run = Command::new(&python).current_dir(place).args(["-c", script, "act.json"]).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        [1, 2].map(|number| {
            let files = format!("-data seal-{number}.txt -in seal-{number}.der");
            openssl(place, &format!("ts -verify {files} -token_in -CAfile root.pem"))
        })
    };
    assert_eq!(verified(&text), [true, true]);
    let spaced = text.replace("\":", "\" : ");
    assert_eq!(verified(&spaced), [true, true]);
    for (from, to, are_good) in [
        ("\"outcome\":\"valid\"", "\"outcome\":\"invalid\"", [false, false]),
        ("\"MAA=\",\"MQA=\"", "\"MAA=\"", [false, false]),
        (
            "{\"certificates\":[],\"crls\":[],\"ocsp\":[]}",
            "{\"certificates\":[\"MAA=\"],\"crls\":[],\"ocsp\":[]}",
            [true, false],
        ),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        assert_eq!(verified(&text.replacen(from, to, 1)), are_good, "{from}");
    }
    // By its digest alone the content is sealed alike.
    let own = Archived::new(|bytes| ArchivedContent::Sha256 { sha256: eds::sha256(bytes).to_vec() });
    std::fs::copy(own.it.own.folder.path().join("root.pem"), place.join("root.pem")).unwrap();
    let text = own.seal(sealed(&own)).to_bytes().unwrap();
    assert_eq!(verified(std::str::from_utf8(&text).unwrap()), [true, true]);
}

#[test]
fn archives_follow_their_published_schema() {
    let digest = |bytes: &[u8]| ArchivedContent::Sha256 { sha256: eds::sha256(bytes).to_vec() };
    for own in [Archived::new(whole), Archived::new(digest)] {
        for archive in [own.archive.clone(), sealed(&own)] {
            let mut value: Value = serde_json::from_slice(&archive.to_bytes().unwrap()).unwrap();
            assert_eq!(departs_from_archives(&value), None);
            value["comment"] = json!("a note");
            assert!(departs_from_archives(&value).is_some());
            assert_eq!(Archive::parse(value.to_string().as_bytes()), Err(ArchiveFault::Malformed));
        }
    }
}

#[test]
fn what_is_not_written_as_archives_are_is_not_read() {
    let own = Archived::new(whole);
    let bytes = sealed(&own).to_bytes().unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let pieces = |list: Vec<Vec<u8>>| {
        let evidence = Evidence { ocsp: list, ..Evidence::default() };
        serde_json::to_value(evidence).unwrap()["ocsp"].take()
    };
    let many = |count: u8| pieces((0..count).map(|it| vec![it]).collect());
    let list = |length: usize| pieces(vec![vec![0; length]]);
    let (malformed, large) = (Some(ArchiveFault::Malformed), Some(ArchiveFault::TooLarge));
    for (kind, own, fault) in [
        ("ocsp", pieces(vec![vec![1], vec![1, 0], vec![2]]), None),
        ("ocsp", pieces(vec![vec![2], vec![1]]), malformed),
        ("certificates", pieces(vec![vec![1], vec![1]]), malformed),
        ("stamps", many(64), None),
        ("stamps", many(65), large),
        ("ocsp", many(65), large),
        ("crls", list(ARCHIVED_LIST_BYTES_MAX), None),
        ("crls", list(ARCHIVED_LIST_BYTES_MAX + 1), Some(ArchiveFault::ListTooLarge)),
    ] {
        for place in ["/evidence", "/seals/0/evidence"] {
            let mut changed = value.clone();
            changed.pointer_mut(place).unwrap()[kind] = own.clone();
            assert_eq!(Archive::parse(changed.to_string().as_bytes()).err(), fault, "{place} {kind}");
        }
    }
    let mut changed = value;
    changed["verdict"]["number"] = json!(u64::MAX);
    assert!(Archive::parse(changed.to_string().as_bytes()).is_ok());
    // Another number beyond would be read as the same, and sealed by the same seal.
    let beyond = changed.to_string().replacen(&u64::MAX.to_string(), "36893488147419103233", 1);
    assert_eq!(Archive::parse(beyond.as_bytes()), Err(ArchiveFault::Malformed));
    let marked = [b"\xef\xbb\xbf".as_slice(), bytes.as_slice()].concat();
    assert_eq!(own.outcome(&marked, years_later(own.now)), Outcome::Valid);
}

#[test]
fn the_paper_that_holds_the_signature_is_the_content_of_its_archive() {
    let own = Throwaway::new();
    let mut paper = Paper::new(&[]);
    paper.sign(&own, &[], "");
    let signed = paper.bytes.clone();
    paper.sign(&own, &[], "");
    let signature = pades::signatures(&signed).unwrap().remove(0);
    let covered = signature.pieces(&signed).unwrap().concat();
    let (at, policy) = (own.leaf.not_before(), own.policy());
    let verdict = verify_cms(&Content::Detached(&covered), &signature.cms, &Evidence::default(), at, &policy);
    let sha256 = eds::sha256(&covered).to_vec();
    for content in [whole(&covered), ArchivedContent::Sha256 { sha256 }] {
        let act = ArchivedAct { content, signature: signature.cms.clone() };
        let archive = Archive::new(act, &policy, Evidence::default(), &verdict).unwrap().to_bytes().unwrap();
        let failed = |given: &[u8]| {
            let found = judged(&archive, Some(given), at, &policy).unwrap();
            found.verdict.failed_codes().join(" ")
        };
        for honest in [&covered, &signed, &paper.bytes] {
            assert_eq!(failed(honest), "");
        }
        // What was appended to it, or another paper, is not what was signed.
        let mut other = Paper::new(&[]);
        other.sign(&own, &[(7, "<<>>")], "");
        for given in [[signed.as_slice(), b"% more, but no revision\n".as_slice()].concat(), other.bytes] {
            assert_eq!(failed(&given), "content-mismatch");
        }
    }
}
