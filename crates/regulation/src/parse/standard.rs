// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the Standard adds, the facts, and the anomalies.

use super::clause;
use crate::model::{
    Anomaly, Channel, DocumentId, FactDecl, FactId, Ground, GroundId, RegisterId, StandardDocument,
};
use crate::place::Kind;
use crate::reading::{Node, Reading};

pub(super) fn channels() -> Vec<(&'static str, Channel)> {
    Channel::ALL.iter().map(|it| (it.as_str(), *it)).collect()
}

pub(super) fn documents(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<StandardDocument> {
    let mut documents = Vec::new();
    for mut node in reading.nodes(top, "document") {
        let node = &mut node;
        let id = reading.id(node, Kind::Document);
        let written = reading.strings(node, "channels");
        documents.push(StandardDocument {
            id: DocumentId(id.text),
            title: reading.required_text(node, "title"),
            channels: written.iter().filter_map(|it| reading.name("channel", it, &channels())).collect(),
            required: reading.flag(node, "required"),
            assumed: reading.flag(node, "assumed"),
            source: reading.required(node, "source", "say where the demand comes from").text,
        });
        reading.close(node);
    }
    documents
}

pub(super) fn grounds(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Ground> {
    let mut grounds = Vec::new();
    for mut node in reading.nodes(top, "refusal") {
        let node = &mut node;
        let id = reading.id(node, Kind::Ground);
        grounds.push(Ground {
            id: GroundId(id.text),
            text: reading.required_text(node, "text"),
            assumed: reading.flag(node, "assumed"),
            source: reading.required(node, "source", "say where the ground comes from").text,
        });
        reading.close(node);
    }
    grounds
}

pub(super) fn facts(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<FactDecl> {
    let mut facts = Vec::new();
    for mut node in reading.nodes(top, "fact") {
        let node = &mut node;
        let id = reading.id(node, Kind::Fact);
        let register = reading.string(node, "register");
        if let Some(register) = &register {
            reading.check_id("register", register);
        }
        facts.push(FactDecl {
            id: FactId(id.text),
            title: reading.required_text(node, "title"),
            register: register.map(|it| RegisterId(it.text)),
        });
        reading.close(node);
    }
    facts
}

pub(super) fn anomalies(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Anomaly> {
    let mut anomalies = Vec::new();
    for mut node in reading.nodes(top, "anomaly") {
        let node = &mut node;
        let id = reading.id(node, Kind::Anomaly);
        anomalies.push(Anomaly {
            id: id.text,
            clause: clause(reading, node),
            quote_kk: reading.required(node, "quote-kk", "quote the act's words").text,
            what: reading.required_text(node, "what"),
            rule: reading.required_text(node, "rule"),
            accepts: reading.strings(node, "accepts").into_iter().map(|it| it.text).collect(),
        });
        reading.close(node);
    }
    anomalies
}
