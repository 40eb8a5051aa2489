// SPDX-License-Identifier: MIT OR Apache-2.0
//! Electronic digital signatures as values: CMS, XMLDSig, PAdES, chains, CRL, OCSP.

pub mod xml;
