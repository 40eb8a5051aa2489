// SPDX-License-Identifier: MIT OR Apache-2.0
//! The store port on SQLite; content-addressed files.
