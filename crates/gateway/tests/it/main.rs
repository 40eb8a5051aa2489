// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the gateway.

#![cfg(test)]

mod answers;
mod beside;
mod border;
mod contracts;
mod enis;
mod errand;
mod evidence;
mod hostile;
mod lists;
mod nats;
mod packages;
mod parcels;
mod profile;
mod published;
mod received;
mod registers;
mod relay;
mod roots;
mod samples;
mod signers;
mod stamps;
mod storage;
mod trust;
mod world;
