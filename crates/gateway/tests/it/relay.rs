// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway between portal and region: kept, brought, told.

mod hub;
mod journeys;
mod polling;
mod questions;
mod refusals;
