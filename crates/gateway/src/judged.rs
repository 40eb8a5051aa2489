// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the certificates of an exchange were judged by, in a form that lasts.

use crate::trust::Believed;
use eds::Evidence;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::ports::{Judged, PortError};

/// The version of the form.
const FORMAT: u16 = 1;

/// The evidence about each certificate whose signature was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// The version of the form.
    pub(crate) format: u16,
    /// Each certificate once.
    pub(crate) certificates: Vec<OfCertificate>,
}

/// The evidence about one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfCertificate {
    /// SHA-256 of the certificate in DER, in hex.
    pub(crate) sha256: String,
    /// OCSP answers, lists and certificates of authorities.
    pub(crate) evidence: Evidence,
}

/// Writes what believed certificates were judged by.
pub(crate) fn write(believed: &[&Believed], at: Timestamp) -> Result<Judged, PortError> {
    let mut certificates: Vec<OfCertificate> = Vec::with_capacity(believed.len());
    for it in believed {
        let sha256 = hex::encode(it.certificate_sha256);
        if !certificates.iter().any(|known| known.sha256 == sha256) {
            certificates.push(OfCertificate { sha256, evidence: Evidence::clone(&it.evidence) });
        }
    }
    let record = Record { format: FORMAT, certificates };
    let evidence = serde_json::to_vec(&record)
        .map_err(|_| PortError::Unusable("the evidence cannot be written".to_owned()))?;
    Ok(Judged { at, evidence })
}

/// Reads what was written; `None` if it is of another form.
pub(crate) fn read(bytes: &[u8]) -> Option<Record> {
    let record: Record = serde_json::from_slice(bytes).ok()?;
    (record.format == FORMAT).then_some(record)
}
