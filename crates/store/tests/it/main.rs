// SPDX-License-Identifier: MIT OR Apache-2.0
//! The store, proven.
#![cfg(test)]

mod conformance;
mod crash;
mod fixture;
mod histories;
mod model;
mod pump;
mod sqlite;
