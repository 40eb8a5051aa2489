// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers and their blocks.

use super::condition_over;
use crate::model::{Block, Column, Paper, PaperId, PaperRole, SignedBy};
use crate::place::Kind;
use crate::reading::{Node, Reading};

pub(super) fn papers(reading: &mut Reading<'_>, top: &mut Node<'_>) -> Vec<Paper> {
    let mut papers = Vec::new();
    for mut node in reading.nodes(top, "paper") {
        let node = &mut node;
        let id = reading.id(node, Kind::Paper);
        let title = reading.required_text(node, "title");
        let assumed = reading.flag(node, "assumed");
        if !node.has("block") {
            reading.missing(node, "block", "a paper has blocks: `[[paper.block]]`");
        }
        let nodes = reading.nodes(node, "block");
        let blocks = nodes.into_iter().filter_map(|mut it| block(reading, &mut it)).collect();
        let role = reading.required(node, "role", "what it is for: `grant`, `refusal`, `receipt` …");
        let roles: Vec<_> = PaperRole::ALL.iter().map(|it| (it.as_str(), *it)).collect();
        let role = reading.name("role of a paper", &role, &roles).unwrap_or(PaperRole::Grant);
        let when = condition_over(reading, node, "when", None);
        papers.push(Paper { id: PaperId(id.text), role, when, title, assumed, blocks });
        reading.close(node);
    }
    papers
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Heading,
    Text,
    Field,
    Table,
    Calculation,
    Sign,
    Seal,
    Qr,
}

const SHAPES: &[(&str, Shape)] = &[
    ("heading", Shape::Heading),
    ("text", Shape::Text),
    ("field", Shape::Field),
    ("table", Shape::Table),
    ("calculation", Shape::Calculation),
    ("sign", Shape::Sign),
    ("seal", Shape::Seal),
    ("qr", Shape::Qr),
];

fn block(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Option<Block> {
    let written = reading.required(node, "is", "say what the block is, such as `text`");
    let shape = reading.name("block", &written, SHAPES);
    let block = match shape? {
        Shape::Heading => Block::Heading(reading.required_text(node, "text")),
        Shape::Text => Block::Text(reading.required_text(node, "text")),
        Shape::Field => Block::Field {
            label: reading.required_text(node, "label"),
            value: reading.required(node, "value", "name the value that is printed").text,
        },
        Shape::Table => Block::Table {
            value: reading.required(node, "value", "name the group whose entries are the rows").text,
            columns: columns(reading, node),
        },
        Shape::Calculation => Block::Calculation,
        Shape::Sign => Block::Sign(signed_by(reading, node)),
        Shape::Seal => Block::Seal,
        Shape::Qr => Block::Qr,
    };
    reading.close(node);
    Some(block)
}

fn columns(reading: &mut Reading<'_>, node: &mut Node<'_>) -> Vec<Column> {
    if !node.has("columns") {
        reading.missing(node, "columns", "list them: `[[paper.block.columns]]` with `field` and `label`");
    }
    let mut columns = Vec::new();
    for mut inner in reading.nodes(node, "columns") {
        columns.push(Column {
            field: reading.required(&mut inner, "field", "name a field of the group").text,
            label: reading.required_text(&mut inner, "label"),
        });
        reading.close(&inner);
    }
    columns
}

fn signed_by(reading: &mut Reading<'_>, node: &mut Node<'_>) -> SignedBy {
    let all = [("signer", SignedBy::Signer), ("applicant", SignedBy::Applicant)];
    let written = reading.string(node, "by");
    written.and_then(|it| reading.name("signatory", &it, &all)).unwrap_or(SignedBy::Signer)
}
