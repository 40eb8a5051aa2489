// SPDX-License-Identifier: MIT OR Apache-2.0
//! Use cases, access rules, views and codecs; one door: `submit`.

pub mod ports;
