// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files compiled into the binary.

/// Regulations: path below `regulations/`, such as `guardianship-certificate/2015.toml`, and content.
pub(crate) const REGULATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/regulations.rs"));
