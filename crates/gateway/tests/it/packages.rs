// SPDX-License-Identifier: MIT OR Apache-2.0
//! Exchanges as folders that prove themselves.

mod forged;

use crate::world::{self, now, registers, wait};
use gateway::evidence_package::{Check, Exchange, Finding, PackageError, Report, Sealing, verify, write};
use serde_json::Value;
use service::ports::Registers;
use service::ports::registers::Question;
use service::ports::store::{StoredEvent, StreamId};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// The name of the portal's key.
const PORTAL: &str = "transport-portal";

fn exchange() -> Exchange {
    let question = Question {
        register: "gbd-fl".into(),
        iin: "580308499930".to_owned(),
        values: BTreeMap::new(),
        message: Uuid::from_u128(5),
        correlation: Uuid::from_u128(6),
    };
    let answer = wait(registers().client.ask(&question)).unwrap();
    let event = event(&answer.message);
    Exchange {
        message: answer.message,
        role: "portal".to_owned(),
        with: "gbd-fl".to_owned(),
        received: answer.envelope,
        sent: Some(answer.question),
        own: None,
        judged: Some(answer.judged),
        sealing: Some(sealing(&event, PORTAL)),
        event: Some(event),
        at: now(),
    }
}

/// An event that names a message.
fn event(message: &str) -> StoredEvent {
    let mut event = StoredEvent {
        stream: StreamId("case/1".to_owned()),
        version: 2,
        at: now(),
        kind: "case.answered".to_owned(),
        format: 1,
        public: serde_json::to_vec(&serde_json::json!({ "message": message })).unwrap(),
        private: None,
        previous: [3; 32],
        hash: [0; 32],
    };
    event.hash = service::codec::hash_of(&event);
    event
}

/// A seal by the key of this name over three events, of which ours is the second.
fn sealing(event: &StoredEvent, holder: &str) -> Sealing {
    let hash = |parts: &[&[u8]]| eds::sha256(&parts.concat());
    let leaf = |it: [u8; 32]| hash(&[&[0], &it]);
    let (first, third) = (leaf([1; 32]), leaf([2; 32]));
    let tree = hash(&[&[1], &hash(&[&[1], &first, &leaf(event.hash)]), &third]);
    let at = i64::try_from(now().as_nanosecond()).unwrap().to_be_bytes();
    let root = hash(&[b"qyzmet seal 1", &[9; 32], &11_u64.to_be_bytes(), &13_u64.to_be_bytes(), &at, &tree]);
    let holder = world::CA.holder(holder).unwrap();
    Sealing {
        number: 4,
        first_seq: 11,
        last_seq: 13,
        seq: 12,
        at: now(),
        previous: [9; 32],
        root,
        signature: holder.signer().sign(&root).unwrap(),
        path: vec![first, third],
        certificate: Some(holder.certificate().der().to_vec()),
    }
}

fn made(exchange: &Exchange) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), exchange).unwrap();
    folder
}

fn report(folder: &Path) -> Report {
    report_for(folder, &[])
}

/// The same for who knows the organisations whose keys the other side's had to be.
fn report_for(folder: &Path, peers: &[&str]) -> Report {
    let peers: Vec<String> = peers.iter().map(|it| (*it).to_owned()).collect();
    verify(folder, &world::CA.trust().unwrap().confirmed(), &peers).unwrap()
}

fn failed(report: &Report) -> Vec<(Check, Option<&str>)> {
    let bad = report.findings.iter().filter(|it| it.holds != Some(true));
    bad.map(|Finding { check, why, .. }| (*check, why.as_deref())).collect()
}

#[test]
fn a_package_proves_itself_offline() {
    let folder = made(&exchange());
    let report = report(folder.path());
    assert_eq!((report.holds(), failed(&report)), (Some(true), vec![]));
    let count = |check| report.findings.iter().filter(|it| it.check == check).count();
    assert_eq!(count(Check::Signature), 4, "both layers of both messages");
    assert_eq!((count(Check::Binding), count(Check::Event), count(Check::Seal)), (1, 1, 1));
    let certificates = report.findings.iter().filter(|it| it.check == Check::Certificate);
    let named: Vec<&str> = certificates.map(|it| it.of.as_str()).collect();
    let systems = ["QYZMET PORTAL (DEV), BIN 000000000000", "QYZMET GATEWAY (DEV), BIN 000000000000"];
    assert_eq!(named, systems, "as the certificates say");
    // Any tool that knows OCSP reads the evidence.
    let evidence: Vec<_> = std::fs::read_dir(folder.path().join("evidence")).unwrap().collect();
    assert!(!evidence.is_empty());
    let words = std::fs::read_to_string(folder.path().join("README.txt")).unwrap();
    assert!(["ҚАЗАҚША", "РУССКИЙ", "ENGLISH"].iter().all(|it| words.contains(it)));
}

#[test]
fn what_was_changed_in_a_package_is_named() {
    let change = |file: &str, change: &dyn Fn(String) -> String| {
        let folder = made(&exchange());
        let path = folder.path().join(file);
        let text = change(std::fs::read_to_string(&path).unwrap());
        // Whoever changes a part writes its new digest into the manifest.
        let manifest = folder.path().join("manifest.json");
        let old = hex::encode(eds::sha256(&std::fs::read(&path).unwrap()));
        std::fs::write(&path, &text).unwrap();
        let new = hex::encode(eds::sha256(text.as_bytes()));
        let told = std::fs::read_to_string(&manifest).unwrap().replace(&old, &new);
        std::fs::write(&manifest, told).unwrap();
        let report = report(folder.path());
        failed(&report)
            .iter()
            .map(|(check, why)| format!("{check:?} {}", why.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let replaced = |from: &'static str, to: &'static str| move |it: String| it.replacen(from, to, 1);
    assert_eq!(
        change("question.xml", &replaced("580308499930", "580308499931")),
        [
            "Signature digest-mismatch",
            "Signature digest-mismatch",
            "Binding another-question",
            "Certificate evidence-missing",
            "Seal sealer-not-shown"
        ],
        "and nothing shows which side is ours"
    );
    assert_eq!(
        change("question.xml", &replaced("</soapenv:Envelope>", "</soapenv:Envelope>\n")),
        ["Binding another-question"],
        "a byte outside the signature is a byte of the question"
    );
    assert_eq!(
        change("answer.xml", &replaced("requestSha256=\"", "requestSha256=\"0")),
        ["Signature digest-mismatch"]
    );
    assert_eq!(change("journal.json", &replaced("\"version\": 2", "\"version\": 3")), ["Event another hash"]);
    assert_eq!(change("journal.json", &replaced("\"seq\": 12", "\"seq\": 11")), ["Seal another root"]);
    assert_eq!(change("README.txt", &replaced("ENGLISH", "OTHER")), [""; 0]);
    // Without a new digest in the manifest each change is one of a part.
    let folder = made(&exchange());
    std::fs::write(folder.path().join("README.txt"), "x").unwrap();
    std::fs::write(folder.path().join("evidence/more.ocsp"), "x").unwrap();
    std::fs::remove_file(folder.path().join("answer.xml")).unwrap();
    let found = report(folder.path());
    let expected = [
        (Check::Part, Some("missing")),
        (Check::Part, Some("another digest")),
        (Check::Unlisted, None),
        (Check::Message, Some("another-message")),
        (Check::Certificate, Some("evidence-missing")),
        (Check::Seal, Some("sealer-not-shown")),
    ];
    assert_eq!(failed(&found), expected);
}

#[test]
fn a_package_under_other_roots_or_without_evidence_proves_less() {
    let folder = made(&exchange());
    let other = eds::Trust::from_certificates([]).unwrap();
    assert_ne!(verify(folder.path(), &other, &[]).unwrap().holds(), Some(true));
    let unjudged = made(&Exchange { judged: None, sealing: None, ..exchange() });
    let report = report(unjudged.path());
    let expected = [
        (Check::Time, Some("not-judged")),
        (Check::Certificate, Some("evidence-missing")),
        (Check::Certificate, Some("evidence-missing")),
        (Check::Seal, Some("not-sealed")),
    ];
    assert_eq!((report.holds(), failed(&report)), (None, expected.to_vec()));
    let arrived = made(&Exchange { received: exchange().sent.unwrap(), sent: None, ..exchange() });
    assert!(arrived.path().join("question.xml").exists() && !arrived.path().join("answer.xml").exists());
}

#[test]
fn a_package_under_a_root_of_development_proves_nothing_outside_a_test() {
    let found = |exchange: &Exchange| {
        let folder = made(exchange);
        verify(folder.path(), &world::CA.trust().unwrap(), &[]).unwrap()
    };
    let roots = (Check::Roots, Some("roots-unconfirmed"));
    let report = found(&exchange());
    assert_eq!((report.holds(), report.is_of_a_test(), failed(&report)), (None, true, vec![roots]));
    // What else is open is told as it is.
    let unsealed = found(&Exchange { sealing: None, ..exchange() });
    let open = vec![roots, (Check::Seal, Some("not-sealed"))];
    assert_eq!((unsealed.holds(), unsealed.is_of_a_test(), failed(&unsealed)), (None, false, open));
}

#[test]
fn a_package_goes_into_an_empty_folder_only_and_of_messages_only() {
    let folder = made(&exchange());
    assert!(matches!(write(folder.path(), &exchange()), Err(PackageError::NotEmpty(_))));
    let fresh = tempfile::tempdir().unwrap();
    let no_message = Exchange { received: b"[]".to_vec(), ..exchange() };
    assert!(matches!(write(fresh.path(), &no_message), Err(PackageError::NoMessage(_))));
    let verified = || verify(fresh.path(), &world::CA.trust().unwrap(), &[]);
    assert!(matches!(verified(), Err(PackageError::File(..))));
    std::fs::write(fresh.path().join("manifest.json"), "{}").unwrap();
    assert!(matches!(verified(), Err(PackageError::Manifest(_))));
}

#[test]
fn the_manifest_follows_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/schemas/gateway-evidence.json")).unwrap();
    let folder = made(&exchange());
    let manifest = std::fs::read_to_string(folder.path().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let known = |it: &Value, of: &Value| {
        let fields: Vec<String> = it.as_object().unwrap().keys().cloned().collect();
        let required = of["required"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        assert!(fields.iter().all(|it| of["properties"].get(it).is_some()), "{fields:?}");
        assert!(required.into_iter().all(|it| fields.iter().any(|field| field == it)), "{fields:?}");
    };
    known(&manifest, &schema);
    for part in manifest["parts"].as_array().unwrap() {
        known(part, &schema["$defs"]["part"]);
        let whats = schema["$defs"]["part"]["properties"]["what"]["enum"].as_array().unwrap();
        assert!(whats.contains(&part["what"]));
    }
    for certificate in manifest["certificates"].as_array().unwrap() {
        known(certificate, &schema["$defs"]["certificate"]);
        let signs = &schema["$defs"]["certificate"]["properties"]["signs"]["items"]["enum"];
        let each = certificate["signs"].as_array().unwrap();
        assert!(each.iter().all(|it| signs.as_array().unwrap().contains(it)), "{each:?}");
    }
}
