// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests against libxml2 (`xmllint`), `xmlsec1` and the vectors of the test certification authority.

mod algorithms;
mod beside;
mod canonical;
mod formed;
mod hostile;
mod signing;
mod tools;
mod xades;
