// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed envelopes, registers' clients, evidence fetching, transports.
