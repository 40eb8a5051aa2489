// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the Standard adds, the facts, and the anomalies.

use super::{clause, condition_over};
use crate::model::{
    Actor, Anomaly, Channel, DocumentId, Entry, FactDecl, FactId, FieldId, Ground, GroundId, MediaOf, Medium,
    NotAccepted, PaperId, RegisterId, StandardDocument,
};
use crate::place::Kind;
use crate::reading::{Node, Reading};

pub(super) fn channels() -> Vec<(&'static str, Channel)> {
    Channel::ALL.iter().map(|it| (it.as_str(), *it)).collect()
}

pub(super) fn media(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Medium> {
    if !top.has("media") {
        let help = "say in what form the act lets the result be given: `media = [\"electronic\", \"paper\"]`";
        reading.missing(top, "media", help);
    }
    written_media(reading, top)
}

fn written_media(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Vec<Medium> {
    let media: Vec<_> = Medium::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let written = reading.strings(node, "media");
    written.iter().filter_map(|it| reading.name("medium", it, &media)).collect()
}

pub(super) fn media_of(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<MediaOf> {
    let mut found = Vec::new();
    for mut node in reading.nodes(top, "media-of") {
        let node = &mut node;
        let clause = clause(reading, node);
        let written = reading.required(node, "channel", "name the channel that the act speaks of");
        let channel = reading.name("channel", &written, &channels());
        if !node.has("media") {
            reading.missing(node, "media", "say in what form the act gives the result there");
        }
        let media = written_media(reading, node);
        found.extend(channel.map(|channel| MediaOf { clause, channel, media }));
        reading.close(node);
    }
    found
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
        let field = reading.string(node, "field");
        if let Some(field) = &field {
            reading.cite(Kind::Field, field);
        }
        facts.push(FactDecl {
            id: FactId(id.text),
            title: reading.required_text(node, "title"),
            register: register.map(|it| RegisterId(it.text)),
            field: field.map(|it| FieldId(it.text)),
        });
        reading.close(node);
    }
    facts
}

pub(super) fn not_accepted(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<NotAccepted> {
    let actors: Vec<_> = Actor::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let mut rules = Vec::new();
    for mut node in reading.nodes(top, "not-accepted") {
        let node = &mut node;
        let named = reading.strings(node, "actors");
        let paper = reading.string(node, "paper");
        if let Some(paper) = &paper {
            reading.cite(Kind::Paper, paper);
        }
        rules.push(NotAccepted {
            clause: clause(reading, node),
            actors: named.iter().filter_map(|it| reading.name("actor", it, &actors)).collect(),
            paper: paper.map(|it| PaperId(it.text)),
            text: reading.required_text(node, "text"),
        });
        reading.close(node);
    }
    rules
}

pub(super) fn entries(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for mut node in reading.nodes(top, "entry") {
        let node = &mut node;
        let register = reading.required(node, "register", "name the register that the region owns");
        reading.check_id("register", &register);
        let field = |it: crate::reading::Written| FieldId(it.text);
        entries.push(Entry {
            register: RegisterId(register.text),
            fields: reading.strings(node, "fields").into_iter().map(field).collect(),
            subjects: reading.string(node, "subjects").map(field),
            from: reading.string(node, "from").map(field),
            to: reading.string(node, "to").map(field),
            when: condition_over(reading, node, "when", None),
        });
        reading.close(node);
    }
    entries
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
