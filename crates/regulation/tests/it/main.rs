// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the regulation language and of the regulations that ship.

#[cfg(test)]
mod clauses;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod export;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod overlay;
mod shipped;
#[cfg(test)]
mod small;
