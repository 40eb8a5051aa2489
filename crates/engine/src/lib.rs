// SPDX-License-Identifier: MIT OR Apache-2.0
//! The case: decide, apply, deadlines; calendars and time norms. Pure, no clock.
