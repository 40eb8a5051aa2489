// SPDX-License-Identifier: MIT OR Apache-2.0
//! The store, proven.
#![cfg(test)]

mod conformance;
mod fixture;
mod sqlite;
