// SPDX-License-Identifier: MIT OR Apache-2.0
//! The data of the template: every choice of words is made here, the template only places them.

use serde_json::{Value, json};
use service::paper_spec::{
    Bilingual, Block, Capacity, PaperLanguage, PaperSpec, PaperTable, SignLine, SignedHow,
};

use crate::words;

/// Returns the data of the paper as the template reads them.
pub(crate) fn data(spec: &PaperSpec) -> Value {
    let langs: &[&str] = match spec.language {
        PaperLanguage::Both => &["kk", "ru"],
        PaperLanguage::Kazakh => &["kk"],
        PaperLanguage::Russian => &["ru"],
    };
    json!({
        "langs": langs,
        "issuer": spec.issuer.name,
        "address": spec.issuer.address,
        "title": spec.title,
        "number": spec.number,
        "date": service::dates::date(spec.date),
        "marks": spec.marks.iter().map(|&mark| words::mark(mark)).collect::<Vec<_>>(),
        "void": spec.marks.iter().any(|&mark| words::is_void(mark)),
        "blocks": blocks(&spec.blocks),
        "footer": spec.footer,
        "words": words::fixed(),
    })
}

fn blocks(blocks: &[Block]) -> Vec<Value> {
    let mut placed = vec![];
    let mut fields = vec![];
    for block in blocks {
        if let Block::Field { label, value } = block {
            fields.push(json!({ "label": label, "value": value }));
            continue;
        }
        placed.extend(ruled_list(&mut fields));
        placed.push(one(block));
    }
    placed.extend(ruled_list(&mut fields));
    placed
}

/// Takes the fields gathered so far as one list; none where there are none.
fn ruled_list(fields: &mut Vec<Value>) -> Option<Value> {
    let rows = std::mem::take(fields);
    if rows.is_empty() { None } else { Some(json!({ "kind": "fields", "rows": rows })) }
}

fn one(block: &Block) -> Value {
    match block {
        Block::Heading(text) => json!({ "kind": "heading", "text": text }),
        Block::Text(text) => json!({ "kind": "text", "text": text }),
        Block::Field { label, value } => {
            json!({ "kind": "fields", "rows": [{ "label": label, "value": value }] })
        }
        Block::Table(PaperTable { columns, rows }) => {
            json!({ "kind": "table", "columns": columns, "rows": rows })
        }
        Block::Sign(line) => sign(line),
        Block::Seal => json!({ "kind": "seal" }),
        Block::Qr { alt, caption, .. } => json!({ "kind": "qr", "alt": alt, "caption": caption }),
    }
}

fn sign(line: &SignLine) -> Value {
    let order: Option<&Bilingual> = match &line.capacity {
        Capacity::InPost => None,
        Capacity::Acting { order } => Some(order),
    };
    let eds: Option<String> = match line.how {
        SignedHow::Eds { on } => Some(words::short_date(on)),
        SignedHow::ByHandAndSeal | SignedHow::ByHand => None,
    };
    let seal = line.how == SignedHow::ByHandAndSeal;
    json!({
        "kind": "sign", "position": line.position, "name": line.name, "order": order, "eds": eds, "seal": seal,
    })
}
