// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway's envelopes and the registers' payloads: lenient in, strict out.
