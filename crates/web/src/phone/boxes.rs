// SPDX-License-Identifier: MIT OR Apache-2.0
//! What waits for a telephone: in memory, for minutes, bounded; nothing of it is ever written.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{Answer, Asked};

/// How long a telephone may take.
const MINUTES: i64 = 5;
/// Requests that wait at a time; a further one is refused. One place asks for a tenth of them at most.
const BOXES_MAX: usize = 1_000;
/// Bytes of documents that wait at a time; a request with more is refused.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Longest signature, in base64.
const SIGNATURE_BYTES_MAX: usize = 64 * 1024;

struct Waiting {
    reader: String,
    asked: Asked,
    answer: Option<Vec<String>>,
    until: Timestamp,
}

impl Asked {
    fn bytes(&self) -> usize {
        self.sheets.iter().map(|it| it.bytes.len()).sum()
    }
}

/// The requests, by the token in the code.
#[derive(Default)]
pub(crate) struct Boxes {
    waiting: Mutex<HashMap<String, Waiting>>,
}

impl fmt::Debug for Boxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Boxes(…)")
    }
}

impl Boxes {
    fn with<T>(&self, now: Timestamp, act: impl FnOnce(&mut HashMap<String, Waiting>) -> T) -> T {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, it| it.until > now);
        act(&mut waiting)
    }

    /// Keeps a request under a token for the telephone and another for who asked; `false` when too many wait.
    pub(crate) fn put(&self, (token, reader): (&str, &str), asked: Asked, now: Timestamp) -> bool {
        self.with(now, |waiting| {
            let held: usize = waiting.values().map(|it| it.asked.bytes()).sum();
            if waiting.len() >= BOXES_MAX || held + asked.bytes() > BYTES_MAX {
                return false;
            }
            let until = now + SignedDuration::from_mins(MINUTES);
            let it = Waiting { reader: reader.to_owned(), asked, answer: None, until };
            waiting.insert(token.to_owned(), it).is_none()
        })
    }

    /// Returns what is asked by a token, until it is answered.
    pub(crate) fn asked(&self, token: &str, now: Timestamp) -> Option<Asked> {
        self.with(now, |waiting| {
            waiting.get(token).filter(|it| it.answer.is_none()).map(|it| it.asked.clone())
        })
    }

    /// Takes the answer, once: as many signatures as there are documents.
    pub(crate) fn answer(&self, token: &str, signatures: Vec<String>, now: Timestamp) -> bool {
        if signatures.iter().any(|it| it.len() > SIGNATURE_BYTES_MAX) {
            return false;
        }
        self.with(now, |waiting| match waiting.get_mut(token) {
            Some(it) if it.answer.is_none() && it.asked.sheets.len() == signatures.len() => {
                it.answer = Some(signatures);
                true
            }
            _ => false,
        })
    }

    /// Tells who asked.
    pub(crate) fn read(&self, reader: &str, now: Timestamp) -> Answer {
        self.with(now, |waiting| {
            let found = waiting.iter().find(|(_, it)| it.reader == reader);
            let Some((token, it)) = found else { return Answer::Gone };
            if it.answer.is_none() {
                return Answer::Waits;
            }
            let token = token.clone();
            waiting.remove(&token).and_then(|it| it.answer).map_or(Answer::Gone, Answer::Signed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::phone::Sheet;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).expect("an instant")
    }

    fn asked(bytes: usize) -> Asked {
        Asked {
            does: "Өтінішті жіберу".to_owned(),
            site: "https://portal.test".to_owned(),
            at: at(0),
            number: "0427".to_owned(),
            sheets: vec![Sheet { title: "Өтініш".to_owned(), bytes: vec![0; bytes] }],
            iin: None,
            bin: None,
            lang: Lang::Kk,
        }
    }

    #[test]
    fn a_request_is_answered_once_and_told_once() {
        let boxes = Boxes::default();
        assert!(boxes.put(("code", "reader"), asked(1), at(0)));
        assert_eq!(boxes.read("reader", at(1)), Answer::Waits);
        assert!(boxes.asked("code", at(1)).is_some());
        assert!(!boxes.answer("code", vec![], at(1)), "a signature for each document");
        assert!(!boxes.answer("code", vec!["A".repeat(SIGNATURE_BYTES_MAX + 1)], at(1)), "of any length");
        assert!(boxes.answer("code", vec!["cms".to_owned()], at(1)));
        assert!(!boxes.answer("code", vec!["other".to_owned()], at(1)), "not twice");
        assert!(boxes.asked("code", at(1)).is_none(), "the code serves once");
        assert_eq!(boxes.read("code", at(2)), Answer::Gone, "the code does not read the answer");
        assert_eq!(boxes.read("reader", at(2)), Answer::Signed(vec!["cms".to_owned()]));
        assert_eq!(boxes.read("reader", at(2)), Answer::Gone);
    }

    #[test]
    fn requests_end_in_time_and_are_bounded() {
        let boxes = Boxes::default();
        for number in 0..BOXES_MAX {
            assert!(boxes.put((&format!("c{number}"), &format!("r{number}")), asked(1), at(0)));
        }
        assert!(!boxes.put(("one", "more"), asked(1), at(1)));
        assert!(boxes.asked("c0", at(60 * MINUTES)).is_none());
        assert!(boxes.put(("one", "more"), asked(1), at(60 * MINUTES)));
    }
    #[test]
    fn documents_that_wait_are_bounded_in_bytes() {
        let boxes = Boxes::default();
        assert!(boxes.put(("c1", "r1"), asked(BYTES_MAX / 2), at(0)));
        assert!(!boxes.put(("c2", "r2"), asked(BYTES_MAX / 2 + 1), at(0)));
        assert!(boxes.put(("c3", "r3"), asked(BYTES_MAX / 2), at(0)));
    }
}
