// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fuzzer begins with what it says, and takes its parsers in turns.

use std::collections::BTreeSet;

use crate::ground::{Ground, unlike};
use crate::judge::{PARSERS, SMALL};
use crate::{Run, STATE_EVERY, next, seeds};

#[test]
fn every_file_of_the_set_begins_as_it_should() {
    let folder = tempfile::tempdir().unwrap();
    seeds::make(folder.path()).unwrap();
    assert_eq!(unlike(folder.path()), Vec::<String>::new());
}

#[test]
fn small_parsers_take_turns() {
    let known: BTreeSet<&str> = PARSERS.into_iter().collect();
    let small: BTreeSet<&str> = SMALL.into_iter().collect();
    assert!(small.len() == SMALL.len() && small.is_subset(&known));
    let mut runs: Vec<Run<'_>> = SMALL.into_iter().map(|it| Run::new(Ground::new(it, &[]), 1)).collect();
    for _ in SMALL {
        next(&mut runs).unwrap().turn();
    }
    assert!(runs.iter().all(|it| it.tries == STATE_EVERY));
}
