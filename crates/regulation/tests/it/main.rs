// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the regulation language and of the regulations that ship.

mod shipped;
