#![allow(clippy::all, clippy::pedantic, missing_docs, reason = "stub")]
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stub, replaced at rebase.
#[derive(Debug)]
pub struct SignatureInfo {
    pub name: String,
    pub reason: Option<String>,
    pub location: Option<String>,
    pub contact: Option<String>,
    pub time: jiff::Timestamp,
    pub placeholder_bytes: usize,
}
#[derive(Debug)]
pub struct Prepared {
    pub bytes: Vec<u8>,
    pub digest: [u8; 32],
}
#[derive(Debug)]
pub struct PadesError;
impl std::fmt::Display for PadesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("x")
    }
}
pub fn prepare(_: &[u8], _: &SignatureInfo) -> Result<Prepared, PadesError> {
    Err(PadesError)
}
pub fn embed(_: &Prepared, _: &[u8]) -> Result<Vec<u8>, PadesError> {
    Err(PadesError)
}
