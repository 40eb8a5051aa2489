// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files compiled into the binary: path below their folder, and content.

/// Regulations, such as `guardianship-certificate/2015.toml`.
pub const REGULATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/regulations.rs"));
/// Organisations, such as `abai-education.toml`.
pub const ORGANIZATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/organizations.rs"));
/// Contracts of registers, such as `gbd-fl/register.toml`.
pub const REGISTERS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/registers.rs"));
/// Rates of decisions.
pub const RATES: &str = include_str!("../../../rates/kz.toml");
/// The calendar of Kazakhstan.
pub const CALENDAR: &str = include_str!("../../../calendars/kz.toml");
