// SPDX-License-Identifier: MIT OR Apache-2.0
//! Compiles the crate again when a migration is added; the macro that embeds them does not watch their folder.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
