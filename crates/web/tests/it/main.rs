// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the pages' foundation.

#[cfg(test)]
mod dates;
mod form;
#[cfg(test)]
mod locales;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod search;
#[cfg(test)]
mod words;

/// The checker of `build.rs` itself.
#[path = "../../build/locale.rs"]
#[cfg(test)]
mod locale;
