// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the simulators from outside.

#[cfg(test)]
mod ca;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gost;
