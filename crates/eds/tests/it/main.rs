// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of `eds` from outside: real vectors, openssl as an oracle both ways, tampering.

#[cfg(test)]
mod archives;
#[cfg(test)]
mod confused;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod examine;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod gost;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod inside;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod maker;
#[cfg(test)]
mod ocsp;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod others;
#[cfg(test)]
mod pades;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod stamps;
#[cfg(test)]
mod standards;
#[cfg(test)]
mod tamper;
#[cfg(test)]
mod unsigned;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod wrapped;
