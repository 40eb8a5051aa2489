// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stamps of organisations.

use crate::keys::{Keys, KeysError};
use async_trait::async_trait;
use eds::{Certificate, sign_cms_detached};
use jiff::Timestamp;
use ring::rand::SystemRandom;
use service::ports::{PortError, Signer};
use std::collections::BTreeMap;

/// The stamp keys of the organisations of this installation, by the organisation's id.
#[derive(Debug, Default)]
pub struct Stamp {
    stamps: BTreeMap<String, (Keys, Vec<Certificate>)>,
}

impl Stamp {
    /// Returns a signer without stamps.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an organisation's stamp: its certificate, the certificates to send along, and its key in PKCS#8.
    pub fn add(
        &mut self,
        organization: impl Into<String>,
        certificate: &[u8],
        along: &[&[u8]],
        pkcs8: &[u8],
    ) -> Result<(), KeysError> {
        let organization = organization.into();
        let keys = Keys::new(organization.clone(), certificate, pkcs8)?;
        let mut chain = vec![keys.certificate().clone()];
        for der in along {
            chain.push(Certificate::parse(der).map_err(|_| KeysError::Certificate)?);
        }
        self.stamps.insert(organization, (keys, chain));
        Ok(())
    }
}

#[async_trait]
impl Signer for Stamp {
    async fn stamp(&self, organization: &str, sha256: [u8; 32], at: Timestamp) -> Result<Vec<u8>, PortError> {
        let (keys, chain) = self
            .stamps
            .get(organization)
            .ok_or_else(|| PortError::Unusable("the organisation has no stamp here".to_owned()))?;
        sign_cms_detached(sha256, keys.signer(), chain, at, &SystemRandom::new())
            .map_err(|fault| PortError::Unusable(fault.to_string()))
    }
}
