// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must hold, read from the journals and nothing else.

use super::ends::Word;
use crate::relay::letter::{self, message_key};
use service::ports::store::StoredEvent;
use std::collections::{BTreeMap, BTreeSet};

/// The journals of the three roles, and what the portal was told.
pub(super) struct Journals {
    pub(super) said: Vec<StoredEvent>,
    pub(super) brought: Vec<StoredEvent>,
    pub(super) taken: Vec<StoredEvent>,
    pub(super) told: BTreeSet<(String, &'static str)>,
}

impl Journals {
    pub(super) fn digest(&self) -> String {
        let all = self.said.iter().chain(&self.brought).chain(&self.taken);
        let hashes: Vec<u8> = all.flat_map(|it| it.hash).collect();
        hex::encode(eds::sha256(&hashes))
    }
}

fn words(events: &[StoredEvent]) -> Vec<Word> {
    events.iter().map(|it| serde_json::from_slice(&it.public).unwrap()).collect()
}

/// Returns everything that is wrong.
pub(super) fn check(journals: &Journals) -> Vec<String> {
    let mut wrong = Vec::new();
    let (said, taken) = (words(&journals.said), words(&journals.taken));
    for word in &said {
        let times = taken.iter().filter(|it| *it == word).count();
        match times {
            0 => wrong.push(format!("lost: {word:?}")),
            1 => {}
            times => wrong.push(format!("doubled: {word:?} {times} times")),
        }
    }
    wrong.extend(taken.iter().filter(|it| !said.contains(it)).map(|it| format!("nobody said {it:?}")));
    let mut last: BTreeMap<u64, u64> = BTreeMap::new();
    for word in &taken {
        let before = last.insert(word.case, word.number);
        if before.is_some_and(|it| it > word.number) {
            wrong.push(format!("order of case {}: {} behind {before:?}", word.case, word.number));
        }
    }
    for word in &said {
        check_message(journals, word, &mut wrong);
    }
    wrong
}

/// A message has one acceptance, then one delivery, in one chain of hashes; its sender was told.
fn check_message(journals: &Journals, word: &Word, wrong: &mut Vec<String>) {
    let stream = letter::stream(message_key("portal", &word.id.to_string()));
    let events: Vec<_> = journals.brought.iter().filter(|it| it.stream == stream).collect();
    let kinds: Vec<_> = events.iter().map(|it| it.kind.as_str()).collect();
    if kinds != ["message.accepted", "message.delivered"] {
        wrong.push(format!("accepted and delivered once each, and not {kinds:?}: {word:?}"));
    }
    let mut previous = [0; 32];
    for (place, event) in events.iter().enumerate() {
        if event.version != place as u64 + 1 || event.previous != previous {
            wrong.push(format!("the chain of {word:?} is broken at {place}"));
        }
        previous = event.hash;
    }
    if !journals.told.contains(&(word.id.to_string(), "DELIVERED")) {
        wrong.push(format!("not told: {word:?}"));
    }
}
