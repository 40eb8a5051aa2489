// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulation language: parse, lint, explain, export.
