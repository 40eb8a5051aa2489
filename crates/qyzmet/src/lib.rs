// SPDX-License-Identifier: MIT OR Apache-2.0
//! The wiring of Qyzmet: what the binary starts, as values that tests can start too.

pub mod connections;
pub mod demands;
pub mod demo;
pub mod doctor;
pub mod eds_api;
pub mod embedded;
pub mod exchanges;
pub mod parts;
pub mod serve;
pub mod simulate;
pub mod unread;
