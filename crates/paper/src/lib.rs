// SPDX-License-Identifier: MIT OR Apache-2.0
//! The press: paper values to deterministic PDF/A.
