// SPDX-License-Identifier: MIT OR Apache-2.0
//! Invented people, simulated registers and the development certificate authority.

pub mod ca;
