// SPDX-License-Identifier: MIT OR Apache-2.0
//! The list of digests over which an archive is stamped.

use std::fmt::Write;

use serde_json::Value;

use super::{Archive, ArchivedContent};
use crate::certificate::hex;
use crate::evidence::Evidence;

/// First line of the list: what is listed, and by which digest.
const HEAD: &str = "qyzmet-archive 1 sha-256\n";

impl Archive {
    /// Returns the list over which seal `count` stands: everything, the seals before it, and its own `evidence`.
    pub(super) fn list(&self, count: usize, evidence: &Evidence) -> Vec<u8> {
        let mut list = String::from(HEAD);
        let (form, digest) = match &self.content {
            ArchivedContent::Detached { bytes } => ("detached", hex(&crate::sha256(bytes))),
            // The digest itself stands for the bytes, so that both forms are sealed alike.
            ArchivedContent::Sha256 { sha256 } => ("detached", hex(sha256)),
            ArchivedContent::Attached => ("attached", hex(&crate::sha256(b""))),
            ArchivedContent::Xml { bytes } => ("xml", hex(&crate::sha256(bytes))),
        };
        line(&mut list, &format!("content-{form}"), &digest);
        add(&mut list, "signature", &self.signature);
        add(&mut list, "policy", &canonical(&self.policy));
        add(&mut list, "verdict", &canonical(&self.verdict));
        add_evidence(&mut list, &self.evidence);
        for seal in self.seals.iter().take(count) {
            add_evidence(&mut list, &seal.evidence);
            add(&mut list, "seal", &seal.token);
        }
        add_evidence(&mut list, evidence);
        list.into_bytes()
    }
}

fn line(list: &mut String, name: &str, digest: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(list, "{name} {digest}");
}

fn add(list: &mut String, name: &str, bytes: &[u8]) {
    line(list, name, &hex(&crate::sha256(bytes)));
}

fn add_evidence(list: &mut String, evidence: &Evidence) {
    let kinds = [
        ("certificate", &evidence.certificates),
        ("ocsp", &evidence.ocsp),
        ("crl", &evidence.crls),
        ("stamp", &evidence.stamps),
    ];
    for (name, pieces) in kinds {
        for piece in pieces {
            add(list, name, piece);
        }
    }
}

/// Returns JSON without white space and with the keys of objects sorted, whatever order they were read in.
pub(super) fn canonical(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    let joined = |out: &mut Vec<u8>, index: usize| {
        if index > 0 {
            out.push(b',');
        }
    };
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                joined(out, index);
                write_canonical(item, out);
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            let mut keys: Vec<(&String, &Value)> = fields.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            out.push(b'{');
            for (index, (key, item)) in keys.into_iter().enumerate() {
                joined(out, index);
                out.extend(Value::from(key.as_str()).to_string().bytes());
                out.push(b':');
                write_canonical(item, out);
            }
            out.push(b'}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.extend(value.to_string().bytes());
        }
    }
}
