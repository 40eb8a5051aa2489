// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is particular to the store on `SQLite`.

use crate::conformance::conformance;
use crate::fixture::KEY;
use store::SqliteStore;
use tempfile::TempDir;

fn fresh() -> (TempDir, SqliteStore) {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path(), &KEY).unwrap();
    (dir, store)
}

conformance!(fresh);
