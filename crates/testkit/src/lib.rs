// SPDX-License-Identifier: MIT OR Apache-2.0
//! Given/when/then, scenario player; for tests only.
